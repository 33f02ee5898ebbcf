"""Columns of whole numbers that cannot overflow: every column knows what it lies between.

Machine integers of 64 bits are used only where the bounds prove that the result fits; where they
do not, the same step is made with Python's own integers, which have no largest. A step never
wraps around and never becomes a float.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

LARGEST = 2**63 - 1

Array = NDArray[Any]
"""An array of 64-bit integers, or of Python's integers as objects."""

Mask = NDArray[np.bool_]
"""For each row, yes or no."""


class Whole:
    """A column of whole numbers, all of them from `low` to `high`."""

    __slots__ = ("array", "high", "low")

    def __init__(self, array: Array, low: int, high: int) -> None:
        self.low, self.high = low, high
        fits = low >= -LARGEST and high <= LARGEST
        self.array = array if fits == (array.dtype != object) else _as(array, fits)

    @classmethod
    def of(cls, numbers: "Iterable[int] | Array") -> "Whole":
        """Return the column of these numbers; refuse what is not whole."""
        if not isinstance(numbers, np.ndarray):
            numbers = list(numbers)
            fits = not numbers or (min(numbers) >= -LARGEST and max(numbers) <= LARGEST)
            numbers = np.array(numbers, dtype=np.int64 if fits else object)
        if numbers.dtype.kind not in "iO":
            raise TypeError(f"A column is of whole numbers, not of {numbers.dtype}.")
        array = numbers if numbers.dtype.kind == "O" else numbers.astype(np.int64, copy=False)
        if not len(array):
            return cls(array, 1, 1)  # no row contradicts it, also as a divisor
        return cls(array, int(array.min()), int(array.max()))

    def __len__(self) -> int:
        return len(self.array)

    def __add__(self, other: "Whole | int") -> "Whole":
        low, high = bounds(other)
        return self._with(np.add, other, self.low + low, self.high + high)

    def __sub__(self, other: "Whole | int") -> "Whole":
        low, high = bounds(other)
        return self._with(np.subtract, other, self.low - high, self.high - low)

    def __mul__(self, other: "Whole | int") -> "Whole":
        if isinstance(other, int) and other == 1:
            return self
        corners = [mine * its for mine in (self.low, self.high) for its in bounds(other)]
        return self._with(np.multiply, other, min(corners), max(corners))

    def __rmul__(self, other: int) -> "Whole":
        return self * other

    def __floordiv__(self, other: "Whole | int") -> "Whole":
        """Return the quotients rounded down; the bounds of `other` say that it is above zero."""
        divisors = bounds(other)
        if divisors[0] < 1:
            raise ValueError("The divisor is not known to be above zero.")
        low = min(self.low // divisor for divisor in divisors)
        high = max(self.high // divisor for divisor in divisors)
        return self._with(np.floor_divide, other, low, high)

    def __mod__(self, other: "Whole | int") -> "Whole":
        """Return what the division by `other`, which is above zero, leaves."""
        return self._with(np.remainder, other, 0, bounds(other)[1] - 1)

    def half_up(self, scale: int, divisor: "Whole | int") -> "Whole":
        """Return numbers × scale / divisor rounded half up; no number may be below zero.

        As floor((2n + d) / 2d); where every step fits, in one new array instead of four.
        """
        twice, (low, high) = 2 * scale, bounds(divisor)
        if (self.low, low) < (0, 1) or self.high * twice + high > LARGEST or 2 * high > LARGEST:
            return (self * twice + divisor) // (divisor * 2)
        its: Any = divisor if isinstance(divisor, int) else divisor.array
        found = self.array * twice
        found += its
        found //= its * 2
        least, most = (
            (self.low * twice + low) // (2 * high),
            (self.high * twice + high) // (2 * low),
        )
        return Whole(found, least, most)

    def least(self, other: "Whole | int") -> "Whole":
        """Return the lesser number of each row."""
        low, high = bounds(other)
        if self.high <= low:
            return self
        return self._with(np.minimum, other, min(self.low, low), min(self.high, high))

    def most(self, other: "Whole | int") -> "Whole":
        """Return the greater number of each row."""
        low, high = bounds(other)
        if self.low >= high:
            return self
        return self._with(np.maximum, other, max(self.low, low), max(self.high, high))

    def below(self, other: "Whole | int") -> Mask:
        """Say in which rows the number is less than the other."""
        return self._compared(np.less, other)

    def above(self, other: "Whole | int") -> Mask:
        """Say in which rows the number is greater than the other."""
        return self._compared(np.greater, other)

    def equal(self, other: "Whole | int") -> Mask:
        """Say in which rows the numbers are equal."""
        return self._compared(np.equal, other)

    def where(self, mask: Mask, other: "Whole | int") -> "Whole":
        """Return these numbers in the rows of the mask, those of the other in the others."""
        low, high = bounds(other)
        return self._with(
            lambda mine, its: np.where(mask, mine, its),
            other,
            min(self.low, low),
            max(self.high, high),
        )

    def chosen(self, codes: Array) -> "Whole":
        """Return the numbers that stand at these positions."""
        return Whole(self.array[codes], self.low, self.high)

    def rows(self, mask: Mask) -> "Whole":
        """Return the rows of the mask only, with bounds as narrow as they are."""
        return Whole.of(self.array[mask])

    def _with(
        self, step: Callable[[Any, Any], Any], other: "Whole | int", low: int, high: int
    ) -> "Whole":
        mine, its = self._beside(other, low, high)
        return Whole(step(mine, its), low, high)

    def _compared(self, step: Callable[[Any, Any], Any], other: "Whole | int") -> Mask:
        mine, its = self._beside(other, 0, 0)
        found: Mask = np.asarray(step(mine, its)).astype(np.bool_, copy=False)
        return found

    def _beside(self, other: "Whole | int", low: int, high: int) -> tuple[Any, Any]:
        """Return both sides as machine integers if nothing of the step needs more."""
        its_low, its_high = bounds(other)
        fits = min(self.low, its_low, low) >= -LARGEST and max(self.high, its_high, high) <= LARGEST
        its: Any = other
        if isinstance(other, Whole):
            its = _as(other.array, fits)
        elif not fits:
            # An array of one: beside a bare Python integer NumPy might choose a type itself.
            its = np.array([other], dtype=object)
        return _as(self.array, fits), its


def combined(columns: Sequence[Whole], factors: Sequence[int]) -> Whole:
    """Return the sum of columns, at least one, each times its factor."""
    parts = [(f * c.low, f * c.high) for c, f in zip(columns, factors, strict=True)]
    low, high = (sum(side) for side in zip(*map(sorted, parts), strict=True))
    # The widest that any sum of some of them can be.
    widest = sum(max(map(abs, part)) for part in parts)
    if widest > LARGEST or any(each.array.dtype == object for each in columns):
        first, *others = (c * f for c, f in zip(columns, factors, strict=True))
        return sum(others, first)
    found, product = columns[0].array * factors[0], np.empty(len(columns[0]), dtype=np.int64)
    for column, factor in zip(columns[1:], factors[1:], strict=True):
        found += column.array if factor == 1 else np.multiply(column.array, factor, out=product)
    return Whole(found, low, high)


def bounds(number: Whole | int) -> tuple[int, int]:
    """Return what a number or a column lies between."""
    return (number.low, number.high) if isinstance(number, Whole) else (number, number)


def _as(array: Array, machine: bool) -> Array:
    wanted: Any = np.int64 if machine else object
    return array if (array.dtype == object) != machine else array.astype(wanted)
