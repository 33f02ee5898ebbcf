"""The scoring methods for all units of a category at once; each says nothing that the one of the
same name in `rules/methods` does not say for one unit."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.cells import Cells, Method, Unrounded, positive, refuse
from scoring.rules.columns.comparing import COMPARING
from scoring.rules.columns.counting import COUNTING
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.values import TARGET, Column, NotByColumns, Slot
from scoring.rules.params import Params

FULL, NONE = Decimal(1), Decimal(0)
NOTHING, ONE = Fraction(0), Fraction(1)


def method_of(name: str) -> Method:
    """Return a method; refuse one that only the rules for one unit know."""
    found = METHODS.get(name)
    if found is None:
        raise NotByColumns(name)
    return found


def ratio_to_target(cells: Cells) -> Unrounded:
    """Score in proportion to the target; full when it is reached."""
    params, actual, aim = cells.params, cells.measured("actual"), cells.target()
    lower = params.word("direction", "higher") == "lower"
    cap, floor = Fraction(params.number("cap_ratio", FULL)), params.number("floor_ratio", NONE)
    eased = cells.values.lowered(cells.indicator)
    refuse(bool(eased.any()), "a target that was lowered")
    both, unlimited = actual.present & aim.present, np.zeros_like(aim.present)
    if lower:
        below, reached = positive(actual, both)
        usable = both & ~aim.values.less_than(NOTHING)
        ratio = aim.values.where(usable, NOTHING).by(below)
        unlimited = usable & ~reached
    else:
        below, usable = positive(aim, both)
        ratio = actual.values.where(usable, NOTHING).by(below)
    ratio = ratio.where(~unlimited, max(cap, Fraction(floor)))
    values = ratio.most(NOTHING).least(cap) * cells.points
    if (over := params.group("over_target")) is not None:
        values = values + _over_target(over, ratio).where(
            ~unlimited, Fraction(over.number("max_points"))
        )
    values = values.where(~ratio.less_than(Fraction(floor)), NOTHING)
    when = params.word("when_target_zero", "refuse")
    if when == "refuse" or lower:
        return Unrounded(values, usable)
    zero = both & aim.values.above.equal(0)
    values = values.where(~zero, cells.points if when == "full" else NOTHING)
    return Unrounded(values, usable | zero)


def _over_target(over: Params, ratio: Quotients) -> Quotients:
    each = Fraction(over.number("points")) / Fraction(over.number("per_pct_points", FULL))
    most = Fraction(over.number("max_points"))
    return ((ratio - ONE).most(NOTHING) * (each * 100)).least(most)


def stepped_deduction(cells: Cells) -> Unrounded:
    """Take points off for every step that the target is missed by, down to zero."""
    params, actual, aim = cells.params, cells.measured("actual"), cells.target()
    lower = params.word("direction", "higher") == "lower"
    missed = actual.values - aim.values if lower else aim.values - actual.values
    steps = missed.most(NOTHING) * (ONE / Fraction(params.number("step")))
    mode = params.word("step_mode", "proportional")
    if mode == "whole_up":
        steps = -(-steps).whole()
    elif mode == "whole_down":
        steps = steps.whole()
    lost = steps * -Fraction(params.number("points_per_step"))
    return Unrounded((lost + cells.points).most(NOTHING), actual.present & aim.present)


def baseline_growth(cells: Cells) -> Unrounded:
    """Give a share of the points for last year's level, more for growth."""
    params, actual = cells.params, cells.measured("actual")
    below, usable = positive(cells.baseline(), actual.present)
    level = actual.values.where(usable, ONE).by(below)
    base = cells.points * Fraction(params.number("base_ratio"))
    cap = cells.points * Fraction(params.number("cap_ratio", FULL))
    each = Fraction(params.number("points_per_step")) / Fraction(params.number("step_pct"))
    grown = ((level - ONE) * (each * 100) + base).least(cap)
    if params.word("below_base", "proportional") == "symmetric":
        return Unrounded(grown.most(NOTHING), usable)
    fallen = level.most(NOTHING) * base
    return Unrounded(fallen.where(level.less_than(ONE), grown), usable)


