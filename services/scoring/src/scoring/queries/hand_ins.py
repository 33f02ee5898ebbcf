"""Questions about what organisers handed in (汇总上报), and whether it still stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.journal import sha256
from chassis.stored import require_intact
from scoring.queries.counted import digests_by_unit
from scoring.rules.ledger.completeness import HANDED_IN, WITHDRAWN
from scoring.rules.scheme.document import Category
from scoring.tables.ledger import HandInRow


@dataclass(frozen=True, slots=True)
class StandingHandIn:
    """The latest hand-in of a category, and whether an entry has been made or has moved since."""

    row: HandInRow
    state: str


async def hand_ins(
    db: AsyncSession, cycle_id: UUID, categories: Collection[Category]
) -> dict[str, StandingHandIn]:
    """Return the latest hand-in of each of these categories that has any, by its code."""
    await require_intact(db, str(cycle_id), "hand_in")
    row = HandInRow
    latest = (
        select(row)
        .where(row.cycle_id == cycle_id)
        .ext(postgresql.distinct_on(row.category))
        .order_by(row.category, row.number.desc())
    )
    rows = {each.category: each for each in await db.scalars(latest)}
    handed = [each for each in categories if each.code in rows]
    if not handed:
        return {}
    units = [unit for each in handed for unit in each.units]
    digests = await digests_by_unit(db, cycle_id, units)
    return {
        each.code: StandingHandIn(
            rows[each.code],
            HANDED_IN if rows[each.code].digest == digest_of(each.units, digests) else WITHDRAWN,
        )
        for each in handed
    }


def digest_of(units: Iterable[str], digests: Mapping[str, str]) -> str:
    """Return a SHA-256 of how all entries about some units stand, from those of each unit."""
    return sha256([[unit, digests[unit]] for unit in sorted(units) if unit in digests])
