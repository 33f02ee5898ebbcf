"""Signing in: tokens for people and systems, and the keys they are checked with."""

import base64
import uuid
from collections import Counter
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import identity
from chassis.authorisation import Matrix
from chassis.db import DatabaseUnavailable
from chassis.identity import KeysUnavailable
from chassis.intake import BodyTooLarge
from chassis.problems import MalformedRequest, documents
from chassis.refusals import Invalid, Missing, Refusal, TooManyRequests
from chassis.routes import ASKED_WRONGLY, CommandRoute
from chassis.scopes import LONGEST, Scope
from chassis.wire import Outgoing
from gateway import access_tokens, queries, sessions
from gateway.api.signing_in import (
    LONGEST_SECRET,
    Opened,
    Purpose,
    Unfinished,
    attempting,
    lacks_factor,
    opens_still,
    sign_in,
)
from gateway.keys import KeyRing
from gateway.queries import PresentAccount
from gateway.rules import scopes
from gateway.rules.headers import NO_STORE
from gateway.rules.second_factors import NoSecondFactor, SecondFactorNeeded
from gateway.sessions import Going, Lifetimes
from gateway.settings import Settings
from gateway.waiting import SignInBusy

router = APIRouter(tags=["sign-in"], route_class=CommandRoute)

_BEARER: Final = "Bearer"
# Told, and not tested by the form: of what is too long it is only said that it opens nothing.
Text = Annotated[str, Form(json_schema_extra={"maxLength": LONGEST_SECRET})]
_ScopeText = Annotated[str, Form(json_schema_extra={"maxLength": LONGEST})]
_OF_PERSONS = frozenset({"password", "refresh_token"})
# One sentence for all: which of them it is would tell a stranger who has an account.
WRONG = (
    "The name, the secret or the code is wrong, or the account is not in effect.",
    "账户名、密钥或动态口令错误，或账户未生效。",
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
    headers = NO_STORE


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
    headers = NO_STORE


class SignInFailed(Invalid):
    """Nobody was signed in."""

    zh = "登录失败。"
    remedy = (
        "Check the name and the password; after several failures wait as long as `Retry-After` "
        "says. A new account may still wait for confirmation.",
        "请核对账户名和密码；多次失败后请按 `Retry-After` 等待。新账户可能尚待确认。",
    )
    status = 400
    headers = NO_STORE


class ClientNotKnown(Invalid):
    """No client was signed in."""

    zh = "客户端认证失败。"
    remedy = (
        "Check the client's id and secret; after several failures wait as long as `Retry-After` "
        "says. A new account may still wait for confirmation.",
        "请核对客户端的标识和密钥；多次失败后请按 `Retry-After` 等待。新账户可能尚待确认。",
    )
    status = 401
    headers = {**NO_STORE, "WWW-Authenticate": 'Basic realm="kaoping"'}  # noqa: RUF012 - never written to


class InvalidScope(Invalid):
    """The scope that was asked for is none that this account can have."""

    zh = "所申请的授权范围无效，或超出该账户的授权范围。"
    remedy = (
        "Ask for words that `x-scopes` of the API document has, within the account's own scope; a "
        "person's tokens have none.",
        "请使用接口文档 `x-scopes` 所列词语，且不超出账户的授权范围；个人令牌不限定授权范围。",
    )
    status = 400
    headers = NO_STORE


class SignInElsewhere(Missing):
    """Accounts and tokens are kept by an outside identity provider."""

    zh = "账户与令牌由外部身份提供方管理。"
    remedy = (
        "Sign in, and have accounts made, with the identity provider of your organisation.",
        "请在本单位的身份提供方登录，账户也由其管理。",
    )


class Token(Outgoing):
    """An access token (RFC 6749, 5.1); `expires_in` is in seconds.

    A person gets a `refresh_token` besides, which gives the next tokens, once. A token for one
    `purpose` opens only what that needs: the person signs in again when it is done. `scope` is what
    the token of a client is limited to (3.3), and is not there where it is not.
    """

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    refresh_token: str | None = None
    purpose: Purpose | None = None
    scope: str | None = None


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
        SecondFactorNeeded,
        NoSecondFactor,
        ClientNotKnown,
        InvalidScope,
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
    otp: Text = "",
    scope: _ScopeText = "",
) -> Token:
    """Give a token: to a system by `client_credentials` (HTTP Basic or form), to a person by
    `password` (and the code `otp` of a second factor), and further ones by `refresh_token`.

    A client may ask for less than its account reaches, by `scope`.

    A refresh token is used once, and another comes with the answer. One that is used again ends its
    session: somebody has a copy of it.
    """
    require_embedded(request)
    response.headers.update(NO_STORE)
    if otp and grant_type != "password":
        said = ("otp goes with grant_type=password.", "`otp` 仅用于 `grant_type=password`。")
        raise _refusal(MalformedTokenRequest, "invalid_request", *said)
    await _require_once(request)
    if grant_type == "client_credentials":
        given = _basic(request) or (client_id, client_secret)
        return await _client(request, *given, scope)
    if scope and grant_type in _OF_PERSONS:
        said = ("Only a client's token has a scope.", "只有系统客户端的令牌可以限定授权范围。")
        raise _refusal(InvalidScope, "invalid_scope", *said)
    if grant_type == "password":
        return await _by_password(request, username, password, otp)
    if grant_type == "refresh_token":
        return await _refreshed(request, refresh_token)
    if grant_type:
        raise _refusal(UnsupportedGrantType, "unsupported_grant_type", grant_type[:40], "")
    said = ("grant_type is missing.", "缺少 `grant_type`。")
    raise _refusal(MalformedTokenRequest, "invalid_request", *said)


