"""Who somebody is, by a secret and for a person by a code besides; who guesses is slowed down."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, NamedTuple

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from gateway import queries, second_factors
from gateway.attempts import Attempt, Attempts
from gateway.hashing import Hasher
from gateway.neighbours import Neighbours
from gateway.queries import PresentAccount
from gateway.rules.second_factors import NoSecondFactor, SecondFactorNeeded
from gateway.rules.secrets import KnownSecret, opening
from gateway.second_factors import Factor, SecondFactors
from gateway.sessions import by_gateway
from gateway.settings import Settings
from gateway.waiting import WaitingRoom

LONGEST_SECRET = 200
NAMED = "names_somebody"
"""Where the state of a request says that its try was counted, by name and address."""
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}")

Purpose = Literal["new-password", "second-factor"]


class Opened(NamedTuple):
    """An account that somebody signs in to, and the number of the secret that opened it; one for
    once opens only for another one to be chosen."""

    account: PresentAccount
    secret: int
    is_for_once: bool


class Unfinished(NamedTuple):
    """An account whose person has to do something first, and may do nothing else before."""

    account: PresentAccount
    purpose: Purpose


@dataclass
class Trying:
    """A try that goes on: whether it was of an account, and whether it succeeded."""

    attempt: Attempt
    is_account: bool = False
    succeeded: bool = False


async def sign_in(
    request: Request, subject: str, secret: str, kind: str, otp: str = ""
) -> Opened | Unfinished | None:
    """Return the account that `secret` opens, for a person with the code of a second factor where
    there is one; None where it does not; refuse who tries too often.

    Who has a secret for once chooses another one, who has to have a second factor and has none
    enrols one, and does nothing else.
    """
    opened = await prove(request, subject, secret, kind, otp, once=True)
    if opened is None:
        return None
    if opened.is_for_once:
        return Unfinished(opened.account, "new-password")
    async with request.app.state.sessions() as db:
        lacks = await lacks_factor(request, db, opened.account)
    return Unfinished(opened.account, "second-factor") if lacks else opened


async def prove(
    request: Request,
    subject: str,
    secret: str,
    kind: str,
    otp: str | None = None,
    *,
    once: bool = False,
) -> Opened | None:
    """Return the account that `secret` opens, or None; refuse who tries too often.

    A code is asked for unless `otp` is None: whoever is signed in has sent one before. A secret for
    once opens only where `once` says so. Neither a place in front of the hasher nor a connection to
    the database is held by anybody who has to wait first.
    """
    room: WaitingRoom = request.app.state.room
    name = subject if _SUBJECT.fullmatch(subject) and len(secret) <= LONGEST_SECRET else None
    async with attempting(request, name) as trying:
        attempt = trying.attempt
        async with room.place(attempt.queue, attempt.suspicion):
            found, opens = await _compared(request, name, secret, kind)
        trying.is_account = found is not None
        if found is None or opens is None or (opens.one_time_until is not None and not once):
            return None
        if otp is not None and not await _code_holds(request, trying, found, otp):
            return None
        trying.succeeded = True
        return Opened(found, opens.number, opens.one_time_until is not None)


async def opens_still(db: AsyncSession, opened: Opened) -> bool:
    """Look once more, before a session is opened in this transaction, whether the account is in
    effect and the secret opens it; note its use.

    Between comparing and this somebody may have changed the password, reset or disabled the
    account, and ended the sessions that there were. From here on he waits until the commit.
    """
    subject, kind = opened.account.subject, opened.account.kind
    await queries.hold_accounts(db)
    if await queries.account_in_effect(db, subject) is None:
        return False
    known = opening(kind, await queries.secrets_of(db, subject))
    if opened.secret not in {each.number for each in known}:
        return False
    await queries.note_use(db, subject, opened.secret)
    return True


async def lacks_factor(request: Request, db: AsyncSession, account: PresentAccount) -> bool:
    """Say whether an account has to have a second factor by its roles, and has none."""
    settings: Settings = request.app.state.settings
    return await second_factors.are_lacking(db, account, settings.second_factor_roles)


@asynccontextmanager
async def attempting(request: Request, name: str | None) -> AsyncIterator[Trying]:
    """Count a try for a name, or none, as failed unless it succeeds; refuse who tries too often.

    What is broken off or refused on the way is not counted.
    """
    attempts: Attempts = request.app.state.attempts
    neighbours: Neighbours = request.app.state.neighbours
    address = request.client.host if request.client else "-"
    setattr(request.state, NAMED, True)
    attempt = attempts.begin(name, address, time.monotonic())
    trying = Trying(attempt)
    try:
        # Told before the secret is compared: who tries it at several processes tries it once.
        await neighbours.exchange()
        attempts.confirm(attempt, time.monotonic())
        yield trying
    except BaseException:
        attempts.withdraw(attempt, time.monotonic())
        raise
    if trying.succeeded:
        attempts.succeeded(attempt, time.monotonic())
    else:
        await _note(request, attempt, is_account=trying.is_account)


async def code_is_used(request: Request, attempt: Attempt, factor: Factor, code: str) -> bool:
    """Use a code of a second factor up; refuse who has sent too many wrong ones."""
    attempts: Attempts = request.app.state.attempts
    neighbours: Neighbours = request.app.state.neighbours
    factors: SecondFactors = request.app.state.second_factors
    attempts.begin_code(attempt, time.monotonic())
    await neighbours.exchange()
    attempts.confirm_code(attempt, time.monotonic())
    async with request.app.state.sessions.begin() as db:
        if not await factors.use(db, factor, code, request.app.state.clock()):
            return False
    attempts.code_held(attempt, time.monotonic())
    return True


async def _code_holds(request: Request, trying: Trying, account: PresentAccount, otp: str) -> bool:
    """Say whether the code goes with the account's second factor, or there is neither."""
    if account.kind != "person":
        return True
    async with request.app.state.sessions() as db:
        factor = await second_factors.present(db, account.subject)
    if factor is None:
        if otp:
            raise NoSecondFactor("There is none.", "该账户没有动态口令。")
        return True
    if not otp:
        raise SecondFactorNeeded("Send it as otp.", "请以 `otp` 提交。")
    return await code_is_used(request, trying.attempt, factor, otp)


async def _compared(
    request: Request, name: str | None, secret: str, kind: str
) -> tuple[PresentAccount | None, KnownSecret | None]:
    """Return the account of that name, if it may sign in, and the secret of its own that was
    sent."""
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
    return found, None if place is None else own[place]


async def _note(request: Request, attempt: Attempt, *, is_account: bool) -> None:
    attempts: Attempts = request.app.state.attempts
    noted = attempts.failed(attempt, time.monotonic(), is_account=is_account)
    if noted is None:
        return
    by = by_gateway(noted.get("subject"))
    async with request.app.state.sessions.begin() as db:
        await journal.record(
            db, chain="accounts", caller=by, event="gateway.sign-ins-slowed", body=noted
        )
