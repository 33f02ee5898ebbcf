"""What the engine does beside the methods: missing data, moved points, means, what reads what."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
import small_years
from compiling import ALONE, compiled, compute, reads_of

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.entries import Entry
from scoring.rules.methods.catalogue import METHODS
from scoring.rules.scheme.document import (
    Indicator,
    PlacesByPoints,
    Rounding,
    Scheme,
    Subcategory,
    Target,
)
from scoring.rules.scheme.plan import plan_of
from scoring.rules.sheet.totals import UnitScores

UNITS = ("U1", "U2", "U3")


def indicator(code: str, points: str = "10", method: str = "ratio_to_target", **more) -> Indicator:
    """An indicator; as a rule the value's share of 100, so that scores are easy to see."""
    given = {"params": {"cap_ratio": "1"}, "allow_exceed": False} | more
    return small_years.indicator(method, given.pop("params"), code, points=points, **given)


def parent(code: str, *children: Indicator, method: str = "sum_children", **more) -> Indicator:
    points = more.pop("points", sum((child.points for child in children), Decimal(0)))
    return indicator(code, str(points), method, children=children, **{"params": {}} | more)


def scheme_of(*blocks: tuple[Indicator, ...]) -> Scheme:
    return small_years.scheme_of(*blocks, units=UNITS)


def value(unit: str, code: str, number: str | None, **more) -> Entry:
    given = {
        "kind": "measured_value",
        "key": "actual",
        "item": None,
        "period": "2025",
        "word": None,
    }
    given |= more
    name = repr((unit, code, sorted(given.items())))
    return Entry(
        entry_id=UUID(int=sum(ord(c) * 31**n for n, c in enumerate(name)) % 2**128),
        unit=unit,
        indicator=code,
        value=None if number is None else Decimal(number),
        **given,
    )


def not_applicable(unit: str, code: str) -> Entry:
    return value(unit, code, None, kind="not_applicable", key=None)


def score(scheme: Scheme, values: dict[str, dict[str, str]], *more: Entry) -> dict[str, UnitScores]:
    """Score values by indicator and unit against targets of 100."""
    codes = scheme.categories[0].indicators()
    entries = [value(u, code, n) for code, row in values.items() for u, n in row.items()]
    sheet = compute(
        scheme,
        {"CAT"},
        entries=[*entries, *more],
        targets=[Target(u, code, None, Decimal(100), None) for u in UNITS for code in codes],
        satisfaction={},
        claims=[],
        names=[],
    ).sheet
    return {unit.unit: unit for unit in sheet.units}


def everybody(**numbers: str) -> dict[str, dict[str, str]]:
    return {code: dict.fromkeys(UNITS, number) for code, number in numbers.items()}


def nodes(unit: UnitScores) -> dict[str, Node]:
    found, stack = {}, [explain(unit)]
    while stack:
        node = stack.pop()
        found[node.code] = node
        stack += node.children
    return found


def decided(unit: UnitScores) -> list[tuple[str, str, Decimal | None]]:
    return [(each.indicator, each.what, each.effect) for each in unit.decisions]


@pytest.mark.parametrize(
    ("missing", "total", "decision"),
    [
        ("refuse", None, []),
        ("zero", "12", [("A", "zero", Decimal("-6"))]),
        ("skip", "18", [("A", "skipped", Decimal(0))]),
        # U2 and U3 have 8 and 5 in A: 6.5.
        ("category_mean", "18.5", [("A", "category_mean", Decimal("0.5"))]),
        ("carry_over", None, []),
    ],
)
def test_what_is_not_entered_is_handled_as_the_indicator_says(missing, total, decision):
    """Caught: a policy that another indicator chose, or one that leaves no trace."""
    scheme = scheme_of((indicator("A", missing=missing), indicator("B", "20")))
    values = {"A": {"U2": "80", "U3": "50"}} | everybody(B="60")
    units = score(scheme, values)

    assert units["U1"].total == (None if total is None else Decimal(total))
    assert decided(units["U1"]) == decision
    assert [gap.indicator for gap in units["U1"].missing] == ([] if total else ["A"])
    assert [d.indicator for d in nodes(units["U1"])["A"].decisions] == [d[0] for d in decision]
    assert (units["U2"].total, units["U2"].decisions) == (Decimal(20), ())


def test_a_decision_says_what_is_missing_and_what_was_done_in_both_languages():
    scheme = scheme_of((indicator("A", missing="zero"), indicator("B")))
    (decision,) = score(scheme, everybody(B="60"))["U1"].decisions

    assert decision.en == "actual, 2025 is missing. Scored 0, as the scheme says."
    assert decision.zh == "缺少实际值，2025。按方案规定计0分。"


def test_the_mean_of_the_category_is_rounded_and_shows_no_units_score():
    scheme = scheme_of((indicator("A", missing="category_mean", precision=1),))
    unit = score(scheme, {"A": {"U2": "80.1", "U3": "50.3"}})["U1"]
    node = nodes(unit)["A"]

    assert (node.score, node.formula, node.rounding.exact) == (Decimal("6.5"), "13 / 2", "6.5")


