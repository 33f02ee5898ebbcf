"""The scoring service in this process, on a real PostgreSQL, with a ledger in it that is full."""

import re
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
import orjson
from benchmarks.made_up import YEAR, MadeUp, compiled
from benchmarks.measuring import Spent, processor_of_children
from fastapi import FastAPI

from chassis.serving import collect_garbage_rarely
from postgres_supervisor import Postgres, provision
from scoring.app import create_app
from scoring.queries.counted import counted_entries
from scoring.rules.ledger.entries import Entry
from scoring.rules.scheme.compiled import CompiledScheme
from scoring.rules.scheme.document import Block, Category
from scoring.settings import Settings
from service_testing import AUTHORISATION, Signer, add_key, home_of, migrate

ENTRY = (
    "cycle_id entry_id unit indicator kind key item period value word author author_unit"
    " author_person"
)
SOURCE = "ZH02"
STATE = "cycle_id entry_id step state actor"


class Refused(Exception):
    """A request that a benchmark makes was not answered as it should be."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A service whose ledger is full, clients of the performance office, of a data source that may
    enter anything and of an auditor, and the cycle. `caller` makes a client of somebody else."""

    app: FastAPI
    client: httpx.AsyncClient
    source: httpx.AsyncClient
    auditor: httpx.AsyncClient
    postgres: Postgres
    cycle_id: uuid.UUID
    caller: Callable[..., httpx.AsyncClient]

    @property
    def path(self) -> str:
        """Where the cycle's resources are."""
        return f"/api/v1/cycles/{self.cycle_id}"

    async def read(self, given: MadeUp) -> list[Entry]:
        """Read the entries that count, as the request does, by one statement."""
        async with self.app.state.sessions() as db:
            return await counted_entries(db, self.cycle_id, given.category.units)

    async def forget(self) -> None:
        """Have the database know nothing of what has been computed and told before."""
        connection = await asyncpg.connect(self.postgres.url("scoring"), ssl=False)
        try:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(
                "TRUNCATE unit_score, input_document, explanation, explanation_tree"
            )
        finally:
            await connection.close()

    async def enter(self, entry: Entry) -> None:
        """Have one more verified entry in the ledger."""
        await _load(self.postgres.url("scoring"), self.cycle_id, lambda: [entry])

    async def compute(self) -> int:
        """Compute an edition of the score sheet by a whole request, and return its number."""
        answer = await self.client.post(f"{self.path}/score-sheets", json={})
        if answer.status_code != 201:
            raise Refused(answer.text)
        assert answer.json()["missing"] == 0
        edition: int = answer.json()["edition"]
        return edition

    async def explain(self, unit: str) -> None:
        """Have the total of a unit explained, in the latest edition."""
        answer = await self.client.get(f"{self.path}/score-sheets/latest/units/{unit}/explanation")
        assert answer.status_code == 200, answer.text

    async def feed_back(self, edition: int) -> None:
        """Feed an edition back to all units."""
        answer = await self.client.post(f"{self.path}/score-sheets/{edition}/feedback")
        if answer.status_code != 201:
            raise Refused(answer.text)

    async def spent(self, work: Awaitable[object]) -> Spent:
        """Do some work and return what it took, the database's processor time included."""
        wall, processor = time.perf_counter(), self._processor()
        await work
        return Spent(time.perf_counter() - wall, self._processor() - processor)

    def _processor(self) -> float:
        server = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        return time.process_time() + processor_of_children(server)


@asynccontextmanager
async def loaded(
    given: MadeUp, *, empty: bool = False, categories: Sequence[Category] = ()
) -> AsyncIterator[Loaded]:
    """Give a service that holds the made-up ledger, all of it verified, or an empty one.

    The scheme has the made-up category, entered by one unit, unless others are given.
    """
    cycle_id, signer = uuid.uuid4(), Signer.new()
    # What the service writes to its log goes nowhere, so that the measures can be read.
    nowhere = TextIOWrapper(BytesIO())
    with (
        redirect_stdout(nowhere),
        Postgres.temporary() as postgres,
        TemporaryDirectory(prefix="evidence-") as evidence,
    ):
        urls = provision(postgres, ["scoring"])["scoring"]
        migrate(home_of("scoring"), urls.owner)
        if not empty:
            await _load(postgres.url("scoring"), cycle_id, given.each_entry)
        settings = Settings(
            database_url=urls.app,
            authorisation_file=AUTHORISATION,
            gateway_url="http://gateway",
            evidence_store=evidence,
        )
        app = create_app(settings, httpx.MockTransport(Played(given, signer, categories)))
        collect_garbage_rarely()

        def client(
            *roles: str, unit: str | None = None, subject: str | None = None
        ) -> httpx.AsyncClient:
            async def sign(request: httpx.Request) -> None:
                # Anew for each request: a token is not valid as long as a benchmark may take.
                token = signer.token(*roles, subject=subject or roles[0], unit=unit)
                request.headers["Authorization"] = f"Bearer {token}"

            return httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://service",
                event_hooks={"request": [add_key, sign]},
            )

        async with (
            app.router.lifespan_context(app),
            client("performance_office") as office,
            client("data_source_unit", unit=SOURCE) as source,
            client("auditor") as auditor,
        ):
            yield Loaded(app, office, source, auditor, postgres, cycle_id, client)


