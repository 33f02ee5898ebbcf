"""How totals become ranks."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

import pytest

from ranking.rules.marks import IndicatorScore, Marks
from ranking.rules.order import MOST_NAMED, RankPolicy, TieBreakKey, rank


def total(unit: str, final: str, function: str = "0", public_review: str = "0") -> Marks:
    blocks = {"function": Decimal(function), "public_review": Decimal(public_review)}
    return Marks(unit, blocks, Decimal(final), Decimal(0), Decimal(final))


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
def test_ranks(totals: list[Marks], places: list[tuple[str, int]]) -> None:
    ranked = rank(totals, RankPolicy(("function", "public_review"), "same_rank_skip"))
    assert [(place.total.unit, place.rank) for place in ranked] == places


C13 = TieBreakKey("indicator", "C13")
FEWER, LAST = TieBreakKey("fewer_deductions"), TieBreakKey("last_year_rank")


def equal(unit: str, c13: str | None = None, deducted: str = "0", function: str = "0") -> Marks:
    """Give a unit of 90 points, with what else may tell it apart."""
    scores = {} if c13 is None else {"C13": IndicatorScore(Decimal(5), Decimal(c13))}
    return replace(total(unit, "90", function), scores=scores, deductions=Decimal(deducted))


@pytest.mark.parametrize(
    ("sentence", "keys", "totals", "last", "places"),
    [
        ("the key of a block is its code", [TieBreakKey("block", "function")],
         [equal("A", function="1"), equal("B", function="2")], {}, "B1 A2"),
        ("more points in an indicator", [C13], [equal("A", "3.5"), equal("B", "4")], {}, "B1 A2"),
        ("none in it come last", [C13], [equal("A"), equal("B", "0")], {}, "B1 A2"),
        ("neither has any", [C13], [equal("A"), equal("B")], {}, "A1 B1"),
        ("fewer deductions", [FEWER], [equal("A", deducted="2"), equal("B", deducted="1.5")], {},
         "B1 A2"),
        ("a better rank last year", [LAST], [equal("A"), equal("B")], {"A": 9, "B": 3}, "B1 A2"),
        ("whoever had none comes last", [LAST], [equal("A"), equal("B")], {"B": 30}, "B1 A2"),
        ("two that had none are not told apart", [LAST], [equal("A"), equal("C"), equal("B")],
         {"B": 3}, "B1 A2 C2"),
        ("the first that differs decides", [FEWER, C13, "function"],
         [equal("A", "3", "1", "9"), equal("B", "4", "1", "1")], {}, "B1 A2"),
        ("a better total is not asked for keys", [FEWER],
         [total("A", "91"), equal("B", deducted="0")], {}, "A1 B2"),
    ],
)  # fmt: skip
def test_keys_of_every_kind_tell_equal_totals_apart(
    sentence: str,
    keys: list[str | TieBreakKey],
    totals: list[Marks],
    last: dict[str, int],
    places: str,
) -> None:
    """Planted bugs: more deductions are better; a unit without a value comes first."""
    ranked = rank(totals, RankPolicy(tuple(keys), "same_rank_skip"), last)
    assert " ".join(f"{one.total.unit}{one.rank}" for one in ranked) == places, sentence


def test_each_unit_of_a_tie_is_told_which_key_parted_it_from_its_neighbours() -> None:
    """Planted bugs: name the first key rather than the one that differs; swap the values."""
    units = [equal("A", "4", "1"), equal("B", "4", "2"), equal("C", "3", "0"), total("D", "80")]
    ranked = rank(units, RankPolicy((C13, FEWER), "same_rank_skip"))
    told = {one.total.unit: [reason.en for reason in one.told] for one in ranked}
    assert told == {
        "A": ["equal total with B: ahead by fewer deductions, 1 to 2"],
        "B": [
            "equal total with A: behind by fewer deductions, 2 to 1",
            "equal total with C: ahead by indicator C13, 4 to 3",
        ],
        "C": ["equal total with B: behind by indicator C13, 3 to 4"],
        "D": [],
    }
    assert ranked[1].told[0].params == {
        "units": ["A"],
        "count": "1",
        "key": "fewer_deductions",
        "value": "2",
        "other_value": "1",
    }


def test_a_tie_that_is_left_is_said_with_whom() -> None:
    units = [equal("A", "4"), equal("B", "3"), equal("C", "4")]
    ranked = rank(units, RankPolicy((C13,), "same_rank_skip"))
    assert [[reason.en for reason in one.told] for one in ranked] == [
        [
            "equal total with B: ahead by indicator C13, 4 to 3",
            "equal total and keys with C: they share the rank",
        ],
        [
            "equal total with B: ahead by indicator C13, 4 to 3",
            "equal total and keys with A: they share the rank",
        ],
        ["equal total with A, C: behind by indicator C13, 3 to 4"],
    ]


def test_of_a_large_tie_some_are_named_and_all_are_counted() -> None:
    """Planted bug: name a thousand units to each of a thousand."""
    ranked = rank([equal(f"U{n:03}") for n in range(30)], RankPolicy((), "same_rank_skip"))
    [reason] = ranked[4].told
    assert (len(reason.params["units"]), reason.params["count"]) == (MOST_NAMED, "29")
    assert "U004" not in reason.params["units"]
    assert reason.en.endswith("U010 and others, 29 in all: they share the rank")


@pytest.mark.parametrize(("ties", "next_rank"), [("same_rank_skip", 4), ("dense", 2)])
def test_keys_for_the_line_of_a_quota_alone_leave_the_rank_shared(
    ties: Literal["same_rank_skip", "dense"], next_rank: int
) -> None:
    """Planted bug: count the groups that the keys make as ranks."""
    units = [equal("A", "3"), equal("B", "4"), equal("C", "3"), total("D", "80")]
    ranked = rank(units, RankPolicy((C13,), ties), at_line_only=True)
    assert [(one.total.unit, one.rank, one.order) for one in ranked] == [
        ("B", 1, 0),
        ("A", 1, 1),
        ("C", 1, 1),
        ("D", next_rank, 0),
    ]
    [shared] = ranked[0].told
    assert shared.en == "equal total with A, C: they share the rank"
    assert [reason.code for reason in ranked[0].by_key] == ["ahead_by_key"]


@pytest.mark.parametrize(
    ("keys", "said"), [((), "equal total with"), ((FEWER,), "equal total and keys with")]
)
def test_ordinal_ranks_are_each_unit_s_own_and_say_that_a_code_gave_them(
    keys: tuple[TieBreakKey, ...], said: str
) -> None:
    """Planted bugs: grade by the ordinal rank; say that the rank is shared; count on after a tie as
    if it were one unit."""
    ranked = rank(
        [equal("B"), equal("A"), total("D", "80"), equal("C")], RankPolicy(keys, "ordinal")
    )
    places = [(one.total.unit, one.rank, one.tied) for one in ranked]
    assert places == [("A", 1, 1), ("B", 2, 1), ("C", 3, 1), ("D", 4, 4)]
    [reason] = ranked[1].told
    assert reason.code == "rank_by_code"
    assert reason.en == f"{said} A, C: ranked by unit code, which says nothing of merit"
    assert ranked[3].told == ()


def test_a_key_that_decides_is_told_before_a_code_does() -> None:
    """Planted bug: order by code before the keys."""
    units = [equal("A", "3"), equal("C", "4"), equal("B", "3")]
    ranked = rank(units, RankPolicy((C13,), "ordinal"))
    assert [(one.total.unit, one.rank, one.tied) for one in ranked] == [
        ("C", 1, 1),
        ("A", 2, 2),
        ("B", 3, 2),
    ]
    assert [reason.code for reason in ranked[1].told] == ["behind_by_key", "rank_by_code"]