def test_where_nobody_has_a_score_there_is_no_mean():
    scheme = scheme_of((indicator("A", missing="category_mean"), indicator("B")))
    unit = score(scheme, everybody(B="60"))["U1"]

    assert [gap.indicator for gap in unit.missing] == ["A"]


@pytest.mark.parametrize("missing", ["zero", "skip", "category_mean"])
def test_nothing_stands_in_for_a_contradiction_or_a_target_of_zero(missing):
    """Caught: a policy for silence that hides an error somebody has to settle."""
    scheme = scheme_of((indicator("A", missing=missing), indicator("B")))
    sheet = compute(
        scheme,
        {"CAT"},
        entries=[value(u, code, "50") for u in UNITS for code in "AB"],
        targets=[
            Target(u, code, None, Decimal(0 if (u, code) == ("U1", "A") else 100), None)
            for u in UNITS
            for code in "AB"
        ],
        satisfaction={},
        claims=[],
        names=[],
    ).sheet
    assert [gap.indicator for gap in sheet.units[0].missing] == ["A"]

    twice = value("U1", "A", "60", item=None), value("U1", "A", "70")._replace(entry_id=UUID(int=1))
    unit = score(scheme, everybody(B="60"), *twice)["U1"]
    assert [gap.indicator for gap in unit.missing] == ["A"]


def test_nothing_is_shared_among_nobody():
    scheme = scheme_of((indicator("A", missing="skip"), indicator("B", missing="skip")))
    unit = score(scheme, {})["U1"]

    assert unit.total is None
    assert [(g.indicator, g.reason) for g in unit.missing] == [
        ("A", "actual, 2025 is missing."),
        ("A", "No sibling is left to take its points."),
        ("B", "actual, 2025 is missing."),
        ("B", "No sibling is left to take its points."),
    ]


def test_a_parent_of_which_every_child_is_skipped_gives_its_points_to_its_own_siblings():
    """Caught: points of a whole branch that vanish, 80 of 100 instead of 100 of 100."""
    branch = parent("P", indicator("A", "8", missing="skip"), indicator("B", "12", missing="skip"))
    scheme = scheme_of((branch, indicator("C", "80")))
    unit = score(scheme, everybody(C="50"))["U1"]

    assert (unit.total, unit.missing) == (Decimal(50), ())
    assert nodes(unit)["C"].points == 100
    assert nodes(unit)["C"].formula == "40 × 5 / 4"


def test_what_does_not_apply_is_scored_out_of_more_points_elsewhere():
    block = (
        indicator("A", "5", may_be_not_applicable=True, redistribute_to="C"),
        indicator("B", "10"),
        indicator("C", "15"),
    )
    unit = score(scheme_of(block), everybody(B="60", C="77.77"), not_applicable("U1", "A"))["U1"]
    found = nodes(unit)

    assert unit.total == Decimal("21.554")
    assert (found["C"].points, found["C"].score) == (20, Decimal("15.554"))
    assert found["C"].formula == "11.6655 × 4 / 3"
    assert [(n.code, n.score) for n in found["C"].children] == [
        ("before points were moved", Decimal("11.6655"))
    ]
    assert (found["A"].points, found["A"].score) == (0, 0)
    assert found["A"].inputs[0].entries == (not_applicable("U1", "A").entry_id,)
    # 5 × 0.7777 against 5 × (6 + 11.6655) / 25
    assert decided(unit) == [("A", "not_applicable", Decimal("0.3554"))]


def test_what_does_not_apply_and_names_nobody_is_shared_by_its_siblings():
    block = (indicator("A", "5"), indicator("B", "10"), indicator("C", "15"))
    units = score(scheme_of(block), everybody(A="10", B="60", C="80"), not_applicable("U1", "A"))

    # (6 + 12) × 30 / 25
    assert units["U1"].total == Decimal("21.6")
    assert units["U2"].total == Decimal("18.5")
    assert {n.code: n.points for n in nodes(units["U1"])["B1"].children} == {
        "A": 0,
        "B": 12,
        "C": 18,
    }


def test_points_may_go_to_another_block_and_on_from_there():
    """Caught: a receiver that does not apply either and swallows what it was given."""
    first = (indicator("A", "10", redistribute_to="B"), indicator("X", "40"))
    second = (indicator("B", "20", redistribute_to="C"), indicator("C", "30"))
    values = everybody(A="1", X="100", B="1", C="50")
    declared = [not_applicable("U1", "A"), not_applicable("U1", "B")]
    unit = score(scheme_of(first, second), values, *declared)["U1"]

    assert unit.blocks == {"B1": Decimal(40), "B2": Decimal(30)}
    points = {code: node.points for code, node in nodes(unit).items()}
    assert (points["B1"], points["B2"], points["U1"]) == (40, 60, 100)


