"""What complaints have earned as it was written, and what units read of those that they no longer
handle."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.complaints import StoredComplaint, no_such_complaint, whole_complaints
from scoring.rules.complaints.past import steps_of_past
from scoring.rules.complaints.states import UNIT_MOVES
from scoring.tables.complaints import ComplaintEventRow, ComplaintRow


async def written_events(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID, unit: str | None = None
) -> Sequence[ComplaintEventRow]:
    """Return what was written that a complaint has earned, for a unit or for all."""
    of = ComplaintEventRow
    query = select(of).where(of.cycle_id == cycle_id, of.complaint_id == complaint_id)
    if unit is not None:
        query = query.where(of.unit == unit)
    return (await db.scalars(query.order_by(of.step, of.what, of.unit))).all()


async def find_past(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID, unit: str | None, time_zone: str
) -> StoredComplaint:
    """Return what a unit may know of a complaint that it no longer handles: one of which it has
    returned, answered or asked something, or that has earned it something; refuse another one."""
    written = await written_events(db, cycle_id, complaint_id, unit) if unit else ()
    found = await whole_complaints(db, cycle_id, await _one(db, cycle_id, complaint_id))
    whole = found.get(complaint_id)
    acted = whole and any(e.unit == unit and e.move in UNIT_MOVES for e in whole.moves)
    if whole is None or unit is None or not (acted or written):
        raise no_such_complaint(complaint_id)
    return _as_of_past(whole, unit, {each.step for each in written}, time_zone)


async def _one(db: AsyncSession, cycle_id: UUID, complaint_id: UUID) -> Sequence[ComplaintRow]:
    of = ComplaintRow
    query = select(of).where(of.cycle_id == cycle_id, of.complaint_id == complaint_id)
    return (await db.scalars(query)).all()


def _as_of_past(
    whole: StoredComplaint, unit: str, earned: Collection[int], time_zone: str
) -> StoredComplaint:
    """Return what a unit may know of a complaint that it no longer handles, of no other unit."""
    done, assigned = whole.now(time_zone).moves, [each.assigned for each in whole.moves]
    steps = steps_of_past(done, assigned, whole.named, unit, earned)
    named = {n: [each for each in of if each.unit == unit] for n, of in whole.named.items()}
    moves = [each for each in whole.moves if each.step in steps]
    return StoredComplaint(whole.row, moves, named)
