"""A grade above another (A+), and what is proposed for the last."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranking.rules.demotions import Demotion
from ranking.rules.grades import Candidate, GradePolicy, LastPlace, Level, Raise, award
from ranking.rules.marks import GradeCap
from ranking.rules.raising import last_told, raised
from ranking.rules.reasons import reported_event

BAR = Demotion("DM2", "not_excellent", (), reported_event("DM2", None, "flood"))
FALL = Demotion("DM1", "down_one_grade", (), reported_event("DM1", None, "fire"))
POLICY = GradePolicy(
    order=("A_PLUS", "A", "B", "C"),
    levels=(Level("A", None, None, 0, Decimal(80), count=4),),
    unqualified_below=Decimal(60),
    vacancy="backfill",
    outside_quota=frozenset(),
    names={"A_PLUS": "A+"},
    raised=(Raise("A_PLUS", "A", count=1),),
)
TEN = ["99", "98", "97", "96", "95", "94", "93", "92", "91", "90"]


def units(*totals: str, **hits: dict[str, object]) -> list[Candidate]:
    return [
        replace(
            Candidate(f"U{n}", Decimal(total), totals.index(total) + 1), **hits.get(f"U{n}", {})
        )
        for n, total in enumerate(totals, 1)
    ]


def graded(
    candidates: list[Candidate],
    policy: GradePolicy = POLICY,
    cap: str = "B",
    class_of: dict[str, str] | None = None,
) -> dict[str, tuple[str, list[str]]]:
    by_unit = {one.unit: one for one in candidates}
    found = award(policy, cap, candidates, len(candidates))
    found = raised(policy, cap, found, by_unit, class_of or {})
    found = last_told(policy.last_place, found, by_unit)
    return {one.unit: (one.grade, [each.code for each in one.reasons]) for one in found}


def with_grade(found: dict[str, tuple[str, list[str]]], grade: str) -> list[str]:
    return [unit for unit, (each, _) in found.items() if each == grade]


def test_one_of_ten_gets_the_grade_above_and_is_told_why() -> None:
    """Planted bugs: everybody with A; the grade above counts as one that needs no place."""
    found = graded(units(*TEN))
    assert found["U1"] == ("A_PLUS", ["raised"])
    assert with_grade(found, "A") == ["U2", "U3", "U4"]
    assert with_grade(found, "B") == ["U5", "U6", "U7", "U8", "U9", "U10"]


@pytest.mark.parametrize(
    ("rate", "rounding", "places"),
    [("0.25", "floor", 1), ("0.3", "floor", 1), ("0.3", "ceiling", 2), ("0.5", "half_up", 2),
     ("0.1", "floor", 0), ("1", "floor", 4)],
)  # fmt: skip
def test_a_share_is_of_those_who_have_the_grade(rate, rounding, places) -> None:
    """Planted bug: a share of the whole category."""
    rule = Raise("A_PLUS", "A", rate=Decimal(rate), rounding=rounding)
    found = graded(units(*TEN), replace(POLICY, raised=(rule,)))
    assert len(with_grade(found, "A_PLUS")) == places


@pytest.mark.parametrize(
    ("hit", "first", "above"),
    [
        (
            {"demotions": [BAR]},
            "B",
            ["U2"],
        ),  # the best grade of a rank is A: it is barred from that
        ({"demotions": [FALL]}, "B", ["U2"]),
        ({"vetoes": ["V1"]}, "B", ["U2"]),
        ({"caps": (GradeCap("A", "C1", "K1"),)}, "A", ["U2"]),
    ],
)
def test_whom_something_bars_from_the_best_grade_is_not_raised(hit, first, above) -> None:
    """Planted bugs: raise whoever has the grade; let a demotion bar the grade above alone."""
    found = graded(units(*TEN, U1=hit))
    assert (found["U1"][0], with_grade(found, "A_PLUS")) == (first, above)


def test_who_is_barred_from_the_best_grade_of_a_rank_is_barred_from_the_one_above_it_alone() -> (
    None
):
    """Planted bugs: raise who has A because there is no level; bar from a grade below the best."""
    found = graded(units(*TEN, U1={"demotions": [BAR]}), replace(POLICY, levels=()))
    assert with_grade(found, "A_PLUS") == ["U2"]
    order, rule = ("A", "B_PLUS", "B", "C"), Raise("B_PLUS", "B", count=1)
    found = graded(
        units(*TEN[:5], U1={"demotions": [BAR]}), replace(POLICY, order=order, raised=(rule,))
    )
    assert with_grade(found, "B_PLUS") == ["U1"]


def test_a_veto_that_leaves_the_grade_leaves_not_the_one_above() -> None:
    found = graded(units(*TEN, U1={"vetoes": ["V1"]}), cap="A")
    assert (found["U1"][0], with_grade(found, "A_PLUS")) == ("A", ["U2"])


def test_nobody_outside_the_quota_is_raised() -> None:
    found = graded(units(*TEN), replace(POLICY, outside_quota=frozenset({"U1"})))
    assert (found["U1"][0], with_grade(found, "A_PLUS")) == ("A", ["U2"])


@pytest.mark.parametrize(
    ("tie_at_line", "orders", "above"),
    [("none", (0, 0), []), ("all", (0, 0), ["U1", "U2"]), ("tie_break", (1, 0), ["U2"]),
     ("tie_break", (0, 0), [])],
)  # fmt: skip
def test_a_tie_for_the_last_place_is_resolved_as_at_any_line(tie_at_line, orders, above) -> None:
    """Planted bug: the first by code."""
    tied = units("99", "99", "97", U1={"order": orders[0]}, U2={"order": orders[1]})
    found = graded(tied, replace(POLICY, tie_at_line=tie_at_line))
    assert with_grade(found, "A_PLUS") == above
    if not above:
        assert found["U1"] == found["U2"] == ("A", ["tied_at_the_line"])
        assert found["U3"] == ("A", [])


def test_the_first_of_each_group_gets_the_grade_above() -> None:
    """Planted bug: the first of the category alone."""
    rule = Raise("A_PLUS", "A", count=1, within="subcategory")
    groups = {"U1": "EAST", "U2": "EAST", "U3": "WEST", "U4": "WEST"}
    found = graded(units(*TEN[:4]), replace(POLICY, raised=(rule,)), class_of=groups)
    assert with_grade(found, "A_PLUS") == ["U1", "U3"]


LAST = LastPlace(1, "约谈主要负责人")


@pytest.mark.parametrize(
    ("totals", "rule", "last"),
    [
        (["90", "80", "70"], None, []),  # a scheme that says nothing proposes nothing
        (["90", "80", "70"], LAST, ["U3"]),
        (["90", "80", "70"], replace(LAST, count=2), ["U2", "U3"]),
        (["90", "80", "70"], replace(LAST, count=3), ["U2", "U3"]),  # never the first
        (["90", "70", "70"], LAST, ["U2", "U3"]),
        (["90", "80", "80", "70"], replace(LAST, count=2), ["U2", "U3", "U4"]),
        (["90", "90"], LAST, []),
        (["50"], LAST, []),  # a category with one unit has no last
        (["90", "80", "70"], replace(LAST, unless_all_at_least=Decimal(70)), []),
        (["90", "80", "69.9"], replace(LAST, unless_all_at_least=Decimal(70)), ["U3"]),
    ],
)
def test_the_last_are_told_what_the_scheme_proposes(totals, rule, last) -> None:
    """Planted bugs: propose where all are good; for the only unit; for one of two who are tied."""
    found = graded(units(*totals), replace(POLICY, last_place=rule))
    assert [unit for unit, (_, told) in found.items() if "last_place" in told] == last


SCORES = st.lists(st.integers(55, 70).map(lambda n: str(n + 25)), min_size=1, max_size=9)


@given(SCORES, st.integers(1, 5), st.sampled_from(["none", "all"]), st.randoms())
def test_who_is_raised_is_behind_nobody_who_is_not_and_the_input_s_order_changes_nothing(
    totals, count, tie_at_line, random
) -> None:
    """Held against a second computation: whoever has fewer better ones before than there are
    places. Planted bug: places of the whole category."""
    some = units(*sorted(totals, reverse=True))
    rule = Raise("A_PLUS", "A", count=count)
    policy = replace(POLICY, raised=(rule,), tie_at_line=tie_at_line)
    found = graded(some, policy)
    above, have = with_grade(found, "A_PLUS"), []
    for one in some:
        if found[one.unit][0] in {"A", "A_PLUS"}:
            have.append(one)
    better = {one.unit: sum(each.total > one.total for each in have) for one in have}
    alike = {one.unit: sum(each.total == one.total for each in have) for one in have}
    fits = [
        unit
        for unit in better
        if better[unit] < count and (tie_at_line == "all" or better[unit] + alike[unit] <= count)
    ]
    assert above == fits
    random.shuffle(some)
    assert graded(some, policy) == found
