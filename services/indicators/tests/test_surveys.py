"""What a scheme says of its surveys agrees with itself, or is refused or named where it stands.

Planted bugs, each seen by a row: a sum that is not asked for, a question that reads a later one, a
quorum for a survey by phone, weights for a category that is not asked, a preset that is overruled.
"""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from indicators.rules.draft import SchemeFaulty, complete
from indicators.rules.publication import SchemeUnsound, check_sound
from indicators.rules.without_effect import without_effect

UNITS = {"B01": "body", "B02": "body", "B03": "body", "X1": "assessed", "X2": "assessed"}
UNITS |= dict.fromkeys(("X3", "D1", "D2"), "assessed")
STEPS = {"good": 100, "bad": 0}
PHONE, FORM = "/surveys/0", "/surveys/1"


USUAL = {"named-twice", "out-of-range", "rest-twice", "unknown-unit", "scored-and-unscored"}
"""What is refused anywhere in a scheme."""


def survey(**fields):
    """Return a survey about the counties with what it says beside the usual."""
    usual = {"code": "phone", "name": "电话调查", "mode": "phone_survey", "collector": "B02"}
    return usual | {"waves": 2} | ({} if "questions" in fields else {"options": STEPS}) | fields


def form(**fields):
    """Return a survey about the departments, of two groups, with what it says beside the usual."""
    usual = {"code": "form", "name": "问卷", "mode": "questionnaire", "collector": "B02"}
    groups = {"served": "0.7", "peers": "0.3"}
    return usual | {"waves": 1, "options": STEPS, "groups": groups} | fields


def question(code="Q1", weight=1, **fields):
    """Return a question with what it says beside the usual."""
    own = {} if fields.keys() & {"options", "preset"} else {"options": STEPS}
    return {"code": code, "name": "总体评价", "weight": weight} | own | fields


def asking(*questions, **fields):
    """Return a survey about the counties that asks these questions."""
    return survey(questions=list(questions), **fields)


REPORTED = question("Q2", 0)
SKIPPED = {"question": "Q1", "options": ["bad"]}


def faults_of(refused):
    return {(fault.pointer, fault.code) for fault in refused.value.faults}


