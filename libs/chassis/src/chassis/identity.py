"""Who is asking: a caller is what a verified token says, never what a header says."""

import asyncio
import hashlib
import json
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis import logs, persons, realms, sm2
from chassis.refusals import Forbidden, Unavailable
from chassis.scopes import Scope

ALGORITHMS = ["EdDSA", "Ed25519", "ES256", sm2.ALGORITHM]
SECRET = "secret_number"  # noqa: S105 - a name
"""The claim that says with which of its secrets an account was opened."""
PURPOSE = "token_purpose"
"""The claim of a token that opens nothing but what it is for."""

_CACHE_SIZE = 4096
_LEEWAY = 10.0
_PATIENCE = 3.0
_is_code = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.\-]{0,63})?").fullmatch


class NotSignedIn(Forbidden):
    """A valid access token is required."""

    zh = "需要有效的访问令牌。"
    remedy = (
        "Get a token from `POST /oauth/token` and send it as `Authorization: Bearer …`; get a "
        "new one when it has expired.",
        "请用 `POST /oauth/token` 换取令牌，以 `Authorization: Bearer …` 发送；令牌过期后请重新换"
        "取。",
    )
    status = 401
    headers = {"WWW-Authenticate": 'Bearer realm="kaoping"'}  # noqa: RUF012 - never written to


