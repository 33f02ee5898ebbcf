"""How a complaint stands after a move that may be made."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from scoring.rules.complaints.limits import Term, accept_by, extended, finish_by, given_anew
from scoring.rules.complaints.standing import ComplaintNow, Part, Setting, Spoken
from scoring.rules.complaints.states import (
    ACCEPT,
    ANSWER,
    ASSIGN,
    ASSIGNED,
    GRANT_EXTENSION,
    REDO,
    RETURN,
    STEPS,
)


class ThenStands(NamedTuple):
    """How a complaint stands after a move; `late` says that the move came after its day."""

    state: str
    kind: str
    due: dt.date | None
    late: bool
    handlers: Sequence[Part]


def stands_after(now: ComplaintNow, said: Spoken, setting: Setting) -> ThenStands:
    """Return how a complaint stands after a move that may be made."""
    state, last, day = STEPS[now.state, said.move].to, now.last, setting.day
    kind, due, late = said.kind or last.kind, last.due, False
    limits = setting.limits(kind)
    if said.move == ACCEPT:
        first = now.moves[0]
        late = day > accept_by(first.day, setting.limits(first.kind), setting.calendar)
    if said.move in (ACCEPT, REDO):
        due = finish_by(day, limits, setting.calendar)
    elif due is not None:
        due, late = _due_after(now, said, setting, due), said.move == ANSWER and day > due
    handlers = () if said.move == RETURN else said.units or now.handlers
    return ThenStands(state, kind, due, late, handlers)


def _due_after(now: ComplaintNow, said: Spoken, setting: Setting, due: dt.date) -> dt.date:
    """Return by when what is due on a day is due after a move of its term."""
    kind, calendar = now.last.kind, setting.calendar
    limits = setting.limits(kind)
    if said.move == GRANT_EXTENSION:
        return extended(due, limits, calendar)
    begun = now.latest(ACCEPT, REDO)
    if said.move == ASSIGN and now.state == ASSIGNED and begun is not None:
        return given_anew(setting.day, Term(begun.day, due), kind, limits, calendar)
    return due
