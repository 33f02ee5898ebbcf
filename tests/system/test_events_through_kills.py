"""Services, gateway and database are killed while events are made: nobody misses any of them."""

import asyncio
import os
import random
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import asyncpg
import pytest
from standardwebhooks import Webhook
from tests.contracts.publish import PARTS
from tests.system.harness import Installation, in_five_processes
from tests.system.two_worlds import KINDS, SCHEME, SOURCE, UNITS

from kaoping.card import Credentials
from kaoping.client import ApiFault, Client
from service_testing import trials
from service_testing.figures import Figure

WRITERS = 16
VICTIMS = ("scoring", "gateway", "postgres", "indicators")
SECRET = "a-horse-that-is-killed-often"
ACCOUNTS = {
    "office": (["performance_office"], None),
    "auditor": (["auditor"], None),
    SOURCE: (["data_source_unit"], SOURCE),
}


class Place:
    """A system with a cycle to write to, whose parts are killed."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        with installation.client(installation.administrator) as administrator:
            accounts = [
                {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": roles}
                | {"secret": SECRET}
                for who, (roles, unit) in ACCOUNTS.items()
            ]
            administrator.post("/accounts", {"accounts": accounts})
        with self.client("office") as office:
            self._begin(office)

    def _begin(self, office: Client) -> None:
        told = [
            {"code": c, "name": c, "kind": k, "valid_from": "2000-01-01"} for c, k in KINDS.items()
        ]
        office.post("/units", {"units": told})
        cycle = {"name": "不丢", "jurisdiction": "439900", "assessment_year": 2025}
        self.path = f"/cycles/{office.post('/cycles', cycle)['cycle_id']}"
        version = office.post(f"{self.path}/scheme-versions", {"scheme": deepcopy(SCHEME)})
        office.post(f"{self.path}/scheme-versions/{version['version']}/publication")

    def client(self, who: str) -> Client:
        return self.installation.client(Credentials(who, SECRET))

    def write(self, writer: int, commits: int, tell: Any) -> None:
        """Give commands of several parts and chains; each is repeated until it is answered."""
        chance = random.Random(writer)  # noqa: S311 - a seed of ours
        with self.client("office") as office, self.client(SOURCE) as source:
            for n in range(commits):
                name, kind = f"W{writer}-{n}", chance.random()
                if kind < 0.2:
                    unit = {"code": name, "name": name, "kind": "body", "valid_from": "2000-01-01"}
                    office.post("/units", {"units": [unit]})
                elif kind < 0.3:
                    year = {"jurisdiction": "439900", "assessment_year": 2026}
                    office.post("/cycles", {"name": name, **year})
                else:
                    entry = {"unit": chance.choice(UNITS), "indicator": "PIECE", "value": "1"}
                    entry |= {"kind": "measured_value", "key": "count", "item": name}
                    body = {"entries": [entry], "state": "submitted"}
                    source.post(f"{self.path}/ledger-entries", body)
                tell()

    def kill(self, victim: str) -> None:
        system = self.installation.system
        assert system is not None
        if victim == "postgres":
            pid = int((system.postgres.data / "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGKILL)
            while system.postgres.running:
                time.sleep(0.05)
            while not system.postgres.running:
                system.heal()
                time.sleep(0.05)
        elif pid := system.pids.get(victim):
            os.kill(pid, signal.SIGKILL)

    async def stored(self) -> Counter[str]:
        """Return how often there is each entry, unit and cycle of the writers, by its name."""
        found = Counter[str]()
        for part, what in (
            ("scoring", "SELECT item AS name FROM ledger_entry"),
            ("indicators", "SELECT code AS name FROM unit UNION ALL SELECT name FROM cycle"),
        ):
            connection = await asyncpg.connect(self.installation.databases[part], ssl=False)
            try:
                found.update(each["name"] for each in await connection.fetch(what))
            finally:
                await connection.close()
        return found

    async def journals(self) -> dict[tuple[str, str], list[tuple[str, str]]]:
        """Return what the journals say, by part and chain: what happened, and when.

        What was supplied with the program, and taken on record, happened to nobody.
        """
        found = {}
        for part, url in self.installation.databases.items():
            connection = await asyncpg.connect(url, ssl=False)
            try:
                rows = await connection.fetch(
                    "SELECT chain, event, recorded_at FROM journal_entry"
                    " WHERE event <> 'journal.rows-found' ORDER BY chain, seq"
                )
            finally:
                await connection.close()
            for chain, event, moment in rows:
                found.setdefault((part, chain), []).append((event, moment.timestamp()))
        return found


class Reader:
    """Goes on from cursor to cursor; what it has read it keeps, whoever dies meanwhile."""

    def __init__(self, client: Client) -> None:
        self.client, self.cursor, self.done = client, "", threading.Event()
        self.events: list[dict[str, Any]] = []

    def run(self) -> None:
        while True:
            last = self.done.is_set()
            after = {"after": self.cursor} if self.cursor else {}
            try:
                page = self.client.get("/events", limit=50, wait=0 if last else 2, **after)
            except ApiFault:
                continue
            self.events += page["events"]
            self.cursor = page["cursor"]
            if last and not page["events"] and not page["silent"]:
                return


class Receiver(ThreadingHTTPServer):
    """Another system that is sent every event: it verifies each, and refuses some at first."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.key = ""
        self.chance = random.Random(9)  # noqa: S311 - a seed of ours
        self.taken: list[tuple[int, str, dict[str, Any]]] = []
        self.doubted = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/heard"

    def take(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Say whether a message is taken, once it has been verified as Standard Webhooks says."""
        told = {name.lower(): value for name, value in headers.items()}
        event = Webhook(self.key).verify(body.decode(), told)
        if self.chance.random() < 0.02:
            self.doubted += 1
            return False
        self.taken.append((int(told["webhook-position"]), told["webhook-id"], event))
        return True


class Taking(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(204 if self.server.take(body, dict(self.headers)) else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(place: Place) -> Iterator[Receiver]:
    """Give a receiver that is sent every event that an auditor may know of, from the first on."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve_forever, daemon=True)
    thread.start()
    try:
        with place.installation.client(place.installation.administrator) as administrator:
            host = {"host": "127.0.0.1", "port": receiver.server_address[1], "reason": "不丢"}
            administrator.post("/webhook-hosts", host)
            account = {"subject": "archive", "kind": "client", "name": "档案", "roles": ["auditor"]}
            made = administrator.post("/accounts", {"accounts": [account]})["accounts"][0]
        archive = Credentials("archive", made["secret"], "client")
        with place.installation.client(archive) as client:
            made = client.post("/webhooks", {"url": receiver.url, "start": "first"})
        receiver.key = made["secret"]
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """Webhooks are tried again soon, and may go to this machine."""
    settings = {
        "webhook_plain_http": "true",
        "webhook_networks": "127.0.0.0/8",
        "webhook_first_pause": "0.1",
        "webhook_seconds_between": "0.1",
        "webhook_held_seconds": "2",
    }
    with in_five_processes(**settings) as installation:
        yield Place(installation)


@pytest.mark.prove
def test_a_reader_misses_nothing_whoever_is_killed(place: Place, figure: Figure) -> None:
    """10,000 commands of 16 writers and 100 kills; here a few of each.

    Each command that was acknowledged is stored once. Planted bugs: keep a cursor that stands
    behind what was looked for in a part that was silent; `synchronous_commit` is off.
    """
    commits, kills = trials(20, 625), trials(4, 100)
    done, counted = 0, threading.Condition()

    def tell() -> None:
        nonlocal done
        with counted:
            done += 1
            counted.notify_all()

    with (
        receiving(place) as receiver,
        place.client("auditor") as auditor,
        ThreadPoolExecutor(WRITERS + 1) as pool,
    ):
        reader = Reader(auditor)
        reading = pool.submit(reader.run)
        writing = [pool.submit(place.write, n, commits, tell) for n in range(WRITERS)]
        for n in range(kills):
            with counted:
                assert counted.wait_for(lambda: done * (kills + 1) > commits * WRITERS * n, 120)  # noqa: B023
            place.kill(VICTIMS[n % len(VICTIMS)])
        for each in writing:
            each.result()
        reader.done.set()
        reading.result(60)
        ids = {event["id"] for event in reader.events}
        until = time.monotonic() + trials(120, 1800)
        while ids - {name for _, name, _ in receiver.taken}:
            assert time.monotonic() < until, "the receiver waits in vain"
            time.sleep(0.1)
    check_received(reader.events, receiver)
    acknowledged = [f"W{writer}-{n}" for writer in range(WRITERS) for n in range(commits)]
    stored = asyncio.run(place.stored())
    assert {name: stored[name] for name in acknowledged} == dict.fromkeys(acknowledged, 1)

    heard = defaultdict(list)
    for event in reader.events:
        part, chain = event["source"].rpartition(":")[2], event["subject"].removeprefix("cycles/")
        moment = datetime.fromisoformat(event["time"]).timestamp()
        heard[part, chain].append((event["type"], moment))
    kept = asyncio.run(place.journals())
    assert set(heard) == set(kept)
    for chain, entries in kept.items():
        assert heard[chain] == entries, chain
    assert {part for part, _ in kept} <= set(PARTS)
    posted = sum(event["type"] == "scoring.entries-posted" for event in reader.events)
    assert posted > WRITERS * commits // 2
    assert len({event["id"] for event in reader.events}) == len(reader.events)
    figure("acknowledged writes", len(acknowledged))
    figure("kills", kills)


def check_received(events: list[dict[str, Any]], receiver: Receiver) -> None:
    """What was sent is what was to be read: each event at least once, and first in its order."""
    told = {event["id"]: event for event in events}
    first: dict[str, int] = {}
    for position, name, event in receiver.taken:
        assert told.get(name, event) == event, name
        assert first.setdefault(name, position) == position, "another position of the same"
    assert told.keys() <= first.keys()
    positions = list(first.values())
    assert positions == sorted(positions) == list(range(1, len(positions) + 1))
    chains: dict[tuple[str, str], list[str]] = defaultdict(list)
    sent: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in events:
        chains[event["source"], event["subject"]].append(event["id"])
    for name in (name for name in first if name in told):
        sent[told[name]["source"], told[name]["subject"]].append(name)
    assert sent == chains
