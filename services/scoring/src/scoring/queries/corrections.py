"""Questions about corrections of a sealed ledger, and which of them count."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.stored import require_intact
from scoring.queries.appeals import speakers_of
from scoring.queries.check_findings import part_of
from scoring.queries.claims import hands_of_filing
from scoring.rules.corrections.correcting import APPROVED, PROPOSED, Correction, Hands
from scoring.tables.corrections import CorrectionDecisionRow, CorrectionRow
from scoring.tables.sheet import FeedbackRow, ScoreSheetRow

_TABLES = ("correction", "correction_decision")


class StoredCorrection(NamedTuple):
    """A correction as it was proposed, and what was decided about it."""

    row: CorrectionRow
    decision: CorrectionDecisionRow | None

    @property
    def state(self) -> str:
        """The state in which it is."""
        return self.decision.decision if self.decision else PROPOSED

    @property
    def counted(self) -> Correction:
        """What counts by it once it is approved."""
        return Correction(*(getattr(self.row, name) for name in Correction._fields))

    def rests_on_since(self, at: dt.datetime) -> UUID | None:
        """The objection that it rests on, where it was decided after a moment."""
        decided = self.decision
        return self.row.objection_id if decided and decided.decided_at > at else None

    def counts_at(self, at: dt.datetime | None) -> bool:
        """Say whether it counts, or counted at a moment."""
        decided = self.decision
        if decided is None or decided.decision != APPROVED:
            return False
        return at is None or decided.decided_at <= at


async def corrections_of(db: AsyncSession, cycle_id: UUID) -> list[StoredCorrection]:
    """Return the corrections of a cycle in the order of their ids; refuse altered ones."""
    of, decided = CorrectionRow, CorrectionDecisionRow
    same = and_(decided.cycle_id == of.cycle_id, decided.correction_id == of.correction_id)
    query = select(of, decided).outerjoin(decided, same).where(of.cycle_id == cycle_id)
    rows = (await db.execute(query.order_by(of.correction_id))).all()
    await require_intact(db, str(cycle_id), *_TABLES)
    return [StoredCorrection(*row) for row in rows]


async def approved_corrections(
    db: AsyncSession, cycle_id: UUID, at: dt.datetime | None = None, *, told_only: bool = False
) -> list[Correction]:
    """Return the corrections that count, or counted at a moment, in the order of their ids.

    With `told_only` those alone that an edition of the score sheet rests on which was fed back: of
    others no unit knows.
    """
    stored = await corrections_of(db, cycle_id)
    found = [each.counted for each in stored if each.counts_at(at)]
    if not told_only or not found:
        return found
    told = await told_corrections(db, cycle_id)
    return [each for each in found if each.correction_id in told]


async def told_corrections(db: AsyncSession, cycle_id: UUID) -> set[UUID]:
    """Return the corrections that editions rest on which were fed back to the units."""
    sheet, fed_back = ScoreSheetRow, FeedbackRow
    same = and_(fed_back.cycle_id == sheet.cycle_id, fed_back.edition == sheet.edition)
    query = select(sheet.basis["corrections"], sheet.record).join(fed_back, same)
    rows = (await db.execute(query.where(sheet.cycle_id == cycle_id))).all()
    records = [record for _, record in rows]
    await require_intact(db, str(cycle_id), "score_sheet", records=records)
    return {UUID(each) for listed, _ in rows for each in listed or ()}


async def hands_of(
    db: AsyncSession, cycle_id: UUID, found: StoredCorrection, all_: Collection[StoredCorrection]
) -> Hands:
    """Return who proposed a correction, and who wrote, checked, signed off, verified, handed in,
    agreed to, proposed or decided what it corrects, or spoke for the unit in the objection that it
    rests on."""
    known = {each.row.correction_id: each for each in all_}
    parts, at = set[str](), found.row.corrects
    if found.row.objection_id is not None:
        parts |= await speakers_of(db, cycle_id, found.row.objection_id)
    while at in known:
        before = known[at]
        parts |= {before.row.person} | ({before.decision.person} if before.decision else set())
        at = before.row.corrects
    if found.row.claim_id is not None:
        parts |= await hands_of_filing(db, cycle_id, found.row.claim_id)
    elif at is not None:
        parts |= await part_of(db, cycle_id, at)
    return Hands(found.row.person, parts)
