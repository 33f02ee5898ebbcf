"""What a total is made of, and that nothing is ranked while a mark is missing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ranking.rules.composition import Composition, Marks, Rounding, compose
from ranking.rules.scheme import Block, Category
from ranking.rules.sheet import (
    ClaimedPoints,
    MissingMark,
    ScoredIndicator,
    SheetIncomplete,
    UnitSheet,
    marks_to_rank,
    with_claims,
)

PARTS = ("function", "public_review", "comprehensive")
OPEN = Composition(PARTS, None)
CAPPED = Composition(PARTS, Decimal(100))


def marks(*points: str, adjustment: str = "0") -> Marks:
    blocks = dict(zip((*PARTS, "other"), map(Decimal, points), strict=False))
    return Marks("A", blocks, Decimal(adjustment), {})


@pytest.mark.parametrize(
    ("sentence", "given", "composition", "final"),
    [
        ("the parts add up", marks("50", "10", "20"), OPEN, "80"),
        ("the adjustment comes on top", marks("50", "10", "20", adjustment="2.5"), OPEN, "82.5"),
        ("or is taken off", marks("50", "10", "20", adjustment="-0.5"), OPEN, "79.5"),
        ("a total may pass 100", marks("61", "14", "25", adjustment="2"), OPEN, "102"),
        ("unless the scheme caps it", marks("61", "14", "25", adjustment="2"), CAPPED, "100"),
        ("the cap raises nobody", marks("61", "14", "25", adjustment="-1"), CAPPED, "99"),
        ("a block that is no part does not count", marks("50", "10", "20", "9"), OPEN, "80"),
        ("a category without a block goes without it", marks("75", "25"), OPEN, "100"),
        ("the total is rounded half up", marks("50.00005", "10", "20"), OPEN, "80.0001"),
    ],
)
def test_a_total(sentence: str, given: Marks, composition: Composition, final: str) -> None:
    total = compose(given, composition, Rounding(4, "half_up"))
    assert total.final_total == Decimal(final), sentence
    assert total.final_total.as_tuple().exponent == -4


@pytest.mark.parametrize(
    ("places", "number", "rounded"), [(2, "0.125", "0.13"), (0, "0.5", "1"), (4, "1", "1.0000")]
)
def test_rounding(places: int, number: str, rounded: str) -> None:
    assert str(Rounding(places, "half_up").apply(Decimal(number))) == rounded


WHOLE = dict.fromkeys(PARTS, Decimal(1))
CATEGORY = Category("COUNTY", ("XQ01", "XQ02", "XQ03"), tuple(Block(part) for part in PARTS))


def scored(
    code: str, score: str | None, *children: ScoredIndicator, block: str = "function"
) -> ScoredIndicator:
    points = None if score is None else Decimal(score)
    return ScoredIndicator(code, block, Decimal(5), points, children)


def sheet(unit: str) -> UnitSheet:
    """Give a complete sheet of one unit, with a parent and its child in it."""
    parent = scored("C10", "3", scored("C10A", "3"))
    return UnitSheet(unit, dict(WHOLE), Decimal(0), (scored("C01", "2"), parent), ())


def test_a_complete_sheet_gives_every_unit_its_marks() -> None:
    marks = marks_to_rank(map(sheet, CATEGORY.units), CATEGORY, OPEN, leave_out=False)
    found = marks.complete
    assert marks.incomplete == ()
    assert [each.unit for each in found] == ["XQ01", "XQ02", "XQ03"]
    assert {code: str(one.score) for code, one in found[0].scores.items()} == {
        "C01": "2",
        "C10": "3",
        "C10A": "3",
    }


def test_every_unit_and_indicator_that_lacks_a_mark_is_named_at_once() -> None:
    """Planted bug: stop at the first gap, or leave out a unit that the sheet lacks whole."""
    gaps = (MissingMark("C13"), MissingMark("C01"))
    two_gaps = replace(sheet("XQ02"), blocks={**WHOLE, "function": None}, missing=gaps)
    with pytest.raises(SheetIncomplete) as refused:
        marks_to_rank([sheet("XQ01"), two_gaps], CATEGORY, OPEN, leave_out=False)
    assert refused.value.facts["missing"] == [
        {"unit": "XQ02", "indicator": "C01"},
        {"unit": "XQ02", "indicator": "C13"},
        {"unit": "XQ03", "indicator": "*"},
    ]
    assert "XQ02 C01, XQ02 C13, XQ03 *" in refused.value.detail_en


@pytest.mark.parametrize(
    ("sentence", "broken", "named"),
    [
        (
            "a null score that costs a part its points is named even if the sheet does not list it",
            replace(
                sheet("XQ01"),
                blocks={**WHOLE, "function": None},
                indicator_scores=(scored("C01", None),),
            ),
            "C01",
        ),
        (
            "so is a part without points",
            replace(sheet("XQ01"), blocks={**WHOLE, "function": None}),
            "function",
        ),
        (
            "so is a part that is not there",
            replace(sheet("XQ01"), blocks={"function": Decimal(1), "comprehensive": Decimal(1)}),
            "public_review",
        ),
    ],
)
def test_a_gap_is_never_a_zero(sentence: str, broken: UnitSheet, named: str) -> None:
    """Planted bug: let a null score or a missing block count as 0."""
    sheets = [broken, sheet("XQ02"), sheet("XQ03")]
    with pytest.raises(SheetIncomplete) as refused:
        marks_to_rank(sheets, CATEGORY, OPEN, leave_out=False)
    assert refused.value.facts["missing"] == [{"unit": "XQ01", "indicator": named}], sentence


@pytest.mark.parametrize(("counted", "deducted"), [(True, "3.75"), (False, "0")])
def test_what_was_taken_off_is_told_apart_from_what_was_added(counted: bool, deducted: str) -> None:
    """Planted bugs: take bonus minus deductions; forget what was lost beyond an indicator's points,
    or a block's that is only shown; give a unit the claims of all."""
    inner = replace(scored("C02", "4"), excess=Decimal("0.75"))
    outer = replace(scored("C01", "4"), children=(inner,))
    shown = replace(scored("C09", "4"), block="shown", excess=Decimal(8))
    units = [replace(sheet("XQ01"), indicator_scores=(outer, shown)), sheet("XQ02"), sheet("XQ03")]
    claims = [
        ClaimedPoints("XQ01", "bonus", Decimal(5)),
        ClaimedPoints("XQ01", "deduction", Decimal(-2)),
        ClaimedPoints("XQ01", "deduction", Decimal(-1)),
        ClaimedPoints("XQ02", "deduction", Decimal(-9)),
    ]
    composition = replace(OPEN, deductions=counted)
    given = with_claims(units, claims)
    first = marks_to_rank(given, CATEGORY, composition, leave_out=False).complete[0]
    assert first.deductions == Decimal(deducted)


