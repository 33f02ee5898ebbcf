"""Exact arithmetic: a quotient stays a fraction until the one rounding that the scheme asks for.

A division of decimals would already round, and a sum of such quotients can then miss a tie: three
thirds of 1.00005 are 1.00005 and round up, 0.999… of it does not. Fractions cannot miss.
"""

from decimal import Decimal
from fractions import Fraction

_SHOWN_PLACES = 12


def half_up(value: Fraction, places: int) -> Decimal:
    """Return the value rounded to `places` decimal places, ties away from zero (四舍五入)."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    sign = "-" if value < 0 and whole else ""
    # The constructor is exact at any length; an operation would round to the context's precision.
    return Decimal(f"{sign}{whole}E-{places}")


def show(value: Decimal | Fraction) -> str:
    """Return the number as a person writes it; `…` where an endless fraction is cut."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    rounded = half_up(value, _SHOWN_PLACES)
    return show(rounded) + ("" if Fraction(rounded) == value else "…")
