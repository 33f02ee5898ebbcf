"""390 units × 91 indicators: whole requests, what they store, and the rules alone.

What a request must not take much longer than is measured beside it in the same run: to read the
same entries, to score them by columns, and to store as many bytes.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import asyncpg
import numpy as np
from benchmarks.made_up import YEAR, MadeUp, by_floats, compiled, made_up
from benchmarks.measuring import (
    Spent,
    heading,
    memory_of,
    peak_memory,
    say,
    say_both,
    taking_turns,
)
from benchmarks.service import Loaded, Refused, Statement, loaded, logged_statements

from scoring.rules.ledger.entries import EVENT, Entry
from scoring.rules.ledger.sources import Sources
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
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.category import CategoryScores, score_category
from scoring.rules.sheet.year import ScoreSheet, compute

UNITS, INDICATORS, TIMES = 390, 91, 5
PEER_SECONDS, PEER_STATEMENTS = 0.73, 555
"""What a known peer takes for as many units and indicators."""

EXPLAINED_SECONDS = 0.05
"""How long one unit's explanation may take."""

MEGABYTE = 1e6
ENDS = ("COMMIT", "ROLLBACK")


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
        compiled=compiled(given.category),
    )


def sheet_of(given: MadeUp, entries: list[Entry], targets: list[Target]) -> ScoreSheet:
    """Score a ledger: every column, and every unit's totals."""
    return compute(
        scheme_of(given),
        [given.category.code],
        entries=entries,
        targets=targets,
        satisfaction={},
        claims=[],
        names=[],
    ).sheet


def columns_of(given: MadeUp, entries: list[Entry], targets: list[Target]) -> CategoryScores:
    """Score a ledger column by column, and put nothing together of it."""
    scheme, units = scheme_of(given), given.category.units
    sources = Sources(scheme, units, group=units, entries=entries, targets=targets, satisfaction={})
    return score_category(plan_of(scheme, given.category), given.rounding, sources)


def rules(given: MadeUp) -> None:
    """Compare the rules alone with floats; both must come to the same totals."""
    entries, targets = given.entries(), given.targets()
    totals = [unit.base_total for unit in sheet_of(given, entries, targets).units]
    floats = by_floats(given)
    assert np.abs(floats - np.array(totals, dtype=float)).max() < INDICATORS * 0.0001
    whole, columns, bare = taking_turns(
        [
            lambda: sheet_of(given, entries, targets),
            lambda: columns_of(given, entries, targets),
            lambda: by_floats(given),
        ],
        TIMES,
    )
    say("the rules, from entries to every unit's total", whole, bare, "of bare NumPy floats")
    say("the columns of them alone", columns, bare, "of bare NumPy floats")


# Whole requests, and what they are measured against.


@dataclass(frozen=True, slots=True)
class Reference:
    """Reads the entries of a service, scores them by columns, and stores what an edition stores.

    It compares nothing with the journal, tells nothing, and takes no digests.
    """

    service: Loaded
    given: MadeUp
    targets: list[Target]
    stored: list[bytes]
    connection: asyncpg.Connection

    async def run(self, score: Callable[[MadeUp, list[Entry], list[Target]], object]) -> None:
        """Do it once, the scores as these rules find them."""
        entries = await self.service.read(self.given)
        await asyncio.to_thread(score, self.given, entries, self.targets)
        await self.connection.execute(
            "INSERT INTO bare SELECT packed FROM unnest($1::bytea[]) AS new (packed)", self.stored
        )


@asynccontextmanager
async def reference(service: Loaded, given: MadeUp) -> AsyncIterator[Reference]:
    """Give the reference for a service that has computed its first edition."""
    connection = await asyncpg.connect(service.postgres.url("scoring"), ssl=False)
    try:
        await connection.execute("CREATE TABLE bare (packed bytea)")
        rows = await connection.fetch(
            "SELECT packed FROM unit_score UNION ALL SELECT packed FROM input_document"
        )
        stored = [row["packed"] for row in rows]
        yield Reference(service, given, given.targets(), stored, connection)
    finally:
        await connection.close()


