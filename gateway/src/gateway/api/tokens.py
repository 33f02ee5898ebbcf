"""Signing in: tokens for people and systems, and the keys they are checked with."""

import base64
import re
import time
import uuid
from datetime import timedelta
from typing import Annotated, Any, Final, Literal, NamedTuple

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from chassis import identity, journal
from chassis.db import DatabaseUnavailable
from chassis.identity import Caller, KeysUnavailable
from chassis.intake import BodyTooLarge
from chassis.problems import MalformedRequest, documents
from chassis.refusals import Invalid, Missing, Refusal
from chassis.routes import ASKED_WRONGLY, CommandRoute
from chassis.wire import Outgoing
from gateway import queries, sessions
from gateway.attempts import Attempt, Attempts
from gateway.hashing import Hasher
from gateway.keys import KeyRing
from gateway.neighbours import Neighbours
from gateway.queries import PresentAccount
from gateway.rules.limits import TooManyRequests
from gateway.rules.secrets import KnownSecret, opening
from gateway.sessions import Lifetimes
from gateway.settings import Settings
from gateway.waiting import SignInBusy, WaitingRoom

router = APIRouter(tags=["sign-in"], route_class=CommandRoute)

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")
LONGEST_SECRET = 200
_BEARER: Final = "Bearer"
# Told, and not tested by the form: of what is too long it is only said that it opens nothing.
Text = Annotated[str, Form(json_schema_extra={"maxLength": LONGEST_SECRET})]
# One sentence for all: which of the three it is would tell a stranger who has an account.
_WRONG = (
    "The name or the secret is wrong, or the account is not in effect.",
    "账户名或密钥错误，或账户未生效。",
)
_NOT_REFRESHED = (
    "The refresh token opens nothing: it is unknown, used, expired, or its session has ended.",
    "刷新令牌无效：未知、已使用、已过期，或会话已结束。",
)


class MalformedTokenRequest(Invalid):
    """The token request is incomplete."""

    zh = "令牌请求不完整。"
    remedy = (
        "Send the form fields that the grant needs, each once: `username` and `password`, or the "
        "client's id and secret.",
        "请按授权方式提交所需的表单字段，每个一次：`username` 和 `password`，或客户端的标识与密"
        "钥。",
    )
    status = 400
    headers = _NO_STORE


class UnsupportedGrantType(Invalid):
    """Tokens are given for client_credentials, for password and for refresh_token."""

    zh = "仅支持 `client_credentials`、`password` 和 `refresh_token` 三种授权方式。"
    remedy = (
        "Send `grant_type=password` for a person, `grant_type=client_credentials` for a client or "
        "`grant_type=refresh_token` for the next token.",
        "个人登录请用 `grant_type=password`，客户端请用 `grant_type=client_credentials`，续期请用 "
        "`grant_type=refresh_token`。",
    )
    status = 400
    headers = _NO_STORE


class SignInFailed(Invalid):
    """Nobody was signed in."""

    zh = "登录失败。"
    remedy = (
        "Check the name and the password; after several failures wait as long as `Retry-After` "
        "says. A new account may still wait for confirmation.",
        "请核对账户名和密码；多次失败后请按 `Retry-After` 等待。新账户可能尚待确认。",
    )
    status = 400
    headers = _NO_STORE


class ClientNotKnown(Invalid):
    """No client was signed in."""

    zh = "客户端认证失败。"
    remedy = (
        "Check the client's id and secret; after several failures wait as long as `Retry-After` "
        "says. A new account may still wait for confirmation.",
        "请核对客户端的标识和密钥；多次失败后请按 `Retry-After` 等待。新账户可能尚待确认。",
    )
    status = 401
    headers = {**_NO_STORE, "WWW-Authenticate": 'Basic realm="kaoping"'}  # noqa: RUF012 - never written to


class SignInElsewhere(Missing):
    """Accounts and tokens are kept by an outside identity provider."""

    zh = "账户与令牌由外部身份提供方管理。"
    remedy = (
        "Sign in, and have accounts made, with the identity provider of your organisation.",
        "请在本单位的身份提供方登录，账户也由其管理。",
    )


class Opened(NamedTuple):
    """An account that somebody signs in to, and the number of the secret that opened it."""

    account: PresentAccount
    secret: int


