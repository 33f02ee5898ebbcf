"""What is owed by when (报送任务): a unit owes the entries for an indicator and a period.

A duty is made of the cells that its data source unit is to fill, one for each unit that it reports
on. It is due some working days after its period, and shows a light on each day: a warning before, a
yellow card once the day is missed, a red card when it still is some working days later. Marks are
given from seats and owed by nobody else.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from chassis.deadlines import Calendar, Deadline, Light, deadline
from scoring.rules.duties.terms import HandedIn, Slot, terms_of
from scoring.rules.ledger.entries import PERIODS, months_of, span_of
from scoring.rules.ledger.progress import Cell
from scoring.rules.scheme.document import USUAL_DUTIES, DutyPolicy


def deadline_of(policy: DutyPolicy, period: str, calendar: Calendar) -> Deadline:
    """Return the days of what is owed for a period."""
    last = span_of(period)[1]
    due = _due(policy, period[4:], last, calendar)
    if policy.first_due is not None:
        due = max(due, calendar.after(policy.first_due, 0))
    days = deadline(calendar, due, warned=policy.warned_before, red=policy.red_after)
    # What comes between the period and its day moves it too.
    first = min(last, days.warned_from)
    return Deadline(
        days.warned_from,
        days.due,
        days.red_after,
        calendar.unannounced(first + dt.timedelta(days=1), days.red_after),
    )


def _due(policy: DutyPolicy, ending: str, last: dt.date, calendar: Calendar) -> dt.date:
    if ending in PERIODS["month"]:
        return calendar.after(last, policy.monthly_within)
    if ending in PERIODS["quarter"]:
        return calendar.after(last, policy.quarterly_within)
    if not ending and policy.yearly_by is not None:
        return calendar.after(policy.yearly_by, 0)
    day = policy.half_yearly_by if ending else END_OF_JANUARY
    return calendar.after(last + dt.timedelta(days=day), 0)


END_OF_JANUARY = 31
"""The day of the month after the year by which something is due for it."""


class Duty(NamedTuple):
    """What a unit owes: the entries for an indicator and a period."""

    unit: str
    indicator: str
    period: str


Owed = Mapping[Duty, Mapping[str, Sequence[Slot]]]
"""The units that each duty reports on, and which values are wanted of each; none where any will
do."""


class DatedTerm(NamedTuple):
    """A term of a cell: its days, and when it was done."""

    days: Deadline
    returned_on: dt.date | None
    done_on: dt.date | None

    @property
    def is_in_time(self) -> bool:
        """Say whether it was done by its day."""
        return self.done_on is not None and self.done_on <= self.days.due


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands on a day.

    `expected` are the units that it reports on, `missing` those of them about which nothing counts
    yet. `done_on` is the day on which the last of them was handed in, None while one is missing;
    `late` how many working days after its deadline something was, or is by now. About `on_time`
    units all was handed in by its deadline.

    Of what was returned, and is due again first, `returned` tells the days; None where nothing was.
    `terms` are all that its units have had, alike ones once.
    """

    duty: Duty
    expected: tuple[str, ...]
    missing: tuple[str, ...]
    deadline: Deadline
    light: Light
    done_on: dt.date | None
    late: int
    on_time: int
    returned: DatedTerm | None = None
    terms: frozenset[DatedTerm] = frozenset()

    @property
    def is_over(self) -> bool:
        """Say whether nothing is missing any more."""
        return not self.missing


def duties_of(
    cells: Iterable[Cell], policy: DutyPolicy = USUAL_DUTIES
) -> dict[Duty, dict[str, tuple[Slot, ...]]]:
    """Return the units that each duty reports on, in the order of the scheme."""
    found: dict[Duty, dict[str, tuple[Slot, ...]]] = {}
    for cell in cells:
        if not cell.is_marked and cell.indicator not in policy.exempt:
            duty = Duty(cell.data_source_unit, cell.indicator, cell.period)
            found.setdefault(duty, {})[cell.unit] = cell.wants
    return found


def cells_in(owed: Owed) -> set[tuple[str, str]]:
    """Return about which units, and for which indicators, something is owed."""
    return {(unit, duty.indicator) for duty, about in owed.items() for unit in about}


def years_of(year: int) -> tuple[int, int]:
    """Return the years in which what is owed for a year is warned of and due."""
    return year, year + 1


