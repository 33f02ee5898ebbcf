"""Transitions of entries: submission, verification and return, each for a list at once."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import (
    among,
    entries_held,
    entry_rows,
    hold_entries,
    in_state,
    move_entries,
    phase_of_ledger,
    require_true_ledger,
    standing_of,
    standings,
)
from scoring.rules.ledger.batch import misfits
from scoring.rules.ledger.entries import REVERSAL
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.slots import StoredEntry, related
from scoring.rules.ledger.states import (
    OPEN,
    RETURNED,
    SECOND_BODY,
    SUBMITTED,
    VERIFIED,
    VOIDED,
    Decider,
    EntriesRefused,
    LedgerSealed,
    check_transitions,
    require_open,
)
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import LedgerEntryRow

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])

EntryIds = Annotated[list[UUID], Field(min_length=1, max_length=5000)]


class Submission(Incoming):
    """Drafts or returned entries to be handed in."""

    entry_ids: EntryIds


class Verification(Incoming):
    """Submitted entries to be accepted: those named, or all there are."""

    entry_ids: EntryIds | None = None
    all_submitted: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.entry_ids is None) == (self.all_submitted is None):
            raise ValueError("give either entry_ids or all_submitted")
        return self


class Return(Incoming):
    """Submitted entries to be sent back, and why."""

    entry_ids: EntryIds
    reason: Text


class MovedEntries(Outgoing):
    """How many entries are now in `state`, with the receipt of the journal.

    `left` counts, by the second body that decides about them in the performance office's place,
    the submitted entries that were left to it (回避).
    """

    state: str
    count: int
    left: dict[str, int]
    receipt: Receipt


@router.post(
    "/submission",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def submit_entries(
    cycle_id: UUID, new: Submission, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Hand in drafts and returned entries of the caller's own unit."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await hold_ledger(db, cycle_id, permit, {"named_source"})
    # An entry of another unit is as good as unknown.
    condition = among(cycle_id, new.entry_ids) & (
        LedgerEntryRow.author_unit == permit.caller.organisation
    )
    rows = await entry_rows(db, condition)
    misfits = await _misfits(db, cycle_id, scheme, new.entry_ids, rows, SUBMITTED)
    found = await standing_of(db, cycle_id, rows.values())
    check_transitions(new.entry_ids, found, SUBMITTED, None, misfits)
    return await _record_transition(db, cycle_id, permit, new.entry_ids, SUBMITTED)


@router.post(
    "/verification",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def verify_entries(
    cycle_id: UUID, new: Verification, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Accept submitted entries that somebody else wrote about another unit than the caller's own.

    A reversal or a restatement that is accepted takes its entry out. Of all that is submitted, what
    the scheme has somebody else decide is left out.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    decider = await _decider(db, cycle_id, permit, scheme)
    condition = (
        in_state(cycle_id, SUBMITTED) if new.entry_ids is None else among(cycle_id, new.entry_ids)
    )
    rows = await entry_rows(db, condition & _within(decider))
    ids, left = new.entry_ids, dict[str, int]()
    if ids is None:
        ids, left = _own_to_decide(rows, decider)
    misfits = await _misfits(db, cycle_id, scheme, ids, rows, VERIFIED)
    found = await standing_of(db, cycle_id, rows.values())
    check_transitions(ids, found, VERIFIED, decider, misfits)
    await _take_out(db, cycle_id, ids, permit.caller.subject)
    return await _record_transition(db, cycle_id, permit, ids, VERIFIED, left=left)


@router.post(
    "/return",
    responses=documents(
        EntriesRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def return_entries(
    cycle_id: UUID, new: Return, db: Transaction, permit: Permit, ask: AskPeers
) -> MovedEntries:
    """Send submitted entries back to their data source unit, whose author reads the reason."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    decider = await _decider(db, cycle_id, permit, scheme)
    found = await standings(db, cycle_id, among(cycle_id, new.entry_ids) & _within(decider))
    check_transitions(new.entry_ids, found, RETURNED, decider)
    return await _record_transition(db, cycle_id, permit, new.entry_ids, RETURNED, new.reason)


