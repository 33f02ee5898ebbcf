"""What points still depend on (待落实事项): inputs that are owed, entries that wait or lack
evidence or a signature, replies that are due, claims that wait, awards that nobody has claimed,
supervised items in hand; who acts, and until when.

About a closed period nothing is open but what a permission lets in, until its last day."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.deadlines import Calendar
from scoring.rules.claims.checks import BONUS, Claim, granted_by
from scoring.rules.claims.states import CONFIRMED, HANDED_IN
from scoring.rules.duties.in_charge import InCharge, Persons, of_duty
from scoring.rules.duties.owed import deadline_of, duties_of, standings
from scoring.rules.duties.terms import HandedIn
from scoring.rules.ledger.entries import EVENT, NOT_APPLICABLE, NOT_OWED, PROGRESS_REPORT
from scoring.rules.ledger.periods import NO_PERIODS, Entering, Periods
from scoring.rules.ledger.progress import Sought, cells_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.ledger.states import RETURNED, SUBMITTED, Reviewers
from scoring.rules.ledger.support import Support
from scoring.rules.scheme.document import (
    Adjustments,
    BonusRule,
    Category,
    DeductionRule,
    Scheme,
)

INPUT, VERIFICATION, EVIDENCE = "input", "verification", "evidence"
SIGNATURE, CORRECTION, REPLY, AWARD = "signature", "correction", "reply", "award"
ANSWER, CONFIRMATION, ITEM = "answer", "confirmation", "item"
WHAT = (
    *(INPUT, SIGNATURE, VERIFICATION, EVIDENCE, CORRECTION, REPLY),
    *(ANSWER, CONFIRMATION, AWARD, ITEM),
)

MOST_DAYS_AHEAD = 400
"""How far ahead working days are counted: further, holidays are not announced."""


@dataclass(slots=True)
class WaitingEntry:
    """An entry about the unit that was handed in, or sent back, and does not count yet.

    `backed` says whether it names evidence, `signed` whether it is signed off; where it was sent
    back, `returned_on` is the day of that. Marks from seats are none of these.
    """

    unit: str
    indicator: str
    period: str
    kind: str
    key: str | None
    item: str | None
    state: str
    author_unit: str
    backed: bool
    signed: bool
    returned_on: dt.date | None
    panel: None = None


class ItemInHand(NamedTuple):
    """A supervised item that is given to the unit and not closed: the unit that leads, and its
    clock; while that stands still `days_left` are left and others act."""

    lead: str
    due: dt.date | None
    days_left: int | None


class OpenReply(NamedTuple):
    """A reply that the unit owes about what it was asked to mend."""

    deadline: dt.date


@dataclass(frozen=True, slots=True)
class Matter:
    """Something on which points still depend: `count` of it, which `unit` is to act on, by when;
    without one it is the performance office.

    `working_days` are those left from today, below 0 once it is late; None without a day, or far
    ahead. `rule` is that of an award, `points` what it is worth. `people` are in charge, where that
    is told.
    """

    what: str
    indicator: str | None
    period: str | None
    unit: str | None
    count: int
    due: dt.date | None
    working_days: int | None
    rule: str | None = None
    points: Decimal | None = None
    people: InCharge | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one unit's record, and when.

    `unanswered` are, by its claims that were filed together, the units that have not said whether
    they agree; `periods` those that are closed, with the permissions that are good now.
    """

    came: Collection[HandedIn]
    waiting: Collection[WaitingEntry]
    claims: Collection[Claim]
    replies: Collection[OpenReply]
    persons: Persons
    calendar: Calendar
    today: dt.date
    unanswered: Mapping[UUID, Sequence[str]] = field(default_factory=dict)
    items: Collection[ItemInHand] = ()
    periods: Periods = NO_PERIODS


def matters(scheme: Scheme, category: Category, unit: str, found: Found) -> list[Matter]:
    """Return what points of a unit still depend on, what is due first; without a day last.

    An entry that lacks something is not told of once more as one that waits, nor as an input that
    is owed; a unit's own words wait for nobody.
    """
    counts = [each for each in found.waiting if each.kind != PROGRESS_REPORT]
    found = replace(found, waiting=counts)
    each = [
        *_inputs(scheme, category, unit, found),
        *_waiting(scheme, found),
        *_replies(unit, found),
        *_claims(category, scheme, unit, found),
        *_items(category, scheme, found),
        *_awards(category, scheme, unit, found),
    ]
    return sorted(each, key=_place)


