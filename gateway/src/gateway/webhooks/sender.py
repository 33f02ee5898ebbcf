"""Sends what webhooks wait for: each in its order, at least once, and none held up by another.

A process takes webhooks that are due, some at a time, and works at each in turns: it freezes the
next events, sends the first, writes down what came of it, and goes on. Whatever it is killed at,
what was frozen is sent and what was written down moves on; what was sent and not written down is
sent once more, under the same id.
"""

import asyncio
import math
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol

import orjson
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import journal, logs, problems
from chassis.db import unavailable
from chassis.identity import Caller
from chassis.refusals import Refusal, Unavailable
from gateway.feed import CursorNotUnderstood, EventsTakenBack, Pulse, TooManyWaiting
from gateway.rules import destinations
from gateway.rules import webhooks as rules
from gateway.rules.limits import TooManyRequests
from gateway.sealed import Sealer
from gateway.settings import Settings
from gateway.webhooks import hosts, queue, signing, store
from gateway.webhooks.courier import Answer
from gateway.webhooks.hearing import Hearer, Hearing
from gateway.webhooks.queue import FAILED, GIVEN_UP, TAKEN, Lost, Message
from gateway.webhooks.store import KeptWebhook
from gateway.webhooks.tables import ProgressRow

_TURN = 3.0
_IDLE = 30.0
_SOON = 2.0
_AHEAD = 50
_GONE = 410
_PURGED_EVERY = 60.0
_LEAVE = 2.0
_GATEWAY = Caller("gateway", frozenset(), None, "gateway")


