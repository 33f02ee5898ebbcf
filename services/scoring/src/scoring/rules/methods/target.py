"""Methods that measure a value against a target or a base: how far, in proportion or in steps."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, ONE, Scored, clamp, settle
from scoring.rules.params import Params

FULL = Decimal(1)


def ratio_to_target(
    points: Decimal, params: Params, places: int, *, actual: Decimal, target: Decimal
) -> Scored:
    """Score in proportion to the target (完成率); full when it is reached.

    Below `floor_ratio` there is nothing; beyond the target `over_target` gives extra points in
    proportion to the percentage, up to `max_points`. Where lower is better the ratio is target
    by actual. A value on the wrong side of zero counts as zero.
    """
    cap = Fraction(params.number("cap_ratio", FULL))
    floor = params.number("floor_ratio", Decimal(0))
    lower = params.word("direction", "higher") == "lower"
    ratio = _attained(actual, target, lower=lower)
    over, extra = params.group("over_target"), NOTHING
    rule, formula = "points × min(ratio, cap_ratio)", _quotient(points, actual, target, lower, cap)
    if over is not None:
        extra = _over_target(over, ratio)
        rule += " + min(percent over target / per_pct_points × points, max_points)"
        formula += f" + {show(extra)}"
    if ratio is not None and ratio < Fraction(floor):
        return settle(NOTHING, places, "0 below floor_ratio", f"{show(ratio)} < {show(floor)}")
    reached = cap if ratio is None else clamp(ratio, NOTHING, cap)
    return settle(Fraction(points) * reached + extra, places, rule, formula)


def _attained(actual: Decimal, target: Decimal, *, lower: bool) -> Fraction | None:
    """Return the share of the target that was reached; None where it is beyond all measure."""
    if target < 0 or (target == 0 and not lower):
        raise Undefined(
            f"The target is {show(target)}; a ratio needs one above 0.",
            f"目标值为{show(target)}；按比例计分要求目标值大于0。",
        )
    if not lower:
        return Fraction(actual) / Fraction(target)
    return None if actual <= 0 else Fraction(target) / Fraction(actual)


def _over_target(over: Params, ratio: Fraction | None) -> Fraction:
    """Return the extra for every percent over the target, whatever the cap of the ratio is."""
    most = Fraction(over.number("max_points"))
    if ratio is None:
        return most
    percent = max(ratio - ONE, NOTHING) * 100
    steps = percent / Fraction(over.number("per_pct_points", FULL))
    return min(steps * Fraction(over.number("points")), most)


def _quotient(points: Decimal, actual: Decimal, target: Decimal, lower: bool, cap: Fraction) -> str:
    above, below = (target, actual) if lower else (actual, target)
    return f"{show(points)} × min({show(above)} / {show(below)}, {show(cap)})"


def stepped_deduction(
    points: Decimal, params: Params, places: int, *, actual: Decimal, target: Decimal
) -> Scored:
    """Take points off for every step that the target is missed by, down to zero (每差…扣…).

    A step that is not full counts in part, or as `step_mode` says: in full, or not at all.
    """
    lower = params.word("direction", "higher") == "lower"
    missed = max(actual - target if lower else target - actual, Decimal(0))
    steps = Fraction(missed) / Fraction(params.number("step"))
    mode, each = params.word("step_mode", "proportional"), params.number("points_per_step")
    if mode == "whole_up":
        steps = Fraction(math.ceil(steps))
    elif mode == "whole_down":
        steps = Fraction(math.floor(steps))
    return settle(
        max(Fraction(points) - steps * Fraction(each), NOTHING),
        places,
        "max(0, points - steps missed × points_per_step)",
        f"max(0, {show(points)} - {show(steps)} × {show(each)}), missed by {show(missed)}",
    )


def baseline_growth(
    points: Decimal, params: Params, places: int, *, actual: Decimal, baseline: Decimal
) -> Scored:
    """Give a share of the points for last year's level, more for growth (基数法).

    Every `step_pct` percent of growth earns `points_per_step`, in proportion, up to `cap_ratio`;
    a fall costs in proportion to the level.
    """
    if baseline <= 0:
        raise Undefined(
            f"The baseline is {show(baseline)}; growth needs one above 0.",
            f"基数为{show(baseline)}；计算增幅要求基数大于0。",
        )
    level, base_ratio = Fraction(actual) / Fraction(baseline), params.number("base_ratio")
    base, cap = Fraction(points * base_ratio), params.number("cap_ratio", FULL) * points
    shown = f"{show(points)} × {show(base_ratio)}"
    if level < ONE:
        formula = f"{shown} × max({show(actual)} / {show(baseline)}, 0)"
        return settle(base * max(level, NOTHING), places, "base × actual / baseline", formula)
    step, each = params.number("step_pct"), params.number("points_per_step")
    growth = (level - ONE) * 100
    return settle(
        min(base + growth / Fraction(step) * Fraction(each), Fraction(cap)),
        places,
        "min(base + growth percent / step_pct × points_per_step, cap_ratio × points)",
        f"min({shown} + {show(growth)} / {show(step)} × {show(each)}, {show(cap)})",
    )


def items_weighted(
    points: Decimal,
    params: Params,
    places: int,
    *,
    actuals: Sequence[Decimal],
    targets: Sequence[Decimal],
) -> Scored:
    """Share the points equally over the items; each counts by its ratio to its target.

    Items are not rounded by themselves: the scheme rounds leaves, components and periods.
    """
    cap = params.number("item_cap_ratio", FULL)
    ratios = []
    for actual, target in zip(actuals, targets, strict=True):
        ratio = _attained(actual, target, lower=False)
        ratios.append(clamp(ratio or NOTHING, NOTHING, Fraction(cap)))
    shown = " + ".join(
        f"min({show(a)} / {show(t)}, {show(cap)})" for a, t in zip(actuals, targets, strict=True)
    )
    return settle(
        Fraction(points) * sum(ratios, NOTHING) / len(ratios),
        places,
        "points × mean of min(actual / target, item_cap_ratio) over the items",
        f"{show(points)} × ({shown}) / {len(ratios)}",
    )
