"""Where two parts cannot reach each other, callers are told in time and nothing is lost or doubled.

Each part asks the gateway, the gateway each part, and each its database: thirteen ways, each cut
by resets, by silence, and so that what is sent arrives and the answer does not.
"""

import asyncio
import random
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from tests.contracts.publish import PARTS
from tests.guarantees.test_cut_ways import Way
from tests.guarantees.test_lost_replies import through
from tests.system.harness import CHEAP, UNLIMITED, Prepared
from tests.system.two_worlds import KINDS, SCHEME, SOURCE, UNITS, indicator

from kaoping.card import Credentials
from kaoping.parts import Part
from kaoping.system import GATEWAY, NAMES
from service_testing import trials

AT_ONCE = 4
SERVICES = tuple(name for name in NAMES if name != GATEWAY)
WAYS = [
    *((GATEWAY, name) for name in SERVICES),
    *((name, GATEWAY) for name in SERVICES),
    *((name, "database") for name in NAMES),
]
STATES = ("reset", "swallowing", "mute")
CUTS = trials(
    [
        (("scoring", "database"), "mute"),
        ((GATEWAY, "scoring"), "reset"),
        (("scoring", GATEWAY), "swallowing"),
        ((GATEWAY, "survey"), "mute"),
    ],
    [(way, state) for state in STATES for way in WAYS],
)
MOST = trials(8.0, 15.0)
"""Promised to whoever asks, with the seconds of life: a part or a database is given up after
eleven, another part that is read from after ten, and the keys of tokens are waited for three."""
SECRET = "a-horse-that-is-cut-off-often"
ACCOUNTS = {"office": ("performance_office", None), SOURCE: ("data_source_unit", SOURCE)}
ACCOUNTS |= {"auditor": ("auditor", None)}
SETTINGS = {
    **{name.upper(): value for name, value in (CHEAP | UNLIMITED).items()},
    "TOKEN_SECONDS": "3600",
    "SILENCE_SECONDS": str(trials(1, 5)),
    "DOUBT_SECONDS": str(trials(1, 4)),
}


