"""Sign-in sessions (登录会话): opened by a password, renewed by refresh tokens, until they end.

Facts that are added, as all about accounts: a session was opened, a refresh token was given, it was
used, the session ended. A refresh token is used once and another takes its place (RFC 9700,
4.14.2). One that is used again was copied by somebody, and nobody can tell who is who: the session
ends. Of tokens the database holds digests alone; they are drawn at random and not to be guessed.
"""

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, exists, func, insert, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.identity import Caller
from gateway.rules.jurisdictions import named_in
from gateway.tables import (
    BrowserSessionRow,
    RefreshTokenRow,
    RefreshUseRow,
    SessionEndRow,
    SessionRow,
)

CHAIN = "sessions"
ENDED = "gateway.sessions-ended"
MOST_OPEN = 20
"""How many sessions of an account may be open; one more ends the one that was opened first."""
_LONGEST_DEVICE = 200

Kind = Literal["bearer", "browser"]
Reason = Literal[
    "signed-out",
    "token-reused",
    "password-changed",
    "second-factor",
    "account-disabled",
    "power-confirmed",
    "too-many",
    "reset",
    "provider-refused",
    "administrator",
]


def by_gateway(subject: str | None) -> Caller:
    """Return who does what nobody has asked for about an account, as the journal names it."""
    return Caller("gateway", frozenset(), None, "gateway", realm=named_in(subject or ""))


class Lifetimes(NamedTuple):
    """For how long a session is open, and for how long without anybody refreshing it."""

    whole: timedelta
    idle: timedelta


class Opened(NamedTuple):
    """A session that was opened, and the secret by which whoever has it goes on."""

    session_id: uuid.UUID
    secret: str


class Going(NamedTuple):
    """A session that goes on with another refresh token."""

    session_id: uuid.UUID
    subject: str
    secret: str


def is_open() -> ColumnElement[bool]:
    """Say of a session whether it is open: it has neither ended nor expired, nor has a browser left
    it alone for too long."""
    now = func.clock_timestamp()
    ended = exists().where(SessionEndRow.session_id == SessionRow.session_id)
    alone = BrowserSessionRow.session_id == SessionRow.session_id
    left = exists().where(alone, BrowserSessionRow.idle_until <= now).correlate(SessionRow)
    return not_(ended) & (SessionRow.expires_at > now) & not_(left)


def digest_of(secret: str) -> bytes:
    """Return what the database holds of a secret that was drawn at random."""
    return sha256(secret.encode("utf-8", "replace")).digest()


async def open_session(
    db: AsyncSession,
    subject: str,
    kind: Kind,
    *,
    address: str,
    device: str,
    lifetimes: Lifetimes,
) -> Opened:
    """Open a session in this transaction: of a bearer with his first refresh token, of a browser
    with the secret that its cookie holds.

    `address` and `device` are for the person to know it by. It is on record in the journal.
    """
    secret, session_id = secrets.token_urlsafe(32), uuid.uuid4()
    now = func.clock_timestamp()
    await _make_room(db, subject)
    values = {
        "session_id": session_id,
        "subject": subject,
        "kind": kind,
        "expires_at": now + lifetimes.whole,
        "address": address,
        "device": "".join(c for c in device if c.isprintable())[:_LONGEST_DEVICE],
        "secret_digest": digest_of(secret) if kind == "browser" else None,
    }
    await db.execute(insert(SessionRow).values(values))
    if kind == "bearer":
        await _give(db, session_id, 1, secret, lifetimes.idle)
    body = {"session_id": str(session_id), "subject": subject, "kind": kind}
    who, event = holder(subject), "gateway.session-opened"
    await journal.record(db, chain=CHAIN, caller=who, event=event, body=body, last=False)
    return Opened(session_id, secret)


async def _make_room(db: AsyncSession, subject: str) -> None:
    found = await db.scalars(
        select(SessionRow.session_id)
        .where(SessionRow.subject == subject, is_open())
        .order_by(SessionRow.opened_at.desc(), SessionRow.session_id)
        .offset(MOST_OPEN - 1)
    )
    await end(db, found.all(), "too-many", by_gateway(subject))


async def _give(
    db: AsyncSession, session_id: uuid.UUID, number: int, secret: str, idle: timedelta
) -> None:
    values = {
        "digest": digest_of(secret),
        "session_id": session_id,
        "number": number,
        "expires_at": func.clock_timestamp() + idle,
    }
    await db.execute(insert(RefreshTokenRow).values(values))


async def refresh(db: AsyncSession, token: str, idle: timedelta) -> Going | None:
    """Use a refresh token, and give another; None where it opens nothing (any more).

    The caller commits in either case: where the token was used before, this ends its session. Of
    two at one time the database lets one use it.
    """
    digest = digest_of(token)
    now = func.clock_timestamp()
    found = await db.execute(
        select(
            SessionRow.session_id,
            SessionRow.subject,
            RefreshTokenRow.number,
            is_open() & (RefreshTokenRow.expires_at > now),
        )
        .join(RefreshTokenRow, RefreshTokenRow.session_id == SessionRow.session_id)
        .where(RefreshTokenRow.digest == digest)
    )
    row = found.one_or_none()
    if row is None:
        return None
    session_id, subject, number, holds = row
    use = insert_once(RefreshUseRow).values(digest=digest).on_conflict_do_nothing()
    if await db.scalar(use.returning(RefreshUseRow.digest)) is None:
        await end(db, [session_id], "token-reused", by_gateway(subject))
        return None
    if not holds:
        return None
    secret = secrets.token_urlsafe(32)
    await _give(db, session_id, number + 1, secret, idle)
    return Going(session_id, subject, secret)


