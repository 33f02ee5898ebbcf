"""The days of a complaint: by when it is accepted, and by when it is answered.

The limits are the scheme's, by kind, in working or in calendar days (工作日、自然日).
"""

import datetime as dt
from typing import NamedTuple

from chassis.deadlines import Calendar
from scoring.rules.complaints.states import (
    ACCEPTED,
    ASSIGNED,
    EXTENSION_ASKED,
    PETITION,
    RAISED,
    SUSPECTED,
)
from scoring.rules.items.clock import NO_LIGHT, Clock
from scoring.rules.scheme.document import ComplaintLimits

WORKING = "working"


class Term(NamedTuple):
    """Since when a complaint is to be answered, and by when."""

    begun: dt.date
    due: dt.date


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


BY_LAW = (PETITION,)
"""The kinds of which the law itself says by when they are answered at the latest (信访)."""


def given_anew(
    day: dt.date, term: Term, kind: str, limits: ComplaintLimits, calendar: Calendar
) -> dt.date:
    """Return by when a unit answers that is given on a day what another unit let lapse.

    It has a term of its own, of a kind `BY_LAW` up to the last day to which the first one could
    have been extended; where that is over as well, the day stays as it was.
    """
    own = finish_by(day, limits, calendar)
    if kind not in BY_LAW:
        return own
    last = extended(finish_by(term.begun, limits, calendar), limits, calendar)
    return min(own, last) if last >= day else term.due


WAITS_FOR_OFFICE = (RAISED, SUSPECTED)
WAITS_FOR_ANSWER = (ACCEPTED, ASSIGNED, EXTENSION_ASKED)


def light_of(due: dt.date | None, state: str, day: dt.date, calendar: Calendar) -> str:
    """Return what a complaint shows on a day: yellow three working days before it is due, red once
    that day is missed, nothing once it was answered."""
    if state not in (*WAITS_FOR_OFFICE, *WAITS_FOR_ANSWER):
        return NO_LIGHT
    return Clock(due).light(day, calendar)
