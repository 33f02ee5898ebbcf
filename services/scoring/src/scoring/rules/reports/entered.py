"""What looks wrong in what was entered: when it came, its last digits, and jumps of its values."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from scoring.rules.columns.exact import show
from scoring.rules.ledger.entries import EVENT, MEASURED_VALUE, PERIODS, span_of
from scoring.rules.methods.scores import NOTHING
from scoring.rules.reports.outliers import (
    TEN,
    chi_square,
    distances,
    in_steps,
    last_digits,
    median,
)
from scoring.rules.reports.warnings import (
    BULK,
    CHI_SQUARE_LINE,
    DIGITS,
    EVEN_CHI_SQUARE,
    FAR,
    FROM_LAST_PERIOD,
    FROM_LAST_YEAR,
    LAST_DAYS,
    LEAST_ENTRIES,
    LEAST_EXCESS,
    LEAST_JUMP,
    LEAST_PEERS,
    LEAST_STEPS,
    LEAST_VALUES,
    Repeated,
    Warned,
    cut_short,
    in_percent,
)


class Entered(NamedTuple):
    """An entry as far as warnings look at it; `entered_on` is the day on which it was written,
    `of_item` whether a supervised item earned it: one event, counted by percents of a share."""

    author_unit: str
    unit: str
    indicator: str
    kind: str
    key: str | None
    item: str | None
    period: str
    value: Decimal | None
    occurred_on: dt.date | None
    entered_on: dt.date
    of_item: bool = False


class Series(NamedTuple):
    """What has a value of every unit in every period."""

    indicator: str
    key: str | None
    item: str | None


class Value(NamedTuple):
    """A value and the unit that entered it."""

    value: Decimal
    author_unit: str


@dataclass(slots=True)
class Arrivals:
    """When a source's entries came that could have come before the last days of the year: by the
    day on which each could be known, how many; how many came at the end; and the last day."""

    known: Counter[dt.date] = field(default_factory=Counter)
    late: int = 0
    last: dt.date = dt.date.min


@dataclass(slots=True)
class Collected:
    """What is kept of a year's entries while they are read part by part: counts, and the measured
    values; of several about the same the one that came last."""

    year: int
    arrivals: dict[str, Arrivals] = field(default_factory=dict)
    values: dict[Series, dict[str, dict[str, Value]]] = field(default_factory=dict)
    events: dict[tuple[str, str, str], Repeated] = field(default_factory=dict)

    def take(self, entries: Iterable[Entered]) -> None:
        """Add entries, in the order in which they came."""
        first = first_of_the_end(self.year)
        for each in entries:
            self._arrived(each, first)
            if each.value is None:
                continue
            if each.kind == MEASURED_VALUE:
                about = Series(each.indicator, each.key, each.item)
                of_unit = self.values.setdefault(about, {}).setdefault(each.unit, {})
                of_unit[each.period] = Value(each.value, each.author_unit)
            elif each.kind == EVENT and each.key:
                kind = each.unit, each.indicator, each.key
                had = self.events.get(kind, Repeated(0, Decimal(0), Decimal(0)))
                times = Decimal(1) if each.of_item else each.value
                self.events[kind] = Repeated(
                    had.entries + 1, had.times + times, had.counted + each.value
                )

    def _arrived(self, entry: Entered, first: dt.date) -> None:
        known = entry.occurred_on or span_of(entry.period)[1]
        if known >= first:
            return
        of_source = self.arrivals.setdefault(entry.author_unit, Arrivals())
        of_source.known[known] += 1
        of_source.late += entry.entered_on >= first
        of_source.last = max(of_source.last, entry.entered_on)


def first_of_the_end(year: int) -> dt.date:
    """Return the first of the last days of a year."""
    return dt.date(year, 12, 31) - dt.timedelta(LAST_DAYS - 1)


def entered_warnings(now: Collected, before: Collected | None) -> Iterator[Warned]:
    """Yield what looks wrong in a year's entries, held against those of the year before, if any."""
    yield from bulk(now)
    yield from digits(now)
    for series, by_unit in now.values.items():
        earlier = before.values.get(series, {}) if before else {}
        yield from jumps(series, by_unit, earlier)


def bulk(collected: Collected) -> Iterator[Warned]:
    """Yield the sources of which far more came at the end of the year than of an even spread.

    Evenly, each entry would come on any day after it could be known, until the last day of all.
    """
    first = first_of_the_end(collected.year)
    for source, came in sorted(collected.arrivals.items()):
        number = came.known.total()
        if number < LEAST_ENTRIES:
            continue
        last = max(came.last, dt.date(collected.year, 12, 31))
        at_the_end = (last - first).days + 1
        spread = (Fraction(n * at_the_end, (last - day).days) for day, n in came.known.items())
        even, share = sum(spread, NOTHING) / number, Fraction(came.late, number)
        if share - even < LEAST_EXCESS:
            continue
        part, usual, line = in_percent(share), in_percent(even), in_percent(even + LEAST_EXCESS)
        yield Warned(
            kind=BULK,
            scorer=source,
            measured=share,
            expected=even,
            threshold=even + LEAST_EXCESS,
            sample=number,
            en=f"{came.late} of {number} entries that could have come earlier were entered from "
            f"{first} on ({part}), evenly spread it would be {usual}; the line is {line}.",
            zh=f"本可更早录入的{number}条记录中，{came.late}条（{part}）于{first}及以后录入，"
            f"均匀录入时应为{usual}；界限为{line}。",
        )