def test_points_leave_a_parent_and_the_parent_is_worth_less():
    branch = parent("P", indicator("A", "4", redistribute_to="C"), indicator("B", "6"))
    scheme = scheme_of((branch, indicator("C", "10")))
    unit = score(scheme, everybody(A="1", B="50", C="100"), not_applicable("U1", "A"))["U1"]
    points = {code: node.points for code, node in nodes(unit).items()}

    assert unit.total == 17
    assert (points["P"], points["A"], points["B"], points["C"]) == (6, 0, 6, 14)


def test_a_whole_branch_can_be_declared_not_applicable():
    branch = parent("P", indicator("A", "4"), indicator("B", "6"))
    scheme = scheme_of((branch, indicator("C", "10")))
    unit = score(scheme, everybody(C="80"), not_applicable("U1", "P"), not_applicable("U1", "A"))

    assert (unit["U1"].total, unit["U1"].missing) == (Decimal(16), ())
    assert decided(unit["U1"]) == [("P", "not_applicable", Decimal(0))]


def test_moved_points_are_rounded_once():
    """Caught: rounding the score first, then what it becomes: 6.6668 of a third of 10 twice."""
    scheme = scheme_of((indicator("A", "10"), indicator("B", "10")))
    values = {"A": {}, "B": {"U1": "33.33335"}}
    unit = score(scheme, values, not_applicable("U1", "A"))["U1"]

    assert unit.total == half_up(Fraction("6.66667"), 4) == Decimal("6.6667")


def test_a_carried_value_says_where_it_comes_from():
    ranked = indicator(
        "R",
        method="rank_points",
        missing="carry_over",
        params={"rank_by": "higher", "step_ratio": "0.5", "tie": "dense", "period": "half_year"},
    )
    entries = [
        value(unit, "R", number, key="value", period=f"2025{half}")
        for unit, half, number in [
            ("U1", "H1", "9"), ("U2", "H1", "8"), ("U3", "H1", "7"),
            ("U2", "H2", "10"), ("U3", "H2", "7"),
        ]
    ]  # fmt: skip
    units = score(scheme_of((ranked, indicator("B"))), everybody(B="100"), *entries)

    assert [unit.total for unit in units.values()] == [
        Decimal("17.5"),
        Decimal("17.5"),
        Decimal(10),
    ]
    assert [d.en for d in units["U1"].decisions] == [
        "value of 2025H2 is that of 2025H1. The latest earlier period stands in."
    ]
    assert units["U2"].decisions == ()


def test_nothing_earlier_means_nothing_to_carry():
    ranked = indicator(
        "R",
        method="rank_points",
        missing="carry_over",
        params={"rank_by": "higher", "step_ratio": "0.5", "tie": "dense", "period": "half_year"},
    )
    late = [value(u, "R", "9", key="value", period="2025H2") for u in UNITS]

    assert score(scheme_of((ranked,)), {}, *late)["U1"].missing[0].indicator == "R"


def test_marks_that_may_not_tie_are_a_gap_for_everybody_who_shares_one():
    scheme = scheme_of((indicator("A", must_differentiate=True, missing="zero", precision=1),))
    units = score(scheme, {"A": {"U1": "80.4", "U2": "79.6", "U3": "50"}})

    assert [unit.total for unit in units.values()] == [None, None, Decimal("5.0")]
    assert "may not tie" in units["U1"].missing[0].reason


PIECES = {"full_at": 2, "per_item": "5", "distinct": True}
QUOTA = {"grades": {"A": "1", "B": "0.5"}, "at_most": {"A": "0.34"}}
ORDINARY = ["zero", "skip", "category_mean", "carry_over"]


def piece(unit: str, item: str, code: str = "A") -> Entry:
    return value(unit, code, "1", key="count", item=item)


def graded(unit: str, word: str, code: str = "A") -> Entry:
    return value(unit, code, None, kind="grade", key=None, word=word)


@pytest.mark.parametrize("missing", ORDINARY)
def test_nothing_stands_in_for_a_piece_that_two_units_claim(missing):
    """Planted bug: a dispute taken for silence, which gives both the mean of the others."""
    scheme = scheme_of((indicator("A", "10", "count_points", missing=missing, params=PIECES),))
    entries = [piece("U1", "P-1"), piece("U2", "p-1"), piece("U3", "P-2")]
    units = score(scheme, {}, *entries)

    assert [unit.total for unit in units.values()] == [None, None, 5]
    assert [gap.reason for gap in units["U1"].missing] == [
        "Piece P-1 is claimed by 1 other unit too; the scheme lets one have it."
    ]
    assert "U2" not in repr(nodes(units["U1"]))


@pytest.mark.parametrize("missing", ORDINARY)
def test_nothing_stands_in_for_a_grade_that_too_many_have(missing):
    scheme = scheme_of((indicator("A", "10", "grade_map", missing=missing, params=QUOTA),))
    units = score(scheme, {}, graded("U1", "A"), graded("U2", "A"), graded("U3", "B"))

    assert [unit.total for unit in units.values()] == [None, None, 5]
    assert units["U2"].missing[0].reason == "2 of 3 units are graded A; at most 1 may be."


