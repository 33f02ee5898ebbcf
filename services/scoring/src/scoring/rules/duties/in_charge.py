"""Who is in charge of what a unit owes (安排专人具体抓): a named person and a deputy."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from chassis import persons
from chassis.refusals import Fault, Invalid


class PersonsRefused(Invalid):
    """These cannot be the persons in charge, so nobody was named."""

    zh = "不能这样指定责任人，未登记。"
    remedy = (
        "Mend what `errors` names: two persons, for what the unit owes, from today on.",
        "请改正 `errors` 所指各处：须为两人，就本单位应报送的内容，自今日或以后起。",
    )


class InCharge(NamedTuple):
    """A person in charge and the deputy."""

    lead: str
    deputy: str


class Assignment(NamedTuple):
    """Who is in charge, from a day on, of what a unit owes for an indicator; for all of them where
    it names none."""

    unit: str
    indicator: str | None
    from_day: dt.date
    people: InCharge


Persons = Mapping[tuple[str, str | None], InCharge]


def in_charge_on(assignments: Iterable[Assignment], day: dt.date) -> Persons:
    """Return who is in charge on a day, by unit and indicator; `assignments` are as they came, and
    of those from one day on the later counts."""
    begun = [each for each in assignments if each.from_day <= day]
    begun.sort(key=lambda each: each.from_day)
    return {(each.unit, each.indicator): each.people for each in begun}


def of_duty(found: Persons, unit: str, indicator: str) -> InCharge | None:
    """Return who is in charge of what a unit owes for an indicator: who is named for that, or else
    for all that it owes."""
    return found.get((unit, indicator)) or found.get((unit, None))


def check_assignment(
    new: Assignment, owed: Collection[tuple[str, str]], today: dt.date, last: dt.date
) -> None:
    """Refuse persons that would be in charge of nothing, on no day, or that are but one.

    `owed` are the units and indicators for which something is owed, `last` the last day on which
    anything is.
    """
    faults = [*_faults(new, owed, today, last)]
    if faults:
        count = len(faults)
        raise PersonsRefused(f"There are {count} fault(s).", f"有 {count} 处错误。", faults=faults)


def _faults(
    new: Assignment, owed: Collection[tuple[str, str]], today: dt.date, last: dt.date
) -> Iterator[Fault]:
    if new.unit not in {unit for unit, _ in owed}:
        en, zh = f"{new.unit} owes nothing.", f"{new.unit} 没有应报送的内容。"
        yield Fault("/unit", "owes-nothing", en, zh)
    elif new.indicator is not None and (new.unit, new.indicator) not in owed:
        en = f"{new.unit} owes nothing for {new.indicator}."
        yield Fault("/indicator", "owes-nothing", en, f"{new.unit} 不报送指标 {new.indicator}。")
    if not today <= new.from_day <= last:
        en = f"It is from {today} to {last}."
        yield Fault("/from_day", "day-outside", en, f"须在 {today} 至 {last} 之间。")
    for name, person in zip(("lead", "deputy"), new.people, strict=True):
        if not persons.is_name(person):
            en = "A name has nothing in it that cannot be seen."
            yield Fault(f"/{name}", "no-name", en, "姓名中不能有不可见字符。")
    if persons.is_same(*new.people):
        en = f"{new.people.deputy} is in charge already; a deputy is somebody else."
        zh = f"{new.people.deputy} 已是责任人，副手须为另一人。"
        yield Fault("/deputy", "same-person", en, zh)
