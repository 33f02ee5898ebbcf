"""Which cells have entries, and in which states."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.rules.ledger.progress import Arrived

# State by state through the index that has them so: how much of a year has come is not guessed.
_ARRIVED = """
    SELECT e.unit, e.indicator, e.period, e.kind, e.state
    FROM unnest($2::text[]) AS of_state CROSS JOIN LATERAL (
      SELECT DISTINCT s.unit, s.indicator, s.period, s.kind, s.state
      FROM ledger_entry_standing s WHERE s.cycle_id = $1 AND s.state = of_state OFFSET 0) e
    """


async def arrived(db: AsyncSession, cycle_id: UUID, states: Collection[str]) -> list[Arrived]:
    """Return for which cells of a cycle there are entries in these states."""
    rows = await (await driver_of(db)).fetch(_ARRIVED, cycle_id, list(states))
    return [Arrived(*row) for row in rows]
