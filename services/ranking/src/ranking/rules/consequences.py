"""What results lead to (结果运用): proposed by the system or by people, and decided by people.

Nothing follows by itself. One person proposes, another of the committee decides, and what was
decided is carried out, or revoked again by two.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid, Missing
from ranking.rules.lineage import Forebear

ConsequenceKind = Literal[
    "commendation",
    "fault_notice",
    "public_criticism",
    "admonition_talk",
    "rectification_report",
    "award_ban",
    "title",
    "bonus_coefficient",
    "headcount_quota",
    "negative_case",
]
"""A commendation (表彰), a notice of fault (告诫书), public criticism (通报批评), an admonition
talk (诫勉谈话), a rectification report (整改报告), a ban on awards (取消评先评优资格), a title
(荣誉称号), a bonus coefficient (奖金系数), a quota of excellent people
(优秀等次名额) or a negative case that is published (反面典型)."""

Cause = Literal["release", "veto", "indicator", "objection", "item", "other"]
"""What a consequence follows from: a release, a veto, how an indicator stands, an objection that
was decided, a supervised item, or something else that its document says."""

AWARDS: frozenset[str] = frozenset({"commendation", "title"})
"""What a unit gets only while no ban on awards is in force."""

WITH_AMOUNT: frozenset[str] = frozenset({"bonus_coefficient", "headcount_quota"})
"""What says how much it is."""

WITH_AN_END: frozenset[str] = frozenset({"award_ban", "rectification_report"})
"""What has a last day."""

HEARD_FIRST: frozenset[str] = frozenset({"negative_case"})
"""What is decided only once the unit was heard: it knows of it from the beginning."""

NAMED: frozenset[str] = frozenset({"title", "negative_case"})
"""What has a name."""

ConsequenceState = Literal[
    "proposed", "heard", "refused", "decided", "carried_out", "revoking", "revoked"
]

MOVES: Mapping[tuple[ConsequenceState, ConsequenceState], str] = {
    ("proposed", "decided"): "another person of the committee decides on it",
    ("proposed", "refused"): "another person of the committee refuses it, with a reason",
    ("proposed", "heard"): "the unit says what it has to say, where that is wanted first",
    ("heard", "decided"): "another person of the committee decides on it",
    ("heard", "refused"): "another person of the committee refuses it, with a reason",
    ("decided", "carried_out"): "the office says that it was carried out, with its document, or "
    "the supervised item of the report was closed",
    ("decided", "decided"): "the supervised item of the report was opened, or moved",
    ("carried_out", "decided"): "the supervised item of the report was reopened",
    ("decided", "revoking"): "somebody asks to revoke it, with a reason",
    ("carried_out", "revoking"): "somebody asks to revoke it, with a reason",
    ("revoking", "revoked"): "another person of the committee confirms",
    ("revoking", "decided"): "another person of the committee refuses, with a reason",
    ("revoking", "carried_out"): "the same, where it had been carried out before",
    ("revoked", "revoked"): "the office says that money that was paid came back",
}
"""Every step of a consequence, and what makes it. What is not here cannot happen."""

WAITING: Collection[ConsequenceState] = ("proposed", "heard", "revoking")
"""The states in which another person decides."""

IN_FORCE: Collection[ConsequenceState] = ("decided", "carried_out", "revoking")
"""The states in which it holds."""

TOLD: Collection[ConsequenceState] = (*IN_FORCE, "revoked")
"""The states in which the unit that it is about knows of it."""

STATE_ZH: Mapping[ConsequenceState, str] = {
    "proposed": "待决定",
    "heard": "已听取意见，待决定",
    "refused": "未予采纳",
    "decided": "已决定",
    "carried_out": "已执行",
    "revoking": "待决定撤销",
    "revoked": "已撤销",
}

LONGEST = 731
"""For how many days a consequence may have effect: two years."""


@dataclass(frozen=True, slots=True)
class GradeConsequence:
    """What a grade leads to by the scheme: for so many months where it has an end, and how much
    where it is a coefficient or a quota; `name` is what people call a title."""

    grade: str
    kind: ConsequenceKind
    name: str | None = None
    months: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ConsequencePolicy:
    """What grades lead to, and what must differ at least in a distribution that is not flat."""

    by_grade: tuple[GradeConsequence, ...] = ()
    flat_below: Decimal = field(default=Decimal("0.1"))


class ConsequenceFaulty(Invalid):
    """The consequence, or what is said of it, cannot be taken as it is."""

    zh = "结果运用事项或其办理、测算内容有误，未予受理。"
    remedy = ("Correct what `errors` names.", "请按 `errors` 更正。")


class NoConsequencesHere(Conflict):
    """The scheme says nothing of what grades lead to."""

    zh = "方案未规定结果运用。"
    remedy = (
        "Propose single consequences, or publish a scheme with `consequences`.",
        "请逐项提出，或公布写有 `consequences` 的方案。",
    )


class BannedUntil(Conflict):
    """A ban on awards of this unit is in force."""

    zh = "该单位在取消评先评优资格期间。"
    remedy = (
        "Propose it for a day after `until`, or have the ban revoked.",
        "请在 `until` 之后提出，或先撤销该决定。",
    )


class TitleBarred(Conflict):
    """A veto that counts against this unit bars it from the title."""

    zh = "该单位因一票否决，不得推荐参评该荣誉。"
    remedy = (
        "Name another title, or have the veto lifted.",
        "请另定荣誉称号，或先解除该一票否决。",
    )


class ProposedBefore(Conflict):
    """The same was proposed of this unit before, and was not refused or revoked."""

    zh = "已对该单位提出同一事项，且未被否决或撤销。"
    remedy = ("Look up what `number` names.", "请查看 `number` 所指事项。")


class NoSuchConsequence(Missing):
    """The cycle has no consequence of this number."""

    zh = "本评估年度没有该编号的结果运用事项。"
    remedy = ("Look the number up in the list of consequences.", "请在结果运用清单中查对编号。")


class ConsequenceNotOpen(Conflict):
    """The consequence is not in the state that this step starts from."""

    zh = "该结果运用事项不处于该步骤的起始状态。"
    remedy = (
        "Read it: it has been decided, carried out or revoked meanwhile, or is still to be.",
        "请查看其状态：可能已经决定、执行或撤销，或尚待办理。",
    )


class OwnConsequence(Conflict):
    """Another person than the one who asked for it has to decide."""

    zh = "须由提出人以外的另一人决定。"
    remedy = ("Have it decided by another person.", "请由另一人决定。")


class UnitNotHeard(Conflict):
    """The unit is heard before this is decided."""

    zh = "须先听取该单位意见，方可作出决定。"
    remedy = (
        "Let the unit say what it has to say (`…/hearing`), or record by which document it was "
        "asked.",
        "请由该单位陈述意见（`…/hearing`），或登记征求意见的文件。",
    )


class DecisionNeedsReason(Invalid):
    """Who refuses says why."""

    zh = "不予采纳须说明理由。"
    remedy = ("Say why in `reason`.", "请在 `reason` 中说明理由。")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A consequence of a unit: from a day on, until another with it, or without end."""

    unit: str
    kind: ConsequenceKind
    from_on: date
    until_on: date | None
    name: str | None = None
    amount: Decimal | None = None


