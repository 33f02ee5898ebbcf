"""Linked results (三位一体): a unit, its leadership team and its people, assessed together.

The results of other assessments are typed twice from their documents and never overwritten: what
corrects one takes its place once it holds. How they are combined is the scheme's.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal

from chassis import persons
from chassis.refusals import Conflict, Fault, Invalid, Missing

Assessment = Literal["cadre", "clean_government"]
"""The assessment of cadres (干部考核) or that of clean government (党风廉政考核)."""

LinkedState = Literal["entered", "confirmed", "refused"]

MOVES: Mapping[tuple[LinkedState, LinkedState], str] = {
    ("entered", "confirmed"): "another person types the same from the document",
    ("entered", "refused"): "another person refuses it, with a reason",
}
"""Every step of a result that was entered. One that is corrected stays as it is."""

MOST_RESULTS = 1_000
"""How many results of one unit may hold or wait at most."""

UNIT: Literal["unit"] = "unit"
UNIT_GRADE = "unit_grade"


@dataclass(frozen=True, slots=True)
class LinkedAssessment:
    """An assessment beside the unit's: who enters it, and its part in a team's mean."""

    kind: Assessment
    bodies: tuple[str, ...]
    weight: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class TeamLevel:
    """A grade of teams, and the mean from which a team has it."""

    grade: str
    from_score: Decimal


@dataclass(frozen=True, slots=True)
class LinkedUnitGrade:
    """What a unit's grade means for its team and its people."""

    grade: str
    points: Decimal
    best_team: str
    first_share: Decimal


@dataclass(frozen=True, slots=True)
class LinkedVeto:
    """What a veto of the unit means for its team and its people."""

    veto: str
    best_team: str
    first_share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class LinkedPolicy:
    """How the results of a unit, its team and its people are linked."""

    unit_weight: Decimal
    assessments: tuple[LinkedAssessment, ...]
    team_levels: tuple[TeamLevel, ...]
    person_grades: tuple[str, ...]
    by_unit_grade: tuple[LinkedUnitGrade, ...]
    vetoes: tuple[LinkedVeto, ...] = ()
    kept_months: int = 36

    def body_of(self, kind: Assessment, units: Collection[str]) -> str | None:
        """Return who enters an assessment about a unit: the first of its bodies that is none of
        the `units` of the unit's category."""
        found = (b for each in self.assessments if each.kind == kind for b in each.bodies)
        return next((body for body in found if body not in units), None)

    def kinds_of(self, body: str | None, units: Collection[str]) -> list[Assessment]:
        """Return the assessments that a body enters about a unit of such a category."""
        kinds = [each.kind for each in self.assessments]
        return [kind for kind in kinds if body is not None and self.body_of(kind, units) == body]


@dataclass(frozen=True, slots=True)
class Result:
    """A result that holds: a team's `score`, or the `grade` of a person."""

    kind: Assessment
    person: str | None
    score: Decimal | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class TeamResult:
    """What a team comes to: its mean, its grade, what took that below what the mean reaches, and
    what is missing for a mean."""

    mean: Decimal | None
    grade: str | None
    capped_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonResult:
    """What a person comes to: the worst grade that an assessment gave, and which gave none."""

    person: str
    grade: str | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Linked:
    """A team and its people; `most_first` is how many of them may have the first grade, null while
    the unit has no grade, and `first` how many have it."""

    team: TeamResult
    people: tuple[PersonResult, ...]
    first: int
    most_first: int | None


class LinkedFaulty(Invalid):
    """The result cannot be taken as it is."""

    zh = "所录结果有误，未予受理。"
    remedy = ("Correct what `errors` names.", "请按 `errors` 更正。")


class NothingLinked(Conflict):
    """The scheme links no results of teams and persons to those of units."""

    zh = "方案未规定三位一体考核。"
    remedy = ("Publish a scheme with `linked`.", "请公布写有 `linked` 的方案。")


class NoSuchLinkedResult(Missing):
    """There is no such result that the caller's unit enters."""

    zh = "没有该结果，或不由调用者所在单位录入。"
    remedy = ("Look the id up in what was answered when it was entered.", "请核对录入时所得编号。")


class ResultThere(Conflict):
    """There is such a result already, or one that waits."""

    zh = "该结果已经录入。"
    remedy = (
        "Correct the one that holds by naming it in `corrects`; have one that waits decided on.",
        "已生效的请在 `corrects` 中指明并更正；待确认的请先确认。",
    )


class ResultNotOpen(Conflict):
    """The result has been decided on."""

    zh = "该结果已经确认或未予确认。"
    remedy = ("Enter what corrects it.", "请录入更正。")


class SamePersonTypes(Conflict):
    """Another person than the one who entered it types it the second time."""

    zh = "须由录入人以外的另一人再次录入。"
    remedy = ("Have it typed by another person.", "请由另一人录入。")


class TypedOtherwise(Invalid):
    """What was typed the second time differs from what was typed first."""

    zh = "两次录入不一致。"
    remedy = (
        "Look at the document: type it again, or refuse what was entered first.",
        "请核对文件：重新录入，或对首次录入不予确认。",
    )


def entry_faults(
    policy: LinkedPolicy,
    said: Result,
    document_day: date,
    today: date,
    *,
    corrects: bool,
    reason: str | None,
) -> Iterator[Fault]:
    """Yield what is wrong with a result as it was typed: a team has a score and a person a grade,
    its document is of no later day, and what corrects another says why."""
    yield from _mark_faults(policy, said)
    if document_day > today:
        yield Fault("/document/day", "in-the-future", f"Today is {today}.", f"今天是{today}。")
    if corrects and reason is None:
        yield Fault("/reason", "missing", "A correction says why.", "更正须说明理由。")
    if not corrects and reason is not None:
        yield Fault("/reason", "not-wanted", "It corrects nothing.", "并非更正，不填理由。")


