"""Which entries were taken over from other cycles, and whether what they rest on still stands."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries import hold
from scoring.queries.entries import Question, Way, place_of, read_by
from scoring.rules.ledger.adoption import GONE
from scoring.rules.ledger.states import HELD, LOCKED, VERIFIED
from scoring.tables.adoptions import AdoptedEntryRow


class Adopted(NamedTuple):
    """An entry that was taken over, and how it and its source stand."""

    record: int
    entry_id: UUID
    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    state: str
    author_unit: str
    from_cycle_id: UUID
    from_entry_id: UUID
    digest: str
    adopted_at: dt.datetime
    source_state: str
    is_leaving: bool

    @property
    def outdated(self) -> bool:
        """Whether its source neither counts any more nor waits to."""
        return self.source_state not in HELD


async def hold_adoptions(db: AsyncSession, cycle_id: UUID) -> None:
    """Let nobody else take an entry over into a cycle until the commit."""
    await hold(db, "adopted-entries", cycle_id)


async def stands_already(
    db: AsyncSession, cycle_id: UUID, from_cycle: UUID, from_entry: UUID
) -> bool:
    """Say whether an entry of another cycle was taken over, and the entry here stands."""
    asked = cycle_id, from_cycle, from_entry, list(GONE)
    return bool(await (await driver_of(db)).fetchval(_STANDS, *asked))


# Every entry is looked up by its id: the cycle as a text serves no index.
_HERE = """
    JOIN LATERAL (SELECT * FROM ledger_entry l
      WHERE l.cycle_id::text = $1::uuid::text AND l.entry_id = a.entry_id OFFSET 0) e ON true
    """
_THERE = " LEFT JOIN LATERAL ledger_entry_elsewhere(a.from_cycle_id, a.from_entry_id) s ON true"

# Of a cycle that was restored alone the source is not here, and nothing is known against it.
_SOURCE_STATE = f"coalesce(s.state, '{LOCKED}')"

_STANDS = f"""
    SELECT EXISTS (SELECT FROM adopted_entry a {_HERE}
    WHERE a.from_entry_id = $3 AND a.from_cycle_id = $2 AND a.cycle_id = $1
      AND e.state <> ALL ($4::text[]))
    """  # noqa: S608 - names of our own


async def adopted_among(db: AsyncSession, cycle_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these entries were taken over from another cycle."""
    rows: list[Any] = await (await driver_of(db)).fetch(_AMONG, cycle_id, list(ids))
    return {entry_id for (entry_id,) in rows}


_AMONG = "SELECT entry_id FROM adopted_entry WHERE cycle_id = $1 AND entry_id = ANY ($2::uuid[])"


async def outdated_among(db: AsyncSession, cycle_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Return which of these entries were taken over from one that stands no longer."""
    asked = cycle_id, list(ids), list(HELD)
    return {each for (each,) in await (await driver_of(db)).fetch(_OUTDATED, *asked)}


_OUTDATED = f"""
    SELECT a.entry_id FROM adopted_entry a {_THERE}
    WHERE a.cycle_id = $1 AND a.entry_id = ANY ($2::uuid[]) AND {_SOURCE_STATE} <> ALL ($3::text[])
    """  # noqa: S608 - names of our own


async def outdated_verified(db: AsyncSession, cycle_id: UUID) -> list[UUID]:
    """Return the verified entries that were taken over from one that stands no longer, as they
    came; refuse them if they are not what the journal recorded."""
    rows = [*await (await driver_of(db)).fetch(_OUTDATED_VERIFIED, cycle_id, list(HELD), VERIFIED)]
    if rows:
        await _require_true(db, cycle_id, {record for record, _ in rows})
    return [entry_id for _, entry_id in rows]


_OUTDATED_VERIFIED = f"""
    SELECT a.record, e.entry_id FROM adopted_entry a {_HERE} {_THERE}
    WHERE a.cycle_id = $1 AND {_SOURCE_STATE} <> ALL ($2::text[]) AND e.state = $3
    ORDER BY e.number
    """  # noqa: S608 - names of our own


async def adoptions_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    page: PageRequest,
    ways: Sequence[Way] | None,
    *,
    outdated: bool | None = None,
    states: Collection[str] = (),
    unit: str | None = None,
) -> list[Adopted]:
    """Return the readable entries of a page that were taken over, in order of arrival, and one more
    where others follow; refuse them if they are not what the journal recorded."""
    asked = Question([cycle_id, await place_of(db, cycle_id, page, ways) or 0, page.limit + 1])
    wanted = [read_by(ways, asked)]
    if outdated is not None:
        stands = f"{_SOURCE_STATE} = ANY ({asked.given(list(HELD), 'text[]')})"
        wanted.append(f"NOT {stands}" if outdated else stands)
    if unit is not None:
        wanted.append(f"e.unit = {asked.given(unit, 'text')}")
    if states:
        wanted.append(f"e.state = ANY ({asked.given(sorted(states), 'text[]')})")
    statement = _PAGE.format(" AND ".join(wanted))
    rows = await (await driver_of(db)).fetch(statement, *asked.values)
    found = [Adopted(*row) for row in rows]
    await _require_true(db, cycle_id, {each.record for each in found})
    return found


# A reversal of the entry that was handed in takes it out, or waits to.
_PAGE = f"""
    SELECT a.record, e.entry_id, e.unit, e.indicator, e.kind, e.key, e.item, e.period, e.state,
      e.author_unit, a.from_cycle_id, a.from_entry_id, a.digest, a.adopted_at, {_SOURCE_STATE},
      EXISTS (SELECT FROM ledger_entry r WHERE r.cycle_id = $1 AND r.reverses = a.entry_id)
    FROM adopted_entry a {_HERE} {_THERE}
    WHERE a.cycle_id = $1 AND e.number > $2 AND {{}} ORDER BY e.number LIMIT $3
    """  # noqa: S608 - names of our own


async def source_of(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> AdoptedEntryRow | None:
    """Return from where an entry was taken over, None where it was entered here; refuse it if it is
    not what the journal recorded."""
    found = await db.get(AdoptedEntryRow, (cycle_id, entry_id))
    if found is not None:
        await _require_true(db, cycle_id, {found.record})
    return found


async def uses_of_source(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> list[AdoptedEntryRow]:
    """Return where an entry was taken over, of each cycle the latest time, in order of these;
    refuse them if they are not what the journal recorded."""
    row = AdoptedEntryRow
    query = select(row).where(row.from_entry_id == entry_id, row.from_cycle_id == cycle_id)
    latest = {each.cycle_id: each for each in await db.scalars(query.order_by(row.number))}
    for each in latest.values():
        await _require_true(db, each.cycle_id, {each.record})
    return sorted(latest.values(), key=lambda each: each.number)


async def _require_true(db: AsyncSession, cycle_id: UUID, records: Collection[int]) -> None:
    if records:
        await require_intact(db, str(cycle_id), "adopted_entry", records=records)
