"""The SQL of webhook delivery: which process holds a webhook, what it sends next, and the results.

A process holds a webhook for some seconds, and says again and again that it still does. Whatever it
writes is written only while it holds it: one that was believed dead and is not can send a message
twice, and move nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CursorResult, and_, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.webhooks.tables import AttemptRow, MessageRow, ProgressRow, RedeliveryRow

TAKEN, FAILED, GIVEN_UP = "taken", "failed", "given-up"

_CLAIM = text("""
    UPDATE webhook_progress SET holder = :me, is_idle = false,
      held_until = clock_timestamp() + :seconds * interval '1 second'
    WHERE webhook_id = ANY (ARRAY(
      SELECT p.webhook_id FROM webhook_progress p
      JOIN webhook_present w ON w.webhook_id = p.webhook_id
      WHERE w.state = 'active' AND p.webhook_id <> ALL (:busy)
        AND (p.due_at <= clock_timestamp() OR (:woken AND p.is_idle))
        AND (p.held_until IS NULL OR p.held_until < clock_timestamp())
      ORDER BY p.due_at LIMIT :most FOR UPDATE OF p SKIP LOCKED))
    RETURNING webhook_id
    """)
_HOLD = text("""
    UPDATE webhook_progress SET held_until = clock_timestamp() + :seconds * interval '1 second'
    WHERE holder = :me AND webhook_id = ANY (:busy)
    """)
# What was delivered, or is of a generation that was overtaken, and lies there for long enough.
_PURGE = text("""
    UPDATE webhook_message SET payload = NULL WHERE (webhook_id, position, generation) IN (
      SELECT m.webhook_id, m.position, m.generation FROM webhook_message m
      JOIN webhook_progress p ON p.webhook_id = m.webhook_id
      WHERE m.payload IS NOT NULL AND m.frozen_at < clock_timestamp() - CAST(:kept AS interval)
        AND (m.position > p.settled AND m.generation < p.generation
          OR EXISTS (SELECT 1 FROM webhook_attempt a WHERE a.webhook_id = m.webhook_id
            AND a.position = m.position AND a.generation = m.generation AND a.outcome = 'taken'))
      LIMIT 1000)
    """)


class Message(NamedTuple):
    """A message that was frozen, and how often it was tried: in all, and in this round of tries.

    `redelivery` is the number of the request to send it again, 0 for the first round.
    """

    position: int
    generation: int
    event_id: str
    standing: str
    payload: str | None
    tried: int
    failures: int
    redelivery: int
    is_last: bool


async def claim(
    db: AsyncSession, me: UUID, seconds: float, busy: Sequence[UUID], most: int, is_woken: bool
) -> list[UUID]:
    """Return webhooks that are due and that nobody holds, held from now on."""
    asked = {"me": me, "seconds": seconds, "busy": list(busy), "most": most, "woken": is_woken}
    return list(await db.scalars(_CLAIM, asked))


async def hold(db: AsyncSession, me: UUID, seconds: float, busy: Sequence[UUID]) -> None:
    """Say that these are still held."""
    await db.execute(_HOLD, {"me": me, "seconds": seconds, "busy": list(busy)})


async def release(
    db: AsyncSession, me: UUID, webhook_id: UUID, seconds: float, *, is_idle: bool = False
) -> None:
    """Let go of a webhook until it is due again; an idle one is when something happens."""
    due = func.clock_timestamp() + timedelta(seconds=seconds)
    await _move(db, me, webhook_id, **_let_go(due), is_idle=is_idle)


async def held(db: AsyncSession, me: UUID, webhook_id: UUID) -> ProgressRow | None:
    """Return how far a webhook is that this process holds, None where it does not any more."""
    own = ProgressRow.webhook_id == webhook_id, ProgressRow.holder == me
    return (await db.scalars(select(ProgressRow).where(*own))).one_or_none()


async def cursor(db: AsyncSession, progress: ProgressRow, start: str | None) -> str | None:
    """Return the cursor behind the last message that was frozen."""
    last = await _message(db, progress.webhook_id, progress.frozen)
    return start if last is None else last.cursor


async def next_message(db: AsyncSession, progress: ProgressRow) -> Message | None:
    """Return what is to be sent next: first what was asked for again."""
    row = RedeliveryRow
    asked = select(row).where(
        row.webhook_id == progress.webhook_id, row.number == progress.redelivery + 1
    )
    again = (await db.scalars(asked)).one_or_none()
    if again is not None:
        position = max(progress.redelivered + 1, again.first)
        return await _to_send(db, progress, position, again.number, is_last=position >= again.last)
    if progress.settled < progress.frozen:
        return await _to_send(db, progress, progress.settled + 1, 0, is_last=False)
    return None


async def anew(db: AsyncSession, me: UUID, progress: ProgressRow, standing: str) -> None:
    """Begin another generation: what was not sent yet is read again, as the account is now."""
    generation = progress.generation + 1
    settled = {"frozen": ProgressRow.settled, "standing": standing, "generation": generation}
    await _move(db, me, progress.webhook_id, **settled)


async def freeze(
    db: AsyncSession, me: UUID, progress: ProgressRow, messages: Sequence[dict[str, Any]]
) -> None:
    """Add messages behind those that there are, all or none."""
    first = progress.frozen + 1
    shared = {"webhook_id": progress.webhook_id, "generation": progress.generation}
    rows = [{**shared, "position": n, **each} for n, each in enumerate(messages, first)]
    same = ProgressRow.frozen == progress.frozen, ProgressRow.generation == progress.generation
    await _move(db, me, progress.webhook_id, *same, frozen=progress.frozen + len(rows))
    await db.execute(insert(MessageRow), rows)


async def record(
    db: AsyncSession, me: UUID, progress: ProgressRow, message: Message, told: dict[str, Any]
) -> None:
    """Add what came of a try, and go on behind a message that was taken or given up."""
    of = {name: getattr(message, name) for name in ("position", "generation", "redelivery")}
    moved: dict[str, Any] = {}
    if told["outcome"] != FAILED and message.redelivery:
        moved = {"redelivered": message.position}
        if message.is_last:
            moved = {"redelivered": 0, "redelivery": message.redelivery}
    elif told["outcome"] != FAILED:
        moved = {"settled": message.position}
    if told["outcome"] == TAKEN:
        moved |= {"failing_since": None}
    same = ProgressRow.settled == progress.settled, ProgressRow.generation == progress.generation
    await _move(db, me, progress.webhook_id, *same, **moved)
    number = message.tried + 1
    row = {"webhook_id": progress.webhook_id, "number": number, **of, **told}
    await db.execute(insert(AttemptRow).values(row))


async def back_off(db: AsyncSession, me: UUID, webhook_id: UUID, seconds: float) -> float:
    """Let go of a webhook that failed; return for how many seconds it has."""
    due = func.clock_timestamp() + timedelta(seconds=seconds)
    since = func.coalesce(ProgressRow.failing_since, func.clock_timestamp())
    await _move(db, me, webhook_id, **_let_go(due), failing_since=since)
    failing = func.extract("epoch", func.clock_timestamp() - ProgressRow.failing_since)
    found = await db.execute(select(failing).where(ProgressRow.webhook_id == webhook_id))
    return float(found.scalar_one())


async def purge(db: AsyncSession, kept: timedelta) -> None:
    """Take the payloads away of deliveries that were taken so long ago, some at a time."""
    await db.execute(_PURGE, {"kept": kept})


class Lost(Exception):
    """The webhook is not held any more, or is not where it was: another process goes on with it."""


def _let_go(due: object) -> dict[str, Any]:
    return {"holder": None, "held_until": None, "due_at": due}


async def _move(
    db: AsyncSession,
    me: UUID,
    webhook_id: UUID,
    *conditions: Any,  # noqa: ANN401 - conditions of SQL
    **values: Any,  # noqa: ANN401 - values of columns
) -> None:
    own = and_(ProgressRow.webhook_id == webhook_id, ProgressRow.holder == me, *conditions)
    # Also where nothing moves: the row is locked, and it is certain that it is held.
    values = values or {"holder": me}
    done = await db.execute(update(ProgressRow).where(own).values(values))
    assert isinstance(done, CursorResult)  # noqa: S101 - narrows for mypy
    if done.rowcount != 1:
        raise Lost


async def _message(db: AsyncSession, webhook_id: UUID, position: int) -> MessageRow | None:
    """Return the message at a position, of the last generation that has one there."""
    row = MessageRow
    there = select(row).where(row.webhook_id == webhook_id, row.position == position)
    return (await db.scalars(there.order_by(row.generation.desc()).limit(1))).one_or_none()


async def _to_send(
    db: AsyncSession, progress: ProgressRow, position: int, redelivery: int, *, is_last: bool
) -> Message:
    found = await _message(db, progress.webhook_id, position)
    assert found is not None  # noqa: S101 - up to `frozen` they are there
    row = AttemptRow
    tries = select(func.count(), func.count().filter(row.redelivery == redelivery)).where(
        row.webhook_id == progress.webhook_id,
        row.position == position,
        row.generation == found.generation,
    )
    tried, failures = (await db.execute(tries)).one()
    return Message(
        position,
        found.generation,
        found.event_id,
        found.standing,
        found.payload,
        tried,
        failures,
        redelivery,
        is_last,
    )
