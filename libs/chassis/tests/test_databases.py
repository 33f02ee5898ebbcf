"""Who is thought to wait for the database, and what is taken for its silence."""

import resource
from contextlib import contextmanager
from pathlib import Path

import lending
import pytest
from sqlalchemy import text


@pytest.fixture(scope="module")
async def engine(run_service, tmp_path_factory):
    service = await run_service(
        "lending",
        lending.create_app,
        home=Path(lending.__file__).parent,
        authorisation_file=lending.matrix_in(tmp_path_factory.mktemp("matrix")),
        doubt_seconds=0.3,
    )
    return service.app.state.sessions.kw["bind"]


@contextmanager
def no_more_files():
    """Have this process open nothing; what is open stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_nobody_is_thought_to_wait_who_gave_his_connection_back(engine):
    """Planted bug: a connection is noted when it is made and again when it is taken, and ended
    once: the server is asked about each one ever made, once a second, for ever."""
    watched = engine.sync_engine.pool.watching
    async with engine.connect() as one, engine.connect() as another:
        assert await one.scalar(text("SELECT 1")) == await another.scalar(text("SELECT 1"))
        assert watched.waiting == 2
        await another.invalidate()
        assert watched.waiting == 1
        await another.rollback()
        assert await another.scalar(text("SELECT 1")) == 1
        assert watched.waiting == 2
    assert watched.waiting == 0


async def test_a_question_that_cannot_be_put_for_want_of_files_is_no_silence(engine):
    """Planted bug: any error of a socket is the server's, and whoever waits is sent away."""
    async with engine.connect() as one:
        await one.execute(text("SELECT 1"))
        with no_more_files():
            assert await one.scalar(text("SELECT 7 FROM pg_sleep(2.5)")) == 7
