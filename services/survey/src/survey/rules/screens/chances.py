"""How likely a count is: overdispersed binomial tails, and the level that a whole wave keeps.

Units and interviewers differ honestly, by more than the drawing of respondents alone explains.
Every test therefore takes the rate of the others and how much their rates scatter: a count is
held against the beta-binomial distribution of that mean and scatter. The scatter is estimated
from the others and enlarged to the upper end of what it may be, because few others say little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, exp, lgamma, log, sqrt
from statistics import NormalDist
from typing import Final

FAMILY: Final = 0.05
"""The chance that an honest wave has any finding at all."""
EACH: Final = 0.005
"""The most of it for each unit: in a wave of few units the chance of the whole is smaller."""
LEAST_SCATTER: Final = 0.003
"""The least correlation of two interviews about one unit that is taken for granted."""
_MOST_SCATTER = 0.5
_UNSURE = 0.1
_FAR = 0.2
_REST_OF_SURPRISE = 0.44
"""The mean of chi-square of one degree of freedom without its upper fifth."""


@dataclass(frozen=True, slots=True)
class Count:
    """So many `observed` of `of`, where a share of `rate` is to be expected."""

    observed: int
    of: int
    rate: float

    @property
    def surprise(self) -> float:
        """The squared distance from the expected number, by its binomial variance."""
        expected = self.of * self.rate
        return (self.observed - expected) ** 2 / (expected * (1 - self.rate))


def scatter(counts: Sequence[Count]) -> float:
    """Return how much alike two interviews of one subject may be, at most, by others' counts.

    The fifth of them that is furthest from what is expected is left out: where several units do
    the same, they would make it look usual.
    """
    told = [each for each in counts if each.of > 1 and 0 < each.rate < 1]
    kept = sorted(told, key=lambda each: each.surprise)[: len(told) - int(len(told) * _FAR)]
    room = sum(each.of - 1 for each in kept)
    if not room:
        return _MOST_SCATTER
    usual = sum(each.surprise for each in kept) / len(kept) / _REST_OF_SURPRISE
    found = enlarged(usual, len(kept) - 1)
    return min(max(len(kept) * (found - 1) / room, LEAST_SCATTER), _MOST_SCATTER)


def upper_tail(observed: int, of: int, rate: float, alike: float) -> float:
    """Return the chance of so many or more of `of`, each at `rate`, two of them so much alike."""
    if observed <= 0:
        return 1.0
    rate = min(max(rate, 1e-9), 1 - 1e-9)
    alike = max(alike, 1e-9)
    strength = (1 - alike) / alike
    a, b = rate * strength, (1 - rate) * strength
    term = exp(
        lgamma(of + 1) - lgamma(observed + 1) - lgamma(of - observed + 1)
        + _log_beta(observed + a, of - observed + b) - _log_beta(a, b)
    )  # fmt: skip
    total = term
    for k in range(observed, of):
        term *= (of - k) / (k + 1) * (k + a) / (of - k - 1 + b)
        total += term
        if term < total * 1e-17:
            break
    return min(total, 1.0)


def two_sided(z: float) -> float:
    """Return the chance that a normal variable lies as far from zero."""
    return erfc(abs(z) / sqrt(2))


def logit(part: float, whole: float) -> float:
    """Return the log odds of a share, defined for none and for all."""
    return log((part + 0.5) / (whole - part + 0.5))


def share_of(odds: float) -> float:
    """Return the share that has these log odds."""
    return 1 / (1 + exp(-odds))


def enlarged(variance: float, freedom: int) -> float:
    """Return the upper end of what a variance may be that was estimated with this freedom."""
    return variance * max(freedom, 1) / _low_chi_square(max(freedom, 1))


def level_of(subjects: int) -> float:
    """Return the family-wise level of a wave with so many units or interviewers."""
    return min(FAMILY, EACH * subjects)


def thresholds(
    chances: Mapping[tuple[str, str], float], level: float
) -> dict[tuple[str, str], float]:
    """Return by Holm's procedure the tests that stand out, with the level that each was held to."""
    found = {}
    left = len(chances)
    for key in sorted(chances, key=lambda each: (chances[each], each)):
        if chances[key] > level / left:
            break
        found[key] = level / left
        left -= 1
    return found


def _low_chi_square(freedom: int) -> float:
    """Return a low quantile of chi-square, by Wilson and Hilferty's approximation."""
    part = 2 / (9 * freedom)
    cube = 1 - part + NormalDist().inv_cdf(_UNSURE) * sqrt(part)
    return max(freedom * cube * cube * cube, 0.01)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
