"""Supervised items over HTTP: each move, who may make it, and what refuses it."""

import asyncio
from uuid import uuid4

import pytest
from services.scoring.tests.items.working import ITEM, codes, faults, later

OTHERS = [{"unit": "XQ03", "role": "lead", "share": 100}]
AGAIN = {"text": "未办实，重办。", "within": 5}


async def test_an_item_goes_from_its_registration_to_its_closing(items, clock):
    [item_id] = await items.registered()
    assert (await items.now(item_id))["state"] == "registered"
    assert (await items.dispatch(item_id)).status_code == 200
    found = await items.now(item_id)
    assert (found["state"], found["step"], found["light"]) == ("dispatched", 2, "none")
    assert found["due"] > await clock.today()
    for move, more in (
        ("sign", {}),
        ("report", {"text": "完成一半。", "completion": 50}),
        ("reply", {"text": "全部办结。"}),
    ):
        answer = await items.answer(item_id, move, **more)
        assert answer.status_code == 201, answer.text
    found = await items.now(item_id, by=items.of("XQ02"))
    assert (found["state"], found["completion"], found["step"]) == ("replied", 100, 5)
    answer = await items.direct(item_id, "close", by=items.cycle.office)
    assert answer.status_code == 201, answer.text
    found = await items.now(item_id)
    assert (found["state"], found["done_on"]) == ("closed", await clock.today())
    moves = ["register", "dispatch", "sign", "report", "reply", "close"]
    assert [each["move"] for each in found["moves"]] == moves
    assert {each["unit"]: each["share"] for each in found["units"]} == {"XQ01": 60, "XQ02": 40}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({"units": OTHERS + OTHERS}, {("units/1/unit", "named-twice"), ("units", "one-lead")}),
        ({"units": [OTHERS[0] | {"unit": "NOBODY"}]}, {("units/0/unit", "not-assessed")}),
        ({"units": [OTHERS[0] | {"role": "support"}]}, {("units", "one-lead")}),
        ({"units": [OTHERS[0] | {"share": 99}]}, {("units", "shares-sum")}),
        ({"readers": ["XQ01"]}, {("readers/0", "named-twice")}),
        ({"readers": ["NOBODY"]}, {("readers/0", "not-assessed")}),
        ({"within": None}, {("until", "missing")}),
        ({"until": "2099-01-01"}, {("within", "not-wanted")}),
        ({"within": None, "until": "2020-01-01"}, {("until", "day-outside")}),
        ({"within": None, "until": "2099-01-01"}, {("until", "day-outside")}),
    ],
)
async def test_what_is_wrong_with_an_item_is_named_and_nothing_is_registered(items, change, wanted):
    """Planted bug: shares that do not sum are taken."""
    answer = await items.register({}, change)
    assert (answer.status_code, answer.json()["type"]) == (422, "supervised-items-rejected")
    found = {(at.removeprefix("/items/1/"), code) for at, code in faults(answer)}
    assert wanted <= found
    assert await items.listed() == []
    partly = await items.register({}, change, query="?mode=partial")
    assert [each["outcome"] for each in partly.json()["rows"]] == ["stored", "refused"]
    assert len(await items.listed()) == 1


async def test_another_system_names_its_records_and_each_is_registered_once(items):
    """Planted bug: what is known is compared by its title alone."""
    refs = [{"source_ref": "OA-1"}, {"source_ref": "OA-2", "readers": ["XQ05"]}]
    first, second = await items.registered(*refs)
    again = await items.register(*refs, query="?mode=partial")
    rows = again.json()["rows"]
    assert [each["outcome"] for each in rows] == ["unchanged", "unchanged"]
    assert [each["item_id"] for each in rows] == [first, second]
    other = await items.register(
        {"source_ref": "OA-1", "text": "另有内容。"}, query="?mode=partial"
    )
    [row] = other.json()["rows"]
    assert (row["outcome"], row["errors"][0]["code"]) == ("refused", "registered-before")
    twice = await items.register({"source_ref": "OA-3"}, {"source_ref": "OA-3"})
    assert codes(twice) == {"source-ref-twice"}
    sent = [items.register({"source_ref": "OA-4"}, query="?mode=partial") for _ in range(6)]
    outcomes = [each.json()["rows"][0]["outcome"] for each in await asyncio.gather(*sent)]
    assert sorted(outcomes) == ["stored"] + ["unchanged"] * 5
    assert len(await items.listed()) == 3


