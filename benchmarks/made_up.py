"""Categories of any size with one made-up value in each cell, as ledger and as plain arrays."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from scoring.rules.ledger.entries import (
    ANY_PERIOD,
    EVENT,
    GRADE,
    MEASURED_VALUE,
    ZERO_REPORT,
    Entry,
)
from scoring.rules.ledger.entries import YEAR as OF_YEAR
from scoring.rules.scheme.compiled import (
    CompiledCategory,
    CompiledIndicator,
    CompiledScheme,
    EntryForm,
    Reads,
)
from scoring.rules.scheme.document import Block, Category, Indicator, Rounding, Target

YEAR = 2025
HIGHER: dict[str, Any] = {"direction": "higher"}

KINDS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("ratio_to_target", HIGHER | {"floor_ratio": "0.6"}, "actual"),
    (
        "stepped_deduction",
        HIGHER | {"step": "0.5", "points_per_step": "0.02", "step_mode": "proportional"},
        "actual",
    ),
    (
        "tiers",
        {
            "tiers": [{"min": "80", "points": "1"}, {"min": "40", "points": "0.5"}],
            "else_points": "0",
        },
        "value",
    ),
    ("all_or_nothing", {"threshold": "50"}, "value"),
    ("rank_points", {"step_ratio": "0.002"}, "value"),
    ("relative_to_best", {}, "value"),
    ("efficacy_linear", {"base_ratio": "0.6"}, "value"),
    (
        "baseline_growth",
        {"base_ratio": "0.8", "step_pct": "1", "points_per_step": "0.01"},
        "actual",
    ),
    ("count_points", {"full_at": 100, "per_item": "0.01"}, "count"),
    ("deduct_events", {"per_event": {"late": "0.005"}}, "late"),
    ("grade_map", {"grades": {"A": "1", "B": "0.9", "C": "0.75", "D": "0.5"}}, "grade"),
    ("min_max", {"bounds": "group"}, "value"),
)
"""Methods in turn, with the key of the one entry that each takes for a unit."""

KEYS = {method: key for method, _, key in KINDS}
GRADES = "ABCD"

COMPARING = frozenset({"rank_points", "relative_to_best", "efficacy_linear", "min_max"})
"""Those of the methods that compare a unit with the others."""

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A category; `raw` and `aims` have a row per indicator and a column per unit, in hundredths.

    An event happened as often as its cell says; a grade is what is left of it divided by four.
    """

    category: Category
    rounding: Rounding
    raw: Whole
    aims: Whole

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        """The indicators, which have no children."""
        return self.category.blocks[0].indicators

    def entries(self) -> list[Entry]:
        """Return the ledger: one entry for each unit and indicator."""
        return list(self.each_entry())

    def targets(self) -> list[Target]:
        """Return the targets and baselines of the methods that ask for one."""
        return [
            Target(unit, leaf.code, None, aim, aim)
            for leaf, row in zip(self.leaves, self.aims.tolist(), strict=True)
            if KEYS[leaf.method] == "actual"
            for unit, number in zip(self.category.units, row, strict=True)
            for aim in [_decimal(number)]
        ]

    def each_entry(self) -> Iterator[Entry]:
        """Yield the ledger entry by entry, so that nobody has to hold all of a large one."""
        number = 0
        for leaf, row in zip(self.leaves, self.raw.tolist(), strict=True):
            for unit, value in zip(self.category.units, row, strict=True):
                number += 1
                yield _entry(UUID(int=number), unit, leaf, value)


def made_up(units: int, indicators: int) -> MadeUp:
    """Return a category of that size, always the same one."""
    random, size = np.random.default_rng(1), (indicators, units)
    leaves = tuple(_leaf(number) for number in range(indicators))
    block = Block("function", "function", Decimal(indicators), leaves)
    codes = tuple(f"U{number:06}" for number in range(units))
    return MadeUp(
        Category("LARGE", "Large", codes, (block,)),
        Rounding(4, "half_up"),
        random.integers(100, 10_000, size),
        random.integers(5_000, 10_000, size),
    )


def compiled(category: Category) -> CompiledScheme:
    """Return the compiled form of a scheme of that category, as the owner of schemes gives it."""
    tops = [top for block in category.blocks for top in block.indicators]
    found = [each for top in tops for each in _compiled(top, ())]
    order = tuple(code for top in tops for code in _after_children(top))
    return CompiledScheme(1, {}, (CompiledCategory(category.code, order, tuple(found)),))