class KeysUnavailable(Unavailable):
    """The keys that tokens are checked with could not be read."""

    zh = "无法读取校验令牌所用的公钥。"
    remedy = (
        "Ask again after the seconds in `Retry-After`.",
        "请在 `Retry-After` 所示秒数后重试。",
    )
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: an account, its roles, the organisation it belongs to, and who uses it.

    `person` tells which human being stands behind the account. Two accounts of one person carry
    the same, so whatever needs two people compares persons and never subjects. For an account
    whose token names nobody it is the subject itself. `session` is the one that the token was
    given in, where the gateway keeps sessions, and `secret` the number of the secret that opened
    the account, where the token says so; neither says anything of what the caller may do. A token
    for one `purpose` opens only what the authorisation matrix names for that. `scope` is what the
    token is limited to, if it is. `realm` is whose the account is where one installation serves
    many (`chassis.realms`), None for an account that is of none: what is another's is not there.
    """

    subject: str
    roles: frozenset[str]
    organisation: str | None
    person: str
    session: str | None = None
    secret: int | None = None
    purpose: str | None = None
    scope: Scope | None = None
    realm: str | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims a token must carry, and where roles, organisation, person, scope and realm
    stand."""

    issuer: str
    audience: str
    roles: str
    organisation: str
    person: str
    scope: str = "scopes"
    realm: str = "realm"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old, in seconds, keys and tokens may be.

    Keys are read again after `refresh`, whether or not a token failed: a key that was taken out
    of service lets nobody in for longer. While they cannot be read, the last ones serve until
    they are `stale` old; then nobody is let in. After a failure, or for a token whose key is not
    among them, they are read at most once in `retry`, and once a second while there are none. A
    verified token is remembered for `remember`, and none holds that was issued for longer than
    `longest_token`.
    """

    refresh: float = 60.0
    stale: float = 300.0
    retry: float = 10.0
    remember: float = 10.0
    longest_token: float = 3600.0


class Verifier:
    """Verifies access tokens against published keys, as `Freshness` says.

    A verified token is remembered by its SHA-256, and forgotten with all others as soon as the
    published keys are not the same any more.
    """

    def __init__(
        self,
        claims: Claims,
        http: httpx.AsyncClient,
        jwks_url: str,
        freshness: Freshness | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._claims = claims
        self._http = http
        self._jwks_url = jwks_url
        self._freshness = freshness or Freshness()
        self._clock = clock
        self._keys: KeySet | None = None
        self._fingerprint = b""
        self._read_at = self._tried_at = -math.inf
        self._lock = asyncio.Lock()
        self._known: dict[bytes, tuple[float, float, Caller]] = {}

    async def caller(self, token: str, now: float | None = None) -> Caller:
        """Return the caller a token speaks for; raise `NotSignedIn` when it does not hold."""
        now = time.time() if now is None else now
        # First the keys: what is remembered of a token is worth no more than the key behind it.
        keys = await self._current()
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        if known := self._known.get(digest):
            expires, forgotten_at, caller = known
            if now < expires and self._clock() < forgotten_at:
                return caller
        try:
            expires, caller = self._verify(token, keys, now)
        except _UnknownSignature as failure:
            if not self._may_try():
                raise failure.refusal from failure
            expires, caller = self._verify_finally(token, await self._current(anew=True), now)
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[digest] = (expires, self._clock() + self._freshness.remember, caller)
        return caller

    def _verify_finally(self, token: str, keys: KeySet, now: float) -> tuple[float, Caller]:
        try:
            return self._verify(token, keys, now)
        except _UnknownSignature as failure:
            raise failure.refusal from failure

    def _verify(self, token: str, keys: KeySet, now: float) -> tuple[float, Caller]:
        try:
            decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
        except Exception as error:
            # Anybody may send a token: whatever the library trips over, it does not hold.
            raise _UnknownSignature from error
        return self._read(decoded.claims, now)

    def _may_try(self) -> bool:
        without_keys = self._is_older_than(self._freshness.stale)
        wait = min(1.0, self._freshness.retry) if without_keys else self._freshness.retry
        return self._clock() - self._tried_at >= wait

    async def _current(self, *, anew: bool = False) -> KeySet:
        """Return the keys, read again when it is time or, `anew`, when a token wants it."""
        is_stale = self._is_older_than(self._freshness.stale)
        if is_stale or anew:
            async with self._lock:
                if self._may_try():
                    await self._fetch()
        elif self._is_older_than(self._freshness.refresh) and not self._lock.locked():
            # One request asks; what comes meanwhile goes by the keys that there are.
            async with self._lock:
                if self._may_try():
                    await self._fetch()
        if self._keys is None or self._is_older_than(self._freshness.stale):
            raise KeysUnavailable("Try again shortly.", "请稍后再试。")
        return self._keys

    def _is_older_than(self, seconds: float) -> bool:
        return self._clock() - self._read_at >= seconds

    async def _fetch(self) -> None:
        """Read the keys; what cannot be read leaves those that there are."""
        asked_at = self._clock()
        try:
            answer = await self._http.get(self._jwks_url, timeout=_PATIENCE)
            published = answer.raise_for_status().json()
            keys = sm2.Keys.import_key_set(published)
        except (httpx.HTTPError, JoseError, ValueError, LookupError, TypeError) as error:
            logs.say("keys-unreadable", reason=type(error).__name__)
            return
        finally:
            # At the end: whoever waited meanwhile does not wait as long once more.
            self._tried_at = self._clock()
        fingerprint = hashlib.sha256(json.dumps(published, sort_keys=True).encode()).digest()
        if fingerprint != self._fingerprint:
            self._known.clear()
        self._keys, self._fingerprint, self._read_at = keys, fingerprint, asked_at

    def _read(self, claims: dict[str, Any], now: float) -> tuple[float, Caller]:
        """Return when a signed token expires and whom it names; refuse one that does not hold."""
        expires = self._expiry(claims, now)
        self._check_addressee(claims)
        self._check_issue(claims, expires, now)
        return expires, self._named(claims)

    def _expiry(self, claims: dict[str, Any], now: float) -> float:
        expires = _moment(claims.get("exp"))
        if expires is None or expires <= now:
            raise NotSignedIn("The token has expired.", "令牌已过期。")
        return expires

    def _check_addressee(self, claims: dict[str, Any]) -> None:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self._claims.issuer or self._claims.audience not in audiences:
            raise NotSignedIn("The token is meant for someone else.", "令牌并非签发给本系统。")

    def _check_issue(self, claims: dict[str, Any], expires: float, now: float) -> None:
        issued, not_before = _moment(claims.get("iat")), _moment(claims.get("nbf", 0))
        if issued is None or not_before is None or max(issued, not_before) > now + _LEEWAY:
            raise NotSignedIn("The token is not valid yet.", "令牌尚未生效。")
        if expires - issued > self._freshness.longest_token:
            raise NotSignedIn(
                "The token was issued for longer than is allowed.", "令牌的有效期超过上限。"
            )

    def _named(self, claims: dict[str, Any]) -> Caller:
        names = self._claims
        roles, organisation = claims.get(names.roles, []), claims.get(names.organisation)
        subject, person = claims.get("sub"), claims.get(names.person)
        person = subject if person is None else person
        if not (persons.is_name(subject) and persons.is_name(person) and _are_roles(roles)):
            raise NotSignedIn("The token names no caller.", "令牌没有写明调用者。")
        # A code that is spelled like none would hide the interest of whoever belongs there.
        if not (organisation is None or _is_organisation(organisation)):
            raise NotSignedIn("The token names no organisation.", "令牌没有写明调用者所属单位。")
        scope, realm = _scope(claims.get(names.scope)), _realm(claims.get(names.realm))
        whose = subject, frozenset(roles), organisation or None, person
        return Caller(*whose, *_opened_by(claims), scope, realm)


def _realm(claim: object) -> str | None:
    """Return whose an account is; one that is spelled like nobody's does not hold."""
    if claim is None or claim == realms.EVERY or realms.is_realm(claim):
        return claim  # type: ignore[return-value] # a text, as was just looked at
    raise NotSignedIn("The token's realm is none.", "令牌所载的归属范围无效。")


