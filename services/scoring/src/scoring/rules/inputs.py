"""From the ledger, the targets and the surveys to the named inputs of one unit's one indicator.

Every input that is taken is remembered with the entries it came from, so that a score can be
explained down to them; every input that is missing is named, so that silence is never a zero.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TypeVar
from uuid import UUID

from scoring.rules.entries import EVENT, GRADE, MEASURED_VALUE, MILESTONE, PANEL_MARK, Entry
from scoring.rules.exact import show
from scoring.rules.gaps import Gap, Reason
from scoring.rules.params import Params
from scoring.rules.scheme import Target

T = TypeVar("T")
_Slot = tuple[str, str | None, str | None, str]


@dataclass(frozen=True, slots=True)
class Used:
    """An input that a score was computed from.

    `source` is ledger, target, group or survey; `entries` are the ledger entries it came from.
    """

    name: str
    value: str
    source: str
    entries: tuple[UUID, ...] = ()


class Facts:
    """All that is known in a cycle, indexed. What is not in here has not been entered."""

    def __init__(
        self,
        year: int,
        *,
        zero_report_required: bool,
        entries: Iterable[Entry],
        targets: Iterable[Target],
        satisfaction: Mapping[tuple[str, str], Decimal | None],
    ) -> None:
        self.year = str(year)
        self.zero_report_required = zero_report_required
        self._satisfaction = satisfaction
        self._entries: dict[tuple[str, str], list[Entry]] = {}
        self._measured: dict[_Slot, dict[str, list[Entry]]] = {}
        for entry in sorted(entries, key=lambda each: each.entry_id):
            self._entries.setdefault((entry.unit, entry.indicator), []).append(entry)
            if entry.kind == MEASURED_VALUE:
                slot = (entry.indicator, entry.key, entry.item, entry.period)
                self._measured.setdefault(slot, {}).setdefault(entry.unit, []).append(entry)
        self._targets: dict[tuple[str, str], dict[str | None, Target]] = {}
        for target in targets:
            items = self._targets.setdefault((target.unit, target.indicator), {})
            items[target.item] = target

    def entries(self, unit: str, indicator: str, kind: str) -> list[Entry]:
        """Return the unit's entries of one kind for an indicator, in the order of their ids."""
        found = self._entries.get((unit, indicator), ())
        return [entry for entry in found if entry.kind == kind]

    def measured(
        self, indicator: str, key: str, item: str | None, period: str
    ) -> Mapping[str, list[Entry]]:
        """Return the measured values of one name, item and period, by unit."""
        return self._measured.get((indicator, key, item, period), {})

    def targets(self, unit: str, indicator: str) -> Mapping[str | None, Target]:
        """Return the unit's targets for an indicator by item; None is the indicator itself."""
        return self._targets.get((unit, indicator), {})

    def satisfaction(self, survey: str, unit: str) -> Decimal | None:
        """Return what the survey found for the unit, if it found anything."""
        return self._satisfaction.get((survey, unit))


