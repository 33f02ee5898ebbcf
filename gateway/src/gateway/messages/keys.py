"""The keys that accounts sign their messages with: in which state each is, and which hold now."""

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.db import unavailable
from gateway.bounded_cache import BoundedCache
from gateway.messages.tables import (
    MessageKeyConfirmationRow,
    MessageKeyRow,
    MessageKeyWithdrawalRow,
)

KeyState = Literal["pending", "effective", "withdrawn"]
MOST: Final = 5
"""How many keys of an account may be in effect, or wait for it."""
_SIZE = 10_000

Jwks = Mapping[str, Mapping[str, Any]]


class KeptKey(NamedTuple):
    """A key as it was added, with its confirmation and its withdrawal where there are any."""

    made: MessageKeyRow
    confirmation: MessageKeyConfirmationRow | None
    withdrawal: MessageKeyWithdrawalRow | None

    @property
    def state(self) -> KeyState:
        """The state that it is in."""
        if self.withdrawal is not None:
            return "withdrawn"
        waits = self.made.awaits_confirmation and self.confirmation is None
        return "pending" if waits else "effective"


async def keys_of(db: AsyncSession, subject: str) -> list[KeptKey]:
    """Return all keys of an account, the first ones first."""

    def same(row: Any) -> Any:  # noqa: ANN401 - a table, and a condition
        return and_(
            row.subject == MessageKeyRow.subject,
            row.key_id == MessageKeyRow.key_id,
        )

    rows = await db.execute(
        select(MessageKeyRow, MessageKeyConfirmationRow, MessageKeyWithdrawalRow)
        .outerjoin(MessageKeyConfirmationRow, same(MessageKeyConfirmationRow))
        .outerjoin(MessageKeyWithdrawalRow, same(MessageKeyWithdrawalRow))
        .where(MessageKeyRow.subject == subject)
        .order_by(MessageKeyRow.added_at, MessageKeyRow.key_id)
    )
    return [KeptKey(*row) for row in rows]


Reader = Callable[[str], Awaitable[Jwks]]


def reader(sessions: async_sessionmaker[AsyncSession]) -> Reader:
    """Return what reads the keys of an account that hold."""

    async def read(subject: str) -> Jwks:
        try:
            async with sessions() as db:
                found = await keys_of(db, subject)
        except Exception as error:
            raise unavailable(error) or error from error
        return {each.made.key_id: each.made.jwk for each in found if each.state == "effective"}

    return read


class KeysInEffect:
    """Remembers for some seconds which keys of an account hold, so that a busy one costs no query
    with each message."""

    def __init__(self, read: Reader, seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._kept: BoundedCache[str, tuple[float, Jwks]] = BoundedCache(_SIZE)

    async def of(self, subject: str) -> Jwks:
        """Return the keys of an account that hold, by their ids."""
        kept = self._kept.get(subject)
        if kept is None or time.monotonic() - kept[0] >= self._seconds:
            asked_at = time.monotonic()
            kept = asked_at, await self._read(subject)
            self._kept.keep(subject, kept)
        return kept[1]
