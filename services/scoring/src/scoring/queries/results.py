"""Which results of other systems stand in the ledgers of other years."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.realms import chain_of, realm_of
from scoring.queries import hold
from scoring.rules.ledger.adoption import GONE
from scoring.rules.ledger.entries import LAST_YEAR
from scoring.rules.ledger.results import Result

_ANYWHERE = UUID(int=0)


async def results_of_other_years(
    db: AsyncSession, cycle_id: UUID, units: Collection[str], year: int
) -> list[Result]:
    """Return the results about some units that stand in the ledger of another year than a cycle's,
    drafts too, and let nobody enter others about them until the commit."""
    whose = realm_of(cycle_id)
    for unit in sorted(units):
        await hold(db, f"results about {chain_of(unit, whose)}", _ANYWHERE)
    rows: list[Any] = await (await driver_of(db)).fetch(
        _STANDING, [*units], str(year), LAST_YEAR, list(GONE)
    )
    # A unit of another jurisdiction may have the same code.
    return [Result(*row) for of_cycle, *row in rows if realm_of(of_cycle) == whose]


_STANDING = """
    SELECT cycle_id, unit, authority, document_no, about_from, about_until, period FROM ledger_entry
    WHERE kind = 'external_result' AND unit = ANY ($1::text[]) AND period <> $2
      AND item IS DISTINCT FROM $3 AND state <> ALL ($4::text[])
    """
