"""Two processes of each part, the gateway among them, under load: each is replaced by another, and
each is killed; nothing is lost or doubled, and whoever sends the same once more is answered."""

import asyncio
import csv
import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager, suppress
from copy import copy, deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from tests.contracts.publish import ROOT
from tests.guarantees.pressing import WRITES, Pressure, pressed, until
from tests.system.harness import in_five_processes
from tests.system.test_events_through_kills import SOURCE, UNITS, Place, Receiver, receiving
from tests.system.test_instances import connected
from tests.system.two_worlds import SCHEME

from kaoping.parts import Part
from kaoping.restarting import restart
from kaoping.serving import PART
from kaoping.system import NAMES, System
from service_testing import trials
from service_testing.figures import Figure

ALL = [f"{name}{number}" for number in ("", "-2") for name in NAMES]
FIRST = ["scoring", "gateway-2", "indicators-2"]
KILLED = [*FIRST, *(each for each in ALL if each not in FIRST)][: trials(len(FIRST), len(ALL))]
ENDED = ALL[: trials(0, len(ALL))]
POSTED = "scoring.entries-posted"
AT_ONCE = trials(16, 40)
"""How many commands are at work, or just done, when a process is killed, and as many reads."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one socket is shared")


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Webhooks are sent soon, and may go to this machine."""
    settings = {
        "webhook_plain_http": "true",
        "webhook_networks": "127.0.0.0/8",
        "webhook_first_pause": "0.1",
        "webhook_seconds_between": "0.1",
        "webhook_held_seconds": "10",
        "token_seconds": "14400",
        "longest_token_seconds": "14400",
        "pool_size": "6",
    }
    with in_five_processes(instances=2, **settings) as installation:
        yield Place(installation)


def system_of(place: Place) -> System:
    assert place.installation.system
    return place.installation.system


def pids(place: Place) -> dict[str, int]:
    return system_of(place).pids


async def replaced(place: Place, name: str, before: int) -> None:
    """Wait until another process has the place of one, and answers."""
    await until(lambda: pids(place).get(name, before) != before)
    url = system_of(place).processes.urls[name.removesuffix("-2")]
    async with httpx.AsyncClient(trust_env=False, timeout=30) as asking:
        for _ in range(8):  # the kernel chooses whom each meets
            async with asking.stream("GET", f"{url}/health/ready", headers={"Connection": "close"}):
                pass


async def restarted(place: Place) -> list[str]:
    """Have every process replaced as an operator does; return their names in order."""
    told = list[str]()
    modules = [f"{name}.app" for name in NAMES]
    directory = system_of(place).directory
    await asyncio.to_thread(lambda: restart(directory, modules, told.append))
    return told


