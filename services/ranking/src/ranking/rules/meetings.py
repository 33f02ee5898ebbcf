"""Decisions of a meeting: who may vote, whether enough were there, and minutes typed twice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.refusals import Conflict, Fault, Invalid, pointer
from ranking.rules.chain import ChainStep, Share


class StepFaulty(Invalid):
    """What was said with a step is not what the step takes."""

    zh = "所报内容不符合该步骤的要求。"
    remedy = (
        "Mend what `errors` names, by the chain that `GET …/steps` shows.",
        "请对照审批链（`GET …/steps`）改正 `errors` 所指各项。",
    )


class EntriesDiffer(Conflict):
    """Two people typed the same minutes, and not the same."""

    zh = "两人录入的会议记录不一致。"
    remedy = (
        "Compare the fields that `differing` names with the minutes. Where the first entry is "
        "wrong, enter them once more with `anew`, and have another person enter them again.",
        "请将 `differing` 所列字段与会议纪要核对；"
        "前次录入有误的，附 `anew` 重新录入，再由另一人录入核对。",
    )


@dataclass(frozen=True, slots=True)
class Recused:
    """A member who has no part in a decision, and why."""

    member: str
    reason: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """What minutes say: who was present and may vote, who was recused, and how was voted."""

    held_on: str
    present: tuple[str, ...]
    recused: tuple[Recused, ...]
    votes_for: int
    votes_against: int
    votes_abstained: int


def reaches(share: Share, part: int, whole: int) -> bool:
    """Say whether a part is that share of the whole; of nobody nobody is a share."""
    if whole == 0:
        return False
    return {
        "over_half": 2 * part > whole,
        "two_thirds": 3 * part >= 2 * whole,
        "all": part == whole,
    }[share]


def barred(step: ChainStep, units: Collection[str]) -> set[str]:
    """Return the members of a meeting whose own unit is one of those that the list is about."""
    return {each.code for each in step.members if each.unit is not None and each.unit in units}


def voters(step: ChainStep, units: Collection[str], recused: Collection[str] = ()) -> set[str]:
    """Return the members who may vote about a list of these units."""
    return {each.code for each in step.members} - barred(step, units) - set(recused)


def is_able(step: ChainStep, units: Collection[str], recused: Collection[str] = ()) -> bool:
    """Say whether enough members may vote for the meeting to decide at all."""
    return len(voters(step, units, recused)) >= max(1, step.at_least or 1)


def meeting_faults(step: ChainStep, units: Collection[str], meeting: Meeting) -> list[Fault]:
    """Return all that is wrong with minutes by which a meeting has not decided."""
    return [*_member_faults(step, units, meeting)] or [*_vote_faults(step, units, meeting)]


def day_faults(meeting: Meeting, first: date, last: date) -> list[Fault]:
    """Return what is wrong with the day on which a meeting was held."""
    if first <= date.fromisoformat(meeting.held_on) <= last:
        return []
    en, zh = f"It is not from {first} to {last}.", f"不在{first}至{last}之间。"
    return [Fault(pointer("meeting", "held_on"), "day-cannot-be", en, zh)]


def recusal_faults(
    step: ChainStep, recused: Sequence[Recused], at: tuple[str | int, ...]
) -> Iterator[Fault]:
    """Yield who is recused and is no member, or stands there twice."""
    members, seen = {each.code for each in step.members}, set[str]()
    for n, each in enumerate(recused):
        where = pointer(*at, n, "member")
        if each.member not in members:
            yield _unknown(where, each.member)
        elif each.member in seen:
            yield _twice(where, each.member)
        seen.add(each.member)


def _unknown(where: str, code: str) -> Fault:
    return Fault(where, "unknown-member", f"{code} is no member.", f"{code} 不是会议成员。")


def _twice(where: str, code: str) -> Fault:
    return Fault(where, "member-twice", f"{code} stands there twice.", f"{code} 重复列出。")


def _member_faults(step: ChainStep, units: Collection[str], meeting: Meeting) -> Iterator[Fault]:
    yield from recusal_faults(step, meeting.recused, ("meeting", "recused"))
    members, seen = {each.code for each in step.members}, set[str]()
    out = {each.member for each in meeting.recused}
    for n, code in enumerate(meeting.present):
        where = pointer("meeting", "present", n)
        if code not in members:
            yield _unknown(where, code)
        elif code in seen:
            yield _twice(where, code)
        elif code in out:
            en = f"{code} is recused, and does not count as present."
            yield Fault(where, "present-though-recused", en, f"{code} 已回避，不计入出席。")
        seen.add(code)
    for code in sorted(barred(step, units) - out):
        en = f"The unit of {code} is assessed in this category."
        zh = f"{code} 所在单位参评该类别，须回避。"
        yield Fault(pointer("meeting", "recused"), "must-be-recused", en, zh)


def _vote_faults(step: ChainStep, units: Collection[str], meeting: Meeting) -> Iterator[Fault]:
    may = len(voters(step, units, {each.member for each in meeting.recused}))
    there = len(meeting.present)
    votes = meeting.votes_for + meeting.votes_against + meeting.votes_abstained
    if votes != there:
        en, zh = f"{votes} votes of {there} present.", f"出席 {there} 人，票数合计 {votes}。"
        yield Fault(pointer("meeting"), "votes-do-not-add-up", en, zh)
    elif not reaches(step.quorum, there, may) or there < (step.at_least or 1):
        en = f"{there} were present of {may} who may vote."
        zh = f"有表决权的 {may} 人中出席 {there} 人，未达法定人数。"
        yield Fault(pointer("meeting", "present"), "quorum-not-reached", en, zh)
    elif not reaches(step.majority, meeting.votes_for, there):
        en = f"{meeting.votes_for} of {there} voted for it."
        zh = f"出席 {there} 人，赞成 {meeting.votes_for} 票，未达规定多数。"
        yield Fault(pointer("meeting", "votes_for"), "majority-not-reached", en, zh)


def refuse_differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> None:
    """Refuse a second entry that is not what the first person typed, by the names of the fields."""
    names = sorted(name for name in {*first, *second} if first.get(name) != second.get(name))
    if names:
        raise EntriesDiffer(
            f"They differ in {', '.join(names)}.",
            f"不一致的字段：{'、'.join(names)}。",
            differing=names,
        )