class CutSystem(Prepared):
    """A system whose parts reach one another, and their databases, by ways that can be cut."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, environment=SETTINGS, postgres={"fsync": "off"}, keep=False)
        self.ways: dict[tuple[str, str], Way] = {}
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def way(self, whose: str, to: str, port: int) -> int:
        """Open a way to a port, once, and return its own."""
        if (whose, to) not in self.ways:
            way = self.ways[whose, to] = Way(port)
            opened = asyncio.start_server(way.serve, "127.0.0.1", 0)
            way.server = self._wait(opened)
        return self.ways[whose, to].server.sockets[0].getsockname()[1]

    def become(self, way: tuple[str, str], state: str) -> None:
        self.loop.call_soon_threadsafe(self.ways[way].become, state)

    def stop(self) -> None:
        super().stop()
        if self._thread.is_alive():
            self._wait(self._close())
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join()
            self.loop.close()

    async def _close(self) -> None:
        for way in self.ways.values():
            way.server.close()
            way.become("reset")
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    def _wait(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def _url(self, whose: str, to: str) -> str:
        port = urlsplit(self.processes.urls[to]).port
        return f"http://127.0.0.1:{self.way(whose, to, port)}"

    def _gateway_settings(self) -> dict[str, str]:
        told = super()._gateway_settings()
        upstreams = ", ".join(f'"{name}": "{self._url(GATEWAY, name)}"' for name in SERVICES)
        return told | {"UPSTREAMS": f"{{{upstreams}}}"}

    def _part(self, name: str, instance: int) -> Part:
        part = super()._part(name, instance)
        url = part.environment["DATABASE_URL"]
        port = self.way(name, "database", urlsplit(url).port)
        told = {"DATABASE_URL": through(url, port)}
        if name != GATEWAY:
            told["GATEWAY_URL"] = self._url(name, GATEWAY)
        return replace(part, environment=part.environment | told)


class Callers:
    """Who gives commands to each part; each command has a name of its own, and is stored by it."""

    def __init__(self, system: CutSystem) -> None:
        self.system = system
        self.http = httpx.Client(base_url=system.gateway_url, timeout=70, trust_env=False)
        self.tokens = {"admin": self._token(system.administrator)}
        accounts = [
            {"subject": who, "kind": "person", "name": who, "unit": unit, "roles": [role]}
            | {"secret": SECRET}
            for who, (role, unit) in ACCOUNTS.items()
        ]
        self._set_up("/accounts", {"accounts": accounts}, "admin")
        self.tokens |= {who: self._token(Credentials(who, SECRET)) for who in ACCOUNTS}
        units = [
            {"code": c, "name": c, "kind": k, "valid_from": "2000-01-01"} for c, k in KINDS.items()
        ]
        self._set_up("/units", {"units": units})
        cycle = {"name": "断网", "jurisdiction": "439900", "assessment_year": 2025}
        self.path = f"/cycles/{self._set_up('/cycles', cycle)['cycle_id']}"
        version = self._set_up(f"{self.path}/scheme-versions", {"scheme": _scheme()})["version"]
        self._set_up(f"{self.path}/scheme-versions/{version}/publication")
        self.numbers, self.surveys = iter(range(10_000)), iter(range(SURVEYS))

    def _token(self, credentials: Credentials) -> str:
        answer = self.http.post("/oauth/token", data=credentials.form).raise_for_status()
        return f"Bearer {answer.json()['access_token']}"

    def _set_up(self, path: str, body=None, who: str = "office"):
        answer = self.send((path, body, who), uuid.uuid4().hex)
        assert answer.is_success, answer.text
        return answer.json()

    def command(self, part: str) -> tuple[str, tuple]:
        """Return a new command to a part, with the name under which it stores something."""
        n = next(self.numbers)
        if part == "indicators":
            name = f"D{n}"
            unit = {"code": name, "name": name, "kind": "body", "valid_from": "2000-01-01"}
            return name, ("/units", {"units": [unit]}, "office")
        if part == "gateway":
            name = f"g{n}"
            account = {"subject": name, "kind": "person", "name": name, "roles": ["auditor"]}
            return name, ("/accounts", {"accounts": [account | {"secret": SECRET}]}, "admin")
        if part == "survey":
            name = f"T{next(self.surveys)}"
            return name, (f"{self.path}/surveys", {"code": name}, "office")
        if part == "ranking":
            veto = {"unit": UNITS[1], "code": "V1", "document_no": f"文〔2025〕{n}号", "note": None}
            body = veto | {"decided_on": "2025-12-31"}
            return veto["document_no"], (f"{self.path}/vetoes", body, "office")
        entry = {"unit": UNITS[0], "indicator": "PIECE", "value": "1", "item": f"E{n}"}
        entry |= {"kind": "measured_value", "key": "count"}
        body = {"entries": [entry], "state": "submitted"}
        return f"E{n}", (f"{self.path}/ledger-entries", body, SOURCE)

    def send(self, command: tuple, key: str) -> httpx.Response:
        path, body, who = command
        headers = {"Authorization": self.tokens[who], "Idempotency-Key": key}
        return self.http.post(f"/api/v1{path}", json=body, headers=headers)

    def timed(self, command: tuple, key: str) -> tuple[httpx.Response, float]:
        began = time.monotonic()
        return self.send(command, key), time.monotonic() - began

    def read(self, part: str) -> httpx.Response:
        """Read what a part answers by itself."""
        headers = {"Authorization": self.tokens["auditor"]}
        return self.http.get(f"/api/v1/journals/{part}/heads", headers=headers)

    def stored(self) -> dict[str, list[str]]:
        """Return what the commands have stored, by part."""
        return {part: asyncio.run(self._names(part)) for part in PARTS}

    async def _names(self, part: str) -> list[str]:
        connection = await asyncpg.connect(self.system.postgres.url(part), ssl=False)
        try:
            return [each["name"] for each in await connection.fetch(STORED[part])]
        finally:
            await connection.close()


STORED = {
    "indicators": "SELECT code AS name FROM unit WHERE code ~ '^D[0-9]+$'",
    "gateway": "SELECT subject AS name FROM account WHERE subject ~ '^g[0-9]+$'",
    "survey": "SELECT code AS name FROM survey",
    "ranking": "SELECT document_no AS name FROM veto",
    "scoring": "SELECT item AS name FROM ledger_entry",
}


SURVEYS = 50
"""So many surveys are made at most, each once."""


def _scheme():
    """Return a scheme with as many surveys, each of which some indicator reads."""
    told, codes = deepcopy(SCHEME), [f"T{n}" for n in range(SURVEYS)]
    survey = {"mode": "phone_survey", "collector": SOURCE, "waves": 1, "options": {"good": 100}}
    told["surveys"] = [{"code": code, "name": code} | survey for code in codes]
    [block] = told["categories"][0]["blocks"]
    [solo] = [each for each in block["indicators"] if each["code"] == "SOLO"]
    block["indicators"].remove(solo)
    for code in codes:
        params = {"survey": code, "scale": 100}
        one = indicator(f"BY{code}", 0, "survey_score", params)
        block["indicators"].append(one | {"points": str(Decimal(solo["points"]) / SURVEYS)})
    return told


@pytest.fixture(scope="module")
def callers() -> Iterator[Callers]:
    with TemporaryDirectory(prefix="kaoping-cut-") as folder:
        Path(folder).chmod(0o711)  # for the database server's own account to get in
        with CutSystem(Path(folder) / "var") as system:
            found = Callers(system)
            yield found
            found.http.close()


def asked_over(way: tuple[str, str]) -> list[str]:
    """Return to which parts a command goes that meets a cut on a way."""
    whose, to = way
    if to == "database":
        return [whose]
    return [to] if whose == GATEWAY else [whose]


@pytest.mark.prove
def test_a_cut_between_any_two_parts_loses_and_doubles_nothing_and_keeps_nobody_waiting(
    callers, figure
):
    """Each way cut in each manner in the long form. Planted bugs: an answer is not kept under its
    key; nobody doubts that a part is there; nobody doubts that a database is."""
    system, done = callers.system, {part: set() for part in PARTS}
    chance = random.Random(32)  # noqa: S311 - repeatable
    slowest = 0.0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for way, state in CUTS:
            [part] = asked_over(way)
            wanted = [(*callers.command(part), uuid.uuid4().hex) for _ in range(AT_ONCE)]
            sent = [pool.submit(callers.timed, each[1], each[2]) for each in wanted]
            time.sleep(chance.random() / 50)
            system.become(way, state)
            other = "ranking" if part != "ranking" else "survey"
            if way != (GATEWAY, "database"):
                began = time.monotonic()
                assert callers.read(other).status_code == 200, (way, state)
                assert time.monotonic() - began < 4, (way, state)
            for each in sent:
                answer, seconds = each.result()
                slowest = max(slowest, seconds)
                assert seconds < MOST, (way, state, answer.text)
                check(answer)
            # Whoever asks only now is told as well.
            late = (*callers.command(part), uuid.uuid4().hex)
            answer, seconds = callers.timed(*late[1:])
            assert seconds < MOST, (way, state, answer.text)
            check(answer)
            system.become(way, "open")
            for name, command, key in [*wanted, late]:
                until = time.monotonic() + MOST
                while not (answer := callers.send(command, key)).is_success:
                    check(answer)
                    assert time.monotonic() < until, (way, state, answer.text)
                    time.sleep(0.1)
                done[part].add(name)
    stored = callers.stored()
    for part, names in done.items():
        assert sorted(stored[part]) == sorted(names), part
        for head in callers.read(part).json()["items"]:
            told = f"/api/v1/journals/{part}/chains/{head['chain']}/verification"
            headers = {"Authorization": callers.tokens["auditor"]}
            assert callers.http.get(told, headers=headers).json()["holds"], head
    figure("cuts between parts", len(CUTS))
    figure("ms that a caller waited at most", round(slowest * 1000))


def check(answer: httpx.Response) -> None:
    """A command is done, or its sender is told when to send it again."""
    if answer.is_success:
        return
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.status_code in (409, 429, 503), answer.text
    assert answer.headers["retry-after"]
