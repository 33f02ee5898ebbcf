"""How an objection stands, and who may decide about it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from chassis.deadlines import Calendar
from scoring.rules.appeals.states import CARRY_OUT, DECISIONS, TO_CARRY_OUT
from scoring.rules.scheme.document import ObjectionPolicy

MOST_OBJECTIONS = 200
"""How many objections a unit may file in a year, those that it took back among them."""

MOST_REMARKS = 1_000
"""How many remarks a unit may make in a year; they take no objection from it."""


class MadeMove(NamedTuple):
    """A move that an objection made: by whom, on which day, and by what of the record it was
    carried out."""

    step: int
    move: str
    state: str
    level: int
    due: dt.date | None
    person: str
    day: dt.date
    carried_out_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Involved:
    """Who brought about what an objection is about: the persons who entered it, checked, signed or
    verified it, and the units that they did it for."""

    persons: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ObjectionNow:
    """An objection as it stands: what kind of thing it is about, the moves that it made, whether it
    is a remark, and to which unit that is put first."""

    about: str
    moves: Sequence[MadeMove]
    is_remark: bool = False
    put_to: str | None = None

    @property
    def last(self) -> MadeMove:
        """Its latest move."""
        return self.moves[-1]

    @property
    def told_on(self) -> dt.date:
        """The day on which it was decided the last time, or was filed."""
        return next((e.day for e in reversed(self.moves) if e.move in DECISIONS), self.last.day)

    @property
    def is_to_carry_out(self) -> bool:
        """Whether it is upheld, and nothing of the record has changed by it."""
        upheld = self.last.state in TO_CARRY_OUT
        return upheld and self.last.move != CARRY_OUT


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody says with a move: its words, what should stand, from which days its files are,
    by their places, and what of the record it was carried out by: `has_changed` says whether that
    is of what it touches, and has changed since it was decided."""

    move: str
    stands: str | None = None
    existed_on: Sequence[dt.date] = ()
    carried_out_by: UUID | None = None
    has_changed: bool = False


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
    before, and nothing has changed of it since; `filed_before` are those of the same form. A remark
    is on nothing that was fed back.
    """

    about: str
    fields: Mapping[str, object]
    existed_on: Sequence[dt.date]
    known: bool
    objected: bool
    filed_before: int
    fed_back_on: dt.date | None
