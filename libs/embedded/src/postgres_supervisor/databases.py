"""Databases with roles that can enter no other database."""

import asyncio
from collections.abc import Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from postgres_supervisor.server import Postgres

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


def provision(postgres: Postgres, names: Iterable[str], *, limited: bool = True) -> dict[str, Urls]:
    """Give each name a database, an owner role and a service role that can enter no other database.

    Idempotent; passwords are those remembered beside the data. The roles are `limited` in how many
    connections they may hold, unless copies of a database share them.
    """
    names = list(names)
    _blocking(_provision(postgres, names, limited))
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


async def _provision(postgres: Postgres, names: list[str], limited: bool) -> None:
    server = await asyncpg.connect(postgres.url(), ssl=False)
    try:
        for shared in ("postgres", "template1"):
            await server.execute(f"REVOKE ALL ON DATABASE {shared} FROM PUBLIC")
        for name in names:
            for role, most in ((name, CONNECTIONS), (f"{name}_owner", OWNER_CONNECTIONS)):
                limit = most if limited else -1
                await server.execute(_role(role, postgres.password(role), limit))
            known = await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
            if not known:
                owner = _quoted(f"{name}_owner")
                await server.execute(f"CREATE DATABASE {_quoted(name)} OWNER {owner}")
            await server.execute(_admission(name, name))
            await _execute(postgres.url(name), _schema(name))
    finally:
        await server.close()


async def _clone(postgres: Postgres, template: str, name: str) -> None:
    server = await asyncpg.connect(postgres.url(), ssl=False)
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
    connection = await asyncpg.connect(url, ssl=False)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def _role(name: str, password: str, limit: int) -> str:
    quoted = _quoted(name)
    attributes = f"LOGIN NOSUPERUSER NOCREATEDB CONNECTION LIMIT {limit} PASSWORD '{password}'"
    return f"""
        DO $$ BEGIN CREATE ROLE {quoted}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        ALTER ROLE {quoted} {attributes}
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
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
