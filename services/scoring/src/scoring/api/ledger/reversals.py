"""Reversals: how an entry that was verified is taken out again (冲销)."""

import uuid
from collections.abc import Callable
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.api.checks.replacing import require_not_held
from scoring.api.ledger.clocks import clock_for
from scoring.api.ledger.documents import require_same
from scoring.api.ledger.verification import (
    hold_ledger,
    rows_to_move,
    written_by,
)
from scoring.events import about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.adoptions import outdated_among
from scoring.queries.ledger import is_being_taken_out, standing_of
from scoring.queries.moves import keep_states
from scoring.queries.periods import HeldPeriods, mark_late
from scoring.rules.checks.findings import BeingChecked
from scoring.rules.checks.fraud import PartOfFraud
from scoring.rules.ledger.entries import REVERSAL
from scoring.rules.ledger.periods import Entering, Leave, PeriodClosed, admitted, moving
from scoring.rules.ledger.seats import AUTHORS
from scoring.rules.ledger.states import OPEN, SUBMITTED, LedgerSealed, NotReversible, check_reversal
from scoring.tables.ledger import LedgerEntryRow, LedgerEntryStateRow

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])


class NoSuchEntry(Missing):
    """The caller's unit has no such entry in this cycle's ledger."""

    zh = "本单位在本年度台账中没有这条记录。"
    remedy = (
        "Look the id up in the list of entries; a unit changes only what it entered itself.",
        "请在台账记录清单中查对标识；各单位只能变更本单位录入的记录。",
    )


class Reversal(Incoming):
    """Why a verified entry is to be taken out."""

    reason: Text


class ReversedEntry(Outgoing):
    """The reversal, an entry of its own that counts once it is verified."""

    entry_id: UUID
    reverses: UUID
    receipt: Receipt | None


@router.post(
    "/{entry_id}/reversal",
    status_code=201,
    responses=documents(
        NoSuchEntry,
        NotReversible,
        BeingChecked,
        PartOfFraud,
        PeriodClosed,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def reverse_entry(
    cycle_id: UUID,
    entry_id: UUID,
    new: Reversal,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> ReversedEntry:
    """Ask that a verified entry counts no longer; it takes effect once the reversal is verified.
    Nothing is ever overwritten or removed.

    A unit asks it of what it entered; the performance office also of what was taken over from an
    entry of another cycle that stands there no longer.
    """
    clock = await clock_for(ask, cycle_id, same)
    held = await hold_ledger(db, cycle_id, permit, AUTHORS)
    row = await _reversible(db, cycle_id, entry_id, permit)
    await require_same(same, db, cycle_id, entry_id, clock)
    standing = (await standing_of(db, cycle_id, [row]))[entry_id]
    check_reversal(standing, await is_being_taken_out(db, cycle_id, entry_id))
    await require_not_held(db, cycle_id, entry_id)
    late = leave_of(held, moving(row))

    reversal = _reversal_of(row, permit.caller, new.reason)
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
    await keep_states(db, cycle_id, [reversal.entry_id])
    if late is not None:
        await mark_late(db, cycle_id, {reversal.entry_id: late})
    told = {"entry_id": str(reversal.entry_id), "reverses": str(entry_id), "reason": new.reason}
    told |= about_rows([row])
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.entry-reversal-submitted",
        body=told,
    )
    return ReversedEntry(entry_id=reversal.entry_id, reverses=entry_id, receipt=receipt)


async def own_entry(
    db: AsyncSession, cycle_id: UUID, entry_id: UUID, permit: Permission
) -> LedgerEntryRow:
    """Return an entry that is the caller's to change; another is as good as unknown."""
    return await _visible(db, cycle_id, entry_id, partial(written_by, permit))


async def _reversible(
    db: AsyncSession, cycle_id: UUID, entry_id: UUID, permit: Permission
) -> LedgerEntryRow:
    """Return an entry that the caller may reverse: its own, or for the office what was taken over
    from one that stands no longer."""
    outdated = await outdated_among(db, cycle_id, [entry_id]) if permit.allows((), OPEN) else ()
    return await _visible(
        db, cycle_id, entry_id, lambda row: bool(outdated) or written_by(permit, row)
    )


async def _visible(
    db: AsyncSession, cycle_id: UUID, entry_id: UUID, visible: Callable[[LedgerEntryRow], bool]
) -> LedgerEntryRow:
    row = (await rows_to_move(db, cycle_id, [entry_id], visible)).get(entry_id)
    if row is None:
        raise NoSuchEntry(f"There is no entry {entry_id}.", f"没有记录 {entry_id}。")
    return row


def leave_of(held: HeldPeriods, entering: Entering) -> Leave | None:
    """Return the permission by which something comes in late, None where no period is closed;
    refuse what has none."""
    late, closed = admitted(held.periods, {0: [entering]}, held.moment)
    if closed:
        fault = closed[0]
        raise PeriodClosed(fault.en, fault.zh)
    return late.get(0)


def _reversal_of(row: LedgerEntryRow, caller: Caller, reason: str) -> LedgerEntryRow:
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
        author=caller.subject,
        author_person=caller.person,
        author_unit=row.author_unit,
        reverses=row.entry_id,
        panel=row.panel,
    )
