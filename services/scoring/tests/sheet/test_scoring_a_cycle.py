"""Score sheets over HTTP: a whole year in, every point out, and the way there."""

import asyncio
import hashlib
import json
import re
from decimal import Decimal

import pytest

from scoring.api.explanation.explanations import Explanation

NAMES = ("function", "public_review", "comprehensive", "base_total", "adjustment", "final_total")


@pytest.fixture(scope="session")
async def year(new_year):
    """A cycle in which the reference year has happened, been verified and been scored."""
    cycle = await new_year()
    assert await cycle.score() == 1
    return cycle


@pytest.fixture(scope="session")
async def sheet(year):
    return (await year.office.get(f"{year.path}/score-sheets/1")).json()


def test_every_point_of_the_reference_year_comes_out(raw, sheet):
    for expected, unit in zip(raw.year["expected"], sheet["units"], strict=True):
        scores = {s["indicator"]: Decimal(s["score"]) for s in unit["indicator_scores"]}
        assert unit["unit"] == expected["unit"]
        assert scores == {
            code: Decimal(str(score)) for code, score in expected["indicator_scores"].items()
        }
        found = unit["blocks"] | unit | {"final_total": unit["total"]}
        assert [Decimal(found[name]) for name in NAMES] == [
            Decimal(str(expected[name])) for name in NAMES
        ]


def test_every_claim_is_decided_with_its_reason(raw, sheet):
    expected = {c["id"]: c["expect"] for c in raw.year["claims"]}

    for claim in sheet["claims"]:
        rule = expected.pop(claim["claim_no"])
        assert claim["decision"] == rule["decision"]
        assert Decimal(claim["points"]) == Decimal(str(rule["points"]))
        reason = claim["reason"]
        assert reason["code"].isascii()
        assert reason["en"]
        assert not re.search("[a-z]{3}", reason["zh"])
    assert expected == {}


def test_a_parent_shows_its_children(sheet):
    scores = {s["indicator"]: s for s in sheet["units"][0]["indicator_scores"]}

    assert [child["indicator"] for child in scores["C10"]["children"]] == ["C10A", "C10B"]
    assert scores["C10"]["block"] == "function"
    assert scores["C10"]["score"] == "4.4000"


async def test_a_sheet_says_what_it_was_computed_from(year, sheet):
    inputs = sheet["inputs"]

    assert inputs["scheme_digest"] == "1" * 64
    assert inputs["targets_digest"] == "2" * 64
    assert inputs["satisfaction_digest"] == "3" * 64
    assert len({*inputs.values()}) == 6
    assert {len(digest) for digest in inputs.values()} == {64}
    assert (sheet["edition"], sheet["phase"], len(sheet["digest"])) == (1, "computed", 64)


async def test_a_score_sheet_asks_each_document_once(year, others):
    others.asked.clear()
    await year.post(year.office, "score-sheets", {"categories": ["COUNTY"]})

    assert sorted(path.rsplit("/", 1)[1] for path in others.asked) == [
        "satisfaction",
        "scheme",
        "targets",
        "units",
        "units",
    ]


async def test_the_same_inputs_give_the_same_digest_in_a_new_edition(year, sheet):
    """Caught: a digest over the moment, the edition, or a set in its accidental order."""
    answer = await year.post(year.office, "score-sheets", {"categories": ["COUNTY"]})

    assert answer.json()["edition"] > 1
    assert answer.json()["digest"] == sheet["digest"]
    assert answer.json()["missing"] == 0
    latest = (await year.office.get(f"{year.path}/score-sheets/latest")).json()
    assert latest["edition"] == answer.json()["edition"]
    assert latest | {"edition": 1} == sheet


async def test_sheets_computed_at_once_are_editions_of_their_own(cycle):
    """Caught: two commands that both read the largest number and both take the next."""
    park = {"categories": ["PARK"]}
    answers = await asyncio.gather(
        *(cycle.post(cycle.office, "score-sheets", park) for _ in range(5))
    )

    assert sorted(answer.json()["edition"] for answer in answers) == [1, 2, 3, 4, 5]


async def test_editions_are_listed_without_their_units(year, sheet):
    items = (await year.office.get(f"{year.path}/score-sheets?limit=1")).json()["items"]

    assert [(item["edition"], item["digest"]) for item in items] == [(1, sheet["digest"])]
    assert items[0]["categories"] == ["COUNTY"]
    assert "units" not in items[0]


