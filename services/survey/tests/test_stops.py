"""Supervising bodies examine a stopped wave and attest it; it closes when each of them has."""

import json

import pytest

from survey.rules.abstention import abstains


async def attestations(survey, client=None):
    answer = await (client or survey.office).get(survey.path(1, "attestations"))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reopen(survey, reason="样本不足，延长调查。"):
    return await survey.office.post(survey.path(1, "reopening"), json={"reason": reason})


@pytest.fixture
async def stopped(supervised, row):
    """Give a survey whose first wave has been stopped with one batch."""
    assert (await supervised.post([row(), row("fair")])).status_code == 201
    assert (await supervised.stop()).status_code == 201
    return supervised


async def test_a_wave_closes_when_each_body_of_the_scheme_has_attested_it(
    service, stopped, bodies, problem
):
    """Planted bugs: close it unattested; take one body for all; take an objection for an
    attestation; tell in the journal what each unit came to."""
    refused = await stopped.close()
    assert problem(refused) == (409, "not-attested", [])
    assert (refused.json()["missing"], refused.json()["objecting"]) == (["JW01", "ZX01"], [])
    answer = await stopped.attest(bodies["JW01"])
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["body"], told["verdict"]) == ("JW01", "attested")
    assert (told["stop_no"], told["holds"]) == (1, True)
    assert (await stopped.close()).json()["missing"] == ["ZX01"]
    assert (await stopped.attest(bodies["ZX01"], verdict="objected")).status_code == 201
    refused = (await stopped.close()).json()
    assert (refused["missing"], refused["objecting"]) == ([], ["ZX01"])
    # An objection is met by examining anew what was stopped anew.
    assert (await reopen(stopped)).status_code == 201
    assert (await stopped.stop()).status_code == 201
    for body in bodies.values():
        assert (await stopped.attest(body)).status_code == 201
    assert (await stopped.close()).status_code == 201
    async with service.caller("auditor") as auditor:
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{stopped.cycle_id}")
    events = [each["event"] for each in chain.json()["items"]]
    assert events[-8:] == [
        "survey.wave-stopped",
        "survey.wave-attested",
        "survey.wave-objected",
        "survey.wave-reopened",
        "survey.wave-stopped",
        "survey.wave-attested",
        "survey.wave-attested",
        "survey.wave-closed",
    ]
    # What may be withheld of the results stands in no body; the journal vouches for their rows.
    told = json.loads(chain.json()["items"][-1]["body"])
    assert told.keys() == {
        *("survey_id", "code", "wave"),
        *("attested_by", "content_digest", "below_minimum_because"),
    }
    assert told["attested_by"] == ["JW01", "ZX01"]
    rows = json.loads(chain.json()["items"][-1]["rows"])["tables"]
    blinded = {each["table"] for each in rows if "blinding" in each["columns"]}
    assert {"wave_result", "wave_weights"} <= blinded


async def test_what_was_said_lapses_when_the_wave_is_reopened(stopped, bodies, row):
    """Planted bug: what was said once is said for good."""
    for body in bodies.values():
        await stopped.attest(body)
    before = await attestations(stopped)
    assert (before["missing"], before["stop_no"]) == ([], 1)
    assert (await reopen(stopped)).status_code == 201
    meanwhile = await attestations(stopped)
    assert (meanwhile["state"], meanwhile["content_digest"], meanwhile["stop_no"]) == (
        "open",
        None,
        None,
    )
    assert meanwhile["reopenings"][0]["reason"] == "样本不足，延长调查。"
    assert (await stopped.post([row()])).status_code == 201  # it takes responses again
    assert (await stopped.stop()).status_code == 201
    after = await attestations(stopped)
    assert (after["missing"], after["stop_no"]) == (["JW01", "ZX01"], 2)
    assert after["content_digest"] != before["content_digest"]
    assert [each["holds"] for each in after["attestations"]] == [False, False]
    assert (await stopped.close()).json()["missing"] == ["JW01", "ZX01"]


