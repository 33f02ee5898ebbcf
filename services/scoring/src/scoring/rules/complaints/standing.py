"""How a complaint stands, and what somebody says with a move of it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chassis.deadlines import Calendar
from scoring.rules.complaints.states import ABOUT, LEAD, REDO
from scoring.rules.scheme.document import ComplaintLimits, ComplaintPolicy

MOST_MOVES = 200
"""How many moves a complaint may make."""


class Part(NamedTuple):
    """A unit of a complaint, as what it is."""

    unit: str
    role: str


class Done(NamedTuple):
    """A move that was made: by whom, of which unit, on which day, and what it came to."""

    step: int
    move: str
    state: str
    kind: str
    due: dt.date | None
    word: str | None
    person: str
    unit: str | None
    day: dt.date


@dataclass(frozen=True, slots=True)
class ComplaintNow:
    """A complaint as it stands: who handles it, of whom it complains, and its moves."""

    about_office: bool
    handlers: Sequence[Part]
    about: Collection[str]
    moves: Sequence[Done]

    @property
    def last(self) -> Done:
        """Its latest move."""
        return self.moves[-1]

    @property
    def state(self) -> str:
        """The state that it is in."""
        return self.last.state

    def latest(self, *moves: str) -> Done | None:
        """Return the latest of some moves."""
        return next((each for each in reversed(self.moves) if each.move in moves), None)

    def role_of(self, unit: str | None) -> str | None:
        """Return what a unit is of it, None where it has nothing to do with it."""
        held = next((each.role for each in self.handlers if each.unit == unit), None)
        return held or (ABOUT if unit in self.about else None)

    @property
    def lead(self) -> str | None:
        """The unit that answers, None before it is given to one."""
        return next((each.unit for each in self.handlers if each.role == LEAD), None)

    @property
    def was_redone(self) -> bool:
        """Whether it was done again before."""
        return any(each.move == REDO for each in self.moves)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What somebody says with a move."""

    move: str
    text: str | None = None
    kind: str | None = None
    about: Sequence[str] = ()
    units: Sequence[Part] = ()
    first: UUID | None = None
    word: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintActor:
    """Who makes a move: a person, their unit, and in which office they act; `decides` is whether
    the office is this caller, and no other body in its place."""

    person: str
    unit: str | None
    by: Collection[str]
    decides: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """What a move is judged by besides: the day, the working days, what the scheme says of
    complaints, the units that it assesses, each with its category, those that score others, and the
    complaints that one may be linked to."""

    day: dt.date
    calendar: Calendar
    policy: ComplaintPolicy
    assessed: Mapping[str, str]
    scorers: Collection[str] = ()
    firsts: Collection[UUID] = ()

    def rivals(self, units: Collection[str]) -> set[str]:
        """Return the units of the categories that some units are of."""
        own = {self.assessed[unit] for unit in units if unit in self.assessed}
        return {unit for unit, category in self.assessed.items() if category in own}

    def limits(self, kind: str) -> ComplaintLimits:
        """Return the limits of a kind."""
        found: ComplaintLimits = getattr(self.policy, kind)
        return found
