"""Opinions stay in quarantine until the wave is closed and two people have reviewed them; what is
published tells nothing of who said it."""

import json
from uuid import UUID, uuid4

import asyncpg
import pytest

from survey.api.opinion_reviews import NewReview, NewReviewConfirmation
from survey.rules.opinion_reviews import (
    OpinionVerdict,
    ReviewsRejected,
    Standing,
    check_confirmations,
    check_reviews,
)

SAID = "张三让我们排队三小时。"
SAME = "张三窗口太慢！"
ANGRY = "全是骂人的话。"
WORDING = "窗口排队时间过长。"
SECRETS = ("张三", "骂人", "respondent-", "I7", "B-", "W-")


@pytest.fixture
async def closed(opened, row):
    """Give a closed wave with an interview's opinion and two that came alone."""
    said = row(opinion=SAID, interviewer="I7")
    assert (await opened.post([said, row(opinion=ANGRY, interviewer="I8")])).status_code == 201
    assert (await alone(opened, SAME)).status_code == 201
    assert (await opened.close()).status_code == 201
    return opened


@pytest.fixture(scope="session")
async def second(service):
    """Give somebody else of the office."""
    async with service.caller("performance_office", unit="ZH01", person="two") as client:
        yield client


async def alone(survey, text, unit="XQ01", wave=1):
    body = {"batch_no": f"W-{next(survey.numbers)}", "rows": [{"unit": unit, "text": text}]}
    return await survey.collector.post(survey.path(wave, "opinions"), json=body)


async def quarantined(survey, client=None):
    answer = await (client or survey.office).get(survey.path(1, "opinions"))
    assert answer.status_code == 200, answer.text
    return {each["text"]: each for each in answer.json()["items"]}


async def review(survey, *rows, client=None, query=""):
    path = survey.path(1, "opinions", "reviews") + query
    return await (client or survey.office).post(path, json={"rows": list(rows)})


async def confirm(survey, client, *ids, number=1):
    rows = [{"opinion_id": each, "review_no": number} for each in ids]
    return await client.post(survey.path(1, "opinions", "confirmations"), json={"rows": rows})


async def publish(survey, client=None):
    return await (client or survey.office).post(survey.path(1, "opinions", "publication"))


async def published(survey, client=None):
    answer = await (client or survey.office).get(f"/api/v1/cycles/{survey.cycle_id}/opinions")
    assert answer.status_code == 200, answer.text
    return answer


async def decided(survey, second, **verdicts):
    """Review the three opinions and have it confirmed; return their ids by their texts."""
    ids = {text: each["opinion_id"] for text, each in (await quarantined(survey)).items()}
    rows = [
        {"opinion_id": ids[SAID], "verdict": "accept", "wording": WORDING},
        {"opinion_id": ids[SAME], "verdict": "merge", "into": ids[SAID]},
        {"opinion_id": ids[ANGRY], "verdict": "reject", "reason": "侮辱他人。"},
    ]
    answer = await review(survey, *rows)
    assert answer.status_code == 201, answer.text
    answer = await confirm(survey, second, ids[SAID], ids[SAME], ids[ANGRY])
    assert answer.status_code == 201, answer.text
    return ids


async def test_two_people_review_and_all_are_told_nothing_but_the_wording(closed, second, service):
    """Planted bugs: the list before publication; the text instead of the wording; what was merged
    or rejected in the list."""
    ids = await decided(closed, second)
    async with service.caller("assessed_unit", unit="XQ02") as unit:
        assert (await published(closed, unit)).json()["items"] == []
        answer = await publish(closed)
        assert (answer.status_code, answer.json()["published"]) == (201, 1)
        told = await published(closed, unit)
        [item] = told.json()["items"]
        assert item == {
            "opinion_id": ids[SAID],
            "survey": "phone",
            "wave": 1,
            "unit": "XQ01",
            "wording": WORDING,
            "stands_for": 2,
            "is_void": False,
            "rectification": [],
        }
        assert not any(each in told.text for each in SECRETS)
    kept = await quarantined(closed)
    assert {text: each["state"] for text, each in kept.items()} == {
        SAID: "accepted",
        SAME: "merged",
        ANGRY: "rejected",
    }
    assert not any(each in str(kept) for each in SECRETS[2:])
    path = closed.path(1, "opinions")
    for query, texts in {
        "state=accepted": [SAID],
        "state=merged&unit=XQ01": [SAME],
        "state=rejected": [ANGRY],
        "state=quarantined": [],
        "state=proposed": [],
        "state=void": [],
        "unit=XQ02": [],
    }.items():
        answer = await closed.office.get(f"{path}?{query}")
        assert [each["text"] for each in answer.json()["items"]] == texts, query


