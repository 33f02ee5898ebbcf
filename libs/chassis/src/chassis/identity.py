"""Who is asking: a caller is what a verified token says, never what a header says."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from chassis.refusals import Forbidden, Unavailable

ALGORITHMS = ["EdDSA", "Ed25519", "ES256"]
_CACHE_SIZE = 4096
_REFETCH_AFTER = 10.0


class NotSignedIn(Forbidden):
    """A valid access token is required."""

    zh = "需要有效的访问令牌。"
    status = 401
    headers = {"WWW-Authenticate": 'Bearer realm="kaoping"'}  # noqa: RUF012 - never written to


class KeysUnavailable(Unavailable):
    """The keys that tokens are checked with could not be read."""

    zh = "无法读取校验令牌所用的公钥。"
    headers = {"Retry-After": "2"}  # noqa: RUF012 - never written to


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking: an account, the roles it holds, the unit it belongs to, and who uses it.

    `person` tells which human being stands behind the account. Two accounts of one person carry
    the same, so whatever needs two people compares persons and never subjects. For an account
    whose token names nobody it is the subject itself.
    """

    subject: str
    roles: frozenset[str]
    unit: str | None
    person: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims a token must carry, and where roles, unit and person stand in it."""

    issuer: str
    audience: str
    roles: str = "roles"
    unit: str = "unit"
    person: str = "person"


class Verifier:
    """Verifies access tokens against published keys.

    Keys are read from `jwks_url` when first needed, and again when a token names a key that
    is not among them, at most once in ten seconds. A token that was verified is remembered by
    its SHA-256 until it expires.
    """

    def __init__(self, claims: Claims, http: httpx.AsyncClient, jwks_url: str) -> None:
        self._claims = claims
        self._http = http
        self._jwks_url = jwks_url
        self._keys: KeySet | None = None
        self._fetched = -_REFETCH_AFTER
        self._lock = asyncio.Lock()
        self._known: dict[bytes, tuple[float, Caller]] = {}

    async def caller(self, token: str, now: float | None = None) -> Caller:
        """Return the caller a token speaks for; raise `NotSignedIn` when it does not hold."""
        now = time.time() if now is None else now
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        if (known := self._known.get(digest)) and now < known[0]:
            return known[1]
        expires, caller = await self._verify(token, now)
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[digest] = (expires, caller)
        return caller

    async def _verify(self, token: str, now: float) -> tuple[float, Caller]:
        for last_try in (False, True):
            keys = await self._published(refresh=last_try)
            try:
                decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
            except Exception as error:
                # Anybody may send a token: whatever the library trips over, it does not hold.
                if last_try or not self._may_refetch():
                    raise NotSignedIn(
                        "The token's signature does not hold.", "令牌的签名无效。"
                    ) from error
            else:
                return self._read(decoded.claims, now)
        raise AssertionError("unreachable")

    def _may_refetch(self) -> bool:
        return time.monotonic() - self._fetched >= _REFETCH_AFTER

    async def _published(self, *, refresh: bool) -> KeySet:
        async with self._lock:
            if self._keys is None or (refresh and self._may_refetch()):
                try:
                    answer = await self._http.get(self._jwks_url)
                    self._keys = KeySet.import_key_set(answer.raise_for_status().json())
                except (httpx.HTTPError, ValueError, JoseError) as error:
                    raise KeysUnavailable("Try again shortly.", "请稍后再试。") from error
                self._fetched = time.monotonic()
            return self._keys

    def _read(self, claims: dict[str, Any], now: float) -> tuple[float, Caller]:
        expires, names = claims.get("exp"), self._claims
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if not isinstance(expires, int | float) or expires <= now:
            raise NotSignedIn("The token has expired.", "令牌已过期。")
        if claims.get("iss") != names.issuer or names.audience not in audiences:
            raise NotSignedIn("The token is meant for someone else.", "令牌并非签发给本系统。")
        not_before = claims.get("nbf", 0)
        if not isinstance(not_before, int | float) or not_before > now + 5:
            raise NotSignedIn("The token is not valid yet.", "令牌尚未生效。")
        roles, unit = claims.get(names.roles, []), claims.get(names.unit)
        subject, person = claims.get("sub"), claims.get(names.person) or claims.get("sub")
        if not (isinstance(roles, list) and isinstance(subject, str) and isinstance(person, str)):
            raise NotSignedIn("The token names no caller.", "令牌没有写明调用者。")
        return expires, Caller(subject, frozenset(map(str, roles)), unit or None, person)


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
