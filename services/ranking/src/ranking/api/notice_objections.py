"""Objections to a notice (公示异议): filed by units and by anybody, each answered before the next
step."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import Header, Query, Request, Response
from pydantic import Field, SecretStr
from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, personal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.followers import (
    WITHOUT_ACCOUNT,
    Reference,
    digest_of,
    drawn_reference,
    drawn_token,
    goes_with,
    is_reference,
)
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from ranking.api.notice_contacts import keep_contact
from ranking.api.noticed import (
    TABLES,
    find_notice,
    is_withdrawn,
    newest_of_category,
    shown_units,
)
from ranking.api.notices import check_noticing
from ranking.api.rankings import WHERE_GIVEN
from ranking.api.readers import sight_of
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import Number, find_ranking, hold_cycle, now
from ranking.rules.interest import DeciderBarred, ReadAfterRelease
from ranking.rules.notices import (
    NoSuchNotice,
    NoSuchNoticeObjection,
    NoticeContactsNotErased,
    NoticeOver,
    ObjectionFaulty,
    Outcome,
    OwnObjection,
    about_faults,
    answered_faults,
    correction_faults,
    refuse_faulty,
    refuse_own,
)
from ranking.rules.publication import ASSESSORS
from ranking.tables import (
    NoticeAnswerRow,
    NoticeObjectionRow,
    NoticeRow,
    NoticeWithdrawalRow,
)

router = Router(prefix="/cycles/{cycle_id}/notices/{notice}", tags=["notices"])
public = Router(prefix="/public/cycles/{cycle_id}/notices/{notice}/objections", tags=["notices"])

Token = Annotated[
    str,
    Header(
        alias="Objection-Token",
        max_length=200,
        description="What was given when it was filed. It stands in no address: these are logged.",
    ),
]


class NewNoticeObjection(Incoming):
    """What somebody objects to in a notice, and about which of its units, null for none alone.

    It is taken without any number that leads to a person.
    """

    text: Text
    about: Code | None = None


class NewPublicObjection(NewNoticeObjection):
    """What somebody without an account objects to in a notice.

    In `contact` alone there may be a number that leads to a person, by which to ask about it: it is
    sealed, and erased after its time. It may be left out.
    """

    LOOK: ClassVar = personal.OF_CITIZENS

    contact: Annotated[SecretStr, Field(min_length=5, max_length=200)] | None = None


class NewNoticeAnswers(Incoming):
    """What is answered to one or several objections: whether they are upheld, and why.

    `corrections` are the ids of corrections of the sealed record that follow from it.
    """

    references: Annotated[list[Code], Field(max_length=100)]
    outcome: Outcome
    text: Text
    corrections: Annotated[list[UUID], Field(max_length=100, default_factory=list)]


class NoticeAnswer(Outgoing):
    """What was answered to an objection, and the ids of the corrections that follow from it."""

    outcome: Outcome
    text: str
    corrections: list[UUID]
    answered_at: dt.datetime


class NoticeObjection(Outgoing):
    """An objection to a notice; `unit` filed it, null for somebody without an account, and `answer`
    is null while it waits, or where it was taken back, of which `withdrawn_at` tells."""

    reference: str
    notice: int
    unit: str | None
    about: str | None
    text: str
    filed_at: dt.datetime
    answer: NoticeAnswer | None
    withdrawn_at: Annotated[dt.datetime | None, WHERE_GIVEN] = None


class FiledNoticeObjection(Outgoing):
    """The number and the token of an objection: both are shown this once, and nobody can look the
    token up."""

    reference: str
    token: str
    filed_at: dt.datetime


class NoticeObjectionMade(Outgoing):
    """An objection of a unit that is now on record."""

    objection: NoticeObjection
    receipt: Receipt | None


class NoticeAnswersMade(Outgoing):
    """The objections that are answered now."""

    objections: list[NoticeObjection]
    receipt: Receipt | None


@router.post(
    "/objections",
    status_code=201,
    responses=documents(NoSuchNotice, NoticeOver, ObjectionFaulty, StoredDataAltered),
)
async def object_to_notice(
    cycle_id: UUID, notice: Number, new: NewNoticeObjection, db: Transaction, permit: Permit
) -> NoticeObjectionMade:
    """Object to a notice as a unit while it runs; the unit alone reads what is answered, besides
    those who answer and decide."""
    caller = permit.caller
    permit.require({"own_unit"} if caller.organisation else ())
    row = await _file(db, cycle_id, notice, new, caller)
    receipt = await record_objection(db, row, caller, "filed")
    return NoticeObjectionMade(objection=told_objection(row, None), receipt=receipt)


@public.post(
    "",
    status_code=201,
    responses=documents(
        NoSuchNotice, NoticeContactsNotErased, NoticeOver, ObjectionFaulty, StoredDataAltered
    ),
)
async def object_in_public(
    cycle_id: UUID, notice: Number, new: NewPublicObjection, request: Request, response: Response
) -> FiledNoticeObjection:
    """Object to a notice without an account while it runs.

    Number and token are in the answer, and nowhere else: of the token there is a digest. No
    `contact` is taken while others are there whose time has been over for a week.
    """
    response.headers["Cache-Control"] = "no-store"
    token = drawn_token()
    async with request.app.state.sessions.begin() as db:
        row = await _file(db, cycle_id, notice, new, WITHOUT_ACCOUNT, token)
        if new.contact is not None:
            keys = request.app.state.contact_keys
            await keep_contact(db, keys, row, new.contact.get_secret_value())
        await record_objection(db, row, WITHOUT_ACCOUNT, "filed")
        return FiledNoticeObjection(reference=row.reference, token=token, filed_at=row.filed_at)


@public.get("/{reference}", responses=documents(NoSuchNoticeObjection, StoredDataAltered))
async def follow_notice_objection(
    cycle_id: UUID,
    notice: Number,
    reference: Reference,
    request: Request,
    response: Response,
    token: Token = "",
) -> NoticeObjection:
    """Give whoever objected without an account what was answered, by number and token.

    Of a wrong number and of a wrong token nobody learns which it was.
    """
    response.headers["Cache-Control"] = "no-store"
    async with request.app.state.readings() as db:
        row = await theirs(db, cycle_id, notice, reference, token)
        # Only then: nothing is compared for whoever has no token.
        await require_intact(db, str(cycle_id), *TABLES)
        return told_objection(
            row,
            await db.get(NoticeAnswerRow, (cycle_id, reference)),
            await db.get(NoticeWithdrawalRow, (cycle_id, reference)),
        )


async def theirs(
    db: AsyncSession, cycle_id: UUID, notice: int, reference: str, token: str
) -> NoticeObjectionRow:
    """Return the objection of somebody who has number and token of it; of whichever is wrong it is
    refused in the same words and the same time."""
    row = await db.get(NoticeObjectionRow, (cycle_id, reference))
    is_theirs = goes_with(row.token if row else None, token)
    if row is None or not is_theirs or row.notice != notice:
        raise NoSuchNoticeObjection("They do not go together.", "编号与查询码不符。")
    return row


async def _file(
    db: AsyncSession,
    cycle_id: UUID,
    notice: int,
    new: NewNoticeObjection,
    caller: Caller,
    token: str | None = None,
) -> NoticeObjectionRow:
    """Add an objection to a notice that runs."""
    await hold_cycle(db, cycle_id)
    found = await find_notice(db, cycle_id, notice)
    moment = await now(db)
    replaced = await newest_of_category(db, cycle_id, found.category) != notice
    if replaced or moment >= found.closes_at:
        raise NoticeOver(f"It ran until {found.closes_on}.", f"公示至{found.closes_on}。")
    refuse_faulty(about_faults(new.about, shown_units(found)))
    row = NoticeObjectionRow(
        cycle_id=cycle_id,
        reference=drawn_reference(),
        notice=notice,
        unit=caller.organisation,
        about=new.about,
        text=new.text,
        token=None if token is None else digest_of(token),
        subject=caller.subject,
        person=None if caller is WITHOUT_ACCOUNT else caller.person,
        filed_at=moment,
    )
    db.add(row)
    await db.flush()
    return row


async def record_objection(
    db: AsyncSession, row: NoticeObjectionRow, caller: Caller, what: str
) -> Receipt | None:
    """Put on record that an objection was filed, or withdrawn."""
    body = {"notice": row.notice, "reference": row.reference}
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=caller,
        event=f"ranking.notice-objection-{what}",
        body=body if row.unit is None else {**body, "unit": row.unit},
    )


@router.get(
    "/objections",
    responses=documents(
        NoSuchNotice, ReadAfterRelease, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def list_notice_objections(
    cycle_id: UUID,
    notice: Number,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    answered: Annotated[
        bool | None, Query(description="Those that were answered, or those that wait.")
    ] = None,
) -> Page[NoticeObjection]:
    """List the objections to a notice with what was answered, by their numbers, which are drawn; a
    unit gets its own."""
    works = permit.caller.roles & ASSESSORS
    sight = await sight_of(ask, permit, cycle_id) if works else None
    found = await find_notice(db, cycle_id, notice)
    of = NoticeObjectionRow
    own: ColumnElement[bool] = true()
    if sight is None:
        permit.require({"own_unit"} if permit.caller.organisation else ())
        own = of.unit == permit.caller.organisation
    else:
        permit.require(())
        sight.check(found.category, shown_units(found))
    query = select(of).where(of.cycle_id == cycle_id, of.notice == notice, own)
    if answered is not None:
        has = exists().where(
            NoticeAnswerRow.cycle_id == of.cycle_id, NoticeAnswerRow.reference == of.reference
        )
        query = query.where(has if answered else ~has & ~is_withdrawn())
    if page.after is not None:
        if not is_reference(page.after):
            raise page.no_such_place()
        query = query.where(of.reference > page.after)
    rows = (await db.scalars(query.order_by(of.reference).limit(page.limit + 1))).all()
    await require_intact(db, str(cycle_id), *TABLES)
    named = [row.reference for row in rows]
    answers, gone = await _answers(db, cycle_id, named), await _withdrawals(db, cycle_id, named)
    told = [told_objection(r, answers.get(r.reference), gone.get(r.reference)) for r in rows]
    return Page.of(told, page.limit, lambda one: one.reference)


async def _answers(
    db: AsyncSession, cycle_id: UUID, references: Sequence[str]
) -> dict[str, NoticeAnswerRow]:
    of = NoticeAnswerRow
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id, of.reference.in_(references)))
    return {row.reference: row for row in rows}


async def _withdrawals(
    db: AsyncSession, cycle_id: UUID, references: Sequence[str]
) -> dict[str, NoticeWithdrawalRow]:
    of = NoticeWithdrawalRow
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id, of.reference.in_(references)))
    return {row.reference: row for row in rows}


@router.post(
    "/answers",
    status_code=201,
    responses=documents(
        *(DeciderBarred, NoSuchNotice, ObjectionFaulty, OwnObjection),
        *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    ),
)
async def answer_notice_objections(
    cycle_id: UUID,
    notice: Number,
    new: NewNoticeAnswers,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> NoticeAnswersMade:
    """Answer objections to a notice, once and for good, as somebody of the office whose unit is not
    assessed in the category and who filed none of them.

    An edition is not decided as it was shown once an objection to it was upheld: what was wrong is
    corrected, and a new one is computed.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    known = await _known(ask, cycle_id) if new.corrections else {}
    await hold_cycle(db, cycle_id)
    found = await find_notice(db, cycle_id, notice)
    check_noticing(scheme, await find_ranking(db, cycle_id, found.edition), permit)
    await require_intact(db, str(cycle_id), *TABLES)
    rows = await _named(db, found, new)
    corrections = list(map(str, new.corrections))
    refuse_faulty(correction_faults(corrections, known, shown_units(found), new.outcome))
    refuse_own(
        [(row.unit, row.person) for row in rows], permit.caller.person, permit.caller.organisation
    )
    moment, who = await now(db), permit.caller
    answers = [
        NoticeAnswerRow(
            cycle_id=cycle_id,
            reference=row.reference,
            outcome=new.outcome,
            text=new.text,
            corrections=corrections,
            subject=who.subject,
            person=who.person,
            answered_at=moment,
        )
        for row in rows
    ]
    db.add_all(answers)
    await db.flush()
    receipt = await _record_answered(db, found, rows, new, permit)
    told = [told_objection(row, answer) for row, answer in zip(rows, answers, strict=True)]
    return NoticeAnswersMade(objections=told, receipt=receipt)


