"""What citizens without an account may do, and what becomes of what they are reached by."""

import asyncpg
import pytest
from services.scoring.tests.complaints.handling import LEAD, TEXT, codes

CANARY = "13900012345"


@pytest.fixture
async def citizen(shifting):
    async with shifting.client({"Accept-Language": "en"}) as client:
        yield client


@pytest.fixture
async def desk(complaints):
    answer = await complaints.cycle.post(
        complaints.cycle.office, "complaint-desk", {"is_open": True}
    )
    assert answer.status_code == 201, answer.text
    return f"/api/v1/public/cycles/{complaints.cycle.cycle_id}/complaints"


async def raised(citizen, desk, **more):
    answer = await citizen.post(desk, json=TEXT | more)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    return f"{desk}/{told['reference']}", {"Complaint-Token": told["token"]}


async def whole(complaints) -> bytes:
    """Every row of every table, as text."""
    connection = await asyncpg.connect(complaints.cycle.service.superuser_url, ssl=False)
    try:
        tables = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        rows = [
            str(row["t"])
            for each in tables
            for row in await connection.fetch(f'SELECT t::text AS t FROM "{each["relname"]}" t')  # noqa: S608
        ]
    finally:
        await connection.close()
    return "\n".join(rows).encode()


async def answered(complaints, complaint_id):
    await complaints.must(await complaints.direct(complaint_id, "accept", kind="petition"))
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD]))
    await complaints.must(await complaints.answer(complaint_id))


def reading(complaints, complaint_id, by=None):
    path = f"complaints/{complaint_id}/contact-readings"
    return complaints.cycle.post(by or complaints.cycle.office, path, {"reason": "回访"})


async def erase(complaints):
    answer = await complaints.cycle.post(complaints.cycle.office, "complaint-erasures", None)
    assert answer.status_code == 201, answer.text
    return answer.json()["erased"]


async def test_a_desk_that_is_not_open_takes_nothing_and_tells_nothing(complaints, citizen):
    """Planted bug: a ledger is opened for whatever cycle somebody names."""
    desk = f"/api/v1/public/cycles/{complaints.cycle.cycle_id}/complaints"
    before = await complaints.cycle.rows()
    shut = await citizen.post(desk, json=TEXT)
    assert (shut.status_code, shut.json()["type"]) == (404, "no-complaint-desk")
    assert await complaints.cycle.rows() == before
    office = complaints.cycle.office
    for is_open in (True, False):
        answer = await complaints.cycle.post(office, "complaint-desk", {"is_open": is_open})
        assert answer.json()["is_open"] is is_open
        told = await office.get(f"/api/v1/cycles/{complaints.cycle.cycle_id}/complaint-desk")
        assert (told.status_code, told.json()["is_open"]) == (200, is_open)
    assert (await citizen.post(desk, json=TEXT)).status_code == 404


async def test_number_and_token_open_one_complaint_and_no_other(complaints, citizen, desk):
    """Planted bugs: the token of any complaint is taken; a token stored as it is."""
    mine, secret = await raised(citizen, desk)
    other, another = await raised(citizen, desk)
    assert (await citizen.get(mine, headers=secret)).json()["state"] == "raised"
    answers = [
        await citizen.get(mine, headers=another),
        await citizen.get(mine),
        await citizen.get(f"{desk}/AAAA-AAAA-AAAA", headers=secret),
        await citizen.post(f"{other}/verdict", json={"word": "satisfied"}, headers=secret),
    ]
    assert {each.status_code for each in answers} == {404}
    assert len({each.json()["detail"] for each in answers}) == 1
    found = await complaints.cycle.rows()
    assert found["complaint"] == 2
    assert secret["Complaint-Token"].encode() not in await whole(complaints)


