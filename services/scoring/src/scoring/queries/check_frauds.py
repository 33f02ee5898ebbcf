"""Questions about what was put forward as fraud, and what the committee found of it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.rules.checks.fraud import FRAUD_UNDECIDED
from scoring.rules.ledger.entries import FoundFraud


async def frauds_told(db: AsyncSession, ids: Collection[UUID]) -> dict[UUID, FoundFraud]:
    """Return what the committee found to be fraud in these entries, of those in which it did."""
    rows = await (await driver_of(db)).fetch(_TOLD, list(ids))
    return {entry_id: FoundFraud(*told) for entry_id, *told in rows}


async def is_part_of_fraud(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> bool:
    """Say whether an entry was found to be fraud, or tells what is put forward as such."""
    asked = _PART, cycle_id, entry_id, list(FRAUD_UNDECIDED)
    return bool(await (await driver_of(db)).fetchval(*asked))


# Looked up one by one, whatever is guessed of their number.
_TOLD = """
    SELECT found.marked_as, f.check_code, found.voids, found.grade_cap
    FROM unnest($1::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM check_fraud_step s WHERE s.marked_as = each OFFSET 0) found
    JOIN check_finding f USING (cycle_id, finding_id)
    """

_PART = """
    SELECT EXISTS (SELECT FROM check_fraud_step WHERE marked_as = $2) OR EXISTS (
      SELECT FROM check_finding_step s JOIN LATERAL (
        SELECT state FROM check_fraud_step f
        WHERE f.cycle_id = s.cycle_id AND f.finding_id = s.finding_id
        ORDER BY f.step DESC LIMIT 1) latest ON true
      WHERE s.cycle_id = $1 AND s.restated_by = $2 AND latest.state = ANY ($3::text[]))
    """
