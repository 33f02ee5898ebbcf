"""How a unit means to reach its target (工作计划): divided among months and persons, and by which
measures, by whom and until when."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from chassis import persons
from chassis.refusals import Fault, Invalid, pointer
from indicators.rules.numbers import plain
from indicators.rules.scheme import Scheme
from indicators.rules.targets import Key, Target, unmeasured

_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])").fullmatch

Combine = Literal["sum", "last"]
"""What the months come to: together the target, or the last of them is what is to be reached."""


class WorkPlansFaulty(Invalid):
    """Some work plans do not come to the target, or name what is not there."""

    zh = "部分工作计划与目标不符，或所涉事项不存在。"
    remedy = (
        "Mend the plans that `errors` names by the targets in force, and send all of them again.",
        "请对照现行目标改正 `errors` 所指的计划，然后整批重新提交。",
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a target: of a month ("2025-03"), or of a person."""

    whose: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Measure:
    """Something to be done, by whom and until when."""

    action: str
    person: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """A plan of a unit for an indicator, or for an item of it."""

    key: Key
    combine: Combine
    months: Sequence[Share]
    persons: Sequence[Share]
    measures: Sequence[Measure]


def check_plans(plans: Sequence[WorkPlan], scheme: Scheme, in_force: Mapping[Key, Target]) -> None:
    """Refuse plans of what the scheme does not measure, or that do not come to the target."""
    faults: list[Fault] = []
    seen: set[Key] = set()
    for i, plan in enumerate(plans):
        at = pointer("plans", i)
        faults += unmeasured(Target(*plan.key, None, None, None), scheme, at)
        faults += _off(plan, in_force.get(plan.key), at)
        faults += _against(plan, in_force.get(plan.key), at)
        faults += _written(plan, at)
        faults += _days(plan, scheme.assessment_year, at)
        if plan.key in seen:
            en, zh = "This plan stands here twice.", "同一工作计划重复。"
            faults.append(Fault(at, "named-twice", en, zh, beside=True))
        seen.add(plan.key)
    if faults:
        n = len(faults)
        raise WorkPlansFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def agrees(plan: WorkPlan, target: Target | None) -> bool:
    """Say whether what is divided comes to a target."""
    return next(_off(plan, target, ""), None) is None


def _off(plan: WorkPlan, target: Target | None, at: str) -> Iterator[Fault]:
    """Yield what does not come to the target; what is not divided has nothing to come to."""
    aim = None if target is None else target.target
    for name, shares, last in (
        ("months", plan.months, plan.combine == "last"),
        ("persons", plan.persons, False),
    ):
        if not shares:
            continue
        if aim is None:
            en, zh = "There is no target in force to divide.", "没有可分解的现行目标值。"
            yield Fault(f"{at}/{name}", "no-target", en, zh)
            continue
        total = shares[-1].value if last else sum((each.value for each in shares), Decimal(0))
        if total != aim:
            yield Fault(
                f"{at}/{name}",
                "not-the-target",
                f"They come to {plain(total)}; the target is {plain(aim)}.",
                f"合计（或期末）为 {plain(total)}，目标值为 {plain(aim)}。",
            )


def _against(plan: WorkPlan, target: Target | None, at: str) -> Iterator[Fault]:
    """Yield shares of a sum that take from what the others add: less than nothing is planned for
    nobody and no month, unless the target itself is less."""
    aim = None if target is None else target.target
    months = plan.months if plan.combine == "sum" else ()
    for name, shares in (("months", months), ("persons", plan.persons)):
        for n, each in enumerate(shares):
            if aim is not None and (each.value > 0 if aim < 0 else each.value < 0):
                yield Fault(
                    f"{at}/{name}/{n}/value",
                    "against-the-target",
                    f"{plain(each.value)} takes from the target of {plain(aim)}.",
                    f"{plain(each.value)} 与目标值 {plain(aim)} 方向相反，分解值不得抵减目标。",
                )


def _written(plan: WorkPlan, at: str) -> Iterator[Fault]:
    """Yield what is planned twice or out of order, and what has no effect."""
    yield from _months(plan, at)
    seen: set[str] = set()
    for n, each in enumerate(plan.persons):
        name = persons.folded(each.whose)
        if name in seen:
            en, zh = "This person stands here twice.", "同一人员重复。"
            yield Fault(f"{at}/persons/{n}/person", "named-twice", en, zh)
        seen.add(name)
    if not (plan.months or plan.persons or plan.measures):
        en, zh = "Nothing is planned here.", "未填写任何计划内容。"
        yield Fault(at, "nothing-planned", en, zh)


def _months(plan: WorkPlan, at: str) -> Iterator[Fault]:
    months = [each.whose for each in plan.months]
    for n, month in enumerate(months):
        if _MONTH(month) is None:
            en, zh = "A month is written 2025-03.", "月份应写作 `2025-03`。"
            yield Fault(f"{at}/months/{n}/month", "no-month", en, zh)
        if n and month <= months[n - 1]:
            en, zh = "Months come one after the other.", "月份须依次填写，不得重复。"
            yield Fault(f"{at}/months/{n}/month", "out-of-order", en, zh)
    if plan.combine == "last" and not months:
        en, zh = "There are no months of which one is the last.", "没有月份，不适用取期末。"
        yield Fault(f"{at}/combine", "without-effect", en, zh)


def _days(plan: WorkPlan, year: int, at: str) -> Iterator[Fault]:
    named: Iterable[tuple[str, int]] = [
        *(
            (f"months/{n}/month", int(each.whose[:4]))
            for n, each in enumerate(plan.months)
            if _MONTH(each.whose) is not None
        ),
        *((f"measures/{n}/due", e.due.year) for n, e in enumerate(plan.measures)),
    ]
    for where, of in named:
        if of != year:
            en, zh = f"It is not in the year {year}.", f"不在 {year} 年内。"
            yield Fault(f"{at}/{where}", "other-year", en, zh)