def holds_on(said: Proposed, day: date) -> bool:
    """Say whether a consequence that is in force has effect on a day."""
    return said.from_on <= day <= (said.until_on or date.max)


def proposal_faults(said: Proposed, year: int) -> list[Fault]:
    """Return what is wrong with a consequence that people propose in the cycle of a year."""
    found = [*first_day_faults(said.from_on, year)]
    found += _term_faults(said.kind, said.from_on, said.until_on)
    if (said.kind in WITH_AMOUNT) != (said.amount is not None):
        code = "not-wanted" if said.amount is not None else "missing"
        en, zh = "Coefficients and quotas alone have one.", "只有系数和名额须填写数额。"
        found.append(Fault("/amount", code, en, zh))
    if said.kind == "headcount_quota" and said.amount is not None and said.amount > 1:
        en, zh = "It is above all of a unit's people.", "名额比例超过百分之百。"
        found.append(Fault("/amount", "quota-above-one", en, zh))
    if said.kind in NAMED and said.name is None:
        found.append(Fault("/name", "missing", "It needs a name.", "须写明名称。"))
    if said.kind not in AWARDS | NAMED and said.name is not None:
        en, zh = "Awards and negative cases alone have one.", "只有奖项、反面典型须填写名称。"
        found.append(Fault("/name", "not-wanted", en, zh))
    return found


