"""A wave is voided by two people before its scores are seen, counts nowhere, and is repeated."""

import asyncio

import pytest

WHY = {"reason": "访问员冒名代答，经查属实。", "document_no": "云调〔2025〕6号"}
CONFIRM = {"decision": "confirm"}
REFUSE = {"decision": "refuse", "reason": "证据不足。"}


@pytest.fixture
def committee(service):
    """Give a maker of committee callers."""

    def make(person="member", unit=None):
        return service.caller("committee", unit=unit, subject=f"account-{person}", person=person)

    return make


async def propose(survey, wave=1, client=None):
    return await (client or survey.office).post(survey.path(wave, "voidings"), json=WHY)


async def decide(survey, client, wave=1, number=1, word=CONFIRM):
    path = survey.path(wave, "voidings", str(number), "confirmation")
    return await client.post(path, json=word)


async def voided(survey, committee, wave=1):
    assert (await propose(survey, wave)).status_code == 201
    async with committee() as client:
        assert (await decide(survey, client, wave)).status_code == 201


async def repeat(survey, wave=1):
    return await survey.office.post(survey.path(wave, "repetition"))


async def waves_of(survey):
    listed = await survey.office.get(f"/api/v1/cycles/{survey.cycle_id}/surveys")
    return [
        (each["wave"], each["state"], each["stands_for"])
        for each in listed.json()["surveys"][0]["waves"]
    ]


async def told(survey):
    (found,) = (await survey.satisfaction()).json()["surveys"]
    return found


@pytest.mark.parametrize("stops", [False, True])
async def test_a_wave_is_voided_by_two_people_and_counts_nowhere(
    opened, row, committee, stops, problem
):
    """Planted bugs: void it on the office's word; close it while that is to be decided."""
    await opened.post([row("very_dissatisfied") for _ in range(3)])
    if stops:
        assert (await opened.stop()).status_code == 201
    proposed = await propose(opened)
    assert proposed.status_code == 201, proposed.text
    assert (proposed.json()["voiding_no"], proposed.json()["decided"]) == (1, None)
    assert (await waves_of(opened))[0][1] == ("stopped" if stops else "open")
    assert problem(await propose(opened)) == (409, "voiding-undecided", [])
    if stops:
        assert problem(await opened.close()) == (409, "voiding-undecided", [])
    async with committee() as client:
        answer = await decide(opened, client)
        assert answer.status_code == 201, answer.text
        assert answer.json()["decided"]["decision"] == "confirm"
        assert problem(await decide(opened, client)) == (409, "voiding-decided", [])
    assert (await waves_of(opened))[0] == (1, "voided", None)
    assert problem(await opened.post([row()]))[:2] == (409, "wave-not-open")
    for step in ("opening", "stopping", "reopening", "closing"):
        answer = await opened.office.post(opened.path(1, step), json={"reason": "x"})
        assert answer.status_code in {409, 422}, step
    assert (await waves_of(opened))[0] == (1, "voided", None)
    found = await told(opened)
    assert found["voided"] == 1
    assert [each["waves"] for each in found["units"]] == [[], []]


async def test_a_refused_proposal_leaves_the_wave_as_it_is(opened, committee, problem):
    """Planted bug: void it whatever was decided."""
    await propose(opened)
    async with committee() as client:
        answer = await decide(opened, client, word={"decision": "refuse"})
        assert problem(answer) == (422, "voiding-rejected", [("/reason", "reason-missing")])
        assert (await decide(opened, client, word=REFUSE)).status_code == 201
    assert (await waves_of(opened))[0] == (1, "open", None)
    assert (await propose(opened)).json()["voiding_no"] == 2  # on other grounds
    listed = (await opened.office.get(opened.path(1, "voidings"))).json()
    assert [each["decided"] and each["decided"]["reason"] for each in listed["voidings"]] == [
        "证据不足。",
        None,
    ]


async def test_after_its_closing_a_wave_is_not_voided(opened, committee, problem):
    """Planted bug: void what one does not like, once the scores are known."""
    await opened.close()
    assert problem(await propose(opened)) == (409, "wave-not-running", [])
    assert problem(await propose(opened, wave=2)) == (409, "wave-not-running", [])
    async with committee() as client:
        assert problem(await decide(opened, client)) == (404, "no-such-voiding", [])


