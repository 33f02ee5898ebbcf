"""Two processes of each service: a command is done once, limits hold for both, nothing is lost."""

import http.client
import json
import math
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from tests.system.harness import CHEAP, Prepared

from gateway.rules.attempts import FREE
from kaoping.card import Credentials
from kaoping.client import Client
from kaoping.system import NAMES, System

PER_SECOND, BURST = 40, 20
SETTINGS = {
    **{name.upper(): value for name, value in CHEAP.items()},
    "REQUESTS_PER_SECOND": str(PER_SECOND),
    "BURST": str(BURST),
    "WEBHOOK_NETWORKS": "127.0.0.0/8",
    "WEBHOOK_PLAIN_HTTP": "true",
    "WEBHOOK_SECONDS_BETWEEN": "0.1",
    "WEBHOOK_HELD_SECONDS": "1",
}
OFFICE = {"subject": "office", "kind": "person", "name": "办", "roles": ["performance_office"]}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one socket is shared")


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with Prepared.temporary(environment=SETTINGS, instances=2) as running:
        yield running


@pytest.fixture(scope="module")
def office(system: System) -> Iterator[Client]:
    with system.card.client() as administrator:
        made = administrator.post("/accounts", {"accounts": [OFFICE]})["accounts"][0]
    with system.card.client(Credentials(OFFICE["subject"], made["secret"])) as client:  # type: ignore[arg-type]
        client.get("/me")
        yield client


@contextmanager
def connected(system: System, name: str) -> Iterator[list[http.client.HTTPConnection]]:
    """Give a connection to each process of a service; the kernel chooses which, so we try."""
    url = system.processes.urls[name].removeprefix("http://")
    pids = [system.pids[name], system.pids[f"{name}-2"]]
    found = dict[int, http.client.HTTPConnection]()
    with ExitStack() as closing_all:
        for _ in range(60):
            connection = http.client.HTTPConnection(url, timeout=30)
            closing_all.enter_context(closing(connection))
            ask(connection, "GET", "/health/live")
            ends = connection.sock.getpeername()[1], connection.sock.getsockname()[1]
            found.setdefault(_other_end(*ends, pids), connection)
            if len(found) == len(pids):
                break
        assert set(found) == set(pids)
        yield list(found.values())


