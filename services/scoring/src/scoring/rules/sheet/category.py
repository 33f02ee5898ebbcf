"""What every indicator of a category comes to for every unit: column by column, each after what
it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from scoring.rules.columns.column import Column, Reasons, Rows, without
from scoring.rules.columns.exact import show
from scoring.rules.columns.gaps import Gap
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Mask
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.sources import Sources
from scoring.rules.methods.catalogue import score_indicator
from scoring.rules.methods.cells import Cells, Log, Used
from scoring.rules.methods.formulas import Formula
from scoring.rules.methods.group_facts import Fact, GroupFacts
from scoring.rules.methods.of_children import MEAN_CHILDREN, Child, mean_children, sum_children
from scoring.rules.methods.scores import Rounded, Unrounded, merged
from scoring.rules.methods.told import Line
from scoring.rules.methods.within_group import positions
from scoring.rules.scheme.document import Indicator, Rounding
from scoring.rules.scheme.plan import Plan
from scoring.rules.sheet.outcomes import (
    CARRIED_OVER,
    NOT_APPLICABLE,
    SHORT_SAMPLE,
    SKIPPED,
    ColumnOutcome,
    Group,
    Moves,
    Place,
    nowhere,
)
from scoring.rules.sheet.placing import moves_of, place, rows_to_place
from scoring.rules.sheet.policies import settle


@dataclass(slots=True)
class CategoryScores:
    """The outcomes of a category's indicators, and what units take from one another.

    `declared` are the entries by row and indicator that declare something not applicable; what
    lies below an indicator that is declared itself has nothing more to say. `moves` are those of
    the rows of which points go to an indicator by name.
    """

    plan: Plan
    rounding: Rounding
    sources: Sources
    facts: GroupFacts = field(default_factory=GroupFacts)
    declared: dict[int, dict[str, Entry]] = field(default_factory=dict)
    moves: dict[int, Moves] = field(default_factory=dict)
    outcomes: dict[str, ColumnOutcome] = field(default_factory=dict)

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
        gaps: dict[int, Reasons] = dict.fromkeys(np.flatnonzero(~found.has_score).tolist(), ())
        return Column(found.scores.exact(), gaps)

    def ranks(self, indicator: str) -> Mapping[int, Fact]:
        """Return the place of each score in the category, 1 the highest, equal ones sharing."""

        def found() -> dict[int, int]:
            column = self.scores(indicator)
            rows = without(self.sources.size, column.gaps)
            placed = positions(column.values.take(rows), lowest_first=False)
            return {row: rank for row, (rank, _) in zip(rows.tolist(), placed, strict=True)}

        return self.facts.each((indicator, "rank of the score"), found)

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


def score_category(
    plan: Plan, rounding: Rounding, sources: Sources, facts: GroupFacts | None = None
) -> CategoryScores:
    """Score all indicators of a category in an order in which each comes after what it reads."""
    found = CategoryScores(plan, rounding, sources, facts or GroupFacts())
    found.declared = _declared(plan, sources)
    for row, declared in found.declared.items():
        moves = moves_of(sorted(declared), plan.indicators, plan.receivers)
        if moves is not None:
            found.moves[row] = moves
    for indicator in plan.order:
        column = _parent(found, indicator) if indicator.children else _leaf(found, indicator)
        settle(column, found.facts)
        found.outcomes[indicator.code] = column
    return found


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
    rows = without(size, out)
    cells = Cells(of.sources, of, of.facts, log, indicator, rows, indicator.parameters, places)
    scored = _scattered(score_indicator(cells), rows, size)
    column = _column(indicator, _cut(scored.rounded(places), indicator), log)
    column.compares = of.plan.reads[indicator.code].rests_on_others
    column.category_size = len(of.sources.group)
    _declare(column, out)
    column.has_score &= _mask(rows, size)
    return column


def _mask(rows: Rows, size: int) -> Mask:
    mask = nowhere(size)
    mask[rows] = True
    return mask


def _scattered(scored: Unrounded, rows: Rows, size: int) -> Unrounded:
    return scored if len(rows) == size else merged(size, [(rows, scored)])


def _column(indicator: Indicator, scores: Rounded, log: Log) -> ColumnOutcome:
    """Return the outcome of scores, with what was decided to get them."""
    of, size = scores.of, len(scores)
    column = ColumnOutcome(indicator, scores, ~nowhere(size), log)
    column.missing = dict(of.gaps)
    column.silent = frozenset(r for r, why in of.gaps.items() if all(each.absent for each in why))
    for row, notes in of.notes.items():
        carried = tuple(note.reason for note in notes if note.carried)
        if row not in of.gaps:
            column.decisions[row] = CARRIED_OVER if carried else SHORT_SAMPLE
            column.because[row] = carried or tuple(note.reason for note in notes)
    for row, reasons in of.not_rated.items():
        column.decisions[row], column.because[row] = SKIPPED, reasons
    column.has_score[[*of.gaps, *of.not_rated]] = False
    return column


def _declare(column: ColumnOutcome, out: Mapping[int, Entry]) -> None:
    """Put rows out that an entry declares not applicable (不适用)."""
    column.declared = frozenset(out)
    for row in out:
        column.missing.pop(row, None)
        column.decisions[row] = NOT_APPLICABLE
    if out:
        rows = np.array(sorted(out))
        column.has_score[rows] = False
        column.log.add(rows, lambda at: (_declaration(out[int(rows[at])]),))


def _declaration(entry: Entry) -> Used:
    return Used("declared not applicable", entry.period, "ledger", (entry.entry_id,))


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

    def cut(row: int) -> Line:
        line = tell(row)
        if not over[row]:
            return line
        formula = f"min({line.formula}, {show(points)})"
        return replace(line, rule=f"min({line.rule}, points)", formula=formula)

    values = scores.of.values.where(~over, points)
    return replace(scores.of, values=values, tell=cut).rounded(scores.places)


def _parent(of: CategoryScores, indicator: Indicator) -> ColumnOutcome:
    """Put together what the children of an indicator come to."""
    places, size = indicator.places(of.rounding), of.sources.size
    out, children = of.out(indicator.code), [of.outcomes[c.code] for c in indicator.children]
    mean = indicator.method == MEAN_CHILDREN
    groups = placed(of, children, out, shared=not mean)
    emptied = {row for row, group in groups.items() if group.empty}
    pieces = list[tuple[Rows, Unrounded]]()
    apart = [*out, *emptied]
    for rows, counting in _counting(children, groups, apart, size):
        pieces.append((rows, _together(indicator, counting, groups, rows)))
    scored = merged(size, pieces) if pieces else _nothing(size)
    column = _column(indicator, scored.rounded(places), Log())
    column.groups = groups
    column.has_score &= _all_there(children, apart)
    _declare(column, out)
    for row in emptied:
        _put_out(column, row, children, None if mean else groups[row].stranded)
    if not mean:
        column.worth |= {
            row: sum(
                (
                    each.points
                    for each, child in zip(group.places, children, strict=True)
                    if not child.at(row).out
                ),
                Fraction(0),
            )
            for row, group in groups.items()
            if row not in emptied and column.has_score[row]
        }
    return column


def _nothing(size: int) -> Unrounded:
    return Unrounded(Quotients.same(0, size), lambda _: Line("", ""))


def placed(
    of: CategoryScores,
    members: Sequence[ColumnOutcome],
    leave: Mapping[int, object],
    *,
    shared: bool,
) -> dict[int, Group]:
    """Return where siblings end up in the rows in which points move among them."""
    found: dict[int, Group] = {}
    for row in rows_to_place(members, of.moves):
        if row not in leave:
            outcomes = [each.at(row) for each in members]
            group = place(outcomes, of.moves.get(row), shared=shared, places=of.rounding.places)
            if group is not None:
                found[row] = group
    return found


def _all_there(children: Sequence[ColumnOutcome], apart: Sequence[int]) -> Mask:
    there = ~nowhere(len(children[0].has_score))
    for each in children:
        counting = each.has_score.copy()
        counting[list(each.out)] = True
        there &= counting
    there[list(apart)] = False
    return there


def _counting(
    children: Sequence[ColumnOutcome],
    groups: Mapping[int, Group],
    apart: Sequence[int],
    size: int,
) -> "list[tuple[Rows, tuple[ColumnOutcome, ...]]]":
    """Return rows with the children that count in them; rows with the same ones come together."""
    there = _all_there(children, apart)
    patterns: dict[tuple[bool, ...], list[int]] = {}
    common = there.copy()
    for row in groups:
        if there[row]:
            common[row] = False
            patterns.setdefault(tuple(row not in each.out for each in children), []).append(row)
    plain = np.flatnonzero(common)
    found = [(plain, tuple(children))] if len(plain) else []
    for counts, rows in patterns.items():
        counting = tuple(c for c, yes in zip(children, counts, strict=True) if yes)
        found.append((np.array(sorted(rows)), counting))
    return found


def _together(
    indicator: Indicator,
    counting: Sequence[ColumnOutcome],
    groups: Mapping[int, Group],
    rows: Rows,
) -> Unrounded:
    """Score a parent by the children that count in these rows."""
    members = [_child(indicator, each, groups, rows) for each in counting]
    if not members:
        return Unrounded(
            Quotients.same(0, len(rows)), lambda _: Line("sum of the children's scores", "0")
        )
    params = indicator.parameters
    try:
        if indicator.method == MEAN_CHILDREN:
            return mean_children(indicator.points, params, members)
        return sum_children(members, extra_cap=params.optional("extra_cap"))
    except Gap as gap:
        nothing = _nothing(len(rows))
        return replace(nothing, gaps=dict.fromkeys(range(len(rows)), gap.reasons))


def _child(
    parent: Indicator, child: ColumnOutcome, groups: Mapping[int, Group], rows: Rows
) -> Child:
    if rows[0] not in groups:
        points = Fraction(child.indicator.points)
        return Child(child.indicator.code, child.scores.exact().take(rows), points)
    at = next(n for n, each in enumerate(parent.children) if each is child.indicator)
    places: list[Place] = [groups[row].places[at] for row in rows.tolist()]
    return Child(
        child.indicator.code,
        Quotients.of([each.score or 0 for each in places]),
        Quotients.of([each.points for each in places]),
    )


def _put_out(
    column: ColumnOutcome,
    row: int,
    children: Sequence[ColumnOutcome],
    worth: Fraction | None,
) -> None:
    """Put a parent out all of whose children are, so that its own siblings get the points."""
    outcomes = [each.at(row) for each in children]
    declared = all(each.decision == NOT_APPLICABLE for each in outcomes)
    column.decisions[row] = NOT_APPLICABLE if declared else SKIPPED
    column.because[row] = tuple(reason for each in outcomes for reason in each.because)
    column.missing.pop(row, None)
    column.has_score[row] = False
    if worth is not None:
        column.worth[row] = worth
