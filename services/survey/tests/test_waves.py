"""Waves are opened and closed; until then they tell how many spoke, not what was said."""

import json

import pytest

from service_testing.lists import Filter, combinations, field


async def test_a_wave_is_opened_and_closed_each_with_a_receipt(planned):
    for step, state in ((planned.open, "open"), (planned.close, "closed")):
        answer = await step()
        assert answer.status_code == 201
        told = answer.json()
        assert told.pop("receipt")["chain"] == str(planned.cycle_id)
        assert told == {"survey_id": planned.survey_id, "wave": 1, "state": state}


async def test_a_wave_is_opened_once(opened, problem):
    assert problem(await opened.open()) == (409, "wave-not-planned", [])


async def test_a_wave_that_is_not_open_cannot_be_closed(planned, problem):
    assert problem(await planned.close()) == (409, "wave-not-stopped", [])
    await planned.open()
    await planned.close()
    assert problem(await planned.close()) == (409, "wave-not-stopped", [])
    assert problem(await planned.open()) == (409, "wave-not-planned", [])


async def test_waves_are_opened_one_by_one(opened):
    listed = await opened.office.get(f"/api/v1/cycles/{opened.cycle_id}/surveys")
    (survey,) = listed.json()["surveys"]
    assert [wave["state"] for wave in survey["waves"]] == ["open", "planned"]


@pytest.mark.parametrize(
    ("wave", "status", "kind"),
    [(3, 404, "no-such-wave"), (0, 422, "malformed-request"), (10**12, 422, "malformed-request")],
)
async def test_an_unknown_wave_is_refused(planned, problem, wave, status, kind):
    assert problem(await planned.open(wave))[:2] == (status, kind)


async def test_an_unknown_survey_is_refused(planned, problem):
    planned.survey_id = "00000000-0000-0000-0000-000000000000"
    assert problem(await planned.open())[:2] == (404, "no-such-wave")


@pytest.mark.parametrize("step", ["opening", "stopping", "closing"])
@pytest.mark.parametrize("role", ["survey_centre", "committee", "auditor"])
async def test_only_the_performance_office_opens_and_closes(service, opened, problem, role, step):
    async with service.caller(role, unit="SC") as client:
        assert problem(await client.post(opened.path(1, step))) == (403, "not-allowed", [])


async def test_an_open_wave_tells_how_many_answered_and_nothing_of_what(opened, row):
    await opened.post([row("fair"), row("fair"), row(None, outcome="refused")])
    answer = await opened.collector.get(opened.path(1))
    assert answer.json() == {
        "survey_id": opened.survey_id,
        "cycle_id": str(opened.cycle_id),
        "code": "phone",
        "wave": 1,
        "stands_for": None,
        "questionnaire_version": None,
        "state": "open",
        "completed": 2,
        "expected": None,
        "units": [
            {"unit": "XQ01", "completed": 2, "quota": None},
            {"unit": "XQ02", "completed": 0, "quota": None},
        ],
    }


@pytest.mark.parametrize(
    ("role", "unit", "status"),
    [
        ("performance_office", "ZH01", 200),
        ("committee", None, 200),
        ("auditor", None, 200),
        ("survey_centre", "SC", 200),
        ("survey_centre", "SB", 403),
        ("survey_centre", None, 403),
        ("assessed_unit", "XQ01", 403),
        ("standing_committee", None, 403),
    ],
)
async def test_a_wave_is_shown_to_those_of_the_matrix(service, opened, role, unit, status):
    async with service.caller(role, unit=unit) as client:
        assert (await client.get(opened.path(1))).status_code == status


async def states_of(survey):
    listed = await survey.office.get(f"/api/v1/cycles/{survey.cycle_id}/surveys")
    return [wave["state"] for wave in listed.json()["surveys"][0]["waves"]]


@pytest.mark.parametrize("answers", [0, 3])
async def test_a_wave_below_the_minimum_does_not_close_unasked(opened, row, answers, problem):
    """Planted bug: close it whatever came in, and 3 answers of 400 make a full score."""
    if answers:
        await opened.post([row() for _ in range(answers)])
    refused = await opened.close(because=None)
    assert problem(refused) == (409, "below-minimum", [])
    told = refused.json()
    assert (told["required"], told["count"]) == (400, 2)
    assert told["units"] == [
        {"unit": "XQ01", "valid_sample": answers},
        {"unit": "XQ02", "valid_sample": 0},
    ]
    assert await states_of(opened) == ["stopped", "planned"]
    assert (await opened.close(because="访问员停工，经批准关闭。")).status_code == 201
    assert await states_of(opened) == ["closed", "planned"]


async def test_the_reason_for_closing_below_the_minimum_is_in_the_journal(service, opened):
    await opened.close(because="访问员停工，经批准关闭。")
    async with service.caller("auditor") as auditor:
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{opened.cycle_id}")
    body = json.loads(chain.json()["items"][-1]["body"])
    assert body["below_minimum_because"] == "访问员停工，经批准关闭。"


async def test_a_wave_that_reaches_the_minimum_closes_without_a_reason(forms, row):
    units = ["DQ01", "YQ01"]
    await forms.post([row(unit=u, group="deputies") for u in units for _ in range(2)])
    assert (await forms.stop()).status_code == 201
    answer = await forms.office.post(forms.path(1, "closing"))
    assert answer.status_code == 201


async def test_a_wave_moves_only_as_it_was_read(planned):
    """Planted bug: another ETag for the command than for who reads."""
    read = (await planned.office.get(planned.path(1))).headers["etag"]
    for step, etag, status in (
        ("opening", '"x"', 412),
        ("opening", read, 201),
        ("stopping", read, 412),
    ):
        answer = await planned.office.post(planned.path(1, step), headers={"If-Match": etag})
        assert answer.status_code == status, answer.text


async def test_surveys_are_listed_by_code_and_by_the_states_of_their_waves(opened):
    """Planted bug: leave the waves in other states out of a survey that is listed."""
    office, path = opened.office, f"/api/v1/cycles/{opened.cycle_id}/surveys"
    assert (await office.post(path, json={"code": "forms"})).status_code == 201
    whole = (await office.get(path)).json()["surveys"]
    filters = {
        "code": field("code", ["phone"], ["phone", "forms"], ["gone"]),
        "state": Filter(
            [["open"], ["closed"], ["open", "planned"]],
            lambda item, state: any(wave["state"] == state for wave in item["waves"]),
        ),
    }
    for chosen in combinations(filters):
        query = {name: list(values) for name, values in chosen.items() if values}
        listed = (await office.get(path, params=query)).json()["surveys"]
        assert listed == [
            item for item in whole if all(filters[n].passes(item, chosen[n]) for n in filters)
        ], chosen
    assert len(whole) == 2