def test_an_indicator_whose_points_moved_elsewhere_is_no_gap() -> None:
    """Planted bug: refuse a unit for which the scheme gave the points of a gap to its siblings."""
    skipped = replace(sheet("XQ01"), indicator_scores=(scored("C01", None), scored("C02", "4")))
    sheets = [skipped, sheet("XQ02"), sheet("XQ03")]
    marks = marks_to_rank(sheets, CATEGORY, OPEN, leave_out=False)
    assert sorted(marks.complete[0].scores) == ["C02"]


def test_incomplete_units_are_left_out_where_the_scheme_wants_that() -> None:
    broken = replace(
        sheet("XQ02"),
        blocks={**WHOLE, "function": None},
        missing=(MissingMark("C13", "Too few answered.", "有效样本不足。"),),
        adjustment=Decimal(2),
    )
    marks = marks_to_rank([sheet("XQ01"), broken], CATEGORY, OPEN, leave_out=True)
    assert [one.unit for one in marks.complete] == ["XQ01"]
    lacks = {one.unit: (one.gaps, set(one.blocks), one.adjustment) for one in marks.incomplete}
    assert lacks == {
        "XQ02": (("C13",), {"public_review", "comprehensive"}, Decimal(2)),
        "XQ03": (("*",), set(), Decimal(0)),
    }
    assert [mark.reason_zh for one in marks.incomplete for mark in one.why] == ["有效样本不足。"]


def test_a_refusal_says_of_a_gap_what_the_sheet_says_of_it() -> None:
    """Planted bug: name the indicator alone, and nobody learns that too few answered."""
    mark = MissingMark("C13", "Too few answered.", "有效样本不足。")
    short = replace(sheet("XQ02"), blocks={**WHOLE, "function": None}, missing=(mark,))
    with pytest.raises(SheetIncomplete) as refused:
        marks_to_rank([sheet("XQ01"), short, sheet("XQ03")], CATEGORY, OPEN, leave_out=False)
    assert refused.value.facts["missing"] == [
        {
            "unit": "XQ02",
            "indicator": "C13",
            "reason": "Too few answered.",
            "reason_zh": "有效样本不足。",
        }
    ]
