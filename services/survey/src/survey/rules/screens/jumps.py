"""Screens of change: a unit that moved from the earlier wave further than the others did."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import median
from typing import Final

from survey.rules.screens.chances import enlarged, two_sided
from survey.rules.screens.counts import INTERVIEWS, OTHERS, Trial
from survey.rules.screens.evidence import Cells, Pattern, Reading

JUMP = "sudden_jump"
FULL_JUMP = "full_marks_jump"
LEAST_JUMP: Final = 3.0
"""A mean that moved by fewer points of 100 beyond the others is no jump."""


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a figure over a unit's interviews, with the variance of that mean."""

    mean: float
    variance: float
    of: int


def screen_jumps(
    reading: Reading, cells: Cells, earlier: Cells, clean: Collection[str]
) -> list[Trial]:
    """Return the trials of the index and of the share of full marks, both of 100."""
    figures: dict[str, Callable[[Pattern], float | None]] = {
        JUMP: reading.index,
        FULL_JUMP: lambda each: 100.0 * reading.is_full(each),
    }
    found = list[Trial]()
    for screen, figure in sorted(figures.items()):
        found += _moved(screen, _means(cells, figure), _means(earlier, figure), clean)
    return found


def _means(cells: Cells, figure: Callable[[Pattern], float | None]) -> dict[str, Mean]:
    values = defaultdict[str, dict[float, int]](lambda: defaultdict(int))
    for (unit, _), cell in cells.items():
        for pattern, times in cell.patterns.items():
            value = figure(pattern)
            if value is not None:
                values[unit][value] += times
    return {unit: _mean(each) for unit, each in sorted(values.items())}


def _mean(values: Mapping[float, int]) -> Mean:
    of = sum(values.values())
    mean = fsum(value * times for value, times in values.items()) / of
    spread = fsum((value - mean) ** 2 * times for value, times in values.items())
    return Mean(mean, (spread + 100) / (of * of), of)


def _moved(
    screen: str, now: Mapping[str, Mean], before: Mapping[str, Mean], clean: Collection[str]
) -> list[Trial]:
    both = [u for u in now if u in before and min(now[u].of, before[u].of) >= INTERVIEWS]
    moves = {u: (now[u].mean - before[u].mean, now[u].variance + before[u].variance) for u in both}
    found = list[Trial]()
    for unit, (move, error) in moves.items():
        others = [moves[each] for each in both if each != unit and each in clean]
        if len(others) >= OTHERS:
            usual, more = _usual(others)
            beyond = (move - usual, sqrt(error + more))
            found.append(_trial(screen, unit, now[unit], before[unit].mean, beyond))
    return found


def _trial(screen: str, unit: str, now: Mean, before: float, beyond: tuple[float, float]) -> Trial:
    """Return the trial of a unit by how far it moved beyond the others, and the error of that."""
    distance, error = beyond
    usual, z = now.mean - before - distance, distance / error
    chance = two_sided(z) if abs(distance) >= LEAST_JUMP else 1.0
    told = (f"{before:.2f}", f"{usual:.2f}", f"{z:.2f}")
    return Trial(screen, "unit", unit, now.mean, now.of, before + usual, chance, told)


def _usual(moves: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return by how much others moved, and the variance that sampling does not explain."""
    usual = median(move for move, _ in moves)
    around = fsum((move - usual) ** 2 for move, _ in moves) / (len(moves) - 1)
    drawn = fsum(error for _, error in moves) / len(moves)
    return usual, max(enlarged(around, len(moves) - 1) - drawn, 0.0)
