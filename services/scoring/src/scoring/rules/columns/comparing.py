"""Methods by columns that compare a unit with the others of its category."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.cells import Cells, Method, Unrounded, refuse, span
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.values import Column
from scoring.rules.columns.whole import Array, Whole
from scoring.rules.entries import PERIODS

NOTHING, ONE = Fraction(0), Fraction(1)


def places_of(column: Column, *, lowest_first: bool, dense: bool = False) -> tuple[Array, Array]:
    """Return every unit's place, 1 the first, and how many share it; equal values share one."""
    values = column.values.above.array[column.present]
    _, group, shared = np.unique(values, return_inverse=True, return_counts=True)
    if not lowest_first:
        group, shared = len(shared) - 1 - group, shared[::-1]
    before = np.arange(len(shared)) if dense else np.cumsum(shared) - shared
    place, ties = (np.ones(len(column.present), dtype=np.int64) for _ in range(2))
    place[column.present] = before[group] + 1
    ties[column.present] = shared[group]
    return place, ties


def rank_points(cells: Cells) -> Unrounded:
    """Give points by place, for the year or as the mean of its periods."""
    period = cells.params.word("period", "year")
    if period == "year":
        return _ranked(cells)
    names = PERIODS[period]
    scores = [_ranked(cells.during(name)).settled(cells.places) for name in names]
    present = np.logical_and.reduce([each.present for each in scores])
    return Unrounded(total(each.exact() for each in scores) * Fraction(1, len(names)), present)


def _ranked(cells: Cells) -> Unrounded:
    params, column = cells.params, cells.measured("value")
    tie = params.word("tie", "same_rank_skip")
    refuse(params.optional("minimum_volume") is not None, "a minimum volume")
    lowest = (params.word("rank_by", "higher") == "lower") != (
        params.word("from", "top") == "bottom"
    )
    place, ties = places_of(column, lowest_first=lowest, dense=tie == "dense")
    present = column.present
    if tie == "forbidden":
        present = present & (ties == 1)
    last = place + ties - 1 if tie == "average" else place
    values = (
        _by_table(cells, place, last) if params.group("table") else _by_step(cells, place, last)
    )
    floor = params.number("floor_ratio", Decimal(0))
    if floor == 0 and params.flag("allow_below_zero", False):
        return Unrounded(values, present)
    return Unrounded(values.most(cells.points * Fraction(floor)), present)


def _by_step(cells: Cells, first: Array, last: Array) -> Quotients:
    lower = Quotients(Whole.of(first + last - 2), 2)
    return (lower * -Fraction(cells.params.number("step_ratio")) + ONE) * cells.points


def _by_table(cells: Cells, first: Array, last: Array) -> Quotients:
    """Return the mean of what the places from first to last are worth."""
    table = cells.params.numbers("table")
    worth = Column.of([table.get(str(place), Decimal(0)) for place in range(1, last.max() + 1)])
    sums = Whole.of([0, *np.cumsum(worth.values.above.array.astype(object))])
    taken = sums.chosen(last) - sums.chosen(first - 1)
    return Quotients(taken, worth.values.below).by(Column.scaled(last - first + 1, 0).values)


def relative_to_best(cells: Cells) -> Unrounded:
    """Score in proportion to the best value of the group."""
    column = cells.measured("value")
    best = span(column)[1] if column.present.any() else NOTHING
    if best <= 0:
        return Unrounded(cells.nothing(), np.zeros_like(column.present))
    return Unrounded(column.values.most(NOTHING) * (cells.points / best), column.present)


def efficacy_linear(cells: Cells) -> Unrounded:
    """Map the values between the lowest and the highest onto `base_ratio` … 1."""
    column, base = cells.measured("value"), Fraction(cells.params.number("base_ratio"))
    position = _position(cells, column, None)
    return Unrounded((position * (ONE - base) + base) * cells.points, column.present)


def min_max(cells: Cells) -> Unrounded:
    """Score by where the value lies between two goalposts."""
    params, column = cells.params, cells.measured("value")
    refuse(params.flag("log", False), "a logarithm")
    posts = None
    if params.word("bounds") == "goalposts":
        posts = Fraction(params.number("low")), Fraction(params.number("high"))
    return Unrounded(_position(cells, column, posts) * cells.points, column.present)


def _position(cells: Cells, column: Column, posts: tuple[Fraction, Fraction] | None) -> Quotients:
    """Return where the values lie, 0 … 1 from the worse bound; 1 where nobody differs."""
    low, high = posts or (span(column) if column.present.any() else (NOTHING, NOTHING))
    if high == low:
        return cells.nothing() + ONE
    lower = cells.params.word("direction", "higher") == "lower"
    values = column.values.where(column.present, low)
    if posts and cells.params.flag("clamp", True):
        values = values.most(low).least(high)
    away = -values + high if lower else values - low
    return away * (ONE / (high - low))


def percentile_rank(cells: Cells) -> Unrounded:
    """Score by the share of the others that are worse, equal ones by half."""
    column, others = cells.measured("value"), 0
    lower = cells.params.word("direction", "higher") == "lower"
    # Counted from the worst, so that those before a place are those that are worse.
    place, ties = places_of(column, lowest_first=not lower)
    others = int(column.present.sum()) - 1
    if others < 1:
        return Unrounded(cells.nothing() + cells.points, column.present)
    halves = Quotients(Whole.of(2 * (place - 1) + ties - 1), 2 * others)
    return Unrounded(halves * cells.points, column.present)


COMPARING: Mapping[str, Method] = {
    "rank_points": rank_points,
    "relative_to_best": relative_to_best,
    "efficacy_linear": efficacy_linear,
    "min_max": min_max,
    "percentile_rank": percentile_rank,
}
