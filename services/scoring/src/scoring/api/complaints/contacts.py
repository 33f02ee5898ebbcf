"""The desk for citizens, and what they are reached by: opened, read with a reason, erased."""

import datetime as dt
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction, commit, once
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode, is_checked
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, Outgoing, Text
from scoring.api.complaints.documents import (
    PEERS,
    complaint_reach,
    complaint_relations,
    policy_of,
)
from scoring.api.complaints.keeping import HELD_COMPLAINTS, acting
from scoring.api.complaints.moves import reading_complaints
from scoring.peers import AskPeers
from scoring.queries import hold
from scoring.queries.complaint_contacts import (
    CONTACT_TABLES,
    contact_of,
    desk_of,
    next_reading,
    to_be_erased,
)
from scoring.queries.complaints import StoredComplaint, find_complaint, require_true_complaints
from scoring.queries.ledger import now, open_ledger
from scoring.rules.complaints.moving import who_faults
from scoring.rules.complaints.public import NoContact, NotNeededNow
from scoring.rules.complaints.refusals import (
    ComplaintRefused,
    NoComplaintsHere,
    NoSuchComplaint,
    refuse_move_if,
)
from scoring.rules.complaints.states import ANSWERED, BY_OFFICE, REVISIT, STEPS
from scoring.rules.scheme.document import Scheme
from scoring.tables.complaint_contacts import (
    ComplaintContactReadingRow,
    ComplaintDeskRow,
    ComplaintErasureRow,
)

router = Router("/cycles/{cycle_id}", tags=["complaints"])


class NewDesk(Incoming):
    """Whether citizens may raise complaints from now on."""

    is_open: bool


class Desk(Outgoing):
    """Whether citizens may raise complaints, with the receipt of the journal."""

    is_open: bool
    receipt: Receipt | None


class NewContactReading(Incoming):
    """Why somebody reads how whoever raised a complaint is reached."""

    reason: Text


class ReadContact(Outgoing):
    """How whoever raised a complaint is reached. It is shown this once: a repeated request is
    answered with null."""

    complaint_id: UUID
    contact: str | None
    receipt: Receipt | None


class ErasedContacts(Outgoing):
    """How many contacts were erased, up to a thousand at once, with the receipt of the journal."""

    erased: int
    receipt: Receipt | None


class DeskNow(Outgoing):
    """Whether citizens may raise complaints now, and since when; `since` is null where nobody has
    opened the desk yet."""

    is_open: bool
    since: dt.datetime | None


