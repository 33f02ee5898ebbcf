"""The whole system on a cluster: one PostgreSQL server with Citus, and two more for its rows.

`CITUS_BIN` names the programs of a server that has Citus 14; without it these tests are skipped,
and with it the databases of all other tests lie on a cluster as well.
"""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import asyncpg
import httpx
import pytest
from sqlalchemy.engine import make_url
from tests.contracts.publish import PARTS
from tests.system.cluster.asking import (
    COUNTY,
    SPREAD,
    asked,
    changes_refused,
    machine_of,
    on_a_cluster,
    require_as_computed_by_hand,
    until_done,
    until_told,
)
from tests.system.harness import in_five_processes_on

from kaoping.distributing import NotSpreadable, distribute
from kaoping.distribution import declared
from kaoping.moving import move
from kaoping.people import People, Person
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from postgres_supervisor import Postgres
from service_testing import home_of, migrate
from service_testing.clusters import done


async def test_without_citus_a_database_is_refused_and_left_as_it_is(databases, tmp_path):
    """Planted bug: nobody asks for the extension."""
    if os.environ.get("CITUS_BIN"):
        pytest.skip("all databases lie on a cluster")
    urls = databases("ranking")
    with pytest.raises(NotSpreadable, match="Citus is not installed") as refused:
        await distribute("ranking", urls.owner, home_of("ranking"))
    assert "未安装 Citus" in refused.value.zh
    with pytest.raises(NotSpreadable, match="stays on one machine"):
        await distribute("gateway", urls.owner, home_of("gateway"))
    with pytest.raises(NotSpreadable, match="Citus is not installed"):
        await move("ranking", urls.owner)


@pytest.fixture(scope="module")
def year(people) -> Year:
    """A county's year, played to its published ranking."""
    with Steps() as steps:
        year = Year(read_tables(COUNTY), people, steps)
        year.play()
    return year


@on_a_cluster
def test_a_year_over_two_machines_comes_out_as_computed_by_hand(year, people, figure):
    """Planted bug: a table that is spread by another column than its journal."""
    require_as_computed_by_hand(year, people)
    figure("chains verified on a cluster", len(SPREAD))


@on_a_cluster
def test_five_processes_on_a_cluster_play_the_same_year(postgres, databases, figure):
    """Each takes by itself that tables lie on several machines. Planted bug: `DATABASE_SPREAD` is
    read and nothing is marked by it."""
    given = {part: databases(part) for part in PARTS}
    with (
        in_five_processes_on(postgres, given) as running,
        running.client(running.administrator) as administrator,
        People(administrator, running.client) as people,
        Steps() as steps,
    ):
        assert len(running.system.pids) == len(PARTS)
        year = Year(read_tables(COUNTY), people, steps)
        year.play()
        require_as_computed_by_hand(year, people)
    figure("processes on a cluster", len(PARTS))


@on_a_cluster
async def test_rows_lie_with_their_cycle_and_all_others_are_as_declared(
    databases, urls, installation, year
):
    """Planted bug: `kaoping database distribute` leaves one table out."""
    for part in SPREAD:
        said, url = declared()[part], installation.databases[part]
        rows = await asked(
            url,
            "SELECT c.relname, CASE WHEN d.partmethod = 'h' THEN 'distributed'"
            " WHEN d.repmodel = 't' THEN 'reference' ELSE 'local' END, d.colocationid"
            " FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid",
        )
        kinds = {row[0]: row[1] for row in rows}
        wanted = {name: kind for name, kind in said.kinds.items() if kind != "local"}
        assert {name: kind for name, kind in kinds.items() if kind != "local"} == wanted
        assert kinds["idempotency_key"] == "local"
        assert len({row[2] for row in rows if row[1] == "distributed"}) == 1
    found = await asked(
        installation.databases["scoring"],
        "SELECT shardid, result::int FROM run_command_on_shards('ledger_entry',"
        " 'SELECT count(*) FROM %s')",
    )
    assert [row["result"] > 0 for row in found].count(True) == 1, found
    home = home_of("scoring")
    with pytest.raises(NotSpreadable, match="stop it first") as refused:
        await distribute("scoring", urls["scoring"].owner, home)
    assert "请先停止" in refused.value.zh
    fresh = databases("scoring").owner
    assert await distribute("scoring", fresh, home, check=True) == []
    assert await distribute("scoring", fresh, home) == []  # any number of times


