"""Notices over HTTP: what is shown to everybody, who objects and answers, and what waits for it."""

import json
from uuid import uuid4

import pytest
from services.ranking.tests.conftest import Cycle

NOTICE = {"after": "review", "working_days": 5, "shows": "grades"}
OBJECTION = {"text": "云阳县的等次与实际不符。", "about": "XQ01"}
ANSWERER = {"role": "performance_office", "subject": "answerer"}


@pytest.fixture
def noticed(shifting, peers):
    """A factory of cycles whose scheme has a notice."""

    def make(**more):
        cycle = Cycle(shifting, uuid4())
        peers.by_cycle[str(cycle.cycle_id)] = {"notice": NOTICE | more}
        return cycle

    return make


async def opened(cycle, category="COUNTY", **said):
    """An edition of which the notice runs."""
    edition = await cycle.rank(category)
    await cycle.take(edition, "merge", "review")
    answer = await cycle.post(f"/rankings/{edition}/notice", said, **ANSWERER)
    assert answer.status_code == 201, answer.text
    return edition, answer.json()["notice"]


async def decide(cycle, edition, **who):
    said = {"role": "standing_committee", "subject": "decision", **who}
    return await cycle.post(f"/rankings/{edition}/decision", **said)


async def object_to(cycle, notice, unit="XQ01", **more):
    path = f"/notices/{notice}/objections"
    return await cycle.post(path, OBJECTION | more, role="assessed_unit", unit=unit)


async def answer_to(cycle, notice, *references, **more):
    who = {name: more.pop(name) for name in ("role", "subject", "unit", "person") if name in more}
    body = {"references": references, "outcome": "rejected", "text": "经核实无误。", **more}
    return await cycle.post(f"/notices/{notice}/answers", body, **ANSWERER | who)


def codes(answer):
    return {each["code"] for each in answer.json().get("errors", ())}


def refused(answer):
    return answer.status_code, answer.json()["type"]


async def test_a_result_is_shown_and_waits_for_the_end_and_for_each_answer(noticed, clock):
    """Planted bugs: nothing asks whether it was shown; the last day is not awaited; one answer of
    two is enough."""
    cycle = noticed()
    edition = await cycle.rank()
    await cycle.take(edition, "merge")
    early = await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)
    assert refused(early) == (409, "no-notice-here")
    await cycle.take(edition, "review")
    assert refused(await decide(cycle, edition)) == (409, "notice-missing")
    told = (await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)).json()["notice"]
    number = told["notice"]
    again = await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)
    assert refused(again) == (409, "notice-there")

    own = (await object_to(cycle, number)).json()["objection"]["reference"]
    filed = await cycle.openly(f"/notices/{number}/objections", OBJECTION)
    assert filed.status_code == 201, filed.text
    answer = await decide(cycle, edition)
    assert refused(answer) == (409, "notice-open")
    assert answer.json()["closes_on"] == told["closes_on"]
    await clock.pass_days(9)
    waiting = await decide(cycle, edition)
    assert refused(waiting) == (409, "objections-unanswered")
    both = sorted([own, filed.json()["reference"]])
    assert (waiting.json()["objections"], waiting.json()["count"]) == (both, 2)
    assert (await answer_to(cycle, number, own)).status_code == 201
    assert (await decide(cycle, edition)).json()["objections"] == [filed.json()["reference"]]
    assert (await answer_to(cycle, number, filed.json()["reference"])).status_code == 201
    late = await cycle.openly(f"/notices/{number}/objections", OBJECTION)
    assert refused(late) == (409, "notice-over")
    assert (await decide(cycle, edition)).status_code == 201
    # After the step it holds nothing up.
    published = await cycle.post(
        f"/rankings/{edition}/publication", role="performance_office", subject="publication"
    )
    assert published.status_code == 201, published.text


async def test_the_notice_takes_working_days_and_the_day_of_its_opening_is_not_counted(
    noticed, clock
):
    """Planted bug: count from the day itself."""
    cycle = noticed(working_days=1)
    edition, told = await opened(cycle)
    assert told["closes_on"] > told["opened_on"] == await clock.today()
    await clock.pass_days(4)
    assert (await decide(cycle, edition)).status_code == 201


