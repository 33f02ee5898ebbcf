"""What becomes of the complaints of a year, computed from its plan alone.

Nothing of the services is used: moves are gone through by the regulation's words, days are counted
down the table that was typed from the notices.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.system.computed_otherwise import nth

from kaoping.city.complained import CITIZEN, COMPLAINTS
from kaoping.plan import Document, Move, Plan
from kaoping.supervising import in_order

OFFICE, LEAD, UNIT = "office", "lead", "unit"

MOVES: dict[tuple[str, str], tuple[str, str, tuple[str, ...]]] = {
    # state and move: the state that follows, whose move it is, whose moves bar a person
    ("raised", "accept"): ("accepted", OFFICE, ()),
    ("raised", "refuse"): ("refused", OFFICE, ("raise",)),
    ("raised", "call_malicious"): ("suspected", OFFICE, ()),
    ("suspected", "confirm_malice"): ("malicious", OFFICE, ("raise", "call_malicious")),
    ("suspected", "clear"): ("raised", OFFICE, ("call_malicious",)),
    ("accepted", "assign"): ("assigned", OFFICE, ()),
    ("assigned", "urge"): ("assigned", OFFICE, ()),
    ("assigned", "return"): ("accepted", UNIT, ()),
    ("assigned", "answer"): ("answered", LEAD, ()),
    ("assigned", "ask_extension"): ("extension_asked", LEAD, ()),
    ("extension_asked", "grant_extension"): ("assigned", OFFICE, ()),
    ("extension_asked", "refuse_extension"): ("assigned", OFFICE, ()),
    ("extension_asked", "answer"): ("answered", LEAD, ()),
    ("answered", "rate"): ("revisited", CITIZEN, ()),
    ("answered", "revisit"): ("revisited", OFFICE, ()),
    ("revisited", "rate"): ("revisited", CITIZEN, ()),
    ("revisited", "close"): ("closed", OFFICE, ("revisit",)),
    ("revisited", "redo"): ("assigned", OFFICE, ()),
}

WORKING = {
    # days to accept, days to answer, days more
    "efficiency_complaint": (5, 30, 30),
    "online_message": (2, 10, 10),
}
CALENDAR = {"petition": (15, 60, 30), "hotline": (3, 20, 10)}


def after(kind: str, day: dt.date, which: int) -> dt.date:
    """Return the day that comes after another by one of the limits of a kind."""
    if kind in WORKING:
        return nth(day, WORKING[kind][which])
    return day + dt.timedelta(days=CALENDAR[kind][which])


class Point(NamedTuple):
    """How a complaint stood since a move, and whether that came after its day."""

    does: str
    who: str
    day: dt.date
    state: str
    kind: str
    due: dt.date | None = None
    late: bool = False
    units: tuple[tuple[str, str], ...] = ()
    word: str | None = None


@dataclass
class Course:
    """A complaint, and where it stood after each of its moves."""

    points: list[Point]
    groups: list[set[str]]
    about: list[str] = field(default_factory=list)

    def go(self, move: Move) -> frozenset[str]:
        """Make a move, or say by which faults it is refused."""
        last, own = self.points[-1], dict(self.points[-1].units)
        if move.role and move.who not in own:
            return frozenset({"no-such-complaint"})
        then = MOVES.get((last.state, move.does))
        if then is None or (then[1] == CITIZEN) != (move.who == CITIZEN):
            return frozenset({"not-to-be-rated" if move.who == CITIZEN else "wrong-state"})
        state, by, against = then
        if by == LEAD and own[move.who] != LEAD:
            return frozenset({"not-the-lead"})
        if move.who in {self.made(each)[-1].who for each in against if self.made(each)}:
            return frozenset({"own-act"})
        if faults := self._faults(move):
            return faults
        self.points.append(self._after(move, state))
        self.about += move.told.get("about", ())
        return frozenset()

    def made(self, *moves: str) -> list[Point]:
        """Return where it stood after each of such moves."""
        return [each for each in self.points if each.does in moves]

    def _faults(self, move: Move) -> frozenset[str]:
        by_unit = frozenset(self._of_a_unit(move)) if move.role else frozenset[str]()
        return by_unit or frozenset(self._of_the_office(move))

    def _of_a_unit(self, move: Move) -> Iterator[str]:
        due = self.points[-1].due
        if move.does == "return" and move.who in {e.who for e in self.made("return")}:
            yield "returned-before"
        if move.does == "ask_extension" and self.made("ask_extension"):
            yield "asked-before"
        if move.does == "ask_extension" and due is not None and _day(move) > due:
            yield "asked-too-late"

    def _of_the_office(self, move: Move) -> Iterator[str]:
        if move.does == "close" and self.word == "dissatisfied":
            if not self.made("redo"):
                yield "redo-first"
            elif "text" not in move.told:
                yield "missing"
        units = {each["unit"] for each in move.told.get("units", ())}
        if self.points[-1].kind == "efficiency_complaint" and units & {*self.about}:
            yield "own-cause"
        rivals = {unit for each in self.groups if each & {*self.about} for unit in each}
        if self.points[-1].kind == "efficiency_complaint" and units & (rivals - {*self.about}):
            yield "own-category"

    @property
    def word(self) -> str | None:
        """What was said of the latest answer: by whoever raised it, or else to who asked."""
        place = max(n for n, each in enumerate(self.points) if each.does in ("raise", "answer"))
        since = self.points[place + 1 :]
        own = [each.word for each in since if each.does == "rate"]
        asked = [each.word for each in since if each.does == "revisit"]
        return (own or asked or [None])[-1]

    def _after(self, move: Move, state: str) -> Point:
        last, day, told = self.points[-1], _day(move), move.told
        kind, due, late = told.get("kind", last.kind), last.due, False
        if move.does == "accept":
            first = self.points[0]
            late = day > after(first.kind, first.day, 0)
        if move.does in ("accept", "redo"):
            due = after(kind, day, 1)
        elif move.does == "grant_extension" and due is not None:
            due = after(kind, due, 2)
        elif move.does == "answer" and due is not None:
            late = day > due
        units = tuple((each["unit"], each["role"]) for each in told.get("units", ()))
        units = () if move.does == "return" else units or last.units
        word = told.get("word")
        return Point(move.does, move.who, day, state, kind, due, late, units, word)

    def stands(self, day: dt.date) -> Document:
        """Return how it stands on a day, in the words of the API."""
        last, first = self.points[-1], self.points[0]
        waits = last.state in ("raised", "suspected")
        due = after(last.kind, first.day, 0) if waits else last.due
        light = "none"
        if due and (waits or last.state in ("accepted", "assigned", "extension_asked")):
            light = "red" if day > due else "yellow" if day >= nth(due, -3) else "none"
        return {
            "state": last.state,
            "kind": last.kind,
            "step": len(self.points),
            "due": due and due.isoformat(),
            "light": light,
            "about": self.about,
            "units": [{"unit": unit, "role": role} for unit, role in sorted(last.units)],
        }

    def told(self) -> list[tuple[str, str, str | None, bool]]:
        """Return its moves: what each came to, by when, and whether it was late."""
        return [
            (each.does, each.state, each.due and each.due.isoformat(), each.late)
            for each in self.points
        ]


def _day(move: Move) -> dt.date:
    assert move.day is not None
    return move.day


@dataclass
class Complained:
    """The complaints of a year by what they go by, and by which faults each move was refused."""

    plan: Plan
    courses: dict[str, Course] = field(default_factory=dict)
    outcomes: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        groups = [{*each["units"]} for each in self.plan.scheme["categories"]]
        for number, move in in_order(self.plan, COMPLAINTS):
            ref, faults = move.about[1], frozenset[str]()
            if move.does == "raise":
                first = Point("raise", move.who, _day(move), "raised", move.told["kind"])
                self.courses[ref] = Course([first], groups)
            else:
                faults = self.courses[ref].go(move)
            self.outcomes[number] = faults
