"""Questions of a survey (题目): their options, who is asked them, and whom they screen out."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import cast

from chassis.refusals import Fault, pointer
from indicators.rules.methods.parameters import unless
from indicators.rules.numbers import exact
from indicators.rules.policies import AskedIf, Preset, Question, Survey, Weight
from indicators.rules.values import with_rest

MOST_OPTIONS = 201
"""The most words that may answer a question: marks of 0 to 100 by halves."""


@dataclass(frozen=True, slots=True)
class _Options:
    scores: Mapping[str, Decimal]
    names: Mapping[str, str]


def _scored(**told: tuple[int, str]) -> _Options:
    scores = {word: Decimal(score) for word, (score, _) in told.items()}
    return _Options(scores, {word: name for word, (_, name) in told.items()})


PRESETS: Mapping[Preset, _Options] = {
    "five_steps": _scored(
        very_satisfied=(100, "非常满意"),
        satisfied=(80, "满意"),
        fair=(60, "基本满意"),
        dissatisfied=(30, "不满意"),
        very_dissatisfied=(0, "很不满意"),
    ),
    "one_to_ten": _Options({str(n): Decimal(10 * n) for n in range(1, 11)}, {}),
    "yes_no": _scored(yes=(100, "是"), no=(0, "否")),
    "zero_to_hundred": _Options({str(n): Decimal(n) for n in range(101)}, {}),
    "zero_to_hundred_by_half": _Options(
        {str(Decimal(n) / 2): Decimal(n) / 2 for n in range(201)}, {}
    ),
}
"""The scores that a preset stands for, and what people call its options."""


def completed(survey: Survey, at: str, faults: list[Fault]) -> Survey:
    """Return a survey whose questions have the options of their presets, and the number in the
    place of a weight that is the rest."""
    named = {f"{at}/questions/{i}/weight": each.weight for i, each in enumerate(survey.questions)}
    weights = with_rest(named, faults).values()
    pairs = zip(survey.questions, weights, strict=True)
    questions = (replace(_preset(each), weight=cast(Weight, weight)) for each, weight in pairs)
    return replace(survey, questions=tuple(questions))


def _preset(question: Question) -> Question:
    if question.preset is None:
        return question
    preset = PRESETS[question.preset]
    names = {**preset.names, **question.option_names}
    return replace(question, options=question.options or preset.scores, option_names=names)


def question_shape(question: Question, at: str) -> Iterator[Fault]:
    """Yield a question that cannot be answered, or whose options are said in two ways."""
    code, words = question.code, [*question.options, *question.unscored]
    yield from nothing_to_answer(bool(words) or question.preset is not None, at, code)
    yield from too_many(words, MOST_OPTIONS, f"{at}/options")
    yield from unless(
        question.preset is None or not question.options or _is_preset(question, question.preset),
        f"{at}/options",
        "not-the-preset",
        f"{code} has a preset, and options that are others.",
        f"{code} 的选项与所选预设不一致，二者只填其一。",
    )
    scored = ((f"{at}/options{pointer(word)}", word) for word in question.options)
    unscored = ((f"{at}/unscored/{i}", word) for i, word in enumerate(question.unscored))
    for where, word in chain(scored, unscored):
        yield from unless(
            "," not in word,
            where,
            "comma-in-option",
            "An option of a question has no comma: answers are told side by side.",
            "题目的选项不得含英文逗号。",
        )


def _is_preset(question: Question, preset: Preset) -> bool:
    scores = {word: exact(score) for word, score in question.options.items()}
    return scores == PRESETS[preset].scores


def nothing_to_answer(has: bool, at: str, code: str) -> Iterator[Fault]:
    """Yield what nobody can answer; `has` says whether there are options."""
    yield from unless(
        has, f"{at}/options", "no-options", f"{code} has no options.", f"{code} 没有选项。"
    )


def question_faults(survey: Survey, at: str) -> Iterator[Fault]:
    """Yield what questions and their answers do not agree on."""
    if not survey.questions:
        one = Question(survey.code, survey.name, Decimal(1), None, survey.options)
        whole = replace(one, unscored=survey.unscored, satisfied=survey.satisfied)
        yield from _options(whole, at, survey)
        return
    earlier = dict[str, Question]()
    for i, question in enumerate(survey.questions):
        here = f"{at}/questions/{i}"
        yield from unless(
            question.code not in earlier,
            f"{here}/code",
            "named-twice",
            f"The question {question.code} has been named before.",
            f"{question.code} 重复出现。",
        )
        yield from repeated(question.unscored, f"{here}/unscored")
        yield from _options(question, here, survey)
        if question.asked_if is not None:
            yield from _skip(question, question.asked_if, f"{here}/asked_if", earlier)
        yield from _screens(question, f"{here}/screens")
        earlier[question.code] = question


def _options(question: Question, at: str, survey: Survey) -> Iterator[Fault]:
    """Yield answers that are scored and unscored, and satisfied ones of which no rate is made."""
    for i, word in enumerate(question.unscored):
        yield from unless(
            word not in question.options,
            f"{at}/unscored/{i}",
            "scored-and-unscored",
            f"{word} has a score, so it cannot be without one.",
            f"{word} 已有分值，不能同时为不计分选项。",
        )
    yield from unless(
        bool(question.options) or not question.weight,
        f"{at}/options",
        "nothing-scored",
        f"{question.code} counts, and none of its options has a score.",
        f"{question.code} 计入得分，但没有计分的选项。",
    )
    yield from _satisfied(question, at)
    yield from unless(
        survey.measure == "mean" or not question.weight or bool(question.satisfied),
        f"{at}/satisfied",
        "satisfied-missing",
        f"The satisfaction rate needs to know which answers to {question.code} are satisfied.",
        f"按满意率计分，须指明 {question.code} 的哪些选项为满意。",
    )


def _satisfied(question: Question, at: str) -> Iterator[Fault]:
    yield from repeated(question.satisfied, f"{at}/satisfied")
    for i, word in enumerate(question.satisfied):
        if word in question.unscored:
            yield Fault(
                f"{at}/satisfied/{i}",
                "satisfied-and-unscored",
                f"{word} leaves the denominator, so it cannot be satisfied.",
                f"{word} 不计入分母，不能作为满意选项。",
            )
        else:
            yield from _unknown(word, question, f"{at}/satisfied/{i}")
    yield from unless(
        not question.options or not question.options.keys() <= {*question.satisfied},
        f"{at}/satisfied",
        "all-satisfied",
        f"With every option of {question.code} satisfied the rate is 100 for everybody.",
        f"{question.code} 的计分选项不能全部为满意。",
    )


def _skip(
    question: Question, skip: AskedIf, at: str, earlier: Mapping[str, Question]
) -> Iterator[Fault]:
    """Yield questions that count for some people only, or that nobody would ever be asked."""
    yield from unless(
        not question.weight,
        at,
        "counts-for-some",
        f"{question.code} counts, and not everybody is asked; give it no weight, or screen.",
        f"{question.code} 计入得分，应向所有合格的受访者提问；可将权重改为 0，或用甄别题。",
    )
    yield from unless(
        bool(skip.options),
        f"{at}/options",
        "no-options",
        f"No answer leads to {question.code}.",
        f"没有选项转到 {question.code}。",
    )
    before = earlier.get(skip.question)
    if before is None:
        yield Fault(
            f"{at}/question",
            "not-an-earlier-question",
            f"{skip.question} is no question before {question.code}.",
            f"{question.code} 之前没有题目 {skip.question}。",
        )
        return
    yield from repeated(skip.options, f"{at}/options")
    for i, word in enumerate(skip.options):
        yield from _unknown(word, before, f"{at}/options/{i}")
        yield from _screened(word, before, f"{at}/options/{i}")


def _screens(question: Question, at: str) -> Iterator[Fault]:
    yield from repeated(question.screens, at)
    for i, word in enumerate(question.screens):
        yield from _unknown(word, question, f"{at}/{i}")
        counts = question.weight and word in question.options
        if counts or word in question.satisfied:
            yield from _screened(word, question, f"{at}/{i}")
    words = {*question.options, *question.unscored}
    yield from unless(
        not words or not words <= {*question.screens},
        at,
        "screens-everybody",
        f"Every answer to {question.code} screens out; nobody is left.",
        f"{question.code} 的全部选项都被甄别排除，没有合格的受访者。",
    )


def _screened(word: str, question: Question, at: str) -> Iterator[Fault]:
    yield from unless(
        word not in question.screens,
        at,
        "screened-out",
        f"Whoever answers {word} to {question.code} is not eligible; that counts nowhere.",
        f"对 {question.code} 回答 {word} 的受访者不合格，其回答不计入任何结果。",
    )


def _unknown(word: str, question: Question, at: str) -> Iterator[Fault]:
    yield from unless(
        word in question.options or word in question.unscored,
        at,
        "unknown-option",
        f"{question.code} has no option {word}.",
        f"{question.code} 没有选项 {word}。",
    )


def idle_questions(survey: Survey, at: str) -> Iterator[Fault]:
    """Yield names of options that there are not, and skips over which nobody goes."""
    yield from _idle_names(survey.option_names, [*survey.options, *survey.unscored], at)
    earlier = dict[str, Question]()
    for i, question in enumerate(survey.questions):
        here = f"{at}/questions/{i}"
        words = [*question.options, *question.unscored]
        yield from _idle_names(question.option_names, words, here)
        yield from _idle_skip(question, f"{here}/asked_if", earlier)
        earlier[question.code] = question


def _idle_names(names: Iterable[str], words: Collection[str], at: str) -> Iterator[Fault]:
    for word in names:
        yield from unless(
            word in words,
            f"{at}/option_names{pointer(word)}",
            "name-of-no-option",
            f"There is no option {word}.",
            f"没有选项 {word}。",
        )


def _idle_skip(question: Question, at: str, earlier: Mapping[str, Question]) -> Iterator[Fault]:
    skip = question.asked_if
    before = None if skip is None else earlier.get(skip.question)
    if skip is None or before is None or before.asked_if is not None:
        return
    left = {*before.options, *before.unscored} - {*before.screens, *skip.options}
    yield from unless(
        bool(left),
        at,
        "skips-nobody",
        f"Every answer to {before.code} leads to {question.code}.",
        f"{before.code} 的任何回答都转到 {question.code}。",
    )


def too_many(listed: Sequence[object], most: int, at: str) -> Iterator[Fault]:
    """Yield a list that is longer than any is."""
    yield from unless(
        len(listed) <= most, at, "too-many", f"At most {most} are taken.", f"最多 {most} 项。"
    )


def repeated(words: Iterable[str], at: str) -> Iterator[Fault]:
    """Yield words that stand in a list before."""
    seen = set[str]()
    for i, word in enumerate(words):
        yield from unless(
            word not in seen,
            f"{at}/{i}",
            "named-twice",
            f"{word} has been named before.",
            f"{word} 重复出现。",
        )
        seen.add(word)
