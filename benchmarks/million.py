"""What requests cost in a ledger of 10,000 entries, and in one of a million; ratios of the two.

`python -m benchmarks million-short` compares 1,000 with 50,000. Nothing has been analysed when the
first measures are taken, and autovacuum is off: a city's first import is read at once.
"""

import asyncio
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
from typing import Any

import asyncpg
import httpx
from benchmarks.made_up import made_up
from benchmarks.measuring import Spent
from benchmarks.service import SOURCE, Loaded, loaded

from scoring.rules.scheme.document import Block, Category, Indicator

UNITS, INDICATORS = 39, 9
"""Of each category: a larger ledger has more categories, and not larger ones."""

OTHER_SOURCE, REVIEWER, ORGANISER, JUDGE = "ZH03", "ZH04", "ZH05", "judge"
RARE = 12
"""How many entries are in each of the states that are rare."""

WAITING, BATCH, TIMES = 4, 5_000, 5

_UNITS = "'U' || lpad(u::text, 6, '0')"
_ENTER = f"""
    WITH entered AS (
      INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, key, item, period, value,
        author, author_unit, author_person, panel, state, step)
      SELECT $1, gen_random_uuid(), {_UNITS}, 'I' || lpad(i::text, 3, '0'), $5, $6, $7, '2025', 1,
        $8, CASE i WHEN {INDICATORS - 1} THEN '{OTHER_SOURCE}' ELSE '{SOURCE}' END, $8, $9, $10, $11
      FROM generate_series($2::int, $3::int - 1) n,
        LATERAL (SELECT n / $4::int % {UNITS} + n / ($4::int * {UNITS * INDICATORS}) * {UNITS} AS u,
          n / ($4::int * {UNITS}) % {INDICATORS} AS i) cell
      RETURNING entry_id)
    INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)
    SELECT $1, entry_id, 1, $12, $8 FROM entered
    """  # noqa: S608 - names of our own
_MOVE = """
    INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)
    SELECT cycle_id, entry_id, step, state, 'office' FROM ledger_entry
    WHERE cycle_id = $1 AND number BETWEEN $2 AND $3
    """
_FOLLOWS = (
    "INSERT INTO ledger_entry_standing (cycle_id, state, unit, indicator, author_unit, number,"
    " entry_id, panel, author, kind, period) SELECT cycle_id, state, unit, indicator, author_unit,"
    " number, entry_id, panel, CASE WHEN panel IS NOT NULL THEN author END, kind, period"
    " FROM ledger_entry",
    "INSERT INTO ledger_count SELECT cycle_id, coalesce(unit, ''), state, 0, count(*)"
    " FROM ledger_entry GROUP BY GROUPING SETS ((cycle_id, state), (cycle_id, unit, state))",
)
"""What commands keep beside the states, which would move each entry."""

_QUIETLY = (
    "ALTER SYSTEM SET autovacuum = off",
    "SELECT pg_reload_conf()",
    "SET session_replication_role = replica",
)
_RECORD = "SELECT journal_append($1, 'clerk', '', 'loaded', '{}')"


def _categories(number: int) -> list[Category]:
    """Return so many categories, of which one unit leads the first; all is entered as events."""

    def indicator(n: int) -> Indicator:
        source = OTHER_SOURCE if n == INDICATORS - 1 else SOURCE
        taken: dict[str, Any] = {"per_event": {"late": "0.005"}}
        made = Indicator(
            f"I{n:03}", f"I{n:03}", Decimal(1), "deduct_events", taken, source, False, ()
        )
        return replace(made, reviewed_by=REVIEWER if n == INDICATORS - 2 else None)

    block = Block(
        "function", "function", Decimal(INDICATORS), tuple(map(indicator, range(INDICATORS)))
    )
    return [
        Category(
            f"K{n:03}",
            f"K{n:03}",
            tuple(f"U{u:06}" for u in range(n * UNITS, (n + 1) * UNITS)),
            (block,),
            ORGANISER if n == 0 else "ZH06",
        )
        for n in range(number)
    ]


