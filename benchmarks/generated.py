"""A generated year of any size: units, indicators by a mixture of methods, and what happened.

The same numbers every time: they come from a linear congruential sequence, not from a random
source, so that two runs, two machines and two ways of computing can be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from scoring.rules.ledger.entries import Entry
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
    Target,
    Window,
)

YEAR = "2025"
EVENTS = {"overdue": "0.2", "returned": "0.1", "exposed": "0.5"}
STATUS = {"on_time": "1", "late": "0.5", "not_done": "0"}
GRADES = {"A": "1", "B": "0.9", "C": "0.75", "D": "0.5"}
TIERS = [
    {"min": "90", "points": "1"},
    {"min": "75", "points": "0.8"},
    {"min": "60", "points": "0.5"},
]
COMPONENTS = [
    {
        "key": "level",
        "method": "efficacy_linear",
        "weight": "0.4",
        "params": {"base_ratio": "0.6"},
    },
    {
        "key": "growth",
        "method": "efficacy_linear",
        "weight": "0.6",
        "params": {"base_ratio": "0.6"},
    },
]

METHODS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ratio_to_target", {"direction": "higher", "cap_ratio": "1", "floor_ratio": "0.6"}),
    ("ratio_to_target", {"direction": "lower", "cap_ratio": "1", "floor_ratio": "0.5"}),
    (
        "stepped_deduction",
        {"direction": "lower", "step": "1", "points_per_step": "0.1", "step_mode": "proportional"},
    ),
    ("tiers", {"input": "rate", "tiers": TIERS, "else_points": "0"}),
    ("all_or_nothing", {"input": "rate", "threshold": "80"}),
    ("rank_points", {"rank_by": "higher", "step_ratio": "0.002", "tie": "same_rank_skip"}),
    ("relative_to_best", {}),
    ("efficacy_linear", {"base_ratio": "0.6"}),
    (
        "baseline_growth",
        {"base_ratio": "0.8", "step_pct": "5", "points_per_step": "0.1", "cap_ratio": "1"},
    ),
    ("blend", {"components": COMPONENTS}),
    ("milestone", {"status_ratio": STATUS}),
    ("count_points", {"full_at": "8", "per_item": "0.1", "extra_per_item": "0", "extra_cap": "0"}),
    ("deduct_events", {"per_event": EVENTS}),
    ("qualitative_panel", {"panel_size": "5", "scale": "100", "trim": "1"}),
    ("grade_map", {"grades": GRADES}),
    ("min_max", {"bounds": "group", "direction": "higher", "log": False, "clamp": True}),
    ("z_score", {"centre": "60", "spread": "10", "scale": "100", "clamp": True}),
    ("percentile_rank", {"direction": "higher"}),
)
"""The mixture: the methods of the reference scheme and those of composite indices, in turn."""


@dataclass(frozen=True, slots=True)
class GeneratedYear:
    """A scheme of one category, `GEN`, and what its ledger and targets hold."""

    scheme: Scheme
    entries: list[Entry]
    targets: list[Target]

    @property
    def facts(self) -> dict[str, Any]:
        """The keyword arguments of `compute`."""
        nothing: dict[str, Any] = {"satisfaction": {}, "claims": [], "names": []}
        return {"entries": self.entries, "targets": self.targets} | nothing


class _Numbers:
    """A sequence of numbers that looks irregular and is always the same."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """Return the next whole number from 0 to just below the limit."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % limit

    def decimal(self, low: int, high: int, places: int = 2) -> Decimal:
        """Return the next number between two whole ones."""
        scale = 10**places
        return Decimal(low * scale + self.below((high - low) * scale)).scaleb(-places)


def generated_year(units: int, indicators: int, *, seed: int = 1) -> GeneratedYear:
    """Return a year of that many units and indicators without a gap."""
    codes = tuple(f"U{number:06}" for number in range(units))
    made = tuple(_indicator(number) for number in range(indicators))
    numbers, entries, targets = _Numbers(seed), list[Entry](), list[Target]()
    for unit in codes:
        for indicator in made:
            for fields in _facts(indicator, numbers):
                entry_id = UUID(int=len(entries) + 1)
                entries.append(Entry(entry_id, unit, indicator.code, *fields))
            if indicator.method in {"ratio_to_target", "stepped_deduction", "baseline_growth"}:
                aim, base = numbers.decimal(70, 100), numbers.decimal(60, 90)
                targets.append(Target(unit, indicator.code, None, aim, base))
    return GeneratedYear(_scheme(codes, made), entries, targets)


def _indicator(number: int) -> Indicator:
    method, params = METHODS[number % len(METHODS)]
    return Indicator(
        code=f"I{number:03}",
        name=f"I{number:03}",
        points=Decimal(1),
        method=method,
        params=params,
        data_source_unit="own_unit",
        allow_exceed=False,
        children=(),
    )


def _scheme(units: tuple[str, ...], indicators: Sequence[Indicator]) -> Scheme:
    points = sum((each.points for each in indicators), Decimal(0))
    block = Block("function", "function", points, tuple(indicators))
    nothing = Adjustments(
        Window(date(2025, 1, 1), date(2025, 12, 31)),
        "none",
        BonusPolicy((), "highest", None, frozenset()),
        DeductionPolicy((), "sum", None),
    )
    return Scheme(
        int(YEAR),
        Rounding(4, "half_up"),
        LedgerPolicy(zero_report_required=True),
        (Category("GEN", "GEN", units, (block,)),),
        Composition(("function",), bonus=True, deductions=True, max_total=None),
        nothing,
    )


_Fields = tuple[str, str | None, str | None, str, Decimal | None, str | None]


def _facts(indicator: Indicator, numbers: _Numbers) -> Iterator[_Fields]:
    """Yield kind, key, item, period, value and word of what the ledger holds for one unit."""
    make = _FACTS.get(indicator.method)
    if make is not None:
        yield from make(numbers)
        return
    key = str(indicator.params.get("input", "value"))
    key = "actual" if indicator.method in _AGAINST else key
    yield ("measured_value", key, None, YEAR, numbers.decimal(50, 110), None)


_AGAINST = {"ratio_to_target", "stepped_deduction", "baseline_growth"}


def _components(numbers: _Numbers) -> Iterator[_Fields]:
    for key in ("level", "growth"):
        yield ("measured_value", key, None, YEAR, numbers.decimal(1, 500), None)


def _count(numbers: _Numbers) -> Iterator[_Fields]:
    yield ("measured_value", "count", None, YEAR, Decimal(numbers.below(12)), None)


def _nodes(numbers: _Numbers) -> Iterator[_Fields]:
    for node in range(1, 5):
        yield ("milestone", None, str(node), YEAR, None, list(STATUS)[numbers.below(3)])


def _events(numbers: _Numbers) -> Iterator[_Fields]:
    happened = numbers.below(3)
    for _ in range(happened):
        yield ("event", list(EVENTS)[numbers.below(3)], None, YEAR, Decimal(1), None)
    if not happened:
        yield ("event", "zero_report", None, YEAR, Decimal(0), None)


def _marks(numbers: _Numbers) -> Iterator[_Fields]:
    for seat in range(1, 6):
        yield ("panel_mark", None, str(seat), YEAR, numbers.decimal(60, 100, 0), None)


def _grade(numbers: _Numbers) -> Iterator[_Fields]:
    yield ("grade", None, None, YEAR, None, list(GRADES)[numbers.below(4)])


_FACTS = {
    "blend": _components,
    "count_points": _count,
    "milestone": _nodes,
    "deduct_events": _events,
    "qualitative_panel": _marks,
    "grade_map": _grade,
}