SOUND = {
    "as before": survey(),
    "questions of which one counts": asking(question(), REPORTED),
    "a question without a scored option is only reported": asking(
        question(), question("Q2", 0, options={}, unscored=["road", "school"])
    ),
    "weights of questions sum to 1": asking(question(weight="0.6"), question("Q2", "0.4")),
    "an earlier question leads to a later one": asking(
        question(), question("Q2", 0, asked_if=SKIPPED)
    ),
    "who does not live there is not eligible": asking(
        question("S", 0, preset="yes_no", screens=["no"]), question()
    ),
    "an unscored answer of a question that counts may screen": asking(
        question(unscored=["never_met"], screens=["never_met"])
    ),
    "a satisfaction rate": survey(measure="satisfaction_rate", satisfied=["good"]),
    "a rate of questions: those that count": asking(
        question(satisfied=["good"]), REPORTED, measure="satisfaction_rate"
    ),
    "weights of waves": survey(combine="weighted", wave_weights=["0.4", "rest"]),
    "answers of all waves together": survey(combine="pooled"),
    "bodies that attest": survey(attested_by=["B01", "X1"]),
    "a meeting": survey(mode="meeting_count", quorum="0.5", abstain="void"),
    "ballots of leaders": survey(mode="leader_evaluation", min_valid=3),
    "ballots may skip": asking(
        question(), question("Q2", 0, asked_if=SKIPPED), mode="peer_review", min_valid=3
    ),
    "the mean of the category": survey(below_min="category_mean"),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_agrees_may_be_published_and_counts(stored, name):
    scheme = stored({PHONE: SOUND[name]})
    check_sound(scheme, UNITS)
    named = [each for each in without_effect(scheme) if each.pointer.startswith("/surveys")]
    assert named == []


def test_weights_of_groups_may_be_others_for_a_category_that_is_asked(stored):
    own = {"DEPT": {"served": "0.1", "peers": "rest"}}
    phone = survey(
        groups={"served": "0.5", "peers": "0.5"}, empty_group="void",
        group_weights_by_category={"COUNTY": {"served": 1, "peers": 0}},
    )  # fmt: skip
    scheme = stored({PHONE: phone, FORM: form(group_weights_by_category=own, empty_group="zero")})
    check_sound(scheme, UNITS)
    assert scheme.surveys[1].group_weights_by_category["DEPT"]["peers"] == Decimal("0.9")


SHAPES = [
    # Something can be answered, and it is said in one way.
    (survey(options={}), {("/options", "no-options")}),
    (
        asking(question(), options=STEPS, unscored=["dk"], satisfied=["good"]),
        {(f"/{name}", "beside-questions") for name in ("options", "unscored", "satisfied")},
    ),
    (asking(question(), option_names={"good": "好"}), {("/option_names", "beside-questions")}),
    (asking(question(options={})), {("/questions/0/options", "no-options")}),
    (
        asking(question(preset="yes_no", options={"yes": 90, "no": 0})),
        {("/questions/0/options", "not-the-preset")},
    ),
    (
        asking(question(preset="yes_no", options={"yes": 100})),
        {("/questions/0/options", "not-the-preset")},
    ),
    (
        asking(question(options={"a,b": 1, "c": 2}, unscored=["d,e"])),
        {
            ("/questions/0/options/a,b", "comma-in-option"),
            ("/questions/0/unscored/0", "comma-in-option"),
        },
    ),
    # Numbers are in their bounds, and there are not too many of anything.
    (asking(question(weight="1.1")), {("/questions/0/weight", "out-of-range")}),
    (asking(question(options={"a": 101})), {("/questions/0/options/a", "out-of-range")}),
    (
        asking(question(weight="rest"), question("Q2", "rest")),
        {("/questions/1/weight", "rest-twice")},
    ),
    (survey(wave_weights=[0, "rest"]), {("/wave_weights/0", "out-of-range")}),
    (survey(quorum=0), {("/quorum", "out-of-range")}),
    (asking(*[question(f"Q{n}", 0) for n in range(51)]), {("/questions", "too-many")}),
    (survey(attested_by=[f"B{n}" for n in range(51)]), {("/attested_by", "too-many")}),
    (
        asking(question(options={str(n): 1 for n in range(202)})),
        {("/questions/0/options", "too-many")},
    ),
]


@pytest.mark.parametrize(("sent", "faults"), SHAPES)
def test_what_no_survey_may_be_is_named_when_it_is_saved(scheme, sent, faults):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme({PHONE: sent}))
    assert faults_of(refused) == {(PHONE + at, code) for at, code in faults}


def test_a_year_has_a_hundred_surveys_at_most(scheme):
    with pytest.raises(SchemeFaulty) as refused:
        complete(scheme({"/surveys": [survey(code=f"S{n}") for n in range(101)]}))
    assert ("/surveys", "too-many") in faults_of(refused)


