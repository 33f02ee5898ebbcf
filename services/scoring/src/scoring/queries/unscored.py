"""Pages of the entries that count nowhere: by their state, or because nothing takes them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.pages import PageRequest
from scoring.queries.entries import (
    OLDEST_FIRST,
    PAGE,
    Question,
    ShownEntry,
    Wanted,
    Way,
    leads_of,
    place_of,
    read_by,
    shown_by,
    stream,
)
from scoring.rules.ledger.entries import REVERSAL
from scoring.rules.ledger.states import COUNTED


async def unscored_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    wanted: Wanted,
    idle: Collection[UUID],
) -> Sequence[ShownEntry]:
    """Return the readable entries of a page that are in one of the wanted states, or `idle`, in
    order of arrival, and one more where others follow; refuse them if they were altered."""
    begin = await place_of(db, cycle_id, page, ways)
    asked = Question([cycle_id, begin or 0, page.limit + 1])
    condition = f"{read_by(ways, asked)} AND {wanted.holds(asked)}"
    ids = asked.given(sorted(idle), "uuid[]")
    streams = [_IDLE.format(ids, condition)]
    if wanted.state:
        streams += [
            stream(lead, asked.given(lead.keys(wanted.states), "text[]"), condition, OLDEST_FIRST)
            for lead in leads_of(ways, wanted)
        ]
    states = asked.given(sorted(wanted.state), "text[]")
    meets = f"{condition} AND (e.state = ANY ({states}) OR e.entry_id = ANY ({ids}))"
    statement = PAGE.format(" UNION ".join(streams), meets, by="number ASC")
    return await shown_by(db, cycle_id, statement, asked)


_IDLE = """
      SELECT those.number, those.entry_id FROM (
        SELECT e.number, e.entry_id FROM (SELECT * FROM ledger_entry l
          WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = ANY ({0}) OFFSET 0) e
        WHERE e.number > $2 AND {1} ORDER BY e.number LIMIT $3) those"""


async def units_written_about(db: AsyncSession, cycle_id: UUID, author_unit: str) -> frozenset[str]:
    """Return the units about which a unit has entries that count."""
    keys = [f"{author_unit} {state}" for state in COUNTED]
    rows = await (await driver_of(db)).fetch(_WRITTEN, cycle_id, keys, REVERSAL)
    return frozenset(unit for (unit,) in rows)


# By the expression of an index, so that no other one serves.
_WRITTEN = """
    SELECT DISTINCT e.unit FROM ledger_entry_standing e
    WHERE e.cycle_id = $1 AND e.author_unit || ' ' || e.state = ANY ($2) AND e.kind <> $3
    """
