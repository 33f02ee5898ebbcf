"""What somebody who objected to a notice is reached by: sealed, read with a reason, erased."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction, commit, once
from chassis.followers import Reference
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode, is_checked
from chassis.problems import documents
from chassis.routes import Router
from chassis.sealing import SealingKeys
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, Outgoing, Text
from ranking.api.noticed import TABLES, find_notice
from ranking.api.notices import check_noticing
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import Number, find_ranking, hold_cycle, next_number, now
from ranking.rules.interest import DeciderBarred
from ranking.rules.notices import (
    ERASED_WITHIN,
    NoNoticeContact,
    NoSuchNotice,
    NoSuchNoticeObjection,
    NoticeContactsNotErased,
    OwnObjection,
    kept_until,
    refuse_own,
)
from ranking.tables import (
    NoticeAnswerRow,
    NoticeContactErasureRow,
    NoticeContactReadingRow,
    NoticeContactRow,
    NoticeObjectionRow,
    NoticeWithdrawalRow,
)

router = Router(prefix="/cycles/{cycle_id}", tags=["notices"])

CONTACTS = ("notice_contact", "notice_contact_reading", "notice_contact_erasure")
AT_ONCE = 1_000


class NewNoticeContactReading(Incoming):
    """Why somebody reads how whoever objected is reached."""

    reason: Text


class ReadNoticeContact(Outgoing):
    """How whoever objected is reached. It is shown this once: a repeated request is answered with
    null."""

    reference: str
    contact: str | None
    receipt: Receipt | None


class ErasedNoticeContacts(Outgoing):
    """How many contacts were erased, up to a thousand at once, with the receipt of the journal."""

    erased: int
    receipt: Receipt | None


async def keep_contact(
    db: AsyncSession, keys: SealingKeys, row: NoticeObjectionRow, contact: str
) -> None:
    """Seal what somebody is reached by; refuse it while nobody erases what is to be erased."""
    await require_intact(db, str(row.cycle_id), *CONTACTS)
    moment = await now(db)
    if await overdue_contacts(db, row.cycle_id, moment - ERASED_WITHIN):
        raise NoticeContactsNotErased("Some are overdue.", "有到期一周以上的联系方式尚未销毁。")
    key_id = uuid4()
    sealed = await keys.seal(key_id, contact)
    key = {"cycle_id": row.cycle_id, "reference": row.reference}
    db.add(NoticeContactRow(**key, key_id=key_id, sealed=sealed, given_at=moment))
    await db.flush()


class KeptContact(NamedTuple):
    """A contact that was not erased, and when its time is over."""

    row: NoticeContactRow
    until: dt.datetime


async def kept_contacts(
    db: AsyncSession, cycle_id: UUID, reference: str | None = None
) -> list[KeptContact]:
    """Return the contacts of a cycle, or of one objection, that were not erased."""
    of, answer, gone = NoticeContactRow, NoticeAnswerRow, NoticeWithdrawalRow
    erased = NoticeContactErasureRow
    key = of.cycle_id, of.reference
    query = (
        select(of, answer.answered_at, gone.withdrawn_at)
        .outerjoin(answer, (answer.cycle_id == key[0]) & (answer.reference == key[1]))
        .outerjoin(gone, (gone.cycle_id == key[0]) & (gone.reference == key[1]))
        .outerjoin(erased, (erased.cycle_id == key[0]) & (erased.reference == key[1]))
        .where(of.cycle_id == cycle_id, erased.reference.is_(None))
        .order_by(of.reference)
    )
    if reference is not None:
        query = query.where(of.reference == reference)
    found = (await db.execute(query)).all()
    return [KeptContact(row, kept_until(row.given_at, *ends)) for row, *ends in found]


async def overdue_contacts(
    db: AsyncSession, cycle_id: UUID, moment: dt.datetime
) -> list[NoticeContactRow]:
    """Return the contacts whose time is over by a moment."""
    kept = await kept_contacts(db, cycle_id)
    return [each.row for each in kept if each.until <= moment]


@router.post(
    "/notices/{notice}/objections/{reference}/contact-readings",
    status_code=201,
    response_model=ReadNoticeContact,
    responses=documents(
        *(DeciderBarred, NoNoticeContact, NoSuchNotice, NoSuchNoticeObjection, OwnObjection),
        *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    ),
)
async def read_notice_contact(
    cycle_id: UUID,
    notice: Number,
    reference: Reference,
    new: NewNoticeContactReading,
    request: Request,
    permit: Permit,
    ask: AskPeers,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Read how whoever objected without an account is reached, to ask about the objection.

    Whoever may answer it may read it, until its time is over. Each reading is on record, with who
    read it and why.
    """
    key = None if mode == CHECK else await idempotency.key_of(request, permit.caller)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    async with once(request.app.state.sessions, key) as db:
        await hold_cycle(db, cycle_id)
        found = await find_notice(db, cycle_id, notice)
        check_noticing(scheme, await find_ranking(db, cycle_id, found.edition), permit)
        await require_intact(db, str(cycle_id), *TABLES, *CONTACTS)
        row = await _of_notice(db, cycle_id, notice, reference, permit)
        contact = await _opened(db, request.app.state.contact_keys, row)
        receipt = await _record_reading(db, row, permit, new.reason)
        made = ReadNoticeContact(reference=reference, contact=None, receipt=receipt)
        answer = _given(made)
        await commit(db, key, answer)
    return answer if key is None else _given(made.model_copy(update={"contact": contact}))