@on_a_cluster
async def test_nobody_changes_the_journal_on_any_machine(cluster, urls, installation, year, figure):
    """Planted bug: rights are taken on the first machine alone."""
    figure(
        "changes of the journal refused on a cluster",
        await changes_refused(cluster, urls["scoring"], "scoring"),
    )


_PLANTED = """
import sqlalchemy as sa
from alembic import op
from chassis import migrations
from chassis.migrations import Recorded

revision, down_revision = "9999", "{before}"


def upgrade() -> None:
    op.create_table(
        "planted",
        sa.Column("cycle_id", sa.Uuid(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "edition", name="pk_planted"),
        sa.ForeignKeyConstraint(
            ["cycle_id", "edition"], ["ranking.cycle_id", "ranking.edition"], name="fk_planted"
        ),
    )
    migrations.append_only("planted")
    migrations.recorded(Recorded("planted", "Planted", "\\u6240\\u690d", by="cycle_id"))
    op.add_column("veto", sa.Column("remark", sa.Text()))
    op.create_index("ix_veto_remark", "veto", ["remark"])
"""


@on_a_cluster
async def test_later_revisions_reach_every_machine(cluster, databases, tmp_path):
    """Planted bugs: a new table stays on the first machine; the owner may change it elsewhere."""
    home, urls = tmp_path / "ranking", databases("ranking")
    shutil.copytree(home_of("ranking"), home, ignore=shutil.ignore_patterns("src", "tests"))
    revisions = sorted(each.name[:4] for each in (home / "migrations/versions").glob("*.py"))
    planted = _PLANTED.replace("{before}", revisions[-1])
    (home / "migrations/versions/9999_planted.py").write_text(planted, "utf-8")
    migrate(home, urls.owner)
    [[kind]] = await asked(
        urls.owner,
        "SELECT partmethod::text FROM pg_dist_partition WHERE logicalrelid = 'planted'::regclass",
    )
    assert kind == "h"
    cycle = "01890000-0000-7000-8000-000000000001"
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await asked(urls.app, "INSERT INTO planted VALUES ($1, 1, 'x')", cycle)
    await asked(urls.app, "SELECT remark FROM veto")
    name = make_url(urls.app).database
    for machine in cluster.machines:
        for role in ("ranking", "ranking_owner"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await asked(machine.url(name, role), "UPDATE planted SET said = ''")
    indexed = "SELECT count(*) FROM pg_indexes WHERE indexname LIKE 'ix_veto_remark%'"
    for machine in cluster.others:
        [[number]] = await asked(machine.url(name), indexed)
        assert number >= 1


@on_a_cluster
async def test_a_hundred_equal_keys_do_one_thing(ask, installation, figure):
    """Planted bug: the key is claimed where its row lies, and not on the first machine."""
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: until_done(ask, 2031, "one-and-the-same"), range(100)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    question = "SELECT count(*) FROM cycle WHERE assessment_year = 2031"
    assert (await asked(installation.databases["indicators"], question))[0][0] == 1
    figure("equal keys at once on a cluster", len(answers))


def _through_crashes(
    ask: Callable[[int, str], httpx.Response], failing: Postgres, keys: Sequence[str]
) -> list[httpx.Response]:
    """Have a server crash again and again while commands are given: it ends all that it does."""
    at_work = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
    with ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(until_done, ask, 2032, key) for key in keys]
        for share in (10, 20, 30):
            while sum(each.done() for each in begun) < share:
                time.sleep(0.01)
            with suppress(OSError, asyncpg.PostgresError):  # it is coming up from the one before
                [[pid], *_] = done(asked(failing.url(), at_work))
                os.kill(pid, signal.SIGKILL)
        return [each.result() for each in begun]


