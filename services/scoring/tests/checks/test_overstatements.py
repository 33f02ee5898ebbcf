"""What an overstatement costs: an event of the named indicator, once, above the tolerance."""

import copy
from decimal import Decimal

import pytest

from scoring.rules.checks.overstated import is_overstated

from .test_draws import AHEAD, draw, fix, listed, with_checks
from .test_findings import found, own, say, verifier
from .test_teams import name, reviewer


@pytest.mark.parametrize(
    ("recorded", "told", "tolerance", "lower", "over"),
    [
        ("110", "100", "0.1", False, False),
        ("110.001", "100", "0.1", False, True),
        ("90", "100", "0", False, False),
        ("90", "100", "0.05", True, True),
        ("95", "100", "0.05", True, False),
        ("110", "100", "0", True, False),
        ("0.1", "0", "0.5", False, True),
        ("0", "0", "0", False, False),
        ("-80", "-100", "0.1", False, True),
        ("-90", "-100", "0.1", False, False),
    ],
)
def test_what_is_better_for_the_unit_by_more_than_the_tolerance_is_overstated(
    recorded, told, tolerance, lower, over
):
    """Planted bugs: on the tolerance itself; what was understated; a share of a negative number;
    more taken as better where less is."""
    given = Decimal(recorded), Decimal(told), Decimal(tolerance)
    assert is_overstated(*given, lower=lower) == over


# Over HTTP

COSTS = {"indicator": "C15", "event": "overstated", "tolerance": "0.1"}


def value(unit, number):
    told = {"unit": unit, "indicator": "C01", "kind": "measured_value", "key": "actual"}
    return told | {"period": "2025", "value": number}


def costing(others, cycle, document, *, zone, **more):
    """Have the scheme count what a spot check finds overstated, as events of C15."""
    changed = copy.deepcopy(document)
    for block in changed["categories"][0]["blocks"]:
        for each in block["indicators"]:
            if each["code"] == "C15":
                params = {"per_event": {"overstated": "0.1"}}
                each |= {"params": params, "frequency": "per_event"}
    with_checks(others, cycle, changed, zone=zone)
    spot = others.schemes[cycle.cycle_id]["checks"][1]
    spot |= {"entries": None, "overstatement": COSTS | more}


@pytest.fixture
async def checked(new_cycle, others, document):
    """A cycle whose spot check has overstatements cost; 甲 checks a drawn unit. Returned with the
    unit and its one entry, which says 100."""
    cycle = new_cycle()
    costing(others, cycle, document, zone="Etc/GMT+12")
    units = document["categories"][0]["units"]
    await cycle.enter(*(value(unit, "100") for unit in units))
    await cycle.verify(verifier(cycle), all_submitted=True)
    assert (await fix(cycle)).status_code == 201
    costing(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle)).status_code == 201
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    assert (await name(cycle, unit, {"person": "甲"})).status_code == 201
    sheet = await reviewer(cycle, "甲").get(f"{cycle.path}/checks/SPOT/sheets/{unit}")
    return cycle, unit, [each["entry_id"] for each in sheet.json()["items"]]


async def decided(checked, number, decision="upheld"):
    """Find another number, have the unit sign, and decide."""
    cycle, _, (entry,) = checked
    finding = await found(checked, entry, verdict="differs", value=number)
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    body = {"decision": decision} | ({"text": "x"} if decision == "dismissed" else {})
    answer = await say(checked, finding, "decision", cycle.office, **body)
    assert answer.status_code == 201, answer.text
    return answer.json()["finding"]


async def events(cycle):
    path = f"{cycle.path}/ledger-entries?indicator=C15&kind=event"
    answer = await cycle.office.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_an_overstatement_becomes_one_event_that_another_person_verifies(checked):
    """Planted bugs: entered verified; entered again by who decides again; of another unit."""
    cycle, unit, _ = checked
    told = await decided(checked, "80")
    (event,) = await events(cycle)
    assert told["overstated_as"] == event["entry_id"]
    assert told["kept_alone"] is None
    assert [event["unit"], event["key"], event["value"], event["state"]] == [
        unit, "overstated", "1", "submitted"
    ]  # fmt: skip
    assert "记录为 100，核查为 80" in event["note"]
    again = await say(checked, told["finding_id"], "decision", cycle.office, decision="upheld")
    assert again.json()["type"] == "finding-moved"
    both = {"entry_ids": [event["entry_id"]]}
    alone = await cycle.post(cycle.office, "ledger-entries/verification", both)
    assert [each["code"] for each in alone.json()["errors"]] == ["own-entry"]
    verified = await cycle.post(cycle.colleague, "ledger-entries/verification", both)
    assert verified.status_code == 200, verified.text
    assert [each["state"] for each in await events(cycle)] == ["verified"]
    read = (await own(checked).get(f"{cycle.path}/checks/SPOT/findings")).json()["items"]
    assert [each["overstated_as"] for each in read] == [event["entry_id"]]


@pytest.mark.parametrize(
    ("number", "decision"), [("91", "upheld"), ("120", "upheld"), ("10", "dismissed")]
)
async def test_what_is_tolerated_understated_or_dismissed_costs_nothing(checked, number, decision):
    """Planted bugs: the tolerance left out; costs whatever is decided."""
    told = await decided(checked, number, decision)
    assert [told["overstated_as"], told["kept_alone"]] == [None, None]
    assert await events(checked[0]) == []


async def test_where_less_is_better_more_is_not_overstated(checked, others, document):
    """Planted bug: the list of the scheme not read."""
    cycle = checked[0]
    costing(others, cycle, document, zone=AHEAD, lower_is_better=["C01"])
    assert (await decided(checked, "80"))["overstated_as"] is None


async def test_what_cannot_be_entered_says_why(checked, others, document):
    """Planted bug: nothing said of a cost that is none."""
    cycle = checked[0]
    costing(others, cycle, document, zone=AHEAD, indicator="NONE")
    told = await decided(checked, "80")
    assert [told["overstated_as"], told["kept_alone"]] == [None, "not-assessed"]
