"""Sends what webhooks wait for: each in its order, at least once, and none held up by another.

A process takes webhooks that are due, some at a time, and works at each in turns. What it holds it
says again each second that it does; what nobody holds any more is taken by the next.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.refusals import TooManyRequests
from gateway.feed import Pulse, TooManyWaiting
from gateway.sealed import Sealer
from gateway.settings import Settings
from gateway.webhooks import queue, store
from gateway.webhooks.hearing import Hearing
from gateway.webhooks.worker import IDLE, Carrier, Worker

_PURGED_EVERY = 60.0
_LEAVE = 2.0


class Sender(Worker):
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
        super().__init__(sessions, hearing, courier, sealer, settings, draw)
        self._pulse = pulse
        self._tasks = dict[uuid.UUID, asyncio.Task[None]]()
        self._is_used = False
        self._purged_at = time.monotonic()

    async def run(self) -> None:
        """Work until it is cancelled; what is under way then is given a moment."""
        try:
            while True:
                try:
                    await self._for_a_while()
                except Exception as error:  # whatever it is, others wait to be sent
                    self.say(error)
                    await asyncio.sleep(self.settings.webhook_seconds_between)
        finally:
            await self.leave()

    async def _for_a_while(self) -> None:
        """Look for what is due; once there is a webhook at all, feel whether something happens."""
        if not self._is_used:
            return await self._looking(lambda: self.beats)
        try:
            async with self._pulse.felt(f"webhooks {self.me}", IDLE) as beat:
                self.beats = -1  # what happened while nobody felt for it is looked for now
                await self._looking(beat.total)
            self._is_used = False  # the next look says whether it still is
        except (TooManyWaiting, TooManyRequests):  # what is due is due without it too
            await self._looking(lambda: self.beats)

    async def _looking(self, beats: Callable[[], int]) -> None:
        until, was_used = time.monotonic() + IDLE, self._is_used
        while time.monotonic() < until and self._is_used == was_used:
            now = beats()
            is_woken, self.beats = now != self.beats, now
            await self.look(is_woken=is_woken)
            await asyncio.sleep(self.settings.webhook_seconds_between)

    async def look(self, *, is_woken: bool = False) -> None:
        """Begin to work at what is due, and hold on to what is being worked at."""
        async with self.transaction() as db:
            held, busy = self.settings.webhook_held_seconds, [*self._tasks]
            if busy:
                await queue.hold(db, self.me, held, busy)
            free = self.settings.webhooks_at_once - len(busy)
            self._is_used = self._is_used or await store.is_any_active(db)
            claimed = await queue.claim(db, self.me, held, busy, free, is_woken)
        for webhook_id in claimed:
            task = asyncio.create_task(self.turn(webhook_id), name=str(webhook_id))
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
        async with self.transaction() as db:
            await queue.purge(db, timedelta(days=self.settings.webhook_payload_days))

    async def leave(self) -> None:
        """Give what is under way a moment, and let go of it."""
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_LEAVE)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
