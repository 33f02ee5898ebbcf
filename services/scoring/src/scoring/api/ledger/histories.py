"""One entry of the ledger with all the states that it has been in."""

from uuid import UUID

from fastapi import Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.clocks import clock_of
from scoring.api.ledger.codes import ReadInScheme
from scoring.api.ledger.documents import EntryWithHistory, entry_as_read
from scoring.api.ledger.entries import codes_of_day, knows, readable
from scoring.api.ledger.reversals import NoSuchEntry
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.entries import entry_read_by
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown

router = Router("/cycles/{cycle_id}/ledger-entries", tags=["ledger"])


@router.get(
    "/{entry_id}",
    response_model=EntryWithHistory,
    responses=documents(
        IdSchemeUnknown, NoSuchEntry, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_entry(
    cycle_id: UUID,
    entry_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """Give one entry that the caller may read, as in the list, with the states it has been in."""
    codes_on = await codes_of_day(ask, cycle_id, id_scheme)
    clock = await clock_of(ask, cycle_id)
    duties = await duties_of(ask, permit, cycle_id)
    found = await entry_read_by(db, cycle_id, entry_id, readable(permit, duties))
    if found is None:
        raise NoSuchEntry(f"There is no entry {entry_id}.", f"没有记录 {entry_id}。")
    is_told = knows(permit, found, duties)
    shown = await entry_as_read(db, cycle_id, found, clock, is_told=is_told)
    return document(shown.model_copy(update=codes_on(found)), request)
