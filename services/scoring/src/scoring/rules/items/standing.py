"""How a supervised item stands, and what somebody says with a move of it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chassis.deadlines import Calendar
from scoring.rules.items.clock import Clock
from scoring.rules.items.given import NO_TERM, Share, Term, handlers

MOST_MOVES = 500
"""How many moves an item may make."""


class Made(NamedTuple):
    """A move that was made: by whom, of which unit, on which day, and what it came to."""

    step: int
    move: str
    state: str
    clock: Clock
    person: str
    unit: str | None
    day: dt.date


@dataclass(frozen=True, slots=True)
class ItemNow:
    """An item as it stands: to whom it is given, the moves that it made, and what was asked for.

    `asked` is the day until which more time was asked for the last time. What was `restored` from
    an archive does not tell who moved it.
    """

    term: Term
    report_every: str | None
    shares: Sequence[Share]
    moves: Sequence[Made]
    completion: int = 0
    report_due: dt.date | None = None
    asked: dt.date | None = None
    restored: bool = False

    @property
    def state(self) -> str:
        """The state that it is in."""
        return self.moves[-1].state

    @property
    def step(self) -> int:
        """The number of its latest move."""
        return self.moves[-1].step

    @property
    def clock(self) -> Clock:
        """Its clock since the latest move."""
        return self.moves[-1].clock

    def latest(self, *moves: str) -> Made | None:
        """Return the latest of some moves."""
        return next((each for each in reversed(self.moves) if each.move in moves), None)

    def role_of(self, unit: str | None) -> str | None:
        """Return what a unit is of it, None where it has nothing to do with it."""
        return next((each.role for each in handlers(self.shares) if each.unit == unit), None)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says with a move."""

    move: str
    text: str | None = None
    term: Term = NO_TERM
    shares: Sequence[Share] = ()
    completion: int | None = None
    files: int = 0


@dataclass(frozen=True, slots=True)
class ItemActor:
    """Who makes a move: a person, their unit, and in which office they act."""

    person: str
    unit: str | None
    by: Collection[str]
    decides: bool = True
    """Whether the office is this caller: not where a second body stands in for it, or else is."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a move is judged by besides: the day, the working days, the last day of a term, the
    units that the scheme assesses, and by unit the body that decides in the office's place."""

    day: dt.date
    calendar: Calendar
    last: dt.date
    assessed: Collection[str]
    bodies: Mapping[str, str] = field(default_factory=dict)
