"""Asking the units about a draft of the scheme (征求意见): what may be said of it, until when, and
that every comment is answered before the scheme is published."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid, Missing, pointer
from indicators.rules.scheme import Scheme

ADOPTED, PARTLY_ADOPTED, NOT_ADOPTED = "adopted", "partly_adopted", "not_adopted"
"""What becomes of a comment: the scheme follows it, in part, or not (采纳、部分采纳、不采纳)."""

MOST_COMMENTS = 200
"""How many comments a unit may make on a draft: each has to be answered before it is published."""

CONSULTED = "consulted"
"""The state of a draft that units are asked about, also when they are asked no longer."""

LONGEST = dt.timedelta(days=180)
"""How long units may be asked at most: a year is published before it is half over."""


class ConsultationFaulty(Invalid):
    """A consultation would end before it begins, or not in time."""

    zh = "征求意见的截止日期不合适。"
    remedy = (
        "Send a last day `closes_on` from today to 180 days from now.",
        "请将 `closes_on` 改为今日起 180 日以内的日期。",
    )


class ConsultationStands(Conflict):
    """Units are asked about this version already."""

    zh = "该版方案已在征求意见，或已征求过意见。"
    remedy = (
        "Read the comments on it; to ask again save the scheme as a new version.",
        "请查看已有意见；需再次征求意见的，请将方案另存为新版本。",
    )


class NotConsulted(Missing):
    """Nobody has been asked about this version."""

    zh = "该版方案没有征求意见。"
    remedy = (
        "Look the versions that units are asked about up in the list of consultations.",
        "请在征求意见清单中查对版本号。",
    )


class ConsultationOver(Conflict):
    """The last day for comments on this version is over."""

    zh = "该版方案的征求意见已截止。"
    remedy = (
        "Speak to the performance office; comment on the next draft that units are asked about.",
        "请与绩效办联系，或对下一次征求意见的草案提出意见。",
    )


class ConsultationPending(Conflict):
    """Units are still asked about the scheme, or were not answered."""

    zh = "方案征求意见尚未截止，或有意见尚未答复。"
    remedy = (
        "Wait for the last day, answer every comment on the draft, and publish then.",
        "请待征求意见截止并逐条答复后再公布。",
    )


class CommentsFaulty(Invalid):
    """Some comments are about nothing that the draft has, are said twice, or are too many."""

    zh = "部分意见所指在草案中不存在，有重复，或超过条数上限。"
    remedy = (
        "Mend the comments that `errors` names by the draft, join what is too much, and send all "
        "of them again.",
        "请对照草案改正 `errors` 所指各条，超过条数上限的予以合并，然后整批重新提交。",
    )


class AnswersFaulty(Invalid):
    """Some answers are to no comment on this draft, to one's own, or to one that has another."""

    zh = "部分答复所指意见不存在、已有答复，或须回避。"
    remedy = (
        "Read the comments on the draft again, and answer those that are open.",
        "请重新查看该草案的意见，只答复尚未答复的意见。",
    )


