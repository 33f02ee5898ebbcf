"""The statements behind webhooks: what there is, their secrets, and the steps that they take."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.rules.webhooks import ACTIVE, DISABLED, ENDED, WebhookState
from gateway.sealed import Sealer
from gateway.webhooks.tables import (
    WEBHOOKS,
    ProgressRow,
    StepRow,
    WebhookRow,
    WebhookSecretRow,
)

_VIEW: Any = WEBHOOKS.c  # of a view, which has no types
SUBJECT, STATE, CYCLE_ID = _VIEW.subject, _VIEW.state, _VIEW.cycle_id
WEBHOOK_ID = _VIEW.webhook_id


class KeptWebhook(NamedTuple):
    """A webhook as it is at this moment, and how far its deliveries are."""

    webhook_id: UUID
    subject: str
    url: str
    types: list[str] | None
    cycle_id: UUID | None
    start: str | None
    created_at: datetime
    step: int
    state: WebhookState
    state_reason: str | None
    state_since: datetime
    position: int
    failing_since: datetime | None


class AliveSecret(NamedTuple):
    """A secret that signs at this moment, sealed; it ends when another one has taken its place."""

    webhook_id: UUID
    number: int
    sealed: str
    made_at: datetime
    ends_at: datetime | None


async def webhooks(
    db: AsyncSession, *conditions: ColumnElement[bool], most: int | None = None
) -> list[KeptWebhook]:
    """Return the webhooks of which something holds, in the order of their ids."""
    rows = await db.execute(
        select(*WEBHOOKS.c, ProgressRow.settled, ProgressRow.failing_since)
        .join(ProgressRow, ProgressRow.webhook_id == WEBHOOK_ID)
        .where(*conditions)
        .order_by(WEBHOOK_ID)
        .limit(most)
    )
    found: list[Any] = list(rows)
    return [KeptWebhook(*row) for row in found]


async def webhook(
    db: AsyncSession, webhook_id: UUID, *conditions: ColumnElement[bool]
) -> KeptWebhook | None:
    """Return a webhook by its id, if some things hold of it."""
    return next(iter(await webhooks(db, webhook_id == WEBHOOK_ID, *conditions)), None)


async def disabled(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[KeptWebhook]:
    """Return the webhooks that failed for too long and of which something holds."""
    return await webhooks(db, STATE == DISABLED, *conditions)


async def number_of(db: AsyncSession, subject: str) -> int:
    """Return how many webhooks an account has that have not ended."""
    there = select(func.count()).where(subject == SUBJECT, STATE != ENDED)
    return (await db.execute(there)).scalar_one()


async def is_any_active(db: AsyncSession) -> bool:
    """Say whether there is a webhook that something might be sent to."""
    there = select(WEBHOOK_ID).where(STATE == ACTIVE).limit(1)
    return (await db.execute(there)).first() is not None


async def lock(db: AsyncSession, webhook_id: UUID) -> None:
    """Have everybody else who takes a step with a webhook wait until the commit."""
    row = select(ProgressRow.webhook_id).where(ProgressRow.webhook_id == webhook_id)
    await db.execute(row.with_for_update())


async def begin(db: AsyncSession, sealer: Sealer, secret: str, values: dict[str, Any]) -> None:
    """Add a webhook that is active, with its first secret."""
    webhook_id, subject = values["webhook_id"], values["subject"]
    await db.execute(insert(WebhookRow).values(values))
    await db.execute(insert(ProgressRow).values(webhook_id=webhook_id))
    first = {"webhook_id": webhook_id, "number": 1, "state": ACTIVE, "by": subject}
    await db.execute(insert(StepRow).values(first))
    await add_secret(db, sealer, webhook_id, 1, secret, timedelta())


async def step(
    db: AsyncSession, found: KeptWebhook, state: WebhookState, by: str, reason: str | None = None
) -> None:
    """Have a webhook take a step; one that goes on is due at once."""
    told = {"webhook_id": found.webhook_id, "number": found.step + 1, "state": state}
    await db.execute(insert(StepRow).values(told | {"by": by, "reason": reason}))
    if state == ACTIVE:
        anew = {"due_at": func.clock_timestamp(), "failing_since": None}
        own = update(ProgressRow).where(ProgressRow.webhook_id == found.webhook_id)
        await db.execute(own.values(anew))


async def due(db: AsyncSession, webhook_id: UUID) -> None:
    """Have a webhook worked at as soon as there is somebody who does."""
    own = update(ProgressRow).where(ProgressRow.webhook_id == webhook_id)
    await db.execute(own.values(due_at=func.clock_timestamp()))


async def add_secret(
    db: AsyncSession,
    sealer: Sealer,
    webhook_id: UUID,
    number: int,
    secret: str,
    overlap: timedelta,
) -> None:
    """Add a secret; those before it sign for so long beside it."""
    sealed = sealer.seal(secret.encode(), _about(webhook_id, number))
    values = {"webhook_id": webhook_id, "number": number, "sealed": sealed}
    ends = func.clock_timestamp() + overlap
    await db.execute(insert(WebhookSecretRow).values(**values, others_end_at=ends))


async def secrets_of(
    db: AsyncSession, webhook_ids: Sequence[UUID]
) -> dict[UUID, list[AliveSecret]]:
    """Return the secrets of webhooks that sign at this moment, the newest one first."""
    row = WebhookSecretRow
    # The earliest end that a later secret has set: what ended once signs no more.
    later = func.min(row.others_end_at).over(
        partition_by=row.webhook_id, order_by=row.number.desc(), rows=(None, -1)
    )
    named = select(
        row.webhook_id, row.number, row.sealed, row.made_at, later.label("ends_at")
    ).where(row.webhook_id.in_(webhook_ids))
    told = named.subquery()
    alive = (told.c.ends_at.is_(None)) | (told.c.ends_at > func.clock_timestamp())
    found: dict[UUID, list[AliveSecret]] = {each: [] for each in webhook_ids}
    for each in await db.execute(select(told).where(alive).order_by(told.c.number.desc())):
        found[each[0]].append(AliveSecret(*each))
    return found


def opened(sealer: Sealer, kept: Sequence[AliveSecret]) -> list[str]:
    """Return the secrets themselves, as far as they were sealed with the key that there is."""
    plain = (sealer.open(each.sealed, _about(each.webhook_id, each.number)) for each in kept)
    return [each.decode() for each in plain if each is not None]


def _about(webhook_id: UUID, number: int) -> bytes:
    return f"secret {webhook_id} {number}".encode()


def host_of(url: str) -> str:
    """Return the host and port of an address; its path may be a secret of its receiver."""
    return url.partition("//")[2].partition("/")[0].partition("?")[0]
