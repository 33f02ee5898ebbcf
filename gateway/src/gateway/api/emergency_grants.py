"""Rights that somebody takes in an emergency (应急授权): loud, for hours, and reviewed."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal
from uuid import UUID, uuid4

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction, commit, once
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from gateway import access_tokens, emergencies, queries
from gateway.api.accounts import created_for_once, present_account
from gateway.api.tokens import SignInElsewhere, require_embedded
from gateway.emergencies import CHAIN, KeptGrant
from gateway.rules import emergency as rules
from gateway.rules.emergency import (
    Finding,
    GrantGoesOn,
    GrantNotReviewed,
    GrantOver,
    GrantReviewed,
    GrantState,
    NobodyToReview,
    NoSuchGrant,
    ReviewedByAnother,
    RightNotYours,
)
from gateway.rules.second_factors import ForPersons, require_person
from gateway.settings import Settings
from gateway.tables import EmergencyEndRow, EmergencyGrantRow, EmergencyReviewRow

router = Router("/emergency-grants", tags=["emergencies"])

MOST_MINUTES = int(rules.LONGEST / timedelta(minutes=1))
_MOST_REQUESTS = 200
_BEARER: Final = "Bearer"
_REVIEW = "POST /api/v1/emergency-grants/{grant_id}/review"


class NewEmergencyGrant(Incoming):
    """A right that is taken (`x-emergency`), for how many minutes, and why."""

    right: Code
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    reason: Text


class NewEmergencyEnd(Incoming):
    """Why an emergency grant ends before its time."""

    reason: Text


class NewEmergencyReview(Incoming):
    """What was found about an emergency grant."""

    finding: Finding
    remark: Text


class EmergencyGrant(Outgoing):
    """A right that somebody took in an emergency, until when, and what became of it.

    It is `going` until it ends by itself or is ended, `over` then, and `reviewed` when another
    person has said what there is to it.
    """

    grant_id: UUID
    right: str
    role: str
    state: GrantState
    subject: str
    reason: str
    taken_at: datetime
    ends_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    finding: Finding | None
    remark: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None


class EmergencyRequest(Outgoing):
    """What was asked for by an emergency grant, and whether it was refused at the door; `seq` is
    its place in the chain `emergency` of the gateway's journal."""

    seq: int
    route: str
    asked: str
    refused: bool
    recorded_at: datetime


class ReadEmergencyGrant(Outgoing):
    """An emergency grant, how often something was asked for by it, and 200 of these requests."""

    grant: EmergencyGrant
    requests_count: int
    requests: list[EmergencyRequest]


class ChangedEmergencyGrant(Outgoing):
    """An emergency grant after what was done to it."""

    grant: EmergencyGrant
    receipt: Receipt | None


class EmergencyToken(Outgoing):
    """An access token that opens nothing but the routes of the right, for `expires_in` seconds. It
    is shown this once: a repeated request is answered with null."""

    access_token: str | None
    token_type: Literal["Bearer"]
    expires_in: int
    right: str
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(RightNotYours, GrantNotReviewed, NobodyToReview, SignInElsewhere),
)
async def take_emergency_right(
    new: NewEmergencyGrant, request: Request, db: Transaction, permit: Permit
) -> ChangedEmergencyGrant:
    """Take a right for hours, alone, where whoever has it cannot be reached.

    All administrators are told at once, each request by it is on record before it is answered, it
    ends by itself, and another person reviews it.
    """
    require_embedded(request)
    await queries.lock_accounts(db)
    caller, matrix, now = permit.caller, permit.matrix, await queries.now(db)
    waiting = await emergencies.not_reviewed(db, caller.realm)
    own = [each for each in waiting if each.is_of(caller.person)]
    states = [each.known.state(now) for each in own]
    rules.check_taking(new.right, caller.roles, matrix.emergency, states)
    reviewing = {row.role for row in matrix.routes[_REVIEW]}
    holding = await queries.accounts_with(db, reviewing, queries.is_of(caller.realm))
    rules.check_reviewers(caller.person, {e.person for e in holding if e.kind == "person"})
    values = {
        "grant_id": uuid4(),
        "right": new.right,
        "role": matrix.emergency[new.right]["role"],
        "subject": caller.subject,
        "person": caller.person,
        "reason": new.reason,
        "taken_at": now,
        "ends_at": now + timedelta(minutes=new.minutes),
    }
    await db.execute(insert(EmergencyGrantRow).values(values))
    more = {"reason": new.reason, "ends_at": values["ends_at"].isoformat()}
    return await _recorded(db, values["grant_id"], caller, "begun", **more)


@router.get("", responses=documents(SignInElsewhere))
async def list_emergency_grants(
    request: Request,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    reviewed: Annotated[
        bool | None, Query(description="Grants that were reviewed, or were not.")
    ] = None,
) -> Page[EmergencyGrant]:
    """Give the rights that were taken in emergencies, in the order of their ids."""
    require_embedded(request)
    wanted = [] if page.after_id is None else [EmergencyGrantRow.grant_id > page.after_id]
    if reviewed is not None:
        of = EmergencyReviewRow.grant_id
        wanted.append(of.is_not(None) if reviewed else of.is_(None))
    now = await queries.now(db)
    wanted.append(emergencies.is_of(permit.caller.realm))
    found = await emergencies.grants(db, *wanted, most=page.limit + 1)
    told = [_shown(each, now) for each in found]
    return Page.of(told, page.limit, lambda each: str(each.grant_id))


