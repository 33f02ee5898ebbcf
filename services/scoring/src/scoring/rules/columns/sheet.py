"""A category's score sheet by columns: every indicator's scores, the blocks, the totals, the ranks.

It speaks only where a missing input simply leaves no score. What else the scheme may say about
missing data moves points between indicators; that, and what only the rules for one unit can
compute, is left to them, and so is every explanation.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.cells import Cells, Scores, Unrounded
from scoring.rules.columns.comparing import places_of
from scoring.rules.columns.methods import method_of
from scoring.rules.columns.quotients import Quotients, total
from scoring.rules.columns.values import Column, NotByColumns, Values
from scoring.rules.columns.whole import Array
from scoring.rules.scheme import Category, Indicator, Rounding

Otherwise = Callable[[Indicator], Scores]
"""How an indicator without children is scored that columns cannot."""


@dataclass(frozen=True, slots=True)
class ColumnSheet:
    """What all units of a category scored, in points, each unit a row.

    `indicators` and `blocks` by code; `base` is the sum of the blocks, before bonus and
    deductions. A unit that is not present in a column has no score there.
    """

    indicators: Mapping[str, Scores]
    blocks: Mapping[str, Scores]
    base: Scores

    def ranks(self) -> Array:
        """Return the ranks by the base total, 1 the highest, ties skipping (1224); 0 for none."""
        column = Column(self.base.exact(), self.base.present)
        place, _ = places_of(column, lowest_first=False)
        return np.where(column.present, place, 0)


def decimals(scores: Scores) -> list[Decimal | None]:
    """Return the scores as the rules for one unit return them."""
    shown = [Decimal(f"{unit}E-{scores.places}") for unit in scores.units.array.tolist()]
    return [each if there else None for each, there in zip(shown, scores.present, strict=True)]


def score_columns(
    category: Category,
    rounding: Rounding,
    values: Values,
    *,
    parts: Iterable[str] | None = None,
    otherwise: Otherwise | None = None,
) -> ColumnSheet:
    """Score all units of a category, whose rows are in the order of the values' columns.

    `parts` are the blocks of the base total (all of them where it is None); `otherwise` scores
    what columns cannot. Raise `NotByColumns` where neither can.
    """
    scored: dict[str, Scores] = {}
    for block in category.blocks:
        for indicator in block.indicators:
            _indicator(indicator, rounding, values, otherwise, scored)
    blocks = {
        block.code: _sum(scored[each.code] for each in block.indicators)
        for block in category.blocks
    }
    chosen = blocks if parts is None else [code for code in parts if code in blocks]
    return ColumnSheet(scored, blocks, _sum(blocks[code] for code in chosen))


def _indicator(
    indicator: Indicator,
    rounding: Rounding,
    values: Values,
    otherwise: Otherwise | None,
    scored: dict[str, Scores],
) -> None:
    for child in indicator.children:
        _indicator(child, rounding, values, otherwise, scored)
    places = indicator.places(rounding)
    if indicator.children:
        children = [scored[child.code] for child in indicator.children]
        found = _parent(indicator, children).settled(places)
    else:
        found = _leaf(indicator, places, values, otherwise)
    if indicator.missing != "refuse" and not found.present.all():
        raise NotByColumns(f"{indicator.code} has missing inputs")
    scored[indicator.code] = found


def _leaf(indicator: Indicator, places: int, values: Values, otherwise: Otherwise | None) -> Scores:
    try:
        found = _by_columns(indicator, places, values)
    except NotByColumns:
        if otherwise is None:
            raise
        return otherwise(indicator)
    return found


def _by_columns(indicator: Indicator, places: int, values: Values) -> Scores:
    if indicator.per_unit_params or indicator.must_differentiate:
        raise NotByColumns(f"{indicator.code} has rules for single units")
    cells = Cells(
        values,
        indicator.code,
        Fraction(indicator.points),
        indicator.parameters,
        places,
        indicator.period_params,
        indicator.frequency,
    )
    found = method_of(indicator.method)(cells).settled(places)
    if indicator.allow_exceed:
        return found
    whole, unit = Fraction(indicator.points), 10**places
    full = (2 * whole.numerator * unit + whole.denominator) // (2 * whole.denominator)
    over = found.units.above((whole.numerator * unit) // whole.denominator)
    return Scores(found.units.where(~over, full), places, found.present)


def _parent(indicator: Indicator, children: Sequence[Scores]) -> Unrounded:
    present = np.logical_and.reduce([each.present for each in children])
    if indicator.method != "mean_children":
        if indicator.parameters.optional("extra_cap") is not None:
            raise NotByColumns("extras that are capped together")
        return Unrounded(total(each.exact() for each in children), present)
    params = indicator.parameters
    if params.word("kind") != "arithmetic":
        raise NotByColumns(f"a {params.word('kind')} mean")
    given = params.numbers("weights")
    weights = [
        Fraction(given.get(child.code, 0)) if given else Fraction(1) for child in indicator.children
    ]
    shares = (
        scores.exact() * (weight / Fraction(child.points))
        for weight, child, scores in zip(weights, indicator.children, children, strict=True)
    )
    factor = Fraction(indicator.points) / sum(weights, Fraction(0))
    return Unrounded(total(shares) * factor, present)


def _sum(columns: Iterable[Scores]) -> Scores:
    """Return the plain sum of columns, with as many places as the finest of them."""
    found = list(columns)
    places = max(each.places for each in found)
    units = (each.units * 10 ** (places - each.places) for each in found)
    summed: Quotients = total(Quotients(each) for each in units)
    present = np.logical_and.reduce([each.present for each in found])
    return Scores(summed.above, places, present)
