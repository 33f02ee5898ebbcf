"""Progress lights: against the plan of the last period that is over, as of a moment."""

import copy
import datetime as dt
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from leading import VALUE, happened

from scoring.rules.reports.lights import cut, last_over, light_of, milestones

PLAN = {"Q1": "0.1", "-05": "0.4", "H1": "0.4", "Q3": "0.9"}
"""Of the target of C01, which is 100: little in winter, most of it in summer."""


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "period"),
    [
        ("2025-03-31", None),
        ("2025-04-01", "2025Q1"),
        ("2025-05-31", "2025Q1"),
        ("2025-06-01", "2025-05"),
        ("2025-07-01", "2025H1"),
        ("2025-12-31", "2025Q3"),
        ("2026-01-01", "2025"),
        ("2027-01-01", "2025"),
    ],
)
def test_the_light_goes_by_the_last_period_of_the_plan_that_is_over(on, period):
    """Planted bug: the period that a day lies in."""
    plan = milestones(SimpleNamespace(progress_plan=PLAN), 2025)
    found = last_over(plan, day(on))
    assert (found and found.period) == period


@pytest.mark.parametrize(
    ("value", "planned", "lower", "light", "shown"),
    [
        ("95", "100", False, "green", "0.95"),
        ("94.9999999", "100", False, "yellow", "0.9499"),
        ("85", "100", False, "yellow", "0.85"),
        ("84.9999999", "100", False, "red", "0.8499"),
        ("250", "100", False, "green", "2.5"),
        ("-5", "100", False, "red", "-0.05"),
        # less is better: staying below what was allowed by then
        ("100", "95", True, "green", "0.95"),
        ("100", "94.99", True, "yellow", "0.9499"),
        ("100", "84.99", True, "red", "0.8499"),
        ("0", "95", True, "green", None),
        ("1", "0", True, "red", "0"),
        ("0", "0", True, "green", None),
        # nothing was planned yet
        ("0", "0", False, "green", None),
        ("-1", "0", False, "red", None),
    ],
)
def test_95_percent_of_the_plan_is_green_and_85_yellow(value, planned, lower, light, shown):
    """Both lines included, compared exactly. Planted bugs: compare what is shown; above the line
    alone; less is better taken as more is."""
    part, found = light_of(Decimal(value), Decimal(planned), less_is_better=lower)
    assert found == light
    assert (part if part is None else cut(part)) == (shown if shown is None else Decimal(shown))


def test_a_part_is_never_rounded_up():
    assert cut(Fraction(2, 3)) == Decimal("0.6666")


@pytest.fixture
async def planned_year(cycle, others, document):
    """The reference city's scheme with a plan for C01; XQ01 had 20 by June and 36 by July."""
    changed = copy.deepcopy(document)
    for category in changed["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == "C01":
                    each["progress_plan"] = PLAN
    others.schemes[cycle.cycle_id] = changed
    return cycle


async def lights(cycle, client=None, **query):
    answer = await (client or cycle.office).get(f"{cycle.path}/progress-lights", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_moment_shows_what_stood_then_against_what_was_planned_by_then(planned_year):
    """Planted bugs: the value of today for a moment in the past; the target of the whole year;
    what was returned by then."""
    cycle = planned_year
    [first] = await cycle.enter(VALUE | {"value": "36"})
    await cycle.verify(all_submitted=True)
    await happened(cycle, first, "2025-06-02T09:00:00", "2025-06-03T09:00:00")
    [sent] = await cycle.enter(VALUE | {"unit": "XQ02", "value": "50"})
    body = {"entry_ids": [sent], "reason": "x"}
    assert (await cycle.post(cycle.office, "ledger-entries/return", body)).status_code == 200
    await happened(cycle, sent, "2025-06-02T09:00:00", "2025-06-04T09:00:00")

    async def one(unit, at):
        [found] = (await lights(cycle, unit=unit, at=at))["items"]
        return found

    before = await one("XQ01", "2025-06-01T12:00:00Z")
    assert (before["period"], before["light"], before["unlit"]) == ("2025-05", None, "no_value")
    june = await one("XQ01", "2025-06-05T12:00:00Z")
    target = Decimal(june["target"])
    assert (june["share"], Decimal(june["planned"])) == ("0.4", target * Decimal("0.4"))
    assert (june["value"], june["state"]) == ("36", "verified")
    expected = cut(Fraction(36) / Fraction(target * Decimal("0.4")))
    assert Decimal(june["part"]) == expected
    october = await one("XQ01", "2025-10-05T12:00:00Z")
    assert (october["period"], october["light"]) == ("2025Q3", "red")
    assert (await one("XQ02", "2025-06-03T12:00:00Z"))["value"] == "50"
    assert (await one("XQ02", "2025-06-05T12:00:00Z"))["unlit"] == "no_value"
    # The last day of a period is not over before midnight of the city.
    assert (await one("XQ01", "2025-06-30T15:59:59Z"))["period"] == "2025-05"
    assert (await one("XQ01", "2025-06-30T16:00:00Z"))["period"] == "2025H1"


async def test_a_value_that_waits_for_its_signature_lights_nothing(planned_year, others):
    """Planted bug: what was handed in by its author alone."""
    cycle = planned_year
    others.schemes[cycle.cycle_id] |= {"duties": {"signed_off_for": ["C01"]}}
    [entry] = await cycle.enter(VALUE | {"value": "36"})
    [before] = (await lights(cycle, unit="XQ01"))["items"]
    assert (before["value"], before["unlit"]) == (None, "no_value")
    second = cycle.source(subject="second")
    signed = await cycle.post(second, "ledger-entries/signatures", {"entry_ids": [entry]})
    assert signed.status_code == 201, signed.text
    [after] = (await lights(cycle, unit="XQ01"))["items"]
    assert (after["value"], after["state"]) == ("36", "submitted")


async def test_a_unit_sees_its_own_light_and_no_other(planned_year):
    """Planted bug: the unit that is asked for instead of the own one."""
    cycle = planned_year
    await cycle.enter(VALUE, VALUE | {"unit": "XQ02"})
    unit = cycle.caller("assessed_unit", unit="XQ01")
    whole = await lights(cycle, limit=200)
    assert {each["indicator"] for each in whole["items"]} == {"C01"}
    assert len({each["unit"] for each in whole["items"]}) == sum(whole["counts"].values()) > 2
    mine = await lights(cycle, unit)
    assert [each["unit"] for each in mine["items"]] == ["XQ01"]
    assert sum(mine["counts"].values()) == 1
    assert (await lights(cycle, unit, unit="XQ02"))["items"] == []
    stranger = cycle.caller("assessed_unit", unit="ZH77")
    answer = await stranger.get(f"{cycle.path}/progress-lights")
    assert answer.status_code == 403


async def test_pages_hold_each_light_once(planned_year):
    cycle = planned_year
    whole = [each["key"] for each in (await lights(cycle, limit=200))["items"]]
    found, after = [], {}
    while True:
        page = await lights(cycle, limit=4, **after)
        found += [each["key"] for each in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == whole
    answer = await cycle.office.get(f"{cycle.path}/progress-lights", params={"after": "x"})
    assert answer.status_code == 422
    answer = await cycle.office.get(
        f"{cycle.path}/progress-lights", params={"at": "2999-01-01T00:00:00Z"}
    )
    assert answer.status_code == 422