def first_day_faults(first: date, year: int) -> list[Fault]:
    """Return what is wrong with the day from which something of the cycle of a year holds: in that
    year or one of the three after it."""
    if year <= first.year <= year + _YEARS:
        return []
    en = f"It is not from {year} to {year + _YEARS}."
    return [Fault("/from_on", "out-of-reach", en, f"不在{year}年至{year + _YEARS}年之内。")]


_YEARS = 3


def _term_faults(kind: ConsequenceKind, first: date, last: date | None) -> list[Fault]:
    at, found = "/until_on", list[Fault]()
    if last is None and kind in WITH_AN_END:
        found.append(Fault(at, "missing", "It needs a last day.", "须有截止日期。"))
    if last is not None and last < first:
        found.append(Fault(at, "before-it-begins", "It ends before.", "早于起始日期。"))
    if last is not None and last - first > timedelta(LONGEST):
        en, zh = "It has effect for more than two years.", "期限超过两年。"
        found.append(Fault(at, "too-long", en, zh))
    return found


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban on awards of a unit, in force from one day until another with it.

    One by a `veto` is on a single `title`, and where the veto does not expire without an end.
    `of_unit` is the unit that it was decided about, where this one goes on from that.
    """

    unit: str
    from_on: date
    until_on: date | None
    title: str | None = None
    veto: str | None = None
    of_unit: str | None = None

    def stands_against(self, said: Proposed, today: date) -> bool:
        """Say whether it bans an award of its unit on any day on which that is given or holds.

        An award without an end holds for good where it is a title; a commendation is given once,
        on its day or, dated back, today.
        """
        if self.unit != said.unit or said.kind not in AWARDS or not self._concerns(said.name):
            return False
        given = max(said.from_on, today) if said.kind == "commendation" else date.max
        last = said.until_on or given
        return said.from_on <= (self.until_on or date.max) and self.from_on <= last

    @property
    def by_lineage(self) -> tuple[str, str]:
        """What is said of whom it was decided about, in English and Chinese; mostly nothing."""
        if self.of_unit is None:
            return "", ""
        return f" of {self.of_unit}, which it goes on from,", f"所承继单位{self.of_unit}的"

    @property
    def named(self) -> dict[str, Any]:
        """The unit that it was decided about, for a refusal to name, where that is another."""
        return {} if self.of_unit is None else {"of_unit": self.of_unit}

    def _concerns(self, name: str | None) -> bool:
        """Say whether an award is of this name: all are where the ban is on all, and one that has
        the name of a barred title in its own, however it is spelled, is that title."""
        return self.title is None or (name is not None and _spelled(self.title) in _spelled(name))


def carried_bans(
    unit: str, decided: Iterable[Ban], before: Iterable[Forebear], present: Collection[str]
) -> Iterator[Ban]:
    """Yield the bans of a unit: those decided about it, and those of each unit that it goes on from
    that were in force when it did, or that are of one of which nothing is left."""
    left = {each.unit: each.left_on for each in before}
    for ban in decided:
        if ban.unit == unit:
            yield ban
        elif ban.unit in left and (ban.from_on <= left[ban.unit] or ban.unit not in present):
            yield replace(ban, unit=unit, of_unit=ban.unit)


def _spelled(name: str) -> str:
    """Return a name without blanks, quotes and brackets, in one width of letters."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def ban_on(said: Proposed, bans: Iterable[Ban], today: date) -> Ban | None:
    """Return the ban that stands against an award, the longest."""
    standing = [each for each in bans if each.stands_against(said, today)]
    return max(standing, key=lambda each: each.until_on or date.max, default=None)