async def test_a_number_that_leads_to_a_person_is_taken_by_one_field_and_sealed(
    complaints, citizen, desk, capfd
):
    """Planted bugs: the contact stored as it came, repeated in a refusal, or kept under the key of
    the command that read it."""
    for wrong in ({"text": CANARY}, {"contact": "x"}, {"contact": CANARY, "phone": CANARY}):
        answer = await citizen.post(desk, json=TEXT | wrong)
        assert answer.status_code == 422
        assert CANARY not in answer.text
    mine, secret = await raised(citizen, desk, contact=CANARY)
    [complaint_id] = await complaints.listed()
    early = await reading(complaints, complaint_id)
    assert (early.status_code, early.json()["type"]) == (409, "not-needed-now")
    await answered(complaints, complaint_id)
    headers = {"Idempotency-Key": f"reading-{complaint_id}"}
    path = f"{complaints.cycle.path}/complaints/{complaint_id}/contact-readings"
    office, body = complaints.cycle.office, {"reason": "回访"}
    read = await office.post(path, json=body, headers=headers)
    assert (read.status_code, read.json()["contact"]) == (201, CANARY)
    again = await office.post(path, json=body, headers=headers)
    assert again.json()["contact"] is None
    assert (await complaints.cycle.rows())["complaint_contact_reading"] == 1
    for other in (complaints.of(), complaints.cycle.caller("auditor")):
        assert (await reading(complaints, complaint_id, other)).status_code == 403
    inside = complaints.cycle.caller("performance_office", unit="XQ01", subject="inside")
    assert codes(await reading(complaints, complaint_id, inside)) == {"own-unit"}
    assert CANARY not in (await citizen.get(mine, headers=secret)).text
    assert CANARY.encode() not in await whole(complaints)
    said = capfd.readouterr()
    assert CANARY not in said.out + said.err


async def test_a_contact_is_erased_after_its_time_and_its_key_with_it(
    complaints, citizen, desk, clock
):
    """Planted bugs: the row is added and the key stays; what is still in hand is erased."""
    keys = complaints.cycle.service.app.state.contact_keys._folder
    others = {each.name for each in keys.iterdir()} if keys.exists() else set()
    mine, secret = await raised(citizen, desk, contact=CANARY)
    [complaint_id] = await complaints.listed()
    await raised(citizen, desk, contact=CANARY)
    await answered(complaints, complaint_id)
    said = await citizen.post(f"{mine}/verdict", json={"word": "satisfied"}, headers=secret)
    assert said.status_code == 201
    await complaints.must(await complaints.direct(complaint_id, "close"))
    names = {each.name for each in keys.iterdir()} - others
    await clock.pass_days(29)
    assert await erase(complaints) == 0
    await clock.pass_days(2)
    checked = await complaints.cycle.office.post(
        f"{complaints.cycle.path}/complaint-erasures?mode=check"
    )
    assert checked.json()["erased"] == 1
    assert {each.name for each in keys.iterdir()} - others == names
    assert await erase(complaints) == 1
    gone = names - {each.name for each in keys.iterdir()}
    assert {each[:32] for each in gone} == {complaint_id.replace("-", "")}
    assert await erase(complaints) == 0
    await clock.pass_days(333)  # a day less than a year
    assert await erase(complaints) == 0
    await clock.pass_days(2)
    assert await erase(complaints) == 1
    assert names.isdisjoint(each.name for each in keys.iterdir())


async def test_what_a_citizen_says_goes_before_what_the_office_heard(complaints, citizen, desk):
    """Planted bug: the latest word holds, whosever it is."""
    mine, secret = await raised(citizen, desk)
    [complaint_id] = await complaints.listed()
    await answered(complaints, complaint_id)
    await complaints.must(await complaints.direct(complaint_id, "revisit", word="satisfied"))
    no = {"word": "dissatisfied"}
    assert (await citizen.post(f"{mine}/verdict", json=no, headers=secret)).status_code == 201
    office = complaints.cycle.office
    closing = await complaints.direct(complaint_id, "close", by=office)
    assert codes(closing) == {"redo-first"}


async def test_what_is_about_the_office_is_told_to_the_body_alone(complaints, citizen, desk):
    await raised(citizen, desk, about_office=True, contact=CANARY)
    assert await complaints.listed() == []
    [complaint_id] = await complaints.listed(by=complaints.body)
    denied = await reading(complaints, complaint_id)
    assert (denied.status_code, denied.json()["type"]) == (404, "no-such-complaint")


async def erasure_task(complaints, by=None):
    client = by or complaints.cycle.office
    answer = await client.get(f"{complaints.cycle.path}/tasks/scoring")
    assert answer.status_code == 200, answer.text
    found = [each for each in answer.json()["tasks"] if each["kind"] == "erase-contacts"]
    return [(each["count"], each["deadline"], each["path"]) for each in found]


