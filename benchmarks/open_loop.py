"""Requests that begin when they are due, whether or not earlier ones are answered.

What a request took counts from when it was due, or could be made at the earliest: what waits in
the asking process, and what waits because it was told to come back, is part of it.
"""

import asyncio
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

import aiohttp

PASSING = frozenset({409, 429, 503})
"""With `Retry-After`: the same is asked again after so many seconds."""
WAITED = 120.0
"""Seconds for a single answer; who still has none has none."""


@dataclass
class Person:
    """Somebody who is signed in, with the documents that a browser would have kept."""

    token: str
    tags: dict[str, str] = field(default_factory=dict)


class Request(NamedTuple):
    """What is asked, by whom; a command has a `key`, and is the same one when it is repeated."""

    kind: str
    method: str
    url: str
    person: Person | None = None
    body: bytes | None = None
    media_type: str = "application/json"
    key: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What is said of it."""
        told = {"Accept-Language": "zh"}
        if self.person is not None:
            told["Authorization"] = f"Bearer {self.person.token}"
        if self.method != "GET":
            told |= {"Idempotency-Key": self.key, "Content-Type": self.media_type}
        elif self.person is not None and (tag := self.person.tags.get(self.url)):
            told["If-None-Match"] = tag
        return told


@dataclass
class Told:
    """What came of the requests of one kind; `took` are seconds."""

    offered: int = 0
    refused: int = 0
    took: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)


def at_most(took: list[float], of_hundred: int) -> float:
    """Return how many seconds so many of a hundred took at most."""
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, len(ordered) * of_hundred // 100)] if ordered else 0.0


class OpenLoop:
    """A stretch of requests, by seconds from its beginning."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self._loop = asyncio.get_running_loop()
        self.began = self._loop.time()
        self.told = defaultdict[str, Told](Told)
        self.begun: list[tuple[float, bool]] = []
        """When each was due, and whether it was a command."""

    async def until(self, at: float) -> None:
        """Wait for a moment, so many seconds from the beginning."""
        await asyncio.sleep(max(0.0, self.began + at - self._loop.time()))

    async def ask(self, at: float, request: Request) -> bytes | None:
        """Ask when it is due, again when told to; return what was answered, unless it was refused
        for good."""
        due = max(self.began + at, self._loop.time())
        await self.until(at)
        told = self.told[request.kind]
        told.offered += 1
        self.begun.append((due - self.began, request.method != "GET"))
        status, body = await self._answer(request, told)
        told.took.append(self._loop.time() - due)
        if status < 200 or status >= 400:
            told.failed[f"{status} {body[:300].decode(errors='replace')}"] += 1
            return None
        return body

    async def _answer(self, request: Request, told: Told) -> tuple[int, bytes]:
        while True:
            try:
                status, body, wait = await self._sent(request)
            except (aiohttp.ClientError, TimeoutError) as error:
                return 0, type(error).__name__.encode()
            if status not in PASSING or wait is None:
                return status, body
            told.refused += 1
            await asyncio.sleep(float(wait))

    async def _sent(self, request: Request) -> tuple[int, bytes, str | None]:
        url, sent = request.url, {"headers": request.headers, "data": request.body}
        async with self._session.request(request.method, url, **sent) as answer:
            body = await answer.read()
            person, tag = request.person, answer.headers.get("ETag")
            if person is not None and tag and request.method == "GET":
                person.tags[url] = tag
            return answer.status, body, answer.headers.get("Retry-After")


def session() -> aiohttp.ClientSession:
    """Open connections without end: nobody waits here for another's answer."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        timeout=aiohttp.ClientTimeout(WAITED),
    )
