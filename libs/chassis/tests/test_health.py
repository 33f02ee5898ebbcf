"""Readiness: what it says is so, and it is said in time."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import asyncpg
import lending
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from chassis.checkpoints import DatabaseBehind
from chassis.databases import _ASKED, _answered
from chassis.health import Readiness
from chassis.leaving import Leaving


@pytest.fixture(scope="module")
async def service(run_service, tmp_path_factory):
    return await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
    )


def migrations(folder: Path, *names: str) -> Path:
    (folder / "versions").mkdir()
    for name in names:
        (folder / "versions" / f"{name}.py").touch()
    return folder


@pytest.mark.parametrize(
    ("newest", "lacking"), [("9999_later", "migrations"), ("0000_earlier", ""), ("", "")]
)
async def test_a_database_that_lacks_a_migration_is_not_ready(service, tmp_path, newest, lacking):
    """A newer one is: the database goes first when a version is exchanged. Planted bugs: any
    revision will do; only our own newest will."""
    folder = migrations(tmp_path, *([newest] if newest else []))
    assert await Readiness(service.app.state.sessions, migrations=folder).lacking() == lacking


async def test_a_database_that_is_behind_the_checkpoints_is_not_ready(service):
    """Planted bugs: compare with each question; never compare again; take a database that does not
    answer for one that is behind."""
    now, compared, failing = [0.0], list[float](), list[Exception]()

    async def not_behind():
        compared.append(now[0])
        if failing:
            raise failing[0]

    ready = Readiness(service.app.state.sessions, lambda: now[0], not_behind=not_behind)
    said = []
    for seconds, error in (
        (0, None), (30, DatabaseBehind("x", "x")), (61, DatabaseBehind("x", "x")), (62, None),
        (122, None), (183, ConnectionError()), (184, None),
    ):  # fmt: skip
        now[0], failing[:] = float(seconds), [error] if error else []
        said.append(await ready.lacking())
    assert said == ["", "", "checkpoint", "checkpoint", "", "database", ""]
    assert compared == [0, 61, 122, 183, 184]


async def test_a_machine_that_is_away_leaves_ready_what_was_compared_before(service):
    """Planted bugs: whoever asks of the others is led away; what was never compared is served."""
    away = asyncpg.ConnectionFailureError("connection to the remote node failed")
    now, failing = [0.0], list[Exception]([away])

    async def not_behind():
        if failing:
            raise failing[0]

    ready = Readiness(service.app.state.sessions, lambda: now[0], not_behind=not_behind)
    said = [await ready.lacking()]
    for seconds, error in ((1, None), (62, away), (123, DatabaseBehind("x", "x")), (184, away)):
        now[0], failing[:] = float(seconds), [error] if error else []
        said.append(await ready.lacking())
    assert said == ["database", "", "", "checkpoint", "checkpoint"]


async def test_a_database_that_takes_connections_and_says_nothing_is_not_ready_in_time():
    """It is asked one question, however often somebody asks meanwhile. Planted bugs: wait for its
    answer; ask another question each time."""
    begun = []

    async def silent(reader, writer):
        begun.append(writer)
        await reader.read()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    engine = create_async_engine(f"postgresql+asyncpg://x:x@127.0.0.1:{port}/x?ssl=disable")
    readiness = Readiness(async_sessionmaker(engine))
    readiness._KEPT, readiness._PATIENCE = 0, 0.2
    try:
        started = time.monotonic()
        assert [await readiness.lacking() for _ in range(3)] == ["database"] * 3
        assert time.monotonic() - started < 2
        assert len(begun) == 1
    finally:
        readiness._asking.cancel()
        await asyncio.wait([readiness._asking])
        await engine.dispose()
        for each in begun:
            each.close()
        server.close()
        await server.wait_closed()


async def test_what_a_pooler_answers_for_a_stopped_server_makes_nothing_ready(databases):
    """Planted bug: ask whether the server is there as `chassis.databases` does, which a pooler
    answers by itself."""
    url = make_url(databases("lending", Path(lending.__file__).parent).app)
    open_ways, stopped = set(), asyncio.Event()

    async def pass_on(reader, writer):
        while data := await reader.read(65_536):
            if not stopped.is_set():
                writer.write(data)

    async def pool(reader, writer):
        first = await reader.readexactly(8)
        if first == _ASKED:
            writer.write(b"N")
            first = b""
        there, back = await asyncio.open_connection(url.host, url.port)
        back.write(first)
        open_ways.update((writer, back))
        with suppress(ConnectionError):
            await asyncio.gather(pass_on(reader, back), pass_on(there, writer))

    server = await asyncio.start_server(pool, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    engine = create_async_engine(url.set(host="127.0.0.1", port=port))
    readiness = Readiness(async_sessionmaker(engine))
    readiness._KEPT, readiness._PATIENCE = 0, 0.5
    try:
        assert await readiness.lacking() == ""
        assert await _answered(f"127.0.0.1 {port}")
        stopped.set()
        assert await _answered(f"127.0.0.1 {port}")
        assert await readiness.lacking() == "database"
    finally:
        readiness._asking.cancel()
        await asyncio.wait([readiness._asking])
        for each in open_ways:
            each.transport.abort()
        await engine.dispose()
        server.close()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "has not had every migration"), ("zh", "尚未完成本版本的全部迁移")],
)
async def test_what_is_lacking_is_said_in_two_languages(service, tmp_path, language, said):
    kept = service.app.state.readiness
    folder = migrations(tmp_path, "9999_later")
    service.app.state.readiness = Readiness(service.app.state.sessions, migrations=folder)
    try:
        async with service.client({"Accept-Language": language}) as client:
            answer = await client.get("/health/ready")
            assert (await client.get("/health/live")).status_code == 204
    finally:
        service.app.state.readiness = kept
    problem = answer.json()
    assert (answer.status_code, problem["type"], problem["lacking"]) == (
        503, "not-ready", "migrations",
    )  # fmt: skip
    assert said in problem["detail"]


async def test_a_process_that_is_about_to_end_is_not_ready_and_lives(service, monkeypatch):
    """Whoever leads callers here leads them elsewhere. Planted bug: nobody asks `LEAVING`."""
    leaving = Leaving()
    monkeypatch.setattr("chassis.health.LEAVING", leaving)
    async with service.client({"Accept-Language": "en"}) as client:
        assert (await client.get("/health/ready")).status_code == 204
        leaving.tell()
        answer = await client.get("/health/ready")
        assert (await client.get("/health/live")).status_code == 204
    assert (answer.status_code, answer.json()["lacking"]) == (503, "leaving")
    assert "about to end" in answer.json()["detail"]
