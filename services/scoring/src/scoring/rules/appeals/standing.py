"""How an objection stands, and who may decide about it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from chassis.deadlines import Calendar
from scoring.rules.scheme.document import ObjectionPolicy

MOST_OBJECTIONS = 200
"""How many objections a unit may file in a year."""


class MadeMove(NamedTuple):
    """A move that an objection made: by whom, and on which day."""

    step: int
    move: str
    state: str
    level: int
    due: dt.date | None
    person: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Involved:
    """Who brought about what an objection is about: the persons who entered it, checked, signed or
    verified it, and the units that they did it for."""

    persons: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ObjectionNow:
    """An objection as it stands: whose it is, and the moves that it made."""

    unit: str
    moves: Sequence[MadeMove]

    @property
    def last(self) -> MadeMove:
        """Its latest move."""
        return self.moves[-1]


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says with a move: its words, what should stand, and from which days its files
    are, by their places."""

    move: str
    stands: str | None = None
    existed_on: Sequence[dt.date] = ()


@dataclass(frozen=True, slots=True)
class ObjectionActor:
    """Who makes a move: a person, their unit, and their roles."""

    person: str
    unit: str | None
    roles: Collection[str]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a move is judged by besides: the scheme's words, the day, the working days, the units
    that compete with whoever objects, and the body that stands in for the office about it."""

    policy: ObjectionPolicy
    year: int
    day: dt.date
    calendar: Calendar
    competing: Collection[str] = ()
    second_body: str | None = None
    involved: Involved = field(default_factory=Involved)


@dataclass(frozen=True, slots=True)
class Filing:
    """An objection as it is filed: what it is about, by the names of the fields that say so.

    `known` says whether there is such a thing of the unit; `objected` that it objected to the same
    before, and nothing has changed of it since.
    """

    about: str
    fields: Mapping[str, object]
    existed_on: Sequence[dt.date]
    known: bool
    objected: bool
    filed_before: int
    fed_back_on: dt.date
