"""Adoption (沿用): an entry of one cycle taken over by another that assesses its unit too."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple
from uuid import UUID, uuid4

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import NotAllowed, Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Outgoing
from scoring.api.evidence.named import READS, name_files
from scoring.api.evidence.reading import Readable, all_readable
from scoring.api.explanation.readers import Duties, duties_of
from scoring.api.ledger.alike import LikelyDuplicate, likely_duplicates
from scoring.api.ledger.entries import AnyKind, State, Word, readable
from scoring.api.ledger.keeping import Batch, Judged, judged, keep
from scoring.events import about_drafts
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.adoptions import (
    Adopted,
    adoptions_on_page,
    hold_adoptions,
    source_of,
    stands_already,
)
from scoring.queries.entries import ShownEntry, entry_read_by
from scoring.queries.evidence import evidence_of_entry
from scoring.rules.ledger.adoption import (
    AdoptionRefused,
    NoSuchSource,
    Place,
    Source,
    check_adoption,
    digest_of,
    of_the_place,
    standing_in,
    taken_over,
)
from scoring.rules.ledger.batch import BatchRejected, NotTheDataSource, NotTheSeat
from scoring.rules.ledger.entries import OF_A_DOCUMENT
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.states import LedgerSealed
from scoring.tables.adoptions import AdoptedEntryRow
from scoring.tables.evidence import EntryEvidenceRow, EvidenceRow

router = Router("/cycles/{cycle_id}/ledger-entries/adoptions", tags=["ledger"])

READ_ENTRY = "GET /api/v1/cycles/{cycle_id}/ledger-entries/{entry_id}"


class NewEntryAdoption(Incoming):
    """Which entry of which other cycle is taken over, and for what it counts here.

    `indicator`, `key`, `item` and `period` are those that it has there unless given. Another period
    is taken of an event alone: one that holds its day, or all of the period that it has there.
    """

    from_cycle_id: UUID
    entry_id: UUID
    indicator: Code | None = None
    key: Word | None = None
    item: Word | None = None
    period: Word | None = None
    state: Literal["draft", "submitted"] = "submitted"

    @property
    def place(self) -> Place:
        """For what it counts here."""
        return Place(self.indicator, self.key, self.item, self.period)


class AdoptedEntry(Outgoing):
    """The entry of this cycle that says what one of another cycle says, by whose `digest`.

    `evidence` counts the files that it names, as the other one does.
    """

    entry_id: UUID
    from_cycle_id: UUID
    from_entry_id: UUID
    digest: str
    state: State
    evidence: int
    likely_duplicates: list[LikelyDuplicate]
    receipt: Receipt | None


class EntryAdoption(Outgoing):
    """An entry that was taken over, and from where.

    It is `outdated` where the entry that it was taken from neither counts any more nor waits to.
    """

    entry_id: UUID
    unit: str
    indicator: str
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    state: State
    author_unit: str
    from_cycle_id: UUID
    from_entry_id: UUID
    digest: str
    outdated: bool
    adopted_at: dt.datetime


class _There(NamedTuple):
    """What the scheme of the other cycle names the caller's unit for, when it reads entries and
    when it reads evidence."""

    entries: Duties
    evidence: Duties


_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.post(
    "",
    status_code=201,
    responses=documents(
        AdoptionRefused, BatchRejected, LedgerSealed, NoSuchSource, NotTheDataSource, *_PEERS
    ),
)
async def adopt_entry(
    cycle_id: UUID, new: NewEntryAdoption, db: Transaction, permit: Permit, ask: AskPeers
) -> AdoptedEntry:
    """Take an entry of another cycle over into this one, by reference: it says the same, and names
    the same evidence. A result of another system that is of the year before stands in for this
    year's until that comes (`last_year`).

    The caller may read it there, and its unit enters the indicator here. This cycle verifies it for
    itself. It cannot be corrected or restated here; when the other one is withdrawn, replaced or
    reversed it is `outdated`, and whoever has to act is told so by a task.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    there = await _there(ask, permit, new.from_cycle_id)
    source = await _source(db, permit, there, new)
    year = scheme.assessment_year
    here = standing_in(source.draft, taken_over(source.draft, new.place), year)
    if here.stands_in:
        source = replace(source, of_year_before=await _is_year_before(ask, cycle_id, new))
    await hold_adoptions(db, cycle_id)
    twice = await stands_already(db, cycle_id, new.from_cycle_id, new.entry_id)
    check_adoption(source, here, cycle_id, twice=twice)
    files = await _files(db, permit, there, new)
    batch = Batch(cycle_id, scheme, permit.caller, {0: here}, new.state, "all")
    found = await _judged(db, batch)
    permit.require({NAMED_SOURCE}, found.phase)

    ids = await keep(db, batch, found)
    row = AdoptedEntryRow(
        cycle_id=cycle_id,
        entry_id=ids[0],
        from_cycle_id=new.from_cycle_id,
        from_entry_id=new.entry_id,
        digest=digest_of(source.draft),
    )
    db.add(row)
    brought = await _bring(db, cycle_id, permit.caller, files)
    await name_files(db, cycle_id, EntryEvidenceRow, permit.caller, {ids[0]: brought})
    told = {"entry_id": str(ids[0]), "digest": row.digest, "state": new.state}
    told |= {"from_cycle_id": str(new.from_cycle_id), "from_entry_id": str(new.entry_id)}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.entry-adopted",
        body=told
        | ({"evidence": len(brought)} if brought else {})
        | about_drafts([here], permit.caller.organisation),
    )
    return AdoptedEntry(
        **told,
        evidence=len(brought),
        likely_duplicates=likely_duplicates(found.alike, 0, permit, {}),
        receipt=receipt,
    )