def test_a_unit_exempted_higher_up_claims_nothing_and_is_compared_with_nobody():
    """Caught: asking the indicator's own declarations only, not those of what it belongs to."""
    ranked = indicator("C", "10", "relative_to_best", params={})
    branch = parent(
        "P",
        parent("Q", indicator("A", "10", "count_points", params=PIECES), ranked),
        indicator("B", "10", "grade_map", params=QUOTA),
    )
    scheme = scheme_of((branch, indicator("D")))
    entries = [piece("U1", "P-1"), piece("U2", "P-1"), piece("U3", "P-2")]
    entries += [value(u, "C", n, key="value") for u, n in (("U1", "5"), ("U2", "9"), ("U3", "1"))]
    entries += [graded(u, word, "B") for u, word in (("U1", "A"), ("U2", "A"), ("U3", "B"))]
    units = score(scheme, everybody(D="50"), *entries, not_applicable("U2", "P"))
    found = {code: node.score for code, node in nodes(units["U1"]).items()}

    assert (found["A"], found["C"]) == (5, 10)
    # Of two graded units none may have an A: a third of two is less than one.
    assert units["U1"].missing[0].reason == "1 of 2 units are graded A; at most 0 may be."
    assert units["U2"].total == 20
    assert decided(units["U2"]) == [("P", "not_applicable", Decimal(0))]


def test_what_is_lost_beyond_the_points_of_an_exempted_branch_is_not_deducted():
    """Caught: a child's excess that outlives the branch it belongs to."""
    params = {"scale": "1", "multiplier": "2", "excess_to": "deductions"}
    branch = parent("P", indicator("A", "5", "inherit_superior", params=params))
    lost = value("U1", "A", "9", key="superior_loss")
    scheme = scheme_of((branch, indicator("B", "5")))

    assert score(scheme, everybody(B="60"), lost, not_applicable("U1", "P"))["U1"].total == 6


OVER = {
    "cap_ratio": "1",
    "over_target": {"per_pct_points": "1", "points": "0.5", "max_points": "3"},
}


@pytest.mark.parametrize(
    ("cap", "expected", "formula"),
    [
        (None, ["35.5", "32", "20"], "13 (A) + 12.5 (B) + 10 (C)"),
        ("4", ["34", "31.5", "20"], "10 (A) + 10 (B) + 10 (C) + min(3 + 2.5, 4)"),
        ("0", ["30", "27.5", "20"], "10 (A) + 10 (B) + 10 (C) + min(3 + 2.5, 0)"),
    ],
)
def test_all_extras_together_stop_at_a_cap_of_their_own(cap, expected, formula):
    """Planted bug: the cap on the parent's score, so that a shortfall makes room for extras."""
    extra = {"params": OVER, "allow_exceed": True}
    children = tuple(indicator(code, **extra) for code in "ABC")
    scheme = scheme_of((parent("P", *children, params={"extra_cap": cap}),))
    values = {
        "A": {"U1": "106", "U2": "103", "U3": "100"},
        "B": {"U1": "105", "U2": "120", "U3": "100"},
        "C": {"U1": "100", "U2": "75", "U3": "0"},
    }
    units = score(scheme, values)

    assert [unit.total for unit in units.values()] == [Decimal(each) for each in expected]
    assert nodes(units["U1"])["P"].formula == formula


def test_extras_are_what_is_over_the_points_that_a_child_has_after_others_moved_to_it():
    children = tuple(indicator(code, params=OVER, allow_exceed=True) for code in "AB")
    scheme = scheme_of((parent("P", *children, params={"extra_cap": "1"}),))
    unit = score(scheme, everybody(A="1", B="110"), not_applicable("U1", "A"))["U1"]

    # 13 of 10 points are 26 of 20: 6 over them.
    assert unit.total == 21
    assert nodes(unit)["P"].formula == "20 (B) + min(6, 1)"


def test_an_indicator_has_the_precision_it_asks_for():
    scheme = scheme_of((indicator("A", precision=0), indicator("B", precision=6)))
    unit = score(scheme, everybody(A="77.77", B="12.34567891"))["U1"]
    found = nodes(unit)

    assert (found["A"].score, found["B"].score) == (Decimal(8), Decimal("1.234568"))
    # The block is rounded to the scheme's places, and says so.
    assert (unit.blocks["B1"], unit.total) == (Decimal("9.2346"), Decimal("9.2346"))
    assert (found["B1"].rounding.exact, found["B1"].formula) == ("9.234568", "8 + 1.234568")


def test_places_may_follow_from_the_points_of_an_indicator():
    """Whole numbers from ten points on, five places below five: what is between, a parent, and
    what has a precision of its own keep theirs.

    Planted bugs: the row of a former cycle's order, the bound itself left out, a parent rounded
    like what is marked.
    """
    rows = (PlacesByPoints(Decimal(10), 0), PlacesByPoints(Decimal(0), 5))
    points = {"A": "10", "B": "9.99999", "C": "12"}
    leaves = [indicator(code, worth) for code, worth in points.items()]
    children = (indicator("D", "6"), indicator("E", "6"))
    whole = parent("P", *children)
    scheme = scheme_of((*leaves, replace(leaves[2], code="F", precision=1), whole))
    scheme = replace(scheme, rounding=replace(scheme.rounding, by_points=rows))
    unit = score(scheme, everybody(**dict.fromkeys("ABCDEF", "77.7777777")))["U1"]
    found = {code: str(nodes(unit)[code].score) for code in "ABCDEFP"}

    assert found == {
        "A": "8", "B": "7.77777", "C": "9", "D": "4.66667", "E": "4.66667", "F": "9.3",
        "P": "9.3333",
    }  # fmt: skip
    # 8 + 7.77777 + 9 + 9.3 + 9.3333, to the scheme's four places.
    assert str(unit.blocks["B1"]) == "43.4111"


