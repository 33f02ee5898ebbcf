"""Deadlines by working days: which days are worked, when something is due, and how late it is.

A day is given, never asked of a clock: the same calendar, deadline and day give the same answer
at any time. Whoever has a moment turns it into a day of the city's own time zone first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
SATURDAY = 5

LONGEST = 3_660
"""How many days are looked through, ten years: no calendar rests for as long."""


def local_day(moment: datetime, time_zone: str) -> date:
    """Return the day that a moment falls on in a time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


class NoWorkingDay(ValueError):
    """A calendar has no working day where one was looked for."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked: Monday to Friday, but for the days that an announcement names.

    `working` are days of a weekend that are worked (调休上班), `resting` days of a week that are
    not (法定节假日). `announced` are the years whose announcement is known; of another year the
    plain weeks hold until it is.
    """

    working: frozenset[date] = frozenset()
    resting: frozenset[date] = frozenset()
    announced: frozenset[int] = frozenset()

    def is_worked(self, day: date) -> bool:
        """Say whether a day is a working day."""
        return day in self.working or (day.weekday() < SATURDAY and day not in self.resting)

    def after(self, day: date, count: int) -> date:
        """Return the working day that comes so many working days after a day.

        A negative count goes back. No count returns the day itself, or the next one that is
        worked.
        """
        if count == 0:
            return day if self.is_worked(day) else self.after(day, 1)
        return list(self._worked(day, ONE_DAY if count > 0 else -ONE_DAY, abs(count)))[-1]

    def between(self, first: date, last: date) -> int:
        """Return how many working days come after one day, up to another and with it.

        Less than nothing where the other comes before.
        """
        if last < first:
            return -self.between(last, first)
        days = (last - first).days
        return sum(self.is_worked(first + ONE_DAY * n) for n in range(1, days + 1))

    def unannounced(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years from a day to another whose announcement is not known."""
        years = range(first.year, last.year + 1)
        return tuple(year for year in years if year not in self.announced)

    def _worked(self, day: date, step: timedelta, count: int) -> Iterator[date]:
        """Yield the next working days, not counting a day itself."""
        found = 0
        for n in range(1, LONGEST):
            if self.is_worked(day + step * n):
                yield day + step * n
                found += 1
            if found == count:
                return
        raise NoWorkingDay(f"{count} working days from {day} are more than {LONGEST} days.")


PLAIN_WEEKS = Calendar()
"""A calendar without any announcement: Monday to Friday."""


class Light(StrEnum):
    """What a deadline shows on a day, from the mildest to the gravest."""

    NONE = "none"
    WARNING = "warning"
    YELLOW = "yellow_card"
    RED = "red_card"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The days of one deadline: from when it is warned of, until when it is kept, and when it is
    gravely missed.

    `warned_from` is the first day of the warning, `due` the last day on time, `red_after` the
    last day before the red card. `unannounced` are the years of these days whose holidays are
    not known yet: until they are, the days may move.
    """

    warned_from: date
    due: date
    red_after: date
    unannounced: tuple[int, ...] = ()

    def light(self, today: date, done_on: date | None = None) -> Light:
        """Return what it shows on a day, of something that was done on a day or is not yet.

        A card once drawn stays: what is done late keeps the card it had earned by then. What is
        done in time is no longer warned of. What was done after `today` was not done then.
        """
        is_done = done_on is not None and done_on <= today
        day = done_on if done_on is not None and is_done else today
        if day > self.red_after:
            return Light.RED
        if day > self.due:
            return Light.YELLOW
        return Light.WARNING if day >= self.warned_from and not is_done else Light.NONE


def deadline(calendar: Calendar, due: date, *, warned: int, red: int) -> Deadline:
    """Return the days of a deadline: warned of so many working days before, and gravely missed
    where it is not kept so many working days after."""
    first, last = calendar.after(due, -warned), calendar.after(due, red)
    return Deadline(first, due, last, calendar.unannounced(first, last))