async def _known(ask: Peers, cycle_id: UUID) -> dict[str, tuple[str, str]]:
    listed = await ask.scoring.known_corrections(cycle_id=cycle_id)
    return {str(each.correction_id): (each.unit, each.state) for each in listed}


async def _named(
    db: AsyncSession, found: NoticeRow, new: NewNoticeAnswers
) -> list[NoticeObjectionRow]:
    """Return the objections that are answered, in their order; refuse those that cannot be."""
    of = NoticeObjectionRow
    rows = await db.scalars(
        select(of).where(
            of.cycle_id == found.cycle_id,
            of.notice == found.notice,
            of.reference.in_(new.references),
        )
    )
    by_number = {row.reference: row for row in rows}
    answered = await _answers(db, found.cycle_id, new.references)
    gone = await _withdrawals(db, found.cycle_id, new.references)
    refuse_faulty(answered_faults(new.references, by_number, answered, gone))
    return [by_number[each] for each in new.references]


async def _record_answered(
    db: AsyncSession,
    found: NoticeRow,
    rows: Sequence[NoticeObjectionRow],
    new: NewNoticeAnswers,
    permit: Permission,
) -> Receipt | None:
    answers = [
        {"reference": row.reference, **({} if row.unit is None else {"unit": row.unit})}
        for row in rows
    ]
    return await journal.record(
        db,
        chain=str(found.cycle_id),
        caller=permit.caller,
        event="ranking.notice-objections-answered",
        body={"notice": found.notice, "outcome": new.outcome, "answers": answers},
    )


_OF_ROW = NoticeObjection.model_fields.keys() - {"answer", "withdrawn_at"}


def told_objection(
    row: NoticeObjectionRow,
    answer: NoticeAnswerRow | None,
    gone: NoticeWithdrawalRow | None = None,
) -> NoticeObjection:
    """Return the document of an objection, with what was answered, or that it was taken back."""
    return NoticeObjection(
        **{name: getattr(row, name) for name in _OF_ROW},
        answer=None if answer is None else NoticeAnswer.model_validate(answer),
        withdrawn_at=None if gone is None else gone.withdrawn_at,
    )
