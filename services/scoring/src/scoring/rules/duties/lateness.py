"""How late an entry came (迟报): after the day on which it was due, or by leave.

It is the clock of duties: the days of a period, the calendar as it is recorded by now, and the days
on which the entry was handed in. What was returned is due again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chassis.deadlines import Calendar
from scoring.rules.duties.owed import deadline_of
from scoring.rules.ledger.entries import ANY_PERIOD
from scoring.rules.scheme.document import USUAL_DUTIES, DutyPolicy


class Term(NamedTuple):
    """A time in which an entry was to be handed in: from the start, or from the day on which it was
    returned; and the day on which it was."""

    returned_on: dt.date | None
    handed_in_on: dt.date


class Lateness(NamedTuple):
    """When an entry was handed in the last time, when that was due, and whether it was ever late:
    `by` so many working days at most. What comes after its period was closed, by leave, is late
    however many these are.

    All is None of what is not handed in, or not owed.
    """

    handed_in_on: dt.date | None = None
    due_on: dt.date | None = None
    late: bool | None = None
    by: int | None = None


def due_days(
    year: int, calendar: Calendar, policy: DutyPolicy = USUAL_DUTIES
) -> Mapping[str, dt.date]:
    """Return until which day there is time, for each period of a year."""
    periods = (f"{year}{ending}" for ending in ANY_PERIOD)
    return {period: deadline_of(policy, period, calendar).due for period in periods}


def due_again(
    first: dt.date, last: dt.date, calendar: Calendar, policy: DutyPolicy = USUAL_DUTIES
) -> dict[dt.date, dt.date]:
    """Return until which day there is time for what was returned on each day of a span."""
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return {day: calendar.after(day, policy.returned_within) for day in days}


def lateness_of(
    period: str,
    terms: Sequence[Term],
    calendar: Calendar,
    *,
    by_leave: bool,
    policy: DutyPolicy = USUAL_DUTIES,
) -> Lateness:
    """Return how late an entry for a period is that was handed in within these terms, in order.

    What was mended on the day of its return was not returned.
    """
    terms = [term for term in terms if term.returned_on != term.handed_in_on]
    if not terms:
        return Lateness()
    first = deadline_of(policy, period, calendar).due
    due = [
        first if on is None else max(first, calendar.after(on, policy.returned_within))
        for on, _ in terms
    ]
    days = [term.handed_in_on for term in terms]
    late = [calendar.between(until, max(until, day)) for until, day in zip(due, days, strict=True)]
    is_late = any(day > until for until, day in zip(due, days, strict=True))
    return Lateness(days[-1], due[-1], by_leave or is_late, max(late))