async def test_nobody_decides_alone_or_about_the_own_category(service, opened, committee, problem):
    """Planted bugs: compare accounts; ask for the role alone; bar the own unit only."""
    for unit in ("XQ01", "XQ02"):
        async with service.caller("performance_office", unit=unit, subject=unit) as client:
            assert problem(await propose(opened, client=client)) == (403, "decider-barred", [])
    office = service.caller("performance_office", unit="ZH01", subject="o-2", person="Li")
    async with office as client:
        assert (await propose(opened, client=client)).status_code == 201
    async with committee("li") as client:
        assert problem(await decide(opened, client)) == (409, "same-person-confirms", [])
    async with committee(unit="XQ02") as client:
        assert problem(await decide(opened, client)) == (403, "decider-barred", [])
    for role in ("performance_office", "standing_committee", "auditor", "supervision"):
        async with service.caller(role, unit="SC", subject="s", person="s") as client:
            assert problem(await decide(opened, client)) == (403, "not-allowed", [])
    assert (await waves_of(opened))[0] == (1, "open", None)
    async with committee(unit="YQ01") as client:
        assert (await decide(opened, client)).status_code == 201


async def test_where_the_office_is_barred_the_second_body_proposes(
    service, opened, bar_the_office, problem
):
    """Planted bug: have the office propose to void what is asked about itself."""
    bar_the_office(opened.cycle_id)
    assert problem(await propose(opened)) == (403, "decider-barred", [])
    for unit, status in (("JW02", 403), ("JW01", 201)):
        async with service.caller("second_body", unit=unit) as client:
            assert (await propose(opened, client=client)).status_code == status


async def test_a_voided_wave_is_repeated_by_one_that_stands_for_it(opened, row, committee, problem):
    """Planted bugs: count the voided answers; count the repeated wave as a third one; look for its
    tables under its own number.
    """
    assert problem(await repeat(opened)) == (409, "wave-not-voided", [])
    await opened.post([row("very_dissatisfied") for _ in range(3)])
    await voided(opened, committee)
    answer = await repeat(opened)
    assert answer.status_code == 201, answer.text
    told_ = answer.json()
    assert (told_["wave"], told_["stands_for"], told_["state"]) == (3, 1, "planned")
    assert problem(await repeat(opened)) == (409, "wave-repeated", [])
    # The second wave closes first, and the repeated one comes late.
    assert (await opened.open(2)).status_code == 201
    await opened.post([row("fair", unit=unit) for unit in ("XQ01", "XQ02") * 30], wave=2)
    await opened.close(2)
    before = (await opened.satisfaction()).json()
    assert [unit["standing"] for unit in before["surveys"][0]["units"]] == ["unfinished"] * 2
    assert (await opened.open(3)).status_code == 201
    await opened.post([row("satisfied", unit=unit) for unit in ("XQ01", "XQ02") * 30], wave=3)
    await opened.close(3)
    after = (await opened.satisfaction()).json()
    assert after["digest"] != before["digest"]
    unit = after["surveys"][0]["units"][0]
    assert [(each["wave"], each["score"]) for each in unit["waves"]] == [
        (1, "80.0000"),
        (2, "60.0000"),
    ]
    assert unit["all_counted"] == "70.0000"
    assert after["surveys"][0]["voided"] == 1
    assert await waves_of(opened) == [(1, "voided", None), (2, "closed", None), (3, "closed", 1)]
    listed = (await opened.office.get(opened.path(1, "voidings"))).json()
    assert (listed["state"], listed["repeated_by"]) == ("voided", [3])
    tables = (await opened.office.get(opened.path(3, "tables"))).json()["units"][0]["tables"]
    assert [each["answers"] for each in tables] == [30]
    told_ = (await opened.office.get(f"/api/v1/cycles/{opened.cycle_id}/estimates")).json()
    [survey] = told_["surveys"]
    assert survey["waves"] == [3, 2]
    assert [each["completed"] for each in survey["units"][0]["waves"]] == [30, 30]


