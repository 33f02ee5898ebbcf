"""What every indicator of a category comes to for every unit: column by column, each after what
it reads."""

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from scoring.rules.columns.column import Column, Reasons, Rows, without
from scoring.rules.columns.exact import show
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.sources import Sources
from scoring.rules.methods.catalogue import score_indicator
from scoring.rules.methods.cells import Cells, Log
from scoring.rules.methods.formulas import Formula
from scoring.rules.methods.group_facts import NO_CLASSES, Classes, Fact, Fellows, GroupFacts
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import Rounded, Unrounded, merged
from scoring.rules.methods.within_group import positions
from scoring.rules.scheme.document import Indicator, Rounding
from scoring.rules.scheme.plan import Plan
from scoring.rules.sheet.allotting import moves_of
from scoring.rules.sheet.lacking import lack, lack_still, settle_children
from scoring.rules.sheet.normalising import normalise
from scoring.rules.sheet.outcomes import MEAN, ColumnOutcome, Moves, column_of, declare
from scoring.rules.sheet.parents import combined
from scoring.rules.sheet.policies import settle
from scoring.rules.sheet.voiding import void


@dataclass(slots=True, weakref_slot=True)
class CategoryScores:
    """The outcomes of a category's indicators, and what units take from one another.

    The narrations of its columns refer back to it weakly: they can be told while it is held.

    `declared` are the entries by row and indicator that declare something not applicable; what
    lies below an indicator that is declared itself has nothing more to say. `moves` are those of
    the rows of which points go to an indicator by name. `all_classes` are the sub-categories.
    """

    plan: Plan
    rounding: Rounding
    sources: Sources
    facts: GroupFacts = field(default_factory=GroupFacts)
    declared: dict[int, dict[str, Entry]] = field(default_factory=dict)
    moves: dict[int, Moves] = field(default_factory=dict)
    outcomes: dict[str, ColumnOutcome] = field(default_factory=dict)
    all_classes: Classes = field(init=False)

    def __post_init__(self) -> None:
        found, of = list[Fellows](), dict[str, Fellows]()
        for each in self.plan.category.subcategories:
            mask = self.sources.mask_of(each.units)
            rows = np.flatnonzero(mask).tolist()
            found.append(Fellows(each.code, each.name, len(each.units), rows, mask))
            of |= dict.fromkeys(each.units, found[-1])
        self.all_classes = Classes(tuple(found), tuple(of.get(u) for u in self.sources.units))

    def classes(self, indicator: Indicator) -> Classes:
        """Return the sub-categories within which an indicator compares; none where it compares all
        units of the category, or nobody."""
        compares = (
            self.plan.reads[indicator.code].rests_on_others
            or self.plan.missing[indicator.code] == MEAN
            or indicator.must_differentiate
        )
        return (
            self.all_classes
            if compares and indicator.compare_within == "subcategory"
            else NO_CLASSES
        )

    def decided_rows(self) -> set[int]:
        """Return the rows in which anything was decided about missing data or what applies."""
        return {row for column in self.outcomes.values() for row in column.decisions}

    # What methods ask of indicators that were computed before.

    def scores(self, indicator: str) -> Column:
        """Return the rounded scores of an indicator, by row, with a gap where there is none."""
        found = self.outcomes.get(indicator)
        if found is None:
            size = self.sources.size
            return Column(Quotients.same(0, size), dict.fromkeys(range(size), ()))
        # What a parent has its children count for is no score of theirs, whenever it is asked for.
        wanting = {*np.flatnonzero(~found.has_score).tolist(), *found.by_parent}
        gaps: dict[int, Reasons] = dict.fromkeys(sorted(wanting), ())
        return Column(found.scores.exact(), gaps)

    def ranks(self, indicator: str, among: Fellows | None = None) -> Mapping[int, Fact]:
        """Return the rank of each score in the category, or in the sub-category given, 1 the
        highest, equal ones sharing."""

        def found() -> dict[int, int]:
            column = self.scores(indicator)
            rows = without(self.sources.size, column.gaps)
            if among is not None:
                rows = rows[among.mask[rows]]
            ranked = positions(column.values.take(rows), lowest_first=False)
            return {row: rank for row, (rank, _) in zip(rows.tolist(), ranked, strict=True)}

        return self.facts.among(among).each((indicator, "rank of the score"), found)

    def is_undefined(self, indicator: str, row: int) -> bool:
        """Say whether somebody has to settle that score before there can be any."""
        known = self.plan.indicators.get(indicator)
        below = [] if known is None else [self.outcomes.get(each.code) for each in known.walk()]
        missing = (each.missing.get(row, ()) for each in below if each is not None)
        return any(not reason.absent for reasons in missing for reason in reasons)

    def formula(self, text: str) -> Formula:
        """Return a formula of the scheme by its text."""
        return Formula(text, self.plan.formulas[text])

    def out(self, indicator: str) -> dict[int, Entry]:
        """Return by row the entry that declares an indicator, or one above it, not applicable."""
        line = self.plan.lines.get(indicator, ())
        return {
            row: next(declared[code] for code in line if code in declared)
            for row, declared in self.declared.items()
            if any(code in declared for code in line)
        }


