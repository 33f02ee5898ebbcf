"""Which entries are signed off by a second person of their unit, and which wait for that."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.identity import Caller
from chassis.pages import PageRequest
from chassis.stored import require_intact
from scoring.queries.entries import Way, anything, place_of
from scoring.rules.ledger.entries import BY_OFFICE, PROGRESS_REPORT
from scoring.tables.signatures import EntrySignatureRow


class Signed(NamedTuple):
    """An entry that is signed off or waits for it: what it says and how many files back it, who
    wrote it, and who has signed it when."""

    record: int
    entry_id: UUID
    unit: str
    indicator: str
    period: str
    kind: str
    key: str | None
    item: str | None
    value: Decimal | None
    word: str | None
    occurred_on: dt.date | None
    note: str | None
    author_unit: str
    author: str
    state: str
    evidence: int
    signer: str | None
    signed_at: dt.datetime | None


SIGNED = """EXISTS (SELECT FROM entry_signature g
      WHERE g.cycle_id = $1 AND g.entry_id = {}.entry_id{})"""
"""The condition that an entry is signed off, and whatever else holds of the signature."""


async def signed_entries(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these entries are signed off."""
    rows = await (await driver_of(db)).fetch(_SIGNED, cycle_id, list(ids))
    return {entry_id for (entry_id,) in rows}


# Looked up one by one, whatever is guessed of their number.
_SIGNED = """
    SELECT found.entry_id FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT s.entry_id FROM entry_signature s
      WHERE s.cycle_id = $1 AND s.entry_id = each OFFSET 0) found
    """


async def source_writers(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, str]:
    """Return who wrote what these entries were taken over from, of those that were."""
    rows = await (await driver_of(db)).fetch(_SOURCE_WRITERS, cycle_id, list(ids))
    return {entry_id: person for entry_id, person in rows}  # noqa: C416 - dict() takes no typed Row


SOURCE_OF = """(SELECT o.author_person FROM (SELECT * FROM adopted_entry t
      WHERE t.cycle_id = $1 AND t.entry_id = {} OFFSET 0) a
    CROSS JOIN LATERAL ledger_entry_elsewhere(a.from_cycle_id, a.from_entry_id) o)
    """
"""Who wrote what an entry was taken over from, if it was."""

_SOURCE_WRITERS = f"""
    SELECT each, source.author_person FROM unnest($2::uuid[]) each
    CROSS JOIN LATERAL {SOURCE_OF.format("each")} source
    """  # noqa: S608 - names of our own


async def sign(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], caller: Caller) -> None:
    """Add the caller's signature to entries that have none."""
    who = {"cycle_id": cycle_id, "signer": caller.subject, "signer_person": caller.person}
    await db.execute(insert(EntrySignatureRow), [who | {"entry_id": each} for each in ids])


async def to_sign(
    db: AsyncSession,
    cycle_id: UUID,
    unit: str,
    states: Collection[str],
    indicators: Collection[str],
) -> dict[tuple[str, str | None], int]:
    """Count the entries of a unit that are in some states and not signed off, by who wrote them,
    and who wrote what they were taken over from."""
    keys = [f"{unit} {state}" for state in states]
    rows = await (await driver_of(db)).fetch(_TO_SIGN, cycle_id, keys, sorted(indicators))
    return {(person, source): number for person, source, number in rows}


_ENTRIES = """
    unnest($2::text[]) each CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry_standing l
      WHERE l.cycle_id = $1 AND {} = each AND l.panel IS NULL OFFSET 0) s
    CROSS JOIN LATERAL (SELECT * FROM ledger_entry o
      WHERE o.cycle_id::text = $1::uuid::text AND o.entry_id = s.entry_id OFFSET 0) e
    LEFT JOIN LATERAL (SELECT * FROM entry_signature g
      WHERE g.cycle_id = $1 AND g.entry_id = s.entry_id OFFSET 0) g ON true
    """
_HANDED_IN_BY_UNIT = f"e.author_unit <> '{BY_OFFICE}' AND e.kind <> '{PROGRESS_REPORT}'"
_OF_UNIT = "l.author_unit || ' ' || l.state"
_TO_SIGN = f"""
    SELECT e.author_person, source.author_person, count(*) FROM {_ENTRIES.format(_OF_UNIT)}
    LEFT JOIN LATERAL {SOURCE_OF.format("s.entry_id")} source ON true
    WHERE g.entry_id IS NULL AND e.indicator = ANY ($3) AND {_HANDED_IN_BY_UNIT} GROUP BY 1, 2
    """  # noqa: S608 - names of our own


async def signatures_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    unit: str | None,
    states: Collection[str],
    indicators: Collection[str],
    is_signed: bool | None,
    page: PageRequest,
) -> list[Signed]:
    """Return entries of a page that are to be signed off as they came, of a unit or of all, and one
    more; those that are, those that are not, or all. Refuse them if they were altered."""
    expression = "l.state" if unit is None else _OF_UNIT
    keys = [*states] if unit is None else [f"{unit} {state}" for state in states]
    ways = None if unit is None else [Way("author_unit", [unit], anything)]
    after = await place_of(db, cycle_id, page, ways) or 0
    about = cycle_id, keys, sorted(indicators), is_signed, after, page.limit + 1
    rows = await (await driver_of(db)).fetch(
        _PAGE.format(_ENTRIES.format(expression), _HANDED_IN_BY_UNIT), *about
    )
    found = [Signed(*row) for row in rows]
    if found:
        records = {each.record for each in found}
        await require_intact(db, str(cycle_id), "ledger_entry", records=records)
    return found


_PAGE = """
    SELECT e.record, e.entry_id, e.unit, e.indicator, e.period, e.kind, e.key, e.item, e.value,
      e.word, e.occurred_on, e.note, e.author_unit, e.author, e.state,
      (SELECT count(*) FROM entry_evidence n WHERE n.cycle_id = $1 AND n.entry_id = e.entry_id),
      g.signer, g.signed_at
    FROM {}
    WHERE e.indicator = ANY ($3) AND {} AND e.number > $5
      AND ($4::boolean IS NULL OR (g.entry_id IS NOT NULL) = $4)
    ORDER BY e.number LIMIT $6
    """
