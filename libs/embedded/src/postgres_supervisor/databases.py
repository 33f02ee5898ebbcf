"""Databases with roles that can enter no other database."""

import hashlib
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from postgres_supervisor.server import Postgres

if TYPE_CHECKING:
    import asyncpg


T = TypeVar("T")

CONNECTIONS = 16
"""How many connections a service's role may hold: its process a pool of 8, and the process that
replaces it another while the server still clears up after the first. Five of them and their owners
fit into the 100 of a server as PostgreSQL comes, so that none takes what the others need."""
OWNER_CONNECTIONS = 3
"""How many an owner may hold, who only migrates."""


@dataclass(frozen=True)
class Urls:
    """Where a program reaches its database: `app` to work with it, `owner` to migrate it."""

    app: str
    owner: str


def provision(
    postgres: Postgres, names: Iterable[str], *, connections: int = CONNECTIONS
) -> dict[str, Urls]:
    """Give each name a database, an owner role and a service role that can enter no other database.

    Idempotent: what is there already is only looked at. Passwords are those remembered beside the
    data. A service's role may hold so many `connections`; -1 is any number, for roles that are
    shared by copies of a database.
    """
    names = list(names)
    _blocking(_provision(postgres, names, connections))
    return {name: _urls(postgres, name, name) for name in names}


def clone(postgres: Postgres, template: str, name: str) -> Urls:
    """Copy a provisioned database, with its roles, under a new name; nobody may be connected to it.

    An existing database of that name is replaced.
    """
    _blocking(_clone(postgres, template, name))
    return _urls(postgres, name, template)


def drop(postgres: Postgres, name: str) -> None:
    """Remove a database, cutting its sessions; one that is not there is no error."""
    statement = f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)"
    _blocking(_execute(postgres.url(), statement))


async def _provision(postgres: Postgres, names: list[str], connections: int) -> None:
    wanted = {name: _statements(name, connections) for name in names}
    import asyncio

    server = await _connect(postgres.url())
    try:
        rows = await server.fetch(
            "SELECT datname, shobj_description(oid, 'pg_database') AS mark FROM pg_database"
        )
        known = {row["datname"]: row["mark"] for row in rows}
        missing = [name for name in names if known.get(name) != wanted[name].mark]
        if missing:
            for shared in ("postgres", "template1"):
                await server.execute(f"REVOKE ALL ON DATABASE {shared} FROM PUBLIC")
        for name in missing:
            for role in (name, f"{name}_owner"):
                await server.execute(_role(role, postgres.password(role)))
    finally:
        await server.close()
    await asyncio.gather(
        *(_complete(postgres, name, wanted[name], exists=name in known) for name in missing)
    )


@dataclass(frozen=True)
class _Statements:
    """What makes a database of a name that is there already ours, and whom it lets in."""

    server: str
    database: str

    @property
    def mark(self) -> str:
        """What the server remembers of a database that has had them: their digest."""
        return hashlib.sha256((self.server + self.database).encode()).hexdigest()


def _statements(name: str, connections: int) -> _Statements:
    owner = OWNER_CONNECTIONS if connections >= 0 else -1
    limits = f"""
        ALTER ROLE {_quoted(name)} CONNECTION LIMIT {connections};
        ALTER ROLE {_quoted(f"{name}_owner")} CONNECTION LIMIT {owner};
    """
    return _Statements(limits + _admission(name, name), _schema(name))


async def _complete(postgres: Postgres, name: str, ours: _Statements, *, exists: bool) -> None:
    """Make the database unless it exists; the mark comes last, so that half of it is done again."""
    server = await _connect(postgres.url())
    try:
        if not exists:
            owner = _quoted(f"{name}_owner")
            await server.execute(f"CREATE DATABASE {_quoted(name)} OWNER {owner}")
        await server.execute(ours.server)
        await _execute(postgres.url(name), ours.database)
        await server.execute(f"COMMENT ON DATABASE {_quoted(name)} IS '{ours.mark}'")
    finally:
        await server.close()


async def _clone(postgres: Postgres, template: str, name: str) -> None:
    server = await _connect(postgres.url())
    try:
        await server.execute(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")
        await server.execute(
            f"CREATE DATABASE {_quoted(name)} OWNER {_quoted(f'{template}_owner')} "
            f"TEMPLATE {_quoted(template)}"
        )
        await server.execute(_admission(name, template))  # a copy does not inherit who may enter
    finally:
        await server.close()


async def _execute(url: str, statements: str) -> None:
    connection = await _connect(url)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    import asyncpg  # here: whoever starts a server has something to do before he connects to it

    return await asyncpg.connect(url, ssl=False)


def _role(name: str, password: str) -> str:
    quoted = _quoted(name)
    return f"""
        DO $$ BEGIN CREATE ROLE {quoted}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        ALTER ROLE {quoted} LOGIN NOSUPERUSER NOCREATEDB PASSWORD '{password}'
    """


def _admission(database: str, role: str) -> str:
    return f"""
        REVOKE ALL ON DATABASE {_quoted(database)} FROM PUBLIC;
        GRANT CONNECT, TEMPORARY ON DATABASE {_quoted(database)} TO {_quoted(role)}
    """


def _schema(name: str) -> str:
    return f"""
        ALTER SCHEMA public OWNER TO {_quoted(f"{name}_owner")};
        REVOKE ALL ON SCHEMA public FROM PUBLIC;
        GRANT USAGE ON SCHEMA public TO {_quoted(name)}
    """


def _urls(postgres: Postgres, database: str, role: str) -> Urls:
    def url(name: str) -> str:
        return postgres.url(database, name).replace("postgresql://", "postgresql+asyncpg://", 1)

    return Urls(app=url(role), owner=url(f"{role}_owner"))


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _blocking(work: Coroutine[Any, Any, T]) -> T:
    """Finish the work in a thread of its own: the caller may be inside an event loop or not."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
