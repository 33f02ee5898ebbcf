"""What a closed wave tells of its answers, and to whom."""

import pytest


def table(told, unit, question="answer", group=None):
    [of_unit] = [each["tables"] for each in told["units"] if each["unit"] == unit]
    [found] = [each for each in of_unit if (each["question"], each["group"]) == (question, group)]
    counts = {each["option"]: each["answers"] for each in found["options"]}
    return found["answers"], counts, found["mean"], found["satisfaction_rate"]


async def told_of(survey, caller=None, wave=1):
    answer = await (caller or survey.office).get(survey.path(wave, "tables"))
    assert answer.status_code == 200, answer.text
    return answer.json()


def many(row, counts, **more):
    return [row(answer, **more) for answer, count in counts.items() for _ in range(count)]


LARGE = {"very_satisfied": 380, "satisfied": 40, "fair": 12, "dissatisfied": 10}


async def test_a_wave_tells_nothing_of_its_answers_before_it_is_closed(opened, row, problem):
    """Planted bug: leave out `require`."""
    await opened.post(many(row, {"satisfied": 40, "fair": 20}))
    answer = await opened.office.get(opened.path(1, "tables"))
    assert problem(answer)[:2] == (409, "wave-not-closed")
    assert 'answers":' not in answer.text
    assert (await opened.close()).status_code == 201
    assert [each["unit"] for each in (await told_of(opened))["units"]] == ["XQ01", "XQ02"]


async def test_counts_of_ten_and_more_are_told_with_mean_and_without_those_of_few(opened, row):
    await opened.post(many(row, LARGE))
    few = LARGE | {"dissatisfied": 9, "very_dissatisfied": 1}
    await opened.post(many(row, few, unit="XQ02"))
    await opened.close()
    told = await told_of(opened)
    assert (told["least_count"], told["least_sample"]) == (10, 30)
    nobody = {"very_dissatisfied": 0, "dont_know": 0}
    assert table(told, "XQ01") == (442, LARGE | nobody, "95.5204", None)
    answers, counts, mean, _ = table(told, "XQ02")
    assert (answers, set(counts.values()), mean) == (442, {None}, "95.4525")


async def test_what_is_scored_of_a_few_is_not_told_of_any_group(forms, row):
    """Planted bug: judge each group by itself; the score of the unit tells the other's mean."""
    await forms.post(
        [
            *many(row, {"very_satisfied": 40, "fair": 20}, unit="DQ01", group="recipients"),
            *many(row, {"very_satisfied": 15, "fair": 10}, unit="DQ01", group="deputies"),
            *many(row, {"very_satisfied": 40, "fair": 20}, unit="YQ01", group="recipients"),
            *many(row, {"very_satisfied": 30, "fair": 10}, unit="YQ01", group="deputies"),
        ]
    )
    await forms.close()
    told = await told_of(forms)
    for group, answers in (("recipients", 60), ("deputies", 25)):
        assert table(told, "DQ01", group=group)[0] == answers
        assert set(table(told, "DQ01", group=group)[1].values()) == {None}
        assert table(told, "DQ01", group=group)[2] is None
    assert table(told, "YQ01", group="recipients")[2] == "86.6667"


def interviews(row, unit, poor=12):
    """Of each group 30 and some interviews, in which neither scored question was answered alike."""

    def said(effect):
        given = {"met": "yes", "attitude": "fair" if effect == "poor" else "good"}
        return given | {"effect": effect} | ({"advice": "fair"} if effect == "poor" else {})

    return [
        row(None, unit=unit, group=group, answers=said(effect))
        for group in ("recipients", "deputies")
        for effect, count in (("good", 30), ("poor", poor))
        for _ in range(count)
    ]


async def test_a_question_that_was_put_to_some_is_told_where_their_number_is(asked, row):
    """Planted bug: leave `asked_if` out."""
    for wave in (1, 2):
        if wave == 2:
            await asked.open(2)
        rows = interviews(row, "ZF01") + interviews(row, "DQ01", poor=4)
        assert (await asked.post(rows, wave=wave)).status_code == 201
        await asked.close(wave)
    told = await told_of(asked)
    assert table(told, "ZF01", "effect", "recipients")[1] == {"good": 30, "fair": 0, "poor": 12}
    assert table(told, "ZF01", "advice", "recipients")[0] == 12
    assert table(told, "DQ01", "effect", "recipients")[0] == 34
    assert table(told, "DQ01", "advice", "recipients")[0] is None
    # All said the same: what each said would be told.
    assert set(table(told, "ZF01", "met", "recipients")[1].values()) == {None}


async def test_what_a_wave_tells_hangs_on_the_other_wave(asked, row):
    """With two of two waves and their mean the third is known.

    Planted bug: judge each wave by itself.
    """
    attitude = ("ZF01", "attitude", "recipients")
    await asked.post(interviews(row, "ZF01"))
    await asked.close()
    assert table(await told_of(asked), *attitude)[2] is None  # the second may be of three
    await asked.open(2)
    await asked.post(interviews(row, "ZF01"), wave=2)
    await asked.close(2)
    assert table(await told_of(asked), *attitude)[2:] == ("88.5714", "71.4286")


@pytest.mark.parametrize(
    ("role", "unit", "expected"),
    [
        ("performance_office", "ZH01", ["XQ01", "XQ02"]),
        ("auditor", None, ["XQ01", "XQ02"]),
        ("committee", "ZF01", ["XQ01", "XQ02"]),
        ("committee", "XQ01", []),
        ("standing_committee", "XQ02", []),
        ("organiser", "B-COUNTY", ["XQ01", "XQ02"]),
        ("organiser", "B-PARK", []),
        ("organiser", "B-NONE", 403),
        ("assessed_unit", "XQ01", 403),
        ("survey_centre", "SC", 403),
        ("data_source_unit", "ZH01", 403),
    ],
)
async def test_who_reads_what_a_wave_tells(service, opened, row, role, unit, expected):
    await opened.post(many(row, LARGE))
    await opened.close()
    whole = {each["unit"]: each for each in (await told_of(opened))["units"]}
    async with service.caller(role, unit=unit) as caller:
        answer = await caller.get(opened.path(1, "tables"))
    if expected == 403:
        assert answer.status_code == 403
        return
    assert answer.status_code == 200, answer.text
    told = answer.json()["units"]
    assert [each["unit"] for each in told] == expected
    assert all(each == whole[each["unit"]] for each in told)  # no reader gets another document
