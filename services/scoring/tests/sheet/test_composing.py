"""What a total is made of."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.rules.columns.exact import half_up
from scoring.rules.scheme.document import AdjustmentPlace, Composition, PartOfTotal
from scoring.rules.sheet.composing import Composed, compose, worths

PARTS = ("function", "public_review", "comprehensive")
OPEN = Composition(PARTS, bonus=True, deductions=True, max_total=None)
CAPPED = Composition(PARTS, bonus=True, deductions=True, max_total=Decimal(100))


def blocks(*points: str) -> dict[str, Decimal | None]:
    """Give the blocks of a unit, in the order of the parts and one more."""
    return dict(zip((*PARTS, "other"), map(Decimal, points), strict=False))


@pytest.mark.parametrize(
    ("sentence", "given", "adjustment", "composition", "total"),
    [
        ("the parts add up", blocks("50", "10", "20"), "0", OPEN, "80"),
        ("the adjustment comes on top", blocks("50", "10", "20"), "2.5", OPEN, "82.5"),
        ("or is taken off", blocks("50", "10", "20"), "-0.5", OPEN, "79.5"),
        ("a total may pass 100", blocks("61", "14", "25"), "2", OPEN, "102"),
        ("unless the scheme caps it", blocks("61", "14", "25"), "2", CAPPED, "100"),
        ("the cap raises nobody", blocks("61", "14", "25"), "-1", CAPPED, "99"),
        ("a block that is no part does not count", blocks("50", "10", "20", "9"), "0", OPEN, "80"),
        ("a category without a block goes without it", blocks("75", "25"), "0", OPEN, "100"),
    ],
)
def test_a_total(
    sentence: str,
    given: dict[str, Decimal | None],
    adjustment: str,
    composition: Composition,
    total: str,
) -> None:
    """Planted bugs: the cap before the adjustment; every block counted."""
    assert compose(given, Decimal(adjustment), composition, 4).total == Decimal(total), sentence


def test_a_part_without_a_score_leaves_no_total() -> None:
    """Planted bug: it counts as 0."""
    lacking = {**blocks("50", "10"), "comprehensive": None}
    assert compose(lacking, Decimal(1), OPEN, 4) == Composed(None, None)
    weighed = compose(lacking, Decimal(1), made(function={"weight": "1"}), 4)
    assert (weighed.base_total, weighed.total, weighed.exact) == (None, None, None)
    shown = {**blocks("50", "10", "20"), "other": None}
    assert compose(shown, Decimal(1), OPEN, 4) == Composed(Decimal(80), Decimal(81))


def made(
    *,
    into: str | None = None,
    most: str | None = None,
    rounding: Literal["at_end", "each_part"] = "at_end",
    lacking: Literal["refused", "nothing", "scaled_up"] = "refused",
    **parts: dict[str, str],
) -> Composition:
    """Give a composition of all parts, of which it says this."""
    return Composition(
        PARTS,
        bonus=True,
        deductions=True,
        max_total=None if most is None else Decimal(most),
        by_part=tuple(
            PartOfTotal(code, **{name: Decimal(each) for name, each in said.items()})
            for code, said in parts.items()
        ),
        adjustment=None if into is None else AdjustmentPlace(into),
        rounding=rounding,
        lacking=lacking,
    )


SCALED = {"function": {"scale": "1000", "points": "100"}}
WEIGHED = {
    "function": {"weight": "0.5"},
    "public_review": {"weight": "0.3"},
    "comprehensive": {"weight": "0.2"},
}
CAPPED_PART = {"comprehensive": {"cap": "25"}}
THIRDS = {"function": {"scale": "3", "points": "1"}, "public_review": {"scale": "3", "points": "1"}}


@pytest.mark.parametrize(
    ("sentence", "given", "adjustment", "composition", "base", "total"),
    [
        ("a scale is converted", ("876", "10", "2"), "1", made(**SCALED), "99.6", "100.6"),
        ("parts are weighed", ("90", "80", "70"), "1", made(**WEIGHED), "83", "84"),
        ("converted, then weighed", ("900", "80", "70"), "0",
         made(**WEIGHED | {"function": {"scale": "1000", "points": "100", "weight": "0.5"}}),
         "83", "83"),
        ("a cap cuts a part", ("50", "10", "28"), "0", made(**CAPPED_PART), "85", "85"),
        ("a bonus stays within the cap", ("50", "10", "24"), "3",
         made(into="comprehensive", **CAPPED_PART), "84", "85"),
        ("or beside it", ("50", "10", "28"), "3", made(**CAPPED_PART), "85", "88"),
        ("a deduction inside is felt where the cap is not", ("50", "10", "28"), "-5",
         made(into="comprehensive", **CAPPED_PART), "85", "83"),
        ("inside, the adjustment is weighed too", ("90", "80", "70"), "5",
         made(into="comprehensive", **WEIGHED), "83", "84"),
        ("the whole has a cap still", ("90", "80", "70"), "9", made(most="85", **WEIGHED),
         "83", "85"),
        ("rounded at the end: 1/3 + 1/3", ("1", "1", "0"), "0", made(**THIRDS), "0.6667", "0.6667"),
        ("rounded by part: 0.3333 + 0.3333", ("1", "1", "0"), "0",
         made(rounding="each_part", **THIRDS), "0.6666", "0.6666"),
        ("weights of what is there are scaled up", ("90", "80"), "0",
         made(lacking="scaled_up", **WEIGHED), "86.25", "86.25"),
        ("or what is not there brings nothing", ("90", "8"), "0",
         made(lacking="nothing", **SCALED), "17", "17"),
    ],
)  # fmt: skip
def test_a_total_of_parts(
    sentence: str,
    given: tuple[str, ...],
    adjustment: str,
    composition: Composition,
    base: str,
    total: str,
) -> None:
    """Planted bugs: the cap before the conversion; the adjustment after the cap; weights not scaled
    up; the sum rounded part by part; the weight of the wrong part."""
    found = compose(blocks(*given), Decimal(adjustment), composition, 4)
    assert (found.base_total, found.total) == (Decimal(base), Decimal(total)), sentence


points = st.decimals(0, 100, places=2)


@given(st.lists(points, min_size=3, max_size=3), st.integers(1, 9))
def test_equal_weights_are_the_mean_and_a_scale_changes_nothing(
    scores: list[Decimal], times: int
) -> None:
    """Of weights 1/2 and 1/2, and of all of them scaled up; whatever the block's own scale is."""
    half = {"weight": "0.5"}
    both = made(lacking="scaled_up", function=half, public_review=half)
    two = dict(zip(PARTS[:2], scores[:2], strict=True))
    mean = half_up(Fraction(sum(scores[:2])) / 2, 4)
    assert compose(two, Decimal(0), both, 4).total == mean
    thirds = {code: {"weight": "0.2"} for code in PARTS}
    every = compose(blocks(*map(str, scores)), Decimal(0), made(lacking="scaled_up", **thirds), 4)
    assert every.total == half_up(Fraction(sum(scores)) / 3, 4)
    larger = {"scale": str(100 * times), "points": "100", "weight": "0.5"}
    wide = {**two, "function": two["function"] * times}
    scaled = made(lacking="scaled_up", function=larger, public_review=half)
    assert compose(wide, Decimal(0), scaled, 4).total == mean