async def _there(ask: Peers, permit: Permission, cycle_id: UUID) -> _There:
    """Return what the caller's unit is named for in another cycle; one that the caller cannot know
    of has no entry either."""
    if not permit.reached()(cycle_id):
        raise NoSuchSource("There is no such entry.", "没有这条记录。")
    try:
        entries = await duties_of(ask, permit.of(READ_ENTRY), cycle_id)
        evidence = await duties_of(ask, permit.of(READS), cycle_id)
    except PeerMissing:
        raise NoSuchSource("There is no such entry.", "没有这条记录。") from None
    return _There(entries, evidence)


async def _is_year_before(ask: Peers, cycle_id: UUID, new: NewEntryAdoption) -> bool:
    cycles = {each.cycle_id: each for each in await ask.indicators.cycles()}
    here, there = cycles.get(cycle_id), cycles.get(new.from_cycle_id)
    return here is not None and there is not None and here.follows(there)


async def _source(
    db: AsyncSession, permit: Permission, there: _There, new: NewEntryAdoption
) -> Source:
    """Return the entry that is to be taken over, as far as the caller may read it."""
    found = await read_as(db, permit.of(READ_ENTRY), there.entries, new.from_cycle_id, new.entry_id)
    if found is None:
        raise NoSuchSource("There is no such entry.", "没有这条记录。")
    adopted = await source_of(db, new.from_cycle_id, new.entry_id)
    state, author = found.state, found.author_unit
    is_adopted = adopted is not None
    return Source(new.from_cycle_id, new.entry_id, _draft_of(found), state, author, is_adopted)


async def read_as(
    db: AsyncSession, reading: Permission, duties: Duties, cycle_id: UUID, entry_id: UUID
) -> ShownEntry | None:
    """Return an entry of a cycle that the caller may read there, None for any other."""
    try:
        ways = readable(reading, duties)
    except NotAllowed:
        return None
    return await entry_read_by(db, cycle_id, entry_id, ways)


def _draft_of(found: ShownEntry) -> Draft:
    """Return an entry as the rules look at one that is handed in; a mark is known by its kind."""
    names = ("unit", "indicator", "kind", "key", "item", "period", "value", "word", "note")
    told = {name: getattr(found, name) for name in (*names, "occurred_on", *OF_A_DOCUMENT)}
    return Draft(**told)


async def _files(
    db: AsyncSession, permit: Permission, there: _There, new: NewEntryAdoption
) -> Sequence[Readable]:
    """Return the evidence of the entry that is taken over, as the caller is given it there."""
    named = await evidence_of_entry(db, new.from_cycle_id, new.entry_id)
    ids = [each.evidence_id for each in named]
    if not ids:
        return []
    about = new.from_cycle_id, ids, permit.of(READS), there.evidence
    found: Mapping[UUID, Readable] = await all_readable(db, *about)
    return [found[each] for each in ids if each in found]


async def _bring(
    db: AsyncSession, cycle_id: UUID, caller: Caller, files: Sequence[Readable]
) -> list[UUID]:
    """Have this cycle know files of another by their contents, which lie in the store once.

    Who is given a copy of a picture without location and device brings just that.
    """
    rows = [_known_here(cycle_id, caller, each) for each in files]
    db.add_all(rows)
    await db.flush()
    return [row.evidence_id for row in rows]


def _known_here(cycle_id: UUID, caller: Caller, file: Readable) -> EvidenceRow:
    there = file.row
    names = ("digest", "size", "kind", "taken_at", "copy_kind", "copy_digest", "copy_size")
    told = {name: getattr(there, name) for name in names}
    if file.is_copy:
        own = ("digest", "size", "kind")
        told = dict.fromkeys(names) | {name: getattr(there, f"copy_{name}") for name in own}
    return EvidenceRow(
        cycle_id=cycle_id,
        evidence_id=uuid4(),
        name=there.name,
        width=there.width,
        height=there.height,
        picture_hash=there.picture_hash,
        author=caller.subject,
        author_person=caller.person,
        author_unit=caller.organisation,
        **told,
    )


async def _judged(db: AsyncSession, batch: Batch) -> Judged:
    """Hold the ledger and judge the entry as one that is entered here."""
    try:
        return await judged(db, batch)
    except (BatchRejected, NotTheDataSource, NotTheSeat) as refused:
        faults = of_the_place(refused.faults)
        raise type(refused)(refused.detail_en, refused.detail_zh, faults=faults) from None


@router.get("", responses=documents(*_PEERS))
async def list_adoptions(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    outdated: Annotated[
        bool | None,
        Query(description="Whose source stands no longer, or those whose source does."),
    ] = None,
    unit: Annotated[Code | None, Query(description="About this unit.")] = None,
) -> Page[EntryAdoption]:
    """List the entries that were taken over from other cycles, of those that the caller may read,
    in the order in which they were entered."""
    ways = readable(permit, await duties_of(ask, permit, cycle_id))
    found = await adoptions_on_page(db, cycle_id, page, ways, outdated=outdated, unit=unit)
    return Page.of(
        [shown_adoption(each) for each in found], page.limit, lambda each: str(each.entry_id)
    )


def shown_adoption(found: Adopted) -> EntryAdoption:
    """Return an entry that was taken over, as it is told."""
    names = EntryAdoption.model_fields.keys()
    return EntryAdoption(**{name: getattr(found, name) for name in names})
