"""Lineage (沿革): what an indicator and a unit were in an earlier year, and what they reached.

An indicator goes on from those that it names, or from the one with its code; a unit from itself,
and from the units that became it since. Last year's value of both is this year's baseline (基数).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from scoring.rules.columns.exact import half_up, show
from scoring.rules.ledger.entries import MEASURED_VALUE, Entry, combined_from
from scoring.rules.methods.cells import VOLUME
from scoring.rules.scheme.compiled import EntryForm
from scoring.rules.scheme.document import Category, Indicator, Scheme
from scoring.rules.scheme.succession import Succession

PLACES = 12
"""The most decimals of a baseline, as of any number that is taken in."""


@dataclass(frozen=True, slots=True)
class Ancestor:
    """An indicator of an earlier year that one goes on from, and its share that is this one's."""

    code: str
    share: Decimal


class Ancestry:
    """Which indicators of an earlier year those of a category go on from."""

    def __init__(self, category: Category) -> None:
        self.indicators = category.indicators()
        self._named = {
            (each.assessment_year, each.code)
            for indicator in self.indicators.values()
            for each in indicator.succeeds or ()
        }

    def of(self, code: str, year: int) -> tuple[Ancestor, ...]:
        """Return the indicators of a year that one goes on from.

        One that names none goes on from the one with its code, unless another names that.
        """
        indicator = self.indicators[code]
        if indicator.succeeds is None:
            return () if (year, code) in self._named else (Ancestor(code, Decimal(1)),)
        return tuple(
            Ancestor(each.code, each.share)
            for each in indicator.succeeds
            if each.assessment_year == year
        )

    def waits(self, code: str, year: int) -> bool:
        """Say whether predecessors of an indicator may be found before that year."""
        succeeds = self.indicators[code].succeeds
        return succeeds is None or any(each.assessment_year < year for each in succeeds)


class Units:
    """Which units became which, from the beginning of one year to the end of another."""

    def __init__(
        self, successions: Iterable[Succession], earlier: int, later: int, assessed: Collection[str]
    ) -> None:
        """Keep what took effect after the first day of the `earlier` year, and by the end of the
        `later` one; `assessed` are the units that are still there then."""
        begin, end = dt.date(earlier, 1, 1), dt.date(later, 12, 31)
        self._assessed = assessed
        self._before: dict[str, list[str]] = {}
        self._after: dict[str, set[str]] = {}
        for each in successions:
            if begin < each.effective_on <= end:
                self._before.setdefault(each.unit, []).append(each.predecessor)
                self._after.setdefault(each.predecessor, set()).add(each.unit)

    def sources(self, unit: str) -> list[str]:
        """Return the unit, and all that became it, in the order of their codes."""
        found, waiting = {unit}, [unit]
        while waiting:
            for each in self._before.get(waiting.pop(), ()):
                if each not in found:
                    found.add(each)
                    waiting.append(each)
        return sorted(found)

    def is_split(self, unit: str) -> bool:
        """Say whether what a unit was is now with several."""
        here = {unit} if unit in self._assessed else set[str]()
        return len(self._after.get(unit, set()) | here) > 1


@dataclass(frozen=True, slots=True)
class Term:
    """An earlier value of one unit and indicator, with its share and the entry that says it."""

    unit: str
    indicator: str
    share: Decimal
    value: Decimal
    entry: UUID


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline with the earlier values that it comes from."""

    unit: str
    indicator: str
    item: str | None
    value: Decimal
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class OpenBaseline:
    """Why a unit has no baseline by its earlier values; `code` for programs."""

    unit: str
    indicator: str
    item: str | None
    code: str
    en: str
    zh: str


class _Nothing(Exception):
    """There is no baseline, and why."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(code)
        self.told = code, en, zh


@dataclass(frozen=True, slots=True)
class EarlierYear:
    """The scheme of an earlier year and its annual values, by unit and indicator."""

    scheme: Scheme
    values: Mapping[tuple[str, str], Sequence[Entry]]

    @property
    def year(self) -> int:
        """The assessment year."""
        return self.scheme.assessment_year

    def indicators(self) -> dict[str, Mapping[str, Indicator]]:
        """Return the indicators of each unit's category."""
        found: dict[str, Mapping[str, Indicator]] = {}
        for category in self.scheme.categories:
            found |= dict.fromkeys(category.units, category.indicators())
        return found


def annual_values(entries: Iterable[Entry], year: int) -> dict[tuple[str, str], list[Entry]]:
    """Return the measured values of a whole year, by unit and indicator."""
    found: dict[tuple[str, str], list[Entry]] = {}
    for each in entries:
        measured = each.kind == MEASURED_VALUE and each.key != VOLUME and each.value is not None
        if measured and each.period == str(year):
            found.setdefault((each.unit, each.indicator), []).append(each)
    return found


