"""What a team finds: another person decides once the unit was heard, and it counts then."""

import datetime as dt
from copy import deepcopy
from uuid import UUID, uuid4

import pytest

from chassis.refusals import Refusal
from scoring.rules.checks.drawn import Drawn, InCell, line_of, stand_ins
from scoring.rules.checks.findings import (
    DISMISSED,
    OBJECTED,
    REPORTED,
    SIGNED,
    UPHELD,
    Standing,
    check_answer,
    check_decision,
    entry_faults,
)
from scoring.rules.ledger.states import EntryStanding

from .test_draws import AHEAD, draw, fix, listed, with_checks
from .test_teams import name, reviewer

TODAY = dt.date(2026, 1, 16)


@pytest.mark.parametrize(
    ("state", "days", "answer", "text", "code"),
    [
        (REPORTED, 0, SIGNED, None, None),
        (REPORTED, 3, OBJECTED, "不符", None),
        (REPORTED, 3, OBJECTED, None, "FindingRefused"),
        (REPORTED, -1, SIGNED, None, "FindingMoved"),
        (SIGNED, 3, OBJECTED, "不符", "FindingMoved"),
        (UPHELD, 3, OBJECTED, "不符", "FindingMoved"),
    ],
)
def test_a_unit_answers_once_and_in_time(state, days, answer, text, code):
    """Planted bugs: an answer after the last day; a second one; an objection without a reason."""
    standing = Standing(state, "甲", TODAY + dt.timedelta(days=days))
    assert refusal(check_answer, standing, answer, text, "丁", TODAY) == code


@pytest.mark.parametrize(
    ("state", "days", "decision", "text", "person", "code"),
    [
        (SIGNED, 3, UPHELD, None, "乙", None),
        (OBJECTED, 3, DISMISSED, "属实", "乙", None),
        (OBJECTED, 3, DISMISSED, None, "乙", "FindingRefused"),
        (REPORTED, -1, UPHELD, None, "乙", None),
        (REPORTED, 0, UPHELD, None, "乙", "FindingMoved"),
        *((SIGNED, 3, UPHELD, None, each, "FindingBarred") for each in ("甲", "写", "答")),
        (UPHELD, 3, DISMISSED, "x", "乙", "FindingMoved"),
    ],
)
def test_another_person_decides_once_the_unit_was_heard(state, days, decision, text, person, code):
    """Planted bugs: decided on the unit's last day; by who found, wrote or answered it; twice."""
    standing = Standing(state, "甲", TODAY + dt.timedelta(days=days), frozenset({"答"}))
    assert refusal(check_decision, standing, {"写"}, decision, text, person, TODAY) == code


@pytest.mark.parametrize(
    ("state", "person", "listed", "found", "code"),
    [
        ("verified", "丁", True, False, None),
        ("locked", "丁", True, False, None),
        ("voided", "丁", True, False, "not-counted"),
        ("verified", "丁", False, False, "not-on-the-sheet"),
        ("verified", "丁", True, True, "found-before"),
        ("verified", "审", True, False, "own-part"),
    ],
)
def test_nobody_finds_about_what_he_had_a_part_in(state, person, listed, found, code):
    """Planted bug: a part in it is not looked at."""
    entry = uuid4()
    about = entry, "event", state, "XQ01", "ZH01", frozenset({"写"}), "C03"
    standing = EntryStanding(*about)
    told = entry_faults(standing, [entry] if listed else [], ["审"], person, found=found)
    assert [each.code for each in told] == ([code] if code else [])


def refusal(rule, *given):
    try:
        rule(*given)
    except Refusal as refused:
        return type(refused).__name__
    return None


# Over HTTP


def value(unit, number="80"):
    return {"unit": unit, "indicator": "C01", "kind": "measured_value", "key": "value",
            "period": "2025", "value": number}  # fmt: skip


