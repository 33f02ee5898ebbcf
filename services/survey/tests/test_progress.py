"""How far surveys are: counted wave by wave, for who may know of them."""

import pytest


async def told(client, cycle_id):
    answer = await client.get(f"/api/v1/cycles/{cycle_id}/survey-progress")
    return answer, answer.json().get("waves")


@pytest.fixture
async def answered(opened, row):
    """Give a survey of two units, with an interview about each in its first wave, and a refusal."""
    rows = [row(), row(outcome="refused", answer=None), row(unit="XQ02")]
    assert (await opened.post(rows)).status_code == 201
    return opened


async def test_interviews_are_counted_by_wave(answered, centre, forms, row, statistics):
    """Planted bugs: interviews of other waves; refusals; a unit is reached by too few."""
    _, waves = await told(answered.office, answered.cycle_id)
    brief = [(w["wave"], w["state"], w["units"], w["reached"], w["completed"]) for w in waves]
    assert brief == [(1, "open", 2, 0, 2), (2, "planned", 2, 0, 0)]
    assert {(w["code"], w["name"], w["required"]) for w in waves} == {("phone", "电话调查", 400)}
    assert (await told(centre, answered.cycle_id))[1] == waves

    about = {"unit": "DQ01", "group": "recipients"}
    assert (await forms.post([row(**about), row(**about)])).status_code == 201
    [wave] = (await told(statistics, forms.cycle_id))[1]
    assert (wave["units"], wave["reached"], wave["completed"]) == (2, 1, 2)


async def test_who_may_know_of_it_and_of_what(service, answered, statistics):
    """Planted bugs: any collector; a member of the committee gets the own category."""
    cycle = answered.cycle_id
    whole = (await told(answered.office, cycle))[1]
    assert (await told(service.caller("auditor"), cycle))[1] == whole
    assert (await told(service.caller("committee"), cycle))[1] == whole
    own = (await told(service.caller("committee", unit="XQ01"), cycle))[1]
    assert [(w["units"], w["completed"]) for w in own] == [(0, 0), (0, 0)]
    for client in (statistics, service.caller("assessed_unit", unit="XQ01")):
        assert (await told(client, cycle))[0].status_code == 403
    assert (await told(service.caller("organiser", unit="B-COUNTY"), cycle))[0].status_code == 403
