"""The values of all units of a category, column by column, and how they come out of the ledger."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

import numpy as np

from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Array, Mask, Whole
from scoring.rules.entries import EVENT, MEASURED_VALUE, MILESTONE, PANEL_MARK, Entry
from scoring.rules.facts import Facts
from scoring.rules.scheme import Target

TARGET, BASELINE, SATISFACTION = "target", "baseline", "satisfaction"


class NotByColumns(Exception):
    """What is asked cannot be computed by whole columns; the rules for one unit can."""


class Slot(NamedTuple):
    """Which values of an indicator: their source (a kind of entry, target, baseline, or
    satisfaction), and the key, item and period under which they were entered."""

    source: str
    key: str | None = None
    item: str | None = None
    period: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One number for every unit that is `present`; the others' is 0 and means nothing."""

    values: Quotients
    present: Mask

    @classmethod
    def scaled(cls, numbers: "Array | Sequence[int]", places: int) -> "Column":
        """Return the column of a table: whole numbers of the last of `places` decimals, for
        every unit."""
        whole = Whole.of(numbers)
        return cls(Quotients(whole, 10**places), np.ones(len(whole), dtype=np.bool_))

    @classmethod
    def of(cls, numbers: Sequence[Decimal | None]) -> "Column":
        """Return the column of these numbers, exactly."""
        pairs = [(0, 1) if n is None else n.as_integer_ratio() for n in numbers]
        below = math.lcm(*{divisor for _, divisor in pairs})
        above = Whole.of([number * (below // divisor) for number, divisor in pairs])
        return cls(Quotients(above, below), np.array([n is not None for n in numbers], np.bool_))

    def at(self, row: int) -> Fraction:
        """Return the number of one unit."""
        assert isinstance(self.values.below, int)  # noqa: S101 - a column has one denominator
        return Fraction(int(self.values.above.array[row]), self.values.below)


@dataclass(frozen=True, slots=True)
class Words:
    """One word for every unit as its position in `known`; -1 where there is none."""

    codes: Array
    known: tuple[str, ...]

    @classmethod
    def of(cls, words: Sequence[str | None]) -> "Words":
        """Return the column of these words."""
        known = tuple(sorted({word for word in words if word is not None}))
        code = {word: position for position, word in enumerate(known)}
        return cls(np.array([-1 if w is None else code[w] for w in words], np.int64), known)


class Values(Protocol):
    """Where the columns of a category come from."""

    @property
    def units(self) -> int:
        """The number of units, each a row of every column."""

    def numbers(self, indicator: str, slot: Slot) -> Column:
        """Return a column of numbers; nobody is present in one that nobody entered."""

    def words(self, indicator: str, slot: Slot) -> Words:
        """Return a column of words: grades, or the statuses of a node."""

    def keys(self, indicator: str, source: str) -> list[str]:
        """Return what is entered of a source: items of targets and nodes, names of events."""

    def reported(self, indicator: str) -> Mask:
        """Say for which units events or zero reports were entered, or neither is needed."""

    def lowered(self, indicator: str) -> Mask:
        """Say whose target a revision has lowered."""

    def planned(self, indicator: str, item: str) -> Mask:
        """Say for which units an item is planned, which is that it has a target."""

    def entered(self, indicator: str, node: str) -> Mask:
        """Say for which units a status of the node was entered, however often."""

    def marks_itself(self, indicator: str) -> bool:
        """Say whether a mark was given by the assessed unit itself."""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns given as they are: a table of a composite index, or values to simulate with."""

    units: int
    columns: Mapping[tuple[str, Slot], Column | Words]

    def numbers(self, indicator: str, slot: Slot) -> Column:
        """Return a column of numbers; nobody is present in one that is not given."""
        found = self.columns.get((indicator, slot))
        return found if isinstance(found, Column) else _nobody(self.units)

    def words(self, indicator: str, slot: Slot) -> Words:
        """Return a column of words."""
        found = self.columns.get((indicator, slot))
        return found if isinstance(found, Words) else Words.of([None] * self.units)

    def keys(self, indicator: str, source: str) -> list[str]:
        """Return the keys or items of a source that have a column."""
        slots = (slot for code, slot in self.columns if code == indicator)
        return sorted({s.item or s.key or "" for s in slots if s.source == source} - {""})

    def reported(self, indicator: str) -> Mask:
        """Take it that everything is reported."""
        return np.ones(self.units, dtype=np.bool_)

    def lowered(self, indicator: str) -> Mask:
        """Take it that no target was lowered."""
        return np.zeros(self.units, dtype=np.bool_)

    def planned(self, indicator: str, item: str) -> Mask:
        """Say for which units an item has a target."""
        return self.numbers(indicator, Slot(TARGET, None, item)).present

    def entered(self, indicator: str, node: str) -> Mask:
        """Say for which units the node has a status."""
        return self.words(indicator, Slot(MILESTONE, None, node)).codes >= 0

    def marks_itself(self, indicator: str) -> bool:
        """Take it that nobody marks itself."""
        return False


class Ledger:
    """Columns read from the facts of a cycle, for the units of one category."""

    def __init__(self, facts: Facts, group: Sequence[str]) -> None:
        self.units = len(group)
        self._facts, self._group = facts, group

    def numbers(self, indicator: str, slot: Slot) -> Column:
        """Return a column of numbers; contradicting entries count as none."""
        find = {
            MEASURED_VALUE: self._measured,
            PANEL_MARK: self._marks,
            EVENT: self._events,
            SATISFACTION: self._satisfaction,
        }.get(slot.source, self._aims)
        return Column.of(find(indicator, slot))

    def words(self, indicator: str, slot: Slot) -> Words:
        """Return a column of words; contradicting entries count as none."""
        return Words.of([self._word(unit, indicator, slot) for unit in self._group])

    def keys(self, indicator: str, source: str) -> list[str]:
        """Return the items of all targets, or the items and keys of all entries of a kind."""
        if source == TARGET:
            aims = (item for unit in self._group for item in self._facts.targets(unit, indicator))
            return sorted({item for item in aims if item})
        entries = (e for unit in self._group for e in self._facts.entries(unit, indicator, source))
        return sorted({entry.item or entry.key or "" for entry in entries})

    def reported(self, indicator: str) -> Mask:
        """Say for which units events or zero reports were entered, or neither is needed."""
        if not self._facts.zero_report_required:
            return np.ones(self.units, dtype=np.bool_)
        return self._mask(lambda unit: bool(self._facts.entries(unit, indicator, EVENT)))

    def lowered(self, indicator: str) -> Mask:
        """Say whose target a revision has lowered."""
        return self._mask(lambda unit: self._is_lowered(self._facts.targets(unit, indicator)))

    def planned(self, indicator: str, item: str) -> Mask:
        """Say for which units an item is planned, with or without a number."""
        return self._mask(lambda unit: item in self._facts.targets(unit, indicator))

    def entered(self, indicator: str, node: str) -> Mask:
        """Say for which units a status of the node was entered, however often."""
        return self._mask(
            lambda unit: any(
                (entry.item or "") == node
                for entry in self._facts.entries(unit, indicator, MILESTONE)
            )
        )

    def marks_itself(self, indicator: str) -> bool:
        """Say whether a mark was given by the assessed unit itself."""
        return any(
            entry.author_unit == unit
            for unit in self._group
            for entry in self._facts.entries(unit, indicator, PANEL_MARK)
        )

    @staticmethod
    def _is_lowered(targets: Mapping[str | None, Target]) -> bool:
        return None in targets and targets[None].lowered

    def _mask(self, holds: Callable[[str], bool]) -> Mask:
        return np.fromiter((holds(unit) for unit in self._group), np.bool_, self.units)

    def _measured(self, indicator: str, slot: Slot) -> list[Decimal | None]:
        period = self._facts.year + (slot.period or "")
        found = self._facts.measured(indicator, slot.key or "", slot.item, period)
        return [_only(found.get(unit, ())) for unit in self._group]

    def _marks(self, indicator: str, slot: Slot) -> list[Decimal | None]:
        entered = (self._facts.entries(unit, indicator, PANEL_MARK) for unit in self._group)
        year = self._facts.year
        return [
            _only([e for e in entries if e.item == slot.item and e.period == year])
            for entries in entered
        ]

    def _events(self, indicator: str, slot: Slot) -> list[Decimal | None]:
        entered = (self._facts.entries(unit, indicator, EVENT) for unit in self._group)
        return [
            sum((e.value or Decimal(0) for e in entries if (e.key or "") == slot.key), Decimal(0))
            for entries in entered
        ]

    def _satisfaction(self, _: str, slot: Slot) -> list[Decimal | None]:
        return [self._facts.satisfaction(slot.key or "", unit) for unit in self._group]

    def _aims(self, indicator: str, slot: Slot) -> list[Decimal | None]:
        aims = (self._facts.targets(unit, indicator) for unit in self._group)
        return [_aim(targets, slot) for targets in aims]

    def _word(self, unit: str, indicator: str, slot: Slot) -> str | None:
        entries = [
            entry
            for entry in self._facts.entries(unit, indicator, slot.source)
            if entry.item == slot.item
            and (slot.source == MILESTONE or entry.period == self._facts.year)
        ]
        return entries[0].word if len(entries) == 1 else None


def _only(entries: Sequence[Entry]) -> Decimal | None:
    return entries[0].value if len(entries) == 1 else None


def _aim(targets: Mapping[str | None, Target], slot: Slot) -> Decimal | None:
    """Return a target or baseline; a period's own before that of the year, as in `Inputs`."""
    own = targets.get(slot.period) if slot.period and slot.item is None else None
    target = own or targets.get(slot.item or slot.key)
    if target is None:
        return None
    return target.target if slot.source == TARGET else target.baseline


def _nobody(units: int) -> Column:
    zeros: Iterable[int] = np.zeros(units, dtype=np.int64)
    return Column(Quotients(Whole.of(zeros)), np.zeros(units, dtype=np.bool_))