@pytest.fixture
async def checked(new_cycle, others, document):
    """A cycle whose check is drawn; 甲 checks each drawn unit. Returned with a drawn unit and its
    entries."""
    cycle = new_cycle()
    with_checks(others, cycle, document)
    event = {"indicator": "C03", "kind": "event", "key": "overdue"}
    units = document["categories"][0]["units"]
    events = [event | {"unit": unit, "value": 3, "note": n} for unit in units for n in ("一", "二")]
    await cycle.enter(*events, unit="ZH01")
    await cycle.verify(verifier(cycle), all_submitted=True)
    assert (await fix(cycle)).status_code == 201
    with_checks(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle)).status_code == 201
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    assert (await name(cycle, unit, {"person": "甲"})).status_code == 201
    sheet = await reviewer(cycle, "甲").get(f"{cycle.path}/checks/SPOT/sheets/{unit}")
    return cycle, unit, [each["entry_id"] for each in sheet.json()["items"]]


async def record(checked, entry, client=None, **more):
    cycle, unit, _ = checked
    told = {"unit": unit, "entry_id": entry, "verdict": "right", "text": "现场核对"} | more
    return await cycle.post(client or reviewer(cycle, "甲"), "checks/SPOT/findings", told)


async def found(checked, entry, client=None, **more):
    answer = await record(checked, entry, client, **more)
    assert answer.status_code == 201, answer.text
    return answer.json()["finding"]["finding_id"]


def verifier(cycle):
    """Somebody of the office who has verified what is checked, and decides nothing about it."""
    return cycle.caller("performance_office", subject="verifier", person="审")


def own(checked):
    return checked[0].caller("assessed_unit", unit=checked[1], subject="own")


async def say(checked, finding, what, client, **body):
    return await checked[0].post(client, f"checks/SPOT/findings/{finding}/{what}", body)


async def kinds(client, cycle):
    answer = await client.get(f"{cycle.path}/tasks/scoring")
    found = {each["kind"] for each in answer.json()["tasks"]}
    return sorted(found & {"answer-check-finding", "decide-check-finding", "check-unit"})


async def test_what_differs_takes_the_place_of_the_entry_by_two_persons(checked):
    """Planted bugs: the entry replaced by who found it alone; the former one still counts; the
    decision without the unit; a value that no score reads."""
    cycle, _, (entry, other) = checked
    finding = await found(checked, entry, verdict="differs", value="5")
    path = f"{cycle.path}/ledger-entries"
    assert await kinds(own(checked), cycle) == ["answer-check-finding"]
    assert await kinds(cycle.office, cycle) == []
    assert await kinds(reviewer(cycle, "甲"), cycle) == ["check-unit"]
    early = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert [early.status_code, early.json()["type"]] == [409, "finding-moved"]
    assert (await cycle.office.get(f"{path}/{entry}")).json()["state"] == "verified"
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    assert await kinds(cycle.office, cycle) == ["decide-check-finding"]
    himself = cycle.caller("performance_office", subject="other-account", person="甲")
    barred = await say(checked, finding, "decision", himself, decision="upheld")
    assert [barred.status_code, barred.json()["cause"]] == [403, "own-finding"]
    rival = "XQ01" if checked[1] != "XQ01" else "XQ02"
    competing = cycle.caller("performance_office", unit=rival, subject="rival")
    barred = await say(checked, finding, "decision", competing, decision="upheld")
    assert [barred.status_code, barred.json()["cause"]] == [403, "competes"]
    done = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert done.status_code == 201, done.text
    told = done.json()["finding"]
    assert [each["state"] for each in told["steps"]] == ["signed", "upheld"]
    new = (await cycle.office.get(f"{path}/{told['restated_by']}")).json()
    assert [new["value"], new["state"], new["restates"], new["author"]] == [
        "5", "verified", entry, "account-of-甲"
    ]  # fmt: skip
    assert (await cycle.office.get(f"{path}/{entry}")).json()["state"] == "voided"
    assert await kinds(cycle.office, cycle) == []
    again = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert again.json()["type"] == "finding-moved"
    right = await found(checked, other)
    assert await kinds(reviewer(cycle, "甲"), cycle) == []
    assert (await say(checked, right, "answer", own(checked), answer="signed")).status_code == 201
    assert (await say(checked, right, "decision", cycle.office, decision="upheld")).json()[
        "finding"
    ]["restated_by"] is None
    assert (await cycle.office.get(f"{path}/{other}")).json()["state"] == "verified"


