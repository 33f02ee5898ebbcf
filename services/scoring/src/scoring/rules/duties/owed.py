"""What is owed by when (报送任务): a unit owes the entries for an indicator and a period.

A duty is made of the cells that its data source unit is to fill, one for each unit that it reports
on. It is due some working days after its period, and shows a light on each day: a warning before, a
yellow card once the day is missed, a red card when it still is some working days later. Marks are
given from seats and owed by nobody else.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from chassis.deadlines import Calendar, Deadline, Light, deadline
from scoring.rules.ledger.entries import PERIODS, months_of, span_of
from scoring.rules.ledger.progress import Cell


@dataclass(frozen=True, slots=True)
class DutyPolicy:
    """When what is owed for a period is due, and from when on it is warned of.

    A month is due on the `monthly_within`th working day after it, a quarter on the
    `quarterly_within`th, a half-year on the `half_yearly_by`th day of the month after it, a year on
    the `yearly_by`th of January; where that is no working day, on the next one. It is warned of
    `warned_before` working days before, and gravely missed after `red_after` more.
    """

    monthly_within: int = 5
    quarterly_within: int = 10
    half_yearly_by: int = 15
    yearly_by: int = 31
    warned_before: int = 5
    red_after: int = 2

    def deadline(self, period: str, calendar: Calendar) -> Deadline:
        """Return the days of what is owed for a period."""
        last = span_of(period)[1]
        due = self._due(period[4:], last, calendar)
        days = deadline(calendar, due, warned=self.warned_before, red=self.red_after)
        # What comes between the period and its day moves it too.
        first = min(last, days.warned_from)
        return Deadline(
            days.warned_from,
            days.due,
            days.red_after,
            calendar.unannounced(first + dt.timedelta(days=1), days.red_after),
        )

    def _due(self, ending: str, last: dt.date, calendar: Calendar) -> dt.date:
        if ending in PERIODS["month"]:
            return calendar.after(last, self.monthly_within)
        if ending in PERIODS["quarter"]:
            return calendar.after(last, self.quarterly_within)
        day = self.half_yearly_by if ending else self.yearly_by
        return calendar.after(last + dt.timedelta(days=day), 0)


USUAL = DutyPolicy()
"""What holds where a scheme says nothing else: monthly data within five working days, quarterly
ones within ten, half-yearly ones by the 15th, yearly ones by the end of January."""


class Duty(NamedTuple):
    """What a unit owes: the entries for an indicator and a period."""

    unit: str
    indicator: str
    period: str


class HandedIn(NamedTuple):
    """When what counts of a unit for an indicator and a period was first handed in."""

    unit: str
    indicator: str
    period: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands on a day.

    `expected` are the units that it reports on, `missing` those of them about which nothing counts
    yet. `done_on` is the day on which the last of them was handed in, None while one is missing;
    `late` how many working days after the deadline that was, or is by now. About `on_time` units
    something was handed in by the deadline.
    """

    duty: Duty
    expected: tuple[str, ...]
    missing: tuple[str, ...]
    deadline: Deadline
    light: Light
    done_on: dt.date | None
    late: int
    on_time: int

    @property
    def is_over(self) -> bool:
        """Say whether nothing is missing any more."""
        return not self.missing


def duties_of(cells: Iterable[Cell]) -> dict[Duty, list[str]]:
    """Return the units that each duty reports on, in the order of the scheme."""
    found: dict[Duty, list[str]] = {}
    for cell in cells:
        if not cell.is_marked:
            duty = Duty(cell.data_source_unit, cell.indicator, cell.period)
            found.setdefault(duty, []).append(cell.unit)
    return found


def years_of(year: int) -> tuple[int, int]:
    """Return the years in which what is owed for a year is warned of and due."""
    return year, year + 1


def standings(
    duties: Mapping[Duty, Iterable[str]],
    came: Iterable[HandedIn],
    calendar: Calendar,
    today: dt.date,
    policy: DutyPolicy = USUAL,
) -> Iterator[Standing]:
    """Yield how each duty stands on a day, in the order in which they are due.

    `came` is what counted by then. An entry answers the cells whose months its period shares.
    """
    days = {period: policy.deadline(period, calendar) for period in {d.period for d in duties}}
    # Days lie between the same ones over and over.
    late = cache(calendar.between)
    arrived: dict[tuple[str, str], list[HandedIn]] = {}
    for each in came:
        arrived.setdefault((each.unit, each.indicator), []).append(each)
    for duty in sorted(duties, key=lambda each: (days[each.period].due, each)):
        entered = {
            unit: _first(arrived.get((unit, duty.indicator), ()), duty.period)
            for unit in duties[duty]
        }
        yield _standing(duty, entered, days[duty.period], late, today)


def _first(came: Iterable[HandedIn], period: str) -> dt.date | None:
    months = _months(period)
    return min((each.on for each in came if _months(each.period) & months), default=None)


_months = cache(months_of)


def _standing(
    duty: Duty,
    entered: Mapping[str, dt.date | None],
    days: Deadline,
    late: Callable[[dt.date, dt.date], int],
    today: dt.date,
) -> Standing:
    missing = tuple(unit for unit, on in entered.items() if on is None)
    known = [on for on in entered.values() if on is not None]
    done = None if missing else max(known)
    # Days are counted one by one: never those before it was due, of which there may be very many.
    until = max(days.due, done or today)
    return Standing(
        duty,
        tuple(entered),
        missing,
        days,
        days.light(today, done),
        done,
        late(days.due, until),
        sum(on <= days.due for on in known),
    )
