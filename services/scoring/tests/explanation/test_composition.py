"""A total that is more than a plain sum, explained: part by part, in words and in numbers.

The year of the reference counties, with other compositions than its own; recomputed here from the
blocks of its sheet in plain decimals.
"""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from compiling import compute
from printed_formulas import again
from pydantic import TypeAdapter

from scoring.rules.columns.exact import half_up
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.in_chinese import in_chinese
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.steps import Step
from scoring.rules.explanation.tree import explain
from scoring.rules.reports.diagnostics import Sheet, diagnose
from scoring.rules.reports.outlook import losses, of_total
from scoring.rules.reports.so_far import SoFar
from scoring.rules.reports.so_far import of_total as so_far_of_total
from scoring.rules.scheme.document import AdjustmentPlace, PartOfTotal
from scoring.rules.sheet.record import written

D = Decimal
FUNCTION = PartOfTotal("function", D(61), D(100), D("0.5"))
REVIEW = PartOfTotal("public_review", D(14), D(100), D("0.2"))
REST = PartOfTotal("comprehensive", D(25), D(100), D("0.3"), D(98))


def min_(one: Decimal, other: Decimal) -> Decimal:
    return min(one, other)


@pytest.fixture(scope="session")
def sheet_by(scheme, county, satisfaction, claims, names):
    """Score the counties' year by the scheme with another composition."""

    def score(*by_part, **more):
        composition = replace(scheme.composition, by_part=by_part, **more)
        changed = replace(scheme, composition=composition)
        return compute(
            changed,
            {"COUNTY"},
            entries=county.entries,
            targets=county.targets,
            satisfaction=satisfaction,
            claims=claims,
            names=names,
        ).sheet

    return score


INSIDE = {"adjustment": AdjustmentPlace("comprehensive")}
COMPOSITIONS = {
    "weighed": ((FUNCTION, REVIEW, REST), {}),
    "inside": ((FUNCTION, REVIEW, REST), INSIDE),
    "each part": ((FUNCTION, REVIEW, REST), {"rounding": "each_part"}),
    "capped": ((replace(FUNCTION, weight=None),), {"max_total": D(120)}),
    "inside alone": ((PartOfTotal("comprehensive", cap=D(24)),), INSIDE),
}


def by_hand(name, unit):
    """Return the total of a unit from the blocks of its sheet, in plain decimals."""
    f, r, c = (unit.blocks[code] for code in ("function", "public_review", "comprehensive"))
    a, exact = unit.adjustment, Fraction
    if name in ("weighed", "inside", "each part"):
        inside = a if name == "inside" else D(0)
        parts = [
            exact(f) * 100 / 61 / 2,
            exact(r) * 100 / 14 / 5,
            min(exact(c) * 4 + exact(inside), exact(98)) * 3 / 10,
        ]
        if name == "each part":
            parts = [exact(half_up(each, 4)) for each in parts]
        return half_up(sum(parts) + exact(a - inside), 4)
    if name == "capped":
        return half_up(min(exact(f) * 100 / 61 + exact(r + c + a), exact(120)), 4)
    return f + r + min_(c + a, D(24))


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_every_total_is_what_it_is_by_hand_and_its_formula_gives_it_again(sheet_by, name):
    """Planted bugs: the cap before the adjustment; each part rounded although it is not said; the
    conversion left out of the printed formula."""
    parts, more = COMPOSITIONS[name]
    sheet = sheet_by(*parts, **more)
    assert any(unit.adjustment for unit in sheet.units)
    for unit in sheet.units:
        tree = explain(unit)
        assert unit.total == by_hand(name, unit)
        assert [*contradictions(tree)] == []
        root = again(tree.formula)
        assert half_up(Fraction(root), 4) == unit.total
        for node in tree.children:
            if node.kind == "part":
                assert half_up(Fraction(again(node.formula)), 4) == node.score


def test_a_part_says_what_becomes_of_its_block_in_both_languages(sheet_by):
    parts, more = COMPOSITIONS["inside"]
    unit = sheet_by(*parts, **more).units[0]
    tree = explain(unit)
    assert [node.kind for node in tree.children] == ["part"] * 3
    function, _, rest = tree.children
    assert function.rule == "the block's score × points / scale × weight"
    assert function.formula == f"{_short(unit.blocks['function'])} × 100 / 61 × 0.5"
    assert rest.rule == "min(the block's score × points / scale + adjustment, cap) × weight"
    assert [child.kind for child in rest.children] == ["block", "adjustment"]
    assert tree.rule == "sum of the parts before rounding"
    said = in_chinese(written_tree(tree))
    assert said[function.rule] == "板块得分 × 分值 / 满分刻度 × 权重"
    assert said[rest.rule] == "min(板块得分 × 分值 / 满分刻度 + 加减分，上限) × 权重"
    assert said[tree.rule] == "各部分舍入前得分之和"
    for node in tree.walk():
        if node.kind in ("total", "part"):
            assert not re.search("[a-z]{4}", said[node.rule])
    assert (str(function.points), str(rest.points), str(tree.points)) == ("50", "29.4", "99.4")


