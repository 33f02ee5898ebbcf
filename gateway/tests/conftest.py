"""The gateway at work: in this process over ASGI, and as a server of its own over TCP."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx
import pytest
import uvicorn

from gateway.app import create_app
from gateway.bootstrap import bootstrap
from gateway.settings import Settings
from gateway.standing import AccountStanding, AccountStandings, reader
from postgres_supervisor import Urls
from service_testing import AUTHORISATION, add_key

ADMIN, SECRET = "admin", "correct-horse-battery"
CHEAP = {"argon2_memory": 64, "argon2_passes": 1, "argon2_lanes": 1}


def without_lifespan(app):
    """Return `app` with a lifespan that does nothing."""

    async def whole(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            return await send({"type": "lifespan.shutdown.complete"})
        return await app(scope, receive, send)

    return whole


async def answer_with(answer, send):
    """Send a whole answer through an ASGI channel."""
    head = {"type": "http.response.start", "status": answer.status_code}
    await send({**head, "headers": answer.headers.raw})
    await send({"type": "http.response.body", "body": answer.content})


class Echo:
    """A service that tells what it was asked, and remembers it."""

    def __init__(self):
        self.asked = []

    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message["body"], message["more_body"]
        heard = {
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]],
            "body": len(body),
        }
        self.asked.append(heard)
        headers = {"ETag": '"e"', "X-Request-ID": "upstream"}
        await answer_with(httpx.Response(200, json=heard, headers=headers), send)


@asynccontextmanager
async def serving(app):
    """Serve an ASGI app on a free port of this machine; give its URL."""
    config = uvicorn.Config(app, port=0, lifespan="on", log_config=None, ws="none")
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None
    task = asyncio.create_task(server._serve())
    while not server.started:
        assert not task.done(), task.exception()
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass
class Door:
    """A gateway at work."""

    url: str
    transport: httpx.AsyncBaseTransport | None
    app: object
    urls: Urls
    echo: Echo
    made_up: dict = field(default_factory=dict)

    def __post_init__(self):
        """Let tokens hold whose account a test has made up, beside those of real accounts."""
        state = self.app.state
        if state.standings is not None:
            real = reader(state.sessions)

            async def read(subject, session):
                return self.made_up.get(subject) or await real(subject, session)

            state.standings = AccountStandings(read, state.settings.account_seconds)

    def client(self, token=None, **headers):
        """Return a client that speaks with a token, or without one."""
        given = {"Accept-Language": "en", **headers}
        if token:
            given["Authorization"] = f"Bearer {token}"
        return httpx.AsyncClient(
            base_url=self.url,
            transport=self.transport,
            headers=given,
            event_hooks={"request": [add_key]},
            timeout=30,
        )

    async def sign_in(self, subject=ADMIN, secret=SECRET):
        """Sign a person in and return the token."""
        form = {"grant_type": "password", "username": subject, "password": secret}
        async with self.client() as client:
            answer = await client.post("/oauth/token", data=form)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def choose(self, subject, once, secret=SECRET):
        """Have a person choose a password by the secret that opens once."""
        token = await self.sign_in(subject, once)
        async with self.client(token) as client:
            body = {"current": once, "new": secret}
            answer = await client.post("/api/v1/me/password", json=body)
        assert answer.status_code == 201, answer.text

    def token(self, *roles, subject=None, unit=None, **claims):
        """Return a token as the gateway signs it, for an account of which only the token knows.

        `claims` replace the usual ones.
        """
        now = int(time.time())
        subject = subject or f"p-{uuid.uuid4().hex[:8]}"
        person = claims.get("person", subject)
        if subject != ADMIN:
            whose = {"jurisdiction": claims.get("jurisdiction")}
            self.made_up[subject] = AccountStanding(person, unit, frozenset(roles), **whose)
        about = {"sub": subject, "roles": roles, "unit": unit}
        usual = {"iss": "kaoping", "aud": "kaoping", "iat": now, "exp": now + 900}
        return self.app.state.keys.sign({**usual, **about, **claims})

    async def create(self, *roles, **account):
        """Create an account through the API and return what was answered for it."""
        usual = {"subject": f"p-{uuid.uuid4().hex[:8]}", "kind": "person", "name": "某人"}
        body = {"accounts": [{**usual, "roles": list(roles), **account}]}
        async with self.client(self.token("system_administrator", subject=ADMIN)) as client:
            answer = await client.post("/api/v1/accounts", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["accounts"][0]


@pytest.fixture(scope="session")
def settings_for(databases, tmp_path_factory):
    """Give a factory of settings for a gateway with a database and keys of its own."""

    def make(**more):
        urls = databases("gateway")
        usual = {
            "database_url": urls.app,
            "authorisation_file": AUTHORISATION,
            "keys_dir": tmp_path_factory.mktemp("keys") / "signing",
            "requests_per_second": 100_000,
            "burst": 100_000,
            "sign_ins_per_second": 100_000,
            "sign_in_burst": 100_000,
            "sign_in_failures": 100_000,
            "reference_patience": 0,
        }
        return Settings.model_validate({**usual, **CHEAP, **more}), urls

    return make


@asynccontextmanager
async def in_process(settings_for):
    """Give a factory of gateways in this process; every service behind them is an `Echo`."""
    async with AsyncExitStack() as stack:

        async def run(transports=None, **more):
            settings, urls = settings_for(**more)
            echo = Echo()
            names = ("indicators", "scoring", "survey", "ranking")
            usual = {name: httpx.ASGITransport(echo) for name in names}
            app = create_app(settings, {**usual, **(transports or {})})
            await stack.enter_async_context(app.api.router.lifespan_context(app.api))
            if settings.identity == "embedded":
                await bootstrap(settings, ADMIN, SECRET)
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            return Door("http://gateway", transport, app.api, urls, echo)

        yield run


@pytest.fixture(scope="module")
async def run_gateway(settings_for) -> AsyncIterator[Callable]:
    """Give a factory of gateways, which stop with the module: each of them looks for webhooks and
    neighbours for as long as it runs."""
    async with in_process(settings_for) as run:
        yield run


@pytest.fixture(scope="session")
async def door(settings_for) -> AsyncIterator[Door]:
    """Give one gateway in this process, for all tests that leave it as it is."""
    async with in_process(settings_for) as run:
        yield await run()


def new_account(subject, *roles, **more):
    """Return an account to be created, a person's unless `more` says otherwise."""
    usual = {"subject": subject, "kind": "person", "name": "某人", "secret": SECRET}
    return {**usual, "roles": list(roles), **more}


