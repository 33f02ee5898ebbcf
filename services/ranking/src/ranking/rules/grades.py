"""How ranks become grades: quota and threshold together, demotions, veto caps, ties at the line.

The units are walked in rank order. A unit below the scheme's floor is unqualified, whatever the
quotas. Every other unit tries the levels from the best one down: it needs the level's score, a
free place, no veto that caps its grade below the level, and no demotion that bars it. A place that
is lost by veto or demotion goes to the next eligible unit or stays empty, as the scheme says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter
from typing import Literal

from ranking.rules import reasons
from ranking.rules.demotions import Demotion
from ranking.rules.marks import GradeCap
from ranking.rules.reasons import Reason

ROUNDINGS = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "ceiling": ROUND_CEILING}


@dataclass(frozen=True, slots=True)
class Level:
    """A limited grade: for `rate` (a share, 0 to 1) of the category, at least `min_count` units, or
    for `count` units; from `min_score` points up."""

    grade: str
    rate: Decimal | None
    rounding: Literal["floor", "half_up", "ceiling"] | None
    min_count: int
    min_score: Decimal
    count: int | None = None

    def places(self, units: int) -> int:
        """Return how many places the level has in a category of so many units."""
        if self.rate is None or self.rounding is None:
            return self.count or 0
        exact = self.rate * units
        return max(int(exact.quantize(Decimal(1), ROUNDINGS[self.rounding])), self.min_count)


@dataclass(frozen=True, slots=True)
class Raise:
    """A grade above another (A+): for `count` of those who have that, or for a share of them, of
    the whole category or of each sub-category."""

    grade: str
    of: str
    count: int | None = None
    rate: Decimal | None = None
    rounding: Literal["floor", "half_up", "ceiling"] | None = None
    within: Literal["category", "subcategory"] = "category"

    def places(self, having: int) -> int:
        """Return how many of so many units get the grade."""
        return Level(self.grade, self.rate, self.rounding, 0, Decimal(0), self.count).places(having)


@dataclass(frozen=True, slots=True)
class LastPlace:
    """What the scheme proposes for the last `count` units, unless all have so many points."""

    count: int
    measure: str
    unless_all_at_least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GradePolicy:
    """The scheme's grades, best first in `order`, and those of them that are limited.

    A unit without a place in any level gets the first grade that is no level; one below
    `unqualified_below` points gets the last. Units in `outside_quota` do not compete: a level's
    score alone gives them its grade. `names` are what people call the grades. Quotas are of the
    units of the `scope`: of a category, or of each of its sub-categories.

    `tie_at_line` says what becomes of units that share a rank for which a level has too few places:
    none of them gets one, all do, or the keys of the ranking say who, and then those keys order
    nothing else. `quota_base` says of which units a rate is a share: of all that are ranked, or of
    the eligible, who are not vetoed and not outside the quota. The grades of `raised` are given to
    some of those who have another, and `last_place` proposes something for the last.
    """

    order: tuple[str, ...]
    levels: tuple[Level, ...]
    unqualified_below: Decimal
    vacancy: Literal["backfill", "leave"]
    outside_quota: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    scope: Literal["category", "subcategory"] = "category"
    tie_at_line: Literal["none", "all", "tie_break"] = "none"
    quota_base: Literal["all", "eligible"] = "all"
    raised: tuple[Raise, ...] = ()
    last_place: LastPlace | None = None

    def base(self, candidates: Iterable["Candidate"]) -> int:
        """Return of how many units the rates are shares."""
        eligible = self.quota_base == "eligible"
        return sum(
            not (eligible and (one.vetoes or one.unit in self.outside_quota)) for one in candidates
        )

    def below(self, grade: str) -> str:
        """Return the next lower grade, or the last where there is none."""
        return self.order[min(self.order.index(grade) + 1, len(self.order) - 1)]

    def name(self, grade: str) -> str:
        """Return what people call a grade, or its code where the scheme gives it no name."""
        return self.names.get(grade, grade)

    def lowest(self, *grades: str) -> str:
        """Return the lowest of some grades; one that the scheme has no more is the last."""
        known = [each if each in self.order else self.order[-1] for each in grades]
        return max(known, key=self.order.index)

    @property
    def unlimited(self) -> str:
        """The grade of a unit that found no place in any level."""
        limited = {level.grade for level in self.levels} | self._above
        return next((grade for grade in self.order if grade not in limited), self.order[-1])

    @property
    def best(self) -> str:
        """The best grade that a rank gives; one above is given to some who have it."""
        return next((grade for grade in self.order if grade not in self._above), self.order[-1])

    @property
    def _above(self) -> set[str]:
        return {each.grade for each in self.raised}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ranked unit with its final total in points and everything that may cost it a grade.

    `order` and `by_key` say how the keys order those who share its rank, where they do that at the
    line of a quota only.
    """

    unit: str
    total: Decimal
    rank: int
    vetoes: Sequence[str] = ()
    caps: Sequence[GradeCap] = ()
    demotions: Sequence[Demotion] = ()
    order: int = 0
    by_key: Sequence[Reason] = ()