async def test_nobody_reads_what_was_said_before_the_wave_is_closed_nor_but_to_review_it(
    opened, row, service, problem, statistics
):
    """Planted bugs: a stopped wave; a unit, the collector or a committee."""
    await opened.post([row(opinion=SAID)])
    path = opened.path(1, "opinions")
    async with service.caller("auditor") as auditor:
        for step in (None, opened.stop):
            if step:
                assert (await step()).status_code == 201
            for client in (opened.office, auditor):
                assert problem(await client.get(path)) == (409, "wave-not-closed", [])
            row_ = {"opinion_id": str(uuid4()), "verdict": "reject"}
            assert problem(await review(opened, row_)) == (409, "wave-not-closed", [])
            assert problem(await publish(opened)) == (409, "wave-not-closed", [])
        assert (await opened.close()).status_code == 201
        assert SAID in await quarantined(opened, auditor)
        [item] = (await quarantined(opened)).values()
        row_ = {"opinion_id": item["opinion_id"], "verdict": "accept"}
        assert (await review(opened, row_, client=auditor)).status_code == 403
    for role in ("committee", "standing_committee", "assessed_unit", "supervision", "organiser"):
        async with service.caller(role, unit="XQ01") as client:
            assert (await client.get(path)).status_code == 403, role
            assert (await review(opened, row_, client=client)).status_code == 403, role
    assert (await opened.collector.get(path)).status_code == 403
    async with service.caller("performance_office", unit="XQ02") as concerned:
        assert problem(await concerned.get(path))[1] == "decider-barred"
        assert problem(await review(opened, row_, client=concerned))[1] == "decider-barred"
    async with service.caller("auditor", unit="XQ02") as concerned:
        assert problem(await concerned.get(path))[1] == "decider-barred"


async def test_where_the_office_is_barred_the_second_body_reviews(
    office, service, bar_the_office, prepare, problem
):
    cycle_id = uuid4()
    bar_the_office(cycle_id)
    survey = await prepare("phone", cycle_id)
    await survey.open()
    assert (await alone(survey, SAID)).status_code == 201
    assert (await survey.close()).status_code == 201
    path = survey.path(1, "opinions")
    assert problem(await office.get(path))[1] == "decider-barred"
    assert problem(await publish(survey))[1] == "decider-barred"
    one = service.caller("second_body", unit="JW01", subject="b1", person="b1")
    two = service.caller("second_body", unit="JW01", subject="b2", person="b2")
    other = service.caller("second_body", unit="JW02", subject="b3", person="b3")
    async with one as first, two as second, other as third:
        assert (await third.get(path)).status_code == 403
        [item] = (await quarantined(survey, first)).values()
        row = {"opinion_id": item["opinion_id"], "verdict": "accept", "wording": WORDING}
        assert (await review(survey, row, client=first)).status_code == 201
        assert (await confirm(survey, second, item["opinion_id"])).status_code == 201
        assert (await publish(survey, second)).status_code == 201


async def test_another_person_confirms_the_newest_review_and_nothing_is_published_before(
    closed, second, service, problem
):
    """Planted bugs: the proposer's other account; an older review; a publication over what waits;
    a second publication."""
    ids = {text: each["opinion_id"] for text, each in (await quarantined(closed)).items()}
    rows = [{"opinion_id": each, "verdict": "accept", "wording": "甲"} for each in ids.values()]
    assert (await review(closed, *rows)).status_code == 201
    assert problem(await confirm(closed, closed.office, ids[SAID]))[2] == [
        ("/rows/0/review_no", "same-person")
    ]
    again = rows[0] | {"opinion_id": ids[SAID], "wording": WORDING}
    assert (await review(closed, again)).status_code == 201
    assert problem(await confirm(closed, second, ids[SAID]))[2] == [
        ("/rows/0/review_no", "another-review")
    ]
    assert (await confirm(closed, second, ids[SAID], number=2)).status_code == 201
    assert problem(await review(closed, again))[2] == [("/rows/0/opinion_id", "opinion-decided")]
    answer = await publish(closed)
    assert problem(answer)[:2] == (409, "opinions-unreviewed")
    assert answer.json()["waiting"] == 2
    assert (await confirm(closed, second, ids[SAME], ids[ANGRY])).status_code == 201
    assert (await publish(closed)).json()["published"] == 3
    assert problem(await publish(closed)) == (409, "opinions-published", [])
    items = (await published(closed)).json()["items"]
    assert {each["wording"] for each in items} == {WORDING, "甲"}


