"""The whole system for a test: five apps in one process, or five processes over TCP.

Both are the same to whoever uses them: an address, a transport, and the first administrator.
"""

import asyncio
import atexit
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import uvicorn
import uvloop
from fastapi import FastAPI
from tests.contracts.publish import PARTS, SERVICES

from kaoping.card import Credentials
from kaoping.client import Client
from kaoping.system import System
from postgres_supervisor import Postgres, Urls, provision
from service_testing import AUTHORISATION, home_of, migrate
from service_testing.clusters import database_of

# Hashing a password costs 64 MiB and a tenth of a second in life; a year has forty of them.
CHEAP = {"argon2_memory": "64", "argon2_passes": "1", "argon2_lanes": "1"}
UNLIMITED = {
    "requests_per_second": "100000",
    "burst": "100000",
    "complaints_at_once": "100000",
    "sign_ins_per_second": "100000",
    "sign_in_burst": "100000",
    # Each try counts as failed until it succeeds: many at once would look like guesses.
    "sign_in_failures": "100000",
}

_PUBLISHED: dict[str, dict[str, Any]] = {}
"""The document of a service, once it was asked for: a second to make, and the same in each system
of this process."""


@dataclass
class Installation:
    """A running system."""

    url: str
    transport: httpx.BaseTransport | None
    administrator: Credentials
    databases: Mapping[str, str]
    """URLs of the five databases for a superuser, by part."""
    system: System | None
    """The processes, when there are any."""

    def client(self, credentials: Credentials) -> Client:
        """Return a client of an account."""
        return Client(self.url, credentials, transport=self.transport)

    def tagged(self) -> set[str]:
        """The paths whose documents have an ETag, as it is published."""
        document = self.raw().get("/api/v1/openapi.json").json()
        return {
            path
            for path, of in document["paths"].items()
            if "304" in of.get("get", {}).get("responses", {})
        }

    def queries(self) -> dict[str, list[str]]:
        """The query parameters of every path that can be read, as they are published."""
        document = self.raw().get("/api/v1/openapi.json").json()
        shared = document["components"]["parameters"]

        def told(node: dict[str, Any]) -> dict[str, Any]:
            return shared[node["$ref"].rpartition("/")[2]] if "$ref" in node else node

        return {
            path: [
                each["name"]
                for each in map(told, of.get("get", {}).get("parameters", ()))
                if each["in"] == "query"
            ]
            for path, of in document["paths"].items()
        }

    def raw(self, **headers: str) -> httpx.Client:
        """Return a plain HTTP client at the door."""
        return httpx.Client(
            base_url=self.url,
            transport=self.transport,
            headers={"Accept-Language": "en", **headers},
            timeout=60,
        )

    def stored(self) -> dict[str, str]:
        """Return a digest of everything in every table of every database, by table, but for who
        read what."""
        return asyncio.run(_digests(self.databases))

    def rows(self, but: Collection[str] = ()) -> str:
        """Return everything that stands in every table of every database, but for some, as text."""
        return asyncio.run(_rows(self.databases, but))


async def _rows(databases: Mapping[str, str], but: Collection[str]) -> str:
    found = list[str]()
    for url in databases.values():
        connection = await asyncpg.connect(url, ssl=False)
        try:
            for name in await connection.fetch(_TABLES):
                if name[0] in but:
                    continue
                rows = await connection.fetch(f'SELECT t::text AS row FROM "{name[0]}" t')  # noqa: S608
                found += (each["row"] for each in rows)
        finally:
            await connection.close()
    return "\n".join(found)


_TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1
"""

_DIGEST = """
    SELECT '{0}', count(*) || ':' || coalesce(sum(hashtextextended(row, 0)), 0)
    FROM (SELECT t::text AS row FROM "{0}" t OFFSET 0) one WHERE row NOT LIKE '(reads,%'