async def test_the_system_of_a_unit_names_what_it_sends_and_each_is_made_once(items):
    """Planted bugs: what is known is compared by its move alone; another unit's name taken for the
    own; the step compared before the name."""
    item = await items.dispatched(source_ref="OA-9")
    assert await items.listed(by=items.of(), source_ref="OA-9") == [item]
    assert await items.listed(by=items.of(), source_ref="OA-8") == []
    assert await items.listed(by=items.of("XQ03"), source_ref="OA-9") == []
    signed = await items.answer(item, "sign", source_ref="S-1", step=2)
    assert (signed.status_code, signed.json()["step"]) == (201, 3)
    told = {"text": "完成一半。", "completion": 50, "source_ref": "R-1"}
    first = await items.answer(item, "report", **told)
    other = await items.answer(item, "report", by=items.of("XQ02"), **told)
    assert [each.json()["step"] for each in (first, other)] == [4, 5]
    # Whatever has become of it since, and whichever step the system has seen.
    again = await items.answer(item, "report", **told, step=2)
    assert (again.status_code, again.json()["step"], again.json()["receipt"]) == (201, 4, None)
    assert (await items.answer(item, "sign", source_ref="S-1", step=1)).json()["step"] == 3
    until = later((await items.now(item))["due"], 9)
    asked = {"text": "请延期。", "until": until, "source_ref": "E-1"}
    assert (await items.answer(item, "ask_extension", **asked)).status_code == 201
    assert (await items.answer(item, "ask_extension", **asked)).json()["step"] == 6
    for change in (
        {"text": "全部完成。"},
        {"completion": 60},
        {"completion": None, "source_ref": "E-1"},
    ):
        answer = await items.answer(item, "report", **told | change)
        assert (answer.status_code, codes(answer)) == (409, {"sent-before"}), change
    more = asked | {"until": later(until, 1)}
    assert codes(await items.answer(item, "ask_extension", **more)) == {"sent-before"}
    moves = (await items.now(item))["moves"]
    assert [each["source_ref"] for each in moves] == [None, None, "S-1", "R-1", "R-1", "E-1"]
    sent = [items.answer(item, "reply", text="办结。", source_ref="P-1", step=6) for _ in range(4)]
    steps = [each.json()["step"] for each in await asyncio.gather(*sent)]
    assert steps == [7] * 4


async def test_another_person_of_the_office_dispatches_whole_meetings(items):
    """Planted bugs: who registered is let dispatch; the account compared and not the person."""
    ids = await items.registered(*[{"title": f"会议事项{n}"} for n in range(20)])
    mine = await items.dispatch(*ids, by=items.cycle.office)
    assert (mine.status_code, codes(mine)) == (409, {"own-act"})
    person = "performance_office@-"
    other_account = items.cycle.caller("performance_office", subject="second", person=person)
    [alone] = await items.registered(
        by=items.cycle.caller("performance_office", subject="first", person=person)
    )
    assert codes(await items.dispatch(alone, by=other_account)) == {"own-act"}
    answer = await items.dispatch(*ids)
    assert answer.status_code == 200, answer.text
    assert {each["state"] for each in answer.json()["items"]} == {"dispatched"}
    assert codes(await items.dispatch(*ids)) == {"wrong-state"}
    unknown = await items.dispatch(str(uuid4()))
    assert (unknown.status_code, unknown.json()["type"]) == (404, "no-such-supervised-item")


