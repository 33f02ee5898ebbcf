"""Complaints over HTTP: each move, who may make it, and what refuses it."""

import asyncio
import datetime as dt

import pytest
from services.scoring.tests.complaints.handling import LEAD, SUPPORT, codes

from chassis.deadlines import PLAIN_WEEKS

ELSEWHERE = {"unit": "BM01", "role": "lead"}
"""A unit of another category."""


async def test_a_complaint_goes_from_its_registration_to_its_closing(complaints):
    """Planted bug: the answer does not stand in the history."""
    complaint_id = await complaints.registered()
    found = await complaints.now(complaint_id)
    assert (found["state"], found["step"], found["units"]) == ("raised", 1, [])
    await complaints.must(await complaints.direct(complaint_id, "accept", kind="online_message"))
    given = await complaints.direct(complaint_id, "assign", units=[LEAD, SUPPORT])
    assert (await complaints.must(given))["state"] == "assigned"
    found = await complaints.now(complaint_id, complaints.of("XQ02"))
    assert (found["kind"], found["light"]) == ("online_message", "none")
    await complaints.must(await complaints.answer(complaint_id))
    said = await complaints.direct(complaint_id, "revisit", word="satisfied")
    await complaints.must(said)
    office = complaints.cycle.office
    await complaints.must(await complaints.direct(complaint_id, "close", by=office))
    found = await complaints.now(complaint_id)
    moves = ["raise", "accept", "assign", "answer", "revisit", "close"]
    assert [each["move"] for each in found["moves"]] == moves
    assert found["moves"][3]["text"].startswith("积水")
    assert (found["state"], found["moves"][4]["word"]) == ("closed", "satisfied")


@pytest.mark.parametrize(
    ("kind", "accept", "finish", "longer"),
    [("petition", 15, 60, 30), ("hotline", 1, 13, 5), ("efficiency_complaint", 5, 30, 30)],
)
async def test_limits_are_those_of_the_kind_in_the_days_that_the_scheme_counts(
    complaints, clock, kind, accept, finish, longer
):
    """Planted bugs: calendar days taken for working days; the extension added to the day on which
    it is granted."""

    def after(day, count):
        if kind == "petition":
            return add(day, count)
        return PLAIN_WEEKS.after(dt.date.fromisoformat(day), count)

    complaint_id = await complaints.registered(kind=kind)
    today = await clock.today()
    assert (await complaints.now(complaint_id))["due"] == str(after(today, accept))
    await complaints.must(await complaints.direct(complaint_id, "accept", kind=kind))
    due = after(today, finish)
    assert (await complaints.now(complaint_id))["due"] == str(due)
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD]))
    await complaints.must(await complaints.answer(complaint_id, "ask_extension"))
    await clock.pass_days(1)
    await complaints.must(await complaints.direct(complaint_id, "grant_extension"))
    assert (await complaints.now(complaint_id))["due"] == str(after(str(due), longer))
    again = await complaints.answer(complaint_id, "ask_extension")
    assert (again.status_code, codes(again)) == (409, {"asked-before"})


async def test_what_comes_late_stays_late_and_shows_red_until_it_is_answered(complaints, clock):
    """Planted bug: the day itself is late."""
    complaint_id = await complaints.registered(kind="petition")
    prompt = await complaints.registered(kind="petition")
    await clock.pass_days(15)
    await complaints.must(await complaints.direct(prompt, "accept", kind="petition"))
    await clock.pass_days(1)
    assert (await complaints.now(complaint_id))["light"] == "red"
    await complaints.must(await complaints.direct(complaint_id, "accept", kind="petition"))
    assert (await complaints.now(prompt))["moves"][1]["late"] is False
    assert (await complaints.now(complaint_id))["moves"][1]["late"] is True
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD]))
    await clock.pass_days(61)
    assert (await complaints.now(complaint_id))["light"] == "red"
    assert codes(await complaints.answer(complaint_id, "ask_extension")) == {"asked-too-late"}
    await complaints.must(await complaints.answer(complaint_id))
    found = await complaints.now(complaint_id)
    assert (found["light"], found["moves"][-1]["late"]) == ("none", True)


