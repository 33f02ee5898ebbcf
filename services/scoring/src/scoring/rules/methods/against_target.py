"""Methods that hold a value against a target or a base: in proportion, or whether it is there."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.exact import precise, show
from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Mask
from scoring.rules.methods.cells import Cells, CompleteCells, Method
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded
from scoring.rules.methods.values import valued
from scoring.rules.scheme.params import Params

FULL, NONE = Decimal(1), Decimal(0)


def ratio_to_target(cells: Cells) -> Unrounded:
    """Score in proportion to the target (完成率); full when it is reached.

    Below `floor_ratio` there is nothing; beyond the target `over_target` gives extra points in
    proportion to the percentage, up to `max_points`, but none over a target that was `lowered` by
    a revision. Where lower is better the ratio is target by actual. A value on the wrong side of
    zero counts as zero; a target of zero as `when_target_zero` says.
    """
    lower = cells.params.word("direction", "higher") == "lower"
    given = cells.given(cells.measured("actual"), cells.target())
    target = given.inputs[1]
    when = "refuse" if lower else cells.params.word("when_target_zero", "refuse")
    strict = when == "refuse" and not lower
    bad = target.at_most(NOTHING) if strict else target.less_than(NOTHING)
    given = given.undefined(bad, lambda at: _no_ratio(target.at(at)))
    if when == "refuse":
        return given.scored_by(_in_proportion)
    return given.scored_by(
        lambda left: left.apart(
            left.inputs[1].above.equal(0), lambda some: _without_target(some, when), _in_proportion
        )
    )


def _no_ratio(target: Fraction) -> Reason:
    return Reason(
        f"The target is {show(target)}; a ratio needs one above 0.",
        f"目标值为{show(target)}；按比例计分要求目标值大于0。",
        absent=False,
    )


def _without_target(given: CompleteCells, when: str) -> Unrounded:
    points = given.cells.points
    full = when == "full"
    line = AppliedRule(
        f"{'points' if full else '0'} where the target is 0", precise(points) if full else "0"
    )
    return given.scored(Quotients.same(points if full else 0, len(given)), lambda _: line)


def _in_proportion(given: CompleteCells) -> Unrounded:
    """Score values whose targets are above zero, or at zero where lower is better."""
    eased = given.cells.lowered()
    if not (eased.any() and given.cells.params.flag("no_over_target_when_lowered", True)):
        return _attained(given, eased=False)
    return given.apart(
        eased, lambda some: _attained(some, eased=True), lambda some: _attained(some, eased=False)
    )


def _attained(given: CompleteCells, *, eased: bool) -> Unrounded:
    """Give the share of the target that was reached; all where it is beyond all measure."""
    cells, (actual, target) = given.cells, given.inputs
    params, points = cells.params, cells.points
    lower = params.word("direction", "higher") == "lower"
    cap, floor = params.number("cap_ratio", FULL), params.number("floor_ratio", NONE)
    cap, over = (min(cap, FULL), None) if eased else (cap, params.group("over_target"))
    beyond = actual.at_most(NOTHING) if lower else np.zeros(len(given), dtype=np.bool_)
    above, below = (target, actual.where(~beyond, ONE)) if lower else (actual, target)
    ratio = above.by(positive(below)).where(~beyond, max(Fraction(cap), Fraction(floor)))
    values = ratio.most(NOTHING).least(Fraction(cap)) * points
    extra = None if over is None else _over_target(over, ratio, beyond)
    values = values if extra is None else values + extra
    short = ratio.less_than(Fraction(floor))
    values = values.where(~short, NOTHING)

    def tell(row: int) -> AppliedRule:
        if short[row]:
            return AppliedRule(
                "0 below floor_ratio", f"0 ({precise(ratio.at(row))} < {precise(floor)})"
            )
        rule = "points × min(ratio, cap_ratio)"
        shown = _quotient(points, actual.at(row), target.at(row), lower, cap)
        if extra is None:
            return AppliedRule(
                rule + (", nothing over a target that was lowered" if eased else ""), shown
            )
        rule += " + min(percent over target / per_pct_points × points, max_points)"
        return AppliedRule(rule, f"{shown} + {precise(extra.at(row))}")

    return given.scored(values, tell)


def positive(column: Quotients) -> Quotients:
    """Return a column of which all is above zero, with bounds that say so."""
    return column.take(np.arange(len(column)))


def _over_target(over: Params, ratio: Quotients, beyond: Mask) -> Quotients:
    """Return the extra for every percent over the target, whatever the cap of the ratio is."""
    each = Fraction(over.number("points")) / Fraction(over.number("per_pct_points", FULL))
    most = Fraction(over.number("max_points"))
    extra = ((ratio - ONE).most(NOTHING) * (each * 100)).least(most)
    return extra.where(~beyond, most)


def _quotient(
    points: Fraction, actual: Fraction, target: Fraction, lower: bool, cap: Decimal
) -> str:
    above, below = (target, actual) if lower else (actual, target)
    if lower and actual <= 0:
        return f"{precise(points)} × {precise(cap)} ({precise(actual)} is beyond all measure)"
    return f"{precise(points)} × min({precise(above)} / {precise(below)}, {precise(cap)})"


def baseline_growth(cells: Cells) -> Unrounded:
    """Give a share of the points for last year's level, more for growth (基数法).

    Every `step_pct` percent of growth earns `points_per_step`, in proportion, up to `cap_ratio`;
    a fall costs in proportion to the level, or by the same steps where the scheme says so.
    """
    params, points = cells.params, cells.points
    given = cells.given(cells.measured("actual"), cells.baseline())
    base = given.inputs[1]
    given = given.undefined(base.at_most(NOTHING), lambda at: no_growth(base.at(at)))
    actual, baseline = given.inputs
    ratio, step = params.number("base_ratio"), params.number("step_pct")
    each = params.number("points_per_step")
    start = points * Fraction(ratio)
    cap = points * Fraction(params.number("cap_ratio", FULL))
    level = actual.by(positive(baseline))
    growth = (level - ONE) * Fraction(100)
    moved = growth * (Fraction(each) / Fraction(step)) + start
    fallen = level.less_than(ONE)
    symmetric = params.word("below_base", "proportional") != "proportional"
    less = moved.most(NOTHING) if symmetric else level.most(NOTHING) * start
    shown = f"{precise(points)} × {precise(ratio)}"

    def tell(row: int) -> AppliedRule:
        if not fallen[row]:
            return AppliedRule(
                "min(base + growth percent / step_pct × points_per_step, cap_ratio × points)",
                f"min({shown} + {precise(growth.at(row))} / {precise(step)} × {precise(each)},"
                f" {precise(cap)})",
            )
        if symmetric:
            return AppliedRule(
                "max(base - fall percent / step_pct × points_per_step, 0)",
                f"max({shown} - {precise(-growth.at(row))} / {precise(step)} × {precise(each)}, 0)",
            )
        ratio_shown = f"{precise(actual.at(row))} / {precise(baseline.at(row))}"
        return AppliedRule("base × actual / baseline", f"{shown} × max({ratio_shown}, 0)")

    return given.scored(less.where(fallen, moved.least(cap)), tell)


def no_growth(baseline: Fraction) -> Reason:
    """Return why there is no percentage over a baseline of 0 or less."""
    return Reason(
        f"The baseline is {show(baseline)}; growth needs one above 0.",
        f"基数为{show(baseline)}；计算增幅要求基数大于0。",
        absent=False,
    )


def pledge(cells: Cells) -> Unrounded:
    """Score against the standard and against what the unit pledged itself (标准值与自报数).

    Every percent over the standard earns `bonus_coef` of the points; every percent over one's own
    pledge costs `deduct_coef`, so that nobody gains by pledging little. The whole is at most
    `cap_ratio` of the points, if there is one, and never below 0.
    """
    params, points = cells.params, cells.points
    given = cells.given(cells.measured("actual"), cells.target(), cells.pledge())
    for place, name, name_zh in ((1, "standard", "标准值"), (2, "pledge", "自报数")):
        given = _above_zero(given, place, name, name_zh)
    actual, standard, pledged = given.inputs
    bonus, cost = params.number("bonus_coef"), params.number("deduct_coef")
    cap = params.optional("cap_ratio")
    attained, kept = actual.by(positive(standard)), actual.by(positive(pledged))
    gain = (attained - ONE).most(NOTHING) * (100 * Fraction(bonus))
    loss = (kept - ONE).most(NOTHING) * (100 * Fraction(cost))
    ratio = (attained.least(ONE) + gain - loss).most(NOTHING)
    ratio = ratio if cap is None else ratio.least(Fraction(cap))

    def tell(row: int) -> AppliedRule:
        a, s, p = precise(actual.at(row)), precise(standard.at(row)), precise(pledged.at(row))
        return AppliedRule(
            "points × (min(actual / standard, 1) + percent over the standard × bonus_coef"
            " - percent over the pledge × deduct_coef)"
            + ("" if cap is None else ", at most cap_ratio"),
            f"{precise(points)} × {'' if cap is None else 'min'}(max(0, min({a} / {s}, 1)"
            f" + max({a} / {s} - 1, 0) × 100 × {precise(bonus)}"
            f" - max({a} / {p} - 1, 0) × 100 × {precise(cost)})"
            + (")" if cap is None else f", {precise(cap)})"),
        )

    return given.scored(ratio * points, tell)


def _above_zero(given: CompleteCells, place: int, name: str, name_zh: str) -> CompleteCells:
    column = given.inputs[place]

    def why(at: int) -> Reason:
        number = show(column.at(at))
        return Reason(
            f"The {name} is {number}; a ratio needs one above 0.",
            f"{name_zh}为{number}；按比例计分要求大于0。",
            absent=False,
        )

    return given.undefined(column.at_most(NOTHING), why)


def all_or_nothing(cells: Cells) -> Unrounded:
    """Give all points at or above the threshold, else none (达标制). 49.9 is not 50."""
    params, points = cells.params, cells.points
    own = valued(cells, params.word("input", "value"))
    given = cells.given(own.column)
    (value,), threshold = given.inputs, params.number("threshold")
    missed = value.less_than(Fraction(threshold))

    def tell(row: int) -> AppliedRule:
        got, sign = ("0", "<") if missed[row] else (precise(points), "≥")
        formula = f"{got} ({precise(value.at(row))} {sign} {precise(threshold)})"
        return AppliedRule("points when value ≥ threshold, else 0", formula)

    everything = Quotients.same(points, len(given))
    return own.explain(given.scored(everything.where(~missed, NOTHING), tell))


METHODS: Mapping[str, Method] = {
    "ratio_to_target": ratio_to_target,
    "baseline_growth": baseline_growth,
    "pledge": pledge,
    "all_or_nothing": all_or_nothing,
}
"""The methods of this file by their names in a scheme."""
