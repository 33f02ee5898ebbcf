"""The notice of proposed results (公示): how long it runs, and what holds up a step.

Everybody may read it and object to it, and the next step of the approval chain waits until it has
ended and every objection is answered.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from chassis import persons
from chassis.deadlines import ONE_DAY, Calendar
from chassis.refusals import Conflict, Fault, Invalid, Missing

Shows = Literal["grades", "grades_and_ranks", "grades_ranks_and_totals"]
"""What is shown of a proposed result: which units have which grade, and more where it says so."""

Outcome = Literal["upheld", "rejected"]
"""What became of an objection that was answered."""


@dataclass(frozen=True, slots=True)
class NoticePolicy:
    """After which step of the approval chain results are shown, for how long, and what of them."""

    after: str = "review"
    working_days: int = 5
    shows: Shows = "grades"


class NoNoticeHere(Conflict):
    """The scheme has no notice, or not of an edition that stands where this one does."""

    zh = "方案未规定公示，或该版排名现不在应公示的环节。"
    remedy = (
        "Open it once the step is taken that the scheme's `notice.after` names.",
        "请在方案 `notice.after` 所列步骤办理之后开始公示。",
    )


class NoticeThere(Conflict):
    """This edition has been shown since its last step, or is being shown."""

    zh = "该版排名自上一步骤以来已经公示或正在公示。"
    remedy = (
        "Wait for its end and answer the objections; a new edition has a notice of its own.",
        "请待公示期满并答复异议；新版排名另行公示。",
    )


class NoticeMissing(Conflict):
    """The scheme has the result shown before this step, and no notice of it stands."""

    zh = "按方案，办理该步骤前应当公示，尚未公示或公示已被取代。"
    remedy = ("Have the performance office open the notice.", "请绩效办先行公示。")


class NoticeOpen(Conflict):
    """The notice of this edition still runs."""

    zh = "该版排名的公示期未满。"
    remedy = ("Wait until the day after `closes_on`.", "请待 `closes_on` 之后办理。")


class ObjectionsUnanswered(Conflict):
    """Objections to the notice of this edition, or to a former one of its category, wait for an
    answer."""

    zh = "对该版公示或该类别此前公示的异议尚未全部答复。"
    remedy = (
        "Have each answered by somebody whose unit is not assessed in the category.",
        "请由不在该类别参评的单位人员逐件答复。",
    )


class ObjectionUpheld(Conflict):
    """An objection to the notice of this edition was upheld: it is not decided as it was shown."""

    zh = "对该版公示的异议已有成立的，不得按原公示内容办理。"
    remedy = (
        "Have what was wrong corrected, and compute a new edition, which is shown again.",
        "请更正后重新计算排名，并对新版重新公示。",
    )


class UpheldWithoutChange(Conflict):
    """An objection was upheld against an edition that says the same, and no reason is given."""

    zh = "对另一版公示的异议成立，而该版排名结果与其完全相同，须说明未作改变的理由。"
    remedy = (
        "Have what was wrong corrected and compute a new edition; or say in `unchanged_because`, "
        "for everybody to read, why nothing changes.",
        "请更正后重新计算排名；确无改变的，请在 `unchanged_because` 中说明理由，随公示公开。",
    )


class NothingUpheldBefore(Conflict):
    """A reason is given why nothing changed, and no objection asks for one."""

    zh = "没有须说明未作改变理由的成立异议。"
    remedy = ("Leave `unchanged_because` out.", "请不填 `unchanged_because`。")


class NoSuchNotice(Missing):
    """The cycle has no notice of this number."""

    zh = "本评估年度没有该编号的公示。"
    remedy = ("Look the number up in the list of notices.", "请在公示清单中查对编号。")


class NoticeOver(Conflict):
    """The time for objections to this notice is over, or another has taken its place."""

    zh = "该公示已期满，或已由新的公示取代。"
    remedy = (
        "Read the notices of the cycle for one that runs.",
        "请在公示清单中查看是否有正在进行的公示。",
    )


class ObjectionFaulty(Invalid):
    """The objection, or what is said of it, cannot be taken as it is."""

    zh = "异议或对异议的答复有误，未予受理。"
    remedy = ("Correct what `errors` names.", "请按 `errors` 更正。")


class OwnObjection(Conflict):
    """Nobody answers an objection that the same person or the same unit filed."""

    zh = "不得答复本人或本单位提出的异议。"
    remedy = ("Have it answered by somebody else.", "请由他人答复。")


class NoSuchNoticeObjection(Missing):
    """There is no objection of this number and token."""

    zh = "没有与该编号和查询码相符的异议。"
    remedy = (
        "Copy number and token as they were given when it was filed.",
        "请按提出时给出的编号和查询码填写。",
    )


class NoticeObjectionSettled(Conflict):
    """This objection was answered, or taken back before."""

    zh = "该异议已答复或已撤回。"
    remedy = ("Read what became of it.", "请查阅该异议的办理情况。")


class NoNoticeContact(Missing):
    """Nothing is kept by which whoever filed this objection could be reached."""

    zh = "没有可用的联系方式：异议人未留，或已到期销毁。"
    remedy = (
        "Answer it: who filed it reads the answer by number and token.",
        "请直接答复：异议人可凭编号和查询码查询。",
    )


class NoticeContactsNotErased(Conflict):
    """No contacts are taken here now: some whose time is over have not been erased."""

    zh = "目前不接收联系方式：有到期的联系方式尚未销毁。"
    remedy = (
        "File it without `contact`, and follow the answer by number and token.",
        "请不填 `contact`，凭编号和查询码查询答复。",
    )


KEPT_AFTER = dt.timedelta(days=30)
"""So long after an objection was answered a contact is kept."""

KEPT_AT_MOST = dt.timedelta(days=365)
"""So long after it was given, whatever has become of the objection."""

ERASED_WITHIN = dt.timedelta(days=7)
"""So long a contact may be there whose time is over; from then on no more are taken."""


def kept_until(
    given_at: dt.datetime, answered_at: dt.datetime | None, withdrawn_at: dt.datetime | None
) -> dt.datetime:
    """Return when the time of a contact is over: a while after the answer, at once where the
    objection was taken back, and a year after it was given in any case."""
    ends = [given_at + KEPT_AT_MOST]
    if answered_at is not None:
        ends.append(answered_at + KEPT_AFTER)
    if withdrawn_at is not None:
        ends.append(withdrawn_at)
    return min(ends)


def refuse_settled(*, answered: bool, withdrawn: bool) -> None:
    """Refuse to take back what was answered, or taken back before."""
    if answered or withdrawn:
        word, zh = ("answered", "已答复") if answered else ("taken back", "已撤回")
        raise NoticeObjectionSettled(f"It was {word}.", f"该异议{zh}。")


def last_day(calendar: Calendar, opened_on: dt.date, working_days: int) -> dt.date:
    """Return the last day on which objections are taken; the day of its opening is not counted."""
    return calendar.after(opened_on, working_days)


def end_of(day: dt.date, time_zone: str) -> dt.datetime:
    """Return the moment at which a day ends in a time zone."""
    then = day + ONE_DAY
    zone = ZoneInfo(time_zone)
    return dt.datetime(then.year, then.month, then.day, tzinfo=zone).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class StandingNotice:
    """A notice of an edition: how many steps the edition had taken when it was opened, until when
    it runs, and the outcomes of the objections to it, null where one waits for an answer.

    `before` are the objections that wait of each former notice of the category: a notice that takes
    the place of another does not answer for it. `upheld_before` are those to former notices of the
    same edition that were upheld: shown again, it is shown with what they found wrong. So are those
    to other editions that say the same, but for what this notice gives a reason about.
    `replaced_by` is the notice of the category that took its place, from when on nobody could
    object to this one.
    """

    notice: int
    steps: int
    closes_on: dt.date
    closes_at: dt.datetime
    outcomes: Mapping[str, Outcome | None]
    before: Mapping[int, Sequence[str]] = field(default_factory=dict)
    upheld_before: Sequence[str] = ()
    replaced_by: int | None = None

    def holds(self, steps: int) -> bool:
        """Say whether it stands for an edition that took so many steps: it was opened since the
        last of them, and no other has taken its place."""
        return self.steps == steps and self.replaced_by is None

    @property
    def unanswered(self) -> tuple[int, list[str]] | None:
        """The oldest notice to which objections wait, with their numbers; None where none does."""
        own = [number for number, outcome in self.outcomes.items() if outcome is None]
        found = {**self.before, self.notice: own}
        oldest = min((notice for notice, waiting in found.items() if waiting), default=None)
        return None if oldest is None else (oldest, sorted(found[oldest]))


def is_due(policy: NoticePolicy | None, last_step: str | None) -> bool:
    """Say whether an edition whose last step is this one is to be shown before its next."""
    return policy is not None and last_step == policy.after


def refuse_unnoticed(newest: StandingNotice | None, steps: int, moment: dt.datetime) -> None:
    """Refuse the next step of an edition that took so many steps and is to be shown: before its
    notice has ended, while an objection to it or to a former one waits, and once one was upheld.

    What was shown before the edition's last step was shown of another round, and counts nothing;
    nor does what was shown until a notice of another edition took its place: nobody could object
    to it any more, and what is objected to the other is not told of this one.
    """
    newest = _shown(newest, steps)
    if moment < newest.closes_at:
        raise NoticeOpen(
            f"It runs until {newest.closes_on}.",
            f"公示至{newest.closes_on}。",
            notice=newest.notice,
            closes_on=newest.closes_on.isoformat(),
        )
    if newest.unanswered is not None:
        notice, waiting = newest.unanswered
        raise ObjectionsUnanswered(
            f"{len(waiting)} objection(s) to notice {notice} wait.",
            f"对第{notice}号公示的异议尚有 {len(waiting)} 件未答复。",
            notice=notice,
            objections=waiting[:_TOLD],
            count=len(waiting),
        )
    own = (number for number, each in newest.outcomes.items() if each == "upheld")
    upheld = sorted({*own, *newest.upheld_before})
    if upheld:
        raise ObjectionUpheld(
            f"{len(upheld)} objection(s) were upheld.",
            f"有 {len(upheld)} 件异议成立。",
            notice=newest.notice,
            objections=upheld[:_TOLD],
            count=len(upheld),
        )


def _shown(newest: StandingNotice | None, steps: int) -> StandingNotice:
    """Return the notice of an edition that took so many steps, or refuse where it has none that
    stands for it."""
    if newest is None or newest.steps != steps:
        raise NoticeMissing("Nobody has opened it.", "尚未开始公示。")
    if newest.replaced_by is not None:
        raise NoticeMissing(
            f"Notice {newest.replaced_by} took the place of notice {newest.notice}.",
            f"第{newest.notice}号公示已由第{newest.replaced_by}号公示取代，须重新公示。",
            notice=newest.notice,
            replaced_by=newest.replaced_by,
        )
    return newest


def refuse_unexplained(upheld: Collection[str], unchanged_because: str | None) -> None:
    """Refuse to show, without saying why, what says the same as another edition against which
    these objections were upheld; refuse a reason where there are none."""
    if upheld and unchanged_because is None:
        raise UpheldWithoutChange(
            f"{len(upheld)} objection(s) were upheld, and nothing is changed.",
            f"有 {len(upheld)} 件异议成立，结果未作改变。",
            objections=sorted(upheld)[:_TOLD],
            count=len(upheld),
        )
    if unchanged_because is not None and not upheld:
        raise NothingUpheldBefore("No objection asks for a reason.", "无须说明理由。")


_TOLD = 100
"""How many numbers a refusal names at most."""


def about_faults(about: str | None, shown: Collection[str]) -> list[Fault]:
    """Return what is wrong with the unit that an objection is about."""
    if about is None or about in shown:
        return []
    en, zh = f"{about} is not in the notice.", f"公示中没有单位{about}。"
    return [Fault("/about", "not-in-the-notice", en, zh)]


def correction_faults(
    named: Sequence[str], known: Mapping[str, tuple[str, str]], units: Collection[str], outcome: str
) -> list[Fault]:
    """Return what is wrong with the corrections that are linked to an answer.

    `known` gives the unit and the state of each correction of the record by its id.
    """
    found = list[Fault]()
    for place, each in enumerate(named):
        unit, state = known.get(each, ("", ""))
        at = f"/corrections/{place}"
        if outcome != "upheld":
            en, zh = "Nothing is corrected by what is rejected.", "不成立的异议没有更正。"
            found.append(Fault(at, "not-wanted", en, zh))
        elif each not in known:
            en, zh = "There is no such correction.", "没有该项更正。"
            found.append(Fault(at, "unknown-correction", en, zh))
        elif unit not in units:
            en, zh = f"It is about {unit}.", f"该项更正涉及单位{unit}。"
            found.append(Fault(at, "another-category", en, zh))
        elif state == "refused":
            en, zh = "It was refused.", "该项更正未获批准。"
            found.append(Fault(at, "correction-refused", en, zh))
    return found


def refuse_faulty(faults: Sequence[Fault]) -> None:
    """Refuse an objection or an answer that has faults."""
    if faults:
        raise ObjectionFaulty(faults[0].en, faults[0].zh, faults=faults)


def refuse_own(
    filed: Iterable[tuple[str | None, str | None]], person: str, unit: str | None
) -> None:
    """Refuse whoever filed one of these objections, or is of a unit that did; each is told by its
    unit and its person."""
    for of_unit, by in filed:
        if persons.is_same(by, person) or (unit is not None and unit == of_unit):
            raise OwnObjection("The caller or the caller's unit filed it.", "由本人或本单位提出。")


def answered_faults(
    named: Sequence[str],
    known: Collection[str],
    answered: Collection[str],
    withdrawn: Collection[str],
) -> list[Fault]:
    """Return which of the named objections cannot be answered: unknown to the notice, answered
    before, taken back, or named twice."""
    found = list[Fault]()
    if not named:
        found.append(Fault("/references", "missing", "None is named.", "没有列明异议。"))
    for place, each in enumerate(named):
        at = f"/references/{place}"
        if each in named[:place]:
            found.append(Fault(at, "named-twice", "It is named before.", "重复列出。"))
        elif each not in known:
            en, zh = "The notice has no such objection.", "该公示没有该编号的异议。"
            found.append(Fault(at, "unknown-objection", en, zh))
        elif each in answered:
            found.append(Fault(at, "answered-before", "It was answered.", "已经答复。"))
        elif each in withdrawn:
            found.append(Fault(at, "taken-back", "It was taken back.", "已经撤回。"))
    return found
