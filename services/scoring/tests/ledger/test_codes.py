"""Entries whose units and indicators are named by the codes of another system."""

import json
from datetime import date

import pytest

from scoring.rules.ledger.codes import CodeMeaning, Meanings
from service_testing.elsewhere import count_codes, with_codes

EVENT = {"unit": "9001", "indicator": "7003", "kind": "event", "key": "overdue"}


@pytest.fixture(scope="module")
def hr(others):
    """Give the codes of a personnel system, one of which changed what it means in July."""
    others.id_schemes["hr"] = {
        "as_of": "2025-12-31",
        "units": True,
        "indicators": True,
        "unit_codes": [
            code("9001", unit="XQ01", until="2025-07-01"),
            code("9001", unit="XQ02", since="2025-07-01"),
            code("9003", unit="XQ03", until="2025-07-01"),
        ],
        "indicator_codes": [code("7003", indicator="C03"), code("7001", indicator="C01")],
    }
    others.id_schemes["uscc"] = {
        "as_of": "2025-12-31",
        "units": True,
        "indicators": False,
        "unit_codes": [code("91110000802100433B", unit="XQ04", since=None)],
        "indicator_codes": [],
    }
    return others


def code(name, since="2025-01-01", until=None, **meaning):
    return {"code": name, "valid_from": since, "valid_to": until} | meaning


async def entered(cycle, *entries, scheme="hr", unit="ZH01"):
    body = {"entries": entries}
    return await cycle.post(cycle.source(unit), f"ledger-entries?id_scheme={scheme}", body)


async def units(cycle):
    listed = (await cycle.office.get(f"{cycle.path}/ledger-entries")).json()["items"]
    return [(each["unit"], each["indicator"]) for each in listed]


@pytest.mark.parametrize(
    ("day", "unit"), [("2025-06-30", "XQ01"), ("2025-07-01", "XQ02"), (None, "XQ02")]
)
async def test_a_code_means_what_it_meant_on_the_day_of_its_row(cycle, hr, day, unit):
    """Planted bugs: translate by today; take the last day of a mapping as its own."""
    answer = await entered(cycle, EVENT | {"occurred_on": day})
    assert answer.status_code == 201, answer.text
    assert await units(cycle) == [(unit, "C03")]


async def test_a_code_that_means_nothing_that_day_is_refused_by_name(cycle, hr):
    """Planted bugs: take the code for one of ours; keep the other rows."""
    answer = await entered(
        cycle,
        EVENT,
        EVENT | {"unit": "XQ01"},
        EVENT | {"unit": "9003", "occurred_on": "2025-08-01", "indicator": "C03"},
    )
    body = answer.json()
    assert (answer.status_code, body["type"], body["id_scheme"]) == (422, "codes-unknown", "hr")
    assert [(each["pointer"], each["code"]) for each in body["errors"]] == [
        ("/entries/1/unit", "unknown-unit-code"),
        ("/entries/2/unit", "unknown-unit-code"),
        ("/entries/2/indicator", "unknown-indicator-code"),
    ]
    assert "2025-08-01" in body["errors"][1]["detail"]
    assert await units(cycle) == []


async def test_what_a_scheme_has_no_codes_of_goes_by_ours(cycle, hr):
    answer = await entered(
        cycle, EVENT | {"unit": "91110000802100433B", "indicator": "C03"}, scheme="uscc"
    )
    assert answer.status_code == 201, answer.text
    assert await units(cycle) == [("XQ04", "C03")]


async def test_our_own_codes_ask_nobody_and_an_unknown_scheme_is_refused(cycle, hr):
    """Planted bug: read a document for our own codes."""
    ours = EVENT | {"unit": "XQ05", "indicator": "C03"}
    before = len(hr.asked)
    assert (await entered(cycle, ours, scheme="code")).status_code == 201
    assert not [path for path in hr.asked[before:] if "id-schemes" in path]
    answer = await entered(cycle, EVENT, scheme="nowhere")
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "id-scheme-unknown")
    assert [each["pointer"] for each in told["errors"]] == ["/query/id_scheme"]


