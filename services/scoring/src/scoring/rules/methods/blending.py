"""Methods that blend several scores of one matter into one: level and growth, or the periods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.column import Column
from scoring.rules.columns.exact import precise
from scoring.rules.columns.gaps import Undefined
from scoring.rules.columns.quotients import total
from scoring.rules.ledger.entries import ending_of
from scoring.rules.methods.cells import Cells
from scoring.rules.methods.external import Inner
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, Rounded, Unrounded, parts_of
from scoring.rules.scheme.params import Params


def blend(cells: Cells, inner: Inner) -> Unrounded:
    """Return the weighted sum of components, each scored out of all points (总量与增量)."""
    parts = {part.word("key"): part for part in cells.params.each("components")}
    scores = {
        key: inner(part.word("method"), cells.component(key, part.group("params") or Params({})))
        for key, part in parts.items()
    }
    weights = [part.number("weight") for part in parts.values()]
    rounded = {key: each.rounded(cells.places) for key, each in scores.items()}
    scored = _weighted(cells, rounded, weights, "component")
    columns = [each.column() for each in rounded.values()]
    return replace(scored, parts=parts_of(cells.points, [None] * len(columns), columns, weights))


def periodic_weighted(cells: Cells, inner: Inner) -> Unrounded:
    """Weigh the score of each period, cumulative or not (分期计分), or its completion.

    Ratios of completion are inputs and are not rounded, a negative one is none; the scores of a
    component by period are.
    """
    names, weights = cells.params.words("periods"), cells.params.amounts("weights")
    if len(names) != len(weights):
        raise Undefined("Every period needs one weight.", "每个时段须有一个权重。")
    periods = [cells.during(name, names[:at]) for at, name in enumerate(names)]
    if cells.params.group("component") is None:
        return _by_completion(cells, periods, weights)
    labels = [cells.sources.year + ending_of(name) for name in names]
    scores = {
        label: _of_period(period, inner).rounded(cells.places)
        for label, period in zip(labels, periods, strict=True)
    }
    parts = parts_of(cells.points, labels, [each.column() for each in scores.values()], weights)
    return replace(_weighted(cells, scores, weights, "period"), parts=parts)


def _of_period(period: Cells, inner: Inner) -> Unrounded:
    part = period.params.group("component") or Params({})
    return inner(part.word("method"), period.by(part.group("params") or Params({})))


def _weighted(
    cells: Cells, scores: Mapping[str, Rounded], weights: Sequence[Decimal], of: str
) -> Unrounded:
    given = cells.given(*(each.column() for each in scores.values()))
    rows = given.rows

    def tell(row: int) -> AppliedRule:
        at = row if rows is None else int(rows[row])
        told = {name: each.narrated(at) for name, each in scores.items()}
        shown = " + ".join(
            f"{precise(weight)} × {precise(each.score)}"
            for weight, each in zip(weights, told.values(), strict=True)
        )
        return AppliedRule(f"sum of weight × {of} score", shown, tuple(told.items()))

    return given.scored(total(given.inputs, list(map(Fraction, weights))), tell)


def _by_completion(cells: Cells, periods: Sequence[Cells], weights: Sequence[Decimal]) -> Unrounded:
    measured = [period.measured("ratio") for period in periods]
    given = cells.given(*measured)
    ratios = [ratio.most(NOTHING) for ratio in given.inputs]
    points = cells.points

    def tell(row: int) -> AppliedRule:
        shown = " + ".join(
            f"{precise(weight)} × {precise(ratio.at(row))}"
            for weight, ratio in zip(weights, ratios, strict=True)
        )
        return AppliedRule(
            "points × sum of weight × ratio of the period", f"{precise(points)} × ({shown})"
        )

    scored = given.scored(total(ratios, [Fraction(weight) * points for weight in weights]), tell)
    full = [Column(each.values.most(NOTHING) * points, each.gaps) for each in measured]
    return replace(
        scored, parts=parts_of(cells.points, [each.period for each in periods], full, weights)
    )
