"""Self-evaluation (自我评估): what a unit holds to have earned, beside what the record says.

A self mark never enters a score. What may cost points is that it is late, left out, or far from
what was verified.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from chassis import persons
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing
from scoring.rules.duties.card_events import CardEvent, by_the_scheme
from scoring.rules.ledger.entries import EVENT
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.scheme.document import Scheme, SelfEvaluationPolicy, SelfEvaluationRound

LATE, UNANSWERED, GAP = "late", "unanswered", "gap"
COSTS = (LATE, UNANSWERED, GAP)
"""What of a self-evaluation may cost points."""

TO_DO, ANSWERED, HANDED_IN, COMPARED = "to_do", "answered", "handed_in", "compared"
SELF_EVALUATION_STATES = (TO_DO, ANSWERED, HANDED_IN, COMPARED)

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (TO_DO, ANSWERED): "the unit gives its self marks",
    (ANSWERED, ANSWERED): "the unit gives others in their place",
    (ANSWERED, HANDED_IN): "the unit hands them in, a second person where the scheme has that",
    (TO_DO, COMPARED): "the office compares the round, which ends it",
    (ANSWERED, COMPARED): "the office compares the round, which ends it",
    (HANDED_IN, COMPARED): "the office compares the round, which ends it",
}
"""Every step of a unit's self-evaluation, and what makes it. None is taken back."""


class NoSuchRound(Missing):
    """The scheme has no such round of self-evaluation, or it is not for the caller to read."""

    zh = "方案中没有这一轮自评，或调用者不能查阅。"
    remedy = "Look the code up in the list of self-evaluations.", "请在自评清单中查对代码。"


class SelfMarksRefused(Invalid):
    """Some of the self marks cannot be taken; none was."""

    zh = "部分自评不能接收，全部未保存。"
    remedy = (
        "Mend what `errors` names, and send all of it again.",
        "请改正 `errors` 所指各处后重新提交。",
    )


class RoundCompared(Conflict):
    """The round has been compared with the record, and takes nothing any more."""

    zh = "本轮自评已与核定结果比对，不再接收。"
    remedy = "Read what it came to; remark on it there.", "请查阅比对结果。"


class RoundNotOver(Conflict):
    """A round is compared after its last day."""

    zh = "本轮自评尚未截止，不能比对。"
    remedy = "Come again after the day on which the round ends.", "请在截止日之后办理。"


class HandedInBefore(Conflict):
    """A self-evaluation is handed in once, and stays as it is then."""

    zh = "本单位本轮自评已经提交，不能更改。"
    remedy = "Go on with it as it is.", "请以已提交的为准。"


class NothingToHandIn(Conflict):
    """No self mark was given in this round."""

    zh = "本轮尚无任何自评，不能提交。"
    remedy = "Give the self marks first.", "请先填写自评。"


class OwnSelfMarks(Forbidden):
    """Where a second person signs, nobody hands in self marks that he gave himself."""

    zh = "方案要求由本单位另一人签发，本人填写的自评不能由本人提交。"
    remedy = "Have another person of the unit hand it in.", "请由本单位另一人提交。"


class SelfMark(NamedTuple):
    """The points that a unit holds to have earned in an indicator, and by which words."""

    indicator: str
    mark: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """A self mark beside what the record had earned: `mark` is None where the unit gave none.

    `withheld` where others have a part in the score: its gap is told to nobody but the office, and
    costs nothing. `over` says that the gap is above what the scheme tolerates.
    """

    indicator: str
    points: Decimal
    mark: Decimal | None
    earned: Decimal
    withheld: bool
    over: bool

    @property
    def gap(self) -> Decimal | None:
        """By how much the unit marks itself higher than the record, below zero where lower."""
        return None if self.mark is None else self.mark - self.earned


class Earned(NamedTuple):
    """What the record says of an indicator of a unit: its points, and how many are earned."""

    indicator: str
    points: Decimal
    earned: Decimal
    withheld: bool


class Shortcoming(NamedTuple):
    """What of a unit's self-evaluation may cost points: how often."""

    round_code: str
    unit: str
    what: str
    number: int

    @property
    def key(self) -> str:
        """What stands for it as the source of an event."""
        return f"self-evaluation/{self.round_code}/{self.unit}/{self.what}"


def round_of(scheme: Scheme, code: str) -> SelfEvaluationRound:
    """Return a round of the scheme; refuse one that there is not."""
    policy = scheme.self_evaluations
    for each in policy.rounds if policy else ():
        if each.code == code:
            return each
    raise NoSuchRound(f"There is no round {code}.", f"没有自评轮次 {code}。")