def known_to(scheme: Scheme, unit: str, waiting: Iterable[WaitingEntry]) -> Iterator[WaitingEntry]:
    """Yield the entries about a unit of which it may know: those of its own, and what others have
    handed in. What waits there for a signature is owed, as far as the unit is told."""
    lacks = _Lacks(scheme)
    yield from (each for each in waiting if each.author_unit == unit or lacks.is_handed_in(each))


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
    """Yield the periods about which nothing was handed in that counts, or would once it is mended
    or signed off."""
    cells = cells_of(scheme, [category], Sought(unit=unit))
    policy, calendar = scheme.duties, found.calendar
    about = duties_of(cells, policy), calendar, found.today, policy
    owed, came = about[0], [*found.came, *_once_acted_on(scheme, found)]
    days = {
        each.duty: each.returned.days.due if each.returned else each.deadline.due
        for each in standings(owed, found.came, *about[1:])
    }
    closed = _Closed(scheme, found.periods)
    for each in standings(owed, came, *about[1:]):
        duty = each.duty
        if each.missing and not closed.shuts(duty.indicator, duty.period, duty.unit):
            # What was returned is due again, on a day of its own.
            due = closed.last_day(duty.indicator, duty.period, duty.unit) or days[duty]
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


def _once_acted_on(scheme: Scheme, found: Found) -> Iterator[HandedIn]:
    """Yield what would count from today on if what was sent back were handed in, and what waits for
    a signature signed off."""
    signing = Signing(scheme)
    owed = (each for each in found.waiting if each.kind not in NOT_OWED)
    for each in owed:
        if each.state == RETURNED or (signing.wants(each) and not each.signed):
            whole = each.kind == NOT_APPLICABLE
            slot = None if whole or each.kind == EVENT else (each.key, each.item)
            period = each.period[:4] if whole else each.period
            about = each.unit, each.indicator, period, found.today
            yield HandedIn(*about, slot=slot, for_all=whole)


def _waiting(scheme: Scheme, found: Found) -> Iterator[Matter]:
    """Yield what was handed in and does not count yet, by indicator, period and why."""
    lacks, days = _Lacks(scheme), _Days(scheme, found)
    counts = Counter(
        (what, each.indicator, each.period, lacks.who_acts(each, what), days.due(each, what, lacks))
        for each in found.waiting
        for what in lacks.of(each)
        if days.can(each, what, lacks)
    )
    for (what, indicator, period, unit, due), count in counts.items():
        people = None if what == VERIFICATION else of_duty(found.persons, unit or "", indicator)
        left = None if due is None else _days(found, due)
        yield Matter(what, indicator, period, unit, count, due, left, people=people)


class _Closed:
    """Whether anything about a period is let in, and until when where that is closed."""

    def __init__(self, scheme: Scheme, periods: Periods) -> None:
        self._periods, self._zone = periods, ZoneInfo(scheme.time_zone)

    def shuts(self, indicator: str, period: str, unit: str) -> bool:
        """Say whether nothing of what a unit enters is let in."""
        return self._periods.shuts(Entering(indicator, period, None, unit))

    def last_day(self, indicator: str, period: str, unit: str) -> dt.date | None:
        """Return the last day of the permission by which a unit enters; None where it needs
        none."""
        until = self._periods.good_until(Entering(indicator, period, None, unit))
        # A permission ends with the day before.
        return until and (until - dt.timedelta(seconds=1)).astimezone(self._zone).date()


class _Lacks:
    """What entries lack before they count, and who is to give it, by a scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self._support, self._signing = Support(scheme), Signing(scheme)
        self._reviewers, self._scheme = Reviewers(scheme), scheme

    def of(self, entry: WaitingEntry) -> list[str]:
        """Return what an entry lacks; where it lacks nothing, somebody's word."""
        if entry.state == RETURNED:
            return [CORRECTION]
        found = [] if self.is_handed_in(entry) else [SIGNATURE]
        if self._support.wants(entry) and not entry.backed:
            found.append(EVIDENCE)
        return found or [VERIFICATION]

    def is_handed_in(self, entry: WaitingEntry) -> bool:
        """Say whether an entry has, or had, the signature that it wants."""
        return entry.signed or not self._signing.wants(entry)

    def who_acts(self, entry: WaitingEntry, what: str) -> str | None:
        """Return the unit that is to act; None is the performance office."""
        if what != VERIFICATION:
            return entry.author_unit
        named = self._reviewers.of(entry.unit, entry.indicator, entry.author_unit)
        first = named if entry.state == SUBMITTED else None
        return first or self._scheme.second_body_of(entry.unit)