async def test_who_attests_speaks_for_one_body_and_closes_nothing(
    service, stopped, bodies, problem, office
):
    """Two bodies and the office are three human beings, whichever accounts they use; what lapsed
    bars nobody.

    Planted bugs: compare accounts; ask for the bodies alone; remember what lapsed.
    """
    assert (await stopped.attest(bodies["JW01"])).status_code == 201
    again = service.caller("supervision", unit="ZX01", subject="zx-2", person="ＪＷ")
    closer = service.caller("performance_office", subject="office-2", person="JW")
    async with again as second, closer as other:
        refused = await stopped.attest(second)
        assert problem(refused) == (409, "same-person-confirms", [])
        assert (await attestations(stopped))["missing"] == ["ZX01"]
        assert (await stopped.attest(bodies["ZX01"])).status_code == 201
        body = {"below_minimum_because": "x"}
        refused = await other.post(stopped.path(1, "closing"), json=body)
        assert problem(refused) == (409, "same-person-confirms", [])
        tasks = f"/api/v1/cycles/{stopped.cycle_id}/tasks/survey"
        told = [await each.get(tasks) for each in (other, office)]
        closing = [{each["kind"] for each in one.json()["tasks"]} for one in told]
        assert [("close-wave" in each) for each in closing] == [False, True]
        assert (await reopen(stopped)).status_code == 201
        assert (await stopped.stop()).status_code == 201
        assert (await stopped.attest(second)).status_code == 201
        assert (await stopped.attest(bodies["JW01"])).status_code == 409
    assert (await attestations(stopped))["missing"] == ["JW01"]


async def test_a_stopped_wave_takes_no_responses(stopped, row, problem):
    """Planted bug: look only whether the wave is closed."""
    assert problem(await stopped.post([row()])) == (409, "wave-not-open", [])


async def test_a_body_speaks_once_of_what_it_examined(stopped, bodies, problem):
    """Planted bugs: take a second word; take a word about something else."""
    assert problem(await stopped.attest(bodies["JW01"], content_digest="0" * 64)) == (
        409,
        "content-changed",
        [],
    )
    assert (await stopped.attest(bodies["JW01"])).status_code == 201
    again = await stopped.attest(bodies["JW01"], verdict="objected")
    assert problem(again) == (409, "attested-before", [])
    assert [each["verdict"] for each in (await attestations(stopped))["attestations"]] == [
        "attested"
    ]


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("supervision", "ZZ09"),
        ("supervision", None),
        ("performance_office", "JW01"),
        ("committee", "JW01"),
        ("survey_centre", "SC"),
        ("auditor", None),
    ],
)
async def test_only_the_bodies_of_the_scheme_attest(service, stopped, role, unit, problem):
    """Planted bug: ask for the role alone."""
    async with service.caller(role, unit=unit, subject="x", person="x") as client:
        assert problem(await stopped.attest(client)) == (403, "not-allowed", [])
        status = (await client.get(stopped.path(1, "attestations"))).status_code
        assert status == (403 if role == "supervision" else 200)


async def test_an_open_wave_is_not_attested_and_does_not_close(supervised, bodies, problem, office):
    answer = await supervised.attest(bodies["JW01"], content_digest="0" * 64)
    assert problem(answer) == (409, "wave-not-stopped", [])
    assert problem(await office.post(supervised.path(1, "closing"))) == (
        409,
        "wave-not-stopped",
        [],
    )
    assert problem(await reopen(supervised)) == (409, "wave-not-stopped", [])


@pytest.mark.parametrize("step", ["stopping", "reopening"])
@pytest.mark.parametrize("role", ["survey_centre", "committee", "supervision", "auditor"])
async def test_only_the_office_stops_and_reopens(service, stopped, role, step, problem):
    async with service.caller(role, unit="SC") as client:
        answer = await client.post(stopped.path(1, step), json={"reason": "x"})
        assert answer.status_code == 403


async def test_without_bodies_a_stopped_wave_closes(opened, row):
    assert (await opened.stop()).status_code == 201
    told = await attestations(opened)
    assert (told["bodies"], told["missing"], told["attestations"]) == ([], [], [])
    assert (await opened.close()).status_code == 201


@pytest.mark.parametrize(
    ("unit", "roles", "whether"),
    [
        ("XQ02", {"supervision"}, True),
        (None, {"supervision"}, False),
        ("XQ02", {"committee"}, True),
        (None, {"committee"}, False),
        ("XQ02", {"performance_office"}, False),
        ("XQ02", {"survey_centre"}, False),
    ],
)
def test_who_supervises_or_decides_does_not_see_the_own_category(unit, roles, whether):
    """Planted bug: hide nothing from who supervises."""
    assert abstains(unit, roles) is whether
