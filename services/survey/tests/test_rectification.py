"""Units are asked to mend what an accepted opinion says, reply, and are told whether that will do;
they read nothing of the opinion but its wording."""

import datetime as dt
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.rules.rectification import (
    ItemsRejected,
    ItemState,
    ItemStep,
    ReplyVerdict,
    check_assignment,
    check_reply,
    check_reply_decision,
    is_overdue,
    state_of,
)

SAID = "张三在三号窗口等了三小时。"
WORDING = "窗口等候时间过长。"
REPLY = "已增设两个窗口。"
FAR = "2199-12-31"
WHO = ("张三", "respondent-", "I7", "B-", "token")


@pytest.fixture
async def closed(opened, row):
    """Give a closed wave with an opinion about XQ01 that came with an interview."""
    said = row(opinion=SAID, interviewer="I7")
    assert (await opened.post([said])).status_code == 201
    assert (await opened.close()).status_code == 201
    return opened


@pytest.fixture(scope="session")
async def second(service):
    """Give somebody else of the office."""
    async with service.caller("performance_office", unit="ZH01", person="two") as client:
        yield client


@pytest.fixture(scope="session")
async def units(service):
    """Give callers of two units that are assessed."""
    one, other = (service.caller("assessed_unit", unit=each) for each in ("XQ01", "XQ02"))
    async with one as first, other as last:
        yield {"XQ01": first, "XQ02": last}


@pytest.fixture
async def accepted(closed, second):
    """Give the id of the opinion, which has been accepted."""
    path = closed.path(1, "opinions")
    [item] = (await closed.office.get(path)).json()["items"]
    named = {"opinion_id": item["opinion_id"]}
    rows = [named | {"verdict": "accept", "wording": WORDING}]
    answer = await closed.office.post(f"{path}/reviews", json={"rows": rows})
    assert answer.status_code == 201, answer.text
    answer = await second.post(f"{path}/confirmations", json={"rows": [named | {"review_no": 1}]})
    assert answer.status_code == 201, answer.text
    return item["opinion_id"]


def items(survey, *rest):
    return "/".join([f"/api/v1/cycles/{survey.cycle_id}/rectification-items", *rest])


async def assign(survey, opinion, units=("XQ01",), client=None, **replaced):
    body = {"origin": {"kind": "opinion", "id": opinion}, "units": [*units]}
    body |= {"deadline": FAR, "request": "请整改并答复。"} | replaced
    return await (client or survey.office).post(items(survey), json=body)


async def read(survey, client):
    answer = await client.get(items(survey))
    assert answer.status_code == 200, answer.text
    return answer


async def expected(survey, client):
    answer = await client.get(f"/api/v1/cycles/{survey.cycle_id}/tasks/survey")
    kinds = [(each["kind"], each["deadline"]) for each in answer.json()["tasks"]]
    return [each for each in kinds if each[0].endswith("rectification")]


