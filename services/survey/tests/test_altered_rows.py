"""A row changed in the database is named, and neither counted nor told."""

import asyncpg
import pytest

from survey.tables import Base

ELSEWHERE = {
    *("meeting_count", "meeting_count_step", "seat", "urn", "ballot", "voter", "urn_opening"),
    *("form_link", "form_link_use", "form_link_withdrawal", "boxed_form", "seat_replacement"),
    *("batch_withdrawal", "batch_left_out", "refused_row", "export_mapping", "batch_file"),
}
"""Tables of which this survey has no rows; they are tried where there are some."""


@pytest.fixture
async def closed(service, to_attest, bodies, row, suspect):
    """Give a phone survey of which the first wave is closed and the second open with answers."""
    planned = to_attest
    planned.bodies = bodies
    plan = {"rows": [{"unit": "XQ01", "quota": 400}]}
    assert (await planned.office.post(planned.path(1, "plans"), json=plan)).status_code == 201
    words = {
        each: each
        for each in (
            "very_satisfied",
            "satisfied",
            "fair",
            "dissatisfied",
            "very_dissatisfied",
            "dont_know",
        )
    }
    asked = {"title": "x", "questions": [{"code": "answer", "text": "x", "options": words}]}
    said = {"languages": [{"language": "zh", **asked}]}
    path = f"/api/v1/surveys/{planned.survey_id}/questionnaires"
    assert (await planned.office.post(path, json=said)).status_code == 201
    assert (await planned.open()).status_code == 201
    assert (await planned.stop()).status_code == 201
    path = planned.path(1, "reopening")
    assert (await planned.office.post(path, json={"reason": "x"})).status_code == 201
    why = {"reason": "x", "document_no": "1"}
    assert (await planned.office.post(planned.path(1, "voidings"), json=why)).status_code == 201
    async with service.caller("committee", subject="member", person="member") as member:
        path = planned.path(1, "voidings", "1", "confirmation")
        refused = await member.post(path, json={"decision": "refuse", "reason": "x"})
        assert refused.status_code == 201
    answers = [
        row(respondent_group="a", opinion="窗口太少。"),
        row("fair", unit="XQ02"),
        row("fair", outcome="refused"),
    ]
    rows = [{k: v for k, v in each.items() if k != "respondent_group"} for each in answers[:2]]
    assert (await planned.post([*rows, *suspect()])).status_code == 201
    assert (await planned.stop()).status_code == 201
    path = planned.path(1, "screen-decisions")
    finding = {"screen": "equal_durations", "about": "unit", "subject": "XQ01"}
    void = {"verdict": "void_interviewer", "findings": [finding], "interviewer": "I1"} | why
    assert (await planned.office.post(path, json=void)).status_code == 201
    async with service.caller("committee", subject="member", person="member") as member:
        assert (await member.post(f"{path}/1/confirmation")).status_code == 201
    assert (await planned.close()).status_code == 201
    path = planned.path(1, "opinions")
    [said] = (await planned.office.get(path)).json()["items"]
    reviewed = {"opinion_id": said["opinion_id"]}
    rows = [reviewed | {"verdict": "accept"}]
    assert (await planned.office.post(f"{path}/reviews", json={"rows": rows})).status_code == 201
    async with service.caller("performance_office", unit="ZH01", person="two") as other:
        rows = [reviewed | {"review_no": 1}]
        assert (await other.post(f"{path}/confirmations", json={"rows": rows})).status_code == 201
    assert (await planned.office.post(f"{path}/publication")).status_code == 201
    path = f"/api/v1/cycles/{planned.cycle_id}/rectification-items"
    asked = {"origin": {"kind": "opinion", "id": said["opinion_id"]}, "units": ["XQ01"]}
    asked |= {"deadline": "2199-12-31", "request": "x"}
    [item] = (await planned.office.post(path, json=asked)).json()["items"]
    async with service.caller("assessed_unit", unit="XQ01") as unit:
        path = f"{path}/{item['item_id']}/replies"
        assert (await unit.post(path, json={"text": "x"})).status_code == 201
    path = planned.path(1, "sample-decisions")
    decision = {"units": ["XQ01"], "treatment": "counted", "reason": "x", "document_no": "1"}
    assert (await planned.office.post(path, json=decision)).status_code == 201
    async with service.caller("committee", subject="member", person="member") as member:
        assert (await member.post(f"{path}/1/confirmation")).status_code == 201
    assert (await planned.open(2)).status_code == 201
    assert (await planned.post([row()], wave=2)).status_code == 201
    return planned