async def test_the_committee_may_decide_to_go_without_a_voided_wave(
    opened, row, committee, problem
):
    """Planted bugs: go without it on nobody's word; keep that when the repeated wave has closed;
    have the scheme's rule for short samples stand for a decision."""
    await voided(opened, committee)
    await opened.open(2)
    await opened.post([row(unit=unit) for unit in ("XQ01", "XQ02") for _ in range(400)], wave=2)
    await opened.close(2)
    unit = (await told(opened))["units"][0]
    assert (unit["standing"], unit["satisfaction"]) == ("unfinished", None)
    assert [(each["wave"], each["was_voided"]) for each in unit["below_minimum"]] == [(1, True)]
    path = opened.path(1, "sample-decisions")
    body = {"units": ["XQ01"], "treatment": "other_waves", **WHY}
    for treatment in ("counted", "pooled", "category_mean"):
        answer = await opened.office.post(path, json=body | {"treatment": treatment})
        assert problem(answer) == (422, "decision-rejected", [("/treatment", "voided-wave")])
    answer = await opened.office.post(path, json=body | {"units": ["YQ01"]})
    assert problem(answer) == (422, "decision-rejected", [("/units/0", "unknown-unit")])
    for units, treatment in ((["XQ01"], "other_waves"), (["XQ02"], "not_rated")):
        body = {"units": units, "treatment": treatment, **WHY}
        assert (await opened.office.post(path, json=body)).status_code == 201
    async with committee() as client:
        for number in ("1", "2"):
            confirmed = await client.post(f"{path}/{number}/confirmation")
            assert confirmed.status_code == 201, confirmed.text
    one, other = (await told(opened))["units"]
    assert (one["standing"], one["satisfaction"]) == ("settled", "80.0000")
    assert (other["standing"], other["satisfaction"]) == ("not_rated", None)
    assert one["below_minimum"] == [
        {
            "wave": 1,
            "valid_sample": 0,
            "required": 400,
            "was_voided": True,
            "treatment": "other_waves",
            "decision": 1,
            "document_no": WHY["document_no"],
        }
    ]
    # It is repeated nevertheless, late: what was decided without it has lapsed.
    assert (await repeat(opened)).status_code == 201
    await opened.open(3)
    many, few = [row("fair") for _ in range(400)], [row("fair", unit="XQ02") for _ in range(3)]
    await opened.post(many + few, wave=3)
    await opened.close(3)
    found = await told(opened)
    assert [(u["standing"], u["satisfaction"]) for u in found["units"]] == [
        ("settled", "70.0000"),
        ("below_minimum", None),
    ]
    [few] = found["units"][1]["below_minimum"]
    assert (few["wave"], few["valid_sample"], few["treatment"]) == (1, 3, None)
    answer = await opened.office.post(path, json=body)
    assert problem(answer) == (409, "wave-repeated", [])


async def test_what_repeats_a_voided_wave_may_be_voided_and_repeated_itself(opened, committee):
    """Planted bug: have the second one stand for the first one's number in the list of waves."""
    await voided(opened, committee)
    assert (await repeat(opened)).json()["wave"] == 3
    await opened.open(3)
    await voided(opened, committee, wave=3)
    assert (await repeat(opened)).status_code == 409  # the last one is repeated, not the first
    answer = (await repeat(opened, 3)).json()
    assert (answer["wave"], answer["stands_for"]) == (4, 1)
    assert (await told(opened))["voided"] == 2


async def test_two_voided_waves_are_repeated_at_once_under_two_numbers(held, opened, committee):
    """Planted bug: take the next number without holding the survey."""
    await voided(opened, committee)
    await opened.open(2)
    await voided(opened, committee, wave=2)
    async with held("wave") as start:
        tasks = [await start(repeat(opened, wave)) for wave in (1, 2, 1)]
    assert sorted([(await each).status_code for each in tasks]) == [201, 201, 409]
    assert sorted(await waves_of(opened))[2:] in (
        [(3, "planned", 1), (4, "planned", 2)],
        [(3, "planned", 2), (4, "planned", 1)],
    )


async def test_in_a_race_a_wave_is_closed_or_voided_and_not_both(opened, committee):
    """Planted bug: take either step without holding the wave alone."""
    await opened.stop()
    closing, proposing = await asyncio.gather(opened.close(), propose(opened))
    assert sorted([closing.status_code, proposing.status_code]) == [201, 409]
