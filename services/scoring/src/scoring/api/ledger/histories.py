"""One entry of the ledger with all the states that it has been in."""

import datetime as dt
from uuid import UUID

from fastapi import Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Outgoing
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.entries import LedgerEntry, knows, readable, written
from scoring.api.ledger.reversals import NoSuchEntry
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.entries import entry_read_by, states_of

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])


class EntryState(Outgoing):
    """A state that an entry entered, when, by whom and why; `step` counts them from 1."""

    step: int
    state: str
    entered_at: dt.datetime
    actor: str
    reason: str | None


class EntryWithHistory(LedgerEntry):
    """One entry with the states that it has been in, the present one last.

    `history` is null for whom it is not told why the entry stands as it does.
    """

    history: list[EntryState] | None


@router.get(
    "/{entry_id}",
    response_model=EntryWithHistory,
    responses=documents(NoSuchEntry, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_entry(
    cycle_id: UUID, entry_id: UUID, request: Request, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Give one entry that the caller may read, as in the list, with the states it has been in."""
    duties = await duties_of(ask, permit, cycle_id)
    found = await entry_read_by(db, cycle_id, entry_id, readable(permit, duties))
    if found is None:
        raise NoSuchEntry(f"There is no entry {entry_id}.", f"没有记录 {entry_id}。")
    is_told = knows(permit, found, duties)
    rows = await states_of(db, cycle_id, entry_id) if is_told else None
    history = None if rows is None else [EntryState.model_validate(row) for row in rows]
    told = EntryWithHistory.model_validate(written(found, is_told) | {"history": history})
    return document(told, request)