def marked_in(found: SelfEvaluationRound, unit: str, scheme: Scheme) -> dict[str, Decimal]:
    """Return the points of the indicators that a unit marks itself in, by code, in the scheme's
    order: those that stand in a block, as far as the round names them."""
    category = scheme.category_of().get(unit)
    tops = [one for block in category.blocks for one in block.indicators] if category else []
    named = {one.code: one.points for one in tops}
    return {c: p for c, p in named.items() if not found.indicators or c in found.indicators}


def mark_faults(marks: Sequence[SelfMark], points: Mapping[str, Decimal]) -> Iterator[Fault]:
    """Yield self marks of an indicator that the round does not ask about or that is named twice,
    and those above its points."""
    seen = set[str]()
    for n, each in enumerate(marks):
        at, code = f"/marks/{n}", each.indicator
        if code not in points:
            told = f"This round does not ask about {code}.", f"本轮自评不包括 {code}。"
            yield Fault(f"{at}/indicator", "not-asked", *told)
        elif code in seen:
            told = f"{code} is listed before.", f"{code} 重复列出。"
            yield Fault(f"{at}/indicator", "named-twice", *told)
        elif each.mark > points[code]:
            most = points[code]
            told = f"{code} has {most} points.", f"{code} 分值为{most}分。"
            yield Fault(f"{at}/mark", "above-the-points", *told)
        seen.add(code)


def check_hand_in(writers: Collection[str], person: str, *, handed_in: bool, signed: bool) -> None:
    """Refuse to hand in what is handed in, nothing, and, where it is `signed`, one's own marks."""
    if handed_in:
        raise HandedInBefore("It was handed in before.", "此前已提交。")
    if not writers:
        raise NothingToHandIn("There is no self mark.", "没有自评内容。")
    if signed and any(persons.is_same(each, person) for each in writers):
        raise OwnSelfMarks("The caller gave some of them.", "其中有调用者本人填写的内容。")


def is_signed(marks: Collection[str], scheme: Scheme) -> bool:
    """Say whether a second person of the unit hands in marks for these indicators."""
    duties = scheme.duties
    return duties.signed_off or not set(marks).isdisjoint(duties.signed_off_for)


def compared(
    earned: Iterable[Earned], marks: Mapping[str, Decimal], tolerance: Decimal
) -> list[Compared]:
    """Return the self marks beside what is earned, in the order of that."""
    found = list[Compared]()
    for each in earned:
        mark = marks.get(each.indicator)
        over = mark is not None and abs(mark - each.earned) > tolerance * each.points
        about = each.indicator, each.points, mark, each.earned, each.withheld
        found.append(Compared(*about, over=over and not each.withheld))
    return found


def shortcomings(
    round_code: str, unit: str, found: Sequence[Compared], *, late: bool
) -> list[Shortcoming]:
    """Return what may cost a unit points."""
    numbers = {
        LATE: int(late),
        UNANSWERED: sum(each.mark is None for each in found),
        GAP: sum(each.over for each in found),
    }
    return [Shortcoming(round_code, unit, what, n) for what, n in numbers.items() if n]


def counted_by_sort(found: Iterable[Shortcoming]) -> dict[str, int]:
    """Return how much is short, of each sort that may cost points."""
    numbers = dict.fromkeys(COSTS, 0)
    for each in found:
        numbers[each.what] += each.number
    return numbers


def costs(
    found: Iterable[Shortcoming], scheme: Scheme, today: dt.date
) -> list[CardEvent[Shortcoming]]:
    """Return the events that shortcomings become by the scheme, or why none; nothing of what costs
    nothing there."""
    policy, forms = scheme.self_evaluations, EntryForms(scheme, today)
    if policy is None or policy.indicator is None:
        return []
    drafts = (
        (each, _draft(each, policy, policy.indicator, event, scheme.assessment_year, today))
        for each in found
        if (event := getattr(policy, each.what)) is not None
    )
    return [by_the_scheme(each, draft, forms) for each, draft in drafts]


_WORDS = {LATE: "自评逾期", UNANSWERED: "项指标未自评", GAP: "项指标自评与核定差距超过容许"}


def _draft(
    each: Shortcoming,
    policy: SelfEvaluationPolicy,
    indicator: str,
    event: str,
    year: int,
    today: dt.date,
) -> Draft:
    name = next(one.name for one in policy.rounds if one.code == each.round_code)
    said = _WORDS[each.what] if each.what == LATE else f"{each.number}{_WORDS[each.what]}"
    return Draft(
        each.unit,
        indicator,
        EVENT,
        event,
        None,
        f"{year}-{today.month if today.year == year else 12:02}",
        Decimal(each.number),
        None,
        f"“{name}”：{said}",
        today if today.year == year else None,
        source_ref=each.key,
    )


def refuse_faults(faults: Iterable[Fault]) -> None:
    """Refuse self marks of which something is wrong."""
    found = list(faults)
    if found:
        raise SelfMarksRefused(
            f"{len(found)} fault(s) in the self marks.",
            f"自评中有{len(found)}处错误。",
            faults=found,
        )
