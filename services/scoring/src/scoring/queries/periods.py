"""The closed periods of a cycle, as they stand in the ledger's row that is held."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.ledger import now
from scoring.rules.ledger.periods import NO_PERIODS, Leave, Periods
from scoring.rules.ledger.states import OPEN
from scoring.tables.ledger import LedgerRow
from scoring.tables.periods import LateEntryRow, PeriodPermissionRow


class HeldPeriods(NamedTuple):
    """A cycle's ledger that is held until the commit: its phase, its periods, and the moment."""

    phase: str
    periods: Periods
    moment: dt.datetime


async def hold_periods(db: AsyncSession, cycle_id: UUID, *, alone: bool = False) -> HeldPeriods:
    """Hold a cycle's ledger until the commit, and return its phase and its closed periods.

    Writers share the row, and whoever closes a period has it `alone`: who has waited is given the
    row as it is by then, which would not be so of rows beside it. A ledger that nobody has written
    to yet is open.
    """
    query = select(LedgerRow.phase, LedgerRow.periods, func.clock_timestamp())
    held = query.where(LedgerRow.cycle_id == cycle_id).with_for_update(read=not alone)
    row = (await db.execute(held)).one_or_none()
    if row is None:
        return HeldPeriods(OPEN, NO_PERIODS, await now(db))
    phase, periods, moment = row
    return HeldPeriods(phase, periods or NO_PERIODS, moment)


async def mark_late(db: AsyncSession, cycle_id: UUID, late: Mapping[UUID, Leave]) -> None:
    """Mark entries that have come in by a permission; of those that had before, nothing changes."""
    if not late:
        return
    marked = select(LateEntryRow.entry_id).where(
        LateEntryRow.cycle_id == cycle_id, LateEntryRow.entry_id.in_(late)
    )
    before = {*await db.scalars(marked)}
    rows = [
        {"cycle_id": cycle_id, "entry_id": entry_id, "permission_no": leave.permission_no}
        for entry_id, leave in late.items()
        if entry_id not in before
    ]
    if rows:
        await db.execute(insert(LateEntryRow), rows)


async def granted_by(db: AsyncSession, cycle_id: UUID, moment: dt.datetime) -> list[int]:
    """Return the numbers of the permissions that had been given by a moment."""
    of = PeriodPermissionRow
    query = select(of.permission_no).where(of.cycle_id == cycle_id, of.granted_at <= moment)
    return [*await db.scalars(query)]


async def periods_at(
    db: AsyncSession, cycle_id: UUID, periods: Periods | None, moment: dt.datetime
) -> Periods:
    """Return the periods of a ledger as they were at a moment, with the permissions that were good
    then."""
    if not periods:
        return NO_PERIODS
    granted = await granted_by(db, cycle_id, moment) if periods.leaves else ()
    return periods.at(moment, granted)
