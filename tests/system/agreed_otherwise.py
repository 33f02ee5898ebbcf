"""What becomes of targets, projects and highlights of a year, computed from its plan alone.

Nothing of the services is used: states are told by going through what is done, who may do it by the
regulation's words.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from kaoping.plan import Document, Move, Plan

ISSUED = "issued"
OPEN = ("revision_requested", "revision_supported", "revision_pending")
LATE, REFUSED = "revision-too-late", "targets-refused"

Key = tuple[str, ...]


@dataclass
class Course:
    """The versions of a target, each with its state and the value to reach, and who gave the word
    before."""

    versions: list[tuple[str, str | None]]
    last_by: str = ""

    @property
    def state(self) -> str:
        """The present state."""
        return self.versions[-1][0]

    @property
    def in_force(self) -> str | None:
        """The value that counts: the last that was issued or revised."""
        return next(v for state, v in reversed(self.versions) if state in (ISSUED, "revised"))

    def goes_on(self, state: str, by: str, value: str | None = None) -> None:
        """Add a version; without another value it is about the one before."""
        self.versions.append((state, self.versions[-1][1] if value is None else value))
        self.last_by = by


@dataclass
class Agreed:
    """Targets by unit, indicator and item, as moves leave them, and how each move was refused."""

    plan: Plan
    courses: dict[Key, Course] = field(init=False)
    outcomes: list[str] = field(init=False)
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.courses = {
            (t["unit"], t["indicator"], t["item"] or ""): Course([(ISSUED, t["target"])])
            for t in self.plan.targets
        }
        self.outcomes = [self._move(move) for move in self.plan.moves if move.part == "revisions"]

    def _move(self, move: Move) -> str:
        """Go on by a move; return how it is refused, if it is."""
        if move.does == "close":
            self.is_closed = True
            return ""
        course = self.courses[move.about]
        word = move.told.get("decision", move.does)
        ends = word in ("refuse", "take_back")
        if not ends and self.is_closed:
            return LATE
        if not self._may(move, word, course):
            return REFUSED
        course.goes_on(BECOMES[word], move.who, move.told.get("target"))
        return ""

    def _may(self, move: Move, word: str, course: Course) -> bool:
        """Say whether it is somebody's turn: a second person's, and the organiser's before."""
        if word in ("request", "revise"):
            return course.state not in OPEN
        if word == "take_back":
            return course.state in OPEN[:2] and move.who == move.about[0]
        if course.last_by == move.who:
            return False
        if word == "accept":
            return course.state == "revision_supported" or self._organiser(move.about[0]) is None
        return word != "confirm" or course.state == "revision_pending"

    def _organiser(self, unit: str) -> str | None:
        category = next(c for c in self.plan.scheme["categories"] if unit in c["units"])
        organiser: str = category["organiser"]
        return None if organiser in category["units"] else organiser

    def of_the_superior(self) -> dict[str, list[tuple[Key, str]]]:
        """Return what was asked for by each document of the superior, and what it is now."""
        found = defaultdict[str, list[tuple[Key, str]]](list)
        for move, outcome in zip(
            (m for m in self.plan.moves if m.part == "revisions"), self.outcomes, strict=True
        ):
            if move.does == "revise" and not outcome:
                found[move.told["document_no"]].append((move.about, self.courses[move.about].state))
        return dict(found)


BECOMES = {
    "request": "revision_requested",
    "support": "revision_supported",
    "accept": "revision_pending",
    "revise": "revision_pending",
    "confirm": "revised",
    "refuse": "refused",
    "take_back": "request_withdrawn",
}


def projects_of(plan: Plan) -> tuple[dict[str, list[Document]], list[str]]:
    """Return the versions of each project, and how setting each was refused: a node is of one."""
    found, outcomes = defaultdict[str, list[Document]](list), list[str]()
    for move in plan.moves:
        if move.part != "projects":
            continue
        nodes = {(move.about[0], each["item"]) for each in move.told["nodes"]}
        others = {
            (of[-1]["lead_unit"], each["item"])
            for code, of in found.items()
            if code != move.about[1]
            for each in of[-1]["nodes"]
        }
        outcomes.append("projects-faulty" if nodes & others else "")
        if not outcomes[-1]:
            found[move.about[1]].append(move.told)
    return dict(found), outcomes


STANDING = ("reported", "accepted")


@dataclass
class Highlighted:
    """Highlights by unit and number: state, whether it is published, and why; and how each move
    was refused. A unit has at most four that stand, and is to have two."""

    plan: Plan
    states: dict[Key, tuple[str, bool, str | None]] = field(default_factory=dict)
    outcomes: list[str] = field(init=False)

    def __post_init__(self) -> None:
        moves = [move for move in self.plan.moves if move.part == "highlights"]
        self.outcomes = [self._move(move) for move in moves]

    def standing(self) -> Mapping[str, int]:
        """Return how many of each unit stand."""
        return Counter(unit for (unit, _), told in self.states.items() if told[0] in STANDING)

    def lacking(self) -> dict[str, int]:
        """Return by how many each unit of the scheme is short of two."""
        units = [unit for each in self.plan.scheme["categories"] for unit in each["units"]]
        standing = self.standing()
        return {unit: 2 - standing[unit] for unit in units if standing[unit] < 2}

    def _move(self, move: Move) -> str:
        unit, told = move.about[0], move.told
        before = self.states.get(move.about, ("", False, None))[0]
        is_full = self.standing()[unit] >= 4 and before not in STANDING
        if move.does == "report":
            after = ("reported", False, None)
        elif move.does == "withdraw":
            if before != "reported":
                return "highlight-refused"
            self.states[move.about] = ("taken_back", False, told["reason"])
            return ""
        else:
            needs_reason = told["decision"] == "not_accepted" or before != "reported"
            if needs_reason and "reason" not in told:
                return "highlight-refused"
            after = (told["decision"], told.get("publish", False), told.get("reason"))
        if is_full and after[0] in STANDING:
            return "too-many-highlights"
        self.states[move.about] = after
        return ""