async def test_a_code_opens_nothing_that_is_another_sources_to_enter(cycle, hr):
    """Planted bug: ask who may enter before the codes are translated, by the codes."""
    answer = await entered(cycle, EVENT | {"occurred_on": "2025-06-01"}, unit="ZH02")
    assert (answer.status_code, answer.json()["type"]) == (403, "not-the-data-source")


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True),
        ("2025-03-01", None, True),
        ("2025-03-02", None, False),
        (None, "2025-03-02", True),
        (None, "2025-03-01", False),
        ("2025-03-01", "2025-03-01", False),
    ],
)
def test_a_code_means_something_from_its_first_day_until_before_its_last(since, until, holds):
    days = (None if each is None else date.fromisoformat(each) for each in (since, until))
    found = Meanings([CodeMeaning("1", "X1", *days)]).of("1", date(2025, 3, 1))
    assert found == ("X1" if holds else None)


async def test_entries_have_the_codes_of_their_own_days_beside_ours(cycle, hr):
    """Planted bugs: all by the day of the first entry; by the last day of the year; a code of
    ours where the other system has none."""
    for day in ("2025-06-30", "2025-07-01"):
        for unit in ("XQ01", "XQ02", "XQ03", "XQ05"):
            await cycle.enter(
                EVENT | {"unit": unit, "indicator": "C03", "occurred_on": day}, unit="ZH01"
            )
    path = f"{cycle.path}/ledger-entries"
    for query in ({}, {"changed_since": "2000-01-01T00:00:00Z"}, {"unit": "XQ01"}):
        plain = (await cycle.office.get(path, params=query)).json()["items"]
        told = (await cycle.office.get(path, params=query | {"id_scheme": "hr"})).json()["items"]
        codes = {
            ("XQ01", "2025-06-30"): "9001",
            ("XQ03", "2025-06-30"): "9003",
            ("XQ02", "2025-07-01"): "9001",
        }
        assert told == [
            each
            | {
                "unit_in_scheme": codes.get((each["unit"], each["occurred_on"])),
                "indicator_in_scheme": "7003",
            }
            for each in plain
        ]
    assert "unit_in_scheme" not in plain[0]
    for each in told:
        one = await cycle.office.get(f"{path}/{each['entry_id']}", params={"id_scheme": "hr"})
        assert each.items() <= one.json().items()
    other = await cycle.office.get(path, params={"id_scheme": "none"})
    assert (other.status_code, other.json()["type"]) == (422, "id-scheme-unknown")


async def test_an_entry_without_a_day_has_the_code_of_the_day_on_which_it_was_entered(cycle, hr):
    """Planted bug: no code where nothing is said of a day."""
    await cycle.enter(
        EVENT | {"unit": "XQ02", "indicator": "C03", "occurred_on": None}, unit="ZH01"
    )
    path = f"{cycle.path}/ledger-entries?id_scheme=hr"
    [told] = (await cycle.office.get(path)).json()["items"]
    assert told["unit_in_scheme"] == "9001"


async def test_progress_names_its_parts_by_the_codes_of_another_system_too(cycle, hr):
    """Planted bug: look a category up among the codes of units."""
    expected = {
        "unit": {"XQ02": "9001"},
        "indicator": {"C01": "7001", "C03": "7003"},
        "data_source_unit": {},
    }
    for by in ("unit", "indicator", "data_source_unit", "category", "period"):
        path = f"{cycle.path}/progress"
        plain = (await cycle.office.get(path, params={"by": by})).json()
        told = (await cycle.office.get(path, params={"by": by, "id_scheme": "hr"})).json()
        items = [
            each
            | {
                "codes_in_scheme": {by: expected[by].get(each["codes"][by])}
                if by in expected
                else {}
            }
            for each in plain["items"]
        ]
        assert told == plain | {"items": items}, by


async def test_a_sheet_its_marks_and_claims_have_the_codes_of_the_years_last_day(new_year, hr):
    """Planted bug: the codes of the day on which it is read, or none below the first level."""
    cycle = await new_year()
    await cycle.score()
    codes = {"unit": {"XQ02": "9001"}, "indicator": {"C01": "7001", "C03": "7003"}}
    office = cycle.office
    for path, fields in (("score-sheets/1", codes), ("claims", {"unit": codes["unit"]})):
        plain = await office.get(f"{cycle.path}/{path}")
        told = await office.get(f"{cycle.path}/{path}?id_scheme=hr")
        assert told.status_code == 200, told.text
        assert told.json() == with_codes(plain.json(), fields), path
    assert count_codes((await office.get(f"{cycle.path}/score-sheets/1?id_scheme=hr")).json()) > 20
    marks = f"{cycle.path}/score-sheets/1/marks?format=ndjson"
    plain, told = [
        [json.loads(line) for line in (await office.get(path)).text.splitlines()]
        for path in (marks, f"{marks}&id_scheme=hr")
    ]
    assert told == with_codes(plain, codes)
