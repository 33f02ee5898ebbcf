"""What units have entered: under the names that outside systems give their records, and by id."""

from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.identity import Caller
from scoring.queries import hold
from scoring.queries.ledger import require_true_entries, steps_of
from scoring.rules.ledger.entries import BY_OFFICE, OF_A_DOCUMENT
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.source_refs import TAKEN_OUT, UNKNOWN, Known, Standing

_DRAFT = (
    "unit",
    "indicator",
    "kind",
    "key",
    "item",
    "period",
    "value",
    "word",
    "note",
    "occurred_on",
    "panel",
    "source_ref",
    *OF_A_DOCUMENT,
)
_TOLD = ("source_ref", "source_version", "entry_id", "state", "restates", *_DRAFT)
_KNOWN = f"SELECT {', '.join(_TOLD)} FROM entries_of_source($1, $2, $3, $4)"  # noqa: S608 - names of our own


async def hold_source(db: AsyncSession, cycle_id: UUID, author_unit: str) -> None:
    """Let no other batch of a unit recognise outside records until the commit.

    Two at once would both find a record unknown; the key of the table lets one of them in.
    """
    await hold(db, f"source-refs {author_unit}", cycle_id)


async def known_entries(
    db: AsyncSession, cycle_id: UUID, author_unit: str, refs: Collection[str]
) -> dict[str, Known]:
    """Return what a unit has entered under some names; refuse it if it is not what the journal
    recorded."""
    asked = cycle_id, author_unit, sorted(set(refs)), TAKEN_OUT
    rows: list[Any] = await (await driver_of(db)).fetch(_KNOWN, *asked)
    found = dict[str, Known]()
    for ref, version, entry_id, state, restates, *draft in map(itemgetter(*_TOLD), rows):
        stands = Standing(entry_id, state, restates, _draft(draft))
        before = found.get(ref, UNKNOWN)
        standing = before.standing if state in TAKEN_OUT else stands
        found[ref] = Known(max(before.versions, version), standing)
    standing_ = [known.standing for known in found.values() if known.standing]
    if standing_:
        await require_true_entries(db, cycle_id, standing_)
    return found


async def entered_by_office(
    db: AsyncSession, cycle_id: UUID, refs: Collection[str]
) -> frozenset[str]:
    """Return under which of some names the office has ever entered anything, whatever has become
    of it."""
    if not refs:
        return frozenset()
    names = [f"{cycle_id} {each}" for each in refs]
    rows = await (await driver_of(db)).fetch(_UNDER, names, BY_OFFICE, cycle_id)
    return frozenset(row["source_ref"] for row in rows)


# Looked up one by one, whatever is guessed of their number.
_UNDER = """
    SELECT DISTINCT found.source_ref FROM unnest($1::text[]) each CROSS JOIN LATERAL (
      SELECT e.source_ref FROM ledger_entry e
      WHERE e.cycle_id::text = $3::uuid::text
        AND e.cycle_id::text || ' ' || e.source_ref = each AND e.author_unit = $2
        AND e.source_ref IS NOT NULL OFFSET 0) found
    """


async def own_entries(
    db: AsyncSession, cycle_id: UUID, caller: Caller, ids: Collection[UUID]
) -> dict[UUID, Standing]:
    """Return those of some entries that the caller's unit has made, of marks those from the
    caller's own seat; refuse them if they are not what the journal recorded."""
    asked = cycle_id, list(ids), caller.organisation, caller.subject
    rows: list[Any] = await (await driver_of(db)).fetch(_OWN, *asked)
    found = {
        entry_id: Standing(entry_id, state, restates, _draft(draft))
        for entry_id, state, restates, *draft in map(tuple, rows)
    }
    if found:
        await require_true_entries(db, cycle_id, found.values())
    return found


def _draft(told: Iterable[Any]) -> Draft:
    return Draft(**dict(zip(_DRAFT, told, strict=True)))


# Each is looked up by its id, whatever is guessed of their number.
_OWN = f"""
    SELECT entry_id, state, restates, {", ".join(_DRAFT)}
    FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry e
      WHERE e.cycle_id::text = $1::uuid::text AND e.entry_id = each AND e.author_unit = $3
        AND (e.panel IS NULL OR e.author = $4) OFFSET 0) found
    """  # noqa: S608 - names of our own


async def being_taken_out_of(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> frozenset[UUID]:
    """Return for which of these entries a reversal was handed in."""
    if not ids:
        return frozenset()
    rows = await (await driver_of(db)).fetch(_REVERSED, cycle_id, list(ids))
    return frozenset(row["reverses"] for row in rows)


# Looked up one by one, whatever is guessed of their number.
_REVERSED = """
    SELECT reversal.reverses FROM unnest($2::uuid[]) each CROSS JOIN LATERAL (
      SELECT e.reverses FROM ledger_entry e WHERE e.cycle_id = $1 AND e.reverses = each OFFSET 0
    ) reversal
    """


async def reasons_of(
    db: AsyncSession, cycle_id: UUID, formers: Iterable[Standing]
) -> Mapping[UUID, str | None]:
    """Return why those of these entries were entered that restate others."""
    ids = [each.entry_id for each in formers if each.restates is not None]
    steps = await steps_of(db, cycle_id, ids) if ids else {}
    return {entry_id: found[0].reason for entry_id, found in steps.items()}
