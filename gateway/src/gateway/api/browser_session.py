"""The session of a browser (浏览器会话): signing in by a cookie, and out again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import NotAllowed, Permit
from chassis.db import DatabaseUnavailable
from chassis.decoding import NotJson
from chassis.identity import KeysUnavailable, NotSignedIn
from chassis.intake import BodyTooLarge, WrongMediaType
from chassis.problems import MalformedRequest, documents
from chassis.refusals import Invalid, Missing, TooManyRequests
from chassis.routes import ASKED_WRONGLY, CommandRoute
from chassis.wire import Incoming, OneOf, Outgoing
from gateway import sessions
from gateway.api.sessions import SignedOut
from gateway.api.signing_in import LONGEST_SECRET, Unfinished, opens_still, sign_in
from gateway.api.tokens import WRONG, SignInElsewhere, SignInFailed, require_embedded
from gateway.browser_sessions import (
    BrowserSessions,
    NotFromOwnPage,
    TwoIdentities,
    open_browser_session,
)
from gateway.provided_tokens import ProvidedTokens
from gateway.rules.headers import NO_STORE
from gateway.rules.second_factors import NoSecondFactor, SecondFactorNeeded
from gateway.settings import Settings
from gateway.tables import BrowserSessionRow, SessionRow
from gateway.waiting import SignInBusy

router = APIRouter(prefix="/api/v1/session", tags=["sign-in"], route_class=CommandRoute)

_Text = Annotated[str, Field(max_length=LONGEST_SECRET)]


class NoBrowserSessions(Missing):
    """No browser signs in here by a cookie."""

    zh = "本系统未启用浏览器会话。"
    remedy = (
        "Sign in by `POST /oauth/token`, or have whoever runs the system say in `PUBLIC_ORIGIN` at "
        "which address browsers find it.",
        "请用 `POST /oauth/token` 登录，或请运行人员在 `PUBLIC_ORIGIN` 中写明浏览器访问本系统的地"
        "址。",
    )


class NoBrowserSession(Missing):
    """The caller is not signed in by a cookie."""

    zh = "调用者并非以浏览器会话登录。"
    remedy = (
        "Ask with the session's cookie; a bearer token's session is under `/api/v1/me/sessions`.",
        "请携带会话的小型文本（`cookie`）；令牌的会话见 `/api/v1/me/sessions`。",
    )


class SignInUnfinished(Invalid):
    """Something has to be done before this account may sign in by a browser."""

    zh = "该账户须先完成一项设置，才能在浏览器登录。"
    remedy = (
        "Get a token for the `purpose` by `POST /oauth/token`; with it enrol the second factor "
        "(`POST /api/v1/me/second-factor`) or choose another password (`POST "
        "/api/v1/me/password`), and sign in again.",
        "请以 `POST /oauth/token` 取得用于该 `purpose` 的令牌，凭此设置动态口令（`POST "
        "/api/v1/me/second-factor`）或新密码（`POST /api/v1/me/password`），再重新登录。",
    )
    status = 409


class NewBrowserSession(Incoming):
    """Who signs in by a browser; `otp` is the code of a second factor, where there is one."""

    username: _Text
    password: _Text
    otp: _Text = ""


class BrowserSession(Outgoing):
    """The session of a browser; unless it is used it ends at `idle_until`, and at `expires_at` in
    any case."""

    session_id: UUID
    subject: str
    opened_at: datetime
    idle_until: datetime
    expires_at: datetime


class SignInWays(Outgoing):
    """In which ways a person signs in by a browser, none where browsers do not: `password` by `POST
    /api/v1/session`, `openid` on the page of an outside provider, to which `GET
    /api/v1/session/openid` leads."""

    ways: list[Annotated[str, OneOf("password", "openid")]]


_REFUSED = (
    NoBrowserSessions,
    SignInElsewhere,
    TwoIdentities,
    KeysUnavailable,
    DatabaseUnavailable,
    *ASKED_WRONGLY,
)
_KNOWN = documents(*_REFUSED, NotSignedIn, NotAllowed, NoBrowserSession, NotFromOwnPage)


@router.post(
    "",
    status_code=201,
    responses=documents(
        *_REFUSED,
        NotFromOwnPage,
        SignInFailed,
        SecondFactorNeeded,
        NoSecondFactor,
        SignInUnfinished,
        TooManyRequests,
        SignInBusy,
        MalformedRequest,
        NotJson,
        WrongMediaType,
        BodyTooLarge,
    ),
)
async def open_session(
    new: NewBrowserSession, request: Request, response: Response
) -> BrowserSession:
    """Sign a person in by a cookie, from a page of the system's own address, which sends
    `X-CSRF-Protection: 1` with this and with whatever else is no GET.

    The cookie cannot be read by any script. A session that the browser has already is ended: its
    cookie is replaced.
    """
    browsers = browsers_of(request)
    require_embedded(request)
    browsers.check_page(request.method, named_of(request))
    former = browsers.secret(request.headers.raw)
    opened = await sign_in(request, new.username, new.password, "person", new.otp)
    if opened is None:
        raise SignInFailed(*WRONG)
    if isinstance(opened, Unfinished):
        told = f"It needs: {opened.purpose}.", f"须先完成：`{opened.purpose}`。"
        raise SignInUnfinished(*told, purpose=opened.purpose)
    subject = opened.account.subject
    async with request.app.state.sessions.begin() as db:
        if not await opens_still(db, opened):
            raise SignInFailed(*WRONG)
        made = await replaced(request, db, subject, former)
        session = await _session_of(db, made.secret)
    give_cookie(request, response, made.secret)
    return session


@router.get("", responses=_KNOWN)
async def read_session(request: Request, response: Response, permit: Permit) -> BrowserSession:
    """Say until when the browser is signed in; asking is using it."""
    secret = _own_secret(request)
    async with request.app.state.sessions() as db:
        session = await _session_of(db, secret)
    response.headers["Cache-Control"] = "no-store"
    return session


@router.get("/ways")
async def list_sign_in_ways(request: Request) -> SignInWays:
    """Say in which ways a person signs in by a browser; no account is needed."""
    state = request.app.state
    if state.provider is not None:
        return SignInWays(ways=["openid"])
    has_cookies = state.browsers is not None and state.settings.identity == "embedded"
    return SignInWays(ways=["password"] if has_cookies else [])


@router.post("/end", responses=_KNOWN)
async def end_session(request: Request, response: Response, permit: Permit) -> SignedOut:
    """Sign out: end the session of the browser that asks, and take its cookie away, with the
    answers that it has kept."""
    browsers, secret = browsers_of(request), _own_secret(request)
    async with request.app.state.sessions.begin() as db:
        session = await _session_of(db, secret)
        await sessions.end(db, [session.session_id], "signed-out", permit.caller)
    browsers.forget(secret)
    provided: ProvidedTokens | None = request.app.state.provided
    if provided is not None:
        await provided.revoke(session.session_id)
    response.headers.update(NO_STORE)
    response.headers["Set-Cookie"] = browsers.cookie.gone()
    response.headers["Clear-Site-Data"] = '"cache"'
    return SignedOut(signed_out=True)


def browsers_of(request: Request) -> BrowserSessions:
    """Return the sessions of browsers; refuse where there are none."""
    browsers: BrowserSessions | None = request.app.state.browsers
    if browsers is None:
        raise NoBrowserSessions("PUBLIC_ORIGIN is not set.", "未设置 `PUBLIC_ORIGIN`。")
    return browsers


def named_of(request: Request) -> Mapping[bytes, bytes]:
    """Return the headers of a request by name, each in its first value."""
    return dict(reversed(request.headers.raw))


async def replaced(
    request: Request, db: AsyncSession, subject: str, former: str | None
) -> sessions.Opened:
    """Open a session in place of the one that the browser had, if it had any."""
    settings: Settings = request.app.state.settings
    ours = None if former is None else await sessions.session_of_cookie(db, former)
    if ours is not None:
        await sessions.end(db, [ours[0]], "signed-out", sessions.holder(ours[1]))
        browsers_of(request).forget(former or "")
    return await open_browser_session(
        db,
        subject,
        settings,
        address=request.client.host if request.client else "-",
        device=request.headers.get("user-agent", ""),
    )


def give_cookie(request: Request, response: Response, secret: str) -> None:
    """Set the session's cookie for as long as the session may be open."""
    settings: Settings = request.app.state.settings
    cookie = browsers_of(request).cookie
    response.headers.update(NO_STORE)
    response.headers["Set-Cookie"] = cookie.set(secret, settings.session_seconds)


def _own_secret(request: Request) -> str:
    secret = browsers_of(request).secret(request.headers.raw)
    if secret is None:
        raise NoBrowserSession("There is no cookie.", "没有会话的小型文本（`cookie`）。")
    return secret


async def _session_of(db: AsyncSession, secret: str) -> BrowserSession:
    found = await db.execute(
        select(
            SessionRow.session_id,
            SessionRow.subject,
            SessionRow.opened_at,
            BrowserSessionRow.idle_until,
            SessionRow.expires_at,
        )
        .join(BrowserSessionRow, BrowserSessionRow.session_id == SessionRow.session_id)
        .where(SessionRow.secret_digest == sessions.digest_of(secret), sessions.is_open())
    )
    row = found.one_or_none()
    if row is None:
        raise _ended_before()
    return BrowserSession(**row._mapping)


def _ended_before() -> NotSignedIn:
    return NotSignedIn("The session has ended; sign in again.", "会话已结束，请重新登录。")
