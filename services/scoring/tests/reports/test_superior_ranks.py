"""The superior's lists: entered with their document, verified, read as a trend, and scored."""

import csv
import io
from copy import deepcopy
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest
from small_years import indicator

from scoring.rules.reports.superior_ranks import Cell, Place, trend_of

STEP = {"step_ratio": "0.05", "period": "quarter"}
LAST = {"table": {"1": "8", "-1": "1"}, "period": "quarter", "period_combine": "last"}
QUARTERS = {"Q1": "04-12", "Q2": "07-11", "Q3": "10-15"}


def place(unit, quarter, rank, value=None, year=2025, **more):
    """A row of a list as it is entered: the document is of the day on which it appeared."""
    day = f"{year}-{QUARTERS[quarter]}"
    told = {"unit": unit, "indicator": "C01", "kind": "superior_rank", "value": str(rank)}
    told |= {"period": f"{year}{quarter}", "listed": 14, "published_value": value}
    told |= {"document_no": f"湘统〔{year}〕{quarter[1]}号", "document_date": day}
    return told | {"occurred_on": day} | more


def by_lists(document, params, year=2025, **more):
    """The scheme with an indicator of ZH02 that is scored by the superior's lists."""
    made = deepcopy(document) | {"assessment_year": year}
    (county,) = [each for each in made["categories"] if each["code"] == "COUNTY"]
    found = (each for block in county["blocks"] for each in block["indicators"])
    indicator = next(each for each in found if each["code"] == "C01")
    indicator |= {"method": "superior_rank", "params": params, "frequency": "quarterly"} | more
    return made


@pytest.fixture(scope="module")
async def lists(new_cycle, others, document):
    """Two years of lists: two quarters of two units, and one of this year that nobody verified."""
    last, now = new_cycle(), new_cycle()
    others.schemes |= {
        last.cycle_id: by_lists(document, STEP, 2024),
        now.cycle_id: by_lists(document, STEP),
    }
    kept, others.cycles = (
        others.cycles,
        [
            {
                "cycle_id": str(each.cycle_id),
                "jurisdiction": "431000",
                "assessment_year": year,
                "scheme_version": 1,
            }
            for each, year in ((now, 2025), (last, 2024))
        ],
    )
    await last.enter(place("XQ01", "Q2", 9, "6.1", 2024))
    await last.verify(all_submitted=True)
    await now.enter(
        place("XQ01", "Q1", 8, "6.9"), place("XQ01", "Q2", 5, "7.3"), place("XQ02", "Q2", 14)
    )
    await now.verify(all_submitted=True)
    yield SimpleNamespace(last=last, now=now, path=f"{now.path}/superior-ranks")
    others.cycles = kept


