"""The way of entries from submission to verification, and back by return or reversal."""

import uuid
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing, Text
from scoring.queries import (
    among,
    hold_entries,
    in_state,
    move_entries,
    phase_of_ledger,
    standings,
)
from scoring.rules.entries import REVERSAL
from scoring.rules.states import (
    RETURNED,
    SUBMITTED,
    VERIFIED,
    VOIDED,
    EntriesRefused,
    LedgerSealed,
    NotReversible,
    Standing,
    check_moves,
    check_reversal,
    require_open,
)
from scoring.tables import LedgerEntryRow, LedgerEntryStateRow

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])

EntryIds = Annotated[list[UUID], Field(min_length=1, max_length=5000)]


class NoSuchEntry(Missing):
    """The caller's unit has no such entry in this cycle's ledger."""

    zh = "本单位在本年度台账中没有这条记录。"


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


class Reversal(Incoming):
    """Why a verified entry is to be taken out."""

    reason: Text


class MovedEntries(Outgoing):
    """How many entries are now in `state`, with the receipt of the journal."""

    state: str
    count: int
    receipt: Receipt


class ReversedEntry(Outgoing):
    """The reversal, an entry of its own that counts once it is verified."""

    entry_id: UUID
    reverses: UUID
    receipt: Receipt


@router.post("/submission", responses=documents(EntriesRefused, LedgerSealed))
async def submit_entries(
    cycle_id: UUID, new: Submission, db: Transaction, permit: Permit
) -> MovedEntries:
    """Hand in drafts and returned entries of the caller's own unit."""
    await _hold(db, cycle_id, permit, {"named_source"})
    # An entry of another unit is as good as unknown.
    condition = among(new.entry_ids) & (LedgerEntryRow.author_unit == permit.caller.unit)
    found = await standings(db, cycle_id, condition)
    return await _move(db, cycle_id, permit, new.entry_ids, found, SUBMITTED)


@router.post("/verification", responses=documents(EntriesRefused, LedgerSealed))
async def verify_entries(
    cycle_id: UUID, new: Verification, db: Transaction, permit: Permit
) -> MovedEntries:
    """Accept submitted entries that somebody else wrote about another unit than the caller's own.

    A reversal that is accepted takes its entry out.
    """
    await _hold(db, cycle_id, permit, ())
    condition = in_state(SUBMITTED) if new.entry_ids is None else among(new.entry_ids)
    found = await standings(db, cycle_id, condition)
    ids = list(found) if new.entry_ids is None else new.entry_ids
    return await _move(db, cycle_id, permit, ids, found, VERIFIED)


@router.post("/return", responses=documents(EntriesRefused, LedgerSealed))
async def return_entries(
    cycle_id: UUID, new: Return, db: Transaction, permit: Permit
) -> MovedEntries:
    """Send submitted entries back to their data source unit."""
    await _hold(db, cycle_id, permit, ())
    found = await standings(db, cycle_id, among(new.entry_ids))
    return await _move(db, cycle_id, permit, new.entry_ids, found, RETURNED, new.reason)


@router.post(
    "/{entry_id}/reversal",
    status_code=201,
    responses=documents(NoSuchEntry, NotReversible, LedgerSealed),
)
async def reverse_entry(
    cycle_id: UUID, entry_id: UUID, new: Reversal, db: Transaction, permit: Permit
) -> ReversedEntry:
    """Hand in a reversal of a verified entry; nothing is ever overwritten or removed."""
    await _hold(db, cycle_id, permit, {"named_source"})
    row = await db.get(LedgerEntryRow, (cycle_id, entry_id))
    if row is None or row.author_unit != permit.caller.unit:
        raise NoSuchEntry(f"There is no entry {entry_id}.", f"没有记录 {entry_id}。")
    standing = (await standings(db, cycle_id, among([entry_id])))[entry_id]
    check_reversal(standing, await _reversed_before(db, row))

    reversal = _reversal_of(row, permit.caller.subject, new.reason)
    db.add(reversal)
    await db.flush()
    db.add(
        LedgerEntryStateRow(
            cycle_id=cycle_id,
            entry_id=reversal.entry_id,
            step=1,
            state=SUBMITTED,
            actor=permit.caller.subject,
            reason=new.reason,
        )
    )
    told = {"entry_id": str(reversal.entry_id), "reverses": str(entry_id), "reason": new.reason}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.entry-reversal-submitted",
        body=told,
    )
    return ReversedEntry(entry_id=reversal.entry_id, reverses=entry_id, receipt=receipt)


async def _hold(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: set[str] | tuple[()]
) -> None:
    """Keep the ledger open and the entries where they are until the commit."""
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    permit.require(relations if permit.caller.unit else (), phase)
    await hold_entries(db, cycle_id)


async def _move(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    ids: list[UUID],
    found: dict[UUID, Standing],
    state: str,
    reason: str | None = None,
) -> MovedEntries:
    actor = permit.caller.subject
    check_moves(ids, found, state, actor, permit.caller.unit)
    if state == VERIFIED:
        await _take_out(db, cycle_id, ids, actor)
    count = await move_entries(db, cycle_id, among(ids), state, actor, reason)
    told = {"entry_ids": sorted(map(str, ids)), "state": state, "reason": reason}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=f"scoring.entries-{state}",
        body=told,
    )
    return MovedEntries(state=state, count=count, receipt=receipt)


async def _take_out(db: AsyncSession, cycle_id: UUID, ids: list[UUID], actor: str) -> None:
    """Void the entries that reversals among `ids` reverse."""
    row = LedgerEntryRow
    # Read first and then named: a join of the ledger with itself is planned by what is guessed of
    # its size, and can take the square of it.
    reversals = select(row.reverses).where(
        row.cycle_id == cycle_id, among(ids), row.kind == REVERSAL, row.reverses.is_not(None)
    )
    if taken_out := [each for each in await db.scalars(reversals) if each]:
        await move_entries(db, cycle_id, among(taken_out), VOIDED, actor)


async def _reversed_before(db: AsyncSession, row: LedgerEntryRow) -> bool:
    reversal = await db.scalar(
        select(LedgerEntryRow.entry_id).where(
            LedgerEntryRow.cycle_id == row.cycle_id, LedgerEntryRow.reverses == row.entry_id
        )
    )
    return reversal is not None


def _reversal_of(row: LedgerEntryRow, author: str, reason: str) -> LedgerEntryRow:
    return LedgerEntryRow(
        cycle_id=row.cycle_id,
        entry_id=uuid.uuid4(),
        unit=row.unit,
        indicator=row.indicator,
        kind=REVERSAL,
        key=row.key,
        item=row.item,
        period=row.period,
        note=reason,
        author=author,
        author_unit=row.author_unit,
        reverses=row.entry_id,
    )
