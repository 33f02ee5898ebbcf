"""Questions about complaints, and how they stand."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.deadlines import local_day
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.ledger import one_of
from scoring.rules.complaints.refusals import NoSuchComplaint
from scoring.rules.complaints.standing import ComplaintNow, Done, Part
from scoring.rules.complaints.states import ABOUT
from scoring.tables.complaints import (
    ComplaintMoveRow,
    ComplaintRow,
    ComplaintUnitRow,
)

COMPLAINT_TABLES = ("complaint", "complaint_move", "complaint_unit", "complaint_event")

LatestMove = type[ComplaintMoveRow]


@dataclass(frozen=True, slots=True)
class ComplaintReach:
    """Which complaints somebody reads: all (`everything`), all that are not about the office
    (`office`), those about it (`about_office`), those that units about which they decide have to do
    with (`stands_in`), and those that are given to their `own` unit."""

    everything: bool = False
    office: bool = False
    about_office: bool = False
    stands_in: frozenset[str] = frozenset()
    own: str | None = None

    def reads(self, at: LatestMove) -> ColumnElement[bool]:
        """Return the condition that a complaint, as it stands, is one of them."""
        if self.everything:
            return true()
        of = ComplaintRow
        ways = [
            of.about_office.is_(False) if self.office else false(),
            of.about_office.is_(True) if self.about_office else false(),
            and_(of.about_office.is_(False), _names(at, self.stands_in, about=True)),
            _names(at, {self.own} if self.own else ()),
        ]
        return or_(*ways)


def _names(at: LatestMove, units: Collection[str], *, about: bool = False) -> ColumnElement[bool]:
    """Return the condition that one of some units handles a complaint as it stands, or else is
    complained of."""
    if not units:
        return false()
    of, row = ComplaintUnitRow, ComplaintRow
    here = select(of.unit).where(
        of.cycle_id == row.cycle_id, of.complaint_id == row.complaint_id, one_of(of.unit, units)
    )
    handles = here.where(of.step == at.assigned, of.role != ABOUT).exists()
    complained = here.where(of.step == at.classified, of.role == ABOUT).exists()
    return or_(handles, complained) if about else handles


def latest_complaint_move() -> LatestMove:
    """Return the latest move of each complaint."""
    of, row = ComplaintMoveRow, ComplaintRow
    query = select(of).where(of.cycle_id == row.cycle_id, of.complaint_id == row.complaint_id)
    found: LatestMove = aliased(of, query.order_by(of.step.desc()).limit(1).lateral())
    return found


class ComplaintsAsked(NamedTuple):
    """Which complaints are asked for; None and nothing stand for any."""

    unit: str | None = None
    kind: str | None = None
    states: Collection[str] = ()

    def conditions(self, at: LatestMove) -> list[ColumnElement[bool]]:
        """Return the conditions that a complaint is one of them."""
        found: list[ColumnElement[bool]] = []
        if self.unit is not None:
            found.append(_names(at, {self.unit}))
        if self.kind is not None:
            found.append(at.kind == self.kind)
        if self.states:
            found.append(one_of(at.state, self.states))
        return found


class StoredComplaint(NamedTuple):
    """A complaint, all its moves, and the units that they named."""

    row: ComplaintRow
    moves: Sequence[ComplaintMoveRow]
    named: Mapping[int, Sequence[Part]]

    @property
    def handlers(self) -> list[Part]:
        """The units that handle it as it stands."""
        given = self.named.get(self.moves[-1].assigned, ())
        return [each for each in given if each.role != ABOUT]

    @property
    def about(self) -> list[str]:
        """The units that it complains of."""
        given = self.named.get(self.moves[-1].classified, ())
        return [each.unit for each in given if each.role == ABOUT]

    def now(self, time_zone: str) -> ComplaintNow:
        """Return it as the rules know it; days are those of a time zone."""
        moves = [done_of(each, time_zone) for each in self.moves]
        return ComplaintNow(self.row.about_office, self.handlers, self.about, moves)


def done_of(row: ComplaintMoveRow, time_zone: str) -> Done:
    """Return a move as the rules know it."""
    day = local_day(row.entered_at, time_zone)
    stands = row.step, row.move, row.state, row.kind, row.due, row.word
    return Done(*stands, row.person, row.unit, day)


async def require_true_complaints(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse to tell of complaints that are not what the journal recorded."""
    await require_intact(db, str(cycle_id), *COMPLAINT_TABLES)


def no_such_complaint(complaint_id: object) -> NoSuchComplaint:
    """Return the refusal of a complaint that the caller may not know of."""
    return NoSuchComplaint(f"There is no complaint {complaint_id}.", f"没有投诉 {complaint_id}。")


