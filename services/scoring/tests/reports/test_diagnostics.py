"""Diagnostics: shares that add up to 1, strictness of scorers, and the reference year over HTTP."""

import statistics
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_sheets import indicator, marks, sheet

from scoring.rules.explanation.steps import StepInput
from scoring.rules.methods.of_children import CAPPED_SUM
from scoring.rules.reports.diagnostics import diagnose

READERS = ["performance_office", "committee"]
OTHERS = [
    "standing_committee",
    "auditor",
    "assessed_unit",
    "data_source_unit",
    "organiser",
    "responsible_body",
    "survey_centre",
]


def shares(category) -> list[Decimal]:
    return [*(one.variance_share for one in category.indicators), category.adjustment_share]


SCORES = st.integers(0, 100_000).map(lambda n: Decimal(n).scaleb(-4))


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw, on a busy machine
@given(st.lists(st.tuples(SCORES, SCORES, SCORES, SCORES), min_size=1, max_size=12))
def test_the_shares_of_the_variance_add_up_to_one_whatever_the_scores(rows):
    """Planted bug: round each share by itself, or take the variance of a sample for the whole."""
    sheets = [
        sheet(
            f"U{n:02}",
            *(indicator(f"C{m}", "10", s) for m, s in enumerate(row[:3])),
            adjustment=row[3],
        )
        for n, row in enumerate(rows)
    ]
    [found] = diagnose(sheets, {})
    if len({sum(row) for row in rows}) == 1:
        assert set(shares(found)) == {None}
        assert found.variance == 0
    else:
        assert sum(shares(found)) == 1
        assert {share.as_tuple().exponent for share in shares(found)} == {-6}
    effective = [one.effective_weight for one in found.indicators]
    assert None in effective or sum(effective) == 1
    assert sum(one.weight for one in found.indicators) == 1


def test_a_share_is_the_covariance_over_the_variance():
    scores = {"C1": ["10", "8", "3"], "C2": ["1", "4", "9"], "C3": ["5", "5", "5"]}
    sheets = [
        sheet(f"U{n}", *(indicator(code, "10", row[n]) for code, row in scores.items()))
        for n in range(3)
    ]
    [found] = diagnose(sheets, {})
    # The totals are 16, 17, 17; by hand: variance 2/9, covariances -1, 11/9 and 0.
    assert found.variance == Decimal("0.222222")
    assert shares(found) == [Decimal("-4.5"), Decimal("5.5"), 0, 0]
    assert [one.effective_weight for one in found.indicators] == [
        Decimal("0.466667"),
        Decimal("0.533333"),
        0,
    ]


def test_full_marks_are_counted_among_the_units_that_have_a_score():
    sheets = [
        sheet(unit, indicator("C1", points, score))
        for unit, points, score in [
            ("A", "5", "5"),
            ("B", "5", "4"),
            ("C", "8", "9"),
            ("D", "5", None),
        ]
    ]
    [found] = diagnose(sheets, {})
    [one] = found.indicators
    assert (found.units, found.complete, one.scored, one.full_marks) == (4, 3, 3, 2)
    assert one.full_marks_share == Decimal("0.666667")
    assert (one.lowest, one.highest, one.mean) == (4, 9, 6)


def test_a_plain_sum_is_told_by_its_children_and_a_mean_by_itself():
    """Planted bug: count a parent and its children, so that the shares add up to 2.

    A sum whose extras are capped is told by itself too, and one that a mean stands in for: its
    children need not add up to it.
    """
    for method, rule, codes in (
        ("sum_children", "sum of the children's scores", ["C1A", "C1B"]),
        ("sum_children", CAPPED_SUM, ["C1"]),
        ("sum_children", "mean of the scores of the category's units that have one", ["C1"]),
        ("mean_children", None, ["C1"]),
    ):
        sheets = [
            sheet(
                unit,
                indicator(
                    "C1",
                    "4",
                    str(a + b),
                    indicator("C1A", "2", str(a)),
                    indicator("C1B", "2", str(b)),
                    method=method,
                    rule=rule,
                ),
            )
            for unit, a, b in (("A", 1, 2), ("B", 2, 0))
        ]
        [found] = diagnose(sheets, {})
        assert [one.indicator for one in found.indicators] == codes
        assert sum(shares(found)) == 1


