"""Questions about objections, how they stand, and who brought about what they are about."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.deadlines import local_day
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.ledger import one_of
from scoring.rules.appeals.refusals import NoSuchObjection
from scoring.rules.appeals.standing import MadeMove, ObjectionNow
from scoring.rules.appeals.states import CARRY_OUT, PENDING, SPOKEN, TO_CARRY_OUT
from scoring.rules.corrections.correcting import APPROVED
from scoring.rules.ledger.states import COUNTED, VERIFIED, VOIDED
from scoring.rules.reports.left_open import OpenObjection
from scoring.tables.appeals import ObjectionEvidenceRow, ObjectionMoveRow, ObjectionRow
from scoring.tables.claims import ClaimRow, ClaimStateRow
from scoring.tables.corrections import CorrectionDecisionRow, CorrectionRow
from scoring.tables.duties import DutyCardRow
from scoring.tables.ledger import LedgerEntryRow, LedgerEntryStateRow
from scoring.tables.sheet import FeedbackRow

TABLES = ("objection", "objection_move", "objection_evidence")


class StoredObjection(NamedTuple):
    """An objection, its moves, and the files that each names."""

    row: ObjectionRow
    moves: Sequence[ObjectionMoveRow]
    files: Mapping[int, Sequence[ObjectionEvidenceRow]]

    def now(self, time_zone: str) -> ObjectionNow:
        """Return it as the rules know it; days are those of a time zone."""
        made = [
            MadeMove(
                each.step,
                each.move,
                each.state,
                each.level,
                each.due,
                each.person,
                local_day(each.entered_at, time_zone),
                each.carried_out_by,
            )
            for each in self.moves
        ]
        remark = self.row.edition is None
        return ObjectionNow(self.row.about, made, remark, self.row.put_to)


class Readable(NamedTuple):
    """Which objections a caller may know of: those of some units, or of all where it says None, and
    the remarks that are put to one."""

    units: Collection[str] | None = ()
    put_to: str | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions that an objection is one of them."""
        if self.units is None:
            return []
        of_units = one_of(ObjectionRow.unit, self.units)
        return [
            of_units if self.put_to is None else of_units | (ObjectionRow.put_to == self.put_to)
        ]


EVERY_OBJECTION = Readable(None)


class ObjectionsAsked(NamedTuple):
    """Which objections are asked for; None and nothing stand for any."""

    unit: str | None = None
    states: Collection[str] = ()
    about: str | None = None
    objection_id: UUID | None = None

    def conditions(self, at: type[ObjectionMoveRow]) -> list[ColumnElement[bool]]:
        """Return the conditions that an objection is one of them."""
        row = ObjectionRow
        wanted = {row.unit: self.unit, row.about: self.about, row.objection_id: self.objection_id}
        found = [column == value for column, value in wanted.items() if value is not None]
        return [*found, one_of(at.state, self.states)] if self.states else found