def _mark_faults(policy: LinkedPolicy, said: Result) -> Iterator[Fault]:
    wanted, other = ("score", "grade") if said.person is None else ("grade", "score")
    en, zh = "A team has a score, a person a grade.", "领导班子填得分，个人填等次。"
    if getattr(said, wanted) is None:
        yield Fault(f"/{wanted}", "missing", en, zh)
    if getattr(said, other) is not None:
        yield Fault(f"/{other}", "not-wanted", en, zh)
    if said.grade is not None and said.grade not in policy.person_grades:
        named = ", ".join(policy.person_grades)
        en, zh = f"The grades of persons are: {named}.", f"个人等次有：{named}。"
        yield Fault("/grade", "unknown-grade", en, zh)


def refuse_entry(faults: Sequence[Fault]) -> None:
    """Refuse a result that has faults."""
    if faults:
        raise LinkedFaulty(faults[0].en, faults[0].zh, faults=faults)


def decided(
    state: LinkedState,
    decision: Literal["confirm", "refuse"],
    reason: str | None,
    entered_by: str,
    person: str,
) -> LinkedState:
    """Return what a result becomes by the word of another person than who entered it."""
    if state != "entered":
        raise ResultNotOpen(f"It is {state}.", "该结果已经办理。", state=state)
    if persons.is_same(entered_by, person):
        raise SamePersonTypes("The same person entered it.", "系同一人录入。")
    if decision == "refuse" and reason is None:
        en, zh = "A refusal needs a reason.", "不予确认须说明理由。"
        raise LinkedFaulty(en, zh, faults=[Fault("/reason", "missing", en, zh)])
    return "confirmed" if decision == "confirm" else "refused"


def refuse_otherwise(first: Mapping[str, object], second: Mapping[str, object]) -> None:
    """Refuse what was typed the second time where a field of it is another, without telling what
    stood there first."""
    differing = [name for name, value in second.items() if first[name] != value]
    en, zh = "It was typed otherwise the first time.", "与首次录入不一致。"
    faults = [Fault(f"/{name}", "typed-otherwise", en, zh) for name in differing]
    if faults:
        raise TypedOtherwise(en, zh, faults=faults)


def linked(
    policy: LinkedPolicy,
    unit_grade: str | None,
    vetoes: Collection[str],
    results: Iterable[Result],
) -> Linked:
    """Return what a team and its people come to beside a unit of that grade and with those vetoes;
    a unit without a grade leaves the team without one."""
    found = [*results]
    row = next((each for each in policy.by_unit_grade if each.grade == unit_grade), None)
    caps = [each for each in policy.vetoes if each.veto in vetoes]
    scores = {each.kind: each.score for each in found if each.person is None}
    people = _people(policy, found)
    first = [each.grade for each in people].count(policy.person_grades[0])
    most = None if row is None else _most(row, caps, len(people))
    return Linked(_team(policy, row, caps, scores), people, first, most)


def _most(row: LinkedUnitGrade, caps: Iterable[LinkedVeto], people: int) -> int:
    share = min([row.first_share, *(each.first_share for each in caps)])
    return int((share * people).to_integral_value(ROUND_FLOOR))


def _team(
    policy: LinkedPolicy,
    row: LinkedUnitGrade | None,
    caps: Sequence[LinkedVeto],
    scores: Mapping[Assessment, Decimal | None],
) -> TeamResult:
    parts = [(each.kind, each.weight, scores.get(each.kind)) for each in policy.assessments]
    missing = [name for name, weight, score in parts if weight and score is None]
    # A grade needs the unit's even where that has no weight in the mean.
    if row is None:
        return TeamResult(None, None, missing=(UNIT, *missing))
    if missing:
        return TeamResult(None, None, missing=tuple(missing))
    exact = policy.unit_weight * row.points
    exact += sum(weight * score for _, weight, score in parts if score is not None)
    mean = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return _limited(
        policy, mean, [(UNIT_GRADE, row.best_team), *((c.veto, c.best_team) for c in caps)]
    )


def _limited(policy: LinkedPolicy, mean: Decimal, limits: Sequence[tuple[str, str]]) -> TeamResult:
    """Return a team of that mean, whose grade is no better than any of the limits."""
    order = [each.grade for each in policy.team_levels]
    reached = next(n for n, each in enumerate(policy.team_levels) if mean >= each.from_score)
    lower = [(by, order.index(best)) for by, best in limits if order.index(best) > reached]
    place = max([reached, *(n for _, n in lower)])
    return TeamResult(mean, order[place], tuple(by for by, _ in lower))


def _people(policy: LinkedPolicy, results: Iterable[Result]) -> tuple[PersonResult, ...]:
    given = dict[str, dict[Assessment, str]]()
    for each in results:
        if each.person is None:
            continue
        of = given.setdefault(each.person, {})
        if each.grade in policy.person_grades:
            of[each.kind] = each.grade
    return tuple(_person(policy, person, given[person]) for person in sorted(given))


def _person(policy: LinkedPolicy, person: str, given: Mapping[Assessment, str]) -> PersonResult:
    worst = max(given.values(), key=policy.person_grades.index, default=None)
    kinds = (each.kind for each in policy.assessments)
    return PersonResult(person, worst, tuple(kind for kind in kinds if kind not in given))


def erased_from(entered: date, months: int) -> date:
    """Return the day from which on what was entered about a person is read by nobody: the first of
    the month after so many months."""
    year, month = divmod(entered.year * 12 + entered.month + months, 12)
    return date(year, month + 1, 1)
