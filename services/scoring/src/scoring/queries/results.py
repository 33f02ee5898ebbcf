"""Which results of other systems stand in the ledgers of other years."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from scoring.queries import hold
from scoring.rules.ledger.adoption import GONE
from scoring.rules.ledger.entries import LAST_YEAR
from scoring.rules.ledger.results import Result

_ANYWHERE = UUID(int=0)


async def results_of_other_years(
    db: AsyncSession, units: Collection[str], year: int
) -> list[Result]:
    """Return the results about some units that stand in the ledger of another year, drafts too, and
    let nobody enter others about them until the commit."""
    for unit in sorted(units):
        await hold(db, f"results about {unit}", _ANYWHERE)
    rows: list[Any] = await (await driver_of(db)).fetch(
        _STANDING, [*units], str(year), LAST_YEAR, list(GONE)
    )
    return [Result(*row) for row in rows]


_STANDING = """
    SELECT unit, authority, document_no, about_from, about_until, period FROM ledger_entry
    WHERE kind = 'external_result' AND unit = ANY ($1::text[]) AND period <> $2
      AND item IS DISTINCT FROM $3 AND state <> ALL ($4::text[])
    """
