"""Methods that compare a unit with the others of its category."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.column import Column, Rows
from scoring.rules.columns.exact import logarithm, power, precise, root, show
from scoring.rules.columns.gaps import Gap, Reason, Undefined
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.whole import Whole
from scoring.rules.ledger.entries import PERIODS
from scoring.rules.methods.cells import VOLUME, Cells, CompleteCells, Method
from scoring.rules.methods.comparison import Group
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded, parts_of
from scoring.rules.methods.values import compared, valued
from scoring.rules.scheme.params import Params

IN_TABLE = "points of the place in the table, 0 for a place that it does not name"
"""What is told of points that a table sets for places."""


def positions(
    values: Quotients, *, lowest_first: bool, dense: bool = False
) -> list[tuple[int, int]]:
    """Return each row's rank, 1 the first, and how many share it; equal values share the first.

    The next ranks after a tie are skipped (1224), or not with `dense` (1223).
    """
    _, group, shared = np.unique(values.ordered(), return_inverse=True, return_counts=True)
    if not lowest_first:
        group, shared = len(shared) - 1 - group, shared[::-1]
    before = np.arange(len(shared)) if dense else np.cumsum(shared) - shared
    return list(zip((before[group] + 1).tolist(), shared[group].tolist(), strict=True))


def rank_points(cells: Cells) -> Unrounded:
    """Give points by rank (排位赋分), of the year or as the mean of every period's."""
    period = cells.params.word("period", "year")
    return _ranked(cells) if period == "year" else mean_of_periods(PERIODS[period], cells, _ranked)


def mean_of_periods(
    names: Sequence[str], cells: Cells, method: Callable[[Cells], Unrounded]
) -> Unrounded:
    """Return the mean of what a method gives for each of some periods, rounded before."""
    scores = [
        _attempted(method, cells.during(name, names[:at])).rounded(cells.places)
        for at, name in enumerate(names)
    ]
    columns = [each.column() for each in scores]
    given = cells.given(*columns)
    labels = [cells.sources.year + name for name in names]
    asked = given.rows

    def tell(row: int) -> AppliedRule:
        at = row if asked is None else int(asked[row])
        told = [each.narrated(at) for each in scores]
        shown = " + ".join(precise(each.score) for each in told)
        return AppliedRule(
            "mean of the periods' scores",
            f"({shown}) / {len(scores)}",
            tuple(zip(labels, told, strict=True)),
        )

    alike = Fraction(1, len(names))
    scored = given.scored(total(given.inputs) * alike, tell)
    return replace(scored, parts=parts_of(cells.points, labels, columns, [alike] * len(names)))


def _attempted(method: Callable[[Cells], Unrounded], cells: Cells) -> Unrounded:
    try:
        return method(cells)
    except Gap as gap:
        return cells.given(gaps=dict.fromkeys(range(len(cells)), gap.reasons)).nothing()


def _ranked(cells: Cells) -> Unrounded:
    """Rank the values of those that have enough behind them.

    Points come by a `table`, or all go to the first and `step_ratio` of them less for each rank
    lower. Nobody falls below `floor_ratio` of the points, nor below zero unless the scheme allows
    it. With `average` those who are tied have the mean of the ranks that they take up.
    """
    minimum = cells.params.optional("minimum_volume")
    own, group = compared(cells)
    columns = [own.column]
    if minimum is not None:
        columns.append(cells.measured(VOLUME))
    given = cells.given(*columns)
    if minimum is not None:
        volume = given.inputs[1]
        small = volume.less_than(Fraction(minimum))
        given = given.without(
            {at: (_too_small(volume.at(at), minimum),) for at in np.flatnonzero(small).tolist()}
        )
        group = _large_enough(group, minimum)
    return own.explain(given.scored_by(lambda left: _by_rank(left, group.of(left.cells))))


def _large_enough(group: Group, minimum: Decimal) -> Group:
    """Return those of the group that have enough behind them."""

    def compared() -> tuple[Rows, Quotients]:
        rows, values = group.compared()
        cells = group.cells.quietly(rows)
        volume = cells.measured(VOLUME)
        enough = ~volume.values.less_than(Fraction(minimum))
        enough[list(volume.gaps)] = False
        left = np.flatnonzero(enough)
        return rows[left], values.take(left)

    return Group(group.cells, compared)


