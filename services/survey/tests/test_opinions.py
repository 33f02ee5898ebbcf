"""Opinions come with interviews or alone, are withdrawn with their batch, and are repeated by
nobody."""

import gzip

import asyncpg
import pytest

from service_testing import without_ids

WORDS = "办事窗口排队时间太长，希望增加人手。"
NUMBER = "我家电话0571-8765 4321，请回电"
UNITS = ("XQ01", "XQ02", *(f"W{n}" for n in range(10)))
MOBILE = "请打１３９-1234-5678找我"


def alone(unit="XQ01", text=WORDS, **more):
    return {"unit": unit, "text": text, **more}


async def send(survey, rows, wave=1, query="", **replaced):
    body = {"batch_no": f"O-{next(survey.numbers)}", "rows": rows} | replaced
    return await survey.collector.post(survey.path(wave, "opinions") + query, json=body)


async def kept(service, survey):
    """Give what is stored of opinions: unit, text, group, channel, and whether of a response."""
    connection = await asyncpg.connect(service.superuser_url, ssl=False)
    rows = await connection.fetch(
        "SELECT unit, text, respondent_group, channel, respondent_token IS NOT NULL FROM opinion"
        " WHERE survey_id = $1 ORDER BY text, unit",
        survey.survey_id,
    )
    await connection.close()
    return [tuple(each) for each in rows]


async def test_an_opinion_of_an_interview_is_kept_and_its_words_are_told_to_nobody(
    opened, row, service, problem
):
    """Planted bug: a response that comes again with another opinion is taken as unchanged."""
    said = row(opinion=WORDS)
    answer = await opened.post([said, row()])
    assert answer.status_code == 201, answer.text
    assert await kept(service, opened) == [("XQ01", WORDS, None, None, True)]
    again = await opened.post([said], query="?mode=partial")
    assert again.json()["unchanged"] == 1
    for changed in (said | {"opinion": "很好很满意。"}, {**said, "opinion": None}):
        other = await opened.post([changed], query="?mode=partial")
        assert (other.json()["refused"], other.json()["stored"]) == (1, 0)
    assert WORDS not in answer.text + again.text + other.text
    assert len(await kept(service, opened)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"opinion": "……！"}, "malformed-opinion"),
        ({"opinion": "字" * 2_001}, "malformed-opinion"),
        ({"opinion": "有\x07铃声"}, "malformed-opinion"),
        ({"opinion": "坏\ue000字"}, "malformed-opinion"),
        ({"opinion": WORDS, "outcome": "refused", "answer": None}, "unexpected-opinion"),
    ],
)
async def test_an_opinion_that_cannot_be_one_refuses_its_row(
    opened, row, service, problem, change, code
):
    answer = await opened.post([row(), row(**change)])
    assert problem(answer) == (422, "batch-rejected", [("/rows/1/opinion", code)])
    assert await kept(service, opened) == []


@pytest.mark.parametrize("text", [NUMBER, MOBILE])
async def test_a_number_that_leads_to_a_person_is_refused_and_not_repeated(
    opened, row, service, problem, text
):
    for answer in (
        await opened.post([row(opinion=text)]),
        await opened.post([row(opinion=text)], query="?mode=partial"),
        await send(opened, [alone(text=text)]),
        await send(opened, [alone(), alone(text=text)], query="?mode=check"),
    ):
        assert "number" in answer.text
        assert not any(each in without_ids(answer) for each in ("8765", "5678", "１３９"))
    assert await kept(service, opened) == []


async def test_opinions_come_alone_all_or_some_or_to_be_checked(forms, service, problem):
    """Planted bugs: the group is taken as it comes; a check keeps what it looked at."""
    sound = alone("YQ01", group="deputies", channel="letter")
    faulty = [alone("XQ09"), alone("YQ01", group="nobody"), alone("YQ01", "？！")]
    answer = await send(forms, [sound, *faulty])
    assert problem(answer) == (
        422,
        "opinions-rejected",
        [
            ("/rows/1/unit", "unknown-unit"),
            ("/rows/2/group", "unknown-group"),
            ("/rows/3/text", "malformed-opinion"),
        ],
    )
    checked = await send(forms, [sound, *faulty], query="?mode=check")
    assert (checked.json()["stored"], checked.json()["refused"]) == (1, 3)
    assert await kept(service, forms) == []
    some = await send(forms, [sound, *faulty], query="?mode=partial", batch_no="W-1")
    assert [each["outcome"] for each in some.json()["rows"]] == ["stored", *["refused"] * 3]
    assert WORDS not in answer.text + checked.text + some.text
    assert await kept(service, forms) == [("YQ01", WORDS, "deputies", "letter", False)]
    assert problem(await send(forms, [sound], batch_no="W-1"))[:2] == (409, "batch-exists")
    for client, number in ((forms.collector, 1), (forms.office, None)):
        listed = (await client.get(forms.path(1, "batches"))).json()["items"]
        assert [(each["batch_no"], each["accepted"]) for each in listed] == [("W-1", number)]


async def test_who_collects_sends_them_while_the_wave_is_open(opened, statistics, problem, service):
    body = {"batch_no": "O-1", "rows": [alone()]}
    path = opened.path(1, "opinions")
    for client in (statistics, opened.office):
        assert (await client.post(path, json=body)).status_code == 403
    assert (await opened.stop()).status_code == 201
    assert problem(await send(opened, [alone()])) == (409, "wave-not-open", [])
    assert await kept(service, opened) == []


