"""What everybody may read can be read from a copy of the database that follows it."""

import asyncio
import os
import shutil
import time
from collections.abc import Iterator
from functools import partial

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from tests.contracts.publish import PARTS, ROOT
from tests.system.harness import Installation, in_one_process

from kaoping.people import People
from kaoping.plan import OFFICE
from kaoping.steps import Steps
from kaoping.tables import read_tables
from kaoping.year import Year
from postgres_supervisor import Postgres, Urls, copied, provision, unpack
from service_testing import home_of, migrate

TOWNS = ROOT / "examples" / "presets" / "towns"
FOLLOWED = {
    "fsync": "off",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "max_connections": "200",
}


@pytest.fixture(scope="module")
def first() -> Iterator[tuple[Postgres, dict[str, Urls]]]:
    """A server of its own that can be followed, with the databases of all parts."""
    with Postgres.temporary(FOLLOWED) as server:
        urls = provision(server, PARTS, connections=-1)
        for part in PARTS:
            migrate(home_of(part), urls[part].owner)
        yield server, urls


@pytest.fixture(scope="module")
def copy(first, tmp_path_factory) -> Iterator[str]:
    """The URL of a copy for a superuser: it follows by streaming replication."""
    server, _ = first
    directory = tmp_path_factory.mktemp("copy")
    # The copy knows the passwords of the one that it follows.
    shutil.copy(server.directory / "secrets.json", directory / "secrets.json")
    url = make_url(server.url())
    source = f"host=127.0.0.1 port={url.port} user={url.username} password={url.password}"
    following = Postgres(directory, {**FOLLOWED, "primary_conninfo": source}, keep=False)
    try:
        with copied(server) as stream:
            unpack(following, stream)
        signal = following.data / "standby.signal"
        signal.touch()
        if following.account is not None:
            os.chown(signal, following.account.uid, following.account.gid)
        following.start()
        yield following.url()
    finally:
        following.remove()


@pytest.fixture(scope="module")
def installation(first, copy, tmp_path_factory) -> Iterator[Installation]:
    server, urls = first
    port = make_url(copy).port
    ours = make_url(urls["ranking"].app).set(port=port).render_as_string(hide_password=False)
    keys = tmp_path_factory.mktemp("keys")
    with in_one_process(server, urls.__getitem__, keys, replica_url=ours) as running:
        yield running


async def _asked(copy: str, question: str) -> object:
    connection = await asyncpg.connect(copy, ssl=False)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def test_what_everybody_may_read_is_as_old_as_the_copy_and_nothing_else_is(installation, copy):
    """Planted bugs: what is decided is read from the copy, too; what everybody may read is not."""
    asked = partial(_asked, copy)
    public = installation.raw()
    with (
        installation.client(installation.administrator) as administrator,
        People(administrator, installation.client) as people,
        Steps() as steps,
    ):
        assert asyncio.run(asked("SELECT pg_is_in_recovery()")) is True
        asyncio.run(asked("SELECT pg_wal_replay_pause()"))
        plan = read_tables(TOWNS)
        plan.scheme["publication"] = {"public": {"grades": True, "ranks": True}}
        year = Year(plan, people, steps)
        # All of it is decided while the copy stands still: nothing of it is asked there.
        year.play()
        release = min(year.releases.values())
        assert people[OFFICE].get(f"{year.path}/releases/{release}")["document"]
        address = f"/api/v1/public/cycles/{year.cycle_id}/releases/{release}"
        assert public.get("/api/v1/public/cycles").json()["items"] == []
        assert public.get(address).status_code == 404

        asyncio.run(asked("SELECT pg_wal_replay_resume()"))
        deadline = time.monotonic() + 60
        while (found := public.get(address)).status_code == 404:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert found.status_code == 200, found.text
        assert found.json()["release"] == release
        [cycle] = public.get("/api/v1/public/cycles").json()["items"]
        assert cycle["cycle_id"] == year.cycle_id
