"""The example of docs/schemes.md whose values are put together comes to what the page says."""

from decimal import Decimal

import pytest
from tests.architecture.scheme_examples import Example, examples

from scoring.rules.ledger.batch import BatchRejected, check_batch
from scoring.rules.ledger.seats import Author
from scoring.rules.ledger.shapes import Draft

(GIVEN,) = examples("Values of shorter periods")


@pytest.fixture(scope="module")
def example():
    found = Example(GIVEN)
    found.publish()
    return found


def test_quarters_come_to_what_the_page_says(example):
    """Planted bugs: the mean of the quarters that there are where all are wanted; a quarter that
    is missing as zero in a mean."""
    said: dict = {name: {} for name in ("combined", "scores", "not_entered", "missing")}
    for unit in example.compute().sheet.units:
        for code, outcome in unit.outcomes.items():
            used = {each.name.partition(", ")[2]: each.value for each in outcome.used()}
            for name, value in used.items():
                if name.endswith("of its periods"):
                    said["combined"].setdefault(unit.unit, {})[code] = value
            if "not entered" in used and outcome.score is not None:
                said["not_entered"].setdefault(unit.unit, {})[code] = used["not entered"]
            if outcome.score is None:
                reasons = [each.en for each in outcome.missing]
                said["missing"].setdefault(unit.unit, {})[code] = reasons
            else:
                said["scores"].setdefault(unit.unit, {})[code] = f"{outcome.score.normalize():f}"
    combined = {u: {c: str(v) for c, v in of.items()} for u, of in GIVEN["combined"].items()}
    assert said == {
        "combined": combined,
        "scores": GIVEN["indicator_scores"],
        "not_entered": GIVEN["not_entered"],
        "missing": GIVEN["missing"],
    }


@pytest.mark.parametrize("period", ["2025", "2025-03", "2025H1"])
def test_no_other_period_is_taken_beside_the_quarters(example, period):
    """Planted bug: the year beside its quarters."""
    draft = Draft("X1", "INVEST", "measured_value", "actual", None, period, Decimal(1), None)
    with pytest.raises(BatchRejected):
        check_batch([draft], example.scored_scheme(), Author("B01"))
