"""The keys that accounts sign their messages with: in which state each is, and which hold now."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.db import unavailable
from gateway.messages.tables import (
    MessageKeyConfirmationRow,
    MessageKeyRow,
    MessageKeyWithdrawalRow,
)
from gateway.rules.approvals import EFFECTIVE, WAITS, ApprovalState, state_of

MOST: Final = 5
"""How many keys of an account may be in effect, or wait for it."""

Jwks = Mapping[str, Mapping[str, Any]]


class KeptKey(NamedTuple):
    """A key as it was added, with its confirmation and its withdrawal where there are any, and
    whether it was added too long ago to be confirmed."""

    made: MessageKeyRow
    confirmation: MessageKeyConfirmationRow | None
    withdrawal: MessageKeyWithdrawalRow | None
    is_over: bool

    @property
    def state(self) -> ApprovalState:
        """The state that it is in."""
        return state_of(
            awaits=self.made.awaits_confirmation,
            is_confirmed=self.confirmation is not None,
            is_withdrawn=self.withdrawal is not None,
            is_over=self.is_over,
        )


async def keys_of(db: AsyncSession, subject: str) -> list[KeptKey]:
    """Return all keys of an account, the first ones first."""

    def same(row: Any) -> Any:  # noqa: ANN401 - a table, and a condition
        return and_(
            row.subject == MessageKeyRow.subject,
            row.key_id == MessageKeyRow.key_id,
        )

    is_over = MessageKeyRow.added_at <= func.clock_timestamp() - WAITS
    rows = await db.execute(
        select(MessageKeyRow, MessageKeyConfirmationRow, MessageKeyWithdrawalRow, is_over)
        .outerjoin(MessageKeyConfirmationRow, same(MessageKeyConfirmationRow))
        .outerjoin(MessageKeyWithdrawalRow, same(MessageKeyWithdrawalRow))
        .where(MessageKeyRow.subject == subject)
        .order_by(MessageKeyRow.added_at, MessageKeyRow.key_id)
    )
    return [KeptKey(*row) for row in rows]


def reader(sessions: async_sessionmaker[AsyncSession]) -> Callable[[str], Awaitable[Jwks]]:
    """Return what reads the keys of an account that hold."""

    async def read(subject: str) -> Jwks:
        try:
            async with sessions() as db:
                found = await keys_of(db, subject)
        except Exception as error:
            raise unavailable(error) or error from error
        return {each.made.key_id: each.made.jwk for each in found if each.state == EFFECTIVE}

    return read
