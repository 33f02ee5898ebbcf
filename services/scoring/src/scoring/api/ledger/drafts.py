"""What its author may still change: drafts, and entries that were returned."""

from dataclasses import replace
from typing import Literal
from uuid import UUID, uuid4

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.api.evidence.named import name_files, require_readable
from scoring.api.ledger.alike import LikelyDuplicate, likely_duplicates
from scoring.api.ledger.clocks import clock_for
from scoring.api.ledger.documents import require_same
from scoring.api.ledger.entries import State
from scoring.api.ledger.keeping import check_entries, next_version, store_entries
from scoring.api.ledger.posting import NewLedgerEntry, relation_of
from scoring.api.ledger.reversals import NoSuchEntry, own_entry
from scoring.api.ledger.verification import draft_of, hold_ledger
from scoring.events import about_drafts, about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.adoptions import adopted_among
from scoring.queries.ledger import standing_of, steps_of
from scoring.queries.moves import move_entries
from scoring.queries.periods import mark_late
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.adoption import EntryAdopted, refuse_if_adopted
from scoring.rules.ledger.batch import (
    BatchRejected,
    NotTheDataSource,
    NotTheSeat,
    check_restated,
)
from scoring.rules.ledger.seats import AUTHORS
from scoring.rules.ledger.shapes import EntryForms
from scoring.rules.ledger.source_refs import Link, check_same_record
from scoring.rules.ledger.states import (
    DRAFT,
    OPEN,
    REPLACED,
    WITHDRAWN,
    LedgerSealed,
    NotChangeable,
    NotRestatable,
    check_change,
)
from scoring.tables.evidence import EntryEvidenceRow

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])


class Correction(Incoming):
    """The entry as it should be, as a draft or already submitted."""

    entry: NewLedgerEntry
    state: Literal["draft", "submitted"] = "submitted"


class NewEntryWithdrawal(Incoming):
    """Why a draft or a returned entry is taken back."""

    reason: Text | None = None


class CorrectedEntry(Outgoing):
    """The new entry, the one whose place it takes, and what it looks like besides."""

    entry_id: UUID
    replaces: UUID
    state: State
    likely_duplicates: list[LikelyDuplicate]
    receipt: Receipt | None


class WithdrawnEntry(Outgoing):
    """An entry that was taken back and can never count."""

    entry_id: UUID
    state: State
    receipt: Receipt | None


@router.post(
    "/{entry_id}/correction",
    status_code=201,
    responses=documents(
        BatchRejected,
        EntryAdopted,
        EvidenceNotNamed,
        NotTheDataSource,
        NotTheSeat,
        NoSuchEntry,
        NotChangeable,
        NotRestatable,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def correct_entry(
    cycle_id: UUID,
    entry_id: UUID,
    new: Correction,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> CorrectedEntry:
    """Replace a draft or a returned entry of the caller's own unit by another entry.

    Nothing is overwritten: the entry that is replaced stays to be read. It stays the same outside
    record: it keeps its `source_ref`, and another is refused. It names the evidence that it says,
    and nothing of what it replaces. What replaces a restatement restates
    the same entry, for the same reason.
    """
    caller = permit.caller
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    clock = await clock_for(ask, cycle_id, same)
    held = await hold_ledger(db, cycle_id, permit, AUTHORS)
    row = await own_entry(db, cycle_id, entry_id, permit)
    await require_same(same, db, cycle_id, entry_id, clock)
    check_change((await standing_of(db, cycle_id, [row]))[entry_id], REPLACED)
    refuse_if_adopted(await adopted_among(db, cycle_id, [entry_id]))
    given = replace(new.entry.draft(scheme.assessment_year), source_ref=row.source_ref)
    check_same_record(row.source_ref, new.entry.source_ref)
    drafts = EntryForms(scheme).seated([given])
    for draft in drafts:
        permit.require({relation_of(draft.panel)}, OPEN)
    former, reason = None, None
    if row.restates is not None:
        former = await own_entry(db, cycle_id, row.restates, permit)
        check_restated(draft_of(former), drafts[0])
        reason = (await steps_of(db, cycle_id, [entry_id]))[entry_id][0].reason
    files = new.entry.evidence_ids
    await require_readable(db, cycle_id, permit, ask, files, "/entry")
    about = db, cycle_id, drafts, scheme, caller, new.state, held
    late, alike = await check_entries(*about, restates=former, replaces=row)

    await move_entries(db, cycle_id, [entry_id], REPLACED, caller.subject)
    version = await next_version(db, cycle_id, row.author_unit, row.source_ref)
    link = Link(entry_id, row.restates, reason, version)
    added = uuid4()
    store = db, cycle_id, drafts, caller, new.state, [link], [added]
    await store_entries(*store, alike.kept({0: added}))
    await mark_late(db, cycle_id, {added: late[0]} if late else {})
    await name_files(db, cycle_id, EntryEvidenceRow, caller, {added: files})
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.entry-corrected",
        body={
            "entry_id": str(added),
            "replaces": str(entry_id),
            "state": new.state,
        }
        | ({"evidence": len(set(files))} if files else {})
        | about_drafts(drafts, row.author_unit, new.state),
    )
    return CorrectedEntry(
        entry_id=added,
        replaces=entry_id,
        state=new.state,
        likely_duplicates=likely_duplicates(alike, 0, permit, {}),
        receipt=receipt,
    )


@router.post(
    "/{entry_id}/withdrawal",
    responses=documents(
        NoSuchEntry,
        NotChangeable,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def withdraw_entry(
    cycle_id: UUID,
    entry_id: UUID,
    new: NewEntryWithdrawal,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> WithdrawnEntry:
    """Take back a draft or a returned entry of the caller's own unit; it stays to be read."""
    clock = await clock_for(ask, cycle_id, same)
    await hold_ledger(db, cycle_id, permit, AUTHORS)
    row = await own_entry(db, cycle_id, entry_id, permit)
    await require_same(same, db, cycle_id, entry_id, clock)
    check_change((await standing_of(db, cycle_id, [row]))[entry_id], WITHDRAWN)

    subject = permit.caller.subject
    await move_entries(db, cycle_id, [entry_id], WITHDRAWN, subject, new.reason)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.entry-withdrawn",
        body={"entry_id": str(entry_id), "reason": new.reason} | about_rows([row], [DRAFT]),
    )
    return WithdrawnEntry(entry_id=entry_id, state=WITHDRAWN, receipt=receipt)
