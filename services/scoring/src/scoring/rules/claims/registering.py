"""The register of awards and titles (奖项、称号登记): what is taken into it, and who confirms it.

Every award goes into it, whether or not anybody claims points for it; nothing of it is scored.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid, pointer
from scoring.rules.claims.states import ClaimActor
from scoring.rules.ledger.writing import plain_item, plain_number
from scoring.rules.scheme.document import Scheme

AWARD_KINDS = AWARD, TITLE = "award", "title"

REGISTERED, CONFIRMED = "registered", "confirmed"
REJECTED, TAKEN_BACK = "rejected", "taken_back"
AWARD_STATES = (REGISTERED, CONFIRMED, REJECTED, TAKEN_BACK)

STANDING = (REGISTERED, CONFIRMED)
"""The states in which an award is one of those that its holders have."""

_OTHER = "another person of the office, who is of no unit that has it or competes with one that has"

TRANSITIONS: Mapping[tuple[str, str], str] = {
    (REGISTERED, CONFIRMED): f"{_OTHER}, confirms it",
    (REGISTERED, REJECTED): f"{_OTHER}, rejects it, with a reason",
    (REGISTERED, TAKEN_BACK): "who registered it takes it back with a reason",
    (CONFIRMED, REJECTED): "it is examined anew with a reason, as where it was revoked",
    (REJECTED, CONFIRMED): "it is examined anew with a reason",
}
"""Every transition while the ledger is open, and what makes it. No other can happen."""

STATES_ZH = {
    REGISTERED: "待确认",
    CONFIRMED: "已确认",
    REJECTED: "未予确认",
    TAKEN_BACK: "已撤回",
}


class AwardNotRegistered(Invalid):
    """The award cannot be taken into the register so; nothing was changed."""

    zh = "该奖项不能这样登记，未作任何变更。"
    remedy = (
        "Mend what `errors` names; of what stands in the register already read the list.",
        "请改正 `errors` 所指各处；已登记的请查看登记册。",
    )


class AwardRefused(Conflict):
    """The registered award cannot make this move; nothing was changed."""

    zh = "登记的奖项不能这样变更，未作任何变更。"
    remedy = (
        "Read the award again, and mend what `errors` says.",
        "请重新查看该奖项，按 `errors` 所指改正。",
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit that has an award, and the name that the document gives it, a body below it, or a
    person of it."""

    unit: str
    holder_name: str

    @property
    def key(self) -> tuple[str, str]:
        """What is equal for one holder, however its name is written."""
        return self.unit, plain_item(self.holder_name)


@dataclass(frozen=True, slots=True)
class GivenAward:
    """An award as somebody registers it, as far as it is judged."""

    name: str
    holders: Sequence[Holder]
    granted_by: str | None
    document_no: str
    document_date: dt.date
    awarded_on: dt.date
    in_own_name: bool
    priority: str | None


@dataclass(frozen=True, slots=True)
class AwardParties:
    """Whom a registered award concerns, and its state: they decide who may change it."""

    units: Sequence[str]
    author_person: str
    author_unit: str | None
    state: str


def is_outside(scheme: Scheme, *, in_own_name: bool, priority: str | None) -> bool:
    """Say whether an award was given in the own name of who evaluates and rests on none of the
    special priorities of the scheme: apart from those everything is to be part of the evaluation
    (评比表彰一律纳入考评)."""
    return in_own_name and priority not in priorities_of(scheme)


def priorities_of(scheme: Scheme) -> Collection[str]:
    """Return the codes of the special priorities that a scheme names."""
    return {each.code for each in scheme.inspections.priorities} if scheme.inspections else ()


def award_faults(
    given: GivenAward, scheme: Scheme, registered: Collection[str], today: dt.date
) -> Iterator[Fault]:
    """Yield what keeps an award out of the register, wherever it stands in what was sent."""
    yield from _holder_faults(given.holders, scheme)
    yield from _day_faults(given, scheme.assessment_year, today)
    if given.granted_by is not None and given.granted_by not in registered:
        en, zh = f"There is no unit {given.granted_by}.", f"没有单位 {given.granted_by}。"
        yield Fault(pointer("granted_by"), "unknown-unit", en, zh)
    if not plain_number(given.document_no):
        en, zh = "It has neither letter nor digit.", "文号须含文字或数字。"
        yield Fault(pointer("document_no"), "missing", en, zh)
    if given.priority is None:
        return
    if not given.in_own_name:
        en, zh = "It is of what is given in the own name.", "仅以本级名义授予的填写。"
        yield Fault(pointer("priority"), "not-wanted", en, zh)
    elif given.priority not in priorities_of(scheme):
        en = f"The scheme has no special priority {given.priority}."
        zh = f"方案中没有专项重点工作 {given.priority}。"
        yield Fault(pointer("priority"), "unknown-priority", en, zh)


