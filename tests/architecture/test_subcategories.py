"""Sub-categories: the example of the page is published, entered and scored as it says, and what is
told of a class names it and nobody in it."""

from decimal import Decimal

import pytest
from tests.architecture.scheme_examples import Example, examples

from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.own_reading import own_reading
from scoring.rules.explanation.record import written_tree
from scoring.rules.explanation.tree import explain

(GIVEN,) = examples("Sub-categories")


@pytest.fixture(scope="module")
def example():
    return Example(GIVEN)


@pytest.fixture(scope="module")
def units(example):
    return {each.unit: each for each in example.compute().sheet.units}


def test_the_example_is_published_and_scored_as_it_says(example, units):
    """Planted bug: the best value of the whole category."""
    example.publish()
    assert {unit: each.total for unit, each in units.items()} == {
        unit: Decimal(score) for unit, score in GIVEN["scores"].items()
    }
    assert [each for unit in units.values() for each in contradictions(explain(unit))] == []


def test_an_explanation_names_the_class_and_a_unit_reads_no_more_of_it(units):
    """Planted bug: the best value, or how many are compared, with the source `scheme`."""
    whole = written_tree(explain(units["T4"]))
    revenue, growth = whole["children"][0]["children"]
    own = own_reading(whole)["children"][0]["children"][0]
    told = {used["name"]: used["value"] for used in revenue["inputs"]}
    assert (told["compared within"], told["units compared"]) == ("SMALL 六万人以下", "3 of 3")
    assert "compared within" not in {used["name"] for used in growth["inputs"]}
    assert [(used["name"], used["value"]) for used in own["inputs"]] == [
        ("value", "240"),
        ("compared within", "SMALL 六万人以下"),
    ]
    assert (own["formula"], own["rounding"], own["score"]) == (None, None, revenue["score"])
