"""How cost grows: more units for the same indicators, more indicators for the same units."""

import asyncio
import sys
from math import isnan, log, nan

from benchmarks.category import sheet_of
from benchmarks.composite_index import Index
from benchmarks.made_up import made_up
from benchmarks.measuring import Spent, of_own_process, peak_memory, taking_turns
from benchmarks.service import Refused, loaded

REQUESTS = ((100, 100), (300, 100), (1_000, 100), (3_000, 100), (10_000, 100))
LEDGERS = (
    *((units, 100) for units in (10, 100, 1_000, 10_000)),
    *((100, indicators) for indicators in (5, 50, 500)),
)
TABLES = (
    *((units, 49) for units in (10, 100, 1_000, 10_000, 100_000)),
    *((1_000, indicators) for indicators in (7, 49, 490)),
)
TIMES, FEW = 5, 300_000
"""How often each is measured, and the cells above which three times are enough."""


def measure() -> None:
    """Print the cost of a cell (a unit's indicator) at each size."""
    print("\nrequests:     units indicators    on the wall          of the processor       peak")
    before: tuple[int, float] | None = None
    for units, indicators in REQUESTS:
        wall, processor, most = of_own_process("benchmarks.growth", str(units), str(indicators))
        if isnan(wall):
            print(
                f"{units:>19,} {indicators:>10}   refused: the database stops a statement in time"
            )
            continue
        cells = units * indicators
        shown = (f"{s:8.3f} s {s / cells * 1e6:6.1f} µs/cell" for s in (wall, processor))
        grows = "" if before is None else f"  cells^{_exponent(before, (cells, processor)):.2f}"
        print(f"{units:>19,} {indicators:>10} {'  '.join(shown)} {most:6.0f} MiB{grows}")
        before = cells, processor
    print("\nthe rules:    units indicators    from the ledger")
    for units, indicators in LEDGERS:
        given = made_up(units, indicators)
        entries, targets = given.entries(), given.targets()
        (whole,) = taking_turns([lambda g=given, e=entries, t=targets: sheet_of(g, e, t)], TIMES)
        _row(units, indicators, whole)
    print("\nthe rules:    units indicators    from a table             bare floats")
    for units, indicators in TABLES:
        index = Index.made_up(units, indicators, ratios=False)
        _row(units, indicators, *taking_turns([index.exactly, index.by_floats], TIMES))


def _exponent(before: tuple[int, float], now: tuple[int, float]) -> float:
    """Return the power of the number of cells with which the cost has grown: 1 is in proportion."""
    return log(now[1] / before[1]) / log(now[0] / before[0])


def _row(units: int, indicators: int, one: float, other: float | None = None) -> None:
    cells, seconds = units * indicators, (one,) if other is None else (one, other)
    shown = (f"{s * 1000:8.1f} ms {s / cells * 1e6:7.2f} µs/cell" for s in seconds)
    ratio = "" if other is None else f"   ×{one / other:.1f}"
    print(f"{units:>19,} {indicators:>10} {'  '.join(shown)}{ratio}")


async def _requests(units: int, indicators: int) -> Spent:
    """Return what a whole request takes when nothing has been computed before."""
    given, spent = made_up(units, indicators), list[Spent]()
    async with loaded(given) as service:
        await service.compute()
        for _ in range(TIMES if units * indicators < FEW else 3):
            await service.forget()
            spent.append(await service.spent(service.compute()))
    return Spent.median(spent)


if __name__ == "__main__":
    try:
        found = asyncio.run(_requests(*map(int, sys.argv[1:])))
    except Refused:
        found = Spent(nan, nan)
    print(found.wall, found.processor, peak_memory())
