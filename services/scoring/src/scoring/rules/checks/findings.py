"""What a team finds (检查结论): an entry is right, or tells something else than was found.

The unit is heard before anybody decides, and decides is another person than who found it.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from chassis import persons
from chassis.refusals import Conflict, Fault, Forbidden, Invalid, Missing
from scoring.rules.ledger.states import COUNTED, EntryStanding

RIGHT, DIFFERS = "right", "differs"
VERDICTS = (RIGHT, DIFFERS)

REPORTED, SIGNED, OBJECTED = "reported", "signed", "objected"
UPHELD, DISMISSED = "upheld", "dismissed"
FINDING_STATES = (REPORTED, SIGNED, OBJECTED, UPHELD, DISMISSED)
ANSWERS, DECISIONS = (SIGNED, OBJECTED), (UPHELD, DISMISSED)

UNDECIDED = (REPORTED, *ANSWERS)

ANSWER_WITHIN = 5
"""Within how many working days a unit signs or objects."""

_DECIDES = "another person than who found it, of no competing unit, once the unit was heard"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (REPORTED, SIGNED): f"the unit signs, within {ANSWER_WITHIN} working days",
    (REPORTED, OBJECTED): f"the unit objects with its reason, within {ANSWER_WITHIN} working days",
    (REPORTED, UPHELD): f"{_DECIDES} or its days are over; what differs takes the entry's place",
    (REPORTED, DISMISSED): "the same, with a reason; the entry stands",
    **{(answer, UPHELD): _DECIDES for answer in ANSWERS},
    **{(answer, DISMISSED): "the same, with a reason" for answer in ANSWERS},
}
"""Every step of a finding, and who takes it."""


class NoSuchFinding(Missing):
    """The check has no such finding that the caller may know of."""

    zh = "该项检查没有调用者可以查阅的这条结论。"
    remedy = "Look its id up in the list of findings.", "请在检查结论清单中查对标识。"


class FindingRefused(Invalid):
    """What was found cannot be recorded so."""

    zh = "检查结论不能这样登记。"
    remedy = (
        "Mend what `errors` tells of; read the sheet of the unit for what it lists.",
        "请改正 `errors` 所指各处；核查内容见该单位的核查表。",
    )


class FindingMoved(Conflict):
    """The finding does not wait for this."""

    zh = "该条检查结论当前不能这样办理。"
    remedy = "Read the finding again.", "请重新查看该条结论。"


class BeingChecked(Conflict):
    """What a team found about an entry is not decided: until then it stays as it is."""

    zh = "该记录的检查结论尚未决定，暂不能修订或冲销。"
    remedy = (
        "Wait for the decision on what was found: what differs and is upheld takes its place.",
        "请待检查结论决定：不符且维持的将取代该记录。",
    )


class FindingBarred(Forbidden):
    """The caller has a part or an interest in this finding."""

    zh = "调用者须回避该条检查结论。"
    remedy = (
        "Have another person decide, whose unit is not assessed in the category.",
        "请由他人办理，且其所在单位不参评该类别。",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a finding stands: who found it, for how long the unit may answer, and who has said
    something about it since."""

    state: str
    finder: str
    answer_by: dt.date
    spoke: frozenset[str] = frozenset()

    def is_open_to(self, person: str, today: dt.date) -> bool:
        """Say whether a person of the unit may answer it on a day."""
        in_time = self.state == REPORTED and today <= self.answer_by
        return in_time and not persons.is_same(self.finder, person)


def entry_faults(
    standing: EntryStanding | None,
    listed: Collection[object],
    parts: Collection[str],
    person: str,
    *,
    found: bool,
) -> Iterator[Fault]:
    """Yield why a person records nothing about an entry: it is not on the sheet, counts no longer,
    was found about before, or is by somebody who had a part in it."""
    at = "/entry_id"
    if standing is None or standing.entry_id not in listed:
        yield Fault(at, "not-on-the-sheet", "It is not checked here.", "该记录不在核查表中。")
        return
    if standing.state not in COUNTED:
        yield Fault(at, "not-counted", "It counts no longer.", "该记录已不计入。")
    if found:
        yield Fault(at, "found-before", "There is a finding about it.", "该记录已有结论。")
    if persons.is_among(person, parts):
        en, zh = "You had a part in this entry.", "该记录曾由您本人办理。"
        yield Fault(at, "own-part", en, zh)


def check_answer(
    standing: Standing, answer: str, text: str | None, person: str, today: dt.date
) -> None:
    """Refuse a second answer, a late one, one by who found it, and an objection without its
    reason."""
    if standing.state != REPORTED:
        raise FindingMoved(
            f"It is {standing.state}.", "该条结论已答复或已决定。", state=standing.state
        )
    if persons.is_same(standing.finder, person):
        raise _own_finding()
    if today > standing.answer_by:
        by = standing.answer_by
        raise FindingMoved(f"It was to be answered by {by}.", f"答复期限为 {by}。", state=REPORTED)
    if answer == OBJECTED and text is None:
        raise _without_reason()


def check_decision(
    standing: Standing,
    parts: Collection[str],
    decision: str,
    text: str | None,
    person: str,
    today: dt.date,
) -> None:
    """Refuse a second decision, one before the unit was heard, one by who found it, spoke for the
    unit or had a part (`parts`) in the entry, and a dismissal without its reason."""
    if standing.state in DECISIONS:
        raise FindingMoved(f"It is {standing.state}.", "该条结论已决定。", state=standing.state)
    if persons.is_same(standing.finder, person):
        raise _own_finding()
    if persons.is_among(person, {*parts, *standing.spoke}):
        raise FindingBarred("You had a part in it.", "该事项曾由您本人办理。", cause="own-part")
    if standing.state == REPORTED and today <= standing.answer_by:
        by = standing.answer_by
        raise FindingMoved(
            f"The unit may answer until {by}.", f"单位可在 {by} 前答复。", state=REPORTED
        )
    if decision == DISMISSED and text is None:
        raise _without_reason()


def may_decide(standing: Standing, parts: Collection[str], person: str, today: dt.date) -> bool:
    """Say whether a person may decide on a finding that stands so."""
    heard = standing.state != REPORTED or today > standing.answer_by
    barred = persons.is_among(person, {standing.finder, *parts, *standing.spoke})
    return heard and standing.state in UNDECIDED and not barred


def _own_finding() -> FindingBarred:
    return FindingBarred("You found it.", "该条结论由您本人登记。", cause="own-finding")


def _without_reason() -> FindingRefused:
    fault = Fault("/text", "missing", "A reason is wanted.", "须说明理由。")
    return FindingRefused(fault.en, fault.zh, faults=[fault])