class Carrier(Protocol):
    """Carries one message to a receiver."""

    async def send(
        self, to: destinations.Destination, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Send a message and say what came of it."""
        ...


class Sender:
    """Works at the webhooks that are due, beside other processes that do the same."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        hearing: Hearing,
        courier: Carrier,
        pulse: Pulse,
        sealer: Sealer,
        settings: Settings,
        draw: Callable[[], float],
    ) -> None:
        self.me = uuid.uuid4()
        self.courier = courier
        self._sessions = sessions
        self.hearing = hearing
        self._pulse = pulse
        self._sealer = sealer
        self.settings = settings
        self._draw = draw
        self._tasks = dict[uuid.UUID, asyncio.Task[None]]()
        self._beats = 0
        self._is_used = False
        self._purged_at = time.monotonic()

    async def run(self) -> None:
        """Work until it is cancelled; what is under way then is given a moment."""
        try:
            while True:
                try:
                    await self._for_a_while()
                except Exception as error:  # whatever it is, others wait to be sent
                    self._say(error)
                    await asyncio.sleep(self.settings.webhook_seconds_between)
        finally:
            await self.leave()

    async def _for_a_while(self) -> None:
        """Look for what is due; once there is a webhook at all, feel whether something happens."""
        if not self._is_used:
            return await self._looking(lambda: self._beats)
        try:
            async with self._pulse.felt(f"webhooks {self.me}", _IDLE) as beat:
                self._beats = -1  # what happened while nobody felt for it is looked for now
                await self._looking(beat.total)
            self._is_used = False  # the next look says whether it still is
        except (TooManyWaiting, TooManyRequests):  # what is due is due without it too
            await self._looking(lambda: self._beats)

    async def _looking(self, beats: Callable[[], int]) -> None:
        until, was_used = time.monotonic() + _IDLE, self._is_used
        while time.monotonic() < until and self._is_used == was_used:
            now = beats()
            is_woken, self._beats = now != self._beats, now
            await self.look(is_woken=is_woken)
            await asyncio.sleep(self.settings.webhook_seconds_between)

    async def look(self, *, is_woken: bool = False) -> None:
        """Begin to work at what is due, and hold on to what is being worked at."""
        async with self._sessions.begin() as db:
            held, busy = self.settings.webhook_held_seconds, [*self._tasks]
            if busy:
                await queue.hold(db, self.me, held, busy)
            free = self.settings.webhooks_at_once - len(busy)
            self._is_used = self._is_used or await store.is_any_active(db)
            claimed = await queue.claim(db, self.me, held, busy, free, is_woken)
        for webhook_id in claimed:
            task = asyncio.create_task(self._turn(webhook_id), name=str(webhook_id))
            self._tasks[webhook_id] = task
            task.add_done_callback(self._over)
        if time.monotonic() - self._purged_at > _PURGED_EVERY:
            self._purged_at = time.monotonic()
            await self.purge()

    @property
    def is_busy(self) -> bool:
        """Whether it is working at a webhook."""
        return bool(self._tasks)

    def _over(self, task: asyncio.Task[None]) -> None:
        del self._tasks[uuid.UUID(task.get_name())]

    async def purge(self) -> None:
        """Take the payloads away that were kept for long enough."""
        async with self._sessions.begin() as db:
            await queue.purge(db, timedelta(days=self.settings.webhook_payload_days))

    async def leave(self) -> None:
        """Give what is under way a moment, and let go of it."""
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_LEAVE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _turn(self, webhook_id: uuid.UUID) -> None:
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
            self._say(error)
            with suppress(Exception):
                await self._release(webhook_id, _SOON)

    async def _step(self, webhook_id: uuid.UUID, heard: "_Heard") -> bool:
        """Do one thing for a webhook; say whether there may be more to do at once."""
        async with self._sessions() as db:
            progress = await queue.held(db, self.me, webhook_id)
            kept = await store.webhook(db, webhook_id)
            if progress is None or kept is None:
                raise Lost
            message = await queue.next_message(db, progress)
        if kept.state != rules.ACTIVE:
            return await self._release(webhook_id, _IDLE)
        hearer = await heard.now(kept.subject)
        if hearer is None:
            return await self._release(webhook_id, _IDLE)
        if progress.standing != hearer.standing:
            async with self._sessions.begin() as db:
                await queue.anew(db, self.me, progress, hearer.standing)
            return True
        if message is None:
            return await self._freeze(kept, progress, hearer)
        return await self._send(kept, progress, message)

    async def _freeze(self, kept: KeptWebhook, progress: ProgressRow, hearer: Hearer) -> bool:
        """Freeze the next events, or wait until something happens."""
        seen = self._beats
        async with self._sessions() as db:
            cursor = await queue.cursor(db, progress, kept.start)
        try:
            page = await self.hearing.read(hearer, kept, cursor, _AHEAD)
        except (EventsTakenBack, CursorNotUnderstood) as refusal:
            return await self._disable(kept, problems.slug(type(refusal)))
        except Unavailable:
            return await self._release(kept.webhook_id, _SOON)
        if not page.happened:
            is_idle = not page.silent and seen == self._beats
            seconds = _IDLE if is_idle else self.settings.webhook_seconds_between
            return await self._release(kept.webhook_id, seconds, is_idle=is_idle)
        frozen = [
            {
                "event_id": each.event["id"],
                "event_type": each.event["type"],
                "standing": hearer.standing,
                "cursor": each.cursor,
                "payload": self._sealer.seal(orjson.dumps(each.event), _about(kept.webhook_id)),
            }
            for each in page.happened
        ]
        async with self._sessions.begin() as db:
            await queue.freeze(db, self.me, progress, frozen)
        return True

    async def _send(self, kept: KeptWebhook, progress: ProgressRow, message: Message) -> bool:
        """Send a message and write down what came of it."""
        if message.standing != progress.standing:
            return await self._record(kept, progress, message, Answer(0), GIVEN_UP, "other-rights")
        sealed = message.payload
        body = None if sealed is None else self._sealer.open(sealed, _about(kept.webhook_id))
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
        )
        if pause is None:
            return await self._record(kept, progress, message, answer, GIVEN_UP)
        seconds = max(pause, answer.wait)
        return await self._failed(kept, progress, message, answer, seconds)

    async def standing_of(self, kept: KeptWebhook) -> str | None:
        """Return what a webhook's account is now, None where nobody may act by it."""
        hearer = await self.hearing.hearer(kept.subject)
        return None if hearer is None else hearer.standing

    async def try_once(self, kept: KeptWebhook, name: str, position: int, body: bytes) -> Answer:
        """Send a body under a name, signed with the secrets that sign now, if it may be sent."""
        to = destinations.read(kept.url, "/url", plain=self.settings.webhook_plain_http)
        if not isinstance(to, destinations.Destination):
            return Answer(0, reason="host-not-approved")
        async with self._sessions() as db:
            is_approved = await hosts.is_approved(db, to.host, to.port)
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
        async with self._sessions.begin() as db:
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
        async with self._sessions.begin() as db:
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
        async with self._sessions.begin() as db:
            told = _told(answer, FAILED)
            await queue.record(db, self.me, progress, message, told)
            failing = await queue.back_off(db, self.me, kept.webhook_id, seconds)
            if answer.status == _GONE:
                await self._disabled(db, kept, "gone")
            elif failing > self.settings.webhook_disabled_after:
                await self._disabled(db, kept, "failing")
        return False

    async def _disable(self, kept: KeptWebhook, reason: str) -> bool:
        async with self._sessions.begin() as db:
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
        await journal.record(db, chain="accounts", caller=_GATEWAY, event=event, body=body)

    async def _release(
        self, webhook_id: uuid.UUID, seconds: float, *, is_idle: bool = False
    ) -> bool:
        async with self._sessions.begin() as db:
            await queue.release(db, self.me, webhook_id, seconds, is_idle=is_idle)
        return False

    def _say(self, error: Exception) -> None:
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


def _about(webhook_id: uuid.UUID) -> bytes:
    return f"payload {webhook_id}".encode()
