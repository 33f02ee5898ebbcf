"""What a webhook may be sent: what its account would read of the feed at this very moment.

The gateway reads as the account, with a token of its own that holds for a minute: its roles and its
unit are what they are now, and an account that nobody could sign in to hears nothing.
"""

from collections.abc import Callable
from dataclasses import fields
from hashlib import sha256
from typing import NamedTuple, Protocol
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.authorisation import Matrix, NotAllowed
from chassis.identity import Verifier
from chassis.scopes import OutsideScope
from gateway import queries
from gateway.feed import Events, FeedPage, Listener, Question
from gateway.standing import AccountStanding, Reader
from gateway.webhooks.store import KeptWebhook

TOKEN_SECONDS = 60
"""How long a token holds that the gateway reads with; nobody else sees it."""
_ROUTE = "GET /api/v1/events"


class Hearer(NamedTuple):
    """The account of a webhook as it is now, and a digest that is the same while it is so."""

    subject: str
    standing: str


class Hearing(Protocol):
    """Reads the feed for the accounts of webhooks."""

    async def hearer(self, subject: str) -> Hearer | None:
        """Return an account as it is now; None where nobody may act by it."""
        ...

    async def read(
        self, hearer: Hearer, kept: KeptWebhook, cursor: str | None, limit: int
    ) -> FeedPage:
        """Return the next events that the account may know of and the webhook wants."""
        ...


class AccountHearing:
    """Reads the feed of this gateway, with tokens that it signs for it."""

    def __init__(
        self,
        events: Events,
        standing: Reader,
        sessions: async_sessionmaker[AsyncSession],
        sign: Callable[[queries.PresentAccount], str],
        verifier: Verifier,
        matrix: Matrix,
    ) -> None:
        self._events = events
        self._standing = standing
        self._sessions = sessions
        self._sign = sign
        self._verifier = verifier
        self._matrix = matrix

    async def hearer(self, subject: str) -> Hearer | None:
        """Return an account as it is now; None where nobody could sign in to it and read events."""
        found = await self._standing(subject, None)
        if found is None or not found.secrets:
            return None
        try:
            self._matrix.admit(_ROUTE, found.roles, found.scope)
        except (NotAllowed, OutsideScope):
            return None
        return Hearer(subject, digest_of(found))

    async def read(
        self, hearer: Hearer, kept: KeptWebhook, cursor: str | None, limit: int
    ) -> FeedPage:
        """Return the next events that the account may know of and the webhook wants."""
        async with self._sessions() as db:
            account = await queries.account_in_effect(db, hearer.subject)
        if account is None:
            return FeedPage((), cursor or "", ())
        token = self._sign(account)
        caller = await self._verifier.caller(token)
        listener = Listener(caller, {"authorization": f"Bearer {token}"})
        types = None if kept.types is None else frozenset(kept.types)
        cycle = None if kept.cycle_id is None else UUID(int=kept.cycle_id.int)  # not the driver's
        return await self._events.read(listener, cursor, Question(types, cycle, limit))


def digest_of(standing: AccountStanding) -> str:
    """Return what is the same for an account while it may know the same; which of its secrets open
    it changes nothing of that."""
    told = {each.name: getattr(standing, each.name) for each in fields(standing)}
    told.pop("secrets")
    plain = {name: sorted(v) if isinstance(v, frozenset) else str(v) for name, v in told.items()}
    return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()
