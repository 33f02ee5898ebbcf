"""All screens of a wave together: which of their findings stand out by more than chance."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.rules.screens.answers import screen_answers
from survey.rules.screens.chances import level_of, thresholds
from survey.rules.screens.counts import About, Trial
from survey.rules.screens.durations import screen_equal_lengths, screen_lengths
from survey.rules.screens.evidence import Evidence, Reading, Scale
from survey.rules.screens.findings import TOKEN, Sign, finding
from survey.rules.screens.jumps import screen_jumps
from survey.rules.screens.wordings import screen_wordings

_ABOUT: Final[tuple[About, ...]] = ("unit", "interviewer")
_ROUNDS: Final = 4

Key = tuple[About, str, str]
"""What a screen is about, which one, and the screen."""


@dataclass(frozen=True, slots=True)
class Screening:
    """What stands out in a wave, and how many subjects each screen could be held against others.

    A screen that tested nobody (too few units, no lengths, no opinions) says nothing at all,
    which is not that all is well.
    """

    findings: tuple[Sign, ...]
    tested: Mapping[tuple[About, str], int]


def screened(scales: Sequence[Scale], wave: Evidence, earlier: Evidence | None = None) -> Screening:
    """Hold every unit and interviewer of a wave against the others.

    Whoever stands out is left out of what the others are compared with, and all are looked at
    again, so that two units that do the same do not excuse each other.
    """
    held, tested = _cleaned(Reading(scales), wave, earlier)
    told = [
        finding(held[key][0], held[key][1])
        for key in sorted(held, key=lambda each: (_ABOUT.index(each[0]), each))
    ]
    return Screening((*told, *_repeated(wave)), dict(sorted(tested.items())))


def _cleaned(
    reading: Reading, wave: Evidence, earlier: Evidence | None
) -> tuple[dict[Key, tuple[Trial, float]], Counter[tuple[About, str]]]:
    """Return the trials that stand out with their levels, when no more come up, and how many
    there were of each screen at first.

    What stood out once stays, also where the others that are left are too few to compare with.
    """
    names = {name for key in wave.cells for name in key if name is not None}
    held = dict[Key, tuple[Trial, float]]()
    tested = Counter[tuple[About, str]]()
    for _ in range(_ROUNDS):
        before = set(held)
        trials = _trials(reading, wave, earlier, names - {subject for _, subject, _ in before})
        tested = tested or Counter((each.about, each.screen) for each in trials)
        held |= _outstanding(trials)
        if set(held) == before:
            break
    return held, tested


def _trials(
    reading: Reading, wave: Evidence, earlier: Evidence | None, clean: Collection[str]
) -> list[Trial]:
    found = [
        *screen_answers(reading, wave.cells, clean),
        *screen_lengths(wave.cells, clean),
        *screen_equal_lengths(wave.cells, clean),
        *screen_wordings(wave.cells, clean),
    ]
    if earlier is not None:
        found += screen_jumps(reading, wave.cells, earlier.cells, clean)
    return found


def _outstanding(trials: Sequence[Trial]) -> dict[Key, tuple[Trial, float]]:
    found = dict[Key, tuple[Trial, float]]()
    for about in _ABOUT:
        of = {(each.subject, each.screen): each for each in trials if each.about == about}
        level = level_of(len({subject for subject, _ in of}))
        held = thresholds({key: each.chance for key, each in of.items()}, level)
        found |= {(about, *key): (of[key], each) for key, each in held.items()}
    return found


def _repeated(wave: Evidence) -> list[Sign]:
    """A token that comes again in one unit is no matter of chance."""
    of = Counter[str]()
    for (unit, _), cell in wave.cells.items():
        of[unit] += cell.patterns.total()
    return [
        finding(Trial(TOKEN, "unit", unit, times, of[unit], None, 0.0), 0.0)
        for unit, times in sorted(wave.repeated.items())
    ]
