"""The values of all units of a category, column by column, and how they come out of the ledger."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

import numpy as np

from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Array, Mask, Whole
from scoring.rules.entries import MILESTONE

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
        return cls(column_of(pairs).values, np.array([n is not None for n in numbers], np.bool_))

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

    def reported(self, indicator: str, frequency: str) -> Mask:
        """Say for which units the whole year is reported, by events or zero reports, where it
        has to be."""

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

    def reported(self, indicator: str, frequency: str) -> Mask:
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


def column_of(pairs: Sequence[tuple[int, int]]) -> Column:
    """Return the column of these fractions over one denominator, for every unit."""
    below = math.lcm(*{divisor for _, divisor in pairs})
    above = Whole.of([number * (below // divisor) for number, divisor in pairs])
    return Column(Quotients(above, below), np.ones(len(pairs), dtype=np.bool_))


def _nobody(units: int) -> Column:
    zeros: Iterable[int] = np.zeros(units, dtype=np.int64)
    return Column(Quotients(Whole.of(zeros)), np.zeros(units, dtype=np.bool_))
