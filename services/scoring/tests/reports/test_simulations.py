"""Simulations: changes laid over stored entries, checked like entries, and nothing kept of them."""

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from scoring.rules.ledger.entries import Entry
from scoring.rules.reports.simulation import (
    ChangesRejected,
    SimulatedValue,
    check_changes,
    with_changes,
)

OTHERS = [
    "assessed_unit",
    "data_source_unit",
    "organiser",
    "responsible_body",
    "survey_centre",
    "committee",
    "standing_committee",
    "auditor",
]
C01 = SimulatedValue("XQ01", "C01", "measured_value", "actual", None, "2025", Decimal(90), None)


def stored(n: int, change: SimulatedValue, **more) -> Entry:
    names = SimulatedValue.__dataclass_fields__.keys() & {*Entry._fields}
    fields = {name: getattr(change, name) for name in names}
    return Entry(UUID(int=n), **fields | more)


ENTRY = stored(7, C01, value=Decimal(104), author_unit="ZH02")


@pytest.mark.parametrize(
    ("entries", "changes", "found"),
    [
        ([ENTRY], [], [(7, "104", "ZH02")]),
        ([ENTRY], [C01], [(1, "90", "ZH02")]),
        ([], [C01], [(1, "90", None)]),
        ([ENTRY], [replace(C01, value=None)], []),
        ([ENTRY], [replace(C01, unit="XQ02")], [(7, "104", "ZH02"), (1, "90", None)]),
        ([ENTRY], [replace(C01, period="2025Q1")], [(7, "104", "ZH02"), (1, "90", None)]),
        (
            [stored(n, C01, kind="event", key="overdue", value=Decimal(1)) for n in (3, 4)],
            [replace(C01, kind="event", key="overdue", value=Decimal(5))],
            [(1, "5", None)],
        ),
        (
            [],
            [replace(C01, kind="not_applicable", key=None, value=None)],
            [(1, None, None)],
        ),
    ],
)
def test_a_change_takes_the_place_of_all_entries_about_the_same(scheme, entries, changes, found):
    """Planted bug: add the change beside the entry, so that two values are entered."""
    given = with_changes(entries, changes, scheme)
    told = [(e.entry_id.int, e.value and str(e.value), e.author_unit) for e in given]
    assert told == found


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ([C01], []),
        ([replace(C01, value=None)], []),
        ([replace(C01, unit="XX99")], [("/values/0/unit", "unknown-unit")]),
        ([C01, replace(C01, indicator="X9")], [("/values/1/indicator", "unknown-indicator")]),
        ([replace(C01, indicator="C13")], [("/values/0/indicator", "takes-no-entries")]),
        ([replace(C01, kind="event")], [("/values/0/kind", "not-one-of")]),
        ([replace(C01, key="target")], [("/values/0/key", "not-one-of")]),
        ([replace(C01, period="2024")], [("/values/0/period", "wrong-period")]),
        ([C01, C01], [("/values/1", "duplicate-value"), ("/values/1", "duplicate-entry")]),
        ([replace(C01, unit="XQ02", value=None)], [("/values/0", "nothing-to-take-away")]),
        (
            [C01, replace(C01, indicator="C12", kind="panel_mark", key=None, item="9")],
            [("/values/1/item", "not-one-of")],
        ),
    ],
)
def test_a_value_that_nobody_could_enter_is_refused_where_it_stands(scheme, changes, faults):
    """Planted bug: number the faults within one data source's values."""
    if not faults:
        check_changes(changes, scheme, [ENTRY])
        return
    with pytest.raises(ChangesRejected) as caught:
        check_changes(changes, scheme, [ENTRY])
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == faults


# over HTTP


@pytest.fixture(scope="session")
async def year(new_year):
    return await new_year()


def value(unit: str, indicator: str, number: str | None, key: str = "actual", **more) -> dict:
    about = {"unit": unit, "indicator": indicator, "kind": "measured_value", "key": key}
    return about | {"value": number} | more


async def simulate(cycle, *values, role="performance_office", scheme=None, categories=("COUNTY",)):
    body = {"categories": categories and list(categories), "scheme": scheme, "values": list(values)}
    before = await cycle.rows()
    answer = await cycle.post(cycle.caller(role), "score-simulations", body)
    assert await cycle.rows() == before, "a simulation leaves no trace"
    return answer


async def sides(cycle, *values, **more) -> dict[str, dict]:
    answer = await simulate(cycle, *values, **more)
    assert answer.status_code == 200, answer.text
    return {one["unit"]: one for one in answer.json()["units"]}


def score(sheet: dict, code: str) -> str:
    return next(s["score"] for s in sheet["indicator_scores"] if s["indicator"] == code)


async def test_without_a_change_everything_is_as_it_is_scored(year, raw):
    found = await sides(year)
    assert {unit: Decimal(one["after"]["total"]) for unit, one in found.items()} == {
        line["unit"]: Decimal(str(line["final_total"])) for line in raw.year["expected"]
    }
    for one in found.values():
        assert one["before"] == one["after"]
        assert Decimal(one["change"]) == 0


async def test_a_changed_value_changes_its_unit_and_who_is_compared_with_it(year):
    """Planted bug: score the changed entries on both sides."""
    found = await sides(year, value("XQ10", "C01", "80"))
    one = found["XQ10"]
    assert (score(one["before"], "C01"), score(one["after"], "C01")) != ("", "")
    assert score(one["before"], "C01") != score(one["after"], "C01")
    gained = Decimal(score(one["after"], "C01")) - Decimal(score(one["before"], "C01"))
    assert Decimal(one["change"]) == gained > 0
    assert {unit for unit, each in found.items() if Decimal(each["change"]) != 0} == {"XQ10"}


