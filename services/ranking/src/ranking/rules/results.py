"""The result of a whole category: totals, ranks, grades and reasons from one set of inputs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ranking.rules.composition import Marks, compose
from ranking.rules.demotions import demotions_of
from ranking.rules.grades import Candidate, Graded, award
from ranking.rules.order import Ranked, rank
from ranking.rules.reports import Report
from ranking.rules.scheme import Scheme


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


def results(
    scheme: Scheme,
    marks: Sequence[Marks],
    names: Mapping[str, str],
    *,
    vetoes: Iterable[Report],
    demotions: Iterable[Report],
) -> list[UnitResult]:
    """Rank and grade all units of one category, best first.

    `marks` are those of all units of the category, `names` the legal names by unit; a unit without
    one goes by its code.
    """
    totals = (compose(one, scheme.composition, scheme.rounding) for one in marks)
    ranked = rank(totals, scheme.ranking)
    scores = {one.unit: one.scores for one in marks}
    vetoed, demoted = _codes_by_unit(vetoes), _codes_by_unit(demotions)
    candidates = [
        Candidate(
            unit=place.total.unit,
            total=place.total.final_total,
            rank=place.rank,
            vetoes=sorted(vetoed[place.total.unit]),
            demotions=demotions_of(
                scheme.demotions, scores[place.total.unit], demoted[place.total.unit]
            ),
        )
        for place in ranked
    ]
    graded = award(scheme.grades, scheme.vetoes.grade_cap, candidates, len(marks))
    return [
        _result(place, names, candidate, given)
        for place, candidate, given in zip(ranked, candidates, graded, strict=True)
    ]


def _codes_by_unit(reports: Iterable[Report]) -> defaultdict[str, set[str]]:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for report in reports:
        codes[report.unit].add(report.code)
    return codes


def _result(
    place: Ranked, names: Mapping[str, str], candidate: Candidate, given: Graded
) -> UnitResult:
    total = place.total
    weak = (code for each in candidate.demotions for code in each.indicators)
    return UnitResult(
        unit=total.unit,
        name=names.get(total.unit, total.unit),
        blocks=total.blocks,
        base_total=total.base_total,
        adjustment=total.adjustment,
        final_total=total.final_total,
        rank=place.rank,
        grade=given.grade,
        reasons=given.reasons,
        demoted_by=tuple(dict.fromkeys(weak)),
    )
