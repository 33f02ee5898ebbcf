"""The statements behind the hosts that webhooks may be sent to."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.rules.approvals import EFFECTIVE, PENDING, WAITS, WITHDRAWN, ApprovalState, state_of
from gateway.tables import AccountRow
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


def is_of(jurisdiction: str | None) -> ColumnElement[bool]:
    """Return the condition that a host was approved in a jurisdiction, or in none."""
    return HostRow.jurisdiction.is_not_distinct_from(jurisdiction)


async def host(db: AsyncSession, jurisdiction: str | None, host_id: UUID) -> KeptHost | None:
    """Return a host of a jurisdiction by its id."""
    return next(iter(await hosts(db, is_of(jurisdiction), HostRow.host_id == host_id)), None)


def _named(jurisdiction: str | None, name: str, port: int) -> ColumnElement[bool]:
    return and_(is_of(jurisdiction), HostRow.host == name, HostRow.port == port)


async def is_known(db: AsyncSession, jurisdiction: str | None, name: str, port: int) -> bool:
    """Say whether a host and port is approved in a jurisdiction, or waits to be confirmed."""
    return bool(await hosts(db, _named(jurisdiction, name, port), _STANDS))


async def is_approved(db: AsyncSession, subject: str, name: str, port: int) -> bool:
    """Say whether webhooks of an account may be sent to a host and port at this moment: it is
    approved where the account is."""
    of = select(AccountRow.jurisdiction).where(AccountRow.subject == subject).scalar_subquery()
    there = HostRow.host == name, HostRow.port == port, IN_STATE[EFFECTIVE]
    return bool(await hosts(db, HostRow.jurisdiction.is_not_distinct_from(of), *there))


async def pending(db: AsyncSession, jurisdiction: str | None) -> list[KeptHost]:
    """Return the hosts of a jurisdiction that wait for a second person to confirm them."""
    return await hosts(db, is_of(jurisdiction), IN_STATE[PENDING])
