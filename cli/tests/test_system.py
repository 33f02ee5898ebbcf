"""The whole system, run as `kaoping up` and `kaoping demo` run it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from chassis.settings import Settings
from kaoping.card import Card
from kaoping.client import Client
from kaoping.exact import read_json
from kaoping.system import NAMES, System
from postgres_supervisor import Postgres
from postgres_supervisor.databases import CONNECTIONS, OWNER_CONNECTIONS

EXAMPLE = Path(__file__).parents[2] / "examples/yunchuan-2025"
CHEAP = {"ARGON2_MEMORY": "64", "ARGON2_PASSES": "1", "ARGON2_LANES": "1"}


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    with System.temporary(environment=CHEAP) as running:
        yield running


@pytest.fixture(scope="module")
def administrator(system: System) -> Iterator[Client]:
    with system.card.client() as client:
        yield client


def gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_every_service_is_a_process_of_its_own_and_ready(system: System) -> None:
    assert set(system.pids) == set(NAMES)
    assert len(set(system.pids.values())) == len(NAMES)
    for url in system.processes.urls.values():
        assert httpx.get(f"{url}/health/ready", trust_env=False).is_success


@pytest.mark.parametrize("name", NAMES)
def test_a_killed_service_is_back_before_its_callers_give_up(
    system: System, administrator: Client, name: str
) -> None:
    before = system.pids[name]
    os.kill(before, signal.SIGKILL)
    # Whoever asks now waits in line; a machine that is busy takes a moment more to be ready.
    deadline, url = time.monotonic() + 20, f"{system.processes.urls[name]}/health/ready"
    while not httpx.get(url, timeout=20, trust_env=False).is_success:
        assert time.monotonic() < deadline
    assert system.pids[name] != before
    [role] = administrator.get("/me")["roles"]
    assert role["code"] == "system_administrator"


def test_a_killed_database_is_back_and_what_was_stored_with_it(
    system: System, administrator: Client
) -> None:
    """Planted bug: leave `heal` out of the loop of `kaoping up`: every answer stays a 503."""
    port = system.postgres.port
    postmaster = int((system.postgres.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    deadline = time.monotonic() + 30
    url = f"{system.gateway_url}/health/ready"
    with httpx.Client(timeout=20, trust_env=False) as asking:
        while asking.get(url).is_success:
            assert time.monotonic() < deadline
        while not asking.get(url).is_success:
            assert time.monotonic() < deadline
            time.sleep(0.2)
            system.heal()
    assert system.postgres.port == port
    [role] = administrator.get("/me")["roles"]
    assert role["code"] == "system_administrator"


def test_the_log_is_one_file_of_json_lines(system: System, administrator: Client) -> None:
    administrator.get("/me")
    lines = [read_json(line) for line in system.log.read_text().splitlines()]
    assert {"gateway"} <= {line["service"] for line in lines} <= {*NAMES, "zygote"}
    assert system.administrator.secret not in system.log.read_text()


def test_what_is_stored_and_the_first_account_survive_a_restart(tmp_path: Path) -> None:
    kept = System(tmp_path / "var", environment=CHEAP, postgres={"fsync": "off"})
    account = {
        "subject": "zh01",
        "kind": "client",
        "name": "办",
        "unit": "ZH01",
        "roles": ["auditor"],
    }
    with kept, kept.card.client() as client:
        client.post("/accounts", {"accounts": [account]})
        pids = list(kept.pids.values())
    assert all(gone(pid) for pid in pids)
    with System(tmp_path / "var", environment=CHEAP, postgres={"fsync": "off"}) as again:
        with Card.read(tmp_path / "var").client() as client:
            subjects = [account["subject"] for account in client.pages("/accounts")]
        assert subjects == ["admin", "zh01"]
    again.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_demo_that_is_told_to_end_leaves_nothing_behind(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-c", "from kaoping.app import main; main()", "demo", str(EXAMPLE)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    with demo:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("kaoping-*/pids.json")):
            assert demo.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        [pids] = tmp_path.glob("kaoping-*/pids.json")
        services = read_json(pids.read_text()).values()
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(30) != 0
    assert all(gone(pid) for pid in services)
    assert list(tmp_path.iterdir()) == []


async def test_five_services_and_their_owners_fit_into_the_server() -> None:
    with Postgres.temporary({"fsync": "off"}) as server:
        connection = await asyncpg.connect(server.url(), ssl=False)
        limits = await connection.fetchrow(
            "SELECT current_setting('max_connections')::int AS most,"
            " current_setting('superuser_reserved_connections')::int AS kept"
        )
        await connection.close()
    assert Settings.model_fields["pool_size"].default * 2 <= CONNECTIONS
    assert limits["most"] - limits["kept"] >= len(NAMES) * (CONNECTIONS + OWNER_CONNECTIONS)