async def _fill(given: Loaded, entries: int, of_cell: int) -> None:
    """Have so many verified entries in the ledger, then some that wait, and a few in rare states.

    They are on record in batches, as a source hands them in and the office verifies them.
    """
    connection, cycle = (
        await asyncpg.connect(given.postgres.url("scoring"), ssl=False),
        given.cycle_id,
    )

    async def enter(
        first: int, last: int, state: str, *what: str | None, moved: str = "", of: int = of_cell
    ) -> None:
        told = what or ("event", "late", None, "clerk", None)
        now = (moved, 2) if moved else (state, 1)
        async with connection.transaction():
            before = await connection.fetchval("SELECT coalesce(max(number), 0) FROM ledger_entry")
            await connection.execute(_ENTER, cycle, first, last, of, *told, *now, state)
            await connection.execute(_RECORD, str(cycle))
        if moved:
            async with connection.transaction():
                await connection.execute(_MOVE, cycle, before + 1, before + last - first)
                await connection.execute(_RECORD, str(cycle))

    try:
        for statement in _QUIETLY:
            await connection.execute(statement)
        async with connection.transaction():
            await connection.execute("INSERT INTO ledger VALUES ($1, 'open')", cycle)
            await connection.execute(_RECORD, str(cycle))
        for first in range(0, entries, BATCH):
            await enter(first, min(first + BATCH, entries), "submitted", moved="verified")
        for state in ("returned", "withdrawn", "voided"):
            await enter(0, RARE, "submitted", moved=state)
        await enter(0, RARE, "draft", "panel_mark", None, "1", JUDGE, "PANEL")
        await enter(0, WAITING * UNITS * INDICATORS, "submitted", of=WAITING)
        for statement in _FOLLOWS:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _ids(given: Loaded, state: str, **filters: str) -> Iterator[str]:
    """Return the ids of entries in a state, those of the first units."""
    params = {"state": state, "limit": "100"} | filters
    answer = await given.client.get(f"{given.path}/ledger-entries", params=params)
    assert answer.status_code == 200, answer.text
    return iter([each["entry_id"] for each in answer.json()["items"]])


Answer = dict[str, Any]
Ask = Callable[[], Awaitable[Answer]]


def _readings(given: Loaded) -> dict[str, tuple[httpx.AsyncClient, str]]:
    """Return who reads what."""
    organiser = given.caller("organiser", unit=ORGANISER)
    readers = {
        "office": given.client,
        "source": given.source,
        "small source": given.caller("data_source_unit", unit=OTHER_SOURCE),
        "organiser": organiser,
        "own unit": given.caller("assessed_unit", unit="U000003"),
        "reviewer": given.caller("data_source_unit", unit=REVIEWER),
        "seat": given.caller("panel_member", unit="ZH07", subject=JUDGE),
    }
    last, page = f"indicator=I{INDICATORS - 1:03}", "ledger-entries?"
    wanted = (
        "", "unit=U000003", last, "state=verified", "state=submitted", "state=returned",
        "state=locked", f"unit=U000003&{last}", "unit=U000003&state=returned",
        f"{last}&state=returned", f"unit=U000003&{last}&state=verified",
        "unit=U000038&state=locked", "kind=panel_mark", "period=2024", "sort=-entered_at",
        "changed_since=2025-01-01T00:00:00Z",
    )  # fmt: skip
    found = {f"count: {who}": (readers[who], "ledger") for who in ("office", "organiser")}
    found |= {
        f"{who}: {asked}": (c, page + asked) for who, c in readers.items() for asked in wanted
    }
    found["completeness"] = (organiser, "categories/K000/completeness")
    found["restatements"] = (given.client, "ledger-entries/restatements")
    return found


async def _answered(
    client: httpx.AsyncClient, method: str, path: str, body: object = None
) -> Answer:
    answer = await client.request(method, path, json=body)
    if answer.status_code not in (200, 201):
        print(f"  {method} {path[-60:]}: {answer.status_code} {answer.text[:200]}", file=sys.stderr)
    found: Answer = answer.json()
    return found


def _event(unit: int, indicator: int) -> dict[str, str]:
    about = {"unit": f"U{unit:06}", "indicator": f"I{indicator:03}"}
    return about | {"kind": "event", "key": "late"}


