"""Sub-categories: the example of the page is published, entered, scored and ranked as it says, and
what is told of a class names it and nobody in it."""

from decimal import Decimal

import pytest
from tests.architecture.scheme_examples import Example, examples

from ranking.api.rankings import RankedUnit
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


def ranked(given):
    return {each.unit: each for each in Example(given).ranked("TOWN")}


def test_the_example_is_ranked_and_graded_within_its_classes_as_it_says():
    """Planted bug: the places of a grade shared out over the category; its ranks."""
    found = ranked(GIVEN)
    assert {unit: [e.subcategory, e.rank, e.grade] for unit, e in found.items()} == GIVEN["ranked"]
    assert list(found) == list(GIVEN["ranked"])
    assert {unit: each.rank_in_subcategory for unit, each in found.items()} == {
        unit: each.rank for unit, each in found.items()
    }


@pytest.mark.parametrize("within", ["category", "subcategory"])
@pytest.mark.parametrize("scope", ["category", "subcategory"])
def test_ranks_and_quotas_are_each_within_what_the_scheme_says(within, scope):
    """Planted bug: grades given by the rank that is shown, of which each class has a first."""
    grades = {**GIVEN["grades"], "scope": scope}
    found = ranked({**GIVEN, "ranking": {"within": within}, "grades": grades})
    apart = {"T1": 1, "T2": 2, "T3": 1, "T4": 2, "T5": 3}
    over_all = {"T1": 1, "T2": 2, "T3": 3, "T4": 4, "T5": 5}
    assert {unit: each.rank_in_subcategory for unit, each in found.items()} == apart
    ranks = {unit: each.rank for unit, each in found.items()}
    assert ranks == (apart if within == "subcategory" else over_all)
    excellent = {unit for unit, each in found.items() if each.grade == "excellent"}
    assert excellent == ({"T1", "T3"} if scope == "subcategory" else {"T1", "T2"})


def test_without_classes_a_ranking_is_the_document_it_always_was():
    """Planted bug: a field that is null, and another digest of what was ranked before."""
    categories = [{**GIVEN["categories"][0], "subcategories": []}]
    indicators = [{**each, "compare_within": "category"} for each in categories[0]["indicators"]]
    categories[0]["indicators"] = indicators
    given = {**GIVEN, "categories": categories, "ranking": {}, "grades": {}}
    plain, classed = ranked(given)["T1"], ranked(GIVEN)["T1"]
    told = RankedUnit.model_validate(plain).model_dump(mode="json")
    more = RankedUnit.model_validate(classed).model_dump(mode="json")
    assert more.keys() - told.keys() == {"subcategory", "rank_in_subcategory"}


def test_a_unit_that_lacks_marks_has_a_class_and_no_rank_in_it():
    entries = {unit: own for unit, own in GIVEN["entries"].items() if unit != "T3"}
    policy = {"within": "subcategory", "incomplete": "leave_out"}
    found = ranked({**GIVEN, "ranking": policy, "entries": entries})
    last = list(found.values())[-1]
    assert (last.unit, last.subcategory, last.rank_in_subcategory) == ("T3", "SMALL", None)
    assert [each.rank for each in found.values()] == [1, 2, 1, 2, None]