async def test_what_was_registered_by_mistake_is_called_off_before_it_is_dispatched(items):
    [item_id] = await items.registered()
    assert codes(await items.direct(item_id, "call_off")) == {"missing"}
    assert (await items.direct(item_id, "call_off", text="重复登记")).status_code == 201
    assert codes(await items.dispatch(item_id)) == {"wrong-state"}
    told = await items.read(item_id, by=items.of())
    assert told.status_code == 404


async def test_the_lead_signs_and_replies_and_a_support_reports(items):
    """Planted bug: any unit of an item is taken for its lead."""
    item_id = await items.dispatched(readers=["XQ04"])
    support, reader, stranger = items.of("XQ02"), items.of("XQ04"), items.of("XQ03")
    assert codes(await items.answer(item_id, "sign", by=support)) == {"not-the-lead"}
    assert codes(await items.answer(item_id, "sign", by=reader)) == {"not-given"}
    unknown = await items.answer(item_id, "sign", by=stranger)
    assert (unknown.status_code, unknown.json()["type"]) == (404, "no-such-supervised-item")
    assert (await items.answer(item_id, "sign")).status_code == 201
    told = await items.answer(item_id, "report", by=support, text="本单位部分已完成。")
    assert told.status_code == 201
    for move in ("reply", "ask_extension"):
        answer = await items.answer(item_id, move, by=support, text="x", until="2099-01-01")
        assert "not-the-lead" in codes(answer), move
    assert codes(await items.answer(item_id, "return", by=reader, text="x")) == {"not-given"}


async def test_an_item_is_returned_within_seven_working_days_and_once(items, clock):
    """Planted bugs: eight days; the second return of a unit let through."""
    item_id, other = await items.dispatched(), await items.dispatched()
    assert codes(await items.answer(item_id, "return")) == {"missing"}
    answer = await items.answer(item_id, "return", text="不属本单位职责。")
    assert answer.status_code == 201, answer.text
    found = await items.now(item_id)
    assert (found["state"], found["days_left"]) == ("returned", 10)
    # Another person than who dispatched it decides.
    assert codes(await items.direct(item_id, "insist", text="属其职责。")) == {"own-act"}
    office = items.cycle.office
    answer = await items.direct(item_id, "insist", by=office, text="属其职责。")
    assert answer.status_code == 201, answer.text
    assert codes(await items.answer(item_id, "return", text="仍不属。")) == {"returned-before"}
    # The support may still return its part, with its own seven days.
    await clock.pass_days(15)
    late = await items.answer(other, "return", text="不属本单位职责。")
    assert codes(late) == {"return-too-late"}
    late = await items.answer(item_id, "return", by=items.of("XQ02"), text="不属。")
    assert codes(late) == {"return-too-late"}


async def test_a_dispute_goes_to_the_leader_once_and_within_three_working_days(items, clock):
    """Planted bug: the office rules on a dispute itself."""
    office = items.cycle.office
    item_id = await items.dispatched()
    assert codes(await items.answer(item_id, "dispute", text="x")) == {"not-returned"}
    await items.answer(item_id, "return", text="不属本单位职责。")
    await items.direct(item_id, "insist", by=office, text="属其职责。")
    other = await items.answer(item_id, "dispute", by=items.of("XQ02"), text="x")
    assert codes(other) == {"not-returned"}
    assert (await items.answer(item_id, "dispute", text="职责在水利。")).status_code == 201
    for client in (office, items.cycle.colleague):
        refused = await items.direct(item_id, "reassign", by=client, text="x", units=OTHERS)
        assert codes(refused) == {"not-the-callers"}
    refused = await items.rule(item_id, "reassign", text="x", units=OTHERS)
    assert codes(refused) == {"missing"}
    ruled = await items.rule(item_id, "insist", text="由该单位办理。")
    assert ruled.status_code == 201, ruled.text
    assert codes(await items.answer(item_id, "dispute", text="x")) == {"ruled-already"}
    late = await items.dispatched()
    await items.answer(late, "return", text="不属本单位职责。")
    await items.direct(late, "insist", by=office, text="属其职责。")
    await clock.pass_days(7)
    assert codes(await items.answer(late, "dispute", text="x")) == {"dispute-too-late"}


