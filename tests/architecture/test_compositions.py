"""Compositions: the example of the page is published, claimed, scored, explained and ranked by the
rules of all services, and comes to what the page says and what plain decimals say."""

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.architecture.scheme_examples import Example, examples

from indicators.rules.without_effect import without_effect
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.tree import explain

(GIVEN,) = examples("Compositions")


@pytest.fixture(scope="module")
def example():
    return Example(GIVEN)


def test_the_example_is_published_and_says_nothing_in_vain(example):
    example.publish()
    at = ("/categories", "/composition", "/adjustments")
    assert [each for each in without_effect(example.scheme) if each.pointer.startswith(at)] == []


def test_every_unit_is_scored_as_the_page_says(example):
    """Planted bugs: the award beside the part; the cap after the weight; the park's task counted by
    0.6; the total summed of rounded parts."""
    found = {}
    for unit in example.compute().sheet.units:
        tree = explain(unit)
        assert list(contradictions(tree)) == []
        parts = {part.block: part.score for part in unit.parts}
        assert [node.score for node in tree.children if node.kind == "part"] == [*parts.values()]
        told = {"adjustment": unit.adjustment, "parts": parts, "base": unit.base_total}
        found[unit.unit] = {**unit.blocks, **told, "total": unit.total}
    assert found == {unit: _decimals(told) for unit, told in GIVEN["scored"].items()}


def test_the_totals_of_the_page_are_those_of_plain_decimals():
    for unit, told in GIVEN["scored"].items():
        inside = Fraction(told["task"]) / 10 + Fraction(told["adjustment"])
        task = min(inside, Fraction(98)) * (Fraction(6, 10) if "review" in told else 1)
        whole = task + Fraction(told.get("review", 0)) * Fraction(4, 10)
        assert abs(whole - Fraction(told["total"])) <= Fraction(1, 200), unit


@pytest.mark.parametrize("category", GIVEN["ranked"])
def test_every_category_is_ranked_by_the_totals_of_its_sheet(example, category):
    """Planted bug: a ranking that adds up the blocks."""
    lines = example.ranked(category)
    assert [[line.unit, line.rank] for line in lines] == GIVEN["ranked"][category]
    totals = {line.unit: line.final_total for line in lines}
    assert totals == {unit: Decimal(GIVEN["scored"][unit]["total"]) for unit in totals}


def _decimals(told):
    return {
        name: _decimals(each) if isinstance(each, dict) else Decimal(each)
        for name, each in told.items()
    }
