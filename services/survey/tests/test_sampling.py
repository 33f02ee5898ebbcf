"""How large a sample has to be, and how far off it may be."""

from decimal import Decimal

import pytest

from survey.rules.estimates.intervals import quantile
from survey.rules.sampling import margin_of_error, needed_sample

# Sizes that Krejcie and Morgan (1970) give for a margin of 0.05; they round to the nearest person,
# so that only the rows are here of which they rounded up.
KREJCIE_AND_MORGAN = [(100, 80), (200, 132), (420, 201), (1000, 278), (2000, 323), (10000, 370)]


@pytest.mark.parametrize(
    ("sample", "error"), [(400, "0.049"), (300, "0.0566"), (200, "0.0693"), (1, "0.98")]
)
def test_the_margin_of_a_sample_is_that_of_a_half(sample, error):
    assert abs(margin_of_error(sample) - Decimal(error)) < Decimal("0.00005")


@pytest.mark.parametrize(("population", "sample"), KREJCIE_AND_MORGAN)
def test_the_sample_that_a_margin_needs_is_the_published_one(population, sample):
    assert needed_sample(Decimal("0.05"), population) == sample


@pytest.mark.parametrize("population", [None, 2, 50, 333, 10_000, 9_000_000])
@pytest.mark.parametrize("margin", ["0.5", "0.05", "0.049", "0.01"])
def test_the_sample_that_is_needed_is_the_smallest_one(margin, population):
    """Planted bug: rounded to the nearest, which may be one too few."""
    size, most = needed_sample(Decimal(margin), population), Decimal(margin)
    assert margin_of_error(size, population) <= most
    assert size == 1 or margin_of_error(size - 1, population) > most


def test_whoever_asks_all_has_no_error():
    assert margin_of_error(50, 50) == margin_of_error(60, 50) == margin_of_error(1, 1) == 0
    assert margin_of_error(0, 50) is None


def test_the_confidence_level_is_the_one_that_is_named():
    assert [str(quantile(Decimal(c))) for c in ("0.9", "0.95", "0.99")] == [
        "1.644854",
        "1.959964",
        "2.575829",
    ]
    assert needed_sample(Decimal("0.05"), confidence=Decimal("0.99")) == 664
    assert needed_sample(Decimal("0.05"), confidence=Decimal("0.9")) == 271