def standings(
    duties: Owed,
    came: Iterable[HandedIn],
    calendar: Calendar,
    today: dt.date,
    policy: DutyPolicy = USUAL_DUTIES,
) -> Iterator[Standing]:
    """Yield how each duty stands on a day, in the order in which they are due.

    `came` is what counted by then. An entry answers the cells whose months its period shares, and
    that had begun when it was handed in.
    """
    terms, periods = _Terms(calendar, today, policy), {duty.period for duty in duties}
    days = {period: deadline_of(policy, period, calendar) for period in periods}
    arrived: dict[tuple[str, str], list[HandedIn]] = {}
    for each in came:
        arrived.setdefault((each.unit, each.indicator), []).append(each)
    for duty in sorted(duties, key=lambda each: (days[each.period].due, each)):
        own = days[duty.period]
        found = {
            unit: terms.of(answering(arrived.get((unit, duty.indicator), ()), duty), wants, own)
            for unit, wants in duties[duty].items()
        }
        yield terms.standing(duty, found, own)


def answering(came: Iterable[HandedIn], duty: Duty) -> list[HandedIn]:
    """Return what answers a cell of a duty."""
    months, begins = months_of(duty.period), span_of(duty.period)[0]
    return [
        each
        for each in came
        if months_of(each.period) & months and (each.for_all or each.on >= begins)
    ]


class _Terms:
    """The terms of cells, by a calendar, on a day; the same days are counted once."""

    def __init__(self, calendar: Calendar, today: dt.date, policy: DutyPolicy) -> None:
        self._calendar, self._today, self._policy = calendar, today, policy
        # Days lie between the same ones over and over.
        self._between = cache(calendar.between)
        self._again = cache(self._due_again)

    def of(
        self, came: Sequence[HandedIn], wants: Sequence[Slot], days: Deadline
    ) -> list[DatedTerm]:
        """Return the terms of a cell with their days."""
        return [
            DatedTerm(days if on is None else self._again(days, on), on, done)
            for on, done in terms_of(came, wants)
        ]

    def _due_again(self, days: Deadline, returned_on: dt.date) -> Deadline:
        """Return the days of what was returned: due as before, or some working days later."""
        policy, calendar = self._policy, self._calendar
        due = max(days.due, calendar.after(returned_on, policy.returned_within))
        found = deadline(calendar, due, warned=policy.warned_before, red=policy.red_after)
        unannounced = sorted({*days.unannounced, *found.unannounced})
        return Deadline(
            max(found.warned_from, returned_on), due, found.red_after, tuple(unannounced)
        )

    def late(self, term: DatedTerm) -> int:
        """Return how many working days after its deadline a term was done, or is not by now."""
        # Days are counted one by one: never those before it was due, of which there may be many.
        due = term.days.due
        return self._between(due, max(due, term.done_on or self._today))

    def standing(
        self, duty: Duty, found: Mapping[str, Sequence[DatedTerm]], days: Deadline
    ) -> Standing:
        """Return how a duty stands by the terms of its cells."""
        last = {unit: each[-1].done_on for unit, each in found.items()}
        missing = tuple(unit for unit, on in last.items() if on is None)
        terms = frozenset(term for each in found.values() for term in each)
        lights = {term.days.light(self._today, term.done_on) for term in terms}
        return Standing(
            duty,
            tuple(found),
            missing,
            days,
            max(lights, key=[*Light].index, default=Light.NONE),
            None if missing else max(filter(None, last.values()), default=None),
            max(map(self.late, terms), default=0),
            sum(map(_in_time, found.values())),
            _returned(found),
            terms,
        )


def _in_time(terms: Iterable[DatedTerm]) -> bool:
    return all(term.is_in_time for term in terms)


def _returned(found: Mapping[str, Sequence[DatedTerm]]) -> DatedTerm | None:
    """Return the term of what was returned and is due again first, or was last, if it is in."""
    last = [terms[-1] for terms in found.values() if terms[-1].returned_on is not None]
    open_ = [term for term in last if term.done_on is None]
    if open_:
        return min(open_, key=lambda term: (term.days.due, term.returned_on or dt.date.min))
    return max(last, key=lambda term: term.returned_on or dt.date.min, default=None)
