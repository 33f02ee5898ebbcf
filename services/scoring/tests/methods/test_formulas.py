"""Formulas of a scheme: what their trees are worth."""

from decimal import Decimal
from fractions import Fraction

import pytest
from compiling import formula

from scoring.rules.columns.exact import half_up, root, show
from scoring.rules.columns.gaps import Undefined

INPUTS = {"a": Decimal("-1.5"), "b": Decimal(2), "人口": Decimal("3.0")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 - 2 - 1", "4"),
        ("8 / 2 / 2", "2"),
        ("1 / 3 + 1 / 3 + 1 / 3", "1"),
        ("0.1 + 0.2 == 0.3", "1"),
        ("-2 ** 2", "-4"),
        ("2 ** -1", "1/2"),
        ("2 ** 3 ** 2", "512"),
        ("- -2", "2"),
        ("a * b", "-3"),
        ("人口 * 2", "6"),
        ("min(3, a, b)", "-3/2"),
        ("max(3, a, b)", "3"),
        ("abs(a)", "3/2"),
        ("round(2.5)", "3"),
        ("round(a)", "-2"),
        ("round(1.005, 2)", "101/100"),
        ("ln(1)", "0"),
        ("sqrt(0.0625)", "1/4"),
        ("0.000001 ** (1 / 3)", "1/100"),
        ("8 ** (2 / 3)", "4"),
        ("0 ** 0.5", "0"),
        ("if(a < b, 10, 20)", "10"),
        ("if(a >= b, 10, 20)", "20"),
        ("if(b != 2, 1 / 0, 5)", "5"),
        ("if(b == 2, 5, 1 / 0)", "5"),
        ("(a <= -1.5) + (b > 1)", "2"),
    ],
)
def test_a_formula_is_worth_what_it_says_exactly(text, value):
    assert formula(text).value(INPUTS) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("sqrt(2)", "1.41421356237309504880168872420969807856967"),
        ("ln(10)", "2.30258509299404568401799145468436420760110"),
        ("2 ** 0.3", "1.23114441334491628449939306916774310987613"),
    ],
)
def test_what_is_irrational_has_its_first_forty_digits(text, begins):
    """Caught: a float on the way, which has sixteen."""
    value = formula(text).value({})

    scaled = value * 10**41
    assert str(scaled.numerator // scaled.denominator) == begins.replace(".", "")


@pytest.mark.parametrize(
    "text",
    [
        "c + 1",
        "1 / 0",
        "0 ** -1",
        "sqrt(a)",
        "ln(0)",
        "a ** 0.5",
        "round(1, 0.5)",
        "round(1, 13)",
        "9 ** 9 ** 9",
        "(9 ** 999) ** 999",
        "((9 ** 999) * (9 ** 999)) ** 30 * 0",
        "(9 ** 999) * (9 ** 999)",
        "2 ** 1000.5",
    ],
)
def test_what_has_no_value_is_undefined(text):
    """Planted bug: no bound on what a power may fill."""
    with pytest.raises(Undefined) as caught:
        formula(text).value(INPUTS)

    assert not caught.value.reasons[0].zh.isascii()


def test_the_largest_number_of_a_formula_can_be_written():
    """Caught: a number of more digits than Python writes, which is an error and no gap."""
    largest = formula("10 ** 1000 * 10 ** 200 + 1 / 3").value({})

    assert show(largest).startswith("10000000000")
    assert half_up(largest**2, 4) > 0


def test_a_formula_names_its_inputs_and_no_functions():
    assert formula("if(a > min(b, 1), a, 人口)").names == {"a", "b", "人口"}


def test_a_formula_with_its_numbers_put_in_is_a_formula_of_the_same_value():
    read = formula("if(a<b, a ** 2 - ab, b) * 人口")
    inputs = INPUTS | {"ab": Decimal("0.5")}

    assert read.filled(inputs) == "if((-1.5)<2, (-1.5) ** 2 - 0.5, 2) * 3"
    assert formula(read.filled(inputs)).value({}) == read.value(inputs)


def test_a_root_that_is_a_fraction_is_found_as_one_at_any_length():
    huge = Fraction(3**200 + 2, 7**150)

    assert root(huge**5, 5) == huge
    assert root(huge**2) == huge
    assert show(root(Fraction(2))) == "1.414213562373…"
