"""Questions about what was put forward as fraud, and what the committee found of it."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.rules.checks.findings import DECISIONS, DIFFERS
from scoring.rules.checks.fraud import FRAUD_UNDECIDED
from scoring.rules.ledger.entries import FoundFraud


async def frauds_told(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, FoundFraud]:
    """Return what the committee found to be fraud in these entries, of those in which it did."""
    rows = await (await driver_of(db)).fetch(_TOLD, list(ids), cycle_id)
    return {entry_id: FoundFraud(*told) for entry_id, *told in rows}


class Held(NamedTuple):
    """What keeps an entry as it is: that it was found to be fraud or tells what is put forward as
    such, or that a finding that differs from it is not decided."""

    by_fraud: bool
    by_finding: bool


async def what_holds(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> Held:
    """Return what of the checks keeps an entry as it is."""
    asked = _HOLDS, cycle_id, entry_id, list(FRAUD_UNDECIDED), DIFFERS, list(DECISIONS)
    return Held(*await (await driver_of(db)).fetchrow(*asked))


# Looked up one by one, whatever is guessed of their number.
_TOLD = """
    SELECT found.marked_as, f.check_code, found.voids, found.grade_cap
    FROM unnest($1::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM check_fraud_step s
      WHERE s.cycle_id::text = $2::uuid::text AND s.marked_as = each OFFSET 0) found
    JOIN check_finding f USING (cycle_id, finding_id)
    WHERE f.cycle_id::text = $2::uuid::text
    """

_HOLDS = """
    SELECT EXISTS (SELECT FROM check_fraud_step
      WHERE cycle_id::text = $1::uuid::text AND marked_as = $2) OR EXISTS (
      SELECT FROM check_finding_step s JOIN LATERAL (
        SELECT state FROM check_fraud_step f
        WHERE f.cycle_id = $1 AND f.finding_id = s.finding_id
        ORDER BY f.step DESC LIMIT 1) latest ON true
      WHERE s.cycle_id = $1 AND s.restated_by = $2 AND latest.state = ANY ($3::text[])),
    EXISTS (
      SELECT FROM check_finding f
      WHERE f.cycle_id = $1 AND f.entry_id = $2 AND f.verdict = $4 AND NOT EXISTS (
        SELECT FROM check_finding_step s
        WHERE s.cycle_id = $1 AND s.finding_id = f.finding_id AND s.state = ANY ($5::text[])))
    """
