"""Several questions, asked over several attempts, and what they come to."""

from decimal import Decimal

import pytest

from survey.rules.definition import Option, Question, RespondentGroup, SurveyDefinition
from survey.rules.minimum import WaveSample, findings
from survey.rules.satisfaction import wave_result

GOOD = {"met": "yes", "attitude": "good", "effect": "good"}
POOR = {"met": "yes", "attitude": "fair", "effect": "poor", "advice": "fair"}


def said(row, answers, group, unit="DQ01", **more):
    return row(None, unit=unit, group=group, answers=answers, **more)


async def test_the_questions_of_a_survey_are_counted_each_and_weighed(service, asked, row):
    """By hand: recipients 0.6 × 80 + 0.4 × 66.6667 = 74.6667, deputies 100; by halves in the one
    category, by 0.6 and 0.4 in the other. Planted bugs: the answers in the order in which they
    came; weights of another category; a question of weight 0 counted; a call that was not answered
    counted."""
    rows = [
        each
        for _ in range(10)
        for each in (
            said(row, GOOD, "recipients"),
            said(row, dict(reversed(POOR.items())), "recipients"),
            said(row, GOOD | {"attitude": "dont_know"}, "recipients"),
            said(row, GOOD | {"effect": "good"}, "deputies"),
            row(None, unit="DQ01", outcome="ineligible", group="deputies"),
        )
    ]
    rows += [each | {"unit": "ZF01", "respondent_token": f"other-unit-{n:06}"}
             for n, each in enumerate(rows)]  # fmt: skip
    answer = await asked.post(rows)
    assert answer.status_code == 201, answer.text
    assert (await asked.close()).status_code == 201
    assert (await asked.open(2)).status_code == 201
    answer = await asked.post([each | {"answers": each.get("answers") and GOOD} for each in rows],
                              wave=2)  # fmt: skip
    assert answer.status_code == 201, answer.text
    assert (await asked.close(2)).status_code == 201
    [survey] = (await asked.satisfaction()).json()["surveys"]
    # Of the recipients in the first wave: attitude 80 (of two thirds), effect 200 / 3 = 66.6667.
    first = {"DQ01": "87.3334", "ZF01": "84.8000"}
    second = {"DQ01": "100.0000", "ZF01": "100.0000"}
    for each in survey["units"]:
        unit = each["unit"]
        assert [wave["score"] for wave in each["waves"]] == [first[unit], second[unit]]
        assert [wave["valid_sample"] for wave in each["waves"]] == [30, 40]
        whole = Decimal("0.4") * Decimal(first[unit]) + Decimal("0.6") * 100
        assert each["satisfaction"] == str(whole.quantize(Decimal("0.0001")))


async def test_who_was_not_reached_on_monday_is_interviewed_on_tuesday(service, opened, row):
    """Planted bug: one response of a respondent about a unit."""
    token = "respondent-called-twice"
    monday = [row(None, outcome="no_contact", token=token, attempt=1)]
    tuesday = [
        row("satisfied", token=token, attempt=2, started_at="2026-06-02T09:30:00+08:00",
            ended_at="2026-06-02T09:34:00+08:00", interviewer="I-7", stratum="north")
    ]  # fmt: skip
    assert (await opened.post(monday)).status_code == 201
    assert (await opened.post(tuesday)).status_code == 201
    again = await opened.post(tuesday, query="?mode=partial")
    assert [each["outcome"] for each in again.json()["rows"]] == ["unchanged"]
    other = await opened.post([tuesday[0] | {"interviewer": "I-8"}], query="?mode=partial")
    assert [each["outcome"] for each in other.json()["rows"]] == ["refused"]
    third = await opened.post([tuesday[0] | {"attempt": 3}])
    assert (third.status_code, third.json()["type"]) == (422, "batch-rejected")
    late = await opened.post([row(None, outcome="no_contact", token=token, attempt=3)])
    assert late.status_code == 201
    assert (await opened.close()).status_code == 201
    [survey] = (await opened.satisfaction()).json()["surveys"]
    assert [each["waves"][0]["valid_sample"] for each in survey["units"]] == [1, 0]


