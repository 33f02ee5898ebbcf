"""The result of a whole category: totals, ranks, grades and reasons from one set of inputs."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ranking.rules import reasons
from ranking.rules.demotions import (
    DemotionRule,
    PlaceInList,
    Reported,
    demotions_of,
    without_consequence,
)
from ranking.rules.grades import Candidate, Graded, GradePolicy, award
from ranking.rules.marks import Marks, counted_blocks
from ranking.rules.order import NONE, Ranked, RankPolicy, rank
from ranking.rules.raising import last_told, raised
from ranking.rules.reasons import Reason, told_blocks
from ranking.rules.reports import Report, remarks
from ranking.rules.scheme import Category, Scheme
from ranking.rules.sheet import CategoryMarks, Incomplete, NormalisedMarks, SheetDecision
from ranking.rules.vetoes import (
    NO_VETOES,
    CountingVeto,
    EarlierVetoes,
    TermVeto,
    UnitVetoes,
    refuse_too_many,
    vetoes_of,
)


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One line of a ranking, all numbers in points.

    `demoted_by` lists the indicators that a demotion rule is about, also where the unit never
    came near the grade they cost; `reasons` says which key told equal totals apart, what changed
    the grade, and which reports do not count, or not any longer; in what was stored before reasons
    had a code, as a sentence. A unit that lacks marks and is left out has neither totals nor rank
    nor grade, and its reason names the gaps. Where the category has sub-categories,
    `rank_in_subcategory` is the rank there. `vetoes` are those that count, last year's too, and
    `vetoes_in_term` those of the term of office where the scheme counts them. `blocks` and totals
    are what counts: nothing of a block that is vetoed.
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
    vetoes: tuple[CountingVeto, ...] | None = None
    vetoes_in_term: tuple[TermVeto, ...] | None = None

    @property
    def vetoed_blocks(self) -> frozenset[str]:
        """The blocks that vetoes have count for nothing."""
        return frozenset(block for _, block in told_blocks(self.reasons, "block_vetoed"))


def results(
    scheme: Scheme,
    category: Category,
    marks: CategoryMarks,
    names: Mapping[str, str],
    *,
    vetoes: Iterable[Report],
    demotions: Iterable[Report],
    last_ranks: Mapping[str, int] = NONE,
    earlier_vetoes: Mapping[str, EarlierVetoes] = NONE,
) -> list[UnitResult]:
    """Rank and grade all units of one category, best first; those that lack marks come last.

    Where ranks are those within sub-categories, one of these comes after the other. `names` are the
    legal names by unit; a unit without one goes by its code. Quotas are shares of the units that
    are ranked. `last_ranks` are those of last year's release by unit, `earlier_vetoes` what last
    year's releases tell of the vetoes of a unit.
    """
    grades, rules = scheme.grades_of(category), scheme.demotions_of(category)
    reported, demoted = _by_unit(vetoes), _by_unit(demotions)
    vetoed = _counting_vetoes(scheme, marks, reported, earlier_vetoes)
    parts = scheme.parts_of(category)
    totals = _totals(scheme, marks, vetoed, parts)
    order = _Order(
        scheme.ranking_of(category),
        last_ranks,
        category.block_names,
        grades.tie_at_line == "tie_break",
    )
    ranks = _Ranks.of(totals, category, order)
    scores = {one.unit: one.scores for one in marks.complete}
    caps = {one.unit: one.grade_caps for one in marks.complete}

    def candidate(place: Ranked) -> Candidate:
        unit = place.total.unit
        return Candidate(
            unit=unit,
            total=place.total.final_total,
            rank=place.tied,
            vetoes=vetoed[unit].capping,
            caps=caps[unit],
            demotions=demotions_of(rules, scores[unit], _counting(demoted[unit])),
            order=place.order,
            by_key=place.by_key,
        )

    cap = scheme.grade_cap_of(category)
    competing = [map(candidate, each) for each in ranks.competing(grades)]
    given = _given(grades, cap, competing, ranks.class_of)
    lines = [
        _result(place, names, *given[place.total.unit], grades)
        for place in ranks.shown(order.policy)
    ]
    left_out = sorted(marks.incomplete, key=lambda one: one.unit)
    lines += (_unranked(one, names, scheme, vetoed[one.unit].blocks(parts)) for one in left_out)
    lines = [ranks.classed(line) for line in lines]
    said = [_remarked(line, rules, reported[line.unit], demoted[line.unit]) for line in lines]
    told = (scheme.assessment_year, parts, category.block_names)
    said = [_vetoed(line, vetoed[line.unit], *told) for line in said]
    return [_of_samples(line, marks.short_samples.get(line.unit, ())) for line in said]


def _totals(
    scheme: Scheme, marks: CategoryMarks, vetoed: Mapping[str, UnitVetoes], parts: Sequence[str]
) -> list[Marks]:
    """Return the marks of the units that are ranked, rounded, as they count where blocks of theirs
    are vetoed."""
    found = list[Marks]()
    for one in marks.complete:
        blocks = vetoed[one.unit].blocks(parts)
        refuse_too_many(one.unit, blocks)
        found.append(one.without(blocks).rounded(scheme.rounding))
    return found


def _given(
    grades: GradePolicy,
    cap: str,
    competing: Iterable[Iterable[Candidate]],
    class_of: Mapping[str, str],
) -> dict[str, tuple[Candidate, Graded]]:
    """Return each unit with its grade; the units that compete for the same places come together."""
    given = dict[str, tuple[Candidate, Graded]]()
    for some in competing:
        candidates = {one.unit: one for one in some}
        base = grades.base(candidates.values())
        graded = award(grades, cap, candidates.values(), base)
        graded = raised(grades, cap, graded, candidates, class_of)
        graded = last_told(grades.last_place, graded, candidates)
        given |= {one.unit: (candidates[one.unit], one) for one in graded}
    return given


@dataclass(frozen=True, slots=True)
class _Order:
    """How the units of a category are ordered, and what that is read from besides their totals."""

    policy: RankPolicy
    last_ranks: Mapping[str, int]
    block_names: Mapping[str, str]
    at_line_only: bool

    def rank(self, totals: Iterable[Marks]) -> list[Ranked]:
        """Return the units in their order."""
        return rank(
            totals,
            self.policy,
            self.last_ranks,
            self.block_names,
            at_line_only=self.at_line_only,
        )


@dataclass(frozen=True, slots=True)
class _Ranks:
    """The ranked units of a category, and those of each of its sub-categories by themselves."""

    all: Sequence[Ranked]
    by_class: Sequence[Sequence[Ranked]]
    class_of: Mapping[str, str]
    in_class: Mapping[str, int]

    @classmethod
    def of(cls, totals: Iterable[Marks], category: Category, order: _Order) -> "_Ranks":
        """Rank the units of a category, and each class of them."""
        found, class_of = list(totals), category.class_of()
        classes: dict[str, list[Marks]] = {each.code: [] for each in category.subcategories}
        for total in found if classes else ():
            classes[class_of[total.unit]].append(total)
        by_class = [order.rank(each) for each in classes.values()]
        ranks = {place.total.unit: place.rank for each in by_class for place in each}
        return cls(order.rank(found), by_class, class_of, ranks)

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


def _by_unit(reports: Iterable[Report]) -> defaultdict[str, list[Report]]:
    found: defaultdict[str, list[Report]] = defaultdict(list)
    for report in reports:
        found[report.unit].append(report)
    return found


def _counting(demotions: Iterable[Report]) -> Reported:
    """Return what was reported of a unit and counts, as the rules for demotions read it."""
    found: dict[str, list[PlaceInList | None]] = {}
    for report in demotions:
        if report.counts:
            found.setdefault(report.code, []).append(report.place)
    return found


def _remarked(
    line: UnitResult,
    rules: Iterable[DemotionRule],
    vetoes: Iterable[Report],
    demotions: Sequence[Report],
) -> UnitResult:
    said = [
        *without_consequence(rules, _counting(demotions)),
        *remarks("veto", vetoes),
        *remarks("demotion", demotions),
    ]
    return replace(line, reasons=(*line.reasons, *said))


def _counting_vetoes(
    scheme: Scheme,
    marks: CategoryMarks,
    reported: Mapping[str, Sequence[Report]],
    earlier: Mapping[str, EarlierVetoes],
) -> dict[str, UnitVetoes]:
    """Return the vetoes of each unit that count."""
    ranked = [one.unit for one in marks.complete]
    return {
        unit: vetoes_of(scheme, reported.get(unit, ()), earlier.get(unit, NO_VETOES))
        for unit in (*ranked, *(one.unit for one in marks.incomplete))
    }


def _vetoed(
    line: UnitResult,
    found: UnitVetoes,
    year: int,
    parts: Sequence[str],
    names: Mapping[str, str],
) -> UnitResult:
    """Say of a unit which vetoes count, and what they do beyond its grade."""
    return replace(
        line,
        reasons=(*line.reasons, *found.told(year, parts, names)),
        vetoes=found.counting or None,
        vetoes_in_term=found.in_term or None,
    )


def _of_samples(line: UnitResult, decisions: Iterable[SheetDecision]) -> UnitResult:
    """Say of a unit in whose survey too few answered what counts in its total instead."""
    told = (reasons.short_sample(each.indicator, each.en, each.zh) for each in decisions)
    return replace(line, reasons=(*line.reasons, *told))


def of_groups(line: UnitResult, groups: Iterable[NormalisedMarks]) -> UnitResult:
    """Say of a ranked unit by which coefficients marks in its total were multiplied."""
    told = (
        reasons.normalised(each.indicator, each.group, format(each.coefficient, "f"))
        for each in groups
        if each.coefficient is not None and line.rank is not None
    )
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
        reasons=(*place.told, *given.reasons),
        demoted_by=tuple(dict.fromkeys(weak)),
        grade_name=grades.name(given.grade),
    )


def _unranked(
    one: Incomplete, names: Mapping[str, str], scheme: Scheme, vetoed: frozenset[str]
) -> UnitResult:
    rounded, blocks = scheme.rounding.apply, counted_blocks(one.blocks, vetoed)
    return UnitResult(
        unit=one.unit,
        name=names.get(one.unit, one.unit),
        blocks={block: rounded(points) for block, points in blocks.items()},
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