@dataclass(frozen=True, slots=True)
class Node:
    """What of a scheme a comment is about: an indicator of a category, a category, an indicator
    wherever it stands, or (both None) the whole."""

    category: str | None
    indicator: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A comment as its answer is judged: who said it, for which unit."""

    unit: str
    person: str
    is_answered: bool


def check_term(today: dt.date, closes_on: dt.date) -> None:
    """Refuse to ask until a day that is over, or for longer than `LONGEST`."""
    if not today <= closes_on <= today + LONGEST:
        en = f"It may be any day from {today} to {today + LONGEST}."
        zh = f"可为 {today} 至 {today + LONGEST} 之间的任一日。"
        raise ConsultationFaulty(en, zh, faults=[Fault("/closes_on", "not-in-time", en, zh)])


def check_open(today: dt.date, closes_on: dt.date) -> None:
    """Refuse a comment after the last day."""
    if today > closes_on:
        raise ConsultationOver(
            f"The last day was {closes_on}.", f"截止日期为 {closes_on}。", closes_on=closes_on
        )


def check_comments(nodes: Sequence[tuple[Node, str]], scheme: Scheme, said_before: int) -> None:
    """Refuse comments on what the draft does not have, those that stand in a batch twice, and those
    beyond the most that a unit may make, of which it `said_before` some."""
    indicators = {each.code: {node.code for node in each.walk()} for each in scheme.categories}
    faults, seen = list[Fault](), set[tuple[Node, str]]()
    for n, (node, text) in enumerate(nodes):
        at = pointer("comments", n)
        faults += _of_node(node, indicators, at)
        if (node, text) in seen:
            en, zh = "It is said here twice.", "同一意见重复。"
            faults.append(Fault(f"{at}/text", "said-twice", en, zh, beside=True))
        seen.add((node, text))
        if said_before + n >= MOST_COMMENTS:
            en = f"A unit makes at most {MOST_COMMENTS} comments on a draft."
            zh = f"一个单位对一版草案最多提出 {MOST_COMMENTS} 条意见。"
            faults.append(Fault(at, "too-many", en, zh, beside=True))
    if faults:
        n = len(faults)
        raise CommentsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _of_node(node: Node, indicators: Mapping[str, set[str]], at: str) -> list[Fault]:
    if node.category is not None and node.category not in indicators:
        en = f"The draft has no category {node.category}."
        zh = f"草案中没有类别 {node.category}。"
        return [Fault(f"{at}/category", "unknown-category", en, zh)]
    within = indicators.values() if node.category is None else [indicators[node.category]]
    if node.indicator is not None and not any(node.indicator in each for each in within):
        en = f"The draft has no indicator {node.indicator} there."
        zh = f"草案在此没有指标 {node.indicator}。"
        return [Fault(f"{at}/indicator", "unknown-indicator", en, zh)]
    return []


def check_answers(
    named: Sequence[UUID], heard: Mapping[UUID, Heard], person: str, unit: str | None
) -> None:
    """Refuse answers to what was not said, that is answered, or that the answering `person` or his
    unit has said: nobody answers himself."""
    faults, seen = list[Fault](), set[UUID]()
    for n, comment in enumerate(named):
        at = f"{pointer('answers', n)}/comment_id"
        if comment in seen:
            en, zh = "This comment stands here twice.", "同一意见重复。"
            faults.append(Fault(at, "named-twice", en, zh, beside=True))
        seen.add(comment)
        said = heard.get(comment)
        for fails, code, en, zh in _WRONG:
            if fails(said, person, unit):
                faults.append(Fault(at, code, en, zh))
                break
    if faults:
        n = len(faults)
        raise AnswersFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _is_own(said: Heard | None, person: str, unit: str | None) -> bool:
    return said is not None and (persons.is_same(said.person, person) or said.unit == unit)


_WRONG: Sequence[tuple[Callable[[Heard | None, str, str | None], bool], str, str, str]] = (
    (
        lambda said, person, unit: said is None,
        "unknown-comment",
        "There is no such comment on this draft.",
        "该草案没有这条意见。",
    ),
    (
        _is_own,
        "own-comment",
        "The caller or the caller's unit has said it; another person answers.",
        "该意见由本人或本单位提出，须由他人答复。",
    ),
    (
        lambda said, person, unit: said is not None and said.is_answered,
        "answered-already",
        "It has another answer, and that stays.",
        "该意见已有其他答复，答复后不再更改。",
    ),
)


def may_be_answered(said: Heard, person: str, unit: str | None) -> bool:
    """Say whether somebody of the office may answer a comment, by the rules of `check_answers`."""
    return not any(fails(said, person, unit) for fails, *_ in _WRONG)


def check_heard(today: dt.date, closes_on: dt.date, unanswered: int) -> None:
    """Refuse to publish past units that may still speak, or were not answered."""
    if today <= closes_on:
        raise ConsultationPending(
            f"Units may comment until {closes_on}.", f"征求意见至 {closes_on} 截止。"
        )
    if unanswered:
        raise ConsultationPending(
            f"{unanswered} comment(s) have no answer.", f"有 {unanswered} 条意见尚未答复。"
        )
