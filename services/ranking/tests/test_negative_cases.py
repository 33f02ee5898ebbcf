"""Negative cases (反面典型): proposed, heard, decided by the committee, and told by releases to
whom the scheme says."""

from uuid import uuid4

import pytest
from services.ranking.tests.test_consequences import Consequences, codes, refused

from ranking.rules.consequences import ConsequenceNotOpen, UnitNotHeard, heard, refuse_unheard
from ranking.rules.publication import Shown

STEPS = ("merge", "review", "decision", "publication")
CASE = {
    "unit": "XQ01",
    "kind": "negative_case",
    "cause": "other",
    "document_no": "云绩委〔2026〕3号",
    "reason": "工程款未按期支付，群众反映强烈。",
    "from_on": "2026-03-02",
    "name": "拖欠工程款",
}
OWN = {"role": "assessed_unit", "unit": "XQ01", "subject": "own"}


@pytest.fixture
def publishing(service, peers):
    """A factory of cycles in which the public is shown negative cases and units are not."""

    def make():
        cycle = Consequences(service, uuid4())
        public = {"grades": True, "negative_cases": True}
        policy = {"public": public, "units": {"grades": True, "ranks": True}}
        peers.by_cycle[str(cycle.cycle_id)] = {"publication": policy}
        return cycle

    return make


async def speak(cycle, number, text="欠款已于二月付清。", document_no=None, **who):
    body = {"text": text} | ({"document_no": document_no} if document_no else {})
    return await cycle.post(f"/consequences/{number}/hearing", body, **{**OWN, **who})


async def test_a_unit_is_heard_before_a_case_is_decided(publishing):
    """Planted bugs: decide what is proposed; let the unit speak twice; the hearing changes who has
    to be another person than who decides."""
    cycle = publishing()
    async with cycle.unchanged():
        lacking = await cycle.propose({**CASE, "name": None})
        assert codes(lacking) == {"missing"}
    number = await cycle.proposed(CASE)
    async with cycle.unchanged():
        assert refused(await cycle.decide(number)) == (409, "unit-not-heard")
    assert [each["number"] for each in await cycle.listed("assessed_unit", "XQ01")] == [number]
    assert (await speak(cycle, number)).status_code == 201
    async with cycle.unchanged():
        assert refused(await speak(cycle, number)) == (409, "consequence-not-open")
        own = await cycle.decide(number, person="Proposer")
        assert refused(own) == (409, "own-consequence")
        barred = await cycle.decide(number, unit="XQ02")
        assert refused(barred) == (403, "decider-barred")
    answer = await cycle.decide(number)
    told = answer.json()["consequence"]
    assert [(each["state"], each["reason"]) for each in told["steps"]] == [
        ("heard", "欠款已于二月付清。"),
        ("decided", None),
    ]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"unit": "XQ02"}, (404, "no-such-consequence")),
        ({"role": "committee"}, (403, "not-allowed")),
        ({"role": "performance_office", "unit": "XQ02"}, (403, "decider-barred")),
        ({"role": "performance_office"}, (422, "consequence-faulty")),  # without its document
    ],
)
async def test_nobody_else_speaks_for_a_unit(publishing, who, expected):
    """Planted bug: tell another unit that there is such a case."""
    cycle = publishing()
    number = await cycle.proposed(CASE)
    asked = {"role": "assessed_unit", "subject": "x", **who}
    async with cycle.unchanged():
        answer = await cycle.post(f"/consequences/{number}/hearing", {"text": "x"}, **asked)
        assert refused(answer) == expected


async def test_the_office_says_by_which_document_it_asked(publishing):
    cycle = publishing()
    number = await cycle.proposed(CASE)
    office = {"role": "performance_office", "unit": None, "subject": "other"}
    said = {"text": "逾期未作陈述。", "document_no": "云绩办〔2026〕5号"}
    async with cycle.service.caller("performance_office", subject="other") as client:
        path = f"/api/v1/cycles/{cycle.cycle_id}/consequences/{number}/hearing"
        assert (await client.post(path, json=said)).status_code == 201, office
    assert (await cycle.decide(number)).status_code == 201


async def test_a_unit_says_nothing_about_what_it_does_not_know_yet(publishing):
    """Planted bug: answer otherwise for a number that there is."""
    cycle = publishing()
    number = await cycle.proposed({**CASE, "kind": "fault_notice", "name": None})
    async with cycle.unchanged():
        for each in (number, 1 if number != 1 else 2):
            assert refused(await speak(cycle, each)) == (404, "no-such-consequence")


async def test_what_was_decided_is_told_by_the_release_to_whom_the_scheme_says(publishing):
    """Planted bugs: tell what is only proposed; show units what the public alone is shown; tell
    another category's."""
    cycle = publishing()
    numbers = [await cycle.proposed({**CASE, "unit": unit}) for unit in ("XQ01", "XQ02", "XQ03")]
    for number, unit in zip(numbers[:2], ("XQ01", "XQ02"), strict=True):
        assert (await speak(cycle, number, unit=unit)).status_code == 201
    assert (await cycle.decide(numbers[0])).status_code == 201
    answer = await cycle.decide(numbers[1], "refuse", reason="已整改")
    assert answer.status_code == 201
    await cycle.release()

    expected = [
        {
            "unit": "XQ01",
            "title": CASE["name"],
            "text": CASE["reason"],
            "document_no": CASE["document_no"],
        }
    ]
    public = (await cycle.openly("/releases/1")).json()
    assert public["negative_cases"] == expected
    assert public["shown"] == ["grades", "negative_cases"]
    for role, cases in (("assessed_unit", None), ("committee", expected)):
        found = (await cycle.get("/releases/1/published", role)).json()
        assert found.get("negative_cases") == cases, role


async def test_a_release_without_cases_is_what_releases_were_before(publishing):
    """Planted bug: name what there is none of among what is shown, so that digests are others."""
    cycle = publishing()
    await cycle.release()
    whole = (await cycle.get("/releases/1", "committee")).json()["manifest"]
    assert "negative_cases" not in whole
    assert "negative_cases" not in whole["publication"]["units"]
    found = (await cycle.get("/releases/1/published", "committee")).json()
    assert "negative_cases" not in {*found, *found["shown"]}


def test_what_is_heard_first_is_heard_once():
    """Planted bug: hear about everything."""
    assert heard("negative_case", "proposed") == "heard"
    for kind, state in (("negative_case", "heard"), ("fault_notice", "proposed")):
        with pytest.raises(ConsequenceNotOpen):
            heard(kind, state)
    with pytest.raises(UnitNotHeard):
        refuse_unheard("negative_case", "proposed")
    refuse_unheard("fault_notice", "proposed")
    assert Shown(negative_cases=True).names() == ["negative_cases"]


async def test_a_unit_cannot_tell_anothers_case_from_none(publishing):
    """Planted bug: what is another's is refused in other words, in Chinese alone."""
    cycle = publishing()
    theirs = await cycle.proposed(CASE)

    async def told(number):
        at = f"/api/v1/cycles/{cycle.cycle_id}/consequences/{number}/hearing"
        async with cycle.service.caller("assessed_unit", unit="XQ02") as client:
            answer = await client.post(at, json={"text": "x"}, headers={"Accept-Language": "zh"})
        assert answer.status_code == 404
        return answer.json()["detail"].replace(str(number), "N")

    assert await told(theirs) == await told(theirs + 1)
