"""The result of a whole category: totals, ranks, grades and reasons from one set of inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ranking.rules.composition import Composition, Marks, Rounding, compose
from ranking.rules.demotions import DemotionRule, IndicatorScore, demotions_of
from ranking.rules.grades import Candidate, GradePolicy, award
from ranking.rules.order import Ranked, RankPolicy, rank


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything in a scheme that decides what follows from the marks."""

    rounding: Rounding
    composition: Composition
    ranking: RankPolicy
    grades: GradePolicy
    grade_cap: str
    demotions: Sequence[DemotionRule]


@dataclass(frozen=True, slots=True)
class UnitInput:
    """What is known of one unit: its marks, and the vetoes and demotions reported for it."""

    marks: Marks
    scores: Mapping[str, IndicatorScore]
    vetoes: Sequence[str] = ()
    demotions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One line of a ranking, all numbers in points.

    `demoted_by` lists the indicators that a demotion rule found weak, also where the unit never
    came near the grade they cost; `reasons` says only what changed the grade.
    """

    unit: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal
    adjustment: Decimal
    final_total: Decimal
    rank: int
    grade: str
    reasons: tuple[str, ...]
    demoted_by: tuple[str, ...]


def results(policy: Policy, units: Sequence[UnitInput]) -> list[UnitResult]:
    """Rank and grade all units of one category, best first."""
    inputs = {one.marks.unit: one for one in units}
    totals = (compose(one.marks, policy.composition, policy.rounding) for one in units)
    ranked = rank(totals, policy.ranking)
    candidates = [_candidate(policy, place, inputs[place.total.unit]) for place in ranked]
    graded = award(policy.grades, policy.grade_cap, candidates, len(units))
    lines = zip(ranked, candidates, graded, strict=True)
    return [
        UnitResult(
            unit=place.total.unit,
            blocks=place.total.blocks,
            base_total=place.total.base_total,
            adjustment=place.total.adjustment,
            final_total=place.total.final_total,
            rank=place.rank,
            grade=given.grade,
            reasons=given.reasons,
            demoted_by=_weak(candidate),
        )
        for place, candidate, given in lines
    ]


def _candidate(policy: Policy, place: Ranked, unit: UnitInput) -> Candidate:
    return Candidate(
        unit=place.total.unit,
        total=place.total.final_total,
        rank=place.rank,
        vetoes=sorted(set(unit.vetoes)),
        demotions=demotions_of(policy.demotions, unit.scores, frozenset(unit.demotions)),
    )


def _weak(candidate: Candidate) -> tuple[str, ...]:
    codes = (code for each in candidate.demotions for code in each.indicators)
    return tuple(dict.fromkeys(codes))
