"""The clock of a supervised item (督办时限): when it is due, and the light that it shows on a day.

What is told to a unit as its last day stays that day: only a decision moves it, or a time in which
the clock stood still.
"""

import datetime as dt
from dataclasses import dataclass, replace

from chassis.deadlines import ONE_DAY, Calendar, Deadline, Light
from scoring.rules.ledger.entries import PERIODS, span_of

WARNED_BEFORE = 3
"""So many working days before it is due an item shows a yellow light."""

RETURN_WITHIN, DISPUTE_WITHIN = 7, 3
"""So many working days there are to say that an item is not ours, and to disagree with the answer
to that."""

NO_LIGHT, YELLOW, RED = "none", "yellow", "red"
ITEM_LIGHTS = (NO_LIGHT, YELLOW, RED)

_LIGHTS = {Light.NONE: NO_LIGHT, Light.WARNING: YELLOW, Light.RED: RED}


@dataclass(frozen=True, slots=True)
class Clock:
    """When an item is due, in the term that began with a step; `done_on` is when it was replied to.

    While the clock stands still, `days_left` working days were left of it.
    """

    due: dt.date | None = None
    days_left: int | None = None
    term: int | None = None
    done_on: dt.date | None = None

    @property
    def runs(self) -> bool:
        """Say whether time is taken off it."""
        return self.due is not None and self.days_left is None and self.done_on is None

    def paused(self, day: dt.date, calendar: Calendar) -> "Clock":
        """Return the clock as it stands still from a day on; what is overdue stays so."""
        if self.due is None or not self.runs or day > self.due:
            return self
        return replace(self, days_left=calendar.between(day, self.due))

    def resumed(self, day: dt.date, calendar: Calendar) -> "Clock":
        """Return the clock as it goes on from a day on: with the working days that were left."""
        if self.due is None or self.days_left is None:
            return self
        due = max(self.due, calendar.after(day, self.days_left))
        return replace(self, due=due, days_left=None)

    def left(self, day: dt.date, calendar: Calendar) -> int | None:
        """Return how many working days there are on a day, less than nothing once it is overdue;
        None where no time is taken off it any more."""
        if self.due is None or not self.runs:
            return self.days_left
        return calendar.between(day, self.due)

    def light(self, day: dt.date, calendar: Calendar) -> str:
        """Return what it shows on a day: yellow before it is due, red once that was missed."""
        if self.due is None:
            return NO_LIGHT
        if self.done_on is not None:
            return RED if self.done_on > self.due else NO_LIGHT
        if self.days_left is not None:
            return NO_LIGHT
        days = Deadline(calendar.after(self.due, -WARNED_BEFORE), self.due, self.due)
        return _LIGHTS[days.light(day)]


_ROOM = dt.timedelta(days=400)


def yellow_until(day: dt.date, calendar: Calendar) -> dt.date:
    """Return the last day such that what is due on it is yellow on a day.

    At the ends of the calendar, where no working day can be counted, it is the day itself.
    """
    if not dt.date.min + _ROOM < day < dt.date.max - _ROOM:
        return day
    last = day
    while calendar.after(last + ONE_DAY, -WARNED_BEFORE) <= day:
        last += ONE_DAY
    return last


MONTHLY, QUARTERLY = "monthly", "quarterly"
_PERIODS = {MONTHLY: "month", QUARTERLY: "quarter"}


def report_due(every: str, day: dt.date) -> dt.date:
    """Return the last day of the month or quarter that a day lies in: how far an item is is
    reported by then."""
    endings = PERIODS[_PERIODS[every]]
    spans = (span_of(f"{day.year}{ending}") for ending in endings)
    return next(last for first, last in spans if first <= day <= last)


def next_report(every: str, due: dt.date, day: dt.date) -> dt.date:
    """Return when the next report is due, of which one came on a day: what comes before its period
    has begun is another word about the one before."""
    before = due.replace(day=1)
    if every == QUARTERLY:
        before = dt.date(due.year, due.month - 2, 1)
    return report_due(every, due + ONE_DAY) if day >= before else due
