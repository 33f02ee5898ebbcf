"""Objections that are taken back, and what somebody who objected is reached by, over HTTP."""

import datetime as dt

import pytest
from services.ranking.tests.test_notices import (
    ANSWERER,
    OBJECTION,
    answer_to,
    decide,
    noticed,  # noqa: F401 - a fixture
    object_to,
    opened,
    refused,
)

from ranking.rules.notices import kept_until

CONTACT = "13912345678"
GIVEN = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("answered", "withdrawn", "days"),
    [(None, None, 365), (10, None, 40), (None, 3, 3), (360, None, 365)],
)
def test_a_contact_is_kept_no_longer_than_it_is_needed(answered, withdrawn, days):
    """Planted bugs: kept for good where nobody answers; 30 days after it was taken back too."""
    ends = (None if n is None else GIVEN + dt.timedelta(n) for n in (answered, withdrawn))
    assert kept_until(GIVEN, *ends) == GIVEN + dt.timedelta(days)


async def filed_openly(cycle, notice, **more):
    answer = await cycle.openly(f"/notices/{notice}/objections", OBJECTION | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def taken_back(cycle, notice, filed, token=None):
    async with cycle.service.client({"Objection-Token": token or filed["token"]}) as client:
        return await client.post(
            f"/api/v1/public/cycles/{cycle.cycle_id}/notices/{notice}/objections"
            f"/{filed['reference']}/withdrawal",
        )


async def bare(cycle, path, role, **who):
    """Give a command that has no body."""
    async with cycle.service.caller(role, **who) as client:
        return await client.post(f"/api/v1/cycles/{cycle.cycle_id}{path}")


async def withdraw(cycle, notice, reference, unit="XQ01"):
    path = f"/notices/{notice}/objections/{reference}/withdrawal"
    return await bare(cycle, path, "assessed_unit", unit=unit)


async def read(cycle, notice, reference, **who):
    path = f"/notices/{notice}/objections/{reference}/contact-readings"
    return await cycle.post(path, {"reason": "核实情况"}, **ANSWERER | who)


async def erase(cycle):
    answer = await bare(cycle, "/notice-erasures", "performance_office")
    assert answer.status_code == 201, answer.text
    return answer.json()["erased"]


async def tasks(cycle):
    async with cycle.service.caller("performance_office", subject="t") as client:
        told = (await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")).json()
    return {each["kind"]: each["count"] for each in told["tasks"]}


async def test_what_is_taken_back_is_awaited_by_nothing_and_answered_by_nobody(noticed, clock):  # noqa: F811
    """Planted bugs: the decision waits for it; another unit's number, or a wrong token, takes it
    back; it is taken back twice, or after the answer; it is told of as one that waits."""
    cycle = noticed()
    edition, told = await opened(cycle)
    number = told["notice"]
    own = (await object_to(cycle, number)).json()["objection"]["reference"]
    filed = await filed_openly(cycle, number)
    answered = (await object_to(cycle, number)).json()["objection"]["reference"]
    assert (await answer_to(cycle, number, answered)).status_code == 201
    await clock.pass_days(9)
    assert refused(await decide(cycle, edition)) == (409, "objections-unanswered")
    async with cycle.unchanged():
        other = await withdraw(cycle, number, own, "XQ02")
        assert refused(other) == (404, "no-such-notice-objection")
        assert refused(await withdraw(cycle, number + 1, own)) == refused(other)
        assert refused(await taken_back(cycle, number, filed, "x" * 43)) == refused(other)
        late = await withdraw(cycle, number, answered)
        assert refused(late) == (409, "notice-objection-settled")
    gone = await withdraw(cycle, number, own)
    assert gone.status_code == 201, gone.text
    assert gone.json()["objection"]["withdrawn_at"]
    assert (await decide(cycle, edition)).json()["objections"] == [filed["reference"]]
    answer = await taken_back(cycle, number, filed)
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert answer.json()["answer"] is None
    for again in (await withdraw(cycle, number, own), await taken_back(cycle, number, filed)):
        assert refused(again) == (409, "notice-objection-settled")
    too_late = await answer_to(cycle, number, own)
    assert [each["code"] for each in too_late.json()["errors"]] == ["taken-back"]
    async with cycle.service.caller("performance_office") as client:
        at = f"/api/v1/cycles/{cycle.cycle_id}/notices/{number}/objections"
        waiting = (await client.get(at, params={"answered": False})).json()["items"]
        everything = (await client.get(at)).json()["items"]
    assert waiting == []
    of = {each["reference"]: "withdrawn_at" in each for each in everything}
    assert of == {own: True, filed["reference"]: True, answered: False}
    assert "answer-notice-objections" not in await tasks(cycle)
    assert (await decide(cycle, edition)).status_code == 201


async def test_a_contact_is_read_by_who_may_answer_and_stands_nowhere(noticed, capsys):  # noqa: F811
    """Planted bugs: it is stored as it came; a competitor reads it; the reading is not on record;
    a repeated request shows it again."""
    cycle = noticed()
    _, told = await opened(cycle)
    number = told["notice"]
    with_number = await cycle.openly(
        f"/notices/{number}/objections", OBJECTION | {"text": f"请致电{CONTACT}"}
    )
    assert with_number.status_code == 422
    own = await object_to(cycle, number, contact=CONTACT)
    assert own.status_code == 422  # a unit is known
    filed = await filed_openly(cycle, number, contact=CONTACT)
    without = await filed_openly(cycle, number)

    rival = await read(cycle, number, filed["reference"], unit="XQ05")
    assert refused(rival) == (403, "decider-barred")
    for role in ("committee", "auditor", "assessed_unit"):
        assert (await read(cycle, number, filed["reference"], role=role)).status_code == 403
    nothing = await read(cycle, number, without["reference"])
    assert refused(nothing) == (404, "no-notice-contact")
    shown = await read(cycle, number, filed["reference"])
    assert (shown.status_code, shown.headers["cache-control"]) == (201, "no-store")
    assert shown.json()["contact"] == CONTACT
    [row] = await cycle.service.sql(
        "SELECT reason, subject FROM notice_contact_reading WHERE cycle_id = $1", cycle.cycle_id
    )
    assert dict(row) == {"reason": "核实情况", "subject": "answerer"}

    for table in await cycle.service.sql(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
    ):
        found = await cycle.service.sql(
            f"SELECT count(*) AS n FROM {table['name']} AS t WHERE t::text LIKE '%' || $1 || '%'",  # noqa: S608 - a name of our own
            CONTACT,
        )
        assert found[0]["n"] == 0, table["name"]
    written = capsys.readouterr()
    assert CONTACT not in written.out + written.err


async def test_a_contact_is_erased_in_time_and_read_by_nobody_then(noticed, clock):  # noqa: F811
    """Planted bugs: read until somebody erases it; erased while it is needed; taken although
    nobody erases; nobody is told that there is something to erase."""
    cycle = noticed()
    _, told = await opened(cycle)
    number = told["notice"]
    kept = await filed_openly(cycle, number, contact=CONTACT)
    back = await filed_openly(cycle, number, contact=CONTACT)
    asked = await filed_openly(cycle, number, contact=CONTACT)
    assert await erase(cycle) == 0
    await taken_back(cycle, number, back)
    gone = await read(cycle, number, back["reference"])
    assert refused(gone) == (404, "no-notice-contact")
    assert (await tasks(cycle))["erase-notice-contacts"] == 1
    assert await erase(cycle) == 1
    assert await erase(cycle) == 0
    await answer_to(cycle, number, asked["reference"])
    assert (await read(cycle, number, asked["reference"])).status_code == 201
    await clock.pass_days(31)
    assert refused(await read(cycle, number, asked["reference"])) == (404, "no-notice-contact")
    assert (await read(cycle, number, kept["reference"])).status_code == 201
    await clock.pass_days(8)
    _, again = await opened(cycle)
    full = await cycle.openly(
        f"/notices/{again['notice']}/objections", OBJECTION | {"contact": CONTACT}
    )
    assert refused(full) == (409, "notice-contacts-not-erased")
    await filed_openly(cycle, again["notice"])
    assert await erase(cycle) == 1
    await filed_openly(cycle, again["notice"], contact=CONTACT)
