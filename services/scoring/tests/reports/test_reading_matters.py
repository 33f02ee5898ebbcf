"""What points still depend on, read in the middle of the year, before anything was computed."""

from types import SimpleNamespace

import pytest
from cutting import cut
from leading import VALUE

from scoring.api.reports import matters


@pytest.fixture(scope="module")
async def year(new_cycle, others, document):
    """A cycle without a score sheet: one value is verified, another waits."""
    cycle = new_cycle()
    others.schemes[cycle.cycle_id] = document
    await cycle.enter(VALUE | {"value": "50"})
    await cycle.verify(all_submitted=True)
    await cycle.enter(VALUE | {"unit": "XQ02", "value": "70"})
    return SimpleNamespace(cycle=cycle, path=f"{cycle.path}/stage-results/current/units")


async def read(client, year, unit="XQ01", **query):
    answer = await client.get(f"{year.path}/{unit}/matters", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_unit_knows_in_any_month_what_its_points_depend_on(year):
    """Planted bugs: nothing before a score sheet was fed back; matters of another unit."""
    told = await read(year.cycle.office, year)
    own = await read(year.cycle.caller("assessed_unit", unit="XQ01"), year)
    assert own == told
    assert told["open_matters"] == len(told["matters"]) > 5
    owed = {e["indicator"] for e in told["matters"] if e["what"] == "input"}
    assert "C03" in owed
    assert VALUE["indicator"] not in {e["indicator"] for e in told["matters"]}
    [waits] = (await read(year.cycle.office, year, "XQ02", what="verification"))["matters"]
    assert (waits["indicator"], waits["count"], waits["unit"]) == (VALUE["indicator"], 1, None)
    about = await read(year.cycle.office, year, "XQ02", indicator=VALUE["indicator"])
    assert (about["matters"], about["open_matters"]) == ([waits], 1)


async def test_a_unit_reads_nothing_of_another_and_who_is_not_assessed_has_none(year):
    """Planted bugs: the matters of any unit told to all units; silence about a wrong name."""
    own = year.cycle.caller("assessed_unit", unit="XQ01")
    refused = await own.get(f"{year.path}/XQ02/matters")
    assert (refused.status_code, refused.json()["type"]) == (403, "not-allowed")
    for roles, unit in ((("data_source_unit",), "ZH02"), (("committee",), "XQ01")):
        answer = await year.cycle.caller(*roles, unit=unit).get(f"{year.path}/XQ01/matters")
        assert answer.status_code == 403, roles
    unknown = await year.cycle.office.get(f"{year.path}/ZZ99/matters")
    assert (unknown.status_code, unknown.json()["type"]) == (422, "not-in-scheme")
    wrong = await year.cycle.office.get(f"{year.path}/XQ01/matters?what=x")
    assert wrong.status_code == 422


async def test_matters_are_told_up_to_a_limit_and_counted(year, monkeypatch):
    async def told():
        return await read(year.cycle.office, year)

    rest = await cut(monkeypatch, matters, "MOST_MATTERS", told, lambda found: found["matters"])
    assert rest["open_matters"] == len(rest["matters"]) + 1
