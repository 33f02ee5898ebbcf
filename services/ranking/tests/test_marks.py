"""What a sheet gives to rank, and that nothing is ranked while a mark is missing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ranking.rules.marks import Composition, Rounding
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
OPEN = Composition(PARTS)


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
    three = Decimal(3)
    indicators = (scored("C01", "2"), parent)
    return UnitSheet(unit, dict(WHOLE), three, Decimal(0), three, indicators, ())


def lacking(sheet: UnitSheet, **blocks: Decimal | None) -> UnitSheet:
    """Give the sheet with other blocks, and as scoring tells it then: without totals."""
    return replace(sheet, blocks={**WHOLE, **blocks}, base_total=None, total=None)


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
    two_gaps = replace(lacking(sheet("XQ02"), function=None), missing=gaps)
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
                lacking(sheet("XQ01"), function=None),
                indicator_scores=(scored("C01", None),),
            ),
            "C01",
        ),
        (
            "so is a part without points",
            lacking(sheet("XQ01"), function=None),
            "function",
        ),
        (
            "where the sheet names nothing, everything is",
            lacking(sheet("XQ01")),
            "*",
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
        lacking(sheet("XQ02"), function=None),
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
    short = replace(lacking(sheet("XQ02"), function=None), missing=(mark,))
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
