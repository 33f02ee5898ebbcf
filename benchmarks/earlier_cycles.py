"""What commands cost in a fresh database, and in one that holds fifty earlier cycles."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
from benchmarks.made_up import made_up
from benchmarks.measuring import heading, say
from benchmarks.service import Loaded, loaded

UNITS, INDICATORS, EARLIER = 40, 50, 50

_EARLIER = [
    "CREATE TEMP TABLE earlier AS SELECT c.cycle_id, gen_random_uuid() AS entry_id, n"
    " FROM (SELECT gen_random_uuid() AS cycle_id FROM generate_series(1, $1::int)) c,"
    " generate_series(1, $2::int) n",
    "INSERT INTO ledger SELECT DISTINCT cycle_id, 'sealed' FROM earlier",
    "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, key, period, value,"
    " author, author_unit) SELECT cycle_id, entry_id, 'U' || n % 40, 'I' || n % 50,"
    " 'measured_value', 'actual', '2025', n, 'clerk', 'ZH02' FROM earlier",
    "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
    " SELECT cycle_id, entry_id, s.step, s.state, 'office' FROM earlier,"
    " (VALUES (1, 'submitted'), (2, 'verified'), (3, 'locked')) s (step, state)",
    "ANALYZE",
]


async def _fill(given: Loaded, cycles: int) -> None:
    """Have so many earlier cycles in the database, and statistics of them."""
    connection = await asyncpg.connect(given.postgres.url("scoring"), ssl=False)
    try:
        made, *rest = _EARLIER
        sizes = (str(cycles), str(UNITS * INDICATORS))
        await connection.execute(made.replace("$1", sizes[0]).replace("$2", sizes[1]))
        for statement in rest:
            await connection.execute(statement)
    finally:
        await connection.close()


def _commands(given: Loaded, entries: list[dict]) -> dict[str, Callable[[], Awaitable[None]]]:
    """The commands of a ledger in their order, and what each asks."""

    async def ask(method: str, path: str, body: object = None, source: bool = False) -> None:
        client: httpx.AsyncClient = given.source if source else given.client
        answer = await client.request(method, f"{given.path}/{path}", json=body, timeout=60)
        assert answer.status_code in (200, 201), answer.text

    every = {"all_submitted": True}
    return {
        "enter": lambda: ask("POST", "ledger-entries", {"entries": entries}, source=True),
        "verify": lambda: ask("POST", "ledger-entries/verification", every),
        "count": lambda: ask("GET", "ledger"),
        "list a page": lambda: ask("GET", "ledger-entries?state=verified"),
        "score": lambda: ask("POST", "score-sheets", {}),
        "read the sheet": lambda: ask("GET", "score-sheets/latest"),
        "seal": lambda: ask("POST", "ledger/seal"),
        "verify the journal": lambda: ask(
            "GET", f"../../journals/scoring/chains/{given.cycle_id}/verification"
        ),
    }


async def _measured(cycles: int) -> dict[str, float]:
    given = made_up(UNITS, INDICATORS)
    entries = [
        {
            "unit": each.unit,
            "indicator": each.indicator,
            "kind": each.kind,
            "key": each.key,
            "period": each.period,
            "value": None if each.value is None else str(each.value),
            "word": each.word,
        }
        for each in given.entries()
    ]
    spent = {}
    async with loaded(given, empty=True) as service:
        await _fill(service, cycles)
        for name, work in _commands(service, entries).items():
            started = time.perf_counter()
            await work()
            spent[name] = time.perf_counter() - started
    return spent


def measure() -> None:
    """Print each command after fifty cycles beside the same in a fresh database."""
    heading(f"{UNITS * INDICATORS:,} entries after {EARLIER} cycles, and in a fresh database")
    many, none = asyncio.run(_measured(EARLIER)), asyncio.run(_measured(1))
    for name, seconds in many.items():
        say(name, seconds, none[name], "of the same in a fresh database")