@given(st.lists(points, min_size=3, max_size=3), points, st.decimals(-9, 9, places=1))
def test_a_higher_cap_lowers_nobody_and_no_cap_raises_nobody(
    scores: list[Decimal], cap: Decimal, adjustment: Decimal
) -> None:
    given_blocks = blocks(*map(str, scores))

    def total(most: Decimal) -> Decimal:
        composition = made(into="comprehensive", comprehensive={"cap": str(most)})
        found = compose(given_blocks, adjustment, composition, 4).total
        assert found is not None
        return found

    free = compose(given_blocks, adjustment, OPEN, 4).total
    assert free is not None
    assert total(cap) <= total(cap + 1) <= total(Decimal(1000)) == free
    assert total(cap) <= scores[0] + scores[1] + cap


@given(st.lists(points, min_size=3, max_size=3), st.sampled_from(PARTS), points)
def test_what_a_point_is_worth_is_what_it_brings(
    scores: list[Decimal], where: str, more: Decimal
) -> None:
    """As long as nothing is cut: the exact total moves by the worth of each point."""
    settings = {**WEIGHED, "function": {"scale": "1000", "points": "100", "weight": "0.5"}}
    composition = made(**settings)
    before = blocks(*map(str, scores))
    after = {**before, where: (before[where] or Decimal(0)) + more}
    old, new = (compose(each, Decimal(1), composition, 4).exact for each in (before, after))
    assert old is not None
    assert new is not None
    assert new - old == Fraction(more) * worths(composition, before)[where]
