"""What a total is made of."""

from decimal import Decimal

import pytest

from scoring.rules.scheme.document import Composition
from scoring.rules.sheet.composing import Composed, compose

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
    assert compose(given, Decimal(adjustment), composition).total == Decimal(total), sentence


def test_a_part_without_a_score_leaves_no_total() -> None:
    """Planted bug: it counts as 0."""
    assert compose({**blocks("50", "10"), "comprehensive": None}, Decimal(1), OPEN) == Composed(
        None, None
    )
    shown = {**blocks("50", "10", "20"), "other": None}
    assert compose(shown, Decimal(1), OPEN) == Composed(Decimal(80), Decimal(81))
