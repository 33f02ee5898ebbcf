"""100,000 units × 49 indicators of a composite index: the rules by column against bare floats.

Two thirds of the indicators are scaled between the lowest and the highest of the group, the rest
are ratios to a target. Seven weighted means of seven make the index, and the units are ranked. The
values come from a table, whose columns are ready: nobody has entered them one by one.
"""

import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from benchmarks.made_up import compiled
from benchmarks.measuring import heading, memory_of, peak_memory, say, taking_turns
from numpy.typing import NDArray

from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import MEASURED_VALUE
from scoring.rules.ledger.sources import Slot, SlotKey, Sources, TargetsByRow
from scoring.rules.scheme.document import (
    Adjustments,
    Block,
    BonusPolicy,
    Category,
    Composition,
    DeductionPolicy,
    Indicator,
    LedgerPolicy,
    Rounding,
    Scheme,
    Window,
)
from scoring.rules.scheme.plan import Plan, plan_of
from scoring.rules.sheet.category import score_category
from scoring.rules.sheet.totals import block_columns

UNITS, INDICATORS, NODE = 100_000, 49, 7
PEER_SECONDS = 17.0
"""What a composite-index package in R takes for as many."""

WEIGHTS = ("0.25", "0.2", "0.15", "0.12", "0.1", "0.1", "0.08")
ROUNDING, TIMES = Rounding(4, "half_up"), 5

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


RATIO, SCALED = "ratio_to_target", "min_max"


def category(units: int, indicators: int, *, ratios: bool) -> Category:
    """Return the index: means of `NODE` indicators each, worth one point a piece."""
    leaves = [_leaf(number, ratios) for number in range(indicators)]
    means = [_mean(at, leaves[at : at + NODE]) for at in range(0, indicators, NODE)]
    block = Block("index", "index", Decimal(len(means)), tuple(means))
    return Category("INDEX", "Index", tuple(f"U{number:06}" for number in range(units)), (block,))


def _is_ratio(number: int) -> bool:
    return number % 3 == 2


def _leaf(number: int, ratios: bool) -> Indicator:
    code, params = f"I{number:03}", {"bounds": "group"}
    if ratios and _is_ratio(number):
        ratio = {"direction": "higher", "cap_ratio": "1"}
        return Indicator(code, code, Decimal(1), RATIO, ratio, "own_unit", False, ())
    return Indicator(code, code, Decimal(1), SCALED, params, "own_unit", False, ())


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


class Table(Sources):
    """Values and targets in hundredths as columns that are ready, a row per indicator."""

    def __init__(self, of: Category, raw: Whole, aims: Whole) -> None:
        units = of.units
        super().__init__(scheme_of(of), units, group=units, entries=(), targets=(), satisfaction={})
        once = np.ones(self.size, dtype=np.int64)
        leaves = [leaf for mean in of.blocks[0].indicators for leaf in mean.children]
        for leaf, row, aim in zip(leaves, raw, aims, strict=True):
            key = "actual" if leaf.method == RATIO else "value"
            slot = Slot(self.size, _numbers=Quotients.whole_numbers(row, 100), _counts=once)
            self._slots[leaf.code, MEASURED_VALUE] = {SlotKey(key, None, self.year): slot}
            if leaf.method == RATIO:
                targets = Quotients.whole_numbers(aim, 100), list[int]()
                self._targets[leaf.code] = {None: TargetsByRow({}, {"target": targets})}


def scheme_of(of: Category) -> Scheme:
    """Return a scheme of that one category."""
    year = Window(date(2025, 1, 1), date(2025, 12, 31))
    return Scheme(
        2025,
        ROUNDING,
        LedgerPolicy(zero_report_required=True),
        (of,),
        Composition(("index",), bonus=False, deductions=False, max_total=None),
        Adjustments(
            year,
            "none",
            BonusPolicy((), "highest", None, frozenset()),
            DeductionPolicy((), "highest", None),
        ),
        compiled=compiled(of),
    )


@dataclass(frozen=True, slots=True)
class Index:
    """An index and its values: as the rules take them, and as plain arrays."""

    plan: Plan
    table: Table
    raw: Whole
    aims: Whole
    ratios: bool

    @classmethod
    def made_up(cls, units: int, indicators: int, *, ratios: bool) -> "Index":
        """Return an index of that size, always the same one."""
        raw, aims = values(units, indicators)
        of = category(units, indicators, ratios=ratios)
        return cls(plan_of(scheme_of(of), of), Table(of, raw, aims), raw, aims, ratios)

    def exactly(self) -> tuple[Whole, Whole]:
        """Score and rank by column: exact, each score and each mean rounded half up."""
        found = score_category(self.plan, ROUNDING, self.table)
        (block,) = block_columns(found)
        total: Whole = block.scores.units.array
        ordered = np.sort(-total)
        return total, np.searchsorted(ordered, -total) + 1

    def by_floats(self) -> tuple[Floats, Whole]:
        """Score and rank by bare NumPy: binary floats, and nothing rounded."""
        total = np.zeros(self.raw.shape[1])
        for number, (row, aim) in enumerate(zip(self.raw, self.aims, strict=True)):
            x = row / 100
            if self.ratios and _is_ratio(number):
                score = np.minimum(x / (aim / 100), 1)
            else:
                score = (x - x.min()) / (x.max() - x.min())
            total += float(WEIGHTS[number % NODE]) * score
        ordered = np.sort(-total)
        return total, np.searchsorted(ordered, -total) + 1


def measure() -> None:
    """Compare time and memory of the rules and of floats, without and with ratios to targets."""
    heading(f"{UNITS:,} units × {INDICATORS} indicators, a composite index")
    for ratios, name in (
        (False, "all scaled within the group"),
        (True, "a third ratios to targets"),
    ):
        index = Index.made_up(UNITS, INDICATORS, ratios=ratios)
        apart = index.exactly()[0] / 10**ROUNDING.places - index.by_floats()[0]
        assert np.abs(apart).max() < (INDICATORS // NODE) * 0.0001
        exact, bare = taking_turns([index.exactly, index.by_floats], TIMES)
        say(name, exact, bare, "of bare NumPy floats")
        say("  the same", exact, PEER_SECONDS, "of a composite-index package in R")
    memory = {way: memory_of("benchmarks.composite_index", way) for way in WAYS}
    inputs = memory.pop("inputs")
    for way, most in memory.items():
        print(f"peak memory {way:<34} {most:9.0f} MiB, of which {inputs:.0f} are the inputs")


WAYS = {"exactly": Index.exactly, "by_floats": Index.by_floats, "inputs": lambda _: None}


if __name__ == "__main__":
    WAYS[sys.argv[1]](Index.made_up(UNITS, INDICATORS, ratios=False))
    print(peak_memory())
