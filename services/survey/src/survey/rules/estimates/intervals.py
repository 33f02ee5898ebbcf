"""Intervals around estimates, and the distributions that they are taken from."""

from decimal import Decimal
from functools import lru_cache
from math import exp, inf, lgamma, log, sqrt
from statistics import NormalDist

_STEPS = 10_000
_CLOSE = 1e-15


def quantile(confidence: Decimal) -> Decimal:
    """Return z, so that a standard normal variable is within ±z with this probability."""
    z = NormalDist().inv_cdf((1 + float(confidence)) / 2)
    return Decimal(z).quantize(Decimal("0.000001"))


def wilson(share: float, number: float, confidence: float) -> tuple[float, float]:
    """Return Wilson's score interval (1927) around a share of so many respondents.

    The number is the effective one where the sample is weighted or clustered; it need not be
    whole. None of them, and all of them, give one bound that is exactly 0, or 1.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    centre = share + z * z / (2 * number)
    half = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    whole = 1 + z * z / number
    low = 0.0 if share <= 0 else (centre - half) / whole
    high = 1.0 if share >= 1 else (centre + half) / whole
    return max(low, 0.0), min(high, 1.0)


def symmetric(value: float, se: float, freedom: int, confidence: float) -> tuple[float, float]:
    """Return the interval around an estimate by Student's t with these degrees of freedom."""
    half = student_quantile((1 + confidence) / 2, freedom) * se
    return value - half, value + half


def student_tails(t: float, freedom: int) -> float:
    """Return with which probability Student's t is as far from 0 as `t`, or farther."""
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5) if abs(t) < inf else 0.0


@lru_cache(maxsize=4096)
def student_quantile(probability: float, freedom: int) -> float:
    """Return what Student's t is not above with this probability, which is above one half."""
    tails = 2 * (1 - probability)
    low, high = 0.0, NormalDist().inv_cdf(probability)
    while student_tails(high, freedom) > tails:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if student_tails(middle, freedom) > tails:
            low = middle
        else:
            high = middle
    return high


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return 1 + d1/(1 + d2/(1 + …)), from the front by Lentz's method."""
    value, c, d = 1.0, 1.0, 0.0
    for step in range(1, _STEPS):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + term * d)
        c = 1 + term / c
        value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value
