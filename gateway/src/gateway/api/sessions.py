"""One's own sessions (本人登录会话): which are open, and signing out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import DatabaseUnavailable, Snapshot, Transaction
from chassis.identity import KeysUnavailable, NotSignedIn, Verifier
from chassis.intake import BodyTooLarge
from chassis.journal import Receipt
from chassis.problems import MalformedRequest, documents
from chassis.refusals import Invalid, Missing, TooManyRequests
from chassis.routes import ASKED_WRONGLY, CommandRoute, Router
from chassis.wire import OneOf, Outgoing
from gateway import sessions
from gateway.api.tokens import (
    MalformedTokenRequest,
    SignInElsewhere,
    Text,
    require_embedded,
)
from gateway.rules.headers import NO_STORE
from gateway.sessions import MOST_OPEN

router = Router("/me/sessions", tags=["accounts"])
revocation = APIRouter(tags=["sign-in"], route_class=CommandRoute)


class NoSuchSession(Missing):
    """The caller has no such open session."""

    zh = "本人没有这一登录会话。"
    remedy = ("Look it up in `GET /api/v1/me/sessions`.", "请通过 `GET /api/v1/me/sessions` 查看。")


class UnsupportedTokenType(Invalid):
    """The token of a system is not revoked."""

    zh = "系统的令牌不能注销。"
    remedy = (
        "Let it expire: it holds for minutes. To end it sooner revoke the secret, or have the "
        "account disabled.",
        "令牌数分钟后自行失效；需立即停用的，请吊销密钥或停用账户。",
    )
    status = 400
    headers = NO_STORE


class OwnSession(Outgoing):
    """An open session of the caller.

    `is_this_one` is the one that asks. `refreshed_at` is when its token was last renewed, null
    where it was not. Unless renewed or ended it ends at `expires_at`.
    """

    session_id: UUID
    kind: Annotated[str, OneOf("bearer", "browser")]
    is_this_one: bool
    opened_at: datetime
    refreshed_at: datetime | None
    expires_at: datetime
    address: str
    device: str


class OwnSessions(Outgoing):
    """The open sessions of the caller, the newest first."""

    sessions: list[OwnSession] = Field(max_length=MOST_OPEN)


class EndedSession(Outgoing):
    """The session that was ended: its tokens are refused within seconds."""

    session_id: UUID
    receipt: Receipt | None


class SignedOut(Outgoing):
    """No session goes on with this token."""

    signed_out: Literal[True]


@router.get("", responses=documents(SignInElsewhere))
async def list_own_sessions(request: Request, db: Snapshot, permit: Permit) -> OwnSessions:
    """List where the caller is signed in."""
    require_embedded(request)
    caller = permit.caller
    found = await sessions.open_sessions(db, caller.subject)
    return OwnSessions(
        sessions=[
            OwnSession(**one._asdict(), is_this_one=str(one.session_id) == caller.session)
            for one in found
        ]
    )


@router.post(
    "/{session_id}/end", status_code=201, responses=documents(NoSuchSession, SignInElsewhere)
)
async def end_own_session(
    session_id: UUID, request: Request, db: Transaction, permit: Permit
) -> EndedSession:
    """End one of the caller's sessions, this one or another."""
    require_embedded(request)
    caller = permit.caller
    open_ones = {each.session_id for each in await sessions.open_sessions(db, caller.subject)}
    ended = session_id in open_ones and await sessions.mark_ended(
        db, [session_id], "signed-out", caller
    )
    if not ended:
        raise NoSuchSession(f"There is no open {session_id}.", f"没有会话 {session_id}。")
    receipt = await journal.record(
        db,
        chain=sessions.CHAIN,
        caller=caller,
        event=sessions.ENDED,
        body=sessions.told(caller.subject, ended, "signed-out"),
    )
    return EndedSession(session_id=session_id, receipt=receipt)


@revocation.post(
    "/oauth/revoke",
    responses=documents(
        MalformedTokenRequest,
        UnsupportedTokenType,
        SignInElsewhere,
        TooManyRequests,
        KeysUnavailable,
        MalformedRequest,
        BodyTooLarge,
        DatabaseUnavailable,
        *ASKED_WRONGLY,
    ),
)
async def revoke_token(
    request: Request,
    response: Response,
    token: Text = "",
    token_type_hint: Text = "",
) -> SignedOut:
    """Sign out (RFC 7009): end the session of a refresh token or of an access token.

    A token that opens nothing is answered alike: its session has ended. That of a system has none,
    and is refused: it ends by itself, or with the secret.
    """
    require_embedded(request)
    if not token or len((await request.form()).getlist("token")) != 1:
        said = "Send token once.", "`token` 应填写一次。"
        raise MalformedTokenRequest(*said, error="invalid_request")
    async with request.app.state.sessions.begin() as db:
        found = await sessions.session_of(db, token)
        if found is None:
            found = await _of_access_token(request, db, token)
        if found is not None:
            session_id, subject = found
            by = sessions.holder(subject)
            await sessions.end(db, [session_id], "signed-out", by)
    response.headers["Cache-Control"] = "no-store"
    return SignedOut(signed_out=True)


async def _of_access_token(
    request: Request, db: AsyncSession, token: str
) -> tuple[UUID, str] | None:
    verifier: Verifier = request.app.state.verifier
    try:
        caller = await verifier.caller(token)
    except NotSignedIn:
        return None
    if caller.session is None:
        raise UnsupportedTokenType(
            "It belongs to no session.", "该令牌不属于任何会话。", error="unsupported_token_type"
        )
    if not await sessions.is_going_on(db, caller.session, caller.subject):
        return None
    return UUID(caller.session), caller.subject
