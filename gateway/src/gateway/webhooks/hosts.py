"""The statements behind the hosts that webhooks may be sent to."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.rules.approvals import EFFECTIVE, PENDING, WAITS, WITHDRAWN, ApprovalState, state_of
from gateway.webhooks.tables import HostConfirmationRow, HostRow, HostWithdrawalRow


class KeptHost(NamedTuple):
    """A host as it was approved, with its confirmation and its withdrawal where there are any, and
    whether it was approved too long ago to be confirmed."""

    made: HostRow
    confirmation: HostConfirmationRow | None
    withdrawal: HostWithdrawalRow | None
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


_IS_OVER = HostRow.approved_at <= func.clock_timestamp() - WAITS
_WAITS = and_(HostRow.awaits_confirmation, HostConfirmationRow.host_id.is_(None))
_STANDS = and_(HostWithdrawalRow.host_id.is_(None), or_(not_(_WAITS), not_(_IS_OVER)))

IN_STATE: dict[ApprovalState, ColumnElement[bool]] = {
    WITHDRAWN: not_(_STANDS),
    PENDING: and_(_STANDS, _WAITS),
    EFFECTIVE: and_(_STANDS, not_(_WAITS)),
}
"""What holds of hosts in a state; each is in one."""


async def hosts(
    db: AsyncSession, *conditions: ColumnElement[bool], most: int | None = None
) -> list[KeptHost]:
    """Return the hosts of which something holds, in the order of their ids."""
    rows = await db.execute(
        select(HostRow, HostConfirmationRow, HostWithdrawalRow, _IS_OVER)
        .outerjoin(HostConfirmationRow, HostConfirmationRow.host_id == HostRow.host_id)
        .outerjoin(HostWithdrawalRow, HostWithdrawalRow.host_id == HostRow.host_id)
        .where(*conditions)
        .order_by(HostRow.host_id)
        .limit(most)
    )
    return [KeptHost(*row) for row in rows]


async def host(db: AsyncSession, host_id: UUID) -> KeptHost | None:
    """Return a host by its id."""
    return next(iter(await hosts(db, HostRow.host_id == host_id)), None)


async def is_known(db: AsyncSession, name: str, port: int) -> bool:
    """Say whether a host and port is approved, or waits to be confirmed."""
    return bool(await hosts(db, HostRow.host == name, HostRow.port == port, _STANDS))


async def is_approved(db: AsyncSession, name: str, port: int) -> bool:
    """Say whether webhooks may be sent to a host and port at this moment."""
    return bool(await hosts(db, HostRow.host == name, HostRow.port == port, IN_STATE[EFFECTIVE]))


async def pending(db: AsyncSession) -> list[KeptHost]:
    """Return the hosts that wait for a second person to confirm them."""
    return await hosts(db, IN_STATE[PENDING])
