"""Own simulations: a unit tries values of its own, and learns nothing of what others have."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from leading import VALUE

from scoring.api.reports.own_simulations import MOST_OWN_VALUES

MINE = {name: VALUE[name] for name in ("indicator", "kind", "key")}


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle in which two units have a value, and of the first something waits."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document | {"categories": document["categories"][:1]}
    await cycle.enter(VALUE | {"value": "50"}, VALUE | {"unit": "XQ02", "value": "70"})
    await cycle.verify(all_submitted=True)
    return SimpleNamespace(cycle=cycle, unit=cycle.caller("assessed_unit", unit="XQ01"))


async def simulate(year, *values, client=None):
    before = await year.cycle.rows()
    body = {"values": list(values)}
    answer = await year.cycle.post(client or year.unit, "own-simulations", body)
    assert await year.cycle.rows() == before, "a simulation leaves no trace"
    return answer


async def both(year, *values):
    answer = await simulate(year, *values)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_is_tried_is_what_it_would_be(year, new_cycle, others, document):
    """Planted bug: the tried values beside those that are entered."""
    found = await both(year, MINE | {"value": "100"})
    now = await year.unit.get(f"{year.cycle.path}/stage-results/current")
    assert found["before"] == now.json()["units"][0]
    other = new_cycle()
    others.schemes[other.cycle_id] = others.schemes[year.cycle.cycle_id]
    await other.enter(VALUE | {"value": "100"})
    await other.verify(all_submitted=True)
    would = await other.caller("assessed_unit", unit="XQ01").get(
        f"{other.path}/stage-results/current"
    )
    assert found["after"] == would.json()["units"][0]
    gained = Decimal(found["after"]["earned"]) - Decimal(found["before"]["earned"])
    assert Decimal(found["change"]) == gained > 0
    taken = await both(year, MINE | {"value": None})
    assert Decimal(taken["change"]) == -Decimal(found["before"]["earned"])
    assert {each["rank"] for each in (found["before"], found["after"])} == {None}


async def test_nothing_of_others_is_in_it(year):
    """Planted bugs: the whole record; a value for what others have a part in is taken."""
    told = await both(year, MINE | {"value": "100"})
    withheld = [each for each in told["after"]["indicators"] if each["withheld"]]
    assert withheld
    assert all(each["earned"] is None for each in withheld)
    await year.cycle.enter(VALUE | {"unit": "XQ03", "value": "500"})
    await year.cycle.verify(all_submitted=True)
    assert await both(year, MINE | {"value": "100"}) == told
    compared = {"indicator": withheld[0]["indicator"], "kind": "measured_value", "value": "1"}
    answer = await simulate(year, MINE | {"value": "1"}, compared)
    assert (answer.status_code, answer.json()["type"]) == (422, "changes-rejected")
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/values/1/indicator", "others-have-a-part")
    ]


@pytest.mark.parametrize(
    ("values", "problem", "code"),
    [
        ([], "malformed-request", None),
        ([MINE | {"value": "1"}] * (MOST_OWN_VALUES + 1), "malformed-request", None),
        ([MINE | {"value": "1", "unit": "XQ02"}], "malformed-request", None),
        ([MINE | {"value": "1", "indicator": "X9"}], "changes-rejected", "unknown-indicator"),
        ([MINE | {"value": "1", "kind": "event"}], "changes-rejected", "not-one-of"),
        ([MINE | {"value": "1", "period": "2024"}], "changes-rejected", "wrong-period"),
        (
            [MINE | {"indicator": "C02", "key": "x", "value": None}],
            "changes-rejected",
            "nothing-to-take-away",
        ),
    ],
)
async def test_a_value_that_could_not_be_entered_is_refused_by_name(year, values, problem, code):
    answer = await simulate(year, *values)
    assert (answer.status_code, answer.json()["type"]) == (422, problem)
    assert code in (None, *(each["code"] for each in answer.json()["errors"]))


async def test_only_a_unit_of_the_year_tries_its_own(year):
    for roles, unit in ((("performance_office",), None), (("assessed_unit",), "ZZ99")):
        client = year.cycle.caller(*roles, unit=unit)
        answer = await simulate(year, MINE | {"value": "1"}, client=client)
        assert (answer.status_code, answer.json()["type"]) == (403, "not-allowed")