def _other_end(theirs: int, ours: int, pids: list[int]) -> int:
    """Return which process has the other end of a connection between two ports."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = f":{theirs:04X}", f":{ours:04X}"  # another may have our port towards another of theirs
    [inode] = [x[9] for x in lines if (x[1][-5:], x[2][-5:]) == ports]
    for pid in pids:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                if str(descriptor.readlink()) == f"socket:[{inode}]":
                    return pid
    raise AssertionError("another process answered")


def ask(
    connection: http.client.HTTPConnection, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, bytes]:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def unit(code: str) -> str:
    return json.dumps(
        {
            "units": [
                {"code": code, "name": f"第{code}单位", "kind": "body", "valid_from": "2025-01-01"}
            ]
        }
    )


def test_every_process_is_there_and_named(system: System) -> None:
    assert set(system.pids) == {*NAMES, *(f"{name}-2" for name in NAMES)}
    assert len(set(system.pids.values())) == 2 * len(NAMES)


def test_a_command_repeated_at_the_other_process_is_answered_alike(
    system: System, office: Client
) -> None:
    """Planted bug: keep answered keys in the memory of the process."""
    headers = {
        "Authorization": f"Bearer {office._token}",
        "Idempotency-Key": "once-and-for-all",
        "Content-Type": "application/json",
    }
    with connected(system, "indicators") as both:
        answers = [ask(each, "POST", "/api/v1/units", unit("ZH01"), **headers) for each in both]
    assert answers[0] == answers[1]
    assert answers[0][0] == 201
    assert [each["code"] for each in office.pages("/units")] == ["ZH01"]


def test_what_one_process_acknowledged_outlives_it(system: System, office: Client) -> None:
    """Planted bug: have the zygote forget `indicators-2` once it has died."""
    before = dict(system.pids)
    codes = [f"XQ{n:02}" for n in range(12)]

    def post(code: str) -> None:
        if code in {"XQ03", "XQ07"}:
            victim = "indicators-2" if code == "XQ03" else "gateway"
            os.kill(before[victim], signal.SIGKILL)
        office.post("/units", json.loads(unit(code)))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(post, codes))
    assert set(codes) <= {each["code"] for each in office.pages("/units")}
    deadline = time.monotonic() + 20
    while set(system.pids) != set(before) or set(system.pids.values()) & {
        before["indicators-2"],
        before["gateway"],
    }:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def receiver() -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Give the port of a receiver of webhooks, and the positions and ids that it was sent."""
    sent = list[tuple[int, str]]()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            sent.append((int(self.headers["webhook-position"]), self.headers["webhook-id"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port, sent
        finally:
            server.shutdown()
            thread.join()


def test_a_webhook_misses_nothing_whichever_process_is_killed(
    system: System, office: Client
) -> None:
    """Planted bugs: a webhook is held for ever; what a killed process sent last moves on twice."""
    client = {"subject": "hook", "kind": "client", "name": "平台", "roles": ["auditor"]}
    with receiver() as (port, sent), system.card.client() as administrator:
        made = administrator.post("/accounts", {"accounts": [client]})["accounts"][0]
        host = {"host": "127.0.0.1", "port": port, "reason": "试用"}
        administrator.post("/webhook-hosts", host)
        with system.card.client(Credentials("hook", made["secret"], "client")) as hook:
            wanted = {"url": f"http://127.0.0.1:{port}/", "types": ["units.registered"]}
            at = f"/webhooks/{hook.post('/webhooks', wanted)['webhook']['webhook_id']}"
            for n in range(30):
                if n in (5, 15, 25):
                    victim = "gateway" if n == 15 else "gateway-2"
                    os.kill(system.pids[victim], signal.SIGKILL)
                office.post("/units", json.loads(unit(f"WH{n:02}")))
            deadline = time.monotonic() + 30
            while len({each for each, _ in sent}) < 30:
                assert time.monotonic() < deadline, sent
                time.sleep(0.05)
            hook.post(f"{at}/ending")
    firsts = list(dict.fromkeys(sent))
    assert [position for position, _ in firsts] == [*range(1, 31)]
    assert len({name for _, name in firsts}) == 30


def at_both(
    system: System, seconds: float, *what: str, **headers: str
) -> tuple[Counter[int], float]:
    """Ask both processes of the gateway again and again; return the statuses, and for how long."""

    def again(connection: http.client.HTTPConnection) -> Counter[int]:
        statuses = Counter[int]()
        while time.monotonic() - began < seconds:
            statuses[ask(connection, *what, **headers)[0]] += 1  # type: ignore[arg-type]
        return statuses

    with connected(system, "gateway") as both, ThreadPoolExecutor(2) as pool:
        began = time.monotonic()
        first, second = pool.map(again, both)
        return first + second, time.monotonic() - began


def test_the_slowdown_of_sign_ins_holds_over_both(system: System) -> None:
    """Planted bug: leave the exchange out of `_sign_in`: each process lets five through."""
    form = {"grant_type": "password", "username": "nobody", "password": "wrong-wrong-wrong"}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    asked, seconds = at_both(system, 1, "POST", "/oauth/token", urlencode(form), **kind)
    assert set(asked) == {400, 429}
    assert asked[400] <= FREE + int(math.log2(1 + seconds))  # pauses of one, two, four … seconds


def test_the_limit_on_requests_holds_over_both(system: System, office: Client) -> None:
    """Planted bug: leave the task out that exchanges; a caller gets twice as much, for ever."""
    token = {"Authorization": f"Bearer {office._token}"}
    # What the gateway alone says, in no time: that accounts are not the office's to read.
    asked, seconds = at_both(system, 4, "GET", "/api/v1/accounts", **token)
    assert set(asked) == {403, 429}
    assert asked[403] <= 2 * BURST + PER_SECOND * (seconds + 1) + 2
