"""What supervised items have earned by a day (逾期、重办、退回不当): reminders, and what may cost
points. It follows from the moves and the working days, whether it is looked once a day or once."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from chassis.deadlines import ONE_DAY, Calendar
from scoring.rules.items.clock import WARNED_BEFORE
from scoring.rules.items.disputes import Answered, answered, over_since
from scoring.rules.items.given import WHOLE, Share, handlers
from scoring.rules.items.standing import Made
from scoring.rules.items.states import INSIST, REDO

DUE_SOON, OVERDUE, REDONE, RETURNED = "due_soon", "overdue", "redone", "returned"
EARNED = (DUE_SOON, OVERDUE, REDONE, RETURNED)
"""What an item can earn: a reminder; that its day was missed; that it had to be done again; that it
was returned without ground."""

UPHELD = "upheld"
"""What a complaint alone can earn: that it was right about the units that it complains of."""

COUNTED = (OVERDUE, REDONE, RETURNED)
"""What may cost points; a reminder does not."""


class Earned(NamedTuple):
    """What an item has earned for a unit by a step of it, since a day; `due` is the day that was to
    be kept, `share` the unit's part in percent."""

    item_id: UUID
    what: str
    step: int
    unit: str
    share: int
    due: dt.date | None
    shown_on: dt.date

    @property
    def key(self) -> str:
        """What stands for it where it is named."""
        return ",".join((str(self.item_id), self.what, str(self.step), self.unit))


Given = Mapping[int, Sequence[Share]]
"""By step to whom an item is given."""


class _Found(NamedTuple):
    what: str
    step: int
    due: dt.date | None
    shown_on: dt.date
    unit: str | None = None


def earned(
    item_id: UUID, moves: Sequence[Made], given: Given, today: dt.date, calendar: Calendar
) -> Iterator[Earned]:
    """Yield each thing that an item has earned by a day, once for each unit that answers for it."""
    found = dict[tuple[str, int], _Found]()
    for each in (*_by_clock(moves, today, calendar), *_by_moves(moves, given, today, calendar)):
        if each.shown_on <= today:
            found.setdefault((each.what, each.step), each)
    for each in found.values():
        at = max(step for step in given if step <= each.step)
        shares = [Share(each.unit, "", WHOLE)] if each.unit else handlers(given[at])
        for share in shares:
            of = item_id, each.what, each.step, share.unit, share.share
            yield Earned(*of, each.due, each.shown_on)


def _by_clock(moves: Sequence[Made], today: dt.date, calendar: Calendar) -> Iterator[_Found]:
    """Yield reminders, and the days that were missed: while the clock runs, until the next move."""
    ends = [*(each.day for each in moves[1:]), today]
    for made, end in zip(moves, ends, strict=True):
        clock = made.clock
        if clock.due is None or clock.term is None:
            continue
        if clock.done_on is not None and clock.done_on > clock.due:
            yield _Found(OVERDUE, clock.term, clock.due, clock.done_on)
        if not clock.runs:
            continue
        warned = max(calendar.after(clock.due, -WARNED_BEFORE), made.day)
        if warned <= min(end, clock.due):
            yield _Found(DUE_SOON, clock.term, clock.due, warned)
        if end > clock.due:
            yield _Found(OVERDUE, clock.term, clock.due, max(clock.due + ONE_DAY, made.day))


def _by_moves(
    moves: Sequence[Made], given: Given, today: dt.date, calendar: Calendar
) -> Iterator[_Found]:
    """Yield what was sent back to be done again, and returns that did not hold."""
    for before, made in pairwise(moves):
        if made.move == REDO:
            yield _Found(REDONE, made.step, before.clock.due, made.day)
    for each in answered(moves):
        day = _stands_since(each, moves, given, calendar)
        if day is not None and day <= today:
            yield _Found(RETURNED, each.returned.step, None, day, each.returned.unit)


def _stands_since(
    each: Answered, moves: Sequence[Made], given: Given, calendar: Calendar
) -> dt.date | None:
    """Return since when the answer stands that a unit keeps what it returned: since a leader ruled
    so, since the unit went on with it, or once it can be disputed no longer."""
    if each.dispute is not None:
        return each.ruling.day if each.ruling and each.ruling.move == INSIST else None
    if each.answer.move != INSIST:
        return None
    over = over_since(moves, each.answer, calendar, _taken(each, given))
    days = [over, each.went_on.day if each.went_on else None]
    return min(filter(None, days), default=None)


def _taken(each: Answered, given: Given) -> int | None:
    """Return the step that gave an item to others after its return by a unit was answered."""
    later = sorted(step for step in given if step > each.answer.step)
    units = ({share.unit for share in handlers(given[step])} for step in later)
    return next(
        (n for n, of in zip(later, units, strict=True) if each.returned.unit not in of), None
    )
