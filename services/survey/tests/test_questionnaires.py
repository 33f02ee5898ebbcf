"""Questionnaires: every question in every language, by version; answers to two are never one."""

from decimal import Decimal

import pytest

from survey.rules.definition import Option, SurveyDefinition
from survey.rules.minimum import ConfirmedDecision, Standing, Treatment, WaveSample, finding
from survey.rules.questionnaires import QuestionnaireKept, refuse_other

WORDS = {
    "very_satisfied": "非常满意",
    "satisfied": "满意",
    "fair": "一般",
    "dissatisfied": "不满意",
    "very_dissatisfied": "很不满意",
    "dont_know": "不了解",
}


def wording(language="zh", **replaced):
    question = {"code": "answer", "text": "您对该单位是否满意？", "options": WORDS}
    return {"language": language, "title": "问卷", "questions": [question | replaced]}


async def enter(survey, *languages, client=None):
    path = f"/api/v1/surveys/{survey.survey_id}/questionnaires"
    body = {"languages": list(languages) or [wording()]}
    return await (client or survey.office).post(path, json=body)


async def test_a_wave_keeps_the_newest_questionnaire_of_when_it_opened(planned, row, problem):
    """Planted bugs: a wave asks with what comes later; a batch of another one is taken."""
    answer = await enter(planned, wording(), wording("en", text="Are you satisfied?"))
    assert answer.status_code == 201, answer.text
    assert answer.json()["version"] == 1
    await planned.open(1)
    assert (await enter(planned)).json()["version"] == 2
    await planned.open(2)
    pinned = [
        (await planned.office.get(planned.path(wave))).json()["questionnaire_version"]
        for wave in (1, 2)
    ]
    assert pinned == [1, 2]
    refused = await planned.post([row()], wave=1, questionnaire_version=2)
    assert problem(refused) == (409, "another-questionnaire", [])
    assert refused.json()["questionnaire_version"] == 1
    assert (await planned.post([row()], wave=1, questionnaire_version=1)).status_code == 201
    assert (await planned.post([row()], wave=1)).status_code == 201
    path = f"/api/v1/surveys/{planned.survey_id}/questionnaires"
    told = (await planned.collector.get(f"{path}/1")).json()
    assert [each["language"] for each in told["languages"]] == ["zh", "en"]
    assert told["languages"][0]["questions"][0]["options"] == WORDS
    listed = (await planned.collector.get(path)).json()["items"]
    assert [each["version"] for each in listed] == [1, 2]
    assert listed[0]["digest"] == told["digest"] != listed[1]["digest"]
    assert problem(await planned.office.get(f"{path}/3")) == (404, "no-such-questionnaire", [])


@pytest.mark.parametrize(
    ("languages", "fault"),
    [
        ([wording(code="other")], ("/languages/0/questions/0/code", "unknown-question")),
        ([wording(code="other")], ("/languages/0/questions", "question-missing")),
        ([wording(options={"good": "好"})], ("/languages/0/questions/0/options", "other-options")),
        ([wording(), wording()], ("/languages/1/language", "said-twice")),
    ],
)
async def test_a_questionnaire_has_the_questions_of_the_scheme(planned, languages, fault, problem):
    """Planted bug: take what nobody could answer, or leave out what is asked."""
    refused = problem(await enter(planned, *languages))
    assert refused[:2] == (422, "questionnaire-rejected")
    assert fault in refused[2]


@pytest.mark.parametrize("role", ["survey_centre", "committee", "supervision", "auditor"])
async def test_only_the_office_enters_a_questionnaire(service, planned, role, problem):
    async with service.caller(role, unit="SC") as client:
        assert problem(await enter(planned, client=client)) == (403, "not-allowed", [])


async def test_waves_of_two_questionnaires_are_not_pooled_by_decision(planned, row, problem):
    """Planted bug: pool what was answered to different questions."""
    for wave in (1, 2):
        await enter(planned)
        await planned.open(wave)
        await planned.post([row(), row(unit="XQ02")], wave=wave)
        await planned.close(wave)
    body = {"units": ["XQ01"], "reason": "x", "document_no": "1", "treatment": "pooled"}
    refused = await planned.office.post(planned.path(1, "sample-decisions"), json=body)
    assert problem(refused) == (
        422,
        "decision-rejected",
        [("/treatment", "questionnaires-differ")],
    )


def definition(**more):
    options = (Option("good", "好", Decimal(100)), Option("bad", "差", Decimal(0)))
    return SurveyDefinition(
        "s", "调查", "phone_survey", "SC", 2, options, (), 4, 4, below_min="pooled", **more
    )


@pytest.mark.parametrize(("second", "standing"), [(1, "settled"), (2, "below_minimum")])
def test_what_the_scheme_would_pool_stays_undecided_where_questionnaires_differ(second, standing):
    """Planted bug: count old and new answers as one figure."""
    samples = [
        WaveSample(n, 3, Decimal(100), {"answer": {None: {"good": 3}}}, version)
        for n, version in ((1, 1), (2, second))
    ]
    found = finding(definition(), "U1", samples, {})
    assert (found.standing, found.unpooled) == (Standing(standing), second == 2)
    counted = ConfirmedDecision(1, Treatment.COUNTED, "1")
    decided = finding(definition(), "U1", samples, {1: counted, 2: counted})
    assert (decided.satisfaction, decided.unpooled) == (Decimal(100), False)


def test_a_survey_of_pooled_waves_keeps_its_questionnaire():
    refuse_other(definition(combine="pooled"), begun=False)
    refuse_other(definition(), begun=True)
    with pytest.raises(QuestionnaireKept):
        refuse_other(definition(combine="pooled"), begun=True)