async def _of_notice(
    db: AsyncSession, cycle_id: UUID, notice: int, reference: str, permit: Permission
) -> NoticeObjectionRow:
    row = await db.get(NoticeObjectionRow, (cycle_id, reference))
    if row is None or row.notice != notice:
        raise NoSuchNoticeObjection("The notice has none.", "该公示没有该编号的异议。")
    caller = permit.caller
    refuse_own([(row.unit, row.person)], caller.person, caller.organisation)
    return row


async def _opened(db: AsyncSession, keys: SealingKeys, row: NoticeObjectionRow) -> str:
    moment = await now(db)
    for each in await kept_contacts(db, row.cycle_id, row.reference):
        if each.until > moment and (told := await keys.opened(each.row.key_id, each.row.sealed)):
            return told
    raise NoNoticeContact("There is none.", "没有联系方式。")


async def _record_reading(
    db: AsyncSession, row: NoticeObjectionRow, permit: Permission, reason: str
) -> Receipt | None:
    of, who = NoticeContactReadingRow, permit.caller
    db.add(
        of(
            cycle_id=row.cycle_id,
            number=await next_number(db, of.number, row.cycle_id),
            reference=row.reference,
            reason=reason,
            subject=who.subject,
            person=who.person,
            read_at=await now(db),
        )
    )
    await db.flush()
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=who,
        event="ranking.notice-contact-read",
        body={"notice": row.notice, "reference": row.reference},
    )


@router.post("/notice-erasures", status_code=201, responses=documents(StoredDataAltered))
async def erase_notice_contacts(
    cycle_id: UUID, db: Transaction, permit: Permit, request: Request
) -> ErasedNoticeContacts:
    """Destroy the keys of contacts whose time is over: 30 days after an objection was answered, at
    once where it was taken back, and a year after it was filed whatever has become of it.

    A contact whose key is destroyed is read by nobody, in no copy of the database. A second time
    changes nothing.
    """
    await hold_cycle(db, cycle_id)
    await require_intact(db, str(cycle_id), *TABLES, *CONTACTS)
    moment, who = await now(db), permit.caller
    due = (await overdue_contacts(db, cycle_id, moment))[:AT_ONCE]
    # First the keys: who is killed in between has destroyed what is said to be there still, and
    # the next time it is told.
    if not is_checked(request):
        for each in due:
            await request.app.state.contact_keys.destroy(each.key_id)
    by = {"subject": who.subject, "person": who.person, "erased_at": moment}
    key = {"cycle_id": cycle_id}
    db.add_all(NoticeContactErasureRow(**key, reference=e.reference, **by) for e in due)
    await db.flush()
    receipt = None
    if due:
        body, event = {"erased": len(due)}, "ranking.notice-contacts-erased"
        receipt = await journal.record(db, chain=str(cycle_id), caller=who, event=event, body=body)
    return ErasedNoticeContacts(erased=len(due), receipt=receipt)


def _given(made: ReadNoticeContact) -> Response:
    """Return an answer with a contact in it, or the one without: nobody on the way keeps it."""
    body = made.model_dump_json().encode()
    headers = {"Cache-Control": "no-store"}
    return Response(body, 201, headers, media_type="application/json")