NONE_KNOWN: Mapping[str, ColumnOutcome] = MappingProxyType({})
"""Nothing of the category was scored before."""


def score_category(
    plan: Plan,
    rounding: Rounding,
    sources: Sources,
    facts: GroupFacts | None = None,
    known: Mapping[str, ColumnOutcome] = NONE_KNOWN,
) -> CategoryScores:
    """Score all indicators of a category in an order in which each comes after what it reads.

    Those that are `known` stay as they were scored before.
    """
    found = CategoryScores(plan, rounding, sources, facts or GroupFacts())
    found.declared = _declared(plan, sources)
    for row, declared in found.declared.items():
        moves = moves_of(sorted(declared), plan.indicators, plan.receivers)
        if moves is not None:
            found.moves[row] = moves
    for indicator in plan.order:
        if indicator.code in known:
            found.outcomes[indicator.code] = known[indicator.code]
            continue
        column = _parent(found, indicator) if indicator.children else _leaf(found, indicator)
        lacking = lack(found, column) if indicator.children else []
        column.classes = found.classes(indicator)
        settle(column, found.facts, plan.missing[indicator.code], found.all_classes)
        lack_still(column, lacking)
        found.outcomes[indicator.code] = column
    return found


def _parent(of: CategoryScores, indicator: Indicator) -> ColumnOutcome:
    settle_children(of, indicator)
    return combined(of, indicator)


def _declared(plan: Plan, sources: Sources) -> dict[int, dict[str, Entry]]:
    found: dict[int, dict[str, Entry]] = {}
    for code, by_row in sources.declared.items():
        if code in plan.indicators:
            for row, entry in by_row.items():
                found.setdefault(row, {})[code] = entry
    for declared in found.values():
        for code in list(declared):
            below = [each.code for each in plan.indicators[code].walk()][1:]
            for each in below:
                declared.pop(each, None)
    return found


def _leaf(of: CategoryScores, indicator: Indicator) -> ColumnOutcome:
    """Score an indicator by its method, for all units to which it applies."""
    places, size = indicator.places(of.rounding), of.sources.size
    out, log = of.out(indicator.code), Log()
    rows = of.sources.rows_without(out)
    # Weakly, for what is told later keeps its cells: in a circle, everything that was read would
    # stay in memory until Python's garbage collector looks for circles, which it seldom does.
    results, noted = weakref.proxy(of), weakref.proxy(log)
    cells = Cells(
        of.sources, results, of.facts, noted, indicator, rows, indicator.parameters, places
    )
    scored = _scattered(_scored(cells, of.classes(indicator), log), rows, size)
    column = column_of(indicator, _cut(scored.rounded(places), indicator), log)
    column.compares = of.plan.reads[indicator.code].rests_on_others
    column.category_size = len(of.sources.group)
    declare(column, out)
    void(column, of.sources)
    normalise(column, of.facts)
    return column


def _scored(cells: Cells, classes: Classes, log: Log) -> Unrounded:
    """Score the cells, those of each sub-category by themselves where these alone are compared."""
    if not classes.all or not len(cells):
        return score_indicator(cells)
    log.classes, pieces = classes, list[tuple[Rows, Unrounded]]()
    for fellows in classes.all:
        some = cells.among(fellows)
        if len(some):
            own = log.apart[fellows.code] = Log()
            scored = score_indicator(replace(some, log=weakref.proxy(own)))
            pieces.append((np.searchsorted(cells.rows, some.rows), scored))
    return merged(len(cells), pieces)


def _scattered(scored: Unrounded, rows: Rows, size: int) -> Unrounded:
    return scored if len(rows) == size else merged(size, [(rows, scored)])


def _cut(scores: Rounded, indicator: Indicator) -> Rounded:
    """Return scores cut to the points of an indicator that may not exceed them."""
    points, unit = Fraction(indicator.points), 10**scores.places
    most = points.numerator * unit // points.denominator
    if indicator.allow_exceed or scores.units.high <= most:
        return scores
    over = scores.units.above(most)
    if not over.any():
        return scores
    tell = scores.of.tell

    def cut(row: int) -> AppliedRule:
        line = tell(row)
        if not over[row]:
            return line
        formula = f"min({line.formula}, {show(points)})"
        return replace(line, rule=f"min({line.rule}, points)", formula=formula)

    values = scores.of.values.where(~over, points)
    return replace(scores.of, values=values, tell=cut).rounded(scores.places)