def items_weighted(cells: Cells) -> Unrounded:
    """Share the points equally over the items; each counts by its ratio to its target."""
    cap, number = Fraction(cells.params.number("item_cap_ratio", FULL)), cells.params.word("items")
    own = number == "unit_defined"
    present, count, parts = cells.everyone(), np.zeros(cells.values.units, dtype=np.int64), []
    items = (
        cells.values.keys(cells.indicator, TARGET) if own else map(str, range(1, int(number) + 1))
    )
    for item in items:
        actual, aim = cells.measured("actual", item), cells.target(item)
        below, usable = positive(aim, actual.present)
        asked = cells.values.planned(cells.indicator, item) if own else cells.everyone()
        present &= usable | ~asked
        count += asked
        parts.append(actual.values.where(usable, NOTHING).by(below).most(NOTHING).least(cap))
    present &= count > 0
    if not present.any():
        return Unrounded(cells.nothing(), present)
    shares = Column.scaled(np.maximum(count, 1), 0).values
    return Unrounded(total(parts).by(shares) * cells.points, present)


def tiers(cells: Cells) -> Unrounded:
    """Give the points of the tier that the value falls in; bounds are inclusive."""
    params = cells.params
    column = cells.measured(params.word("input", "value"))
    values = column.values
    if params.word("compare", "raw") == "rounded":
        places = int(params.number("places"))
        values = Quotients(values.settled(places), 10**places)
    found = cells.nothing() + Fraction(params.number("else_points", NONE))
    for tier in sorted(params.each("tiers"), key=_tightness):
        fits = cells.everyone()
        if (low := tier.optional("min")) is not None:
            fits &= ~values.less_than(Fraction(low))
        if (high := tier.optional("max")) is not None:
            fits &= ~(-values).less_than(-Fraction(high))
        found = found.where(~fits, Fraction(tier.number("points")))
    return Unrounded(found, column.present)


def _tightness(tier: Params) -> tuple[Decimal, Decimal]:
    low = tier.number("min", Decimal("-Infinity"))
    return low, -tier.number("max", Decimal("Infinity"))


def all_or_nothing(cells: Cells) -> Unrounded:
    """Give all points at or above the threshold, else none."""
    column = cells.measured(cells.params.word("input", "value"))
    reached = ~column.values.less_than(Fraction(cells.params.number("threshold")))
    return Unrounded((cells.nothing() + cells.points).where(reached, NOTHING), column.present)


def inherit_superior(cells: Cells) -> Unrounded:
    """Charge the unit what the superior took off, converted and multiplied."""
    params, loss = cells.params, cells.measured("superior_loss")
    refuse(params.word("excess_to", "dropped") == "deductions", "a loss that spills over")
    refuse(params.group("otherwise") is not None, "a method for those who lost nothing")
    factor = Fraction(params.number("scale")) * Fraction(params.number("multiplier", FULL))
    factor *= Fraction(params.number("share", FULL))
    left = -((loss.values * factor).most(NOTHING)) + cells.points
    return Unrounded(left.most(NOTHING), loss.present)


def survey_score(cells: Cells) -> Unrounded:
    """Give the share of the points that the satisfaction is of its scale."""
    slot = Slot("satisfaction", cells.params.word("survey"))
    found = cells.values.numbers(cells.indicator, slot)
    scale = Fraction(cells.params.number("scale", Decimal(100)))
    return Unrounded(found.values * (cells.points / scale), found.present)


def blend(cells: Cells) -> Unrounded:
    """Return the weighted sum of components, each rounded before."""
    present, parts = cells.everyone(), []
    for part in cells.params.each("components"):
        own = cells.component(part.word("key"), part.group("params") or Params({}))
        scores = method_of(part.word("method"))(own).settled(cells.places)
        present &= scores.present
        parts.append(scores.exact() * Fraction(part.number("weight")))
    return Unrounded(total(parts), present)


METHODS: Mapping[str, Method] = {
    "ratio_to_target": ratio_to_target,
    "stepped_deduction": stepped_deduction,
    "baseline_growth": baseline_growth,
    "items_weighted": items_weighted,
    "tiers": tiers,
    "all_or_nothing": all_or_nothing,
    "inherit_superior": inherit_superior,
    "survey_score": survey_score,
    "blend": blend,
    **COMPARING,
    **COUNTING,
}