def test_between_the_rows_of_places_by_points_the_places_are_the_schemes():
    rounding = Rounding(2, "half_up", (PlacesByPoints(Decimal(10), 0),))

    assert [rounding.of_leaf(Decimal(n)) for n in ("10", "9.99", "0")] == [0, 2, 2]


def test_a_units_own_parameters_replace_those_of_all_and_are_shown():
    own = {"U1": {"cap_ratio": "1.5"}}
    scheme = scheme_of((indicator("A", per_unit_params=own, allow_exceed=True),))
    units = score(scheme, everybody(A="140"))
    shown = [(u.name, u.value) for u in nodes(units["U1"])["A"].inputs if u.source == "scheme"]

    assert [unit.total for unit in units.values()] == [14, 10, 10]
    assert shown == [("cap_ratio, U1", "1.5")]


def test_a_clause_is_quoted():
    scheme = scheme_of((indicator("A", clause="第三条 按完成率计分。"),))

    assert nodes(score(scheme, everybody(A="1"))["U1"])["A"].clause == "第三条 按完成率计分。"


@pytest.mark.parametrize(
    ("kind", "weights", "expected"),
    [
        ("arithmetic", None, "50"),
        ("geometric", None, "40"),
        ("harmonic", None, "32"),
        ("arithmetic", {"A": "0.75", "B": "0.25"}, "35"),
        ("harmonic", {"A": "0.75", "B": "0.25"}, "24.6154"),
        ("geometric", {"A": "0.75", "B": "0.25"}, "28.2843"),
    ],
)
def test_a_parent_can_be_a_mean_of_its_childrens_shares(kind, weights, expected):
    """The children's points need not be like the parent's: a fifth of 10, four fifths of 5."""
    children = (indicator("A", "10"), indicator("B", "5"))
    params = {"kind": kind, "weights": weights}
    index = parent("I", *children, method="mean_children", points=Decimal(100), params=params)

    assert score(scheme_of((index,)), everybody(A="20", B="80"))["U1"].total == Decimal(expected)


@pytest.mark.parametrize("kind", ["geometric", "harmonic"])
def test_a_child_of_zero_makes_such_a_mean_zero(kind):
    children = (indicator("A", "10"), indicator("B", "10"))
    params = {"kind": kind, "weights": None}
    index = parent("I", *children, method="mean_children", points=Decimal(100), params=params)

    assert score(scheme_of((index,)), everybody(A="0", B="80"))["U1"].total == 0


def test_a_mean_is_taken_over_the_children_that_count():
    children = (indicator("A", "10", missing="skip"), indicator("B"), indicator("C"))
    params = {"kind": "arithmetic", "weights": None}
    index = parent("I", *children, method="mean_children", points=Decimal(100), params=params)
    units = score(scheme_of((index,)), {"A": {"U2": "0"}} | everybody(B="80", C="40"))

    assert (units["U1"].total, units["U2"].total) == (Decimal(60), Decimal(40))
    assert decided(units["U1"]) == [("A", "skipped", Decimal(0))]


def expression(code: str, source: str, of: str) -> Indicator:
    inputs = {"x": {"from": source, "key": None, "indicator": of, "value": None}}
    params = {"inputs": inputs, "formula": "x * 2", "result": "points", "low": "0"}
    return indicator(code, "30", "expression", params=params)


def test_an_indicator_that_reads_another_is_computed_after_it():
    """Caught: computing in the scheme's order, in which what is read comes last."""
    scheme = scheme_of(
        (expression("S", "score", "A"), expression("R", "rank", "A"), indicator("A"))
    )
    units = score(scheme, {"A": {"U1": "50", "U2": "50", "U3": "80"}})

    assert [nodes(unit)["S"].score for unit in units.values()] == [10, 10, 16]
    assert [nodes(unit)["R"].score for unit in units.values()] == [4, 4, 2]


def test_a_circle_gives_no_score_instead_of_no_end():
    scheme = scheme_of((expression("S", "score", "R"), expression("R", "score", "S")))

    assert {gap.indicator for gap in score(scheme, {})["U1"].missing} == {"S", "R"}


def test_every_method_is_known_to_look_at_one_unit_or_at_all_of_them():
    """A method that is not listed is taken to compare; this is the list of those that do."""
    assert set(METHODS) - ALONE == {
        "rank_points",
        "relative_to_best",
        "efficacy_linear",
        "efficacy_exp",
        "min_max",
        "z_score",
        "percentile_rank",
        "steps_from",
        "share_of_sum",
    }
    assert set(METHODS) >= ALONE


