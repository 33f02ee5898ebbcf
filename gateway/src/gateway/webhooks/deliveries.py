"""The statements behind the log of deliveries: what was sent, what came of it, what again."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from gateway.rules.webhooks import DeliveryState
from gateway.webhooks.queue import FAILED, GIVEN_UP, TAKEN
from gateway.webhooks.tables import AttemptRow, MessageRow, ProgressRow, RedeliveryRow

_TESTS = 0
"""The position that tests have."""
TEST_PAUSE = timedelta(seconds=5)
"""How long a webhook that was tested is not tested again."""


class KeptDelivery(NamedTuple):
    """A delivery, with its last try where there was one."""

    position: int
    event_id: str
    event_type: str
    state: DeliveryState
    has_payload: bool
    frozen_at: datetime
    tries: int
    tried_at: datetime | None
    status: int | None
    reason: str | None


_LATER = aliased(MessageRow)
_OVERTAKEN = exists().where(
    _LATER.webhook_id == MessageRow.webhook_id,
    _LATER.position == MessageRow.position,
    _LATER.generation > MessageRow.generation,
)
_OWN = (
    AttemptRow.webhook_id == MessageRow.webhook_id,
    AttemptRow.position == MessageRow.position,
    AttemptRow.generation == MessageRow.generation,
)
_TAKEN = exists().where(*_OWN, AttemptRow.outcome == TAKEN)
_IS_THERE = MessageRow.position <= ProgressRow.frozen
IN_STATE: dict[DeliveryState, ColumnElement[bool]] = {
    "delivered": _TAKEN,
    "dead": and_(not_(_TAKEN), MessageRow.position <= ProgressRow.settled),
    "pending": MessageRow.position > ProgressRow.settled,
}
"""What holds of deliveries in a state."""


def _listed(webhook_id: UUID) -> Select[Any]:
    row = AttemptRow
    last = (
        select(row.number, row.at, row.status, row.reason)
        .where(*_OWN)
        .order_by(row.number.desc())
        .limit(1)
        .correlate(MessageRow)
        .lateral("last")
    )
    is_settled = MessageRow.position <= ProgressRow.settled
    return (
        select(
            MessageRow.position,
            MessageRow.event_id,
            MessageRow.event_type,
            _TAKEN.label("is_taken"),
            is_settled.label("is_settled"),
            MessageRow.payload.is_not(None),
            MessageRow.frozen_at,
            func.coalesce(last.c.number, 0),
            last.c.at,
            last.c.status,
            last.c.reason,
        )
        .join(ProgressRow, ProgressRow.webhook_id == MessageRow.webhook_id)
        .outerjoin(last, literal(True))
        .where(MessageRow.webhook_id == webhook_id, not_(_OVERTAKEN), _IS_THERE)
        .order_by(MessageRow.position)
    )


async def listed(
    db: AsyncSession, webhook_id: UUID, after: int, most: int, state: DeliveryState | None
) -> list[KeptDelivery]:
    """Return deliveries behind a position, those in a state or all."""
    wanted = _listed(webhook_id).where(MessageRow.position > after).limit(most)
    if state == "dead":  # few: found by those that were given up, and not among all
        row = AttemptRow
        given_up = select(row.position).where(
            row.webhook_id == webhook_id, row.outcome == GIVEN_UP, row.position > after
        )
        wanted = wanted.where(MessageRow.position.in_(given_up))
    if state is not None:
        wanted = wanted.where(IN_STATE[state])
    return [_kept(row) for row in await db.execute(wanted)]


async def one(db: AsyncSession, webhook_id: UUID, position: int) -> KeptDelivery | None:
    """Return the delivery at a position."""
    wanted = _listed(webhook_id).where(MessageRow.position == position)
    row = (await db.execute(wanted)).one_or_none()
    return None if row is None else _kept(row)


def _kept(row: Any) -> KeptDelivery:  # noqa: ANN401 - a row of several tables
    position, event_id, event_type, is_taken, is_settled, *rest = row
    state: DeliveryState = "pending"
    if is_taken or is_settled:
        state = "delivered" if is_taken else "dead"
    return KeptDelivery(position, event_id, event_type, state, *rest)


async def attempts(db: AsyncSession, webhook_id: UUID, position: int) -> list[AttemptRow]:
    """Return the last hundred tries of the delivery at a position, the first one first."""
    row = AttemptRow
    last = select(func.max(MessageRow.generation)).where(
        MessageRow.webhook_id == webhook_id, MessageRow.position == position
    )
    own = row.webhook_id == webhook_id, row.position == position
    of_last = row.generation == last.scalar_subquery()
    found = await db.scalars(
        select(row).where(*own, of_last).order_by(row.number.desc()).limit(100)
    )
    return [*found][::-1]


async def position_of(db: AsyncSession, webhook_id: UUID, event_id: str) -> int | None:
    """Return the position of the delivery of an event."""
    row = MessageRow
    own = row.webhook_id == webhook_id, row.event_id == event_id, not_(_OVERTAKEN)
    found: int | None = await db.scalar(select(func.min(row.position)).where(*own))
    return found


async def without_payload(
    db: AsyncSession, webhook_id: UUID, first: int, last: int, standing: str | None
) -> int:
    """Return how many deliveries of a range cannot be sent again: their payload was not kept, or
    the account was another then."""
    row = MessageRow
    of = row.webhook_id == webhook_id, row.position.between(first, last), not_(_OVERTAKEN)
    lacks = or_(row.payload.is_(None), row.standing.is_distinct_from(standing))
    return (await db.execute(select(func.count()).where(*of, lacks))).scalar_one()


async def waiting(db: AsyncSession, webhook_id: UUID) -> tuple[int, int]:
    """Return the number of the last request to send again, and how many wait."""
    row = RedeliveryRow
    last = select(func.coalesce(func.max(row.number), 0)).where(row.webhook_id == webhook_id)
    done = select(ProgressRow.redelivery).where(ProgressRow.webhook_id == webhook_id)
    number = (await db.execute(last)).scalar_one()
    return number, number - (await db.execute(done)).scalar_one()


async def ask_again(db: AsyncSession, webhook_id: UUID, number: int, first: int, last: int) -> None:
    """Add a request to send deliveries again."""
    values = {"webhook_id": webhook_id, "number": number, "first": first, "last": last}
    await db.execute(insert(RedeliveryRow).values(values))


async def tested_lately(db: AsyncSession, webhook_id: UUID) -> bool:
    """Say whether a webhook was tested in the last seconds."""
    row = AttemptRow
    lately = row.at > func.clock_timestamp() - TEST_PAUSE
    own = row.webhook_id == webhook_id, row.position == _TESTS, lately
    return bool((await db.execute(select(exists().where(*own)))).scalar_one())


async def add_test(
    db: AsyncSession, webhook_id: UUID, *, status: int | None, reason: str | None, spent: int
) -> None:
    """Write down what came of a test."""
    row = AttemptRow
    own = row.webhook_id == webhook_id, row.position == _TESTS
    number = (await db.execute(select(func.count()).where(*own))).scalar_one() + 1
    about = {"webhook_id": webhook_id, "position": _TESTS, "generation": 0, "redelivery": 0}
    outcome = TAKEN if reason is None else FAILED
    told = {"number": number, "outcome": outcome, "status": status, "reason": reason}
    await db.execute(insert(row).values(about | told | {"milliseconds": spent}))
