"""What complaints have earned by a day (逾期、重办、退回不当、属实): what may cost the units that
handled them, or that they were right about, points. It follows from the moves, whether it is looked
once a day or once."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.deadlines import ONE_DAY
from scoring.rules.complaints.standing import Done, Part
from scoring.rules.complaints.states import (
    ABOUT,
    ACCEPT,
    ANSWER,
    ASSIGN,
    ASSIGNED,
    CLOSE,
    LEAD,
    REDO,
    RETURN,
)
from scoring.rules.duties.card_events import CardEvent
from scoring.rules.items.earned import COUNTED, OVERDUE, REDONE, RETURNED, UPHELD, Earned
from scoring.rules.items.given import WHOLE
from scoring.rules.items.item_events import WORDS, counted_events
from scoring.rules.scheme.document import Scheme

EARNED_BY_COMPLAINTS = (*COUNTED, UPHELD)
"""What may cost points."""

Named = Mapping[int, Sequence[Part]]
"""By step the units that it names."""


@dataclass(slots=True)
class _Stands:
    """Since which step a term runs, and since when which unit leads; one that is given what another
    let lapse has a term of its own."""

    term: int = 0
    lead: str | None = None
    since: dt.date = dt.date.max
    returned: list[tuple[int, str]] = field(default_factory=list)

    def missed(self, due: dt.date | None) -> bool:
        """Whether the lead had it by its day: who is given it later has missed nothing."""
        return due is not None and self.lead is not None and self.since <= due


def earned_of_complaint(
    complaint_id: UUID, moves: Sequence[Done], named: Named, today: dt.date
) -> Iterator[Earned]:
    """Yield each thing that a complaint has earned by a day, once.

    Overdue is what the lead unit had by its day and has not answered by then, but not while the
    office has yet to say whether there is more time; a return did not hold where the unit is given
    the complaint again by the next step that gives it to any.
    """
    stands, overdue = _Stands(), dict[int, Earned]()
    for made, end in zip(moves, [*(each.day for each in moves[1:]), today], strict=True):
        yield from _by_move(complaint_id, made, named.get(made.step, ()), stands)
        if made.due is not None and stands.missed(made.due):
            shown = _missed_on(made, made.due, end)
            if shown is not None and stands.lead is not None:
                of = complaint_id, OVERDUE, stands.term, stands.lead, WHOLE, made.due, shown
                overdue.setdefault(stands.term, Earned(*of))
    yield from overdue.values()
    yield from _upheld(complaint_id, moves, named)


def _upheld(complaint_id: UUID, moves: Sequence[Done], named: Named) -> Iterator[Earned]:
    """Yield that it was found right about the units that it complains of."""
    about = list[str]()
    for made in moves:
        if made.move == ACCEPT:
            about = [each.unit for each in named.get(made.step, ()) if each.role == ABOUT]
        elif made.move == CLOSE and made.word == UPHELD:
            for unit in about:
                yield Earned(complaint_id, UPHELD, made.step, unit, WHOLE, None, made.day)


def _missed_on(made: Done, due: dt.date, end: dt.date) -> dt.date | None:
    """Return since when what stands after a move, until the next one, is overdue."""
    if made.state == ASSIGNED and end > due:
        return max(due + ONE_DAY, made.day)
    return made.day if made.move == ANSWER and made.day > due else None


def _by_move(
    complaint_id: UUID, made: Done, named: Sequence[Part], stands: _Stands
) -> Iterator[Earned]:
    """Note what a move changes, and yield what it has earned."""
    if made.move in (ACCEPT, REDO):
        stands.term = made.step
    if made.move == REDO and stands.lead is not None:
        stands.since = made.day
        yield Earned(complaint_id, REDONE, made.step, stands.lead, WHOLE, None, made.day)
    elif made.move == RETURN and made.unit is not None:
        stands.lead = None
        stands.returned.append((made.step, made.unit))
    elif made.move == ASSIGN:
        yield from _by_assignment(complaint_id, made, named, stands)


def _by_assignment(
    complaint_id: UUID, made: Done, named: Sequence[Part], stands: _Stands
) -> Iterator[Earned]:
    units = {each.unit: each.role for each in named}
    for step, unit in stands.returned:
        if unit in units:
            yield Earned(complaint_id, RETURNED, step, unit, WHOLE, None, made.day)
    if stands.lead is not None:
        stands.term = made.step
    stands.lead = next(unit for unit, role in units.items() if role == LEAD)
    stands.since, stands.returned = made.day, []


def complaint_events(
    found: Iterable[Earned], scheme: Scheme, today: dt.date
) -> list[CardEvent[Earned]]:
    """Return what becomes of what complaints have earned, by the scheme alone; nothing where it has
    none count."""
    policy = scheme.complaints.events if scheme.complaints else None
    return counted_events(found, policy, scheme, today, note_of_complaint)


def note_of_complaint(each: Earned) -> str:
    """Return what the event says to people: which complaint it is, and nothing of what that
    says."""
    _, word = WORDS[each.what]
    due = f"，应于 {each.due} 答复" if each.due else ""
    return f"投诉 {each.item_id} 第{each.step}步{word}{due}，{each.shown_on} 起"
