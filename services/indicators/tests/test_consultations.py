"""Units are asked about a draft of the scheme: they read it, comment on it node by node, and every
comment is answered before anything is published."""

import datetime as dt

import pytest

from indicators import queries
from indicators.api import consultations

UNITS = ("organiser", "second_body", "data_source_unit", "assessed_unit")
ALL_READ = ("committee", "standing_committee", "auditor")


@pytest.fixture(scope="session")
async def unit(service):
    """Give a unit that is assessed."""
    async with service.caller("assessed_unit", unit="X1", subject="x1", person="x1") as client:
        yield client


@pytest.fixture(scope="session")
async def rival(service):
    """Give another."""
    async with service.caller("assessed_unit", unit="X2", subject="x2", person="x2") as client:
        yield client


@pytest.fixture
def days(monkeypatch):
    """Give what has days go by."""
    local_day = queries.local_day

    def later(number):
        def shifted(moment, zone):
            return local_day(moment, zone) + dt.timedelta(days=number)

        monkeypatch.setattr(queries, "local_day", shifted)

    return later


def today():
    return queries.local_day(dt.datetime.now(dt.UTC), queries.TIME_ZONE)


async def ask(office, cycle, version=1, days=3, **more):
    asked = {"about": "请提出意见", "closes_on": str(today() + dt.timedelta(days=days))} | more
    return await office.post(f"{cycle}/scheme-versions/{version}/consultation", json=asked)


@pytest.fixture
async def draft(office, cycle, document):
    """Give the path of a draft that units are asked about."""
    path = f"{cycle}/scheme-versions"
    answer = await office.post(path, json={"scheme": document()})
    assert answer.status_code == 201, answer.text
    assert (await ask(office, cycle)).status_code == 201
    return f"{path}/1"


async def say(caller, draft, *comments, **query):
    return await caller.post(f"{draft}/comments", json={"comments": [*comments]}, params=query)


async def reply(caller, draft, *answers, **query):
    return await caller.post(f"{draft}/comment-answers", json={"answers": [*answers]}, params=query)


def answered(comment_id, outcome="adopted", reason="有道理"):
    return {"comment_id": comment_id, "outcome": outcome, "reason": reason}


