"""Who brought about what objections are about: asked of many at once, in as many questions as of
one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis.stored import require_intact
from scoring.queries.ledger import standing_of
from scoring.rules.appeals.standing import Involved
from scoring.rules.corrections.correcting import APPROVED
from scoring.tables.claims import ClaimRow, ClaimStateRow
from scoring.tables.corrections import CorrectionDecisionRow, CorrectionRow
from scoring.tables.duties import DutyCardEventRow
from scoring.tables.ledger import LedgerEntryRow, LedgerEntryStateRow

Column = InstrumentedAttribute[Any]

Pair = tuple[str, str]
"""A unit, and an indicator by which it is assessed."""

Card = tuple[str, str, str, str]
"""A unit, an indicator, a period and a light."""


def _are(found: Iterable[tuple[str, ...]], *columns: Column) -> ColumnElement[bool]:
    """Return the condition that columns have the texts of one of these rows; one parameter for
    each column, however many rows there are."""
    texts = zip(*found, strict=True)
    listed = [func.unnest(literal([*each], ARRAY(Text))) for each in texts]
    return tuple_(*columns).in_(select(*listed))


def _is_among(column: Column, ids: Collection[UUID]) -> ColumnElement[bool]:
    return column == any_(literal([*ids], ARRAY(Uuid)))


async def entries_about(
    db: AsyncSession, cycle_id: UUID, pairs: Collection[Pair]
) -> Mapping[Pair, list[LedgerEntryRow]]:
    """Return all entries about units for indicators, whatever became of them."""
    of, found = LedgerEntryRow, defaultdict[Pair, list[LedgerEntryRow]](list)
    if pairs:
        query = select(of).where(of.cycle_id == cycle_id, _are(pairs, of.unit, of.indicator))
        for row in await db.scalars(query):
            found[row.unit, row.indicator].append(row)
    return found


async def card_entries(
    db: AsyncSession, cycle_id: UUID, cards: Collection[Card]
) -> Mapping[Card, UUID]:
    """Return the events that cards have become, where they have become one."""
    of = DutyCardEventRow
    if not cards:
        return {}
    columns = of.unit, of.indicator, of.period, of.light
    query = select(*columns, of.entry_id).where(of.cycle_id == cycle_id, _are(cards, *columns))
    rows = await db.execute(query.where(of.entry_id.is_not(None)))
    return {
        (unit, code, period, light): entry for unit, code, period, light, entry in rows if entry
    }


async def entries_and_after(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> Mapping[UUID, list[LedgerEntryRow]]:
    """Return entries, whatever became of them, each with those that reverse or restate it."""
    of, found = LedgerEntryRow, defaultdict[UUID, list[LedgerEntryRow]](list)
    if not ids:
        return found
    columns: tuple[Column, ...] = of.entry_id, of.reverses, of.restates
    one, other, third = (_is_among(each, ids) for each in columns)
    for row in await db.scalars(select(of).where(of.cycle_id == cycle_id, one | other | third)):
        for named in {row.entry_id, row.reverses, row.restates} & {*ids}:
            if named is not None:
                found[named].append(row)
    return found


async def hands_of_entries(
    db: AsyncSession, cycle_id: UUID, rows: Iterable[LedgerEntryRow]
) -> dict[UUID, Involved]:
    """Return who entered, checked, signed off, verified or sent back each of some entries, or what
    it takes out, and the unit that entered it."""
    known = {each.entry_id: each for each in rows}
    if not known:
        return {}
    step, decided = LedgerEntryStateRow, defaultdict[UUID | None, set[str]](set)
    ids = {*known, *(each.restates for each in known.values() if each.restates is not None)}
    query = select(step.entry_id, step.person).where(step.cycle_id == cycle_id)
    query = query.where(_is_among(step.entry_id, ids), step.person.is_not(None)).distinct()
    for entry_id, person in await db.execute(query):
        decided[entry_id].add(person or "")
    found = dict[UUID, Involved]()
    for entry_id, each in (await standing_of(db, cycle_id, known.values())).items():
        row = known[entry_id]
        persons = {*each.persons, *each.checkers, *each.signers}
        persons |= decided[entry_id] | decided[row.restates]
        found[entry_id] = Involved(frozenset(persons), frozenset({row.author_unit}))
    return found


async def hands_of_corrections(
    db: AsyncSession, cycle_id: UUID, pairs: Collection[Pair]
) -> Mapping[Pair, set[str]]:
    """Return who proposed and approved corrections about units for indicators."""
    of, decided = CorrectionRow, CorrectionDecisionRow
    found = defaultdict[Pair, set[str]](set)
    if not pairs:
        return found
    same = (decided.cycle_id == of.cycle_id) & (decided.correction_id == of.correction_id)
    query = select(of.unit, of.indicator, of.person, decided.person).join(decided, same)
    about = of.cycle_id == cycle_id, _are(pairs, of.unit, of.indicator)
    rows = (await db.execute(query.where(*about, decided.decision == APPROVED))).all()
    await require_intact(db, str(cycle_id), "correction", "correction_decision")
    for unit, indicator, *persons in rows:
        found[unit, indicator or ""].update(persons)
    return found


async def hands_of_claims(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]
) -> dict[UUID, tuple[str, Involved]]:
    """Return the unit of each of some claims, and who handed it in, answered it, decided about it,
    or corrected it since."""
    if not ids:
        return {}
    row, step = ClaimRow, ClaimStateRow
    of, decided = CorrectionRow, CorrectionDecisionRow
    same = (decided.cycle_id == of.cycle_id) & (decided.correction_id == of.correction_id)
    wrote = select(row.claim_id, row.author_person, row.unit).where(row.cycle_id == cycle_id)
    moved = select(step.claim_id, step.person).where(step.cycle_id == cycle_id)
    corrected = select(of.claim_id, of.person, decided.person).join(decided, same)
    corrected = corrected.where(of.cycle_id == cycle_id, decided.decision == APPROVED)
    units, persons = dict[UUID, str](), defaultdict[UUID, set[str]](set)
    for claim_id, person, unit in await db.execute(wrote.where(_is_among(row.claim_id, ids))):
        units[claim_id] = unit
        persons[claim_id].add(person)
    for claim_id, person in await db.execute(moved.where(_is_among(step.claim_id, ids)).distinct()):
        persons[claim_id].add(person)
    for named, *both in await db.execute(corrected.where(_is_among(of.claim_id, ids))):
        if named is not None:
            persons[named].update(both)
    return {each: (unit, Involved(frozenset(persons[each]))) for each, unit in units.items()}