UNSOUND = [
    # Weights sum to 1.
    (asking(question(weight="0.5"), REPORTED), {("/questions", "weights-off")}),
    (
        survey(combine="weighted", wave_weights=["0.5", "0.4"]),
        {("/wave_weights", "weights-off")},
    ),
    # Each wave has a weight where waves are weighted, and none has one elsewhere.
    (survey(combine="weighted"), {("/wave_weights", "wave-weights-number")}),
    (survey(combine="weighted", wave_weights=[1]), {("/wave_weights", "wave-weights-number")}),
    (survey(wave_weights=["0.5", "0.5"]), {("/wave_weights", "wave-weights-unused")}),
    # One wave is not put together with another, nor does another count in its place.
    (survey(waves=1, combine="pooled"), {("/combine", "only-one-wave")}),
    (survey(waves=1, combine="weighted", wave_weights=[1]), {("/combine", "only-one-wave")}),
    (survey(waves=1, below_min="pooled"), {("/below_min", "only-one-wave")}),
    # A question has a code of its own.
    (asking(question(), question(weight=0)), {("/questions/1/code", "named-twice")}),
    # An answer has a score or has none; one that counts has a score.
    (survey(unscored=["good"]), {("/unscored/0", "scored-and-unscored")}),
    (
        asking(question(unscored=["dk", "bad", "dk"])),
        {
            ("/questions/0/unscored/1", "scored-and-unscored"),
            ("/questions/0/unscored/2", "named-twice"),
        },
    ),
    (
        asking(question(options={}, unscored=["dk"])),
        {("/questions/0/options", "nothing-scored")},
    ),
    # Satisfied answers are scored options, and not all of them.
    (survey(satisfied=["great"]), {("/satisfied/0", "unknown-option")}),
    (survey(satisfied=["good", "good"]), {("/satisfied/1", "named-twice")}),
    (survey(satisfied=["good", "bad"]), {("/satisfied", "all-satisfied")}),
    (
        survey(unscored=["dk"], satisfied=["dk"]),
        {("/satisfied/0", "satisfied-and-unscored")},
    ),
    (
        asking(question(), question("Q2", 0, satisfied=["great"])),
        {("/questions/1/satisfied/0", "unknown-option")},
    ),
    # A satisfaction rate needs satisfied answers to every question that counts.
    (survey(measure="satisfaction_rate"), {("/satisfied", "satisfied-missing")}),
    (
        asking(
            question(weight="0.5", satisfied=["good"]),
            question("Q2", "0.5"),
            measure="satisfaction_rate",
        ),
        {("/questions/1/satisfied", "satisfied-missing")},
    ),
    # A question is skipped by answers to an earlier one, which that one has and does not screen by.
    (
        asking(question("Q2", 0, asked_if=SKIPPED), question()),
        {("/questions/0/asked_if/question", "not-an-earlier-question")},
    ),
    (
        asking(question(), question("Q2", 0, asked_if=SKIPPED | {"question": "Q2"})),
        {("/questions/1/asked_if/question", "not-an-earlier-question")},
    ),
    (
        asking(question(), question("Q2", 0, asked_if=SKIPPED | {"options": ["ugly"]})),
        {("/questions/1/asked_if/options/0", "unknown-option")},
    ),
    (
        asking(question(), question("Q2", 0, asked_if=SKIPPED | {"options": ["bad", "bad"]})),
        {("/questions/1/asked_if/options/1", "named-twice")},
    ),
    (
        asking(question(), question("Q2", 0, asked_if=SKIPPED | {"options": []})),
        {("/questions/1/asked_if/options", "no-options")},
    ),
    (
        asking(
            question("Q1", 0, screens=["bad"]), question("Q2", 0, asked_if=SKIPPED), question("Q3")
        ),
        {("/questions/1/asked_if/options/0", "screened-out")},
    ),
    # What counts is asked of everybody.
    (
        asking(question(weight="0.5"), question("Q2", "0.5", asked_if=SKIPPED)),
        {("/questions/1/asked_if", "counts-for-some")},
    ),
    # An answer that screens out is an option, counts nowhere, and leaves somebody to ask.
    (asking(question(screens=["ugly"])), {("/questions/0/screens/0", "unknown-option")}),
    (asking(question(screens=["bad"])), {("/questions/0/screens/0", "screened-out")}),
    (
        asking(question(), question("Q2", 0, satisfied=["good"], screens=["good"])),
        {("/questions/1/screens/0", "screened-out")},
    ),
    (
        asking(question(), question("Q2", 0, screens=["good", "bad"])),
        {("/questions/1/screens", "screens-everybody")},
    ),
    (
        asking(question(), question("Q2", 0, screens=["bad", "bad"])),
        {("/questions/1/screens/1", "named-twice")},
    ),
    # Without groups nothing is said of them.
    (survey(empty_group="zero"), {("/empty_group", "no-groups")}),
    (
        survey(group_weights_by_category={"COUNTY": {"served": 1}}),
        {("/group_weights_by_category", "no-groups")},
    ),
    # Who attests is registered, named once, does not collect, and somebody is not asked about.
    (survey(attested_by=["B09"]), {("/attested_by/0", "unknown-unit")}),
    (survey(attested_by=["B01", "B01"]), {("/attested_by/1", "named-twice")}),
    (survey(attested_by=["B02"]), {("/attested_by/0", "attests-its-own")}),
    (survey(attested_by=["X1", "X2"]), {("/attested_by", "attested-by-the-rated")}),
    # A quorum and blanks are of a meeting, and the quorum can be reached.
    (survey(quorum="0.5"), {("/quorum", "only-at-a-meeting")}),
    (survey(mode="questionnaire", abstain="void"), {("/abstain", "only-at-a-meeting")}),
    (survey(mode="meeting_count", quorum=1), {("/quorum", "quorum-out-of-reach")}),
    # Forms of a meeting are counted question by question; who votes is named beforehand.
    (
        asking(question(), question("Q2", 0, asked_if=SKIPPED), mode="meeting_count"),
        {("/questions/1/asked_if", "counted-question-by-question")},
    ),
    (
        asking(question(), question("Q2", 0, screens=["bad"]), mode="meeting_count"),
        {("/questions/1/screens", "nobody-to-screen")},
    ),
    (
        asking(
            question(), question("Q2", 0, screens=["bad"]), mode="leader_evaluation", min_valid=5
        ),
        {("/questions/1/screens", "nobody-to-screen")},
    ),
    # Ballots are so many that nobody learns who voted how.
    (survey(mode="peer_review"), {("/min_valid", "ballots-too-few")}),
    (survey(mode="leader_evaluation", min_valid=2), {("/min_valid", "ballots-too-few")}),
]