async def session_of(db: AsyncSession, token: str) -> tuple[uuid.UUID, str] | None:
    """Return the open session of a refresh token and whose it is; it is not used by that."""
    found = await db.execute(
        select(SessionRow.session_id, SessionRow.subject)
        .join(RefreshTokenRow, RefreshTokenRow.session_id == SessionRow.session_id)
        .where(RefreshTokenRow.digest == digest_of(token), is_open())
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def session_of_cookie(db: AsyncSession, secret: str) -> tuple[uuid.UUID, str] | None:
    """Return the open session of a browser's secret and whose it is."""
    found = await db.execute(
        select(SessionRow.session_id, SessionRow.subject).where(
            SessionRow.secret_digest == digest_of(secret), is_open()
        )
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def is_going_on(db: AsyncSession, session_id: str, subject: str) -> bool:
    """Say whether a session of an account is open, by the id that a token carries."""
    try:
        wanted = uuid.UUID(session_id)
    except ValueError:
        return False
    asked = select(literal(1)).where(
        SessionRow.session_id == wanted, SessionRow.subject == subject, is_open()
    )
    return await db.scalar(asked) is not None


async def end(
    db: AsyncSession, ids: Sequence[uuid.UUID], reason: Reason, by: Caller
) -> list[uuid.UUID]:
    """End sessions of one account in this transaction, and return those that had not ended before.

    It is on record in the journal. Their access tokens are refused within seconds.
    """
    ended = await mark_ended(db, ids, reason, by)
    if ended:
        asked = select(SessionRow.subject).where(SessionRow.session_id == ended[0])
        body = told(str(await db.scalar(asked)), ended, reason)
        await journal.record(db, chain=CHAIN, caller=by, event=ENDED, body=body, last=False)
    return ended


async def mark_ended(
    db: AsyncSession, ids: Sequence[uuid.UUID], reason: Reason, by: Caller
) -> list[uuid.UUID]:
    """End sessions, as `end`, and leave it to the caller to record it in the journal."""
    if not ids:
        return []
    values = [{"session_id": each, "reason": reason, "ended_by": by.subject} for each in ids]
    added = insert_once(SessionEndRow).values(values).on_conflict_do_nothing()
    return sorted(await db.scalars(added.returning(SessionEndRow.session_id)))


def told(subject: str, ended: Sequence[uuid.UUID], reason: Reason) -> dict[str, object]:
    """Return what the journal is told of sessions that ended."""
    return {"session_ids": [str(each) for each in ended], "subject": subject, "reason": reason}


def holder(subject: str) -> Caller:
    """Return who holds a session, as the journal names whoever opens or ends it by a token."""
    return Caller(subject, frozenset(), None, subject, realm=named_in(subject))


async def end_all(
    db: AsyncSession, subject: str, reason: Reason, by: Caller, but: str | None = None
) -> list[uuid.UUID]:
    """End all open sessions of an account, but the one that is named, where one is."""
    asked = select(SessionRow.session_id).where(SessionRow.subject == subject, is_open())
    found = await db.scalars(asked)
    return await end(db, [each for each in found if str(each) != but], reason, by)


class OpenSession(NamedTuple):
    """A session that is open, and when it was last refreshed."""

    session_id: uuid.UUID
    kind: Kind
    opened_at: datetime
    refreshed_at: datetime | None
    expires_at: datetime
    address: str
    device: str


async def open_sessions(db: AsyncSession, subject: str) -> list[OpenSession]:
    """Return the open sessions of an account, the newest first: `MOST_OPEN` at most."""
    last = (
        select(func.max(RefreshTokenRow.made_at))
        .where(RefreshTokenRow.session_id == SessionRow.session_id, RefreshTokenRow.number > 1)
        .scalar_subquery()
    )
    until = (
        select(func.max(RefreshTokenRow.expires_at))
        .where(RefreshTokenRow.session_id == SessionRow.session_id)
        .scalar_subquery()
    )
    alone = (
        select(BrowserSessionRow.idle_until)
        .where(BrowserSessionRow.session_id == SessionRow.session_id)
        .scalar_subquery()
    )
    found = await db.execute(
        select(
            SessionRow.session_id,
            SessionRow.kind,
            SessionRow.opened_at,
            last,
            func.least(SessionRow.expires_at, until, alone),
            SessionRow.address,
            SessionRow.device,
        )
        .where(
            SessionRow.subject == subject,
            is_open(),
            or_(SessionRow.kind == "browser", until > func.clock_timestamp()),
        )
        .order_by(SessionRow.opened_at.desc(), SessionRow.session_id)
    )
    return [OpenSession(*row) for row in found]
