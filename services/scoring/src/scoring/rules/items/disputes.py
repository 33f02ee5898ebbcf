"""Returns of a supervised item that were answered (退回与争议): how long a unit may still disagree
with the answer, whatever other units of the item do meanwhile."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chassis.deadlines import Calendar
from scoring.rules.items.clock import DISPUTE_WITHIN
from scoring.rules.items.standing import Made
from scoring.rules.items.states import (
    DISPUTABLE,
    DISPUTE,
    INSIST,
    REASSIGN,
    RETURN,
    UNIT_MOVES,
)

_ANSWERS = (INSIST, REASSIGN)
_GOES_ON = tuple(move for move in UNIT_MOVES if move not in (RETURN, DISPUTE))


class Answered(NamedTuple):
    """A return of a unit and the answer to it; the unit's dispute and the ruling on that, where
    there are any; and its own next move in which it went on with the item."""

    returned: Made
    answer: Made
    dispute: Made | None
    ruling: Made | None
    went_on: Made | None


def answered(moves: Sequence[Made]) -> Iterator[Answered]:
    """Yield each return of an item that was answered, as it came."""
    for returned in (each for each in moves if each.move == RETURN):
        answer = _next(moves, returned, *_ANSWERS)
        if answer is None:
            continue
        unit = returned.unit
        dispute = _next(moves, answer, DISPUTE, unit=unit)
        ruling = None if dispute is None else _next(moves, dispute, *_ANSWERS)
        went_on = _next(moves, answer, *_GOES_ON, unit=unit)
        yield Answered(returned, answer, dispute, ruling, went_on)


def answered_of(moves: Sequence[Made], unit: str | None) -> Answered | None:
    """Return the latest answered return of a unit."""
    return next((e for e in reversed([*answered(moves)]) if e.returned.unit == unit), None)


def over_since(
    moves: Sequence[Made], answer: Made, calendar: Calendar, taken: int | None = None
) -> dt.date | None:
    """Return the first working day on which an answer can be disputed no longer; None where that
    has not come.

    The days count while the item stands where a unit can dispute: what else is decided meanwhile
    takes nothing from them. Nor does it come once the item was `taken` from the unit by a step.
    """
    left, since = DISPUTE_WITHIN, [each for each in moves if each.step >= answer.step]
    for made, following in zip(since, [*since[1:], None], strict=True):
        if made.step == taken:
            return None
        if made.state not in DISPUTABLE:
            continue
        over = calendar.after(made.day, left + 1)
        if following is None or over <= following.day:
            return over
        left -= calendar.between(made.day, following.day)
    return None


def _next(moves: Sequence[Made], after: Made, *wanted: str, unit: str | None = None) -> Made | None:
    later = (each for each in moves if each.step > after.step and each.move in wanted)
    return next((each for each in later if unit is None or each.unit == unit), None)
