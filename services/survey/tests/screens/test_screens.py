"""Screens accuse hardly any honest unit, and find answers that were rehearsed.

The rehearsals are made from what was reported: people who were told to give one 9.5 and else 10,
to say a sentence they were sent, and whose calls took the same time.
"""

import re
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from simulated_waves import SCALES, Rehearsal, draw_wave

from service_testing import trials
from survey.rules.screens.evidence import Interview, Reading, Scale, gathered
from survey.rules.screens.screening import screened
from survey.rules.wordings import wording

UNITS = 20
ANSWERS_ONLY = {"words": None, "length": None}


def flagged(interviews, earlier=None, about="unit"):
    found = screened(SCALES, gathered(interviews), earlier and gathered(earlier)).findings
    return {each.subject for each in found if each.about == about}


def codes(interviews, subject, scales=SCALES, earlier=None):
    found = screened(scales, gathered(interviews), earlier and gathered(earlier)).findings
    return [each.screen for each in found if each.subject == subject]


@pytest.fixture(scope="module")
def honest():
    return draw_wave(7, 12, most=150)


@pytest.fixture(scope="module")
def rehearsed():
    return draw_wave(3, 12, [Rehearsal()] * 2, most=150)


@pytest.fixture(scope="module")
def findings(rehearsed):
    return screened(SCALES, gathered(rehearsed)).findings


@pytest.mark.prove
def test_under_one_honest_unit_in_a_hundred_is_flagged_by_all_screens_together():
    """A thousand units, compared with others and with the wave before. Planted bugs: units held
    to the binomial distribution alone (no scatter), and every screen held to 0.05."""
    waves = trials(1, 50)
    of_units = of_interviewers = 0
    for seed in range(waves):
        before, now = draw_wave(seed, UNITS, waves=2)
        of_units += len(flagged(now, before))
        of_interviewers += len(flagged(now, before, "interviewer"))
    assert of_units < waves * UNITS / 100
    assert of_interviewers < waves * UNITS / 100


@pytest.mark.prove
@pytest.mark.parametrize(
    "rehearsal",
    [
        Rehearsal(),
        Rehearsal(words=None, spread=1),
        Rehearsal(length=None),
        Rehearsal(one_question=False, length=None),
    ],
    ids=["as-reported", "without-words", "calls-of-any-length", "any-question"],
)
def test_nine_in_ten_units_with_a_fifth_rehearsed_are_flagged(rehearsal):
    """A thousand units of 50 to 400 interviews, two of the twenty in each wave. Planted bug:
    what the guilty have is left in what the others are compared with."""
    waves = trials(1, 500 if rehearsal == Rehearsal() else 50)
    found = wrong = 0
    for seed in range(waves):
        units = flagged(draw_wave(seed, UNITS, [rehearsal] * 2))
        found += len(units & {"U00", "U01"})
        wrong += len(units - {"U00", "U01"})
    assert found >= 0.9 * 2 * waves
    assert wrong < waves * (UNITS - 2) / 100


def test_the_order_of_interviews_changes_no_finding(rehearsed, findings):
    mixed = Random(1).sample(rehearsed, len(rehearsed))  # noqa: S311 - no secret
    assert screened(SCALES, gathered(mixed)).findings == findings
    assert findings


def test_a_finding_has_its_figures_and_says_them_in_both_languages(findings):
    equal = next(each for each in findings if each.screen == "equal_durations")
    assert (equal.about, equal.subject) == ("unit", "U00")
    assert equal.detail == ("180", "180")
    assert "exactly 180 seconds" in equal.en
    assert float(equal.chance) <= float(equal.threshold) < 0.001
    assert int(equal.observed) >= 0.2 * equal.of > 5 * float(equal.expected)
    for each in findings:
        for figure in (each.observed, str(each.of), each.expected, each.chance, each.threshold):
            assert figure in each.en
            assert figure in each.zh
        assert each.subject in each.en
        assert not re.search("[A-Za-z]{2}", re.sub("`[^`]*`", "", each.zh))


def test_no_finding_repeats_what_anybody_said(findings):
    assert any(each.screen == "identical_wording" for each in findings)
    assert "服务热情" not in repr(findings)


def test_a_wave_of_few_units_says_that_nothing_was_compared(honest):
    few = [each for each in honest if each.unit in {"U00", "U01", "U02"}]
    screening = screened(SCALES, gathered(few))
    told = {screen for about, screen in screening.tested if about == "unit"}
    assert told == {"equal_durations"}
    assert not screening.findings
    bare = [replace(each, seconds=None, opinion=None, interviewer=None) for each in honest]
    assert set(screened(SCALES, gathered(bare)).tested) == {
        ("unit", each)
        for each in ("duplicated_patterns", "full_marks", "nearly_full_marks", "straight_lining")
    }


