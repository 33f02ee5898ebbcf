"""What points still depend on (待落实事项): inputs that are owed, entries that wait or lack
evidence, replies that are due, awards that nobody has claimed; who acts, and until when."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from chassis.deadlines import Calendar
from scoring.rules.claims.checks import BONUS, Claim
from scoring.rules.claims.states import CONFIRMED, HANDED_IN
from scoring.rules.duties.in_charge import InCharge, Persons, of_duty
from scoring.rules.duties.owed import deadline_of, duties_of, standings
from scoring.rules.duties.terms import HandedIn
from scoring.rules.ledger.entries import PROGRESS_REPORT
from scoring.rules.ledger.progress import cells_of
from scoring.rules.ledger.states import RETURNED
from scoring.rules.ledger.support import Support
from scoring.rules.scheme.document import Category, Scheme

INPUT, VERIFICATION, EVIDENCE = "input", "verification", "evidence"
CORRECTION, REPLY, AWARD = "correction", "reply", "award"
WHAT = (INPUT, VERIFICATION, EVIDENCE, CORRECTION, REPLY, AWARD)

MOST_DAYS_AHEAD = 400
"""How far ahead working days are counted: further, holidays are not announced."""


@dataclass(slots=True)
class WaitingEntry:
    """An entry about the unit that was handed in, or sent back, and does not count yet.

    `backed` says whether it names evidence.
    """

    unit: str
    indicator: str
    period: str
    kind: str
    key: str | None
    state: str
    author_unit: str
    backed: bool


class OpenReply(NamedTuple):
    """A reply that the unit owes about what it was asked to mend."""

    deadline: dt.date


@dataclass(frozen=True, slots=True)
class Matter:
    """Something on which points still depend: `count` of it, which `unit` is to act on, by when.

    `working_days` are those left from today, below 0 once it is late; None without a day, or far
    ahead. `rule` is that of an award, `points` what it is worth. `people` are in charge, where that
    is told.
    """

    what: str
    indicator: str | None
    period: str | None
    unit: str
    count: int
    due: dt.date | None
    working_days: int | None
    rule: str | None = None
    points: Decimal | None = None
    people: InCharge | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one unit's record, and when."""

    came: Collection[HandedIn]
    waiting: Collection[WaitingEntry]
    claims: Collection[Claim]
    replies: Collection[OpenReply]
    persons: Persons
    calendar: Calendar
    today: dt.date


def matters(scheme: Scheme, category: Category, unit: str, found: Found) -> list[Matter]:
    """Return what points of a unit still depend on, what is due first; without a day last.

    An entry that lacks evidence is not told of once more as one that waits.
    """
    each = [
        *_inputs(scheme, category, unit, found),
        *_waiting(scheme, found),
        *_replies(unit, found),
        *_awards(category, scheme, unit, found),
    ]
    return sorted(each, key=_place)


def _place(one: Matter) -> tuple[dt.date, str, str, str, str]:
    told = one.what, one.indicator or "", one.period or "", one.rule or ""
    return (one.due or dt.date.max, *told)


def _days(found: Found, due: dt.date) -> int | None:
    return (
        None
        if abs((due - found.today).days) > MOST_DAYS_AHEAD
        else found.calendar.between(found.today, due)
    )


def _inputs(scheme: Scheme, category: Category, unit: str, found: Found) -> Iterator[Matter]:
    """Yield the periods about which nothing was handed in that counts."""
    cells = (each for each in cells_of(scheme, [category]) if each.unit == unit)
    policy, calendar = scheme.duties, found.calendar
    owed = duties_of(cells, policy)
    for each in standings(owed, found.came, calendar, found.today, policy):
        if each.missing:
            # What was returned is due again, on a day of its own.
            duty, days = each.duty, each.returned.days if each.returned else each.deadline
            due = days.due
            yield Matter(
                INPUT,
                duty.indicator,
                duty.period,
                duty.unit,
                len(each.missing),
                due,
                _days(found, due),
                people=of_duty(found.persons, duty.unit, duty.indicator),
            )


def _waiting(scheme: Scheme, found: Found) -> Iterator[Matter]:
    """Yield what was handed in and does not count yet, by indicator, period and why; a unit's own
    words wait for nobody."""
    support, policy = Support(scheme), scheme.duties
    days_of = cache(lambda period: deadline_of(policy, period, found.calendar))
    counts = Counter(
        (_why(each, support), each.indicator, each.period, each.author_unit)
        for each in found.waiting
        if each.kind != PROGRESS_REPORT
    )
    for (what, indicator, period, author), count in counts.items():
        due = days_of(period).due
        people = of_duty(found.persons, author, indicator)
        yield Matter(what, indicator, period, author, count, due, _days(found, due), people=people)


def _why(entry: WaitingEntry, support: Support) -> str:
    if entry.state == RETURNED:
        return CORRECTION
    return EVIDENCE if support.wants(entry) and not entry.backed else VERIFICATION


def _replies(unit: str, found: Found) -> Iterator[Matter]:
    for due, count in Counter(each.deadline for each in found.replies).items():
        yield Matter(REPLY, None, None, unit, count, due, _days(found, due))


def _awards(category: Category, scheme: Scheme, unit: str, found: Found) -> Iterator[Matter]:
    """Yield the bonus rules of whose level the unit has no claim that stands, while documents of
    their window can still come."""
    adjustments = scheme.adjustments_of(category)
    due = adjustments.window.closes
    if found.today > due or not scheme.composition_of(category).counts(BONUS):
        return
    claimed = {
        each.level
        for each in found.claims
        if each.kind == BONUS and each.standing.state in (HANDED_IN, CONFIRMED)
    }
    for rule in adjustments.bonus.rules:
        if rule.level not in claimed:
            award, days = (AWARD, None, None, unit, 1), _days(found, due)
            yield Matter(*award, due, days, rule=rule.code, points=rule.points)
