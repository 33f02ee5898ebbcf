"""Methods that compare a unit with the others of its category."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import Exact, power, show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, ONE, Scored, clamp, settle
from scoring.rules.params import Params


def ranks(values: Mapping[str, Exact], rank_by: str, tie: str) -> dict[str, int]:
    """Return the rank of each unit, 1 the best; equal values share a rank, the first of theirs.

    The next ranks after a tie are skipped (1224), or not with `dense` (1223).
    """
    ordered = sorted(values.values(), reverse=rank_by != "lower")
    places = dict.fromkeys(ordered) if tie == "dense" else ordered
    first: dict[Exact, int] = {}
    for place, value in enumerate(places, 1):
        first.setdefault(value, place)
    return {unit: first[value] for unit, value in values.items()}


def places_of(values: Mapping[str, Exact], params: Params) -> dict[str, tuple[int, int]]:
    """Return each unit's place and how many share it, counted from the top or from the bottom."""
    by = params.word("rank_by", "higher")
    if params.word("from", "top") == "bottom":
        by = "higher" if by == "lower" else "lower"
    shared = Counter(values.values())
    found = ranks(values, by, params.word("tie", "same_rank_skip"))
    return {unit: (found[unit], shared[value]) for unit, value in values.items()}


def rank_points(
    points: Decimal, params: Params, places: int, *, rank: int, tied: int = 1
) -> Scored:
    """Give points by place (排位赋分): by a `table`, or all to the first and `step_ratio` of them
    less for each place lower.

    Nobody falls below `floor_ratio` of the points, nor below zero unless the scheme allows it.
    With `average` those who are tied have the mean of the places they take up.
    """
    tie = params.word("tie", "same_rank_skip")
    if tied > 1 and tie == "forbidden":
        raise Undefined(
            f"{tied} units share place {rank}; the scheme forbids ties.",
            f"第{rank}名有{tied}个单位并列；方案不允许并列。",
        )
    taken = range(rank, rank + (tied if tie == "average" else 1))
    least = _least(points, params)
    if params.group("table") is not None:
        return _by_table(params, places, taken, least)
    step, place = params.number("step_ratio"), Fraction(sum(taken), len(taken))
    value = Fraction(points) * (ONE - (place - 1) * Fraction(step))
    rule, shown = "points × (1 - (rank - 1) × step_ratio)", f"({show(place)} - 1) × {show(step)}"
    return settle(
        value if least is None else max(value, least),
        places,
        rule if least is None else f"max({rule}, {show(least)})",
        lambda: (
            f"{show(points)} × (1 - {shown})"
            if least is None
            else f"max({show(points)} × (1 - {shown}), {show(least)})"
        ),
    )


def _least(points: Decimal, params: Params) -> Fraction | None:
    """Return the fewest points of any place; None where they may fall below zero."""
    floor = params.number("floor_ratio", Decimal(0))
    unbounded = floor == 0 and params.flag("allow_below_zero", False)
    return None if unbounded else Fraction(points) * Fraction(floor)


def _by_table(params: Params, places: int, taken: range, least: Fraction | None) -> Scored:
    table = params.numbers("table")
    worth = [table.get(str(place), Decimal(0)) for place in taken]
    value = sum(map(Fraction, worth), NOTHING) / len(worth)
    which = ", ".join(map(str, taken))
    return settle(
        value if least is None else max(value, least),
        places,
        "points of the place in the table, 0 for a place that it does not name",
        lambda: _table_written(worth, which, least),
    )


def _table_written(worth: Sequence[Decimal], which: str, least: Fraction | None) -> str:
    shown = f"({' + '.join(map(show, worth))}) / {len(worth)} (place {which})"
    return shown if least is None else f"max({shown}, {show(least)})"


def mean_of_periods(places: int, periods: Mapping[str, Scored]) -> Scored:
    """Return the mean of the periods' scores, each of which has been rounded before."""
    scores = [scored.score for scored in periods.values()]
    return settle(
        sum(map(Fraction, scores), NOTHING) / len(scores),
        places,
        "mean of the periods' scores",
        lambda: f"({' + '.join(map(show, scores))}) / {len(scores)}",
        parts=tuple(periods.items()),
    )


def relative_to_best(
    points: Decimal, params: Params, places: int, *, value: Exact, values: Sequence[Exact]
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
        lambda: f"{show(points)} × max({show(value)} / {show(best)}, 0)",
    )


def efficacy_linear(
    points: Decimal, params: Params, places: int, *, value: Exact, low: Exact, high: Exact
) -> Scored:
    """Map the value between not-allowed and satisfactory onto `base_ratio` … 1 (功效系数法)."""
    base, position = params.number("base_ratio"), _position(params, value, low, high)
    return settle(
        Fraction(points) * (Fraction(base) + (ONE - Fraction(base)) * position),
        places,
        "points × (base_ratio + (1 - base_ratio) × position between low and high)",
        lambda: (
            f"{show(points)} × ({show(base)} + (1 - {show(base)}) × {show(position)}) "
            f"({show(value)} between {show(low)} and {show(high)})"
        ),
    )


def efficacy_exp(
    points: Decimal, params: Params, places: int, *, value: Exact, low: Exact, high: Exact
) -> Scored:
    """Map the value onto `base_ratio` … 1 along an exponential (指数型功效系数法)."""
    base, position = params.number("base_ratio"), _position(params, value, low, high)
    return settle(
        Fraction(points) * power(Fraction(base), ONE - position),
        places,
        "points × base_ratio ^ (1 - position between low and high)",
        lambda: (
            f"{show(points)} × {show(base)} ^ (1 - {show(position)}) "
            f"({show(value)} between {show(low)} and {show(high)})"
        ),
    )


def _position(params: Params, value: Exact, low: Exact, high: Exact) -> Fraction:
    """Return where the value lies, 0 … 1, from the worse bound to the better one.

    It is 1 for everybody where nobody differs. `low` is the smaller number also where lower is
    better: satisfactory and not-allowed then change places.
    """
    if high < low:
        raise Undefined("The bounds are in the wrong order.", "功效系数的上下限颠倒。")
    if high == low:
        return ONE
    position = clamp(
        (Fraction(value) - Fraction(low)) / (Fraction(high) - Fraction(low)), NOTHING, ONE
    )
    return ONE - position if params.word("direction", "higher") == "lower" else position