async def test_rows_of_reviews_are_refused_one_by_one_and_numbers_in_wordings_never_taken(
    closed, problem
):
    ids = {text: each["opinion_id"] for text, each in (await quarantined(closed)).items()}
    sound = {"opinion_id": ids[SAID], "verdict": "accept"}
    faulty = {"opinion_id": ids[SAME], "verdict": "reject"}
    other = sound | {"wording": WORDING}
    answer = await review(closed, sound, faulty, other, query="?mode=partial")
    assert [each["outcome"] for each in answer.json()["rows"]] == ["stored", "refused", "refused"]
    checked = await review(closed, sound, query="?mode=check")
    assert checked.json()["stored"] == 1
    assert (await quarantined(closed))[SAID]["review"]["review_no"] == 1
    number = await review(closed, sound | {"wording": "请打 0571-8765 4321"})
    assert number.status_code == 422
    assert "8765" not in number.text


@pytest.mark.parametrize("how", ["withdrawn", "voided"])
async def test_what_counts_no_more_is_not_read_and_not_accepted(opened, row, service, problem, how):
    """Planted bug: the opinions are not joined with what was withdrawn, or voided."""
    await opened.post([row(opinion=SAID, interviewer="I7")], batch_no="B-bad")
    await opened.post([row(opinion=ANGRY, interviewer="I8")])
    connection = await asyncpg.connect(service.superuser_url, ssl=False)
    bad = await connection.fetchval("SELECT opinion_id FROM opinion WHERE text = $1"
        " AND survey_id = $2", SAID, UUID(opened.survey_id))  # fmt: skip
    if how == "withdrawn":
        path = opened.path(1, "batches", "B-bad", "withdrawal")
        assert (await opened.collector.post(path, json={"reason": "x"})).status_code == 201
    else:
        await connection.execute(VOID, UUID(opened.survey_id))
    await connection.close()
    if how == "withdrawn":
        assert (await opened.close()).status_code == 201
    else:
        await opened.stop()
        await closed_by_hand(service, opened)
    assert list(await quarantined(opened)) == [ANGRY]
    answer = await review(opened, {"opinion_id": str(bad), "verdict": "accept"})
    assert problem(answer)[2] == [("/rows/0/opinion_id", "opinion-void")]


async def test_opinions_of_a_voided_wave_are_read_by_nobody(opened, row, service, problem):
    """Nor is anything merged into them. Planted bug: a wave that is over, however it ended."""
    await opened.post([row(opinion=SAID)])
    why = {"reason": "x", "document_no": "1"}
    assert (await opened.office.post(opened.path(1, "voidings"), json=why)).status_code == 201
    async with service.caller("committee", subject="m", person="m") as member:
        path = opened.path(1, "voidings", "1", "confirmation")
        assert (await member.post(path, json={"decision": "confirm"})).status_code == 201
    for path in ("opinions", "opinions?state=quarantined"):
        answer = await opened.office.get(opened.path(1, path))
        assert problem(answer) == (409, "wave-not-closed", [])
    assert problem(await publish(opened))[1] == "wave-not-closed"


VOID = (
    "INSERT INTO answer_void (cycle_id, survey_id, wave, interviewer, unit, decision_no)"
    " SELECT cycle_id, survey_id, 1, 'I7', '', 1 FROM survey WHERE survey_id = $1"
)


WITHDRAWN = (
    "INSERT INTO batch_withdrawal (cycle_id, survey_id, wave, batch_no, reason, withdrawn_by)"
    " SELECT cycle_id, survey_id, wave, batch_no, '', '' FROM batch"
    " WHERE survey_id = $1 AND batch_no LIKE 'W-%'"
)


async def closed_by_hand(service, survey):
    connection = await asyncpg.connect(service.superuser_url, ssl=False)
    await connection.execute(
        "UPDATE wave SET state = 'closed' WHERE survey_id = $1 AND wave = 1",
        UUID(survey.survey_id),
    )
    await connection.close()


async def test_what_was_accepted_and_counts_no_more_is_said_to_be_void(closed, second, service):
    """Nothing becomes void once a wave is closed, unless by whoever alters the database. What was
    merged into it says the same, and goes on to count. Planted bug: it is lost with the other."""
    await decided(closed, second)
    assert (await publish(closed)).status_code == 201
    connection = await asyncpg.connect(service.superuser_url, ssl=False)
    for becomes_void, expected in ((VOID, (WORDING, 1, False)), (WITHDRAWN, (None, 0, True))):
        await connection.execute(becomes_void, UUID(closed.survey_id))
        [item] = (await published(closed)).json()["items"]
        assert (item["wording"], item["stands_for"], item["is_void"]) == expected
    await connection.close()
    assert (await quarantined(closed))[SAID]["state"] == "void"


