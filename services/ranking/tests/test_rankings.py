"""Rankings over HTTP: computed from documents read once, kept as editions, read by few."""

import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import httpx
import pytest

from ranking.app import create_app
from ranking.settings import Settings

READERS = ["performance_office", "committee", "standing_committee", "auditor"]
OTHERS = [
    "assessed_unit",
    "organiser",
    "data_source_unit",
    "responsible_body",
    "survey_centre",
    "system_administrator",
]
STEPS = ["merge", "review", "decision", "publication"]
SEALED = ["/rankings", "/rankings/1", "/vetoes", "/demotions"]
NUMBERS = ["base_total", "adjustment", "final_total"]


def sha256(document: object) -> str:
    """Take the digest as an outsider would: sorted keys, no spaces, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def decimals(line: dict[str, str], names: list[str]) -> dict[str, Decimal]:
    return {name: Decimal(line[name]) for name in names}


def blank(answer: httpx.Response) -> tuple[int, dict[str, object]]:
    """Return an answer without what is of the single request only."""
    told = {k: v for k, v in answer.json().items() if k not in {"request_id", "instance"}}
    return answer.status_code, told


async def veto(cycle, unit="XQ09", code="V02"):
    body = {"unit": unit, "code": code, "document_no": "1号", "decided_on": "2026-02-10"}
    await cycle.report("/vetoes", body, role="responsible_body", unit="ZH11")


async def test_the_reference_year_is_ranked_exactly(cycle, county_year):
    """Planted bug: read a decimal as a float, or forget the vetoes on record."""
    await veto(cycle)
    edition = await cycle.rank()
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    expected = sorted(county_year["expected"], key=lambda line: line["rank"])
    assert [one["unit"] for one in ranking["units"]] == [line["unit"] for line in expected]
    for found, line in zip(ranking["units"], expected, strict=True):
        assert [reason["en"] for reason in found["reasons"]] == line["reasons"]
        same = ("unit", "rank", "grade", "demoted_by")
        assert {key: found[key] for key in same} == {key: line[key] for key in same}
        assert found["name"] == line["name_zh"]
        assert {key: Decimal(found[key]) for key in NUMBERS} == decimals(line, NUMBERS)
        blocks = {block: Decimal(points) for block, points in found["blocks"].items()}
        assert blocks == decimals(line, ["function", "public_review", "comprehensive"])
    assert ranking["units"][0]["final_total"] == "99.0228"


async def test_the_answer_to_the_command_is_the_document_that_is_kept(cycle):
    answer = await cycle.post("/rankings", {"category": "COUNTY"}, role="performance_office")
    kept = await cycle.get("/rankings/1", "committee")
    assert answer.json()["ranking"] == kept.json()
    assert kept.json()["state"] == "ranked"
    assert (kept.json()["category"], kept.json()["score_sheet_edition"]) == ("COUNTY", 3)
    assert answer.json()["receipt"]["seq"] == 1
    again = await cycle.get("/rankings/1", "committee", **{"If-None-Match": kept.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_equal_inputs_give_a_new_edition_with_an_equal_digest(cycle):
    """Planted bug: let the edition, the state or the time into the digest."""
    await cycle.rank()
    await cycle.rank()
    page = (await cycle.get("/rankings", "auditor")).json()
    assert [one["edition"] for one in page["items"]] == [1, 2]
    assert len({one["digest"] for one in page["items"]}) == 1


async def test_anybody_who_holds_the_document_can_take_its_digest(cycle):
    await veto(cycle)
    await cycle.rank()
    ranking = (await cycle.get("/rankings/1", "auditor")).json()
    content = {k: v for k, v in ranking.items() if k not in {"edition", "state", "digest"}}
    assert sha256(content) == ranking["digest"]
    reports = [["XQ09", "V02", "1号", "2026-02-10"]]
    assert ranking["digests"] == {
        "scheme": "of-the-scheme",
        "score_sheet": "of-sheet-3",
        "vetoes": sha256(reports),
        "demotions": sha256([]),
    }


async def test_a_ranking_tells_the_class_of_each_unit_where_there_are_classes(cycle):
    """Planted bug: fields that are null, which no ranking of before has, in every document."""
    pair, county = [
        (await cycle.get(f"/rankings/{await cycle.rank(code)}", "committee")).json()
        for code in ("PAIR", "COUNTY")
    ]
    found = {
        each["unit"]: (each["rank"], each["subcategory"], each["rank_in_subcategory"])
        for each in pair["units"]
    }
    assert found == {"XQ01": (1, "PLAIN", 1), "XQ02": (2, "HILLS", 1)}
    assert "subcategory" not in county["units"][0]
    told = {name: pair[name] for name in pair.keys() - {"edition", "state", "digest"}}
    assert sha256(told) == pair["digest"]


async def test_what_is_reported_later_is_in_the_next_edition_and_not_in_the_last(cycle):
    """Planted bug: compute a ranking again when it is read."""
    await cycle.rank()
    before = await cycle.get("/rankings/1", "auditor")
    event = {"unit": "XQ05", "code": "DM02", "document_no": "9号", "decided_on": "2026-02-10"}
    await cycle.report("/demotions", event)
    await cycle.rank()
    assert (await cycle.get("/rankings/1", "auditor")).content == before.content
    first = (await cycle.get("/rankings/2", "auditor")).json()["units"][0]
    assert (first["unit"], first["rank"], first["grade"]) == ("XQ05", 1, "good")
    [reason] = first["reasons"]
    assert reason == {
        "code": "place_lost",
        "params": {
            "demotion": "DM02",
            "event": "group_incident_mishandled",
            "vacancy": "backfill",
        },
        "en": "DM02: group_incident_mishandled, place backfilled",
        "zh": "DM02：经报送的降等事项，名额递补",
    }


async def test_a_veto_of_another_cycle_changes_nothing(cycle, another_cycle):
    """Planted bug: leave `cycle_id` out of the query for reports."""
    await veto(another_cycle())
    await cycle.rank()
    units = (await cycle.get("/rankings/1", "auditor")).json()["units"]
    assert all("veto" not in reason["en"] for one in units for reason in one["reasons"])


async def test_every_document_is_asked_for_once(cycle, peers):
    peers.asked.clear()
    await cycle.rank()
    base = f"/api/v1/cycles/{cycle.cycle_id}"
    assert peers.asked == [
        f"{base}/scheme",
        f"{base}/score-sheets/latest",
        "/api/v1/units",
        "/api/v1/units",
    ]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"category": "COUNTY", "score_sheet_edition": 1}, 409, "sheet-incomplete"),
        ({"category": "COUNTY", "score_sheet_edition": 2}, 409, "sheet-of-another-scheme"),
        ({"category": "COUNTY", "score_sheet_edition": 4}, 404, "peer-missing"),
        ({"category": "COUNTY", "score_sheet_edition": 5}, 503, "peer-down"),
        ({"category": "COUNTY", "score_sheet_edition": 0}, 422, "malformed-request"),
        ({"category": "COUNTY", "edition": 1}, 422, "malformed-request"),
        ({"category": "NOWHERE"}, 422, "unknown-category"),
    ],
)
async def test_what_cannot_be_ranked_is_refused_and_leaves_no_trace(cycle, body, status, problem):
    """Planted bug: rank the units that are complete, or take any score sheet for the scheme's."""
    async with cycle.unchanged():
        answer = await cycle.post("/rankings", body, role="performance_office")
    assert (answer.status_code, answer.json()["type"]) == (status, problem)