async def test_answers_by_question_come_as_csv_too(asked, row):
    names = (
        "unit,respondent_token,outcome,group,attempt,answers.met,answers.attitude,answers.effect"
    )
    lines = [
        names,
        "DQ01,respondent-by-csv-01,completed,deputies,2,yes,good,fair",
        "DQ01,respondent-by-csv-02,refused,deputies,,,,",
    ]
    query = "?batch_no=C-1&control_totals.count=2"
    answer = await asked.collector.post(
        asked.path(1, "batches") + query,
        content="\n".join(lines).encode(),
        headers={"content-type": "text/csv"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["stored"] == 2


@pytest.mark.parametrize(
    ("replaced", "pointer"),
    [
        ({"answers": {"met": "tel 13800138000"}}, "/rows/0/answers/met"),
        ({"answers": {"tel 13800138000": "yes"}}, "/rows/0/answers"),
        ({"answers": {"met": 1}}, "/rows/0/answers/met"),
        ({"answers": ["yes"]}, "/rows/0/answers"),
        ({"attempt": "2"}, "/rows/0/attempt"),
        ({"attempt": True}, "/rows/0/attempt"),
        ({"interviewer": "13800138000"}, "/rows/0/interviewer"),
    ],
)
@pytest.mark.parametrize("among", [1, 300])
async def test_what_is_no_row_is_named_alone_and_among_many(asked, row, replaced, pointer, among):
    """Planted bugs: take a column of objects without looking at what is in them."""
    rows = [said(row, GOOD, "deputies") for _ in range(among)]
    rows[0] |= replaced
    answer = await asked.post(rows)
    told = answer.json()
    assert (answer.status_code, told["type"]) == (422, "malformed-request")
    assert [each["pointer"] for each in told["errors"]] == [pointer]
    assert "13800138000" not in answer.text


@pytest.mark.parametrize("among", [1, 300])
async def test_answers_without_one_are_refused(asked, row, problem, among):
    """Planted bug: a column whose objects are all empty taken for one of texts."""
    status, kind, faults = problem(await asked.post([said(row, {}, "deputies")] * among))
    assert (status, kind) == (422, "batch-rejected")
    assert ("/rows/0/answers", "answers-missing") in faults


_OPTIONS = tuple(Option(w, w, n if n is None else Decimal(n)) for w, n in
                 (("a", 100), ("b", 50), ("c", 0), ("x", None)))  # fmt: skip


def survey(**more):
    given = {
        "code": "s",
        "name": "s",
        "mode": "questionnaire",
        "collector": "C",
        "waves": 1,
        "options": _OPTIONS,
        "groups": (),
        "min_valid": 10,
        "places": 4,
    }
    return SurveyDefinition(**given | more)


def counts(a=0, b=0, c=0, x=0):
    return {"a": a, "b": b, "c": c, "x": x}


TWO = (
    Question("p", "p", Decimal("0.7"), _OPTIONS, ("a", "b")),
    Question("q", "q", Decimal("0.3"), _OPTIONS, ("a",)),
)


@pytest.mark.parametrize(
    ("definition", "answers", "expected"),
    [
        # 0.7 × 75 + 0.3 × 50
        (survey(questions=TWO), {"p": {None: counts(5, 5)}, "q": {None: counts(5, 0, 5)}},
         (10, "67.5000", False)),
        # Nobody answered the second: its weight goes to the first, and it is below the minimum.
        (survey(questions=TWO), {"p": {None: counts(5, 5)}, "q": {None: counts(x=9)}},
         (0, "75.0000", True)),
        # The rate: 0.7 × 90 + 0.3 × 60; what has no score is in no denominator.
        (survey(questions=TWO, measure="satisfaction_rate"),
         {"p": {None: counts(4, 5, 1, 7)}, "q": {None: counts(6, 3, 1)}}, (10, "81.0000", False)),
        (survey(satisfied=("a",), measure="satisfaction_rate"), {"answer": {None: counts(2, 7, 3)}},
         (12, "16.6667", False)),
    ],
)  # fmt: skip
def test_questions_are_weighed_and_a_rate_counts_the_satisfied(definition, answers, expected):
    """Planted bugs: the valid sample of the first question for all; a rate of all options."""
    result = wave_result(definition, "U", answers)
    assert (result.valid_sample, str(result.score), result.insufficient) == expected


GROUPS = tuple(RespondentGroup(code, Decimal("0.5")) for code in ("g", "h"))


@pytest.mark.parametrize(
    ("rule", "expected"), [("rescale", "100.0000"), ("zero", "50.0000"), ("void", "None")]
)
def test_what_a_group_that_nobody_answered_in_counts_is_said_by_the_scheme(rule, expected):
    definition = survey(groups=GROUPS, empty_group=rule)
    result = wave_result(definition, "U", {"answer": {"g": counts(12), "h": counts(x=4)}})
    assert str(result.score) == expected
    assert result.insufficient == (rule == "void")


def sample(definition, wave, **given):
    answers = {"answer": {None: counts(**given)}}
    result = wave_result(definition, "U", answers)
    return WaveSample(wave, result.valid_sample, result.score, answers)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"combine": "mean"}, ("settled", "62.5000")),  # (100 + 25) / 2
        ({"combine": "weighted", "wave_weights": (Decimal("0.2"), Decimal("0.8"))},
         ("settled", "40.0000")),
        ({"combine": "pooled"}, ("settled", "40.0000")),  # (10 × 100 + 40 × 25) / 50
    ],
)  # fmt: skip
def test_waves_are_combined_as_the_scheme_says(more, expected):
    definition = survey(waves=2, **more)
    waves = [sample(definition, 1, a=10), sample(definition, 2, b=20, c=20)]
    found = findings(definition, {"U": waves}, {})["U"]
    assert (found.standing, str(found.satisfaction)) == expected
    assert found.all_counted == found.satisfaction