def ancestors_in(scheme: Scheme, codes: Collection[str], year: int) -> frozenset[str]:
    """Return the indicators of an earlier year that these go on from, in any category."""
    return frozenset(
        ancestor.code
        for category in scheme.categories
        for ancestry in (Ancestry(category),)
        for code in codes
        if code in ancestry.indicators
        for ancestor in ancestry.of(code, year)
    )


def baselines(
    scheme: Scheme, codes: Sequence[str], earlier: EarlierYear, successions: Iterable[Succession]
) -> tuple[list[Baseline], list[OpenBaseline]]:
    """Return the baselines of these indicators for all their units, and what has none and why."""
    assessed = set(scheme.category_of())
    units = Units(successions, earlier.year, scheme.assessment_year, assessed)
    measured = earlier.indicators()
    found, without = list[Baseline](), list[OpenBaseline]()
    for category, compiled in zip(scheme.categories, scheme.compiled.categories, strict=True):
        ancestry = Ancestry(category)
        forms = {each.indicator: each for each in compiled.indicators}
        for code in codes:
            if code not in ancestry.indicators:
                continue
            for unit in category.units:
                one = _One(unit, code, ancestry, earlier, units, measured)
                try:
                    found += one.baselines(forms[code].form_for(unit))
                except _Nothing as nothing:
                    without.append(OpenBaseline(unit, code, None, *nothing.told))
    return found, without


@dataclass(frozen=True, slots=True)
class _One:
    """One indicator of one unit, and where its earlier values are looked for."""

    unit: str
    code: str
    ancestry: Ancestry
    earlier: EarlierYear
    units: Units
    measured: Mapping[str, Mapping[str, Indicator]]

    def baselines(self, form: EntryForm | None) -> Iterator[Baseline]:
        indicator = self.ancestry.indicators[self.code]
        sources = list(self._sources(indicator))
        cells = [(each, self._cells(*each)) for each in sources]
        items = list(dict.fromkeys(item for _, cell in cells for item in cell))
        _fits(self.code, form, items)
        for item in items:
            terms = tuple(self._term(source, cell, item) for source, cell in cells)
            yield Baseline(
                self.unit, self.code, item, _together(terms, indicator, self.code), terms
            )

    def _sources(self, indicator: Indicator) -> Iterator[tuple[str, Ancestor]]:
        year, code = self.earlier.year, self.code
        ancestors = self.ancestry.of(code, year)
        if not ancestors:
            raise _Nothing(
                "indicator-new",
                f"{code} goes on from no indicator of {year}.",
                f"{code} 没有 {year} 年的前身指标。",
            )
        found = [
            (unit, ancestor)
            for unit in self.units.sources(self.unit)
            for ancestor in ancestors
            if self._measured(unit, ancestor.code) is not None
        ]
        if not found:
            raise _Nothing(
                "not-measured",
                f"In {year} nothing was measured of {self.unit} that {code} goes on from.",
                f"{year} 年 {self.unit} 没有 {code} 的前身指标。",
            )
        for unit, ancestor in found:
            self._check(unit, ancestor, indicator)
            yield unit, ancestor

    def _measured(self, unit: str, code: str) -> Indicator | None:
        return self.measured.get(unit, {}).get(code)

    def _check(self, unit: str, ancestor: Ancestor, indicator: Indicator) -> None:
        before = self._measured(unit, ancestor.code)
        if before is not None and before.measure != indicator.measure:
            raise _Nothing(
                "measured-otherwise",
                f"{ancestor.code} was measured in {before.measure}, {self.code} is in "
                f"{indicator.measure}.",
                f"{ancestor.code} 的计量单位为 {before.measure or '无'}，"
                f"{self.code} 为 {indicator.measure or '无'}。",
            )
        if self.units.is_split(unit):
            raise _Nothing(
                "unit-split",
                f"What {unit} was is now with several units.",
                f"{unit} 已拆分，其数值涉及多个单位。",
            )

    def _cells(self, unit: str, ancestor: Ancestor) -> dict[str | None, Entry]:
        """Return the values of one unit and indicator by item."""
        entries = self.earlier.values.get((unit, ancestor.code), ())
        before = self._measured(unit, ancestor.code)
        if before is not None and combined_from(before, str(self.earlier.year)):
            raise _Nothing(
                "of-shorter-periods",
                f"{ancestor.code} of {unit} was put together of values for shorter periods, some "
                "of which may be missing; give its baseline by hand.",
                f"{unit} 的 {ancestor.code} 由较短期间的数值合并得出，可能有缺，请手工填写基数。",
            )
        if not entries:
            raise _Nothing(
                "no-value",
                f"{ancestor.code} of {unit} has no verified value of the year.",
                f"{unit} 的 {ancestor.code} 没有已审核的年度数值。",
            )
        cells: dict[str | None, Entry] = {}
        for each in entries:
            if each.item in cells:
                raise _Nothing(
                    "several-values",
                    f"{ancestor.code} of {unit} has several values of the year.",
                    f"{unit} 的 {ancestor.code} 有多个年度数值。",
                )
            cells[each.item] = each
        return cells

    def _term(
        self, source: tuple[str, Ancestor], cell: Mapping[str | None, Entry], item: str | None
    ) -> Term:
        unit, ancestor = source
        entry = cell.get(item)
        if entry is None or entry.value is None:
            raise _Nothing(
                "no-value",
                f"{ancestor.code} of {unit} has no value for {item or 'the whole'}.",
                f"{unit} 的 {ancestor.code} 没有“{item or '整体'}”的数值。",
            )
        return Term(unit, ancestor.code, ancestor.share, entry.value, entry.entry_id)


