"""Grades of drawn policies and marks: what holds of all of them, and a second computation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from ranking.rules.demotions import Demotion
from ranking.rules.grades import Candidate, Graded, GradePolicy, Level, award
from ranking.rules.marks import GradeCap
from ranking.rules.reasons import reported_event

GRADES = ("A", "B", "C", "D")
FALL = Demotion("DM1", "down_one_grade", (), reported_event("DM1", None, "fire"))
BAR = Demotion("DM2", "not_excellent", (), reported_event("DM2", None, "flood"))


@dataclass(frozen=True)
class Case:
    """A category to be graded, and by what."""

    policy: GradePolicy
    cap: str
    candidates: tuple[Candidate, ...]

    @property
    def units(self) -> int:
        return self.policy.base(self.candidates)

    def graded(self, candidates: Sequence[Candidate] | None = None) -> dict[str, Graded]:
        some = self.candidates if candidates is None else candidates
        return {one.unit: one for one in award(self.policy, self.cap, some, self.units)}

    def places(self) -> dict[str, int]:
        return {each.grade: each.places(self.units) for each in self.policy.levels}


ROUNDINGS = st.sampled_from(["floor", "half_up", "ceiling"])
SCORES = st.integers(0, 10).map(lambda tenths: Decimal(tenths * 10))


@st.composite
def levels(draw, grade):
    """Draw a threshold, a quota, or both."""
    mode = draw(st.sampled_from(["threshold", "rate", "count"]))
    least = draw(SCORES)
    if mode == "threshold":
        return Level(grade, Decimal(1), "floor", 0, least)
    if mode == "count":
        return Level(grade, None, None, 0, least, count=draw(st.integers(1, 4)))
    rate = Decimal(draw(st.integers(0, 6))) / 10
    return Level(grade, rate, draw(ROUNDINGS), draw(st.integers(0, 2)), least)


@st.composite
def cases(draw, most=7):
    """Draw a policy and the units of a category, whose ranks follow from their totals."""
    limited = GRADES[: draw(st.integers(0, 3))]
    tie_at_line = draw(st.sampled_from(["none", "all", "tie_break"]))
    totals = sorted(draw(st.lists(SCORES, min_size=1, max_size=most)), reverse=True)
    keys = [draw(st.integers(0, 2)) if tie_at_line == "tie_break" else 0 for _ in totals]
    units = [f"U{n}" for n in range(len(totals))]
    policy = GradePolicy(
        order=GRADES,
        levels=tuple(draw(levels(each)) for each in limited),
        unqualified_below=draw(st.sampled_from([Decimal(0), Decimal(30)])),
        vacancy=draw(st.sampled_from(["backfill", "leave"])),
        outside_quota=frozenset(draw(st.sets(st.sampled_from(units), max_size=2))),
        tie_at_line=tie_at_line,
        quota_base=draw(st.sampled_from(["all", "eligible"])),
    )
    candidates = tuple(
        Candidate(
            unit=unit,
            total=total,
            rank=totals.index(total) + 1,
            vetoes=draw(st.sampled_from([[], [], [], ["V1"]])),
            demotions=draw(st.sampled_from([[], [], [FALL], [BAR], [FALL, BAR], [FALL, FALL]])),
            caps=draw(st.sampled_from([(), (), (), (GradeCap("B", "C1", "K1"),)])),
            order=key,
        )
        for unit, total, key in zip(units, totals, keys, strict=True)
    )
    return Case(policy, draw(st.sampled_from(GRADES)), candidates)


def worse(grade: str, than: str) -> bool:
    return GRADES.index(grade) > GRADES.index(than)


class LevelByLevel:
    """Grade a second time, in another way: a whole level before the next, not unit by unit."""

    def __init__(self, case: Case) -> None:
        self.case, self.policy = case, case.policy
        self.found = {
            one.unit: GRADES[-1]
            for one in case.candidates
            if one.total < case.policy.unqualified_below
        }
        self.falls = {one.unit: sum(e is FALL for e in one.demotions) for one in case.candidates}
        self.best_of = {
            one.unit: max(["A", *([case.cap] if one.vetoes else []), *(c.grade for c in one.caps)])
            for one in case.candidates
        }
        self.vacated: set[str] = set()

    def grades(self) -> dict[str, str]:
        for level in self.policy.levels:
            self.fill(level)
        for one in self.case.candidates:
            last = min(GRADES.index(self.policy.unlimited) + self.falls[one.unit], 3)
            self.found.setdefault(one.unit, max(GRADES[last], self.best_of[one.unit]))
        return self.found

    def fill(self, level: Level) -> None:
        free, inner = level.places(self.case.units), self.policy.tie_at_line == "tie_break"
        some = [o for o in self.case.candidates if o.unit not in self.found]
        place = [(o.rank, o.order * inner, o) for o in some if o.total >= level.min_score]
        for _, tied in groupby(sorted(place, key=lambda p: p[:2]), key=lambda p: p[:2]):
            free = self.admit(level, [one for *_, one in tied], free)

    def admit(self, level: Level, tied: list[Candidate], free: int) -> int:
        """Give the units of one rank what is free; return what is left, nothing after a tie."""
        outside = [one for one in tied if one.unit in self.policy.outside_quota]
        for one in outside:
            if not self.loses(one, level.grade):
                self.found[one.unit] = level.grade
        if not free:
            return 0
        inside = [one for one in tied if one not in outside]
        lost = {one.unit for one in inside if self.loses(one, level.grade)}
        if self.policy.vacancy == "leave":
            free = max(free - len(lost - self.vacated), 0)
            self.vacated |= lost
        takers = [one.unit for one in inside if one.unit not in lost]
        if len(takers) > free and self.policy.tie_at_line != "all":
            return 0
        self.found |= dict.fromkeys(takers, level.grade)
        return max(free - len(takers), 0)

    def loses(self, one: Candidate, grade: str) -> bool:
        capped = self.best_of[one.unit] > grade
        if grade == GRADES[0] and BAR in one.demotions and not capped:
            return True
        falls = self.falls[one.unit] > 0
        self.falls[one.unit] -= falls
        return capped or falls


@given(cases())
def test_two_computations_agree(case):
    """Planted bugs: a fall is suffered though a bar already took the place; ties are admitted by
    the first key only."""
    assert {unit: one.grade for unit, one in case.graded().items()} == LevelByLevel(case).grades()


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(case, random):
    """Planted bug: units are walked in the order in which they came."""
    mixed = list(case.candidates)
    random.shuffle(mixed)
    assert [*case.graded(mixed).items()] == [*case.graded().items()]


@given(cases(most=12))
def test_nobody_behind_is_graded_better_without_a_reason(case):
    """Planted bug: a cap is not told."""
    found = case.graded()
    for ahead in case.candidates:
        for behind in case.candidates:
            better = worse(found[ahead.unit].grade, than=found[behind.unit].grade)
            if ahead.rank < behind.rank and better:
                told = [*found[ahead.unit].reasons, *found[behind.unit].reasons]
                assert told, (ahead.unit, behind.unit)


def test_places_left_vacant_by_a_tie_are_no_unresolved_tie():
    """Planted bug: two tied units that lose the last place leave one more than there is, and those
    behind are told of a tie."""
    last = Level("A", None, None, 0, Decimal(0), count=1)
    policy = GradePolicy(GRADES, (last,), Decimal(0), "leave", frozenset())
    tied = [Candidate(unit, Decimal(90), 1, demotions=[BAR]) for unit in ("U0", "U1")]
    behind = Candidate("U2", Decimal(80), 3)
    *_, one = award(policy, "C", [*tied, behind], 3)
    assert [reason.code for reason in one.reasons] == ["quota_used_up"]


@given(cases(most=12))
def test_places_are_exceeded_by_ties_alone(case):
    """Planted bug: a place that is left vacant twice becomes a place too many."""
    found, outside = case.graded(), case.policy.outside_quota
    given_ = Counter(one.grade for unit, one in found.items() if unit not in outside)
    for grade, places in case.places().items():
        if given_[grade] > places:
            assert case.policy.tie_at_line == "all"
            told = (r.code for o in found.values() if o.grade == grade for r in o.reasons)
            assert "admitted_with_tie" in told


@given(cases())
def test_whoever_would_be_graded_better_but_for_what_befell_it_is_told_so(case):
    """Planted bug: a unit that is capped by fraud is not told."""
    found = case.graded()
    for n, one in enumerate(case.candidates):
        others = (*case.candidates[:n], *case.candidates[n + 1 :])
        spared = replace(one, vetoes=[], caps=(), demotions=[])
        if worse(found[one.unit].grade, than=case.graded([*others, spared])[one.unit].grade):
            assert found[one.unit].reasons, one


@given(cases(most=12))
def test_nobody_is_above_a_cap_or_below_the_floor_and_graded(case):
    """Planted bug: the grade without a quota is given whatever the cap is."""
    found, policy = case.graded(), case.policy
    for one in case.candidates:
        grade = found[one.unit].grade
        if one.total < policy.unqualified_below:
            assert grade == GRADES[-1]
        for cap in [*([case.cap] if one.vetoes else []), *(each.grade for each in one.caps)]:
            assert not worse(cap, than=grade)
