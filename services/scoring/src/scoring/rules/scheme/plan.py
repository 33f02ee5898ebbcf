"""How the indicators of a category are computed: in which order, and where their points may go."""

from collections.abc import Mapping
from dataclasses import dataclass

from scoring.rules.scheme.compiled import Reads, Tree
from scoring.rules.scheme.document import Category, Indicator, Scheme


@dataclass(frozen=True, slots=True)
class Plan:
    """A category's indicators in an order in which each comes after all that it reads.

    `lines` lead from each of them up to the top: itself, its parent, and on. `receivers` are the
    indicators that get the points of one that does not apply, by its code. `formulas` are trees by
    the formulas' texts. `missing` is what is done where an indicator has no score: a parent by the
    compiled form, because of what was compiled before parents could say so nothing is done.
    """

    category: Category
    order: tuple[Indicator, ...]
    reads: Mapping[str, Reads]
    indicators: Mapping[str, Indicator]
    lines: Mapping[str, tuple[str, ...]]
    receivers: Mapping[str, str]
    formulas: Mapping[str, Tree]
    missing: Mapping[str, str]


def plan_of(scheme: Scheme, category: Category) -> Plan:
    """Return the plan of a category, out of the compiled form of its scheme."""
    indicators, compiled = category.indicators(), scheme.compiled.of(category.code)
    each = compiled.indicators
    return Plan(
        category,
        tuple(indicators[code] for code in compiled.order),
        {one.indicator: one.reads for one in each},
        indicators,
        {one.indicator: one.line for one in each},
        {one.indicator: one.receiver for one in each if one.receiver is not None},
        scheme.compiled.formulas,
        {
            one.indicator: one.missing_below
            if indicators[one.indicator].children
            else indicators[one.indicator].missing
            for one in each
        },
    )
