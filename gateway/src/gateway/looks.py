"""What the gateway looks at besides what every service does: the parts, webhooks, checkpoints."""

import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from chassis import checkpoints, metrics
from chassis.db import one_row
from chassis.looks import LAST_SUCCESS
from chassis.watching import Look
from gateway.carriers import Carrier, ForwardedRequest, UpstreamDown
from gateway.documents import SERVICES

_PATIENCE = 1.5

# Told from the start, so that the first one of them is one more than before.
for each in ("service-busy", "took-too-long", "sign-in-failed"):
    metrics.REFUSALS.labels(each)

PART_UP = metrics.gauge("part_up", "Whether a part says that it can do its work.", "part")
WEBHOOKS = metrics.gauge("webhooks", "Webhooks by how they stand.", "state")
WAITING = metrics.gauge("webhook_messages_waiting", "Messages that no receiver has taken yet.")
OLDEST = metrics.gauge("webhook_oldest_waiting_seconds", "For how long the oldest of them waits.")
MISSING = metrics.gauge("checkpoint_missing_parts", "Parts that the newest checkpoint lacks.")

_QUESTION = """
    SELECT count(*) FILTER (WHERE w.state = 'active' AND p.failing_since IS NULL),
      count(*) FILTER (WHERE w.state = 'active' AND p.failing_since IS NOT NULL),
      count(*) FILTER (WHERE w.state = 'paused'),
      count(*) FILTER (WHERE w.state = 'disabled'),
      coalesce(sum(p.frozen - p.settled) FILTER (WHERE w.state = 'active'), 0)::bigint,
      coalesce(extract(epoch FROM clock_timestamp() - min(m.frozen_at)
        FILTER (WHERE w.state = 'active')), 0)::float8
    FROM webhook_present w JOIN webhook_progress p ON p.webhook_id = w.webhook_id
    LEFT JOIN webhook_message m ON m.webhook_id = p.webhook_id AND m.position = p.settled + 1
      AND m.generation = p.generation
    """
_STATES = ("delivering", "failing", "paused", "disabled")


def parts(carrier: Carrier) -> Look:
    """Return the look at the services, each asked whether it is ready."""

    async def one(part: str) -> None:
        order = ForwardedRequest(part, "GET", "/health/ready", [], None)
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await carrier.carry(order)
                await answer.read()
                await answer.close()
            PART_UP.labels(part).set(answer.status == 204)
        except (UpstreamDown, TimeoutError):
            PART_UP.labels(part).set(0)

    async def look() -> None:
        await asyncio.gather(*map(one, SERVICES))

    return look


def webhooks(engine: AsyncEngine) -> Look:
    """Return the look at how webhooks stand, and what waits to be taken."""

    async def look() -> None:
        *numbers, waiting, oldest = await one_row(engine, _QUESTION)
        for state, number in zip(_STATES, numbers, strict=True):
            WEBHOOKS.labels(state).set(number)
        WAITING.set(waiting)
        OLDEST.set(oldest)

    return look


def newest_checkpoint(folder: Path) -> Look:
    """Return the look at when the newest checkpoint was made, and of whom it tells nothing."""

    def read() -> None:
        LAST_SUCCESS.labels("checkpoint").set(0)
        for path in sorted(folder.glob("*.jws"), reverse=True):
            made = checkpoints.stated(path.read_text("utf-8"))
            if made.kind == "checkpoint":
                LAST_SUCCESS.labels("checkpoint").set(made.made_at.timestamp())
                MISSING.set(len(made.missing))
                return

    async def look() -> None:
        await asyncio.to_thread(read)

    return look
