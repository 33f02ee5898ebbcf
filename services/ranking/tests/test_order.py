"""How totals become ranks."""

from decimal import Decimal
from typing import Any, Literal

import pytest

from ranking.rules.composition import Total
from ranking.rules.order import RankPolicy, rank


def total(unit: str, final: str, function: str = "0", public_review: str = "0") -> Total:
    blocks = {"function": Decimal(function), "public_review": Decimal(public_review)}
    return Total(unit, blocks, Decimal(final), Decimal(0), Decimal(final))


@pytest.mark.parametrize(
    ("ties", "name"), [("same_rank_skip", "competition_1224"), ("dense", "dense_1223")]
)
def test_the_reference_vectors_rank_ties_both_ways(
    ties: Literal["same_rank_skip", "dense"], name: str, vectors: dict[str, Any]
) -> None:
    scores = vectors["ties"]["scores"]
    ranked = rank(
        [total(f"unit{n}", str(score)) for n, score in enumerate(scores, 1)], RankPolicy((), ties)
    )
    assert [place.rank for place in ranked] == vectors["ties"][name]


@pytest.mark.parametrize(
    ("totals", "places"),
    [
        ([], []),
        ([total("A", "90")], [("A", 1)]),
        ([total("A", "70"), total("B", "90")], [("B", 1), ("A", 2)]),
        # equal in value, not in spelling
        (
            [total("A", "90.0"), total("B", "90.00"), total("C", "80")],
            [("A", 1), ("B", 1), ("C", 3)],
        ),
        # the first key decides
        ([total("A", "90", "50", "9"), total("B", "90", "51", "1")], [("B", 1), ("A", 2)]),
        # the second key decides where the first is equal
        ([total("A", "90", "50", "8"), total("B", "90", "50", "9")], [("B", 1), ("A", 2)]),
        # no key decides: same rank, listed by code
        ([total("B", "90", "50", "9"), total("A", "90", "50", "9")], [("A", 1), ("B", 1)]),
    ],
)
def test_ranks(totals: list[Total], places: list[tuple[str, int]]) -> None:
    ranked = rank(totals, RankPolicy(("function", "public_review"), "same_rank_skip"))
    assert [(place.total.unit, place.rank) for place in ranked] == places