def test_lengths_that_are_kept_in_whole_minutes_are_no_sign(honest):
    minutes = [replace(each, seconds=60 * -(-each.seconds // 60)) for each in honest]
    assert flagged(minutes) == set()


def test_who_stood_out_stays_named_where_too_few_others_are_left():
    """Planted bug: the last look alone, after most units were left out."""
    crowd = draw_wave(2, 11, [Rehearsal()] * 5, most=150)
    screening = screened(SCALES, gathered(crowd))
    guilty = {"U00", "U01", "U02", "U03", "U04"}
    assert {each.subject for each in screening.findings if each.about == "unit"} == guilty
    assert screening.tested["unit", "full_marks"] == 11


def test_what_everybody_says_is_no_sign_and_signs_of_writing_do_not_hide_it(honest):
    usual = [
        replace(each, opinion="没有什么意见和建议") if n % 3 == 0 else each
        for n, each in enumerate(honest)
    ]
    assert flagged(usual) == set()
    rehearsed = [
        replace(each, opinion=f" 办事 快捷{'，。！ '[n % 4]}群众Ｏ K 满意{'!' * (n % 3)}")
        if each.unit == "U02" and n % 3 == 0
        else each
        for n, each in enumerate(honest)
    ]
    assert codes(rehearsed, "U02") == ["identical_wording"]


def test_a_unit_that_moves_alone_has_jumped():
    before, now = draw_wave(11, 12, most=150, waves=2)
    assert flagged(now, before) == set()
    down = {"very_satisfied": "satisfied", "satisfied": "fair", "fair": "dissatisfied"}
    worse = [
        replace(each, answers=tuple(down.get(a, a) for a in each.answers))
        if each.unit == "U04"
        else each
        for each in before
    ]
    assert set(codes(now, "U04", earlier=worse)) == {"sudden_jump", "full_marks_jump"}
    all_worse = [replace(e, answers=tuple(down.get(a, a) for a in e.answers)) for e in before]
    assert flagged(now, all_worse) == set()


def test_an_interviewer_who_ticks_one_box_and_calls_too_briefly_is_named(honest):
    lazy = [
        replace(each, answers=("satisfied",) * 5, seconds=20 + n % 40)
        if each.interviewer == "I03" and n % 2
        else each
        for n, each in enumerate(honest)
    ]
    assert set(codes(lazy, "I03")) >= {"duplicated_patterns", "short_durations"}


def test_to_have_called_about_a_rehearsed_unit_is_no_sign_of_an_interviewer():
    """Planted bug: an interviewer's lengths beside those of the whole wave alone."""
    wave = draw_wave(5, 12, [Rehearsal(share=0.4)] * 3, most=150)
    assert flagged(wave) == {"U00", "U01", "U02"}
    assert flagged(wave, about="interviewer") == set()


def test_an_interviewer_whose_calls_take_one_time_is_named(honest):
    copied = [
        replace(each, seconds=200 + n % 2) if each.interviewer == "I05" and n % 3 else each
        for n, each in enumerate(honest)
    ]
    assert codes(copied, "I05") == ["equal_durations"]


def test_a_token_that_comes_again_in_a_unit_is_named_without_any_chance(honest):
    twice = [*honest, honest[0], replace(honest[0], unit="U05")]
    found = screened(SCALES, gathered(twice)).findings
    assert [(each.screen, each.subject, each.observed) for each in found] == [
        ("repeated_token", honest[0].unit, "1")
    ]


def test_a_survey_of_one_question_has_no_patterns(honest):
    one = [replace(each, answers=each.answers[:1]) for each in honest]
    told = {screen for _, screen in screened(SCALES[:1], gathered(one)).tested}
    assert told == {"equal_durations", "full_marks", "identical_wording", "short_durations"}


@pytest.mark.parametrize(
    ("answers", "full", "nearly", "index"),
    [
        (("5", "5", "5"), True, False, 100.0),
        (("5", "4", "5"), False, True, 95.0),
        (("4", "4", "5"), False, False, 85.0),
        (("5", "3", "5"), False, False, 87.5),
        (("5", "4", None), False, False, pytest.approx(280 / 3)),
        (("5", "x", "5"), False, False, 100.0),
        (("x", "x", "x"), False, False, None),
    ],
)
def test_a_pattern_is_read_by_its_scales(answers, full, nearly, index):
    steps = {"5": Decimal(100), "4": Decimal(80), "3": Decimal(50), "x": None}
    weights = ("0.5", "0.25", "0.25")
    reading = Reading([Scale(f"Q{n}", steps, Decimal(w)) for n, w in enumerate(weights)])
    assert reading.is_full(answers) is full
    assert reading.is_nearly_full(answers) is nearly
    assert reading.index(answers) == index


def test_a_wording_is_what_is_left_without_its_dress():
    assert wording("  很 好。ＡＢ！\n") == wording("很好,ab") == "很好ab"


def test_an_empty_wave_has_nothing_to_tell():
    assert screened(SCALES, gathered(())).findings == ()
    alone = [Interview("U00", "t" * 16, ("very_satisfied",) * 5)]
    assert screened(SCALES, gathered(alone)).findings == ()