async def test_an_item_is_assigned_replied_to_returned_and_accepted(
    closed, accepted, units, service, problem
):
    """Planted bugs: another unit reads or replies; a reply that is published before it is accepted;
    the original in place of the wording."""
    answer = await assign(closed, accepted)
    assert answer.status_code == 201, answer.text
    [item] = answer.json()["items"]
    own = await read(closed, units["XQ01"])
    assert own.json()["items"] == [item]
    assert {name: item[name] for name in ("unit", "wording", "state", "is_overdue")} == {
        "unit": "XQ01",
        "wording": WORDING,
        "state": "open",
        "is_overdue": False,
    }
    assert not any(each in own.text for each in WHO)
    assert (await read(closed, units["XQ02"])).json()["items"] == []
    assert await expected(closed, units["XQ01"]) == [("reply-to-rectification", FAR)]
    assert await expected(closed, units["XQ02"]) == await expected(closed, closed.office) == []
    replies, decisions = (items(closed, item["item_id"], x) for x in ("replies", "decisions"))
    accept, back = {"decision": "accept"}, {"decision": "return", "reason": "未说明时限。"}
    answer = await closed.office.post(decisions, json=accept)
    assert problem(answer) == (409, "item-not-replied", [])
    for stranger in (units["XQ02"], closed.office):
        assert (await stranger.post(replies, json={"text": REPLY})).status_code == 403
    assert (await units["XQ01"].post(replies, json={"text": "正在研究。"})).status_code == 201
    again = await units["XQ01"].post(replies, json={"text": REPLY})
    assert problem(again) == (409, "item-not-open", [])
    assert await expected(closed, closed.office) == [("decide-on-rectification", None)]
    assert (await units["XQ01"].post(decisions, json=accept)).status_code == 403
    answer = await closed.office.post(decisions, json={"decision": "return"})
    assert problem(answer)[2] == [("/reason", "reason-missing")]
    assert (await closed.office.post(decisions, json=back)).json()["state"] == "returned"
    assert await expected(closed, units["XQ01"]) == [("reply-to-rectification", FAR)]
    assert (await units["XQ01"].post(replies, json={"text": REPLY})).status_code == 201
    assert (await closed.office.post(closed.path(1, "opinions", "publication"))).is_success
    everybody = f"/api/v1/cycles/{closed.cycle_id}/opinions"
    [told] = (await units["XQ02"].get(everybody)).json()["items"]
    assert told["rectification"] == [{"unit": "XQ01", "state": "replied", "reply": None}]
    answer = await closed.office.post(decisions, json=accept)
    assert answer.json()["state"] == "accepted", answer.text
    assert [each["step"] for each in answer.json()["steps"]] == [
        *("replied", "returned", "replied", "accepted")
    ]
    [told] = (await units["XQ02"].get(everybody)).json()["items"]
    assert told["rectification"] == [{"unit": "XQ01", "state": "accepted", "reply": REPLY}]
    assert await expected(closed, closed.office) == await expected(closed, units["XQ01"]) == []
    async with service.caller("auditor") as auditor:
        assert len((await read(closed, auditor)).json()["items"]) == 1
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{closed.cycle_id}")
        assert "rectification-accepted" in chain.text
        assert not any(each in chain.text for each in ("张三", WORDING, REPLY))


async def test_who_replied_for_the_unit_does_not_accept_the_reply(
    closed, accepted, units, service, problem
):
    """Under whichever account; to return it is a decision, too. Planted bug: compare accounts."""
    [item] = (await assign(closed, accepted)).json()["items"]
    replies, decisions = (items(closed, item["item_id"], x) for x in ("replies", "decisions"))
    unit = service.caller("assessed_unit", unit="XQ01", subject="reply", person="one")
    async with unit as replying:
        assert (await replying.post(replies, json={"text": REPLY})).status_code == 201
    same = service.caller("performance_office", unit="ZH01", subject="reply-2", person="ONE")
    async with same as other:
        for body in ({"decision": "accept"}, {"decision": "return", "reason": "x"}):
            refused = await other.post(decisions, json=body)
            assert problem(refused) == (409, "same-person-confirms", [])
        assert await expected(closed, other) == []
    assert await expected(closed, closed.office) == [("decide-on-rectification", None)]
    assert (await closed.office.post(decisions, json={"decision": "accept"})).status_code == 201


async def test_only_what_was_accepted_is_assigned_once_to_units_of_the_scheme(
    closed, accepted, problem, units, service
):
    unknown = str(uuid4())
    answer = await assign(closed, unknown)
    assert problem(answer) == (422, "items-rejected", [("/origin/id", "origin-not-accepted")])
    answer = await assign(closed, accepted, ["XQ09", "XQ02"], deadline="2001-01-01")
    assert problem(answer)[2] == [
        ("/units/0", "unknown-unit"),
        ("/deadline", "deadline-past"),
    ]
    number = await assign(closed, accepted, request="请联系 0571-8765 4321")
    assert (number.status_code, "8765" in number.text) == (422, False)
    assert (await read(closed, closed.office)).json()["items"] == []
    assert (await assign(closed, accepted, ["XQ02", "YQ01"])).status_code == 201
    answer = await assign(closed, accepted, ["XQ01", "XQ02"])
    assert problem(answer)[2] == [("/units/1", "assigned-already")]
    listed = (await closed.office.get(f"{items(closed)}?unit=YQ01")).json()["items"]
    assert [each["unit"] for each in listed] == ["YQ01"]
    assert problem(await assign(closed, accepted, client=units["XQ01"]))[0] == 403
    async with service.caller("performance_office", unit="XQ02") as concerned:
        assert problem(await assign(closed, accepted, client=concerned))[1] == "decider-barred"
        told = (await read(closed, concerned)).json()["items"]
        assert [each["unit"] for each in told] == ["YQ01"]
    for role in ("committee", "survey_centre", "supervision"):
        async with service.caller(role, unit="XQ01") as client:
            assert (await client.get(items(closed))).status_code == 403
    answer = await units["XQ01"].post(items(closed, unknown, "replies"), json={"text": REPLY})
    assert problem(answer) == (404, "no-such-item", [])