async def test_an_item_that_is_given_to_others_is_theirs_with_a_term_of_their_own(items, clock):
    """Planted bug: who had it goes on reading it."""
    item_id = await items.dispatched(confidential=True)
    await items.answer(item_id, "return", text="不属本单位职责。")
    more = {"by": items.cycle.office, "text": "改由开发区办理。", "units": OTHERS}
    assert codes(await items.direct(item_id, "reassign", **more)) == {"missing"}
    answer = await items.direct(item_id, "reassign", **more, within=3)
    assert answer.status_code == 201, answer.text
    found = await items.now(item_id, by=items.of("XQ03"))
    assert [each["unit"] for each in found["units"]] == ["XQ03"]
    assert (found["state"], found["days_left"]) == ("dispatched", 3)
    for unit in ("XQ01", "XQ02"):
        assert (await items.read(item_id, by=items.of(unit))).status_code == 404
    assert (await items.answer(item_id, "sign", by=items.of("XQ03"))).status_code == 201


async def test_more_time_is_asked_for_before_it_is_due_and_granted_by_the_office(items, clock):
    """Planted bugs: the day after counts as in time; who is refused keeps the days of waiting."""
    item_id, late = await items.handled(), await items.handled()
    due = (await items.now(item_id))["due"]
    assert codes(await items.answer(item_id, "ask_extension", text="x")) == {"missing"}
    early = await items.answer(item_id, "ask_extension", text="x", until=due)
    assert codes(early) == {"not-later"}
    wanted = later(due, 7)
    answer = await items.answer(item_id, "ask_extension", text="材料未齐。", until=wanted)
    assert (answer.status_code, answer.json()["state"]) == (201, "extension_asked")
    assert codes(await items.answer(item_id, "ask_extension", text="x", until=wanted)) == {
        "wrong-state"
    }
    granted = await items.direct(item_id, "grant_extension")
    assert (granted.status_code, granted.json()["due"]) == (201, wanted)
    # Refused: the day stays what it was.
    await items.answer(item_id, "ask_extension", text="再次申请。", until=later(wanted, 30))
    await clock.pass_days(2)
    assert codes(await items.direct(item_id, "refuse_extension")) == {"missing"}
    refused = await items.direct(item_id, "refuse_extension", text="不予延期。")
    assert (refused.status_code, refused.json()["due"]) == (201, wanted)
    await clock.pass_days(30)
    answer = await items.answer(late, "ask_extension", text="x", until=later(wanted, 60))
    assert codes(answer) == {"asked-too-late"}


async def test_who_asked_for_more_time_does_not_grant_it_in_the_office(items):
    """Planted bug: the account compared and not the person."""
    item_id = await items.handled()
    due = (await items.now(item_id))["due"]
    by = items.of(person="one")
    await items.answer(item_id, "ask_extension", by=by, text="材料未齐。", until=later(due, 7))
    same = items.cycle.caller("performance_office", subject="two", person="one")
    assert codes(await items.direct(item_id, "grant_extension", by=same)) == {"own-act"}
    own = items.cycle.caller("performance_office", unit="XQ02", subject="three")
    assert codes(await items.direct(item_id, "grant_extension", by=own)) == {"own-unit"}