def _scope(claim: object) -> Scope | None:
    """Return what a token is limited to; one that is limited to no word does not hold."""
    if claim is None:
        return None
    try:
        if isinstance(claim, str):
            return Scope.of(claim)
    except ValueError:
        pass
    raise NotSignedIn("The token's scope is none.", "令牌所载的授权范围无效。")


def _opened_by(claims: dict[str, Any]) -> tuple[str | None, int | None, str | None]:
    """Return the session of a token, the number of its secret, and the one purpose that it is for,
    where it names them."""
    session, secret, purpose = claims.get("sid"), claims.get(SECRET), claims.get(PURPOSE)
    if not (session is None or isinstance(session, str)):
        raise NotSignedIn("The token names no session.", "令牌所载的会话无效。")
    if not (secret is None or type(secret) is int):
        raise NotSignedIn("The token names no secret.", "令牌没有写明所用密钥。")
    if not (purpose is None or isinstance(purpose, str)):
        raise NotSignedIn("The token names no purpose.", "令牌所载的用途无效。")
    return session, secret, purpose


def _is_organisation(claim: object) -> bool:
    return isinstance(claim, str) and bool(_is_code(claim))


class _UnknownSignature(Exception):
    """A signature that none of the keys at hand explains."""

    @property
    def refusal(self) -> NotSignedIn:
        return NotSignedIn("The token's signature does not hold.", "令牌的签名无效。")


def _are_roles(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(role, str) for role in value)


def _moment(value: object) -> float | None:
    """Read a moment of a token in seconds (RFC 7519, 2); None when it is none.

    JSON as Python reads it knows NaN, which is never past, and infinity, which never comes.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        moment = float(value)
    except OverflowError:
        return None
    return moment if math.isfinite(moment) else None


def bearer_of(authorization: str | None) -> str | None:
    """Return the token of an ``Authorization: Bearer …`` header, or None when there is none."""
    kind, _, token = (authorization or "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and token.strip() else None


async def signed_in(request: Request) -> Caller:
    """Return the verified caller of a request."""
    token = bearer_of(request.headers.get("authorization"))
    if token is None:
        raise NotSignedIn("There is no bearer token.", "请求没有携带令牌。")
    verifier: Verifier = request.app.state.verifier
    return await verifier.caller(token)


SignedIn = Annotated[Caller, Depends(signed_in)]
"""The verified caller of a request."""
