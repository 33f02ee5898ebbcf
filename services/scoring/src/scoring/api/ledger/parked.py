"""Parked rows (待对照行): read, entered once their codes mean something, or discarded."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Query, Request
from pydantic import Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import PARTIAL, is_checked
from chassis.outcomes import PARKED, REFUSED, STORED, UNCHANGED, RowOutcome, counts, told
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from scoring.api.ledger.alike import LikelyDuplicate, likely_duplicates
from scoring.api.ledger.codes import codes_of
from scoring.api.ledger.entries import Kind
from scoring.api.ledger.keeping import Batch, Outcomes, judged, keep
from scoring.peers import AskPeers, IdSchemeCodes, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import phase_of_ledger
from scoring.queries.parked import ShownRow, parked_on_page, settle_rows, waiting_rows
from scoring.queries.source_refs import hold_source
from scoring.rules.ledger.codes import IdSchemeUnknown, translated
from scoring.rules.ledger.likeness import Alike
from scoring.rules.ledger.parked import (
    DISCARDED,
    ENTERED,
    ParkedRowsRefused,
    WaitingRow,
    check_named,
)
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.states import OPEN, LedgerSealed, require_open
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/parked-rows", tags=["ledger"])

MOST_REPLAYED = 5000

ParkedRowState = Literal["parked", "entered", "replaced", "discarded"]
UnknownCode = Literal["unknown-unit-code", "unknown-indicator-code"]
RowIds = Annotated[list[UUID], Field(min_length=1, max_length=MOST_REPLAYED)]


class ShownParkedRow(Outgoing):
    """A row as it was sent, with a code that meant nothing then, and what became of it.

    `unit` and `indicator` are the codes of its `id_scheme`, as they mean something on the day of
    what happened, else on that on which it was sent (`sent_on`). `position` is its place in its
    `batch`, `wanted` the state in which it is to be entered. `entry_id` is the entry that it
    became, `reason` why it was discarded.
    """

    parked_row_id: UUID
    state: ParkedRowState
    unknown: list[UnknownCode]
    batch: UUID
    position: int
    id_scheme: str
    sent_on: dt.date
    wanted: Literal["draft", "submitted"]
    unit: str
    indicator: str
    kind: Kind
    key: str | None
    item: str | None
    period: str
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
    source_ref: str | None
    author: str
    author_unit: str
    parked_at: dt.datetime
    entry_id: UUID | None
    settled_by: str | None
    settled_at: dt.datetime | None
    reason: str | None


class ParkedRowReplay(Incoming):
    """Rows to be entered now: those named, or all that wait and whose codes mean something."""

    parked_row_ids: RowIds | None = None
    all_known: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.parked_row_ids is None) == (self.all_known is None):
            raise ValueError("give either parked_row_ids or all_known")
        return self


class ReplayedRow(RowOutcome):
    """What became of a row: an entry, or it waits still; `refused` where it waits although its
    codes mean something. `likely_duplicates` are up to five entries that a stored row looks like.
    """

    parked_row_id: UUID
    entry_id: UUID | None
    likely_duplicates: list[LikelyDuplicate]


class ReplayedRows(Outgoing):
    """What became of the rows that were replayed, in the order in which they came; `more` wait
    whose codes mean something."""

    stored: int
    unchanged: int
    parked: int
    refused: int
    more: int
    rows: list[ReplayedRow]
    receipt: Receipt | None


class ParkedRowDiscard(Incoming):
    """Rows that are not to be entered, and why."""

    parked_row_ids: RowIds
    reason: Text


class DiscardedRows(Outgoing):
    """How many rows wait no longer."""

    count: int
    receipt: Receipt | None


@router.get("", responses=documents(StoredDataAltered))
async def list_parked_rows(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    author_unit: Annotated[Code | None, Query(description="Rows that this unit has sent.")] = None,
    state: Annotated[ParkedRowState | None, Query(description="Rows in this state.")] = None,
) -> Page[ShownParkedRow]:
    """Give the rows with unknown codes that the caller's unit has sent; the performance office
    those of all."""
    own = _sender_only(permit)
    if own is not None and author_unit not in (None, own):
        return Page(items=[], next=None)
    rows = await parked_on_page(db, cycle_id, page, own or author_unit, state)
    shown = [_shown(row) for row in rows]
    return Page.of(shown, page.limit, lambda row: str(row.parked_row_id))


def _shown(row: ShownRow) -> ShownParkedRow:
    fields = {name: getattr(row, name) for name in ShownParkedRow.model_fields}
    return ShownParkedRow(**fields | {"unknown": row.unknown.split()})


def _sender_only(permit: Permission, phase: str | None = None) -> str | None:
    """Return the unit whose rows the caller may see, None where those of all."""
    unit = permit.caller.organisation
    sees_all = permit.allows((), phase)
    permit.require({NAMED_SOURCE} if unit else (), phase)
    return None if sees_all else unit or ""


@router.post(
    "/replay",
    responses=documents(
        ParkedRowsRefused,
        IdSchemeUnknown,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def replay_parked_rows(
    cycle_id: UUID,
    new: ParkedRowReplay,
    request: Request,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> ReplayedRows:
    """Enter rows whose codes mean something now, as though their senders sent them again.

    They are the senders' entries, and are judged like any others. What cannot be entered waits on.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own, ids = _sender_only(permit, OPEN), new.parked_row_ids
    waiting = [row.waiting for row in await waiting_rows(reading, cycle_id, own, ids)]
    await reading.close()
    codes = {each: await codes_of(ask, cycle_id, each) for each in {r.id_scheme for r in waiting}}
    meant = _in_our_codes(waiting, codes)
    wanted = [row for row in waiting if ids is not None or row.parked_row_id in meant]
    part = await _held(db, cycle_id, own, wanted[:MOST_REPLAYED], ids)

    became, alike = await _entered(db, cycle_id, scheme, part, meant)
    entered = {part[n].parked_row_id: entry_id for n, entry_id in became.entered.items()}
    await settle_rows(db, cycle_id, entered, ENTERED, permit.caller)
    rows = _replayed(part, became, _likes(alike, permit, became, request), request)
    receipt, told_of = None, counts(rows)
    if entered:
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=permit.caller,
            event="scoring.parked-rows-replayed",
            body={name: told_of[name] for name in ("stored", "unchanged")},
        )
    return ReplayedRows(more=len(wanted[MOST_REPLAYED:]), rows=rows, receipt=receipt, **told_of)


