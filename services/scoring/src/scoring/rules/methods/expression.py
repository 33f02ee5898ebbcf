"""The method that a scheme writes itself: a formula over named inputs (综合指标 × 难度系数)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.column import without
from scoring.rules.columns.exact import precise
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.cells import Cells, CompleteCells, Method
from scoring.rules.methods.formulas import Formula
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, Unrounded
from scoring.rules.methods.values import evaluated, filled, given_to


def expression(cells: Cells) -> Unrounded:
    """Give what the formula is worth: points, or a ratio of the indicator's; from `low` to `cap`.

    A unit that does not pass the `gate` (a formula that is 0, or a comparison that does not hold)
    has nothing, unless `low` is more.
    """
    params = cells.params
    text, gate = params.word("formula"), params.given.get("gate")
    texts = [text, *([] if gate is None else [str(gate)])]
    columns = given_to(cells, params.named("inputs"), *texts)
    given, names = cells.given(*columns.values()), tuple(columns)
    if gate is None:
        return given.scored_by(lambda left: _by_formula(left, names))
    return given.scored_by(lambda left: _behind_gate(left, names, cells.results.formula(str(gate))))


def _behind_gate(given: CompleteCells, names: tuple[str, ...], gate: Formula) -> Unrounded:
    inputs = dict(zip(names, given.inputs, strict=True))
    opened = evaluated(gate, inputs, len(given))
    if opened.gaps:
        left = given.without(opened.gaps)
        kept = without(len(given), opened.gaps)
        return left.scored_by(lambda some: _through(some, names, gate, opened.values.take(kept)))
    return _through(given, names, gate, opened.values)


def _through(
    given: CompleteCells, names: tuple[str, ...], gate: Formula, opened: Quotients
) -> Unrounded:
    return given.apart(
        opened.above.equal(0),
        lambda some: _stopped(some, names, gate),
        lambda some: _by_formula(some, names),
    )


def _stopped(given: CompleteCells, names: tuple[str, ...], gate: Formula) -> Unrounded:
    low = Fraction(given.cells.params.number("low", Decimal(0)))
    least = max(low, NOTHING)
    inputs = dict(zip(names, given.inputs, strict=True))
    rule = f"0 unless {gate.text}, at least {precise(low)}"
    return given.scored(
        Quotients.same(least, len(given)),
        lambda row: AppliedRule(rule, f"{precise(least)} [unless {filled(gate, inputs, row)}]"),
    )


def _by_formula(given: CompleteCells, names: tuple[str, ...]) -> Unrounded:
    params, points = given.cells.params, given.cells.points
    low, cap = Fraction(params.number("low", Decimal(0))), params.optional("cap")
    ratio = params.word("result", "points") == "ratio"
    read = given.cells.results.formula(params.word("formula"))
    found = evaluated(read, dict(zip(names, given.inputs, strict=True)), len(given))
    left, values = given.without(found.gaps), found.values
    if found.gaps:
        values = values.take(without(len(given), found.gaps))
    inputs = dict(zip(names, left.inputs, strict=True))
    values = values * points if ratio else values
    within = values if cap is None else values.least(Fraction(cap))
    rule = f"points × ({read.text})" if ratio else read.text
    rule += f", at least {precise(low)}{'' if cap is None else f', at most {precise(cap)}'}"

    def tell(row: int) -> AppliedRule:
        value, shown = values.at(row), filled(read, inputs, row)
        shown = f"{precise(points)} × ({shown})" if ratio else shown
        shown = f"min({shown}, {precise(cap)})" if cap is not None and value > cap else shown
        return AppliedRule(rule, f"max({shown}, {precise(low)})" if value < low else shown)

    return left.scored(within.most(low), tell)


METHODS: Mapping[str, Method] = {
    "expression": expression,
}
"""The methods of this file by their names in a scheme."""