async def test_an_unchanged_sheet_is_not_sent_twice(year):
    path = f"{year.path}/score-sheets/1"
    etag = (await year.office.get(path)).headers["etag"]

    assert (await year.office.get(path, headers={"If-None-Match": etag})).status_code == 304


def digest_of(document) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


async def test_a_sheet_has_the_digest_of_what_it_says(year, sheet):
    """Planted bug: a digest of other bytes than those that a reader can make of the answer."""
    outside = {"edition", "phase", "ledger_phase", "explanations", "tag_totals", "digest"}
    content = {name: value for name, value in sheet.items() if name not in outside}
    assert sheet["digest"] == digest_of(content)
    assert sheet["explanations"] == {}


async def test_a_sheet_that_was_fed_back_vouches_for_every_explanation(new_year):
    """Planted bugs: explanations that are grown anew after the feedback; digests of other bytes.

    Each is told as it was before, to the last byte, and the sheet keeps its digest.
    """
    year = await new_year()
    path = f"{year.path}/score-sheets/{await year.score()}"
    before = (await year.office.get(path)).json()
    units = [unit["unit"] for unit in before["units"]]
    trees = {unit: (await year.office.get(f"{path}/units/{unit}/explanation")) for unit in units}
    for answer in trees.values():  # what is published is what is told, to the last field
        told = answer.json()
        assert Explanation.model_validate(told).model_dump(mode="json") == told
    answer = await year.post(year.office, path.removeprefix(f"{year.path}/") + "/feedback")
    assert answer.status_code == 201, answer.text

    after = (await year.office.get(path)).json()
    assert after["digest"] == before["digest"]
    assert list(after["explanations"]) == sorted(units)
    for unit, digest in after["explanations"].items():
        told = (await year.office.get(f"{path}/units/{unit}/explanation")).json()
        assert told["tree"] == trees[unit].json()["tree"]
        assert told["digest"] == digest == digest_of(told["tree"])


async def test_what_two_editions_are_computed_from_is_kept_once(new_year):
    """Caught: every edition storing all documents and all explanations again."""
    cycle = await new_year()
    await cycle.score()
    first = await cycle.rows()
    await cycle.score()
    assert await cycle.rows() == first | {
        "score_sheet": 2,
        "unit_score": 2 * first["unit_score"],
        "journal": first["journal"] + 1,
    }
    assert first["input_document"] == first["unit_score"] + 2
    assert first["explanation"] == first["explanation_tree"] == 0
    for edition in (1, 2):
        await cycle.post(cycle.office, f"score-sheets/{edition}/feedback")
    told = await cycle.rows()
    assert told["explanation"] == 2 * told["explanation_tree"] == 2 * first["unit_score"]


async def test_an_explanation_leads_down_to_entries_that_can_be_read(year):
    answer = await year.office.get(f"{year.path}/score-sheets/1/units/XQ05/explanation")
    tree = answer.json()["tree"]
    function = tree["children"][0]
    claims = {node["code"]: node for node in tree["children"][3]["children"]}
    deducted = next(node for node in function["children"] if node["code"] == "C11")

    assert (tree["kind"], tree["score"]) == ("total", "99.0228")
    assert (claims["B1"]["method"], claims["B1"]["score"]) == ("accepted", "2.0000")
    assert claims["B2"]["method"] == "superseded_same_event"
    assert deducted["formula"] == "max(0, 4 - 1 × 0.2 (death))"
    assert deducted["rounding"] == {"exact": "3.8", "places": 4, "rounded": "3.8000"}
    entry = deducted["inputs"][0]["entries"][0]
    query = "unit=XQ05&indicator=C11"
    read = (await year.office.get(f"{year.path}/ledger-entries?{query}")).json()["items"]
    assert [item["entry_id"] for item in read] == [entry]