@router.get("/{grant_id}", responses=documents(NoSuchGrant, SignInElsewhere))
async def read_emergency_grant(
    grant_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    after_seq: Annotated[
        int, Query(ge=0, le=2**53 - 1, description="Requests behind this entry of the chain.")
    ] = 0,
) -> ReadEmergencyGrant:
    """Give a right that was taken in an emergency, and what was asked for by it: so that nobody who
    reviews it misses what came late, those behind an entry follow with `after_seq`."""
    require_embedded(request)
    caller = permit.caller
    found, of = await _found(db, grant_id, caller), (caller.realm, grant_id)
    told = await emergencies.requests_of(db, of, after_seq, _MOST_REQUESTS)
    return ReadEmergencyGrant(
        grant=_shown(found, await queries.now(db)),
        requests_count=await emergencies.count_of(db, of),
        requests=[EmergencyRequest(**each) for each in told],
    )


@router.post(
    "/{grant_id}/token",
    status_code=201,
    response_model=EmergencyToken,
    responses=documents(NoSuchGrant, GrantOver, SignInElsewhere),
)
async def issue_emergency_token(
    grant_id: UUID,
    request: Request,
    permit: Permit,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Give who took a right a token for it, which is never good for longer than the grant."""
    require_embedded(request)
    caller = permit.caller
    settings: Settings = request.app.state.settings
    key = None if mode == CHECK else await idempotency.key_of(request, caller)
    async with once(request.app.state.sessions, key) as db:
        found = await _found(db, grant_id, caller)
        permit.require({"own_account"} if found.made.subject == caller.subject else ())
        now = await queries.now(db)
        rules.check_going(found.known.state(now))
        account = await queries.account_in_effect(db, caller.subject)
        assert account is not None  # noqa: S101 - who is let in has one
        left = int((found.made.ends_at - now).total_seconds())
        seconds = max(1, min(left, settings.token_seconds))
        done = await _recorded(db, grant_id, caller, "token")
        told = EmergencyToken(
            access_token=None,
            token_type=_BEARER,
            expires_in=seconds,
            right=found.made.right,
            receipt=done.receipt,
        )
        answer = created_for_once(told)
        await commit(db, key, answer)
    of = found.made.right, found.made.role, str(grant_id), seconds
    token = request.app.state.keys.sign(access_tokens.emergency_claims(settings, account, *of))
    return created_for_once(told.model_copy(update={"access_token": token})) if key else answer


@router.post(
    "/{grant_id}/end",
    status_code=201,
    responses=documents(NoSuchGrant, GrantOver, SignInElsewhere),
)
async def end_emergency_grant(
    grant_id: UUID, new: NewEmergencyEnd, request: Request, db: Transaction, permit: Permit
) -> ChangedEmergencyGrant:
    """End an emergency grant before its time, at once; any administrator may."""
    require_embedded(request)
    await queries.lock_accounts(db)
    caller = permit.caller
    found = await _found(db, grant_id, caller)
    rules.check_going(found.known.state(await queries.now(db)))
    values = {"ended_by": caller.subject, "ended_by_person": caller.person}
    row = {"grant_id": grant_id, "reason": new.reason}
    await db.execute(insert(EmergencyEndRow).values(row | values))
    return await _recorded(db, grant_id, caller, "ended", reason=new.reason)


@router.post(
    "/{grant_id}/review",
    status_code=201,
    responses=documents(
        NoSuchGrant, GrantGoesOn, GrantReviewed, ReviewedByAnother, ForPersons, SignInElsewhere
    ),
)
async def review_emergency_grant(
    grant_id: UUID, new: NewEmergencyReview, request: Request, db: Transaction, permit: Permit
) -> ChangedEmergencyGrant:
    """Say of an emergency grant that is over whether it was justified; not as who took it, and not
    as a system."""
    require_embedded(request)
    await queries.lock_accounts(db)
    require_person((await present_account(db, permit.caller.subject, permit.caller)).kind)
    caller = permit.caller
    found = await _found(db, grant_id, caller)
    state = found.known.state(await queries.now(db))
    rules.check_review(state, found.made.person, caller.person)
    values = {"reviewed_by": caller.subject, "reviewed_by_person": caller.person}
    row = {"grant_id": grant_id, **new.model_dump()}
    await db.execute(insert(EmergencyReviewRow).values(row | values))
    return await _recorded(db, grant_id, caller, "reviewed", **new.model_dump())


async def _found(db: AsyncSession, grant_id: UUID, caller: Caller) -> KeptGrant:
    of = EmergencyGrantRow.grant_id == grant_id, emergencies.is_of(caller.realm)
    found = next(iter(await emergencies.grants(db, *of)), None)
    if found is None:
        raise NoSuchGrant(f"Nothing is known of {grant_id}.", f"应急授权 {grant_id} 不存在。")
    return found


async def _recorded(
    db: AsyncSession, grant_id: UUID, caller: Caller, what: str, **more: str
) -> ChangedEmergencyGrant:
    found = await _found(db, grant_id, caller)
    about = {name: getattr(found.made, name) for name in ("right", "role", "subject")}
    body = {"grant_id": str(grant_id), **about, "person": caller.person, **more}
    event = f"gateway.emergency-{what}"
    receipt = await journal.record(db, chain=CHAIN, caller=caller, event=event, body=body)
    return ChangedEmergencyGrant(grant=_shown(found, await queries.now(db)), receipt=receipt)


def _shown(found: KeptGrant, now: datetime) -> EmergencyGrant:
    made, end, review = found
    names = ("grant_id", "right", "role", "subject", "reason", "taken_at", "ends_at")
    return EmergencyGrant.model_validate(
        {name: getattr(made, name) for name in names}
        | {"state": found.known.state(now)}
        | {name: getattr(end, name, None) for name in ("ended_by", "ended_at")}
        | {
            name: getattr(review, name, None)
            for name in ("finding", "remark", "reviewed_by", "reviewed_at")
        }
    )