async def complaints_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    reach: ComplaintReach,
    asked: ComplaintsAsked,
) -> list[StoredComplaint]:
    """Return the complaints of a page and one more where others follow, in the order in which they
    were raised."""
    of, at = ComplaintRow, latest_complaint_move()
    mine = [of.cycle_id == cycle_id, reach.reads(at)]
    query = select(of).join(at, true())
    if page.after is not None:
        begin = select(of.number).join(at, true()).where(*mine, of.complaint_id == page.after_id)
        number = await db.scalar(begin)
        if number is None:
            raise page.no_such_place()
        query = query.where(of.number > number)
    wanted = query.where(*mine, *asked.conditions(at)).order_by(of.number).limit(page.limit + 1)
    rows = (await db.scalars(wanted)).all()
    return [*(await whole_complaints(db, cycle_id, rows)).values()]


async def complaints_in(
    db: AsyncSession, cycle_id: UUID, reach: ComplaintReach, states: Collection[str]
) -> AsyncIterator[StoredComplaint]:
    """Yield the complaints in some states that somebody reads, as they came, read part by part."""
    of, at = ComplaintRow, latest_complaint_move()
    query = select(of).join(at, true()).where(of.cycle_id == cycle_id, reach.reads(at))
    query, after = query.where(one_of(at.state, states)).order_by(of.number).limit(_PART), 0
    while True:
        rows = (await db.scalars(query.where(of.number > after))).all()
        for complaint in (await whole_complaints(db, cycle_id, rows)).values():
            yield complaint
        if len(rows) < _PART:
            return
        after = rows[-1].number


_PART = 500
"""How many complaints are read at once."""


async def find_complaint(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID, reach: ComplaintReach
) -> StoredComplaint:
    """Return a complaint that somebody reads; refuse another one."""
    found = await complaint_of(db, cycle_id, complaint_id, reach)
    if found is None:
        raise no_such_complaint(complaint_id)
    return found


async def complaint_of(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID, reach: ComplaintReach
) -> StoredComplaint | None:
    """Return a complaint, None where somebody does not read it as it stands."""
    of, at = ComplaintRow, latest_complaint_move()
    here = of.cycle_id == cycle_id, of.complaint_id == complaint_id
    row = await db.scalar(select(of).join(at, true()).where(*here, reach.reads(at)))
    return (await whole_complaints(db, cycle_id, [row] if row else ())).get(complaint_id)


async def whole_complaints(
    db: AsyncSession, cycle_id: UUID, rows: Iterable[ComplaintRow]
) -> dict[UUID, StoredComplaint]:
    """Return complaints with all that they went through."""
    found = {row.complaint_id: row for row in rows}
    move, unit = ComplaintMoveRow, ComplaintUnitRow
    moves: dict[UUID, list[ComplaintMoveRow]] = {each: [] for each in found}
    named: dict[UUID, dict[int, list[Part]]] = {each: {} for each in found}
    if not found:
        return {}
    made = select(move).where(move.cycle_id == cycle_id, move.complaint_id.in_(found))
    for row in await db.scalars(made.order_by(move.step)):
        moves[row.complaint_id].append(row)
    given = select(unit).where(unit.cycle_id == cycle_id, unit.complaint_id.in_(found))
    for each in await db.scalars(given.order_by(unit.role, unit.unit)):
        part = Part(each.unit, each.role)
        named[each.complaint_id].setdefault(each.step, []).append(part)
    return {each: StoredComplaint(row, moves[each], named[each]) for each, row in found.items()}


async def complaints_by_ref(
    db: AsyncSession, cycle_id: UUID, refs: Collection[str]
) -> dict[str, ComplaintRow]:
    """Return the complaints that other systems know by these names."""
    of = ComplaintRow
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id, of.source_ref.in_(refs)))
    return {row.source_ref: row for row in rows if row.source_ref}


async def first_of(
    db: AsyncSession, cycle_id: UUID, complaint: ComplaintRow, first: UUID, reach: ComplaintReach
) -> set[UUID]:
    """Return the complaint that another repeats, where there is one that it may be linked to: an
    earlier one that somebody reads and that is not linked itself."""
    of, at = ComplaintRow, latest_complaint_move()
    query = select(of.complaint_id).join(at, true())
    query = query.where(of.cycle_id == cycle_id, of.complaint_id == first, at.first.is_(None))
    query = query.where(of.number < complaint.number, reach.reads(at))
    return {*await db.scalars(query)}