async def killed(place: Place, pressure: Pressure, name: str) -> None:
    """Kill a process that has just acknowledged commands, and at which others are at work; wait
    until another is there."""
    before, seen = pids(place)[name], len(pressure.acknowledged)
    asking = [asyncio.create_task(pressure.write()) for _ in range(AT_ONCE)]
    await until(lambda: len(pressure.acknowledged) > seen + AT_ONCE // 2)
    os.kill(before, signal.SIGSTOP)  # so that what it is asked is at work when it dies
    asking += [asyncio.create_task(pressure.read(50)) for _ in range(AT_ONCE)]
    await asyncio.sleep(0.3)
    os.kill(before, signal.SIGKILL)
    await asyncio.gather(*asking)
    await replaced(place, name, before)


async def ended(place: Place, name: str) -> None:
    """End a process by SIGTERM, and wait until another is there."""
    before = pids(place)[name]
    os.kill(before, signal.SIGTERM)
    await replaced(place, name, before)


async def one_by_one(place: Place, pressure: Pressure, receiver: Receiver) -> None:
    """Have all replaced: nobody need send anything again for that, and nothing is sent twice."""
    before = pids(place)
    names = await restarted(place)
    after = pids(place)
    assert sorted(names) == sorted(after) == sorted(before)
    assert not set(before.values()) & set(after.values())
    assert pressure.failed == []
    assert "TooManyConnections" not in system_of(place).log.read_text()
    twice = Counter(name for _, name, _ in receiver.taken)
    assert [name for name, times in twice.items() if times > 1] == []


async def each_killed(place: Place, pressure: Pressure) -> None:
    for name in KILLED:
        seen = len(pressure.failed)
        await killed(place, pressure, name)
        if not name.startswith("gateway"):
            # Who only reads learns nothing of it: the gateway asks again.
            assert [each for each in pressure.failed[seen:] if each.what == "read"] == []


async def under_pressure(place: Place, receiver: Receiver) -> Pressure:
    async with pressed(place) as pressure:
        await until(lambda: len(pressure.acknowledged) > WRITES)
        await one_by_one(place, pressure, receiver)
        for name in ENDED:
            await ended(place, name)
        await each_killed(place, pressure)
    assert pressure.lost == []
    assert await stored_by(place, "T") == dict.fromkeys(pressure.acknowledged, 1)
    await until(lambda: len(posted_by(receiver)) >= len(pressure.acknowledged), 120)
    return pressure


async def stored_by(place: Place, first: str) -> dict[str, int]:
    """Return how often what was written is stored, by its name."""
    stored = await place.stored()
    return {name: times for name, times in stored.items() if name and name[0] == first}


def posted_by(receiver: Receiver) -> set[str]:
    """Return the ids of what a receiver was told of entries."""
    return {name for _, name, event in receiver.taken if event["type"] == POSTED}


@pytest.mark.prove
def test_each_of_two_processes_is_replaced_and_killed_and_nothing_is_lost(
    place: Place, figure: Figure
) -> None:
    """Every process, at 50 commands and 100 reads a second; here a few, at a twelfth of it.

    Planted bugs: an answer is sent before the commit; a read is not sent again by the gateway; both
    processes of the gateway send to a webhook that one of them holds; a process that is replaced
    leaves at once.
    """
    with receiving(place) as receiver:
        pressure = asyncio.run(under_pressure(place, receiver))
    assert len(posted_by(receiver)) == len(pressure.acknowledged)
    figure("acknowledged writes", len(pressure.acknowledged))
    figure("kills", len(KILLED))


def read(connection: http.client.HTTPConnection, path: str, **told: str) -> tuple[int, str, bytes]:
    connection.request("GET", path, headers=told)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("ETag", ""), answer.read()


def test_what_one_process_wrote_the_other_tells_at_once(place: Place) -> None:
    """Also of documents that each of them keeps. Planted bug: one that is kept is told without
    asking whether it is still the one."""
    with place.client("office") as office, connected(system_of(place), "indicators") as both:
        cycle = {"name": "两个进程", "jurisdiction": "430100", "assessment_year": 2025}
        path = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
        told = {"Authorization": f"Bearer {office._token}"}
        known = set[bytes]()
        for step in ("", f"{path}/scheme-versions", f"{path}/scheme-versions/1/publication"):
            if step:
                office.post(step, {"scheme": deepcopy(SCHEME)} if step.endswith("ns") else None)
            for of in (path, f"{path}/scheme"):
                one, other = (read(each, f"/api/v1{of}", **told) for each in both)
                assert one[:2] == other[:2], step
                if one[0] == 200:
                    assert one == other
                    known.add(one[2])
                    tag = {**told, "If-None-Match": one[1]}
                    assert [read(each, f"/api/v1{of}", **tag)[0] for each in both] == [304, 304]
    assert len(known) >= 3, "nothing changed"


class OwnGateway:
    """A gateway at a port of its own, as on another machine, beside those of a system."""

    def __init__(self, place: Place) -> None:
        self.port = 0
        self._environment = system_of(place).environment("gateway")
        self._log = system_of(place).log

    def start(self) -> None:
        """Start it; when it ends nobody holds its door open."""
        with (
            self._log.open("ab") as log,
            socket.create_server(("127.0.0.1", self.port), backlog=512) as door,
        ):
            self.port = door.getsockname()[1]
            app = "gateway.app:create_app"
            part = Part("gateway-a", app, door.fileno(), self._environment, "gateway")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "kaoping.serving", "serve"],
                env={**os.environ, PART: json.dumps(asdict(part))},
                pass_fds=[door.fileno()],
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as asking:
            url = f"http://127.0.0.1:{self.port}/health/ready"
            assert (await asking.get(url)).is_success

    async def exchange(self, how: signal.Signals) -> None:
        """End it, and start it again once it has ended."""
        self._process.send_signal(how)
        await asyncio.to_thread(self._process.wait, 30)
        self.start()
        await self.ready()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class Balancer(NamedTuple):
    """What is in front of several gateways."""

    url: str
    asked: Path
    """A socket at which it says how it is."""

    def leads_to(self, number: int) -> bool:
        """Say whether it leads to so many gateways."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as asking:
            asking.connect(str(self.asked))
            asking.sendall(b"show stat\n")
            told = csv.DictReader(asking.makefile())
            up = [row for row in told if row["# pxname"] == "gateways" and row["status"] == "UP"]
            return len([row for row in up if row["svname"] != "BACKEND"]) == number
        return False


@contextmanager
def balanced(ports: list[int], folder: Path) -> Iterator[Balancer]:
    """Run what is shipped for in front of several gateways, without TLS."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = (ROOT / "deploy" / "haproxy.cfg").read_text("utf-8")
    text, binds = re.subn(r"bind .*", f"bind 127.0.0.1:{port}", text)
    ours = iter(ports)
    text, servers = re.subn(
        r"(?m)^( +server \w+) \S+", lambda m: f"{m[1]} 127.0.0.1:{next(ours)}", text
    )
    assert (binds, servers) == (1, len(ports))
    balancer = Balancer(f"http://127.0.0.1:{port}", folder / "asked")
    text = text.replace("global\n", f"global\n    stats socket {balancer.asked} level user\n")
    (folder / "haproxy.cfg").write_text(text)
    command = ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")]
    log = folder / "haproxy.log"
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=said) as running:
        try:
            up = lambda: balancer.leads_to(len(ports))  # noqa: E731
            asyncio.run(until(lambda: up() or running.poll() is not None))
            assert running.poll() is None, log.read_text()
            yield balancer
        finally:
            running.terminate()


