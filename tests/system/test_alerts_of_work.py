"""Alerts of what a system has to do: each brought about, and ended by what its section says.

All of them in one system, on a disk of its own which is small enough to be filled. `test_alerts.py`
has those of parts, databases and checkpoints.
"""

import asyncio
import re
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import asyncpg
import httpx
import pytest
from tests.guarantees.test_full_disk import fill, small_disk
from tests.system.alerting import Alerts, commands, eventually, run, watched
from tests.system.harness import CHEAP, UNLIMITED

from kaoping.card import Credentials
from kaoping.client import Client
from kaoping.parts import Part
from kaoping.system import System
from service_testing import trials

pytestmark = pytest.mark.prove

SECRET = "a-secret-of-some-length"
SETTINGS = {
    **{name.upper(): value for name, value in (CHEAP | UNLIMITED).items()},
    "DUTY_ACCOUNT": "daily",
    "DUTY_SECRET": SECRET,
    "DUTY_SECONDS": "2",
    "WEBHOOK_NETWORKS": "127.0.0.0/8",
    "WEBHOOK_PLAIN_HTTP": "true",
    "WEBHOOK_FIRST_PAUSE": "1",
}
SMALL = {"fsync": "off", "wal_recycle": "off", "min_wal_size": "32MB", "max_wal_size": "48MB"}
PERSONS = "/cycles/{cycle_id}/duty-persons"
"""What is read on record, of a year whoever's it is."""


