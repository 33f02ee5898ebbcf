"""Which units may be registered together: each under a code and a credit code of its own."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from chassis.refusals import Conflict, Fault, Invalid, pointer
from indicators.rules.codes import is_uscc
from indicators.rules.scheme import OWN_UNIT


class UnitsRefused(Invalid):
    """Some units cannot be registered, so none of them was."""

    zh = "部分单位无法登记，整批未登记。"
    remedy = (
        "Mend or leave out the units that `errors` names, and send the rest again.",
        "请改正或去掉 `errors` 所指的单位，然后重新提交。",
    )


class UnitOfThatKind(Conflict):
    """The unit is registered as what it is to be."""

    zh = "单位已按该类型登记。"
    remedy = ("Nothing needs to be done.", "无需再作处理。")


class UnitInUse(Conflict):
    """The kind of the unit stands: a published scheme names it."""

    zh = "单位类型不能更正。"
    remedy = (
        "A unit that a published scheme names keeps its kind. Register another one under a code of "
        "its own, and name that in the next version of the scheme.",
        "已公布的方案中列有的单位，其类型不再更正；请另行登记单位，并在下一版方案中使用。",
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a unit from all others: its code, and its unified social credit code if any."""

    code: str
    uscc: str | None


def check_registration(units: Sequence[Identity], registered: Collection[Identity]) -> None:
    """Refuse a batch with unusable codes, or codes that are taken, with all faults at once."""
    codes, usccs = {unit.code for unit in registered}, {unit.uscc for unit in registered}
    seen_codes, seen_usccs = set[str](), set[str | None]()
    faults: list[Fault] = []
    for i, unit in enumerate(units):
        at = pointer("units", i)
        faults += _unusable(unit, at)
        taken = [
            *_taken(f"{at}/code", unit.code, codes, seen_codes),
            *_taken(f"{at}/uscc", unit.uscc, usccs, seen_usccs),
        ]
        faults += taken
        # What is named twice takes nothing from those that come later.
        if not any(each.beside for each in taken):
            seen_codes.add(unit.code)
            seen_usccs.add(unit.uscc)
    if faults:
        n = len(faults)
        raise UnitsRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def check_correction(unit: str, kind: str, to: str, named: tuple[object, int] | None) -> None:
    """Refuse to correct the kind of a unit to what it is, or where the version of a published
    scheme that is `named` rests on it."""
    if kind == to:
        raise UnitOfThatKind(f"{unit} is registered so.", f"{unit} 已按此登记。")
    if named is not None:
        cycle, version = named
        raise UnitInUse(
            f"Version {version} of the scheme of cycle {cycle} names {unit}.",
            f"评估年度 {cycle} 的第 {version} 版方案列有 {unit}。",
        )


def _unusable(unit: Identity, at: str) -> Iterator[Fault]:
    if unit.code == OWN_UNIT:
        yield Fault(
            f"{at}/code",
            "reserved-code",
            f"{OWN_UNIT} stands for each assessed unit itself.",
            f"{OWN_UNIT} 表示被评估单位本身，不能用作代码。",
        )
    if unit.uscc is not None and not is_uscc(unit.uscc):
        yield Fault(
            f"{at}/uscc",
            "not-a-social-credit-code",
            "This is no unified social credit code (GB 32100), or its check digit is wrong.",
            "不是有效的统一社会信用代码（GB 32100），或校验位有误。",
        )


def _taken(
    at: str,
    value: str | None,
    registered: Collection[str | None],
    before: Collection[str | None],
) -> Iterator[Fault]:
    if value is None:
        return
    if value in registered:
        yield Fault(
            at, "registered-already", f"{value} is registered already.", f"{value} 已登记。"
        )
    if value in before:
        yield Fault(
            at,
            "named-twice",
            f"{value} stands in the batch twice.",
            f"{value} 在本批中重复。",
            beside=True,
        )