async def test_an_incomplete_sheet_names_every_unit_and_indicator(cycle):
    body = {"category": "COUNTY", "score_sheet_edition": 1}
    answer = await cycle.post("/rankings", body, role="performance_office")
    assert answer.json()["missing"] == [
        {"unit": "XQ01", "indicator": "C13", "reason": "no closed wave", "reason_zh": ""},
        {"unit": "XQ02", "indicator": "*"},
    ]


@pytest.mark.parametrize("role", [*OTHERS, "committee", "standing_committee", "auditor"])
async def test_only_the_performance_office_ranks(cycle, role):
    async with cycle.unchanged():
        answer = await cycle.post("/rankings", {"category": "COUNTY"}, role=role)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_those_who_decide_and_the_auditor_read(cycle):
    await cycle.rank()
    answers = [await cycle.get(path, role) for path in SEALED for role in READERS]
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("role", OTHERS)
async def test_nobody_else_reads_nor_learns_whether_there_is_anything(cycle, another_cycle, role):
    """Planted bug: look the edition up before the role, so that 404 and 403 tell them apart."""
    await cycle.rank()
    await veto(cycle)
    empty = another_cycle()
    for path in SEALED:
        seen = blank(await cycle.get(path, role))
        assert seen == blank(await empty.get(path, role))
        assert seen[0] == 403


@pytest.mark.parametrize("edition", ["0", "2", "99999999999", "one", "²"])
async def test_an_edition_that_is_not_there_is_a_clear_problem(cycle, edition):
    await cycle.rank()
    answer = await cycle.get(f"/rankings/{edition}", "auditor")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_editions_come_in_pages(cycle):
    for _ in range(3):
        await cycle.rank("PAIR")
    seen, after = [], "0"
    while after is not None:
        page = (await cycle.get(f"/rankings?limit=2&after={after}", "auditor")).json()
        seen += [one["edition"] for one in page["items"]]
        after = page["next"]
    assert seen == [1, 2, 3]
    strange = await cycle.get("/rankings?after=²", "auditor")
    assert (strange.status_code, strange.json()["type"]) == (422, "no-such-place")