async def comments(caller, draft, **query):
    answer = await caller.get(f"{draft}/comments", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_unit_reads_only_the_drafts_that_it_is_asked_about(
    service, office, unit, cycle, document, problem
):
    """Planted bugs: let units read every draft; let them read none."""
    for _ in range(2):
        await office.post(f"{cycle}/scheme-versions", json={"scheme": document()})
    path = f"{cycle}/scheme-versions"
    assert (await unit.get(f"{path}/1")).status_code == 403
    assert (await ask(office, cycle, 2)).status_code == 201
    for role in UNITS:
        async with service.caller(role, unit="X1", subject="r", person="r") as reader:
            told = await reader.get(f"{path}/2")
            assert told.json()["scheme"]["assessment_year"] == 2025
            assert (await reader.get(f"{path}/2/differences")).status_code == 200
            if role != "organiser":
                assert (await reader.get(f"{path}/1")).status_code == 403
                assert (await reader.get(f"{path}/1/differences")).status_code == 403
            [asked] = (await reader.get(f"{cycle}/consultations")).json()["items"]
            assert (asked["version"], asked["open"], asked["comments"]) == (2, True, 0)
    assert problem(await say(unit, f"{path}/1", {"text": "好"}))[:2] == (404, "not-consulted")


async def test_comments_stand_at_their_nodes_and_are_told_to_all_after_the_last_day(
    office, unit, rival, service, cycle, draft, document, days, problem
):
    """Planted bugs: show a unit what others say while it may still speak; hide it afterwards; drop
    the node; let who is of the committee and of a unit read all; take the same words twice; let
    somebody speak the day after."""
    category = document()["categories"][0]
    indicator = category["blocks"][0]["indicators"][0]["code"]
    place = {"category": category["code"], "indicator": indicator}
    said = await say(unit, draft, place | {"text": "分值偏高"}, {"text": "总体同意"})
    assert (said.status_code, said.json()["stored"]) == (201, 2)
    again = await say(unit, draft, place | {"text": "分值偏高"}, {"text": "再议"}, mode="partial")
    assert (again.json()["unchanged"], again.json()["stored"]) == (1, 1)
    other = {"indicator": indicator, "text": "口径不明"}
    assert (await say(rival, draft, other)).status_code == 201
    wrong = [
        {"category": "NO", "text": "一"},
        {"category": category["code"], "indicator": "NO", "text": "二"},
        {"text": "三"},
        {"text": "三"},
    ]
    assert problem(await say(unit, draft, *wrong)) == (
        422,
        "comments-faulty",
        [
            ("/comments/0/category", "unknown-category"),
            ("/comments/1/indicator", "unknown-indicator"),
            ("/comments/3/text", "said-twice"),
        ],
    )
    assert {each["unit"] for each in await comments(unit, draft)} == {"X1"}
    assert len(await comments(unit, draft)) == 3
    [own] = await comments(rival, draft)
    assert (own["category"], own["indicator"], own["outcome"]) == (None, indicator, None)
    assert len(await comments(office, draft)) == 4
    assert len(await comments(office, draft, indicator=indicator)) == 2
    for role in ALL_READ:
        async with service.caller(role, subject="r", person="r") as reader:
            assert len(await comments(reader, draft)) == 4
            [asked] = (await reader.get(f"{cycle}/consultations")).json()["items"]
            assert (asked["comments"], asked["unanswered"]) == (4, 4)
        if role != "auditor":
            async with service.caller(role, unit="X3", subject="r", person="r") as reader:
                assert await comments(reader, draft) == []
                [asked] = (await reader.get(f"{cycle}/consultations")).json()["items"]
                assert (asked["comments"], asked["unanswered"]) == (0, 0)
    [asked] = (await rival.get(f"{cycle}/consultations")).json()["items"]
    assert (asked["comments"], asked["unanswered"]) == (1, 1)

    days(3)
    assert (await say(rival, draft, {"text": "最后一天"})).status_code == 201
    assert len(await comments(unit, draft)) == 3
    days(4)
    assert problem(await say(rival, draft, {"text": "晚了"}))[:2] == (409, "consultation-over")
    assert {each["unit"] for each in await comments(unit, draft)} == {"X1", "X2"}
    [asked] = (await unit.get(f"{cycle}/consultations")).json()["items"]
    assert (asked["open"], asked["comments"]) == (False, 5)


async def test_nothing_is_published_past_units_that_may_speak_or_were_not_answered(
    office, colleague, unit, cycle, draft, days, document, problem
):
    """Planted bugs: publish while it is open; publish a comment without an answer; look only at the
    version itself, so that a copy of the draft is published past it."""
    await office.post(f"{cycle}/scheme-versions", json={"scheme": document()})
    copy = f"{cycle}/scheme-versions/2"
    for path in (draft, copy):
        refused = problem(await office.post(f"{path}/publication"))
        assert refused[:2] == (409, "consultation-pending")
    [row] = (await say(unit, draft, {"text": "不同意"})).json()["rows"]
    days(4)
    for path in (draft, copy):
        refused = await office.post(f"{path}/publication")
        assert (refused.status_code, "1" in refused.json()["detail"]) == (409, True)
    given = answered(row["comment_id"], "not_adopted", "与上级一致")
    assert (await reply(office, draft, given)).status_code == 201
    assert (await reply(colleague, draft, given, mode="partial")).json()["unchanged"] == 1
    assert problem(await reply(colleague, draft, answered(row["comment_id"]))) == (
        422,
        "answers-faulty",
        [("/answers/0/comment_id", "answered-already")],
    )
    [told] = await comments(unit, draft, answered=True)
    assert (told["outcome"], told["reason"]) == ("not_adopted", "与上级一致")
    assert await comments(unit, draft, answered=False) == []
    assert (await office.post(f"{copy}/publication")).status_code == 201
    assert problem(await ask(office, cycle, 2, 9))[:2] == (409, "version-overtaken")


@pytest.mark.parametrize("after", [consultations._LARGEST, consultations._LARGEST + 1, 2**40])
@pytest.mark.parametrize("of", ["consultations", "scheme-versions"])
async def test_a_place_that_no_number_reaches_is_the_end_of_a_list(office, cycle, of, after):
    """Planted bug: a number beyond what the database counts is a failure of ours."""
    answer = await office.get(f"{cycle}/{of}?after={after}")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"items": [], "next": None}


