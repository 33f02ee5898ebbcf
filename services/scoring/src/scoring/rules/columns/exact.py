"""Exact arithmetic: a quotient stays a fraction until the one rounding that the scheme asks for.

A division of decimals would already round, and a sum of such quotients can then miss a tie: three
thirds of 1.00005 are 1.00005 and round up, 0.999… of it does not. Fractions cannot miss. Roots
and powers that are fractions are found as fractions; the others, and logarithms, are irrational
and are computed to 50 digits: no tie at a scheme's few places can hide behind so many.
"""

import math
from decimal import Context, Decimal, DecimalException
from fractions import Fraction

from scoring.rules.columns.gaps import Undefined

_SHOWN_PLACES = 12
_MOST_WRITTEN = 100
_MANY_DIGITS = Context(prec=50)
_LARGEST_EXPONENT = 1000
_LARGEST_ROOT = 1000
_LARGEST_POWER_OF_A_ROOT = 100
_MOST_BITS = 1 << 12
_TOO_LARGE = ("A number grows beyond all use.", "数值过大，无法计算。")


Exact = Decimal | Fraction
"""A number that compares and divides exactly: a decimal, or a fraction that no decimal is."""


def half_up(value: Fraction, places: int) -> Decimal:
    """Return the value rounded to `places` decimal places, ties away from zero (四舍五入)."""
    # In whole numbers: this runs for every score, and arithmetic of fractions is ten times slower.
    above, below = value.numerator, value.denominator
    whole = (2 * abs(above) * 10**places + below) // (2 * below)
    sign = "-" if above < 0 and whole else ""
    # The constructor is exact at any length; an operation would round to the context's precision.
    return Decimal(f"{sign}{whole}E-{places}")


def show(value: Decimal | Fraction) -> str:
    """Return the number as a person writes it; `…` where an endless fraction is cut."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if value.denominator == 1:
        return str(value.numerator)
    ends = 10**_SHOWN_PLACES % value.denominator == 0
    return show(half_up(value, _SHOWN_PLACES)) + ("" if ends else "…")


def precise(value: Decimal | Fraction) -> str:
    """Return the number as a person writes it and, where that is cut, what it is exactly.

    So a formula with numbers put in can be computed again from what is printed.
    """
    shown = show(value)
    if not shown.endswith("…"):
        return shown
    if value < 0 and not shown.startswith("-"):
        shown = f"-{shown}"  # all its shown digits are 0; it is below 0 nevertheless
    above, below = value.as_integer_ratio()
    whole = ended(Fraction(value), _MOST_WRITTEN)
    exact = f"{above} / {below}" if isinstance(whole, Fraction) else show(whole)
    return f"{shown} (= {exact})"


def ended(value: Fraction, most: int = _SHOWN_PLACES) -> Exact:
    """Return the number as the decimal that it is; one that does not end, or only after `most`
    places, which are as many as are shown, stays a fraction.

    So a value that was computed is one like those that were entered, and is written like them.
    """
    twos = (value.denominator & -value.denominator).bit_length() - 1
    rest, fives = value.denominator >> twos, 0
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    places = max(twos, fives)
    return half_up(value, places) if rest == 1 and places <= most else value


def logarithm(value: Fraction) -> Fraction:
    """Return the natural logarithm to 50 digits; there is none of zero or less."""
    if value <= 0:
        raise Undefined(
            f"{show(value)} has no logarithm; it needs to be above 0.",
            f"{show(value)}没有对数；取对数要求大于0。",
        )
    return Fraction(_MANY_DIGITS.ln(_decimal(value)))


def root(value: Fraction, degree: int = 2) -> Fraction:
    """Return a root of a number that is not negative: as a fraction if it is one."""
    if value < 0:
        raise Undefined(f"{show(value)} has no root.", f"{show(value)}小于0，不能开方。")
    above, below = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    if above is not None and below is not None:
        return Fraction(above, below)
    return _irrational(value, Fraction(1, degree))


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """Return a power: as a fraction if it is one, else to 50 digits.

    The exponent is at most 1000 either way, so that nobody's formula fills the memory.
    """
    if abs(exponent) > _LARGEST_EXPONENT:
        raise Undefined(
            f"The exponent {show(exponent)} is beyond ±{_LARGEST_EXPONENT}.",
            f"指数{show(exponent)}超出±{_LARGEST_EXPONENT}。",
        )
    if base == 0 and exponent < 0:
        raise Undefined("A power of 0 below 0 divides by 0.", "0的负数次方无意义。")
    if exponent.denominator == 1:
        if not is_writable(base, exponent.numerator):
            raise Undefined(*_TOO_LARGE)
        return base**exponent.numerator
    if base < 0:
        raise Undefined(
            f"{show(base)} has no power of {show(exponent)}.",
            f"{show(base)}没有{show(exponent)}次方。",
        )
    return _broken_power(base, exponent)


def _broken_power(base: Fraction, exponent: Fraction) -> Fraction:
    """Return a power whose exponent is no whole number."""
    whole, degree = exponent.numerator, exponent.denominator
    if degree <= _LARGEST_ROOT and abs(whole) <= _LARGEST_POWER_OF_A_ROOT:
        # Whole and degree share no factor: the power is a fraction just where the root is one,
        # and the root of the base is found in no time, that of its power is not.
        above, below = _whole_root(base.numerator, degree), _whole_root(base.denominator, degree)
        if above is not None and below is not None:
            return Fraction(above, below) ** whole
    return _irrational(base, exponent)


def bounded(value: Fraction | int) -> None:
    """Refuse a number (or a count of bits) too long for a score, however it came about."""
    if (value if isinstance(value, int) else _bits(value)) > _MOST_BITS:
        raise Undefined(*_TOO_LARGE)


def is_writable(base: Fraction, exponent: int) -> bool:
    """Say whether a whole power of a number is short enough to be worked out as a fraction."""
    return max(_bits(base) - 1, 0) * abs(exponent) <= _MOST_BITS


def has_exact_root(degree: int) -> bool:
    """Say whether a root of this degree comes out as a fraction where it is one."""
    return degree <= _LARGEST_ROOT


def _bits(value: Fraction) -> int:
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def _whole_root(number: int, degree: int) -> int | None:
    """Return the root of a whole number if it is whole too."""
    if degree == 2:
        found = math.isqrt(number)
        return found if found * found == number else None
    if number < 2 or degree > number.bit_length():
        return number if number < 2 else None
    digits = Context(prec=number.bit_length() // (3 * degree) + 20)
    # Of so many digits as the root has: a power of all of them takes seconds where they are many.
    first = digits.create_decimal(number)
    near = digits.power(first, digits.divide(Decimal(1), Decimal(degree)))
    found = int(near.to_integral_value())
    return found if found**degree == number else None


def _irrational(base: Fraction, exponent: Fraction) -> Fraction:
    if base == 0:
        return Fraction(0)
    try:
        return Fraction(_MANY_DIGITS.power(_decimal(base), _decimal(exponent)))
    except DecimalException:
        raise Undefined(*_TOO_LARGE) from None


def _decimal(value: Fraction) -> Decimal:
    return _MANY_DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
