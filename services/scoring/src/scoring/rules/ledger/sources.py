"""Entries, targets and survey results of a category, indexed so that methods take columns of them.

Entries that are about the same thing of an indicator (kind, key, item and period) lie together in
a `Slot`, unit by unit. Nothing is decided here: two entries where one is wanted stay two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

import numpy as np

from scoring.rules.columns.column import without
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Array, Mask
from scoring.rules.ledger.entries import BY_ID, NOT_APPLICABLE, Entry
from scoring.rules.ledger.samples import Satisfaction
from scoring.rules.scheme.document import Scheme, Target


class SlotKey(NamedTuple):
    """The key, item and period that tell the entries of one kind and indicator apart."""

    key: str | None
    item: str | None
    period: str


@dataclass(slots=True)
class Slot:
    """The entries of all units with one key, item and period in order of their ids, and their rows.

    A unit mostly has one. Numbers of those that have, and how many each has, are columns.
    """

    size: int
    rows: list[int] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    _numbers: Quotients | None = None
    _counts: Array | None = None
    _of: dict[int, list[Entry]] | None = None

    @property
    def counts(self) -> Array:
        """How many entries each row has."""
        if self._counts is None:
            self._counts = np.bincount(self.rows, minlength=self.size)
        return self._counts

    @property
    def numbers(self) -> Quotients:
        """The value of each row that has just one entry; 0 for the others."""
        if self._numbers is None:
            found = [Decimal(0)] * self.size
            for row, entry in zip(self.rows, self.entries, strict=True):
                if entry.value is not None:
                    found[row] = entry.value
            self._numbers = Quotients.of(found)
        return self._numbers

    def of(self, row: int) -> Sequence[Entry]:
        """Return the entries of a row."""
        if self._of is None:
            self._of = {}
            for each, entry in zip(self.rows, self.entries, strict=True):
                self._of.setdefault(each, []).append(entry)
        return self._of.get(row, ())


@dataclass(slots=True)
class TargetsByRow:
    """The targets of all units for one item of an indicator, by row."""

    of: dict[int, Target]
    _columns: dict[str, tuple[Quotients, list[int]]] = field(default_factory=dict)

    def column(self, name: str, size: int) -> tuple[Quotients, list[int]]:
        """Return the targets, baselines or pledges of all rows, and the rows without one."""
        if name not in self._columns:
            numbers = {row: getattr(target, name) for row, target in self.of.items()}
            found = [numbers.get(row) for row in range(size)]
            wanting = [row for row, number in enumerate(found) if number is None]
            column = Quotients.of([number or Decimal(0) for number in found])
            self._columns[name] = column, wanting
        return self._columns[name]


Slots = Mapping[SlotKey, Slot]
_NO_SLOTS: Slots = {}


class Sources:
    """Entries, targets and survey results of the units of a category, each unit a row.

    `group` are the category's units; `units` those of them whose rows are here, mostly all. By an
    entry that restates another, `former` is what that one told; `corrected` are those that were
    entered after the seal, `frauds` by row those that the committee found to be fraud.
    """

    def __init__(
        self,
        scheme: Scheme,
        units: Sequence[str],
        *,
        group: Sequence[str],
        entries: Iterable[Entry],
        targets: Iterable[Target],
        satisfaction: Mapping[tuple[str, str], Satisfaction],
    ) -> None:
        self.year = str(scheme.assessment_year)
        self.seats = {panel.code: panel.seats for panel in scheme.panels}
        category = scheme.category_of().get(group[0]) if group else None
        self.indicators = category.indicators() if category else {}
        self.zero_report_required = scheme.ledger.zero_report_required
        self.units, self.group, self.size = tuple(units), tuple(group), len(units)
        self._satisfaction = satisfaction
        self._slots: dict[tuple[str, str], dict[SlotKey, Slot]] = {}
        self._targets: dict[str, dict[str | None, TargetsByRow]] = {}
        self.declared: dict[str, dict[int, Entry]] = {}
        self.former: dict[UUID, str] = {}
        self.corrected: dict[UUID, Entry] = {}
        self.frauds: dict[int, list[Entry]] = {}
        self._records: dict[tuple[str, str], dict[int, list[Entry]]] = {}
        self._by_row: list[tuple[list[Target], dict[str, Satisfaction]]] | None = None
        self._rows = {unit: row for row, unit in enumerate(self.units)}
        self._index(entries)
        for target in targets:
            if (row := self._rows.get(target.unit)) is not None:
                items = self._targets.setdefault(target.indicator, {})
                items.setdefault(target.item, TargetsByRow({})).of[row] = target

    def _index(self, entries: Iterable[Entry]) -> None:
        rows, slots, size = self._rows, dict[tuple[str | None, ...], Slot](), self.size
        for entry in entries:
            row = rows.get(entry.unit)
            if row is None:
                continue
            if entry.corrected:
                self.corrected[entry.entry_id] = entry
            elif entry.former is not None:
                self.former[entry.entry_id] = entry.former
            if entry.fraud is not None:
                self.frauds.setdefault(row, []).append(entry)
            if entry.kind == NOT_APPLICABLE:
                self.declared.setdefault(entry.indicator, {}).setdefault(row, entry)
                continue
            about = (entry.indicator, entry.kind, entry.key, entry.item, entry.period)
            slot = slots.get(about)
            if slot is None:
                slot = slots[about] = Slot(size)
                key = SlotKey(entry.key, entry.item, entry.period)
                self._slots.setdefault((entry.indicator, entry.kind), {})[key] = slot
            slot.rows.append(row)
            slot.entries.append(entry)

    @cached_property
    def all_rows(self) -> Array:
        """The positions of all rows."""
        return np.arange(self.size)

    def rows_without(self, out: Mapping[int, object]) -> Array:
        """Return the positions of all rows but some."""
        return without(self.size, out) if out else self.all_rows

    def mask_of(self, units: Iterable[str]) -> Mask:
        """Return the mask of the rows of some units; of others there may be no rows here."""
        mask = np.zeros(self.size, dtype=np.bool_)
        mask[[row for unit in units if (row := self._rows.get(unit)) is not None]] = True
        return mask

    def slots(self, indicator: str, kind: str) -> Slots:
        """Return what was entered of one kind for an indicator."""
        return self._slots.get((indicator, kind), _NO_SLOTS)

    def records(self, indicator: str, kind: str) -> Mapping[int, Sequence[Entry]]:
        """Return what was entered of one kind for an indicator by row, in the order of the ids."""
        about = (indicator, kind)
        if about not in self._records:
            found: dict[int, list[Entry]] = {}
            for slot in self.slots(*about).values():
                for row, entry in zip(slot.rows, slot.entries, strict=True):
                    found.setdefault(row, []).append(entry)
            for records in found.values():
                records.sort(key=BY_ID)
            self._records[about] = found
        return self._records[about]

    def slot(
        self, indicator: str, kind: str, key: str | None, item: str | None, period: str
    ) -> Slot | None:
        """Return the entries about one thing; None where nobody has any."""
        return self.slots(indicator, kind).get(SlotKey(key, item, period))

    def targets(self, indicator: str) -> Mapping[str | None, TargetsByRow]:
        """Return the targets for an indicator by item; None is the indicator itself."""
        return self._targets.get(indicator, {})

    def known_of(self, row: int) -> tuple[tuple[Target, ...], dict[str, Satisfaction]]:
        """Return all targets of the unit of a row, and by survey what was found of it."""
        if self._by_row is None:
            self._by_row = [([], {}) for _ in self.units]
            for items in self._targets.values():
                for aims in items.values():
                    for at, target in aims.of.items():
                        self._by_row[at][0].append(target)
            for (survey, unit), satisfaction in sorted(
                self._satisfaction.items(), key=lambda pair: pair[0]
            ):
                if (own := self._rows.get(unit)) is not None:
                    self._by_row[own][1][survey] = satisfaction
        targets, found = self._by_row[row]
        ordered = sorted(targets, key=lambda each: (each.indicator, each.item or ""))
        return tuple(ordered), found

    def satisfaction(self, survey: str, row: int) -> Satisfaction:
        """Return what a survey found for the unit of a row, if it found anything."""
        return self._satisfaction.get((survey, self.units[row]))