async def test_opinions_are_withdrawn_with_their_batch_and_reconciled(opened, row, problem):
    assert (await send(opened, [alone(), alone()], batch_no="W-1")).status_code == 201
    assert (await opened.post([row(opinion=WORDS)], batch_no="W-2")).status_code == 201
    reason = {"reason": "误报。"}
    path = opened.path(1, "batches", "W-1", "withdrawal")
    assert (await opened.collector.post(path, json=reason)).status_code == 201
    path = opened.path(1, "reconciliation")
    told = (await opened.collector.get(path)).json()["batches"]
    assert [(each["opinions"], each["is_withdrawn"]) for each in told] == [(2, True), (1, False)]
    told = (await opened.office.get(path)).json()["batches"]
    assert [each["opinions"] for each in told] == [None, None]


async def test_the_digest_of_opinions_is_no_way_to_find_them_by_trying(opened, service):
    """Planted bug: the digest of the rows as they were sent, which is the same for the same."""
    for number in ("W-1", "W-2"):
        assert (await send(opened, [alone(text="好")], batch_no=number)).status_code == 201
    listed = (await opened.office.get(opened.path(1, "batches"))).json()["items"]
    assert len({each["digest"] for each in listed}) == 2


async def test_a_file_has_opinions_in_a_column_of_their_own(opened, service, problem):
    mapping = {
        "respondent_token": {"column": "编号"},
        "unit": {"column": "单位"},
        "outcome": {"column": "结果", "words": {"成功": "completed", "拒访": "refused"}},
        "questions": {"answer": {"column": "答案"}},
        "opinion": {"column": "意见"},
        "answers_otherwise": "left_out",
    }
    path = f"/api/v1/surveys/{opened.survey_id}/mappings/cati"
    wrong = mapping | {"opinion": {"column": "意见", "words": {"好": "good"}}}
    answer = await opened.collector.post(path, json=wrong)
    assert problem(answer)[2] == [("/opinion/words", "no-words-here")]
    assert (await opened.collector.post(path, json=mapping)).status_code == 201
    lines = [
        "编号,单位,结果,答案,意见",
        f'{"a" * 20},XQ01,成功,satisfied," {WORDS} "',
        f'{"b" * 20},XQ01,拒访,,"不想说"',
        f"{'c' * 20},XQ02,成功,satisfied,",
    ]
    said = "\n".join(lines).encode()

    async def file(content, query):
        headers = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
        path = f"{opened.path(1, 'files')}?mapping=cati&{query}"
        return await opened.collector.post(path, content=gzip.compress(content), headers=headers)

    answer = await file(said, "batch_no=F-1")
    assert answer.status_code == 201, answer.text
    assert (answer.json()["stored"], answer.json()["answers_left_out"]) == (3, 1)
    assert await kept(service, opened) == [("XQ01", WORDS, None, None, True)]
    again = await file(said, "batch_no=F-2&mode=partial")
    assert (again.json()["unchanged"], again.json()["stored"]) == (3, 0)
    other = await file(said.replace("人手".encode(), "窗口".encode()), "batch_no=F-3&mode=partial")
    assert (other.json()["unchanged"], other.json()["refused"]) == (2, 1)
    number = await file(said.replace(WORDS.encode(), NUMBER.encode()), "batch_no=F-4")
    assert problem(number)[2] == [("/rows/0/意见", "phone-number")]
    assert "8765" not in number.text
    assert WORDS not in answer.text + again.text + other.text + number.text


async def test_a_sentence_repeated_in_one_unit_is_found_and_not_repeated(
    wide, row, service, problem
):
    """Planted bugs: opinions of withdrawn batches and those that came alone are counted; words are
    compared with their signs."""
    ways = (
        "感谢党委政府，服务非常周到！",
        "感谢党委政府 服务非常周到",
        "感谢党委政府，服务非常周到。",
    )
    honest = [row(unit=u, opinion=f"第{n}条建议") for n in range(40) for u in UNITS]
    rehearsed = [row(opinion=ways[n % 3], interviewer="I1") for n in range(12)]
    wrong = [row(unit="XQ02", opinion=ways[n % 3], interviewer="I2") for n in range(12)]
    assert (await wide.post(honest + rehearsed)).status_code == 201
    assert (await wide.post(wrong, batch_no="W-1")).status_code == 201
    assert (await send(wide, [alone("XQ02", each) for each in ways * 5])).status_code == 201
    path = wide.path(1, "batches", "W-1", "withdrawal")
    assert (await wide.collector.post(path, json={"reason": "误报。"})).status_code == 201
    assert (await wide.stop()).status_code == 201
    answer = await wide.office.get(wide.path(1, "screens"))
    found = [each for each in answer.json()["findings"] if each["screen"] == "identical_wording"]
    units = [(f["subject"], f["observed"], f["of"]) for f in found if f["about"] == "unit"]
    assert units == [("XQ01", "12", 52)]
    assert "周到" not in answer.text
    async with service.caller("auditor") as auditor:
        chain = await auditor.get(f"/api/v1/journals/survey/chains/{wide.cycle_id}")
    assert chain.status_code == 200
    assert "周到" not in chain.text
    assert "周到" not in (await wide.close()).text
