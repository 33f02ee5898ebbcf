"""Columns of exact fractions, and the one rounding at the end of them: half up (四舍五入)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.whole import LARGEST, Array, Mask, Whole, bounds, combined


@dataclass(frozen=True, slots=True)
class Quotients:
    """A column of fractions: numerators over denominators, which are all above zero."""

    above: Whole
    below: Whole | int = 1

    @classmethod
    def of(cls, numbers: Sequence[Decimal | Fraction | int]) -> "Quotients":
        """Return the column of these numbers, over one denominator where that stays small."""
        pairs = [number.as_integer_ratio() for number in numbers]
        divisors = {below for _, below in pairs}
        below = math.lcm(*divisors)
        if below > LARGEST:
            return cls(Whole.of([a for a, _ in pairs]), Whole.of([b for _, b in pairs]))
        if len(divisors) == 1:
            return cls(Whole.of([a for a, _ in pairs]), below)
        return cls(Whole.of([a * (below // b) for a, b in pairs]), below)

    @classmethod
    def same(cls, number: Fraction | int, rows: int) -> "Quotients":
        """Return a column of so many rows with one number."""
        above, below = number.as_integer_ratio()
        return cls(Whole.of([above] * rows), below)

    @classmethod
    def whole_numbers(cls, above: Array, below: int) -> "Quotients":
        """Return the column of whole numbers over one denominator."""
        return cls(Whole.of(above), below)

    def __len__(self) -> int:
        return len(self.above)

    def at(self, row: int) -> Fraction:
        """Return the number of one row."""
        below = self.below if isinstance(self.below, int) else int(self.below.array[row])
        return Fraction(int(self.above.array[row]), below)

    def each(self) -> list[Fraction]:
        """Return the numbers row by row."""
        above = self.above.array.tolist()
        if isinstance(self.below, int):
            return [Fraction(each, self.below) for each in above]
        return [Fraction(a, b) for a, b in zip(above, self.below.array.tolist(), strict=True)]

    def take(self, rows: Array) -> "Quotients":
        """Return the numbers of these rows, ascending, with bounds as narrow as they are."""
        below = self.below
        if not isinstance(below, int):
            below = Whole.of(below.array[rows])
        return Quotients(Whole.of(self.above.array[rows]), below)

    def spread(self, rows: Array, size: int) -> "Quotients":
        """Return a column of that size with these numbers in these rows, and 0 in the others."""
        kind = self.above.array.dtype
        above = np.zeros(size, dtype=kind)
        above[rows] = self.above.array
        low, high = min(0, self.above.low), max(0, self.above.high)
        if isinstance(self.below, int):
            return Quotients(Whole(above, low, high), self.below)
        below = np.ones(size, dtype=self.below.array.dtype)
        below[rows] = self.below.array
        divisors = Whole(below, min(1, self.below.low), max(1, self.below.high))
        return Quotients(Whole(above, low, high), divisors)

    def ordered(self) -> Array:
        """Return an array that compares row with row as the numbers do."""
        if isinstance(self.below, int):
            return self.above.array
        found = np.empty(len(self), dtype=object)
        found[:] = self.each()
        return found

    def __mul__(self, factor: Fraction) -> "Quotients":
        shared = math.gcd(factor.numerator, self.below) if isinstance(self.below, int) else 1
        below = self.below // shared * factor.denominator
        return Quotients(self.above * (factor.numerator // shared), below)

    def __add__(self, other: "Quotients | Fraction") -> "Quotients":
        if isinstance(other, Fraction):
            above, edge, below = self._beside(other)
            return Quotients(above + edge, below)
        mine, its = self.below, other.below
        if isinstance(mine, int) and isinstance(its, int):
            return total([self, other])
        return Quotients(self.above * its + other.above * mine, its * mine)

    def __neg__(self) -> "Quotients":
        return self * Fraction(-1)

    def __sub__(self, other: "Quotients | Fraction") -> "Quotients":
        return self + -other

    def by(self, divisor: "Quotients") -> "Quotients":
        """Return the quotients of two columns, the second of which is above zero."""
        mine, its = self.below, divisor.below
        if isinstance(mine, int) and isinstance(its, int):
            shared = math.gcd(mine, its)
            mine, its = mine // shared, its // shared
        return Quotients(self.above * its, divisor.above * mine)

    def least(self, bound: Fraction) -> "Quotients":
        """Return the fractions, at most the bound."""
        above, edge, below = self._beside(bound)
        return Quotients(above.least(edge), below)

    def most(self, bound: Fraction) -> "Quotients":
        """Return the fractions, at least the bound."""
        above, edge, below = self._beside(bound)
        return Quotients(above.most(edge), below)

    def whole(self) -> "Quotients":
        """Return the fractions rounded down to whole numbers."""
        return Quotients(self.above // self.below)

    def less_than(self, bound: Fraction) -> Mask:
        """Say in which rows the fraction is below the bound."""
        above, edge, _ = self._beside(bound)
        return above.below(edge)

    def at_most(self, bound: Fraction) -> Mask:
        """Say in which rows the fraction is not above the bound."""
        above, edge, _ = self._beside(bound)
        return ~above.above(edge)

    def where(self, mask: Mask, other: "Quotients | Fraction") -> "Quotients":
        """Return these fractions in the rows of the mask, the other in the others."""
        if isinstance(other, Fraction):
            above, edge, below = self._beside(other)
            return Quotients(above.where(mask, edge), below)
        mine, its = self.below, other.below
        if isinstance(mine, int) and isinstance(its, int):
            common = math.lcm(mine, its)
            scaled = other.above * (common // its)
            return Quotients((self.above * (common // mine)).where(mask, scaled), common)
        below = mine if isinstance(mine, Whole) else Whole.of([mine] * len(self.above))
        return Quotients(self.above.where(mask, other.above), below.where(mask, its))

    def _beside(self, other: Fraction) -> tuple[Whole, Whole | int, Whole | int]:
        """Return both numerators over the least denominator that is common, and that."""
        if isinstance(self.below, int):
            common = math.lcm(self.below, other.denominator)
            its = other.numerator * (common // other.denominator)
            return self.above * (common // self.below), its, common
        return (
            self.above * other.denominator,
            self.below * other.numerator,
            self.below * other.denominator,
        )

    def settled(self, places: int) -> Whole:
        """Return the fractions rounded half up to `places` decimals, as whole numbers of the
        last of them; ties away from zero."""
        if self.above.low >= 0:
            return _rounded(self.above, self.below, 10**places)
        negative = self.above.below(0)
        size = _rounded((self.above * -1).where(negative, self.above), self.below, 10**places)
        return (size * -1).where(negative, size)


def total(columns: Sequence[Quotients], weights: Sequence[Fraction] = ()) -> Quotients:
    """Return the sum of columns, at least one, each times its weight, 1 if there are none."""
    given = weights or [Fraction(1)] * len(columns)
    divisors = [each.below for each in columns if isinstance(each.below, int)]
    if len(divisors) < len(columns):
        first, *others = (each * weight for each, weight in zip(columns, given, strict=True))
        return sum(others, start=first)
    shares = [weight / divisor for weight, divisor in zip(given, divisors, strict=True)]
    common = math.lcm(*(share.denominator for share in shares))
    factors = [share.numerator * (common // share.denominator) for share in shares]
    return Quotients(combined([each.above for each in columns], factors), common)


def _rounded(above: Whole, below: Whole | int, scale: int) -> Whole:
    """Return floor((2n + d) / 2d) for n/d = above × scale / below, nothing of it negative.

    Where 2n may be too long for a machine integer the whole part is split off first: what is
    left is less than the denominator.
    """
    most, divisor = bounds(above)[1], bounds(below)[1]
    if (2 * most * scale + divisor) <= LARGEST or 2 * divisor * scale > LARGEST:
        return above.half_up(scale, below)
    return (above // below) * scale + (above % below).half_up(scale, below)
