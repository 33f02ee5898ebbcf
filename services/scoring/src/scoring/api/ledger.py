"""The ledger of a cycle as a whole: its phase, and the seal that closes it."""

import datetime as dt
from uuid import UUID

from sqlalchemy import func, update

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Outgoing
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries import (
    count_entries,
    hold_entries,
    in_state,
    move_entries,
    open_ledger,
    phase_of_ledger,
    require_true_ledger,
)
from scoring.rules.states import (
    LOCKED,
    OPEN,
    SEALED,
    STATES,
    SUBMITTED,
    VERIFIED,
    LedgerSealed,
    NotSealable,
    check_seal,
    require_open,
)
from scoring.tables import LedgerRow

router = Router("/cycles/{cycle_id}/ledger", tags=["ledger"])

_ENTRIES = "GET /api/v1/cycles/{cycle_id}/ledger-entries"


class Ledger(Outgoing):
    """The phase of a cycle's ledger, `open` or `sealed`, and how many entries are in each state.

    `entries` is null for who may not read all of them: how many there are tells of other units.
    """

    cycle_id: UUID
    phase: str
    sealed_at: dt.datetime | None
    entries: dict[str, int] | None


class SealedLedger(Outgoing):
    """A ledger that was sealed, and how many entries it locked."""

    phase: str
    locked: int
    receipt: Receipt


@router.get("")
async def read_ledger(cycle_id: UUID, db: Snapshot, permit: Permit) -> Ledger:
    """Give the phase of a cycle's ledger; one that nobody has written to is open and empty."""
    row = await db.get(LedgerRow, cycle_id)
    entries = None
    if _reads_all(permit):
        counts = await count_entries(db, cycle_id)
        entries = {state: counts.get(state, 0) for state in STATES}
    return Ledger(
        cycle_id=cycle_id,
        phase=row.phase if row else OPEN,
        sealed_at=row.sealed_at if row else None,
        entries=entries,
    )


def _reads_all(permit: Permission) -> bool:
    """Say whether the caller may read every entry, by the rows of that route in the matrix."""
    rows = permit.matrix.rows_for(_ENTRIES, permit.caller.roles)
    return Permission(permit.caller, rows, permit.matrix).allows()


@router.post(
    "/seal",
    responses=documents(
        LedgerSealed, NotSealable, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def seal_ledger(
    cycle_id: UUID, db: Transaction, permit: Permit, ask: AskPeers
) -> SealedLedger:
    """Close the ledger and lock what was verified, once nothing awaits verification."""
    await ask.indicators.published_scheme(cycle_id=cycle_id)

    await open_ledger(db, cycle_id)
    phase = await phase_of_ledger(db, cycle_id, alone=True)
    require_open(phase)
    permit.require(phase=phase)
    await hold_entries(db, cycle_id)
    await journal.require_whole(db, str(cycle_id))
    await require_true_ledger(db, cycle_id)
    check_seal((await count_entries(db, cycle_id)).get(SUBMITTED, 0))

    actor = permit.caller.subject
    locked = await move_entries(db, cycle_id, in_state(VERIFIED), LOCKED, actor)
    await db.execute(
        update(LedgerRow)
        .where(LedgerRow.cycle_id == cycle_id)
        .values(phase=SEALED, sealed_at=func.clock_timestamp())
    )
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.ledger-sealed",
        body={"locked": locked},
    )
    return SealedLedger(phase=SEALED, locked=locked, receipt=receipt)
