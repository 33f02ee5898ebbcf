"""What surveys expect of whom: each kind of task, for the right person, until it is done."""

import base64
import secrets
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

WHY = {"reason": "受访者不足，以另一轮为准。", "document_no": "评委〔2025〕4号"}


@pytest.fixture(scope="session")
def everybody(service):
    """Give one of everybody who has to do with surveys, by name."""
    office = "performance_office"
    return {
        "office": service.caller(office, unit="ZH01", subject="o", person="o"),
        "concerned": service.caller(office, unit="XQ02", subject="k", person="k"),
        "centre": service.caller("survey_centre", unit="SC", subject="s"),
        "other centre": service.caller("survey_centre", unit="SB", subject="s2", person="s2"),
        "body": service.caller("second_body", unit="JW01", subject="b", person="b"),
        "committee": service.caller("committee", subject="m", person="m"),
        "own committee": service.caller("committee", unit="XQ01", subject="n", person="n"),
        "proposer": service.caller("committee", subject="p", person="O"),
        "standing": service.caller("standing_committee"),
        "auditor": service.caller("auditor"),
        "jw": service.caller("supervision", unit="JW01", subject="jw", person="jw"),
        "zx": service.caller("supervision", unit="ZX01", subject="zx", person="zx"),
        "other body": service.caller("supervision", unit="ZX02"),
        "unit": service.caller("assessed_unit", unit="XQ01"),
        "second": service.caller("survey_centre", unit="SB", subject="c2", person="c2"),
        "holder": service.caller("panel_member", unit="XZ01", subject="h1", person="h1"),
        "no holder": service.caller("panel_member", unit="XZ01", subject="h2", person="h2"),
        "peer body": service.caller("supervision", unit="XZ02"),
    }


async def told(client, cycle_id):
    answer = await client.get(f"/api/v1/cycles/{cycle_id}/tasks/survey")
    assert answer.status_code == 200, answer.text
    return answer.json()["tasks"]


async def who(everybody, cycle_id, kind, **about):
    found = dict[str, int]()
    for name, client in everybody.items():
        for each in await told(client, cycle_id):
            if each["kind"] == kind and about.items() <= each["about"].items():
                found[name] = found.get(name, 0) + each["count"]
    return found


async def test_a_survey_is_created_and_its_waves_open_and_close(everybody, planned, row):
    """Planted bugs: surveys that nothing rests on; all planned waves at once; any collector."""
    both = {"office": 1, "concerned": 1}
    assert await who(everybody, uuid4(), "create-survey") == {"office": 6, "concerned": 6}
    cycle = planned.cycle_id
    assert await who(everybody, cycle, "create-survey") == {"office": 5, "concerned": 5}
    assert await who(everybody, cycle, "open-wave") == both
    [task] = [t for t in await told(everybody["office"], cycle) if t["kind"] == "open-wave"]
    assert (task["about"]["wave"], task["path"]) == ("1", planned.path(1, "opening"))
    assert task["zh"] == "开放调查“电话调查”第1轮"
    assert (await everybody["office"].post(task["path"])).status_code == 201
    assert await who(everybody, cycle, "open-wave", wave="1") == {}
    assert await who(everybody, cycle, "open-wave", wave="2") == both
    assert await who(everybody, cycle, "post-responses") == {"centre": 2}
    assert await who(everybody, cycle, "stop-wave") == both
    assert await who(everybody, cycle, "close-wave") == {}
    for start in range(0, 400, 200):
        assert (await planned.post([row() for _ in range(start, start + 200)])).is_success
    assert await who(everybody, cycle, "post-responses") == {"centre": 1}
    assert (await planned.stop(1)).status_code == 201
    assert await who(everybody, cycle, "stop-wave") == {}
    assert await who(everybody, cycle, "attest-wave") == {}
    assert await who(everybody, cycle, "close-wave") == both
    assert (await planned.close(1)).status_code == 201
    assert await who(everybody, cycle, "post-responses") == {}
    assert await who(everybody, cycle, "close-wave") == {}


async def test_a_stopped_wave_waits_for_its_bodies_and_is_closed_after_them(everybody, supervised):
    """Planted bugs: any body; a body that has said it; closing before all have."""
    cycle, both = supervised.cycle_id, {"office": 1, "concerned": 1}
    assert await who(everybody, cycle, "attest-wave") == {}
    await supervised.stop()
    assert await who(everybody, cycle, "attest-wave") == {"jw": 1, "zx": 1}
    await supervised.attest(everybody["jw"])
    assert await who(everybody, cycle, "attest-wave") == {"zx": 1}
    assert await who(everybody, cycle, "close-wave") == {}
    await supervised.attest(everybody["zx"])
    assert await who(everybody, cycle, "attest-wave") == {}
    assert await who(everybody, cycle, "close-wave") == both


