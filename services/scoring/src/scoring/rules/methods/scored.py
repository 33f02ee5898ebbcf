"""What every scoring method returns: the score, and how it came about."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.rules.exact import half_up, show

NOTHING = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Rounding:
    """The one rounding of a score: what it was before, to how many places, and after."""

    exact: str
    places: int
    rounded: Decimal


@dataclass(frozen=True, slots=True)
class Scored:
    """A score in points, rounded half up, with its trace.

    `rule` is the method's formula in words of the scheme, `formula` the same with the numbers
    put in. `excess` are points lost beyond the indicator's own, `parts` the scores that were
    rounded before they were weighted or averaged: (name, score).
    """

    score: Decimal
    rule: str
    formula: str
    rounding: Rounding
    excess: Decimal = Decimal(0)
    parts: "tuple[tuple[str, Scored], ...]" = ()


def settle(
    value: Fraction,
    places: int,
    rule: str,
    formula: str,
    *,
    excess: Fraction = NOTHING,
    parts: tuple[tuple[str, Scored], ...] = (),
) -> Scored:
    """Return the score that an exact value becomes by its one rounding, half up."""
    score = half_up(value, places)
    rounding = Rounding(show(value), places, score)
    return Scored(score, rule, formula, rounding, half_up(excess, places), parts)


def clamp(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Return the value, or the bound that it lies beyond."""
    return min(max(value, low), high)
