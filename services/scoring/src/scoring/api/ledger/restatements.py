"""Restatements: another value in the place of a verified one; both stay to be read (修订)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from scoring.api.checks.replacing import require_not_held
from scoring.api.evidence.named import EvidenceIds, name_files, require_readable
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.alike import LikelyDuplicate, likely_duplicates
from scoring.api.ledger.clocks import clock_for
from scoring.api.ledger.documents import require_same
from scoring.api.ledger.entries import (
    AnyKind,
    Authority,
    DocumentNo,
    Listed,
    State,
    States,
    Word,
    knows,
    of_tag,
    readable,
)
from scoring.api.ledger.keeping import check_entries, next_version, store_entries
from scoring.api.ledger.reversals import NoSuchEntry, own_entry
from scoring.api.ledger.verification import draft_of, hold_ledger
from scoring.events import about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.adoptions import adopted_among
from scoring.queries.entries import (
    ShownEntry,
    Wanted,
    restatements_by_source,
    restatements_on_page,
)
from scoring.queries.ledger import Steps, entry_rows, is_being_taken_out, standing_of, steps_of
from scoring.queries.periods import mark_late
from scoring.rules.checks.findings import BeingChecked
from scoring.rules.checks.fraud import PartOfFraud
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.adoption import EntryAdopted, refuse_if_adopted
from scoring.rules.ledger.batch import BatchRejected, NotTheDataSource, NotTheSeat, check_restated
from scoring.rules.ledger.entries import OF_A_DOCUMENT
from scoring.rules.ledger.seats import AUTHORS
from scoring.rules.ledger.source_refs import Link
from scoring.rules.ledger.states import (
    LOCKED,
    SUBMITTED,
    VERIFIED,
    VOIDED,
    LedgerSealed,
    NotRestatable,
    check_restatement,
)
from scoring.rules.scheme.tags import UnknownTag
from scoring.tables.evidence import EntryEvidenceRow
from scoring.tables.ledger import LedgerEntryRow

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])

_Refused = BatchRejected | NotTheDataSource | NotTheSeat

_TOLD = ("value", "word", "occurred_on", "note", *OF_A_DOCUMENT)

TOOK_EFFECT = (VERIFIED, LOCKED, VOIDED)
"""The states of a restatement that counts, or did until it was taken out itself."""


class NewRestatement(Incoming):
    """What a verified entry is to tell instead, and why: its value, status or day.

    It is about what that entry is about; a `note` is wanted where one is of any such entry.
    `evidence_ids` are files that support it: it names none of those that the other one names.
    """

    reason: Text
    value: Exact | None = None
    word: Word | None = None
    occurred_on: dt.date | None = None
    note: Text | None = None
    listed: Listed | None = None
    published_value: Exact | None = None
    document_no: DocumentNo | None = None
    document_date: dt.date | None = None
    authority: Authority | None = None
    about_from: dt.date | None = None
    about_until: dt.date | None = None
    evidence_ids: EvidenceIds = Field(default_factory=list)


class RestatedEntry(Outgoing):
    """The new entry, which takes the other one out once it is verified, and what it looks like
    besides."""

    entry_id: UUID
    restates: UUID
    likely_duplicates: list[LikelyDuplicate]
    receipt: Receipt | None


class EntryVersion(Outgoing):
    """What an entry told, and from when until when it counted; null where it never did, or does.

    `verified_by` is told to who made the entry, and to who decides or audits.
    """

    entry_id: UUID
    value: Exact | None
    word: str | None
    occurred_on: dt.date | None
    note: str | None
    listed: int | None
    published_value: Exact | None
    document_no: str | None
    document_date: dt.date | None
    authority: str | None
    about_from: dt.date | None
    about_until: dt.date | None
    state: State
    author: str
    verified_by: str | None
    counted_from: dt.datetime | None
    counted_until: dt.datetime | None


class Restatement(Outgoing):
    """An entry that restates another: what both tell, by whom, and why."""

    unit: str
    indicator: str
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    author_unit: str
    reason: str
    former: EntryVersion
    restated: EntryVersion


class Restatements(Page[Restatement]):
    """A page of restatements; `by_source` counts, of all that the caller may read, those that took
    effect, by the unit that restated."""

    by_source: dict[str, int]


@router.post(
    "/{entry_id}/restatement",
    status_code=201,
    responses=documents(
        BatchRejected,
        EntryAdopted,
        EvidenceNotNamed,
        NotTheDataSource,
        NotTheSeat,
        BeingChecked,
        PartOfFraud,
        NoSuchEntry,
        NotRestatable,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def restate_entry(
    cycle_id: UUID,
    entry_id: UUID,
    new: NewRestatement,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> RestatedEntry:
    """Enter another value for a verified entry of the caller's own unit.

    The former value counts until the new one is verified, and stays to be read.
    """
    caller = permit.caller
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    clock = await clock_for(ask, cycle_id, same)
    held = await hold_ledger(db, cycle_id, permit, AUTHORS)
    row = await own_entry(db, cycle_id, entry_id, permit)
    await require_same(same, db, cycle_id, entry_id, clock)
    standing = (await standing_of(db, cycle_id, [row]))[entry_id]
    check_restatement(standing, await is_being_taken_out(db, cycle_id, entry_id))
    await require_not_held(db, cycle_id, entry_id)
    refuse_if_adopted(await adopted_among(db, cycle_id, [entry_id]))
    former = draft_of(row)
    told = {name: getattr(new, name) for name in _TOLD}
    draft = replace(former, **told)
    check_restated(former, draft)
    await require_readable(db, cycle_id, permit, ask, new.evidence_ids, "")
    try:
        about = db, cycle_id, [draft], scheme, caller, SUBMITTED, held
        late, alike = await check_entries(*about, restates=row)
    except (BatchRejected, NotTheDataSource, NotTheSeat) as refused:
        raise _of_the_body(refused) from None

    version = await next_version(db, cycle_id, row.author_unit, row.source_ref)
    link = Link(None, entry_id, new.reason, version)
    added = uuid4()
    store = db, cycle_id, [draft], caller, SUBMITTED, [link], [added]
    await store_entries(*store, alike.kept({0: added}))
    await mark_late(db, cycle_id, {added: late[0]} if late else {})
    await name_files(db, cycle_id, EntryEvidenceRow, caller, {added: new.evidence_ids})
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.entry-restatement-submitted",
        body={"entry_id": str(added), "restates": str(entry_id), "reason": new.reason}
        | ({"evidence": len(new.evidence_ids)} if new.evidence_ids else {})
        | about_rows([row]),
    )
    likes = likely_duplicates(alike, 0, permit, {})
    return RestatedEntry(
        entry_id=added, restates=entry_id, likely_duplicates=likes, receipt=receipt
    )


def _of_the_body(refused: _Refused) -> _Refused:
    """Return the refusal of a batch of one with pointers into the body that is that one."""
    faults = [
        replace(fault, pointer=fault.pointer.removeprefix("/entries/0")) for fault in refused.faults
    ]
    return type(refused)(refused.detail_en, refused.detail_zh, faults=faults)


@router.get(
    "/restatements",
    responses=documents(UnknownTag, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def list_restatements(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query()] = None,
    indicator: Annotated[Code | None, Query()] = None,
    author_unit: Annotated[Code | None, Query()] = None,
    tag: Annotated[Code | None, Query()] = None,
    state: States = None,
    period: Annotated[Word | None, Query(description="About this period.")] = None,
) -> Restatements:
    """Give the restatements that the caller may read, in the order in which they were entered."""
    tagged = await of_tag(ask, cycle_id, tag)
    wanted = Wanted(unit, indicator, state or (), tagged, author_unit, period=period)
    duties = await duties_of(ask, permit, cycle_id)
    ways = readable(permit, duties)
    found = await restatements_on_page(db, cycle_id, page, ways, wanted)
    before = await entry_rows(db, cycle_id, [each.restates for each in found if each.restates])
    records = {each.record for each in before.values()}
    await require_intact(db, str(cycle_id), "ledger_entry", records=records)
    steps = await steps_of(db, cycle_id, [*(each.entry_id for each in found), *before])
    told = [_told(each, before, steps, knows(permit, each, duties)) for each in found]
    shown = Page.of(told, page.limit, lambda each: str(each.restated.entry_id))
    counts = await restatements_by_source(db, cycle_id, ways, TOOK_EFFECT)
    return Restatements(items=shown.items, next=shown.next, by_source=counts)


def _told(
    entry: ShownEntry, before: Mapping[UUID, LedgerEntryRow], steps: Steps, knows: bool
) -> Restatement:
    former = before[entry.restates] if entry.restates else entry
    names = Restatement.model_fields.keys() - {"reason", "former", "restated"}
    return Restatement(
        **{name: getattr(entry, name) for name in names},
        reason=steps[entry.entry_id][0].reason or "",
        former=_version(former, steps, knows),
        restated=_version(entry, steps, knows),
    )


def _version(entry: LedgerEntryRow | ShownEntry, steps: Steps, knows: bool) -> EntryVersion:
    taken = {step.state: step for step in steps[entry.entry_id]}
    counted, until = taken.get(VERIFIED), taken.get(VOIDED)
    names = ("entry_id", *_TOLD, "state", "author")
    return EntryVersion(
        **{name: getattr(entry, name) for name in names},
        verified_by=counted.actor if counted and knows else None,
        counted_from=counted and counted.entered_at,
        counted_until=until and until.entered_at,
    )
