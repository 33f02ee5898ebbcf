"""How the columns of a category come out of the ledger and the targets."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np

from scoring.rules.columns.values import (
    BASELINE,
    SATISFACTION,
    TARGET,
    Column,
    NotByColumns,
    Slot,
    Words,
    column_of,
)
from scoring.rules.columns.whole import Mask
from scoring.rules.entries import (
    EVENT,
    MILESTONE,
    NOT_APPLICABLE,
    PANEL_MARK,
    PER_EVENT,
    ZERO_REPORT,
    Entry,
    unreported,
)
from scoring.rules.samples import Satisfaction, ShortSample, number
from scoring.rules.scheme import Target

_Place = tuple[str, str, str | None, str | None, str]
"""Kind, indicator, key, item and period of entries."""


class Ledger:
    """Columns read from the counted entries and the targets in force, for one category's units.

    Two entries for what there may be one of contradict each other and count as none; how often
    something was entered is kept, because a column must tell both from silence.
    """

    def __init__(
        self,
        group: Sequence[str],
        *,
        year: int,
        zero_report_required: bool,
        entries: Iterable[Entry],
        targets: Iterable[Target],
        satisfaction: Mapping[tuple[str, str], Satisfaction],
    ) -> None:
        self.units, self._group, self._year = len(group), group, str(year)
        self._zero_report_required, self._satisfaction = zero_report_required, satisfaction
        rows = {unit: row for row, unit in enumerate(group)}
        self._entered: dict[_Place, dict[int, list[Entry]]] = {}
        self._slots: dict[tuple[str, str], list[_Place]] = {}
        for entry in entries:
            if (row := rows.get(entry.unit)) is not None:
                place = (entry.kind, entry.indicator, entry.key, entry.item, entry.period)
                found = self._entered.get(place)
                if found is None:
                    self._slots.setdefault((entry.indicator, entry.kind), []).append(place)
                    found = self._entered[place] = {}
                found.setdefault(row, []).append(entry)
        self._targets: dict[str, dict[str | None, dict[int, Target]]] = {}
        for target in targets:
            if (row := rows.get(target.unit)) is not None:
                items = self._targets.setdefault(target.indicator, {})
                items.setdefault(target.item, {})[row] = target
        if any(kind == NOT_APPLICABLE for _, kind in self._slots):
            raise NotByColumns("points that move where an indicator does not apply")

    def numbers(self, indicator: str, slot: Slot) -> Column:
        """Return a column of numbers; contradicting entries count as none."""
        if slot.source == SATISFACTION:
            return self._satisfied(slot.key or "")
        if slot.source in (TARGET, BASELINE):
            return self._aims(indicator, slot)
        if slot.source == EVENT:
            return self._events(indicator, slot.key)
        found = self._at(indicator, slot)
        return self._spread({row: _only(each) for row, each in found.items()})

    def words(self, indicator: str, slot: Slot) -> Words:
        """Return a column of words; contradicting entries count as none."""
        found = self._at(indicator, slot)
        if slot.source == MILESTONE:
            found = self._nodes(indicator, slot.item)
        return Words.of([_word(found.get(row, ())) for row in range(self.units)])

    def keys(self, indicator: str, source: str) -> list[str]:
        """Return the items of all targets, or the items and keys of all entries of a kind."""
        if source == TARGET:
            return sorted(item for item in self._targets.get(indicator, ()) if item is not None)
        places = self._slots.get((indicator, source), ())
        return sorted({item or key or "" for _, _, key, item, _ in places})

    def reported(self, indicator: str, frequency: str) -> Mask:
        """Say for which units the whole year is reported, by events or zero reports, where it
        has to be."""
        if not self._zero_report_required:
            return np.ones(self.units, dtype=np.bool_)
        periods, happened = dict[int, set[str]](), set[int]()
        for place in self._slots.get((indicator, EVENT), ()):
            for row in self._entered[place]:
                periods.setdefault(row, set()).add(place[4])
            if place[2] != ZERO_REPORT:
                happened.update(self._entered[place])
        told = happened if frequency == PER_EVENT else set[int]()
        whole = (row for row, of in periods.items() if not unreported(of, frequency, self._year))
        return self._mask({*told, *whole})

    def lowered(self, indicator: str) -> Mask:
        """Say whose target a revision has lowered."""
        aims = self._targets.get(indicator, {}).values()
        return self._mask(row for of in aims for row, target in of.items() if target.lowered)

    def planned(self, indicator: str, item: str) -> Mask:
        """Say for which units an item is planned, with or without a number."""
        return self._mask(self._targets.get(indicator, {}).get(item, ()))

    def entered(self, indicator: str, node: str) -> Mask:
        """Say for which units a status of the node was entered, however often."""
        return self._mask({**self._nodes(indicator, node), **self._nodes(indicator, node or None)})

    def marks_itself(self, indicator: str) -> bool:
        """Say whether a mark was given by the assessed unit itself."""
        return any(
            entry.author_unit == entry.unit
            for place in self._slots.get((indicator, PANEL_MARK), ())
            for entries in self._entered[place].values()
            for entry in entries
        )

    def _at(self, indicator: str, slot: Slot) -> Mapping[int, list[Entry]]:
        period = self._year + (slot.period or "")
        return self._entered.get((slot.source, indicator, slot.key, slot.item, period), {})

    def _nodes(self, indicator: str, node: str | None) -> dict[int, list[Entry]]:
        """Return what was entered for a node in any period."""
        found: dict[int, list[Entry]] = {}
        for place in self._slots.get((indicator, MILESTONE), ()):
            if place[3] == node:
                for row, entries in self._entered[place].items():
                    found.setdefault(row, []).extend(entries)
        return found

    def _events(self, indicator: str, key: str | None) -> Column:
        counts = dict.fromkeys(range(self.units), Fraction(0))
        for place in self._slots.get((indicator, EVENT), ()):
            if (place[2] or "") == key:
                for row, entries in self._entered[place].items():
                    counts[row] += sum(Fraction(entry.value or 0) for entry in entries)
        return column_of([(each.numerator, each.denominator) for each in counts.values()])

    def _aims(self, indicator: str, slot: Slot) -> Column:
        """Return targets or baselines; a period's own before that of the year, as in `Inputs`."""
        aims = self._targets.get(indicator, {})
        found = dict(aims.get(slot.item or slot.key, {}))
        if slot.period and slot.item is None:
            found |= aims.get(slot.period, {})
        target = slot.source == TARGET
        return self._spread({r: t.target if target else t.baseline for r, t in found.items()})

    def _satisfied(self, survey: str) -> Column:
        found = [self._satisfaction.get((survey, unit)) for unit in self._group]
        if any(isinstance(each, ShortSample) and number(each) is None for each in found):
            raise NotByColumns("a survey in which too few answered")
        return Column.of([number(each) for each in found])

    def _spread(self, found: Mapping[int, Decimal | None]) -> Column:
        return Column.of([found.get(row) for row in range(self.units)])

    def _mask(self, rows: Iterable[int]) -> Mask:
        mask = np.zeros(self.units, dtype=np.bool_)
        mask[list(rows)] = True
        return mask


def _only(entries: Sequence[Entry]) -> Decimal | None:
    return entries[0].value if len(entries) == 1 else None


def _word(entries: Sequence[Entry]) -> str | None:
    return entries[0].word if len(entries) == 1 else None