async def require_true_objections(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to tell of objections that are not what the journal recorded."""
    await require_intact(db, str(cycle_id), *TABLES)


def latest_move() -> type[ObjectionMoveRow]:
    """Return the latest move of each objection."""
    of, row = ObjectionMoveRow, ObjectionRow
    query = select(of).where(of.cycle_id == row.cycle_id, of.objection_id == row.objection_id)
    found: type[ObjectionMoveRow] = aliased(of, query.order_by(of.step.desc()).limit(1).lateral())
    return found


async def objections_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    readable: Readable,
    asked: ObjectionsAsked,
) -> list[StoredObjection]:
    """Return the objections of a page, and one more where others follow, in the order in which they
    were filed: of some units, or of all."""
    row, at = ObjectionRow, latest_move()
    mine = [row.cycle_id == cycle_id, *readable.conditions]
    query = select(row).join(at, true())
    if page.after is not None:
        begin = select(row.number).where(*mine, row.objection_id == page.after_id)
        number = await db.scalar(begin)
        if number is None:
            raise page.no_such_place()
        query = query.where(row.number > number)
    wanted = [*mine, *asked.conditions(at)]
    rows = await db.scalars(query.where(*wanted).order_by(row.number).limit(page.limit + 1))
    return await whole_objections(db, cycle_id, rows.all())


async def objections_in(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> list[StoredObjection]:
    """Return the objections of some units that somebody has to act on: that wait to be decided, or
    are upheld and not carried out; in the order of their filing."""
    row, at = ObjectionRow, latest_move()
    query = select(row).join(at, true()).where(row.cycle_id == cycle_id, one_of(row.unit, units))
    rows = await db.scalars(query.where(_is_open(at)).order_by(row.number))
    return await whole_objections(db, cycle_id, rows.all())


async def open_objections(db: AsyncSession, cycle_id: UUID) -> list[OpenObjection]:
    """Return which objections of a cycle are not decided, or upheld and not carried out."""
    row, at = ObjectionRow, latest_move()
    query = select(row.objection_id, row.unit, row.objection_no, at.state).join(at, true())
    query = query.where(row.cycle_id == cycle_id, _is_open(at)).order_by(row.number)
    return [OpenObjection(*each) for each in await db.execute(query)]


def _is_open(at: type[ObjectionMoveRow]) -> ColumnElement[bool]:
    return (at.state == PENDING) | (at.state.in_(TO_CARRY_OUT) & (at.move != CARRY_OUT))


async def find_objection(
    db: AsyncSession, cycle_id: UUID, objection_id: UUID, readable: Readable
) -> StoredObjection:
    """Return an objection of which the caller may know."""
    row = ObjectionRow
    query = select(row).where(row.cycle_id == cycle_id, row.objection_id == objection_id)
    query = query.where(*readable.conditions)
    found = await whole_objections(db, cycle_id, (await db.scalars(query)).all())
    if not found:
        en, zh = f"There is no objection {objection_id}.", f"没有异议 {objection_id}。"
        raise NoSuchObjection(en, zh)
    return found[0]


async def whole_objections(
    db: AsyncSession, cycle_id: UUID, rows: Iterable[ObjectionRow]
) -> list[StoredObjection]:
    """Return objections with all that they went through."""
    found = {row.objection_id: row for row in rows}
    moves: dict[UUID, list[ObjectionMoveRow]] = {each: [] for each in found}
    files: dict[UUID, dict[int, list[ObjectionEvidenceRow]]] = {each: {} for each in found}
    move, file = ObjectionMoveRow, ObjectionEvidenceRow
    made = select(move).where(move.cycle_id == cycle_id, move.objection_id.in_(found))
    for row in await db.scalars(made.order_by(move.step)):
        moves[row.objection_id].append(row)
    named = select(file).where(file.cycle_id == cycle_id, file.objection_id.in_(found))
    for one in await db.scalars(named.order_by(file.evidence_id)):
        files[one.objection_id].setdefault(one.step, []).append(one)
    return [StoredObjection(row, moves[each], files[each]) for each, row in found.items()]


async def objections_of(db: AsyncSession, cycle_id: UUID, unit: str) -> list[StoredObjection]:
    """Return all objections of a unit, in the order in which it filed them."""
    row = ObjectionRow
    query = select(row).where(row.cycle_id == cycle_id, row.unit == unit)
    rows = await db.scalars(query.order_by(row.number))
    return await whole_objections(db, cycle_id, rows.all())


async def feedback_of(db: AsyncSession, cycle_id: UUID, edition: int) -> FeedbackRow:
    """Return that an edition was fed back."""
    return await db.get_one(FeedbackRow, (cycle_id, edition))


async def counted_entry(
    db: AsyncSession, cycle_id: UUID, unit: str, entry_id: UUID
) -> LedgerEntryRow | None:
    """Return an entry about a unit that counts."""
    row = await db.get(LedgerEntryRow, (cycle_id, entry_id))
    return row if row is not None and row.unit == unit and row.state in COUNTED else None


async def indicator_of(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> str:
    """Return the indicator that an entry is for."""
    return (await db.get_one(LedgerEntryRow, (cycle_id, entry_id))).indicator


async def claim_of(db: AsyncSession, cycle_id: UUID, unit: str, claim_id: UUID) -> ClaimRow | None:
    """Return a claim of a unit."""
    row = await db.get(ClaimRow, (cycle_id, claim_id))
    return row if row is not None and row.unit == unit else None


async def card_of(
    db: AsyncSession, cycle_id: UUID, unit: str, card: tuple[str, str, str]
) -> DutyCardRow | None:
    """Return the card that a unit has earned for an indicator and a period, by its light."""
    return await db.get(DutyCardRow, (cycle_id, unit, *card))


async def is_corrected_by(db: AsyncSession, row: ObjectionRow, named: UUID) -> bool:
    """Say whether a correction was approved that rests on an objection."""
    correction, decided = CorrectionRow, CorrectionDecisionRow
    mine = correction.cycle_id == row.cycle_id, correction.objection_id == row.objection_id
    same = (decided.cycle_id == correction.cycle_id) & (
        decided.correction_id == correction.correction_id
    )
    query = select(literal(1)).select_from(correction).join(decided, same).where(*mine)
    query = query.where(correction.correction_id == named, decided.decision == APPROVED)
    return await db.scalar(query) is not None


async def has_changed_since(
    db: AsyncSession,
    cycle_id: UUID,
    unit: str,
    indicators: Collection[str],
    named: UUID,
    since: dt.datetime,
) -> bool:
    """Say whether an entry about a unit, for some indicators, was verified or voided after a
    moment, or a claim of the unit moved."""
    of, at = LedgerEntryRow, LedgerEntryStateRow
    claim, moved = ClaimRow, ClaimStateRow
    entries = (
        select(literal(1))
        .select_from(of)
        .join(at, (at.cycle_id == of.cycle_id) & (at.entry_id == of.entry_id))
        .where(of.cycle_id == cycle_id, of.entry_id == named, of.unit == unit)
        .where(one_of(of.indicator, indicators), at.state.in_((VERIFIED, VOIDED)))
        .where(at.entered_at > since)
    )
    claims = (
        select(literal(1))
        .select_from(claim)
        .join(moved, (moved.cycle_id == claim.cycle_id) & (moved.claim_id == claim.claim_id))
        .where(claim.cycle_id == cycle_id, claim.claim_id == named, claim.unit == unit)
        .where(moved.entered_at > since)
    )
    return bool(await db.scalar(select(entries.exists() | claims.exists())))


async def speakers_of(db: AsyncSession, cycle_id: UUID, objection_id: UUID) -> set[str]:
    """Return who spoke for the unit in an objection."""
    of = ObjectionMoveRow
    said = of.cycle_id == cycle_id, of.objection_id == objection_id, of.move.in_(SPOKEN)
    found = await db.scalars(select(of.person).where(*said).distinct())
    await require_true_objections(db, cycle_id)
    return {*found}


async def next_objection_no(db: AsyncSession, cycle_id: UUID, unit: str) -> int:
    """Return the number of the next objection of a unit: its own, which tells nothing of others."""
    row = ObjectionRow
    last = select(func.max(row.objection_no)).where(row.cycle_id == cycle_id, row.unit == unit)
    return (await db.scalar(last) or 0) + 1
