"""All that is known in a cycle, indexed: the ledger, the targets, what the surveys found."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar, cast

from scoring.rules.entries import MEASURED_VALUE, NOT_APPLICABLE, Entry
from scoring.rules.samples import Satisfaction
from scoring.rules.scheme import Target

T = TypeVar("T")
_Slot = tuple[str, str | None, str | None, str]
_NOBODY: Mapping[str, list[Entry]] = {}


class Facts:
    """All that is known in a cycle, indexed. What is not in here has not been entered."""

    def __init__(
        self,
        year: int,
        *,
        zero_report_required: bool,
        entries: Iterable[Entry],
        targets: Iterable[Target],
        satisfaction: Mapping[tuple[str, str], Satisfaction],
    ) -> None:
        self.year = str(year)
        self.zero_report_required = zero_report_required
        self._satisfaction = satisfaction
        self._entries: dict[tuple[str, str], list[Entry]] = {}
        self._measured: dict[_Slot, dict[str, list[Entry]]] = {}
        for entry in sorted(entries, key=lambda each: each.entry_id.int):
            self._entries.setdefault((entry.unit, entry.indicator), []).append(entry)
            if entry.kind == MEASURED_VALUE:
                slot = (entry.indicator, entry.key, entry.item, entry.period)
                self._measured.setdefault(slot, {}).setdefault(entry.unit, []).append(entry)
        self._targets: dict[tuple[str, str], dict[str | None, Target]] = {}
        for target in targets:
            items = self._targets.setdefault((target.unit, target.indicator), {})
            items[target.item] = target
        self._groups: list[tuple[str, ...]] = []
        self._found: dict[tuple[object, ...], object] = {}

    def entries(self, unit: str, indicator: str, kind: str) -> list[Entry]:
        """Return the unit's entries of one kind for an indicator, in the order of their ids."""
        found = self._entries.get((unit, indicator), ())
        return [entry for entry in found if entry.kind == kind]

    def not_applicable(self, unit: str, indicator: str) -> Entry | None:
        """Return the entry that declares the indicator not applicable to the unit (不适用)."""
        declared = self.entries(unit, indicator, NOT_APPLICABLE)
        return declared[0] if declared else None

    def measured(
        self, indicator: str, key: str, item: str | None, period: str
    ) -> Mapping[str, list[Entry]]:
        """Return the measured values of one name, item and period, by unit."""
        return self._measured.get((indicator, key, item, period), _NOBODY)

    def measured_in(
        self, indicator: str, key: str, item: str | None, periods: Sequence[str], unit: str
    ) -> tuple[str, list[Entry]]:
        """Return the unit's values of the first of the periods that has any, and that period."""
        for period in periods:
            if entered := self.measured(indicator, key, item, period).get(unit):
                return period, entered
        return periods[0], []

    def of_group(
        self, group: tuple[str, ...], indicator: str, key: str, periods: Sequence[str]
    ) -> dict[str, Decimal]:
        """Return the one value of each unit of the group."""
        values: dict[str, Decimal] = {}
        for unit in group:
            _, entered = self.measured_in(indicator, key, None, periods, unit)
            value = entered[0].value if len(entered) == 1 else None
            if value is not None:
                values[unit] = value
        return values

    def targets(self, unit: str, indicator: str) -> Mapping[str | None, Target]:
        """Return the unit's targets for an indicator by item; None is the indicator itself."""
        return self._targets.get((unit, indicator), {})

    def satisfaction(self, survey: str, unit: str) -> Satisfaction:
        """Return what the survey found for the unit, if it found anything."""
        return self._satisfaction.get((survey, unit))

    def once(self, group: tuple[str, ...], what: tuple[object, ...], find: Callable[[], T]) -> T:
        """Return what is the same for every unit of a group, found at the first time of asking.

        Facts do not change, so it stays true. A group is known by being the same object, and is
        kept so that no other can come to lie in its place.
        """
        key = (id(group), *what)
        if key not in self._found:
            self._groups.append(group)
            self._found[key] = find()
        return cast(T, self._found[key])
