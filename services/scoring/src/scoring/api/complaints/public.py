"""Complaints of citizens without an account: raised, followed and judged by number and token."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from fastapi import Header, Request, Response
from pydantic import Field, SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, personal
from chassis.followers import WITHOUT_ACCOUNT, Reference, digest_of, drawn_token
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, OneOf, Outgoing, Text
from scoring.api.complaints.documents import ComplaintKind, ComplaintState
from scoring.api.complaints.keeping import (
    HELD_COMPLAINTS,
    add_complaint,
    add_complaint_move,
    record_move,
)
from scoring.queries import hold
from scoring.queries.complaint_contacts import desk_of, followed, overdue_contacts
from scoring.queries.complaints import StoredComplaint, require_true_complaints, whole_complaints
from scoring.queries.ledger import now
from scoring.rules.complaints.after import ThenStands
from scoring.rules.complaints.public import (
    ERASED_WITHIN,
    ContactsNotErased,
    NoComplaintDesk,
    NotFollowed,
    NotToBeRated,
)
from scoring.rules.complaints.standing import Spoken
from scoring.rules.complaints.states import (
    ANSWER,
    BY_CITIZEN,
    CLOSE,
    LINK,
    ON_ANSWER,
    RATE,
    REFUSE,
    STEPS,
)
from scoring.tables.complaint_contacts import ComplaintContactRow
from scoring.tables.complaints import ComplaintMoveRow, ComplaintRow

router = Router("/public/cycles/{cycle_id}/complaints", tags=["complaints"])

Token = Annotated[
    str,
    Header(
        alias="Complaint-Token",
        max_length=200,
        description="What was given when it was raised. It stands in no address: these are logged.",
    ),
]


class NewPublicComplaint(Incoming):
    """What somebody complains of, asks or reports, without any number that leads to a person.

    In `contact` alone there may be one, by which to ask whether the answer will do: it is sealed,
    and erased after its time. It may be left out.
    """

    LOOK: ClassVar = personal.OF_CITIZENS

    kind: ComplaintKind
    text: Text
    about_office: bool = False
    contact: Annotated[SecretStr, Field(min_length=5, max_length=200)] | None = None


class NewVerdict(Incoming):
    """Whether whoever raised a complaint is satisfied with its answer."""

    LOOK: ClassVar = personal.OF_CITIZENS

    word: Literal["satisfied", "dissatisfied"]
    text: Text | None = None


class RaisedComplaint(Outgoing):
    """The number and the token of a complaint: both are shown this once, and nobody can look the
    token up."""

    reference: str
    token: str
    raised_at: dt.datetime


class FollowedMove(Outgoing):
    """A move that a complaint made, with the words that are for whoever raised it."""

    state: ComplaintState
    text: str | None
    made_at: dt.datetime


class FollowedComplaint(Outgoing):
    """How a complaint stands, as whoever raised it reads it: `due` is by when it is answered."""

    reference: str
    kind: ComplaintKind
    text: str
    state: ComplaintState
    due: dt.date | None
    word: Annotated[str, OneOf(*ON_ANSWER)] | None
    moves: list[FollowedMove]


@router.post("", status_code=201, responses=documents(NoComplaintDesk, ContactsNotErased))
async def raise_complaint(
    cycle_id: UUID, new: NewPublicComplaint, request: Request, response: Response
) -> RaisedComplaint:
    """Raise a complaint without an account.

    Number and token are in the answer, and nowhere else: of the token there is a digest. Whoever
    gets no answer raises it again, and the office links the two. No `contact` is taken while others
    are there whose time has been over for a week.
    """
    response.headers["Cache-Control"] = "no-store"
    token = drawn_token()
    said = {"kind": new.kind, "text": new.text, "about_office": new.about_office}
    async with request.app.state.sessions.begin() as db:
        desk = await desk_of(db, cycle_id)
        if desk is None or not desk.is_open:
            raise NoComplaintDesk("No desk is open.", "受理窗口未开放。")
        moment = await now(db)
        if new.contact is not None:
            await _require_erasing(db, cycle_id)
        more = {"channel": "public", "token": digest_of(token), "source_ref": None}
        row = await add_complaint(db, cycle_id, WITHOUT_ACCOUNT, moment, **said, **more)
        if new.contact is not None:
            keys = request.app.state.contact_keys
            sealed = await keys.seal(row.complaint_id, new.contact.get_secret_value())
            key = {"cycle_id": cycle_id, "complaint_id": row.complaint_id}
            db.add(ComplaintContactRow(**key, sealed=sealed, given_at=moment))
            await db.flush()
        await _record_raised(db, cycle_id, row.complaint_id, apart=new.about_office)
        return RaisedComplaint(reference=row.reference, token=token, raised_at=moment)


@router.get("/{reference}", responses=documents(NotFollowed, StoredDataAltered))
async def follow_complaint(
    cycle_id: UUID, reference: Reference, request: Request, response: Response, token: Token = ""
) -> FollowedComplaint:
    """Give whoever raised a complaint how it stands, with the answer, by its number and token.

    Of one that was linked to another the moves end with what that one was answered. Of a wrong
    number and of a wrong token nobody learns which it was.
    """
    response.headers["Cache-Control"] = "no-store"
    async with request.app.state.sessions() as db:
        found = await _followed(db, cycle_id, reference, token)
        # Only then: the journal of all complaints is compared for nobody who has no token.
        await require_true_complaints(db, cycle_id)
        return _told(found, await _answered_there(db, found))


@router.post(
    "/{reference}/verdict",
    status_code=201,
    responses=documents(NotFollowed, NotToBeRated, StoredDataAltered),
)
async def judge_answer(
    cycle_id: UUID,
    reference: Reference,
    new: NewVerdict,
    request: Request,
    response: Response,
    token: Token = "",
) -> FollowedComplaint:
    """Say whether the answer to one's own complaint will do, until the complaint is closed.

    Said again it is the latest word that holds, five times for an answer; the same said again
    changes nothing. Who is not satisfied has it done again once.
    """
    response.headers["Cache-Control"] = "no-store"
    async with request.app.state.sessions.begin() as db:
        await _followed(db, cycle_id, reference, token)  # nobody without it makes others wait
        await hold(db, HELD_COMPLAINTS, cycle_id)
        await require_true_complaints(db, cycle_id)
        found = await _followed(db, cycle_id, reference, token)
        last = found.moves[-1]
        step = STEPS.get((last.state, RATE))
        if step is None or step.by != BY_CITIZEN:
            raise NotToBeRated(f"It is {last.state}.", "现无可评价的答复。")
        verdicts = _verdicts(found)
        before = verdicts[-1] if verdicts else None
        if before and before.word == new.word and new.text in (None, before.text):
            return _told(found)
        if len(verdicts) >= _MOST:
            raise NotToBeRated(f"It was judged {_MOST} times.", f"该答复已评价{_MOST}次。")
        said = Spoken(RATE, new.text, word=new.word)
        then = ThenStands(step.to, last.kind, last.due, late=False, handlers=found.handlers)
        row = await add_complaint_move(db, found, said, then, WITHOUT_ACCOUNT, await now(db))
        await record_move(db, found, row, {each.unit for each in found.handlers}, WITHOUT_ACCOUNT)
        return _told(found._replace(moves=[*found.moves, row]))


_MOST = 5
"""How often one answer may be judged: the latest word holds."""


def _verdicts(found: StoredComplaint) -> list[ComplaintMoveRow]:
    """Return what whoever raised a complaint has said of its latest answer."""
    since = [each.step for each in found.moves if each.move == ANSWER]
    return [each for each in found.moves if each.move == RATE and each.step > since[-1]]


async def _answered_there(db: AsyncSession, found: StoredComplaint) -> list[ComplaintMoveRow]:
    """Return the answers of the complaint that one was linked to, or that one in its turn; none
    where it was linked to nothing."""
    own = found.row.complaint_id
    seen, last = {own}, found.moves[-1]
    while last.move == LINK and last.first is not None and last.first not in seen:
        seen.add(last.first)
        row = await db.get_one(ComplaintRow, (last.cycle_id, last.first))
        found = (await whole_complaints(db, last.cycle_id, [row]))[row.complaint_id]
        last = found.moves[-1]
    if found.row.complaint_id == own:
        return []
    return [each for each in found.moves if each.move == ANSWER]


async def _require_erasing(db: AsyncSession, cycle_id: UUID) -> None:
    """Refuse a contact where nobody erases what has to be."""
    overdue = await overdue_contacts(db, cycle_id, ERASED_WITHIN)
    if overdue.number:
        raise ContactsNotErased("Nobody erases them.", "有到期未销毁的联系方式。")


async def _followed(
    db: AsyncSession, cycle_id: UUID, reference: str, token: str
) -> StoredComplaint:
    found = await followed(db, cycle_id, reference, token)
    if found is None:
        raise NotFollowed("Number and token do not go together.", "编号与查询码不符。")
    return found


_FOR_CITIZENS = frozenset({ANSWER, REFUSE, LINK, RATE, CLOSE})
"""The moves of which whoever raised a complaint reads the words."""


def _told(found: StoredComplaint, there: Sequence[ComplaintMoveRow] = ()) -> FollowedComplaint:
    last, row = found.moves[-1], found.row
    own = [each.word for each in found.moves if each.move == RATE]
    return FollowedComplaint(
        reference=row.reference,
        kind=last.kind,
        text=row.text,
        state=last.state,
        due=last.due,
        word=own[-1] if own else None,
        moves=[
            FollowedMove(
                state=each.state,
                text=each.text if each.move in _FOR_CITIZENS else None,
                made_at=each.entered_at,
            )
            for each in (*found.moves, *there)
        ],
    )


async def _record_raised(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID, *, apart: bool
) -> None:
    event = "scoring.complaint-about-office" if apart else "scoring.complaint-raised"
    body = {"complaint_id": str(complaint_id)}
    if apart:
        body |= {"move": "raise", "state": "raised"}
    await journal.record(db, chain=str(cycle_id), caller=WITHOUT_ACCOUNT, event=event, body=body)
