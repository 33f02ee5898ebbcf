"""Methods that compare a unit with the others of its category."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction

from scoring.rules.exact import show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, ONE, Scored, clamp, settle
from scoring.rules.params import Params

# 50 digits: a power is irrational, and no tie at a scheme's few places can hide behind so many.
_MANY_DIGITS = Context(prec=50)


def ranks(values: Mapping[str, Decimal], rank_by: str, tie: str) -> dict[str, int]:
    """Return the rank of each unit, 1 the best; equal values share a rank.

    The next ranks after a tie are skipped (`same_rank_skip`, 1224) or not (`dense`, 1223).
    """
    ordered = sorted(values.values(), reverse=rank_by != "lower")
    places = dict.fromkeys(ordered) if tie == "dense" else ordered
    first: dict[Decimal, int] = {}
    for place, value in enumerate(places, 1):
        first.setdefault(value, place)
    return {unit: first[value] for unit, value in values.items()}


def rank_points(points: Decimal, params: Params, places: int, *, rank: int) -> Scored:
    """Give all points to the first; each place lower costs `step_ratio` of them, down to zero
    (排位赋分)."""
    step = params.number("step_ratio")
    ratio = max(ONE - (rank - 1) * Fraction(step), NOTHING)
    return settle(
        Fraction(points) * ratio,
        places,
        "points × max(1 - (rank - 1) × step_ratio, 0)",
        f"{show(points)} × max(1 - ({rank} - 1) × {show(step)}, 0)",
    )


def mean_of_periods(places: int, periods: Mapping[str, Scored]) -> Scored:
    """Return the mean of the periods' scores, each of which has been rounded before."""
    scores = [scored.score for scored in periods.values()]
    return settle(
        Fraction(sum(scores, Decimal(0))) / len(scores),
        places,
        "mean of the periods' scores",
        f"({' + '.join(map(show, scores))}) / {len(scores)}",
        parts=tuple(periods.items()),
    )


def relative_to_best(
    points: Decimal, params: Params, places: int, *, value: Decimal, values: Sequence[Decimal]
) -> Scored:
    """Score in proportion to the best value of the group; a negative value earns nothing."""
    best = max(values)
    if best <= 0:
        raise Undefined(
            f"The best value is {show(best)}; a proportion needs one above 0.",
            f"最优值为{show(best)}；按比例计分要求最优值大于0。",
        )
    return settle(
        Fraction(points) * max(Fraction(value) / Fraction(best), NOTHING),
        places,
        "points × max(value / best value of the group, 0)",
        f"{show(points)} × max({show(value)} / {show(best)}, 0)",
    )


def efficacy_linear(
    points: Decimal, params: Params, places: int, *, value: Decimal, low: Decimal, high: Decimal
) -> Scored:
    """Map the value between not-allowed and satisfactory onto `base_ratio` … 1 (功效系数法)."""
    base, position = params.number("base_ratio"), _position(value, low, high)
    return settle(
        Fraction(points) * (Fraction(base) + (ONE - Fraction(base)) * position),
        places,
        "points × (base_ratio + (1 - base_ratio) × (value - low) / (high - low))",
        f"{show(points)} × ({show(base)} + (1 - {show(base)}) × {show(position)}), "
        f"{show(value)} between {show(low)} and {show(high)}",
    )


def efficacy_exp(
    points: Decimal, params: Params, places: int, *, value: Decimal, low: Decimal, high: Decimal
) -> Scored:
    """Map the value onto `base_ratio` … 1 along an exponential (指数型功效系数法)."""
    base, position = params.number("base_ratio"), _position(value, low, high)
    exponent = _MANY_DIGITS.divide(
        Decimal((ONE - position).numerator), Decimal((ONE - position).denominator)
    )
    return settle(
        Fraction(points) * Fraction(_MANY_DIGITS.power(base, exponent)),
        places,
        "points × base_ratio ^ (1 - (value - low) / (high - low))",
        f"{show(points)} × {show(base)} ^ (1 - {show(position)}), "
        f"{show(value)} between {show(low)} and {show(high)}",
    )


def _position(value: Decimal, low: Decimal, high: Decimal) -> Fraction:
    """Return where the value lies, 0 … 1; 1 for everybody where nobody differs."""
    if high < low:
        raise Undefined("The bounds are in the wrong order.", "功效系数的上下限颠倒。")
    if high == low:
        return ONE
    return clamp(Fraction(value - low) / Fraction(high - low), NOTHING, ONE)
