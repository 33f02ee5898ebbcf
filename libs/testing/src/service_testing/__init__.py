"""The pytest plugin: one real PostgreSQL for the run, and a service at work in this process.

Fixtures:

`postgres`    the embedded server of this run, without fsync (nothing here has to survive).
`databases`   a factory: ``databases("survey")`` gives the `Urls` of a fresh database of that
              service, migrated by its own revision scripts (once, then cloned).
`run_service` a factory: ``await run_service("survey", create_app, peers=handler)`` gives a
              `Running` service over ASGI, with a fresh database, or that of `urls`; `peers` is a
              function from `httpx.Request` to `httpx.Response` that plays every other service.

A `Running` signs tokens with a key of its own: ``service.caller("performance_office",
unit="ZH01", subject="zhang")`` is an `httpx.AsyncClient` that speaks for that caller; it adds an
Idempotency-Key of its own to each POST that names none. ``await service.sql("SELECT …")`` runs a
statement as the owner of the database and returns its rows as dicts.
"""

import asyncio
import os
import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Any, Protocol

import asyncpg
import httpx
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.command import upgrade
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import OKPKey
from sqlalchemy.pool import ConnectionPoolEntry

from chassis.migrations import ours
from chassis.settings import Settings
from chassis.stored import require_intact
from postgres_supervisor import Postgres, Urls, clone, provision
from service_testing.figures import figure as figure

if TYPE_CHECKING:
    from service_testing.clusters import Cluster, Distribute

WORKSPACE = Path(__file__).parents[4]
AUTHORISATION = WORKSPACE / "gateway" / "authorisation.yaml"

# Nothing here has to survive.
UNSAFE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    # With hundreds of databases it would look into one of them five times a second, and be in the
    # way of whoever copies the one that it is in.
    "autovacuum": "off",
    # Every service that a test runs stays until the end, with a pool of its own.
    "max_connections": "600",
}
SUPERUSER = "postgres"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
ROOM = 4 * 2**30
"""Bytes that must be free in memory for the data to lie there."""

MakeDatabase = Callable[..., Urls]
Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


class CreateApp(Protocol):
    """What every service's `create_app` looks like."""

    def __call__(self, settings: Any, transport: httpx.AsyncBaseTransport) -> FastAPI: ...  # noqa: ANN401, D102


def trials(usual: int, thorough: int) -> int:
    """Return how much a test tries: `usual`, or `thorough` when PROVE is set.

    Such a test is marked `prove`; `make prove` runs those tests, and only those, thoroughly.
    """
    return thorough if os.environ.get("PROVE") else usual


_DRAWN_ID = re.compile(r"\b(?=[0-9-]*[a-f])[0-9a-f-]{16,}\b")
"""An id that is drawn, of 16 hexadecimal digits or more: one of decimal digits alone stays."""


def without_ids(answer: httpx.Response) -> str:
    """Return the text of an answer without the ids that are drawn anew each time.

    Where a test looks for digits that must not be told, such an id holds them by chance.
    """
    return _DRAWN_ID.sub("", answer.text)


@pytest.fixture(scope="session")
def cluster() -> Iterator["Cluster | None"]:
    """Give the machines of this run where there is a Citus (`service_testing.clusters`)."""
    if not os.environ.get("CITUS_BIN"):
        yield None
        return
    from service_testing.clusters import cluster as running

    with running(UNSAFE, within=_place()) as machines:
        for each in machines.machines:
            _hash_passwords_once(each)
        yield machines


def _place() -> Path | None:
    has_room = MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM
    return MEMORY if has_room else None


@pytest.fixture(scope="session")
def postgres(cluster: "Cluster | None") -> Iterator[Postgres]:
    """Give the PostgreSQL server of this run, in memory where there is room.

    A copy of a database costs half as much there.
    """
    if cluster is not None:
        yield cluster.first
        return
    with Postgres.temporary(UNSAFE, within=_place()) as server:
        _hash_passwords_once(server)
        yield server


def _hash_passwords_once(server: Postgres) -> None:
    """Have each password of the server hashed once and not thousands of times.

    The many rounds are against whoever guesses short passwords; ours are drawn, and every
    connection of every test would go through all of them, on both sides.
    """

    async def change() -> None:
        connection = await asyncpg.connect(server.url(), ssl=False)
        try:
            if connection.get_server_version().major >= 16:  # the setting came with it
                password = server.password(SUPERUSER)
                await connection.execute(
                    f"SET scram_iterations = 1; ALTER ROLE {SUPERUSER} PASSWORD '{password}';"
                    f"ALTER ROLE {SUPERUSER} SET scram_iterations = 1"
                )
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, change()).result()


