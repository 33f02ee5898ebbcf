"""Fifty commands and a hundred questions a second, each answered, and each command stored once."""

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import aiohttp
import httpx
import pytest
from tests.system.harness import in_five_processes
from tests.system.test_events_through_kills import SECRET, SOURCE, UNITS, Place

from service_testing import trials
from service_testing.figures import FIGURES_FILE

WRITES = 50
"""How many commands begin in each second, and twice as many questions, whether or not the earlier
ones are answered."""
LIGHT = 5
"""The same, where it goes on for two hours."""

MORE = 60
"""Megabytes that five processes may hold more after two hours than after twenty minutes; a request
that left a kilobyte behind would come to as much."""
SPIKE = 600
"""How many commands begin at one moment before that: more than there are places."""


class Answer(NamedTuple):
    """What came of a request."""

    status: int
    text: str


Asking = AbstractAsyncContextManager[aiohttp.ClientResponse]


class Load:
    """What is asked of a system, and how long each answer took, in seconds."""

    def __init__(
        self, place: Place, source: aiohttp.ClientSession, office: aiohttp.ClientSession
    ) -> None:
        self.path, self.source, self.office = f"/api/v1{place.path}/ledger-entries", source, office
        self.acknowledged: list[str] = []
        self.writes: list[float] = []
        self.reads: list[float] = []
        self.refused = 0
        self.warm = Held(0, 0)

    async def write(self, n: int) -> None:
        entry = {"unit": UNITS[n % len(UNITS)], "indicator": "PIECE", "value": "1"}
        entry |= {"kind": "measured_value", "key": "count", "item": f"L{n}"}
        body, headers = (
            {"entries": [entry], "state": "submitted"},
            {"Idempotency-Key": f"load-{n:08}"},
        )
        began = time.monotonic()
        answer = await self.asked(lambda: self.source.post(self.path, json=body, headers=headers))
        self.writes.append(time.monotonic() - began)
        assert answer.status == 201, answer.text
        self.acknowledged.append(f"L{n}")

    async def read(self, n: int) -> None:
        query, began = {"limit": 20 + n % 30}, time.monotonic()
        answer = await self.asked(lambda: self.office.get(self.path, params=query))
        self.reads.append(time.monotonic() - began)
        assert answer.status == 200, answer.text

    async def asked(self, ask: Callable[[], Asking]) -> Answer:
        """Ask until there is a place: whoever finds none is told when to come back."""
        while True:
            async with ask() as found:
                answer = Answer(found.status, await found.text())
                wait = found.headers.get("retry-after")
            if answer.status != 503:
                return answer
            assert wait, answer.text
            self.refused += 1
            await asyncio.sleep(float(wait))

    async def go_on(self, writes: int, seconds: int, hold: Callable[[], "Held"]) -> None:
        async with asyncio.TaskGroup() as asking:
            for n in range(SPIKE):
                asking.create_task(self.write(n))
        self.writes.clear()  # how long the others take is told
        began = time.monotonic()
        async with asyncio.TaskGroup() as asking:
            for n in range(writes * seconds):
                await asyncio.sleep(max(0, began + n / writes - time.monotonic()))
                if n == writes * seconds // 6:  # by then what is kept for later is there
                    self.warm = hold()
                asking.create_task(self.write(SPIKE + n))
                for each in range(2):
                    asking.create_task(self.read(n * 2 + each))


class Held(NamedTuple):
    """What the processes of a system hold for themselves."""

    megabytes: int
    files: int

    @classmethod
    def by(cls, place: Place) -> "Held":
        assert place.installation.system
        kilobytes = files = 0
        for pid in place.installation.system.processes.pids.values():
            told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
            kilobytes += sum(int(line.split()[1]) for line in told if "Private_" in line)
            files += len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return cls(kilobytes // 1024, files)


def percentile(taken: list[float], of_hundred: int) -> int:
    """Return how many milliseconds so many of a hundred took at most."""
    return round(sorted(taken)[len(taken) * of_hundred // 100] * 1000)


async def drive(place: Place, writes: int, seconds: int) -> Load:
    async with AsyncExitStack() as stack:
        clients = []
        for who in (SOURCE, "office"):
            form = {"grant_type": "password", "username": who, "password": SECRET}
            url = place.installation.url
            async with httpx.AsyncClient(base_url=url, trust_env=False) as door:
                token = (await door.post("/oauth/token", data=form)).json()
            # Not httpx: of so many at once each costs it seven milliseconds of a core, which the
            # system would be measured without.
            client = aiohttp.ClientSession(
                url,
                headers={"Authorization": f"Bearer {token['access_token']}"},
                connector=aiohttp.TCPConnector(limit=SPIKE),
                timeout=aiohttp.ClientTimeout(60),
            )
            clients.append(await stack.enter_async_context(client))
        load = Load(place, *clients)
        await load.go_on(writes, seconds, lambda: Held.by(place))
        return load


def loaded(writes: int, seconds: int) -> tuple[Load, Held]:
    """Load a system for so long; return what was asked, and what it holds at the end."""
    lasts = str(2 * seconds + 3600)
    with in_five_processes(token_seconds=lasts, longest_token_seconds=lasts) as installation:
        place = Place(installation)
        load = asyncio.run(drive(place, writes, seconds))
        held = Held.by(place)
        stored = asyncio.run(place.stored())
    assert {name: stored[name] for name in load.acknowledged} == dict.fromkeys(load.acknowledged, 1)
    return load, held


@pytest.mark.skipif(FIGURES_FILE not in os.environ, reason="minutes of load: `make prove ONE=G29`")
def test_whatever_is_asked_at_that_pace_is_answered_and_stored_once(figure):
    """Half an hour in the long form. Planted bug: who finds no place is not
    told when to come back."""
    load, _ = loaded(WRITES, trials(10, 1800))
    figure("acknowledged writes", len(load.acknowledged))
    figure("reads", len(load.reads))
    figure("refused for the moment", load.refused)
    figure("ms for 99 of 100 writes", percentile(load.writes, 99))
    figure("ms for 99 of 100 reads", percentile(load.reads, 99))


@pytest.mark.skipif(FIGURES_FILE not in os.environ, reason="hours of load: `make prove ONE=G29`")
def test_for_hours_no_more_is_held_than_at_the_beginning(figure):
    """Two hours in the long form; what is kept is there after the first third of an hour. Planted
    bug: a process keeps something of each request."""
    load, held = loaded(LIGHT, seconds := trials(12, 7200))
    more = held.megabytes - load.warm.megabytes
    if seconds > 60:
        assert more < MORE, (load.warm, held)
        assert held.files < load.warm.files + SPIKE // 10, (load.warm, held)
    figure("minutes of light load", seconds // 60)
    figure("MB more held at the end than after a sixth", max(0, more))
