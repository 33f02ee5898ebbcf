"""What commands cost in a fresh database, and in one that holds fifty earlier cycles.

Each of these is as large as the one that is measured: entered, verified, locked, and on record.
"""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx
from benchmarks.made_up import MadeUp, made_up
from benchmarks.measuring import Spent, heading, say_both
from benchmarks.service import SOURCE, Loaded, loaded

UNITS, INDICATORS, EARLIER, TIMES = 390, 91, 50, 5
BATCHES = 8
"""As few as the limit of a batch allows."""

_EARLIER = [
    "CREATE TEMP TABLE cell AS SELECT 'U' || lpad(u::text, 6, '0') AS unit,"
    " 'I' || lpad(i::text, 3, '0') AS indicator"
    " FROM generate_series(0, {units} - 1) u, generate_series(0, {indicators} - 1) i",
    # The states are written as they are at the end: to keep them would move each entry thrice.
    "SET session_replication_role = replica",
]
_ONE = [
    "INSERT INTO ledger VALUES ('{cycle}', 'sealed')",
    "INSERT INTO ledger_entry (cycle_id, entry_id, unit, indicator, kind, key, period, value,"
    " author, author_unit, author_person, state, step)"
    " SELECT '{cycle}', md5('{cycle}' || unit || indicator)::uuid, unit, indicator,"
    " 'measured_value', 'actual', '2024', 1, 'clerk', '{source}', 'clerk', 'locked', 3 FROM cell",
    "INSERT INTO ledger_entry_state (cycle_id, entry_id, step, state, actor)"
    " SELECT '{cycle}', md5('{cycle}' || unit || indicator)::uuid, s.step, s.state, 'office'"
    " FROM cell, (VALUES (1, 'submitted'), (2, 'verified'), (3, 'locked')) s (step, state)",
    "SELECT journal_append('{cycle}', 'clerk', '', 'loaded', '{{}}')",
]


async def _fill(given: Loaded, cycles: int) -> None:
    """Have so many earlier cycles in the database, and statistics of them."""
    connection = await asyncpg.connect(given.postgres.url("scoring"), ssl=False)
    try:
        for statement in _EARLIER:
            await connection.execute(statement.format(units=UNITS, indicators=INDICATORS))
        for _ in range(cycles):
            cycle = uuid.uuid4()
            async with connection.transaction():
                for statement in _ONE:
                    await connection.execute(statement.format(cycle=cycle, source=SOURCE))
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _batches(given: MadeUp) -> list[list[dict[str, Any]]]:
    """Return the entries as a data source posts them, in as many batches as are measured."""
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
        for each in given.each_entry()
    ]
    return [entries[at::BATCHES] for at in range(BATCHES)]


Ask = Callable[[], Awaitable[object]]


def _commands(given: Loaded, units: tuple[str, ...]) -> dict[str, Ask]:
    """Return what is asked of a full ledger, in an order that can be gone through repeatedly."""
    chain = f"/api/v1/journals/scoring/chains/{given.cycle_id}/verification"
    return {
        "count": lambda: _ask(given, "GET", "ledger"),
        "list a page": lambda: _ask(given, "GET", "ledger-entries?state=verified"),
        "score": lambda: _ask(given, "POST", "score-sheets", {}),
        "read the sheet": lambda: _ask(given, "GET", "score-sheets/latest"),
        "explain a unit": lambda: given.explain(units[0]),
        "verify the journal": lambda: _answered(given.auditor, "GET", chain, None),
    }


async def _ask(given: Loaded, method: str, path: str, body: object = None) -> None:
    await _answered(given.client, method, f"{given.path}/{path}", body)


async def _answered(client: httpx.AsyncClient, method: str, path: str, body: object) -> None:
    answer = await client.request(method, path, json=body)
    assert answer.status_code in (200, 201), answer.text


async def _measured(earlier: int) -> list[dict[str, Spent]]:
    """Return what commands take after earlier cycles, and in a fresh database; they take turns."""
    given = made_up(UNITS, INDICATORS)
    async with loaded(given, empty=True) as many, loaded(given, empty=True) as none:
        await _fill(many, earlier)
        await _fill(none, 0)
        both = [(service, defaultdict[str, list[Spent]](list)) for service in (many, none)]

        async def took(name: str, ask: Callable[[Loaded], Awaitable[object]]) -> None:
            for service, spent in both:
                spent[name].append(await service.spent(ask(service)))

        every = {"all_submitted": True}
        for batch in _batches(given):
            await took("enter a batch", lambda service, sent=batch: _enter(service, sent))
            await took(
                "verify a batch",
                lambda service: _ask(service, "POST", "ledger-entries/verification", every),
            )
        for _ in range(TIMES):
            for name in _commands(many, given.category.units):
                await took(
                    name, lambda service, of=name: _commands(service, given.category.units)[of]()
                )
        await took("seal", lambda service: _ask(service, "POST", "ledger/seal"))
    return [{name: Spent.median(each) for name, each in spent.items()} for _, spent in both]


async def _enter(given: Loaded, batch: list[dict[str, Any]]) -> None:
    path = f"{given.path}/ledger-entries"
    await _answered(given.source, "POST", path, {"entries": batch})


def measure() -> None:
    """Print each command after fifty cycles beside the same in a fresh database."""
    heading(f"{UNITS * INDICATORS:,} entries after {EARLIER} cycles, and in a fresh database")
    many, none = asyncio.run(_measured(EARLIER))
    for name, spent in many.items():
        say_both(name, spent, none[name], "of the same in a fresh database")
