"""Findings of a stopped wave are told to those who examine it, decided by two people, and no wave
closes over them in silence."""

import pytest

SENT = 40
EQUAL = 14
KEEP = {"verdict": "keep", "reason": "抽查录音，通话属实。", "document_no": "云调〔2025〕8号"}
FINDING = {"screen": "equal_durations", "about": "unit", "subject": "XQ01"}
VOID = KEEP | {"verdict": "void_interviewer", "interviewer": "I1", "reason": "自填答卷。"}


@pytest.fixture
async def stopped(opened, suspect):
    """Give a stopped wave in which I1 brought in calls of one length, all dissatisfied."""
    assert (await opened.post(suspect(SENT, EQUAL))).status_code == 201
    assert (await opened.stop()).status_code == 201
    return opened


@pytest.fixture
def member(service):
    """Give a maker of committee callers."""

    def make(person="member", unit=None):
        return service.caller("committee", unit=unit, subject=f"account-{person}", person=person)

    return make


async def screens(survey, client=None, wave=1):
    return await (client or survey.office).get(survey.path(wave, "screens"))


async def propose(survey, decision=KEEP, client=None, **more):
    body = {"findings": [FINDING]} | decision | more
    return await (client or survey.office).post(survey.path(1, "screen-decisions"), json=body)


async def confirm(survey, client, number=1):
    return await client.post(survey.path(1, "screen-decisions", str(number), "confirmation"))


async def result(survey, unit="XQ01"):
    (found,) = (await survey.satisfaction()).json()["surveys"]
    units = {each["unit"]: each for each in found["units"]}
    return units[unit]


async def test_a_finding_is_told_with_its_figures_once_the_wave_has_stopped(
    opened, suspect, problem, service
):
    """Planted bug: screens of an open wave."""
    assert (await opened.post(suspect(SENT, EQUAL))).status_code == 201
    assert problem(await screens(opened)) == (409, "wave-not-stopped", [])
    assert problem(await screens(opened, wave=2)) == (409, "wave-not-stopped", [])
    await opened.stop()
    answer = await screens(opened)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["state"], told["earlier_wave"]) == ("stopped", None)
    (found,) = told["findings"]
    assert {name: found[name] for name in FINDING} == FINDING
    assert (found["observed"], found["of"], found["is_decided"]) == ("14", SENT + EQUAL, False)
    assert float(found["chance"]) <= float(found["threshold"])
    assert "`XQ01`" in found["sentence_zh"]
    tested = {(each["screen"], each["about"]): each["subjects"] for each in told["tested"]}
    assert tested == {("equal_durations", "unit"): 2}
    async with service.caller("auditor") as auditor:
        assert (await screens(opened, auditor)).json() == told


@pytest.mark.parametrize("role", ["committee", "survey_centre", "assessed_unit", "supervision"])
async def test_nobody_else_reads_findings(stopped, service, role):
    """A supervising body that the scheme does not have attest this survey is nobody either."""
    async with service.caller(role, unit="XQ01") as client:
        assert (await screens(stopped, client)).status_code == 403
        if role != "committee":
            assert (await propose(stopped, client=client)).status_code == 403
            path = stopped.path(1, "screen-decisions")
            assert (await client.get(path)).status_code == 403


async def test_a_supervising_body_reads_the_findings_it_attests_under(supervised, suspect, bodies):
    await supervised.post(suspect(SENT, EQUAL))
    await supervised.stop()
    (found,) = (await screens(supervised, bodies["JW01"])).json()["findings"]
    assert found["subject"] == "XQ01"


async def test_a_wave_closes_over_findings_only_when_they_are_decided_or_it_is_said_why(
    stopped, member, problem
):
    """Planted bug: a proposal that nobody confirmed."""
    answer = await stopped.close()
    assert problem(answer) == (409, "findings-undecided", [])
    assert answer.json()["findings"] == [FINDING]
    assert (await propose(stopped)).status_code == 201
    assert problem(await stopped.close())[1] == "findings-undecided"
    async with member() as client:
        confirmed = await confirm(stopped, client)
        assert confirmed.status_code == 201, confirmed.text
        assert confirmed.json()["confirmation"]["confirmed_by"] == "account-member"
        assert problem(await confirm(stopped, client)) == (409, "decision-confirmed", [])
    (found,) = (await screens(stopped)).json()["findings"]
    assert found["is_decided"] is True
    assert (await stopped.close()).status_code == 201
    assert (await screens(stopped)).json()["findings"] == [found]
    assert problem(await propose(stopped)) == (409, "wave-not-stopped", [])