async def test_a_reversed_entry_no_longer_counts(cycle, new_cycle):
    """Caught: counting every verified entry, the reversal and the reversed among them."""
    value = {"unit": "YQ01", "indicator": "P04", "kind": "measured_value", "key": "actual"}
    [entry] = await cycle.enter(value | {"value": "50"}, unit="BM30")
    await cycle.verify(all_submitted=True)
    path = f"ledger-entries/{entry}/reversal"
    await cycle.post(cycle.source("BM30"), path, {"reason": "x"})
    park = {"categories": ["PARK"]}

    before = (await cycle.post(cycle.office, "score-sheets", park)).json()
    await cycle.verify(all_submitted=True)
    after = (await cycle.post(cycle.office, "score-sheets", park)).json()

    reasons = []
    for edition in (before["edition"], after["edition"]):
        read = await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")
        missing = read.json()["units"][0]["missing"]
        reasons.append([gap["reason"] for gap in missing if gap["indicator"] == "P04"])
    assert reasons == [["target is missing."], ["actual, 2025 is missing.", "target is missing."]]
    untouched = new_cycle()
    nothing = (await untouched.post(cycle.office, "score-sheets", park)).json()
    assert after["inputs"]["ledger_digest"] == nothing["inputs"]["ledger_digest"]
    assert before["inputs"]["ledger_digest"] != after["inputs"]["ledger_digest"]


async def test_what_is_missing_gives_no_total_and_names_itself(cycle):
    """Caught: a cycle without any entry in which every unit gets full marks for no events."""
    answer = await cycle.post(cycle.office, "score-sheets", {"categories": None})
    assert answer.json()["missing"] > 1000

    read = (await cycle.office.get(f"{cycle.path}/score-sheets/latest")).json()
    assert len(read["units"]) == 126
    assert {unit["total"] for unit in read["units"]} == {None}
    assert {unit["base_total"] for unit in read["units"]} == {None}


async def test_an_unknown_category_is_refused(cycle):
    answer = await cycle.post(cycle.office, "score-sheets", {"categories": ["COUNTY", "MOON"]})

    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-categories")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/categories/1"]
    assert (await cycle.rows())["score_sheet"] == 0


@pytest.mark.parametrize("edition", ["9", "latest"])
async def test_an_edition_that_was_never_computed_is_missing(cycle, edition):
    for path in ["", "/units/XQ01/explanation"]:
        answer = await cycle.office.get(f"{cycle.path}/score-sheets/{edition}{path}")
        assert (answer.status_code, answer.json()["type"]) == (404, "no-such-score-sheet")


@pytest.mark.parametrize("edition", ["0", "-1", "newest", "99999999999"])
async def test_an_edition_is_a_number_or_the_latest(cycle, edition):
    answer = await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")

    assert answer.status_code == 422


async def test_a_unit_reads_its_own_explanation_once_it_was_fed_back(year):
    """Caught: showing marks before feedback, or another unit's marks at any time."""
    answer = await year.post(year.office, "score-sheets", {"categories": ["COUNTY"]})
    edition = answer.json()["edition"]
    path = f"{year.path}/score-sheets/{edition}/units"
    own = year.caller("assessed_unit", unit="XQ01")

    async def status(unit: str) -> int:
        return (await own.get(f"{path}/{unit}/explanation")).status_code

    assert await status("XQ01") == 404
    fed_back = await year.post(year.office, f"score-sheets/{edition}/feedback")
    assert (fed_back.status_code, fed_back.json()["phase"]) == (201, "fed_back")
    assert [await status(unit) for unit in ("XQ01", "XQ02", "XX99")] == [200, 403, 403]
    assert (await own.get(f"{year.path}/score-sheets/{edition}")).status_code == 403


async def test_an_edition_is_fed_back_once(year):
    answer = await year.post(year.office, "score-sheets", {"categories": ["COUNTY"]})
    path = f"score-sheets/{answer.json()['edition']}/feedback"
    await year.post(year.office, path)
    before = await year.rows()

    again = await year.post(year.office, path)
    assert (again.status_code, again.json()["type"]) == (409, "already-fed-back")
    assert await year.rows() == before


async def test_a_unit_that_was_not_scored_has_no_explanation(year):
    answer = await year.office.get(f"{year.path}/score-sheets/1/units/YQ01/explanation")

    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-explanation")


@pytest.mark.parametrize("role", ["assessed_unit", "data_source_unit", "organiser", "auditor"])
async def test_only_the_office_computes(cycle, role):
    caller = cycle.caller(role, unit="XQ01")
    answer = await cycle.post(caller, "score-sheets", {"categories": None})

    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
    assert (await cycle.rows())["score_sheet"] == 0