@pytest.mark.parametrize(
    ("method", "params", "reads"),
    [
        ("count_points", {"full_at": 2, "per_item": 1, "distinct": False}, False),
        ("count_points", PIECES, True),
        ("grade_map", {"grades": {"A": 1}, "at_most": None}, False),
        ("grade_map", QUOTA, True),
    ],
)
def test_what_others_entered_is_read_where_the_parameters_say_so(method, params, reads):
    """Caught: scoring again only the unit that entered, by the name of the method alone."""
    assert reads_of(indicator("A", method=method, params=params)).compares is reads


def test_a_plan_has_each_indicator_once_and_children_first(scheme):
    for category in scheme.categories:
        plan = plan_of(compiled(scheme), category)
        order = [each.code for each in plan.order]
        assert sorted(order) == sorted(category.indicators())
        for each in plan.order:
            assert all(order.index(c.code) < order.index(each.code) for c in each.children)


def branch_out(**more) -> Scheme:
    children = (indicator("Y", may_be_not_applicable=True), indicator("V", missing="skip", **more))
    branch = parent("X", *children, redistribute_to="W")
    return scheme_of((branch, indicator("W"), indicator("Z")))


def test_a_parent_below_which_nothing_applies_is_not_said_to_be_declared():
    """Planted bug: tell of the receiver that it names, to whom nothing went."""
    found = everybody(W="100", Z="20")
    out = [not_applicable("U1", "Y"), not_applicable("U1", "V")]
    unit = score(branch_out(may_be_not_applicable=True), found, *out)["U1"]

    told = {each.indicator: (each.what, each.effect, each.en) for each in unit.decisions}
    assert unit.total == 24
    assert told["X"] == (
        "not_applicable",
        Decimal(0),
        "Nothing below it applies: its 20 points go to its scored siblings.",
    )


def test_a_parent_of_which_a_child_is_missing_is_skipped_and_not_declared():
    unit = score(branch_out(), everybody(W="100", Z="20"), not_applicable("U1", "Y"))["U1"]

    (told,) = (each for each in unit.decisions if each.indicator == "X")
    assert (told.what, unit.total) == ("skipped", Decimal(24))
    assert told.en.endswith("Its 20 points go to its scored siblings.")


def sentences(unit: UnitScores) -> dict[str, tuple[str, str]]:
    return {each.indicator: (each.en, each.zh) for each in unit.decisions}


def skipped_branch(**more) -> Indicator:
    children = tuple(indicator(code, missing="skip") for code in "AB")
    return parent("P", parent("Q", *children), indicator("D", missing="skip"), **more)


@pytest.mark.parametrize(
    ("values", "en", "zh"),
    [
        ({}, "Its 30 points are its siblings', none of which has a score yet.",
         "其30分应转至同级其他指标，但同级指标尚无得分。"),
        (everybody(C="50"), "Its 30 points go to its scored siblings.", "其30分转至同级其他指标。"),
    ],
)  # fmt: skip
def test_a_parent_that_is_skipped_names_its_children_and_says_where_its_points_go(values, en, zh):
    """Caught: the parent's name before what three children lack, and points to scored siblings of
    which there is none."""
    unit = score(scheme_of((skipped_branch(), indicator("C"))), values)["U1"]

    lacking = [f"{code}: actual, 2025 is missing." for code in "ABD"]
    lacking_zh = [f"{code}：缺少实际值，2025。" for code in "ABD"]
    assert sentences(unit) == {"P": (" ".join([*lacking, en]), "".join([*lacking_zh, zh]))}


def test_what_is_left_out_of_a_mean_moves_no_points():
    children = (indicator("A", missing="skip"), indicator("B", may_be_not_applicable=True))
    branch = parent(
        "P", *children, indicator("C"), method="mean_children", params={"kind": "arithmetic"}
    )
    unit = score(scheme_of((branch,)), everybody(C="50"), not_applicable("U1", "B"))["U1"]

    assert sentences(unit) == {
        "A": (
            "actual, 2025 is missing. It is left out of the mean of P.",
            "缺少实际值，2025。不计入 P 的平均。",
        ),
        "B": (
            "Declared not applicable: it is left out of the mean of P.",
            "经申报不适用：不计入 P 的平均。",
        ),
    }


CLASSES = (Subcategory("COAST", "沿海", ("U1", "U4")), Subcategory("HILLS", "山区", ("U2", "U3")))
FOUR = ("U1", "U2", "U3", "U4")


def parted(*block: Indicator, classes=CLASSES) -> Scheme:
    """A scheme of four units in two sub-categories."""
    scheme = small_years.scheme_of(block, units=FOUR)
    (category,) = scheme.categories
    return replace(scheme, categories=(replace(category, subcategories=classes),))


