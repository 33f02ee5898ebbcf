"""Online forms (在线问卷) by links: each opens the form of one wave for one respondent, once.

Of a link the database has the digest alone. What was answered is kept with the use of the link only
while the wave is open; when it stops, all forms become responses together, in an order that was
drawn, under tokens that were drawn, so that none leads back to a link.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from itertools import count
from typing import Any

from chassis.refusals import Conflict, Fault, Invalid, Missing, pointer
from survey.rules.ballots import Judgement, faults_of_answers, given
from survey.rules.batch import Finding, Outcome, Response, Strata, stratum_finding
from survey.rules.definition import Option, Question, Skip, SurveyDefinition
from survey.rules.questionnaires import Wording
from survey.rules.wordings import hides, looks

ONLINE_FORM = "online_form"


class NotByLink(Conflict):
    """The survey is not one that is answered online."""

    zh = "本项调查不采用在线问卷。"
    remedy = (
        "Draw links for a survey whose mode is `online_form`.",
        "请为方式为 `online_form` 的调查生成链接。",
    )


class LinksRejected(Invalid):
    """The links do not fit the survey; none was drawn."""

    zh = "链接与调查不符，未生成。"
    remedy = ("Mend what `errors` names.", "请改正 `errors` 所指各处。")


class NoSuchDraw(Missing):
    """The wave has no links of a draw of this number."""

    zh = "本轮没有这一号次生成的链接。"
    remedy = (
        "Name the `draw_no` that was told when the links were drawn, or leave it out for all.",
        "请填写生成链接时告知的 `draw_no`；不填即为全部。",
    )


class NoSuchForm(Missing):
    """There is no form to be answered by this link now."""

    zh = "该链接目前没有可填写的问卷。"
    remedy = (
        "Check that the link is complete; whoever sent it says from when to when it can be used.",
        "请核对链接是否完整；可用时间请询问发送链接的单位。",
    )


class FormAnswered(Conflict):
    """The form of this link has been answered: it is taken once."""

    zh = "该链接的问卷已经提交，只能提交一次。"
    remedy = ("Nothing needs to be done.", "无需再作处理。")


class FormsCounted(Conflict):
    """Online forms of the wave have become responses: it is not opened again."""

    zh = "本轮的在线问卷已经计入，不能重新开放。"
    remedy = (
        "Close the wave, or void and repeat it: forms that came later would be told from the "
        "others, and lead to their links.",
        "请关闭本轮，或将其作废重做：其后提交的问卷会与此前的区分开来，从而可追溯到各自的链接。",
    )


class FormRejected(Invalid):
    """The answers do not fit the form; nothing was kept, and the link can still be used."""

    zh = "答案与问卷不符，未保存；链接仍可使用。"
    remedy = ("Mend what `errors` names, and send the form again.", "请改正后重新提交。")


LINKS_BESIDE_PLAN = Finding(
    "links-beside-plan",
    "Links were drawn from other strata, or from none: withdraw them before, and draw others.",
    "已生成的链接不属于方案所列的分层：请先撤回，再另行生成。",
)


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """A question of a form as it is put, the options in their order, and where it is asked."""

    code: str
    text: str
    options: Mapping[str, str]
    asked_if: Skip | None


def check_links(
    definition: SurveyDefinition,
    known: AbstractSet[str],
    units: Mapping[str, str],
    group: str | None,
    drawn: tuple[str | None, Strata],
) -> None:
    """Refuse links about units that the survey does not ask about or that their names do not tell
    apart, of no group of its own, or `drawn` from a stratum beside the plan, whose strata these
    are."""
    if definition.mode != ONLINE_FORM:
        raise NotByLink("It has another mode.", "该调查采用其他方式。")
    faults = [
        Fault(
            pointer("units", unit),
            "unknown-unit",
            "The survey does not ask about this unit.",
            "该单位不在本次调查范围内。",
        )
        for unit in units
        if unit not in known
    ]
    faults += _faults_of_names(units)
    if not definition.takes_group(group):
        en = "A respondent is of one of the survey's groups, if it has any."
        zh = "受访者须属于本次调查的一类评议主体；不分类的不填。"
        faults.append(Fault(pointer("group"), "unknown-group", en, zh))
    stratum, strata = drawn
    found = (stratum_finding(unit, stratum, Outcome.COMPLETED, strata) for unit in units)
    faults += [each.at("stratum") for each in dict.fromkeys(found) if each]
    if faults:
        raise LinksRejected("See the faults.", "见各项错误。", faults=faults)


def _faults_of_names(units: Mapping[str, str]) -> Iterator[Fault]:
    """Name the units whose names a respondent cannot read as they are, or cannot tell from that of
    a unit before."""
    seen: set[str] = set()
    for unit, name in units.items():
        if hides(name):
            en = "The name has control or format characters, which a respondent does not see."
            zh = "名称含控制字符或格式字符，受访者无法看见。"
            yield Fault(pointer("units", unit), "name-hidden", en, zh)
        elif looks(name) in seen:
            en = "Another unit has the same name: a respondent could not tell them apart."
            zh = "另有单位使用同一名称，受访者无法分辨。"
            yield Fault(pointer("units", unit), "name-twice", en, zh)
        seen.add(looks(name))


def beside_plan(drawn: Collection[tuple[str, str | None]], strata: Strata) -> list[Fault]:
    """Return why a plan of these strata may not be entered beside links that were `drawn` about
    units, from strata: what is answered by them would be of none that it has."""
    found = (stratum_finding(unit, of, Outcome.COMPLETED, strata) for unit, of in drawn)
    return [LINKS_BESIDE_PLAN.at("rows")] if any(found) else []


def form_of(
    definition: SurveyDefinition, wordings: Sequence[Wording], language: str | None
) -> tuple[str, str | None, list[FormQuestion]]:
    """Return the title of a form, its language and its questions: in the language that is asked
    for, or the first one there is; in the scheme's own words where nobody has put them."""
    found = next((each for each in wordings if each.language == language), None)
    wording = found or next(iter(wordings), None)
    if wording is None:
        return definition.name, None, _in_words_of_scheme(definition)
    skips = {each.code: each.asked_if for each in definition.asked}
    order = {each.code: [one.code for one in _in_order(each)] for each in definition.asked}
    put = [
        FormQuestion(
            each.code,
            each.text,
            {option: each.options[option] for option in order[each.code]},
            skips[each.code],
        )
        for each in wording.questions
    ]
    return wording.title, wording.language, put


