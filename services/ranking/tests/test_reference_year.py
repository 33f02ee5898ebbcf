"""The eleven counties of the reference city, from their indicator scores to rank and grade."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter

from ranking.rules.reports import Report
from ranking.rules.results import UnitResult, results
from ranking.rules.scheme import Scheme
from ranking.rules.sheet import CategoryMarks, UnitSheet, marks_to_rank

NUMBERS = ["function", "public_review", "comprehensive", "base_total", "adjustment", "final_total"]


@pytest.fixture
def marks(scheme: Scheme, sheet_units: list[dict[str, Any]]) -> CategoryMarks:
    sheets = TypeAdapter(list[UnitSheet]).validate_json(json.dumps(sheet_units))
    category = scheme.category("COUNTY")
    return marks_to_rank(sheets, category, scheme.composition, leave_out=False)


@pytest.fixture
def vetoes(county_year: dict[str, Any]) -> list[Report]:
    return [
        Report(unit, code, "No. 1", date(2026, 2, 10), None)
        for unit, code in county_year["vetoes"].items()
    ]


def test_the_reference_year_has_exactly_the_expected_totals_ranks_grades_and_reasons(
    scheme: Scheme, marks: CategoryMarks, vetoes: list[Report], county_year: dict[str, Any]
) -> None:
    """Planted bug: let a demoted or vetoed unit use up an excellent place, or drop a digit."""
    ranked = results(scheme, scheme.category("COUNTY"), marks, {}, vetoes=vetoes, demotions=[])
    found = {line.unit: _words(line) for line in ranked}
    assert found == {line["unit"]: _expected(line) for line in county_year["expected"]}


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_inputs_never_shows(
    seed: int, scheme: Scheme, marks: CategoryMarks, vetoes: list[Report]
) -> None:
    """Planted bug: sort by total only, and leave equal units in the order of the input."""
    one, *rest = marks.complete
    units = [one, *(replace(one, unit=each.unit) for each in rest[:2]), *rest[2:]]
    shuffled = units.copy()
    Random(seed).shuffle(shuffled)  # noqa: S311 - a fixed seed, no secret
    found, expected = (
        results(
            scheme,
            scheme.category("COUNTY"),
            CategoryMarks(tuple(given)),
            {},
            vetoes=vetoes,
            demotions=[],
        )
        for given in (shuffled, units)
    )
    assert found == expected


def _words(line: UnitResult) -> dict[str, Any]:
    numbers = [*line.blocks.values(), line.base_total, line.adjustment, line.final_total]
    return {
        **dict(zip(NUMBERS, numbers, strict=True)),
        "rank": line.rank,
        "grade": line.grade,
        "reasons": [reason.en for reason in line.reasons],
        "demoted_by": list(line.demoted_by),
    }


def _expected(line: dict[str, Any]) -> dict[str, Any]:
    words = {name: line[name] for name in ("rank", "grade", "reasons", "demoted_by")}
    return {name: Decimal(line[name]) for name in NUMBERS} | words