def test_nothing_is_made_of_a_category_without_a_single_score():
    [found] = diagnose([sheet("A", indicator("C1", "5", None))], {})
    assert (found.complete, found.variance, found.adjustment_share, found.scorers) == (
        0,
        None,
        None,
        (),
    )
    [one] = found.indicators
    assert (one.scored, one.mean, one.full_marks_share, one.variance_share) == (0, None, None, None)


def test_a_scorer_is_lenient_by_how_far_it_is_above_all_marks_given():
    """Planted bug: take a unit's own reports for those of a data source unit."""
    authors = {UUID(int=n): unit for n, unit in enumerate(["A", "B", "ZH01", "ZH01"])}
    sheets = [
        sheet(
            unit,
            indicator("C1", "10", own, taken=[marks(unit, n, own)]),
            indicator("C2", "10", other, taken=[marks(unit, n + 2, other)]),
            indicator(
                "C3", "10", "8", taken=[StepInput("satisfaction, phone", "80", "survey", ())]
            ),
        )
        for n, (unit, own, other) in enumerate([("A", "10", "4"), ("B", "10", "6")])
    ]
    [found] = diagnose(sheets, authors)
    assert [(s.kind, s.scorer, s.marks, s.mean, s.leniency, s.spread) for s in found.scorers] == [
        ("data_source_unit", "ZH01", 2, Decimal("0.5"), Decimal("-0.266667"), Decimal("0.1")),
        ("data_source_unit", "own_unit", 2, 1, Decimal("0.233333"), 0),
        ("survey", "phone", 2, Decimal("0.8"), Decimal("0.033333"), 0),
    ]


def test_a_mark_for_ones_own_unit_that_is_left_out_tells_nothing_of_anybody():
    """The mean of the category stands in for the panel of A. Planted bugs: the mark is one of a
    seat named "1, own unit, left out"; who wrote it gave the score that stands in for it."""
    own = [marks("A", n, "100", f"mark {n}, own unit, left out") for n in (1, 2)]
    sheets = [sheet("A", indicator("C1", "3", "2", taken=own))]
    sheets.append(sheet("B", indicator("C1", "3", "2.4", taken=[marks("B", 3, "80", "mark 1")])))
    [found] = diagnose(sheets, {UUID(int=n): "A" for n in (1, 2, 3)})
    assert [(s.kind, s.scorer, s.marks, s.mean) for s in found.scorers] == [
        ("data_source_unit", "A", 1, Decimal("0.8")),
        ("panel_seat", "1", 1, 80),
    ]


def test_a_seat_is_lenient_by_how_far_it_is_above_its_panel():
    panels = {"A": ["80", "90", "100"], "B": ["60", "90", "90"]}
    sheets = [
        sheet(
            unit,
            indicator(
                "C1",
                "5",
                "4",
                taken=[marks(unit, n, mark, f"mark {n}") for n, mark in enumerate(row, 1)],
            ),
        )
        for unit, row in panels.items()
    ]
    [found] = diagnose(sheets, {})
    assert [(s.kind, s.scorer, s.marks, s.mean, s.leniency, s.spread) for s in found.scorers] == [
        ("panel_seat", "1", 2, 70, -15, 10),
        ("panel_seat", "2", 2, 90, 5, 0),
        ("panel_seat", "3", 2, 95, 10, 5),
    ]


# over HTTP


@pytest.fixture(scope="session")
async def year(new_year):
    cycle = await new_year()
    await cycle.score()
    return cycle


async def diagnosed(cycle, role: str = "performance_office", edition: int | str = "latest"):
    return await cycle.caller(role).get(f"{cycle.path}/score-sheets/{edition}/diagnostics")