async def test_a_proposal_to_void_is_decided_and_a_voided_wave_repeated(everybody, opened):
    """Planted bugs: who proposed or has an interest decides; a wave that is repeated is repeated
    again; a wave that may be void is closed."""
    cycle, both = opened.cycle_id, {"office": 1, "concerned": 1}
    await opened.stop()
    path = opened.path(1, "voidings")
    assert (await everybody["office"].post(path, json=WHY)).status_code == 201
    assert await who(everybody, cycle, "close-wave") == {}
    assert await who(everybody, cycle, "confirm-voiding") == {"committee": 1}
    [task] = [
        t for t in await told(everybody["committee"], cycle) if t["kind"] == "confirm-voiding"
    ]
    answer = await everybody["committee"].post(task["path"], json={"decision": "confirm"})
    assert answer.status_code == 201, answer.text
    assert await who(everybody, cycle, "confirm-voiding") == {}
    assert await who(everybody, cycle, "repeat-wave") == both
    [task] = [t for t in await told(everybody["office"], cycle) if t["kind"] == "repeat-wave"]
    assert (await everybody["office"].post(task["path"])).status_code == 201
    assert await who(everybody, cycle, "repeat-wave") == {}


async def test_what_a_finding_leads_to_is_proposed_and_confirmed_by_others(
    everybody, opened, suspect
):
    """Planted bugs: what is proposed is to be proposed again; an office with an interest."""
    cycle = opened.cycle_id
    await opened.post(suspect())
    await opened.stop()
    assert await who(everybody, cycle, "decide-on-findings") == {"office": 1}
    finding = {"screen": "equal_durations", "about": "unit", "subject": "XQ01"}
    body = {"verdict": "keep", "findings": [finding], **WHY}
    path = opened.path(1, "screen-decisions")
    assert (await everybody["office"].post(path, json=body)).status_code == 201
    assert await who(everybody, cycle, "confirm-screen-decision") == {"committee": 1}
    assert await who(everybody, cycle, "decide-on-findings") == {}
    [task] = await told(everybody["committee"], cycle)
    assert (await everybody["committee"].post(task["path"])).status_code == 201
    assert await who(everybody, cycle, "confirm-screen-decision") == {}


async def test_a_seat_votes_and_who_made_the_key_opens_the_urn(everybody, peers):
    """Planted bugs: a task for every panel member; for a body of a unit that is rated; a ballot
    that has been cast is to be cast; a wave whose urn is shut is to be closed; one without an urn
    to be opened."""
    cycle, both = peers.cycle_id, {"office": 1, "concerned": 1}
    assert await who(everybody, cycle, "name-seats") == both
    assert await who(everybody, cycle, "set-up-urn") == {}
    seats = [
        {"seat": "S-1", "account": "h1", "unit": "XZ01"},
        {"seat": "S-2", "account": "elsewhere", "unit": "XZ02"},
    ]
    named = await everybody["office"].post(peers.path(1, "seats"), json={"seats": seats})
    assert named.status_code == 201, named.text
    assert await who(everybody, cycle, "name-seats") == {}
    bodies = {"jw": 1, "zx": 1, "other body": 1}
    assert await who(everybody, cycle, "set-up-urn") == bodies
    assert await who(everybody, cycle, "open-wave") == {}  # without an urn it is refused
    key = X25519PrivateKey.generate()
    body = {"public_key": _text(key.public_key().public_bytes_raw())}
    assert (await everybody["zx"].post(peers.path(1, "urn"), json=body)).status_code == 201
    assert await who(everybody, cycle, "open-wave") == both
    assert await who(everybody, cycle, "cast-ballot") == {}
    assert (await peers.open()).status_code == 201
    assert await who(everybody, cycle, "post-responses") == {}
    assert await who(everybody, cycle, "set-up-urn") == {}
    assert await who(everybody, cycle, "open-urn") == {}
    assert await who(everybody, cycle, "cast-ballot") == {"holder": 1}
    [task] = await told(everybody["holder"], cycle)
    assert task["path"] == task["listed_at"] == peers.path(1, "ballot")
    ballot = {"judgements": [{"unit": "XZ02", "answer": "good"}]}
    ballot["blinding"] = secrets.token_urlsafe(24)
    assert (await everybody["holder"].post(task["path"], json=ballot)).status_code == 201
    assert await who(everybody, cycle, "cast-ballot") == {}
    assert (await peers.stop()).status_code == 201
    assert await who(everybody, cycle, "open-urn") == {"zx": 1}
    assert await who(everybody, cycle, "close-wave") == {}
    [task] = [t for t in await told(everybody["zx"], cycle) if t["kind"] == "open-urn"]
    opening = {"private_key": _text(key.private_bytes_raw())}
    assert (await everybody["zx"].post(task["path"], json=opening)).status_code == 201
    assert await who(everybody, cycle, "open-urn") == {}
    assert await who(everybody, cycle, "close-wave") == both


