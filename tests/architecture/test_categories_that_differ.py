"""Categories that differ: the example of the page is published, claimed, scored, ranked and graded
by the rules of all services, and comes to what the page says."""

from decimal import Decimal

import pytest
from tests.architecture.scheme_examples import Example, examples

from indicators.rules.without_effect import without_effect
from scoring.rules.claims.intake import ClaimsRejected
from scoring.rules.explanation.evaluator import contradictions
from scoring.rules.explanation.tree import explain

(GIVEN,) = examples("Categories that differ")


@pytest.fixture(scope="module")
def example():
    return Example(GIVEN)


def test_the_example_is_published_and_says_nothing_in_vain(example):
    example.publish()
    at = ("/categories", "/composition", "/adjustments", "/grades", "/ranking", "/demotions")
    assert [each for each in without_effect(example.scheme) if each.pointer.startswith(at)] == []


def test_every_unit_is_scored_as_the_page_says(example):
    """Planted bug: the scheme's adjustments for all; the shown block added up."""
    found = {}
    for unit in example.compute().sheet.units:
        assert list(contradictions(explain(unit))) == []
        found[unit.unit] = {**unit.blocks, "adjustment": unit.adjustment, "total": unit.total}
    expected = {
        unit: {k: None if v is None else Decimal(v) for k, v in told.items()}
        for unit, told in GIVEN["scored"].items()
    }
    assert found == expected


@pytest.mark.parametrize("category", GIVEN["ranked"])
def test_every_category_is_ranked_and_graded_as_the_page_says(example, category):
    """Planted bug: the grades of the scheme, or its demotions, for the parks."""
    found = [[line.unit, line.rank, line.grade] for line in example.ranked(category)]
    assert found == GIVEN["ranked"][category]


def test_what_a_category_does_not_take_cannot_be_claimed():
    claim = {"claim_no": "9", "unit": "P2", "kind": "deduction", "rule": "DED01"}
    document = {"document_no": "1号", "document_date": None}
    with pytest.raises(ClaimsRejected) as rejected:
        Example(GIVEN | {"claims": [claim | document]}).compute()
    assert [fault.code for fault in rejected.value.faults] == ["not-in-the-total"]
