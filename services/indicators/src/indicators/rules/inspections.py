"""Inspections (督查检查考核): what one may be for, how many a unit may have, and who hears of it.

What the scheme does not ask about is not inspected by itself: an inspection is for an indicator of
the units, or for one of the few special priorities of the scheme. What a law prescribes, and what
an emergency makes necessary, is registered with its basis and counts against no limit.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Fault, Invalid, pointer
from indicators.rules.policies import MOST_PRIORITIES, InspectionPolicy
from indicators.rules.scheme import Scheme

TRACKING, ON_SITE, UNANNOUNCED = "tracking_evaluation", "on_site_verification", "unannounced_visit"
STATUTORY, EMERGENCY = "statutory", "emergency"

KINDS = (TRACKING, ON_SITE, UNANNOUNCED, STATUTORY, EMERGENCY)
"""跟踪评估、察访核验、明察暗访；法定检查、应急检查."""

WITH_BASIS = (STATUTORY, EMERGENCY)
"""Those that need no indicator but a basis, and count against no limit."""


class InspectionsFaulty(Invalid):
    """Some inspections rest on nothing that the scheme asks about, are too many, or cannot be."""

    zh = "部分督查检查没有方案依据、次数超限，或内容有误。"
    remedy = (
        "Mend the inspections that `errors` names by the scheme in force, join or cancel what is "
        "too much, and send all of them again.",
        "请对照现行方案改正 `errors` 所指各项，超限的予以合并或取消，然后整批重新提交。",
    )


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection: who inspects which units, from which day to which, and what for."""

    code: str
    kind: str
    body: str
    units: Sequence[str]
    starts_on: dt.date
    ends_on: dt.date
    indicators: Sequence[str] = ()
    priority: str | None = None
    basis: str | None = None
    is_cancelled: bool = False

    @property
    def counts(self) -> bool:
        """Say whether it counts against the limits of a unit."""
        return self.kind not in WITH_BASIS and not self.is_cancelled

    def is_told(self, day: dt.date) -> bool:
        """Say whether the units that it is about hear of it on a day."""
        return self.kind != UNANNOUNCED or day > self.ends_on


def priority_faults(scheme: Scheme) -> Iterator[Fault]:
    """Yield special priorities that are named twice, and those beyond the tenth."""
    named = scheme.inspections.priorities if scheme.inspections else ()
    at = pointer("inspections", "priorities")
    for n, each in enumerate(named):
        if each.code in [other.code for other in named[:n]]:
            en, zh = f"{each.code} is listed before.", f"{each.code} 重复列出。"
            yield Fault(f"{at}/{n}/code", "named-twice", en, zh)
    if len(named) > MOST_PRIORITIES:
        yield Fault(
            at,
            "too-many",
            f"There are at most {MOST_PRIORITIES} special priorities.",
            f"专项重点工作不超过 {MOST_PRIORITIES} 项。",
        )


def check_inspections(
    given: Sequence[Inspection],
    known: Mapping[str, Inspection],
    scheme: Scheme,
    registered: Collection[str],
    today: dt.date,
) -> None:
    """Refuse inspections that rest on nothing, name what there is not, or are one too many for a
    unit; `known` are those that there are, which the `given` ones with the same code replace. One
    that has begun is neither moved nor called off: it stays in the limit of its units."""
    policy = scheme.inspections or InspectionPolicy()
    measured, rivals = _measured(scheme), _rivals(scheme)
    faults: list[Fault] = []
    stay = {code: each for code, each in known.items() if code not in {e.code for e in given}}
    counted = Counter(_times(stay.values()))
    seen: set[str] = set()
    for n, each in enumerate(given):
        at = pointer("inspections", n)
        if each.code in seen:
            en, zh = "This inspection stands here twice.", "同一督查检查重复。"
            faults.append(Fault(f"{at}/inspection", "named-twice", en, zh, beside=True))
        seen.add(each.code)
        faults += _parties(each, rivals, registered, at)
        faults += _days(each, scheme.assessment_year, at)
        faults += _reason(each, policy, measured, at)
        faults += _begun(each, known.get(each.code), today, at)
        counted.update(_times([each]))
        faults += _too_many(each, policy, counted, at)
    if faults:
        n = len(faults)
        raise InspectionsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _begun(each: Inspection, before: Inspection | None, today: dt.date, at: str) -> Iterator[Fault]:
    """Yield what would make of an inspection that has begun another, or none."""
    if before is None or before.is_cancelled or before.starts_on > today:
        return
    wrong = {
        "cancelled_because": each.is_cancelled,
        "starts_on": each.starts_on != before.starts_on,
        "kind": each.kind != before.kind,
        "units": not {*before.units} <= {*each.units},
    }
    en = f"It began on {before.starts_on}: it is neither moved nor called off."
    zh = f"该督查检查已于 {before.starts_on} 开始，不能改期、变更或取消。"
    for name in (name for name, is_wrong in wrong.items() if is_wrong):
        yield Fault(f"{at}/{name}", "has-begun", en, zh)