async def test_a_wave_closes_over_an_undecided_finding_with_a_reason(stopped):
    body = {"below_minimum_because": "x", "undecided_findings_because": "核查仍在进行。"}
    answer = await stopped.office.post(stopped.path(1, "closing"), json=body)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("units", [[], ["XQ01"]])
async def test_void_answers_count_nowhere_and_what_was_attested_lapses(
    supervised, suspect, member, bodies, units
):
    """Planted bugs: void on the office's word; attestations that outlive what they attested."""
    await supervised.post(suspect(SENT, EQUAL))
    await supervised.stop()
    for body in bodies.values():
        assert (await supervised.attest(body)).status_code == 201
    assert (await propose(supervised, VOID, units=units)).status_code == 201
    path = supervised.path(1, "attestations")
    assert (await supervised.office.get(path)).json()["missing"] == []
    async with member() as client:
        assert (await confirm(supervised, client)).status_code == 201
    assert (await supervised.office.get(path)).json()["missing"] == ["JW01", "ZX01"]
    (found,) = (await screens(supervised)).json()["findings"]
    assert (found["of"], found["is_decided"]) == (SENT + EQUAL, True)
    supervised.bodies.update(bodies)
    assert (await supervised.close()).status_code == 201
    of = {each["unit"]: each for each in await waves_result(supervised)}
    assert of == {"XQ01": of["XQ01"], "XQ02": of["XQ02"]}
    assert (of["XQ01"]["valid_sample"], of["XQ01"]["score"]) == (SENT, "80.0000")


async def waves_result(survey):
    (found,) = (await survey.satisfaction()).json()["surveys"]
    return [
        {"unit": unit["unit"], **wave}
        for unit in found["units"]
        for wave in unit["waves"]
        if wave["wave"] == 1
    ]


async def test_more_answers_make_another_finding_that_is_decided_anew(
    stopped, call, member, problem
):
    await propose(stopped)
    async with member() as client:
        await confirm(stopped, client)
    why = {"reason": "延长调查。"}
    assert (await stopped.office.post(stopped.path(1, "reopening"), json=why)).status_code == 201
    assert (await stopped.post([call(180, "XQ01") for _ in range(3)])).status_code == 201
    await stopped.stop()
    (found,) = (await screens(stopped)).json()["findings"]
    assert (found["observed"], found["is_decided"]) == ("17", False)
    assert problem(await stopped.close())[1] == "findings-undecided"


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"findings": [FINDING | {"subject": "XQ02"}]}, [("/findings/0", "unknown-finding")]),
        ({"interviewer": None}, [("/interviewer", "interviewer-missing")]),
        ({"interviewer": "I9"}, [("/interviewer", "no-answers")]),
        ({"units": ["XQ01", "XQ02"]}, [("/units/1", "no-answers")]),
        ({"verdict": "keep"}, [("/interviewer", "nothing-to-void")]),
        (
            {"verdict": "keep", "interviewer": None, "units": ["XQ01"]},
            [("/units", "nothing-to-void")],
        ),
    ],
)
async def test_a_decision_about_what_is_not_there_is_refused_by_name(
    stopped, change, faults, problem
):
    answer = await propose(stopped, VOID, **change)
    assert problem(answer)[:2] == (422, "screen-decision-rejected")
    named = [(each["pointer"], each["code"]) for each in answer.json()["errors"]]
    assert named == faults
    listed = await stopped.office.get(stopped.path(1, "screen-decisions"))
    assert listed.json()["decisions"] == []


async def test_a_second_person_without_interest_confirms(stopped, member, service, problem):
    """Planted bugs: the proposer's other account confirms; a member of an assessed unit does."""
    async with service.caller("performance_office", unit="ZH01", person="one") as client:
        assert (await propose(stopped, client=client)).status_code == 201
    async with member("one") as client:
        assert problem(await confirm(stopped, client)) == (409, "same-person-confirms", [])
    async with member("two", unit="XQ02") as client:
        assert problem(await confirm(stopped, client)) == (403, "decider-barred", [])
        answer = await client.get(stopped.path(1, "screen-decisions"))
        assert problem(answer) == (403, "decider-barred", [])
    async with member("two") as client:
        assert problem(await confirm(stopped, client, 2))[:2] == (404, "no-such-screen-decision")
        (listed,) = (await client.get(stopped.path(1, "screen-decisions"))).json()["decisions"]
        assert (listed["verdict"], listed["confirmation"]) == ("keep", None)
        assert listed["findings"][0]["subject"] == "XQ01"
