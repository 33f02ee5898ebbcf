"""The eleven counties of the reference city, from their indicator scores to rank and grade."""

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter

from ranking.rules.results import UnitInput, UnitResult, results
from ranking.rules.scheme import Scheme
from ranking.rules.sheet import UnitSheet, complete_marks

NUMBERS = ["function", "public_review", "comprehensive", "base_total", "adjustment", "final_total"]


@pytest.fixture
def inputs(
    scheme: Scheme, sheet_units: list[dict[str, Any]], county_year: dict[str, Any]
) -> list[UnitInput]:
    sheets = TypeAdapter(list[UnitSheet]).validate_json(json.dumps(sheet_units))
    marks = complete_marks(
        {each.unit: each for each in sheets}, scheme.category("COUNTY"), scheme.composition
    )
    vetoes = {unit: frozenset({code}) for unit, code in county_year["vetoes"].items()}
    return [UnitInput("", each, vetoes.get(each.unit, frozenset())) for each in marks]


def test_the_reference_year_has_exactly_the_expected_totals_ranks_grades_and_reasons(
    scheme: Scheme, inputs: list[UnitInput], county_year: dict[str, Any]
) -> None:
    """Planted bug: let a demoted or vetoed unit use up an excellent place, or drop a digit."""
    found = {line.unit: _words(line) for line in results(scheme, inputs)}
    assert found == {line["unit"]: _expected(line) for line in county_year["expected"]}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_inputs_never_shows(
    seed: int, scheme: Scheme, inputs: list[UnitInput]
) -> None:
    """Planted bug: sort by total only, and leave equal units in the order of the input."""
    shuffled = inputs.copy()
    Random(seed).shuffle(shuffled)  # noqa: S311 - a fixed seed, no secret
    assert results(scheme, shuffled) == results(scheme, inputs)


def _words(line: UnitResult) -> dict[str, Any]:
    numbers = [*line.blocks.values(), line.base_total, line.adjustment, line.final_total]
    return {
        **dict(zip(NUMBERS, numbers, strict=True)),
        "rank": line.rank,
        "grade": line.grade,
        "reasons": list(line.reasons),
        "demoted_by": list(line.demoted_by),
    }


def _expected(line: dict[str, Any]) -> dict[str, Any]:
    words = {name: line[name] for name in ("rank", "grade", "reasons", "demoted_by")}
    return {name: Decimal(line[name]) for name in NUMBERS} | words