def refuse_banned(said: Proposed, bans: Iterable[Ban], today: date) -> None:
    """Refuse an award of a unit against which a ban is in force on a day of the award."""
    ban = ban_on(said, bans, today)
    if ban is not None and ban.veto is not None:
        raise TitleBarred(
            f"Veto {ban.veto}{ban.by_lineage[0]} bars {ban.unit} from it.",
            f"{ban.unit}因{ban.by_lineage[1]}一票否决{ban.veto}，不得推荐参评“{ban.title}”。",
            unit=ban.unit,
            veto=ban.veto,
            **ban.named,
        )
    if ban is not None:
        raise BannedUntil(
            f"Until {ban.until_on} {ban.unit} gets no award: the ban{ban.by_lineage[0]} holds."
            if ban.of_unit
            else f"Until {ban.until_on} {ban.unit} gets no award.",
            f"{ban.unit}在{ban.until_on}之前不得评先评优"
            f"{f'，系{ban.by_lineage[1]}禁止期' if ban.of_unit else ''}。",
            unit=ban.unit,
            until=str(ban.until_on),
            **ban.named,
        )


def follows(
    policy: ConsequencePolicy, grades: Mapping[str, str | None], day: date
) -> list[Proposed]:
    """Return what the grades of units lead to by the scheme, from a day on."""
    return [
        Proposed(unit, rule.kind, day, _until(day, rule.months), rule.name, rule.amount)
        for unit, grade in grades.items()
        for rule in policy.by_grade
        if rule.grade == grade
    ]


def _until(day: date, months: int | None) -> date | None:
    """Return the last day of so many months from a day on."""
    if months is None:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return min(first + timedelta(day.day - 1), last + timedelta(1)) - timedelta(1)


@dataclass(frozen=True, slots=True)
class Recovery:
    """What of a bonus that was paid has to come back, because what it was paid for was revoked."""

    paid: Decimal
    recovered: Decimal

    @property
    def open(self) -> Decimal:
        """What has not come back yet."""
        return self.paid - self.recovered


def recovery_of(
    steps: Iterable[tuple[ConsequenceState, Decimal | None]],
) -> Recovery | None:
    """Return what has to come back by the steps of a consequence, each with the money that it tells
    of; None where nothing was paid, or what was paid for holds.

    It is what was paid when it was carried out, to the cent. What comes back counts once it was
    revoked.
    """
    told = [(state, money) for state, money in steps]
    paid = [money for state, money in told if state == "carried_out" and money is not None]
    if not paid or told[-1][0] != "revoked":
        return None
    came = (money for state, money in told if state == "revoked" and money is not None)
    return Recovery(paid[0], sum(came, Decimal(0)))


def paid_faults(kind: ConsequenceKind, paid: Decimal | None) -> list[Fault]:
    """Return what is wrong with the money that is said to have been paid."""
    if paid is None:
        return []
    if kind != "bonus_coefficient":
        return [Fault("/paid", "not-wanted", "Only a bonus is paid.", "只有奖金须填写金额。")]
    return _cents("/paid", paid)


def recovery_faults(recovery: Recovery | None, amount: Decimal) -> list[Fault]:
    """Return what is wrong with money that is said to have come back: never more than was paid."""
    at = "/amount"
    if recovery is None:
        en, zh = "Nothing that was paid is to come back.", "没有应追回的款项。"
        return [Fault(at, "nothing-to-recover", en, zh)]
    if amount > recovery.open:
        en, zh = f"{recovery.open} is to come back.", f"应追回的余额为 {recovery.open}。"
        return [Fault(at, "more-than-open", en, zh)]
    return _cents(at, amount)


def _cents(at: str, money: Decimal) -> list[Fault]:
    if money == money.quantize(Decimal("0.01")):
        return []
    return [Fault(at, "no-cents", "Money has two decimals.", "金额至多两位小数。")]


Key = tuple[str, str, str | None, Decimal | None, int | None]
"""What makes a consequence of a release the same in the next one."""


def key_of(said: Proposed) -> Key:
    """Return what two releases call the same consequence by: unit, kind, name, amount and for how
    many months it is, from whichever day."""
    first, last = said.from_on, said.until_on
    terms = (n for n in range(1, _MOST_MONTHS + 1) if _until(first, n) == last)
    return said.unit, said.kind, said.name, said.amount, next(terms, None)


_MOST_MONTHS = 24
"""For how many months a grade leads to something at most: two years."""