@pytest.mark.parametrize(
    ("shows", "fields"),
    [
        ("grades", {"unit", "name"}),
        ("grades_and_ranks", {"unit", "name", "rank"}),
        ("grades_ranks_and_totals", {"unit", "name", "rank", "final_total"}),
    ],
)
async def test_everybody_reads_what_the_scheme_shows_and_nothing_else(
    noticed, peers, shows, fields
):
    """Planted bug: units of a grade are told best first where only grades are shown."""
    cycle = noticed(shows=shows)
    edition, told = await opened(cycle)
    read = await cycle.openly(f"/notices/{told['notice']}")
    assert read.status_code == 200, read.text
    assert read.json() == told
    listed = (await cycle.openly("/notices")).json()["items"]
    assert [each["digest"] for each in listed] == [told["digest"]]
    ranking = (await cycle.get(f"/rankings/{edition}", "auditor")).json()
    assert ranking["digest"] not in read.text
    county = next(each for each in peers.scheme["categories"] if each["code"] == "COUNTY")
    grade_of = {each["unit"]: each["grade"] for each in ranking["units"]}
    shown = {one["unit"]: line["grade"] for line in told["lists"] for one in line["units"]}
    assert shown == grade_of
    rank_of = {each["unit"]: each["rank"] for each in ranking["units"]}
    for line in told["lists"]:
        units = [each["unit"] for each in line["units"]]
        place = rank_of.get if shows != "grades" else county["units"].index
        assert units == sorted(units, key=place)
        assert all({*each} == fields for each in line["units"])


async def test_a_new_edition_is_shown_again_and_takes_the_place_of_the_old_notice(noticed, clock):
    """Planted bug: any notice of the category will do."""
    cycle = noticed()
    first, old = await opened(cycle)
    second, new = await opened(cycle)
    await clock.pass_days(9)
    assert (await cycle.openly(f"/notices/{old['notice']}")).json()["state"] == "replaced"
    assert (await cycle.openly(f"/notices/{new['notice']}")).json()["state"] == "ended"
    assert refused(await object_to(cycle, old["notice"])) == (409, "notice-over")
    assert (await decide(cycle, second)).status_code == 201
    assert (first, second) == (1, 2)


async def test_an_edition_whose_notice_another_took_the_place_of_is_shown_again(noticed, clock):
    """Of two editions that say the same the second is shown, so that nobody can object to the first
    any more: that one is not decided behind what is objected to the other.

    Planted bug: a notice that was replaced stands for its edition.
    """
    cycle = noticed()
    first, _ = await opened(cycle)
    _, new = await opened(cycle)
    left = (await object_to(cycle, new["notice"])).json()["objection"]["reference"]
    await clock.pass_days(9)
    async with cycle.unchanged():
        passed_over = await decide(cycle, first)
    assert refused(passed_over) == (409, "notice-missing")
    assert (passed_over.json()["notice"], passed_over.json()["replaced_by"]) == (1, 2)
    again = await cycle.post(f"/rankings/{first}/notice", **ANSWERER)
    assert again.status_code == 201, again.text
    there = await cycle.post(f"/rankings/{first}/notice", **ANSWERER)
    assert refused(there) == (409, "notice-there")
    await clock.pass_days(9)
    assert (await decide(cycle, first)).json()["objections"] == [left]
    assert (await answer_to(cycle, new["notice"], left)).status_code == 201
    assert (await decide(cycle, first)).status_code == 201