@pytest.fixture(scope="session")
def distributing() -> "Mapping[str, Distribute]":
    """Give what spreads the databases of services over a cluster; the workspace knows it."""
    return {}


@pytest.fixture(scope="session")
def databases(
    postgres: Postgres, cluster: "Cluster | None", distributing: "Mapping[str, Distribute]"
) -> MakeDatabase:
    """Give a factory of fresh, migrated databases by the name of the service; on a cluster those
    of which it is said where their tables lie are spread."""
    migrated: set[str] = set()
    numbers = count(1)

    def fresh(service: str, home: Path | None = None) -> Urls:
        name = f"{service}_{next(numbers)}"
        if cluster is not None and home is None:
            if service not in migrated:
                urls = cluster.provision(service)
                migrate(home_of(service), urls.owner)
                cluster.spread(service, urls, home_of(service), distributing.get(service))
                migrated.add(service)
            return cluster.clone(service, name)
        if service not in migrated:
            urls = provision(postgres, [service], connections=-1)[service]
            migrate(home or home_of(service), urls.owner)
            migrated.add(service)
        return clone(postgres, service, name)

    return fresh


def home_of(service: str) -> Path:
    """Return the folder of a service or of the gateway in the workspace."""
    return WORKSPACE / service if service == "gateway" else WORKSPACE / "services" / service