def leaves(scores: list[dict]) -> list[dict]:
    return [leaf for one in scores for leaf in (leaves(one["children"]) or [one])]


async def test_the_reference_year_is_diagnosed_as_by_hand(year):
    """A second computation from the published sheet, by other formulas."""
    sheet = (await year.office.get(f"{year.path}/score-sheets/1")).json()
    [found] = (await diagnosed(year)).json()["categories"]
    columns = defaultdict(list)
    for unit in sheet["units"]:
        for leaf in leaves(unit["indicator_scores"]):
            columns[leaf["indicator"]].append((Fraction(leaf["score"]), Fraction(leaf["points"])))
    totals = [Fraction(unit["total"]) for unit in sheet["units"]]
    variance = statistics.pvariance(totals)
    n = len(totals)
    assert (found["category"], found["units"], found["complete"]) == ("COUNTY", 11, 11)
    assert abs(Fraction(found["variance"]) - variance) <= Fraction(1, 2 * 10**6)
    assert [one["indicator"] for one in found["indicators"]] == list(columns)
    for one in found["indicators"]:
        scores = [score for score, _ in columns[one["indicator"]]]
        products = sum(a * b for a, b in zip(scores, totals, strict=True))
        share = (products / n - sum(scores) / n * sum(totals) / n) / variance
        assert abs(Fraction(one["variance_share"]) - share) < Fraction(1, 10**6)
        assert one["full_marks"] == sum(
            score >= points for score, points in columns[one["indicator"]]
        )
        assert (Fraction(one["lowest"]), Fraction(one["highest"])) == (min(scores), max(scores))
    told = [one["variance_share"] for one in found["indicators"]] + [found["adjustment_share"]]
    assert sum(map(Decimal, told)) == 1


async def test_every_scorer_and_every_seat_of_the_reference_year_is_there(year, county, raw):
    [found] = (await diagnosed(year)).json()["categories"]
    sources, seats = set(), set()
    for code, one in county.category.indicators().items():
        if one.method == "qualitative_panel":
            seats |= {(code, str(seat)) for seat in range(1, int(one.params["panel_size"]) + 1)}
        if not one.children and one.method != "survey_score":
            sources.add(one.data_source_unit)
    kinds = defaultdict(list)
    for one in found["scorers"]:
        kinds[one["kind"]].append(one)
    assert {one["scorer"] for one in kinds["data_source_unit"]} == sources
    assert {(one["indicators"][0], one["scorer"]) for one in kinds["panel_seat"]} == seats
    assert [one["scorer"] for one in kinds["survey"]] == ["phone"]
    for code in {code for code, _ in seats}:
        panel = [one for one in kinds["panel_seat"] if one["indicators"] == [code]]
        assert abs(sum(Decimal(one["leniency"]) for one in panel)) < Decimal("0.00001")
        first = [Decimal(str(marks[0])) for marks in raw.year["inputs"]["values"][code]]
        assert abs(Decimal(panel[0]["mean"]) - sum(first) / len(first)) < Decimal("0.000001")


async def test_unchanged_diagnostics_are_not_sent_twice(year):
    answer = await diagnosed(year)
    headers = {"If-None-Match": answer.headers["etag"]}
    path = f"{year.path}/score-sheets/latest/diagnostics"
    assert (await year.office.get(path, headers=headers)).status_code == 304


async def test_a_year_without_entries_is_diagnosed_too(cycle):
    await cycle.score("PARK")
    [found] = (await diagnosed(cycle)).json()["categories"]
    assert (found["complete"], found["variance"], found["scorers"]) == (0, None, [])


async def test_an_edition_that_was_never_computed_is_missing(cycle):
    answer = await diagnosed(cycle)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-score-sheet")


async def test_office_and_committee_read_the_diagnostics(year):
    assert {(await diagnosed(year, role)).status_code for role in READERS} == {200}


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_learns_how_strict_anybody_is(year, role):
    assert (await diagnosed(year, role)).status_code == 403
