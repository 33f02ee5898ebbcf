"""Forms counted at a meeting (会议测评): what a count adds up to, and when it counts nothing."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chassis.refusals import Conflict, Fault, Invalid, pointer
from survey.rules.definition import SurveyDefinition

MEETING_COUNT = "meeting_count"
"""The mode of a survey whose forms are counted at meetings."""


class CountRejected(Invalid):
    """The count does not add up, or does not fit the survey; nothing was kept."""

    zh = "计票结果自相矛盾或与调查不符，未保存。"
    remedy = (
        "Mend what `errors` names: the votes about a unit and its blanks make up all valid forms.",
        "请改正 `errors` 所指各处：对一个单位的得票与空白之和应等于有效票数。",
    )


class NotCountedAtMeetings(Conflict):
    """The survey is not one whose forms are counted at meetings."""

    zh = "本项调查不是会议测评。"
    remedy = (
        "Post the responses of this survey in batches, or its ballots from their seats.",
        "请按批次上报本项调查的应答，或由各席位投票。",
    )


class CountedAtMeetings(Conflict):
    """The survey takes no responses: its forms are counted at meetings, or cast from seats."""

    zh = "本项调查不收应答：表决票在会议上计票，或由席位投票。"
    remedy = (
        "Post a count of the meeting, or cast the ballots from their seats.",
        "请上报会议计票结果，或由各席位投票。",
    )


class CountDecided(Conflict):
    """The count has been confirmed or withdrawn before."""

    zh = "该计票结果已经确认或撤回。"
    remedy = (
        "A confirmed count stays unless it is withdrawn before the wave stops; a withdrawn one is "
        "posted anew under another number.",
        "已确认的计票结果可在本轮停止前撤回；已撤回的请另行编号重新上报。",
    )


class SamePersonCounts(Conflict):
    """Another person than who posted the count confirms it."""

    zh = "计票结果须由上报人以外的人确认。"
    remedy = ("Have it confirmed by another person.", "请由另一人确认。")


class CountsUnconfirmed(Conflict):
    """Counts of this wave wait for their confirmation: it cannot stop."""

    zh = "本轮有计票结果尚未确认，不能停止。"
    remedy = ("Have each of them confirmed or withdrawn.", "请逐一确认或撤回。")


class VoidReason(StrEnum):
    """Why a count counts nothing and the vote is to be repeated."""

    MORE_THAN_ISSUED = "more_returned_than_issued"
    NO_QUORUM = "quorum_not_reached"


@dataclass(frozen=True, slots=True)
class Votes:
    """How many forms gave each option to a unit for one question, and how many left it blank."""

    unit: str
    question: str
    options: Mapping[str, int]
    blank: int


@dataclass(frozen=True, slots=True)
class MeetingForms:
    """The forms of one meeting: how many people were entitled to one, how many were issued and
    came back, and how many of these were spoiled."""

    entitled: int
    issued: int
    returned: int
    spoiled: int

    @property
    def valid(self) -> int:
        """How many forms count."""
        return self.returned - self.spoiled


def void_reasons(definition: SurveyDefinition, forms: MeetingForms) -> list[VoidReason]:
    """Say why a count is void: more forms came back than were issued, or too few voted."""
    found = []
    if forms.returned > forms.issued:
        found.append(VoidReason.MORE_THAN_ISSUED)
    share = definition.quorum
    if share is not None and not Decimal(forms.returned) > share * forms.entitled:
        found.append(VoidReason.NO_QUORUM)
    return found


def check_count(
    definition: SurveyDefinition,
    units: AbstractSet[str],
    group: str | None,
    forms: MeetingForms,
    votes: Sequence[Votes],
) -> None:
    """Refuse a count that contradicts itself or the survey, naming every fault."""
    faults = [*_group(definition, group), *_forms(forms), *_votes(definition, units, forms, votes)]
    if faults:
        raise CountRejected("See the faults.", "见各项错误。", faults=faults)


def _group(definition: SurveyDefinition, group: str | None) -> Iterator[Fault]:
    known = {each.code for each in definition.groups}
    if known and group not in known:
        yield Fault(
            "/group",
            "unknown-group",
            "The count is of one of the survey's respondent groups.",
            "计票须注明本次调查的一类评议主体。",
        )
    if not known and group is not None:
        yield Fault(
            "/group",
            "unexpected-group",
            "This survey does not group its respondents.",
            "本次调查不分评议主体。",
        )


def _forms(forms: MeetingForms) -> Iterator[Fault]:
    if forms.issued > forms.entitled:
        yield Fault(
            "/issued",
            "more-issued-than-entitled",
            "More forms were issued than people are entitled to one.",
            "发出票数多于应到人数。",
        )
    if forms.spoiled > forms.returned:
        yield Fault(
            "/spoiled",
            "more-spoiled-than-returned",
            "More forms are spoiled than came back.",
            "废票多于收回票数。",
        )


def _votes(
    definition: SurveyDefinition,
    units: AbstractSet[str],
    forms: MeetingForms,
    votes: Sequence[Votes],
) -> Iterator[Fault]:
    questions = {each.code: each for each in definition.asked}
    seen = set[tuple[str, str]]()
    for row, each in enumerate(votes):
        at = "votes", row
        if each.unit not in units:
            yield Fault(
                pointer(*at, "unit"),
                "unknown-unit",
                "The survey does not ask about this unit.",
                "该单位不在本次调查范围内。",
            )
        if each.question not in questions:
            yield Fault(
                pointer(*at, "question"),
                "unknown-question",
                "The survey has no such question.",
                "本次调查没有这道题。",
            )
            continue
        if (each.unit, each.question) in seen:
            yield Fault(
                pointer(*at),
                "counted-twice",
                "An earlier row counts the same unit and question.",
                "前面的行已计同一单位的同一题。",
            )
        seen.add((each.unit, each.question))
        known = {option.code for option in questions[each.question].options}
        if not known.issuperset(each.options):
            yield Fault(
                pointer(*at, "options"),
                "unknown-answer",
                "There is an option that the question does not have.",
                "其中有该题没有的选项。",
            )
        yield from _sums(definition, forms, each, at)
    always = {code for code, each in questions.items() if each.asked_if is None}
    yield from _left_out(units, always, seen)


def _sums(
    definition: SurveyDefinition, forms: MeetingForms, votes: Votes, at: tuple[str | int, ...]
) -> Iterator[Fault]:
    skip = next((e.asked_if for e in definition.asked if e.code == votes.question), None)
    cast = sum(votes.options.values()) + votes.blank
    if cast > forms.valid or (cast < forms.valid and skip is None):
        yield Fault(
            pointer(*at),
            "votes-off",
            "Votes and blanks do not make up the forms that came back and are not spoiled.",
            "得票与空白之和不等于收回票数减废票数。",
        )
    if votes.blank and definition.abstain == "void":
        yield Fault(
            pointer(*at, "blank"),
            "blank-is-spoiled",
            "By the scheme a form with a blank is spoiled, and counted among these.",
            "按方案，有空白的票为废票，应计入废票。",
        )


def _left_out(
    units: AbstractSet[str], questions: AbstractSet[str], seen: AbstractSet[tuple[str, str]]
) -> Iterator[Fault]:
    """Name units for which a question is left out that is always asked."""
    counted = {unit for unit, _ in seen if unit in units}
    for unit in sorted(counted):
        if any((unit, question) not in seen for question in questions):
            yield Fault(
                "/votes",
                "question-left-out",
                f"The count of {unit} lacks a question.",
                f"{unit} 的计票缺少题目。",
            )


def refuse_waiting(waiting: Sequence[str]) -> None:
    """Refuse to stop a wave while counts of it wait to be confirmed."""
    if waiting:
        first = ", ".join(waiting[:10])
        raise CountsUnconfirmed(
            f"{len(waiting)} counts wait for their confirmation: {first}.",
            f"有{len(waiting)}份计票结果尚未确认：{first}。",
            count_nos=list(waiting[:100]),
        )
