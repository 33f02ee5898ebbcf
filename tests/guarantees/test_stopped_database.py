"""A database whose server is stopped keeps nobody waiting; what it works at is waited for."""

import asyncio
import os
import signal
import time
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
import lending
import pytest

from postgres_supervisor import Postgres, provision
from service_testing import migrate, trials

LOANS = "/api/v1/loans"
SILENCE = trials(1, 4)
"""Four seconds, as in life, where there is time for that."""
MOST = trials(6, 10)
"""Silence is doubted, and doubted as long again; a new connection is waited for five seconds."""


@contextmanager
def stopped(server: Postgres):
    """Stop a server and all its processes, in whose name the kernel goes on taking connections."""
    first = int((server.data / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    pids = [first, *map(int, children)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # a connection that was cut had ended by then
                os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def server():
    with Postgres.temporary({"fsync": "off"}) as running:
        yield running


@pytest.fixture
async def service(server, run_service, tmp_path_factory):
    home = Path(lending.__file__).parent
    urls = provision(server, ["lending"])["lending"]
    migrate(home, urls.owner)
    return await run_service(
        "lending",
        lending.create_app,
        home=home,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        urls=urls,
        doubt_seconds=SILENCE,
    )


@pytest.mark.prove
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes as Linux does")
async def test_whoever_waits_for_a_stopped_database_is_told_in_time_and_nothing_is_done_twice(
    server, service, figure
):
    """Planted bugs: nobody doubts the silence; a long statement is taken for silence; a database
    that is known to be silent is waited for again; it is never asked again."""
    async with service.caller("librarian", subject="li") as librarian:

        async def lend(book, key):
            began = time.monotonic()
            headers = {"Idempotency-Key": key}
            asked = librarian.post(LOANS, json={"book": book, "days": 3}, headers=headers)
            done, _ = await asyncio.wait([asyncio.create_task(asked)], timeout=30)
            assert done, "nobody was told"
            return done.pop().result(), time.monotonic() - began

        before = {f"B{n}": uuid.uuid4().hex for n in range(8)}
        for answer, _ in await asyncio.gather(*(lend(*each) for each in before.items())):
            assert answer.status_code == 201
        other = await asyncpg.connect(server.url("lending"), ssl=False)
        async with other.transaction():
            await other.execute("LOCK TABLE loan")
            waiting = asyncio.create_task(lend("long", uuid.uuid4().hex))
            await asyncio.wait([waiting], timeout=2 * SILENCE + 1.5)
            assert not waiting.done()
        assert (await waiting)[0].status_code == 201

        # More than there are connections, some of which have lain idle.
        wanted = {f"S{n}": uuid.uuid4().hex for n in range(20)}
        with stopped(server):
            told = await asyncio.gather(*(lend(*each) for each in wanted.items()))
            assert {answer.status_code for answer, _ in told} == {503}
            assert {a.json()["type"] for a, _ in told} == {"database-unavailable"}
            assert all(answer.headers["retry-after"] for answer, _ in told)
            assert max(seconds for _, seconds in told) < MOST
            answer, seconds = await lend("now", uuid.uuid4().hex)
            assert (answer.status_code, seconds < 0.5) == (503, True)
            ready = await librarian.get("/health/ready")
            assert ready.json()["lacking"] == "database"
        until = time.monotonic() + MOST
        while (answer := (await lend("again", "again" * 4))[0]).status_code == 503:
            assert time.monotonic() < until
            await asyncio.sleep(0.1)
        assert answer.status_code == 201, answer.text
        for each in wanted.items():
            assert (await lend(*each))[0].status_code == 201
    rows = await other.fetch("SELECT book FROM loan")
    await other.close()
    books = sorted(row["book"] for row in rows)
    assert books == sorted({"long", "again", *before, *wanted})
    figure("callers of a stopped database", len(told))