async def test_malice_is_found_by_two_persons_and_never_by_one(complaints):
    """Planted bugs: accounts compared and not persons; who called it malicious confirms it."""
    first = complaints.cycle.caller("performance_office", subject="one", person="p-one")
    second = complaints.cycle.caller("performance_office", subject="two", person="P-ONE")
    complaint_id = await complaints.registered()
    said = {"text": "捏造事实。"}
    await complaints.must(await complaints.direct(complaint_id, "call_malicious", by=first, **said))
    same = await complaints.direct(complaint_id, "confirm_malice", by=second, **said)
    assert (same.status_code, codes(same)) == (409, {"own-act"})
    assert codes(await complaints.direct(complaint_id, "clear", by=second, **said)) == {"own-act"}
    done = await complaints.direct(complaint_id, "confirm_malice", **said)
    assert (await complaints.must(done))["state"] == "malicious"
    ended = await complaints.direct(complaint_id, "accept", kind="petition")
    assert codes(ended) == {"wrong-state"}
    other = await complaints.registered()
    await complaints.must(await complaints.direct(other, "call_malicious", by=first, **said))
    await complaints.must(await complaints.direct(other, "clear", **said))
    assert (await complaints.now(other))["state"] == "raised"


async def test_who_registered_a_complaint_neither_refuses_nor_links_it(complaints):
    first, again = await complaints.registered(), await complaints.registered()
    office = complaints.cycle.office
    refused = await complaints.direct(again, "refuse", by=office, text="不属受理范围。")
    assert codes(refused) == {"own-act"}
    mine = await complaints.direct(again, "link", by=office, first=first, text="与前件同一事项。")
    assert codes(mine) == {"own-act"}
    assert codes(await complaints.direct(again, "refuse")) == {"missing"}
    await complaints.must(await complaints.direct(again, "refuse", text="不属受理范围。"))
    assert (await complaints.now(again))["state"] == "refused"


async def test_a_repeated_complaint_is_linked_to_the_first_one(complaints):
    """Planted bug: a chain of links, or one to itself, is taken."""
    first, second, third = [await complaints.registered() for _ in range(3)]
    said = {"text": "与前件同一事项。"}
    for wrong in (second, third, "00000000-0000-4000-8000-000000000000"):
        answer = await complaints.direct(second, "link", first=wrong, **said)
        assert codes(answer) == {"no-first"}, wrong
    await complaints.must(await complaints.direct(second, "link", first=first, **said))
    assert (await complaints.now(second))["moves"][-1]["first"] == first
    assert codes(await complaints.direct(third, "link", first=second, **said)) == {"no-first"}


async def test_no_unit_handles_a_complaint_about_itself(complaints):
    """Planted bugs: only the lead is compared with whom it complains of; a competitor of that unit
    handles it."""
    complaint_id = await complaints.accepted(kind="efficiency_complaint", about=("XQ02",))
    assert (await complaints.now(complaint_id))["about"] == ["XQ02"]
    answer = await complaints.direct(complaint_id, "assign", units=[LEAD, SUPPORT])
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        ("/units/0/unit", "own-category"),
        ("/units/1/unit", "own-cause"),
    }
    of_xq02 = complaints.cycle.caller("performance_office", unit="XQ02", subject="inside")
    own = await complaints.direct(complaint_id, "assign", by=of_xq02, units=[LEAD])
    assert codes(own) == {"own-unit"}
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[ELSEWHERE]))
    # It is not told to whom it complains of.
    assert (await complaints.read(complaint_id, complaints.of("XQ02"))).status_code == 404


async def test_of_a_complaint_about_the_office_the_office_reads_nothing(complaints):
    """Planted bugs: the office decides about itself; the list shows it."""
    complaint_id = await complaints.registered(about_office=True)
    plain = await complaints.registered()
    assert await complaints.listed() == [plain]
    assert (await complaints.read(complaint_id)).status_code == 404
    moved = await complaints.direct(complaint_id, "accept", kind="petition", step=1)
    assert (moved.status_code, moved.json()["type"]) == (404, "no-such-complaint")
    body = complaints.body
    assert await complaints.listed(by=body) == [complaint_id]
    done = await complaints.direct(complaint_id, "accept", by=body, reader=body, kind="petition")
    assert (await complaints.must(done))["state"] == "accepted"
    stranger = complaints.cycle.caller("second_body", unit="XQ09", subject="stranger")
    assert (await complaints.read(complaint_id, stranger)).status_code == 403
    auditor = complaints.cycle.caller("auditor")
    assert {*await complaints.listed(by=auditor)} == {complaint_id, plain}


async def test_a_body_stands_in_where_the_office_is_barred(complaints):
    """Planted bug: recusals of the scheme are forgotten."""
    complaint_id = await complaints.accepted(about=("XQ05",))
    barred = await complaints.direct(complaint_id, "assign", units=[LEAD])
    assert (barred.status_code, codes(barred)) == (409, {"recused"})
    body = complaints.body
    done = await complaints.direct(complaint_id, "assign", by=body, reader=body, units=[LEAD])
    assert (await complaints.must(done))["state"] == "assigned"


