"""Results so far: earned, open and out of reach; and what a unit is not told before a release."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from leading import VALUE

from scoring.rules.reports.so_far import ranks

ATTRS = ("earned", "open", "unreachable")


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle in which some of it has been entered."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    await cycle.enter(VALUE | {"value": "50"}, VALUE | {"unit": "XQ02", "value": "70"})
    await cycle.enter(
        {"unit": "XQ01", "indicator": "C03", "kind": "event", "key": "zero_report"},
        unit="ZH01",
    )
    await cycle.verify(all_submitted=True)
    return SimpleNamespace(cycle=cycle, path=f"{cycle.path}/stage-results/current")


async def read(client, path, **query):
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_points_are_earned_open_or_out_of_reach_and_nothing_else(year):
    """Planted bugs: what was lost counted as open; of events, which may be of any period, a
    nineteenth of the points open for each period that is not over."""
    found = await read(year.cycle.office, year.path, category="COUNTY")
    assert {each["category"] for each in found["units"]} == {"COUNTY"}
    for unit in found["units"]:
        for each in unit["indicators"]:
            parts = sum(Decimal(each[name]) for name in ATTRS)
            assert parts == Decimal(each["points"]), each
        for name in ATTRS:
            whole = sum(Decimal(each[name]) for each in unit["indicators"])
            assert Decimal(unit[name]) == whole
    [one] = (await read(year.cycle.office, year.path, unit="XQ02"))["units"]
    [other] = (await read(year.cycle.office, year.path, unit="XQ01"))["units"]
    assert (one["unit"], other["unit"]) == ("XQ02", "XQ01")
    assert Decimal(one["earned"]) > 0
    events = next(each for each in one["indicators"] if each["indicator"] == "C03")
    assert (events["open"], events["earned"]) == (events["points"], "0")
    assert {each["rank"] for each in found["units"]} >= {1, one["rank"], other["rank"]}


async def test_a_unit_reads_its_own_without_what_others_have_a_part_in(year):
    """Planted bugs: ranks for units; scores of compared indicators told."""
    before = await read(year.cycle.caller("assessed_unit", unit="XQ01"), year.path)
    [mine] = before["units"]
    assert (mine["unit"], mine["rank"], mine["adjustment"]) == ("XQ01", None, None)
    told = {each["indicator"]: each for each in mine["indicators"]}
    withheld = {code for code, each in told.items() if each["withheld"]}
    assert withheld
    assert withheld != {*told}
    for code in withheld:
        assert {told[code][name] for name in (*ATTRS, "score")} == {None}
    assert not withheld & {each["indicator"] for each in mine["missing"]}
    # Whatever the others have: the answer is the same, byte for byte.
    await year.cycle.enter(VALUE | {"unit": "XQ03", "value": "500"})
    await year.cycle.verify(all_submitted=True)
    await year.cycle.claim(
        {
            "claim_no": "S-1",
            "unit": "XQ01",
            "kind": "deduction",
            "rule": "DED02",
            "document_no": "省办〔2025〕71号",
            "document_date": "2025-06-01",
            "event_key": "S",
        }
    )
    assert await read(year.cycle.caller("assessed_unit", unit="XQ01"), year.path) == before
    other = await read(year.cycle.caller("assessed_unit", unit="XQ01"), year.path, unit="XQ02")
    assert other["units"] == []


async def test_nobody_else_reads_results_so_far(year):
    for roles, unit in (
        (("data_source_unit",), "ZH02"),
        (("assessed_unit",), "ZZ99"),
        (("committee",), "XQ01"),
    ):
        answer = await year.cycle.caller(*roles, unit=unit).get(year.path)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed"), roles


async def test_after_the_seal_nothing_is_open(new_cycle, others, document):
    """Planted bug: periods that are not over are open in a sealed ledger."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    assert (await cycle.post(cycle.office, "ledger/seal")).status_code == 200
    found = await read(cycle.office, f"{cycle.path}/stage-results/current", unit="XQ01")
    assert Decimal(found["units"][0]["open"]) == 0
    assert Decimal(found["units"][0]["unreachable"]) > 0
    assert found["ledger_phase"] == "sealed"
    assert all(each["open_periods"] == [] for each in found["units"][0]["indicators"])


def test_equal_totals_share_a_place():
    """Planted bug: the next place after two that share one is the following number."""
    given = [Decimal(5), None, Decimal(7), Decimal(7), Decimal(1)]
    assert list(ranks(given)) == [3, None, 1, 1, 4]
