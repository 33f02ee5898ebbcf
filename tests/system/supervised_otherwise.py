"""What becomes of the supervised items of a year, computed from its plan alone.

Nothing of the services is used: moves are gone through by the regulation's words, days are counted
down the table that was typed from the notices, one by one.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from tests.system.computed_otherwise import ONE_DAY, WORKED, nth, worked_after

from kaoping.city.generated import leaves
from kaoping.city.supervised import ITEMS
from kaoping.people import COMMITTEE
from kaoping.plan import Document, Move, Plan
from kaoping.supervising import in_order

OFFICE, LEAD, UNIT, LEADER = "office", "lead", "unit", "leader"
Fate = dict[tuple[str, str], tuple[str, str, tuple[str, ...]]]

MOVES: Fate = {
    # state and move: the state that follows, whose move it is, whose moves bar a person
    ("registered", "dispatch"): ("dispatched", OFFICE, ("register",)),
    ("registered", "call_off"): ("called_off", OFFICE, ()),
    ("dispatched", "sign"): ("handling", LEAD, ()),
    ("dispatched", "urge"): ("dispatched", OFFICE, ()),
    ("handling", "urge"): ("handling", OFFICE, ()),
    ("dispatched", "return"): ("returned", UNIT, ()),
    ("handling", "return"): ("returned", UNIT, ()),
    ("returned", "insist"): ("dispatched", OFFICE, ("return", "dispatch", "reassign")),
    ("returned", "reassign"): ("dispatched", OFFICE, ("return", "dispatch", "reassign")),
    ("dispatched", "dispute"): ("disputed", UNIT, ()),
    ("handling", "dispute"): ("disputed", UNIT, ()),
    ("disputed", "insist"): ("dispatched", LEADER, ()),
    ("disputed", "reassign"): ("dispatched", LEADER, ()),
    ("handling", "report"): ("handling", UNIT, ()),
    ("handling", "ask_extension"): ("extension_asked", LEAD, ()),
    ("extension_asked", "grant_extension"): ("handling", OFFICE, ("ask_extension",)),
    ("extension_asked", "refuse_extension"): ("handling", OFFICE, ("ask_extension",)),
    ("extension_asked", "reply"): ("replied", LEAD, ()),
    ("handling", "suspend"): ("suspended", OFFICE, ()),
    ("suspended", "resume"): ("handling", OFFICE, ()),
    ("handling", "reply"): ("replied", LEAD, ()),
    ("replied", "close"): ("closed", OFFICE, ("reply",)),
    ("replied", "redo"): ("handling", OFFICE, ("reply",)),
    ("replied", "accept_part"): ("handling", OFFICE, ("reply",)),
    ("closed", "reopen"): ("handling", OFFICE, ("close",)),
}
ANEW = ("dispatch", "reassign", "redo", "reopen")
"""With these a new term begins."""

STOPS = ("return", "suspend", "ask_extension", "dispute")
GOES_ON = ("insist", "resume", "reply", "accept_part")
NO_SUCH = frozenset({"no-such-supervised-item"})


class Point(NamedTuple):
    """How an item stood since a move: when it is due in which term, the working days that are left
    while its clock stands still, when it was replied to."""

    does: str
    who: str
    day: dt.date
    state: str
    units: list[Document]
    due: dt.date | None = None
    left: int | None = None
    term: int = 0
    done: dt.date | None = None
    completion: int = 0
    asked: dt.date | None = None

    @property
    def runs(self) -> bool:
        """Say whether time is taken off it."""
        return self.due is not None and self.left is None and self.done is None


class Earning(NamedTuple):
    """What an item has earned for a unit."""

    item: str
    what: str
    unit: str
    share: int
    due: dt.date | None
    since: dt.date


@dataclass
class Course:
    """An item, and where it stood after each of its moves."""

    new: Document
    points: list[Point]

    def go(self, move: Move) -> frozenset[str]:
        """Make a move, or say by which faults it is refused."""
        last, does, day = self.points[-1], move.does, _day(move)
        own = {each["unit"]: each["role"] for each in last.units}
        if move.role and move.who not in own:
            return NO_SUCH
        if move.who == COMMITTEE and self.new["confidential"] and not self.made("dispute"):
            return NO_SUCH
        then = MOVES.get((last.state, does))
        if then is None:
            return frozenset({"wrong-state"})
        state, by, against = then
        if by == LEAD and own.get(move.who) != LEAD:
            return frozenset({"not-the-lead"})
        if move.who in {self.made(each)[-1].who for each in against if self.made(each)}:
            return frozenset({"own-act"})
        if faults := frozenset(self._ill_timed(move, day)):
            return faults
        self.points.append(self._after(move, day)._replace(state=state))
        return frozenset()

    def made(self, *moves: str, by: str | None = None) -> list[Point]:
        """Return where the item stood after each of such moves, of whoever or of one."""
        return [each for each in self.points if each.does in moves and by in (None, each.who)]

    def _ill_timed(self, move: Move, day: dt.date) -> Iterator[str]:
        last, does = self.points[-1], move.does
        if does == "return":
            if worked_after(self.made("dispatch", "reassign")[-1].day, day) > 7:
                yield "return-too-late"
            if self.made("return", by=move.who):
                yield "returned-before"
        elif does == "dispute":
            yield from self._disputes_late(move.who, day)
        elif does == "ask_extension" and last.due is not None and day > last.due:
            yield "asked-too-late"
        elif does == "close" and last.completion < 100:
            yield "in-part"
        elif does == "accept_part" and last.completion == 100:
            yield "not-in-part"

    def _disputes_late(self, unit: str, day: dt.date) -> Iterator[str]:
        answered = self.answered(unit)
        if answered is None:
            yield "not-returned"
        elif self._later(answered, "dispute", by=unit) is not None:
            yield "ruled-already"
        elif self._goes_on(answered, unit):
            yield "went-on-already"
        elif (over := self._over(answered, day)) is not None and over <= day:
            yield "dispute-too-late"

    def answered(self, unit: str) -> int | None:
        """Return the place of the answer to a unit's return."""
        returned = [n for n, e in enumerate(self.points) if (e.does, e.who) == ("return", unit)]
        return self._later(returned[0], "insist", "reassign") if returned else None

    def _later(self, place: int, *moves: str, by: str | None = None) -> int | None:
        later = range(place + 1, len(self.points))
        found = (n for n in later if self.points[n].does in moves)
        return next((n for n in found if by in (None, self.points[n].who)), None)

    def _goes_on(self, answer: int, unit: str) -> dt.date | None:
        place = self._later(answer, "sign", "report", "reply", "ask_extension", by=unit)
        return None if place is None else self.points[place].day

    def _over(self, answer: int, until: dt.date) -> dt.date | None:
        """Return the fourth working day after an answer on which the item began as one that a unit
        may dispute, going from day to day."""
        day, count = self.points[answer].day, 0
        while day < until:
            day += ONE_DAY
            began = [each for each in self.points[answer:] if each.day < day][-1]
            count += day in WORKDAYS and began.state in ("dispatched", "handling")
            if count == 4:
                return day
        return None

    def _after(self, move: Move, day: dt.date) -> Point:
        """Return how the clock stands after a move that is made."""
        last, does, told = self.points[-1], move.does, move.told
        now = last._replace(does=does, who=move.who, day=day)
        if does in ANEW:
            within = self.new["within"] if does == "dispatch" else told["within"]
            units = told.get("units", last.units)
            term = len(self.points) + 1
            return now._replace(due=nth(day, within), left=None, term=term, done=None, units=units)
        if does == "grant_extension":
            return now._replace(due=last.asked, left=None)
        if does == "refuse_extension":
            return now._replace(left=None)
        if does == "ask_extension":
            now = now._replace(asked=nth(day, told["within"]))
        if does in GOES_ON:
            now = _gone_on(now._replace(done=None if does == "accept_part" else now.done), day)
        if does == "reply":
            if last.state == "extension_asked" and now.due and last.asked:
                now = now._replace(due=min(now.due, last.asked))
            done = _stopped(now, day)
            return done._replace(done=day, completion=told.get("completion", 100))
        return _stopped(now, day) if does in STOPS else now

    def stood(self, day: dt.date) -> Document | None:
        """Return how the item stood at the end of a day, in the words of the API; None where it was
        not there yet."""
        points = [each for each in self.points if each.day <= day]
        if not points:
            return None
        last = points[-1]
        left = last.left
        if last.runs and last.due is not None:
            left = worked_after(day, last.due) - worked_after(last.due, day)
        return {
            "state": last.state,
            "step": len(points),
            "due": last.due and last.due.isoformat(),
            "days_left": left,
            "done_on": last.done and last.done.isoformat(),
            "light": _light(last, day),
            "completion": last.completion,
            "units": sorted(last.units, key=itemgetter("unit")),
        }

    def earned(self, today: dt.date) -> Iterator[Earning]:
        """Yield what the item has earned by a day, once for each unit that answers for it."""
        item, seen = self.new["source_ref"], set[tuple[str, int]]()
        for n, (what, due, since) in self._found(today):
            if since > today or (what, n) in seen:
                continue
            seen.add((what, n))
            for each in self.points[n - 1].units:
                yield Earning(item, what, each["unit"], each["share"], due, since)
        for point in self.made("return"):
            since = self._held(point.who, today)
            if since is not None and since <= today:
                yield Earning(item, "returned", point.who, 100, None, since)

    def _found(self, today: dt.date) -> Iterator[tuple[int, tuple[str, dt.date | None, dt.date]]]:
        ends = [*(each.day for each in self.points[1:]), today]
        for n, (point, end) in enumerate(zip(self.points, ends, strict=True), 1):
            if point.does == "redo":
                yield n, ("redone", self.points[n - 2].due, point.day)
            if point.runs and point.due is not None:
                warned = max(nth(point.due, -3), point.day)
                if warned <= min(end, point.due):
                    yield point.term, ("due_soon", point.due, warned)
                if end > point.due:
                    yield point.term, ("overdue", point.due, max(point.due + ONE_DAY, point.day))

    def _held(self, unit: str, today: dt.date) -> dt.date | None:
        """Return since when a unit's return is without ground."""
        answer = self.answered(unit)
        if answer is None:
            return None
        dispute = self._later(answer, "dispute", by=unit)
        if dispute is not None:
            ruling = self._later(dispute, "insist", "reassign")
            kept = ruling is not None and self.points[ruling].does == "insist"
            return self.points[ruling].day if kept and ruling is not None else None
        if self.points[answer].does == "reassign":
            return None
        days = [self._over(answer, today), self._goes_on(answer, unit)]
        return min((each for each in days if each is not None), default=None)


