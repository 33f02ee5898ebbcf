"""What a total is made of, one row per sentence of a scheme."""

from decimal import Decimal

import pytest

from ranking.rules.composition import (
    Composition,
    Gap,
    Marks,
    Rounding,
    SheetIncomplete,
    compose,
    refuse_gaps,
)

PARTS = ("function", "public_review", "comprehensive")


def marks(*points: str, bonus: str = "0", deductions: str = "0") -> Marks:
    blocks = dict(zip((*PARTS, "other"), map(Decimal, points), strict=False))
    return Marks("A", blocks, Decimal(bonus), Decimal(deductions))


@pytest.mark.parametrize(
    ("sentence", "given", "composition", "final"),
    [
        ("the parts add up", marks("50", "10", "20"), Composition(PARTS, True, True), "80"),
        (
            "a bonus comes on top, a deduction is taken off",
            marks("50", "10", "20", bonus="3", deductions="0.5"),
            Composition(PARTS, True, True),
            "82.5",
        ),
        (
            "a total may pass 100",
            marks("61", "14", "25", bonus="2"),
            Composition(PARTS, True, True),
            "102",
        ),
        (
            "unless the scheme caps it",
            marks("61", "14", "25", bonus="2"),
            Composition(PARTS, True, True, Decimal(100)),
            "100",
        ),
        (
            "the cap is on the total, after deductions",
            marks("61", "14", "25", bonus="2", deductions="3"),
            Composition(PARTS, True, True, Decimal(100)),
            "99",
        ),
        (
            "a scheme without bonus leaves it out",
            marks("50", "10", "20", bonus="3", deductions="1"),
            Composition(PARTS, False, True),
            "79",
        ),
        (
            "a scheme without deductions leaves them out",
            marks("50", "10", "20", bonus="3", deductions="1"),
            Composition(PARTS, True, False),
            "83",
        ),
        (
            "a block that is no part does not count",
            marks("50", "10", "20", "9"),
            Composition(PARTS, True, True),
            "80",
        ),
        (
            "a category without a block goes without it",
            marks("75", "25"),
            Composition(PARTS, True, True),
            "100",
        ),
        (
            "the total is rounded half up",
            marks("50.00005", "10", "20"),
            Composition(PARTS, True, True),
            "80.0001",
        ),
    ],
)
def test_a_total(sentence: str, given: Marks, composition: Composition, final: str) -> None:
    total = compose(given, composition, Rounding())
    assert total.final_total == Decimal(final), sentence
    assert total.final_total.as_tuple().exponent == -4


@pytest.mark.parametrize(
    ("mode", "places", "number", "rounded"),
    [
        ("half_up", 2, "0.125", "0.13"),
        ("half_even", 2, "0.125", "0.12"),
        ("half_up", 0, "0.5", "1"),
        ("half_up", 4, "1", "1.0000"),
    ],
)
def test_rounding(mode: str, places: int, number: str, rounded: str) -> None:
    assert str(Rounding(places, mode).apply(Decimal(number))) == rounded  # type: ignore[arg-type]


def test_a_complete_sheet_is_not_refused() -> None:
    refuse_gaps([])


def test_every_unit_and_indicator_that_lacks_a_mark_is_named_at_once() -> None:
    """Would fail if the refusal stopped at the first gap that it met."""
    with pytest.raises(SheetIncomplete) as refused:
        refuse_gaps(
            [
                Gap("XQ02", "C03", "no zero report"),
                Gap("XQ01", "C13", "no closed wave"),
                Gap("XQ01", "C01", "no target"),
                Gap("XQ03", None, "not in the sheet"),
            ]
        )
    assert refused.value.facts["missing"] == [
        {"unit": "XQ01", "indicator": "C01", "reason": "no target"},
        {"unit": "XQ01", "indicator": "C13", "reason": "no closed wave"},
        {"unit": "XQ02", "indicator": "C03", "reason": "no zero report"},
        {"unit": "XQ03", "indicator": None, "reason": "not in the sheet"},
    ]
    assert "XQ01 C01, XQ01 C13, XQ02 C03, XQ03 *" in refused.value.detail_en