@router.get("/complaint-desk", responses=documents(NoComplaintsHere, StoredDataAltered, *PEERS))
async def read_complaint_desk(
    cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers
) -> DeskNow:
    """Read whether the way by which citizens without an account raise complaints is open."""
    policy_of((await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme)
    await require_intact(db, str(cycle_id), "complaint_desk")
    last = await desk_of(db, cycle_id)
    return DeskNow(
        is_open=last is not None and last.is_open, since=None if last is None else last.entered_at
    )


@router.post("/complaint-desk", status_code=201, responses=documents(NoComplaintsHere, *PEERS))
async def open_complaint_desk(
    cycle_id: UUID, new: NewDesk, db: Transaction, permit: Permit, ask: AskPeers
) -> Desk:
    """Open or close the way by which citizens without an account raise complaints.

    Those that were raised are followed and judged also when it is closed.
    """
    policy_of((await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme)
    await open_ledger(db, cycle_id)
    await hold(db, HELD_COMPLAINTS, cycle_id)
    last, who = await desk_of(db, cycle_id), permit.caller
    by = {"actor": who.subject, "person": who.person, "entered_at": await now(db)}
    step = 1 + (last.step if last else 0)
    db.add(ComplaintDeskRow(cycle_id=cycle_id, step=step, is_open=new.is_open, **by))
    await db.flush()
    event, body = "scoring.complaint-desk-set", {"is_open": new.is_open}
    receipt = await journal.record(db, chain=str(cycle_id), caller=who, event=event, body=body)
    return Desk(is_open=new.is_open, receipt=receipt)


@router.post(
    "/complaints/{complaint_id}/contact-readings",
    status_code=201,
    response_model=ReadContact,
    responses=documents(
        *(ComplaintRefused, NoSuchComplaint, NoComplaintsHere, NoContact, NotNeededNow),
        StoredDataAltered,
        *PEERS,
    ),
)
async def read_contact(
    cycle_id: UUID,
    complaint_id: UUID,
    new: NewContactReading,
    request: Request,
    permit: Permit,
    ask: AskPeers,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Read how whoever raised a complaint is reached, to ask whether its answer will do.

    Whoever may revisit the complaint may read it, while it waits for that and until its time is
    over. Each reading is on record, with who read it and why.
    """
    key = None if mode == CHECK else await idempotency.key_of(request, permit.caller)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    permit.require(complaint_relations(permit, scheme))
    async with once(request.app.state.sessions, key) as db:
        await hold(db, HELD_COMPLAINTS, cycle_id)
        await require_true_complaints(db, cycle_id)
        await require_intact(db, str(cycle_id), *CONTACT_TABLES)
        reach = complaint_reach(reading_complaints(permit), scheme)
        found = await find_complaint(db, cycle_id, complaint_id, reach)
        _require_needed(found, scheme, permit)
        row = await contact_of(db, cycle_id, complaint_id, await now(db))
        sealed = None if row is None else row.sealed
        contact = sealed and await request.app.state.contact_keys.opened(complaint_id, sealed)
        if not contact:
            raise NoContact("There is none.", "没有联系方式。")
        receipt = await _record_reading(db, found, permit, new.reason)
        made = ReadContact(complaint_id=complaint_id, contact=None, receipt=receipt)
        answer = _given(made)
        await commit(db, key, answer)
    return answer if key is None else _given(made.model_copy(update={"contact": contact}))


def _require_needed(found: StoredComplaint, scheme: Scheme, permit: Permission) -> None:
    if found.moves[-1].state != ANSWERED:
        raise NotNeededNow(f"It is {found.moves[-1].state}.", "该投诉不在待回访状态。")
    actor = acting(found, scheme, permit.caller, {BY_OFFICE})
    step = STEPS[ANSWERED, REVISIT]
    refuse_move_if([*who_faults(found.now(scheme.time_zone), step, actor)])


async def _record_reading(
    db: AsyncSession, found: StoredComplaint, permit: Permission, reason: str
) -> Receipt | None:
    row, who = found.row, permit.caller
    number = await next_reading(db, row.cycle_id, row.complaint_id)
    db.add(
        ComplaintContactReadingRow(
            cycle_id=row.cycle_id,
            complaint_id=row.complaint_id,
            reading_no=number,
            reason=reason,
            actor=who.subject,
            person=who.person,
            read_at=await now(db),
        )
    )
    await db.flush()
    body = {"complaint_id": str(row.complaint_id)}
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=who,
        event="scoring.complaint-contact-read",
        body=body,
    )


@router.post("/complaint-erasures", status_code=201, responses=documents(StoredDataAltered))
async def erase_contacts(
    cycle_id: UUID, db: Transaction, permit: Permit, request: Request
) -> ErasedContacts:
    """Destroy the keys of contacts whose time is over: 30 days after a complaint was closed, at
    once where it ended without an answer, and a year after it was raised whatever has become of it.

    A contact whose key is destroyed is read by nobody, in no copy of the database. It is done
    whatever the phase of the year, and a second time changes nothing.
    """
    await hold(db, HELD_COMPLAINTS, cycle_id)
    await require_intact(db, str(cycle_id), *CONTACT_TABLES)
    moment, who = await now(db), permit.caller
    ids = await to_be_erased(db, cycle_id, moment)
    # First the keys: who is killed in between has destroyed what is said to be there still, and
    # the next time it is told.
    if not is_checked(request):
        for each in ids:
            await request.app.state.contact_keys.destroy(each)
    by = {"actor": who.subject, "person": who.person, "erased_at": moment}
    db.add_all(ComplaintErasureRow(cycle_id=cycle_id, complaint_id=each, **by) for each in ids)
    await db.flush()
    receipt = None
    if ids:
        body = {"erased": len(ids)}
        event = "scoring.complaint-contacts-erased"
        receipt = await journal.record(db, chain=str(cycle_id), caller=who, event=event, body=body)
    return ErasedContacts(erased=len(ids), receipt=receipt)


def _given(made: ReadContact) -> Response:
    """Return an answer with a contact in it, or the one without: nobody on the way keeps it."""
    body = made.model_dump_json().encode()
    headers = {"Cache-Control": "no-store"}
    return Response(body, 201, headers, media_type="application/json")
