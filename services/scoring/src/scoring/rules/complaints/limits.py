"""The days of a complaint: by when it is accepted, and by when it is answered.

The limits are the scheme's, by kind, in working or in calendar days (工作日、自然日).
"""

import datetime as dt

from chassis.deadlines import Calendar
from scoring.rules.complaints.states import (
    ACCEPTED,
    ASSIGNED,
    EXTENSION_ASKED,
    RAISED,
    SUSPECTED,
)
from scoring.rules.items.clock import NO_LIGHT, Clock
from scoring.rules.scheme.document import ComplaintLimits

WORKING = "working"


def later(day: dt.date, count: int, limits: ComplaintLimits, calendar: Calendar) -> dt.date:
    """Return the day that comes so many days after a day, as the limits count them."""
    if limits.days == WORKING:
        return calendar.after(day, count)
    return day + dt.timedelta(days=count)


def accept_by(raised: dt.date, limits: ComplaintLimits, calendar: Calendar) -> dt.date:
    """Return by when what was raised on a day is accepted or refused."""
    return later(raised, limits.accept, limits, calendar)


def finish_by(begun: dt.date, limits: ComplaintLimits, calendar: Calendar) -> dt.date:
    """Return by when what was accepted on a day, or is to be done again from it on, is answered."""
    return later(begun, limits.finish, limits, calendar)


def extended(due: dt.date, limits: ComplaintLimits, calendar: Calendar) -> dt.date:
    """Return by when it is answered where the extension that the scheme knows was granted."""
    return later(due, limits.extension, limits, calendar)


WAITS_FOR_OFFICE = (RAISED, SUSPECTED)
WAITS_FOR_ANSWER = (ACCEPTED, ASSIGNED, EXTENSION_ASKED)


def light_of(due: dt.date | None, state: str, day: dt.date, calendar: Calendar) -> str:
    """Return what a complaint shows on a day: yellow three working days before it is due, red once
    that day is missed, nothing once it was answered."""
    if state not in (*WAITS_FOR_OFFICE, *WAITS_FOR_ANSWER):
        return NO_LIGHT
    return Clock(due).light(day, calendar)