def _compiled(indicator: Indicator, above: tuple[str, ...]) -> Iterator[CompiledIndicator]:
    nothing, line = frozenset[str](), (indicator.code, *above)
    reads = Reads(indicator.method in COMPARING, nothing, nothing, nothing, nothing)
    yield CompiledIndicator(indicator.code, line, None, _form(indicator), {}, reads)
    for child in indicator.children:
        yield from _compiled(child, line)


def _after_children(indicator: Indicator) -> Iterator[str]:
    for child in indicator.children:
        yield from _after_children(child)
    yield indicator.code


def _form(indicator: Indicator) -> EntryForm | None:
    """Return what is entered for an indicator, None where its children have that."""
    if indicator.children:
        return None
    key, kind, words, endings = KEYS[indicator.method], MEASURED_VALUE, (), OF_YEAR
    keys: tuple[str, ...] = (key,)
    if indicator.method == "grade_map":
        kind, keys, words = GRADE, (), tuple(GRADES)
    elif indicator.method == "deduct_events":
        kind, keys, endings = EVENT, (key, ZERO_REPORT), ANY_PERIOD
    return EntryForm(
        kind,
        keys,
        items=(),
        any_item=False,
        words=words,
        endings=endings,
        endings_of_key={},
        dated="occurred" if kind == EVENT else None,
        low=None,
        high=None,
        whole=kind == EVENT,
        instead=None,
        valued=True,
        noted=False,
        comment_low=None,
        comment_high=None,
    )


def _leaf(number: int) -> Indicator:
    method, params, _ = KINDS[number % len(KINDS)]
    code = f"I{number:03}"
    return Indicator(code, code, Decimal(1), method, params, "own_unit", False, ())


def _entry(entry_id: UUID, unit: str, leaf: Indicator, value: int) -> Entry:
    about, key, period = (entry_id, unit, leaf.code), KEYS[leaf.method], str(YEAR)
    if key == "grade":
        return Entry(*about, "grade", None, None, period, None, GRADES[value % len(GRADES)])
    if leaf.method == "deduct_events":
        return Entry(*about, "event", key, None, period, Decimal(value), None)
    return Entry(*about, "measured_value", key, None, period, _decimal(value), None)


def _decimal(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)


def by_floats(given: MadeUp) -> Floats:
    """Return the totals by bare NumPy: binary floats, nothing rounded, nothing looked up."""
    raw, aims = given.raw / 100, given.aims / 100
    total = np.zeros(raw.shape[1])
    for row, leaf in enumerate(given.leaves):
        total += _FLOATS[leaf.method](raw[row], aims[row], given.raw[row])
    return total


def _ranked(x: Floats, _: Floats, __: Whole) -> Floats:
    ordered = np.sort(-x)
    return np.maximum(1 - np.searchsorted(ordered, -x) * 0.002, 0)


_FLOATS = {
    "ratio_to_target": lambda x, t, _: np.where(x / t < 0.6, 0, np.minimum(x / t, 1)),
    "stepped_deduction": lambda x, t, _: np.maximum(1 - np.maximum(t - x, 0) / 0.5 * 0.02, 0),
    "tiers": lambda x, _, __: np.where(x >= 80, 1, np.where(x >= 40, 0.5, 0)),
    "all_or_nothing": lambda x, _, __: (x >= 50) * 1.0,
    "rank_points": _ranked,
    "relative_to_best": lambda x, _, __: x / x.max(),
    "efficacy_linear": lambda x, _, __: 0.6 + 0.4 * (x - x.min()) / (x.max() - x.min()),
    "baseline_growth": lambda x, t, _: np.where(
        x < t, 0.8 * x / t, np.minimum(0.8 + (x / t - 1) * 100 * 0.01, 1)
    ),
    "count_points": lambda x, _, __: np.minimum(x, 100) * 0.01,
    "deduct_events": lambda _, __, n: np.maximum(1 - n * 0.005, 0),
    "grade_map": lambda _, __, n: np.array([1, 0.9, 0.75, 0.5])[n % 4],
    "min_max": lambda x, _, __: (x - x.min()) / (x.max() - x.min()),
}