async def test_the_simulated_scores_are_those_that_would_be_computed(new_year):
    """Planted bug: simulate by a shortcut that is not the computation."""
    cycle = await new_year()
    found = await sides(cycle, value("XQ10", "C01", "80"), value("XQ01", "C01", "70"))
    query = f"{cycle.path}/ledger-entries?indicator=C01"
    for entry in (await cycle.office.get(query)).json()["items"]:
        right = {"XQ10": "80", "XQ01": "70"}.get(entry["unit"])
        if right:
            new = value(entry["unit"], "C01", right)
            await cycle.correct(entry["entry_id"], new, entry["author_unit"])
    edition = await cycle.score()
    sheet = (await cycle.office.get(f"{cycle.path}/score-sheets/{edition}")).json()
    assert [one["after"] for one in found.values()] == sheet["units"]
    for unit, one in found.items():
        decided = [each for each in sheet["claims"] if each["unit"] == unit]
        assert one["claims_before"] == one["claims_after"] == decided
    assert sheet["claims"]


async def test_a_value_that_is_taken_away_is_missing_and_names_itself(year):
    one = (await sides(year, value("XQ01", "C01", None)))["XQ01"]
    assert (one["after"]["total"], one["change"]) == (None, None)
    assert [gap["indicator"] for gap in one["after"]["missing"]] == ["C01"]
    assert one["before"]["missing"] == []


async def test_a_changed_scheme_scores_what_is_stored(year, document):
    """Planted bug: score the stored data by the scheme in force on both sides."""
    changed = json.loads(json.dumps(document))
    county = next(c for c in changed["categories"] if c["code"] == "COUNTY")
    first = county["blocks"][0]["indicators"][0]
    points = Decimal(first["points"])
    first["points"] = str(points * 2)
    found = await sides(year, scheme=changed)
    one = found["XQ04"]
    assert Decimal(score(one["before"], "C01")) == points
    assert Decimal(score(one["after"], "C01")) == points * 2
    assert Decimal(one["change"]) == points


async def test_a_unit_that_only_one_scheme_has_is_on_one_side(year, document):
    changed = json.loads(json.dumps(document))
    county = next(c for c in changed["categories"] if c["code"] == "COUNTY")
    county["units"] = [unit for unit in county["units"] if unit != "XQ11"]
    found = await sides(year, scheme=changed)
    assert (found["XQ11"]["after"], found["XQ11"]["change"]) == (None, None)
    assert found["XQ11"]["before"]["unit"] == "XQ11"
    assert list(found)[-1] == "XQ11"


async def test_all_categories_are_scored_unless_some_are_named(year):
    answer = await simulate(year, categories=None)
    assert len(answer.json()["categories"]) == 8
    assert len(answer.json()["units"]) == 126


async def test_faults_are_refused_all_at_once(year):
    answer = await simulate(year, value("XQ01", "C01", "1"), value("XX99", "C01", "1"))
    assert (answer.status_code, answer.json()["type"]) == (422, "changes-rejected")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/values/1/unit"]


async def test_a_changed_scheme_is_scored_as_it_is_when_complete(
    year, others, document, monkeypatch
):
    """Planted bug: score the scheme as it came, with overrides and defaults as its author left
    them."""
    whole = json.loads(json.dumps(document))
    county = next(c for c in whole["categories"] if c["code"] == "COUNTY")
    county["blocks"][0]["indicators"][0]["points"] = "7"
    monkeypatch.setattr(others, "completed", {"scheme": whole})
    partial = {"assessment_year": 2025, "categories": [{"code": "COUNTY"}]}
    found = await sides(year, scheme=partial)
    assert Decimal(score(found["XQ04"]["after"], "C01")) == 7


async def test_what_indicators_finds_wrong_with_a_scheme_is_refused_with_every_fault(
    year, others, document, monkeypatch
):
    """Planted bug: point into the body of the check, not of the simulation."""
    faults = [
        {"pointer": "/scheme/rounding/places", "code": "out-of-range", "detail": "x"},
        {"pointer": "/scheme/categories/0", "code": "missing", "detail": "y"},
    ]
    monkeypatch.setattr(others, "faults", faults)
    answer = await simulate(year, scheme=document)
    assert (answer.status_code, answer.json()["type"]) == (422, "peer-rejected")
    assert answer.json()["errors"] == faults


async def test_only_a_changed_scheme_is_checked(year, others, document):
    path = f"{year.path}/scheme-checks"
    for scheme, times in ((None, 0), (document, 1)):
        others.asked.clear()
        await sides(year, scheme=scheme)
        assert others.asked.count(path) == times


async def test_an_unknown_category_is_refused(year):
    answer = await simulate(year, categories=["COUNTY", "MOON"])
    assert (answer.status_code, answer.json()["type"]) == (422, "unknown-categories")
    assert [e["pointer"] for e in answer.json()["errors"]] == ["/categories/1"]


@pytest.mark.parametrize("role", OTHERS)
async def test_only_the_office_simulates(year, role):
    answer = await simulate(year, role=role)
    assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")


async def test_no_key_is_needed_because_nothing_is_kept(year):
    token = year.service.signer.token("performance_office")
    client = year.service.client({"Authorization": f"Bearer {token}"})
    client.event_hooks = {"request": []}
    async with client:
        answer = await client.post(f"{year.path}/score-simulations", json={"categories": ["PARK"]})
    assert answer.status_code == 200
