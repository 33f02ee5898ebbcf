"""Comparisons: which units are too close to be told apart."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf, sqrt

from survey.rules.estimates.estimators import Estimate
from survey.rules.estimates.intervals import student_tails


@dataclass(frozen=True, slots=True)
class Pair:
    """Two units, their difference, and its standard error.

    `p` is how likely such a difference is where there is none, and `adjusted` the same in view of
    all pairs that are compared (Holm, 1979). `se` is None, and `p` one, where one of the samples
    does not tell its error.
    """

    first: str
    second: str
    difference: float
    se: float | None
    p: float
    adjusted: float

    def is_distinguished(self, confidence: float) -> bool:
        """Say whether the units differ by more than chance, at this confidence level in all."""
        return self.adjusted <= 1 - confidence


def with_bounds(
    covariances: Mapping[tuple[str, str], float],
    estimates: Mapping[str, Estimate],
    exact: Collection[str],
) -> Mapping[tuple[str, str], float]:
    """Return covariances in which those of estimates whose error is only bounded are the least that
    there may be: those of units that had no respondents in common are nothing."""
    found = {}
    for pair, covariance in covariances.items():
        errors = [estimates[unit].se or 0.0 for unit in pair]
        is_known = not covariance or all(unit in exact for unit in pair)
        found[pair] = covariance if is_known else -errors[0] * errors[1]
    return found


def compared(
    estimates: Mapping[str, Estimate], covariances: Mapping[tuple[str, str], float]
) -> list[Pair]:
    """Compare all pairs of units, in their order.

    Those whom the same respondents rated have a covariance; of pairs that have none it is 0.
    """
    pairs = list(combinations(estimates, 2))
    errors = [_error(estimates[a], estimates[b], _of(covariances, a, b)) for a, b in pairs]
    differences = [estimates[a].value - estimates[b].value for a, b in pairs]
    chances = [
        _chance(difference, error, min(estimates[a].freedom, estimates[b].freedom))
        for (a, b), difference, error in zip(pairs, differences, errors, strict=True)
    ]
    found = zip(pairs, differences, errors, chances, holm(chances), strict=True)
    return [Pair(*pair, d, se, p, adjusted) for pair, d, se, p, adjusted in found]


def holm(chances: Sequence[float]) -> list[float]:
    """Adjust probabilities so that any difference that is none is called one with no more than the
    probability that is asked for, however many are compared (Holm, 1979)."""
    adjusted, least = [1.0] * len(chances), 0.0
    for rank, place in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        least = max(least, min(1.0, (len(chances) - rank) * chances[place]))
        adjusted[place] = least
    return adjusted


def _of(covariances: Mapping[tuple[str, str], float], first: str, second: str) -> float:
    return covariances.get((first, second), covariances.get((second, first), 0.0))


def _error(first: Estimate, second: Estimate, covariance: float) -> float | None:
    if first.se is None or second.se is None:
        return None
    return sqrt(max(first.se**2 + second.se**2 - 2 * covariance, 0.0))


def _chance(difference: float, error: float | None, freedom: int) -> float:
    if error is None or not difference:
        return 1.0
    return student_tails(difference / error if error else inf, freedom)
