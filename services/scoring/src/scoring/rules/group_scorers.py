"""Which inputs the methods take that compare a unit with the others of its category.

What is the same for all units of the category is found once, not once for each of them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, cast

from scoring.rules.composites import Valued, compared, valued
from scoring.rules.entries import PERIODS
from scoring.rules.exact import Exact, show
from scoring.rules.gaps import Gap, Reason
from scoring.rules.inputs import VOLUME, Inputs, all_of
from scoring.rules.methods import normalised, relative
from scoring.rules.methods.scored import Scored


def rank_points(inputs: Inputs) -> Scored:
    """Rank the unit's value, of the year or of every period of it."""
    period = inputs.params.word("period", "year")
    if period == "year":
        return _ranked(inputs)
    names = PERIODS[period]
    scores = all_of(
        partial(_ranked, inputs.during(name, names[:at])) for at, name in enumerate(names)
    )
    periods = [inputs.facts.year + name for name in names]
    return relative.mean_of_periods(inputs.places, dict(zip(periods, scores, strict=True)))


def _ranked(inputs: Inputs) -> Scored:
    minimum = inputs.params.optional("minimum_volume")
    asks: list[Callable[[], Any]] = [partial(compared, inputs)]
    if minimum is not None:
        asks.append(partial(inputs.measured, VOLUME))
    (own, others), *volumes = all_of(asks)
    if minimum is not None and volumes[0] < minimum:
        raise Gap([_too_small(volumes[0], minimum)])
    values = _large_enough(inputs, others, minimum)
    order = tuple(inputs.params.word(name, "") for name in ("rank_by", "tie", "from"))
    found = inputs.shared(
        "places", lambda: relative.places_of(values, inputs.params), minimum, *order
    )
    rank, tied = found[inputs.unit]
    inputs.compared(values)
    inputs.note("rank", str(rank) if tied == 1 else f"{rank}, shared by {tied}")
    scored = relative.rank_points(inputs.points, inputs.params, inputs.places, rank=rank, tied=tied)
    return cast(Valued, own).explain(scored)


def _large_enough(
    inputs: Inputs, values: Mapping[str, Exact], minimum: Decimal | None
) -> Mapping[str, Exact]:
    """Return the values that are ranked: those with enough behind them."""
    if minimum is None:
        return values
    volumes = inputs.others(VOLUME)
    return inputs.shared(
        "ranked",
        lambda: {
            unit: v for unit, v in values.items() if volumes.get(unit, minimum - 1) >= minimum
        },
        minimum,
    )


def _too_small(volume: Decimal, minimum: Decimal) -> Reason:
    return Reason(
        f"The volume {show(volume)} is under {show(minimum)}: the unit is not ranked.",
        f"数量{show(volume)}低于最低数量{show(minimum)}，不参加排名。",
    )


def relative_to_best(inputs: Inputs) -> Scored:
    """Hold the unit's value against the best of those that have one."""
    own, others = compared(inputs)
    inputs.compared(others)
    best = inputs.shared("best", lambda: max(others.values()))
    return own.explain(
        relative.relative_to_best(
            inputs.points, inputs.params, inputs.places, value=own.number, values=[best]
        )
    )


def efficacy(method: Callable[..., Scored], inputs: Inputs) -> Scored:
    """Place the unit's value between bounds that the scheme fixes, or those of the category."""
    return _between(method, inputs, fixed="fixed", by_default="group_min_max")


def min_max(inputs: Inputs) -> Scored:
    """Place the unit's value between goalposts of the scheme, or those of the category."""
    return _between(normalised.min_max, inputs, fixed="goalposts", by_default="goalposts")


def _between(
    method: Callable[..., Scored], inputs: Inputs, *, fixed: str, by_default: str
) -> Scored:
    low: Exact
    high: Exact
    if inputs.params.word("bounds", by_default) == fixed:
        own = valued(inputs)
        low, high = inputs.params.number("low"), inputs.params.number("high")
    else:
        own, others = compared(inputs)
        inputs.compared(others)
        low, high = inputs.shared("bounds", lambda: (min(others.values()), max(others.values())))
        inputs.note("lowest of the category", show(low))
        inputs.note("highest of the category", show(high))
    return own.explain(
        method(inputs.points, inputs.params, inputs.places, value=own.number, low=low, high=high)
    )


def z_score(inputs: Inputs) -> Scored:
    """Measure the unit's value by the mean and the deviation of the category."""
    own, others = compared(inputs)
    inputs.compared(others)
    spread = inputs.shared("spread", lambda: normalised.spread_of(others))
    inputs.note("mean of the category", show(spread.mean))
    inputs.note("deviation of the category", show(spread.deviation))
    return own.explain(
        normalised.z_score(
            inputs.points, inputs.params, inputs.places, value=own.number, spread=spread
        )
    )


def percentile_rank(inputs: Inputs) -> Scored:
    """Count the units of the category that are worse, and those that are equal."""
    own, others = compared(inputs)
    inputs.compared(others)
    ordered = inputs.shared("ordered", lambda: sorted(others.values()))
    below, through = bisect_left(ordered, own.number), bisect_right(ordered, own.number)
    lower = inputs.params.word("direction", "higher") == "lower"
    worse = len(ordered) - through if lower else below
    equal, rest = through - below - 1, len(ordered) - 1
    inputs.note("units that are worse", str(worse))
    inputs.note("units that are equal", str(equal))
    return own.explain(
        normalised.percentile_rank(
            inputs.points, inputs.params, inputs.places, worse=worse, equal=equal, others=rest
        )
    )