"""
"""In whatever order the rows lie, which takes no sorting. Without the chain that tells who read
what: reading changes nothing else."""


async def _digests(databases: Mapping[str, str]) -> dict[str, str]:
    found = dict[str, str]()
    for part, url in databases.items():
        connection = await asyncpg.connect(url, ssl=False)
        try:
            # Not logged is what the processes of the gateway remember for one another, and no
            # record when a secret was last used.
            names = await connection.fetch(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                " AND relkind = 'r' AND relpersistence = 'p' AND relname <> 'secret_use' ORDER BY 1"
            )
            # All tables at once: this is asked before and after every test.
            asked = " UNION ALL ".join(_DIGEST.format(name) for (name,) in names)
            found |= {f"{part}.{name}": told for name, told in await connection.fetch(asked)}
        finally:
            await connection.close()
    return found


class Bridge(httpx.BaseTransport):
    """Lets a client that knows no event loop speak to apps that live in one."""

    def __init__(self, loop: asyncio.AbstractEventLoop, door: httpx.AsyncBaseTransport) -> None:
        self.loop = loop
        self.door = door

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Hand the request over and wait for the whole answer."""
        return asyncio.run_coroutine_threadsafe(self._carry(request), self.loop).result(120)

    async def _carry(self, request: httpx.Request) -> httpx.Response:
        inner = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.read()
        )
        answer = await self.door.handle_async_request(inner)
        body = b"".join([piece async for piece in answer.aiter_raw()])  # compressed as it came
        return httpx.Response(answer.status_code, headers=answer.headers, content=body)


@contextmanager
def in_one_process(
    postgres: Postgres, databases: Callable[[str], Urls], keys: Path, **settings: object
) -> Iterator[Installation]:
    """Run the five apps in a thread of this process, wired to each other without sockets;
    `settings` are the gateway's, but for `database_pooled`, which is of all, and `replica_url`, of
    the rankings."""
    loop = uvloop.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    urls = {part: databases(part) for part in PARTS}
    stack = AsyncExitStack()
    door = wait(_assemble(urls, keys, stack, settings))
    secret = "first-of-all-the-accounts"
    pooled = bool(settings.get("database_pooled"))
    wait(_bootstrap(urls, keys, secret, pooled=pooled))
    names = {part: urls[part].app.rsplit("/", 1)[1].partition("?")[0] for part in PARTS}
    try:
        yield Installation(
            url="http://gateway",
            transport=Bridge(loop, door),
            administrator=Credentials("administrator", secret),
            databases={part: postgres.url(name) for part, name in names.items()},
            system=None,
        )
    finally:
        wait(stack.aclose())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def over_tcp(installation: Installation) -> Iterator[Installation]:
    """Let others reach what `in_one_process` runs: browsers, and programs in other languages."""
    bridge = cast(Bridge, installation.transport)
    app = cast(httpx.ASGITransport, bridge.door).app
    # As it is served in life: nobody is believed who says from where he comes.
    config = uvicorn.Config(
        app, port=0, lifespan="off", log_config=None, access_log=False, proxy_headers=False
    )
    server = uvicorn.Server(config)
    served = asyncio.run_coroutine_threadsafe(server.serve(), bridge.loop)
    while not server.started:
        if served.done():
            served.result()
        time.sleep(0.001)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield replace(installation, url=f"http://127.0.0.1:{port}", transport=None)
    finally:
        server.should_exit = True
        served.result(30)


def _settings(
    part: str,
    urls: Mapping[str, Urls],
    keys: Path,
    *,
    database_pooled: bool = False,
    replica_url: str = "",
    **more: object,
) -> Any:
    own = {**CHEAP, **UNLIMITED, "keys_dir": keys, **more} if part == "gateway" else {}
    if part == "scoring":
        own |= {"evidence_store": str(keys / "evidence"), "complaint_keys": str(keys / "contacts")}
    if part == "ranking":
        own |= {"linked_keys": str(keys / "linked"), "embargo_lead_seconds": 1}
        own |= {"replica_url": replica_url}
    return import_module(f"{part}.settings").Settings.model_validate(
        {
            "database_url": urls[part].app,
            "database_pooled": database_pooled,
            "database_spread": bool(os.environ.get("CITUS_BIN")),
            "authorisation_file": AUTHORISATION,
            "gateway_url": "http://gateway",
            **own,
        }
    )


