from decimal import Decimal

import pytest

from indicators.rules.numbers import exact, plain


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (60, "60"),
        ("60.90", "60.9"),
        (Decimal("1E+2"), "100"),
        (Decimal("100.000"), "100"),
        ("-0.00", "0"),
        ("-3.5", "-3.5"),
        ("999999999999999.0123456789", "999999999999999.0123456789"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written, number):
    value = exact(written)
    assert value is not None
    assert (value, plain(value)) == (Decimal(number), number)


@pytest.mark.parametrize(
    "written",
    [
        None,
        True,
        0.1,
        "",
        "abc",
        "1e3",
        "1_000",
        " 1",
        "１",
        "NaN",
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+999999999"),
        Decimal("1E-999999999"),
        10**15,
        "0.12345678901",
        Decimal("0.9999999999999999999999999999"),
        [1],
    ],
)
def test_what_is_no_exact_number_of_sane_size_is_none(written):
    assert exact(written) is None