def _too_small(volume: Fraction, minimum: Decimal) -> Reason:
    return Reason(
        f"The volume {show(volume)} is under {show(minimum)}: the unit is not ranked.",
        f"数量{show(volume)}低于最低数量{show(minimum)}，不参加排名。",
    )


def _by_rank(given: CompleteCells, group: Group) -> Unrounded:
    params = given.cells.params
    tie = params.word("tie", "same_rank_skip")
    lowest = (params.word("rank_by", "higher") == "lower") != (
        params.word("from", "top") == "bottom"
    )

    def places(which: int) -> Callable[[Quotients], list[int]]:
        return lambda values: [
            each[which] for each in positions(values, lowest_first=lowest, dense=tie == "dense")
        ]

    rank, tied = group.each("rank", places(0)), group.each("tied", places(1))
    group.note_size()
    given.cells.note(
        "rank",
        lambda at: str(rank[at]) if tied[at] == 1 else f"{rank[at]}, shared by {tied[at]}",
    )
    if tie != "forbidden":
        return _worth(given, rank, tied if tie == "average" else [1] * len(rank))
    left = given.undefined(
        np.array(tied) > 1,
        lambda at: Reason(
            f"{tied[at]} units share place {rank[at]}; the scheme forbids ties.",
            f"第{rank[at]}名有{tied[at]}个单位并列；方案不允许并列。",
            absent=False,
        ),
    )
    alone = [each for each, sharing in zip(rank, tied, strict=True) if sharing == 1]
    return left.scored_by(lambda some: _worth(some, alone, [1] * len(alone)))


def _worth(given: CompleteCells, rank: Sequence[int], taken: Sequence[int]) -> Unrounded:
    """Give what ranks are worth, each the mean of as many as it has `taken`."""
    params, points = given.cells.params, given.cells.points
    least = least_of(params, points)
    first, many = np.array(rank), np.array(taken)
    if params.group("table") is not None:
        values, tell = _by_table(params, first, many, least)
    else:
        place = Quotients(Whole.of(2 * first + many - 1), 2)
        values, tell = by_step(params, points, place, least)
    return given.scored(values if least is None else values.most(least), tell)


def least_of(params: Params, points: Fraction) -> Fraction | None:
    """Return under how many points nobody falls; None where any place may cost more than all."""
    floor = params.number("floor_ratio", Decimal(0))
    unbounded = floor == 0 and params.flag("allow_below_zero", False)
    return None if unbounded else points * Fraction(floor)


def by_step(
    params: Params,
    points: Fraction,
    place: Quotients,
    least: Fraction | None,
) -> tuple[Quotients, Callable[[int], AppliedRule]]:
    """Take `step_ratio` of the points off for each place lower; never below the `least`."""
    step = params.number("step_ratio")
    rule = "points × (1 - (rank - 1) × step_ratio)"

    def tell(row: int) -> AppliedRule:
        shown = f"{precise(points)} × (1 - ({precise(place.at(row))} - 1) × {precise(step)})"
        if least is None:
            return AppliedRule(rule, shown)
        return AppliedRule(f"max({rule}, {precise(least)})", f"max({shown}, {precise(least)})")

    return ((place - ONE) * -Fraction(step) + ONE) * points, tell


def _by_table(
    params: Params,
    first: Rows,
    many: Rows,
    least: Fraction | None,
) -> tuple[Quotients, Callable[[int], AppliedRule]]:
    table = params.numbers("table")
    known = {(f, m) for f, m in zip(first.tolist(), many.tolist(), strict=True)}
    worth = {
        (f, m): [table.get(str(place), Decimal(0)) for place in range(f, f + m)] for f, m in known
    }
    mean = {each: sum(map(Fraction, found), NOTHING) / len(found) for each, found in worth.items()}
    places = list(zip(first.tolist(), many.tolist(), strict=True))

    def tell(row: int) -> AppliedRule:
        found, (begin, number) = worth[places[row]], places[row]
        which = ", ".join(str(place) for place in range(begin, begin + number))
        shown = f"({' + '.join(map(precise, found))}) / {len(found)} (place {which})"
        return AppliedRule(
            IN_TABLE,
            shown if least is None else f"max({shown}, {precise(least)})",
        )

    return Quotients.of([mean[each] for each in places]), tell


