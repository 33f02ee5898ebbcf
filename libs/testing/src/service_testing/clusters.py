"""A cluster for a test run: one PostgreSQL server with Citus, and two more for its rows.

`CITUS_BIN` names a folder of programs of a server that has Citus. With it each database that a test
is given is spread over the machines as `kaoping database distribute` does it; without it tests of
clusters are skipped.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from postgres_supervisor import Postgres, Urls, clone, provision

Distribute = Callable[[str, str, Path], Coroutine[Any, Any, Any]]
CITUS_BIN = os.environ.get("CITUS_BIN", "")
WORKERS = 2
SETTINGS: Mapping[str, str] = {
    "shared_preload_libraries": "citus",
    "shared_buffers": "64MB",
    "max_prepared_transactions": "400",
    # Shards move while they are written, and a machine is followed by another.
    "wal_level": "logical",
    "max_wal_senders": "16",
    "max_replication_slots": "16",
    "synchronous_commit": "on",
    # Each database has a process of its own that looks after it.
    "max_worker_processes": "400",
    "citus.shard_count": "4",
    "citus.max_adaptive_executor_pool_size": "1",
    "citus.allow_nested_distributed_execution": "on",
    "citus.node_conninfo": "sslmode=prefer",
}
"""Of each machine, as docs/scale.md has it; few shards, because all three share one machine."""


@dataclass(frozen=True)
class Cluster:
    """The first machine, which is asked, and those on which rows lie."""

    first: Postgres
    others: tuple[Postgres, ...]

    def on(self, port: int) -> Postgres:
        """Return the machine at a port."""
        return next(each for each in self.machines if each.port == port)

    @property
    def machines(self) -> tuple[Postgres, ...]:
        """All of them."""
        return (self.first, *self.others)

    def provision(self, name: str) -> Urls:
        """Give a part a database on each machine, with one pair of roles."""
        urls = provision(self.first, [name], connections=-1)[name]
        for each in self.others:
            _same_secrets(self.first, each)
            provision(each, [name], connections=-1)
        return urls

    def join(self, name: str) -> None:
        """Make a cluster of the databases of a name."""
        done(self._join(name))

    def joined_by(self, added: Postgres, service: str, name: str) -> "Cluster":
        """Have a database of a service lie on one machine more, which is new."""
        _take_over_secrets(self.first, added)
        provision(added, [service], connections=-1)
        clone(added, service, name)
        done(_know_others(added, name, service))
        asked = f"SELECT citus_add_node('127.0.0.1', {added.port})"
        done(_execute(self.first.url(name), asked))
        return Cluster(self.first, (*self.others, added))

    async def _join(self, name: str) -> None:
        for each in self.machines:
            await _know_others(each, name, name)
        url = self.first.url(name)
        await _execute(url, f"SELECT citus_set_coordinator_host('127.0.0.1', {self.first.port})")
        for each in self.others:
            await _execute(url, f"SELECT citus_add_node('127.0.0.1', {each.port})")

    def spread(self, name: str, urls: Urls, home: Path, distribute: Distribute | None) -> None:
        """Spread a database that was migrated, by what knows where its tables lie, and let nobody
        into it any more; without that it stays on the first machine."""
        if distribute is not None:
            self.join(name)
            done(distribute(name, urls.owner, home))
        for each in self.machines:
            done(shut(each, name))

    def clone(self, template: str, name: str) -> Urls:
        """Copy a database on each machine under a new name: it is a cluster as well."""
        for each in self.others:
            clone(each, template, name)
        return clone(self.first, template, name)


@contextmanager
def cluster(settings: Mapping[str, str], *, within: Path | None = None) -> Iterator[Cluster]:
    """Run three servers, of which the others have the secrets of the first."""
    os.environ["PG_BIN"] = CITUS_BIN
    with ExitStack() as stack:
        servers = [
            stack.enter_context(Postgres.temporary({**settings, **SETTINGS}, within=within))
            for _ in range(WORKERS + 1)
        ]
        first, *others = servers
        for each in others:
            _take_over_secrets(first, each)
        yield Cluster(first, tuple(others))


async def _know_others(machine: Postgres, name: str, service: str) -> None:
    """Have a database be one that may lie on several machines, whose roles reach one another."""
    await _execute(machine.url(name), "CREATE EXTENSION citus")
    for role in ("postgres", service, f"{service}_owner"):
        told = f"'{role}', 'password={machine.password(role)}'"
        added = f"(0, {told}), (-1, {told})"  # on other machines, and on itself
        insert = "INSERT INTO pg_dist_authinfo VALUES"
        await _execute(machine.url(name), f"{insert} {added}")


def _take_over_secrets(first: Postgres, other: Postgres) -> None:
    """Have a new machine know the same passwords, its superuser's as well."""
    changed = f"ALTER ROLE postgres PASSWORD '{first.password('postgres')}'"
    done(_execute(other.url(), changed))
    _same_secrets(first, other)


def _same_secrets(first: Postgres, other: Postgres) -> None:
    """Have another machine's roles have the passwords of the first one's."""
    port = other.port
    shutil.copy(first.directory / "secrets.json", other.directory / "secrets.json")
    other._state.port = port


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url, ssl=False)
    try:
        for each in statements:
            await connection.execute(each)
    finally:
        await connection.close()


async def shut(server: Postgres, name: str) -> None:
    """Let nobody into a database, what looks after it neither, so that it can be copied."""
    connection = await asyncpg.connect(server.url(), ssl=False)
    try:
        await connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        deadline = time.monotonic() + 20
        while await connection.fetchval(_WITHIN, name):
            if time.monotonic() > deadline:
                raise TimeoutError(name)
            await asyncio.sleep(0.02)
    finally:
        await connection.close()


_WITHIN = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1
    """


def done(work: Any) -> Any:  # noqa: ANN401 - whatever it gives
    """Do work to its end in a thread of its own: the caller may be inside an event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def database_of(url: str) -> str:
    """Return the name of the database at a URL."""
    return urlsplit(url).path.lstrip("/")