class Faulty(System):
    """A system one part of which can be told to hang and to fail."""

    def _part(self, name: str, instance: int) -> Part:
        part = super()._part(name, instance)
        return replace(part, app="tests.system.faulty:create_app") if name == "ranking" else part


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    if not trials(0, 1):
        pytest.skip("brings alerts about for minutes: `make prove`")
    with (
        small_disk(1_000) as disk,
        Faulty(disk / "var", environment=SETTINGS, postgres=SMALL) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def fires(system, tmp_path_factory) -> Iterator[Alerts]:
    with watched(system, tmp_path_factory.mktemp("prometheus"), "7s") as alerts:
        yield alerts


@pytest.fixture(scope="module")
def office(system) -> Iterator[Client]:
    with system.card.client() as admin:
        accounts = [
            {"subject": f"office{n}", "kind": "person", "name": "绩效办", "secret": SECRET}
            | {"roles": ["performance_office"]}
            for n in range(3)
        ]
        admin.post("/accounts", {"accounts": accounts})
    with system.card.client(Credentials("office0", SECRET)) as client:
        yield client


def persons_path() -> str:
    return PERSONS.replace("{cycle_id}", str(uuid.uuid4()))


def at_the_part(system: System, path: str) -> int | None:
    """Ask the faulty part itself; None where it does not answer."""
    with suppress(httpx.TransportError):
        return httpx.get(f"{system.processes.urls['ranking']}{path}", trust_env=False).status_code
    return None


def test_duties_that_nobody_looks_at_are_told_until_the_account_is_right(system, fires):
    assert eventually(lambda: fires("DutiesNotLookedAt"))
    assert "duties-not-looked-at" in run(system, commands("DutiesNotLookedAt")[0])
    account = {"subject": "daily", "kind": "client", "name": "每日例行", "secret": SECRET}
    with system.card.client() as admin:
        admin.post("/accounts", {"accounts": [account | {"roles": ["daily_round"]}]})
    assert eventually(lambda: not fires("DutiesNotLookedAt"), 60)


def test_a_process_that_hangs_is_told_and_replaced_and_its_log_says_at_what(system, fires):
    before = system.pids["ranking"]
    hanging = threading.Thread(target=at_the_part, args=[system, "/faulty/hang"])
    hanging.start()
    assert eventually(lambda: fires("EventLoopHangs"))
    assert eventually(lambda: system.pids.get("ranking") not in (None, before))
    hanging.join()
    said = run(system, commands("EventLoopHangs")[0])
    assert re.search(r"faulty\.py\W+line \d+ in hang", said)
    assert eventually(lambda: not fires("EventLoopHangs"))


def test_what_nobody_foresaw_is_told_with_its_place(system, fires):
    assert not fires("Crashed")
    assert at_the_part(system, "/faulty/fail") == 500
    assert eventually(lambda: fires("Crashed"))
    [line] = run(system, commands("Crashed")[0]).strip().split("\n")
    assert '"error":"RuntimeError"' in line
    assert '"place":"fail:' in line
    assert "of a value" not in line
    assert eventually(lambda: fires.is_over("Crashed"), 90)


@contextmanager
def asked_again_and_again(system: System, path: str) -> Iterator[None]:
    """Have three accounts ask forty times at once, for as long as this lasts."""
    tokens = []
    with httpx.Client(base_url=system.gateway_url, trust_env=False) as http:
        for n in range(3):
            form = Credentials(f"office{n}", SECRET).form
            tokens.append(http.post("/oauth/token", data=form).json()["access_token"])
    ended = threading.Event()

    def ask(n: int) -> None:
        headers = {"Authorization": f"Bearer {tokens[n % 3]}"}
        with httpx.Client(base_url=system.gateway_url, trust_env=False, timeout=70) as http:
            while not ended.is_set():
                http.get(f"/api/v1{path}", headers=headers)

    with ThreadPoolExecutor(40) as threads:
        asking = [threads.submit(ask, n) for n in range(40)]
        try:
            yield
        finally:
            ended.set()
    for each in asking:
        each.result()


def test_what_holds_a_database_up_is_found_and_ended_and_with_it_all_that_follows(
    system, fires, office
):
    slow = ("RequestsSlow", "TurnedAway", "ConnectionsWaitedFor")
    assert not any(map(fires, slow))

    async def held_up() -> None:
        url = system.postgres.url("scoring")
        other = await asyncpg.connect(url, ssl=False)
        await other.execute("BEGIN; LOCK TABLE duty_person IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        with asked_again_and_again(system, persons_path()):
            assert await asyncio.to_thread(eventually, lambda: all(map(fires, slow)), 120)
            # It is looked for by its age.
            await asyncio.sleep(max(0, 61 - (time.monotonic() - began)))
            [route] = [
                each["metric"]["route"]
                for each in fires.ask(commands("RequestsSlow")[0].strip())
                if each["metric"]["job"] == "scoring"
            ][:1]
            assert route == f"GET /api/v1{PERSONS}"
            assert re.search(r'\d+ "subject":"office\d"', run(system, commands("TurnedAway")[0]))
            shown, ending = commands("TransactionOpenForLong")[0].strip().split("\n")
            operator = await asyncpg.connect(url, ssl=False)
            assert [each["usename"] for each in await operator.fetch(shown)] == ["postgres"]
            await operator.fetch(ending)
            await operator.close()
            other.terminate()
            await asyncio.sleep(35)  # all that is seen from now on is of after it

    asyncio.run(held_up())
    for each in slow:
        assert eventually(lambda each=each: fires.is_over(each), 90), each
    office.get(persons_path())


class Receiver:
    """A receiver of webhooks at a port of its own: there, or gone."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.taken: list[int] = []

    @contextmanager
    def there(self) -> Iterator[None]:
        taken = self.taken

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                taken.append(int(self.headers["webhook-position"]))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", self.port), Take)
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield
        finally:
            server.shutdown()
            serving.join()
            server.server_close()


def aged(system: System, statement: str) -> None:
    """Have something be older in the gateway's database than it is."""

    async def done() -> None:
        database = await asyncpg.connect(system.postgres.url("gateway"), ssl=False)
        await database.execute(f"SET session_replication_role = replica; {statement}")
        await database.close()

    asyncio.run(done())


def test_a_receiver_that_is_away_is_told_and_hears_all_once_it_is_back(system, fires):
    """Hours and days are made by taking them off what is stored; all else is as it comes."""
    receiver = Receiver()
    platform = Credentials("platform", SECRET, "client")
    with system.card.client() as admin, system.card.client(platform) as owner:
        account = {"subject": "platform", "kind": "client", "name": "平台", "secret": SECRET}
        admin.post("/accounts", {"accounts": [account | {"roles": ["auditor"]}]})
        host = {"host": "127.0.0.1", "port": receiver.port, "reason": "试用"}
        admin.post("/webhook-hosts", host)
        wanted = {"url": f"http://127.0.0.1:{receiver.port}/take"}
        wanted |= {"types": ["gateway.accounts-created"]}
        at = f"/webhooks/{owner.post('/webhooks', wanted)['webhook']['webhook_id']}"

        def happens(name: str) -> None:
            made = {"subject": name, "kind": "person", "name": "某人", "secret": SECRET}
            admin.post("/accounts", {"accounts": [made | {"roles": ["organiser"]}]})

        def deliveries() -> list[dict]:
            return owner.get(f"{at}/deliveries")["items"]

        happens("one")
        assert eventually(lambda: any(each["tries"] for each in deliveries()))
        aged(system, "UPDATE webhook_message SET frozen_at = frozen_at - interval '2 hours'")
        assert eventually(lambda: fires("WebhooksBehind"))
        assert {each["reason"] for each in deliveries()} == {"not-connected"}
        with receiver.there():
            assert eventually(lambda: not fires("WebhooksBehind"), 90)
        assert receiver.taken == [1]
        happens("two")
        assert eventually(lambda: owner.get(at)["failing_since"] is not None)
        days = "UPDATE webhook_progress SET failing_since = failing_since - interval '6 days'"
        aged(system, days)
        assert eventually(lambda: fires("WebhookDisabled"), 90)
        assert owner.get(at)["state_reason"]
        with receiver.there():
            owner.post(f"{at}/resumption")
            assert eventually(lambda: not fires("WebhookDisabled"))
            assert eventually(lambda: receiver.taken == [1, 2])
        owner.post(f"{at}/ending")


def test_a_disk_that_fills_up_is_told_and_what_is_refused_goes_on_when_logs_are_moved(
    system, fires, office, tmp_path
):
    assert not fires("DiskFillsUp")
    assert not fires("ReadsNotLogged")
    with httpx.Client(base_url=system.gateway_url, trust_env=False) as http:
        form = Credentials("office0", SECRET).form
        token = http.post("/oauth/token", data=form).json()["access_token"]

    def refused() -> bool:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=system.gateway_url, trust_env=False, timeout=70) as http:
            return http.get(f"/api/v1{persons_path()}", headers=headers).status_code == 503

    logs = system.directory / "log"
    old = logs / "kaoping-20260101T000000Z.log.gz"
    fill(logs, old.name)
    assert eventually(lambda: fires("DiskFillsUp"))

    assert eventually(refused, 120)
    assert eventually(lambda: fires("ReadsNotLogged"))
    shown, moving = commands("DiskFillsUp", elsewhere=str(tmp_path))
    sizes = dict(line.split("\t")[::-1] for line in run(system, shown).strip().split("\n"))
    assert sizes["var/log"].endswith("M")
    run(system, moving)
    assert not old.exists()
    assert (tmp_path / old.name).exists()

    def back() -> bool:
        system.heal()
        return not fires("DiskFillsUp")

    assert eventually(back, 90)
    assert eventually(lambda: not refused(), 60)
    assert eventually(lambda: fires.is_over("ReadsNotLogged"), 90)