async def test_a_new_edition_leaves_no_objection_to_the_old_notice_unanswered(noticed, clock):
    """Planted bug: only the objections to the newest notice are awaited."""
    cycle = noticed()
    _, old = await opened(cycle)
    left = (await object_to(cycle, old["notice"])).json()["objection"]["reference"]
    _, elsewhere = await opened(cycle, "PAIR")
    assert (await object_to(cycle, elsewhere["notice"], about=None)).status_code == 201
    second, new = await opened(cycle)
    last = (await object_to(cycle, new["notice"])).json()["objection"]["reference"]
    await clock.pass_days(9)
    for notice, reference in ((old["notice"], left), (new["notice"], last)):
        async with cycle.service.caller("performance_office", subject="t") as client:
            told = (await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")).json()
        asked = [each["about"] for each in told["tasks"] if "notice" in each["about"]]
        assert {"notice": str(notice)} in asked
        waiting = await decide(cycle, second)
        assert refused(waiting) == (409, "objections-unanswered")
        assert (waiting.json()["notice"], waiting.json()["objections"]) == (notice, [reference])
        assert (await answer_to(cycle, notice, reference)).status_code == 201
    assert (await decide(cycle, second)).status_code == 201


async def test_an_edition_is_not_decided_once_an_objection_was_upheld(noticed, clock, peers):
    """Planted bugs: upheld is as good as rejected; corrections are not looked at."""
    cycle = noticed()
    edition, told = await opened(cycle)
    number = told["notice"]
    reference = (await object_to(cycle, number)).json()["objection"]["reference"]
    known = {name: str(uuid4()) for name in ("right", "refused", "elsewhere")}
    peers.known = [
        {"correction_id": known["right"], "unit": "XQ01", "state": "proposed"},
        {"correction_id": known["refused"], "unit": "XQ01", "state": "refused"},
        {"correction_id": known["elsewhere"], "unit": "ZF01", "state": "approved"},
    ]
    for given, code in [
        ([str(uuid4())], "unknown-correction"),
        ([known["refused"]], "correction-refused"),
        ([known["elsewhere"]], "another-category"),
    ]:
        bad = await answer_to(cycle, number, reference, outcome="upheld", corrections=given)
        assert (bad.status_code, codes(bad)) == (422, {code})
    unwanted = await answer_to(cycle, number, reference, corrections=[known["right"]])
    assert codes(unwanted) == {"not-wanted"}
    async with cycle.unchanged():
        for bad in ([reference, reference], ["AAAA-AAAA-AAAA"], []):
            assert (await answer_to(cycle, number, *bad)).status_code == 422
    right = await answer_to(
        cycle, number, reference, outcome="upheld", corrections=[known["right"]]
    )
    assert right.json()["objections"][0]["answer"]["corrections"] == [known["right"]]
    assert codes(await answer_to(cycle, number, reference)) == {"answered-before"}
    await clock.pass_days(9)
    assert refused(await decide(cycle, edition)) == (409, "objection-upheld")
    _, again = await opened(cycle, unchanged_because="更正未改变结果。")
    assert again["notice"] == number + 1


async def test_nobody_answers_for_competitors_or_what_was_filed_by_oneself(noticed, peers):
    """Planted bugs: the account is compared; a unit of the category answers."""
    cycle = noticed()
    _, told = await opened(cycle)
    number = told["notice"]
    answer = await cycle.post(
        f"/notices/{number}/objections", OBJECTION,
        role="assessed_unit", unit="ZF77", subject="a", person="Wang",
    )  # fmt: skip
    reference = answer.json()["objection"]["reference"]
    assert refused(await answer_to(cycle, number, reference, person="wang")) == (
        409,
        "own-objection",
    )
    own_unit = await answer_to(cycle, number, reference, unit="ZF77")
    assert refused(own_unit) == (409, "own-objection")
    rival = await answer_to(cycle, number, reference, unit="XQ05")
    assert refused(rival) == (403, "decider-barred")
    for role in ("committee", "assessed_unit", "auditor"):
        other = await answer_to(cycle, number, reference, role=role)
        assert other.status_code == 403
    peers.by_cycle[str(cycle.cycle_id)] |= {"recusals": [{"unit": "XQ04", "body": "ZF01"}]}
    assert refused(await answer_to(cycle, number, reference)) == (403, "decider-barred")
    body = {"role": "second_body", "unit": "ZF01"}
    assert (await answer_to(cycle, number, reference, **body)).status_code == 201


async def test_an_answer_is_read_by_who_filed_and_by_nobody_else_outside(noticed):
    """Planted bugs: a unit reads objections of others; number alone opens it; an account of no unit
    reads what nobody's unit filed."""
    cycle = noticed()
    _, told = await opened(cycle)
    number = told["notice"]
    own = (await object_to(cycle, number)).json()["objection"]["reference"]
    other = (await object_to(cycle, number, unit="XQ02")).json()["objection"]["reference"]
    filed = (await cycle.openly(f"/notices/{number}/objections", OBJECTION)).json()
    assert (await answer_to(cycle, number, own, other, filed["reference"])).status_code == 201

    async def listed(role, unit=None):
        async with cycle.service.caller(role, unit=unit) as client:
            at = f"/api/v1/cycles/{cycle.cycle_id}/notices/{number}/objections"
            return await client.get(at)

    mine = (await listed("assessed_unit", "XQ01")).json()["items"]
    assert [each["reference"] for each in mine] == [own]
    assert mine[0]["answer"]["text"] == "经核实无误。"
    everything = (await listed("performance_office")).json()["items"]
    assert {each["reference"] for each in everything} == {own, other, filed["reference"]}
    assert filed["token"] not in json.dumps(everything)
    assert (await listed("committee", "XQ03")).status_code == 403
    assert (await listed("committee")).status_code == 200
    assert (await listed("organiser", "ZH40")).status_code == 403
    # Of no unit are also those who objected without an account.
    assert (await listed("assessed_unit")).status_code == 403
    for asked, numbers in (("answered=false", []), (f"answered=true&after={'A' * 14}", None)):
        async with cycle.service.caller("performance_office") as client:
            at = f"/api/v1/cycles/{cycle.cycle_id}/notices/{number}/objections?{asked}"
            answer = await client.get(at)
        if numbers is None:
            assert refused(answer) == (422, "no-such-place")
        else:
            assert answer.json()["items"] == numbers

    path = f"/notices/{number}/objections/{filed['reference']}"
    right = {"Objection-Token": filed["token"]}
    read = await cycle.openly(path, **right)
    assert read.json()["answer"]["outcome"] == "rejected"
    assert read.headers["cache-control"] == "no-store"
    for wrong in ({}, {"Objection-Token": "x"}):
        assert (await cycle.openly(path, **wrong)).status_code == 404
    of_unit = f"/notices/{number}/objections/{own}"
    assert (await cycle.openly(of_unit, **right)).status_code == 404
    elsewhere = f"/notices/{number + 1}/objections/{filed['reference']}"
    assert (await cycle.openly(elsewhere, **right)).status_code == 404


async def test_what_is_about_a_unit_that_is_not_shown_or_leads_to_a_person_is_refused(noticed):
    cycle = noticed()
    _, told = await opened(cycle)
    path = f"/notices/{told['notice']}/objections"
    async with cycle.unchanged():
        unknown = await cycle.openly(path, OBJECTION | {"about": "ZF01"})
        assert (unknown.status_code, codes(unknown)) == (422, {"not-in-the-notice"})
        assert (await cycle.openly(path, {"text": "请致电13800138000。"})).status_code == 422
        assert (await cycle.openly("/notices/9/objections", OBJECTION)).status_code == 404
        assert (await cycle.openly("/notices/9")).status_code == 404


async def test_without_a_notice_in_the_scheme_everything_is_as_it_was(cycle):
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review")
    answer = await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)
    assert refused(answer) == (409, "no-notice-here")
    await cycle.take(edition, "decision", "publication")


