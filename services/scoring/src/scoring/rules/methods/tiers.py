"""The method of tiers (分档): the points of the one a value falls in, or of the way between."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter

import numpy as np

from scoring.rules.columns.exact import precise
from scoring.rules.columns.quotients import Quotients
from scoring.rules.methods.cells import Cells, CompleteCells, Method
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import Unrounded
from scoring.rules.methods.values import valued
from scoring.rules.scheme.params import Params

NONE = Decimal(0)


def tiers(cells: Cells) -> Unrounded:
    """Give the points of the tier that the value falls in (分档); bounds are inclusive.

    A tier has a lower bound `min`, an upper bound `max`, or both. The order in which the scheme
    lists the tiers does not matter: of those that fit, the tightest counts. The raw value is
    tested unless the scheme compares the one `rounded` to its `places`. With `interpolate` the
    points run in a line from one bound to the next.
    """
    own = valued(cells, cells.params.word("input", "value"))
    return own.explain(in_tiers(cells.given(own.column)))


def in_tiers(given: CompleteCells) -> Unrounded:
    """Give the points of the tier that each value falls in."""
    params, (raw,) = given.cells.params, given.inputs
    values = raw
    if params.word("compare", "raw") != "raw":
        places = int(params.number("places"))
        values = Quotients(raw.settled(places), 10**places)
    if params.flag("interpolate", False):
        return _in_a_line(given, values)
    missed = params.number("else_points", NONE)
    points = Quotients.same(Fraction(missed), len(given))
    which = np.full(len(given), -1)
    ordered = sorted(params.each("tiers"), key=_tightness)
    for number, tier in enumerate(ordered):
        fits = np.ones(len(given), dtype=np.bool_)
        if (low := tier.optional("min")) is not None:
            fits &= ~values.less_than(Fraction(low))
        if (high := tier.optional("max")) is not None:
            fits &= values.at_most(Fraction(high))
        points = points.where(~fits, Fraction(tier.number("points")))
        which[fits] = number

    def tell(row: int) -> AppliedRule:
        shown = _tested(values.at(row), raw.at(row))
        if which[row] < 0:
            return _in_no_tier(missed, shown)
        tier = ordered[which[row]]
        low, high = tier.optional("min"), tier.optional("max")
        least = "" if low is None else f"{precise(low)} ≤ "
        most = "" if high is None else f" ≤ {precise(high)}"
        formula = f"{precise(tier.number('points'))} ({least}{shown}{most})"
        return AppliedRule("points of the tier", formula)

    return given.scored(points, tell)


def _tested(value: Fraction, raw: Fraction) -> str:
    """Return a value as it is tested, and what it was before it was rounded for that."""
    return precise(value) if value == raw else f"{precise(raw)} rounded to {precise(value)}"


def _in_no_tier(missed: Decimal | Fraction, shown: str) -> AppliedRule:
    return AppliedRule("else_points", f"{precise(missed)} ({shown} is in no tier)")


@dataclass(frozen=True, slots=True)
class _Line:
    """Points that run in a line from the bound of one tier to that of the next, lowest first.

    At the `best` bound and beyond it there are the points of that tier, beyond the other end
    `missed`.
    """

    bounds: tuple[tuple[Fraction, Fraction], ...]
    upward: bool
    missed: Fraction

    @property
    def best(self) -> tuple[Fraction, Fraction]:
        return self.bounds[-1 if self.upward else 0]

    def around(self, value: Fraction) -> tuple[tuple[Fraction, Fraction], ...]:
        """Return the two bounds between which a value lies, with their points; none beyond."""
        at = bisect_right(self.bounds, value, key=itemgetter(0))
        if at == len(self.bounds) and value == self.bounds[-1][0]:
            at -= 1
        return self.bounds[at - 1 : at + 1] if 0 < at < len(self.bounds) else ()

    def is_beyond(self, value: Fraction) -> bool:
        """Say whether a value is as good as the best bound, or better."""
        return value >= self.best[0] if self.upward else value <= self.best[0]

    def worth(self, value: Fraction) -> Fraction:
        """Return the points of a value."""
        around = self.around(value)
        if not around:
            return self.best[1] if self.is_beyond(value) else self.missed
        (low, less), (high, more) = around
        return less + (more - less) * (value - low) / (high - low)

    def told(self, value: Fraction, shown: str) -> AppliedRule:
        """Tell of the points of a value, `shown` as it is tested."""
        around = self.around(value)
        if around:
            (low, less), (high, more) = around
            told = precise(value) if shown == precise(value) else f"{precise(value)} ({shown})"
            return AppliedRule(
                "points at a bound + (points at the next - those) × way from bound to bound",
                f"{precise(less)} + ({precise(more)} - {precise(less)}) × ({told} - {precise(low)})"
                f" / ({precise(high)} - {precise(low)})",
            )
        if not self.is_beyond(value):
            return _in_no_tier(self.missed, shown)
        (bound, points), sign = self.best, "≥" if self.upward else "≤"
        formula = f"{precise(points)} ({shown} {sign} {precise(bound)})"
        return AppliedRule("points of the tier", formula)


def _in_a_line(given: CompleteCells, values: Quotients) -> Unrounded:
    """Score row by row: the lines between many tiers have no denominator in common."""
    params, (raw,) = given.cells.params, given.inputs
    rows = params.each("tiers")
    upward = all(tier.optional("min") is not None for tier in rows)
    name = "min" if upward else "max"
    bounds = sorted((Fraction(t.number(name)), Fraction(t.number("points"))) for t in rows)
    line = _Line(tuple(bounds), upward, Fraction(params.number("else_points", NONE)))
    return given.scored(
        Quotients.of([line.worth(value) for value in values.each()]),
        lambda row: line.told(values.at(row), _tested(values.at(row), raw.at(row))),
    )


def _tightness(tier: Params) -> tuple[Decimal, Decimal]:
    """Return the key by which the tightest of the tiers that fit comes last."""
    low = tier.optional("min")
    high = tier.optional("max")
    return (
        Decimal("-Infinity") if low is None else low,
        -(Decimal("Infinity") if high is None else high),
    )


METHODS: Mapping[str, Method] = {
    "tiers": tiers,
}
"""The methods of this file by their names in a scheme."""
