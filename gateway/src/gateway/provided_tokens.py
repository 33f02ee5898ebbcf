"""Tokens of an outside provider, which stand for the sessions of browsers that signed in there.

They stay at the gateway, sealed with a key file: neither the browser nor who reads the database
has them. A token that is about to end is renewed once, by whichever process comes first: a provider
takes a refresh token that is used twice for stolen.
"""

import asyncio
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import UUID
from weakref import WeakValueDictionary

import orjson
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from gateway import sessions
from gateway.browser_sessions import Issued
from gateway.openid import Provider, ProviderRefused, ProviderUnavailable, Tokens
from gateway.sealed import Sealer, SealingKey
from gateway.tables import ProvidedTokenRow

_RENEWED_BEFORE = 60.0
"""So many seconds before it ends a token is renewed: a request that it began ends within them."""

_AT_ONCE = 3
"""So many tokens are renewed at one time in a process, each with a connection to the database."""


@dataclass(frozen=True, slots=True)
class ProvidedToken:
    """An access token of the provider."""

    token: str


class ProvidedTokens:
    """The provider's tokens by session, renewed when it is time."""

    def __init__(
        self, db: async_sessionmaker[AsyncSession], provider: Provider, sealing_key: SealingKey
    ) -> None:
        self._db = db
        self._provider = provider
        self._sealer = Sealer(sealing_key, "tokens of a provider")
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def keep(self, db: AsyncSession, session_id: UUID, number: int, tokens: Tokens) -> None:
        """Keep the tokens of a session in this transaction; the first are number 1."""
        sealed = self._sealer.seal(orjson.dumps(asdict(tokens)), _about(session_id, number))
        ends = datetime.fromtimestamp(tokens.expires_at, UTC)
        values = {"session_id": session_id, "number": number, "sealed": sealed, "expires_at": ends}
        await db.execute(insert(ProvidedTokenRow).values(values))

    async def token_of(self, session_id: UUID, subject: str, last: Issued | None) -> Issued | None:
        """Return the access token of an open session, None where the provider gives none any more.

        Which account it is of, and whether it holds, is looked at with each request.
        """
        async with self._db() as db:
            found = await self._latest(db, session_id)
        if found is None:
            return None
        number, tokens, left = found
        if left < _RENEWED_BEFORE and tokens.refresh is not None:
            return await self._renewed(session_id, subject, number)
        return ProvidedToken(tokens.access) if left > 0 else None

    async def revoke(self, session_id: UUID) -> None:
        """Have the provider forget the tokens of a session that ended, if he answers."""
        async with self._db() as db:
            found = await self._latest(db, session_id)
        if found is not None and found[1].refresh is not None:
            try:
                await self._provider.revoke(found[1].refresh)
            except ProviderUnavailable:
                return  # nobody uses them any more; they end by themselves

    async def _renewed(self, session_id: UUID, subject: str, seen: int) -> Issued | None:
        lock = self._locks.setdefault(session_id, asyncio.Lock())
        # Here first, so that of all requests of a page one alone holds a connection while it waits,
        # and of all pages few: a provider who is slow keeps nobody else from the database.
        async with lock, self._places, self._db.begin() as db:
            key = func.hashtext(f"provided token {session_id}")
            await db.execute(select(func.pg_advisory_xact_lock(key)))
            found = await self._latest(db, session_id)
            if found is None:
                return None
            number, tokens, left = found
            if number > seen or tokens.refresh is None:  # somebody else came first
                return ProvidedToken(tokens.access) if left > 0 else None
            try:
                tokens = await self._provider.renewed(tokens.refresh)
            except ProviderRefused:
                by = sessions.holder(subject)
                await sessions.end(db, [session_id], "provider-refused", by)
                return None
            except ProviderUnavailable:
                if left <= 0:
                    raise
                return ProvidedToken(tokens.access)
            await self.keep(db, session_id, number + 1, tokens)
            return ProvidedToken(tokens.access)

    async def _latest(self, db: AsyncSession, session_id: UUID) -> tuple[int, Tokens, float] | None:
        """Return number and tokens of a session, and how many seconds the access token has left."""
        row = await db.execute(
            select(ProvidedTokenRow.number, ProvidedTokenRow.sealed, ProvidedTokenRow.expires_at)
            .where(ProvidedTokenRow.session_id == session_id)
            .order_by(ProvidedTokenRow.number.desc())
            .limit(1)
        )
        found = row.one_or_none()
        if found is None:
            return None
        number, sealed, expires_at = found
        plain = self._sealer.open(sealed, _about(session_id, number))
        if plain is None:  # sealed with another key: the person signs in again
            return None
        return number, Tokens(**orjson.loads(plain)), expires_at.timestamp() - time.time()


def _about(session_id: UUID, number: int) -> bytes:
    return f"{session_id} {number}".encode()
