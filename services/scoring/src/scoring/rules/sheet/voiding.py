"""What fraud (弄虚作假) costs where it was found: the indicator scores nothing, whatever its method
and its data say; for other units it counts as it was found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from scoring.rules.columns.gaps import Reason
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.sources import Sources
from scoring.rules.methods.narration import AppliedRule
from scoring.rules.methods.scores import NOTHING, Unrounded
from scoring.rules.sheet.outcomes import VOIDED, ColumnOutcome

_LINE = AppliedRule("0 where there was fraud", "0")


@dataclass(frozen=True, slots=True)
class GradeCap:
    """The best grade that a unit may have, because a check found fraud in an indicator."""

    grade: str
    indicator: str
    check: str


def grade_caps(sources: Sources, row: int) -> tuple[GradeCap, ...]:
    """Return at which grades the unit of a row is capped, each once, in order."""
    found = {
        GradeCap(each.fraud.grade_cap, each.indicator, each.fraud.check)
        for each in sources.frauds.get(row, ())
        if each.fraud is not None
    }
    return tuple(sorted(found, key=lambda each: (each.indicator, each.check, each.grade)))


def void(column: ColumnOutcome, sources: Sources) -> None:
    """Take from units the points of an indicator in which there was fraud that voids it; what was
    lost beyond the points stays lost, and what does not apply to a unit stays out."""
    found = {
        row: check
        for row, check in _voided(sources, column.indicator.code)
        if row not in column.declared
    }
    for row, check in found.items():
        column.missing.pop(row, None)
        en, zh = f"Check {check} found fraud in it.", f"检查 {check} 认定该指标弄虚作假。"
        column.decisions[row], column.because[row] = VOIDED, (Reason(en, zh),)
    if found:
        _take(column, [row for row in found if not column.has_score[row] or _above(column, row)])


def _voided(sources: Sources, indicator: str) -> Iterator[tuple[int, str]]:
    """Yield the rows in which fraud voids an indicator, in order, and which check brought it."""
    for row in sorted(sources.frauds):
        for each in sources.frauds[row]:
            if each.indicator == indicator and each.fraud is not None and each.fraud.voids:
                yield row, each.fraud.check


def _above(column: ColumnOutcome, row: int) -> bool:
    return column.scores.of.values.at(row) > NOTHING


def _take(column: ColumnOutcome, rows: Iterable[int]) -> None:
    size, taken, tell = len(column.scores), set(rows), column.scores.of.tell
    mask = np.zeros(size, dtype=np.bool_)
    mask[sorted(taken)] = True
    values = Quotients.same(NOTHING, size).where(mask, column.scores.of.values)
    excess = column.scores.of.excess
    told = Unrounded(values, lambda row: _LINE if row in taken else tell(row), excess=excess)
    column.scores = told.rounded(column.scores.places)
    column.has_score |= mask