async def test_an_altered_notice_or_answer_is_told_to_nobody_and_decided_on_by_nobody(
    noticed, clock
):
    """Planted bug: leave `require_intact` out."""
    cycle = noticed()
    edition, told = await opened(cycle)
    number = told["notice"]
    reference = (await object_to(cycle, number)).json()["objection"]["reference"]
    await answer_to(cycle, number, reference)
    await clock.pass_days(9)
    where, service = f"cycle_id = '{cycle.cycle_id}'", cycle.service
    async with service.altered("notice", "closes_on = '2020-01-01'", where):
        assert (await cycle.openly(f"/notices/{number}")).status_code == 500
        assert refused(await decide(cycle, edition)) == (500, "stored-data-altered")
    async with service.altered("notice_answer", "outcome = 'upheld'", where):
        assert refused(await decide(cycle, edition)) == (500, "stored-data-altered")
    assert (await decide(cycle, edition)).status_code == 201


async def test_whoever_is_to_show_answer_or_decide_is_told_in_turn(noticed, clock):
    """Planted bugs: the decision is expected while the notice runs; a competitor is told."""
    cycle = noticed()
    edition = await cycle.rank()
    await cycle.take(edition, "merge", "review")

    async def kinds(role, unit=None):
        async with cycle.service.caller(role, unit=unit, subject=f"t-{role}") as client:
            answer = await client.get(f"/api/v1/cycles/{cycle.cycle_id}/tasks/ranking")
        assert answer.status_code == 200, answer.text
        return [(each["kind"], each["count"]) for each in answer.json()["tasks"]]

    assert await kinds("performance_office") == [("open-notice", 1)]
    assert await kinds("performance_office", "XQ01") == []
    assert await kinds("standing_committee") == []
    told = (await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)).json()["notice"]
    assert await kinds("performance_office") == []
    filed = [
        (await object_to(cycle, told["notice"])).json()["objection"]["reference"] for _ in "12"
    ]
    assert await kinds("performance_office") == [("answer-notice-objections", 2)]
    assert await kinds("auditor") == []
    await clock.pass_days(9)
    assert await kinds("standing_committee") == []
    await answer_to(cycle, told["notice"], *filed)
    assert await kinds("standing_committee") == [("decide-ranking", 1)]
    assert await kinds("performance_office") == []


