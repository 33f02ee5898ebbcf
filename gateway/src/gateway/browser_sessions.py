"""Sessions of browsers (浏览器会话): at the door a cookie is exchanged for a token of its own.

Services know bearer tokens alone. The cookie holds a secret of which the database has the digest;
what it opens is read again every few seconds, so that a session that ended opens nothing.
"""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.db import unavailable
from chassis.identity import NotSignedIn
from chassis.refusals import Forbidden, Invalid
from gateway import access_tokens, queries, second_factors, sessions
from gateway.bounded_cache import BoundedCache
from gateway.keys import KeyRing
from gateway.rules import browsers
from gateway.sessions import Lifetimes, Opened
from gateway.settings import Settings
from gateway.tables import BrowserSessionRow

_SIZE = 10_000
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN_SECONDS = 180
"""How long a token holds that stands for a cookie: as long as a request that it began may take."""
_NOTED_SECONDS = 60
"""How often at most it is noted that a session is in use."""


class TwoIdentities(Invalid):
    """A cookie and an `Authorization` header both say who is asking, or there are two cookies."""

    zh = "请求以多种方式表明调用者身份。"
    remedy = (
        "Send the session's cookie, once, or `Authorization`, and not both; a page that has a "
        'token asks with `credentials: "omit"`.',
        "会话的小型文本（`cookie`）与 `Authorization` 只发送其一，且只发送一次；使用令牌的网页请以 "
        '`credentials: "omit"` 发出请求。',
    )
    status = 400


class NotFromOwnPage(Forbidden):
    """A page elsewhere may be behind this request."""

    zh = "请求可能出自其他网站的网页。"
    remedy = (
        "Ask from a page of this system's own address, and send `X-CSRF-Protection: 1` with "
        "whatever is no GET. Programs use a bearer token.",
        "请从本系统地址下的网页发出请求；`GET` 以外的请求须带 `X-CSRF-Protection: 1`。程序请使用令"
        "牌。",
    )


class Issued(Protocol):
    """A token that stands for a session."""

    @property
    def token(self) -> str:
        """The token itself."""
        ...


class TokenSource(Protocol):
    """Where the tokens of sessions come from."""

    async def token_of(self, session_id: UUID, subject: str, last: Issued | None) -> Issued | None:
        """Return the token of an open session, or None where its holder may not act any more."""
        ...


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token that the gateway signed, what it says of the account, and when it is signed anew."""

    token: str
    renew_at: float
    account: tuple[str, str | None, tuple[str, ...]]


class OwnTokens:
    """Tokens that the gateway signs for accounts of its own, as these are at the moment."""

    def __init__(
        self, db: async_sessionmaker[AsyncSession], ring: KeyRing, settings: Settings
    ) -> None:
        self._db = db
        self._ring = ring
        self._settings = settings

    async def token_of(self, session_id: UUID, subject: str, last: Issued | None) -> Issued | None:
        """Return the last token while it says what the account is, else another; None where the
        account may not sign in as it did."""
        roles = self._settings.second_factor_roles
        async with self._db() as db:
            account = await queries.account_in_effect(db, subject)
            if account is None or await second_factors.are_lacking(db, account, roles):
                return None
        about = (account.person, account.unit, tuple(account.roles))
        if isinstance(last, OwnToken) and last.account == about and time.time() < last.renew_at:
            return last
        seconds = min(_TOKEN_SECONDS, self._settings.token_seconds)
        claims = access_tokens.claims(self._settings, account, seconds)
        token = self._ring.sign({**claims, "sid": str(session_id)})
        return OwnToken(token, time.time() + seconds / 2, about)


@dataclass(frozen=True, slots=True)
class _Kept:
    read_at: float
    issued: Issued


class BrowserSessions:
    """Gives the token of whoever sends a session's cookie from a page of ours."""

    def __init__(
        self, db: async_sessionmaker[AsyncSession], tokens: TokenSource, settings: Settings
    ) -> None:
        self.cookie = browsers.session_cookie(settings.public_origin)
        self.origin = settings.public_origin.encode()
        self._db = db
        self._tokens = tokens
        self._seconds = settings.account_seconds
        self._idle = idle_of(settings)
        self._kept: BoundedCache[bytes, _Kept] = BoundedCache(_SIZE)

    def secret(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Return what the cookie of a request holds, None where there is none.

        Where there are two, one was put there by somebody else, and nobody knows which.
        """
        found = self.cookie.found(headers)
        if len(found) > 1:
            name = self.cookie.name
            raise TwoIdentities(f"{name} stands there twice.", f"`{name}` 重复出现。")
        return found[0] if found else None

    def check_page(self, method: str, named: Mapping[bytes, bytes]) -> None:
        """Refuse what a page elsewhere may have had the browser send."""
        doubt = browsers.doubts(method, named, self.origin)
        if doubt is not None:
            raise NotFromOwnPage(*doubt)

    async def token(self, secret: str) -> str:
        """Return the token that stands for a cookie; raise `NotSignedIn` where it opens nothing."""
        digest = sessions.digest_of(secret)
        kept = self._kept.get(digest)
        if kept is not None and time.monotonic() - kept.read_at < self._seconds:
            return kept.issued.token
        read_at = time.monotonic()
        issued = await self._read(secret, kept.issued if kept else None)
        if issued is None:
            self._kept.forget(digest)
            raise NotSignedIn(
                "The session has ended, or was left alone for too long; sign in again.",
                "会话已结束或闲置过久，请重新登录。",
            )
        self._kept.keep(digest, _Kept(read_at, issued))
        return issued.token

    def forget(self, secret: str) -> None:
        """Have the next request with this cookie looked up: its session has just ended."""
        self._kept.forget(sessions.digest_of(secret))

    async def _read(self, secret: str, last: Issued | None) -> Issued | None:
        if not _SECRET.fullmatch(secret):
            return None
        try:
            async with self._db.begin() as db:
                found = await sessions.session_of_cookie(db, secret)
                if found is None:
                    return None
                await _note_use(db, found[0], self._idle)
            return await self._tokens.token_of(*found, last)
        except Exception as error:
            raise unavailable(error) or error from error


def idle_of(settings: Settings) -> timedelta:
    """Return for how long a browser's session stays open while nobody uses it."""
    return timedelta(seconds=min(settings.browser_idle_seconds, settings.session_seconds))


async def open_browser_session(
    db: AsyncSession, subject: str, settings: Settings, *, address: str, device: str
) -> Opened:
    """Open a session in this transaction, and return the secret that its cookie is to hold.

    It is drawn anew each time: none that a browser brought along ever opens anything.
    """
    idle = idle_of(settings)
    lifetimes = Lifetimes(timedelta(seconds=settings.session_seconds), idle)
    opened = await sessions.open_session(
        db, subject, "browser", address=address, device=device, lifetimes=lifetimes
    )
    values = {"session_id": opened.session_id, "idle_until": func.clock_timestamp() + idle}
    await db.execute(insert(BrowserSessionRow).values(values))
    return opened


async def _note_use(db: AsyncSession, session_id: UUID, idle: timedelta) -> None:
    """Put off the moment from which a session counts as left alone, once a minute at most."""
    until = func.clock_timestamp() + idle
    step = min(timedelta(seconds=_NOTED_SECONDS), idle / 8)
    await db.execute(
        update(BrowserSessionRow)
        .where(
            BrowserSessionRow.session_id == session_id, BrowserSessionRow.idle_until < until - step
        )
        .values(idle_until=until)
    )
