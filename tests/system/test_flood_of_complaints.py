"""Whoever raises complaints as fast as he can, from one address, is slowed and not stored.

In the long form (`PROVE=1`) 10,000 of them.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections import Counter
from itertools import count

import asyncpg
import httpx
import pytest
from tests.system.citizens import COMPLAINT, complaining_city, open_desk, public
from tests.system.harness import Bridge, in_one_process, over_tcp

from gateway.settings import Settings

MANY = 10_000 if os.environ.get("PROVE") else 1_000
CONNECTIONS = 8
AT_ONCE = Settings.model_fields["complaints_at_once"].default
AN_HOUR = Settings.model_fields["complaints_per_hour"].default
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")


@pytest.fixture(scope="module")
def door(postgres, databases, tmp_path_factory):
    keys = tmp_path_factory.mktemp("keys")
    usual = {"complaints_at_once": AT_ONCE, "complaints_per_hour": AN_HOUR}
    with in_one_process(postgres, databases, keys, **usual) as running:
        yield running


@pytest.fixture(scope="module")
def city(door):
    with complaining_city(door) as year:
        open_desk(year)
        yield year


def stored(door) -> dict[str, int]:
    """How many rows there are of what a complaint leaves behind."""
    counted = (
        "SELECT (SELECT count(*) FROM complaint), (SELECT count(*) FROM complaint_move),"
        " (SELECT count(*) FROM complaint_contact), (SELECT count(*) FROM journal_entry)"
    )

    async def ask():
        connection = await asyncpg.connect(door.databases["scoring"], ssl=False)
        try:
            return await connection.fetchrow(counted)
        finally:
            await connection.close()

    names = ("complaint", "complaint_move", "complaint_contact", "journal")
    return dict(zip(names, asyncio.run(ask()), strict=True))


NUMBERS = count(1)


def forged() -> str:
    """Headers by which somebody says that he comes from elsewhere, each time from another place."""
    n = next(NUMBERS)
    v4, v6 = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}", f"2001:db8:{n >> 8:x}:{n & 255:x}::1"
    return (
        f"X-Forwarded-For: {v4}, {v6}\r\nForwarded: for={v4}\r\nX-Real-IP: {v4}\r\n"
        f"X-Client-IP: {v4}\r\nCF-Connecting-IP: {v4}\r\nTrue-Client-IP: {v4}\r\n"
    )


def spelled(path: str) -> str:
    """The same address, spelled in some of the ways that lead there."""
    start, _, cycle = path.removesuffix("/complaints").rpartition("/")
    ways = [path, f"{start}/{cycle.upper()}/complaints", f"{start}/{cycle}/c%6fmplaints"]
    return ways[next(NUMBERS) % len(ways)]


def request(path: str, **more: str) -> bytes:
    body = json.dumps({**COMPLAINT, **more}).encode()
    head = (
        f"POST {spelled(path)} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n"
        f"{forged()}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Flood:
    """A connection that is kept, on which requests are sent without waiting for the answers."""

    def __init__(self, address: str, port: int, path: str) -> None:
        self.address, self.port, self.path = address, port, path
        self.heard = b""

    async def begin(self) -> None:
        local = (self.address, 0)
        self.reader, self.writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=local
        )

    async def send(self, number: int, **more: str) -> Counter[int]:
        """Send so many at once; return how many answers there were of each status."""
        self.writer.write(b"".join(request(self.path, **more) for _ in range(number)))
        statuses = list[int]()
        while len(statuses) < number:
            piece = await self.reader.read(1 << 16)
            assert piece, "the connection was ended"
            self.heard += piece
            statuses = [int(each) for each in STATUS.findall(self.heard)]
        self.heard = b""
        return Counter(statuses)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second loopback address")
def test_one_address_is_slowed_and_not_stored_and_others_are_served(door, city):
    """Planted bugs: who says where he comes from is believed (`proxy_headers`); the allowance of
    complaints is the usual one; it is of each spelling of the path."""
    before = stored(door)

    async def flood(port: int) -> tuple[Counter[int], Counter[int], float]:
        connections = [Flood("127.0.0.1", port, public(city)) for _ in range(CONNECTIONS)]
        other = Flood("127.0.0.2", port, public(city))
        for each in (*connections, other):
            await each.begin()
        began = time.monotonic()
        first = MANY // CONNECTIONS // 2
        found = sum(await asyncio.gather(*(e.send(first) for e in connections)), Counter())
        rest = asyncio.gather(*(each.send(MANY // CONNECTIONS - first) for each in connections))
        meanwhile = await other.send(1, contact="13900012345")
        found += sum(await rest, Counter())
        passed = time.monotonic() - began
        for each in (*connections, other):
            each.writer.close()
        return found, meanwhile, passed

    with over_tcp(door) as reached:
        port = int(reached.url.rpartition(":")[2])
        found, meanwhile, passed = asyncio.run(flood(port))
    # So many as the allowance has at once, and what it gains in the time that it took.
    at_most = AT_ONCE + int(passed * AN_HOUR / 3600)
    assert set(found) == {201, 429}
    assert AT_ONCE <= found[201] <= at_most
    assert found.total() == MANY // CONNECTIONS * CONNECTIONS
    assert meanwhile == {201: 1}
    after = stored(door)
    raised = found[201] + 1
    assert {name: after[name] - before[name] for name in after} == {
        "complaint": raised,
        "complaint_move": raised,
        "complaint_contact": 1,
        "journal": raised,
    }


def test_a_network_of_ipv6_is_one_address(door, city):
    """Planted bug: each of the addresses that a subscriber has to himself counts for itself."""
    bridge = door.transport
    app = bridge.door.app

    def raise_from(address: str) -> int:
        transport = Bridge(bridge.loop, httpx.ASGITransport(app, client=(address, 1)))
        with httpx.Client(base_url=door.url, transport=transport) as citizen:
            return citizen.post(public(city), json=COMPLAINT).status_code

    before, began = stored(door)["complaint"], time.monotonic()
    found = Counter(raise_from(f"2001:db8:7:1:{n:x}::{n:x}") for n in range(1, 41))
    assert raise_from("2001:db8:7:2::1") == 201
    at_most = AT_ONCE + int((time.monotonic() - began) * AN_HOUR / 3600)
    assert set(found) == {201, 429}
    assert AT_ONCE <= found[201] <= at_most
    assert stored(door)["complaint"] - before == found[201] + 1
