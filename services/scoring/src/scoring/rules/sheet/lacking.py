"""What a parent does where children have no score, after what these say themselves (缺项处理)."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from scoring.rules.columns.gaps import Reason
from scoring.rules.methods.of_children import MEAN_CHILDREN
from scoring.rules.methods.scores import NOTHING
from scoring.rules.scheme.document import Indicator
from scoring.rules.sheet.outcomes import MEAN, SUBCATEGORY_MEAN, ColumnOutcome, Moves
from scoring.rules.sheet.parents import named
from scoring.rules.sheet.policies import decide

if TYPE_CHECKING:
    from scoring.rules.sheet.category import CategoryScores

_OF_CHILDREN = ("zero", "skip")
_OF_ITSELF = (MEAN, SUBCATEGORY_MEAN)


def settle_children(of: "CategoryScores", parent: Indicator) -> None:
    """Let the children that have no score be zero, or count for nothing, as their parent says.

    What somebody has to settle stays open: only what was not entered is stood in for.
    """
    missing = of.plan.missing[parent.code]
    if missing not in _OF_CHILDREN:
        return
    for child in parent.children:
        column = of.outcomes[child.code]
        rows = _lacking(of, column)
        for row in rows:
            column.missing.setdefault(row, tuple(_reasons(of, child, row)))
        if rows:
            decide(column, rows, missing, of.facts)


def lack(of: "CategoryScores", column: ColumnOutcome) -> list[int]:
    """Note in which rows a parent lacks a score that a mean may stand in for, why, and how many
    points it is out of there; return the rows."""
    parent = column.indicator
    if of.plan.missing[parent.code] not in _OF_ITSELF:
        return []
    found = [row for row in _lacking(of, column) if row not in column.missing]
    for row in found:
        column.missing[row] = tuple(_reasons(of, parent, row))
        left = Fraction(parent.points) + _moved(parent, of.moves.get(row, Moves()))
        if left != parent.points:
            column.worth[row] = left
    return found


def lack_still(column: ColumnOutcome, rows: list[int]) -> None:
    """Forget what was noted where nothing could stand in: what is missing is told below."""
    for row in rows:
        if column.missing.pop(row, None) is not None:
            column.worth.pop(row, None)


def _lacking(of: "CategoryScores", column: ColumnOutcome) -> list[int]:
    out, code = column.out, column.indicator.code
    rows = np.flatnonzero(~column.has_score).tolist()
    return [row for row in rows if row not in out and not of.is_undefined(code, row)]


def _reasons(of: "CategoryScores", indicator: Indicator, row: int) -> Iterator[Reason]:
    """Yield what is missing below a parent, each by the name of the indicator that lacks it."""
    for child in indicator.children:
        outcome = of.outcomes[child.code].at(row)
        if outcome.score is not None or outcome.out:
            continue
        if outcome.missing:
            yield from named(outcome, outcome.missing)
        else:
            yield from _reasons(of, child, row)


def _moved(parent: Indicator, moves: Moves) -> Fraction:
    """Return the points that went by name to what lies below a parent, less those that left."""
    if parent.method == MEAN_CHILDREN:
        return NOTHING
    changes = (
        moves.left(child.code, Fraction(child.points))
        - Fraction(child.points)
        + _moved(child, moves)
        for child in parent.children
    )
    return sum(changes, NOTHING)