async def test_neither_journal_nor_answers_of_commands_repeat_any_words(closed, second, service):
    await decided(closed, second)
    await publish(closed)
    async with service.caller("auditor") as auditor:
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{closed.cycle_id}")
    assert chain.status_code == 200
    assert "opinions-published" in chain.text
    assert not any(each in chain.text for each in (SAID, SAME, ANGRY, "张三", WORDING))


NOWHERE = str(UUID(int=1))
A, B, C, D = (uuid4() for _ in range(4))
KNOWN = {
    A: Standing(1, counts=True),
    B: Standing(1, True, 1, OpinionVerdict.ACCEPT, "one", None, confirmed=True),
    C: Standing(1, counts=False),
    D: Standing(2, True, 1, OpinionVerdict.REJECT, "one", None, confirmed=True),
}


@pytest.mark.parametrize(
    ("said", "faults"),
    [
        ({"verdict": "accept"}, []),
        ({"verdict": "accept", "wording": "x", "reason": "y"}, []),
        ({"verdict": "accept", "into": str(B)}, [("into", "into-unexpected")]),
        ({"verdict": "reject"}, [("reason", "reason-missing")]),
        ({"verdict": "reject", "reason": "x", "wording": "y"}, [("wording", "wording-unexpected")]),
        ({"verdict": "merge"}, [("into", "into-missing")]),
        ({"verdict": "merge", "into": str(B)}, []),
        ({"verdict": "merge", "into": str(A)}, [("into", "no-such-target")]),
        ({"verdict": "merge", "into": str(C)}, [("into", "no-such-target")]),
        ({"verdict": "merge", "into": str(D)}, [("into", "no-such-target")]),
        ({"verdict": "merge", "into": str(UUID(int=1))}, [("into", "no-such-target")]),
        ({"verdict": "accept", "opinion_id": str(B)}, [("opinion_id", "opinion-decided")]),
        ({"verdict": "accept", "opinion_id": str(C)}, [("opinion_id", "opinion-void")]),
        ({"verdict": "accept", "opinion_id": str(D)}, [("opinion_id", "unknown-opinion")]),
        (
            {"verdict": "accept", "opinion_id": str(UUID(int=1))},
            [("opinion_id", "unknown-opinion")],
        ),
    ],
)
def test_a_review_says_what_its_verdict_goes_with(said, faults):
    new = NewReview.model_validate_json(json.dumps({"opinion_id": str(A)} | said))
    try:
        check_reviews(1, [new], KNOWN)
        found = []
    except ReviewsRejected as refusal:
        found = [(each.pointer.split("/")[-1], each.code) for each in refusal.faults]
    assert found == faults


def test_a_merger_comes_into_force_after_what_it_is_merged_into():
    """Also where a row before it accepts that one. Planted bug: what is only proposed."""
    known = {
        A: Standing(1, True, 1, OpinionVerdict.MERGE, "one", B),
        B: Standing(1, True, 1, OpinionVerdict.ACCEPT, "one"),
    }
    merger, accepted = (NewReviewConfirmation(opinion_id=each, review_no=1) for each in (A, B))
    check_confirmations(1, [accepted, merger], known, "two")
    with pytest.raises(ReviewsRejected) as refused:
        check_confirmations(1, [merger, accepted], known, "two")
    assert [each.code for each in refused.value.faults] == ["target-not-accepted"]


async def test_who_reviews_is_told_what_waits(closed, second, service):
    """Planted bugs: who proposed is to confirm; what is published is to be published."""

    async def expected(client):
        answer = await client.get(f"/api/v1/cycles/{closed.cycle_id}/tasks/survey")
        kinds = {each["kind"]: each["count"] for each in answer.json()["tasks"]}
        return {kind: number for kind, number in kinds.items() if "opinion" in kind}

    assert await expected(closed.office) == {"review-opinions": 3}
    ids = {text: each["opinion_id"] for text, each in (await quarantined(closed)).items()}
    await review(closed, {"opinion_id": ids[SAID], "verdict": "accept"})
    assert await expected(closed.office) == {"review-opinions": 2}
    assert await expected(second) == {"review-opinions": 2, "confirm-opinion-reviews": 1}
    rest = [{"opinion_id": ids[each], "verdict": "accept"} for each in (SAME, ANGRY)]
    await review(closed, *rest)
    await confirm(closed, second, *ids.values())
    assert await expected(closed.office) == {"publish-opinions": 3}
    for role in ("committee", "assessed_unit", "auditor"):
        async with service.caller(role, unit="XQ01") as client:
            assert await expected(client) == {}
    async with service.caller("performance_office", unit="XQ01") as concerned:
        assert await expected(concerned) == {}
    await publish(closed)
    assert await expected(closed.office) == {}