@pytest.mark.parametrize(("sent", "faults"), UNSOUND)
def test_what_does_not_agree_is_not_published(stored, sent, faults):
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored({PHONE: sent}), UNITS)
    assert faults_of(refused) == {(PHONE + at, code) for at, code in faults}


OWN = "/group_weights_by_category"


@pytest.mark.parametrize(
    ("sent", "faults"),
    [
        ({"NONE": {"served": 1, "peers": 0}}, {(f"{OWN}/NONE", "unknown-category")}),
        ({"COUNTY": {"served": 1, "peers": 0}}, {(f"{OWN}/COUNTY", "category-not-asked")}),
        ({"DEPT": {"served": 1}}, {(f"{OWN}/DEPT", "weights-of-groups")}),
        ({"DEPT": {"served": 1, "elders": 0}}, {(f"{OWN}/DEPT", "weights-of-groups")}),
        ({"DEPT": {"served": "0.5", "peers": "0.4"}}, {(f"{OWN}/DEPT", "weights-off")}),
    ],
)
def test_weights_of_a_category_are_of_the_same_groups_and_sum_to_1(stored, sent, faults):
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(stored({FORM: form(group_weights_by_category=sent)}), UNITS)
    assert faults_of(refused) == {(FORM + at, code) for at, code in faults}


def test_a_mean_of_a_category_needs_another_unit(stored):
    with pytest.raises(SchemeUnsound) as refused:
        check_sound(
            stored({FORM: form(below_min="category_mean"), "/categories/1/units": ["D1"]}), UNITS
        )
    assert (f"{FORM}/below_min", "alone-in-its-category") in faults_of(refused)


