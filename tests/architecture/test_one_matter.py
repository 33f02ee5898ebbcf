"""Two organisers, one target: the example of the page is published, and conflicts as it says."""

from decimal import Decimal

from tests.architecture.scheme_examples import Example, examples

from indicators.rules.matters import conflicts, matters_of
from indicators.rules.targets import Target


def test_the_example_of_the_page_conflicts_as_it_says():
    (given,) = examples("Two organisers, one target")
    example = Example(given)
    example.publish()
    targets = [
        Target(unit, code, None, Decimal(value), None, None)
        for unit, aims in given["targets"].items()
        for code, value in aims.items()
    ]
    found = [
        {
            "unit": each.unit,
            "matter": each.matter,
            "targets": {target.indicator: target.target for target in each.targets},
        }
        for each in conflicts(targets, matters_of(example.scheme))
    ]
    assert found == given["conflicts"]
