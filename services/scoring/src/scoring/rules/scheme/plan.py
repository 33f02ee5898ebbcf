"""In which order the indicators of a category are computed, and what each of them reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.rules.scheme.document import Category, Indicator

MEAN_CHILDREN = "mean_children"
RESULTS = ("score", "rank")

ALONE = frozenset(
    {
        "ratio_to_target",
        "stepped_deduction",
        "tiers",
        "all_or_nothing",
        "baseline_growth",
        "blend",
        "milestone",
        "count_points",
        "deduct_events",
        "base_plus_minus",
        "pledge",
        "periodic_weighted",
        "qualitative_panel",
        "grade_map",
        "external_result",
        "items_weighted",
        "inherit_superior",
        "survey_score",
        "expression",
    }
)
"""The methods that look at one unit only. Any other compares it with all of its category; and
so do those of these whose parameters hold what others entered against them."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What an indicator reads besides the unit's own entries and targets for it.

    `group`: those of all units of the category; `surveys`; by the codes of other indicators their
    `entries` (and targets), their `scores` and their `ranks`.
    """

    group: bool
    surveys: frozenset[str]
    entries: frozenset[str]
    scores: frozenset[str]
    ranks: frozenset[str]

    @property
    def compares(self) -> bool:
        """Say whether other units have a part in the score."""
        return self.group or bool(self.ranks)

    @property
    def others(self) -> frozenset[str]:
        """The indicators that must be computed before."""
        return self.scores | self.ranks


def reads_of(indicator: Indicator) -> Reads:
    """Return what an indicator without children reads, by its method, parameters, components."""
    groups = list(_groups(indicator.params))
    for overrides in (*indicator.per_unit_params.values(), *indicator.period_params.values()):
        groups += _groups(overrides)
    methods = {str(group["method"]) for group in groups if "method" in group}
    sources = [
        (group["from"], str(group["indicator"]))
        for group in groups
        if "from" in group and group.get("indicator") is not None
    ]
    return Reads(
        group=bool((methods | {indicator.method}) - ALONE) or _looks_around(indicator),
        surveys=frozenset(str(group["survey"]) for group in groups if "survey" in group),
        entries=frozenset(code for source, code in sources if source not in RESULTS),
        scores=frozenset(code for source, code in sources if source == "score"),
        ranks=frozenset(code for source, code in sources if source == "rank"),
    )


def _looks_around(indicator: Indicator) -> bool:
    """Say whether pieces that others claim, or grades that others have, decide a score."""
    params = indicator.parameters
    return params.flag("distinct", False) or params.group("at_most") is not None


def _groups(value: object) -> Iterator[Mapping[str, Any]]:
    """Yield the groups of parameters, within one another and in lists."""
    if isinstance(value, Mapping):
        yield value
        value = tuple(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _groups(each)


@dataclass(frozen=True, slots=True)
class Plan:
    """A category's indicators in an order in which each comes after all that it reads.

    `lines` lead from each of them up to the top: itself, its parent, and on. `receivers` are the
    indicators that get the points of one that does not apply, by its code; children of a mean
    have none, because their points are only their own scale.
    """

    category: Category
    order: tuple[Indicator, ...]
    reads: Mapping[str, Reads]
    indicators: Mapping[str, Indicator]
    lines: Mapping[str, tuple[str, ...]]
    receivers: Mapping[str, str]


def plan_of(category: Category) -> Plan:
    """Return the plan of a category.

    Publishing refuses a circle; here an indicator of one finds the score it reads not there yet,
    and has none.
    """
    indicators = category.indicators()
    reads = {code: reads_of(each) for code, each in indicators.items() if not each.children}
    order: dict[str, Indicator] = {}
    begun = set[str]()

    def visit(code: str) -> None:
        if code in begun or code not in indicators:
            return
        begun.add(code)
        indicator = indicators[code]
        below = [child.code for child in indicator.children]
        for before in below or sorted(reads[code].others):
            visit(before)
        order[code] = indicator

    for code in indicators:
        visit(code)
    lines: dict[str, tuple[str, ...]] = {}
    for code, each in indicators.items():  # parents come before their children
        line = lines.setdefault(code, (code,))
        lines |= {child.code: (child.code, *line) for child in each.children}
    return Plan(category, tuple(order.values()), reads, indicators, lines, _receivers(indicators))


def _receivers(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    shares = {
        child.code
        for parent in indicators.values()
        if parent.method == MEAN_CHILDREN
        for child in parent.children
    }
    return {
        code: to
        for code, each in indicators.items()
        if (to := each.redistribute_to) in indicators and to is not None and not {code, to} & shares
    }