def relative_to_best(cells: Cells) -> Unrounded:
    """Score in proportion to the best value of the group; a negative value earns nothing."""
    own, group = compared(cells)
    given = cells.given(own.column)
    return own.explain(given.scored_by(lambda left: _by_best(left, group.of(left.cells))))


def _by_best(given: CompleteCells, group: Group) -> Unrounded:
    group.note_size()
    best, points = group.one("best", highest), given.cells.points
    if best <= 0:
        raise Undefined(
            f"The best value is {precise(best)}; a proportion needs one above 0.",
            f"最优值为{precise(best)}；按比例计分要求最优值大于0。",
        )
    (value,) = given.inputs
    return given.scored(
        value.most(NOTHING) * (points / best),
        lambda row: AppliedRule(
            "points × max(value / best value of the group, 0)",
            f"{precise(points)} × max({precise(value.at(row))} / {precise(best)}, 0)",
        ),
    )


def highest(values: Quotients) -> Fraction:
    """Return the highest of at least one value."""
    return values.at(int(np.argmax(values.ordered())))


def lowest(values: Quotients) -> Fraction:
    """Return the lowest of at least one value."""
    return values.at(int(np.argmin(values.ordered())))


Between = Callable[[CompleteCells, Fraction, Fraction], Unrounded]
"""Scores values that lie somewhere between two bounds."""


def efficacy_linear(cells: Cells) -> Unrounded:
    """Map the value between not-allowed and satisfactory onto `base_ratio` … 1 (功效系数法).

    Beyond fixed bounds it counts as the bound, unless `clamp` is switched off.
    """
    return _between(_linear, cells, fixed="fixed", by_default="group_min_max")


def efficacy_exp(cells: Cells) -> Unrounded:
    """Map the value onto `base_ratio` … 1 along an exponential (指数型功效系数法)."""
    return _between(_exponential, cells, fixed="fixed", by_default="group_min_max")


def min_max(cells: Cells) -> Unrounded:
    """Score by where the value lies between two goalposts (极差标准化), on a logarithmic scale if
    `log`; 1 for everybody where the goalposts of the group are one.

    Beyond a goalpost it counts as the goalpost, unless `clamp` is switched off.
    """
    return _between(_by_goalposts, cells, fixed="goalposts", by_default="goalposts")


def _between(way: Between, cells: Cells, *, fixed: str, by_default: str) -> Unrounded:
    """Score between bounds that the scheme fixes, or those of the category."""
    params = cells.params
    if params.word("bounds", by_default) == fixed:
        own = valued(cells)
        low, high = Fraction(params.number("low")), Fraction(params.number("high"))
        return own.explain(cells.given(own.column).scored_by(lambda left: way(left, low, high)))
    own, group = compared(cells)
    given = cells.given(own.column)
    return own.explain(given.scored_by(lambda left: _in_group(left, group.of(left.cells), way)))


def _in_group(given: CompleteCells, group: Group, way: Between) -> Unrounded:
    group.note_size()
    low, high = group.one("lowest", lowest), group.one("highest", highest)
    group.note(f"lowest of the {given.cells.whole}", low)
    group.note(f"highest of the {given.cells.whole}", high)
    return way(given, low, high)


def _position(params: Params, value: Quotients, low: Fraction, high: Fraction) -> Quotients:
    """Return where the values lie, 0 … 1, from the worse bound to the better one.

    It is 1 for everybody where nobody differs. `low` is the smaller number also where lower is
    better: satisfactory and not-allowed then change places. Without `clamp` it goes beyond.
    """
    if high < low:
        raise Undefined("The bounds are in the wrong order.", "功效系数的上下限颠倒。")
    if high == low:
        return Quotients.same(1, len(value))
    position = (value - low) * (ONE / (high - low))
    if params.flag("clamp", True):
        position = position.most(NOTHING).least(ONE)
    return -position + ONE if params.word("direction", "higher") == "lower" else position


