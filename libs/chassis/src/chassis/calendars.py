"""Years as a service that keeps calendars publishes them, and which days are worked in them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from chassis.deadlines import Calendar
from chassis.peers import View


class CalendarDay(View):
    """A day that is worked or rests otherwise than by the plain week."""

    day: date
    kind: Literal["working", "resting"]


class CalendarYear(View):
    """The days of a year that differ from the plain week, if they are announced; `recorded_at` is
    when the latest of them was recorded, null for what counts at every moment."""

    year: int
    announced: bool
    recorded_at: datetime | None
    days: list[CalendarDay]


def calendar_of(years: Iterable[CalendarYear]) -> Calendar:
    """Return which days of some years are worked.

    Of other years the plain weeks hold, and they count as unannounced.
    """
    found = list(years)
    days = [day for year in found for day in year.days]
    return Calendar(
        working=frozenset(day.day for day in days if day.kind == "working"),
        resting=frozenset(day.day for day in days if day.kind == "resting"),
        announced=frozenset(year.year for year in found if year.announced),
    )