def digits(collected: Collected) -> Iterator[Warned]:
    """Yield the sources of whose values the last digits are not even: for an indicator alone, and
    for all together where there are several."""
    of_source: dict[str, dict[str, list[int]]] = {}
    for series, by_unit in collected.values.items():
        for source, values in _by_source(by_unit).items():
            steps = in_steps(values)
            if max(steps) - min(steps) >= LEAST_STEPS:
                told = of_source.setdefault(source, {}).setdefault(series.indicator, [])
                told += last_digits(values)
    for source, by_indicator in sorted(of_source.items()):
        for indicator, found in by_indicator.items():
            yield from _uneven(source, indicator, found)
        if len(by_indicator) > 1:
            yield from _uneven(source, None, [*chain.from_iterable(by_indicator.values())])


def _by_source(by_unit: Mapping[str, Mapping[str, Value]]) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for by_period in by_unit.values():
        for each in by_period.values():
            found.setdefault(each.author_unit, []).append(each.value)
    return found


def _uneven(source: str, indicator: str | None, found: list[int]) -> Iterator[Warned]:
    number, counts = len(found), Counter(found)
    if number < LEAST_VALUES:
        return
    square = chi_square([counts[digit] for digit in range(TEN)])
    if square <= CHI_SQUARE_LINE:
        return
    round_ones, told = counts[0] + counts[5], cut_short(square)
    line, listed = cut_short(CHI_SQUARE_LINE), ", ".join(str(counts[n]) for n in range(TEN))
    yield Warned(
        kind=DIGITS,
        scorer=source,
        indicator=indicator,
        measured=square,
        expected=EVEN_CHI_SQUARE,
        threshold=CHI_SQUARE_LINE,
        sample=number,
        en=f"The last digits 0 to 9 of {number} values occur {listed} times, {round_ones} are 0 "
        f"or 5 where {cut_short(Fraction(number, 5))} would be even: chi-square {told}, the line "
        f"is {line}.",
        zh=f"{number}个数值的尾数0至9依次出现{listed}次，尾数为0或5的{round_ones}个，均匀时应为"
        f"{cut_short(Fraction(number, 5))}个；卡方值{told}，界限为{line}。",
    )


ByUnit = Mapping[str, Mapping[str, Value]]
"""Values by unit and period."""


def jumps(series: Series, by_unit: ByUnit, earlier: ByUnit) -> Iterator[Warned]:
    """Yield the values that changed far otherwise than those of the other units: since the period
    before, and since the same period of the year before."""
    for period in sorted({period for by_period in by_unit.values() for period in by_period}):
        for kind, former in ((FROM_LAST_PERIOD, before(period)), (FROM_LAST_YEAR, _ago(period))):
            changed = _changed(period, former, by_unit, earlier) if former else {}
            if len(changed) >= LEAST_PEERS:
                yield from _jumps(kind, series, period, changed)


def _changed(
    period: str, former: str, by_unit: ByUnit, earlier: ByUnit
) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the values of two periods by unit, of those that have both and did not begin at 0."""
    found = dict[str, tuple[Decimal, Decimal]]()
    for unit, by_period in by_unit.items():
        now = by_period.get(period)
        then = by_period.get(former) or earlier.get(unit, {}).get(former)
        if now is not None and then is not None and then.value:
            found[unit] = then.value, now.value
    return found


def before(period: str) -> str | None:
    """Return the period before one of a part of a year; None for a whole year, before which there
    is the last one."""
    year, ending = int(period[:4]), period[4:]
    for endings in PERIODS.values():
        if ending in endings:
            at = endings.index(ending)
            return f"{year}{endings[at - 1]}" if at else f"{year - 1}{endings[-1]}"
    return None


def _ago(period: str) -> str:
    return f"{int(period[:4]) - 1}{period[4:]}"


def _jumps(
    kind: str, series: Series, period: str, changed: Mapping[str, tuple[Decimal, Decimal]]
) -> Iterator[Warned]:
    changes = [_change(*each) for each in changed.values()]
    middle, since = median(changes), "last year" if kind == FROM_LAST_YEAR else "the period before"
    since_zh = "上年同期" if kind == FROM_LAST_YEAR else "上期"
    for (unit, (then, now)), change, far in zip(
        changed.items(), changes, distances(changes), strict=True
    ):
        if abs(far) <= FAR or abs(change - middle) < LEAST_JUMP:
            continue
        own, usual = in_percent(change), in_percent(middle)
        z, line, of = cut_short(abs(far)), cut_short(FAR), len(changes)
        yield Warned(
            kind=kind,
            unit=unit,
            **series._asdict(),
            period=period,
            measured=abs(far),
            threshold=FAR,
            sample=of,
            en=f"From {show(then)} in {since} to {show(now)}, a change of {own}, where the median "
            f"of {of} units is {usual}: a modified z score of {z}, the line is {line}.",
            zh=f"由{since_zh}的{show(then)}变为{show(now)}，变动{own}，{of}个单位的中位数为"
            f"{usual}；修正z值为{z}，界限为{line}。",
        )


def _change(then: Decimal, now: Decimal) -> Fraction:
    return (Fraction(now) - Fraction(then)) / abs(Fraction(then))