async def _assemble(
    urls: Mapping[str, Urls], keys: Path, stack: AsyncExitStack, settings: Mapping[str, object]
) -> httpx.AsyncBaseTransport:
    transports: dict[str, httpx.AsyncBaseTransport] = {}
    own, copy = _settings("gateway", urls, keys, **settings), str(settings.get("replica_url", ""))
    gateway = import_module("gateway.app").create_app(own, transports)
    door = httpx.ASGITransport(gateway, raise_app_exceptions=False)
    for name in SERVICES:
        its = _settings(name, urls, keys, database_pooled=own.database_pooled, replica_url=copy)
        app = import_module(f"{name}.app").create_app(its, door)
        app.openapi_schema = _PUBLISHED.get(name)
        stack.callback(_remember, name, app)
        transports[name] = httpx.ASGITransport(app, raise_app_exceptions=False)
        await stack.enter_async_context(app.router.lifespan_context(app))
    await stack.enter_async_context(gateway.api.router.lifespan_context(gateway.api))
    return door


def _remember(name: str, app: FastAPI) -> None:
    if app.openapi_schema is not None:
        _PUBLISHED[name] = app.openapi_schema


async def _bootstrap(
    urls: Mapping[str, Urls], keys: Path, secret: str, *, pooled: bool = False
) -> None:
    bootstrap = import_module("gateway.bootstrap").bootstrap
    settings = _settings("gateway", urls, keys, database_pooled=pooled)
    await bootstrap(settings, "administrator", secret)


class Prepared(System):
    """A system whose database server is a copy of one that was initialised and migrated before:
    that takes half of a start, and comes to the same each time. What begins from nothing, as in
    life, is tried by the tests of the command line."""

    def provide(self) -> dict[str, Urls]:
        """Take a copy of the server, start it, and give each service its database there."""
        if not self.postgres.data.exists():
            _copy_of(_migrated(), self.postgres)
        return super().provide()


@cache
def _migrated() -> Postgres:
    """Make a server with the databases of all parts, migrated; it is left stopped, and removed when
    this process ends."""
    directory = Path(tempfile.mkdtemp(prefix="kaoping-prepared-"))
    directory.chmod(0o711)
    made = Postgres(directory, {"fsync": "off", "full_page_writes": "off"}, keep=False)
    atexit.register(made.remove)
    with made:
        for part, urls in provision(made, PARTS).items():
            migrate(home_of(part), urls.owner)
    return made


def _copy_of(made: Postgres, new: Postgres) -> None:
    """Give a server that has no data those of another that is stopped, with its passwords."""
    new.directory.mkdir(mode=0o711, parents=True, exist_ok=True)
    unfinished = new.unfinished_directory()
    subprocess.run(["cp", "-a", "--reflink=auto", f"{made.data}/.", unfinished], check=True)
    shutil.copy(made.directory / "secrets.json", new.directory / "secrets.json")
    unfinished.rename(new.data)


@contextmanager
def in_five_processes(*, instances: int = 1, **settings: str) -> Iterator[Installation]:
    """Run what `kaoping up` runs: PostgreSQL and five processes that speak over TCP, or so many
    times five."""
    unsafe = {"fsync": "off", "full_page_writes": "off"}
    environment = {
        name.upper(): value for name, value in {**CHEAP, **UNLIMITED, **settings}.items()
    }
    with Prepared.temporary(
        postgres=unsafe, environment=environment, instances=instances
    ) as system:
        yield Installation(
            url=system.gateway_url,
            transport=None,
            administrator=system.card.administrator,
            databases={part: system.postgres.url(part) for part in PARTS},
            system=system,
        )


@contextmanager
def in_five_processes_on(
    postgres: Postgres, databases: Mapping[str, Urls], **settings: str
) -> Iterator[Installation]:
    """Run the five processes on databases that are there already, maybe on a cluster."""

    class Elsewhere(System):
        def provide(self) -> dict[str, Urls]:
            return dict(databases)

    said = {**CHEAP, **UNLIMITED, "database_spread": os.environ.get("CITUS_BIN", "") and "1"}
    environment = {name.upper(): value for name, value in {**said, **settings}.items() if value}
    with Elsewhere.temporary(environment=environment) as system:
        names = {part: database_of(each.app) for part, each in databases.items()}
        yield Installation(
            url=system.gateway_url,
            transport=None,
            administrator=system.card.administrator,
            databases={part: postgres.url(name) for part, name in names.items()},
            system=system,
        )
