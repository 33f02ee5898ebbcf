"""A machine of a cluster is lost, and the one that followed it takes its place."""

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy.engine import make_url
from tests.system.cluster.asking import (
    COUNTY,
    SPREAD,
    asked,
    on_a_cluster,
    place_of,
    require_as_computed_by_hand,
    until_done,
)
from tests.system.harness import Installation

from kaoping.people import Person
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from postgres_supervisor import Postgres, copied, unpack
from service_testing import UNSAFE
from service_testing.clusters import SETTINGS, done

FOLLOWS = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = $1"


@pytest.fixture(scope="module")
def lost(cluster) -> Iterator[Postgres]:
    """The machine that will be lost. It waits for the one that follows it before it says that
    anything is kept; afterwards it is as it was for all other databases."""
    if cluster is None:
        pytest.skip("no PostgreSQL with Citus is named by CITUS_BIN")
    machine = cluster.others[0]
    yield machine
    if not machine.running:
        machine.start()
    _set(machine, "ALTER SYSTEM RESET synchronous_standby_names")


@pytest.fixture(scope="module")
def following(lost, installation, tmp_path_factory) -> Iterator[Postgres]:
    """The machine that follows it, with all that it holds."""
    directory = tmp_path_factory.mktemp("following")
    shutil.copy(lost.directory / "secrets.json", directory / "secrets.json")
    url = make_url(lost.url())
    source = f"host=127.0.0.1 port={url.port} user={url.username} password={url.password}"
    settings = {**UNSAFE, **SETTINGS, "primary_conninfo": source}
    standby = Postgres(directory, settings, keep=False)
    try:
        with copied(lost) as stream:
            unpack(standby, stream)
        waiting = standby.data / "standby.signal"
        waiting.touch()
        if standby.account is not None:
            os.chown(waiting, standby.account.uid, standby.account.gid)
        standby.start()
        _set(lost, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        deadline = time.monotonic() + 60
        while not done(asked(lost.url(), FOLLOWS, "sync"))[0][0]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield standby
    finally:
        standby.remove()


def _set(machine: Postgres, statement: str) -> None:
    for each in (statement, "SELECT pg_reload_conf()"):
        done(asked(machine.url(), each))


def _lose(machine: Postgres) -> None:
    """End a server at once, with all that it does."""
    os.kill(int((machine.data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    while machine.running:
        time.sleep(0.01)


def _take_its_place(installation: Installation, lost: int, following: Postgres) -> None:
    """Do what docs/scale.md says."""
    done(asked(following.url(), "SELECT pg_promote()"))
    for part in SPREAD:
        done(
            asked(
                installation.databases[part],
                "SELECT citus_update_node(nodeid, '127.0.0.1', $1, true, 1000) FROM pg_dist_node"
                " WHERE nodeport = $2",
                following.port,
                lost,
            )
        )
        done(asked(installation.databases[part], "SELECT recover_prepared_transactions()"))


@on_a_cluster
def test_a_machine_that_followed_takes_the_place_of_one_that_is_lost(
    ask, installation, people, lost, following, figure
):
    """While commands are given that are at it. Planted bug: it is not waited for, and what was
    acknowledged last is not there."""
    with Steps() as steps:
        year = Year(read_tables(COUNTY), people, steps)
        year.play()
    port, keys = lost.port, [f"while-it-is-lost-{n}" for n in range(60)]
    heard = Counter[int]()

    def counted(year: int, key: str) -> httpx.Response:
        answer = ask(year, key)
        heard[answer.status_code] += 1
        return answer

    with ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(until_done, counted, 2032, key) for key in keys]
        while sum(each.done() for each in begun) < 20:
            time.sleep(0.01)
        _lose(lost)
        _take_its_place(installation, port, following)
        answers = [each.result() for each in begun]
    assert {each.status_code for each in answers} == {201}, [a.text for a in answers]
    assert heard.keys() <= {201, 409, 503}, heard
    told = {each.json()["cycle_id"] for each in answers}
    url = installation.databases["indicators"]
    rows = done(asked(url, "SELECT cycle_id::text FROM cycle WHERE assessment_year = 2032"))
    assert sorted(row[0] for row in rows) == sorted(told)
    places = {place_of(url, each) for each in told}
    assert (len(told), following.port in places, port in places) == (len(keys), True, False)
    require_as_computed_by_hand(year, people)
    people.invite([Person("controller", "核验", ("auditor",), None)])
    for cycle_id in told:
        chain = people["controller"].get(f"/journals/indicators/chains/{cycle_id}/verification")
        assert (chain["holds"], chain["length"]) == (True, 1), chain
    for part in SPREAD:
        done(asked(installation.databases[part], "SELECT recover_prepared_transactions()"))
    left = done(asked(following.url(), "SELECT count(*) FROM pg_prepared_xacts"))
    assert left[0][0] == 0
    figure("commands while a machine was lost and followed", len(keys))