def _holder_faults(holders: Sequence[Holder], scheme: Scheme) -> Iterator[Fault]:
    """Yield holders that the scheme assesses no unit for, or that are named twice, and those that
    another body decides about than about the first."""
    known, bodies = scheme.category_of(), [scheme.second_body_of(each.unit) for each in holders]
    for n, each in enumerate(holders):
        at = pointer("holders", n)
        if each.unit not in known:
            en, zh = f"The scheme assesses no unit {each.unit}.", f"方案中没有单位 {each.unit}。"
            yield Fault(f"{at}/unit", "unknown-unit", en, zh)
        if each.key in [other.key for other in holders[:n]]:
            en, zh = "This holder stands here twice.", "同一获得者重复。"
            yield Fault(at, "named-twice", en, zh)
        if bodies[n] != bodies[0]:
            en = f"Another body decides about {each.unit}: register its part by itself."
            zh = f"{each.unit} 由其他机构办理，请单独登记。"
            yield Fault(f"{at}/unit", "register-apart", en, zh)


def _day_faults(given: GivenAward, year: int, today: dt.date) -> Iterator[Fault]:
    first, last = dt.date(year - 1, 1, 1), min(today, dt.date(year, 12, 31))
    if not first <= given.awarded_on <= last:
        en, zh = f"Any day from {first} to {last}.", f"应在 {first} 至 {last} 之间。"
        yield Fault(pointer("awarded_on"), "day-outside", en, zh)
    if given.document_date > today:
        en, zh = f"It is dated after {today}.", f"落款日期晚于 {today}。"
        yield Fault(pointer("document_date"), "day-outside", en, zh)


def twice_faults(holders: Sequence[Holder], there: Collection[tuple[str, str]]) -> Iterator[Fault]:
    """Yield the holders whom the register has with this award of this document already."""
    for n, each in enumerate(holders):
        if each.key in there:
            en = f"{each.holder_name} of {each.unit} has this award of this document already."
            zh = f"{each.unit} 的“{each.holder_name}”已按该文件登记这一奖项。"
            yield Fault(pointer("holders", n), "registered-before", en, zh)


def refuse_to_register(faults: Sequence[Fault]) -> None:
    """Refuse to take an award into the register when there is any fault."""
    if faults:
        n = len(faults)
        raise AwardNotRegistered(f"{n} fault(s).", f"共{n}处错误。", faults=faults)


def confirming_faults(
    found: AwardParties, to: str, reason: str | None, actor: ClaimActor, scheme: Scheme
) -> Iterator[Fault]:
    """Yield what keeps somebody from confirming or rejecting a registered award."""
    yield from _move(found.state, to)
    if persons.is_same(actor.person, found.author_person):
        en = "The caller registered it; another person confirms it."
        yield Fault("", "own-registration", en, "由调用者本人登记，须由他人确认。")
    if actor.unit is not None and actor.unit in (found.author_unit, *found.units):
        en = "It is of the caller's own unit; somebody else confirms it."
        yield Fault("", "own-unit", en, "涉及调用者所在单位，应当回避。")
    elif _competes(found.units, scheme, actor.unit):
        en = "The caller's unit is assessed beside one that has it."
        yield Fault("", "competes", en, "调用者所在单位与获奖单位同类参评，应当回避。")
    if not actor.decides(scheme.second_body_of(found.units[0])):
        en, zh = "Another body decides about its units.", "所涉单位由方案指定的其他机构办理。"
        yield Fault("", "recused", en, zh)
    if reason is None and (to == REJECTED or found.state != REGISTERED):
        en, zh = "This decision needs a reason.", "该决定须写明理由。"
        yield Fault(pointer("reason"), "missing", en, zh)


def _competes(units: Collection[str], scheme: Scheme, own: str | None) -> bool:
    """Say whether a unit is assessed beside one of some units."""
    categories = (scheme.category_of().get(unit) for unit in units)
    return any(own in each.units for each in categories if each is not None)


def taking_back_faults(found: AwardParties, own: str | None) -> Iterator[Fault]:
    """Yield what keeps somebody of a unit, or of none, from taking a registered award back."""
    yield from _move(found.state, TAKEN_BACK)
    if found.author_unit != own:
        en, zh = "Somebody else registered it: reject it.", "由其他单位登记，请不予确认。"
        yield Fault("", "not-own", en, zh)


def _move(state: str, to: str) -> Iterator[Fault]:
    if (state, to) not in TRANSITIONS:
        zh = f"该奖项处于“{STATES_ZH[state]}”状态。"
        yield Fault("", "wrong-state", f"The award is {state}.", zh)


def refuse_if(faults: Sequence[Fault]) -> None:
    """Refuse the move when there is any fault."""
    if faults:
        n = len(faults)
        raise AwardRefused(f"{n} fault(s).", f"共{n}处不符。", faults=faults)