async def test_a_complaint_may_be_about_who_scores_others(complaints):
    """Planted bug: only assessed units can be complained of."""
    complaint_id = await complaints.accepted(kind="efficiency_complaint", about=("ZH02",))
    assert (await complaints.now(complaint_id))["about"] == ["ZH02"]
    inside = complaints.cycle.caller("performance_office", unit="ZH02", subject="inside")
    own = await complaints.direct(complaint_id, "assign", by=inside, units=[LEAD])
    assert codes(own) == {"own-unit"}
    other = await complaints.registered()
    nobody = await complaints.direct(other, "accept", kind="petition", about=["NOBODY"])
    assert codes(nobody) == {"not-in-the-scheme"}


async def test_a_unit_returns_what_is_not_its_own_once_and_gains_no_time(complaints, clock):
    """Planted bugs: a second return; a term that begins anew."""
    complaint_id = await complaints.assigned(LEAD, SUPPORT)
    due = (await complaints.now(complaint_id))["due"]
    stranger = await complaints.answer(complaint_id, "return", by=complaints.of("XQ03"))
    assert stranger.status_code == 404
    await clock.pass_days(3)
    await complaints.must(await complaints.answer(complaint_id, "return"))
    found = await complaints.now(complaint_id)
    assert (found["state"], found["units"], found["due"]) == ("accepted", [], due)
    assert (await complaints.read(complaint_id, complaints.of("XQ02"))).status_code == 404
    assert await complaints.listed(by=complaints.of()) == []
    await complaints.must(await complaints.direct(complaint_id, "assign", units=[LEAD]))
    again = await complaints.answer(complaint_id, "return")
    assert codes(again) == {"returned-before"}


async def test_a_support_does_not_answer_and_who_answered_decides_nothing(complaints):
    """Planted bug: whoever acted for its unit closes it under an account of the office."""
    complaint_id = await complaints.assigned(LEAD, SUPPORT)
    support = await complaints.answer(complaint_id, by=complaints.of("XQ02"))
    assert codes(support) == {"not-the-lead"}
    await complaints.must(await complaints.answer(complaint_id, by=complaints.of(person="p-x")))
    turned = complaints.cycle.caller("performance_office", subject="turned", person="p-x")
    answer = await complaints.direct(complaint_id, "revisit", by=turned, word="satisfied")
    assert codes(answer) == {"acted-for-its-unit"}
    await complaints.must(await complaints.direct(complaint_id, "revisit", word="not_reached"))
    assert codes(await complaints.direct(complaint_id, "close")) == {"own-act"}


async def test_who_is_not_satisfied_has_it_done_again_once_before_it_is_closed(complaints):
    """Planted bugs: closed at once; closed without a word."""
    complaint_id = await complaints.answered()
    office = complaints.cycle.office
    await complaints.must(await complaints.direct(complaint_id, "revisit", word="dissatisfied"))
    closing = await complaints.direct(complaint_id, "close", by=office, text="主观原因。")
    assert codes(closing) == {"redo-first"}
    await complaints.must(await complaints.direct(complaint_id, "redo", text="未解决，重办。"))
    await complaints.must(await complaints.answer(complaint_id, text="已重新处理。"))
    await complaints.must(await complaints.direct(complaint_id, "revisit", word="dissatisfied"))
    assert codes(await complaints.direct(complaint_id, "close", by=office)) == {"missing"}
    done = await complaints.direct(complaint_id, "close", by=office, text="两次办理，诉求不合规。")
    assert (await complaints.must(done))["state"] == "closed"


async def test_hotlines_send_their_calls_once_and_moves_name_what_they_saw(complaints):
    """Planted bug: what is known is compared by its name alone."""
    calls = [{"source_ref": "12345-1", "kind": "hotline"}, {"source_ref": "12345-2"}]
    sent = [complaints.register(*calls, query="?mode=partial") for _ in range(3)]
    outcomes = [e["outcome"] for a in await asyncio.gather(*sent) for e in a.json()["rows"]]
    assert sorted(outcomes) == ["stored"] * 2 + ["unchanged"] * 4
    other = await complaints.register({"source_ref": "12345-1"}, query="?mode=partial")
    [row] = other.json()["rows"]
    assert (row["outcome"], row["errors"][0]["code"]) == ("refused", "registered-before")
    twice = await complaints.register({"source_ref": "x"}, {"source_ref": "x"})
    assert (twice.status_code, codes(twice)) == (422, {"source-ref-twice"})
    phone = await complaints.register({"text": "请回电 13812345678"})
    assert phone.status_code == 422
    [first, _] = await complaints.listed()
    seen = [complaints.direct(first, "accept", kind="hotline", step=1) for _ in range(3)]
    done = await asyncio.gather(*seen)
    assert sorted(each.status_code for each in done) == [201, 409, 409]
    moved = next(each for each in done if each.status_code == 409)
    assert (moved.json()["type"], moved.json()["step"]) == ("complaint-moved", 2)


