"""Questionnaires (问卷): how what the scheme has people asked is put, word for word, by language.

A version is never changed: a wave keeps the one that was newest when it opened, and what was
answered to different ones is never counted as one figure.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Conflict, Fault, Invalid, Missing, pointer
from survey.rules.definition import SurveyDefinition


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is read out or printed, with the text of each option by its code."""

    code: str
    text: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """All questions in one language."""

    language: str
    title: str
    questions: Sequence[AskedQuestion]


class NoSuchQuestionnaire(Missing):
    """The survey has no such version of its questionnaire."""

    zh = "该调查没有这一版问卷。"
    remedy = (
        "Look the version up in the list of questionnaires of the survey.",
        "请在该调查的问卷清单中查对版本。",
    )


class QuestionnaireRejected(Invalid):
    """The questionnaire does not put the questions of the scheme."""

    zh = "问卷与方案规定的题目不符。"
    remedy = (
        "Give every question and every option of the survey a text in each language; what is only "
        "reported is a question of weight 0 of the scheme.",
        "每种语言均须写明该调查的全部题目和选项；仅供参考的题目请在方案中列为权重 0 的题目。",
    )


class QuestionnaireKept(Conflict):
    """The answers of all waves of the survey count together, and some have been asked already."""

    zh = "该调查各轮样本合并计分，已开放过轮次，不得更换问卷。"
    remedy = (
        "Ask all waves with the same questionnaire; enter it before the first one opens.",
        "请各轮使用同一问卷，并在首轮开放前制定。",
    )


class AnotherQuestionnaire(Conflict):
    """The wave is held under another version of the questionnaire than the batch names."""

    zh = "本轮调查所用的问卷版本与该批所注明的不同。"
    remedy = (
        "Ask with the questionnaire of the wave; answers to another one are not taken.",
        "请使用本轮的问卷；对其他版本的应答不予接收。",
    )


def check_questionnaire(definition: SurveyDefinition, wordings: Sequence[Wording]) -> None:
    """Refuse a questionnaire that leaves out a question or option of the survey, or adds one."""
    faults = [fault for n, each in enumerate(wordings) for fault in _faults(definition, n, each)]
    times = Counter(each.language for each in wordings)
    faults += [
        _fault(("languages", n, "language"), "said-twice", "It stands twice.", "重复。")
        for n, each in enumerate(wordings)
        if times[each.language] > 1
    ]
    if faults:
        raise QuestionnaireRejected("See the faults.", "见各项错误。", faults=faults)


def refuse_other(definition: SurveyDefinition, *, begun: bool) -> None:
    """Refuse another questionnaire where the answers of all waves are pooled, and some wave has
    begun."""
    if begun and definition.combine == "pooled":
        raise QuestionnaireKept(
            f"The waves of {definition.code} are pooled.", f"调查“{definition.code}”各轮合并计分。"
        )


def check_version(wave: int, pinned: int | None, named: int | None) -> None:
    """Refuse a batch that names another version than the wave is held under."""
    if named is not None and named != pinned:
        under = "none" if pinned is None else str(pinned)
        raise AnotherQuestionnaire(
            f"Wave {wave} is held under questionnaire {under}.",
            f"第{wave}轮使用的问卷版本：{pinned or '无'}。",
            questionnaire_version=pinned,
        )


def _faults(definition: SurveyDefinition, n: int, wording: Wording) -> Iterator[Fault]:
    at = ("languages", n, "questions")
    asked = {each.code: [option.code for option in each.options] for each in definition.asked}
    told = Counter(each.code for each in wording.questions)
    for code in asked.keys() - told.keys():
        yield _fault(at, "question-missing", f"There is no {code}.", f"缺少题目 `{code}`。")
    for place, each in enumerate(wording.questions):
        here = (*at, place)
        if each.code not in asked or told[each.code] > 1:
            en, zh = (
                "It is no question of the survey, or stands twice.",
                "不是该调查的题目，或重复。",
            )
            yield _fault((*here, "code"), "unknown-question", en, zh)
        elif set(each.options) != set(asked[each.code]):
            named = ", ".join(asked[each.code])
            en, zh = f"Its options are {named}.", f"选项应为：`{named}`。"
            yield _fault((*here, "options"), "other-options", en, zh)


def _fault(at: tuple[str | int, ...], code: str, en: str, zh: str) -> Fault:
    return Fault(pointer(*at), code, en, zh)