def migrate(home: Path, owner_url: str, revision: str = "head") -> None:
    """Run the migrations in the folder of a service, up to one revision.

    They run in a thread of their own, because the caller may be inside an event loop.
    """
    config = Config(home / "alembic.ini")
    config.set_main_option("sqlalchemy.url", owner_url.replace("%", "%%"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(upgrade, config, revision).result()


def schema_differences(connection: sa.Connection, metadata: sa.MetaData) -> list[Any]:
    """Return in what a migrated database is not as the tables of its service say."""
    options = {"include_name": ours, "compare_type": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


@dataclass
class Signer:
    """Signs tokens as the gateway does, with a key of its own."""

    key: OKPKey

    @classmethod
    def new(cls) -> "Signer":
        """Make a signer with a fresh key."""
        return cls(OKPKey.generate_key("Ed25519", parameters={"kid": "test"}))

    @property
    def jwks(self) -> dict[str, Any]:
        """The public keys, as they would be published."""
        return {"keys": [self.key.as_dict(private=False)]}

    def token(
        self, *roles: str, unit: str | None = None, subject: str = "somebody", **claims: object
    ) -> str:
        """Return a signed token; `claims` replace the usual ones."""
        now = int(time.time())
        usual = {"iss": "kaoping", "aud": "kaoping", "iat": now, "exp": now + 900}
        about = {"sub": subject, "roles": list(roles), "unit": unit}
        return jwt.encode(
            {"alg": "Ed25519", "kid": "test"}, {**usual, **about, **claims}, self.key,
            algorithms=["Ed25519"],
        )  # fmt: skip


async def add_key(request: httpx.Request) -> None:
    """Give a POST an Idempotency-Key of its own unless it has one."""
    if request.method == "POST":
        request.headers.setdefault("Idempotency-Key", uuid.uuid4().hex)


@dataclass
class Running:
    """A service at work in this process, with its own database."""

    name: str
    app: FastAPI
    urls: Urls
    signer: Signer
    stack: AsyncExitStack
    superuser_url: str
    superuser: asyncpg.Pool
    """Connections that stay open: to open one costs more than most of what is asked here."""

    def caller(
        self,
        *roles: str,
        unit: str | None = None,
        subject: str | None = None,
        person: str | None = None,
        jurisdiction: str | None = None,
    ) -> httpx.AsyncClient:
        """Return a client that speaks for a caller with these roles; English problems."""
        subject = subject or f"{'+'.join(roles)}@{unit or '-'}"
        about = {"person": person, "jurisdiction": jurisdiction}
        token = self.signer.token(*roles, unit=unit, subject=subject, **about)
        return self.client({"Authorization": f"Bearer {token}"})

    def client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        """Return a client with these headers and nothing else."""
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://service",
            headers={"Accept-Language": "en", **headers},
            event_hooks={"request": [add_key]},
        )

    async def sql(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Run one statement as superuser and return its rows."""
        async with self.superuser.acquire() as connection:
            return [dict(row) for row in await connection.fetch(statement, *values)]

    async def as_owner(self, statement: str) -> None:
        """Run one statement as the owner of the database, whom migrations run as."""
        url = self.urls.owner.replace("+asyncpg", "")
        connection = await asyncpg.connect(url, ssl=False)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def on_record(
        self, chain: str, statement: str, *values: object, then: str | None = None
    ) -> None:
        """Run one statement as superuser, and `then` another with the same values, with an entry of
        the journal that vouches for them."""
        async with self.superuser.acquire() as connection, connection.transaction():
            await connection.execute(statement, *values)
            if then is not None:
                await connection.execute(then, *values)
            await connection.execute("SELECT journal_append($1, 'test', '', 'test', '{}')", chain)

    async def tamper(self, *statements: str) -> None:
        """Change the database behind the journal, as somebody with all rights would."""
        async with self.superuser.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                await connection.execute(statement)

    @asynccontextmanager
    async def full(self, table: str, when: str = "true") -> AsyncIterator[None]:
        """Have the database refuse new rows of a table, as on a full disk, where a condition on
        `NEW` holds."""
        await self.tamper(
            "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$",
            f"CREATE TRIGGER full_up BEFORE INSERT ON {table} FOR EACH ROW"
            f" WHEN ({when}) EXECUTE FUNCTION full_up()",
        )
        try:
            yield
        finally:
            await self.tamper(f"DROP TRIGGER full_up ON {table}", "DROP FUNCTION full_up")

    @asynccontextmanager
    async def altered(self, table: str, change: str, where: str = "true") -> AsyncIterator[None]:
        """Have one row of a table changed behind the journal, and put back afterwards."""
        chosen = f"SELECT ctid, t::text AS row FROM {table} t WHERE {where} ORDER BY row LIMIT 1"  # noqa: S608 - tests' own
        replica = "SET LOCAL session_replication_role = replica"
        async with self.superuser.acquire() as connection, connection.transaction():
            await connection.execute(replica)
            before = await connection.fetchrow(chosen)
            assert before, f"{table} has no such row"  # noqa: S101 - for tests
            place = await connection.fetchval(
                f"UPDATE {table} SET {change} WHERE ctid = $1 RETURNING ctid",  # noqa: S608 - tests' own
                before["ctid"],
            )
        try:
            yield
        finally:
            async with self.superuser.acquire() as connection, connection.transaction():
                await connection.execute(replica)
                await connection.execute(f"DELETE FROM {table} WHERE ctid = $1", place)  # noqa: S608 - tests' own
                names = ", ".join(await connection.fetchval(_STORED, table))
                await connection.execute(
                    f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names}"  # noqa: S608 - tests' own
                    f" FROM (SELECT (cast(cast($1 AS text) AS {table})).*) AS before",
                    before["row"],
                )

    async def unnoticed(self, chain: str, where: str, *, chained: bool = True) -> list[str]:
        """Change every column of every recorded table in turn, in one row that meets a condition,
        and return those changes that the verification of a chain does not name.

        The tables are those whose rows name their chain, or, not `chained`, those of this one.

        A table without such a row is returned too: nothing was tried on it.

        A verification reads the whole chain, so it is asked about many tables at once, of which
        none could be taken for another.
        """
        unnoticed, rounds = list[str](), list[dict[str, str]]()
        for one in await self.sql(_COLUMNS, chained, chain):
            table = one["relation"]
            if not await self.sql(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1"):  # noqa: S608 - tests' own
                if table not in unnoticed:
                    unnoticed.append(table)
                continue
            free = (each for each in rounds if _stem(table) not in map(_stem, each))
            changes = next(free, None)
            if changes is None:
                rounds.append(changes := {})
            changes[table] = one["name"] + " = " + _CHANGES[one["type"]].format(one["name"])
        for changes in rounds:
            unnoticed += await self._unnoticed(chain, where, changes)
        return unnoticed

    async def _unnoticed(self, chain: str, where: str, changes: dict[str, str]) -> list[str]:
        """Make one change in each of some tables, and return those that are not named."""
        async with AsyncExitStack() as stack:
            made = []
            for table, change in changes.items():
                with suppress(asyncpg.CheckViolationError):  # the database itself refuses it
                    await stack.enter_async_context(self.altered(table, change, where))
                    made.append(table)
            found = await self.verification(chain)
            named = {row["table"] for row in found["rows"] if row["key"] or row["position"]}
            return [
                f"{table}: {changes[table]}"
                for table in made
                if found["holds"] or not {table, _stem(table)} & named
            ]

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect what the service asks its database meanwhile, BEGIN and COMMIT too, but COPY."""
        said = list[str]()
        with self.messages() as heard:
            yield said
        said += [each for message in heard for each in message.split(";") if each.strip()]

    @contextmanager
    def messages(self) -> Iterator[list[str]]:
        """Collect the messages in which a service asks its database; one may have statements."""
        said, heard = list[str](), list[Any]()

        def hear(record: Any) -> None:  # noqa: ANN401 - the driver's own
            said.append(record.query)

        def listen(_: object, record: ConnectionPoolEntry, __: object) -> None:
            driver: Any = record.driver_connection
            driver.add_query_logger(hear)
            heard.append(driver)

        def ask(_: object, __: object, statement: str, *___: object) -> None:
            said.append(statement)  # what SQLAlchemy executes, the driver's loggers do not hear

        engine = self.app.state.sessions.kw["bind"].sync_engine
        sa.event.listen(engine, "checkout", listen)
        sa.event.listen(engine, "before_cursor_execute", ask)
        try:
            yield said
        finally:
            sa.event.remove(engine, "checkout", listen)
            sa.event.remove(engine, "before_cursor_execute", ask)
            for driver in heard:
                driver.remove_query_logger(hear)

    async def verification(self, chain: str) -> dict[str, Any]:
        """Have a chain of the service's journal verified as an auditor does."""
        path = f"/api/v1/journals/{self.name}/chains/{chain}/verification"
        async with self.caller("auditor") as auditor:
            answer = await auditor.get(path)
        assert answer.status_code == 200, answer.text  # noqa: S101 - for tests
        found: dict[str, Any] = answer.json()
        return found


def _stem(table: str) -> str:
    """Return the name under which a verification may tell of the states of a table."""
    return table.partition("_state")[0]


_STORED = """
    SELECT array_agg(quote_ident(attname) ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
_COLUMNS = """
    SELECT j.relation, a.attname AS name, format_type(a.atttypid, NULL) AS type
    FROM journal_table j JOIN pg_attribute a ON a.attrelid = j.relation::regclass
    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND CASE
        -- Named for the chain and for whose a row is.
        WHEN j.chained_by = 'chain' THEN NOT $1 AND EXISTS (
          SELECT FROM pg_attribute g JOIN pg_attrdef d ON d.adrelid = g.attrelid
            AND d.adnum = g.attnum
          WHERE g.attrelid = a.attrelid AND g.attname = 'chain'
            AND strpos(pg_get_expr(d.adbin, d.adrelid), quote_literal($2)) > 0)
        ELSE (j.chained_by IS NOT NULL) = $1 AND (j.chain IS NULL OR j.chain = $2) END
    ORDER BY j.relation, a.attnum
"""
_CHANGES = {
    "text": "coalesce({0}, '') || 'x'",
    "character varying": "coalesce({0}, '') || 'x'",
    "integer": "coalesce({0}, 0) + 100000",
    "bigint": "coalesce({0}, 0) + 100000",
    "numeric": "coalesce({0}, 0) + 0.1",
    "boolean": "NOT coalesce({0}, false)",
    "date": "coalesce({0}, '2025-01-01') + 1",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1 second'",
    "uuid": "gen_random_uuid()",
    "bytea": "coalesce({0}, '') || 'x'",
    "jsonb": "'[\"altered\"]'",
}

RunService = Callable[..., Awaitable[Running]]


@pytest.fixture(scope="session")
async def run_service(postgres: Postgres, databases: MakeDatabase) -> AsyncIterator[RunService]:
    """Give a factory of services at work, all stopped at the end of the session."""
    async with AsyncExitStack() as stack:

        async def run(
            name: str,
            create_app: CreateApp,
            *,
            peers: Handler | None = None,
            settings: type[Settings] = Settings,
            home: Path | None = None,
            urls: Urls | None = None,
            signer: Signer | None = None,
            **more: object,
        ) -> Running:
            urls, signer = urls or databases(name, home), signer or Signer.new()
            database = urls.app.rsplit("/", 1)[1].partition("?")[0]

            async def answer(request: httpx.Request) -> httpx.Response:
                if request.url.path == "/.well-known/jwks.json":
                    return httpx.Response(200, json=signer.jwks)
                if peers is None:
                    return httpx.Response(404)
                said = peers(request)
                return said if isinstance(said, httpx.Response) else await said

            app = create_app(
                settings.model_validate(
                    {
                        "database_url": urls.app,
                        "authorisation_file": AUTHORISATION,
                        "gateway_url": "http://gateway",
                        "database_spread": bool(os.environ.get("CITUS_BIN")),
                        **more,
                    }
                ),
                httpx.MockTransport(answer),
            )
            # The database goes with its server: to drop hundreds one by one takes many seconds.
            await stack.enter_async_context(app.router.lifespan_context(app))
            with suppress(Exception):  # there may be no such database; the test knows why
                # What a process asks once is no statement of the command that is counted first.
                async with app.state.sessions() as db:
                    await require_intact(db, "")
            superuser_url = postgres.url(database)
            superuser = await stack.enter_async_context(
                asyncpg.create_pool(superuser_url, ssl=False, min_size=0, max_size=4)
            )
            return Running(name, app, urls, signer, stack, superuser_url, superuser)

        yield run