async def test_an_opinion_in_quarantine_is_not_assigned_and_a_void_one_says_so(
    closed, accepted, problem, units, service
):
    [item] = (await assign(closed, accepted)).json()["items"]
    connection = await asyncpg.connect(service.superuser_url, ssl=False)
    await connection.execute(
        "INSERT INTO answer_void (cycle_id, survey_id, wave, interviewer, unit, decision_no)"
        " SELECT cycle_id, survey_id, 1, 'I7', '', 1 FROM survey WHERE survey_id = $1",
        UUID(closed.survey_id),
    )
    await connection.close()
    [told] = (await read(closed, units["XQ01"])).json()["items"]
    assert (told["wording"], told["is_void"]) == (None, True)
    replies = items(closed, item["item_id"], "replies")
    answer = await units["XQ01"].post(replies, json={"text": REPLY})
    assert problem(answer) == (409, "item-void", [])
    assert await expected(closed, units["XQ01"]) == []
    answer = await assign(closed, accepted, ["XQ02"])
    assert problem(answer)[2] == [("/origin/id", "origin-not-accepted")]


async def test_what_is_only_proposed_is_not_assigned(closed, problem):
    path = closed.path(1, "opinions")
    [item] = (await closed.office.get(path)).json()["items"]
    rows = [{"opinion_id": item["opinion_id"], "verdict": "accept"}]
    assert (await closed.office.post(f"{path}/reviews", json={"rows": rows})).status_code == 201
    answer = await assign(closed, item["opinion_id"])
    assert problem(answer)[2] == [("/origin/id", "origin-not-accepted")]


DAY = dt.date(2025, 6, 30)
R, A, B = ItemStep.REPLIED, ItemStep.ACCEPTED, ItemStep.RETURNED


@pytest.mark.parametrize(
    ("steps", "state", "before", "on", "after"),
    [
        ([], ItemState.OPEN, False, False, True),
        ([R], ItemState.REPLIED, False, False, False),
        ([R, B], ItemState.RETURNED, False, False, True),
        ([R, B, R], ItemState.REPLIED, False, False, False),
        ([R, A], ItemState.ACCEPTED, False, False, False),
    ],
)
def test_an_item_is_overdue_from_the_day_after_its_deadline_while_the_unit_is_to_reply(
    steps, state, before, on, after
):
    """Planted bugs: on the day itself; one that was replied to."""
    assert state_of(steps) is state
    days = (DAY - dt.timedelta(1), DAY, DAY + dt.timedelta(1))
    assert [is_overdue(state, DAY, today) for today in days] == [before, on, after]
    if state in (ItemState.OPEN, ItemState.RETURNED):
        check_reply(state, void=False)
    if state is ItemState.REPLIED:
        assert check_reply_decision(state, ReplyVerdict.ACCEPT, None, void=False) is A
        assert check_reply_decision(state, ReplyVerdict.RETURN, "x", void=False) is B


def test_a_deadline_may_be_today():
    check_assignment(["A"], {"A"}, (), DAY, DAY, accepted=True)
    with pytest.raises(ItemsRejected):
        check_assignment(["A"], {"A"}, (), DAY, DAY + dt.timedelta(1), accepted=True)