WORKDAYS = frozenset(WORKED)


def _day(move: Move) -> dt.date:
    assert move.day is not None
    return move.day


def _stopped(point: Point, day: dt.date) -> Point:
    if point.due is None or not point.runs or day > point.due:
        return point
    return point._replace(left=worked_after(day, point.due))


def _gone_on(point: Point, day: dt.date) -> Point:
    if point.due is None or point.left is None:
        return point
    due = max(point.due, nth(day, point.left))
    return point._replace(due=due, left=None)


def _light(point: Point, day: dt.date) -> str:
    if point.due is None or (point.left is not None and point.done is None):
        return "none"
    if point.done is not None:
        return "red" if point.done > point.due else "none"
    if day > point.due:
        return "red"
    return "yellow" if day >= nth(point.due, -3) else "none"


@dataclass
class Supervised:
    """The items of a year by what they go by, and by which faults each move was refused."""

    plan: Plan
    courses: dict[str, Course] = field(default_factory=dict)
    outcomes: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, move in in_order(self.plan, ITEMS):
            self.outcomes[number] = self._move(move)

    def _move(self, move: Move) -> frozenset[str]:
        if move.does == "register":
            for new in move.told["items"]:
                point = Point("register", move.who, _day(move), "registered", new["units"])
                self.courses[new["source_ref"]] = Course(new, [point])
            return frozenset()
        if move.does != "dispatch":
            return self.courses[move.about[1]].go(move)
        for ref in move.told["refs"]:
            faults = self.courses[ref].go(move._replace(told={}))
            assert not faults
        return frozenset()

    def earned(self, today: dt.date) -> set[Earning]:
        """Return all that items have earned by a day."""
        return {each for course in self.courses.values() for each in course.earned(today)}

    def costs(self, today: dt.date) -> dict[Earning, str | None]:
        """Return what may cost points by a day, and why it does not: where the unit is not assessed
        by the indicator, has no such business, or its source said that there was nothing."""
        policy = self.plan.scheme["items"]
        assessed = {
            unit
            for category in self.plan.scheme["categories"]
            if any(leaf["code"] == policy["indicator"] for leaf in leaves(category))
            for unit in category["units"]
        }
        told = [e for each in self.plan.entries.values() for e in each]
        zero = {
            each["unit"]
            for each in told
            if each["indicator"] == policy["indicator"] and each.get("key") == "zero_report"
        }
        return {
            each: "not-assessed"
            if each.unit not in assessed
            else "zero-report-contradicted"
            if each.unit in zero
            else None
            for each in self.earned(today)
            if each.what != "due_soon"
        }
