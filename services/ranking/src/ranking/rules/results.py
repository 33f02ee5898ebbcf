"""The result of a whole category: totals, ranks, grades and reasons from one set of inputs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ranking.rules.composition import Marks, compose
from ranking.rules.demotions import demotions_of
from ranking.rules.grades import Candidate, award
from ranking.rules.order import Ranked, rank
from ranking.rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class UnitInput:
    """What is known of one unit: its legal name, its marks, and the codes reported for it."""

    name: str
    marks: Marks
    vetoes: frozenset[str] = frozenset()
    demotions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One line of a ranking, all numbers in points.

    `demoted_by` lists the indicators that a demotion rule found weak, also where the unit never
    came near the grade they cost; `reasons` says only what changed the grade.
    """

    unit: str
    name: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal
    adjustment: Decimal
    final_total: Decimal
    rank: int
    grade: str
    reasons: tuple[str, ...]
    demoted_by: tuple[str, ...]


def results(scheme: Scheme, units: Sequence[UnitInput]) -> list[UnitResult]:
    """Rank and grade all units of one category, best first."""
    inputs = {one.marks.unit: one for one in units}
    totals = (compose(one.marks, scheme.composition, scheme.rounding) for one in units)
    ranked = rank(totals, scheme.ranking)
    candidates = [_candidate(scheme, place, inputs[place.total.unit]) for place in ranked]
    graded = award(scheme.grades, scheme.vetoes.grade_cap, candidates, len(units))
    return [
        UnitResult(
            unit=place.total.unit,
            name=inputs[place.total.unit].name,
            blocks=place.total.blocks,
            base_total=place.total.base_total,
            adjustment=place.total.adjustment,
            final_total=place.total.final_total,
            rank=place.rank,
            grade=given.grade,
            reasons=given.reasons,
            demoted_by=_weak(candidate),
        )
        for place, candidate, given in zip(ranked, candidates, graded, strict=True)
    ]


def _candidate(scheme: Scheme, place: Ranked, unit: UnitInput) -> Candidate:
    return Candidate(
        unit=place.total.unit,
        total=place.total.final_total,
        rank=place.rank,
        vetoes=sorted(unit.vetoes),
        demotions=demotions_of(scheme.demotions, unit.marks.scores, unit.demotions),
    )


def _weak(candidate: Candidate) -> tuple[str, ...]:
    codes = (code for each in candidate.demotions for code in each.indicators)
    return tuple(dict.fromkeys(codes))