async def test_forms_are_counted_once_more_by_another_person(everybody, meeting):
    """Planted bugs: the first counter confirms; a wave stops while a count waits."""
    cycle, both = meeting.cycle_id, {"office": 1, "concerned": 1}
    assert await who(everybody, cycle, "post-meeting-count") == {"other centre": 1, "second": 1}
    assert await who(everybody, cycle, "post-responses") == {}
    votes = {"options": {"good": 60, "poor": 10}, "blank": 0}
    forms = {"entitled": 80, "issued": 80, "returned": 70, "spoiled": 0}
    forms["votes"] = [{"unit": unit, **votes} for unit in ("XZ01", "XZ02", "XZ03")]
    path = meeting.path(1, "meeting-counts")
    posted = await everybody["other centre"].post(path, json=forms | {"count_no": "M-1"})
    assert posted.status_code == 201, posted.text
    assert await who(everybody, cycle, "confirm-meeting-count") == {"second": 1}
    assert await who(everybody, cycle, "stop-wave") == {}
    [task] = await told(everybody["second"], cycle)
    assert (await everybody["second"].post(task["path"], json=forms)).status_code == 201
    assert await who(everybody, cycle, "confirm-meeting-count") == {}
    assert await who(everybody, cycle, "post-meeting-count") == {}
    assert await who(everybody, cycle, "stop-wave") == both
    progress = await everybody["office"].get(f"/api/v1/cycles/{cycle}/survey-progress")
    [wave] = progress.json()["waves"]
    assert (wave["completed"], wave["expected"], wave["reached"]) == (70, 80, None)


def _text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


async def test_a_short_sample_is_decided_on_and_confirmed_by_others(everybody, opened):
    """Planted bugs: who competes decides; the proposer's other account confirms; a member confirms
    about the own category; what is proposed is proposed again."""
    cycle = opened.cycle_id
    assert (await opened.close(1)).status_code == 201
    assert await who(everybody, cycle, "decide-on-samples") == {"office": 2}
    [task] = [t for t in await told(everybody["office"], cycle) if t["kind"] == "decide-on-samples"]
    body = {"units": ["XQ01"], "treatment": "not_rated", **WHY}
    assert (await everybody["office"].post(task["path"], json=body)).status_code == 201
    assert await who(everybody, cycle, "decide-on-samples") == {"office": 1}
    assert await who(everybody, cycle, "confirm-sample-decision") == {"committee": 1}
    tasks = await told(everybody["committee"], cycle)
    assert (await everybody["committee"].post(tasks[0]["path"])).status_code == 201
    assert await who(everybody, cycle, "confirm-sample-decision") == {}
    assert await who(everybody, cycle, "decide-on-samples") == {"office": 1}


async def test_where_the_office_is_barred_the_second_body_decides(
    everybody, opened, bar_the_office
):
    bar_the_office(opened.cycle_id)
    assert (await opened.close(1)).status_code == 201
    assert await who(everybody, opened.cycle_id, "decide-on-samples") == {"body": 2}


async def test_it_takes_as_many_statements_however_much_was_answered(
    service, everybody, opened, row
):
    """Planted bug: count the responses unit by unit."""

    async def asked(name):
        with service.statements() as said:
            await told(everybody[name], opened.cycle_id)
        return len(said)

    few = [await asked(name) for name in ("office", "centre", "committee")]
    await opened.post([row(unit=unit) for unit in ("XQ01", "XQ02") for _ in range(50)])
    assert [await asked(name) for name in ("office", "centre", "committee")] == few
    assert max(few) <= 8, few