async def items(client, path, **query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_places_are_read_with_what_changed_since_the_last_period_and_the_last_year(lists):
    """Planted bugs: places lost told as won; last year's list of another quarter; the year before
    left out."""
    [told] = await items(lists.now.office, lists.path, unit="XQ01", indicator="C01")
    assert (told["combines"], told["rank"], told["missing"]) == (
        "mean",
        "6.5000",
        ["2025Q3", "2025Q4"],
    )
    first, second = told["places"]
    assert told["latest"] == second
    assert [first["rank"], first["before"], first["year_before"]] == ["8", None, None]
    said = ("rank", "listed", "published_value", "document_no", "document_date", "published_on")
    assert [second[name] for name in said] == [
        "5", 14, "7.3", "湘统〔2025〕2号", "2025-07-11", "2025-07-11",
    ]  # fmt: skip
    assert second["before"] == {
        "period": "2025Q1",
        "rank": "8",
        "listed": 14,
        "published_value": "6.9",
        "places_won": "3",
        "value_change": "0.4",
    }
    ago = second["year_before"]
    assert [ago[n] for n in ("period", "rank", "places_won", "value_change")] == [
        "2024Q2", "9", "4", "1.2",
    ]  # fmt: skip


async def test_a_unit_to_which_the_indicator_does_not_apply_lacks_no_list(
    new_cycle, others, document
):
    """Neither here nor among what its points depend on. Planted bugs: the lists of its category are
    wanted of it; what nobody has verified counts."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = by_lists(document, STEP, may_be_not_applicable=True)
    none = {"unit": "XQ02", "indicator": "C01", "kind": "not_applicable", "note": "无此项业务"}
    missing = [f"2025Q{n}" for n in (1, 2, 3, 4)]
    await cycle.enter(none)
    asked = cycle.office, f"{cycle.path}/superior-ranks"
    [told] = await items(*asked, unit="XQ02")
    assert told["missing"] == missing
    await cycle.verify(all_submitted=True)
    [told] = await items(*asked, unit="XQ02")
    assert (told["missing"], told["rank"]) == ([], None)
    [told] = await items(*asked, unit="XQ01")
    assert told["missing"] == missing
    edition = await cycle.score()
    found = []
    for unit in ("XQ01", "XQ02"):
        path = f"{cycle.path}/score-sheets/{edition}/units/{unit}/outlook"
        matters = (await cycle.office.get(path)).json()["matters"]
        found.append(len([each for each in matters if each["indicator"] == "C01"]))
    assert found == [4, 0]


async def test_units_without_any_list_are_there_and_pages_have_all_of_them_once(lists):
    """Planted bug: begin a page with the last unit of the one before."""
    whole = await items(lists.now.office, lists.path, limit="100")
    assert len(whole) == 11
    assert [each["rank"] for each in whole[:3]] == ["6.5000", "14", None]
    found, after = [], None
    while True:
        query = {"limit": 4} | ({"after": after} if after else {})
        answer = (await lists.now.office.get(lists.path, params=query)).json()
        found += answer["items"]
        if (after := answer["next"]) is None:
            break
    assert found == whole
    for strange in ("nothing", "XQ01,C01", "C01,XQ99", "C02,XQ01", "C01,XQ01,x", "zz,zz"):
        answer = await lists.now.office.get(lists.path, params={"after": strange})
        assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place"), strange


async def test_every_reader_gets_the_same_and_nothing_that_is_not_verified(lists):
    """Planted bug: read lists in any state. Two worlds: in one of them more was handed in."""
    readers = [
        lists.now.office,
        lists.now.caller("assessed_unit", unit="XQ01"),
        lists.now.caller("assessed_unit", unit="XQ07"),
        lists.now.caller("organiser", unit="ZH77"),
    ]
    paths = lists.path, f"{lists.path}/export"
    before = [(await each.get(path)).content for path in paths for each in readers]
    assert len({*before}) == len(paths)
    [waiting, back] = await lists.now.enter(place("XQ01", "Q3", 1), place("XQ03", "Q3", 2))
    [draft] = await lists.now.enter(place("XQ02", "Q3", 3), state="draft")
    sent = {"entry_ids": [back], "reason": "文号有误"}
    answer = await lists.now.post(lists.now.office, "ledger-entries/return", sent)
    assert answer.status_code == 200, answer.text
    assert [(await each.get(path)).content for path in paths for each in readers] == before
    for entry in (waiting, draft, back):
        path = f"ledger-entries/{entry}/withdrawal"
        assert (await lists.now.post(lists.now.source(), path, {})).status_code in (200, 409)


async def test_an_export_has_a_row_for_each_list_and_unit(lists):
    answer = await lists.now.office.get(f"{lists.path}/export", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    names = ("unit", "period", "rank", "listed", "rank_before", "places_won", "rank_year_before")
    assert [[row[name] for name in names] for row in rows] == [
        ["XQ01", "2025Q1", "8", "14", "", "", ""],
        ["XQ01", "2025Q2", "5", "14", "8", "3", "9"],
        ["XQ02", "2025Q2", "14", "14", "", "", ""],
    ]
    for form in ("ndjson", "xlsx"):
        answer = await lists.now.office.get(f"{lists.path}/export", params={"format": form})
        assert (answer.status_code, bool(answer.content)) == (200, True)


async def test_a_score_names_the_list_its_document_and_of_how_many_and_what_is_missing(lists):
    """Planted bugs: leave the document out; mean over the lists that there are."""
    edition = await lists.now.score()
    sheet = f"{lists.now.path}/score-sheets/{edition}"
    explained = await lists.now.office.get(f"{sheet}/units/XQ01/explanation")
    step = find(explained.json()["tree"], "C01")
    inputs = {(each["name"], each["value"]) for each in step["inputs"]}
    assert {
        ("superior_rank, 2025Q2", "5"),
        ("listed, 2025Q2", "14"),
        ("document, 2025Q2", "湘统〔2025〕2号, 2025-07-11"),
    } <= inputs
    missing = (await lists.now.office.get(sheet)).json()["units"][0]["missing"]
    reasons = [each["reason"] for each in missing if each["indicator"] == "C01"]
    assert reasons == [f"superior_rank, 2025Q{n} is missing." for n in (3, 4)]
    assert "缺少上级排名，2025Q3。" in [each["reason_zh"] for each in missing]


def find(step, code):
    if step["code"] == code:
        return step
    return next((found for each in step["children"] if (found := find(each, code))), None)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"value": "15"}, {("/value", "beyond-the-list")}),
        ({"value": "0"}, {("/value", "out-of-range")}),
        ({"value": "2.5"}, {("/value", "not-whole")}),
        ({"listed": None}, {("/listed", "missing")}),
        ({"document_no": None}, {("/document_no", "missing")}),
        ({"document_date": None}, {("/document_date", "missing")}),
        ({"document_date": "2025-11-01"}, {("/document_date", "after-its-publication")}),
        ({"occurred_on": None}, {("/occurred_on", "missing")}),
        ({"occurred_on": "2025-06-30"}, {("/occurred_on", "outside-period"),
                                         ("/document_date", "after-its-publication")}),
        ({"occurred_on": "2025-09-30", "document_date": "2025-09-30"},
         {("/occurred_on", "period-not-over")}),
        ({"occurred_on": "2999-01-01"}, {("/occurred_on", "in-the-future")}),
        ({"period": "2025-07"}, {("/period", "not-one-of")}),
        ({"key": "rank"}, {("/key", "not-wanted")}),
        ({"kind": "measured_value"}, {("/kind", "not-one-of")}),
        ({"indicator": "C03", "kind": "event", "key": "overdue", "value": None},
         {(f"/{name}", "not-wanted") for name in ("listed", "document_no", "document_date")}),
    ],
)  # fmt: skip
async def test_a_list_with_a_fault_is_refused_by_name(lists, change, faults):
    """Planted bug: a list of a quarter that appears on its last day."""
    row = place("XQ04", "Q3", 3) | change
    body = {"entries": [row], "state": "submitted"}
    source = lists.now.source("ZH01" if row["indicator"] == "C03" else "ZH02")
    answer = await lists.now.post(source, "ledger-entries?mode=check", body)
    [told] = answer.json()["rows"]
    found = {(e["pointer"].removeprefix("/entries/0"), e["code"]) for e in told["errors"]}
    assert found == faults


async def test_a_list_comes_as_a_table_is_known_again_and_corrected_by_a_new_version(lists):
    """Planted bugs: the document left out of what a row tells; a restatement without `listed`."""
    row = place("XQ05", "Q1", 4, "5.5", source_ref="A-1")
    head = ",".join(row)
    sheet = f"{head}\n{','.join(str(each) for each in row.values())}\n".encode()
    source, kind = lists.now.source(), {"Content-Type": "text/csv"}
    path = f"{lists.now.path}/ledger-entries?mode="
    checked = (await source.post(f"{path}check", content=sheet, headers=kind)).json()
    assert checked["rows"][0]["outcome"] == "stored", checked["rows"]
    assert checked["receipt"] is None
    first = (await source.post(f"{path}partial", content=sheet, headers=kind)).json()
    entry = first["rows"][0]["entry_id"]
    again = (await source.post(f"{path}partial", content=sheet, headers=kind)).json()
    assert again["rows"][0] | {"entry_id": entry} == again["rows"][0]
    assert again["rows"][0]["outcome"] == "unchanged"
    await lists.now.verify(entry_ids=[entry])

    body = {name: row[name] for name in ("value", "published_value", "document_no")}
    body |= {name: row[name] for name in ("document_date", "occurred_on")}
    same = {"reason": "x", "listed": 14} | body
    answer = await lists.now.post(source, f"ledger-entries/{entry}/restatement", same)
    assert (answer.status_code, answer.json()["type"]) == (409, "not-restatable")
    answer = await lists.now.post(
        source, f"ledger-entries/{entry}/restatement", same | {"listed": 13}
    )
    assert answer.status_code == 201, answer.text
    [told] = await items(lists.now.office, lists.path, unit="XQ05")
    assert [each["listed"] for each in told["places"]] == [14]
    await lists.now.verify(all_submitted=True)
    [told] = await items(lists.now.office, lists.path, unit="XQ05")
    assert [each["listed"] for each in told["places"]] == [13]
    versions = await items(
        lists.now.office, f"{lists.now.path}/ledger-entries/restatements", unit="XQ05"
    )
    assert [(v["former"]["listed"], v["restated"]["listed"]) for v in versions] == [(14, 13)]


async def test_of_lists_before_the_last_it_is_said_that_they_count_nowhere(
    new_cycle, others, document
):
    """Planted bug: lists of all periods told as read."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = by_lists(document, LAST)
    [first] = await cycle.enter(place("XQ01", "Q1", 1))
    final = place("XQ01", "Q1", 14) | {"period": "2025Q4", "document_date": "2026-01-05"}
    [last] = await cycle.enter(final | {"occurred_on": "2026-01-09"})
    await cycle.verify(all_submitted=True)
    idle = await items(cycle.office, f"{cycle.path}/unscored", indicator="C01")
    assert [(each["id"], each["reason"]) for each in idle] == [(first, "not_read")]
    edition = await cycle.score()
    path = f"{cycle.path}/score-sheets/{edition}/units/XQ01/explanation"
    step = find((await cycle.office.get(path)).json()["tree"], "C01")
    assert (step["score"], step["formula"]) == ("1.0000", "max(1 (place 14), 0)")
    [told] = await items(cycle.office, f"{cycle.path}/superior-ranks", unit="XQ01")
    assert (told["combines"], told["rank"], told["missing"]) == ("last", "14", [])
    assert [each["entry_id"] for each in told["places"]] == [first, last]


async def test_a_simulated_place_needs_no_document(lists):
    value = {"unit": "XQ01", "indicator": "C01", "kind": "superior_rank", "value": "1"}
    body = {"categories": ["COUNTY"], "values": [value | {"period": "2025Q2"}]}
    answer = await lists.now.post(lists.now.office, "score-simulations", body)
    assert answer.status_code == 200, answer.text


TIERS = {"tiers": [{"max": "50", "points": "8"}], "else_points": "1"}


@pytest.mark.parametrize("params", [LAST, LAST | TIERS | {"table": None}], ids=["table", "tiers"])
async def test_a_simulated_place_is_worth_what_it_will_be(new_cycle, others, document, params):
    """Planted bugs: forget of how many a place is; hold it against the longest list; take any place
    of none."""
    cycle, params = new_cycle(), {name: each for name, each in params.items() if each}
    others.schemes[cycle.cycle_id] = by_lists(document, params)
    unit = cycle.caller("assessed_unit", unit="XQ01")

    async def simulated(**told) -> tuple[str, str]:
        """What the unit would have earned, and its score, as the office simulates it."""
        value = {"indicator": "C01", "kind": "superior_rank", "period": "2025Q4"} | told
        own = await cycle.post(unit, "own-simulations", {"values": [value]})
        assert own.status_code == 200, own.text
        body = {"categories": ["COUNTY"], "values": [value | {"unit": "XQ01"}]}
        answer = await cycle.post(cycle.office, "score-simulations", body)
        assert answer.status_code == 200, answer.text
        [after] = [each["after"] for each in answer.json()["units"] if each["unit"] == "XQ01"]
        [found] = [each for each in after["indicator_scores"] if each["indicator"] == "C01"]
        return own.json()["after"]["earned"], found["score"]

    async def is_now() -> tuple[str, str]:
        results = (await unit.get(f"{cycle.path}/stage-results/current")).json()
        sheet = f"score-sheets/{await cycle.score()}"
        units = (await cycle.office.get(f"{cycle.path}/{sheet}")).json()["units"]
        [own] = [each for each in units if each["unit"] == "XQ01"]
        [found] = [each for each in own["indicator_scores"] if each["indicator"] == "C01"]
        return results["units"][0]["earned"], found["score"]

    last, first = await simulated(value="14", listed=14), await simulated(value="1", listed=14)
    among_many = await simulated(value="14", listed=100)
    for told, fault in (
        ({"value": "14"}, ("/values/0/listed", "missing")),
        ({"value": "15", "listed": 14}, ("/values/0/value", "beyond-the-list")),
        ({"listed": 14}, ("/values/0/listed", "not-wanted")),
    ):
        value = {"indicator": "C01", "kind": "superior_rank", "period": "2025Q4"} | told
        answer = await cycle.post(unit, "own-simulations", {"values": [value]})
        faults = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
        assert answer.status_code == 422
        assert fault in faults
    plain = {"indicator": "C03", "kind": "event", "key": "overdue", "value": "1"}
    answer = await cycle.post(unit, "own-simulations", {"values": [plain | {"listed": 3}]})
    assert [each["code"] for each in answer.json()["errors"]] == ["not-wanted"]

    final = place("XQ01", "Q1", 14) | {"period": "2025Q4", "document_date": "2026-01-05"}
    await cycle.enter(final | {"occurred_on": "2026-01-09"})
    await cycle.verify(all_submitted=True)
    assert await is_now() == last == await simulated(value="14")
    assert await simulated(value="1") == first != last
    assert await simulated(value="14", listed=100) == among_many != last


async def test_a_list_with_a_code_that_means_nothing_yet_waits_with_all_that_it_says(lists, others):
    """Planted bug: park a row without its document."""
    known = {"as_of": "2025-12-31", "units": True, "indicators": False}
    others.id_schemes["lists"] = known | {"unit_codes": [], "indicator_codes": []}
    body = {"entries": [place("7006", "Q1", 7, "5.1")]}
    path = "ledger-entries?mode=partial&id_scheme=lists"
    answer = await lists.now.post(lists.now.source(), path, body)
    assert answer.json()["parked"] == 1, answer.text
    [row] = await items(lists.now.office, f"{lists.now.path}/parked-rows")
    assert (row["listed"], row["published_value"], row["document_no"]) == (
        14,
        "5.1",
        "湘统〔2025〕1号",
    )
    code = {"code": "7006", "unit": "XQ06", "valid_from": None, "valid_to": None}
    others.id_schemes["lists"] |= {"unit_codes": [code]}
    answer = await lists.now.post(lists.now.office, "parked-rows/replay", {"all_known": True})
    assert answer.json()["rows"][0]["outcome"] == "stored", answer.text
    await lists.now.verify(all_submitted=True)
    [told] = await items(lists.now.office, lists.path, unit="XQ06")
    assert [(p["rank"], p["listed"], p["published_value"]) for p in told["places"]] == [
        ("7", 14, "5.1")
    ]


def test_the_first_place_of_a_year_is_held_against_the_last_of_the_year_before():
    """Planted bug: nothing comes before the first period."""
    cell, day = Cell("X", "A"), date(2025, 1, 1)

    def made(period, rank, value=None):
        number = None if value is None else Decimal(value)
        about = UUID(int=rank), "A", "X", period, Decimal(rank), 14, number, "1", day, day, None
        return Place(*about)

    places = [made("2025Q3", 2), made("2025Q1", 5, "1.5")]
    before = {"Q1": made("2024Q1", 4), "Q4": made("2024Q4", 9, "1")}
    trend = trend_of(cell, indicator("superior_rank", STEP), 2025, places, before)
    assert (trend.rank, trend.missing) == (Decimal("3.5000"), ("2025Q2", "2025Q4"))
    first, third = trend.steps
    assert (first.before.places_won, first.before.value_change) == (4, Decimal("0.5"))
    assert (first.year_before.places_won, first.year_before.value_change) == (-1, None)
    assert (third.before, third.year_before) == (None, None)