@on_a_cluster
async def test_a_machine_that_crashes_takes_nothing_acknowledged_and_leaves_nothing_half(
    ask, cluster, installation, people, figure
):
    """Each command commits where its cycle lies, and on the first machine, where its key is.

    Planted bug: the cluster knows nothing of the table of keys.
    """
    failing, keys = cluster.others[0], [f"through-crashes-{n}" for n in range(60)]
    answers = _through_crashes(ask, failing, keys)
    assert {each.status_code for each in answers} == {201}, [a.text for a in answers]
    told = {each.json()["cycle_id"] for each in answers}
    url = installation.databases["indicators"]
    deadline = time.monotonic() + 60
    while True:  # it is up again, and what was under way is settled
        with suppress(OSError, asyncpg.PostgresError):
            await asked(url, "SELECT recover_prepared_transactions()")
            await asked(url, "SELECT count(*) FROM cycle")
            break
        assert time.monotonic() < deadline
        await asyncio.sleep(0.2)
    rows = await asked(url, "SELECT cycle_id::text FROM cycle WHERE assessment_year = 2032")
    assert sorted(row[0] for row in rows) == sorted(told)
    assert len(told) == len(keys)
    people.invite([Person("controller", "核验", ("auditor",), None)])
    for cycle_id in told:
        chain = people["controller"].get(f"/journals/indicators/chains/{cycle_id}/verification")
        assert (chain["holds"], chain["length"]) == (True, 1), chain
    for machine in cluster.machines:
        left = "SELECT count(*) FROM pg_prepared_xacts"
        assert (await asked(machine.url(), left))[0][0] == 0
    figure("commands through crashes of a machine", len(keys))


OF_A_YEAR = ("", "/ledger", "/ledger-entries", "/claims", "/score-sheets", "/rankings", "/surveys")


@on_a_cluster
def test_a_machine_that_stays_away_takes_its_own_years_and_no_others(
    ask, cluster, installation, people, year, figure
):
    """In another year entries are handed in and verified meanwhile. What is of the years that are
    away, or of all years, is refused by name as what passes, and done once when it is back.

    Planted bugs: a failure of another machine is told as a mistake of ours; what was under way when
    the machine went is left half done.
    """
    port = machine_of(installation, year.cycle_id)
    away = next(each for each in cluster.others if each.port == port)
    other = Year(read_tables(COUNTY), people, Steps())
    while not other.cycle_id or machine_of(installation, other.cycle_id) == port:
        other.publish_scheme(lambda *_: None)
    other.agree_targets(lambda *_: None)
    with installation.raw(Authorization=f"Bearer {people[OFFICE]._token}") as client:

        def score() -> httpx.Response:
            body, key = {"categories": year.plan.categories}, {"Idempotency-Key": "scored-once"}
            return client.post(f"/api/v1{year.path}/score-sheets", json=body, headers=key)

        before = until_told(client, f"{year.path}/score-sheets").json()
        away.stop()
        try:
            refused = [client.get(f"/api/v1{year.path}{each}") for each in OF_A_YEAR]
            refused += [score(), client.get("/api/v1/cycles")]
            other.post_entries(lambda *_: None)
            other.verify_entries(lambda *_: None)
            read = client.get(f"/api/v1{other.path}/ledger-entries")
            assert len(read.json()["items"]) == len(other.entry_ids) > 0
        finally:
            away.start()
        for each in refused:
            assert each.status_code == 503, (each.url, each.text)
            assert each.json()["type"] in ("database-unavailable", "peer-down"), each.text
            assert int(each.headers["Retry-After"]) > 0
        for each in OF_A_YEAR:
            assert until_told(client, f"{year.path}{each}").status_code == 200, each
        while (done_once := score()).status_code == 503:
            time.sleep(0.2)
        assert done_once.status_code == 201, done_once.text
        after = until_told(client, f"{year.path}/score-sheets").json()
        assert len(after["items"]) == len(before["items"]) + 1
    figure("requests refused while a machine was away", len(refused))
