"""What rows name by codes: another system's (代码体系) in ours, and with their names beside."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from chassis.refusals import Fault, Invalid, pointer
from scoring.rules.ledger.shapes import Draft
from scoring.rules.scheme.document import Scheme

OWN_CODES = "code"
"""The id scheme that is meant where none is named: our own codes."""


class CodesUnknown(Invalid):
    """Some codes mean nothing on the day of their rows; nothing was kept."""

    zh = "部分代码在相应日期没有对照，全部未保存。"
    remedy = (
        "Correct the codes that `errors` names, or have mappings for them proposed and "
        "confirmed, then send the batch again.",
        "请更正 `errors` 所指的代码，或先提出并确认其对照，再重新提交。",
    )


class IdSchemeUnknown(Invalid):
    """There is no such id scheme."""

    zh = "没有这个代码体系。"
    remedy = (
        "Look the code up in the list of id schemes, or leave `id_scheme` out to send our own "
        "codes.",
        "请在代码体系清单中查对，或不带 `id_scheme` 而使用本系统代码。",
    )


class CodeMeaning(NamedTuple):
    """What a code means from a day until just before another; a null beginning or end is open."""

    code: str
    meaning: str
    valid_from: date | None
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Say whether it holds on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


class Meanings:
    """What the codes of one kind mean, by the day."""

    def __init__(self, meanings: Iterable[CodeMeaning]) -> None:
        self._by_code: dict[str, list[CodeMeaning]] = {}
        for each in meanings:
            self._by_code.setdefault(each.code, []).append(each)

    def of(self, code: str, day: date) -> str | None:
        """Return what a code means on a day; None where it means nothing."""
        found = (each.meaning for each in self._by_code.get(code, ()) if each.holds(day))
        return next(found, None)


_SENTENCES: Mapping[str, tuple[str, str]] = {
    "unit": (
        "{code} means no unit in {id_scheme} on {day}.",
        "{code} 在代码体系 {id_scheme} 中于 {day} 没有对应的单位。",
    ),
    "indicator": (
        "{code} means no indicator in {id_scheme} on {day}.",
        "{code} 在代码体系 {id_scheme} 中于 {day} 没有对应的指标。",
    ),
}


def translated(
    drafts: Mapping[int, Draft],
    id_scheme: str,
    units: Meanings | None,
    indicators: Meanings | None,
    today: date,
) -> tuple[dict[int, Draft], dict[int, list[Fault]]]:
    """Return rows in our codes by their positions, and the faults of those with a code that means
    nothing on the day of its row.

    That is the day of what happened, and today where none is told. Without `units` or
    `indicators` those are named by our codes.
    """
    done, faults = dict[int, Draft](), dict[int, list[Fault]]()
    for row, draft in drafts.items():
        day = draft.occurred_on or today
        unit = draft.unit if units is None else units.of(draft.unit, day)
        indicator = draft.indicator if indicators is None else indicators.of(draft.indicator, day)
        if unit is not None and indicator is not None:
            done[row] = replace(draft, unit=unit, indicator=indicator)
            continue
        faults[row] = []
        if unit is None:
            faults[row].append(_unknown(row, "unit", draft.unit, id_scheme, day))
        if indicator is None:
            faults[row].append(_unknown(row, "indicator", draft.indicator, id_scheme, day))
    return done, faults


def check_codes(faults: Mapping[int, Sequence[Fault]], id_scheme: str) -> None:
    """Refuse a batch that is to be kept whole where a code of it means nothing."""
    found = [fault for of_row in faults.values() for fault in of_row]
    if found:
        n = len(found)
        raise CodesUnknown(f"{n} fault(s).", f"共 {n} 处错误。", faults=found, id_scheme=id_scheme)


def _unknown(row: int, field: str, code: str, id_scheme: str, day: date) -> Fault:
    told = {"code": code, "id_scheme": id_scheme, "day": day}
    en, zh = (sentence.format(**told) for sentence in _SENTENCES[field])
    return Fault(pointer("entries", row, field), f"unknown-{field}-code", en, zh)


class Named(NamedTuple):
    """The names that a row has beside its codes; null where it has none."""

    unit: str | None
    indicator: str | None


def misnamed(
    drafts: Mapping[int, Draft],
    named: Mapping[int, Named],
    scheme: Scheme,
    units: Mapping[str, Collection[str]],
) -> dict[int, list[Fault]]:
    """Return the faults of rows in which a name stands beside a code that has another one.

    `units` are the names that units have or had. A table in which one column slipped against
    another would be entered for the wrong units otherwise, with every code in order.
    """
    faults = dict[int, list[Fault]]()
    for row, draft in drafts.items():
        of = named.get(row, Named(None, None))
        if of.unit is not None and of.unit not in units.get(draft.unit, ()):
            faults.setdefault(row, []).append(_misnamed(row, "unit", draft.unit))
        category = scheme.category_of().get(draft.unit)
        known = category.indicators().get(draft.indicator) if category else None
        if of.indicator is not None and known is not None and of.indicator != known.name:
            faults.setdefault(row, []).append(_misnamed(row, "indicator", draft.indicator))
    return faults


def _misnamed(row: int, field: str, code: str) -> Fault:
    return Fault(
        pointer("entries", row, f"{field}_name"),
        "name-of-another",
        f"{code} is not called so. Look whether the columns still belong together.",
        f"代码 {code} 的名称不是这个，请检查各列是否错位。",
    )
