"""The whole system behind PgBouncer, which lends a connection for one transaction at a time."""

import asyncio
import contextlib
import csv
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from tests.contracts.publish import PARTS, ROOT
from tests.system.harness import Installation, in_one_process

from chassis.pooling import BOUNDS
from chassis.service import engine_for
from chassis.settings import Settings
from kaoping.client import Client
from kaoping.people import People, Person
from kaoping.plan import OFFICE
from kaoping.results import Release
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from postgres_supervisor import Postgres, Urls
from ranking.package.verify import verify
from service_testing import AUTHORISATION

COUNTY = ROOT / "examples" / "presets" / "county"
PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
pytestmark = pytest.mark.skipif(
    PGBOUNCER is None, reason="pgbouncer is not installed (Debian: apt install pgbouncer)"
)

LENT_AT_ONCE = 2
"""So few connections of the server that hardly two statements of a process meet the same one."""


@pytest.fixture(scope="module")
def urls(databases) -> dict[str, Urls]:
    return {part: databases(part) for part in PARTS}


@pytest.fixture(scope="module")
def pooled(postgres: Postgres, urls) -> Iterator[dict[str, Urls]]:
    """The databases as they are reached through PgBouncer."""
    folder = Path(tempfile.mkdtemp(prefix="kaoping-pooled-"))
    folder.chmod(0o755)
    port = _free_port()
    _write(folder, port, make_url(postgres.url()).port, [make_url(u.app) for u in urls.values()])
    account = "nobody" if os.getuid() == 0 else None  # it refuses to run as root
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [str(PGBOUNCER), str(folder / "pgbouncer.ini")], user=account, stderr=log
        )
    try:
        _await(port, running, folder / "log")
        yield {part: Urls(app=_at(each.app, port), owner=each.owner) for part, each in urls.items()}
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder)


def _write(folder: Path, port: int, server: int | None, roles: list[sa.URL]) -> None:
    """Write what PgBouncer is told, as docs/scale.md has it."""
    bounds = "; ".join(f"SET {name} = {value}" for name, value in BOUNDS.items())
    (folder / "users").write_text(
        "".join(f'"{role.username}" "{role.password}"\n' for role in roles), "utf-8"
    )
    (folder / "pgbouncer.ini").write_text(
        "[databases]\n"
        f"* = host=127.0.0.1 port={server} connect_query='{bounds}'\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {folder}/users\n"
        f"pool_mode = transaction\ndefault_pool_size = {LENT_AT_ONCE}\nmax_client_conn = 200\n",
        "utf-8",
    )
    if os.getuid() == 0:
        for each in folder.iterdir():
            shutil.chown(each, "nobody")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _await(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and running.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(log.read_text("utf-8"))


def _at(url: str, port: int) -> str:
    return make_url(url).set(port=port).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def installation(postgres, pooled, tmp_path_factory) -> Iterator[Installation]:
    keys = tmp_path_factory.mktemp("keys")
    running = in_one_process(postgres, pooled.__getitem__, keys, database_pooled=True)
    with running as found:
        yield found


def test_a_year_behind_pgbouncer_comes_out_as_computed_by_hand(installation, figure):
    """Planted bugs: `database_pooled` false; statements with the names of the dialect."""
    with (COUNTY / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["unit"]: row for row in csv.DictReader(file)}
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
        Steps() as steps,
    ):
        year = Year(read_tables(COUNTY), people, steps)
        year.play()
        office = people[OFFICE]
        releases = [Release.read(office, year.cycle_id, n) for n in year.releases.values()]
        for number in year.releases.values():
            package = office.file(f"{year.path}/releases/{number}/package")
            digest = office.get(f"{year.path}/releases/{number}")["digest"]
            assert verify(package, digest) == [], number
        asked = _asked_at_once(office, year.path)
        chains = _verified(people, year.cycle_id)
    found = {
        unit["unit"]: (Decimal(unit["final_total"]), unit["rank"], unit["grade"])
        for release in releases
        for unit in release.ranking["units"]
    }
    assert found == {
        unit: (Decimal(row["total"]), int(row["rank"]), row["grade"])
        for unit, row in expected.items()
    }
    figure("reads at once behind PgBouncer", asked)
    figure("chains verified behind PgBouncer", chains)


def _asked_at_once(office: Client, year: str) -> int:
    """Read many documents at once, over two connections of each database."""
    paths = [f"{year}/scheme", f"{year}/score-sheets", f"{year}/rankings", f"{year}/ledger-entries"]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(office.get, paths * 12))
    assert all(answers)
    return len(answers)


def _verified(people: People, cycle_id: str) -> int:
    """Have the chains of the year verified by all parts: by a cursor, in one transaction."""
    people.invite([Person("auditor", "审计", ("auditor",), None)])
    auditor = people["auditor"]
    for part in PARTS:
        if part != "gateway":
            found = auditor.get(f"/journals/{part}/chains/{cycle_id}/verification")
            assert (found["holds"], found["length"] > 0) == (True, True), part
    return len(PARTS) - 1


async def test_what_is_asked_behind_pgbouncer_is_bounded_as_elsewhere(pooled):
    """Planted bug: nothing before a transaction."""
    url = pooled["ranking"].app
    settings = Settings(database_url=url, database_pooled=True, authorisation_file=AUTHORISATION)
    engine = engine_for(settings)
    setting = sa.text("SELECT setting FROM pg_settings WHERE name = :name")
    try:
        async with engine.connect() as db:
            for name, value in BOUNDS.items():
                assert await db.scalar(setting, {"name": name}) == value, name

        async def many(number: int) -> None:
            async with engine.begin() as db:
                for _ in range(5):
                    got = await db.scalar(sa.text("SELECT cast(:n AS int) + 1"), {"n": number})
                    assert got == number + 1

        await asyncio.gather(*(many(number) for number in range(40)))
    finally:
        await engine.dispose()
