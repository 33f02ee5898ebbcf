"""What the gateway's processes tell one another, so that limits hold for all of them together.

Each process has one row in the gateway's database, with what it counted in the last half minute.
About once a second it writes what is new, and reads the rows of the others; in front of each secret
that is compared it does so at once. One row for each process and not for each caller: whoever makes
up names fills nothing. docs/decisions/0029 says how far a limit may be exceeded in between.
"""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis import logs
from chassis.db import unavailable
from gateway.bounded_cache import BoundedCache
from gateway.tables import RecentUseRow

EVERY = 1.0
"""Seconds between two exchanges."""
KEPT = 30.0
"""Seconds for which what was told can be read; a process that does nothing for longer is ended."""
_MOST_KEPT = 5_000
_MOST_PROCESSES = 1_000

# Nobody may delete a row: the one of a process that is gone is taken by the next that begins.
_TAKE_OVER = text(
    "UPDATE recent_use SET process = :me WHERE process = ("
    " SELECT process FROM recent_use WHERE at < clock_timestamp() - interval '1 minute'"
    " ORDER BY at LIMIT 1 FOR UPDATE SKIP LOCKED)"
    # Not where it has one: it told nothing for a while, and its row says so.
    " AND NOT EXISTS (SELECT 1 FROM recent_use WHERE process = :me)"
)

Told = list[Any]
"""One thing that was counted, as plain JSON; its first item says by whom it is to be counted."""


class Counter(Protocol):
    """Counts something for itself, and what the other processes have counted of it."""

    KIND: str

    def untold(self) -> Iterable[Told]:
        """Return what the others are to count as well, once."""
        ...

    def count(self, told: Told, now: float) -> None:
        """Count what another process has counted."""
        ...


class Neighbours:
    """Exchanges what some counters counted with the other processes of the gateway.

    Each process numbers what it tells, and remembers how far it has read every other.
    """

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        counters: Iterable[Counter],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # No transaction around a single statement: each would cost two round trips more.
        bind = sessions.kw["bind"].execution_options(isolation_level="AUTOCOMMIT")
        self._sessions = async_sessionmaker(bind)
        self._counters = {counter.KIND: counter for counter in counters}
        self._clock = clock
        self._me = uuid.uuid4()
        self._told: deque[tuple[float, int, Told]] = deque(maxlen=_MOST_KEPT)
        self._number = 0
        self._written = 0
        self._has_row = False
        self._read: BoundedCache[uuid.UUID, int] = BoundedCache(_MOST_PROCESSES)
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Exchange once a second, for ever; a database that does not answer is asked again."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.exchange()
            except Exception as error:  # whatever it is, what is counted here goes on to count
                logs.say("not-told", reason=type(error).__name__)

    async def exchange(self) -> None:
        """Tell what was counted before this call, then read what the others told.

        In this order, and one after the other: of two processes that count at the same moment at
        least the later one learns of both. Those who call at once share one exchange.
        """
        now, before = self._clock(), self._number
        for counter in self._counters.values():
            for told in counter.untold():
                self._number += 1
                self._told.append((now, self._number, told))
        ours = self._number
        async with self._lock:
            if before < ours <= self._written:
                return  # who had the lock before us told it, and has read since
            try:
                await self._write()
                await self._learn()
            except Exception as error:
                raise unavailable(error) or error from error

    async def _write(self) -> None:
        now, number = self._clock(), self._number
        while self._told and now - self._told[0][0] > KEPT:
            self._told.popleft()
        if number == self._written and (self._told or not self._has_row):
            return
        told = [[each, *what] for _, each, what in self._told]
        values = {"at": text("clock_timestamp()"), "told": told}
        ours = insert(RecentUseRow).values(process=self._me, **values)
        ours = ours.on_conflict_do_update(index_elements=["process"], set_=values)
        async with self._sessions() as db:
            if not self._has_row:
                await db.execute(_TAKE_OVER, {"me": self._me})
            await db.execute(ours)
        self._written, self._has_row = number, bool(told)

    async def _learn(self) -> None:
        recent = text(f"at > clock_timestamp() - interval '{KEPT:g} s'")
        others = select(RecentUseRow.process, RecentUseRow.told).where(
            RecentUseRow.process != self._me, recent
        )
        async with self._sessions() as db:
            rows = (await db.execute(others)).all()
        now = self._clock()
        for process, told in rows:
            read = self._read.get(process) or 0
            for number, kind, *rest in told:
                if number > read:
                    self._counters[kind].count([kind, *rest], now)
            self._read.keep(process, max([read, *(number for number, *_ in told)]))