def _measured(scheme: Scheme) -> dict[str, set[str]]:
    """Return, by unit, the indicators that it is assessed by."""
    found = dict[str, set[str]]()
    for category in scheme.categories:
        codes = {each.code for each in category.walk()}
        found |= dict.fromkeys(category.units, codes)
    return found


def _rivals(scheme: Scheme) -> dict[str, frozenset[str]]:
    """Return, by unit, the units of its category, itself among them."""
    return {unit: frozenset(each.units) for each in scheme.categories for unit in each.units}


def _times(inspections: Collection[Inspection]) -> Iterator[tuple[str, str]]:
    """Yield, for each unit of what counts, the month and the year in which it begins."""
    for each in inspections:
        for unit in each.units if each.counts else ():
            yield unit, f"{each.starts_on:%Y-%m}"
            yield unit, f"{each.starts_on:%Y}"


def _parties(
    each: Inspection,
    rivals: Mapping[str, Collection[str]],
    registered: Collection[str],
    at: str,
) -> Iterator[Fault]:
    if each.body not in registered:
        en, zh = f"There is no unit {each.body}.", f"没有单位 {each.body}。"
        yield Fault(f"{at}/body", "unknown-unit", en, zh)
    for n, unit in enumerate(each.units):
        where = f"{at}/units/{n}"
        if unit not in rivals:
            en, zh = f"The scheme measures no unit {unit}.", f"方案中没有被评估单位 {unit}。"
            yield Fault(where, "unknown-unit", en, zh)
        if each.body in rivals.get(unit, ()):
            en, zh = f"{each.body} is assessed beside {unit}.", f"{each.body} 与 {unit} 同类参评。"
            yield Fault(where, "own-category", en, zh)


def _days(each: Inspection, year: int, at: str) -> Iterator[Fault]:
    first, last = dt.date(year, 1, 1), dt.date(year + 1, 6, 30)
    if not first <= each.starts_on <= last:
        en, zh = f"Any day from {first} to {last}.", f"应在 {first} 至 {last} 之间。"
        yield Fault(f"{at}/starts_on", "day-outside", en, zh)
    if not each.starts_on <= each.ends_on <= last:
        en, zh = "It ends before it begins, or too late.", "结束日期早于开始日期，或过晚。"
        yield Fault(f"{at}/ends_on", "day-outside", en, zh)


def _reason(
    each: Inspection, policy: InspectionPolicy, measured: Mapping[str, set[str]], at: str
) -> Iterator[Fault]:
    """Yield why there may not be such an inspection at all."""
    if each.priority is not None and each.priority not in {e.code for e in policy.priorities}:
        en = f"The scheme has no special priority {each.priority}."
        zh = f"方案中没有专项重点工作 {each.priority}。"
        yield Fault(f"{at}/priority", "unknown-priority", en, zh)
    yield from _not_theirs(each, measured, at)
    if each.kind in WITH_BASIS and each.basis is None:
        en, zh = "Say which law or order it rests on.", "须写明所依据的法律法规或命令。"
        yield Fault(f"{at}/basis", "missing", en, zh)
    if each.kind not in WITH_BASIS and each.priority is None:
        yield from _without_reason(each, measured, at)


def _not_theirs(each: Inspection, measured: Mapping[str, set[str]], at: str) -> Iterator[Fault]:
    """Yield the indicators by which none of the units is assessed."""
    for n, code in enumerate(each.indicators):
        if not any(code in measured.get(unit, ()) for unit in each.units):
            en = f"None of the units is assessed by {code}."
            zh = f"所列单位均不考核指标 {code}。"
            yield Fault(f"{at}/indicators/{n}", "unknown-indicator", en, zh)


def _without_reason(each: Inspection, measured: Mapping[str, set[str]], at: str) -> Iterator[Fault]:
    """Yield the units of an inspection that has nothing to do with how they are assessed."""
    for n, unit in enumerate(each.units):
        if not measured.get(unit, set()) & {*each.indicators}:
            en = f"It rests on no indicator of {unit}: what is not in the scheme is not inspected."
            zh = f"没有以 {unit} 的任何指标为依据：未列入方案的事项不得单独检查。"
            yield Fault(f"{at}/units/{n}", "rests-on-nothing", en, zh)


def _too_many(
    each: Inspection, policy: InspectionPolicy, counted: Mapping[tuple[str, str], int], at: str
) -> Iterator[Fault]:
    if not each.counts:
        return
    month, year = f"{each.starts_on:%Y-%m}", f"{each.starts_on:%Y}"
    limits = ((month, policy.most_in_month), (year, policy.most_in_year))
    for n, unit in enumerate(each.units):
        for time, most in limits:
            if most is not None and counted[unit, time] > most:
                yield Fault(
                    f"{at}/units/{n}",
                    "one-too-many",
                    f"{unit} has {most} in {time} without it, and that is the most.",
                    f"{unit} 在 {time} 已有 {most} 次，达到上限。",
                )
