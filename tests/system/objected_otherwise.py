"""What becomes of the remarks and objections of a year, and of what is corrected by them, computed
from its plan alone.

Nothing of the services is used: moves are gone through by the regulation's words, days are counted
down the table that was typed from the notices. What is corrected is written into a copy of the
sealed record, as if it had said so from the start; the SQL recomputes that, and ranks and grades
are counted down the totals that come of it.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from tests.system.computed_otherwise import nth
from tests.system.recomputing import Cell

from kaoping.city.objected import ENDED_ON, FED_BACK_ON, OBJECTIONS, REVIEWER, source_of
from kaoping.people import COMMITTEE, STANDING_COMMITTEE
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan
from kaoping.supervising import in_order

FILED_WITHIN, DECIDED_WITHIN, ANSWERED_WITHIN = 5, 10, 5
LEVELS = ((OFFICE, COLLEAGUE, REVIEWER), (COMMITTEE,), (STANDING_COMMITTEE,))
"""Who has the role that decides, level by level."""

DECIDED = {"uphold": "upheld", "uphold_part": "partly_upheld", "reject": "rejected"}
RIGHT = ("upheld", "partly_upheld")


class Point(NamedTuple):
    """How an objection stood since a move."""

    does: str
    who: str
    day: dt.date
    state: str
    level: int
    due: dt.date | None


@dataclass
class Course:
    """An objection or a remark, what it is about, to whom a remark is put, where it stood after
    each of its moves, and what became of each correction that was proposed by it."""

    about: Document
    put_to: str | None = None
    number: int = 0
    points: list[Point] = field(default_factory=list)
    corrections: list[str] = field(default_factory=list)
    corrected: Document = field(default_factory=dict)

    @property
    def last(self) -> Point:
        """Where it stands."""
        return self.points[-1]

    @property
    def is_remark(self) -> bool:
        """Whether it is on the record while that is open."""
        return self.about.get("form") == "remark"

    @property
    def levels(self) -> tuple[tuple[str, ...], ...]:
        """Who decides, level by level: about a remark first to whom it is put."""
        if not self.is_remark:
            return LEVELS
        return ((self.put_to,) if self.put_to else (), *LEVELS[:2])

    @property
    def is_corrected(self) -> bool:
        """Whether the record says otherwise by it."""
        return "approved" in self.corrections

    def stands(self) -> Document:
        """Return how it stands in the end, in the words of the API."""
        due, light = self.last.due, "none"
        if due is not None:
            light = "yellow" if nth(due, -3) <= ENDED_ON <= due else "none"
            light = "red" if due < ENDED_ON else light
        carried_out = self.last.does == "carry_out"
        return {
            "state": self.last.state,
            "level": self.last.level,
            "due": due and due.isoformat(),
            "light": light,
            "to_carry_out": self.last.state in RIGHT and not carried_out,
            "objection_no": self.number,
            "form": "remark" if self.is_remark else "objection",
            "put_to": self.put_to,
            "moves": [
                (each.does, each.state, each.level, each.due and each.due.isoformat())
                for each in self.points
            ],
        }


@dataclass
class Objected:
    """The objections of a year by unit and name, and by which faults each move was refused."""

    plan: Plan
    courses: dict[tuple[str, str], Course] = field(default_factory=dict)
    outcomes: dict[int, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.entered = {
            (each["unit"], each["indicator"]) for of in self.plan.entries.values() for each in of
        }
        for number, move in in_order(self.plan, OBJECTIONS):
            unit, ref = move.about
            if (unit, ref) not in self.courses:
                self.courses[unit, ref] = self._begun(unit, move.told)
            course = self.courses[unit, ref]
            self.outcomes[number] = frozenset(self._go(move, course))
        self.courses = {about: of for about, of in self.courses.items() if of.points}

    def _begun(self, unit: str, told: Document) -> Course:
        before = [of for (who, _), of in self.courses.items() if who == unit and of.points]
        found = Course(told, number=len(before) + 1)
        if found.is_remark:
            found.put_to = source_of(self.plan.scheme, unit, told.get("indicator"))
        return found

    def corrections(self) -> Iterator[tuple[str, Document]]:
        """Yield what is corrected: of which unit, and what the record is to say."""
        for (unit, _), course in self.courses.items():
            if course.is_corrected:
                yield unit, course.corrected

    def _go(self, move: Move, course: Course) -> Iterator[str]:
        """Make a move, or say by which faults it is refused."""
        assert move.day is not None
        if move.does in ("propose", "approve", "refuse"):
            yield from self._corrects(move, course)
            return
        if faults := [*self._faults(move, course, move.day)]:
            yield from faults
            return
        first = 2 if course.is_remark and course.put_to is None else 1
        state, level = "pending", course.last.level if course.points else first
        if move.does == "appeal":
            level += 1
        elif move.does == "carry_out":
            state = course.last.state
        elif move.does != "file":
            state = DECIDED.get(move.does, "withdrawn")
        within = ANSWERED_WITHIN if course.is_remark else DECIDED_WITHIN
        due = nth(move.day, within) if state == "pending" else None
        course.points.append(Point(move.does, move.who, move.day, state, level, due))

    def _corrects(self, move: Move, course: Course) -> Iterator[str]:
        """Propose or decide a correction of what is objected to."""
        if move.does != "propose":
            course.corrections[-1] = "approved" if move.does == "approve" else "refused"
        elif course.is_corrected:
            yield "not-counted"  # what counts now is the correction
        elif course.last.state not in RIGHT:
            yield "not-upheld"
        elif "proposed" in course.corrections:
            yield "being-corrected"
        else:
            course.corrections.append("proposed")
            course.corrected = move.told

    def _faults(self, move: Move, course: Course, day: dt.date) -> Iterator[str]:
        if move.does == "file":
            if course.points:
                yield "objected-before"
            if not course.is_remark and day > nth(FED_BACK_ON, FILED_WITHIN):
                yield "filed-too-late"
        elif move.does == "appeal":
            yield from self._appeals(move.who, course, day)
        elif move.does == "carry_out" and course.last.state in RIGHT:
            is_done = course.is_corrected or course.about["about"] == "wave"
            yield from () if is_done else ("not-changed-since",)
        elif course.last.state != "pending":
            yield "wrong-state"
        elif move.does in DECIDED:
            yield from self._decides(move.who, course)

    def _appeals(self, who: str, course: Course, day: dt.date) -> Iterator[str]:
        last = course.last
        if last.state in ("upheld", "withdrawn"):
            yield "wrong-state"
            return
        if course.is_remark and who in {each.who for each in course.points}:
            yield "same-person"
        if last.level == len(LEVELS):
            yield "last-level"
        if last.due is not None:
            if day <= last.due:
                yield "not-overdue"
            return
        decided = max(each.day for each in course.points if each.does in DECIDED)
        if day > nth(decided, FILED_WITHIN):
            yield "appealed-too-late"

    def _decides(self, who: str, course: Course) -> Iterator[str]:
        if who == course.put_to and course.last.level == 1:
            return
        if who not in course.levels[course.last.level - 1]:
            yield "not-the-callers"
            return
        about = next(a for a, each in self.courses.items() if each is course)[0]
        subject = about, course.about.get("indicator")
        if who == COLLEAGUE and (course.about["about"] == "claim" or subject in self.entered):
            yield "own-act"  # who verified everything, and confirmed every claim
        if who in {each.who for each in course.points}:
            yield "decided-before"


ADDED = """INSERT INTO stored.ledger_entry (entry_id, unit, indicator, kind, key, period, value)
    VALUES ('{id}', '{unit}', '{indicator}', '{kind}', '{key}', '{period}', {value})"""
ADDED_STATE = """INSERT INTO stored.ledger_entry_state (entry_id, step, state)
    VALUES ('{id}', 1, 'locked')"""
# What was reversed, returned or never handed in does not count.
NAMED = """WHERE unit = '{unit}' AND {names} AND (
        SELECT state FROM stored.ledger_entry_state s WHERE s.entry_id = e.entry_id
        ORDER BY step DESC LIMIT 1
    ) = 'locked'"""


def rewritten(unit: str, corrected: Mapping[str, Any]) -> Iterator[str]:
    """Yield what writes a correction into a copy of the record, one row at a time."""
    if corrected["what"] == "adds":
        added = str(uuid.uuid5(uuid.NAMESPACE_OID, unit))
        yield ADDED.format(id=added, **corrected)
        yield ADDED_STATE.format(id=added)
        return
    names = " AND ".join(f"{name} = '{value}'" for name, value in corrected["corrects"].items())
    where = NAMED.format(unit=unit, names=names)
    if corrected["what"] == "removes":
        yield f"DELETE FROM stored.ledger_entry e {where}"  # noqa: S608
    elif "word" in corrected:
        yield f"UPDATE stored.ledger_entry e SET word = '{corrected['word']}' {where}"  # noqa: S608
    else:
        yield f"UPDATE stored.ledger_entry e SET value = {corrected['value']} {where}"  # noqa: S608


class Standing(NamedTuple):
    """Where a unit stands."""

    total: Decimal | None
    rank: int | None
    grade: str | None


def standings(
    scheme: Document,
    code: str,
    cells: Mapping[Cell, Decimal | None],
    vetoed: Collection[str] = (),
) -> dict[str, Standing]:
    """Return where each unit of a category stands by its scores: one after the other by their
    totals, graded as long as there are places, of which none are for who is `vetoed`; who lacks a
    total has no rank."""
    [category] = [each for each in scheme["categories"] if each["code"] == code]
    grades, weak = category["grades"] or scheme["grades"], _weak(scheme, cells)
    totals = {unit: cells[unit, "total", ""] for unit in category["units"]}
    ordered = sorted((-total, unit) for unit, total in totals.items() if total is not None)
    assert len({total for total, _ in ordered}) == len(ordered)  # no tie is told apart here
    left = {
        level["grade"]: max(int(level["rate"] * len(ordered)), level["min_count"])
        for level in grades["levels"]
    }
    found = {unit: Standing(None, None, None) for unit in totals}
    for rank, (negative, unit) in enumerate(ordered, 1):
        grade = "qualified" if -negative >= grades["unqualified_below"] else "unqualified"
        for level in grades["levels"] if grade == "qualified" and unit not in vetoed else ():
            name = level["grade"]
            barred = unit in weak and name == grades["order"][0]
            if left[name] and -negative >= level["min_score"] and not barred:
                left[name], grade = left[name] - 1, name
                break
        found[unit] = Standing(-negative, rank, grade)
    return found


def _weak(scheme: Document, cells: Mapping[Cell, Decimal | None]) -> set[str]:
    """Return the units of which an important indicator is worth too little for the best grade."""
    rules = [each for each in scheme["demotions"] if each["indicators"]]
    assert {each["effect"] for each in rules} == {"not_excellent"}
    return {
        unit
        for each in rules
        for (unit, what, code), score in cells.items()
        if what == "indicator" and code in each["indicators"] and score is not None
        if score < each["score_ratio_below"] * (cells[unit, "points", code] or 0)
    }
