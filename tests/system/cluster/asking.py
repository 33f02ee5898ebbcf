"""How tests ask a system on a cluster, and what they ask its machines."""

import csv
import os
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url
from tests.contracts.publish import ROOT
from tests.system.harness import Installation

from kaoping.distribution import declared
from kaoping.people import People, Person
from kaoping.plan import OFFICE
from kaoping.results import Release
from kaoping.year import Year
from postgres_supervisor import Urls
from service_testing.clusters import Cluster, done

COUNTY = ROOT / "examples" / "presets" / "county"
SPREAD = [name for name, said in declared().items() if said.columns()]
on_a_cluster = pytest.mark.skipif(
    not os.environ.get("CITUS_BIN"), reason="no PostgreSQL with Citus is named by CITUS_BIN"
)
Ask = Callable[[int, str], httpx.Response]


async def asked(url: str, question: str, *values: object) -> list[asyncpg.Record]:
    """Ask a database of its own."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        return await connection.fetch(question, *values)
    finally:
        await connection.close()


def until_done(ask: Ask, year: int, key: str) -> httpx.Response:
    """Ask as a client that tries again, under the same key."""
    deadline = time.monotonic() + 90
    while True:
        answer = ask(year, key)
        if answer.status_code == 201 or time.monotonic() > deadline:
            return answer
        assert answer.status_code in (409, 429, 500, 502, 503, 504), answer.text
        time.sleep(0.2)


def until_told(client: httpx.Client, path: str) -> httpx.Response:
    """Read as a client that tries again what passes."""
    deadline = time.monotonic() + 90
    while True:
        answer = client.get(f"/api/v1{path}")
        if answer.status_code != 503 or time.monotonic() > deadline:
            return answer
        time.sleep(0.2)


def place_of(url: str, cycle_id: str) -> int:
    """Return the port of the machine on which a year lies in a database."""
    question = (
        "SELECT nodeport FROM citus_shards WHERE table_name = 'journal_entry'::regclass"
        " AND shardid = get_shard_id_for_distribution_column('journal_entry', $1::text::uuid)"
    )
    [[port]] = done(asked(url, question, cycle_id))
    return port


def machine_of(installation: Installation, cycle_id: str) -> int:
    """Return the port of the machine on which the year of a cycle lies among the indicators."""
    return place_of(installation.databases["indicators"], cycle_id)


MAY_NOT: Sequence[str] = (
    "UPDATE {} SET body = ''",
    "UPDATE {} SET seq = seq + 1",
    "DELETE FROM {}",
    "TRUNCATE {}",
)


async def changes_refused(cluster: Cluster, urls: Urls, part: str) -> int:
    """Try to change the journal of a part on each machine, in the table and in each shard, as the
    service and as the owner; return how often that was refused."""
    name, tried = make_url(urls.app).database, 0
    shards = await asked(
        cluster.first.url(name),
        "SELECT shardid, nodeport FROM citus_shards WHERE table_name = 'journal_entry'::regclass",
    )
    assert len(shards) == 4
    for machine in cluster.machines:
        ours = [f"journal_entry_{s}" for s, port in shards if port == machine.port]
        for role in (part, f"{part}_owner"):
            connection = await asyncpg.connect(machine.url(name, role), ssl=False)
            await connection.execute("SET citus.enable_manual_changes_to_shards = on")
            for table in ("journal_entry", *ours):
                for statement in MAY_NOT:
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.execute(statement.format(f"public.{table}"))
                    tried += 1
            await connection.close()
    return tried


def require_as_computed_by_hand(year: Year, people: People) -> None:
    """Compare a county's year with what was computed by hand, and verify its journals."""
    with (COUNTY / "expected.csv").open(encoding="utf-8", newline="") as file:
        expected = {row["unit"]: row for row in csv.DictReader(file)}
    office = people[OFFICE]
    releases = [Release.read(office, year.cycle_id, n) for n in year.releases.values()]
    found = {
        unit["unit"]: (Decimal(unit["final_total"]), unit["rank"], unit["grade"])
        for release in releases
        for unit in release.ranking["units"]
    }
    assert found == {
        unit: (Decimal(row["total"]), int(row["rank"]), row["grade"])
        for unit, row in expected.items()
    }
    people.invite([Person("auditor", "审计", ("auditor",), None)])
    for part in SPREAD:
        told = people["auditor"].get(f"/journals/{part}/chains/{year.cycle_id}/verification")
        assert (told["holds"], told["length"] > 0) == (True, True), (part, told)