@dataclass(frozen=True, slots=True)
class Graded:
    """A unit's grade, and why it is not the grade that its rank would have given."""

    unit: str
    grade: str
    reasons: tuple[Reason, ...]


def award(
    policy: GradePolicy, grade_cap: str, candidates: Iterable[Candidate], units: int
) -> list[Graded]:
    """Grade a category, or one of its sub-categories: one result per candidate, in rank order.

    `grade_cap` is the best grade that a vetoed unit may have; `units` is the number of which the
    quotas are shares.
    """
    walk = _Walk(policy, grade_cap, units)
    standings = [
        _Standing(one, tuple(each for each in one.demotions if each.effect == "down_one_grade"))
        if one.demotions
        else _Standing(one)
        for one in sorted(candidates, key=attrgetter("rank", "unit"))
    ]
    for _, tied in groupby(standings, key=lambda one: one.candidate.rank):
        walk.grade(list(tied))
    return [Graded(one.candidate.unit, one.grade, tuple(one.reasons)) for one in standings]


@dataclass(slots=True)
class _Quota:
    """The places of a level that are still free; `tied` where a tie has closed it to all below."""

    level: Level
    free: int
    tied: bool = False
    said: Reason | None = None

    def closed(self, name: str) -> Reason:
        """Return why the level, which people call `name`, takes nobody any more: from when it takes
        nobody it is the same to all."""
        if self.said is None:
            because = reasons.quota_closed if self.tied else reasons.quota_used_up
            self.said = because(self.level.grade, name)
        return self.said


@dataclass(slots=True)
class _Standing:
    """What has become of a unit so far; `falls` are the demotions by a grade still to be suffered.

    `missed` says which quota was closed to it at the last level that it reached.
    """

    candidate: Candidate
    falls: tuple[Demotion, ...] = ()
    grade: str = ""
    reasons: list[Reason] = field(default_factory=list)
    missed: Reason | None = None
    left_vacancy: bool = False


