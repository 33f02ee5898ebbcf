"""Names over time (单位名称沿革): what a unit was called on which day.

An award counts only when its holder is the unit by name, so every name has its days, and on no
day has a unit two legal names.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chassis.refusals import Conflict, Fault, Invalid

NameKind = Literal["legal", "alias"]


class NameEndsTooEarly(Invalid):
    """A name holds for at least a day."""

    zh = "名称至少应有效一日。"
    remedy = (
        "Give `valid_to` a later day than `valid_from`, or leave it out.",
        "请使 `valid_to` 晚于 `valid_from`，或不填 `valid_to`。",
    )


class NamesOverlap(Conflict):
    """On one day a unit has one legal name, and bears each of its names once."""

    zh = "同一日只能有一个法定名称，同一名称不得重复。"
    remedy = (
        "Read the unit's names and choose days on which no other name of this kind holds.",
        "请查看该单位的名称，选择没有同类名称的日期。",
    )


@dataclass(frozen=True, slots=True)
class UnitName:
    """A name of a unit from the day `valid_from` until just before `valid_to`; null is open."""

    name: str
    kind: NameKind
    valid_from: dt.date
    valid_to: dt.date | None

    def meets(self, other: "UnitName") -> bool:
        """Say whether there is a day on which both names hold."""
        end, other_end = self.valid_to or dt.date.max, other.valid_to or dt.date.max
        return self.valid_from < other_end and other.valid_from < end


def with_name(names: Sequence[UnitName], new: UnitName) -> tuple[UnitName, ...]:
    """Return the names of a unit after `new` was added.

    A new legal name closes the former one, if that is still open, on the day it begins.
    """
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        raise NameEndsTooEarly(
            f"{new.name} would end on {new.valid_to}, not after {new.valid_from}.",
            f"{new.name} 的终止日 {new.valid_to} 不晚于起始日 {new.valid_from}。",
            faults=[Fault("/valid_to", "ends-before-it-begins", "Too early.", "日期过早。")],
        )
    kept = tuple(_closed(name, new) for name in names)
    for name in kept:
        if _clash(name, new) and name.meets(new):
            raise NamesOverlap(
                f"{name.name} holds from {name.valid_from} to {name.valid_to or 'now'}.",
                f"{name.name} 自 {name.valid_from} 至 {name.valid_to or '今'} 有效。",
                faults=[Fault("/valid_from", "names-overlap", "On these days.", "日期重叠。")],
            )
    return (*kept, new)


def _closed(name: UnitName, new: UnitName) -> UnitName:
    legal = name.kind == new.kind == "legal"
    if legal and name.valid_to is None and name.valid_from < new.valid_from:
        return replace(name, valid_to=new.valid_from)
    return name


def _clash(name: UnitName, new: UnitName) -> bool:
    return name.kind == new.kind == "legal" or name.name == new.name


def legal_name(names: Sequence[UnitName], on: dt.date) -> str:
    """Return the legal name on a day: the last one begun, or before all of them the first."""
    legal = sorted((n for n in names if n.kind == "legal"), key=lambda name: name.valid_from)
    begun = [name for name in legal if name.valid_from <= on]
    return (begun[-1] if begun else legal[0]).name