@pytest.fixture(scope="session")
async def lenient(run_service, peers):
    """The service under a scheme that leaves incomplete units out."""
    ranking = peers.scheme["ranking"] | {"incomplete": "leave_out"}
    others = type(peers)(peers.scheme | {"ranking": ranking}, peers.sheet_units, peers.names)
    others.sheets = {1: ["COUNTY"]}
    return await run_service("ranking", create_app, peers=others, settings=Settings)


async def test_units_that_lack_marks_are_left_out_of_the_edition_and_of_its_release(
    lenient, another_cycle
):
    """Planted bug: keep the result in columns that know no unit without a rank."""
    cycle = replace(another_cycle(), service=lenient)
    body = {"category": "COUNTY", "score_sheet_edition": 1}
    answer = await cycle.post("/rankings", body, role="performance_office")
    assert answer.status_code == 201, answer.text
    *ranked, first, second = answer.json()["ranking"]["units"]
    assert [one["rank"] for one in ranked] == list(range(1, 10))
    for one, gap in ((first, "C13"), (second, "*")):
        told = [one[name] for name in ("base_total", "final_total", "rank", "grade", "reasons")]
        assert told[:-1] == [None] * 4
        assert [each["en"] for each in told[-1]] == [f"not ranked: {gap} missing"]
    assert (first["unit"], sorted(first["blocks"])) == ("XQ01", ["comprehensive", "function"])
    assert (second["unit"], second["blocks"]) == ("XQ02", {})
    await cycle.take(1, *STEPS)
    released = (await cycle.get("/releases/1", "assessed_unit")).json()
    assert released["document"]["units"] == answer.json()["ranking"]["units"]


async def test_fraud_on_the_sheet_caps_the_grade_of_a_ranking(cycle, peers, monkeypatch):
    """Planted bug: the caps of the sheet not read."""

    async def first():
        edition = await cycle.rank()
        return (await cycle.get(f"/rankings/{edition}", "performance_office")).json()["units"][0]

    best = await first()
    lowest = peers.scheme["grades"]["order"][-1]
    caps = [{"grade": lowest, "indicator": "C01", "check": "RECHECK"}]
    sheets = [
        one | ({"grade_caps": caps} if one["unit"] == best["unit"] else {})
        for one in peers.sheet_units
    ]
    monkeypatch.setattr(peers, "sheet_units", sheets)
    capped = await first()
    assert [capped["unit"], capped["rank"], capped["grade"]] == [best["unit"], 1, lowest]
    assert best["grade"] != lowest
    assert [each["params"] for each in capped["reasons"] if each["code"] == "capped_by_fraud"] == [
        {"grade": lowest, "indicator": "C01", "check": "RECHECK"}
    ]


LAST_YEAR = {"key": "last_year_rank"}


@pytest.fixture
def equal_totals(peers, monkeypatch):
    """Let XQ01 have the marks of XQ05, so that last year's ranks alone tell them apart."""
    marks = {one["unit"]: one for one in peers.sheet_units}
    sheets = [one for one in peers.sheet_units if one["unit"] != "XQ01"]
    monkeypatch.setattr(peers, "sheet_units", [{**marks["XQ05"], "unit": "XQ01"}, *sheets])

    def by_last_year(cycle_id):
        ranking = peers.scheme["ranking"] | {
            "tie_break": ["function", LAST_YEAR],
            "previous_cycle": str(cycle_id),
        }
        monkeypatch.setattr(peers, "scheme", peers.scheme | {"ranking": ranking})

    return by_last_year


