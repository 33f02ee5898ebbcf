"""The examples of docs/schemes.md about grades and order: schemes that may be published, ranked."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter
from tests.architecture.scheme_examples import SMALL, examples

from indicators.rules.draft import complete
from indicators.rules.publication import check_sound
from indicators.rules.scheme import Scheme
from ranking.rules.demotions import PlaceInList
from ranking.rules.marks import IndicatorScore, Marks
from ranking.rules.reasons import Reason
from ranking.rules.reports import Report, check_demotion
from ranking.rules.results import UnitResult, results
from ranking.rules.scheme import Scheme as RankedScheme
from ranking.rules.sheet import CategoryMarks

ABOVE, VETOES, ALL, AT_THE_LINE = examples("Grades and order")


def ranked(given: Mapping[str, Any], **grades: str) -> list[UnitResult]:
    """Rank the units of an example, by a scheme that may be published."""
    document = json.loads(SMALL.read_text("utf-8"), parse_float=Decimal)
    county = document["categories"][0]
    county |= {"units": [*given["marks"]], "ranking": given["ranking"]}
    county["grades"] = {**given["grades"], **grades}
    document["demotions"] = given.get("demotions", [])
    document["vetoes"]["grade_cap"] = "unqualified"
    scheme: Scheme = complete(TypeAdapter(Scheme).validate_python(document))
    kinds = {unit: "assessed" for each in scheme.categories for unit in each.units}
    earlier = given["ranking"].get("previous_cycle")
    known = [] if earlier is None else [UUID(earlier)]
    check_sound(scheme, {**kinds, "B01": "body", "B02": "body"}, known)
    as_read = TypeAdapter(RankedScheme).validate_json(TypeAdapter(Scheme).dump_json(scheme))
    return results(
        as_read,
        as_read.category("COUNTY"),
        CategoryMarks(tuple(_marks(unit, of) for unit, of in given["marks"].items())),
        {},
        vetoes=(),
        demotions=list(_reports(as_read, given)),
        last_ranks=given.get("last_year", {}),
    )


def _marks(unit: str, of: Mapping[str, Any]) -> Marks:
    deducted = Decimal(of.get("deducted", 0))
    total, base = Decimal(of["total"]), Decimal(of["total"]) + deducted
    scores = {"C01": IndicatorScore(Decimal(10), Decimal(of["C01"]))}
    return Marks(unit, {"function": base}, base, -deducted, total, scores, deducted)


def _reports(scheme: RankedScheme, given: Mapping[str, Any]) -> list[Report]:
    found = []
    for unit, of_unit in given.get("reported", {}).items():
        for code, places in of_unit.items():
            for n, each in enumerate(places):
                place = PlaceInList(**each) if each else None
                report = Report(unit, code, f"{n}号", date(2025, 6, 1), None, place=place)
                check_demotion(scheme, report)
                found.append(report)
    return found


def test_the_vetoes_of_the_example_may_be_published_and_are_read() -> None:
    """Planted bug: a scope that the example names and nobody takes."""
    document = json.loads(SMALL.read_text("utf-8"), parse_float=Decimal) | VETOES
    scheme: Scheme = complete(TypeAdapter(Scheme).validate_python(document))
    kinds = {unit: "assessed" for each in scheme.categories for unit in each.units}
    known = [UUID(VETOES["vetoes"]["previous_cycle"])]
    check_sound(scheme, {**kinds, "B01": "body", "B02": "body", "B03": "body"}, known)
    read = TypeAdapter(RankedScheme).validate_json(TypeAdapter(Scheme).dump_json(scheme)).vetoes
    assert [(each.scope, each.title, each.years) for each in read.items] == [
        ("all", None, 2),
        ("title", "文明单位", 1),
        ("block", None, 1),
    ]
    assert read.items[2].block == "function"
    assert (read.previous_cycle, read.term and read.term.removal_at) == (known[0], 2)


def said(line: UnitResult) -> list[str]:
    """Return what an English reader is told of a result."""
    return [reason.en for reason in line.reasons if isinstance(reason, Reason)]


def test_the_year_of_the_page_is_ranked_as_the_page_says() -> None:
    """Planted bugs: floor becomes ceiling; a demoted unit keeps its place; a key is left out."""
    found = {one.unit: [one.rank, one.grade, *said(one)] for one in ranked(ALL)}
    assert found == ALL["results"]
    assert list(found) == list(ALL["results"])


def test_the_grade_above_and_the_last_are_as_the_page_says() -> None:
    """Planted bug: the last of those who have all the points are told the measure too."""
    found = {one.unit: [one.rank, one.grade, *said(one)] for one in ranked(ABOVE)}
    assert found == ABOVE["results"]


@pytest.mark.parametrize(
    ("which", "line"),
    [
        (which, line)
        for which in ("tie_at_line", "without_keys", "ordinal_without_keys")
        for line in AT_THE_LINE[which]
    ],
)
def test_units_that_are_tied_at_the_line_of_the_page_get_what_the_page_says(
    which: str, line: str
) -> None:
    """Planted bugs: let `tie_break` order the ranks too; grade by ordinal ranks."""
    expected = AT_THE_LINE[which][line]
    keys = AT_THE_LINE["ranking"]["tie_break"] if which == "tie_at_line" else []
    ranking = AT_THE_LINE["ranking"] | {"tie_break": keys}
    if which.startswith("ordinal"):
        ranking["ties"] = "ordinal"
    given = AT_THE_LINE | {"ranking": ranking}
    found = ranked(given, tie_at_line=line)
    assert {one.unit: one.rank for one in found} == expected["ranks"]
    assert [one.unit for one in found if one.grade == "excellent"] == expected["excellent"]
