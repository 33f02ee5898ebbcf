"""Works at a webhook: what is next is frozen, sent, and written down, one message after the other.

Whatever it is killed at, what was frozen is sent and what was written down moves on; what was sent
and not written down is sent once more, under the same id.
"""

import asyncio
import math
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Protocol

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import journal, logs, problems
from chassis.db import unavailable
from chassis.refusals import Refusal, Unavailable
from gateway.bounded_cache import BoundedCache
from gateway.feed import CursorNotUnderstood, EventsTakenBack
from gateway.rules import destinations
from gateway.rules import webhooks as rules
from gateway.sealed import Sealer
from gateway.sessions import by_gateway
from gateway.settings import Settings
from gateway.webhooks import deliveries, hosts, queue, signing, store
from gateway.webhooks.courier import Answer
from gateway.webhooks.hearing import Hearer, Hearing
from gateway.webhooks.queue import FAILED, GIVEN_UP, TAKEN, Lost, Message
from gateway.webhooks.store import KeptWebhook
from gateway.webhooks.tables import ProgressRow

_TURN = 3.0
IDLE = 30.0
"""Seconds after which a webhook is looked at again for which nothing has happened."""
_SOON = 2.0
_AHEAD = 50
_GONE = 410
_TESTED = 10_000


class Carrier(Protocol):
    """Carries one message to a receiver."""

    async def send(
        self, to: destinations.Destination, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Send a message and say what came of it."""
        ...


class Worker:
    """Works at one webhook at a time: freezes what comes next, sends it, writes down what came of
    it, always as the process `me`."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        hearing: Hearing,
        courier: Carrier,
        sealer: Sealer,
        settings: Settings,
        draw: Callable[[], float],
    ) -> None:
        self.me = uuid.uuid4()
        self._tested: BoundedCache[uuid.UUID, float] = BoundedCache(_TESTED)
        self.courier = courier
        self._sessions = sessions
        self.hearing = hearing
        self._sealer = sealer
        self.settings = settings
        self._draw = draw
        self.beats = 0
        # Requests find connections too, however much there is to send.
        self._room = asyncio.Semaphore(max(1, settings.pool_size // 2))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Give a session that commits, once one of the connections is free that it may take."""
        async with self._room, self._sessions.begin() as db:
            yield db

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncSession]:
        async with self._room, self._sessions() as db:
            yield db

    async def turn(self, webhook_id: uuid.UUID) -> None:
        """Work at a webhook for a while; then it is another's turn."""
        until = time.monotonic() + _TURN
        heard = _Heard(self.hearing, self.settings.account_seconds)
        try:
            while time.monotonic() < until:
                if not await self._step(webhook_id, heard):
                    return
            await self._release(webhook_id, 0.0)
        except Lost:
            logs.say("webhook-lost", reason="held by another process")
        except asyncio.CancelledError:
            with suppress(Exception):
                await asyncio.shield(self._release(webhook_id, 0.0))
            raise
        except Exception as error:  # another webhook, or the next try, may fare better
            self.say(error)
            with suppress(Exception):
                await self._release(webhook_id, _SOON)

    async def _step(self, webhook_id: uuid.UUID, heard: "_Heard") -> bool:
        """Do one thing for a webhook; say whether there may be more to do at once."""
        async with self._reading() as db:
            progress = await queue.held(db, self.me, webhook_id)
            kept = await store.webhook(db, webhook_id)
            if progress is None or kept is None:
                raise Lost
            message = await queue.next_message(db, progress)
        if kept.state != rules.ACTIVE:
            return await self._release(webhook_id, IDLE)
        hearer = await heard.now(kept.subject)
        if hearer is None:
            return await self._release(webhook_id, IDLE)
        if progress.standing != hearer.standing:
            async with self.transaction() as db:
                await queue.anew(db, self.me, progress, hearer.standing)
            return True
        if message is None:
            return await self._freeze(kept, progress, hearer)
        return await self._send(kept, progress, message)

    async def _freeze(self, kept: KeptWebhook, progress: ProgressRow, hearer: Hearer) -> bool:
        """Freeze the next events, or wait until something happens."""
        seen = self.beats
        async with self._reading() as db:
            cursor = await queue.cursor(db, progress, kept.start)
        try:
            page = await self.hearing.read(hearer, kept, cursor, _AHEAD)
        except (EventsTakenBack, CursorNotUnderstood) as refusal:
            return await self._disable(kept, problems.slug(type(refusal)))
        except Unavailable:
            return await self._release(kept.webhook_id, _SOON)
        if not page.happened:
            is_idle = not page.silent and seen == self.beats
            seconds = IDLE if is_idle else self.settings.webhook_seconds_between
            await self._release(kept.webhook_id, seconds, is_idle=is_idle)
            if seen != self.beats:  # who looked meanwhile did not find it idle yet
                async with self.transaction() as db:
                    await store.due(db, kept.webhook_id)
            return False
        frozen = [
            {
                "event_id": each.event["id"],
                "event_type": each.event["type"],
                "standing": hearer.standing,
                "cursor": each.cursor,
                "payload": self._sealer.seal(
                    orjson.dumps(each.event), _about(kept.webhook_id, each.event["id"])
                ),
            }
            for each in page.happened
        ]
        async with self.transaction() as db:
            await queue.freeze(db, self.me, progress, frozen)
        return True

    async def _send(self, kept: KeptWebhook, progress: ProgressRow, message: Message) -> bool:
        """Send a message and write down what came of it."""
        if message.standing != progress.standing:
            return await self._record(kept, progress, message, Answer(0), GIVEN_UP, "other-rights")
        sealed = message.payload
        about = _about(kept.webhook_id, message.event_id)
        body = None if sealed is None else self._sealer.open(sealed, about)
        if body is None:
            return await self._without_payload(kept, progress, message)
        answer = await self.try_once(kept, message.event_id, message.position, body)
        if answer.is_taken:
            return await self._record(kept, progress, message, answer, TAKEN)
        pause = rules.pause_after(
            message.failures + 1,
            self._draw(),
            first=self.settings.webhook_first_pause,
            most=self.settings.webhook_tries,
            wait=answer.wait,
        )
        if pause is None:
            return await self._record(kept, progress, message, answer, GIVEN_UP)
        return await self._failed(kept, progress, message, answer, pause)

    async def standing_of(self, kept: KeptWebhook) -> str | None:
        """Return what a webhook's account is now, None where nobody may act by it."""
        hearer = await self.hearing.hearer(kept.subject)
        return None if hearer is None else hearer.standing

    def note_test(self, webhook_id: uuid.UUID) -> None:
        """Note that this process tests a webhook now."""
        self._tested.keep(webhook_id, time.monotonic())

    def was_tested(self, webhook_id: uuid.UUID) -> bool:
        """Say whether this process has tested a webhook in the last seconds."""
        at = self._tested.get(webhook_id)
        return at is not None and time.monotonic() - at < deliveries.TEST_PAUSE.total_seconds()

    async def try_once(self, kept: KeptWebhook, name: str, position: int, body: bytes) -> Answer:
        """Send a body under a name, signed with the secrets that sign now, if it may be sent."""
        to = destinations.read(kept.url, "/url", plain=self.settings.webhook_plain_http)
        if not isinstance(to, destinations.Destination):
            return Answer(0, reason="host-not-approved")
        async with self._reading() as db:
            is_approved = await hosts.is_approved(db, kept.subject, to.host, to.port)
            secrets = (await store.secrets_of(db, [kept.webhook_id]))[kept.webhook_id]
        if not is_approved:
            return Answer(0, reason="host-not-approved")
        keys = store.opened(self._sealer, secrets)
        if not keys:
            return Answer(0, reason="secret-lost")
        headers = signing.headers(keys, name, position, int(time.time()), body)
        return await self.courier.send(to, headers, body)

    async def _without_payload(
        self, kept: KeptWebhook, progress: ProgressRow, message: Message
    ) -> bool:
        """Read again what cannot be opened any more; what was delivered once is given up."""
        if message.redelivery:
            gone = "payload-not-kept"
            return await self._record(kept, progress, message, Answer(0), GIVEN_UP, gone)
        async with self.transaction() as db:
            await queue.anew(db, self.me, progress, message.standing)
        return True

    async def _record(
        self,
        kept: KeptWebhook,
        progress: ProgressRow,
        message: Message,
        answer: Answer,
        outcome: str,
        reason: str | None = None,
    ) -> bool:
        async with self.transaction() as db:
            told = _told(answer, outcome, reason)
            await queue.record(db, self.me, progress, message, told)
        return True

    async def _failed(
        self,
        kept: KeptWebhook,
        progress: ProgressRow,
        message: Message,
        answer: Answer,
        seconds: float,
    ) -> bool:
        """Write down a failure and wait; disable what has failed for too long, or is gone."""
        async with self.transaction() as db:
            told = _told(answer, FAILED)
            await queue.record(db, self.me, progress, message, told)
            failing = await queue.back_off(db, self.me, kept.webhook_id, seconds)
            if answer.status == _GONE:
                await self._disabled(db, kept, "gone")
            elif failing > self.settings.webhook_disabled_after:
                await self._disabled(db, kept, "failing")
        return False

    async def _disable(self, kept: KeptWebhook, reason: str) -> bool:
        async with self.transaction() as db:
            await queue.release(db, self.me, kept.webhook_id, 0.0)
            await self._disabled(db, kept, reason)
        return False

    async def _disabled(self, db: AsyncSession, kept: KeptWebhook, reason: str) -> None:
        """Disable a webhook, unless somebody has just stopped it."""
        now = await store.webhook(db, kept.webhook_id)
        if now is None or now.state != rules.ACTIVE:
            return
        await store.step(db, now, rules.DISABLED, "gateway", reason)
        about = {"webhook_id": str(kept.webhook_id), "subject": kept.subject}
        body: dict[str, Any] = about | {"host": store.host_of(kept.url), "why": reason}
        event = "gateway.webhook-disabled"
        by = by_gateway(kept.subject)
        await journal.record(db, chain="accounts", caller=by, event=event, body=body)

    async def _release(
        self, webhook_id: uuid.UUID, seconds: float, *, is_idle: bool = False
    ) -> bool:
        async with self.transaction() as db:
            await queue.release(db, self.me, webhook_id, seconds, is_idle=is_idle)
        return False

    def say(self, error: Exception) -> None:
        """Write to the log what went wrong: what passes by itself in a word."""
        if unavailable(error) is None and not isinstance(error, Refusal):
            logs.crash(error)
        else:
            logs.say("webhooks-wait", reason=type(error).__name__)


class _Heard:
    """The account of a webhook as it is, read again after as many seconds as a token of it may hold
    when it has changed."""

    def __init__(self, hearing: Hearing, seconds: float) -> None:
        self._hearing = hearing
        self._seconds = seconds
        self._read_at = -math.inf
        self._hearer: Hearer | None = None

    async def now(self, subject: str) -> Hearer | None:
        """Return the account."""
        now = time.monotonic()
        if now - self._read_at >= self._seconds:
            self._hearer, self._read_at = await self._hearing.hearer(subject), now
        return self._hearer


def _told(answer: Answer, outcome: str, reason: str | None = None) -> dict[str, Any]:
    told = {"outcome": outcome, "status": answer.status, "milliseconds": answer.milliseconds}
    return told | {"reason": reason or answer.reason}


def _about(webhook_id: uuid.UUID, event_id: str) -> bytes:
    return f"payload {webhook_id} {event_id}".encode()