def _in_our_codes(
    waiting: Iterable[WaitingRow], codes: Mapping[str, IdSchemeCodes | None]
) -> dict[UUID, Draft]:
    """Return the rows whose codes mean something on their days, in ours."""
    found = dict[UUID, Draft]()
    for row in waiting:
        known = codes[row.id_scheme]
        of = (None, None) if known is None else (known.of_units, known.of_indicators)
        done, _ = translated({0: row.draft}, row.id_scheme, *of, row.sent_on)
        if done:
            found[row.parked_row_id] = done[0]
    return found


async def _held(
    db: AsyncSession,
    cycle_id: UUID,
    own: str | None,
    rows: Sequence[WaitingRow],
    named: Sequence[UUID] | None,
) -> list[WaitingRow]:
    """Hold the ledger and what the senders of rows send, and return those that wait still; refuse
    where one of those that are named does not."""
    for unit in sorted({row.sender.unit for row in rows}):
        await hold_source(db, cycle_id, unit)
    require_open(await phase_of_ledger(db, cycle_id))
    ids = [row.parked_row_id for row in rows]
    still = {row.parked_row_id for row in await waiting_rows(db, cycle_id, own, ids)}
    if named is not None:
        check_named(named, still)
    return [row for row in rows if row.parked_row_id in still]


async def _entered(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    rows: Sequence[WaitingRow],
    meant: Mapping[UUID, Draft],
) -> tuple[Outcomes, dict[int, Alike]]:
    """Enter rows as those who sent them, and say by their positions what became of them, and what
    they look like."""
    together: dict[tuple[object, ...], list[int]] = {}
    for n, row in enumerate(rows):
        if row.parked_row_id in meant:
            together.setdefault(row.together, []).append(n)
    became, alike = Outcomes({}, {}, {}, {}), dict[int, Alike]()
    for places in together.values():
        one = rows[places[0]]
        sender = Caller(one.sender.account, frozenset(), one.sender.unit, one.sender.person)
        drafts = EntryForms(scheme).seated(meant[rows[n].parked_row_id] for n in places)
        about = dict(zip(places, drafts, strict=True))
        batch = Batch(cycle_id, scheme, sender, about, one.wanted, PARTIAL)
        found = await judged(db, batch)
        part = found.outcomes(await keep(db, batch, found))
        became = became.beside(part)
        alike |= dict.fromkeys(part.stored, found.alike)
    return became, alike


def _likes(
    alike: Mapping[int, Alike], permit: Permission, became: Outcomes, request: Request
) -> dict[int, list[LikelyDuplicate]]:
    """Return what the rows that are entries now look like."""
    shown = {} if is_checked(request) else became.stored
    return {row: likely_duplicates(found, row, permit, shown) for row, found in alike.items()}


def _replayed(
    rows: Sequence[WaitingRow],
    became: Outcomes,
    likes: Mapping[int, list[LikelyDuplicate]],
    request: Request,
) -> list[ReplayedRow]:
    """Return what became of each row; of what is only checked there is no new entry."""
    entered, checked = became.entered, is_checked(request)
    errors = told({n: _of_answer(faults) for n, faults in became.faults.items()}, request)
    found = list[ReplayedRow]()
    for n, row in enumerate(rows):
        outcome = UNCHANGED if n in entered else PARKED
        if n in errors:
            outcome = REFUSED
        elif n in became.stored:
            outcome = STORED
        found.append(
            ReplayedRow(
                position=n,
                outcome=outcome,
                errors=errors.get(n, []),
                parked_row_id=row.parked_row_id,
                entry_id=None if checked and n not in became.known else entered.get(n),
                likely_duplicates=likes.get(n, []),
            )
        )
    return found


def _of_answer(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults with pointers into the answer: of what was sent today there are only ids."""
    return [
        replace(fault, pointer=fault.pointer.replace("/entries/", "/rows/", 1)) for fault in faults
    ]


@router.post("/discard", responses=documents(ParkedRowsRefused, LedgerSealed, StoredDataAltered))
async def discard_parked_rows(
    cycle_id: UUID, new: ParkedRowDiscard, db: Transaction, permit: Permit
) -> DiscardedRows:
    """Say of rows that they are not to be entered; they stay to be read, with the reason."""
    own = _sender_only(permit, OPEN)
    rows = [row.waiting for row in await waiting_rows(db, cycle_id, own, new.parked_row_ids)]
    held = await _held(db, cycle_id, own, rows, new.parked_row_ids)
    ids = [row.parked_row_id for row in held]
    await settle_rows(db, cycle_id, dict.fromkeys(ids), DISCARDED, permit.caller, reason=new.reason)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.parked-rows-discarded",
        body={"parked_row_ids": sorted(map(str, ids)), "reason": new.reason},
    )
    return DiscardedRows(count=len(ids), receipt=receipt)
