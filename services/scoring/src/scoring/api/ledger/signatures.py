"""Signatures (签发): a second person of a unit signs off what it hands in."""

import datetime as dt
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, Outgoing
from scoring.api.duties.readers import units_read
from scoring.api.ledger.entries import AnyKind, State
from scoring.api.ledger.verification import (
    EntryIds,
    admitted_rows,
    hold_ledger,
    rows_to_move,
    written_by,
)
from scoring.events import about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import checkers_of
from scoring.queries.periods import mark_late
from scoring.queries.signatures import sign, signatures_on_page, signed_entries, source_writers
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.signing import SIGNABLE, SignaturesRefused, Signing, check_signatures
from scoring.rules.ledger.states import CHECKED, DRAFT, LOCKED, VERIFIED, LedgerSealed
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/ledger-entries/signatures", tags=["ledger"])


class NewSignatures(Incoming):
    """Entries of the caller's unit that the caller signs off."""

    entry_ids: EntryIds


class SignedEntries(Outgoing):
    """How many entries were signed off, with the receipt of the journal."""

    count: int
    receipt: Receipt | None


class EntrySignature(Outgoing):
    """An entry that the scheme has signed off: what it says and how many files are its `evidence`,
    who entered it, and who has signed it off; null while nobody has. `indicator_name` is that of
    the scheme in force, null of an indicator that it no longer has."""

    entry_id: UUID
    unit: str
    indicator: str
    indicator_name: str | None
    period: str
    kind: AnyKind
    key: str | None
    item: str | None
    value: Exact | None
    word: str | None
    occurred_on: dt.date | None
    note: str | None
    evidence: int
    state: State
    author_unit: str
    author: str
    signer: str | None
    signed_at: dt.datetime | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        SignaturesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def sign_entries(
    cycle_id: UUID, new: NewSignatures, db: Transaction, permit: Permit, ask: AskPeers
) -> SignedEntries:
    """Sign off entries that another person of the caller's own unit has written.

    Where the scheme wants it, an entry is not verified without, and counts as handed in from then
    on. A signature holds for good; what takes the place of the entry is signed off anew.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    held = await hold_ledger(db, cycle_id, permit, {NAMED_SOURCE})
    rows = await rows_to_move(db, cycle_id, new.entry_ids, partial(written_by, permit))
    late, closed = await admitted_rows(db, cycle_id, new.entry_ids, rows, held)
    signed = await signed_entries(db, cycle_id, rows)
    checked = [each for each, row in rows.items() if row.state == CHECKED]
    checkers = await checkers_of(db, cycle_id, checked) if checked else {}
    sources = await source_writers(db, cycle_id, rows)
    about = new.entry_ids, rows, Signing(scheme), signed, permit.caller.person
    check_signatures(*about, checkers, sources, closed)
    ids = list(dict.fromkeys(new.entry_ids))
    await mark_late(db, cycle_id, late)
    await sign(db, cycle_id, ids, permit.caller)
    concerned = about_rows((rows[each] for each in ids), [DRAFT])
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.entries-signed",
        body={"entry_ids": sorted(map(str, ids))} | concerned,
    )
    return SignedEntries(count=len(ids), receipt=receipt)


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_signatures(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Entries that this unit has made.")] = None,
    signed: Annotated[
        bool | None, Query(description="Those that are signed off, or those that are not.")
    ] = None,
) -> Page[EntrySignature]:
    """List the entries that the scheme has signed off, as they came, each with its signature; a
    unit gets its own."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    units = units_read(permit, unit)
    await require_intact(db, str(cycle_id), "entry_signature")
    if units is not None and not units:
        return Page(items=[], next=None)
    of = None if units is None else next(iter(units))
    about = (*SIGNABLE, VERIFIED, LOCKED), Signing(scheme).indicators, signed
    found = await signatures_on_page(db, cycle_id, of, *about, page)
    names = _names(scheme)
    shown = [
        EntrySignature(
            **{name: each for name, each in one._asdict().items() if name != "record"},
            indicator_name=names.get(one.indicator),
        )
        for one in found
    ]
    return Page[EntrySignature].of(shown, page.limit, lambda each: str(each.entry_id))


def _names(scheme: Scheme) -> dict[str, str]:
    """Return what indicators are called."""
    found = [category.indicators() for category in scheme.categories]
    return {code: each.name for indicators in found for code, each in indicators.items()}