async def _load(url: str, cycle_id: uuid.UUID, entries: Callable[[], Iterable[Entry]]) -> None:
    connection = await asyncpg.connect(url, ssl=False)
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO ledger VALUES ($1, 'open') ON CONFLICT DO NOTHING", cycle_id
            )
            said = ENTRY.split()[1:-3]
            rows = (
                (cycle_id, *(getattr(e, name) for name in said), "clerk", SOURCE, "clerk")
                for e in entries()
            )
            await connection.copy_records_to_table(
                "ledger_entry", records=rows, columns=ENTRY.split()
            )
            moves = [("submitted", "clerk"), ("verified", "office")]
            states = (
                (cycle_id, e.entry_id, step, state, actor)
                for e in entries()
                for step, (state, actor) in enumerate(moves, 1)
            )
            await connection.copy_records_to_table(
                "ledger_entry_state", records=states, columns=STATE.split()
            )
            await connection.execute(
                "SELECT keep_latest_states($1, array_agg(entry_id)) FROM ledger_entry"
                " WHERE cycle_id = $1 AND step < 2",
                cycle_id,
            )
            # As a command would: nothing is scored that the journal does not vouch for.
            await connection.execute(
                "SELECT journal_append($1, 'clerk', '', 'loaded', '{}')", str(cycle_id)
            )
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


class Played:
    """The other services; their documents are ready bytes, so that playing them takes no time."""

    def __init__(self, given: MadeUp, signer: Signer, categories: Sequence[Category] = ()) -> None:
        categories = categories or [_entered_by_one(given.category)]
        self._documents = {
            "jwks.json": _bytes(signer.jwks),
            "units": _bytes({"items": list(map(_unit, given.category.units)), "next": None}),
            "scheme": _bytes(
                {
                    "digest": "1" * 64,
                    "scheme": _scheme(given, categories),
                    "compiled": asdict(_compiled(categories)),
                }
            ),
            "targets": _bytes(
                {"digest": "2" * 64, "targets": [asdict(t) for t in given.targets()]}
            ),
            "satisfaction": _bytes({"digest": "3" * 64, "surveys": []}),
            "cycles": _bytes({"items": [], "next": None}),
            "rectification-items": _bytes({"items": [], "next": None}),
            **{str(year): _bytes(_calendar(year)) for year in (YEAR, YEAR + 1)},
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer with the document of that name, or with 304 to who has it."""
        name = Path(request.url.path).name
        if request.headers.get("if-none-match") == f'"{name}"':
            return httpx.Response(304)
        headers = {"ETag": f'"{name}"', "Content-Type": "application/json"}
        return httpx.Response(200, content=self._documents[name], headers=headers)


def _calendar(year: int) -> dict[str, Any]:
    return {"year": year, "announced": False, "recorded_at": None, "days": []}


def _unit(code: str) -> dict[str, Any]:
    name = {"name": f"单位{code}", "kind": "legal", "valid_from": "2000-01-01", "valid_to": None}
    return {"code": code, "names": [name], "succeeds": []}


def _bytes(value: object) -> bytes:
    return orjson.dumps(value, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(type(value))


def _compiled(categories: Sequence[Category]) -> CompiledScheme:
    found = tuple(one for each in categories for one in compiled(each).categories)
    return CompiledScheme(1, {}, found)


def _scheme(given: MadeUp, categories: Sequence[Category]) -> dict[str, Any]:
    window = {"opens": f"{YEAR}-01-01", "closes": f"{YEAR}-12-31"}
    nothing: dict[str, Any] = {"rules": [], "same_event": "highest", "cap_total": None}
    return {
        "assessment_year": YEAR,
        "rounding": asdict(given.rounding),
        "ledger": {"zero_report_required": True},
        "categories": [asdict(each) for each in categories],
        "composition": {
            "parts": [given.category.blocks[0].code],
            "bonus": True,
            "deductions": True,
            "max_total": None,
        },
        "adjustments": {
            "window": window,
            "carry_over": "none",
            "bonus": {**nothing, "requires": []},
            "deductions": nothing,
        },
    }


def _entered_by_one(category: Category) -> Category:
    """Have all indicators of a category entered by one unit, so that one batch can hold them."""

    def entered_by_one(block: Block) -> Block:
        entered = (replace(each, data_source_unit=SOURCE) for each in block.indicators)
        return replace(block, indicators=tuple(entered))

    entered = map(entered_by_one, category.blocks)
    return replace(category, blocks=tuple(entered))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that the server was asked, and the milliseconds that it took."""

    text: str
    milliseconds: float


@asynccontextmanager
async def logged_statements(postgres: Postgres) -> AsyncIterator[list[Statement]]:
    """Give the statements that the server is asked, as its own log has them.

    What it takes to parse and to plan one is counted to it.
    """
    said: list[Statement] = []
    await _log_from(postgres, 0)
    before = postgres.log.stat().st_size
    yield said
    await _log_from(postgres, -1)
    text, waiting = postgres.log.read_bytes()[before:].decode(errors="replace"), 0.0
    for took, step, more, statement in re.findall(_LOGGED, text):
        waiting += float(took)
        if more:  # another part of the rows of the statement before
            said[-1] = Statement(said[-1].text, said[-1].milliseconds + waiting)
        elif step in ("statement", "execute"):
            said.append(Statement(statement, waiting))
        else:
            continue
        waiting = 0.0
    said[:] = [each for each in said if not each.text.startswith(_OF_OUR_OWN)]


_LOGGED = (
    r"LOG:  duration: ([\d.]+) ms  (statement|parse|bind|execute)( fetch from)?(?: [^:]+)?: (.*)"
)
_OF_OUR_OWN = ("ALTER SYSTEM", "SELECT pg_reload_conf", "SELECT pg_sleep")


async def _log_from(postgres: Postgres, milliseconds: int) -> None:
    """Have the server log all statements that take so long, from now on; none below zero."""
    connection = await asyncpg.connect(postgres.url(), ssl=False)
    try:
        setting = f"log_min_duration_statement = {milliseconds}"
        await connection.execute(f"ALTER SYSTEM SET {setting}")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute("SELECT pg_sleep(0.2)")
    finally:
        await connection.close()