async def test_a_change_of_any_stored_field_is_found_and_named(service, closed):
    """Planted bugs: leave a column out of the digest, or a table out of the register."""
    found = await service.verification(str(closed.cycle_id))
    assert (found["holds"], found["rows"]) == (True, [])
    where = f"cycle_id = '{closed.cycle_id}'"
    assert set(await service.unnoticed(str(closed.cycle_id), where)) == ELSEWHERE


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("wave_result", "score = 100"),
        ("wave_result", "valid_sample = 1000"),
        ("wave", "state = 'planned'"),
        ("survey", 'definition = definition || \'{"name": "x"}\''),
        ("survey_unit", "unit = 'YQ09'"),
    ],
)
async def test_satisfaction_is_not_told_from_what_was_altered(service, closed, table, change):
    where = f"cycle_id = '{closed.cycle_id}'"
    assert (await closed.satisfaction()).status_code == 200
    async with service.altered(table, change, where):
        answer = await closed.satisfaction()
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
        assert answer.json()["rows"][0]["table"] == table
    assert (await closed.satisfaction()).status_code == 200


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("response", "answer = 'very_satisfied'"),
        ("response", "unit = 'XQ02'"),
        ("batch", "accepted = 9"),
    ],
)
async def test_a_wave_with_altered_answers_does_not_close(service, closed, table, change):
    where = f"cycle_id = '{closed.cycle_id}' AND wave = 2"
    async with service.altered(table, change, where):
        answer = await closed.close(2)
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
    assert (await closed.close(2)).status_code == 201


async def test_an_answer_that_nobody_posted_keeps_a_wave_from_closing(service, closed):
    """Planted bug: compare only the batches that were posted."""
    await service.tamper(
        "INSERT INTO response (cycle_id, survey_id, wave, unit, respondent_token, batch_no,"
        " outcome, answer, occasion, generation, attempt)"
        " SELECT cycle_id, survey_id, wave, unit, 'slipped-in-12345', batch_no,"
        " outcome, 'very_satisfied', 0, 0, 1 FROM response WHERE wave = 2"
        " ORDER BY record DESC LIMIT 1"
    )
    answer = await closed.close(2)
    assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wave SET state = 'open' WHERE state = 'closed'",
        "UPDATE wave SET state = 'planned' WHERE state = 'open'",
        "UPDATE wave SET state = 'closed' WHERE state = 'planned'",
        "DELETE FROM wave",
    ],
)
async def test_the_role_of_the_service_cannot_take_a_wave_back(service, closed, planned, statement):
    """Planted bug: UPDATE of the state without a trigger that lets it go forward only."""
    await planned.office.post(f"/api/v1/cycles/{planned.cycle_id}/surveys", json={"code": "idle"})
    other = await planned.office.post(
        "/api/v1/cycles/00000000-0000-0000-0000-00000000abcd/surveys", json={"code": "phone"}
    )
    assert other.status_code in (201, 409)
    connection = await asyncpg.connect(service.urls.app.replace("+asyncpg", ""), ssl=False)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_the_journal_vouches_for_every_table(service):
    """Planted bug: a migration that adds a table and does not say that it is recorded."""
    known = await service.sql("SELECT relation FROM journal_table")
    assert {each["relation"] for each in known} == set(Base.metadata.tables)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("response", "answer = 'very_satisfied'"),
        ("wave_weights", "units = units || units"),
        ("sample_plan", "cells = '[]'"),
    ],
)
async def test_estimates_are_not_told_from_what_was_altered(service, closed, table, change):
    where = f"cycle_id = '{closed.cycle_id}' AND wave = 1"
    assert (await closed.office.get(closed.path(1, "estimates"))).status_code == 200
    async with service.altered(table, change, where):
        answer = await closed.office.get(closed.path(1, "estimates"))
        assert (answer.status_code, answer.json()["type"]) == (500, "stored-data-altered")
        assert answer.json()["rows"][0]["table"] == table