@pytest.fixture(scope="session")
async def doors(settings_for):
    """Give one gateway with two administrators, `admin` and `second`, and the client of one; what
    becomes of an account holds there at once."""
    async with AsyncExitStack() as stack:
        run = await stack.enter_async_context(in_process(settings_for))
        door = await run(account_seconds=0.001)
        admin = await stack.enter_async_context(door.client(await door.sign_in()))
        many = [
            new_account("second", "system_administrator", person="E2"),
            new_account("clerk", "data_source_unit", unit="ZH01", person="E4"),
        ]
        answer = await admin.post("/api/v1/accounts", json={"accounts": many})
        assert answer.status_code == 201, answer.text
        yield door, admin


@pytest.fixture(scope="module")
async def serve_gateway(settings_for) -> AsyncIterator[Callable]:
    """Give a factory of gateways over TCP in front of one upstream URL."""
    async with AsyncExitStack() as stack:

        async def serve(upstream, **more):
            names = ("indicators", "scoring", "survey", "ranking")
            settings, urls = settings_for(upstreams=dict.fromkeys(names, upstream), **more)
            app = create_app(settings)
            url = await stack.enter_async_context(serving(app))
            await bootstrap(settings, ADMIN, SECRET)
            return Door(url, None, app.api, urls, Echo())

        yield serve


async def until(condition, seconds=30.0):
    """Wait until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.01)


@pytest.fixture(scope="session")
def sql(postgres):
    """Give a function that runs a statement in a gateway's database, as superuser."""

    async def run(door, statement):
        name = door.urls.app.rsplit("/", 1)[1].partition("?")[0]
        connection = await asyncpg.connect(postgres.url(name), ssl=False)
        try:
            return [dict(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return run
