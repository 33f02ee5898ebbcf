"""What is done about targets, projects and highlights in a year, drawn for the units of a category
(目标调整、重点项目、亮点).

Units ask for other targets and are agreed with, refused, or too late; the superior moves some; a
node is taken twice; a unit reports more highlights than it may. Who may do what is not known here,
but for what is to be refused.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, zip_longest
from random import Random
from typing import Any

from kaoping.city.generated import leaves
from kaoping.plan import COLLEAGUE, OFFICE, Document, Move, Plan

REVISIONS, PROJECTS, HIGHLIGHTS = "revisions", "projects", "highlights"
CLOSE = Move(REVISIONS, "close", OFFICE, "", ("",), {})
"""The deadline for moving targets comes: it does for all at once."""

TOO_LATE, NOT_YOURS = "revision-too-late", "targets-refused"
REASON, LETTER = "受洪涝灾害影响，原定目标难以完成", "政发〔2025〕{}号"
PROJECTS_OF_A_CATEGORY = 10


def with_agreements(plan: Plan, categories: Collection[str], *, is_full: bool) -> Plan:
    """Return a year in which units lead projects and report highlights, and of some categories ask
    for other targets: in every way that there is, or in a part of them."""
    in_time, late = list[Move](), list[Move]()
    projects, highlights = list[Move](), list[Move]()
    for category in plan.scheme["categories"]:
        table = _Table.of(plan, category)
        if category["code"] in categories:
            for way in WAYS if is_full else WAYS[len(projects) % 2 :: 2]:
                way(table, in_time)
            for way in LATE_WAYS if is_full else LATE_WAYS[:1]:
                way(table, late)
        projects += islice(_projects(plan, table), None if is_full else 4)
        highlights += _highlights(table, is_full=is_full)
    moves = [*in_time, CLOSE, *late, *projects, *highlights]
    added = {name: move.who for move in highlights for name in move.told.get("evidence_ids", ())}
    return replace(plan, moves=moves, added_by={**plan.added_by, **added})


@dataclass
class _Table:
    """The units of a category, their targets that may be moved, and what is drawn with."""

    category: Mapping[str, Any]
    units: Sequence[str]
    targets: Iterator[Document]
    random: Random
    letters: int = 0

    @classmethod
    def of(cls, plan: Plan, category: Mapping[str, Any]) -> "_Table":
        random = Random(f"agreements {plan.assessment_year} {category['code']}")  # noqa: S311
        units = random.sample(category["units"], len(category["units"]))
        of_unit = {
            unit: [t for t in plan.targets if t["unit"] == unit and t["target"] is not None]
            for unit in units
        }
        rows = zip_longest(*(random.sample(own, len(own)) for own in of_unit.values()))
        targets = (each for row in rows for each in row if each is not None)
        return cls(category, units, targets, random)

    @property
    def organiser(self) -> str | None:
        """Who agrees first to what a unit asks, unless it is assessed there itself."""
        own: str = self.category["organiser"]
        return None if own in self.category["units"] else own

    def letter(self) -> str:
        """Return the number of a new document."""
        self.letters += 1
        return LETTER.format(f"{self.category['code']}{self.letters}")

    def ask(self, moves: list[Move], refused: str = "") -> tuple[str, ...]:
        """Have a unit ask for another value of its next target; return which."""
        target = next(self.targets)
        values = {**self._otherwise(target), "reason": REASON, "document_no": self.letter()}
        about = (target["unit"], target["indicator"], target["item"] or "")
        unit = target["unit"]
        moves.append(Move(REVISIONS, "request", unit, "assessed_unit", about, values, refused))
        return about

    def superior(self, moves: list[Move], refused: str = "") -> tuple[str, ...]:
        """Have the office ask for another value because the superior moved its own."""
        target = next(self.targets)
        said = {"reason": "省级目标调整", "document_no": self.letter(), "caused_by": "superior"}
        values = {**self._otherwise(target), **said, "approved_by": "综合绩效评估委员会"}
        about = (target["unit"], target["indicator"], target["item"] or "")
        moves.append(Move(REVISIONS, "revise", OFFICE, "", about, values, refused))
        return about

    def _otherwise(self, target: Document) -> Document:
        """Return the values of a target with another one to reach."""
        ratio = Decimal(self.random.choice(["0.8", "0.9", "1.1"]))
        other = (Decimal(target["target"]) * ratio).quantize(Decimal("0.01"))
        baseline = target["baseline"]
        return {"target": str(other), "baseline": None if baseline is None else str(baseline)}

    def agree(self, moves: list[Move], about: tuple[str, ...]) -> None:
        """Have the organiser agree, where one has to."""
        if self.organiser is not None:
            told = {"decision": "support"}
            moves.append(Move(REVISIONS, "decide", self.organiser, "organiser", about, told))

    def decide(
        self, moves: list[Move], about: tuple[str, ...], who: str, refused: str = "", **told: str
    ) -> None:
        """Have the office decide about a request."""
        moves.append(Move(REVISIONS, "decide", who, "", about, dict(told), refused))

    def confirm(
        self, moves: list[Move], about: tuple[str, ...], who: str, refused: str = "", **told: str
    ) -> None:
        """Have another person of the office confirm, or not."""
        moves.append(Move(REVISIONS, "confirm", who, "", about, dict(told), refused))


APPROVED = {"decision": "accept", "approved_by": "综合绩效评估委员会"}


def _agreed(table: _Table, moves: list[Move]) -> None:
    about = table.ask(moves)
    table.agree(moves, about)
    table.decide(moves, about, OFFICE, **APPROVED)
    table.confirm(moves, about, COLLEAGUE, decision="confirm")


def _refused_at_once(table: _Table, moves: list[Move]) -> None:
    about, told = table.ask(moves), {"decision": "refuse", "reason": "理由不充分"}
    if table.organiser is None:
        table.decide(moves, about, OFFICE, **told)
    else:
        role = "organiser"
        moves.append(Move(REVISIONS, "decide", table.organiser, role, about, told))


def _refused_by_the_office(table: _Table, moves: list[Move]) -> None:
    about = table.ask(moves)
    table.agree(moves, about)
    table.decide(moves, about, COLLEAGUE, decision="refuse", reason="经核实影响有限")


def _taken_back(table: _Table, moves: list[Move]) -> None:
    about = table.ask(moves)
    told = {"reason": "情况好转"}
    moves.append(Move(REVISIONS, "take_back", about[0], "assessed_unit", about, told))


def _by_the_superior(table: _Table, moves: list[Move]) -> None:
    about = table.superior(moves)
    table.confirm(moves, about, COLLEAGUE, decision="confirm")


def _not_by_the_superior(table: _Table, moves: list[Move]) -> None:
    about = table.superior(moves)
    table.confirm(moves, about, COLLEAGUE, decision="refuse", reason="该单位不受此文件影响")


def _out_of_turn(table: _Table, moves: list[Move]) -> None:
    """The office takes up what the organiser has not agreed to; it keeps waiting."""
    about = table.ask(moves)
    if table.organiser is not None:
        table.decide(moves, about, OFFICE, NOT_YOURS, **APPROVED)


def _by_one_person(table: _Table, moves: list[Move]) -> None:
    """Who took it up confirms it too, and nobody else in time."""
    about = table.ask(moves)
    table.agree(moves, about)
    table.decide(moves, about, COLLEAGUE, **APPROVED)
    table.confirm(moves, about, COLLEAGUE, NOT_YOURS, decision="confirm")


Way = Callable[[_Table, list[Move]], None]

WAYS: Sequence[Way] = (
    _agreed,
    _by_the_superior,
    _refused_at_once,
    _taken_back,
    _refused_by_the_office,
    _out_of_turn,
    _not_by_the_superior,
    _by_one_person,
)


def _asked_late(table: _Table, moves: list[Move]) -> None:
    table.ask(moves, TOO_LATE)


def _superior_late(table: _Table, moves: list[Move]) -> None:
    table.superior(moves, TOO_LATE)


LATE_WAYS: Sequence[Way] = (_asked_late, _superior_late)


def _projects(plan: Plan, table: _Table) -> Iterator[Move]:
    """Yield projects of the units that have milestones: two of a unit, of which one takes a node of
    the other first, and one that the office changes afterwards."""
    for leaf in leaves(table.category):
        if leaf["method"] != "milestone":
            continue
        nodes = _nodes(plan, leaf["code"])
        led = [unit for unit in table.units if len(nodes[unit]) > 1]
        for n, unit in enumerate(led[:PROJECTS_OF_A_CATEGORY]):
            others = [other for other in table.units[:3] if other != unit]
            told = _project(table, unit, f"{unit}-1", leaf["code"], nodes[unit][:-1], others)
            yield Move(PROJECTS, "set", unit, "assessed_unit", (unit, told["project"]), told)
            if n % 3 == 0:
                second = {**told, "project": f"{unit}-2", "name": "配套工程"}
                about = (unit, second["project"])
                role = "assessed_unit"
                yield Move(PROJECTS, "set", unit, role, about, second, "projects-faulty")
                rest = _project(table, unit, f"{unit}-2", leaf["code"], nodes[unit][-1:], [])
                yield Move(PROJECTS, "set", unit, role, about, rest)
            if n % 3 == 1:
                changed = {**told, "leader": "接任负责人"}
                yield Move(PROJECTS, "set", OFFICE, "", (unit, told["project"]), changed)


def _nodes(plan: Plan, indicator: str) -> dict[str, list[str]]:
    """Return the milestones of an indicator that units report on."""
    found = defaultdict[str, list[str]](list)
    for told in plan.entries.values():
        for entry in told:
            if entry["indicator"] == indicator and entry["kind"] == "milestone":
                found[entry["unit"]].append(entry["item"])
    return found


def _project(
    table: _Table, unit: str, code: str, indicator: str, items: Sequence[str], units: list[str]
) -> Document:
    days = sorted(table.random.sample(range(1, 300), len(items)))
    return {
        "project": code,
        "name": f"{unit}重点工程",
        "leader": "分管负责人",
        "lead_unit": unit,
        "units": units,
        "indicator": indicator,
        "starts_on": "2025-01-15",
        "completes_on": "2025-12-20",
        "nodes": [
            {"item": item, "due": f"2025-{2 + day // 30:02}-{1 + day % 28:02}"}
            for item, day in zip(items, days, strict=True)
        ],
    }


def _highlights(table: _Table, *, is_full: bool) -> Iterator[Move]:
    """Yield what units report, and what is said of it."""
    eager, modest, *others = table.units
    if is_full:
        yield from _more_than_it_may(eager)
    yield _reported(modest, 1)
    for unit in others[: 3 if is_full else 1]:
        for n in range(1, 4):
            adopted = {
                "adopted_by": "省委办公厅",
                "level": "provincial",
                "document_no": f"省办{n}号",
            }
            yield _reported(unit, n, adoption=adopted if n == 1 else None)
            yield _examined(unit, n, COLLEAGUE, "accepted", publish=n < 3)


TOO_MANY, REFUSED = "too-many-highlights", "highlight-refused"


def _more_than_it_may(unit: str) -> Iterator[Move]:
    """Yield a unit's four highlights and the fifth, which is one too many until another is taken
    back or not accepted, and again when that one is accepted after all."""
    for n in range(1, 5):
        yield _reported(unit, n)
    yield _reported(unit, 5, TOO_MANY)
    yield _examined(unit, 1, COLLEAGUE, "accepted", publish=True)
    yield _examined(unit, 2, OFFICE, "accepted", publish=False)
    yield _examined(unit, 3, COLLEAGUE, "not_accepted", REFUSED)
    yield _examined(unit, 3, COLLEAGUE, "not_accepted", reason="与常规工作无异")
    yield _taken(unit, 4)
    yield _taken(unit, 1, REFUSED)
    yield _reported(unit, 6)
    yield _reported(unit, 7)
    yield _reported(unit, 8, TOO_MANY)
    yield _examined(unit, 3, OFFICE, "accepted", TOO_MANY, reason="复核后采纳")
    yield _examined(unit, 2, COLLEAGUE, "accepted", publish=True, reason="同意公布")


def _reported(unit: str, n: int, refused: str = "", **more: object) -> Move:
    told = {
        "title": f"亮点{n}",
        "text": f"{unit}第{n}项创新做法",
        "evidence_ids": [f"{unit}荣誉.pdf"],
        **more,
    }
    return Move(HIGHLIGHTS, "report", unit, "assessed_unit", (unit, str(n)), told, refused)


def _examined(
    unit: str, n: int, who: str, decision: str, refused: str = "", **more: object
) -> Move:
    told = {"decision": decision, **more}
    return Move(HIGHLIGHTS, "examine", who, "", (unit, str(n)), told, refused)


def _taken(unit: str, n: int, refused: str = "") -> Move:
    told = {"reason": "材料尚不完整"}
    return Move(HIGHLIGHTS, "withdraw", unit, "assessed_unit", (unit, str(n)), told, refused)
