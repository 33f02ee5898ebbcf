"""Methods that look a value up: tiers, a single threshold, a grade, another system's result."""

import math
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import Exact, half_up, show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, Scored, clamp, settle
from scoring.rules.params import Params

HUNDRED = Decimal(100)


def tiers(points: Decimal, params: Params, places: int, *, value: Exact) -> Scored:
    """Give the points of the tier that the value falls in (分档); bounds are inclusive.

    A tier has a lower bound `min`, an upper bound `max`, or both. The order in which the scheme
    lists the tiers does not matter: of those that fit, the tightest counts. The raw value is
    tested unless the scheme compares the one `rounded` to its `places`.
    """
    raw, value = value, _compared(params, value)
    shown = show(value) if value == raw else f"{show(raw)} rounded to {show(value)}"
    fitting = [tier for tier in params.each("tiers") if _min(tier) <= value <= _max(tier)]
    if not fitting:
        missed = params.number("else_points", Decimal(0))
        formula = f"{show(missed)} ({shown} is in no tier)"
        return settle(Fraction(missed), places, "else_points", formula)
    tightest = max(fitting, key=lambda tier: (_min(tier), -_max(tier)))
    worth = tightest.number("points")
    low, high = tightest.optional("min"), tightest.optional("max")
    bounds = ("" if low is None else f"{show(low)} ≤ ", "" if high is None else f" ≤ {show(high)}")
    formula = f"{show(worth)} ({bounds[0]}{shown}{bounds[1]})"
    return settle(Fraction(worth), places, "points of the tier", formula)


def _compared(params: Params, value: Exact) -> Exact:
    if params.word("compare", "raw") == "raw":
        return value
    return half_up(Fraction(value), int(params.number("places")))


def _min(tier: Params) -> Decimal:
    return tier.number("min", Decimal("-Infinity"))


def _max(tier: Params) -> Decimal:
    return tier.number("max", Decimal("Infinity"))


def all_or_nothing(points: Decimal, params: Params, places: int, *, value: Exact) -> Scored:
    """Give all points at or above the threshold, else none (达标制). 49.9 is not 50."""
    threshold = params.number("threshold")
    reached = value >= threshold
    return settle(
        Fraction(points) if reached else NOTHING,
        places,
        "points when value ≥ threshold, else 0",
        lambda: (
            f"{show(points) if reached else 0} "
            f"({show(value)} {'≥' if reached else '<'} {show(threshold)})"
        ),
    )


def grade_map(points: Decimal, params: Params, places: int, *, grade: str) -> Scored:
    """Give the share of the points that the scheme attaches to a grade (等级折算)."""
    ratio = params.numbers("grades").get(grade)
    if ratio is None:
        raise Undefined(f"The scheme knows no grade {grade}.", f"方案中没有等级“{grade}”。")
    return settle(
        Fraction(points) * Fraction(ratio),
        places,
        "points × ratio of the grade",
        f"{show(points)} × {show(ratio)} (grade {grade})",
    )


def quota(share: Decimal, units: int, rounding: str) -> int:
    """Return how many of the units a share of them is: a whole number, rounded as the word says."""
    exact = Fraction(share) * units
    ways = {"floor": math.floor, "ceiling": math.ceil, "half_up": lambda x: int(half_up(x, 0))}
    if rounding not in ways:
        raise Undefined(f"Nothing is rounded by {rounding}.", f"没有“{rounding}”这种取整方式。")
    return ways[rounding](exact)


def external_result(
    points: Decimal, params: Params, places: int, *, result: Decimal | str
) -> Scored:
    """Convert what another system found (系统考评结果): a score, a grade, or a rank in percent.

    A score counts as its share of `scale`, a grade by the table of `grades`, a rank (the 5th of
    100 is 5) by the `tiers` it lies in.
    """
    if isinstance(result, str):
        return grade_map(points, params, places, grade=result)
    if params.word("kind") == "rank_pct":
        return tiers(points, params, places, value=result)
    scale = params.number("scale", HUNDRED)
    within = clamp(Fraction(result), NOTHING, Fraction(scale))
    return settle(
        Fraction(points) * within / Fraction(scale),
        places,
        "points × result / scale, from 0 to points",
        lambda: f"{show(points)} × {show(within)} / {show(scale)}",
    )