async def hold_ledger(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: Collection[str]
) -> None:
    """Lock the ledger and the states of its entries until the commit; refuse where it is sealed."""
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    permit.require(relations if permit.caller.organisation else (), phase)
    await hold_entries(db, cycle_id)
    await require_true_ledger(db, cycle_id)


async def _decider(db: AsyncSession, cycle_id: UUID, permit: Permission, scheme: Scheme) -> Decider:
    """Lock the ledger and return who decides: the performance office, or a second body."""
    caller, recusals = permit.caller, {each.unit: each.body for each in scheme.recusals}
    relations = {SECOND_BODY} if caller.organisation in recusals.values() else set[str]()
    await hold_ledger(db, cycle_id, permit, relations)
    return Decider(caller.person, caller.organisation, permit.allows((), OPEN), recusals)


def _within(decider: Decider) -> ColumnElement[bool]:
    """Return the condition that an entry is visible to the decider: the office sees all."""
    units = [unit for unit in decider.recusals if decider.decides(unit)]
    return true() if decider.office else LedgerEntryRow.unit.in_(units)


def _own_to_decide(
    rows: Mapping[UUID, LedgerEntryRow], decider: Decider
) -> tuple[list[UUID], dict[str, int]]:
    """Return what is the caller's to decide, and how many are left to each second body."""
    ids = [entry_id for entry_id, row in rows.items() if decider.decides(row.unit)]
    left = Counter(
        decider.recusals[row.unit] for row in rows.values() if not decider.decides(row.unit)
    )
    return ids, dict(left)


async def _misfits(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    ids: Sequence[UUID],
    rows: Mapping[UUID, LedgerEntryRow],
    to: str,
) -> list[Fault]:
    """Return which entries no score would read, now that they are to become `to`.

    The scheme may have changed since they were entered, and others may have come before them.
    """
    drafts = {
        n: draft_of(rows[each])
        for n, each in enumerate(ids)
        if each in rows and rows[each].kind != REVERSAL
    }
    cells = related(((each.unit, each.indicator) for each in drafts.values()), scheme)
    stored = await entries_held(db, cycle_id, cells)
    if to == VERIFIED:
        stored = _counting_beside({*ids}, stored)
    leaving = {row.restates for each in ids if (row := rows.get(each)) and row.restates}
    # In a thread: a whole year may be verified at once, and others must not wait.
    return await asyncio.to_thread(misfits, drafts, scheme, stored, leaving)


def _counting_beside(verified: Set[UUID], stored: Iterable[StoredEntry]) -> list[StoredEntry]:
    """Return what counts once these are verified: of the reversals only those among them.

    Other submitted entries wait, and have to fit beside these when their turn comes.
    """
    return [
        each
        for each in stored
        if (each.entry_id in verified if each.kind == REVERSAL else each.state != SUBMITTED)
    ]


async def _record_transition(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    ids: Sequence[UUID],
    state: str,
    reason: str | None = None,
    left: Mapping[str, int] | None = None,
) -> MovedEntries:
    count = await move_entries(db, among(cycle_id, ids), state, permit.caller.subject, reason)
    told = {"entry_ids": sorted(map(str, ids)), "state": state, "reason": reason}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=f"scoring.entries-{state}",
        body=told | ({"left": dict(left)} if left else {}),
    )
    return MovedEntries(state=state, count=count, left=dict(left or {}), receipt=receipt)


async def _take_out(db: AsyncSession, cycle_id: UUID, ids: Sequence[UUID], actor: str) -> None:
    """Void the entries that reversals and restatements among `ids` take out."""
    row = LedgerEntryRow
    # Read first and then named: a join of the ledger with itself is planned by what is guessed of
    # its size, and can take the square of it.
    former = func.coalesce(row.reverses, row.restates)
    wanted = select(former).where(among(cycle_id, ids), former.is_not(None))
    if taken_out := list(await db.scalars(wanted)):
        await move_entries(db, among(cycle_id, taken_out), VOIDED, actor)


def draft_of(row: LedgerEntryRow) -> Draft:
    """Return a stored entry as the rules look at one that is handed in."""
    return Draft(
        row.unit,
        row.indicator,
        row.kind,
        row.key,
        row.item,
        row.period,
        row.value,
        row.word,
        row.note,
        row.occurred_on,
    )
