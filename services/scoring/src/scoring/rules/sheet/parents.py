"""What parents come to: their children together, after points were moved among them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from scoring.rules.columns.column import Rows
from scoring.rules.columns.gaps import Gap, Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.columns.whole import Mask
from scoring.rules.methods.cells import Log
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.of_children import (
    MEAN_CHILDREN,
    Child,
    mean_children,
    sum_children,
)
from scoring.rules.methods.scores import Unrounded, merged
from scoring.rules.scheme.document import Indicator
from scoring.rules.sheet.allotting import allot, rows_to_allot
from scoring.rules.sheet.outcomes import (
    NOT_APPLICABLE,
    SKIPPED,
    Allotment,
    ColumnOutcome,
    Group,
    Outcome,
    column_of,
    declare,
    nowhere,
)

if TYPE_CHECKING:
    from scoring.rules.sheet.category import CategoryScores


def combined(of: "CategoryScores", indicator: Indicator) -> ColumnOutcome:
    """Put together what the children of an indicator come to."""
    places, size = indicator.places(of.rounding), of.sources.size
    out, children = of.out(indicator.code), [of.outcomes[c.code] for c in indicator.children]
    mean = indicator.method == MEAN_CHILDREN
    groups = allotted(of, children, out, shared=not mean)
    emptied = {row for row, group in groups.items() if group.empty}
    apart = [*out, *emptied]
    pieces = [
        (rows, _together(indicator, counting, groups, rows))
        for rows, counting in _counting(children, groups, apart, size)
    ]
    scored = merged(size, pieces) if pieces else _nothing(size)
    column = column_of(indicator, scored.rounded(places), Log())
    column.groups = groups
    column.has_score &= all_there(children, apart)
    declare(column, out)
    for row in emptied:
        _put_out(column, row, children, None if mean else groups[row].stranded)
    if not mean:
        _weigh(column, {row: groups[row] for row in groups.keys() - emptied}, children)
    return column


def _weigh(
    column: ColumnOutcome, groups: Mapping[int, Group], children: Sequence[ColumnOutcome]
) -> None:
    """Note what a parent's score is out of where points have moved among its children."""
    for row, group in groups.items():
        if column.has_score[row]:
            column.worth[row] = _worth(group, children, row)


def _worth(group: Group, children: Sequence[ColumnOutcome], row: int) -> Fraction:
    """Return the points that the children of a row count for that are not out."""
    counting = [row not in each.out for each in children]
    return sum((each.points for each in compress(group.allotments, counting)), Fraction(0))


def _nothing(size: int) -> Unrounded:
    return Unrounded(Quotients.same(0, size), lambda _: AppliedRule("", ""))


def allotted(
    of: "CategoryScores",
    members: Sequence[ColumnOutcome],
    leave: Mapping[int, object],
    *,
    shared: bool,
) -> dict[int, Group]:
    """Return where siblings end up in the rows in which points move among them."""
    found: dict[int, Group] = {}
    for row in rows_to_allot(members, of.moves):
        if row not in leave:
            outcomes = [each.at(row) for each in members]
            group = allot(outcomes, of.moves.get(row), shared=shared, places=of.rounding.places)
            if group is not None:
                found[row] = group
    return found


def all_there(children: Sequence[ColumnOutcome], apart: Collection[int]) -> Mask:
    """Say in which rows each has a score or counts for nothing; those set apart are not."""
    there = ~nowhere(len(children[0].has_score))
    for each in children:
        counting, out = each.has_score, each.out
        if out:
            counting = counting.copy()
            counting[list(out)] = True
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
    there = all_there(children, apart)
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
            Quotients.same(0, len(rows)), lambda _: AppliedRule("sum of the children's scores", "0")
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
        points, scores = Fraction(child.indicator.points), child.scores.exact()
        taken = scores if len(rows) == len(scores) else scores.take(rows)
        return Child(child.indicator.code, taken, points)
    at = [each.code for each in parent.children].index(child.indicator.code)
    found: list[Allotment] = [groups[row].allotments[at] for row in rows.tolist()]
    return Child(
        child.indicator.code,
        Quotients.of([each.score or 0 for each in found]),
        Quotients.of([each.points for each in found]),
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
    column.because[row] = tuple(reason for each in outcomes for reason in named(each, each.because))
    column.missing.pop(row, None)
    column.has_score[row] = False
    if worth is not None:
        column.worth[row] = worth


def named(child: Outcome, reasons: Iterable[Reason]) -> Iterator[Reason]:
    """Yield reasons by the name of the child that has them: its parent tells them of several."""
    code = child.column.indicator.code
    for reason in reasons:
        if child.column.indicator.children:  # its own children are named already
            yield reason
        else:
            yield replace(reason, en=f"{code}: {reason.en}", zh=f"{code}：{reason.zh}")