class _Walk:
    """One walk down the ranks, with the places that the units before have left."""

    def __init__(self, policy: GradePolicy, grade_cap: str, units: int) -> None:
        self._policy = policy
        self._cap = grade_cap
        self._best, self._unlimited = policy.best, policy.unlimited
        best_first = sorted(policy.levels, key=lambda level: policy.order.index(level.grade))
        self._quotas = [_Quota(level, level.places(units)) for level in best_first]

    def grade(self, tied: list[_Standing]) -> None:
        """Grade the units of one rank, which is mostly one unit."""
        for one in tied:
            if one.candidate.total < self._policy.unqualified_below:
                one.grade = self._policy.order[-1]
                one.reasons.append(reasons.below_floor(self._policy.unqualified_below))
            else:
                one.reasons.extend(self._told_caps(one.candidate))
        for quota in self._quotas:
            score = quota.level.min_score
            seekers = [o for o in tied if not o.grade and o.candidate.total >= score]
            if seekers:
                self._fill(quota, seekers)
        for one in tied:
            if not one.grade:
                self._settle(one)

    def _fill(self, quota: _Quota, seekers: list[_Standing]) -> None:
        """Give the free places of a level to the units of one rank that may have one."""
        if self._policy.tie_at_line == "tie_break":
            self._fill_by_key(quota, seekers)
        else:
            self._fill_at_once(quota, seekers)

    def _fill_by_key(self, quota: _Quota, seekers: list[_Standing]) -> None:
        """Give places in the order of the keys; where they do not suffice, say which decided."""
        free, grade, name = quota.free, quota.level.grade, self._policy.name(quota.level.grade)
        seekers.sort(key=lambda one: one.candidate.order)
        for _, equal in groupby(seekers, lambda one: one.candidate.order):
            self._fill_at_once(quota, list(equal))
        missed = [one for one in seekers if one.missed and not one.grade]
        for one in (*filter(self._took, seekers), *missed) if free and missed else ():
            told = (reasons.place_by_key(each, grade, name) for each in one.candidate.by_key)
            one.reasons.extend(told)

    def _fill_at_once(self, quota: _Quota, seekers: list[_Standing]) -> None:
        """Give places to units that nothing tells apart: whoever is asked first, what one of them
        leaves empty is not closed to the others."""
        grade, free = quota.level.grade, quota.free
        takers = []
        for one in seekers:
            outside = one.candidate.unit in self._policy.outside_quota
            if not (free or outside):
                closed = quota.closed(self._policy.name(grade))
                one.missed = None if self._is_capped(one, grade) else closed
            elif self._loses(one, grade):
                one.missed = None
                self._vacate(one, quota, outside)
            elif outside:
                one.grade = grade
                name = self._policy.name(grade)
                one.reasons.extend([] if free else [reasons.outside_quota(grade, name)])
            else:
                takers.append(one)
        self._admit(quota, takers)

    def _admit(self, quota: _Quota, takers: list[_Standing]) -> None:
        """Admit units that are still tied together or not at all.

        Where the places do not suffice, no rule says which of them is first, and nobody below them
        may pass them by: the level takes no more. Where the scheme gives all of them the grade,
        they get it beyond the places.
        """
        grade, short = quota.level.grade, len(takers) > quota.free
        name = self._policy.name(grade) if short else grade
        if short and self._policy.tie_at_line != "all":
            quota.free, quota.tied = 0, True
            for one in takers:
                one.missed = None
                one.reasons.append(reasons.tied_at_the_line(grade, name))
            return
        quota.free = max(quota.free - len(takers), 0)
        for one in takers:
            one.grade = grade
            if short:
                one.reasons.append(reasons.admitted_with_tie(grade, name))

    def _took(self, one: _Standing) -> bool:
        return bool(one.grade) and one.candidate.unit not in self._policy.outside_quota

    def _told_caps(self, one: Candidate) -> Iterator[Reason]:
        if one.vetoes:
            yield reasons.capped_by_veto(one.vetoes)
        for cap in one.caps:
            grade = self._policy.lowest(cap.grade)
            name = self._policy.name(grade)
            yield reasons.capped_by_fraud(grade, name, cap.indicator, cap.check)

    def _is_capped(self, one: _Standing, grade: str) -> bool:
        return self._capped(one, grade) != grade

    def _capped(self, one: _Standing, grade: str) -> str:
        """Return a grade, or the best one that veto and fraud leave a unit."""
        if not (one.candidate.vetoes or one.candidate.caps):
            return grade
        caps = [each.grade for each in one.candidate.caps]
        return self._policy.lowest(grade, *([self._cap] if one.candidate.vetoes else []), *caps)

    def _loses(self, one: _Standing, grade: str) -> bool:
        """Tell whether a veto or a demotion takes from a unit the place that it could have.

        A demotion by a grade counts from the grade that the unit could have, also above the cap:
        what it lowers to above the cap changes nothing and is no reason.
        """
        if self._is_capped(one, grade):
            one.falls = one.falls[1:]
            return True
        if not one.candidate.demotions:
            return False
        bars = tuple(each for each in one.candidate.demotions if each.effect == "not_excellent")
        if grade != self._best or not bars:
            bars, one.falls = one.falls[:1], one.falls[1:]
        one.reasons.extend(reasons.place_lost(bar.cause, self._policy.vacancy) for bar in bars)
        return bool(bars)

    def _vacate(self, one: _Standing, quota: _Quota, outside: bool) -> None:
        """Leave a lost place empty where the scheme wants that; a unit leaves one, not several."""
        if self._policy.vacancy == "leave" and not outside and not one.left_vacancy:
            one.left_vacancy = True
            quota.free = max(quota.free - 1, 0)  # several who are tied may leave the last one

    def _settle(self, one: _Standing) -> None:
        """Give the grade that needs no place, one lower for every demotion still to be suffered."""
        one.grade = self._unlimited
        if one.missed:
            one.reasons.append(one.missed)
        for fall in one.falls:
            one.grade = self._policy.below(one.grade)
            one.reasons.append(reasons.grade_lost(fall.cause))
        one.grade = self._capped(one, one.grade)