async def test_a_year_whose_scheme_has_no_complaints_takes_none(new_cycle, complaints):
    from services.scoring.tests.complaints.handling import TEXT

    cycle = new_cycle()
    answer = await cycle.post(cycle.office, "complaints", {"complaints": [TEXT]})
    assert (answer.status_code, answer.json()["type"]) == (409, "no-complaints-here")


async def test_complaints_are_handled_after_the_seal(complaints):
    """Planted bug: moves ask for an open ledger."""
    complaint_id = await complaints.assigned()
    cycle = complaints.cycle
    sealed = await cycle.post(cycle.office, "ledger/seal", {})
    assert sealed.status_code == 200, sealed.text
    await complaints.must(await complaints.answer(complaint_id))
    assert await complaints.registered()


async def test_the_office_takes_back_what_a_silent_unit_was_given(complaints, clock):
    """Planted bugs: taken back on its last day, without a reason, or for the same lead; a day that
    is over when it is given; what was missed charged to the unit that gets it then."""
    complaint_id = await complaints.assigned(kind="hotline")
    today = await clock.today()
    others = [{"unit": "XQ03", "role": "lead"}]
    early = await complaints.direct(complaint_id, "assign", units=others, text="逾期未答复")
    assert codes(early) == {"not-overdue"}
    await clock.pass_days(40)
    silent = await complaints.direct(complaint_id, "assign", units=[LEAD])
    assert {(each["pointer"], each["code"]) for each in silent.json()["errors"]} == {
        ("/text", "missing"),
        ("/units/0/unit", "same-lead"),
    }
    told = {"units": others, "text": "逾期未答复"}
    await complaints.must(await complaints.direct(complaint_id, "assign", **told))
    found = await complaints.now(complaint_id)
    assert found["due"] == str(PLAIN_WEEKS.after(add(today, 40), 13))
    assert (found["state"], found["units"], found["light"]) == ("assigned", others, "none")
    # Nothing was written yet that it has cost the unit which had it, and that unit did nothing.
    assert (await complaints.read(complaint_id, complaints.of())).status_code == 404
    assert await earned(complaints, complaint_id) == [("overdue", 2, "XQ01")]
    await clock.pass_days(20)
    assert await earned(complaints, complaint_id) == [
        ("overdue", 2, "XQ01"),
        ("overdue", 4, "XQ03"),
    ]


async def earned(complaints, complaint_id):
    office = complaints.cycle.office
    assert (await complaints.cycle.post(office, "complaint-events", None)).is_success
    events = (await complaints.now(complaint_id))["events"]
    return [(each["what"], each["step"], each["unit"]) for each in events]


def add(day, count):
    return dt.date.fromisoformat(day) + dt.timedelta(days=count)


@pytest.mark.parametrize(("passed", "left"), [(61, 90), (89, 90), (90, 90), (91, 60)])
async def test_of_a_petition_nobody_has_longer_than_the_law_says(complaints, clock, passed, left):
    """Whoever lets it lapse is charged, and never the unit that gets it when that day is over too.
    Planted bugs: a whole term anew; the day of the extension taken where it is over as well."""
    complaint_id = await complaints.assigned(kind="petition")
    today = await clock.today()
    await clock.pass_days(passed)
    others = [{"unit": "XQ03", "role": "lead"}]
    told = {"units": others, "text": "逾期未答复"}
    await complaints.must(await complaints.direct(complaint_id, "assign", **told))
    assert (await complaints.now(complaint_id))["due"] == str(add(today, left))
    await clock.pass_days(60)
    missed = [("overdue", 2, "XQ01")]
    missed += [("overdue", 4, "XQ03")] if passed <= left else []
    assert await earned(complaints, complaint_id) == missed


async def test_who_gave_it_to_a_unit_does_not_answer_for_it(complaints):
    """Planted bug: accounts compared and not persons."""
    complaint_id = await complaints.accepted()
    both = complaints.cycle.caller("performance_office", subject="in-office", person="p-both")
    await complaints.must(await complaints.direct(complaint_id, "assign", by=both, units=[LEAD]))
    himself = await complaints.answer(complaint_id, by=complaints.of(subject="x", person="P-BOTH"))
    assert codes(himself) == {"gave-it-himself"}
    await complaints.must(await complaints.answer(complaint_id))