def _fits(code: str, form: EntryForm | None, items: Iterable[str | None]) -> None:
    """Refuse values that an indicator has no single target for."""
    if form is None or not _takes(form) or not all(_has(form, item) for item in items):
        raise _Nothing(
            "taken-otherwise",
            f"{code} is not entered as that was; give its baseline by hand.",
            f"{code} 的录入方式与前身不同，请手工填写基数。",
        )


def _takes(form: EntryForm) -> bool:
    return form.kind == MEASURED_VALUE and sum(key != VOLUME for key in form.keys) == 1


def _has(form: EntryForm, item: str | None) -> bool:
    if item is None:
        return not (form.items or form.any_item)
    return form.any_item or item in form.items


def _together(terms: Sequence[Term], indicator: Indicator, code: str) -> Decimal:
    """Return what earlier values come to: one as it is, several as the indicator says."""
    parts = [Fraction(each.value) * Fraction(each.share) for each in terms]
    if len(parts) == 1 or indicator.aggregate == "sum":
        whole = sum(parts, Fraction(0))
    elif indicator.aggregate == "mean":
        whole = sum(parts, Fraction(0)) / len(parts)
    else:
        told = "; ".join(f"{each.unit} {each.indicator}: {show(each.value)}" for each in terms)
        raise _Nothing(
            "several",
            f"{code} does not say what several values come to: {told}.",
            f"{code} 未规定多个数值如何合并：{told}。",
        )
    return Decimal(show(half_up(whole, PLACES)))


# Over the years.


@dataclass(frozen=True, slots=True)
class OfYear:
    """An indicator of a year, the one of the later year that goes on from it, and its share."""

    indicator: Indicator
    succeeded_by: str | None
    share: Decimal


@dataclass(frozen=True, slots=True)
class YearOfLine:
    """What an indicator and a unit were in a year."""

    year: int
    indicators: tuple[OfYear, ...]
    units: tuple[str, ...]


class OverTheYears:
    """The way of one indicator of a unit back over the years, one scheme after another."""

    def __init__(
        self, scheme: Scheme, unit: str, code: str, successions: Sequence[Succession]
    ) -> None:
        """Begin in the year of the scheme."""
        self._year, self._unit, self._code = scheme.assessment_year, unit, code
        self._assessed = set(scheme.category_of())
        self._successions = successions
        ancestry = Ancestry(scheme.category_of()[unit])
        self._begin = ancestry.indicators[code]
        self._open: dict[str, Ancestry] = {code: ancestry}
        """The indicators whose predecessors are looked for, each in its own year."""

    def begin(self) -> YearOfLine:
        """Return the year that the way begins in."""
        return YearOfLine(self._year, (OfYear(self._begin, None, Decimal(1)),), (self._unit,))

    def back(self, scheme: Scheme) -> YearOfLine | None:
        """Return what they were in the year of an earlier scheme; None where it had neither.

        Schemes are given the latest year first. What is not found waits for an earlier one.
        """
        year, categories = scheme.assessment_year, scheme.category_of()
        units = Units(self._successions, year, self._year, self._assessed).sources(self._unit)
        here = [unit for unit in units if unit in categories]
        within = {categories[unit].code: categories[unit] for unit in here}
        found = self._found(year, [Ancestry(category) for category in within.values()])
        return YearOfLine(year, tuple(found), tuple(here)) if found else None

    def _found(self, year: int, ancestries: Sequence[Ancestry]) -> list[OfYear]:
        found, reached = list[OfYear](), dict[str, Ancestry]()
        for code, ancestry in list(self._open.items()):
            for ancestor in ancestry.of(code, year):
                place = next(
                    (each for each in ancestries if ancestor.code in each.indicators), None
                )
                if place is not None:
                    indicator = place.indicators[ancestor.code]
                    found.append(OfYear(indicator, code, ancestor.share))
                    reached[ancestor.code] = place
            if not ancestry.waits(code, year) or code in reached:
                self._open.pop(code)
        self._open |= reached
        return found
