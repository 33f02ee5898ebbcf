"""390 units × 91 indicators: a whole request, the rules alone, and bare NumPy for the same."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import median
from uuid import UUID

import numpy as np
from benchmarks.made_up import YEAR, MadeUp, by_floats, made_up
from benchmarks.measuring import heading, memory_of, peak_memory, say, taking_turns
from benchmarks.service import loaded, log_everything, logged_statements
from scoring.rules.columns.sheet import ColumnSheet, decimals, score_columns
from scoring.rules.score_sheet import ScoreSheet

from scoring.rules.ledger.entries import EVENT, Entry
from scoring.rules.scheme.document import (
    Adjustments,
    BonusPolicy,
    Composition,
    DeductionPolicy,
    LedgerPolicy,
    Scheme,
    Target,
    Window,
)
from scoring.rules.sheet.year import compute

UNITS, INDICATORS = 390, 91
PEER_SECONDS, PEER_STATEMENTS = 0.73, 555
"""What a known peer takes for as many units and indicators."""

ENDS = ("BEGIN", "COMMIT", "ROLLBACK")


def scheme_of(given: MadeUp) -> Scheme:
    """Return a scheme of the one category, without bonus rules."""
    year = Window(date(YEAR, 1, 1), date(YEAR, 12, 31))
    return Scheme(
        YEAR,
        given.rounding,
        LedgerPolicy(zero_report_required=True),
        (given.category,),
        Composition((given.category.blocks[0].code,), bonus=True, deductions=True, max_total=None),
        Adjustments(
            year,
            "none",
            BonusPolicy((), "highest", None, frozenset()),
            DeductionPolicy((), "highest", None),
        ),
    )


def one_by_one(given: MadeUp, entries: list[Entry], targets: list[Target]) -> ScoreSheet:
    """Score by the rules for one unit, ready to be explained."""
    return compute(
        scheme_of(given),
        [given.category.code],
        entries=entries,
        targets=targets,
        satisfaction={},
        claims=[],
        names=[],
    ).sheet


def by_columns(given: MadeUp, entries: list[Entry], targets: list[Target]) -> ColumnSheet:
    """Score the same ledger by columns."""
    ledger = Ledger(
        given.category.units,
        year=YEAR,
        zero_report_required=True,
        entries=entries,
        targets=targets,
        satisfaction={},
    )
    return score_columns(given.category, given.rounding, ledger)


def rules(given: MadeUp) -> None:
    """Compare the rules alone: unit by unit, by columns, by floats; they must agree."""
    entries, targets = given.entries(), given.targets()
    single, columns = one_by_one(given, entries, targets), by_columns(given, entries, targets)
    totals = [unit.base_total for unit in single.units]
    assert decimals(columns.base) == totals
    floats = by_floats(given)
    assert np.abs(floats - np.array(totals, dtype=float)).max() < INDICATORS * 0.0001

    one, many, bare = taking_turns(
        [
            lambda: one_by_one(given, entries, targets),
            lambda: by_columns(given, entries, targets),
            lambda: by_floats(given),
        ],
        5,
    )
    say("the rules unit by unit, ready to explain", one, bare, "of bare NumPy floats")
    say("the rules by columns, from the same ledger", many, bare, "of bare NumPy floats")


async def requests(given: MadeUp) -> None:
    """Compare whole requests with the peer, and count the statements of one."""
    targets = given.targets()
    async with loaded(given) as service:
        await service.compute()
        whole, again, columns = [], [], []
        for number in range(3):
            await service.forget()
            whole.append(await _seconds(service.compute()))
            await service.enter(_one_more(given, number))
            again.append(await _seconds(service.compute()))
        for _ in range(5):
            started = time.perf_counter()
            by_columns(given, await service.read(given), targets).ranks()
            columns.append(time.perf_counter() - started)
        await service.forget()
        await log_everything(service.postgres, "all")
        with logged_statements(service.postgres) as statements:
            await service.compute()
    say("score, explain and store, whole request", median(whole), PEER_SECONDS, "of a known peer")
    say("the same after one entry more", median(again), PEER_SECONDS, "of a known peer")
    say("read, score and rank by columns", median(columns), PEER_SECONDS, "of a known peer")
    begun = sum(s.startswith("BEGIN") for s in statements)
    asked = [s for s in statements if s.rstrip(";") not in ENDS and not s.startswith("BEGIN")]
    for statement, times in Counter(asked).items():
        print(f"    {times} × {' '.join(statement.split())[:100]}")
    print(f"{len(asked)} SQL statements in {begun} transactions; the peer {PEER_STATEMENTS}")


async def _seconds(work: Awaitable[None]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started


def _one_more(given: MadeUp, number: int) -> Entry:
    """Return one event more, of an indicator that counts them."""
    event = next(entry for entry in given.entries() if entry.kind == EVENT)
    return replace(event, entry_id=UUID(int=10**9 + number), value=Decimal(1))


def measure() -> None:
    """Measure the request, its statements, the rules, and their memory."""
    given = made_up(UNITS, INDICATORS)
    heading(f"{UNITS} units × {INDICATORS} indicators")
    asyncio.run(requests(given))
    rules(given)
    for way in WAYS:
        print(f"peak memory {way:<34} {memory_of('benchmarks.category', way):9.0f} MiB")


WAYS: dict[str, Callable[[MadeUp], object]] = {
    "nothing": lambda given: (given.entries(), given.targets()),
    "one_by_one": lambda given: one_by_one(given, given.entries(), given.targets()),
    "by_columns": lambda given: by_columns(given, given.entries(), given.targets()),
    "by_floats": by_floats,
}


if __name__ == "__main__":
    WAYS[sys.argv[1]](made_up(UNITS, INDICATORS))
    print(peak_memory())