async def test_nobody_answers_what_he_or_his_unit_has_said(
    service, office, cycle, draft, unit, problem
):
    """Planted bugs: look at the unit alone, or at the person alone."""
    ids = []
    for role, body, person in (
        ("data_source_unit", "B01", "somebody"),
        ("assessed_unit", "X3", "x3"),
    ):
        async with service.caller(role, unit=body, subject=person, person=person) as speaker:
            [row] = (await say(speaker, draft, {"text": f"{person}说"})).json()["rows"]
            ids.append(row["comment_id"])
    async with service.caller("performance_office", unit="B02", subject="o", person="Ｘ3") as same:
        faults = [("/answers/0/comment_id", "own-comment")]
        refused = problem(await reply(same, draft, answered(ids[1])))
        assert refused == (422, "answers-faulty", faults)
    refused = problem(await reply(office, draft, answered(ids[0])))  # of B01 too
    assert refused == (422, "answers-faulty", faults)
    unknown = "00000000-0000-4000-8000-000000000000"
    refused = problem(await reply(office, draft, answered(unknown), *[answered(ids[1])] * 2))
    assert refused[2] == [
        ("/answers/0/comment_id", "unknown-comment"),
        ("/answers/2/comment_id", "named-twice"),
    ]
    assert (await reply(unit, draft, answered(ids[1]))).status_code == 403


async def test_units_are_asked_once_about_a_version_and_for_a_time_that_is_not_over(
    office, cycle, draft, problem, document
):
    """Planted bugs: ask until yesterday; ask again with another last day."""
    assert problem(await ask(office, cycle))[:2] == (409, "consultation-stands")
    await office.post(f"{cycle}/scheme-versions", json={"scheme": document()})
    for wrong in (-1, 181):
        refused = problem(await ask(office, cycle, 2, wrong))
        assert refused == (422, "consultation-faulty", [("/closes_on", "not-in-time")])
    assert problem(await ask(office, cycle, 9))[:2] == (404, "no-such-version")
    assert (await ask(office, cycle, 2, 0)).status_code == 201


async def test_no_unit_makes_more_comments_than_can_be_answered(unit, rival, draft, problem):
    """Planted bugs: count a batch alone; count what others say; leave the rest of a batch out in
    silence."""
    first = [{"text": f"意见{n}"} for n in range(199)]
    assert (await say(unit, draft, *first)).status_code == 201
    more = [{"text": "再一"}, {"text": "再二"}]
    refused = problem(await say(unit, draft, *more))
    assert refused[1:] == ("comments-faulty", [("/comments/1", "too-many")])
    told = (await say(unit, draft, *more, mode="partial")).json()
    assert (told["stored"], told["refused"]) == (1, 1)
    told = (await say(unit, draft, *first[:3], mode="partial")).json()
    assert told["unchanged"] == 3
    assert (await say(rival, draft, *more)).status_code == 201


async def test_whoever_is_to_speak_or_to_answer_has_a_task(office, unit, rival, cycle, draft):
    """Planted bugs: the task stays when the unit has spoken; the office is told of none before a
    scheme is published."""

    async def tasks(caller):
        answer = await caller.get(f"{cycle}/tasks/indicators")
        assert answer.status_code == 200, answer.text
        return {each["kind"]: each for each in answer.json()["tasks"]}

    told = (await tasks(unit))["comment-on-draft"]
    assert told["deadline"] == str(today() + dt.timedelta(days=3))
    assert told["listed_at"] == draft
    assert await tasks(office) == {}
    [row] = (await say(unit, draft, {"text": "同意"})).json()["rows"]
    assert (await tasks(unit), [*await tasks(rival)]) == ({}, ["comment-on-draft"])
    assert (await tasks(office))["answer-comments"]["count"] == 1
    await reply(office, draft, answered(row["comment_id"]))
    assert await tasks(office) == {}
