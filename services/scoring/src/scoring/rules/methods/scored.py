"""What every scoring method returns: the score, and how it came about."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache

from scoring.rules.exact import half_up, show
from scoring.rules.gaps import Undefined

NOTHING = Fraction(0)
ONE = Fraction(1)
TOO_LARGE = 12
"""A score has at most so many digits before the point."""


Formula = str | Callable[[], str]
"""A formula with its numbers, or what writes it: most scores are never asked for theirs."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """The one rounding of a score: the exact value before, to how many places, and after."""

    value: Fraction
    places: int
    rounded: Decimal

    @property
    def exact(self) -> str:
        """The value before the rounding, as a person writes it."""
        return show(self.value)


@dataclass(frozen=True, slots=True)
class Scored:
    """A score in points, rounded half up, with its trace.

    `rule` is the method's formula in words of the scheme, `formula` the same with the numbers
    put in. `excess` are points lost beyond the indicator's own, `parts` the scores that were
    rounded before they were weighted or averaged: (name, score).
    """

    score: Decimal
    rule: str
    rounding: Rounding
    excess: Decimal = Decimal(0)
    parts: "tuple[tuple[str, Scored], ...]" = ()
    written: Formula = field(default="", repr=False, compare=False)

    @property
    def formula(self) -> str:
        """The formula with the numbers put in; written only when somebody asks for it."""
        return self.written if isinstance(self.written, str) else self.written()


def settle(
    value: Fraction,
    places: int,
    rule: str,
    formula: Formula,
    *,
    excess: Fraction = NOTHING,
    parts: tuple[tuple[str, Scored], ...] = (),
) -> Scored:
    """Return the score that an exact value becomes by its one rounding, half up.

    One of a trillion points and more is undefined: it could be neither told nor added up exactly.
    """
    score = half_up(value, places)
    spilt = half_up(excess, places) if excess else _nothing(places)
    if max(score.adjusted(), spilt.adjusted()) >= TOO_LARGE:
        raise Undefined("A score grows beyond all use.", "得分过大，无法使用。")
    return Scored(score, rule, Rounding(value, places, score), spilt, parts, formula)


@cache
def _nothing(places: int) -> Decimal:
    return half_up(NOTHING, places)


def clamp(value: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Return the value, or the bound that it lies beyond."""
    return min(max(value, low), high)