async def test_where_nobody_erases_the_office_is_told_and_no_more_contacts_are_taken(
    complaints, citizen, desk, clock
):
    """Planted bugs: only the log tells; a contact is read after its time as long as its key is
    there; contacts are taken although nobody erases any."""
    for _ in range(2):
        await raised(citizen, desk, contact=CANARY)
    first, second = await complaints.listed()
    await answered(complaints, second)
    await complaints.must(await complaints.direct(first, "refuse", text="不属于受理范围。"))
    today, path = await clock.today(), f"{complaints.cycle.path}/complaint-erasures"
    assert await erasure_task(complaints) == [(1, today, path)]
    for other in (complaints.of(), complaints.body, complaints.cycle.caller("auditor")):
        assert await erasure_task(complaints, other) == []
    await clock.pass_days(6)
    await raised(citizen, desk, contact=CANARY)
    await clock.pass_days(2)
    before = await complaints.cycle.rows()
    refused = await citizen.post(desk, json=TEXT | {"contact": CANARY})
    assert (refused.status_code, refused.json()["type"]) == (409, "contacts-not-erased")
    assert CANARY not in refused.text
    assert await complaints.cycle.rows() == before
    await raised(citizen, desk)
    assert await erase(complaints) == 1
    await raised(citizen, desk, contact=CANARY)
    assert await erasure_task(complaints) == []
    await clock.pass_days(360)
    late = await reading(complaints, second)
    assert (late.status_code, late.json()["type"]) == (404, "no-contact")
    assert [each[0] for each in await erasure_task(complaints)] == [1]


async def test_the_same_said_again_is_no_move_and_an_answer_is_judged_five_times(
    complaints, citizen, desk
):
    """Planted bugs: whoever says it again keeps the office from closing; said without an end."""
    mine, secret = await raised(citizen, desk)
    [complaint_id] = await complaints.listed()
    await answered(complaints, complaint_id)
    no = {"word": "dissatisfied"}
    for _ in range(3):
        assert (await citizen.post(f"{mine}/verdict", json=no, headers=secret)).status_code == 201
    told = (await citizen.get(mine, headers=secret)).json()
    assert [each["state"] for each in told["moves"]].count("revisited") == 1
    for n in range(4):
        said = no | {"text": f"第{n}次"}
        assert (await citizen.post(f"{mine}/verdict", json=said, headers=secret)).status_code == 201
    refused = await citizen.post(f"{mine}/verdict", json={"word": "satisfied"}, headers=secret)
    assert (refused.status_code, refused.json()["type"]) == (409, "not-to-be-rated")
    await complaints.must(await complaints.direct(complaint_id, "redo", text="重办"))
    await complaints.must(await complaints.answer(complaint_id))
    assert (await citizen.post(f"{mine}/verdict", json=no, headers=secret)).status_code == 201
    await complaints.must(await complaints.direct(complaint_id, "close", text="已尽力办理"))
    told = (await citizen.get(mine, headers=secret)).json()
    assert told["moves"][-1]["text"] == "已尽力办理"


async def test_whose_complaint_was_linked_reads_what_the_first_was_answered(
    complaints, citizen, desk
):
    """Planted bugs: the answer is the first one's alone; its text is told, too."""
    await raised(citizen, desk, text="首件内容")
    [first] = await complaints.listed()
    mine, secret = await raised(citizen, desk)
    [other] = [each for each in await complaints.listed() if each != first]
    await complaints.must(await complaints.direct(other, "link", text="并案", first=first))
    assert [e["state"] for e in (await citizen.get(mine, headers=secret)).json()["moves"]][-1] == (
        "linked"
    )
    await answered(complaints, first)
    told = await citizen.get(mine, headers=secret)
    last = told.json()["moves"][-1]
    assert (told.json()["state"], last["state"]) == ("linked", "answered")
    assert last["text"]
    assert "首件内容" not in told.text


async def test_nobody_without_the_token_has_the_journal_compared(complaints, citizen, desk):
    """Planted bug: all complaints are compared with the journal before the token is."""
    mine, secret = await raised(citizen, desk)
    told = []
    for token in (secret, {"Complaint-Token": "x"}):
        with complaints.cycle.service.statements() as asked:
            answer = await citizen.get(mine, headers=token)
        told.append((answer.status_code, len(asked)))
    assert [status for status, _ in told] == [200, 404]
    assert told[1][1] < told[0][1]
    assert told[1][1] <= 3
