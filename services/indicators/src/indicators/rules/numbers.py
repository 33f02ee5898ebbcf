"""Decimals as people write them in schemes and targets: exact, finite, of a sane size."""

import re
from collections.abc import Iterable
from decimal import Decimal

MOST_DIGITS = 15
"""A number has at most this many digits before its point; a region's GDP in yuan has fewer."""

MOST_PLACES = 10
"""A number has at most this many decimals, trailing zeros not counted."""

# ASCII digits only: \d would also match full-width digits, which Decimal() accepts.
_WRITTEN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,30})?")


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def exact(raw: object) -> Decimal | None:
    """Return the decimal that `raw` writes, without trailing zeros; None when it writes none.

    Whole numbers, decimals and their texts are taken. A binary float is not a number here, nor
    is anything infinite, out of size, or with too many decimals.
    """
    digits = _digits(raw)
    if digits is None or not _WRITTEN.fullmatch(digits):
        return None
    value = tidy(Decimal(digits))
    return value if len(plain(value).partition(".")[2]) <= MOST_PLACES else None


def refusal(raw: object) -> tuple[str, str, str]:
    """Return code, English and Chinese of why `exact` takes no number from this."""
    digits = _digits(raw)
    if isinstance(raw, Decimal) or (digits is not None and _NUMBER.fullmatch(digits)):
        return (
            "too-many-digits",
            f"At most {MOST_DIGITS} digits are taken before the point and {MOST_PLACES} after it, "
            "trailing zeros not counted.",
            f"小数点前至多 {MOST_DIGITS} 位，小数点后至多 {MOST_PLACES} 位（末尾的零不计）。",
        )
    return (
        "not-a-number",
        "A number is wanted, in plain digits: at most "
        f"{MOST_DIGITS} before the point and {MOST_PLACES} after it.",
        f"应为数字，直接书写：小数点前至多 {MOST_DIGITS} 位，小数点后至多 {MOST_PLACES} 位。",
    )


def _digits(raw: object) -> str | None:
    if isinstance(raw, Decimal):
        # The exponent is tested first: writing out 1E+999999999 would fill the memory.
        exponent = raw.as_tuple().exponent
        sane = isinstance(exponent, int) and abs(exponent) <= 2 * MOST_DIGITS
        return format(raw, "f") if sane else None
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        return None
    return str(raw)


def tidy(value: Decimal) -> Decimal:
    """Return the same number without exponent and trailing zeros: 60.90 becomes 60.9."""
    return Decimal(plain(value)) if value else Decimal()


def plain(value: Decimal) -> str:
    """Return the digits of a number, without exponent and trailing zeros."""
    digits = format(value, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the exact sum of `values`."""
    return sum(values, Decimal())
