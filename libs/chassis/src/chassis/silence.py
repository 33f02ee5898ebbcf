"""A service that takes connections and says nothing: its process is stopped, frozen, or hangs.

The kernel takes connections in the name of a stopped process and acknowledges what it is sent, so
that whoever asks waits as long as he has patience. Whether a long answer is being worked at or
nobody is there cannot be told from that connection. So another one is opened to the same address,
with a question that costs nothing; where that is not answered either, all who wait there are told,
and nobody is sent there until it answers again.
"""

import asyncio
import errno
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

_LOOK_SECONDS = 1.0
_OURS = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}


def is_ours(error: OSError) -> bool:
    """Say whether a question could not be put for want of something here, such as files: that tells
    nothing of whoever would have answered it."""
    return error.errno in _OURS


class Waiting(Protocol):
    """A connection on which somebody waits."""

    address: str
    heard_at: float

    def fail(self, why: str) -> None:
        """End it, and tell whoever waits."""
        ...


class Silence:
    """Which addresses of one service are silent; looked at only while somebody waits there."""

    def __init__(self, answers: Callable[[str], Awaitable[bool]], seconds: float) -> None:
        self._answers = answers
        self._seconds = seconds
        self._busy: set[Waiting] = set()
        self._looking: asyncio.Task[None] | None = None
        self.addresses: set[str] = set()
        """Those that did not answer when they were asked last."""

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._busy)

    def began(self, waiting: Waiting) -> None:
        """Somebody waits."""
        self._busy.add(waiting)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def ended(self, waiting: Waiting) -> None:
        """He waits no longer."""
        self._busy.discard(waiting)

    def close(self) -> None:
        """Look no more."""
        if self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        while self._busy or self.addresses:
            await asyncio.sleep(_LOOK_SECONDS)
            doubted = {each.address for each in self._quiet()} | self.addresses
            await asyncio.gather(*map(self._ask, doubted))

    def _quiet(self) -> list[Waiting]:
        since = time.monotonic() - self._seconds
        return [each for each in self._busy if each.heard_at < since]

    async def _ask(self, address: str) -> None:
        if await self._answers(address):
            self.addresses.discard(address)
            return
        self.addresses.add(address)
        for each in self._quiet():
            if each.address == address:
                each.fail("silent")
                self.ended(each)