CHAIN = [
    {"code": "merge", "role": "performance_office"},
    {"code": "review", "role": "committee", "send_back_to": ["merge"]},
    {"code": "decision", "role": "standing_committee", "send_back_to": ["review", "merge"]},
]
WHO = {"merge": "performance_office", "review": "committee", "decision": "standing_committee"}


async def step_of(cycle, edition, code, **more):
    who = {"role": WHO[code], "subject": code}
    return await cycle.post(f"/rankings/{edition}/steps", {"step": code, **more}, **who)


async def test_an_upheld_objection_is_not_passed_over_by_a_return(noticed, clock, peers):
    """Planted bug: only what is upheld of the newest notice of an edition stands against it."""
    cycle = noticed()
    peers.by_cycle[str(cycle.cycle_id)] |= {"approval": {"steps": CHAIN}}
    edition = await cycle.rank()
    for each in ("merge", "review"):
        assert (await step_of(cycle, edition, each)).status_code == 201
    told = (await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)).json()["notice"]
    reference = (await object_to(cycle, told["notice"])).json()["objection"]["reference"]
    done = await answer_to(cycle, told["notice"], reference, outcome="upheld", text="属实")
    assert done.status_code == 201
    await clock.pass_days(9)
    answer = await step_of(cycle, edition, "decision")
    assert refused(answer) == (409, "objection-upheld")
    said = {"word": "sent_back", "sent_back_to": "review", "reason": "x"}
    back = await step_of(cycle, edition, "decision", **said)
    assert back.status_code == 201, back.text
    assert (await step_of(cycle, edition, "review")).status_code == 201
    again = await cycle.post(f"/rankings/{edition}/notice", **ANSWERER)
    assert again.status_code == 201
    await clock.pass_days(9)
    answer = await step_of(cycle, edition, "decision")
    assert refused(answer) == (409, "objection-upheld"), answer.text


async def test_what_says_the_same_as_an_edition_that_was_objected_to_is_shown_with_a_reason(
    noticed, clock, peers, monkeypatch
):
    """Planted bugs: ranking again passes over what was upheld; the digest is compared, which
    another edition of the score sheet changes; a reason is taken where nothing asks for one; it
    answers for what is upheld later, too."""
    cycle = noticed()
    reason = {"unchanged_because": "异议误判成立，经复核原结果无误。"}
    first = await cycle.rank()
    await cycle.take(first, "merge", "review")
    async with cycle.unchanged():
        unwanted = await cycle.post(f"/rankings/{first}/notice", reason, **ANSWERER)
        assert refused(unwanted) == (409, "nothing-upheld-before")
    assert (await cycle.post(f"/rankings/{first}/notice", **ANSWERER)).status_code == 201
    upheld, later = [
        (await object_to(cycle, 1, unit=unit)).json()["objection"]["reference"]
        for unit in ("XQ01", "XQ02")
    ]
    assert (await answer_to(cycle, 1, upheld, outcome="upheld")).status_code == 201

    monkeypatch.setitem(peers.sheets, 7, ["COUNTY"])

    async def shown(body):
        of = {"category": "COUNTY", "score_sheet_edition": 7}
        ranked = await cycle.post("/rankings", of, role="performance_office")
        edition = ranked.json()["ranking"]["edition"]
        await cycle.take(edition, "merge", "review")
        return edition, await cycle.post(f"/rankings/{edition}/notice", body, **ANSWERER)

    edition, silent = await shown({})
    digests = await cycle.service.sql(
        "SELECT DISTINCT digest FROM ranking WHERE cycle_id = $1", cycle.cycle_id
    )
    assert len(digests) == 2  # by what it was computed from alone
    assert refused(silent) == (409, "upheld-without-change")
    assert (silent.json()["objections"], silent.json()["count"]) == ([upheld], 1)
    told = await cycle.post(f"/rankings/{edition}/notice", reason, **ANSWERER)
    assert told.status_code == 201, told.text
    read = (await cycle.openly("/notices/2")).json()
    assert read["unchanged_because"] == reason["unchanged_because"]
    assert (await answer_to(cycle, 1, later, outcome="upheld")).status_code == 201
    await clock.pass_days(9)
    passed_over = await decide(cycle, edition)
    assert refused(passed_over) == (409, "objection-upheld")
    assert passed_over.json()["objections"] == [later]
    edition, told = await shown(reason)
    assert told.status_code == 201, told.text
    await clock.pass_days(9)
    assert (await decide(cycle, edition)).status_code == 201