def _linear(given: CompleteCells, low: Fraction, high: Fraction) -> Unrounded:
    params, points, (value,) = given.cells.params, given.cells.points, given.inputs
    base, position = params.number("base_ratio"), _position(params, value, low, high)
    share = position * (ONE - Fraction(base)) + Fraction(base)
    return given.scored(
        share * points,
        lambda row: AppliedRule(
            "points × (base_ratio + (1 - base_ratio) × position between low and high)",
            f"{precise(points)} × ({precise(base)} + (1 - {precise(base)})"
            f" × {precise(position.at(row))}) "
            f"({precise(value.at(row))} between {precise(low)} and {precise(high)})",
        ),
    )


def _exponential(given: CompleteCells, low: Fraction, high: Fraction) -> Unrounded:
    params, points, (value,) = given.cells.params, given.cells.points, given.inputs
    base, position = params.number("base_ratio"), _position(params, value, low, high)
    given = given.also(Column(position)).also(_powers(Fraction(base), position))
    value, position, share = given.inputs
    return given.scored(
        share * points,
        lambda row: AppliedRule(
            "points × base_ratio ^ (1 - position between low and high)",
            f"{precise(points)} × {precise(base)} ^ (1 - {precise(position.at(row))}) "
            f"({precise(value.at(row))} between {precise(low)} and {precise(high)})",
        ),
    )


def _powers(base: Fraction, position: Quotients) -> Column:
    """Return the base to the power of what each lacks of the better bound.

    Far beyond the bounds it is out of all use, in that row and no other.
    """
    found, beyond = list[Fraction](), dict[int, tuple[Reason, ...]]()
    for row, each in enumerate(position.each()):
        try:
            found.append(power(base, ONE - each))
        except Gap as gap:
            beyond[row] = gap.reasons
            found.append(NOTHING)
    return Column(Quotients.of(found), beyond)


def _by_goalposts(given: CompleteCells, low: Fraction, high: Fraction) -> Unrounded:
    params, points, (value,) = given.cells.params, given.cells.points, given.inputs
    if high < low:
        raise Undefined("The goalposts are in the wrong order.", "标准化的上下限颠倒。")
    lower, log = params.word("direction", "higher") == "lower", params.flag("log", False)
    clamped = params.flag("clamp", True)
    within = value.most(low).least(high) if clamped else value
    share, bad = _share(within, low, high, log=log)
    given = given.without(bad)
    if lower and high != low:
        share = -share + ONE
    if bad:
        kept = [row for row in range(len(within)) if row not in bad]
        share, within = (
            share.take(np.array(kept, dtype=int)),
            within.take(np.array(kept, dtype=int)),
        )
    ln = "ln" if log else ""
    best, worst = (low, high) if lower else (high, low)

    def tell(row: int) -> AppliedRule:
        rule = f"points × ({ln}(value) - {ln}(worst)) / ({ln}(best) - {ln}(worst))"
        rule += ", from 0 to points" if clamped else ""
        if high == low:
            return AppliedRule(rule, f"{precise(points)} (nobody differs)")
        return AppliedRule(
            rule,
            f"{precise(points)} × ({ln}({precise(within.at(row))}) - {ln}({precise(worst)}))"
            f" / ({ln}({precise(best)}) - {ln}({precise(worst)}))",
        )

    return given.scored(share * points, tell)


def _share(
    within: Quotients, low: Fraction, high: Fraction, *, log: bool
) -> tuple[Quotients, dict[int, tuple[Reason, ...]]]:
    """Return how far values lie from low to high, and which have no logarithm."""
    if high == low:
        return Quotients.same(1, len(within)), {}
    if not log:
        return (within - low) * (ONE / (high - low)), {}
    start = logarithm(low)
    whole, found, bad = logarithm(high) - start, list[Fraction](), dict[int, tuple[Reason, ...]]()
    for row, each in enumerate(within.each()):
        try:
            found.append((logarithm(each) - start) / whole)
        except Gap as gap:
            bad[row] = gap.reasons
            found.append(NOTHING)
    return Quotients.of(found), bad