NAMED = [
    (
        {PHONE: asking(question(option_names={"ugly": "丑"}))},
        {(f"{PHONE}/questions/0/option_names/ugly", "name-of-no-option")},
    ),
    (
        {PHONE: asking(question(), question("Q2", 0, asked_if=SKIPPED | {"options": [*STEPS]}))},
        {(f"{PHONE}/questions/1/asked_if", "skips-nobody")},
    ),
    (
        {
            PHONE: asking(
                question("Q1", 0, screens=["bad"]),
                question("Q2", 0, asked_if={"question": "Q1", "options": ["good"]}),
                question("Q3"),
            )
        },
        {(f"{PHONE}/questions/1/asked_if", "skips-nobody")},
    ),
    (
        {FORM: form(group_weights_by_category={"DEPT": {"served": "0.70", "peers": "0.3"}})},
        {(f"{FORM}{OWN}/DEPT", "weights-of-all"), (f"{FORM}/groups", "weights-of-no-category")},
    ),
    (
        {FORM: form(groups={"served": 1, "peers": 0})},
        {(f"{FORM}/groups/peers", "group-without-weight")},
    ),
]


@pytest.mark.parametrize(("changes", "named"), NAMED)
def test_what_a_survey_says_in_vain_is_named(stored, changes, named):
    found = {(each.pointer, each.code) for each in without_effect(stored(changes))}
    assert {each for each in found if each[0].startswith("/surveys")} == named


def test_a_preset_is_written_down_and_may_be_saved_again(stored, schemes):
    """Planted bug: names of its own take the place of all names."""
    own = {"option_names": {"fair": "一般"}, "unscored": ["dont_know"]}
    scheme = stored({PHONE: asking(question(preset="five_steps", **own))})
    [found] = scheme.surveys[0].questions
    words = ("very_satisfied", "satisfied", "fair", "dissatisfied", "very_dissatisfied")
    assert found.options == dict(zip(words, (100, 80, 60, 30, 0), strict=True))
    assert (found.option_names["fair"], found.option_names["satisfied"]) == ("一般", "满意")
    sent = schemes.validate_python(schemes.dump_python(scheme, mode="json"))
    assert complete(sent) == scheme


@pytest.mark.parametrize(
    ("preset", "number", "ends"),
    [
        ("one_to_ten", 10, {"1": 10, "7": 70, "10": 100}),
        ("yes_no", 2, {"yes": 100}),
        ("zero_to_hundred", 101, {"0": 0, "87": 87, "100": 100}),
        ("zero_to_hundred_by_half", 201, {"0": 0, "87.5": Decimal("87.5"), "88": 88}),
    ],
)
def test_presets_have_their_scores(stored, preset, number, ends):
    [found] = stored({PHONE: asking(question(preset=preset))}).surveys[0].questions
    assert found.options | ends == found.options
    assert len(found.options) == number


def test_one_question_may_weigh_the_rest(stored):
    """Planted bug: the word is taken for no number before it is read."""
    thirds = asking(*[question(f"Q{n}", weight) for n, weight in enumerate(("0.33", 0.33, "rest"))])
    thirds["questions"][1]["weight"] = "0.33"
    scheme = stored({PHONE: thirds})
    assert [each.weight for each in scheme.surveys[0].questions][2] == Decimal("0.34")


def test_a_survey_that_says_nothing_new_is_what_it_was(stored, schemes):
    """What has come since stands for what there was before: one question, and nothing else."""
    written = schemes.dump_python(stored(), mode="json")["surveys"][0]
    new = {
        "questions": [], "measure": "mean", "satisfied": [], "wave_weights": [], "quorum": None,
        "group_weights_by_category": {}, "attested_by": [], "abstain": "unscored",
    }  # fmt: skip
    assert {name: written[name] for name in new} == new


def test_the_example_of_the_page_may_be_published(stored):
    page = (Path(__file__).parents[3] / "docs/schemes.md").read_text("utf-8")
    section = page[page.index("## Surveys ") :].partition("\n## ")[0]
    [block] = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    scheme = stored({"/surveys": yaml.safe_load(block)})
    check_sound(scheme, UNITS)
    assert {each.pointer for each in without_effect(scheme) if "surveys" in each.pointer} == set()
    assert [each.weight for each in scheme.surveys[0].questions][2] == Decimal("0.4")
    codes = {code for _, faults in [*SHAPES, *UNSOUND] for _, code in faults}
    assert {each for each in codes - USUAL if f"`{each}`" not in section} == set()
