"""Which entries are signed off by a second person of their unit, and which wait for that."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.identity import Caller
from scoring.rules.ledger.entries import BY_OFFICE, PROGRESS_REPORT
from scoring.tables.signatures import EntrySignatureRow


class Signed(NamedTuple):
    """An entry that is signed off or waits for it: who wrote it, and who has signed it when."""

    number: int
    entry_id: UUID
    unit: str
    indicator: str
    period: str
    author_unit: str
    author: str
    state: str
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
) -> dict[str, int]:
    """Count the entries of a unit that are in some states and not signed off, by who wrote them."""
    keys = [f"{unit} {state}" for state in states]
    rows = await (await driver_of(db)).fetch(_TO_SIGN, cycle_id, keys, sorted(indicators))
    return {person: number for person, number in rows}  # noqa: C416 - dict() takes no typed Row


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
    SELECT e.author_person, count(*) FROM {_ENTRIES.format(_OF_UNIT)}
    WHERE g.entry_id IS NULL AND e.indicator = ANY ($3) AND {_HANDED_IN_BY_UNIT} GROUP BY 1
    """  # noqa: S608 - names of our own


async def signatures_on_page(
    db: AsyncSession,
    cycle_id: UUID,
    unit: str | None,
    states: Collection[str],
    indicators: Collection[str],
    is_signed: bool | None,
    after: int,
    limit: int,
) -> list[Signed]:
    """Return entries that are to be signed off as they came, of a unit or of all, from after a
    number on; those that are, those that are not, or all."""
    expression = "l.state" if unit is None else _OF_UNIT
    keys = [*states] if unit is None else [f"{unit} {state}" for state in states]
    about = cycle_id, keys, sorted(indicators), is_signed, after, limit
    rows = await (await driver_of(db)).fetch(
        _PAGE.format(_ENTRIES.format(expression), _HANDED_IN_BY_UNIT), *about
    )
    return [Signed(*row) for row in rows]


_PAGE = """
    SELECT e.number, e.entry_id, e.unit, e.indicator, e.period, e.author_unit, e.author, e.state,
      g.signer, g.signed_at
    FROM {}
    WHERE e.indicator = ANY ($3) AND {} AND e.number > $5
      AND ($4::boolean IS NULL OR (g.entry_id IS NOT NULL) = $4)
    ORDER BY e.number LIMIT $6
    """
