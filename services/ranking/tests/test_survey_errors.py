"""Standard errors of surveys beside a ranking: in points, frozen with it, and deciding nothing."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest

from ranking.rules.errors import SurveyError, points_of, unit_errors
from ranking.rules.results import UnitResult
from ranking.rules.scheme import Indicator
from ranking.rules.sheet import PartWorth, ScoredIndicator, UnitSheet

SATISFACTION = {"survey": "phone", "scale": 100}


def scored(code, block, points, *children):
    return ScoredIndicator(code, block, Decimal(points), Decimal(points), tuple(children))


def line(unit, total, rank):
    total = None if total is None else Decimal(total)
    return UnitResult(unit, unit, {}, total, Decimal(0), total, rank, None, (), ())


def told(results, se, points=None):
    known = {("phone", unit): SurveyError(Decimal(each), "estimated") for unit, each in se.items()}
    worth = {each.unit: points or {"phone": Decimal("0.2")} for each in results}
    return unit_errors(results, worth, known)


def test_a_survey_is_worth_its_points_for_one_of_its_index():
    """Of blocks that make the total; of a scale of ten ten times as much. Planted bugs: blocks that
    are only shown; the scale left out; indicators below others."""
    tree = (
        Indicator("A", None, None, (Indicator("A1", "survey_score", SATISFACTION),)),
        Indicator("B", "survey_score", {"survey": "phone", "scale": 10}),
        Indicator("C", "survey_score", {"survey": "forms"}),
        Indicator("D", "tiers", {"survey": "forms"}),
    )
    sheet = UnitSheet(
        "U",
        {},
        Decimal(25),
        Decimal(0),
        Decimal(25),
        (scored("A", "x", 20, scored("A1", "x", 20)), scored("B", "x", 5), scored("C", "shown", 9)),
        (),
    )
    assert points_of(tree, sheet, ["x"]) == {"phone": Decimal("0.7")}
    assert points_of(tree, sheet, ["x", "shown"])["forms"] == Decimal("0.09")
    weighed = replace(sheet, parts=(PartWorth("x", Decimal("0.6")),))
    assert points_of(tree, weighed, ["x"]) == {"phone": Decimal("0.42")}


def test_errors_of_surveys_add_as_those_of_samples_that_were_drawn_apart():
    """Planted bug: one that is not known left out, as though it were none."""
    points = {"phone": Decimal("0.3"), "forms": Decimal("0.4")}
    known = {
        ("phone", "A"): SurveyError(Decimal(1), "estimated"),
        ("forms", "A"): SurveyError(Decimal(1), "at_most"),
        ("phone", "B"): SurveyError(Decimal(1), "estimated"),
    }
    a, b = unit_errors([line("A", 90, 1), line("B", 80, 2)], {"A": points, "B": points}, known)
    assert (a.se, a.error) == (Decimal("0.500000"), "at_most")
    assert (b.se, b.error, b.not_distinguishable) == (None, None, ())


def test_neighbours_within_their_errors_are_named_on_both_sides():
    """1 point apart with errors of 0.2 each are told apart, 0.1 are not; nor is who has no rank.

    Planted bug: every pair by itself and not in view of all.
    """
    results = [line("A", 90, 1), line("B", "89.9", 2), line("C", "88.9", 3), line("D", None, None)]
    found = told(results, dict.fromkeys("ABCD", "1"))
    assert [each.not_distinguishable for each in found] == [("B",), ("A",), (), ()]
    assert {each.se for each in found} == {Decimal("0.200000")}
    # A difference of 2.1 errors is one alone, and none of four.
    alone = told([line("A", 90, 1), line("B", "89.4", 2)], {"A": 1, "B": 1})
    assert [each.not_distinguishable for each in alone] == [(), ()]
    row = [line(unit, Decimal(90) - Decimal("0.6") * n, n + 1) for n, unit in enumerate("ABCDE")]
    many = told(row, dict.fromkeys("ABCDE", 1))
    assert many[2].not_distinguishable == ("B", "D")
    same = told([line("A", 90, 1), line("B", 90, 1)], {"A": 0, "B": 0})
    assert same[0].not_distinguishable == ("B",)


@pytest.fixture
def surveyed(peers, sheet_units):
    """Have the counties' scheme take marks from a survey of which one wave was voided."""
    before = peers.scheme, peers.surveys, peers.voided
    [first] = [e for e in sheet_units[0]["indicator_scores"] if e["block"] == "public_review"][:1]
    peers.scheme = deepcopy(peers.scheme)
    method = {"code": first["indicator"], "method": "survey_score", "params": SATISFACTION}
    [block] = [e for e in peers.scheme["categories"][0]["blocks"] if e["code"] == "public_review"]
    block["indicators"] = [method | {"children": []}]
    units = [
        {"unit": each["unit"], "index": {"se": "0.500000", "error": "estimated"}}
        for each in sheet_units
    ]
    peers.surveys = [{"code": "phone", "units": units}]
    peers.voided = [{"code": "phone", "voided": 1}, {"code": "other", "voided": 2}]
    yield Decimal(first["points"])
    peers.scheme, peers.surveys, peers.voided = before


async def test_a_ranking_keeps_how_sure_its_surveys_are(cycle, peers, surveyed):
    """And is the same as without; what the survey says later changes nothing of it."""
    edition = await cycle.rank()
    path = f"/rankings/{edition}"
    found = await cycle.get(f"{path}/survey-errors", "auditor")
    assert found.status_code == 200, found.text
    units = found.json()["units"]
    assert {Decimal(each["se"]) for each in units} == {surveyed / 200}
    assert found.json()["estimates_digest"] == "of-estimates"
    ranking = (await cycle.get(path, "auditor")).json()
    assert [each["unit"] for each in units] == [each["unit"] for each in ranking["units"]]
    assert ranking["voided_waves"] == {"phone": 1}
    assert len(ranking["digests"]["survey_errors"]) == 64
    assert "se" not in ranking["units"][0]
    peers.surveys = []
    assert (await cycle.get(f"{path}/survey-errors", "auditor")).json() == found.json()
    for role, status in {"performance_office": 200, "standing_committee": 403, "any": 403}.items():
        answer = await cycle.get(f"{path}/survey-errors", role)
        assert answer.status_code == status, (role, answer.text)


async def test_a_ranking_without_surveys_has_no_errors_and_says_so(cycle):
    edition = await cycle.rank()
    answer = await cycle.get(f"/rankings/{edition}/survey-errors", "auditor")
    assert (answer.status_code, answer.json()["type"]) == (404, "no-survey-errors")
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    assert "voided_waves" not in ranking
    assert "survey_errors" not in ranking["digests"]


async def test_a_survey_in_a_vetoed_block_leaves_nothing_open_in_a_total(
    cycle, peers, surveyed, monkeypatch
):
    """Planted bug: errors by the points that were scored."""
    vetoes = peers.scheme["vetoes"]
    of = {"scope": "block", "block": "public_review"}
    items = [each | of if each["code"] == "V02" else each for each in vetoes["items"]]
    monkeypatch.setitem(peers.scheme, "vetoes", vetoes | {"items": items})
    veto = {"unit": "XQ05", "code": "V02", "document_no": "1", "decided_on": "2026-02-10"}
    await cycle.report("/vetoes", veto)
    edition = await cycle.rank()
    told = (await cycle.get(f"/rankings/{edition}/survey-errors", "auditor")).json()["units"]
    errors = {each["unit"]: each["se"] for each in told}
    assert [unit for unit, se in errors.items() if se is None] == ["XQ05"]
