"""Which units a unit goes on from (单位沿革): merged from several, or split off one."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Fault, Invalid, pointer


class SuccessionRefused(Invalid):
    """Some of these units cannot be what the unit goes on from; nothing was kept."""

    zh = "部分单位不能作为该单位的前身，全部未登记。"
    remedy = (
        "Mend or leave out the predecessors that `errors` names, and send it again.",
        "请改正或去掉 `errors` 所指的前身单位，然后重新提交。",
    )


@dataclass(frozen=True, slots=True)
class Succession:
    """That a unit goes on from another from a day on, by a document."""

    predecessor: str
    effective_on: dt.date
    document_no: str


def check_succession(
    unit: str,
    predecessors: Sequence[str],
    known: Collection[str],
    succeeds: Mapping[str, Collection[str]],
) -> None:
    """Refuse predecessors that are unknown, named before, or go on from the unit themselves.

    `succeeds` are by unit those that it goes on from already.
    """
    faults: list[Fault] = []
    seen = {*succeeds.get(unit, ())}
    for i, each in enumerate(predecessors):
        faults += _faults(unit, each, known, seen, succeeds, pointer("predecessors", i))
        seen.add(each)
    if faults:
        n = len(faults)
        raise SuccessionRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _faults(
    unit: str,
    each: str,
    known: Collection[str],
    seen: Collection[str],
    succeeds: Mapping[str, Collection[str]],
    at: str,
) -> Iterator[Fault]:
    if each not in known:
        yield Fault(at, "unknown-unit", f"No unit {each} is registered.", f"单位 {each} 未登记。")
    elif each == unit or _leads_back(each, unit, succeeds):
        yield Fault(
            at,
            "succession-circle",
            f"{each} goes on from {unit} itself.",
            f"{each} 本身即沿自 {unit}。",
        )
    elif each in seen:
        yield Fault(at, "named-twice", f"{each} is named already.", f"{each} 重复。")


def _leads_back(start: str, unit: str, succeeds: Mapping[str, Collection[str]]) -> bool:
    found, waiting = {start}, [start]
    while waiting:
        for each in succeeds.get(waiting.pop(), ()):
            if each == unit:
                return True
            if each not in found:
                found.add(each)
                waiting.append(each)
    return False
