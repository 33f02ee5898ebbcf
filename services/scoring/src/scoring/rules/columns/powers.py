"""Columns of weighted geometric means, most of which are no fractions: floats round them where a
bound proves that nothing is in doubt, and where something is the exact way does it."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Whole

Floats = NDArray[np.float64]

_DOUBT = 2.0**-44
"""Five hundred times the relative error of a step of binary64: the logarithms and powers that a
machine computes are off by a few units of the last of 52 binary places."""

_SURE = 2.0**50
"""Up to here floats tell a whole number from its half."""

_LEAST, _MOST = 1e-100, 1e100
"""Between these a factor and its powers are far from the ends of binary64."""


class Means(Quotients):
    """A column of `points` × the weighted geometric mean of the row's ratios, which are scores ×
    a share each.

    `exactly` finds the number of one row. Most are never asked for: the column is rounded to the
    very digits that they would give, but only those near a tie are worked out for it.
    """

    __slots__ = ("_exactly", "_near", "_rows", "_whole")

    _exactly: Callable[[int], Fraction]
    _near: tuple[Floats, Floats] | None
    _rows: int
    _whole: Callable[[], Quotients]

    def __init__(
        self,
        points: Fraction,
        ratios: Sequence[tuple[Quotients, Fraction]],
        weights: Sequence[Fraction],
        exactly: Callable[[int], Fraction],
    ) -> None:
        rows, found = len(ratios[0][0]), cache(exactly)
        # The base is frozen: what it would keep is found late here.
        for name, value in (
            ("_rows", rows),
            ("_exactly", found),
            ("_whole", cache(lambda: Quotients.of([found(row) for row in range(rows)]))),
            ("_near", _near(points, ratios, weights)),
        ):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return self._rows

    @property
    def above(self) -> Whole:
        """The numerators, for which every row is worked out."""
        return self._whole().above

    @property
    def below(self) -> Whole | int:
        """The denominators, for which every row is worked out."""
        return self._whole().below

    def at(self, row: int) -> Fraction:
        """Return the number of one row."""
        return self._exactly(row)

    def settled(self, places: int) -> Whole:
        """Return the column rounded half up to `places` decimals, as it would be worked out."""
        if self._near is None:
            return self._whole().settled(places)
        near, error = self._near
        raised = near * 10.0**places + 0.5
        if raised.max(initial=0) >= _SURE:
            return self._whole().settled(places)
        found = np.floor(raised).astype(np.int64)
        doubtful = np.abs(raised - np.rint(raised)) <= (raised + 1) * error
        for row in np.flatnonzero(doubtful).tolist():
            found[row] = Quotients.of([self._exactly(row)]).settled(places).array[0]
        return Whole.of(found)


def _near(
    points: Fraction, ratios: Sequence[tuple[Quotients, Fraction]], weights: Sequence[Fraction]
) -> tuple[Floats, Floats] | None:
    """Return the means and by what share each may be off; None where floats are of no use.

    The logarithm of a ratio is off by the ratio's own relative error and a share of itself, and
    the weights sum to one: so is the sum, and the mean by as much as its logarithm.
    """
    rows = len(ratios[0][0])
    summed, largest, nothing = np.zeros(rows), np.zeros(rows), np.zeros(rows, dtype=np.bool_)
    for (scores, share), weight in zip(ratios, weights, strict=True):
        if not isinstance(scores.below, int) or scores.above.array.dtype == object:
            return None
        factor = share / scores.below
        if not _LEAST < factor < _MOST:
            return None
        lacks = scores.above.array <= 0
        nothing |= lacks
        logarithm = np.log(np.where(lacks, 1, scores.above.array) * float(factor))
        np.maximum(largest, np.abs(logarithm), out=largest)
        summed += logarithm * float(weight)
    if not _LEAST < points < _MOST or largest.max(initial=0) > 200:
        return None
    return np.where(nothing, 0.0, np.exp(summed) * float(points)), (largest + 8) * _DOUBT
