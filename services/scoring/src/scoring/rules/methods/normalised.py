"""Methods of composite indices: values brought onto one scale before they are averaged."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import Exact, logarithm, root, show
from scoring.rules.gaps import Undefined
from scoring.rules.methods.scored import NOTHING, ONE, Scored, clamp, settle
from scoring.rules.params import Params

HALF = Fraction(1, 2)


def min_max(
    points: Decimal, params: Params, places: int, *, value: Exact, low: Exact, high: Exact
) -> Scored:
    """Score by where the value lies between two goalposts (极差标准化), on a logarithmic scale if
    `log`; 1 for everybody where the goalposts of the group are one.

    Beyond a goalpost it counts as the goalpost, unless `clamp` is switched off.
    """
    lower, log = params.word("direction", "higher") == "lower", params.flag("log", False)
    if high < low:
        raise Undefined("The goalposts are in the wrong order.", "标准化的上下限颠倒。")
    clamped = params.flag("clamp", True)
    within = min(max(value, low), high) if clamped else value
    position = ONE if high == low else _position(within, low, high, log=log)
    share = ONE - position if lower and high != low else position
    ln = "ln" if log else ""
    best, worst = (low, high) if lower else (high, low)
    return settle(
        Fraction(points) * share,
        places,
        f"points × ({ln}(value) - {ln}(worst)) / ({ln}(best) - {ln}(worst))"
        + (", from 0 to points" if clamped else ""),
        lambda: (
            f"{show(points)} × ({ln}({show(within)}) - {ln}({show(worst)}))"
            f" / ({ln}({show(best)}) - {ln}({show(worst)}))"
            if high != low
            else f"{show(points)} (nobody differs)"
        ),
    )


def _position(value: Exact, low: Exact, high: Exact, *, log: bool) -> Fraction:
    scale = logarithm if log else Fraction
    start = scale(Fraction(low))
    return (scale(Fraction(value)) - start) / (scale(Fraction(high)) - start)


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and population standard deviation of a group's values."""

    mean: Fraction
    deviation: Fraction


def spread_of(values: Mapping[str, Exact]) -> Spread:
    """Return the mean and the population standard deviation of at least one value."""
    numbers = [Fraction(value) for value in values.values()]
    mean = sum(numbers, NOTHING) / len(numbers)
    variance = sum(((number - mean) ** 2 for number in numbers), NOTHING) / len(numbers)
    return Spread(mean, root(variance))


def z_score(
    points: Decimal, params: Params, places: int, *, value: Exact, spread: Spread
) -> Scored:
    """Score by the distance from the group's mean in standard deviations (标准分).

    `centre` is what the mean is worth on a scale from 0 to `scale`, `spread` what one deviation
    is. Where nobody differs everybody has the centre.
    """
    centre, width = params.number("centre", Decimal(60)), params.number("spread", Decimal(10))
    scale, clamped = Fraction(params.number("scale", Decimal(100))), params.flag("clamp", True)
    apart = Fraction(value) - spread.mean
    z = apart / spread.deviation if spread.deviation else NOTHING
    mark = Fraction(centre) + Fraction(width) * z

    def written() -> str:
        if not spread.deviation:
            return show(centre)
        apart = f"({show(value)} - {show(spread.mean)}) / {show(spread.deviation)}"
        return f"{show(centre)} + {show(width)} × {apart}"

    return settle(
        Fraction(points) * (clamp(mark, NOTHING, scale) if clamped else mark) / scale,
        places,
        "points × (centre + spread × (value - mean) / deviation) / scale"
        + (", from 0 to points" if clamped else ""),
        lambda: (
            f"{show(points)} × {_bounded(written(), scale if clamped else None)} / {show(scale)}"
        ),
    )


def _bounded(mark: str, scale: Fraction | None) -> str:
    return f"({mark})" if scale is None else f"min(max({mark}, 0), {show(scale)})"


def percentile_rank(
    points: Decimal, params: Params, places: int, *, worse: int, equal: int, others: int
) -> Scored:
    """Score by the share of the `others` that are worse, equal ones by half (百分位); one unit
    alone has all points."""
    share = (worse + equal * HALF) / others if others else ONE
    return settle(
        Fraction(points) * share,
        places,
        "points × (worse units + equal units / 2) / other units, all points where there are none",
        lambda: f"{show(points)} × ({worse} + {equal} / 2) / {others}" if others else show(points),
    )
