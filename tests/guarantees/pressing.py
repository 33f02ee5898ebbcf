"""Commands and reads at a pace, each sent once more where it fails, whatever happens meanwhile."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import NamedTuple

import aiohttp
import httpx
from tests.system.test_events_through_kills import SECRET, SOURCE, UNITS, Place

from service_testing import trials

WRITES = trials(4, 50)
"""How many commands begin in each second, and twice as many reads."""

TOO_MUCH = '"service-busy"', '"database-unavailable"', "failed: 503.", "failed: ReadTimeout."
"""What is said where there is more to do than the machine can, and not where a process has gone: by
the door, by who found no connection to the database, by who read through such a door."""

Asking = Callable[[], AbstractAsyncContextManager[aiohttp.ClientResponse]]


class Failure(NamedTuple):
    """A request that was not answered as it should be when it was sent for the first time."""

    what: str
    status: int
    """0 where the connection ended."""
    said: str


class Pressure:
    """Commands and reads at a pace, each sent once more where it fails."""

    def __init__(
        self,
        place: Place,
        source: aiohttp.ClientSession,
        office: aiohttp.ClientSession,
        first: str,
    ) -> None:
        self._first = first
        self.path, self.source, self.office = f"/api/v1{place.path}/ledger-entries", source, office
        self.acknowledged = list[str]()
        self.reads = 0
        self.failed = list[Failure]()
        self.lost = list[Failure]()
        self._over = False
        self._names = itertools.count()

    async def write(self) -> None:
        name = f"{self._first}{next(self._names)}"
        entry = {
            "unit": UNITS[int(name[len(self._first) :]) % len(UNITS)],
            "indicator": "PIECE",
            "value": "1",
        }
        entry |= {"kind": "measured_value", "key": "count", "item": name}
        body = {"entries": [entry], "state": "submitted"}
        key = {"Idempotency-Key": f"pressing-{name}"}
        ask = lambda: self.source.post(self.path, json=body, headers=key)  # noqa: E731
        if await self._twice("write", 201, ask):
            self.acknowledged.append(name)

    async def read(self, limit: int) -> None:
        query = {"limit": limit}
        if await self._twice("read", 200, lambda: self.office.get(self.path, params=query)):
            self.reads += 1

    async def _twice(self, what: str, wanted: int, ask: Asking) -> bool:
        """Ask, and once more a second later: within it what was at work is done, or undone."""
        for failures in (self.failed, self.lost):
            answer = await _asked(ask)
            if answer.status == wanted:
                return True
            failures.append(Failure(what, answer.status, answer.said[:200]))
            await asyncio.sleep(1)
        return False

    async def go_on(self) -> None:
        """Begin commands and reads until it is over, and wait for what has begun."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as asking:
            for begun in itertools.count():
                if self._over:
                    return
                await asyncio.sleep(max(0, began + begun / WRITES - time.monotonic()))
                asking.create_task(self.write())
                for n in range(2):
                    asking.create_task(self.read(20 + (begun + n) % 30))

    def end(self) -> None:
        self._over = True


class Answer(NamedTuple):
    """What came of a request, and after how many seconds it may be sent again."""

    status: int
    said: str
    wait: float


async def _asked(ask: Asking) -> Answer:
    """Ask until there is a place: whoever finds none is told when to come back."""
    while True:
        answer = await _once(ask)
        if answer.status != 503 or not any(each in answer.said for each in TOO_MUCH):
            return answer
        await asyncio.sleep(answer.wait)


async def _once(ask: Asking) -> Answer:
    try:
        async with ask() as found:
            wait = float(found.headers.get("retry-after", 1))
            return Answer(found.status, await found.text(), wait)
    except (aiohttp.ClientError, TimeoutError) as error:
        return Answer(0, type(error).__name__, 1)


@asynccontextmanager
async def pressed(place: Place, first: str = "T") -> AsyncIterator[Pressure]:
    """Press a system until the end of the block; names of what is written begin with a letter."""
    async with AsyncExitStack() as stack:
        clients = []
        for who in (SOURCE, "office"):
            form = {"grant_type": "password", "username": who, "password": SECRET}
            url = place.installation.url
            async with httpx.AsyncClient(base_url=url, trust_env=False) as door:
                token = (await door.post("/oauth/token", data=form)).json()
            client = aiohttp.ClientSession(
                url,
                headers={
                    "Authorization": f"Bearer {token['access_token']}",
                    "Accept-Language": "en",
                },
                connector=aiohttp.TCPConnector(limit=600),
                timeout=aiohttp.ClientTimeout(30),
            )
            clients.append(await stack.enter_async_context(client))
        pressure = Pressure(place, *clients, first)
        pressing = asyncio.create_task(pressure.go_on())
        try:
            yield pressure
        finally:
            pressure.end()
            await pressing


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)
