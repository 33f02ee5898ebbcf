"""Surveys (调查) of a scheme: their waves, their respondent groups, and who attests them.

What a survey asks about, and in which categories, follows from the indicators that it scores.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain

from chassis.refusals import Fault, pointer
from indicators.rules.methods.catalogue import METHODS, method_of
from indicators.rules.methods.parameters import unless
from indicators.rules.numbers import plain, total
from indicators.rules.policies import Survey
from indicators.rules.questions import (
    idle_questions,
    nothing_to_answer,
    question_faults,
    question_shape,
    repeated,
    too_many,
)
from indicators.rules.scheme import Category, Scheme, places_by_category

MOST_SURVEYS = 100
"""The most surveys of a scheme; a year has a handful."""

MOST_QUESTIONS = 50
"""The most questions of a survey: each is a column of what is handed in."""

MOST_BODIES = 50
"""The most bodies that attest a wave; it stays open until each of them has."""

FEWEST_BALLOTS = 3
"""Of fewer ballots a mean tells who voted how."""

_BALLOTS = frozenset({"leader_evaluation", "peer_review"})
_MEETING = "meeting_count"


def shape_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield surveys in which nothing can be answered, or the same is said in two ways."""
    yield from too_many(scheme.surveys, MOST_SURVEYS, "/surveys")
    for s, survey in enumerate(scheme.surveys):
        at = pointer("surveys", s)
        yield from too_many(survey.questions, MOST_QUESTIONS, f"{at}/questions")
        yield from too_many(survey.attested_by, MOST_BODIES, f"{at}/attested_by")
        if survey.questions:
            yield from _beside_questions(survey, at)
        else:
            yield from nothing_to_answer(bool(survey.options), at, survey.code)
        for i, question in enumerate(survey.questions):
            yield from question_shape(question, f"{at}/questions/{i}")


def _beside_questions(survey: Survey, at: str) -> Iterator[Fault]:
    for name in ("options", "option_names", "unscored", "satisfied"):
        yield from unless(
            not getattr(survey, name),
            f"{at}/{name}",
            "beside-questions",
            f"{survey.code} has questions, and each of them has its own.",
            f"{survey.code} 已设题目，应在各题目中分别填写。",
        )