def imputed(
    missing: str, *more: Entry, first: str = "refuse", method: str = "sum_children", classes=CLASSES
) -> dict[str, UnitScores]:
    """Score P of 10 points, of which U3 lacks B and U4 everything, and Z of 10 beside it."""
    params = {"kind": "arithmetic"} if method == "mean_children" else {}
    children = (indicator("A", "6", missing=first), indicator("B", "4"))
    branch = parent("P", *children, method=method, params=params, missing=missing)
    scheme = parted(branch, indicator("Z"), classes=classes)
    values = {"A": {"U1": "50", "U2": "100", "U3": "80"}, "B": {"U1": "50", "U2": "100"}}
    values["Z"] = dict.fromkeys(FOUR, "50")
    entries = [value(u, code, n) for code, row in values.items() for u, n in row.items()]
    targets = [Target(u, c, None, Decimal(100), None) for u in FOUR for c in "ABZ"]
    given = {"targets": targets, "satisfaction": {}, "claims": [], "names": []}
    sheet = compute(scheme, {"CAT"}, entries=[*entries, *more], **given).sheet
    for unit in sheet.units:
        assert list(contradictions(explain(unit))) == []
    return {unit.unit: unit for unit in sheet.units}


def decimals(*texts: str | None) -> list[Decimal | None]:
    return [None if text is None else Decimal(text) for text in texts]


@pytest.mark.parametrize(
    ("method", "missing", "scores", "total"),
    [
        ("sum_children", "refuse", ["5", "10", None, None], None),
        ("sum_children", "zero", ["5", "10", "4.8", "0"], "5"),
        ("sum_children", "skip", ["5", "10", "8", "0"], "10"),
        ("sum_children", "category_mean", ["5", "10", "7.5", "7.5"], "12.5"),
        ("sum_children", "subcategory_mean", ["5", "10", "10", "5"], "10"),
        ("sum_children", "carry_over", ["5", "10", None, None], None),
        ("mean_children", "refuse", ["5", "10", None, None], None),
        ("mean_children", "zero", ["5", "10", "4", "0"], "5"),
        ("mean_children", "skip", ["5", "10", "8", "0"], "10"),
        ("mean_children", "category_mean", ["5", "10", "7.5", "7.5"], "12.5"),
        ("mean_children", "subcategory_mean", ["5", "10", "10", "5"], "10"),
    ],
)
def test_a_parent_says_what_is_done_where_its_children_have_no_score(
    method, missing, scores, total
):
    """Planted bugs: a mean that counts those that were filled; the points of U4's branch lost, 5 of
    20 instead of 10; a mean of all units for that of a sub-category."""
    units = imputed(missing, method=method)

    assert [nodes(unit)["P"].score for unit in units.values()] == decimals(*scores)
    assert units["U4"].total == (None if total is None else Decimal(total))
    assert bool(units["U4"].missing) == (total is None)


def test_what_a_child_says_itself_goes_first_and_nothing_is_done_twice():
    """Planted bug: let the parent fill a child that is filled already."""
    unit = imputed("category_mean", first="zero")["U4"]
    assert [each[:2] for each in decided(unit)] == [("P", "category_mean"), ("A", "zero")]
    # What A is without an entry is 0; only what B lacks is left to its parent.
    assert nodes(imputed("skip", first="zero")["U4"])["P"].score == 0
    assert decided(imputed("skip", first="skip")["U4"]) == [("P", "skipped", Decimal(0))]


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ("zero", {"B": "actual, 2025 is missing. Scored 0, as the scheme says."}),
        ("skip", {"B": "actual, 2025 is missing. Its 4 points go to its scored siblings."}),
        ("category_mean", {"P": "B: actual, 2025 is missing. "
                                "The mean of the category's others stands in: 7.5."}),
        ("subcategory_mean", {"P": "B: actual, 2025 is missing. "
                                   "The mean of the sub-category's others stands in: 10."}),
    ],
)  # fmt: skip
def test_a_parents_decision_names_the_child_and_what_it_lacks(missing, told):
    unit = imputed(missing)["U3"]

    assert {each.indicator: each.en for each in unit.decisions} == told
    assert not any(each.zh.isascii() for each in unit.decisions)


@pytest.mark.parametrize("missing", ["zero", "skip", "category_mean", "subcategory_mean"])
def test_no_parent_fills_what_somebody_has_to_settle(missing):
    """Planted bug: look for what is absent directly below only, and not at contradictions."""
    twice = value("U3", "A", "70")._replace(entry_id=UUID(int=1))
    unit = imputed(missing, twice)["U3"]

    assert (unit.total, nodes(unit)["P"].score) == (None, None)
    assert "A" in {gap.indicator for gap in unit.missing}


def test_where_nobody_of_the_sub_category_has_a_score_there_is_no_mean():
    apart = (Subcategory("A", "A", ("U1", "U2", "U3")), Subcategory("B", "B", ("U4",)))
    unit = imputed("subcategory_mean", classes=apart)["U4"]

    assert [(gap.indicator, gap.reason) for gap in unit.missing] == [
        ("A", "actual, 2025 is missing."), ("B", "actual, 2025 is missing."),
    ]  # fmt: skip
    assert unit.decisions == ()


