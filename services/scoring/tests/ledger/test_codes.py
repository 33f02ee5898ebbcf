"""Entries whose units and indicators are named by the codes of another system."""

from datetime import date

import pytest

from scoring.rules.ledger.codes import CodeMeaning, Meanings

EVENT = {"unit": "9001", "indicator": "7003", "kind": "event", "key": "overdue"}


@pytest.fixture(scope="module")
def hr(others):
    """Give the codes of a personnel system, one of which changed what it means in July."""
    others.id_schemes["hr"] = {
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
