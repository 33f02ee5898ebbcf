"""Differences between two editions of a score sheet: units, points, and what caused them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from scoring.rules.columns.exact import show
from scoring.rules.explanation.steps import INDICATOR, Step, StepInput, nothing
from scoring.rules.methods.chinese import name_zh

ADDED, REMOVED, OF_OTHERS = "entry_added", "entry_removed", "entry_of_another_unit"
TARGET, SATISFACTION, SCORE = "target", "satisfaction", "score_of_another_indicator"
CATEGORY, RULE, CLAIM, RECORD = "category", "rule", "claim", "record"
CAUSES = (ADDED, REMOVED, OF_OTHERS, TARGET, SATISFACTION, SCORE, CATEGORY, RULE, CLAIM, RECORD)
"""What can differ: an entry, also of another unit, which moved what the unit is compared with, as
`CATEGORY` is; `RULE` are points, method or formula; `RECORD` what an entry said before it was
restated or corrected, or that a correction added something."""

_SOURCES = {
    "target": TARGET,
    "survey": SATISFACTION,
    "score": SCORE,
    "group": CATEGORY,
    "ledger": RECORD,
}
_PARTS_ZH = {"points": "分值", "method": "方法", "rule": "规则", "formula": "算式"}

_Parts = Mapping[tuple[str, str], Step]
"""The steps that a total adds up, by kind and code."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One input or rule that differs between the editions, with its value in both.

    `what` is one of `CAUSES`, `entry` the ledger entry.
    """

    what: str
    name: str
    before: str | None
    after: str | None
    entry: UUID | None = None

    @property
    def name_zh(self) -> str:
        """Its name in Chinese."""
        return _PARTS_ZH.get(self.name) or name_zh(self.name)


@dataclass(frozen=True, slots=True)
class PartDifference:
    """An indicator, claim or excess that differs between the editions, in points, and why.

    `before` or `after` is null where there was or is none, or its score is missing.
    """

    kind: str
    code: str
    name: str
    before: Decimal | None
    after: Decimal | None
    causes: tuple[Cause, ...]

    @property
    def change(self) -> Decimal | None:
        """Points gained, or lost below 0; null where either side has none."""
        return _change(self.before, self.after)


@dataclass(frozen=True, slots=True)
class UnitDifference:
    """A unit of which anything changed; totals in points, null where something is missing."""

    unit: str
    category: str
    before: Decimal | None
    after: Decimal | None
    parts: tuple[PartDifference, ...]

    @property
    def change(self) -> Decimal | None:
        """Points gained, or lost below 0; null where either side has no total."""
        return _change(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Side:
    """One unit in one edition: its total in points, and how it came about."""

    unit: str
    category: str
    total: Decimal | None
    tree: Step


def differences(before: Iterable[Side], after: Iterable[Side]) -> list[UnitDifference]:
    """Return the units that changed between two editions, the largest change of total first."""
    old, new = ({side.unit: side for side in sides} for sides in (before, after))
    found = [_unit(old.get(unit), new.get(unit)) for unit in dict.fromkeys([*new, *old])]
    changed = [each for each in found if each.parts or each.before != each.after]
    return sorted(_explained(changed), key=_furthest_first)


def entries_of(found: Iterable[UnitDifference]) -> list[UUID]:
    """Return the ledger entries that the differences name."""
    causes = (cause for unit in found for part in unit.parts for cause in part.causes)
    return sorted({cause.entry for cause in causes if cause.entry is not None})


def _unit(old: Side | None, new: Side | None) -> UnitDifference:
    side = new or old
    assert side is not None  # noqa: S101 - a unit is asked for because one side has it
    return UnitDifference(
        side.unit,
        side.category,
        old.total if old else None,
        new.total if new else None,
        tuple(_differing_parts(_parts(old), _parts(new))),
    )


def _differing_parts(was: _Parts, is_: _Parts) -> Iterator[PartDifference]:
    """Yield the parts that have another score than before, or that come about otherwise."""
    for key in dict.fromkeys([*is_, *was]):
        part = _part(was.get(key) or nothing(*key), is_.get(key) or nothing(*key))
        if part.causes or part.before != part.after:
            yield part


def _parts(side: Side | None) -> _Parts:
    """Return the steps of which a total is the sum: indicators, claims and excess."""
    steps = side.tree.scoring() if side else ()
    return {(step.kind, step.code): step for step in steps}


def _part(was: Step, is_: Step) -> PartDifference:
    if is_.kind == INDICATOR:
        causes = (
            *_entries(was, is_),
            *_inputs(was, is_),
            *_differing(was, is_, "points", "method"),
        )
        # How the numbers are put in differs with every input: it is a cause where nothing else is.
        causes = causes or tuple(_differing(was, is_, "rule", "formula"))
    else:
        causes = tuple(_claim(was, is_))
    return PartDifference(is_.kind, is_.code, is_.name or was.name, was.score, is_.score, causes)


def _entries(was: Step, is_: Step) -> Iterator[Cause]:
    old, new = (
        {entry: one for one in _all_inputs(step) for entry in one.entries} for step in (was, is_)
    )
    for entry in sorted(new.keys() - old.keys()):
        yield Cause(ADDED, new[entry].name, None, new[entry].value, entry)
    for entry in sorted(old.keys() - new.keys()):
        yield Cause(REMOVED, old[entry].name, old[entry].value, None, entry)


def _inputs(was: Step, is_: Step) -> Iterator[Cause]:
    old, new = (
        {(t.source, t.name): t.value for t in _all_inputs(step) if not t.entries}
        for step in (was, is_)
    )
    for source, name in dict.fromkeys([*new, *old]):
        before, after = old.get((source, name)), new.get((source, name))
        if before != after:
            yield Cause(_SOURCES.get(source, RULE), name, before, after)


def _differing(was: Step, is_: Step, *names: str) -> Iterator[Cause]:
    for name in names:
        before, after = (_shown(getattr(step, name)) for step in (was, is_))
        if before != after:
            yield Cause(RULE, name, before, after)


def _claim(was: Step, is_: Step) -> Iterator[Cause]:
    if (was.method, was.score) != (is_.method, is_.score):
        yield Cause(CLAIM, is_.code, was.method, is_.method)


def _all_inputs(step: Step) -> list[StepInput]:
    return [one for each in step.walk() for one in each.inputs]


def _explained(found: list[UnitDifference]) -> Iterator[UnitDifference]:
    """Yield the units, with entries of other units as causes where none of their own changed."""
    known: defaultdict[tuple[str, str], dict[Cause, str]] = defaultdict(dict)
    for unit in found:
        for part in unit.parts:
            own = {cause: unit.unit for cause in part.causes if cause.entry is not None}
            known[(unit.category, part.code)].update(own)
    for unit in found:
        yield replace(unit, parts=tuple(_named(part, unit, known) for part in unit.parts))


def _named(
    part: PartDifference,
    unit: UnitDifference,
    known: Mapping[tuple[str, str], Mapping[Cause, str]],
) -> PartDifference:
    if part.kind != INDICATOR or any(cause.entry for cause in part.causes):
        return part
    others = tuple(
        replace(cause, what=OF_OTHERS)
        for cause, whose in known[(unit.category, part.code)].items()
        if whose != unit.unit
    )
    return replace(part, causes=(*part.causes, *others))


def _furthest_first(one: UnitDifference) -> tuple[Decimal, str]:
    return (-abs(one.change or Decimal(0)), one.unit)


def _change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before


def _shown(value: Decimal | str | None) -> str | None:
    return show(value) if isinstance(value, Decimal) else value
