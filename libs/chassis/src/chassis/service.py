"""Assemble a service: database, peers, problems, identity, journal, request ids and health."""

import asyncio
import json
import re
import threading
import time
import uuid
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from functools import partial
from itertools import chain, groupby
from typing import Any

import httpx
import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import configure_mappers
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis import (
    authorisation,
    checkpoints,
    feed,
    health,
    idempotency,
    identity,
    intake,
    journal,
    logs,
    looks,
    metrics,
    peers,
    pooling,
    problems,
    spreading,
    stand_ins,
    suites,
    traces,
    watching,
)
from chassis.databases import Databases
from chassis.db import CommandSession, dumps, looks_of, snapshots_of, unavailable
from chassis.declared import DeclaredRoutes, all_made
from chassis.feed import EventType, Feed
from chassis.kept import MOST_BYTES, BoundedBytes, KnownReads
from chassis.routes import Router
from chassis.settings import Settings

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._\-]{1,64}")


def create_service(
    name: str,
    settings: Settings,
    routers: Iterable[APIRouter],
    *,
    events: Iterable[EventType] | None = None,
    told_later: str | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """Return the service `name`, which records these `events` in its journal and no others.

    `told_later` is SQL for the entries of which its feed tells nothing before a moment of their
    own (`Feed`). Tests pass a `transport` to stand in for the network.
    """

    recorded = tuple(events or ())
    told = {} if events is None else {"events": frozenset(each.name for each in recorded)}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logs.configure(name)
        suites.require(suites.SUITES[settings.cryptography])
        engine = engine_for(settings)
        app.state.matrix = authorisation.load(settings.authorisation_file)
        app.state.feed = Feed(recorded, app.state.matrix, told_later)
        app.state.sessions = async_sessionmaker(
            engine,
            expire_on_commit=False,
            info={"service": name, **told},
            sync_session_class=CommandSession,
        )
        app.state.readings = async_sessionmaker(snapshots_of(engine), expire_on_commit=False)
        app.state.checkpoints = settings.checkpoints
        if settings.checkpoints is not None:
            try:
                await checkpoints.require_not_behind(app.state.readings, name, settings.checkpoints)
            except BaseException:
                await engine.dispose()
                raise
        app.state.looks = looks_of(engine)
        app.state.documents = BoundedBytes(MOST_BYTES)
        app.state.readiness = _readiness(app, name, settings)
        secure = settings.tls.asking()
        silence = settings.doubt_seconds
        async with (
            _copy_of(settings, engine) as copy,
            peers.Client(settings.gateway_url, transport, secure, silence) as http,
        ):
            app.state.public_readings = async_sessionmaker(
                snapshots_of(copy), expire_on_commit=False
            )
            app.state.peer_connection = peers.PeerConnection(http)
            app.state.verifier = identity.Verifier(
                identity.Claims(
                    settings.token_issuer,
                    settings.token_audience,
                    settings.roles_claim,
                    settings.organisation_claim,
                    settings.person_claim,
                    settings.scope_claim,
                    settings.realm_claim,
                ),
                http,
                settings.jwks_url or "/.well-known/jwks.json",
                identity.Freshness(
                    refresh=settings.keys_refresh_seconds,
                    stale=settings.keys_stale_seconds,
                    retry=min(10.0, settings.keys_refresh_seconds),
                    longest_token=settings.longest_token_seconds,
                ),
            )
            app.state.known_reads = KnownReads(
                app.state.documents, app.state.looks, app.state.verifier
            )
            watching.WATCH.begin(looks.of_service(app, settings))
            spans = traces.Collector(name, settings.traces_endpoint, settings.traces_share)
            spans.begin()
            yield
            watching.WATCH.end()
            await spans.end()
        await engine.dispose()

    asked = {"GATEWAY_URL": settings.gateway_url, "JWKS_URL": settings.jwks_url}
    _require_secure(settings, asked if transport is None else {})
    # Now and not at the first request: whoever forks processes of this app has them made once.
    configure_mappers()
    authorisation.load(settings.authorisation_file)
    app = FastAPI(
        title=name.capitalize(),
        version="1",
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
    )
    problems.install(app)
    app.add_middleware(intake.BodyLimit, limit=settings.body_limit, refuse=_too_large)
    app.add_middleware(RequestContext)
    # Health first: a router that is included is made complete when a request first looks at it.
    everything = [health.router, *routers, journal.router(name), feed.router]
    for has_declared, some in groupby(everything, lambda each: isinstance(each, Router)):
        group = list(some)
        if has_declared:
            declared = [each.declared for each in group if isinstance(each, Router)]
            app.router.routes.append(DeclaredRoutes(chain.from_iterable(declared)))
            continue
        for router in group:
            app.include_router(router)
    publish_completely(app)
    return app


def _require_secure(settings: Settings, asked: Mapping[str, str]) -> None:
    for url in filter(None, (settings.database_url, settings.replica_url)):
        settings.tls.require(url, asked)


def _readiness(app: FastAPI, name: str, settings: Settings) -> health.Readiness:
    """Return what says whether the service can do its work."""
    not_behind = None
    if settings.checkpoints is not None:
        not_behind = partial(
            checkpoints.require_not_behind, app.state.readings, name, settings.checkpoints
        )
    return health.Readiness(
        app.state.sessions, migrations=settings.migrations, not_behind=not_behind
    )


# FastAPI would send what fails, with bodies and messages, to whoever the environment names, and
# look there with every request: what is told of a request are our own logs.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}


def publish_completely(app: FastAPI) -> None:
    """Have the app publish its document with every refusal as the problem document that it is."""
    generate, making = app.openapi, threading.Lock()

    def published() -> dict[str, Any]:
        with making:
            if app.openapi_schema is None:
                with all_made(app):
                    app.openapi_schema = problems.complete_document(generate())
        return app.openapi_schema

    async def publish(_: Request) -> Response:
        # Beside the loop: the first time takes seconds, in which others are to be answered.
        body = await asyncio.to_thread(lambda: orjson.dumps(published()))
        return Response(body, media_type="application/json")

    # How FastAPI wants it replaced.
    app.openapi = published  # type: ignore[method-assign]
    app.add_route("/openapi.json", publish, include_in_schema=False)


def engine_for(settings: Settings) -> AsyncEngine:
    """Return the engine of a service: bounded pool, bounded waits, decimals exact in JSON."""
    engine = _engine(settings, settings.database_url)
    pool = engine.pool
    assert isinstance(pool, _WatchedPool)  # noqa: S101 - narrows for mypy
    metrics.of_connections(pool.checkedin, pool.checkedout)
    return engine


def _engine(settings: Settings, url: str) -> AsyncEngine:
    secure = settings.tls.of_database()
    engine = create_async_engine(
        url,
        pool_size=settings.pool_size,
        poolclass=_WatchedPool,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,
        json_serializer=dumps,
        json_deserializer=lambda raw: json.loads(raw, parse_float=Decimal),
        connect_args={
            "timeout": 5,
            **({} if secure is None else {"ssl": secure}),
            **_connections(settings),
        },
    )
    if settings.database_spread:
        spreading.mark(engine)
    _ping_the_idle(engine, settings.idle_seconds)
    pool = engine.pool
    assert isinstance(pool, _WatchedPool)  # noqa: S101 - narrows for mypy
    pool.watching = Databases(engine.url, settings.doubt_seconds)
    pool.watching.watch(engine)
    return engine


def _connections(settings: Settings) -> Mapping[str, Any]:
    """Return what asyncpg is told of where it speaks to."""
    if settings.database_pooled:
        told, spread = pooling.LENT, spreading.SpreadLentDriver
    else:
        told, spread = pooling.OWN, spreading.SpreadDriver
    return {**told, "connection_class": spread} if settings.database_spread else told


@asynccontextmanager
async def _copy_of(settings: Settings, engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """Give the engine by which what may be old is read: a copy of the database, or itself."""
    if not settings.replica_url:
        yield engine
        return
    copy = _engine(settings, settings.replica_url)
    try:
        yield copy
    finally:
        await copy.dispose()


class _WatchedPool(AsyncAdaptedQueuePool):
    """A pool that counts for how long it was waited for, and is not where nobody answers."""

    watching: Databases | None = None

    def _do_get(self) -> ConnectionPoolEntry:
        with metrics.WAITED.time():
            if self.watching is not None:
                self.watching.require_heard()
            return super()._do_get()


def _ping_the_idle(engine: AsyncEngine, idle_seconds: float) -> None:
    """Try a connection that has lain idle for some seconds before it is used.

    SQLAlchemy's own pre-ping tries every one each time and costs three round trips of the four
    that a simple read then needs; a server that restarts while connections are busy is noticed by
    the request that meets it, which is answered with a 503.
    """

    def lay_down(_: object, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    def pick_up(raw: DBAPIConnection, record: ConnectionPoolEntry, _: object) -> None:
        driver = record.driver_connection
        if driver is None or driver.is_closed() or driver.is_in_transaction():
            raise DisconnectionError  # left by something that was not done through SQLAlchemy
        since = record.info.get("idle_since")
        if since is None or time.monotonic() - since < idle_seconds:
            return
        try:
            # Not the dialect's own ping, which begins a transaction for it and ends that again; and
            # a statement, because the driver takes the answer to none for an error.
            raw.run_async(lambda driver: driver.execute("SELECT"))
        except Exception as error:  # whatever is wrong with it, the pool has others, and new ones
            raise DisconnectionError from error

    event.listen(engine.sync_engine, "checkin", lay_down)
    event.listen(engine.sync_engine, "checkout", pick_up)


def _too_large(scope: Scope, refusal: intake.BodyTooLarge) -> Response:
    return problems.render(Request(scope), refusal)


def _published(scope: Scope) -> str:
    """Return the path of a request as it is published, `-` where that method has none."""
    route = scope.get("route")  # also found by its path alone, with a method that it has not
    is_offered = scope["method"] in (getattr(route, "methods", None) or ())
    return str(getattr(route, "path", "-")) if is_offered else "-"


def _count(scope: Scope, route: str, status: int, seconds: float, *, is_repeated: bool) -> None:
    method = scope["method"] if route != "-" else "-"  # anybody may call one as he likes
    metrics.answered(method, route, status, seconds)
    if method not in metrics.READS:
        outcome = metrics.outcome_of(status, is_checked=b"mode=check" in scope["query_string"])
        metrics.COMMANDS.labels("repeated" if is_repeated else outcome).inc()


def _failed(request: Request, error: Exception) -> Response:
    refusal = unavailable(error)
    if refusal is None:
        return problems.crashed(request, error)
    logs.failed(error)
    return problems.render(request, refusal)


class RequestContext:
    """Bind request id and token to the context of a request, and write its line to the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; echo the request id on the answer."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        given = headers.get(logs.REQUEST_ID.lower().encode(), b"")
        name = given.decode() if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        id_token = logs.request_id.set(name)
        bearer = headers.get(b"authorization", b"").decode("latin-1")
        bearer_token = peers.authorization.set(bearer)
        shown = headers.get(peers.DOOR_PASS.lower().encode(), b"").decode("latin-1")
        pass_token = peers.door_pass.set(shown)
        status, begun, started = 500, False, time.perf_counter()
        is_repeated = False
        span = traces.served(headers.get(traces.HEADER.encode(), b"").decode("latin-1"))
        standing = stand_ins.begin(scope)

        async def echo(message: Message) -> None:
            nonlocal status, begun, is_repeated
            stand_ins.tell_as_asked(message, standing)
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                is_repeated = idempotency.REPLAYED in message["headers"]
                message["headers"] = [
                    *message["headers"],
                    (logs.REQUEST_ID.lower().encode(), name.encode()),
                ]
            await send(message)

        try:
            known: KnownReads = scope["app"].state.known_reads
            if not await known.answered(scope, headers, echo):
                await self._app(scope, receive, echo)
        except ClientDisconnect:
            status = metrics.GONE  # nobody is there to be answered, and nothing went wrong here
        except Exception as error:
            if begun:
                raise
            await _failed(Request(scope), error)(scope, receive, echo)
        finally:
            route = _published(scope)
            spent = time.perf_counter() - started
            _count(scope, route, status, spent, is_repeated=is_repeated)
            logs.say(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                milliseconds=round(spent * 1000, 1),
            )
            span.end(scope["method"], route, status)
            logs.request_id.reset(id_token)
            peers.authorization.reset(bearer_token)
            peers.door_pass.reset(pass_token)