class Inputs:
    """The inputs of one unit for one indicator, or for one component of it named by `key`."""

    def __init__(
        self,
        facts: Facts,
        group: tuple[str, ...],
        unit: str,
        indicator: str,
        *,
        points: Decimal,
        params: Params,
        places: int,
        key: str | None = None,
        used: list[Used] | None = None,
    ) -> None:
        self.facts = facts
        self.group = group
        self.unit = unit
        self.indicator = indicator
        self.points = points
        self.params = params
        self.places = places
        self.used: list[Used] = [] if used is None else used
        self._key = key

    def component(self, key: str, params: Params) -> "Inputs":
        """Return the inputs of a component: `key` keys its values and itemises its targets."""
        return Inputs(
            self.facts,
            self.group,
            self.unit,
            self.indicator,
            points=self.points,
            params=params,
            places=self.places,
            key=key,
            used=self.used,
        )

    def measured(self, name: str, item: str | None = None, period: str | None = None) -> Decimal:
        """Return the measured value of that name, for the year unless a period is given."""
        key, when = self._key or name, period or self.facts.year
        entered = self.facts.measured(self.indicator, key, item, when).get(self.unit, [])
        entry = self._only(entered, _label(key, item, when))
        assert entry.value is not None  # noqa: S101 - a measured value has one, see rules/ledger.py
        label = _label(key, item, period)
        self.used.append(Used(label, show(entry.value), "ledger", (entry.entry_id,)))
        return entry.value

    def others(self, name: str, period: str | None = None) -> dict[str, Decimal]:
        """Return the values of all units of the category that have one, and remember how many."""
        key, when = self._key or name, period or self.facts.year
        entered = self.facts.measured(self.indicator, key, None, when)
        found = ((unit, entered.get(unit, ())) for unit in self.group)
        values = {
            unit: entries[0].value
            for unit, entries in found
            if len(entries) == 1 and entries[0].value is not None
        }
        compared = f"{len(values)} of {len(self.group)}"
        self.used.append(Used(_label("units compared", None, period), compared, "group"))
        return values

    def target(self, item: str | None = None) -> Decimal:
        """Return the target of the indicator, or of one of its items."""
        return self._aim("target", item, lambda target: target.target)

    def baseline(self) -> Decimal:
        """Return the baseline (基数) of the indicator."""
        return self._aim("baseline", None, lambda target: target.baseline)

    def items(self) -> list[str]:
        """Return the items that the unit has targets for, in natural order."""
        targets = self.facts.targets(self.unit, self.indicator)
        return sorted((item for item in targets if item is not None), key=_natural)

    def events(self) -> list[Entry]:
        """Return the year's events, zero reports among them."""
        return self._of(EVENT)

    def nodes(self) -> dict[str, str]:
        """Return the status of each node planned as an item of the target, or else entered."""
        entered = self._of(MILESTONE)
        expected = self.items() or sorted({entry.item or "" for entry in entered}, key=_natural)
        if not expected:
            raise Gap([_missing("node")])
        words = all_of(partial(self._word, entered, f"node {node}", node) for node in expected)
        return dict(zip(expected, words, strict=True))

    def grade(self) -> str:
        """Return the grade given for the year."""
        return self._word(self._of_the_year(GRADE), "grade", None)

    def marks(self, size: int) -> list[Decimal]:
        """Return the marks of a panel of `size`, in the order of its members."""
        entered = self._of_the_year(PANEL_MARK)
        return all_of(partial(self._mark, entered, str(seat)) for seat in range(1, size + 1))

    def satisfaction(self, survey: str) -> Decimal:
        """Return what the survey found for the unit."""
        found = self.facts.satisfaction(survey, self.unit)
        if found is None:
            raise Gap(
                [
                    Reason(
                        f"Survey {survey} has no satisfaction for {self.unit}.",
                        f"调查“{survey}”没有{self.unit}的满意度。",
                    )
                ]
            )
        self.used.append(Used(f"satisfaction, {survey}", show(found), "survey"))
        return found

    def _of(self, kind: str) -> list[Entry]:
        return self.facts.entries(self.unit, self.indicator, kind)

    def _of_the_year(self, kind: str) -> list[Entry]:
        return [entry for entry in self._of(kind) if entry.period == self.facts.year]

    def _word(self, entered: list[Entry], label: str, item: str | None) -> str:
        entry = self._only([each for each in entered if each.item == item], label)
        self.used.append(Used(label, entry.word or "", "ledger", (entry.entry_id,)))
        return entry.word or ""

    def _mark(self, entered: list[Entry], seat: str) -> Decimal:
        label = f"mark {seat}"
        entry = self._only([each for each in entered if each.item == seat], label)
        assert entry.value is not None  # noqa: S101 - a mark has a value, see rules/ledger.py
        self.used.append(Used(label, show(entry.value), "ledger", (entry.entry_id,)))
        return entry.value

    def _aim(
        self, name: str, item: str | None, read: Callable[[Target], Decimal | None]
    ) -> Decimal:
        item = item or self._key
        target = self.facts.targets(self.unit, self.indicator).get(item)
        value = read(target) if target else None
        if value is None:
            raise Gap([_missing(_label(name, item, None))])
        self.used.append(Used(_label(name, item, None), show(value), "target"))
        return value

    def _only(self, entries: list[Entry], label: str) -> Entry:
        if not entries:
            raise Gap([_missing(label)])
        if len(entries) > 1:
            raise Gap(
                [
                    Reason(
                        f"{label}: {len(entries)} verified entries; reverse all but one.",
                        f"{label}：有{len(entries)}条已审核记录，请冲销多余的记录。",
                    )
                ]
            )
        return entries[0]


def all_of(asks: Iterable[Callable[[], T]]) -> list[T]:
    """Return every answer, or raise one `Gap` with the reasons of all that have none."""
    answers, reasons = [], list[Reason]()
    for ask in asks:
        try:
            answers.append(ask())
        except Gap as gap:
            reasons += gap.reasons
    if reasons:
        raise Gap(reasons)
    return answers


def _label(name: str, item: str | None, period: str | None) -> str:
    return ", ".join(part for part in (name, item and f"item {item}", period) if part)


def _missing(label: str) -> Reason:
    return Reason(f"{label} is missing.", f"缺少 {label}。")


def _natural(item: str) -> tuple[int, str]:
    return (len(item), item)