async def requests(given: MadeUp) -> None:
    """Compare whole requests with the reference and with the peer, and look at one of them."""
    first, again, explained, told = list[Spent](), list[Spent](), list[Spent](), list[Spent]()
    sheets, columns, read = list[Spent](), list[Spent](), list[Spent]()
    async with loaded(given) as service:
        await service.compute()
        async with reference(service, given) as other:
            for number in range(TIMES):
                await service.forget()
                first.append(await service.spent(service.compute()))
                read.append(await service.spent(service.read(given)))
                sheets.append(await service.spent(other.run(sheet_of)))
                columns.append(await service.spent(other.run(columns_of)))
                await service.enter(_one_more(given, number))
                again.append(await service.spent(service.compute()))
                unit = given.category.units[number]
                explained.append(await service.spent(service.explain(unit)))
                edition = await service.compute()
                with suppress(Refused):  # how often is said below
                    told.append(await service.spent(service.feed_back(edition)))
            stored = await _stored(service, other.connection)
        await service.forget()
        async with logged_statements(service.postgres) as statements:
            await service.compute()
    beside = Spent.median(sheets)
    say_both("a whole request, first edition", Spent.median(first), beside, _BESIDE)
    say_both("the same after one entry more", Spent.median(again), beside, _BESIDE)
    say_both("the reference without totals", Spent.median(columns), beside, _BESIDE)
    say_both("reading the entries", Spent.median(read), beside, _BESIDE)
    say("a whole request, first edition", Spent.median(first).wall, PEER_SECONDS, "of a known peer")
    say("one unit explained", Spent.median(explained).wall, EXPLAINED_SECONDS, "of what it may")
    if told:
        whole = Spent.median(told)
        took = f"{whole.wall:.2f} s, of the processor {whole.processor:.2f} s"
        print(f"feeding back {UNITS} units: {took}")
    if len(told) < TIMES:
        print(f"feeding back {UNITS} units: refused {TIMES - len(told)} times of {TIMES}")
    _list(statements)
    print("\n".join(stored))


_BESIDE = "of reading, scoring, storing as much"


def _list(statements: list[Statement]) -> None:
    """Print the statements of one request, and how many they are."""
    begun = sum(each.text.startswith("BEGIN") for each in statements)
    ended = [each for each in statements if each.text.rstrip(";") in ENDS]
    asked = [s for s in statements if s not in ended and not s.text.startswith("BEGIN")]
    took = Counter[str]()
    for each in asked:
        took[each.text] += each.milliseconds
    times = Counter(each.text for each in asked)
    for text, milliseconds in took.items():
        print(f"  {milliseconds:8.1f} ms  {times[text]} × {' '.join(text.split())[:90]}")
    print(f"  {sum(each.milliseconds for each in ended):8.1f} ms  to end {begun} transactions")
    print(f"{len(asked)} SQL statements; the peer {PEER_STATEMENTS}")


async def _stored(service: Loaded, connection: asyncpg.Connection) -> list[str]:
    """Compute one edition more and return lines that say how many bytes it stored."""
    on_disk = (
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace AND relname <> 'input_document'"
    )
    before = int(await connection.fetchval(on_disk))
    edition = await service.compute()
    grown = int(await connection.fetchval(on_disk)) - before
    scores = await connection.fetchval(
        "SELECT sum(pg_column_size(packed)) FROM unit_score WHERE edition = $1", edition
    )
    sheet = await connection.fetchval(
        "SELECT pg_column_size(basis) + pg_column_size(units) FROM score_sheet WHERE edition = $1",
        edition,
    )
    entry = await connection.fetchval(
        "SELECT pg_column_size(rows) + pg_column_size(body) FROM journal_entry"
        " ORDER BY recorded_at DESC LIMIT 1"
    )
    documents = await connection.fetchrow(
        "SELECT count(*), sum(pg_column_size(packed)) FROM input_document"
    )
    return [
        f"one edition stores {(scores + sheet + entry) / MEGABYTE:.2f} MB: scores"
        f" {scores / MEGABYTE:.2f}, the edition {sheet / MEGABYTE:.2f},"
        f" the journal's entry {entry / MEGABYTE:.2f};",
        f"the tables and indexes grow by {grown / MEGABYTE:.2f} MB; {documents[0]} documents of"
        f" other services, kept once, {documents[1] / MEGABYTE:.2f} MB",
    ]


def _one_more(given: MadeUp, number: int) -> Entry:
    """Return one event more, of an indicator that counts them."""
    event = next(entry for entry in given.each_entry() if entry.kind == EVENT)
    return event._replace(entry_id=UUID(int=10**9 + number), value=Decimal(1))


async def one_request(given: MadeUp) -> None:
    """Start a service with a full ledger, and compute one edition."""
    async with loaded(given) as service:
        await service.compute()


async def no_request(given: MadeUp) -> None:
    """Start a service with a full ledger, and ask nothing of it."""
    async with loaded(given):
        pass


def measure() -> None:
    """Measure requests, their statements and bytes, the rules, and the memory of each."""
    given = made_up(UNITS, INDICATORS)
    heading(f"{UNITS} units × {INDICATORS} indicators")
    asyncio.run(requests(given))
    rules(given)
    for way in WAYS:
        print(f"peak memory {way:<34} {memory_of('benchmarks.category', way):9.0f} MiB")


WAYS: dict[str, Callable[[MadeUp], object]] = {
    "service": lambda given: asyncio.run(no_request(given)),
    "service, and one request": lambda given: asyncio.run(one_request(given)),
    "entries": lambda given: (given.entries(), given.targets()),
    "entries, and the rules": lambda given: sheet_of(given, given.entries(), given.targets()),
    "floats": by_floats,
}


if __name__ == "__main__":
    WAYS[sys.argv[1]](made_up(UNITS, INDICATORS))
    print(peak_memory())
