"""One indicator in several categories under one code: each unit is measured as its own category
says. The example of the page is published, entered, scored and ranked as it says."""

from copy import deepcopy
from decimal import Decimal

import pytest
from pydantic import TypeAdapter
from tests.architecture.scheme_examples import Example, examples

from indicators.rules.compiled import compile_scheme
from indicators.rules.entry_forms import Asked, entry_forms
from indicators.rules.publication import SchemeUnsound
from indicators.rules.targets import Target, is_lowered
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.nodes import Node
from scoring.rules.explanation.steps import Step
from scoring.rules.explanation.tree import explain
from scoring.rules.ledger.batch import BatchRejected, NotTheDataSource, check_batch
from scoring.rules.ledger.seats import Author
from scoring.rules.ledger.shapes import Draft
from scoring.rules.reports.diagnostics import Sheet, diagnose
from scoring.rules.reports.simulation import SimulatedValue, check_changes

(GIVEN,) = examples("One indicator in several categories")


@pytest.fixture(scope="module")
def example():
    return Example(GIVEN)


@pytest.fixture(scope="module")
def scored(example):
    return example.compute()


def test_the_example_is_published_and_scored_as_it_says(example, scored):
    """Planted bug: indicators of all categories in one table by code."""
    example.publish()
    scores = {each.unit: each.total for each in scored.sheet.units}
    assert scores == {unit: Decimal(score) for unit, score in GIVEN["scores"].items()}
    for each in scored.sheet.units:
        assert list(contradictions(explain(each))) == []


def test_a_demotion_applies_in_every_category_that_has_its_indicator(example):
    weak = {
        line.unit: list(line.demoted_by)
        for category in ("COUNTY", "DEPT")
        for line in example.ranked(category)
        if line.demoted_by
    }
    assert weak == GIVEN["demoted"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "另一指标", "other-name"),
        ("name_en", "Growth", "other-name-en"),
        ("measure", "亿元", "other-measure"),
        ("measure", None, "other-measure"),
    ],
)
def test_one_code_stands_for_one_thing(field, value, code):
    given = deepcopy(GIVEN)
    given["categories"][1]["indicators"][0][field] = value
    with pytest.raises(SchemeUnsound) as refused:
        Example(given).publish()
    at = f"/categories/1/blocks/0/indicators/0/{field}"
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(at, code)]


def test_an_entry_form_stands_with_each_category_that_has_the_indicator(example):
    compiled = compile_scheme(example.scheme)
    found = entry_forms(example.scheme, compiled, Asked(indicator="GROWTH"))
    assert [(each.category, each.indicators[0].form.keys) for each in found] == [
        ("COUNTY", ("value",)),
        ("DEPT", ("actual",)),
    ]
    own = entry_forms(example.scheme, compiled, Asked(unit="D1", indicator="GROWTH"))
    assert [(each.category, each.indicators[0].data_source_unit) for each in own] == [
        ("DEPT", "own_unit")
    ]


@pytest.mark.parametrize(
    ("unit", "key", "poster", "refusal"),
    [
        ("X1", "value", "B01", None),
        ("D1", "actual", "D1", None),
        ("X1", "actual", "B01", BatchRejected),
        ("D1", "value", "D1", BatchRejected),
        ("X1", "value", "X1", NotTheDataSource),
        ("D1", "actual", "B01", NotTheDataSource),
    ],
)
def test_an_entry_is_taken_as_the_category_of_its_unit_says(example, unit, key, poster, refusal):
    draft = Draft(unit, "GROWTH", "measured_value", key, None, "2025", Decimal(5), None)
    scheme = example.scored_scheme()
    if refusal is None:
        check_batch([draft], scheme, Author(poster))
        check_changes([SimulatedValue(*draft.slot, draft.value, None)], scheme, ())
    else:
        with pytest.raises(refusal):
            check_batch([draft], scheme, Author(poster))


def test_a_target_is_lowered_as_the_category_of_its_unit_says():
    """Planted bug: the direction of whichever category comes last."""
    given = deepcopy(GIVEN)
    for category, direction in zip(given["categories"], ("lower", "higher"), strict=True):
        category["indicators"][0] |= {
            "method": "ratio_to_target",
            "params": {"direction": direction},
        }
    scheme = Example(given).scheme
    lowered = {
        unit: is_lowered(
            [Target(unit, "GROWTH", None, Decimal(6), None, None)],
            Target(unit, "GROWTH", None, Decimal(5), None, None),
            scheme,
        )
        for unit in ("X1", "D1")
    }
    assert lowered == {"X1": False, "D1": True}


def test_diagnostics_compare_an_indicator_within_its_category(scored):
    nodes = {each.unit: (each, explain(each)) for each in scored.sheet.units}
    sheets = [
        Sheet(unit, of.of.plan.category.code, of.total, _step(tree))
        for unit, (of, tree) in nodes.items()
    ]
    found = {each.category: each.indicators for each in diagnose(sheets, {})}
    assert {code: (one.points, one.scored, one.highest) for code, (one,) in found.items()} == {
        "COUNTY": (10, 3, 10),
        "DEPT": (4, 2, Decimal("3.6")),
    }


def _step(tree: Node) -> Step:
    return TypeAdapter(Step).validate_json(TypeAdapter(Node).dump_json(tree))
