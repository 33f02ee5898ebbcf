"""Codes of other systems (代码体系): what each means on which day, and by whose word.

A code that means another unit than it should gives one unit's values to another, so that a mapping
counts by the word of two people. Without one a code means nothing and its rows are refused: to end
a mapping, one is enough.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid, Missing, pointer

OWN_CODES = "code"
"""The id scheme that is meant where none is named: our own codes."""

USCC = "uscc"
"""The id scheme of unified social credit codes, which units are registered with."""

DIVISIONS = "gb2260"
"""The id scheme in which a superior says by their division codes (GB/T 2260) which of its units
other jurisdictions are; it registers and maps it as any other."""

BUILT_IN: Mapping[str, tuple[str, str]] = {
    OWN_CODES: ("本系统代码", "Our own codes"),
    USCC: ("统一社会信用代码", "Unified social credit codes"),
}

MappingState = Literal["proposed", "confirmed", "refused", "ended"]

MOVES: Mapping[tuple[str, MappingState], str] = {
    ("proposed", "confirmed"): "another person of the performance office confirms it",
    ("proposed", "refused"): "the performance office refuses it, with a reason",
    ("confirmed", "ended"): "the performance office says until which day it holds, with a reason",
    ("ended", "ended"): "the same, of an earlier day",
}
"""Every move a mapping can make, and what makes it."""

MEANING: Collection[MappingState] = ("confirmed", "ended")
"""The states in which a code means something, on the days of the mapping."""

STATES_ZH: Mapping[str, str] = {
    "proposed": "待确认",
    "confirmed": "已确认",
    "refused": "不予确认",
    "ended": "已终止",
}


class NoSuchIdScheme(Missing):
    """There is no such id scheme that codes could be mapped in."""

    zh = "没有这个可登记对照的代码体系。"
    remedy = (
        "Look the code up in the list of id schemes, or register the id scheme first.",
        "请在代码体系清单中查对，或先登记该代码体系。",
    )


class IdSchemeTaken(Conflict):
    """There is an id scheme of this code already."""

    zh = "该代码体系已存在。"
    remedy = (
        "Use the id scheme that there is, or choose another code.",
        "请使用已有的代码体系，或另取代码。",
    )


class IdSchemeEmpty(Invalid):
    """An id scheme has codes of units, of indicators, or both."""

    zh = "代码体系应至少含单位代码或指标代码之一。"
    remedy = (
        "Set `units`, `indicators` or both to true.",
        "请将 `units`、`indicators` 至少一项设为 `true`。",
    )


class NoCodesOfThese(Conflict):
    """The id scheme has no codes of its own for these: they go by our codes."""

    zh = "该代码体系未含此类代码，直接使用本系统代码。"
    remedy = (
        "Send our own codes for these, or register an id scheme that has codes for them.",
        "请对此类对象使用本系统代码，或登记含此类代码的代码体系。",
    )


class MappingsRefused(Invalid):
    """Some mappings cannot be what these codes mean."""

    zh = "部分代码对照不能登记。"
    remedy = (
        "Mend the mappings that `errors` names, and send all of them again.",
        "请改正 `errors` 所指的对照，然后整批重新提交。",
    )


class CodesUnknown(Invalid):
    """Some codes mean nothing on the day of their rows; nothing was kept."""

    zh = "部分代码在相应日期没有对照，全部未保存。"
    remedy = (
        "Correct the codes that `errors` names, or have mappings for them proposed and "
        "confirmed, then send the batch again.",
        "请更正 `errors` 所指的代码，或先提出并确认其对照，再重新提交。",
    )


class MappingsNotMoved(Conflict):
    """Some mappings cannot be decided on, or ended, as they stand."""

    zh = "部分代码对照当前不能确认或终止。"
    remedy = (
        "Read the list of mappings again, leave out those that `errors` names, and have what is "
        "your own decided by another person.",
        "请重新查看对照清单，去掉 `errors` 所指的对照；本人提出的须由另一人确认。",
    )


@dataclass(frozen=True, slots=True)
class CodeMapping:
    """That a code of another system means one of ours from a day until just before another."""

    code: str
    meaning: str
    valid_from: dt.date
    valid_to: dt.date | None = None

    def meets(self, other: "CodeMapping") -> bool:
        """Say whether there is a day on which both hold."""
        end, other_end = self.valid_to or dt.date.max, other.valid_to or dt.date.max
        first, last = max(self.valid_from, other.valid_from), min(end, other_end)
        return first < last

    @property
    def days(self) -> tuple[str, str]:
        """On which days it holds, in English and in Chinese."""
        return (
            f"from {self.valid_from} " + (f"until {self.valid_to}" if self.valid_to else "on"),
            f"自 {self.valid_from} 至 {self.valid_to or '今后'}",
        )


@dataclass(frozen=True, slots=True)
class StandingMapping:
    """A mapping as it stands: its state, and the person who proposed it."""

    mapping_id: UUID
    mapping: CodeMapping
    state: MappingState
    person: str


def check_id_scheme(code: str, *, units: bool, indicators: bool, taken: Collection[str]) -> None:
    """Refuse an id scheme whose code is taken, or that has no codes."""
    if code in BUILT_IN or code in taken:
        raise IdSchemeTaken(
            f"{code} is there already.",
            f"{code} 已存在。",
            faults=[Fault("/id_scheme", "registered-already", "It is taken.", "该代码已被使用。")],
        )
    if not (units or indicators):
        raise IdSchemeEmpty(
            "Say `units` or `indicators`.",
            "`units`、`indicators` 至少一项为 `true`。",
            faults=[Fault("/units", "no-codes", "It has no codes.", "不含任何代码。")],
        )


def check_mappings(
    mappings: Sequence[CodeMapping],
    known: Collection[str],
    standing: Sequence[StandingMapping],
    field: Literal["unit", "indicator"],
) -> None:
    """Refuse mappings to what there is not, and codes that would mean two things on one day.

    `standing` are those of these codes that were not refused.
    """
    faults: list[Fault] = []
    seen: dict[str, list[tuple[CodeMapping, str]]] = {}
    for each in standing:
        seen.setdefault(each.mapping.code, []).append((each.mapping, each.state))
    for row, new in enumerate(mappings):
        at = pointer("mappings", row)
        faults += _unusable(new, known, field, at)
        known_of = seen.setdefault(new.code, [])
        clashes = [_clash(new, o, state, at) for o, state in known_of if new.meets(o)]
        faults += clashes
        # What clashes in the batch takes no day from those that come later.
        if not any(each.beside for each in clashes):
            known_of.append((new, _IN_BATCH))
    if faults:
        n = len(faults)
        raise MappingsRefused(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def _unusable(
    new: CodeMapping, known: Collection[str], field: Literal["unit", "indicator"], at: str
) -> Iterator[Fault]:
    if new.meaning not in known:
        en, zh = {
            "unit": ("No unit {} is registered.", "单位 {} 未登记。"),
            "indicator": ("The scheme has no indicator {}.", "方案中没有指标 {}。"),
        }[field]
        yield Fault(
            f"{at}/{field}", f"unknown-{field}", en.format(new.meaning), zh.format(new.meaning)
        )
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        yield Fault(
            f"{at}/valid_to",
            "ends-before-it-begins",
            "It holds on no day.",
            "终止日不晚于起始日，没有一日有效。",
        )


_IN_BATCH = "in this batch"


def _clash(new: CodeMapping, other: CodeMapping, state: str, at: str) -> Fault:
    days_en, days_zh = other.days
    en, zh = state, STATES_ZH.get(state, "本批")
    return Fault(
        f"{at}/code",
        "means-something-already",
        f"{new.code} means {other.meaning} {days_en} ({en}).",
        f"{new.code} {days_zh}已对应 {other.meaning}（{zh}）。",
        beside=state == _IN_BATCH,
    )


def check_decision(
    asked: Sequence[UUID],
    standing: Mapping[UUID, StandingMapping],
    person: str,
    *,
    confirmed: bool,
) -> None:
    """Refuse a word on what awaits none, or that confirms what the same person proposed.

    Whoever proposed one may refuse it themselves: it counts for nothing, before and after.
    """
    faults: list[Fault] = []
    for at, each in _found(asked, standing, faults):
        if each.state != "proposed":
            faults.append(_wrong_state(each, at))
        elif confirmed and persons.is_same(each.person, person):
            faults.append(
                Fault(
                    at,
                    "own-proposal",
                    "The same person proposed it; somebody else confirms it.",
                    "该对照由同一人提出，须由他人确认。",
                )
            )
    _refuse(faults)


def check_ending(
    asked: Sequence[UUID], standing: Mapping[UUID, StandingMapping], valid_to: dt.date
) -> None:
    """Refuse an end of what means nothing, or that does not come earlier than the one there is."""
    faults: list[Fault] = []
    for at, each in _found(asked, standing, faults):
        held = each.mapping
        if each.state not in MEANING:
            faults.append(_wrong_state(each, at))
        elif valid_to < held.valid_from:
            faults.append(
                Fault(
                    at,
                    "ends-before-it-begins",
                    f"It begins on {held.valid_from}; give that day if it never held.",
                    f"该对照自 {held.valid_from} 起；如自始无效，请填该日。",
                )
            )
        elif held.valid_to is not None and valid_to >= held.valid_to:
            faults.append(
                Fault(
                    at,
                    "ends-already",
                    f"It ends on {held.valid_to}; for later days propose another.",
                    f"该对照至 {held.valid_to} 终止；其后须另行提出。",
                )
            )
    _refuse(faults)


def _found(
    asked: Sequence[UUID], standing: Mapping[UUID, StandingMapping], faults: list[Fault]
) -> Iterator[tuple[str, StandingMapping]]:
    for row, mapping_id in enumerate(asked):
        at = pointer("mapping_ids", row)
        if mapping_id in standing:
            yield at, standing[mapping_id]
        else:
            faults.append(Fault(at, "no-such-mapping", "There is none.", "没有这条对照。"))


def _wrong_state(each: StandingMapping, at: str) -> Fault:
    return Fault(
        at, "wrong-state", f"It is {each.state}.", f"该对照的状态为：{STATES_ZH[each.state]}。"
    )


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        n = len(faults)
        raise MappingsNotMoved(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


def check_codes(
    named: Sequence[tuple[str, str]],
    units: Mapping[str, str] | None,
    indicators: Mapping[str, str] | None,
    id_scheme: str,
) -> None:
    """Refuse targets whose unit or indicator is named by a code that means nothing; without a list
    they are named by our codes."""
    faults: list[Fault] = []
    for row, (unit, indicator) in enumerate(named):
        if units is not None and unit not in units:
            faults.append(_unknown(row, "unit", unit, "单位", id_scheme))
        if indicators is not None and indicator not in indicators:
            faults.append(_unknown(row, "indicator", indicator, "指标", id_scheme))
    if faults:
        n = len(faults)
        raise CodesUnknown(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults, id_scheme=id_scheme)


def _unknown(row: int, field: str, code: str, zh: str, id_scheme: str) -> Fault:
    return Fault(
        pointer("targets", row, field),
        f"unknown-{field}-code",
        f"{code} means no {field} in {id_scheme} today.",
        f"{code} 在代码体系 {id_scheme} 中今日没有对应的{zh}。",
    )
