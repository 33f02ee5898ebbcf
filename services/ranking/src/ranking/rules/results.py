"""The result of a whole category: totals, ranks, grades and reasons from one set of inputs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ranking.rules import reasons
from ranking.rules.composition import Total, compose
from ranking.rules.demotions import demotions_of
from ranking.rules.grades import Candidate, Graded, GradePolicy, award
from ranking.rules.order import Ranked, RankPolicy, rank
from ranking.rules.reasons import Reason
from ranking.rules.reports import Report, remarks
from ranking.rules.scheme import Category, Scheme
from ranking.rules.sheet import CategoryMarks, Incomplete, SheetDecision


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One line of a ranking, all numbers in points.

    `demoted_by` lists the indicators that a demotion rule found weak, also where the unit never
    came near the grade they cost; `reasons` says what changed the grade, and which reports do not
    count, or not any longer; in what was stored before reasons had a code, as a sentence. A unit
    that lacks marks and is left out has neither totals nor rank nor grade, and its reason names
    the gaps. Where the category has sub-categories, `rank_in_subcategory` is the rank there.
    """

    unit: str
    name: str
    blocks: Mapping[str, Decimal]
    base_total: Decimal | None
    adjustment: Decimal
    final_total: Decimal | None
    rank: int | None
    grade: str | None
    reasons: tuple[Reason | str, ...]
    demoted_by: tuple[str, ...]
    grade_name: str | None = None
    subcategory: str | None = None
    rank_in_subcategory: int | None = None


def results(
    scheme: Scheme,
    category: Category,
    marks: CategoryMarks,
    names: Mapping[str, str],
    *,
    vetoes: Iterable[Report],
    demotions: Iterable[Report],
) -> list[UnitResult]:
    """Rank and grade all units of one category, best first; those that lack marks come last.

    Where ranks are those within sub-categories, one of these comes after the other. `names` are the
    legal names by unit; a unit without one goes by its code. Quotas are shares of the units that
    are ranked.
    """
    composition, grades = scheme.composition_of(category), scheme.grades_of(category)
    rules = scheme.demotions_of(category)
    totals = [compose(one, composition, scheme.rounding) for one in marks.complete]
    ranks = _Ranks.of(totals, category, scheme.ranking_of(category))
    scores = {one.unit: one.scores for one in marks.complete}
    vetoes, demotions = list(vetoes), list(demotions)
    vetoed, demoted = _codes_by_unit(vetoes), _codes_by_unit(demotions)

    def candidate(place: Ranked) -> Candidate:
        unit = place.total.unit
        return Candidate(
            unit=unit,
            total=place.total.final_total,
            rank=place.rank,
            vetoes=sorted(vetoed[unit]),
            demotions=demotions_of(rules, scores[unit], demoted[unit]),
        )

    cap = scheme.grade_cap_of(category)
    given = _given(grades, cap, [map(candidate, each) for each in ranks.competing(grades)])
    lines = [
        _result(place, names, *given[place.total.unit], grades)
        for place in ranks.shown(scheme.ranking_of(category))
    ]
    left_out = sorted(marks.incomplete, key=lambda one: one.unit)
    lines += (_unranked(one, names, scheme) for one in left_out)
    lines = [ranks.classed(line) for line in lines]
    said = [_remarked(line, vetoes, demotions) for line in lines]
    return [_of_samples(line, marks.short_samples.get(line.unit, ())) for line in said]


def _given(
    grades: GradePolicy, cap: str, competing: Iterable[Iterable[Candidate]]
) -> dict[str, tuple[Candidate, Graded]]:
    """Return each unit with its grade; the units that compete for the same places come together."""
    given = dict[str, tuple[Candidate, Graded]]()
    for some in competing:
        candidates = {one.unit: one for one in some}
        graded = award(grades, cap, candidates.values(), len(candidates))
        given |= {one.unit: (candidates[one.unit], one) for one in graded}
    return given


