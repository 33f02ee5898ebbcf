"""The decimal places of a score by what its indicator is worth: the example of the page, with what
every service makes of it."""

from decimal import Decimal

from pydantic import TypeAdapter
from tests.architecture.scheme_examples import Example, examples

from indicators.rules.scheme import Scheme, places
from scoring.rules.sheet.record import written
from survey.peers import Rounding

(GIVEN,) = examples("Places by points")


def test_the_example_is_published_scored_and_ranked_as_it_says():
    """Planted bugs: the rows read from the last one, a block rounded like its largest indicator."""
    example = Example(GIVEN)
    example.publish()
    sheet = example.compute().sheet

    for unit in sheet.units:
        shown = {each["indicator"]: each["score"] for each in written(unit)["indicator_scores"]}
        assert shown == GIVEN["indicator_scores"][unit.unit]
    totals = {unit: Decimal(score) for unit, score in GIVEN["scores"].items()}
    assert {unit.unit: unit.total for unit in sheet.units} == totals
    assert {line.unit: line.final_total for line in example.ranked("COUNTY")} == totals


def test_all_services_read_the_same_places():
    """Planted bug: a row that is reached only above its points, in one of the services."""
    example = Example(GIVEN)
    scheme, scored = example.scheme, example.scored_scheme()
    of_scoring = {
        code: each.places(scored.rounding)
        for category in scored.categories
        for code, each in category.indicators().items()
    }
    document = TypeAdapter(Scheme).dump_python(scheme, mode="json")

    assert of_scoring == {
        p.indicator.code: p.indicator.places(scheme.rounding) for p in places(scheme)
    }
    assert of_scoring == {"C01": 0, "C02": 1, "C03": 5, "C04": 2}
    assert Rounding.model_validate(document["rounding"]).places == scored.rounding.places == 2


def test_a_scheme_that_says_nothing_of_it_is_rounded_as_before():
    example = Example({**GIVEN, "rounding": {"places": 2}})

    assert example.scheme.rounding.by_points == ()
    [unit] = example.compute().sheet.units
    shown = {each["indicator"]: each["score"] for each in written(unit)["indicator_scores"]}
    assert shown == {"C01": "7.78", "C02": "4.67", "C03": "1.56", "C04": "7.78"}