async def _commands(given: Loaded) -> dict[str, Ask]:
    """Return single commands, each of which takes another entry whenever it is given."""
    numbers, path = count(), f"{given.path}/ledger-entries"
    verified = await _ids(given, "verified", indicator="I001")
    waiting = await _ids(given, "submitted", indicator="I000")
    to_check = await _ids(given, "submitted", indicator=f"I{INDICATORS - 2:03}")
    reviewer = given.caller("data_source_unit", unit=REVIEWER)
    returned = await _ids(given, "returned")

    def source(what: str, body: object) -> Awaitable[Answer]:
        return _answered(given.source, "POST", f"{path}{what}", body)

    def office(what: str, body: object) -> Awaitable[Answer]:
        return _answered(given.client, "POST", f"{path}/{what}", body)

    return {
        "post one": lambda: source("", {"entries": [_event(next(numbers) % UNITS, 2)]}),
        "correct": lambda: source(f"/{next(returned)}/correction", {"entry": _event(1, 0)}),
        "withdraw": lambda: source(f"/{next(returned)}/withdrawal", {}),
        "check": lambda: _answered(
            reviewer, "POST", f"{path}/checking", {"entry_ids": [next(to_check)]}
        ),
        "verify": lambda: office("verification", {"entry_ids": [next(waiting)]}),
        "return": lambda: office("return", {"entry_ids": [next(waiting)], "reason": "x"}),
        "reverse": lambda: source(f"/{next(verified)}/reversal", {"reason": "x"}),
        "restate": lambda: source(f"/{next(verified)}/restatement", {"value": "2", "reason": "x"}),
    }


async def _bulk(given: Loaded, took: Callable[[str, Awaitable[Answer]], Awaitable[Answer]]) -> None:
    """Import and verify a batch, preview the seal, score, feed back, hand in and seal."""
    batch = [_event(n % UNITS, 3) for n in range(BATCH)]
    path = f"{given.path}/ledger-entries"
    posted = await took("import 5,000", _answered(given.source, "POST", path, {"entries": batch}))
    ids = {"entry_ids": [each["entry_id"] for each in posted["rows"]]}
    await took("verify 5,000", _answered(given.client, "POST", f"{path}/verification", ids))
    sealing = f"{given.path}/ledger/seal"
    await took("seal: check", _answered(given.client, "POST", f"{sealing}?mode=check"))
    sheets = f"{given.path}/score-sheets"
    await took("score", _answered(given.client, "POST", sheets, {}))
    await took("read the sheet", _answered(given.client, "GET", f"{sheets}/latest"))
    explained = f"{sheets}/latest/units/U000001/explanation"
    await took("explain", _answered(given.client, "GET", explained))
    outlook = f"{sheets}/latest/units/U000001/outlook"
    await took("outlook", _answered(given.client, "GET", outlook))
    await took("score again", _answered(given.client, "POST", sheets, {}))
    await took("differences", _answered(given.client, "GET", f"{sheets}/2/differences?against=1"))
    await took("feed back", _answered(given.client, "POST", f"{sheets}/2/feedback"))
    organiser = given.caller("organiser", unit=ORGANISER)
    handing = f"{given.path}/categories/K000/hand-in"
    await took("hand in", _answered(organiser, "POST", handing, {"reason": "x"}))
    rest = {"all_submitted": True}
    reviewer = given.caller("data_source_unit", unit=REVIEWER)
    await took("check all", _answered(reviewer, "POST", f"{path}/checking", rest))
    await took("verify all", _answered(given.client, "POST", f"{path}/verification", rest))
    seen = await _answered(given.client, "POST", f"{sealing}?mode=check")
    body = {"leaves": seen["leaves"], "seen": seen["seen"]}
    if seen["unscored"]:
        body["accept_unscored"] = {"reason": "x"}
    await took("seal", _answered(given.client, "POST", sealing, body))
    async with _bare(given) as connection:  # kept open: what ends is not counted
        await took(BARE, _moved(connection))