async def test_a_reply_is_reviewed_by_another_person_closed_or_done_again(items, clock):
    """Planted bugs: who replied closes; a part is closed as the whole."""
    item_id = await items.handled()
    await items.answer(
        item_id, "reply", by=items.of(person="one"), text="完成八成。", completion=80
    )
    same = items.cycle.caller("performance_office", subject="two", person="one")
    assert codes(await items.direct(item_id, "close", by=same)) == {"own-act"}
    assert codes(await items.direct(item_id, "close")) == {"in-part"}
    part = await items.direct(item_id, "accept_part", text="其余继续办理。")
    assert (part.status_code, part.json()["state"]) == (201, "handling")
    await items.answer(item_id, "reply", text="全部完成。")
    assert codes(await items.direct(item_id, "accept_part", text="x")) == {"not-in-part"}
    assert codes(await items.direct(item_id, "redo", text="未办实。")) == {"missing"}
    again = await items.direct(item_id, "redo", **AGAIN)
    assert (again.status_code, again.json()["state"]) == (201, "handling")
    found = await items.now(item_id)
    assert (found["done_on"], found["light"]) == (None, "none")
    await items.answer(item_id, "reply", text="已重办。")
    assert (await items.direct(item_id, "close")).status_code == 201
    assert codes(await items.direct(item_id, "reopen", **AGAIN)) == {"own-act"}
    reopened = await items.direct(item_id, "reopen", by=items.cycle.office, **AGAIN)
    assert (reopened.status_code, reopened.json()["state"]) == (201, "handling")


async def test_the_clock_stands_still_while_an_item_is_suspended(items, clock):
    """Planted bug: the days of the suspension are counted."""
    item_id = await items.handled()
    found = await items.now(item_id)
    due = found["due"]
    assert found["days_left"] == 10
    assert codes(await items.direct(item_id, "suspend")) == {"missing"}
    assert (await items.direct(item_id, "suspend", text="等待上级批复。")).status_code == 201
    await clock.pass_days(28)
    found = await items.now(item_id)
    assert (found["days_left"], found["light"], found["due"]) == (10, "none", due)
    assert codes(await items.answer(item_id, "reply", text="x")) == {"wrong-state"}
    resumed = await items.direct(item_id, "resume")
    assert (resumed.status_code, resumed.json()["due"]) == (201, later(due, 28))
    assert (await items.direct(item_id, "urge")).status_code == 201
    assert (await items.now(item_id))["due"] == later(due, 28)


async def test_of_two_moves_at_one_moment_one_is_made(items):
    """Planted bug: the lock of the items left out, or the step not compared."""
    item_id = await items.replied()
    step = (await items.now(item_id))["step"]
    moves = [
        items.direct(item_id, *move, by=who, step=step, **more)
        for who in (items.cycle.office, items.cycle.colleague)
        for move, more in ((("close",), {}), (("redo",), AGAIN))
    ]
    answers = await asyncio.gather(*moves)
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    types = {each.json()["type"] for each in answers if each.status_code == 409}
    assert types == {"item-moved"}
    assert (await items.now(item_id))["step"] == step + 1


async def test_a_move_takes_nothing_that_it_has_no_use_for(items):
    item_id = await items.handled()
    answer = await items.answer(item_id, "report", text="x", until="2099-01-01", within=3)
    assert faults(answer) == {("/until", "not-wanted"), ("/within", "not-wanted")}
    answer = await items.direct(item_id, "urge", units=OTHERS)
    assert faults(answer) == {("/units", "not-wanted")}
    answer = await items.answer(item_id, "ask_extension", text="x", within=30, completion=5)
    assert faults(answer) == {("/completion", "not-wanted")}


async def test_files_support_a_reply_and_others_files_do_not(items):
    item_id, client = await items.handled(), items.of()
    path, kind = f"{items.cycle.path}/evidence?name=a.txt", {"Content-Type": "text/plain"}
    answer = await client.post(path, content="完成\n".encode(), headers=kind)
    assert answer.status_code == 201, answer.text
    files = [answer.json()["evidence_id"]]
    assert (await items.answer(item_id, "report", text="附件", evidence_ids=files)).is_success
    other = await items.answer(item_id, "report", by=items.of("XQ02"), text="x", evidence_ids=files)
    assert (other.status_code, other.json()["type"]) == (409, "evidence-not-named")
    assert (await items.now(item_id))["moves"][-1]["evidence_ids"] == files


