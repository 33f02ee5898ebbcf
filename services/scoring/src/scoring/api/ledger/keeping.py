"""How a batch of entries is judged, row by row or as a whole, and how entries are stored."""

import asyncio
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple, Self, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import NewRows, add_rows
from chassis.identity import Caller
from chassis.modes import ALL
from chassis.refusals import Fault
from scoring.queries.adoptions import adopted_among
from scoring.queries.alike import day_and_alike
from scoring.queries.clashes import HeldLedger, entries_beside, hold_ledger_for, sittings
from scoring.queries.ledger import hold_entries, seen_phase
from scoring.queries.moves import keep_states, move_entries
from scoring.queries.periods import HeldPeriods, mark_late
from scoring.queries.results import results_of_other_years
from scoring.queries.source_refs import (
    being_taken_out_of,
    hold_source,
    known_entries,
    own_entries,
    reasons_of,
)
from scoring.rules.ledger.adoption import adopted_fault
from scoring.rules.ledger.batch import check_batch, faults_by_row, of_row
from scoring.rules.ledger.entries import OF_A_DOCUMENT
from scoring.rules.ledger.likeness import Alike, Marks, alike, marks_of
from scoring.rules.ledger.periods import Leave, admitted, entering_of
from scoring.rules.ledger.results import counted_elsewhere, units_with_results
from scoring.rules.ledger.seats import Author, Sitting
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import StoredEntry
from scoring.rules.ledger.source_refs import (
    Known,
    Link,
    Recognised,
    Standing,
    being_taken_out,
    link_of,
    recognised,
    repeated,
    replaced,
    with_their_refs,
)
from scoring.rules.ledger.states import DRAFT, HELD, REPLACED, VERIFIED, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import EntryLikenessRow, LedgerEntryRow, LedgerEntryStateRow

_COLUMNS = (
    "cycle_id",
    "entry_id",
    "unit",
    "indicator",
    "kind",
    "key",
    "item",
    "period",
    "value",
    "word",
    "occurred_on",
    "note",
    *OF_A_DOCUMENT,
    "author",
    "author_unit",
    "author_person",
    "replaces",
    "restates",
    "panel",
    "source_ref",
    "source_version",
)

_LIKENESS_COLUMNS = ("cycle_id", "entry_id", "unit", "document", "like_id")

_STATE_COLUMNS = ("cycle_id", "entry_id", "step", "state", "actor", "reason")


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries in our codes by their positions, as somebody sends them to a cycle's ledger.

    `unknown` are those whose codes mean nothing, as they came; `misnamed` the faults of rows whose
    codes have other names than they say.
    """

    cycle_id: UUID
    scheme: Scheme
    caller: Caller
    drafts: Mapping[int, Draft]
    state: str
    mode: str
    unknown: Mapping[int, Draft] = field(default_factory=dict)
    misnamed: Mapping[int, list[Fault]] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The unit that enters."""
        return self.caller.organisation or ""

    @property
    def refs(self) -> set[str]:
        """How the rows name their records."""
        rows = chain(self.drafts.values(), self.unknown.values())
        return {each.source_ref for each in rows if each.source_ref is not None}

    @property
    def entry_ids(self) -> set[UUID]:
        """The entries that rows name."""
        return {each.entry_id for each in self.drafts.values() if each.entry_id is not None}


