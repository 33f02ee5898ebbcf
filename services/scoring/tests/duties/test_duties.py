"""Duties over HTTP: as the record stood at a moment, for those whom they concern."""

import datetime as dt
from types import SimpleNamespace

import pytest
from cutting import cut
from leading import MARK, VALUE, give, happened, member, organiser, with_leaders

from scoring.api.duties import desk as duty_desk
from scoring.api.duties import duties
from service_testing.lists import read_pages

MARCH = {
    "indicator": "C03",
    "kind": "event",
    "key": "zero_report",
    "value": "0",
    "period": "2025-03",
}
UNITS = [f"XQ{n:02}" for n in range(1, 12)]
DUE = "2025-04-07"
"""The fifth working day after March by plain weeks."""


def china(text: str) -> str:
    """A moment of the city's day, as a query has it."""
    moment = dt.datetime.fromisoformat(f"{text}+08:00").astimezone(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def at(cycle, moment: str, client=None, **query) -> dict:
    """How the duty of March stood at a moment."""
    asked = {"at": china(moment), "indicator": "C03", "period": "2025-03"} | query
    answer = await (client or cycle.office).get(f"{cycle.path}/duties", params=asked)
    assert answer.status_code == 200, answer.text
    [found] = answer.json()["items"]
    return found


@pytest.fixture
async def march(cycle):
    """A cycle in which all units but the last had a zero report for March, on 2 April."""
    ids = await cycle.enter(*({"unit": unit} | MARCH for unit in UNITS[:-1]), unit="ZH01")
    for entry_id in ids:
        await happened(cycle, entry_id, "2025-04-02T10:00:00")
    return SimpleNamespace(cycle=cycle, ids=ids, last={"unit": UNITS[-1]} | MARCH)


async def test_a_duty_says_who_owes_what_and_what_is_missing(march):
    """Zero reports count as handed in. Planted bug: they do not."""
    found = await at(march.cycle, "2025-04-08T09:00:00")
    assert found == {
        "key": f"{DUE},ZH01,C03,2025-03",
        "unit": "ZH01",
        "unit_name": found["unit_name"],
        "indicator": "C03",
        "indicator_name": found["indicator_name"],
        "period": "2025-03",
        "due": DUE,
        "warned_from": "2025-03-31",
        "red_after": "2025-04-09",
        "light": "yellow_card",
        "expected": len(UNITS),
        "missing": 1,
        "missing_units": UNITS[-1:],
        "handed_in_on": None,
        "late_by": 1,
        "returned_on": None,
        "due_again": None,
        "provisional": True,
        "unannounced": [2025],
        "lead": None,
        "deputy": None,
    }
    assert found["unit_name"]


@pytest.mark.parametrize(
    ("moment", "light", "late"),
    [
        ("2025-04-07T23:59:59.999999", "none", 0),
        ("2025-04-08T00:00:00", "yellow_card", 1),
        ("2025-04-09T23:59:59.999999", "yellow_card", 2),
        ("2025-04-10T00:00:00", "red_card", 3),
    ],
)
async def test_a_day_ends_at_midnight_of_the_scheme_s_zone(march, moment, light, late):
    """Planted bugs: the day in UTC; the moment of the answer instead of the one asked for."""
    [entry] = await march.cycle.enter(march.last, unit="ZH01")
    await happened(march.cycle, entry, moment)
    for asked in (moment, "2026-01-01T00:00:00"):
        found = await at(march.cycle, asked)
        assert (found["light"], found["late_by"], found["missing"]) == (light, late, 0)
    before = dt.datetime.fromisoformat(moment) - dt.timedelta(microseconds=1)
    assert (await at(march.cycle, before.isoformat()))["missing"] == 1


async def test_what_was_sent_back_or_reversed_counts_until_then_and_not_afterwards(march):
    """It is due again two working days after it was sent back, and again after it was reversed.

    Planted bugs: the present state whatever the moment; the first submission after a return; cards
    by the day on which it was due at first; a card that goes with the next return.
    """
    cycle = march.cycle
    [entry] = await cycle.enter(march.last, unit="ZH01")
    back = {"entry_ids": [entry], "reason": "?"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", back)).is_success
    again = {"entry_ids": [entry]}
    assert (await cycle.post(cycle.source("ZH01"), "ledger-entries/submission", again)).is_success
    await cycle.verify(entry_ids=[entry])
    moments = [
        "2025-04-03T09:00:00",
        "2025-04-08T12:00:00",
        "2025-04-14T09:00:00",
        "2025-04-15T09:00:00",
    ]
    reversal = f"ledger-entries/{entry}/reversal"
    answer = await cycle.post(cycle.source("ZH01"), reversal, {"reason": "错报"})
    await cycle.verify(entry_ids=[answer.json()["entry_id"]])
    await happened(cycle, entry, *moments, "2025-04-20T09:00:00")
    back, reversed_ = ("2025-04-08", "2025-04-10"), ("2025-04-20", "2025-04-22")
    told = [
        ("2025-04-08T11:59:59", "none", 0, (None, None)),
        ("2025-04-08T12:00:00", "warning", 1, back),
        ("2025-04-10T23:59:59", "warning", 1, back),
        ("2025-04-11T00:00:00", "yellow_card", 1, back),
        ("2025-04-16T12:00:00", "yellow_card", 0, back),
        ("2025-04-20T12:00:00", "yellow_card", 1, reversed_),
        ("2025-04-24T23:59:59", "yellow_card", 1, reversed_),
        ("2025-04-25T00:00:00", "red_card", 1, reversed_),
    ]
    for _ in range(2):  # whenever it is read
        for moment, light, missing, again in told:
            found = await at(cycle, moment)
            assert (found["light"], found["missing"]) == (light, missing), moment
            assert (found["returned_on"], found["due_again"]) == again, moment
    # From the 10th to Monday the 14th are two working days.
    assert (await at(cycle, "2025-04-16T12:00:00"))["late_by"] == 2
    assert (await at(cycle, "2025-04-16T12:00:00"))["handed_in_on"] == "2025-04-14"
    assert (await at(cycle, "2025-04-21T12:00:00", day="2025-04-22"))["due"] == DUE


async def test_a_value_that_is_restated_was_not_late_and_one_of_a_draft_is_not_in(cycle):
    """Planted bugs: a restatement counts from its own day; a draft is handed in."""
    [value] = await cycle.enter(VALUE)
    await cycle.verify(entry_ids=[value])
    body = {"value": "99", "reason": "统计修订"}
    new = await cycle.post(cycle.source(), f"ledger-entries/{value}/restatement", body)
    assert new.status_code == 201, new.text
    restated = new.json()["entry_id"]
    await cycle.verify(entry_ids=[restated])
    late, year = "2026-05-05T09:00:00", {"indicator": "C01", "period": "2025", "about": "XQ01"}
    await happened(cycle, value, "2026-01-05T09:00:00", "2026-01-06T09:00:00", late)
    await happened(cycle, restated, late, late)
    found = await at(cycle, "2026-06-01T09:00:00", **year)
    assert (found["handed_in_on"], found["light"], found["expected"]) == ("2026-01-05", "none", 1)

    [draft] = await cycle.enter(VALUE | {"unit": "XQ02"}, state="draft")
    await happened(cycle, draft, "2026-01-05T09:00:00")
    found = await at(cycle, "2026-06-01T09:00:00", **year | {"about": "XQ02"})
    assert (found["handed_in_on"], found["light"]) == (None, "red_card")


async def test_a_calendar_moves_the_days_and_is_no_longer_provisional(march, others):
    others.calendars["2025"] = {
        "announced": True,
        "days": [{"day": "2025-04-04", "kind": "resting"}],
    }
    try:
        found = await at(march.cycle, "2025-04-08T09:00:00")
    finally:
        del others.calendars["2025"]
    assert (found["due"], found["light"], found["provisional"]) == ("2025-04-08", "warning", False)


async def test_a_moment_that_is_to_come_is_refused(cycle):
    answer = await cycle.office.get(f"{cycle.path}/duties?at=2199-01-01T00:00:00Z")
    assert (answer.status_code, answer.json()["type"]) == (422, "moment-ahead")


@pytest.mark.parametrize("day", ["0", "86400", "2025-4-7", "2025-02-30", ""])
async def test_what_is_no_day_of_the_calendar_is_refused(cycle, day):
    """Planted bug: a number of seconds is a day of 1970."""
    answer = await cycle.office.get(f"{cycle.path}/duties?day={day}")
    assert answer.status_code == 422, answer.text


async def test_pages_and_filters_agree_with_the_whole(march):
    """Planted bugs: a filter that is accepted and not used; a page that leaves one out."""
    office, path = march.cycle.office, f"{march.cycle.path}/duties"
    moment = china("2025-06-10T09:00:00")
    whole = await read_pages(office, path, at=moment, limit=200)
    assert [e["due"] for e in whole] == sorted(e["due"] for e in whole)
    keys = [(e["unit"], e["indicator"], e["period"]) for e in whole]
    assert len(set(keys)) == len(keys) > 200
    one = next(e for e in whole if e["light"] == "red_card")
    for name, of in (
        ("unit",) * 2,
        ("indicator",) * 2,
        ("period",) * 2,
        ("day", "due"),
        ("light",) * 2,
    ):
        some = await read_pages(office, path, at=moment, limit=150, **{name: one[of]})
        assert some == [e for e in whole if e[of] == one[of]]
    for by in ("unit", "indicator", "period", "day", "light"):
        counted = await read_pages(office, f"{path}/completeness", at=moment, by=by, limit=30)
        assert sum(e["duties"] for e in counted) == len(whole)
        assert sum(e["expected"] - e["handed_in"] for e in counted) == sum(
            e["missing"] for e in whole
        )
    for end in (
        "?after=ZH01",
        "?after=",
        "?after=a,b,c,d",
        "?after=20250610,b,c,d",
        "?after=2025-06-10,b,c,d",
        "/completeness?after=nobody",
    ):
        answer = await office.get(f"{path}{end}")
        assert (answer.status_code, answer.json()["type"]) == (422, "no-such-place"), end


async def test_everybody_sees_what_it_owes_and_what_is_owed_about_it(cycle, others, document):
    """Planted bugs: a unit reads what is owed about others; an organiser, other categories."""
    others.schemes[cycle.cycle_id] = with_leaders(document)
    path, moment = f"{cycle.path}/duties", china("2025-06-10T09:00:00")

    async def seen(client, **query):
        return await read_pages(client, path, at=moment, limit=200, **query)

    whole = await seen(cycle.office)
    assert await seen(cycle.caller("auditor")) == whole
    own = await seen(cycle.source("ZH01"))
    owed = [e for e in whole if e["unit"] == "ZH01"]
    assert [e for e in own if e["unit"] == "ZH01"] == owed != []
    unit = await seen(cycle.caller("assessed_unit", unit="XQ01"))
    assert unit
    assert all(set(e["missing_units"]) <= {"XQ01"} for e in unit)
    assert {e["expected"] for e in unit} == {1}
    assert await seen(cycle.caller("assessed_unit", unit="XQ01"), about="XQ02") == []
    # Who may enter for a unit is told what it owes, whichever of the two roles it is by.
    assert await seen(cycle.caller("assessed_unit", unit="ZH01"), unit="ZH01") == owed
    led = await seen(organiser(cycle))
    assert {u for e in led for u in e["missing_units"]} == set(UNITS)
    assert (await cycle.caller("committee").get(path)).status_code == 403
    assert (await cycle.caller("committee").get(f"{path}/completeness")).status_code == 403


async def test_the_desk_shows_what_is_owed_the_criteria_and_one_s_own_marks(
    cycle, others, with_a_panel
):
    """Planted bugs: marks of another seat; criteria of another source."""
    others.schemes[cycle.cycle_id] = with_a_panel
    await give(cycle, MARK)
    path = f"{cycle.path}/duties/desk"
    desk = (await cycle.source("ZH02").get(path)).json()
    listed = await read_pages(cycle.office, f"{cycle.path}/duties", unit="ZH02", limit=200)
    assert desk["open"] == len(listed) > 0
    assert [e["indicator"] for e in desk["owed"]] == [e["indicator"] for e in listed]
    assert "C01" in {e["indicator"] for e in desk["criteria"]}
    assert (desk["marks"], {e["unit"] for e in desk["owed"]}) == ([], {"ZH02"})
    seat = (await member(cycle).get(path)).json()
    assert (seat["owed"], seat["open"]) == ([], 0)
    assert [(m["indicator"], m["marks"]) for m in seat["marks"]] == [("C12", 1)]
    assert [c["indicator"] for c in seat["criteria"]] == ["C12"]
    other = (await member(cycle, "li").get(path)).json()
    assert [m["marks"] for m in other["marks"]] == [0]
    assert (await cycle.office.get(path)).status_code == 403


async def test_a_task_says_when_it_is_due_and_which_light_it_shows(march):
    """Planted bug: the last day of the period."""
    source = march.cycle.source("ZH01")
    found = (await source.get(f"{march.cycle.path}/tasks/scoring")).json()["tasks"]
    task = next(t for t in found if t["about"].get("period") == "2025-03")
    assert (task["deadline"], task["about"]) == (DUE, {"period": "2025-03", "light": "red_card"})
    assert "红牌" in task["zh"]


async def test_it_takes_as_many_statements_however_much_has_come(march):
    # The driver asks once for the types of what it reads.
    await march.cycle.office.get(f"{march.cycle.path}/duties")
    for end in ("duties", "duties/completeness?by=day"):
        with march.cycle.service.statements() as said:
            await march.cycle.office.get(f"{march.cycle.path}/{end}")
        assert len(said) <= 5, said


async def test_what_is_owed_and_missing_is_told_up_to_a_limit_and_counted(march, monkeypatch):
    """Planted bug: the number is that of those who are told."""
    cycle = march.cycle

    async def desk():
        return (await cycle.source("ZH02").get(f"{cycle.path}/duties/desk")).json()

    found = await cut(monkeypatch, duty_desk, "MOST_OPEN", desk, lambda told: told["owed"])
    assert found["open"] == len(found["owed"]) + 1

    async def duty():
        return await at(cycle, "2025-04-08T09:00:00")

    found = await cut(monkeypatch, duties, "MOST_SHOWN", duty, lambda told: told["missing_units"])
    assert found["missing"] == len(found["missing_units"]) + 1