async def test_what_is_dismissed_changes_nothing_and_both_words_are_kept(checked):
    """Planted bug: the entry replaced though the unit was right; the objection lost."""
    cycle, _, (entry, _) = checked
    finding = await found(checked, entry, verdict="differs", value="5")
    objected = await say(checked, finding, "answer", own(checked), answer="objected", text="有误")
    assert objected.status_code == 201
    decided = {"decision": "dismissed", "text": "单位所述属实"}
    done = await say(checked, finding, "decision", cycle.office, **decided)
    assert done.status_code == 201, done.text
    steps = done.json()["finding"]["steps"]
    assert [each["text"] for each in steps] == ["有误", "单位所述属实"]
    state = (await cycle.office.get(f"{cycle.path}/ledger-entries/{entry}")).json()["state"]
    assert state == "verified"
    await found(checked, entry)


async def test_a_body_that_stands_in_learns_of_no_finding_about_other_units(
    checked, others, document
):
    """Planted bug: tell it that it does not decide about this one, and so that there is one."""
    cycle, unit, (entry, _) = checked
    finding = await found(checked, entry, verdict="differs", value="5")
    await say(checked, finding, "answer", own(checked), answer="objected", text="有误")
    scheme = others.schemes[cycle.cycle_id]
    body = cycle.caller("second_body", unit="ZH07", subject="body")
    decided = {"decision": "dismissed", "text": "单位所述属实"}
    other = next(each for each in document["categories"][0]["units"] if each != unit)
    for concerned, status in ((other, 404), (unit, 201)):
        recused = {"recusals": [{"unit": concerned, "body": "ZH07"}]}
        others.schemes[cycle.cycle_id] = scheme | recused
        answer = await say(checked, finding, "decision", body, **decided)
        assert answer.status_code == status, answer.text


async def test_what_cannot_be_found_so_is_refused_by_name(checked):
    """Planted bugs: an entry that is not on the sheet; a second finding; the same value; one by who
    verified the entry."""
    cycle, unit, (entry, other) = checked
    await found(checked, entry)
    before = await cycle.rows()
    outside = (await cycle.office.get(f"{cycle.path}/ledger-entries?limit=200")).json()["items"]
    others = next(each["entry_id"] for each in outside if each["unit"] != unit)
    for told, codes in (
        ((entry, {}), ["found-before"]),
        ((others, {}), ["not-on-the-sheet"]),
        ((other, {"value": "5"}), ["nothing-differs"]),
        ((other, {"verdict": "differs", "word": "done"}), None),
        ((other, {"verdict": "differs", "value": "3"}), None),
    ):
        answer = await record(checked, told[0], **told[1])
        assert answer.status_code in (409, 422), answer.text
        if codes:
            assert [each["code"] for each in answer.json()["errors"]] == codes
    stranger = await record(checked, other, reviewer(cycle, "乙"))
    assert stranger.status_code == 403
    assert await cycle.rows() == before


async def test_a_unit_reads_and_answers_what_is_about_itself_alone(checked):
    """Planted bug: findings about others read, or answered."""
    cycle, unit, (entry, _) = checked
    finding = await found(checked, entry)
    other = "XQ01" if unit != "XQ01" else "XQ02"
    stranger = cycle.caller("assessed_unit", unit=other, subject="stranger")
    path = f"{cycle.path}/checks/SPOT/findings"
    for client, count in ((own(checked), 1), (stranger, 0), (reviewer(cycle, "甲"), 1),
                          (cycle.office, 1), (cycle.caller("auditor"), 1)):  # fmt: skip
        answer = await client.get(path)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["items"]) == count
    assert (await reviewer(cycle, "乙").get(path)).status_code == 403
    answer = await say(checked, finding, "answer", stranger, answer="signed")
    assert [answer.status_code, answer.json()["type"]] == [404, "no-such-finding"]
    kept = (await cycle.office.get(f"{path}?state=signed&unit={unit}")).json()["items"]
    assert kept == []