class Outcomes(NamedTuple):
    """What became of rows, by their positions: `stored` are entries now, `known` were before, and
    `again` are those that say what an earlier row of the batch says; the others have faults."""

    stored: Mapping[int, UUID]
    known: Mapping[int, UUID]
    again: Mapping[int, UUID]
    faults: Mapping[int, list[Fault]]

    @property
    def entered(self) -> dict[int, UUID]:
        """The entries of all rows that have one."""
        return {**self.stored, **self.known, **self.again}

    def beside(self, other: Self) -> Self:
        """Return what became of these rows, and of others in the same list."""
        return self._replace(
            stored={**self.stored, **other.stored},
            known={**self.known, **other.known},
            again={**self.again, **other.again},
            faults={**self.faults, **other.faults},
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """What is to become of the rows of a batch, while its ledger is held.

    `kept` are those to be stored, `again` those that say what an earlier row says; `late` those
    whose period is closed, with the permission to enter them; `alike` tells what they look like.
    """

    phase: str
    day: dt.date
    kept: Mapping[int, Draft]
    found: Recognised
    known: Mapping[str, Known]
    faults: dict[int, list[Fault]]
    again: Mapping[int, int] = field(default_factory=dict)
    late: Mapping[int, Leave] = field(default_factory=dict)
    alike: Alike = field(default_factory=Alike)

    @property
    def told(self) -> dict[str, int]:
        """How many entries the journal is told to be replaced or restated, and left as they are."""
        formers = [former for row, former in self.found.formers.items() if row in self.kept]
        gone = len(replaced(formers))
        numbers = {
            "replaced": gone,
            "restated": len(formers) - gone,
            "unchanged": len(self.found.unchanged),
        }
        return {name: number for name, number in numbers.items() if number}

    def outcomes(self, ids: Mapping[int, UUID]) -> Outcomes:
        """Return what becomes of the rows, once those that are kept were stored under these ids."""
        known, faults, again = self.found.unchanged, dict(self.faults), dict[int, UUID]()
        for row, before in self.again.items():
            if before in faults:
                faults[row] = of_row(faults[before], row)
            else:
                again[row] = ids[before] if before in ids else known[before]
        first = {row: entry_id for row, entry_id in known.items() if row not in self.again}
        return Outcomes(ids, first, again, faults)


async def judged(db: AsyncSession, batch: Batch) -> Judged:
    """Hold the ledger and say what becomes of each row; refuse the whole where it is sealed, or
    where no row may be left out."""
    cycle_id, drafts = batch.cycle_id, batch.drafts.values()
    if batch.refs or batch.entry_ids:
        await hold_source(db, cycle_id, batch.unit)
    # A draft is held against the other entries when it is handed in.
    beside, forms = [] if batch.state == DRAFT else [*drafts], EntryForms(batch.scheme)
    marks = await _marks_in_open(db, batch, forms)
    held = await hold_ledger_for(db, cycle_id, beside, batch.scheme, marks)
    require_open(held.phase)
    if any(map(forms.is_judged, drafts)):
        # Two marks at once would not know of one another.
        await hold_entries(db, cycle_id)
    batch, known, found = await _recognised(db, batch)
    await _keep_to_one_year(db, batch.cycle_id, found, batch.scheme)
    entering = {
        row: [entering_of(each, batch.unit) for each in (draft, *_taken_out(found, row))]
        for row, draft in found.left.items()
    }
    late, closed = admitted(held.periods, entering, held.moment)
    for row, fault in closed.items():
        found.refuse(row, [fault])
    faults, again = await _faults(db, batch, found, held)
    gone = faults.keys() | again.keys()
    kept = {row: draft for row, draft in found.left.items() if row not in gone}
    likes = alike(marks, kept, held.alike, found.leaving)
    return Judged(held.phase, held.day, kept, found, known, faults, again, late, likes)


async def _keep_to_one_year(
    db: AsyncSession, cycle_id: UUID, found: Recognised, scheme: Scheme
) -> None:
    """Refuse the rows with results of other systems that stand in another year."""
    for row, fault in await _elsewhere(db, cycle_id, found.left, scheme):
        found.refuse(row, [fault])


async def _elsewhere(
    db: AsyncSession, cycle_id: UUID, drafts: Mapping[int, Draft], scheme: Scheme
) -> list[tuple[int, Fault]]:
    """Return the rows with results that stand in another year, with their faults."""
    units = units_with_results(drafts.values())
    if not units:
        return []
    standing = await results_of_other_years(db, cycle_id, units, scheme.assessment_year)
    return [*counted_elsewhere(drafts, standing)]


async def _marks_in_open(db: AsyncSession, batch: Batch, forms: EntryForms) -> Marks:
    """Return by what the rows are recognised; no text is read for a ledger that is sealed."""
    if any(each.note or each.item for each in batch.drafts.values()):
        require_open(await seen_phase(db, batch.cycle_id))
    # In a thread: thousands of long notes may come at once, and others must not wait.
    return await asyncio.to_thread(marks_of, batch.drafts, forms)


async def _recognised(
    db: AsyncSession, batch: Batch
) -> tuple[Batch, Mapping[str, Known], Recognised]:
    """Return the batch with the names of all its records, what is known under these, and the rows
    held against it."""
    named, known, found = await _looked_up(db, batch)
    if found.formers:
        # Somebody else may decide about them, or reverse them, at this moment.
        await hold_entries(db, batch.cycle_id)
        named, known, found = await _looked_up(db, batch)
        await _keep_what_is_reversed(db, batch.cycle_id, found)
        await _keep_what_is_adopted(db, batch.cycle_id, found)
    return named, known, found


async def _looked_up(
    db: AsyncSession, batch: Batch
) -> tuple[Batch, Mapping[str, Known], Recognised]:
    ids, named = batch.entry_ids, dict[UUID, Standing]()
    if ids:
        named = await own_entries(db, batch.cycle_id, batch.caller, ids)
        batch = replace(batch, drafts=with_their_refs(batch.drafts, named))
    refs, known = batch.refs, dict[str, Known]()
    if refs:
        known = await known_entries(db, batch.cycle_id, batch.unit, refs)
    found = recognised(batch.drafts, known, named, batch.state)
    for row, faults in batch.misnamed.items():
        found.refuse(row, faults)
    return batch, known, found


async def _keep_what_is_reversed(db: AsyncSession, cycle_id: UUID, found: Recognised) -> None:
    """Refuse the rows that would restate what is to be reversed."""
    counting = {e.entry_id for e in found.formers.values() if e.state == VERIFIED}
    leaving = await being_taken_out_of(db, cycle_id, counting)
    for row, former in list(found.formers.items()):
        if former.entry_id in leaving:
            found.refuse(row, [being_taken_out(row, found.left[row], former)])


async def _keep_what_is_adopted(db: AsyncSession, cycle_id: UUID, found: Recognised) -> None:
    """Refuse the rows that would change what was taken over from another cycle."""
    formers = {each.entry_id for each in found.formers.values()}
    adopted = await adopted_among(db, cycle_id, formers)
    for row, former in list(found.formers.items()):
        if former.entry_id in adopted:
            found.refuse(row, [adopted_fault(row, former.entry_id)])


async def _faults(
    db: AsyncSession, batch: Batch, found: Recognised, held: HeldLedger
) -> tuple[dict[int, list[Fault]], dict[int, int]]:
    """Return the faults of the rows that are left out, and which say what an earlier one says;
    refuse the whole where none may be left out."""
    stored, sat = await _beside(
        db, batch.cycle_id, [*found.left.values()], batch.scheme, batch.state, held
    )
    author = author_of(batch.caller)
    if batch.mode != ALL:
        return faults_by_row(
            found,
            batch.drafts,
            batch.scheme,
            author,
            stored=stored,
            sittings=sat,
            today=held.day,
        )
    again, twice = repeated(batch.drafts, found.about)
    rows = {row: each for row, each in found.left.items() if row not in {**again, **twice}}
    check_batch(
        rows,
        batch.scheme,
        author,
        stored=stored,
        leaving=[*chain.from_iterable(found.leaving.values())],
        sittings=sat,
        today=held.day,
        others=chain(*found.faults.values(), *twice.values()),
    )
    return {}, again


async def keep(db: AsyncSession, batch: Batch, kept: Judged) -> dict[int, UUID]:
    """Store the rows that are to be, and move what they take the place of; return their ids."""
    if not kept.kept:
        return {}
    formers = {row: former for row, former in kept.found.formers.items() if row in kept.kept}
    if gone := replaced(formers.values()):
        await move_entries(db, batch.cycle_id, gone, REPLACED, batch.caller.subject)
    reasons = await reasons_of(db, batch.cycle_id, formers.values())
    links = [link_of(row, kept.known, kept.found, reasons) for row in kept.kept]
    drafts = [*kept.kept.values()]
    ids = [uuid.uuid4() for _ in drafts]
    stored = dict(zip(kept.kept, ids, strict=True))
    about = batch.cycle_id, drafts, batch.caller, batch.state, links, ids
    await store_entries(db, *about, kept.alike.kept(stored))
    late = {stored[row]: leave for row, leave in kept.late.items() if row in stored}
    await mark_late(db, batch.cycle_id, late)
    return stored


def _taken_out(found: Recognised, row: int) -> list[Draft]:
    """Return the entry that a row takes the place of, where that counts or waits to."""
    former = found.formers.get(row)
    return [former.draft] if former is not None and former.state in HELD else []


def author_of(caller: Caller) -> Author:
    """Return the caller as the author of what it enters."""
    return Author(caller.organisation, caller.subject, caller.person)


async def _beside(
    db: AsyncSession,
    cycle_id: UUID,
    drafts: Sequence[Draft],
    scheme: Scheme,
    state: str,
    held: HeldLedger | None,
) -> tuple[list[StoredEntry], list[Sitting]]:
    """Return what entries are held against: a draft against nothing before it is handed in."""
    if state == DRAFT:
        return [], []
    stored = await entries_beside(db, cycle_id, drafts, scheme, held)
    return stored, await sittings(db, cycle_id, drafts)


class Checked(NamedTuple):
    """What is found about entries that may be entered: by which permission those are whose period
    is closed, and what they are like."""

    late: dict[int, Leave]
    alike: Alike


async def check_entries(
    db: AsyncSession,
    cycle_id: UUID,
    drafts: Sequence[Draft],
    scheme: Scheme,
    caller: Caller,
    state: str,
    held: HeldPeriods,
    restates: LedgerEntryRow | None = None,
    replaces: LedgerEntryRow | None = None,
) -> Checked:
    """Refuse entries that no score would read, beside what is in the ledger already, or whose
    period is closed; return by which permission they are let in where it is, and what they are
    like.

    A draft is held against the other entries when it is handed in. What an entry `restates` leaves
    when it comes.
    """
    stored, sat = await _beside(db, cycle_id, drafts, scheme, state, None)
    former = [] if restates is None else [restates]
    rows, leaving = dict(enumerate(drafts)), [each.entry_id for each in former]
    marks = await asyncio.to_thread(marks_of, rows, EntryForms(scheme))
    day, there = await day_and_alike(db, cycle_id, scheme.time_zone, marks)
    author = author_of(caller)
    entering = {
        n: [entering_of(draft, author.unit), *(entering_of(each, author.unit) for each in former)]
        for n, draft in enumerate(drafts)
    }
    late, closed = admitted(held.periods, entering, held.moment)
    elsewhere = [fault for _, fault in await _elsewhere(db, cycle_id, rows, scheme)]
    check_batch(
        drafts,
        scheme,
        author,
        stored=stored,
        leaving=leaving,
        sittings=sat,
        today=day,
        others=[*closed.values(), *elsewhere],
    )
    gone = leaving if replaces is None else [*leaving, replaces.entry_id]
    return Checked(late, alike(marks, rows, there, dict.fromkeys(rows, gone)))


async def next_version(
    db: AsyncSession, cycle_id: UUID, author_unit: str, source_ref: str | None
) -> int | None:
    """Return how many entries of a unit there are under a `source_ref` with the next one.

    Of one that stands nobody else adds any while the states of entries are held.
    """
    if source_ref is None:
        return None
    known = await known_entries(db, cycle_id, author_unit, [source_ref])
    return known[source_ref].versions + 1


async def store_entries(
    db: AsyncSession,
    cycle_id: UUID,
    drafts: Sequence[Draft],
    caller: Caller,
    state: str,
    links: Iterable[Link] | None = None,
    ids: Sequence[UUID] = (),
    likenesses: Iterable[tuple[object, ...]] = (),
    author_unit: str | None = None,
) -> list[UUID]:
    """Add entries in a state, each with what it follows, and their `likenesses`, made by the
    caller's unit unless another `author_unit` is given; return their ids."""
    ids = [*ids] or [uuid.uuid4() for _ in drafts]
    written = (caller.subject, author_unit or caller.organisation, caller.person)
    linked = [Link()] * len(drafts) if links is None else [*links]
    rows = [
        (
            *(cycle_id, entry_id, *d.slot, d.value, d.word, d.occurred_on, d.note),
            *(*d.document_told, *written),
            *(link.replaces, link.restates, d.panel, d.source_ref, link.version),
        )
        for entry_id, d, link in zip(ids, drafts, linked, strict=True)
    ]
    states = [
        (cycle_id, entry_id, 1, state, caller.subject, link.reason)
        for entry_id, link in zip(ids, linked, strict=True)
    ]
    likes = [(cycle_id, *each) for each in likenesses]
    added = [
        NewRows(cast(Table, LedgerEntryRow.__table__), _COLUMNS, rows),
        NewRows(cast(Table, LedgerEntryStateRow.__table__), _STATE_COLUMNS, states),
        NewRows(cast(Table, EntryLikenessRow.__table__), _LIKENESS_COLUMNS, likes),
    ]
    await add_rows(db, *(each for each in added if each.rows))
    await keep_states(db, cycle_id, ids)
    return ids
