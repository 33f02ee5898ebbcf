"""What counts where too few answered is proposed by one person and confirmed by another."""

import json

import pytest

WHY = {"reason": "受访者不足，以另一轮为准。", "document_no": "评委〔2025〕4号"}


@pytest.fixture
async def short(planned, row):
    """Give a survey of two waves, of which the first has 400 answers and the second three."""
    await planned.open(1)
    for start in range(0, 400, 200):
        await planned.post([row("satisfied") for _ in range(start, start + 200)])
    await planned.close(1)
    await planned.open(2)
    await planned.post([row("very_satisfied") for _ in range(3)], wave=2)
    await planned.close(2)
    return planned


@pytest.fixture
def committee(service):
    """Give a maker of committee callers."""

    def make(person="member", unit=None):
        return service.caller("committee", unit=unit, subject=f"account-{person}", person=person)

    return make


async def propose(survey, treatment="other_waves", units=("XQ01",), wave=2, client=None):
    return await (client or survey.office).post(
        survey.path(wave, "sample-decisions"),
        json={"units": list(units), "treatment": treatment, **WHY},
    )


async def confirm(survey, client, number=1, wave=2):
    return await client.post(survey.path(wave, "sample-decisions", str(number), "confirmation"))


async def first_unit(survey):
    (found,) = (await survey.satisfaction()).json()["surveys"]
    return found["units"][0]


async def test_below_the_minimum_the_satisfaction_is_undefined_and_says_why(short):
    """What all answers come to is not told either: with one wave it would tell the three of the
    other.

    Planted bug: take the mean of the waves whatever their samples are.
    """
    unit = await first_unit(short)
    assert (unit["standing"], unit["satisfaction"], unit["all_counted"]) == (
        "below_minimum",
        None,
        None,
    )
    assert [wave["score"] for wave in unit["waves"]] == [None, None]
    assert unit["below_minimum"] == [
        {
            "wave": 2,
            "valid_sample": 3,
            "required": 400,
            "was_voided": False,
            "treatment": None,
            "decision": None,
            "document_no": None,
        }
    ]


@pytest.mark.parametrize(
    ("treatment", "standing", "satisfaction"),
    [
        ("counted", "settled", "90.0000"),
        ("other_waves", "settled", "80.0000"),
        ("pooled", "settled", "80.1489"),
        ("not_rated", "not_rated", None),
    ],
)
async def test_a_confirmed_decision_says_what_counts(
    short, committee, treatment, standing, satisfaction
):
    assert (await propose(short, treatment)).status_code == 201
    assert (await first_unit(short))["standing"] == "below_minimum"
    async with committee() as client:
        assert (await confirm(short, client)).status_code == 201
    unit = await first_unit(short)
    assert (unit["standing"], unit["satisfaction"]) == (standing, satisfaction)
    (told,) = unit["below_minimum"]
    assert (told["treatment"], told["decision"], told["document_no"]) == (
        treatment,
        1,
        "评委〔2025〕4号",
    )


async def test_the_last_confirmed_decision_is_in_force(short, committee):
    await propose(short, "counted")
    await propose(short, "pooled")
    async with committee() as client:
        assert (await confirm(short, client, 2)).status_code == 201
        assert (await first_unit(short))["satisfaction"] == "80.1489"
        assert (await confirm(short, client, 1)).status_code == 201
    assert (await first_unit(short))["satisfaction"] == "90.0000"


async def test_decisions_are_listed_and_journalled_with_who_and_why(service, short, committee):
    await propose(short)
    async with committee() as client:
        await confirm(short, client)
        (listed,) = (await client.get(short.path(2, "sample-decisions"))).json()["decisions"]
    assert (listed["treatment"], listed["reason"]) == ("other_waves", WHY["reason"])
    assert listed["confirmation"]["confirmed_by"] == "account-member"
    async with service.caller("auditor") as auditor:
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{short.cycle_id}")
    entries = [(e["event"], json.loads(e["body"])) for e in chain.json()["items"][-2:]]
    assert [event for event, _ in entries] == [
        "survey.sample-decision-proposed",
        "survey.sample-decision-confirmed",
    ]
    assert all(body["document_no"] == WHY["document_no"] for _, body in entries)


async def test_the_person_who_proposes_does_not_confirm(service, short, committee, problem):
    """Planted bug: compare the accounts instead of the persons behind them."""
    office = service.caller("performance_office", unit="ZH01", subject="office-2", person="li")
    async with office as client:
        await propose(short, client=client)
    async with committee("li") as client:
        assert problem(await confirm(short, client)) == (409, "same-person-confirms", [])
    assert (await first_unit(short))["standing"] == "below_minimum"


async def test_nobody_decides_about_the_own_unit(service, short, committee, problem):
    """Planted bug: look at the role alone."""
    async with service.caller("performance_office", unit="XQ01") as client:
        assert problem(await propose(short, client=client)) == (403, "decider-barred", [])
    await propose(short)
    async with committee(unit="XQ01") as client:
        assert problem(await confirm(short, client)) == (403, "decider-barred", [])
    assert (await first_unit(short))["standing"] == "below_minimum"