async def test_last_years_release_tells_equal_totals_apart(
    cycle, another_cycle, peers, equal_totals, monkeypatch
):
    """Planted bugs: read an edition that was not released, or an older release; rank without last
    year's ranks when a step of the chain is taken; leave the release out of the digests."""
    earlier = another_cycle()
    monkeypatch.setattr(peers, "sheet_units", peers.sheet_units[::-1])
    await earlier.take(await earlier.rank(), *STEPS)
    with monkeypatch.context() as patch:  # a correction is released too: XQ01 is better than XQ05
        sheets = [
            one | {"adjustment": "3"} if one["unit"] == "XQ01" else one for one in peers.sheet_units
        ]
        patch.setattr(peers, "sheet_units", sheets)
        await earlier.take(await earlier.rank(), *STEPS)
    await earlier.rank()
    last = (await earlier.get("/releases/2", "assessed_unit")).json()
    ranks = {one["unit"]: str(one["rank"]) for one in last["document"]["units"]}
    assert (ranks["XQ01"], ranks["XQ05"]) == ("1", "2")

    equal_totals(earlier.cycle_id)
    edition = await cycle.rank()
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    first, second = ranking["units"][:2]
    assert [(one["unit"], one["rank"]) for one in (first, second)] == [("XQ01", 1), ("XQ05", 2)]
    assert first["reasons"][0] == {
        "code": "ahead_by_key",
        "params": {
            "units": ["XQ05"],
            "count": "1",
            "key": "last_year_rank",
            "value": "1",
            "other_value": "2",
        },
        "en": "equal total with XQ05: ahead by last year's rank, 1 to 2",
        "zh": "与XQ05总分相同，按上年名次（1比2）列前",
    }
    assert second["reasons"][0]["code"] == "behind_by_key"
    assert ranking["digests"]["previous_release"] == last["digest"]
    content = {k: v for k, v in ranking.items() if k not in {"edition", "state", "digest"}}
    assert sha256(content) == ranking["digest"]

    await cycle.take(edition, *STEPS)
    released = (await cycle.get("/releases/1", "assessed_unit")).json()
    assert released["document"]["units"] == ranking["units"]
    assert released["manifest"]["inputs"] == ranking["digests"]
    simulated = await cycle.post("/simulations", {"category": "COUNTY"}, role="performance_office")
    [move] = [one for one in simulated.json()["units"] if one["unit"] == "XQ01"]
    assert move["before"]["rank"] == move["after"]["rank"] == 1


async def test_a_year_that_has_released_nothing_gives_no_ranks(cycle, another_cycle, equal_totals):
    """Planted bug: take a year without releases for one in which nobody had a rank."""
    earlier, without = another_cycle(), another_cycle()
    await earlier.rank()
    await without.take(await without.rank("PAIR"), *STEPS)
    equal_totals(earlier.cycle_id)
    body = {"category": "COUNTY"}
    async with cycle.unchanged():
        for path in ("/rankings", "/simulations"):
            answer = await cycle.post(path, body, role="performance_office")
            assert (answer.status_code, answer.json()["type"]) == (409, "previous-ranking-missing")
    equal_totals(without.cycle_id)
    units = (await cycle.get(f"/rankings/{await cycle.rank()}", "auditor")).json()["units"]
    assert [(one["unit"], one["rank"]) for one in units[:2]] == [("XQ01", 1), ("XQ05", 1)]
    assert units[0]["reasons"][0]["en"] == "equal total and keys with XQ05: they share the rank"


async def test_what_was_taken_off_is_read_from_the_claims_of_the_sheet(cycle, peers, monkeypatch):
    """Planted bug: leave the claims out, or read those of another unit."""
    ranking = peers.scheme["ranking"] | {"tie_break": [{"key": "fewer_deductions"}]}
    marks = {one["unit"]: one for one in peers.sheet_units}
    sheets = [one for one in peers.sheet_units if one["unit"] != "XQ01"]
    monkeypatch.setattr(peers, "scheme", peers.scheme | {"ranking": ranking})
    monkeypatch.setattr(peers, "sheet_units", [{**marks["XQ05"], "unit": "XQ01"}, *sheets])
    taken = [{"unit": "XQ01", "kind": "deduction", "points": "-1"}]
    monkeypatch.setattr(peers, "claims", [*taken, {**taken[0], "unit": "XQ07", "points": "-5"}])
    units = (await cycle.get(f"/rankings/{await cycle.rank()}", "auditor")).json()["units"]
    assert [one["unit"] for one in units[:2]] == ["XQ05", "XQ01"]
    assert units[0]["reasons"][0]["en"].endswith("ahead by fewer deductions, 0 to 1")


async def test_rankings_are_listed_by_category(cycle):
    """Planted bug: those of all categories."""
    await cycle.rank()
    for category, number in (("COUNTY", 1), ("NONE", 0)):
        listed = await cycle.get(f"/rankings?category={category}", "committee")
        assert len(listed.json()["items"]) == number


async def test_a_ranking_tells_by_which_coefficients_marks_were_multiplied(
    cycle, peers, monkeypatch
):
    """Of its own category; a group that stays has none. Planted bug: those of other categories."""
    group = {"indicator": "C11", "category": "COUNTY", "group": "B01", "coefficient": "0.9700"}
    others = [group | {"category": "PAIR"}, group | {"group": "B02", "coefficient": None}]
    monkeypatch.setattr(peers, "normalised", [group, *others])
    edition = await cycle.rank()
    units = (await cycle.get(f"/rankings/{edition}", "auditor")).json()["units"]
    for unit in units:
        told = [each for each in unit["reasons"] if each["code"] == "normalised"]
        assert [each["en"] for each in told] == ["C11: marks of B01 × 0.9700"]
        assert told[0]["zh"] == "C11：B01的评分 × 0.9700"
        assert told[0]["params"] == {"indicator": "C11", "group": "B01", "coefficient": "0.9700"}