def _short(value):
    return f"{value:f}".rstrip("0").rstrip(".")


def steps(unit):
    tree = written_tree(explain(unit))
    return TypeAdapter(Step).validate_python(tree)


def test_what_is_listed_adds_up_to_the_total_by_what_it_is_worth(sheet_by):
    """Planted bug: points of a block of 61 that count half taken for points of the total."""
    parts = (FUNCTION, REVIEW, replace(REST, cap=D(200)))
    for more in ({}, INSIDE):
        for unit in sheet_by(*parts, **more).units:
            weighed = [(step.score, worth) for step, worth in steps(unit).weighed()]
            whole = sum((Fraction(score) * worth for score, worth in weighed), Fraction(0))
            # The adjustment is rounded once more, as the plain sums of blocks are.
            assert abs(whole - unit.exact) < Fraction(1, 1000)
            assert of_total(weighed, unit.total) == half_up(whole, 4)


def test_the_costliest_loss_is_that_of_the_total(sheet_by):
    """A point of the review, worth 100/14 × 0.2, costs more than one of the function."""
    unit = sheet_by(FUNCTION, REVIEW, REST).units[0]
    found = losses(steps(unit))
    cost = [Fraction(each.lost) * each.worth for each in found]
    assert cost == sorted(cost, reverse=True)
    assert {each.worth for each in found if each.kind == "indicator"} <= {
        Fraction(50, 61), Fraction(20, 14), Fraction(30, 25),
    }  # fmt: skip


def test_weights_of_the_diagnosis_are_those_of_the_total(sheet_by):
    """Planted bug: the share of the raw points."""
    units = sheet_by(FUNCTION, REVIEW, REST).units
    sheets = [Sheet(each.unit, each.category, each.total, steps(each)) for each in units]
    [category] = diagnose(sheets, {})
    blocks = {child.code: child for part in steps(units[0]).children for child in part.children}
    inside = {each.code for each in blocks["public_review"].walk() if each.kind == "indicator"}
    share = sum(each.weight for each in category.indicators if each.indicator in inside)
    assert share == D("0.2000")


def test_results_so_far_add_up_in_points_of_the_total(scheme, sheet_by):
    """Planted bugs: raw points; a block that is only shown counted too."""
    unit = sheet_by(FUNCTION, REVIEW, REST).units[0]
    indicator = scheme.categories[0].blocks[0].indicators[0]

    def part(block, earned):
        return SoFar(indicator, block, D(10), D(earned), D(earned), D(1), D(2), ())

    parts = [part("function", "6.1"), part("public_review", "1.4"), part("shown", "9")]
    assert so_far_of_total(unit, parts, "earned") == D("7.0000")
    assert so_far_of_total(sheet_by().units[0], parts, "earned") == D("16.5")


def test_a_unit_reads_how_its_parts_count(sheet_by):
    unit = sheet_by(FUNCTION, REVIEW, REST).units[0]
    told = own_reading(written_tree(explain(unit)))
    part = told["children"][0]
    assert [each["name"] for each in part["inputs"]] == ["scale", "points", "weight"]


def test_the_sheet_tells_what_each_part_came_to(sheet_by):
    """And where nothing is said it tells what it always told. Planted bug: `parts` always there."""
    unit = sheet_by(FUNCTION, REVIEW, REST).units[0]
    told = written(unit)["parts"]
    assert [each["block"] for each in told] == ["function", "public_review", "comprehensive"]
    assert told[0]["worth"] == "0.819672131148"
    assert told[2]["worth"] == "1.2"
    assert told[2]["score"] == format(half_up(Fraction(unit.parts[2].exact), 4), "f")
    assert "parts" not in written(sheet_by().units[0])


def test_weights_are_scaled_up_where_a_category_lacks_a_part(scheme, sheet_by):
    composition = replace(scheme.composition, parts=("function", "public_review", "daily"))
    unit = sheet_by(
        replace(FUNCTION, weight=D("0.4")),
        replace(REVIEW, weight=D("0.2")),
        PartOfTotal("daily", weight=D("0.4")),
        parts=composition.parts,
        lacking="scaled_up",
    ).units[0]
    tree = explain(unit)
    exact = Fraction(unit.blocks["function"]) * 100 / 61 * 4 / 6
    exact += Fraction(unit.blocks["public_review"]) * 100 / 14 * 2 / 6
    assert unit.total == half_up(exact + Fraction(unit.adjustment), 4)
    assert [*contradictions(tree)] == []
    first = tree.children[0]
    assert first.formula.endswith("× 100 / 61 × 0.4 / 0.6")
    assert first.rule.endswith("× weight / weights of the parts that are there")
    assert in_chinese(written_tree(tree))[first.rule].endswith("× 权重 / 类别已有部分的权重之和")