@pytest.mark.parametrize(
    ("second", "expected"), [(4, ("settled", "100.0000")), (3, ("below_minimum", "None"))]
)
def test_pooled_waves_need_together_what_one_needs(second, expected):
    """Planted bug: name each wave that is short although all together are enough."""
    definition = survey(waves=2, combine="pooled")
    waves = [sample(definition, 1, a=6), sample(definition, 2, a=second)]
    found = findings(definition, {"U": waves}, {})["U"]
    assert (found.standing, str(found.satisfaction)) == expected
    assert len(found.short) == (0 if second == 4 else 2)


def test_the_mean_of_a_category_is_that_of_its_units_whose_own_answers_count():
    """Planted bugs: the mean of all units; a unit that has the mean itself counted in it."""
    of = {"A": "one", "B": "one", "C": "one", "D": "one", "E": "two", "F": "alone"}
    definition = survey(below_min="category_mean", categories=of)
    given = {"A": {"a": 10}, "B": {"b": 10}, "C": {"a": 3}, "D": {"c": 2}, "E": {"c": 10},
             "F": {"a": 9}}  # fmt: skip
    waves = {unit: [sample(definition, 1, **answers)] for unit, answers in given.items()}
    found = findings(definition, waves, {})
    assert {unit: str(each.satisfaction) for unit, each in found.items()} == {
        "A": "100.0000", "B": "50.0000", "C": "75.0000", "D": "75.0000", "E": "0.0000", "F": "None"
    }  # fmt: skip
    assert found["F"].standing == "below_minimum"
    assert [each.treatment for each in found["C"].short] == ["category_mean"]
