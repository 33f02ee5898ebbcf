"""A cluster is restored to one point, which all of its machines know by name."""

import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from tests.system.cluster.asking import (
    COUNTY,
    SPREAD,
    asked,
    on_a_cluster,
    require_as_computed_by_hand,
    until_done,
)

from kaoping.backups.faults import BackupFault
from kaoping.backups.making import make
from kaoping.backups.sealing import Key
from kaoping.distributing import NotSpreadable
from kaoping.jurisdictions.leaving import leave
from kaoping.people import Person
from kaoping.points import name_point
from kaoping.steps import Steps
from kaoping.system import NAMES
from kaoping.tables import read_tables
from kaoping.year import Year
from postgres_supervisor import Postgres, copied, recover, unpack
from service_testing import UNSAFE
from service_testing.clusters import SETTINGS, Cluster, done, shut

POINT = "before it was lost"


async def test_on_one_machine_no_point_is_named(postgres, databases):
    """Its own log has every one. Planted bug: what is no name is taken for one."""
    if os.environ.get("CITUS_BIN"):
        pytest.skip("all databases lie on a cluster")
    name = str(make_url(databases("ranking").app).database)
    with pytest.raises(NotSpreadable, match="it is on one machine") as refused:
        await name_point("night", postgres.url(), [name])
    assert "只在一台机器上" in refused.value.zh
    with pytest.raises(NotSpreadable, match="63 letters"):
        await name_point("x" * 64, postgres.url(), [name])


def _copy(machine: Postgres, directory: Path) -> Postgres:
    """Copy a machine while it works."""
    directory.mkdir()
    shutil.copy(machine.directory / "secrets.json", directory / "secrets.json")
    copy = Postgres(directory, {**UNSAFE, **SETTINGS}, keep=False)
    with copied(machine) as stream:
        unpack(copy, stream)
    return copy


def _keep_log(machine: Postgres, kept: Path) -> None:
    """Keep what a machine has written of its log of changes."""
    done(asked(machine.url(), "SELECT pg_switch_wal(), pg_current_xact_id()"))
    shutil.copytree(machine.data / "pg_wal", kept)


def _fetch(kept: Path, name: str, target: Path) -> bool:
    if not (kept / name).is_file():
        return False
    shutil.copyfile(kept / name, target)
    return True


@pytest.fixture
def standing(cluster) -> Iterator[Cluster]:
    """The cluster; whatever is done to its machines, they stand again afterwards."""
    yield cluster
    for each in cluster.machines:
        each.start()


@on_a_cluster
def test_a_cluster_restored_to_a_point_has_all_before_it_and_nothing_half(
    ask, standing, urls, installation, people, tmp_path, figure
):
    """Named while commands are given. Planted bug: each machine is taken back to an instant of its
    own."""
    tmp_path.parent.chmod(0o711)
    tmp_path.chmod(0o711)  # for PostgreSQL's own account to get in
    with Steps() as steps:
        year = Year(read_tables(COUNTY), people, steps)
        year.play()
    names = [str(make_url(urls[part].app).database) for part in SPREAD]
    keys = [f"around-a-point-{n}" for n in range(60)]
    copies = [_copy(each, tmp_path / str(each.port)) for each in standing.machines]
    with ThreadPoolExecutor(8) as pool:
        begun = [pool.submit(until_done, ask, 2033, key) for key in keys]
        while sum(each.done() for each in begun) < 20:
            time.sleep(0.01)
        before = {each.result().json()["cycle_id"] for each in begun if each.done()}
        assert len(done(name_point(POINT, standing.first.url(), names))) == 3
        answers = [each.result() for each in begun]
    assert {each.status_code for each in answers} == {201}, [a.text for a in answers]
    logs = {each.port: tmp_path / f"{each.port}.wal" for each in standing.machines}
    for each in standing.machines:
        _keep_log(each, logs[each.port])
    for each in standing.machines:
        each.stop()
    with ExitStack() as stack:
        for copy in copies:
            stack.callback(copy.remove)
            recover(copy, {"recovery_target_name": POINT}, partial(_fetch, logs[copy.port]))
            copy.start()
        assert [copy.port for copy in copies] == [each.port for each in standing.machines]
        for name in names:
            done(asked(copies[0].url(name), "SELECT recover_prepared_transactions()"))
        question = "SELECT cycle_id::text FROM cycle WHERE assessment_year = 2033"
        there = {row[0] for row in done(asked(copies[0].url(names[0]), question))}
        assert before <= there < {each.json()["cycle_id"] for each in answers}
        require_as_computed_by_hand(year, people)
        people.invite([Person("controller", "核验", ("auditor",), None)])
        for cycle_id in there:
            chain = people["controller"].get(f"/journals/indicators/chains/{cycle_id}/verification")
            assert (chain["holds"], chain["length"]) == (True, 1), chain
        # What came after the point is done anew under its key.
        again = [until_done(ask, 2033, key).json()["cycle_id"] for key in keys]
        assert there <= set(again)
        assert len(done(asked(copies[0].url(names[0]), question))) == len(keys)
    figure("commands around a point to which a cluster was restored", len(keys))


@on_a_cluster
def test_a_machine_of_several_is_not_backed_up_for_all_of_them(cluster, urls, tmp_path):
    """Nor does a jurisdiction leave it. Planted bug: nobody asks whether there are others."""
    var, place = tmp_path / "var", tmp_path / "backups"
    var.mkdir()
    (var / "postgres").symlink_to(cluster.first.directory)
    key = Key.draw(tmp_path / "backup.key")
    for name in NAMES:
        allowed = f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'
        done(asked(cluster.first.url(), allowed))
    try:
        with pytest.raises(BackupFault, match="on several machines") as refused:
            make(place, var, key)
        assert "分布在多台机器上" in refused.value.zh
        with pytest.raises(BackupFault, match="on several machines"):
            leave(var, "532500", tmp_path / "left")
    finally:
        for name in NAMES:  # others are copied from these
            done(shut(cluster.first, name))
    assert [*place.iterdir()] == []
    assert not (tmp_path / "left").exists()