class Token(Outgoing):
    """An access token (RFC 6749, 5.1); `expires_in` is in seconds.

    A person gets a `refresh_token` besides, which gives the next tokens, once.
    """

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str | None = None


class Keys(BaseModel):
    """The public keys that tokens are checked with (RFC 7517, 5)."""

    keys: list[dict[str, Any]]


@router.post(
    "/oauth/token",
    response_model_exclude_none=True,
    responses=documents(
        MalformedTokenRequest,
        UnsupportedGrantType,
        SignInFailed,
        ClientNotKnown,
        SignInElsewhere,
        TooManyRequests,
        SignInBusy,
        KeysUnavailable,
        MalformedRequest,
        BodyTooLarge,
        DatabaseUnavailable,
        *ASKED_WRONGLY,
    ),
)
async def issue_token(
    request: Request,
    response: Response,
    grant_type: Text = "",
    username: Text = "",
    password: Text = "",
    client_id: Text = "",
    client_secret: Text = "",
    refresh_token: Text = "",
) -> Token:
    """Give a token: to a system by `client_credentials` (HTTP Basic or form), to a person by
    `password`, and further ones by `refresh_token`.

    A refresh token is used once, and another comes with the answer. One that is used again ends its
    session: somebody has a copy of it.
    """
    require_embedded(request)
    response.headers.update(_NO_STORE)
    if grant_type == "password":
        opened = await sign_in(request, username, password, "person")
        if opened is None:
            raise _refusal(SignInFailed, "invalid_grant", *_WRONG)
        return await _signed_in(request, opened)
    if grant_type == "refresh_token":
        return await _refreshed(request, refresh_token)
    if grant_type == "client_credentials":
        name, secret = _basic(request) or (client_id, client_secret)
        opened = await sign_in(request, name, secret, "client")
        if opened is None:
            raise _refusal(ClientNotKnown, "invalid_client", *_WRONG)
    elif grant_type:
        raise _refusal(UnsupportedGrantType, "unsupported_grant_type", grant_type[:40], "")
    else:
        said = ("grant_type is missing.", "缺少 `grant_type`。")
        raise _refusal(MalformedTokenRequest, "invalid_request", *said)
    async with request.app.state.sessions.begin() as db:
        await queries.note_use(db, opened.account.subject, opened.secret)
    return _token_for(request, opened.account, secret=opened.secret)


async def _signed_in(request: Request, opened: Opened) -> Token:
    """Return the first tokens of a session that is opened for a person."""
    account = opened.account
    async with request.app.state.sessions.begin() as db:
        await queries.note_use(db, account.subject, opened.secret)
        session = await sessions.open_session(
            db,
            account.subject,
            "bearer",
            address=request.client.host if request.client else "-",
            device=request.headers.get("user-agent", ""),
            lifetimes=lifetimes_of(request.app.state.settings),
        )
    return _token_for(request, account, session.session_id, session.secret)


def lifetimes_of(settings: Settings) -> Lifetimes:
    """Return for how long sessions are open, by the settings."""
    whole, idle = settings.session_seconds, settings.session_idle_seconds
    return Lifetimes(timedelta(seconds=whole), timedelta(seconds=min(whole, idle)))


async def _refreshed(request: Request, token: str) -> Token:
    """Return the next tokens of a session; who tries tokens out is slowed down as at signing in."""
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else "-"
    attempt = attempts.begin(None, address, time.monotonic())
    idle = lifetimes_of(request.app.state.settings).idle
    account = None
    try:
        # Committed also where nothing is given: a token that was used before ends its session.
        async with request.app.state.sessions.begin() as db:
            going = await sessions.refresh(db, token, idle)
            if going is not None:
                account = await queries.account_in_effect(db, going.subject)
    except BaseException:
        attempts.withdraw(attempt, time.monotonic())
        raise
    if going is None or account is None:
        await _note(request, attempt, is_account=False)
        raise _refusal(SignInFailed, "invalid_grant", *_NOT_REFRESHED)
    attempts.succeeded(attempt, time.monotonic())
    return _token_for(request, account, going.session_id, going.secret)


@router.get("/.well-known/jwks.json", responses=documents(SignInElsewhere, *ASKED_WRONGLY))
async def publish_keys(request: Request, response: Response) -> Keys:
    """Give the public keys that tokens are checked with."""
    require_embedded(request)
    response.headers["Cache-Control"] = "public, max-age=60"
    ring: KeyRing = request.app.state.keys
    return Keys(**ring.published())


