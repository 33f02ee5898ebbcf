"""Methods that look a value up: tiers, a single threshold, a grade. The raw value is tested."""

from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, Scored, settle
from scoring.rules.params import Params


def tiers(points: Decimal, params: Params, places: int, *, value: Decimal) -> Scored:
    """Give the points of the tier that the value falls in (分档); bounds are inclusive.

    A tier has a lower bound `min`, an upper bound `max`, or both. The order in which the scheme
    lists the tiers does not matter: of those that fit, the tightest counts.
    """
    fitting = [tier for tier in params.each("tiers") if _min(tier) <= value <= _max(tier)]
    if not fitting:
        missed = params.number("else_points", Decimal(0))
        return settle(Fraction(missed), places, "else_points", f"{show(value)} is in no tier")
    tightest = max(fitting, key=lambda tier: (_min(tier), -_max(tier)))
    worth = tightest.number("points")
    formula = f"{_min(tightest)} ≤ {show(value)} ≤ {_max(tightest)}"
    return settle(Fraction(worth), places, "points of the tier", formula)


def _min(tier: Params) -> Decimal:
    return tier.number("min", Decimal("-Infinity"))


def _max(tier: Params) -> Decimal:
    return tier.number("max", Decimal("Infinity"))


def all_or_nothing(points: Decimal, params: Params, places: int, *, value: Decimal) -> Scored:
    """Give all points at or above the threshold, else none (达标制). 49.9 is not 50."""
    threshold = params.number("threshold")
    reached = value >= threshold
    return settle(
        Fraction(points) if reached else NOTHING,
        places,
        "points when value ≥ threshold, else 0",
        f"{show(value)} {'≥' if reached else '<'} {show(threshold)}",
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