def z_score(cells: Cells) -> Unrounded:
    """Score by the distance from the group's mean in standard deviations (标准分).

    `centre` is what the mean is worth on a scale from 0 to `scale`, `spread` what one deviation
    is: the population's, or a `sample`'s. Where nobody differs everybody has the centre.
    """
    own, group = compared(cells)
    given = cells.given(own.column)
    return own.explain(given.scored_by(lambda left: _standardised(left, group.of(left.cells))))


def _standardised(given: CompleteCells, group: Group) -> Unrounded:
    group.note_size()
    params, points, (value,) = given.cells.params, given.cells.points, given.inputs
    mean, deviation = group.one("mean", mean_of), _deviation(params, group)
    group.note(f"mean of the {given.cells.whole}", mean)
    group.note(f"deviation of the {given.cells.whole}", deviation)
    centre, width = params.number("centre", Decimal(60)), params.number("spread", Decimal(10))
    scale, clamped = Fraction(params.number("scale", Decimal(100))), params.flag("clamp", True)
    lower = params.word("direction", "higher") == "lower"
    better, apart = (-value + mean, "mean - value") if lower else (value - mean, "value - mean")
    z = better * (ONE / deviation) if deviation else Quotients.same(0, len(given))
    mark = z * Fraction(width) + Fraction(centre)

    def tell(row: int) -> AppliedRule:
        shown = precise(centre)
        if deviation:
            pair = precise(value.at(row)), precise(mean)
            more, less = reversed(pair) if lower else pair
            shown = f"{shown} + {precise(width)} × ({more} - {less}) / {precise(deviation)}"
        bounded = f"min(max({shown}, 0), {precise(scale)})" if clamped else f"({shown})"
        return AppliedRule(
            f"points × (centre + spread × ({apart}) / deviation) / scale"
            + (", from 0 to points" if clamped else ""),
            f"{precise(points)} × {bounded} / {precise(scale)}",
        )

    kept = mark.most(NOTHING).least(scale) if clamped else mark
    return given.scored(kept * (points / scale), tell)


def mean_of(values: Quotients) -> Fraction:
    """Return the arithmetic mean of at least one value."""
    return sum_of(values) / len(values)


def sum_of(values: Quotients) -> Fraction:
    """Return the sum of all values."""
    if isinstance(values.below, int):
        return Fraction(sum(values.above.array.tolist()), values.below)
    return sum(values.each(), NOTHING)


def median_of(values: Quotients) -> Fraction:
    """Return the value in the middle of at least one, or the mean of the two that are."""
    ordered = sorted(values.each())
    middle = len(ordered) // 2
    return (ordered[middle] + ordered[-1 - middle]) / 2


def deviation_of(values: Quotients, freed: int = 0) -> Fraction:
    """Return the standard deviation of more values than are `freed`: 0 of a population, 1 of a
    sample of one."""
    size = len(values)
    if isinstance(values.below, int):
        above = values.above.array.tolist()
        # In whole numbers: n Σx² - (Σx)², over n(n - freed) and the square of the denominator.
        spread = size * sum(each * each for each in above) - sum(above) ** 2
        return root(Fraction(spread, size * (size - freed) * values.below**2))
    mean = mean_of(values)
    return root(sum(((each - mean) ** 2 for each in values.each()), NOTHING) / (size - freed))


def _deviation(params: Params, group: Group) -> Fraction:
    if params.word("deviation", "population") == "population":
        return group.one("deviation", deviation_of)
    if group.one("compared", len) < 2:
        raise Undefined(
            "The deviation of a sample needs two units at least; there is one.",
            "样本标准差至少需要两个单位，现只有一个。",
        )
    return group.one("sample deviation", lambda values: deviation_of(values, 1))