@pytest.mark.parametrize("other", ["Zhang", "ZHANG", "ｚｈａｎｇ"])
async def test_a_person_spelled_otherwise_is_no_second_person(
    service, short, committee, problem, other
):
    """Planted bug: compare persons as an outside provider of accounts spells them."""
    office = service.caller("performance_office", unit="ZH01", subject="office-3", person="zhang")
    async with office as client:
        assert (await propose(short, client=client)).status_code == 201
    token = service.signer.token("committee", subject="member-2", person=other)
    async with service.client({"Authorization": f"Bearer {token}"}) as client:
        assert problem(await confirm(short, client)) == (409, "same-person-confirms", [])


async def test_nobody_decides_about_who_competes_with_the_own_unit(
    service, short, committee, problem
):
    """Planted bug: bar the own unit, and let its competitors be decided about."""
    async with service.caller("performance_office", unit="XQ02") as client:
        assert problem(await propose(short, client=client)) == (403, "decider-barred", [])
    await propose(short)
    async with committee(unit="XQ02") as client:  # who is not even told that there is one
        assert problem(await confirm(short, client)) == (404, "no-such-decision", [])
    assert (await first_unit(short))["standing"] == "below_minimum"
    async with committee(unit="YQ01") as client:
        assert (await confirm(short, client)).status_code == 201


@pytest.fixture
def recused(short, bar_the_office):
    """Give the survey under a scheme by which JW01 stands in for the office about XQ01."""
    bar_the_office(short.cycle_id)
    return short


@pytest.mark.parametrize(
    ("unit", "about", "status"),
    [
        ("JW01", ["XQ01"], 201),
        ("JW01", ["XQ02"], 201),
        ("JW01", ["XQ01", "XQ02"], 201),
        ("JW01", ["XQ01", "YQ01"], 403),
        ("JW02", ["XQ01"], 403),
        ("XQ02", ["XQ01"], 403),
    ],
)
async def test_the_second_body_proposes_where_the_office_is_barred(
    service, recused, unit, about, status
):
    async with service.caller("second_body", unit=unit) as client:
        assert (await propose(recused, units=about, client=client)).status_code == status


@pytest.mark.parametrize("unit", [None, "ZH01", "JW01", "XQ01"])
@pytest.mark.parametrize("about", [["XQ01"], ["XQ02"]])
async def test_the_office_does_not_propose_where_the_second_body_does(
    service, recused, problem, unit, about
):
    """Planted bug: ask for the own unit only."""
    async with service.caller("performance_office", unit=unit) as client:
        answer = await propose(recused, units=about, client=client)
    assert problem(answer) == (403, "decider-barred", [])


@pytest.mark.parametrize(
    ("wave", "units", "treatment", "fault"),
    [
        (1, ["XQ01"], "counted", ("/units/0", "not-below-minimum")),
        (2, ["XQ01", "ZZ99"], "pooled", ("/units/1", "not-below-minimum")),
        (2, ["XQ02"], "counted", ("/units/0", "no-answers")),
    ],
)
async def test_a_decision_that_decides_nothing_is_refused(
    service, short, problem, wave, units, treatment, fault
):
    answer = await propose(short, treatment, units, wave)
    assert problem(answer) == (422, "decision-rejected", [fault])
    rows = await service.sql("SELECT 1 FROM sample_decision WHERE cycle_id = $1", short.cycle_id)
    assert rows == []


async def test_a_survey_of_one_wave_has_no_other(forms, problem):
    await forms.close()
    answer = await propose(forms, "other_waves", ["YQ01"], wave=1)
    assert problem(answer)[2] == [("/treatment", "only-one-wave")]


async def test_an_open_wave_is_not_decided_on(opened, problem):
    assert problem(await propose(opened, wave=1))[:2] == (403, "not-allowed")


async def test_a_decision_is_confirmed_once(short, committee, problem):
    await propose(short)
    async with committee() as client:
        await confirm(short, client)
        assert problem(await confirm(short, client)) == (409, "decision-confirmed", [])
        assert problem(await confirm(short, client, 2)) == (404, "no-such-decision", [])


@pytest.mark.parametrize("role", ["survey_centre", "standing_committee", "auditor", "committee"])
async def test_only_the_performance_office_proposes(service, short, role, problem):
    async with service.caller(role, unit="SC") as client:
        assert problem(await propose(short, client=client)) == (403, "not-allowed", [])


@pytest.mark.parametrize("role", ["survey_centre", "standing_committee", "performance_office"])
async def test_only_the_committee_confirms(service, short, role, problem):
    await propose(short)
    async with service.caller(role, unit="SC", subject="another", person="another") as client:
        assert problem(await confirm(short, client)) == (403, "not-allowed", [])
