"""Statistics that show what is unusual, in exact fractions: distances from a median, last digits.

They say how far something is from what others are, and never why.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from scoring.rules.columns.exact import show
from scoring.rules.methods.scores import NOTHING

TEN = 10

OF_MEDIAN = Fraction(6745, 10_000)
"""The median distance from the median of a normal distribution, by its standard deviation."""

OF_MEAN = Fraction(7979, 10_000)
"""The mean distance from the mean of a normal distribution, by its standard deviation."""


def median(values: Sequence[Fraction]) -> Fraction:
    """Return the middle of some values, of an even number the mean of the two in the middle."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2


def distances(values: Sequence[Fraction]) -> list[Fraction]:
    """Return the modified z score of each value: how far it is from the median of all, by their
    median distance from it; where more than half are equal, by their mean distance.

    These are the scores of Iglewicz and Hoaglin (1993), who call more than 3.5 an outlier. Of
    values that are all equal every score is 0.
    """
    middle = median(values)
    away = [value - middle for value in values]
    spread, scale = median([abs(each) for each in away]), OF_MEDIAN
    if not spread:
        spread, scale = sum(map(abs, away), NOTHING) / len(away), OF_MEAN
    return [scale * each / spread if spread else NOTHING for each in away]


def last_digits(values: Sequence[Decimal]) -> list[int]:
    """Return the last digit of each value at the decimal place of the finest of them: of 1.5 and 2
    these are 5 and 0."""
    return [whole % TEN for whole in in_steps(values)]


def in_steps(values: Sequence[Decimal]) -> list[int]:
    """Return how many steps of the finest decimal place of all each value is, without its sign."""
    places = max((_places(value) for value in values), default=0)
    return [int(abs(Fraction(value)) * 10**places) for value in values]


def _places(value: Decimal) -> int:
    return len(show(value).partition(".")[2])


def chi_square(counts: Sequence[int]) -> Fraction:
    """Return Pearson's statistic of some counts against equal ones: the sum of the squared
    distances from the mean, by the mean."""
    number = sum(counts)
    return Fraction(len(counts) * sum(count * count for count in counts), number) - number