def percentile_rank(cells: Cells) -> Unrounded:
    """Score by the share of the others that are worse (百分位), and of the equal ones none, half
    or all of them; one unit alone has all points."""
    own, group = compared(cells)
    given = cells.given(own.column)
    return own.explain(given.scored_by(lambda left: _by_percentile(left, group.of(left.cells))))


def _by_percentile(given: CompleteCells, group: Group) -> Unrounded:
    group.note_size()
    params, points = given.cells.params, given.cells.points
    lower = params.word("direction", "higher") == "lower"
    halves, counted = _TIES[params.word("ties", "half")]
    others = int(group.one("compared", len)) - 1
    worse = group.each("worse", lambda values: _worse(values, lower=lower))
    equal = [0] * len(worse)
    given.cells.note("units that are worse", lambda row: str(worse[row]))
    if halves:
        equal = group.each("equal", _equal)
        given.cells.note("units that are equal", lambda row: str(equal[row]))
    rule = f"points × (worse units{counted}) / other units, all points where there are none"
    if not others:
        return given.scored(
            Quotients.same(points, len(given)), lambda _: AppliedRule(rule, precise(points))
        )
    behind = Quotients(Whole.of(2 * np.array(worse) + halves * np.array(equal)), 2 * others)

    def tell(row: int) -> AppliedRule:
        own = counted.replace("equal units", str(equal[row]))
        return AppliedRule(rule, f"{precise(points)} × ({worse[row]}{own}) / {others}")

    return given.scored(behind * points, tell)


_TIES: Mapping[str, tuple[int, str]] = {
    "low": (0, ""),
    "half": (1, " + equal units / 2"),
    "high": (2, " + equal units"),
}
"""How many halves an equal unit counts for, and how that is written."""


def _worse(values: Quotients, *, lower: bool) -> list[int]:
    ordered = values.ordered()
    known = np.sort(ordered).tolist()
    if lower:
        return [len(known) - bisect_right(known, each) for each in ordered.tolist()]
    return [bisect_left(known, each) for each in ordered.tolist()]


def _equal(values: Quotients) -> list[int]:
    """Return how many others are equal to each."""
    return [shared - 1 for _, shared in positions(values, lowest_first=True)]


def share_of_sum(cells: Cells) -> Unrounded:
    """Score by the share that a unit has of the sum of the group (份额), against an equal share or
    the `full_share`; a negative value has none."""
    own, group = compared(cells)
    given = cells.given(own.column)
    return own.explain(given.scored_by(lambda left: _by_share(left, group.of(left.cells))))


def _by_share(given: CompleteCells, group: Group) -> Unrounded:
    group.note_size()
    params, points, (value,) = given.cells.params, given.cells.points, given.inputs
    whole = group.one("sum", sum_of)
    if whole <= 0:
        raise Undefined(
            f"The sum of all is {precise(whole)}; a share needs one above 0.",
            f"各单位合计为{precise(whole)}；计算份额要求合计大于0。",
        )
    group.note(f"sum of the {given.cells.whole}", whole)
    full, cap = params.optional("full_share"), params.number("cap_ratio", Decimal(1))
    units = Fraction(group.one("compared", len))
    times = units if full is None else ONE / Fraction(full)
    by, number = "× units compared", f"× {precise(units)}"
    if full is not None:
        by, number = "/ full_share", f"/ {precise(full)}"
    return given.scored(
        (value.most(NOTHING) * (times / whole)).least(Fraction(cap)) * points,
        lambda row: AppliedRule(
            f"points × min(max(value / sum, 0) {by}, cap_ratio)",
            f"{precise(points)} × min(max({precise(value.at(row))} / {precise(whole)}, 0)"
            f" {number}, {precise(cap)})",
        ),
    )


METHODS: Mapping[str, Method] = {
    "rank_points": rank_points,
    "relative_to_best": relative_to_best,
    "efficacy_linear": efficacy_linear,
    "efficacy_exp": efficacy_exp,
    "min_max": min_max,
    "z_score": z_score,
    "percentile_rank": percentile_rank,
    "share_of_sum": share_of_sum,
}
"""The methods of this file by their names in a scheme."""
