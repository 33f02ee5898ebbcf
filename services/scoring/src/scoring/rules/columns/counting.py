"""Methods by columns that count what was recorded: events, items, nodes, marks, grades."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.cells import Cells, Method, Unrounded, refuse
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.values import TARGET, Column, Slot, Words
from scoring.rules.columns.whole import Mask, Whole
from scoring.rules.entries import EVENT, GRADE, MILESTONE, PANEL_MARK

NONE, NOTHING = Decimal(0), Fraction(0)


def deduct_events(cells: Cells) -> Unrounded:
    """Start from all points, take off what each event costs, stop at `floor`."""
    params = cells.params
    costs, limits = params.numbers("per_event"), params.numbers("escalate")
    lost, escalated, present = cells.nothing(), ~cells.everyone(), _reported(cells)
    for event in cells.values.keys(cells.indicator, EVENT):
        count = cells.values.numbers(cells.indicator, Slot(EVENT, event))
        if event in costs:
            lost = lost + count.values * -Fraction(costs[event])
        else:
            present &= count.values.above.equal(0)
        if event in limits:
            escalated |= ~count.values.less_than(Fraction(limits[event]))
    left = lost + cells.points
    if (floor := params.optional("floor") if "floor" in params.given else NONE) is not None:
        left = left.most(Fraction(floor))
    return Unrounded(left.where(~escalated, left.least(NOTHING)), present)


def base_plus_minus(cells: Cells) -> Unrounded:
    """Start from `base`, add and take off what each event is worth, from `low` to `cap`."""
    params, present = cells.params, _reported(cells)
    worth, left = params.numbers("per_event"), cells.nothing() + Fraction(params.number("base"))
    for event in cells.values.keys(cells.indicator, EVENT):
        count = cells.values.numbers(cells.indicator, Slot(EVENT, event))
        if event in worth:
            left = left + count.values * Fraction(worth[event])
        else:
            present &= count.values.above.equal(0)
    if (cap := params.optional("cap")) is not None:
        left = left.least(Fraction(cap))
    return Unrounded(left.most(Fraction(params.number("low", NONE))), present)


def _reported(cells: Cells) -> Mask:
    refuse(cells.params.word("by", "discovered") == "occurred", "events by the day they occurred")
    return cells.values.reported(cells.indicator, cells.frequency).copy()


def count_points(cells: Cells) -> Unrounded:
    """Give points per item up to the full number, extra points beyond it up to a cap."""
    refuse(cells.params.flag("distinct", False), "pieces with an identity")
    params, count = cells.params, cells.measured("count")
    full, items = Fraction(params.number("full_at")), count.values.most(NOTHING)
    base = (items.least(full) * Fraction(params.number("per_item"))).least(cells.points)
    more, most = params.number("extra_per_item", NONE), params.number("extra_cap", NONE)
    extra = ((items - full).most(NOTHING) * Fraction(more)).least(Fraction(most))
    return Unrounded(base + extra, count.present)


def milestone(cells: Cells) -> Unrounded:
    """Share the points equally over the nodes; each counts by its status."""
    ratios = cells.params.numbers("status_ratio")
    planned = cells.values.keys(cells.indicator, TARGET)
    count, present, parts = np.zeros(cells.values.units, np.int64), cells.everyone(), []
    plans = {node: cells.values.planned(cells.indicator, node) for node in planned}
    follows = np.logical_or.reduce([*plans.values(), ~cells.everyone()])
    for node in sorted({*planned, *cells.values.keys(cells.indicator, MILESTONE)}):
        words = cells.values.words(cells.indicator, Slot(MILESTONE, None, node))
        entered = cells.values.entered(cells.indicator, node)
        expected = np.where(follows, plans.get(node, ~cells.everyone()), entered)
        ratio, known = _looked_up(words, ratios)
        present &= known | ~expected
        count += expected
        parts.append(ratio.where(expected & known, NOTHING))
    present &= count > 0
    if not parts:
        return Unrounded(cells.nothing(), present)
    shares = Column.scaled(np.maximum(count, 1), 0).values
    return Unrounded(total(parts).by(shares) * cells.points, present)


def _looked_up(words: Words, table: Mapping[str, Decimal]) -> tuple[Quotients, Mask]:
    """Return what each word is worth, and for whom the table knows it."""
    worth = Column.of([*(table.get(word) for word in words.known), None])
    above = worth.values.above.chosen(words.codes)
    return Quotients(above, worth.values.below), worth.present[words.codes]


def grade_map(cells: Cells) -> Unrounded:
    """Give the share of the points that the scheme attaches to a grade."""
    refuse(cells.params.group("at_most") is not None, "grades that only so many may have")
    words = cells.values.words(cells.indicator, Slot(GRADE))
    ratio, known = _looked_up(words, cells.params.numbers("grades"))
    return Unrounded(ratio * cells.points, known)


def qualitative_panel(cells: Cells) -> Unrounded:
    """Give the trimmed mean of a panel's marks, as a share of their scale."""
    params, size = cells.params, int(cells.params.number("panel_size"))
    refuse(params.optional("min_marks") is not None, "members who do not know")
    if params.flag("exclude_own_unit", True):
        refuse(cells.values.marks_itself(cells.indicator), "a mark of the assessed unit's own")
    marks = [
        cells.values.numbers(cells.indicator, Slot(PANEL_MARK, None, str(seat)))
        for seat in range(1, size + 1)
    ]
    present = np.logical_and.reduce([mark.present for mark in marks])
    trim = int(params.number("trim", NONE))
    if 2 * trim >= size:
        return Unrounded(cells.nothing(), ~cells.everyone())
    scale = size - 2 * trim, Fraction(params.number("scale", Decimal(100)))
    mean = _trimmed(marks, trim) * (cells.points / scale[0] / scale[1])
    return Unrounded(mean, present)


def _trimmed(marks: list[Column], trim: int) -> Quotients:
    """Return the sums of the marks without the highest and the lowest."""
    # One denominator for all, so that they can be told apart by their numerators alone.
    common = total(mark.values for mark in marks).below
    assert isinstance(common, int)  # noqa: S101 - a column has one denominator
    scaled = [mark.values.above * (common // _one(mark)) for mark in marks]
    rows = np.sort(np.stack([each.array for each in scaled]), axis=0)
    kept = [Whole.of(row) for row in rows[trim : len(rows) - trim]]
    return total(Quotients(row, common) for row in kept)


def _one(column: Column) -> int:
    assert isinstance(column.values.below, int)  # noqa: S101 - a column has one denominator
    return column.values.below


COUNTING: Mapping[str, Method] = {
    "deduct_events": deduct_events,
    "base_plus_minus": base_plus_minus,
    "count_points": count_points,
    "milestone": milestone,
    "grade_map": grade_map,
    "qualitative_panel": qualitative_panel,
}
