"""Categories that differ: each is composed, ordered, graded and demoted by its own policies.

Planted bugs: read the scheme's policy where a category has its own; let a mark that is missing in a
block that is only shown stop a ranking; let a demotion befall units of another category.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ranking.rules.demotions import DemotionRule
from ranking.rules.grades import GradePolicy, Level
from ranking.rules.marks import Composition, Marks
from ranking.rules.order import RankPolicy
from ranking.rules.reports import Report, ReportRejected, check_demotion
from ranking.rules.results import UnitResult, results
from ranking.rules.scheme import Block, Category, Scheme
from ranking.rules.sheet import (
    CategoryMarks,
    MissingMark,
    ScoredIndicator,
    SheetIncomplete,
    UnitSheet,
    marks_to_rank,
)

BLOCKS = tuple(Block(code) for code in ("function", "public_review", "comprehensive"))
GRADES = GradePolicy(
    ("good", "qualified"), (Level("good", Decimal(1), "floor", 0, Decimal(60)),), Decimal(30),
    "leave", (), {"good": "达标"},
)  # fmt: skip
PARK = Category(
    "PARK",
    ("P1", "P2"),
    BLOCKS,
    composition=Composition(("function", "public_review")),
    grades=GRADES,
    ranking=RankPolicy((), "dense", "leave_out"),
)
EVENT = DemotionRule("DM90", (), None, "incident", "down_one_grade", (), None, ("COUNTY",))


@pytest.fixture
def two(scheme: Scheme) -> Scheme:
    """Give the reference scheme with parks, which have policies of their own."""
    return replace(
        scheme, categories=(*scheme.categories, PARK), demotions=(*scheme.demotions, EVENT)
    )


def line(unit: str, *points: str, adjustment: str = "0") -> Marks:
    blocks = {block.code: Decimal(each) for block, each in zip(BLOCKS, points, strict=True)}
    base = sum(blocks.values(), Decimal(0))
    return Marks(unit, blocks, base, Decimal(adjustment), base + Decimal(adjustment))


def ranked(scheme: Scheme, category: Category, *units: str, **more: Any) -> list[UnitResult]:
    marks = CategoryMarks(tuple(line(unit, "55", "10", "20", adjustment="9") for unit in units))
    return results(scheme, category, marks, {}, **({"vetoes": (), "demotions": ()} | more))


def test_equal_totals_are_numbered_as_their_category_says(two: Scheme) -> None:
    marks = CategoryMarks((line("P1", "50", "1", "0"), *(line(u, "55", "1", "0") for u in "PQ")))
    park, county = (
        [one.rank for one in results(two, of, marks, {}, vetoes=(), demotions=())]
        for of in (PARK, two.category("COUNTY"))
    )
    assert (park, county) == ([1, 1, 2], [1, 1, 3])


def test_a_unit_is_graded_by_the_grades_of_its_category(two: Scheme) -> None:
    [park] = ranked(two, PARK, "P1")
    [county] = ranked(two, two.category("COUNTY"), "XQ01")
    assert (park.grade, park.grade_name) == ("good", "达标")
    assert county.grade == "excellent"


def test_a_demotion_befalls_the_units_of_its_categories(two: Scheme) -> None:
    reports = [Report(unit, "DM90", "1", date(2026, 2, 1), None) for unit in ("P1", "XQ01")]
    [park] = ranked(two, PARK, "P1", demotions=reports)
    [county] = ranked(two, two.category("COUNTY"), "XQ01", demotions=reports)
    assert (park.grade, park.reasons) == ("good", ())
    assert county.grade == "qualified"
    assert county.reasons[0].code == "place_lost"


def test_a_demotion_is_reported_of_units_of_its_categories_only(two: Scheme) -> None:
    check_demotion(two, Report("XQ01", "DM90", "1", date(2026, 2, 1), None))
    with pytest.raises(ReportRejected) as refused:
        check_demotion(two, Report("P1", "DM90", "1", date(2026, 2, 1), None))
    [fault] = refused.value.faults
    assert (fault.pointer, fault.code) == ("/unit", "other-category")
    assert fault.zh == "DM90 不适用于类别 PARK。"


def test_a_vetoed_unit_keeps_the_lowest_grade_where_the_scheme_has_no_vetoes_any_more(
    two: Scheme,
) -> None:
    gone = replace(two, vetoes=replace(two.vetoes, grade_cap="fair", items=()))
    veto = Report("P1", "V01", "1", date(2026, 2, 1), None)
    [park] = ranked(gone, PARK, "P1", vetoes=[veto])
    assert park.grade == "qualified"


def sheet(unit: str, **missing: str) -> UnitSheet:
    """Give a sheet of one indicator a block; those named lack the score."""
    blocks = {block.code: None if block.code in missing else Decimal(1) for block in BLOCKS}
    scores = tuple(
        ScoredIndicator(f"I_{code}", code, Decimal(1), score, ()) for code, score in blocks.items()
    )
    marks = tuple(MissingMark(f"I_{code}", why, why) for code, why in missing.items())
    parts = [code for code in blocks if unit != "P1" or code != "comprehensive"]
    whole = all(blocks[code] for code in parts)
    total = Decimal(len(parts)) if whole else None
    return UnitSheet(unit, blocks, total, Decimal(0), total, scores, marks)


def test_a_mark_that_is_missing_in_a_shown_block_stops_nothing(two: Scheme) -> None:
    composition = two.composition_of(PARK)
    sheets = [sheet("P1", comprehensive="x"), sheet("P2")]
    marks = marks_to_rank(sheets, PARK, composition, leave_out=False)
    assert [one.unit for one in marks.complete] == ["P1", "P2"]


def test_who_lacks_a_mark_of_the_total_is_told_of_that_and_of_no_shown_one(two: Scheme) -> None:
    sheets = [sheet("P1", comprehensive="x", function="y"), sheet("P2")]
    with pytest.raises(SheetIncomplete) as refused:
        marks_to_rank(sheets, PARK, two.composition_of(PARK), leave_out=False)
    assert [each["indicator"] for each in refused.value.facts["missing"]] == ["I_function"]
    left = marks_to_rank(sheets, PARK, two.composition_of(PARK), leave_out=two.leaves_out(PARK))
    [one] = left.incomplete
    assert (one.gaps, [mark.reason for mark in one.why]) == (("I_function",), ["y"])


PAIR = {
    "composition": {
        "parts": ["function"], "shown": ["public_review", "comprehensive"], "bonus": False,
        "deductions": False, "max_total": "40",
    },
    "grades": {
        "order": ["qualified", "unqualified"],
        "names": {"qualified": "合格"},
        "levels": [],
        "unqualified_below": "1",
        "vacancy": "leave",
        "outside_quota": [],
    },
    "ranking": {"tie_break": [], "ties": "dense", "incomplete": "leave_out"},
}  # fmt: skip
"""What the second category of the reference scheme says for itself."""


@pytest.fixture
def differing(peers: Any) -> Iterator[None]:
    """Have the second category differ from the first."""
    scheme = peers.scheme
    county, pair = scheme["categories"]
    county = county | {"units": [unit for unit in county["units"] if unit not in pair["units"]]}
    event, other = scheme["demotions"][1], scheme["demotions"][0]
    peers.scheme = scheme | {
        "categories": [county, pair | PAIR],
        "demotions": [other, event | {"categories": ["PAIR"]}],
    }
    yield
    peers.scheme = scheme


@pytest.mark.usefixtures("differing")
async def test_categories_that_differ_are_ranked_and_simulated_each_by_its_own(cycle: Any) -> None:
    event = {"unit": "XQ01", "code": "DM02", "document_no": "9号", "decided_on": "2026-02-10"}
    async with cycle.unchanged():
        answer = await cycle.post("/demotions", event | {"unit": "XQ05"}, role="performance_office")
    assert [each["code"] for each in answer.json()["errors"]] == ["other-category"]
    await cycle.report("/demotions", event)

    pair, county = [
        (await cycle.get(f"/rankings/{await cycle.rank(code)}", "auditor")).json()["units"]
        for code in ("PAIR", "COUNTY")
    ]
    assert [(one["unit"], one["rank"], one["final_total"], one["grade"]) for one in pair] == [
        ("XQ01", 1, "40.0000", "unqualified"),
        ("XQ02", 1, "40.0000", "qualified"),
    ]
    assert (pair[1]["grade_name"], sorted(pair[1]["blocks"])) == (
        "合格",
        ["comprehensive", "function", "public_review"],
    )
    assert (county[0]["final_total"], county[0]["grade"]) == ("99.0228", "excellent")

    body = {"category": "PAIR", "values": []}
    told = (await cycle.post("/simulations", body, role="performance_office")).json()["units"]
    assert [one["after"]["final_total"] for one in told] == ["40.0000", "40.0000"]


def test_of_thousands_of_gaps_each_is_found_at_once(two: Scheme) -> None:
    """Planted bug: each gap is looked for among all that the sheet says."""
    codes = [f"I{n}" for n in range(8_000)]
    marks = tuple(MissingMark(code, "none", "无") for code in codes)
    one = replace(sheet("P1", function="x"), missing=marks, blocks={}, total=None)
    category, since = replace(PARK, units=("P1",)), time.process_time()
    with pytest.raises(SheetIncomplete) as refused:
        marks_to_rank([one], category, two.composition_of(category), leave_out=False)
    assert len(refused.value.facts["missing"]) == len(codes)
    assert time.process_time() - since < 1