def require_embedded(request: Request) -> None:
    """Refuse when accounts are not ours to keep."""
    settings: Settings = request.app.state.settings
    if settings.identity != "embedded":
        raise SignInElsewhere(
            f"Ask {settings.token_issuer}.",
            f"请向 {settings.token_issuer} 申请。",
            issuer=settings.token_issuer,
        )


async def sign_in(request: Request, subject: str, secret: str, kind: str) -> Opened | None:
    """Return the account that `secret` opens, or None; refuse who tries too often.

    Neither a place in front of the hasher nor a connection to the database is held by anybody who
    has to wait first.
    """
    attempts: Attempts = request.app.state.attempts
    room: WaitingRoom = request.app.state.room
    neighbours: Neighbours = request.app.state.neighbours
    name = subject if _SUBJECT.fullmatch(subject) and len(secret) <= LONGEST_SECRET else None
    address = request.client.host if request.client else "-"
    attempt = attempts.begin(name, address, time.monotonic())
    try:
        # Told before the secret is compared: who tries it at several processes tries it once.
        await neighbours.exchange()
        attempts.confirm(attempt, time.monotonic())
        async with room.place(attempt.queue, attempt.suspicion):
            found, number = await _compared(request, name, secret, kind)
    except BaseException:
        attempts.withdraw(attempt, time.monotonic())
        raise
    if found is not None and number is not None:
        attempts.succeeded(attempt, time.monotonic())
        return Opened(found, number)
    await _note(request, attempt, is_account=found is not None)
    return None


async def _compared(
    request: Request, name: str | None, secret: str, kind: str
) -> tuple[PresentAccount | None, int | None]:
    """Return the account of that name, if it may sign in, and the number of the secret of its own
    that was sent."""
    hasher: Hasher = request.app.state.hasher
    found, own = None, list[KnownSecret]()
    if name is not None:
        async with request.app.state.sessions() as db:
            found = await queries.account_in_effect(db, name)
            if found is not None and found.kind == kind:
                own = opening(found.kind, await queries.secrets_of(db, name))
    if found is not None and found.kind != kind:
        found = None
    # Nobody's secret costs the same work as a wrong one, and gets the same answer.
    place = await hasher.matching(secret if name else "", [each.secret_hash for each in own])
    return found, None if place is None else own[place].number


async def _note(request: Request, attempt: Attempt, *, is_account: bool) -> None:
    attempts: Attempts = request.app.state.attempts
    noted = attempts.failed(attempt, time.monotonic(), is_account=is_account)
    if noted is None:
        return
    gateway = Caller("gateway", frozenset(), None, "gateway")
    async with request.app.state.sessions.begin() as db:
        await journal.record(
            db, chain="accounts", caller=gateway, event="gateway.sign-ins-slowed", body=noted
        )


def _token_for(
    request: Request,
    account: PresentAccount,
    session_id: uuid.UUID | None = None,
    refresh_token: str | None = None,
    secret: int | None = None,
) -> Token:
    settings: Settings = request.app.state.settings
    ring: KeyRing = request.app.state.keys
    now = int(time.time())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": account.subject,
        "iat": now,
        "exp": now + settings.token_seconds,
        "jti": uuid.uuid4().hex,
        settings.roles_claim: account.roles,
        settings.organisation_claim: account.unit,
        settings.person_claim: account.person,
    }
    if secret is not None:
        claims[identity.SECRET] = secret
    if session_id is not None:
        claims["sid"] = str(session_id)
    return Token(
        access_token=ring.sign(claims),
        token_type=_BEARER,
        expires_in=settings.token_seconds,
        refresh_token=refresh_token,
    )


def _basic(request: Request) -> tuple[str, str] | None:
    """Read ``Authorization: Basic …``; None when there is none or it cannot be read."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # not ASCII, not base64, or not UTF-8
        return None
    return (name, secret) if colon else None


def _refusal(kind: type[Refusal], error: str, en: str, zh: str) -> Refusal:
    """Return a refusal that is a problem document and an error of RFC 6749, 5.2, in one."""
    return kind(en, zh or en, error=error, error_description=en)