@pytest.mark.prove
@pytest.mark.skipif(not shutil.which("haproxy"), reason="there is no HAProxy")
def test_behind_a_balancer_gateways_are_exchanged_and_killed(place: Place, tmp_path: Path) -> None:
    """Planted bugs: a gateway that is told to end says that it is ready until it is gone; the
    balancer sends nothing that failed to another one."""
    with ExitStack() as stack:
        gateways = [OwnGateway(place), OwnGateway(place)]
        for each in gateways:
            each.start()
            stack.callback(each.close)
        for each in gateways:
            asyncio.run(each.ready())
        balancer = stack.enter_context(balanced([each.port for each in gateways], tmp_path))
        there = copy(place)
        there.installation = replace(place.installation, url=balancer.url)
        asyncio.run(exchanged(there, gateways, balancer))


async def exchanged(place: Place, gateways: list[OwnGateway], balancer: Balancer) -> None:
    async with pressed(place, "B") as pressure:
        await until(lambda: len(pressure.acknowledged) > WRITES)
        for how in (signal.SIGTERM, signal.SIGKILL):
            for each in gateways[: trials(1, 2)]:
                await each.exchange(how)
                await until(lambda: balancer.leads_to(len(gateways)))
            if how is signal.SIGTERM:
                assert pressure.failed == []
    assert pressure.lost == []
    assert await stored_by(place, "B") == dict.fromkeys(pressure.acknowledged, 1)


SLOWLY = 24.0
"""Seconds that a slow line takes: longer than a process leaves, and ends."""


def film(size: int) -> bytes:
    """Return a video of so many bytes."""
    head = struct.pack(">I4s8sI4s", 16, b"ftyp", b"isom\0\0\0\0", 8, b"moov")
    return head + struct.pack(">I4s", size - len(head), b"mdat").ljust(size - len(head), b"\0")


async def over_a_slow_line(content: bytes) -> AsyncIterator[bytes]:
    for begins in range(0, len(content), size := -(-len(content) // 24)):
        yield content[begins : begins + size]
        await asyncio.sleep(SLOWLY / 24)


async def slow_ones(place: Place, office: httpx.AsyncClient, source: httpx.AsyncClient) -> None:
    """Send and fetch over a slow line while every process is replaced; each is asked once."""
    path, large = f"/api/v1{place.path}", film(40_000_000)

    async def sent(who: httpx.AsyncClient, end: str, content: bytes, kind: str) -> httpx.Response:
        told = {"Content-Type": kind, "Idempotency-Key": f"slow-{end}-{len(content)}"}
        return await who.post(path + end, content=over_a_slow_line(content), headers=told)

    async def fetched(evidence: str) -> bytes:
        found = bytearray()
        async with office.stream("GET", f"{path}/evidence/{evidence}/content") as answer:
            async for piece in answer.aiter_raw(len(large) // 24):
                found += piece
                await asyncio.sleep(SLOWLY / 24)
        return bytes(found)

    kept = await office.post(
        f"{path}/evidence", params={"name": "a.mp4"}, content=large,
        headers={"Content-Type": "video/mp4", "Idempotency-Key": "a-film-at-once"},
    )  # fmt: skip
    assert kept.status_code == 201, kept.text
    entry = {"unit": UNITS[0], "indicator": "PIECE", "value": "1", "item": "slow"}
    entry |= {"kind": "measured_value", "key": "count"}
    body = json.dumps({"entries": [entry], "state": "submitted"}).encode()
    going_on = [
        asyncio.create_task(sent(office, "/evidence?name=b.mp4", film(3_000_000), "video/mp4")),
        asyncio.create_task(sent(source, "/ledger-entries", body, "application/json")),
        asyncio.create_task(fetched(kept.json()["evidence_id"])),
    ]
    await asyncio.sleep(1)
    before = pids(place)
    await restarted(place)
    assert not set(before.values()) & set(pids(place).values())
    video, entries, content = await asyncio.gather(*going_on)
    assert [video.status_code, entries.status_code] == [201, 201], video.text + entries.text
    assert content == large


@pytest.mark.prove
def test_what_comes_over_a_slow_line_is_answered_through_a_restart(place: Place) -> None:
    """Planted bug: what is at work when a process leaves has ten seconds."""

    async def asked() -> None:
        async with AsyncExitStack() as stack:
            clients = []
            for who in ("office", SOURCE):
                with place.client(who) as signed:
                    signed.get("/me")
                    told = {"Authorization": f"Bearer {signed._token}"}
                new = httpx.AsyncClient(
                    base_url=place.installation.url, headers=told, trust_env=False, timeout=120
                )
                clients.append(await stack.enter_async_context(new))
            await slow_ones(place, *clients)

    asyncio.run(asked())
