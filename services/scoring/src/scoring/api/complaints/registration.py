"""Registration of complaints (投诉登记): by the office, and by hotlines and other systems."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, personal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Text
from scoring.api.complaints.documents import PEERS, ComplaintKind, policy_of
from scoring.api.complaints.keeping import HELD_COMPLAINTS, add_complaint
from scoring.api.items.by_ref import known_by_ref
from scoring.api.ledger.entries import Word
from scoring.peers import AskPeers
from scoring.queries import hold
from scoring.queries.complaints import complaints_by_ref, require_true_complaints
from scoring.queries.ledger import now, open_ledger
from scoring.rules.complaints.refusals import (
    ComplaintsRejected,
    NoComplaintsHere,
    reject_complaints_if,
)
from scoring.rules.items.by_ref import Told, ref_faults, same_as_before
from scoring.tables.complaints import ComplaintRow

router = Router("/cycles/{cycle_id}/complaints", tags=["complaints"])


class NewComplaint(Incoming):
    """A complaint that an office or another system received: what it says, without any number that
    leads to a person.

    `source_ref` is how the system that sends it names it. Whoever took it down asks again whether
    the answer is satisfactory: no contact is handed over.
    """

    LOOK: ClassVar = personal.OF_CITIZENS

    source_ref: Word | None = None
    kind: ComplaintKind
    text: Text
    about_office: bool = False


class NewComplaints(IncomingBatch):
    """Complaints that are registered together."""

    ROWS: ClassVar = "complaints"

    complaints: Annotated[list[NewComplaint], Field(min_length=1, max_length=500)]


class RegisteredComplaint(RowOutcome):
    """What became of a complaint; `unchanged` where it was registered just so before."""

    complaint_id: UUID | None
    source_ref: str | None


class RegisteredComplaints(BatchOutcome):
    """What became of a batch of complaints, in its order."""

    rows: list[RegisteredComplaint]


@router.post(
    "",
    status_code=201,
    responses=documents(ComplaintsRejected, NoComplaintsHere, StoredDataAltered, *PEERS),
)
async def register_complaints(
    cycle_id: UUID,
    new: NewComplaints,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    rows: Rows,
) -> RegisteredComplaints:
    """Register complaints that were received elsewhere; no unit is told before one is given to it.

    A complaint whose `source_ref` was registered just so before is `unchanged`, whatever has become
    of it since; one that says something else is refused.
    """
    policy_of((await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme)
    rows.tell({"source_ref": each.source_ref} for each in new.complaints)
    await open_ledger(db, cycle_id)
    await hold(db, HELD_COMPLAINTS, cycle_id)
    moment = await now(db)
    tells, ids = await _known(db, cycle_id, [(e.source_ref, _told(e)) for e in new.complaints])
    rows.tell({"complaint_id": ids.get(n)} for n in range(len(new.complaints)))

    async def keep(batch: NewComplaints) -> tuple[list[UUID], Receipt | None]:
        told = [(each.source_ref, _told(each)) for each in batch.complaints]
        reject_complaints_if([*ref_faults(told, tells, "complaints", ("complaint", "投诉"))])
        return await _store(db, cycle_id, permit.caller, moment, batch)

    stored, receipt = await rows.keep(rows.besides(new, ids), keep) or ([], None)
    if stored and rows.mode != "check":
        rows.tell({"complaint_id": each} for each in stored)
    return RegisteredComplaints(receipt=receipt, **rows.told(RegisteredComplaint))


async def _known(
    db: AsyncSession, cycle_id: UUID, told: Sequence[Told]
) -> tuple[dict[str, dict[str, object]], dict[int, UUID]]:
    """Return what known complaints say, and the ids of those that are sent just so, by place."""
    refs = [ref for ref, _ in told]
    known = await known_by_ref(db, cycle_id, refs, require_true_complaints, complaints_by_ref)
    tells = {ref: _told(row) for ref, row in known.items()}
    return tells, {n: known[refs[n] or ""].complaint_id for n in same_as_before(told, tells)}


def _told(each: NewComplaint | ComplaintRow) -> dict[str, object]:
    said = ("source_ref", "kind", "text", "about_office")
    return {name: getattr(each, name) for name in said}


async def _store(
    db: AsyncSession, cycle_id: UUID, caller: Caller, moment: dt.datetime, batch: NewComplaints
) -> tuple[list[UUID], Receipt | None]:
    stored = [
        await add_complaint(db, cycle_id, caller, moment, **_told(each), channel="office")
        for each in batch.complaints
    ]
    ids = [row.complaint_id for row in stored]
    open_ones = [str(row.complaint_id) for row in stored if not row.about_office]
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.complaints-registered",
        body={"complaint_ids": open_ones, "count": len(open_ones)},
    )
    return ids, receipt