class _Days:
    """Until which days entries are to be mended, signed off, or given evidence."""

    def __init__(self, scheme: Scheme, found: Found) -> None:
        calendar, self._closed = found.calendar, _Closed(scheme, found.periods)
        self._policy, self._calendar = scheme.duties, calendar
        self._of_period = cache(lambda period: deadline_of(self._policy, period, calendar).due)

    def can(self, entry: WaitingEntry, what: str, lacks: _Lacks) -> bool:
        """Say whether it can be done: about a closed period nothing is handed in anew or signed
        off. What was handed in before is still decided, and given the evidence that it wants."""
        about = entry.indicator, entry.period, entry.author_unit
        waits_within = entry.state != RETURNED and lacks.is_handed_in(entry)
        return waits_within or not self._closed.shuts(*about)

    def due(self, entry: WaitingEntry, what: str, lacks: _Lacks) -> dt.date | None:
        """Return the last day in time, which no one has who decides; what was sent back has a term
        of its own, once it had been handed in."""
        if what == VERIFICATION or entry.indicator in self._policy.exempt:
            return None
        about = entry.indicator, entry.period, entry.author_unit
        within = entry.state == RETURNED or not lacks.is_handed_in(entry)
        if within and (last := self._closed.last_day(*about)):
            return last
        due: dt.date = self._of_period(entry.period)
        if entry.returned_on is None or not lacks.is_handed_in(entry):
            return due
        return max(due, self._calendar.after(entry.returned_on, self._policy.returned_within))


def _replies(unit: str, found: Found) -> Iterator[Matter]:
    for due, count in Counter(each.deadline for each in found.replies).items():
        yield Matter(REPLY, None, None, unit, count, due, _days(found, due))


def _claims(category: Category, scheme: Scheme, unit: str, found: Found) -> Iterator[Matter]:
    """Yield the claims of the unit that nobody has decided about: those that were filed together
    wait for the units that have not answered first. What is held is not told apart, since that
    tells of the claims of others."""
    counts = scheme.composition_of(category).counts
    decides = scheme.second_body_of(unit)
    waiting = Counter[tuple[str, str | None, str | None, Decimal | None]]()
    for each in found.claims:
        if each.standing.state == HANDED_IN and counts(each.kind):
            rule = _rule_of(each, scheme.adjustments_of(category))
            by = (None, None) if rule is None else (rule.code, rule.points)
            silent = found.unanswered.get(each.claim_id, ())
            waiting.update((ANSWER, other, *by) for other in silent)
            waiting.update([] if silent else [(CONFIRMATION, decides, *by)])
    for (what, acts, code, points), count in waiting.items():
        about = what, None, None, acts, count, None, None
        yield Matter(*about, rule=code, points=points)


def _rule_of(claim: Claim, adjustments: Adjustments) -> BonusRule | DeductionRule | None:
    """Return the rule that a claim is by: of several for bonus that which gives most."""
    if claim.kind != BONUS:
        rules = adjustments.deductions.rules
        return next((each for each in rules if each.code == claim.rule), None)
    fitting = (
        each
        for each in adjustments.bonus.rules
        if each.level == claim.level and granted_by(claim.authority or "", each.authorities)
    )
    return max(fitting, key=attrgetter("points"), default=None)


def _items(category: Category, scheme: Scheme, found: Found) -> Iterator[Matter]:
    """Yield the supervised items of the unit, where they cost points: who leads is to act, others
    while the clock stands still."""
    policy = scheme.items
    if policy is None or policy.indicator not in category.indicators():
        return
    for each, count in Counter(found.items).items():
        still = each.days_left is not None
        acts, due = (None, None) if still else (each.lead, each.due)
        left = each.days_left if due is None else _days(found, due)
        yield Matter(ITEM, policy.indicator, None, acts, count, due, left)


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
