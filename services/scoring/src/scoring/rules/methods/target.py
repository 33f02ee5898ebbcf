"""Methods that measure a value against a target or a base: how far, in proportion or in steps."""

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import exactly, show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, ONE, Scored, clamp, settle
from scoring.rules.params import Params

FULL, NONE = Decimal(1), Decimal(0)


def ratio_to_target(
    points: Decimal,
    params: Params,
    places: int,
    *,
    actual: Decimal,
    target: Decimal,
    lowered: bool = False,
) -> Scored:
    """Score in proportion to the target (完成率); full when it is reached.

    Below `floor_ratio` there is nothing; beyond the target `over_target` gives extra points in
    proportion to the percentage, up to `max_points`, but none over a target that was `lowered` by
    a revision. Where lower is better the ratio is target by actual. A value on the wrong side of
    zero counts as zero; a target of zero as `when_target_zero` says.
    """
    lower = params.word("direction", "higher") == "lower"
    if target == 0 and not lower:
        return _without_target(points, params, places)
    cap, floor = Fraction(params.number("cap_ratio", FULL)), params.number("floor_ratio", NONE)
    ratio = _attained(actual, target, lower=lower)
    if ratio is not None and ratio < Fraction(floor):
        return settle(NOTHING, places, "0 below floor_ratio", f"0 ({show(ratio)} < {show(floor)})")
    eased = lowered and params.flag("no_over_target_when_lowered", True)
    cap = min(cap, ONE) if eased else cap
    reached = cap if ratio is None else clamp(ratio, NOTHING, cap)
    rule, over = "points × min(ratio, cap_ratio)", params.group("over_target")
    if over is None or eased:
        rule += ", nothing over a target that was lowered" if eased else ""
        return settle(
            Fraction(points) * reached,
            places,
            rule,
            lambda: _quotient(points, actual, target, lower, cap),
        )
    extra = _over_target(over, ratio)
    return settle(
        Fraction(points) * reached + extra,
        places,
        f"{rule} + min(percent over target / per_pct_points × points, max_points)",
        lambda: f"{_quotient(points, actual, target, lower, cap)} + {show(extra)}",
    )


def _without_target(points: Decimal, params: Params, places: int) -> Scored:
    when = params.word("when_target_zero", "refuse")
    if when == "refuse":
        raise _no_ratio(NONE)
    full = when == "full"
    return settle(
        Fraction(points) if full else NOTHING,
        places,
        f"{'points' if full else '0'} where the target is 0",
        show(points) if full else "0",
    )


def _no_ratio(target: Decimal) -> Undefined:
    return Undefined(
        f"The target is {show(target)}; a ratio needs one above 0.",
        f"目标值为{show(target)}；按比例计分要求目标值大于0。",
    )


def _attained(actual: Decimal, target: Decimal, *, lower: bool) -> Fraction | None:
    """Return the share of the target that was reached; None where it is beyond all measure."""
    if target < 0 or (target == 0 and not lower):
        raise _no_ratio(target)
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
    if lower and actual <= 0:
        return f"{show(points)} × {show(cap)} ({show(actual)} is beyond all measure)"
    return f"{show(points)} × min({show(above)} / {show(below)}, {show(cap)})"


def stepped_deduction(
    points: Decimal, params: Params, places: int, *, actual: Decimal, target: Decimal
) -> Scored:
    """Take points off for every step that the target is missed by, down to zero (每差…扣…).

    Part of a step costs its part, a whole step (`whole_up`) or nothing (`whole_down`).
    """
    lower = params.word("direction", "higher") == "lower"
    above = Fraction(actual) - Fraction(target)
    missed = max(above if lower else -above, NOTHING)
    steps = missed / Fraction(params.number("step"))
    mode, each = params.word("step_mode", "proportional"), params.number("points_per_step")
    if mode != "proportional":
        steps = Fraction(math.ceil(steps) if mode == "whole_up" else math.floor(steps))
    return settle(
        max(Fraction(points) - steps * Fraction(each), NOTHING),
        places,
        "max(0, points - steps missed × points_per_step)",
        lambda: f"max(0, {show(points)} - {show(steps)} × {show(each)}) (missed by {show(missed)})",
    )