async def seal(items) -> None:
    """Seal the ledger as it stands, whatever is left open."""
    seen = (await items.cycle.post(items.cycle.office, "ledger/seal?mode=check", {})).json()["seen"]
    sealed = await items.cycle.post(items.cycle.office, "ledger/seal", {"seen": seen})
    assert sealed.status_code == 200, sealed.text


async def test_once_the_ledger_is_sealed_items_move_on_and_none_begins(items):
    """Planted bug: what is open at the seal can never be closed."""
    item_id, returned = await items.handled(), await items.dispatched()
    [waiting] = await items.registered()
    await items.answer(returned, "return", text="不属。")
    assert (await items.direct(item_id, "urge")).json()["ledger_sealed"] is False
    await seal(items)
    for answer in (await items.register(), await items.dispatch(waiting)):
        assert (answer.status_code, answer.json()["type"]) == (409, "ledger-sealed")
    office = items.cycle.office
    for made in (
        items.direct(waiting, "call_off", text="下年度另行登记。"),
        items.direct(returned, "insist", by=office, text="属。"),
        items.answer(returned, "dispute", text="不属。"),
        items.rule(returned, "insist", text="属。"),
        items.answer(item_id, "reply", text="办结。"),
        items.direct(item_id, "close"),
    ):
        answer = await made
        assert answer.status_code == 201, answer.text
        assert answer.json()["ledger_sealed"] is True
    found = await items.cycle.caller("auditor").get(f"{items.cycle.path}/tasks/scoring")
    assert found.json()["tasks"] == []
    path = f"{items.cycle.path}/tasks/scoring"
    asked = (await items.of().get(path)).json()["tasks"]
    assert [(each["kind"], each["about"]["item_id"]) for each in asked] == [
        ("sign-for-item", returned)
    ]
    assert (await items.answer(returned, "sign")).status_code == 201


async def test_the_bodies_that_stand_in_for_the_office_decide_about_their_units(
    items, others, document
):
    """Planted bug: the office decides about a unit from which it is barred."""
    scheme = document | {"recusals": [{"unit": "XQ02", "body": "ZH07"}]}
    others.schemes[items.cycle.cycle_id] = scheme
    body = items.cycle.caller("second_body", unit="ZH07", subject="body")
    [item_id] = await items.registered()
    assert codes(await items.dispatch(item_id)) == {"recused"}
    assert (await items.dispatch(item_id, by=body)).status_code == 200
    await items.answer(item_id, "sign")
    await items.answer(item_id, "reply", text="完成。")
    assert codes(await items.direct(item_id, "close")) == {"recused"}
    assert (await items.direct(item_id, "close", by=body)).status_code == 201
    [foreign] = await items.registered(units=OTHERS)
    answer = await items.dispatch(foreign, by=body)
    assert (answer.status_code, answer.json()["type"]) == (404, "no-such-supervised-item")


def test_the_item_of_the_tests_is_shared_out_whole():
    assert sum(each["share"] for each in ITEM["units"]) == 100


async def test_who_acted_for_a_unit_decides_nothing_under_another_account(items):
    """Planted bug: only who made the latest move that is decided on is somebody else."""
    item = await items.dispatched()
    mine = items.of(subject="p-unit", person="P")
    assert (await items.answer(item, "sign", by=mine)).status_code == 201
    told = await items.answer(item, "reply", by=items.of(subject="q", person="Q"), text="办结。")
    assert told.status_code == 201, told.text
    office = items.cycle.caller("performance_office", subject="p-office", person="P")
    answer = await items.direct(item, "close", by=office)
    assert (answer.status_code, codes(answer)) == (409, {"acted-for-its-unit"})
    assert (await items.direct(item, "close")).status_code == 201