def test_a_mean_stands_in_for_the_points_that_are_left():
    """A of U3 does not apply, and gives its 6 points to Z: what is left of P is 4 points.

    Planted bug: 7.5 of 10 points beside the 16 that Z has.
    """
    given = {"redistribute_to": "Z", "may_be_not_applicable": True}
    children = (indicator("A", "6", **given), indicator("B", "4"))
    branch = parent("P", *children, missing="category_mean")
    values = {"A": {"U1": "50", "U2": "100"}, "B": {"U1": "50", "U2": "100"}}
    scheme = scheme_of((branch, indicator("Z")))
    units = score(scheme, values | everybody(Z="50"), not_applicable("U3", "A"))
    found = nodes(units["U3"])

    assert (found["P"].score, found["P"].points) == (3, 4)
    assert found["P"].formula == "15 / 2 × 2 / 5"
    assert (found["Z"].points, units["U3"].total) == (16, 11)


def test_what_a_parent_has_a_child_count_for_is_no_score_that_a_formula_reads():
    """Caught: 0 in a formula that is computed after the parent, and nothing in one before it."""
    inputs = {"b": {"from": "score", "indicator": "B"}}
    reads = {"inputs": inputs, "formula": "b", "result": "points"}
    before, after = (indicator(code, "4", "expression", params=reads) for code in "XY")
    branch = parent("P", indicator("A", "6"), indicator("B", "4"), missing="zero")
    unit = score(scheme_of((before, branch, after)), everybody(A="100"))["U1"]

    assert nodes(unit)["P"].score == 6
    assert [(gap.indicator, gap.reason) for gap in unit.missing] == [
        ("X", "score of B is missing."), ("Y", "score of B is missing."),
    ]  # fmt: skip


@pytest.mark.parametrize("missing", ["zero", "skip", "category_mean"])
def test_what_is_stood_in_for_is_not_missing_where_something_else_is(missing):
    """Planted bug: look below a parent that has a score."""
    branch = parent("P", indicator("A", "6"), indicator("B", "4"), missing=missing)
    values = {"A": {"U1": "50", "U2": "100"}, "B": {"U2": "100"}}
    unit = score(scheme_of((branch, indicator("Z"))), values)["U1"]

    assert [gap.indicator for gap in unit.missing] == ["Z"]


def test_a_branch_within_a_branch_is_stood_in_for_as_a_whole():
    """Planted bug: the reasons of the inner branch told by its own name, or not at all."""
    inner = parent("Q", indicator("A", "3"), indicator("B", "3"))
    branch = parent("P", inner, indicator("C", "4"), missing="skip")
    unit = score(scheme_of((branch, indicator("Z"))), everybody(A="100", C="50", Z="50"))["U1"]

    assert (nodes(unit)["P"].score, unit.total, unit.missing) == (5, 10, ())
    assert sentences(unit)["Q"][0] == (
        "B: actual, 2025 is missing. Its 6 points go to its scored siblings."
    )


def test_a_leaf_takes_the_mean_of_its_sub_category_while_it_compares_all():
    best = indicator("A", "10", "relative_to_best", params={}, missing="subcategory_mean")
    entries = [value(u, "A", n, key="value") for u, n in (("U1", "40"), ("U2", "80"), ("U3", "20"))]
    given = {"targets": [], "satisfaction": {}, "claims": [], "names": []}
    sheet = compute(parted(best), {"CAT"}, entries=entries, **given).sheet

    assert [unit.total for unit in sheet.units] == decimals("5", "10", "2.5", "5")
    (decision,) = sheet.units[3].decisions
    assert (decision.what, decision.zh) == (
        "subcategory_mean",
        "缺少数值，2025。按方案规定取同一子类别其他单位平均分5。",
    )


def test_what_comes_of_moved_points_is_as_fine_as_the_scheme():
    """Caught: 12 of 11.6667 points, three times, because marks of 10 points are whole numbers."""
    whole = [indicator(code, precision=0) for code in "ABC"]
    scheme = scheme_of((*whole, indicator("D", "5", may_be_not_applicable=True)))
    unit = score(scheme, everybody(A="100", B="100", C="100"), not_applicable("U1", "D"))["U1"]

    assert [nodes(unit)[code].score for code in "ABC"] == [Decimal("11.6667")] * 3


@pytest.mark.parametrize("huge", ["1000000000000", "999999999999999999"])
def test_a_score_beyond_all_use_is_a_gap_and_not_a_number(huge):
    """Caught: a sheet that cannot be told, for all units, because of one."""
    big = indicator("A", "10", "expression", allow_exceed=True, params={
        "inputs": {"x": {"from": "measured", "key": "x"}}, "formula": "x", "result": "points",
    })  # fmt: skip
    entries = [value(unit, "A", huge, key="x") for unit in UNITS[:1]]
    entries += [value(unit, "A", "7", key="x") for unit in UNITS[1:]]
    units = score(scheme_of((big,)), {}, *entries)

    assert [gap.reason for gap in units["U1"].missing] == ["A score grows beyond all use."]
    assert units["U2"].total == 7
