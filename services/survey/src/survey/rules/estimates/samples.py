"""Samples: who was drawn, with which weight, from which stratum and cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Numbers, one for each row."""

Codes = NDArray[np.intp]
"""Whole numbers from 0, one for each row: of its stratum, its cluster, its cell of a margin."""

Mask = NDArray[np.bool_]
"""For each row, yes or no."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """To what weights were adjusted: the weights before, and for each margin the cell of a row."""

    before: Floats
    margins: tuple[Codes, ...]


@dataclass(frozen=True)
class Sample:
    """Respondents in rows: those of a row are alike, and so many as `counts` says.

    Without `clusters` each respondent was drawn alone. `populations` tells for each stratum from
    how many clusters or respondents was drawn; where it does not know, NaN, they are taken for
    endless.
    """

    counts: Floats
    weights: Floats
    strata: Codes
    clusters: Codes | None = None
    populations: Floats | None = None
    calibration: Calibration | None = None

    @cached_property
    def drawn(self) -> Floats:
        """How many clusters, or respondents, were drawn in each stratum."""
        strata, counts = self._units[1], self._units[2]
        return _summed(counts[:, None], strata, self.number_of_strata)[:, 0]

    @property
    def number_of_strata(self) -> int:
        """How many strata there are."""
        return int(self.strata.max(initial=-1)) + 1

    @property
    def freedom(self) -> int:
        """The degrees of freedom of a variance: what was drawn, less one for each stratum."""
        return int(self.drawn.sum()) - int(np.count_nonzero(self.drawn))

    @cached_property
    def is_measurable(self) -> bool:
        """Whether the sample tells its error: no stratum of which only a part was drawn has less
        than two clusters or respondents."""
        return self.freedom > 0 and not bool(np.any((self.drawn == 1) & (self._left > 0)))

    def contributions(self, influences: Floats) -> tuple[Floats, Floats]:
        """Return what each drawn unit adds to the error of some estimates, and how many such there
        are: `influences` has a row for each row of the sample and a column for each estimate.

        The sum of their products over what was drawn is the covariance of the estimates.
        """
        if self.calibration is not None:
            influences = influences - _explained(self.calibration, self.counts, influences)
        units, strata, counts = self._units
        weighed = influences * self.weights[:, None]
        if self.clusters is not None:
            weighed = _summed(weighed * self.counts[:, None], units, len(strata))
        size = self.number_of_strata
        drawn = np.maximum(self.drawn, 1)[:, None]
        means = _summed(weighed * counts[:, None], strata, size) / drawn
        freedom = np.maximum(self.drawn - 1, 1)
        scale = np.sqrt(self._left * self.drawn / freedom)
        return (weighed - means[strata]) * scale[strata, None], counts

    def covariance(self, influences: Floats) -> Floats:
        """Return the covariance of the estimates that have these influences."""
        errors, counts = self.contributions(influences)
        return errors.T @ (errors * counts[:, None])

    @property
    def widest(self) -> float:
        """By how much at most a stratum multiplies the sum of squares of what was drawn."""
        drawn = self.drawn[self.drawn > 0]
        return float(np.max(drawn / np.maximum(drawn - 1, 1), initial=1.0))

    @cached_property
    def _left(self) -> Floats:
        """The share of each stratum that was not drawn: the finite population correction."""
        if self.populations is None:
            return np.ones(self.number_of_strata)
        known = np.where(np.isnan(self.populations), np.inf, np.maximum(self.populations, 1))
        return np.maximum(1 - self.drawn / known, 0)

    @cached_property
    def _units(self) -> tuple[Codes, Codes, Floats]:
        """What was drawn: for each row its number, and for each its stratum and how many such."""
        if self.clusters is None:
            return np.arange(len(self.counts)), self.strata, self.counts
        size = int(self.clusters.max(initial=0)) + 1
        found, units = np.unique(self.strata * size + self.clusters, return_inverse=True)
        return units, found // size, np.ones(len(found))


def codes(values: Sequence[object]) -> Codes:
    """Number the values of a column from 0, in the order in which they come first."""
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], dtype=np.intp)


def _summed(rows: Floats, keys: Codes, size: int) -> Floats:
    columns = [np.bincount(keys, column, minlength=size) for column in rows.T]
    return np.stack(columns, axis=1) if columns else np.zeros((size, 0))


def _explained(calibration: Calibration, counts: Floats, influences: Floats) -> Floats:
    """Return what the margins explain of the influences: what is known of the population is no
    error of the sample (Deville and Särndal, 1992)."""
    cells = [
        (margin[:, None] == np.arange(margin.max() + 1)).astype(np.float64)
        for margin in calibration.margins
    ]
    model = np.concatenate(cells, axis=1)
    weigh = np.sqrt(calibration.before * counts)[:, None]
    found = np.linalg.lstsq(model * weigh, influences * weigh, rcond=None)[0]
    return np.asarray(model @ found, dtype=np.float64)