@dataclass(frozen=True, slots=True)
class _Ranks:
    """The ranked units of a category, and those of each of its sub-categories by themselves."""

    all: Sequence[Ranked]
    by_class: Sequence[Sequence[Ranked]]
    class_of: Mapping[str, str]
    in_class: Mapping[str, int]

    @classmethod
    def of(cls, totals: Iterable[Total], category: Category, policy: RankPolicy) -> "_Ranks":
        """Rank the units of a category, and each class of them."""
        found, class_of = list(totals), category.class_of()
        classes: dict[str, list[Total]] = {each.code: [] for each in category.subcategories}
        for total in found if classes else ():
            classes[class_of[total.unit]].append(total)
        by_class = [rank(each, policy) for each in classes.values()]
        ranks = {place.total.unit: place.rank for each in by_class for place in each}
        return cls(rank(found, policy), by_class, class_of, ranks)

    def competing(self, grades: GradePolicy) -> Sequence[Sequence[Ranked]]:
        """Return the units that share the quotas of the grades, each with its rank among them."""
        apart = grades.scope == "subcategory" and self.by_class
        return self.by_class if apart else [self.all]

    def shown(self, policy: RankPolicy) -> Sequence[Ranked]:
        """Return the units with the ranks that they get, in the order in which they are listed."""
        if policy.within == "subcategory" and self.by_class:
            return [place for each in self.by_class for place in each]
        return self.all

    def classed(self, line: UnitResult) -> UnitResult:
        """Return a line that tells the unit's class and its rank there; one without classes as it
        is."""
        code = self.class_of.get(line.unit)
        if code is None:
            return line
        return replace(line, subcategory=code, rank_in_subcategory=self.in_class.get(line.unit))


def differing(before: Iterable[UnitResult], after: Iterable[UnitResult]) -> list[str]:
    """Return the units with another result, sorted; a new name is none."""
    was, now = ({one.unit: replace(one, name="") for one in side} for side in (before, after))
    return sorted(unit for unit in was.keys() | now.keys() if was.get(unit) != now.get(unit))


def _codes_by_unit(reports: Iterable[Report]) -> defaultdict[str, set[str]]:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for report in reports:
        if report.counts:
            codes[report.unit].add(report.code)
    return codes


def _remarked(
    line: UnitResult, vetoes: Iterable[Report], demotions: Iterable[Report]
) -> UnitResult:
    said = [
        *remarks("veto", (each for each in vetoes if each.unit == line.unit)),
        *remarks("demotion", (each for each in demotions if each.unit == line.unit)),
    ]
    return replace(line, reasons=(*line.reasons, *said))


def _of_samples(line: UnitResult, decisions: Iterable[SheetDecision]) -> UnitResult:
    """Say of a unit in whose survey too few answered what counts in its total instead."""
    told = (reasons.short_sample(each.indicator, each.en, each.zh) for each in decisions)
    return replace(line, reasons=(*line.reasons, *told))


def _result(
    place: Ranked,
    names: Mapping[str, str],
    candidate: Candidate,
    given: Graded,
    grades: GradePolicy,
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
        grade_name=grades.name(given.grade),
    )


def _unranked(one: Incomplete, names: Mapping[str, str], scheme: Scheme) -> UnitResult:
    rounded = scheme.rounding.apply
    return UnitResult(
        unit=one.unit,
        name=names.get(one.unit, one.unit),
        blocks={block: rounded(points) for block, points in one.blocks.items()},
        base_total=None,
        adjustment=rounded(one.adjustment),
        final_total=None,
        rank=None,
        grade=None,
        reasons=(
            reasons.not_ranked(one.gaps),
            *(
                reasons.no_score(mark.indicator, mark.reason, mark.reason_zh)
                for mark in one.why
                if mark.reason and mark.reason_zh
            ),
        ),
        demoted_by=(),
    )
