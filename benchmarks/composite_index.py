"""100,000 units × 49 indicators of a composite index: exact columns against bare NumPy floats.

Two thirds of the indicators are scaled between the lowest and the highest of the group, the rest
are ratios to a target. Seven weighted means of seven make the index, and the units are ranked.
"""

import sys
from decimal import Decimal
from typing import Any

import numpy as np
from benchmarks.measuring import heading, memory_of, peak_memory, say, taking_turns
from numpy.typing import NDArray
from scoring.rules.columns.sheet import ColumnSheet, score_columns
from scoring.rules.columns.values import TARGET, Column, Slot, Table

from scoring.rules.ledger.entries import MEASURED_VALUE
from scoring.rules.scheme.document import Block, Category, Indicator, Rounding

UNITS, INDICATORS, NODE = 100_000, 49, 7
PEER_SECONDS = 17.0
"""What a composite-index package in R takes for as many."""

WEIGHTS = ("0.25", "0.2", "0.15", "0.12", "0.1", "0.1", "0.08")
PLACES = 4

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


def category(indicators: int) -> Category:
    """Return the index: means of `NODE` indicators each, worth one point a piece."""
    leaves = [_leaf(number) for number in range(indicators)]
    means = [_mean(at, leaves[at : at + NODE]) for at in range(0, indicators, NODE)]
    block = Block("index", "index", Decimal(len(means)), tuple(means))
    return Category("INDEX", "Index", (), (block,))


def _ratio(number: int) -> bool:
    return number % 3 == 2


def _leaf(number: int) -> Indicator:
    code, params = f"I{number:03}", {"bounds": "group"}
    if _ratio(number):
        ratio = {"direction": "higher", "cap_ratio": "1"}
        return Indicator(code, code, Decimal(1), "ratio_to_target", ratio, "own_unit", False, ())
    return Indicator(code, code, Decimal(1), "min_max", params, "own_unit", False, ())


def _mean(at: int, children: list[Indicator]) -> Indicator:
    weights = {child.code: WEIGHTS[n] for n, child in enumerate(children)}
    params: dict[str, Any] = {"kind": "arithmetic", "weights": weights}
    code = f"M{at:03}"
    return Indicator(
        code, code, Decimal(1), "mean_children", params, "own_unit", False, tuple(children)
    )


def values(units: int, indicators: int) -> tuple[Whole, Whole]:
    """Return values and targets in hundredths, a row per indicator."""
    random = np.random.default_rng(1)
    size = (indicators, units)
    return random.integers(100, 1_000_000, size), random.integers(400_000, 1_000_000, size)


def table(raw: Whole, aims: Whole) -> Table:
    """Return the values as a table of columns, in hundredths as they are."""
    columns = {}
    for number, (row, aim) in enumerate(zip(raw, aims, strict=True)):
        code = f"I{number:03}"
        if _ratio(number):
            columns[code, Slot(MEASURED_VALUE, "actual")] = Column.scaled(row, 2)
            columns[code, Slot(TARGET)] = Column.scaled(aim, 2)
        else:
            columns[code, Slot(MEASURED_VALUE, "value")] = Column.scaled(row, 2)
    return Table(raw.shape[1], columns)


def exactly(raw: Whole, aims: Whole) -> tuple[ColumnSheet, Whole]:
    """Score and rank by columns: exact, each score and each mean rounded half up."""
    rounding = Rounding(PLACES, "half_up")
    sheet = score_columns(category(len(raw)), rounding, table(raw, aims))
    return sheet, sheet.ranks()


def by_floats(raw: Whole, aims: Whole) -> tuple[Floats, Whole]:
    """Score and rank by bare NumPy: binary floats, and nothing rounded."""
    total = np.zeros(raw.shape[1])
    for number, (row, aim) in enumerate(zip(raw, aims, strict=True)):
        x = row / 100
        if _ratio(number):
            score = np.minimum(x / (aim / 100), 1)
        else:
            score = (x - x.min()) / (x.max() - x.min())
        total += float(WEIGHTS[number % NODE]) * score
    ordered = np.sort(-total)
    return total, np.searchsorted(ordered, -total) + 1


def measure() -> None:
    """Compare time and memory of exact columns and of floats."""
    raw, aims = values(UNITS, INDICATORS)
    sheet, _ = exactly(raw, aims)
    apart = sheet.base.units.array / 10**PLACES - by_floats(raw, aims)[0]
    assert np.abs(apart).max() < (INDICATORS // NODE) * 0.0001
    heading(f"{UNITS:,} units × {INDICATORS} indicators, a composite index")
    exact, bare = taking_turns([lambda: exactly(raw, aims), lambda: by_floats(raw, aims)], 7)
    say("scores, means, totals and ranks by columns", exact, bare, "of bare NumPy floats")
    say("the same", exact, PEER_SECONDS, "of a composite-index package in R")
    memory = {way: memory_of("benchmarks.composite_index", way) for way in WAYS}
    inputs = memory.pop("inputs")
    for way, most in memory.items():
        print(f"peak memory {way:<34} {most:9.0f} MiB, of which {inputs:.0f} are the inputs")


WAYS = {"exactly": exactly, "by_floats": by_floats, "inputs": lambda *_: None}


if __name__ == "__main__":
    WAYS[sys.argv[1]](*values(UNITS, INDICATORS))
    print(peak_memory())