async def _require_once(request: Request) -> None:
    """Refuse a form that says something twice (RFC 6749, 3.2), or in two ways: of two scopes the
    wider one might count."""
    form = await request.form()
    twice = any(times > 1 for times in Counter(name for name, _ in form.multi_items()).values())
    if twice or (_basic(request) is not None and {"client_id", "client_secret"} & {*form}):
        said = ("Each field once, and the client's secret in one way.", "字段和密钥各填写一次。")
        raise _refusal(MalformedTokenRequest, "invalid_request", *said)
    if form.get("scope") == "":
        raise _refusal(InvalidScope, "invalid_scope", "The scope is empty.", "授权范围为空。")


async def _client(request: Request, name: str, secret: str, asked: str) -> Token:
    """Return the token of a client, limited as its account is or further, as it asks."""
    opened = await sign_in(request, name, secret, "client")
    if not isinstance(opened, Opened):
        raise _refusal(ClientNotKnown, "invalid_client", *WRONG)
    account = opened.account
    scope = None if account.scope is None else Scope.of(account.scope)
    if asked:
        scope = _narrowed(request, scope, asked)
    async with request.app.state.sessions.begin() as db:
        await queries.note_use(db, account.subject, opened.secret)
    return _token_for(request, account, secret=opened.secret, scope=scope)


def _narrowed(request: Request, scope: Scope | None, asked: str) -> Scope:
    matrix: Matrix = request.app.state.matrix
    faults = scopes.faults(asked, "client", matrix.scopes, "/scope")
    if faults:
        raise _refusal(InvalidScope, "invalid_scope", faults[0].en, faults[0].zh)
    narrow, beyond = scopes.narrowed(scope, Scope.of(asked))
    if beyond:
        told = " ".join(beyond)
        said = (f"The account does not reach {told}.", f"账户的授权范围不包括 `{told}`。")
        raise _refusal(InvalidScope, "invalid_scope", *said)
    return narrow


async def _by_password(request: Request, username: str, password: str, otp: str) -> Token:
    """Return a token for whom a password and a code sign in."""
    try:
        opened = await sign_in(request, username, password, "person", otp)
    except (SecondFactorNeeded, NoSecondFactor) as refused:
        told = refused.detail_en, refused.detail_zh
        raise _refusal(type(refused), "invalid_grant", *told) from None
    if opened is None:
        raise _refusal(SignInFailed, "invalid_grant", *WRONG)
    if isinstance(opened, Unfinished):
        return _token_for(request, opened.account, purpose=opened.purpose)
    return await _signed_in(request, opened)


async def _signed_in(request: Request, opened: Opened) -> Token:
    """Return the first tokens of a session that is opened for a person."""
    account = opened.account
    async with request.app.state.sessions.begin() as db:
        if not await opens_still(db, opened):
            raise _refusal(SignInFailed, "invalid_grant", *WRONG)
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
    """Return the next tokens of a session; who tries tokens out is slowed down as at signing in.

    Who has a session is not held back by what others try from the same address.
    """
    idle = lifetimes_of(request.app.state.settings).idle
    async with request.app.state.sessions() as db:
        whose = await sessions.session_of(db, token)
    async with attempting(request, whose and whose[1]) as attempt:
        # Committed also where nothing is given: a token that was used before ends its session.
        async with request.app.state.sessions.begin() as db:
            going = await sessions.refresh(db, token, idle)
            account = going and await _going_on(request, db, going)
        attempt.succeeded = account is not None
    if going is None or account is None:
        raise _refusal(SignInFailed, "invalid_grant", *_NOT_REFRESHED)
    return _token_for(request, account, going.session_id, going.secret)


async def _going_on(request: Request, db: AsyncSession, going: Going) -> PresentAccount | None:
    """Return the account of a session, unless it may not sign in any more as it once did."""
    account = await queries.account_in_effect(db, going.subject)
    return None if account is None or await lacks_factor(request, db, account) else account


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


def _token_for(
    request: Request,
    account: PresentAccount,
    session_id: uuid.UUID | None = None,
    refresh_token: str | None = None,
    secret: int | None = None,
    purpose: Purpose | None = None,
    scope: Scope | None = None,
) -> Token:
    settings: Settings = request.app.state.settings
    ring: KeyRing = request.app.state.keys
    claims = access_tokens.claims(settings, account, settings.token_seconds)
    if secret is not None:
        claims[identity.SECRET] = secret
    if scope is not None:
        claims[settings.scope_claim] = str(scope)
    if session_id is not None:
        claims["sid"] = str(session_id)
    if purpose is not None:
        claims[identity.PURPOSE] = purpose
    return Token(
        access_token=ring.sign(claims),
        token_type=_BEARER,
        expires_in=settings.token_seconds,
        refresh_token=refresh_token,
        purpose=purpose,
        scope=None if scope is None else str(scope),
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