def baseline_growth(
    points: Decimal, params: Params, places: int, *, actual: Decimal, baseline: Decimal
) -> Scored:
    """Give a share of the points for last year's level, more for growth (基数法).

    Every `step_pct` percent of growth earns `points_per_step`, in proportion, up to `cap_ratio`;
    a fall costs in proportion to the level, or by the same steps where the scheme says so.
    """
    if baseline <= 0:
        raise Undefined(
            f"The baseline is {show(baseline)}; growth needs one above 0.",
            f"基数为{show(baseline)}；计算增幅要求基数大于0。",
        )
    level, base_ratio = Fraction(actual) / Fraction(baseline), params.number("base_ratio")
    base = Fraction(points) * Fraction(base_ratio)
    cap = Fraction(points) * Fraction(params.number("cap_ratio", FULL))
    shown = f"{show(points)} × {show(base_ratio)}"
    if level < ONE and params.word("below_base", "proportional") == "proportional":
        formula = f"{shown} × max({show(actual)} / {show(baseline)}, 0)"
        return settle(base * max(level, NOTHING), places, "base × actual / baseline", formula)
    step, each = params.number("step_pct"), params.number("points_per_step")
    growth = (level - ONE) * 100
    if level < ONE:
        return settle(
            max(base + growth / Fraction(step) * Fraction(each), NOTHING),
            places,
            "max(base - fall percent / step_pct × points_per_step, 0)",
            lambda: f"max({shown} - {exactly(-growth)} / {show(step)} × {show(each)}, 0)",
        )
    return settle(
        min(base + growth / Fraction(step) * Fraction(each), cap),
        places,
        "min(base + growth percent / step_pct × points_per_step, cap_ratio × points)",
        lambda: f"min({shown} + {show(growth)} / {show(step)} × {show(each)}, {show(cap)})",
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
    pairs = list(zip(actuals, targets, strict=True))
    ratios = [
        clamp(_attained(actual, target, lower=False) or NOTHING, NOTHING, Fraction(cap))
        for actual, target in pairs
    ]

    def written() -> str:
        shown = " + ".join(f"min({show(max(a, NONE))} / {show(t)}, {show(cap)})" for a, t in pairs)
        return f"{show(points)} × ({shown}) / {len(ratios)}"

    return settle(
        Fraction(points) * sum(ratios, NOTHING) / len(ratios),
        places,
        "points × mean of min(actual / target, item_cap_ratio) over the items",
        written,
    )


def pledge(
    points: Decimal,
    params: Params,
    places: int,
    *,
    actual: Decimal,
    standard: Decimal,
    pledged: Decimal,
) -> Scored:
    """Score against the standard and against what the unit pledged itself (标准值与自报数).

    Every percent over the standard earns `bonus_coef` of the points; every percent over one's own
    pledge costs `deduct_coef`, so that nobody gains by pledging little. The whole is at most
    `cap_ratio` of the points, if there is one, and never below 0.
    """
    for name, name_zh, number in (("standard", "标准值", standard), ("pledge", "自报数", pledged)):
        if number <= 0:
            raise Undefined(
                f"The {name} is {show(number)}; a ratio needs one above 0.",
                f"{name_zh}为{show(number)}；按比例计分要求大于0。",
            )
    bonus, cost = params.number("bonus_coef"), params.number("deduct_coef")
    attained, kept = Fraction(actual) / Fraction(standard), Fraction(actual) / Fraction(pledged)
    gain = max(attained - ONE, NOTHING) * 100 * Fraction(bonus)
    loss = max(kept - ONE, NOTHING) * 100 * Fraction(cost)
    ratio, cap = max(min(attained, ONE) + gain - loss, NOTHING), params.optional("cap_ratio")
    return settle(
        Fraction(points) * (ratio if cap is None else min(ratio, Fraction(cap))),
        places,
        "points × (min(actual / standard, 1) + percent over the standard × bonus_coef"
        " - percent over the pledge × deduct_coef)"
        + ("" if cap is None else ", at most cap_ratio"),
        lambda: (
            f"{show(points)} × {'' if cap is None else 'min'}(max(0, "
            f"min({show(actual)} / {show(standard)}, 1)"
            f" + max({show(actual)} / {show(standard)} - 1, 0) × 100 × {show(bonus)}"
            f" - max({show(actual)} / {show(pledged)} - 1, 0) × 100 × {show(cost)})"
            + (")" if cap is None else f", {show(cap)})")
        ),
    )