def survey_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield what the parts of surveys do not agree on, or ask of categories that are not asked."""
    asked = categories_asked(scheme)
    rated = {category.code: frozenset(category.units) for category in scheme.categories}
    for s, survey in enumerate(scheme.surveys):
        at = pointer("surveys", s)
        categories = asked.get(survey.code, [])
        yield from _waves(survey, at)
        yield from _groups(survey, at)
        yield from _own_weights(survey, at, rated, categories)
        if survey.questions:
            weights = (each.weight for each in survey.questions)
            yield from _sum(weights, f"{at}/questions", "question", "题目", survey.code)
        yield from question_faults(survey, at)
        yield from _mode(survey, at)
        yield from _bodies(survey, at, [rated[category.code] for category in categories])
        yield from _alone(survey, at, categories)


def categories_asked(scheme: Scheme) -> dict[str, list[Category]]:
    """Return the categories about whose units each survey asks, by its code."""
    found = dict[str, list[Category]]()
    for category, inside in places_by_category(scheme):
        named = (
            method_of(place.indicator).surveys()
            for place in inside
            if METHODS[place.indicator.method].asks_elsewhere
        )
        for code in dict.fromkeys(chain.from_iterable(named)):
            found.setdefault(code, []).append(category)
    return found


def _waves(survey: Survey, at: str) -> Iterator[Fault]:
    one = "has one wave, so that no other can count in its place.", "没有其他轮次可作依据。"
    alike = "has one wave, and nothing to put together.", "无需合并。"
    for field, words, (en, zh) in (
        ("below_min", {"other_waves", "pooled"}, one),
        ("combine", {"weighted", "pooled"}, alike),
    ):
        yield from unless(
            survey.waves > 1 or getattr(survey, field) not in words,
            f"{at}/{field}",
            "only-one-wave",
            f"{survey.code} {en}",
            f"{survey.code} 只有一轮，{zh}",
        )
    weights, number = survey.wave_weights, len(survey.wave_weights)
    if survey.combine != "weighted":
        yield from unless(
            not weights,
            f"{at}/wave_weights",
            "wave-weights-unused",
            f"The waves of {survey.code} are not weighted.",
            f"{survey.code} 的各轮次不按权重合并，不填写轮次权重。",
        )
    elif number != survey.waves:
        yield Fault(
            f"{at}/wave_weights",
            "wave-weights-number",
            f"{survey.code} has {survey.waves} wave(s) and {number} weight(s).",
            f"{survey.code} 有 {survey.waves} 轮，轮次权重有 {number} 个，应一一对应。",
        )
    else:
        yield from _sum(weights, f"{at}/wave_weights", "wave", "轮次", survey.code)


def _groups(survey: Survey, at: str) -> Iterator[Fault]:
    if survey.groups:
        yield from _sum(survey.groups.values(), f"{at}/groups", "group", "评议主体", survey.code)
        return
    for field, blank in (("empty_group", "rescale"), ("group_weights_by_category", {})):
        yield from unless(
            getattr(survey, field) == blank,
            f"{at}/{field}",
            "no-groups",
            f"{survey.code} has no respondent groups.",
            f"{survey.code} 不分评议主体。",
        )


def _own_weights(
    survey: Survey, at: str, known: Collection[str], categories: Sequence[Category]
) -> Iterator[Fault]:
    """Yield weights for categories that are not asked about, or of other groups."""
    asked = {category.code for category in categories}
    for code, weights in survey.group_weights_by_category.items() if survey.groups else ():
        here = f"{at}/group_weights_by_category{pointer(code)}"
        if code not in known:
            yield Fault(
                here,
                "unknown-category",
                f"{code} is no category of this scheme.",
                f"本方案中没有类别 {code}。",
            )
        elif code not in asked:
            yield Fault(
                here,
                "category-not-asked",
                f"No indicator of {code} is scored by {survey.code}.",
                f"{code} 没有按 {survey.code} 计分的指标。",
            )
        elif weights.keys() != survey.groups.keys():
            yield Fault(
                here,
                "weights-of-groups",
                "Each group has a weight, 0 for none, and nothing else has one.",
                "每个评议主体须有且仅有一个权重，不计的填 0。",
            )
        else:
            yield from _sum(weights.values(), here, "group", "评议主体", code)


def _sum(weights: Iterable[Decimal], at: str, en: str, zh: str, code: str) -> Iterator[Fault]:
    found = total(weights)
    yield from unless(
        found == 1,
        at,
        "weights-off",
        f"The {en} weights of {code} sum to {plain(found)}, not to 1.",
        f"{code} 的{zh}权重之和为 {plain(found)}，应为 1。",
    )


def _mode(survey: Survey, at: str) -> Iterator[Fault]:
    """Yield what a way of asking people does not have, or lacks."""
    if survey.mode == _MEETING:
        yield from unless(
            survey.quorum is None or survey.quorum < 1,
            f"{at}/quorum",
            "quorum-out-of-reach",
            "More than all of those entitled cannot vote.",
            "参加人数须超过该比例，不能填 1。",
        )
    else:
        for field, blank in (("quorum", None), ("abstain", "unscored")):
            yield from unless(
                getattr(survey, field) == blank,
                f"{at}/{field}",
                "only-at-a-meeting",
                f"{survey.code} is not counted at a meeting.",
                f"{survey.code} 不是会议测评。",
            )
    if survey.mode == _MEETING or survey.mode in _BALLOTS:
        yield from _forms(survey, at)
    yield from unless(
        survey.mode not in _BALLOTS or (survey.min_valid or 0) >= FEWEST_BALLOTS,
        f"{at}/min_valid",
        "ballots-too-few",
        f"Of fewer than {FEWEST_BALLOTS} ballots a mean tells who voted how; {survey.code} needs "
        "that many at least.",
        f"票数少于 {FEWEST_BALLOTS} 张时可由平均分推知各人的评价，`min_valid` 不得少于"
        f" {FEWEST_BALLOTS}。",
    )


def _forms(survey: Survey, at: str) -> Iterator[Fault]:
    """Yield questions that depend on the answers of one person, where forms are only counted or
    everybody who votes is named."""
    for i, question in enumerate(survey.questions):
        yield from unless(
            not question.screens,
            f"{at}/questions/{i}/screens",
            "nobody-to-screen",
            "Those who vote are named beforehand, and all of them are eligible.",
            "参加评议的人员事先确定，无需甄别。",
        )
        yield from unless(
            question.asked_if is None or survey.mode != _MEETING,
            f"{at}/questions/{i}/asked_if",
            "counted-question-by-question",
            "Forms are counted question by question; nobody knows who was to skip one.",
            "会议测评逐题计票，无法确定谁应跳答。",
        )


def _bodies(survey: Survey, at: str, rated: Sequence[Collection[str]]) -> Iterator[Fault]:
    """Yield bodies that would attest their own work, and no others than those asked about.

    Bodies that supervise are often rated themselves; one at least has to be without an interest.
    """
    yield from repeated(survey.attested_by, f"{at}/attested_by")
    for i, body in enumerate(survey.attested_by):
        yield from unless(
            body != survey.collector,
            f"{at}/attested_by/{i}",
            "attests-its-own",
            f"{body} collects the answers itself.",
            f"{body} 为实施单位，不能监督自己的工作。",
        )
    interested = (any(body in units for units in rated) for body in survey.attested_by)
    yield from unless(
        not survey.attested_by or not all(interested),
        f"{at}/attested_by",
        "attested-by-the-rated",
        f"{survey.code} asks about every body that attests it; one at least has to be another.",
        f"{survey.code} 的监督单位均为评议对象，至少应有一个不是。",
    )


def _alone(survey: Survey, at: str, categories: Sequence[Category]) -> Iterator[Fault]:
    for category in categories if survey.below_min == "category_mean" else ():
        yield from unless(
            len(category.units) > 1,
            f"{at}/below_min",
            "alone-in-its-category",
            f"{category.code} has one unit, and no other whose mean could stand in.",
            f"{category.code} 只有一个单位，没有其他单位的平均值可用。",
        )


def idle(scheme: Scheme) -> Iterator[Fault]:
    """Yield what a complete scheme says of surveys and nobody reads, as faults that refuse
    nothing."""
    asked = categories_asked(scheme)
    for s, survey in enumerate(scheme.surveys):
        at = pointer("surveys", s)
        if survey.code not in asked:
            yield Fault(
                at,
                "survey-not-scored",
                f"No indicator is scored by {survey.code}.",
                f"没有指标按 {survey.code} 计分。",
            )
        yield from idle_questions(survey, at)
        yield from _idle_weights(survey, at, asked.get(survey.code, []))


def _idle_weights(survey: Survey, at: str, categories: Sequence[Category]) -> Iterator[Fault]:
    own = survey.group_weights_by_category
    for code, weights in own.items():
        yield from unless(
            dict(weights) != dict(survey.groups),
            f"{at}/group_weights_by_category{pointer(code)}",
            "weights-of-all",
            f"The groups weigh the same for {code} as for all.",
            f"{code} 的评议主体权重与统一权重相同。",
        )
    usual = any(category.code not in own for category in categories)
    yield from unless(
        not own or not categories or usual,
        f"{at}/groups",
        "weights-of-no-category",
        "Every category that is asked about has weights of its own.",
        "所涉各类别均有自己的评议主体权重。",
    )
    tables = [*own.values(), *[survey.groups] * usual]
    weighing = {group for table in tables for group, weight in table.items() if weight}
    for group in survey.groups if categories else ():
        yield from unless(
            group in weighing,
            f"{at}/groups{pointer(group)}",
            "group-without-weight",
            f"The answers of {group} weigh nothing.",
            f"{group} 的应答没有权重，不影响结果。",
        )
