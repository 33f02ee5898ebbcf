"""Methods that count steps between a value and what it is held against (每差…扣…, 每高…加…)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import precise
from scoring.rules.columns.gaps import Undefined
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.against_target import no_growth, positive
from scoring.rules.methods.cells import Cells, CompleteCells, Method
from scoring.rules.methods.comparison import Group
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, ONE, Unrounded
from scoring.rules.methods.values import compared, valued
from scoring.rules.methods.within_group import highest, lowest, mean_of, median_of
from scoring.rules.scheme.params import Params

FULL, NONE = Decimal(1), Decimal(0)
HUNDRED = Fraction(100)


def stepped_deduction(cells: Cells) -> Unrounded:
    """Take points off for every step that the target is missed by, down to zero (每差…扣…).

    Part of a step costs its part, a whole step (`whole_up`) or nothing (`whole_down`).
    """
    given = cells.given(cells.measured("actual"), cells.target())
    actual, target = given.inputs
    return _by_steps(given, actual - target)


def steps_from(cells: Cells) -> Unrounded:
    """Take points off for every step on the worse side of a reference (参照差值), and add some for
    every one on the better side.

    It is the mean, the median or the best of the category, or the unit's own baseline.
    """
    reference = cells.params.word("reference")
    if reference == "baseline":
        own = valued(cells)
        given = cells.given(own.column, cells.baseline())
        if _in_percent(cells.params):
            base = given.inputs[1]
            given = given.undefined(base.at_most(NOTHING), lambda at: no_growth(base.at(at)))
            value, baseline = given.inputs
            return own.explain(_by_steps(given, (value.by(positive(baseline)) - ONE) * HUNDRED))
        value, baseline = given.inputs
        return own.explain(_by_steps(given, value - baseline))
    own, group = compared(cells)
    given = cells.given(own.column)
    return own.explain(
        given.scored_by(lambda left: _from_group(left, group.of(left.cells), reference))
    )


def _from_group(given: CompleteCells, group: Group, name: str) -> Unrounded:
    if name == "best":
        lower = given.cells.params.word("direction", "higher") == "lower"
        name = "lowest" if lower else "highest"
    find = _REFERENCES.get(name)
    if find is None:
        raise Undefined(f"Nothing is held against {name}.", f"没有“{name}”这种参照值。")
    group.note_size()
    reference = group.one(name, find)
    group.note(f"{name} of the {given.cells.whole}", reference)
    away = given.inputs[0] - reference
    if not _in_percent(given.cells.params):
        return _by_steps(given, away)
    if reference <= 0:
        raise Undefined(
            f"The reference is {precise(reference)}; a percentage needs one above 0.",
            f"参照值为{precise(reference)}；按百分比计算要求参照值大于0。",
        )
    return _by_steps(given, away * (HUNDRED / reference))


_REFERENCES: Mapping[str, Callable[[Quotients], Fraction]] = {
    "mean": mean_of,
    "median": median_of,
    "highest": highest,
    "lowest": lowest,
}


def _by_steps(given: CompleteCells, away: Quotients) -> Unrounded:
    """Score by how far values are above what they are held against, in their own measure or in
    percent.

    There the points are `base_ratio` of all. There is a bonus only where the scheme names one.
    """
    params, points = given.cells.params, given.cells.points
    better = -away if params.word("direction", "higher") == "lower" else away
    missed, ahead = (-better).most(NOTHING), better.most(NOTHING)
    lost, won = _steps(params, missed), _steps(params, ahead)
    each, bonus = params.number("points_per_step"), params.number("bonus_per_step", NONE)
    base, cap = params.number("base_ratio", FULL), params.number("cap_ratio", FULL)
    scores = lost * -Fraction(each) + points * Fraction(base)
    if bonus:
        scores = (scores + won * Fraction(bonus)).least(points * Fraction(cap))
    percent = " %" if _in_percent(params) else ""
    start = ("points", precise(points))
    if base != 1:
        start = ("points × base_ratio", f"{precise(points)} × {precise(base)}")

    def tell(row: int) -> AppliedRule:
        rule = f"{start[0]} - steps missed × points_per_step"
        shown = f"{start[1]} - {precise(lost.at(row))} × {precise(each)}"
        if bonus:
            rule = f"min({rule} + steps ahead × bonus_per_step, points × cap_ratio)"
            shown = f"{shown} + {precise(won.at(row))} × {precise(bonus)}"
            shown = f"min({shown}, {precise(points)} × {precise(cap)})"
        by = f"missed by {precise(missed.at(row))}{percent}"
        if bonus and ahead.at(row):
            by = f"ahead by {precise(ahead.at(row))}{percent}"
        return AppliedRule(f"max(0, {rule})", f"max(0, {shown}) ({by})")

    return given.scored(scores.most(NOTHING), tell)


def _in_percent(params: Params) -> bool:
    """Say whether a step is so many percent of what a value is held against."""
    return params.optional("step_pct") is not None


def _steps(params: Params, distance: Quotients) -> Quotients:
    """Return how many steps a distance makes; a begun one is its part, a whole one, or none."""
    size = params.number("step_pct" if _in_percent(params) else "step")
    steps, mode = distance * (ONE / Fraction(size)), params.word("step_mode", "proportional")
    if mode == "proportional":
        return steps
    return -(-steps).whole() if mode == "whole_up" else steps.whole()


METHODS: Mapping[str, Method] = {
    "stepped_deduction": stepped_deduction,
    "steps_from": steps_from,
}
"""The methods of this file by their names in a scheme."""