BARE = "as many moved, bare"
_BARE = (
    "CREATE TABLE bare_entry AS SELECT entry_id, unit, indicator, state, step FROM ledger_entry"
    " WHERE cycle_id = $1 AND state = 'locked'",
    "CREATE UNIQUE INDEX ON bare_entry (entry_id)",
    "CREATE TABLE bare_state (entry_id uuid, step bigint, state text, actor text,"
    " entered_at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY (entry_id, step))",
)
_MOVE_BARE = """
    WITH moved AS (UPDATE bare_entry SET state = 'sealed', step = step + 1 RETURNING entry_id, step)
    INSERT INTO bare_state (entry_id, step, state, actor) SELECT entry_id, step, 'sealed', 'office'
    FROM moved
    """
"""What a seal does to the entries that it locks, without digests, journal, comparison or counts."""


@asynccontextmanager
async def _bare(given: Loaded) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection to a database that has what was locked in tables without anything."""
    connection = await asyncpg.connect(given.postgres.url("scoring"), ssl=False)
    try:
        for statement in _BARE:
            await connection.execute(statement, *([given.cycle_id] if "$1" in statement else []))
        yield connection
    finally:
        await connection.close()


async def _moved(connection: asyncpg.Connection) -> Answer:
    return {"moved": await connection.execute(_MOVE_BARE)}


@dataclass
class _Measures:
    """What requests to a service have taken, by their names."""

    given: Loaded
    spent: dict[str, list[Spent]] = field(default_factory=lambda: defaultdict(list))

    async def took(self, name: str, work: Awaitable[Answer]) -> Answer:
        """Do some work, keep what it took, and return its answer."""
        answer: list[Answer] = []

        async def kept() -> None:
            answer.append(await work)

        self.spent[name].append(await self.given.spent(kept()))
        return answer[0]

    async def read(self, times: int, said: str = "") -> None:
        """Have everybody read."""
        for name, (client, asked) in _readings(self.given).items():
            for _ in range(times):
                await self.took(name + said, _answered(client, "GET", f"{self.given.path}/{asked}"))

    async def single(self) -> None:
        """Do single commands, before and after the tables have been analysed."""
        commands = await _commands(self.given)
        for name, ask in commands.items():
            for _ in range(TIMES):
                await self.took(name, ask())
        connection = await asyncpg.connect(self.given.postgres.url("scoring"), ssl=False)
        await connection.execute("ANALYZE")
        await connection.close()
        for name in commands.keys() - {"correct", "withdraw"}:
            await self.took(f"{name}, analysed", commands[name]())


async def _measured(categories: int, of_cell: int) -> dict[str, Spent]:
    """Return what requests take in a ledger of so many categories."""
    entries = categories * UNITS * INDICATORS * of_cell
    async with loaded(made_up(1, 1), empty=True, categories=_categories(categories)) as given:
        await _fill(given, entries, of_cell)
        print(f"{entries:,} entries are there", file=sys.stderr)
        measures = _Measures(given)
        await measures.read(TIMES)
        await measures.single()
        await measures.read(2, ", analysed")
        await _bulk(given, measures.took)
    return {name: Spent.median(each) for name, each in measures.spent.items()}


async def _both(few: int, many: int, of_cell: int) -> None:
    small, large = await _measured(few, of_cell), await _measured(many, of_cell)
    each = UNITS * INDICATORS * of_cell
    print(f"\n{'milliseconds of the processor at':<44} {few * each:>11,} {many * each:>11,}")
    for name, spent in large.items():
        before = small[name].processor
        ratio = spent.processor / before
        mark = f"   ×{ratio:.1f}" + ("  !" if ratio > 2 else "")
        print(f"{name:<44} {before * 1000:11.1f} {spent.processor * 1000:11.1f}{mark}")
    for name, beside in (("seal", BARE), ("seal: check", "score")):
        ratios = [each[name].processor / each[beside].processor for each in (small, large)]
        print(f"{name}, of {beside:<34} " + " ".join(f"{f'×{ratio:.2f}':>11}" for ratio in ratios))


def measure() -> None:
    """Print each request at 10,000 entries and at a million."""
    asyncio.run(_both(1, 98, 29))


def measure_short() -> None:
    """Print each request at 1,400 entries and at 56,000."""
    asyncio.run(_both(1, 40, 4))


if __name__ == "__main__":
    asyncio.run(_both(*map(int, sys.argv[1:])))