async def upload(cycle, client, words):
    answer = await client.post(
        f"{cycle.path}/evidence",
        content=words.encode(),
        headers={"Content-Type": "text/plain", "Idempotency-Key": f"a-file-that-says-{words}"},
        params={"name": "photo.txt"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["evidence_id"]


async def test_a_unit_reads_the_files_of_what_was_found_about_it_at_once(checked):
    """Planted bugs: files read by every unit; by the unit once it is upheld alone; not by who is of
    the team and has not found it."""
    cycle, unit, (entry, _) = checked
    members = {"person": "丙", "unit": "ZH99"}, {"person": "乙"}
    finder = reviewer(cycle, "丙", "data_source_unit", "ZH99")
    assert (await name(cycle, unit, members[0])).status_code == 201
    file = await upload(cycle, finder, "seen")
    await found(checked, entry, finder, verdict="differs", value="5", evidence_ids=[file])
    stranger = cycle.caller("assessed_unit", unit="XQ01" if unit != "XQ01" else "XQ02")
    mate = reviewer(cycle, "乙")
    assert (await mate.get(f"{cycle.path}/evidence/{file}")).status_code in (403, 404)
    assert (await name(cycle, unit, *members)).status_code == 201
    for client, status in ((own(checked), 200), (mate, 200), (stranger, 404)):
        for path in (f"{file}", f"{file}/content"):
            answer = await client.get(f"{cycle.path}/evidence/{path}")
            assert answer.status_code == status, (path, answer.text)


async def test_what_nobody_decided_is_named_before_the_seal(checked):
    """Planted bugs: findings that are decided named; the seal without anybody who saw it; the same
    `seen` once the unit has answered."""
    cycle, unit, (entry, _) = checked

    async def left():
        answer = await cycle.post(cycle.office, "ledger/seal?mode=check", {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    assert "undecided_findings" not in (before := await left())["left_open"]
    finding = await found(checked, entry)
    told = await left()
    assert told["left_open"]["undecided_findings"] == 1
    (row,) = told["undecided_findings"]
    assert [row["finding_id"], row["check"], row["unit"], row["state"]] == [
        finding, "SPOT", unit, "reported"
    ]  # fmt: skip
    assert told["seen"] != before["seen"]
    refused = await cycle.post(cycle.office, "ledger/seal", {})
    assert [refused.status_code, refused.json()["type"]] == [409, "seal-unseen"]
    assert refused.json()["left_open"]["undecided_findings"] == 1
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    stale = await cycle.post(cycle.office, "ledger/seal", {"seen": told["seen"]})
    assert [stale.status_code, stale.json()["type"]] == [409, "not-as-seen"]
    assert (
        await say(checked, finding, "decision", cycle.office, decision="upheld")
    ).status_code == 201
    assert (await left())["undecided_findings"] == []


async def test_who_had_a_part_decides_nothing(checked):
    """Planted bugs: who answered for the unit, wrote the entry, or verified it, is let decide; who
    found it signs it for the unit; such a person has the task."""
    cycle, unit, (entry, _) = checked
    finding = await found(checked, entry, verdict="differs", value="5")
    himself = cycle.caller("assessed_unit", unit=unit, subject="of-the-unit", person="甲")
    barred = await say(checked, finding, "answer", himself, answer="signed")
    assert [barred.status_code, barred.json()["cause"]] == [403, "own-finding"]
    assert await kinds(himself, cycle) == []
    clerk = cycle.caller("assessed_unit", unit=unit, subject="clerk", person="P")
    assert (await say(checked, finding, "answer", clerk, answer="signed")).status_code == 201
    for person in ("P", "data_source_unit@ZH01", "审"):
        one = cycle.caller("performance_office", subject=f"office-{person}", person=person)
        barred = await say(checked, finding, "decision", one, decision="dismissed", text="无误")
        assert [barred.status_code, barred.json()["cause"]] == [403, "own-part"]
        assert await kinds(one, cycle) == []
    assert await kinds(cycle.office, cycle) == ["decide-check-finding"]


async def test_who_reviewed_an_entry_first_finds_nothing_about_it(new_cycle, others, document):
    """Planted bug: who reviewed it is forgotten once it is verified."""
    cycle, document = new_cycle(), reviewed(document, "C03", "ZH42")
    with_checks(others, cycle, document)
    event = {"indicator": "C03", "kind": "event", "key": "overdue", "value": 3}
    units = document["categories"][0]["units"]
    ids = await cycle.enter(*(event | {"unit": unit} for unit in units), unit="ZH01")
    reviewing = cycle.source("ZH42", subject="reviewing", person="初")
    answer = await cycle.post(reviewing, "ledger-entries/checking", {"entry_ids": ids})
    assert answer.is_success, answer.text
    await cycle.verify(entry_ids=ids)
    assert (await fix(cycle)).status_code == 201
    with_checks(others, cycle, document, zone=AHEAD)
    assert (await draw(cycle)).status_code == 201
    unit = (await listed(cycle))["SPOT"]["drawn_units"][0]
    assert (await name(cycle, unit, {"person": "初"}, {"person": "乙"})).status_code == 201
    sheet = await reviewer(cycle, "初").get(f"{cycle.path}/checks/SPOT/sheets/{unit}")
    entry = sheet.json()["items"][0]["entry_id"]
    told = cycle, unit, []
    barred = await record(told, entry, reviewer(cycle, "初"))
    assert [each["code"] for each in barred.json()["errors"]] == ["own-part"]
    assert (await record(told, entry, reviewer(cycle, "乙"))).status_code == 201


def reviewed(scheme, code, by):
    """The scheme, in which a unit reviews the entries of an indicator first."""
    found = deepcopy(scheme)
    for category in found["categories"]:
        for block in category["blocks"]:
            for each in block["indicators"]:
                if each["code"] == code:
                    each["reviewed_by"] = by
    return found


async def hand_in(checked, entry, value):
    """What the source of an entry says anew; not verified."""
    cycle = checked[0]
    source = cycle.source("ZH01", subject="another", person="another")
    told = {"value": value, "reason": "更正"}
    return await cycle.post(source, f"ledger-entries/{entry}/restatement", told)


async def restated(checked, entry, value):
    answer = await hand_in(checked, entry, value)
    assert answer.status_code == 201, answer.text
    cycle = checked[0]
    await cycle.verify(verifier(cycle), entry_ids=[answer.json()["entry_id"]])
    return answer.json()["entry_id"]


async def test_a_drawn_entry_is_checked_as_what_stands_in_its_place(checked):
    """Planted bugs: only what was drawn is on the sheet; what a finding restated is checked again;
    what was reversed is asked for without an end."""
    cycle, unit, (entry, other) = checked
    new = await restated(checked, entry, "2")
    checker = reviewer(cycle, "甲")
    sheet = (await checker.get(f"{cycle.path}/checks/SPOT/sheets/{unit}")).json()["items"]
    assert {each["entry_id"] for each in sheet} == {new, other}
    finding = await found(checked, new, verdict="differs", value="5")
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    done = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert done.json()["finding"]["restated_by"] is not None
    assert await kinds(checker, cycle) == ["check-unit"]
    source = cycle.source("ZH01", subject="another", person="another")
    gone = await cycle.post(source, f"ledger-entries/{other}/reversal", {"reason": "误报"})
    await cycle.verify(verifier(cycle), entry_ids=[gone.json()["entry_id"]])
    assert await kinds(checker, cycle) == []


async def test_what_was_found_is_upheld_though_the_entry_was_changed_meanwhile(checked):
    """Planted bugs: what is taken out in time can be found about no more; it is taken out once
    something was found."""
    cycle, _, (entry, other) = checked
    waiting = await hand_in(checked, entry, "4")
    finding = await found(checked, entry, verdict="differs", value="5")
    await cycle.verify(verifier(cycle), entry_ids=[waiting.json()["entry_id"]])
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    done = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert done.status_code == 201, done.text
    told = done.json()["finding"]
    assert (told["state"], told["restated_by"]) == ("upheld", None)
    finding = await found(checked, other, verdict="differs", value="5")
    source = cycle.source("ZH01", subject="another", person="another")
    gone = await cycle.post(source, f"ledger-entries/{other}/reversal", {"reason": "误报"})
    for each in (gone, await hand_in(checked, other, "4")):
        assert (each.status_code, each.json()["type"]) == (409, "being-checked")
    await say(checked, finding, "answer", own(checked), answer="objected", text="无误")
    await say(checked, finding, "decision", cycle.office, decision="dismissed", text="无误")
    assert (await hand_in(checked, other, "4")).status_code == 201


async def taken_back(checked, entry):
    cycle, source = checked[0], checked[0].source("ZH01", subject="another", person="another")
    gone = await cycle.post(source, f"ledger-entries/{entry}/reversal", {"reason": "误报"})
    assert gone.status_code == 201, gone.text
    await cycle.verify(verifier(cycle), entry_ids=[gone.json()["entry_id"]])


async def entered_anew(checked, **more):
    cycle, unit, _ = checked
    told = {"unit": unit, "indicator": "C03", "kind": "event", "key": "overdue", "value": 1,
            "period": "2025"} | more  # fmt: skip
    answer = await cycle.enter(told, unit="ZH01")
    await cycle.verify(verifier(cycle), all_submitted=True)
    return answer


async def listed_of(checked, client):
    cycle, unit, _ = checked
    answer = await client.get(f"{cycle.path}/checks/SPOT/sheets/{unit}")
    return {each["entry_id"]: each for each in answer.json()["items"]}


async def test_what_is_reversed_and_entered_anew_does_not_escape_its_check(checked):
    """Planted bugs: restatements alone followed, so that neither the old nor the new one can be
    found about; what was listed and not drawn is checked too; what another finding entered."""
    cycle, _, (entry, other) = checked
    checker = reviewer(cycle, "甲")
    await taken_back(checked, entry)
    assert await kinds(checker, cycle) == ["check-unit"]
    assert {*await listed_of(checked, checker)} == {entry, other}
    await entered_anew(checked, note="重录")
    (new,) = {*await listed_of(checked, checker)} - {entry, other}
    assert {*await listed_of(checked, checker)} == {new, other}
    old = await record(checked, entry)
    assert [each["code"] for each in old.json()["errors"]] == ["not-on-the-sheet"]
    finding = await found(checked, new, verdict="differs", value="5")
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    done = await say(checked, finding, "decision", cycle.office, decision="upheld")
    assert done.status_code == 201, done.text
    await found(checked, other)
    assert await kinds(checker, cycle) == []


async def test_what_a_finding_put_in_place_nobody_takes_out(checked):
    """Planted bug: it is written by the source, who then takes it back."""
    cycle, _, (entry, other) = checked
    finding = await found(checked, entry, verdict="differs", value="5")
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    done = await say(checked, finding, "decision", cycle.office, decision="upheld")
    put = done.json()["finding"]["restated_by"]
    assert {*await listed_of(checked, reviewer(cycle, "甲"))} == {entry, other}
    source = cycle.source("ZH01", subject="another", person="another")
    back = await cycle.post(source, f"ledger-entries/{put}/reversal", {"reason": "误报"})
    assert (back.status_code, (await hand_in(checked, put, "3")).status_code) == (404, 404)


ID, NEXT, LAST = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("steps", "stands", "gone"),
    [
        ([(ID, True, False)], ID, False),
        ([(ID, False, False), (NEXT, True, False)], NEXT, False),
        ([(ID, False, False), (NEXT, True, True)], ID, False),
        ([(ID, False, False)], ID, True),
        ([(ID, False, False), (NEXT, False, True)], ID, True),
        ([(ID, False, False), (NEXT, False, True), (LAST, True, False)], LAST, False),
    ],
)
def test_a_drawn_entry_is_followed_to_what_counts(steps, stands, gone):
    """Planted bugs: what a finding put in place checked again; followed no further than it."""
    link = line_of(steps)
    assert (link.stands, link.is_gone) == (stands, gone)
    assert Drawn(ID, link, [LAST]).checked == [LAST]
    assert Drawn(ID, link, []).is_lost(set()) == gone
    assert not Drawn(ID, link, []).is_lost({steps[-1][0]})


@pytest.mark.parametrize(
    ("more", "taken"),
    [
        ({}, True),
        ({"unit": "XQ02"}, False),
        ({"indicator": "C04"}, False),
        ({"key": "other"}, False),
        ({"key": "zero_report"}, True),
        ({"key": None}, True),
        ({"item": "B"}, False),
        ({"item": "last_year"}, True),
        ({"period": "2025H1"}, True),
        ({"period": "2025"}, True),
        ({"period": "2025H2"}, False),
        ({"period": "2024Q1"}, False),
    ],
)
def test_what_is_of_the_cell_of_a_drawn_entry_takes_its_place(more, taken):
    """Planted bugs: of a longer period left out, as the half-year is whose month was taken back; a
    report that there was nothing; what is of another key."""
    gone = InCell(ID, "XQ01", "C03", "overdue", "A", "2025-03")
    assert stand_ins(gone, [gone._replace(entry_id=NEXT, **more)]) == ([NEXT] if taken else [])


async def test_a_drawn_entry_that_is_gone_is_named_before_the_seal(checked):
    """Planted bugs: what is gone named though something else counts in its place, or though it was
    found about; not named at all."""
    cycle, unit, (entry, other) = checked

    async def preview():
        answer = await cycle.post(cycle.office, "ledger/seal?mode=check", {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    before = await preview()
    assert (before["gone_entries"], "gone_entries" in before["left_open"]) == ([], False)
    await taken_back(checked, entry)
    told = await preview()
    assert told["gone_entries"] == [{"check": "SPOT", "unit": unit, "entry_id": entry}]
    assert (told["left_open"]["gone_entries"], told["seen"] != before["seen"]) == (1, True)
    await entered_anew(checked, note="重录")
    assert (await preview())["gone_entries"] == []
    finding = await found(checked, other)
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    await say(checked, finding, "decision", cycle.office, decision="upheld")
    await taken_back(checked, other)
    assert (await preview())["gone_entries"] == []


async def test_who_is_of_the_unit_that_scores_by_it_decides_nothing_about_it(checked):
    """Planted bugs: the organisation looked at among competitors alone; the task told all the
    same."""
    cycle, _, (entry, _) = checked
    finding = await found(checked, entry, verdict="differs", value="5")
    assert (await say(checked, finding, "answer", own(checked), answer="signed")).status_code == 201
    source = cycle.caller("performance_office", unit="ZH01", subject="z", person="z")
    assert await kinds(source, cycle) == []
    barred = await say(checked, finding, "decision", source, decision="dismissed", text="无误")
    assert (barred.status_code, barred.json()["cause"]) == (403, "scorers-unit")
    outside = cycle.caller("performance_office", unit="ZH07", subject="y", person="y")
    assert await kinds(outside, cycle) == ["decide-check-finding"]
    assert (await say(checked, finding, "decision", outside, decision="upheld")).status_code == 201