def taken_back(before: Mapping[int, Proposed], now: Iterable[Proposed]) -> list[int]:
    """Return which consequences of the former releases do not follow from the newest any more."""
    kept = {key_of(each) for each in now}
    return sorted(number for number, each in before.items() if key_of(each) not in kept)


Word = Literal["confirm", "refuse"]


def decided(
    state: ConsequenceState,
    word: Word,
    reason: str | None,
    asked_by: str,
    person: str,
    before: ConsequenceState = "proposed",
) -> ConsequenceState:
    """Return what a consequence becomes by a decision of another person than who asked for it; one
    that is not revoked is what it was `before` that was asked."""
    if state not in WAITING:
        raise not_open(state)
    if persons.is_same(asked_by, person):
        raise OwnConsequence("The same person asked for it.", "系同一人提出。")
    if word == "refuse" and reason is None:
        raise DecisionNeedsReason("A refusal needs a reason.", "不予采纳须说明理由。")
    if state in ("proposed", "heard"):
        return "decided" if word == "confirm" else "refused"
    return "revoked" if word == "confirm" else before


def is_decidable(kind: ConsequenceKind, state: ConsequenceState) -> bool:
    """Say whether another person decides on it now."""
    return state in WAITING and not (kind in HEARD_FIRST and state == "proposed")


def refuse_unheard(kind: ConsequenceKind, state: ConsequenceState) -> None:
    """Refuse to decide what the unit has not been heard about."""
    if kind in HEARD_FIRST and state == "proposed":
        raise UnitNotHeard("It has said nothing yet.", "尚未听取该单位意见。")


def heard(kind: ConsequenceKind, state: ConsequenceState) -> ConsequenceState:
    """Return that a unit was heard, where that comes first and has not been."""
    if kind not in HEARD_FIRST or state != "proposed":
        raise not_open(state)
    return "heard"


def moved(state: ConsequenceState, to: ConsequenceState) -> ConsequenceState:
    """Return the state that is asked for, where there is such a step without a decision."""
    if state in WAITING or (state, to) not in MOVES:
        raise not_open(state)
    return to


@dataclass(frozen=True, slots=True)
class SeenItem:
    """The supervised item that was opened for a report: how it stood, and the state of the report
    by that."""

    item_id: str | None
    state: str | None
    then: ConsequenceState


def followed(
    state: ConsequenceState, seen: SeenItem | None, item_id: str, item_state: str
) -> ConsequenceState | None:
    """Return the state of a report now that its item stands so; None where that says nothing new.

    What was carried out by another item stays so, and nothing follows while its revocation waits.
    """
    by_item = seen is not None and seen.then == "carried_out"
    if state != "decided" and not (state == "carried_out" and by_item):
        return None
    if seen is not None and (seen.item_id, seen.state) == (item_id, item_state):
        return None
    return "carried_out" if item_state == ITEM_CLOSED else "decided"


ITEM_CLOSED = "closed"
"""The state of a supervised item by which its report was carried out."""


class ConsequenceOutdated(Conflict):
    """What grades lead to is proposed, and decided on, by the newest release of the category."""

    zh = "须以该类别最新公布的结果为准。"
    remedy = (
        "Propose from the newest release; refuse what follows from it no longer.",
        "请依据最新公布的结果提出；不再适用的不予采纳。",
    )


class ConsequenceCauseGone(Conflict):
    """What the consequence was proposed for does not stand any more."""

    zh = "所依据的事项已不成立。"
    remedy = (
        "Refuse it; propose another where something else leads to it.",
        "请不予采纳；另有依据的，重新提出。",
    )


def refuse_overtaken(*, follows_still: bool) -> None:
    """Refuse what rests on a release that another has replaced."""
    if not follows_still:
        raise ConsequenceOutdated("Another release says otherwise.", "已有新的公布结果。")


def not_open(state: ConsequenceState) -> ConsequenceNotOpen:
    """Return the refusal of a step that does not start from this state."""
    return ConsequenceNotOpen(f"It is {state}.", f"该事项{STATE_ZH[state]}。", state=state)


def refuse_faulty(faults: Sequence[Fault]) -> None:
    """Refuse a consequence that has faults."""
    if faults:
        raise ConsequenceFaulty(faults[0].en, faults[0].zh, faults=faults)
