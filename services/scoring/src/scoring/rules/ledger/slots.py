"""Conflicts between entries: duplicates, zero reports beside events, and declarations.

Of two entries in conflict only the first can count.
"""

from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from scoring.rules.ledger.entries import (
    HAPPENED,
    MILESTONE,
    NOT_APPLICABLE,
    NOT_OWED,
    PROGRESS_REPORT,
    REVERSAL,
    ZERO_REPORT,
    months_of,
)
from scoring.rules.scheme.document import Scheme

Cell = tuple[str, str]
"""A unit and an indicator."""

Name = tuple[str, str]
"""What an entry is called, in English and in Chinese."""


class About(Protocol):
    """The fields by which entries are compared, whether they are stored or only handed in."""

    @property
    def unit(self) -> str:
        """The unit that it is about."""

    @property
    def indicator(self) -> str:
        """The indicator that it is entered for."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def key(self) -> str | None:
        """The name of its value or event."""

    @property
    def item(self) -> str | None:
        """The item, node, seat or piece."""

    @property
    def period(self) -> str:
        """The period that it is for."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry that is stored: what it is about, its state, the one that it reverses, what was
    entered by whom, and the day on which it happened."""

    entry_id: UUID
    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    state: str
    reverses: UUID | None = None
    value: Decimal | None = None
    author_unit: str | None = None
    occurred_on: date | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """Why an entry cannot count beside another one: a code, and the sentence in two languages.

    `{0}` stands for the other one.
    """

    code: str
    en: str
    zh: str


SAME = Clash(
    "duplicate-entry",
    "{0} is about the same unit, indicator, item and period.",
    "{0}的单位、指标、分项和期间相同。",
)
CONTRADICTED = Clash(
    "zero-report-contradicted",
    "{0} covers the period: either something is reported for it, or a zero report.",
    "{0}已涵盖该期间：同一期间或有记录，或为零报告，不能并存。",
)
REPORTED = Clash(
    "already-reported",
    "{0} is a zero report that covers the whole period.",
    "{0}为零报告，已涵盖整个期间。",
)
DECLARED = Clash(
    "not-applicable",
    "{0} declares the indicator, or one above it, not applicable; nothing else would be used.",
    "{0}已将该指标或其上级指标认定为不适用，其他记录不再使用。",
)
ENTERED = Clash(
    "entered-already",
    "{0} is entered for the indicator, or one below it, and would no longer be used.",
    "{0}为该指标或其下级指标的记录，认定不适用后将不再使用。",
)


def related(cells: Iterable[Cell], scheme: Scheme) -> set[Cell]:
    """Return the cells whose entries can clash with entries in these: above, below, themselves."""
    lines, categories = scheme.lines, scheme.category_of()
    found = set[Cell]()
    for unit, indicator in set(cells):
        of = lines[categories[unit].code] if unit in categories else {}
        above = of.get(indicator, ())
        found |= {(unit, code) for code, line in of.items() if indicator in line or code in above}
    return found


def counting(stored: Iterable[StoredEntry], leaving: Iterable[UUID] = ()) -> list[StoredEntry]:
    """Return the entries without reversals, and without those that a reversal takes out.

    `leaving` are taken out besides.
    """
    stored = list(stored)
    gone = {each.reverses for each in stored if each.kind == REVERSAL} | {*leaving}
    return [each for each in stored if each.kind != REVERSAL and each.entry_id not in gone]


@dataclass(slots=True)
class EnteredSlots:
    """An index of entries, by which conflicts of the next one are found without comparing pairs."""

    scheme: Scheme
    _slots: dict[Hashable, Name] = field(default_factory=dict)
    _reports: dict[Cell, dict[str, Name]] = field(default_factory=dict)
    _zeros: dict[Cell, dict[str, Name]] = field(default_factory=dict)
    _declared: dict[Cell, Name] = field(default_factory=dict)
    _entered: dict[Cell, Name] = field(default_factory=dict)

    def add(self, entry: About, name: Name) -> None:
        """Add an entry under the name by which others will be told of it."""
        if entry.kind == PROGRESS_REPORT:
            return
        cell = (entry.unit, entry.indicator)
        if (slot := slot_of(entry)) is not None:
            self._slots.setdefault(slot, name)
        if entry.kind == NOT_APPLICABLE:
            self._declared.setdefault(cell, name)
            return
        if entry.kind not in NOT_OWED:
            reports = self._zeros if entry.key == ZERO_REPORT else self._reports
            reports.setdefault(cell, {}).setdefault(entry.period, name)
        # All above it as well, because what is declared there silences it.
        line = self._line(entry)
        for code in line:
            self._entered.setdefault((entry.unit, code), name)

    def clash(self, entry: About) -> tuple[Clash, Name] | None:
        """Return why an entry cannot count beside those that are there, and beside which; a unit's
        own words count nowhere."""
        if entry.kind == PROGRESS_REPORT:
            return None
        cell, slot = (entry.unit, entry.indicator), slot_of(entry)
        if slot is not None and slot in self._slots:
            return SAME, self._slots[slot]
        if (declared := self._declared_above(entry)) is not None:
            return DECLARED, declared
        if entry.kind == NOT_APPLICABLE:
            return (ENTERED, self._entered[cell]) if cell in self._entered else None
        if entry.kind in NOT_OWED:
            return None
        return self._reported(entry.key == ZERO_REPORT, cell, months_of(entry.period))

    def _reported(self, zero: bool, cell: Cell, months: Set[int]) -> tuple[Clash, Name] | None:
        """Return the conflict of an entry, or a `zero` report, with reports of the same months."""
        for period, name in (self._reports if zero else self._zeros).get(cell, {}).items():
            if months & months_of(period):
                return CONTRADICTED, name
        for period, name in (self._zeros.get(cell, {}) if zero else {}).items():
            if months <= months_of(period):
                return REPORTED, name
        return None

    def _line(self, entry: About) -> tuple[str, ...]:
        category = self.scheme.category_of().get(entry.unit)
        return self.scheme.lines[category.code].get(entry.indicator, ()) if category else ()

    def _declared_above(self, entry: About) -> Name | None:
        line = self._line(entry)
        above = line[1:] if entry.kind == NOT_APPLICABLE else line
        found = (self._declared.get((entry.unit, code)) for code in above)
        return next((name for name in found if name is not None), None)


def slot_of(entry: About) -> Hashable:
    """Return the key that only one entry can have; None for what may happen several times.

    A node has one status in the whole year. Zero reports are compared by what they cover.
    """
    if entry.kind in HAPPENED or entry.key == ZERO_REPORT:
        return None
    period = None if entry.kind == MILESTONE else entry.period
    return (entry.unit, entry.indicator, entry.kind, entry.key, entry.item, period)