def _in_words_of_scheme(definition: SurveyDefinition) -> list[FormQuestion]:
    """Return the questions as the scheme puts them."""
    return [
        FormQuestion(
            each.code, each.name, {one.code: one.name for one in _in_order(each)}, each.asked_if
        )
        for each in definition.asked
    ]


def _in_order(question: Question) -> list[Option]:
    """Return the options from the best one to the worst, those without a score last; as they are
    stored, by their codes, they have no order."""
    return sorted(question.options, key=lambda each: (each.score is None, -(each.score or 0)))


def check_form(
    definition: SurveyDefinition, units: AbstractSet[str], judgements: Sequence[Judgement]
) -> list[dict[str, object]]:
    """Return what a form says about each unit, as it is kept; refuse one with faults.

    Who answers a screening question so that he is not to be asked is not asked the rest: he is
    counted as not eligible.
    """
    faults, seen, said = list[Fault](), set[str](), list[dict[str, object]]()
    for row, each in enumerate(judgements):
        at = "judgements", row
        faults += _off_the_form(units, seen, each, at)
        seen.add(each.unit)
        is_screened = _is_screened(definition, each)
        if not is_screened:
            faults += faults_of_answers(definition, each, at)
        said.append(_kept(definition, each, is_screened=is_screened))
    if faults:
        raise FormRejected("See the faults.", "见各项错误。", faults=faults)
    return said


def _off_the_form(
    units: AbstractSet[str], seen: AbstractSet[str], judgement: Judgement, at: tuple[str | int, ...]
) -> Iterator[Fault]:
    if judgement.unit not in units:
        en = "The form does not ask about this unit."
        yield Fault(pointer(*at, "unit"), "unknown-unit", en, "该问卷不询问这一单位。")
    if judgement.unit in seen:
        en = "An earlier row is about this unit."
        yield Fault(pointer(*at, "unit"), "unit-twice", en, "前面的行已评价该单位。")


def _is_screened(definition: SurveyDefinition, judgement: Judgement) -> bool:
    """Say whether a form stops at an answer by which nobody is asked further, and is sound up to
    there."""
    said = given(judgement)
    if not definition.questions or judgement.answer is not None:
        return False
    for place, question in enumerate(definition.questions, 1):
        answer, options = said.get(question.code), _options(question, said)
        if answer is not None and answer in options and answer in question.screens:
            return said.keys() <= {each.code for each in definition.questions[:place]}
        if answer not in options:
            return False
    return False


def _options(question: Question, said: Mapping[str, str]) -> AbstractSet[str | None]:
    """Return what a question may be answered with by the answers before: nothing where it is not
    asked."""
    skip = question.asked_if
    is_asked = skip is None or said.get(skip.question) in skip.options
    return {each.code for each in question.options} if is_asked else {None}


def _kept(
    definition: SurveyDefinition, judgement: Judgement, *, is_screened: bool
) -> dict[str, object]:
    answers = None if judgement.answers is None or is_screened else {**judgement.answers}
    return {
        "unit": judgement.unit,
        "outcome": Outcome.INELIGIBLE if is_screened else Outcome.COMPLETED,
        "answer": None if definition.questions else judgement.answer,
        "answers": answers,
    }


@dataclass(frozen=True, slots=True)
class OpenLink:
    """What a form that waits says, and of which group and stratum its respondent is."""

    group: str | None
    stratum: str | None
    form: Sequence[Mapping[str, Any]]


def columns_of(forms: Sequence[OpenLink], tokens: Sequence[str]) -> dict[str, list[Any]]:
    """Return forms as the responses that they become, by column; what one respondent says of
    several units has one token."""
    found: dict[str, list[Any]] = {each.name: [] for each in fields(Response)}
    for form, token in zip(forms, tokens, strict=True):
        for said in form.form:
            row = {**said, "respondent_token": token, "group": form.group, "stratum": form.stratum}
            for name, column in found.items():
                column.append(row.get(name))
    return found


def token_of(drawn: Sequence[int]) -> str:
    """Return a respondent token of numbers that were drawn: letters alone, no number of anybody."""
    return "".join(chr(ord("a") + each % 26) for each in drawn)


def number_of_batch(known: AbstractSet[str]) -> str:
    """Return the number of the batch that the forms of a stop become."""
    return next(name for n in count(1) if (name := f"ONLINE-{n}") not in known)
