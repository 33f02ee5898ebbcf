"""Screens of what was answered: straight lines, full marks, nearly full marks, one pattern."""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Set

from survey.rules.screens.chances import logit
from survey.rules.screens.counts import (
    Marked,
    Table,
    Trial,
    beside_colleagues,
    beside_level,
    by_unit,
    often,
    strongest,
)
from survey.rules.screens.evidence import Cells, Pattern, Reading, is_straight

STRAIGHT = "straight_lining"
FULL = "full_marks"
NEARLY = "nearly_full_marks"
PATTERN = "duplicated_patterns"


def screen_answers(reading: Reading, cells: Cells, clean: Collection[str]) -> list[Trial]:
    """Return the trials of all screens that look at the answers alone."""
    found = _of_mark(FULL, reading.is_full, reading, cells, clean)
    if reading.of_several:
        found += _of_mark(NEARLY, reading.is_nearly_full, reading, cells, clean)
        found += _of_mark(STRAIGHT, is_straight, reading, cells, clean)
        found += _of_patterns(reading, cells, clean)
    return found


def _of_mark(
    screen: str,
    has: Callable[[Pattern], bool],
    reading: Reading,
    cells: Cells,
    clean: Collection[str],
) -> list[Trial]:
    having = {each for cell in cells.values() for each in cell.patterns if has(each)}
    table: Table = {
        key: Marked(
            Counter({screen: sum(n for each, n in cell.patterns.items() if each in having)}),
            cell.patterns.total(),
        )
        for key, cell in cells.items()
    }
    units = by_unit(table)
    counts = {unit: (each.marks[screen], each.of) for unit, each in units.items()}
    levels = _levels(having, reading, cells)
    tests = beside_level(counts, levels, [each for each in counts if each in clean])
    colleagues = beside_colleagues(table, screen, clean)
    return [
        *strongest(screen, "unit", {screen: tests}, _nothing),
        *strongest(screen, "interviewer", {screen: colleagues}, _nothing),
    ]


def _levels(having: Set[Pattern], reading: Reading, cells: Cells) -> dict[str, float]:
    """Return the log odds of full marks among the answers of each unit's other interviews.

    Of one question alone the others have none, and all units are at one level.
    """
    top, scored = Counter[str](), Counter[str]()
    for (unit, _), cell in cells.items():
        top[unit] += 0
        for pattern, times in cell.patterns.items():
            if pattern not in having:
                high, of = reading.tops(pattern)
                top[unit] += high * times
                scored[unit] += of * times
    return {unit: logit(top[unit], scored[unit]) if reading.of_several else 0.0 for unit in top}


def _of_patterns(reading: Reading, cells: Cells, clean: Collection[str]) -> list[Trial]:
    """Return the trials of single patterns; that of full marks has a screen of its own.

    A pattern is expected where others with the same options in another order are.
    """
    table = _below_full(reading, cells)
    units = by_unit(table)
    likes = {unit: _by_likes(each) for unit, each in units.items()}
    among = [unit for unit in units if unit in clean]
    tests, colleagues = {}, {}
    for pattern in often(table):
        counts = {unit: (each.marks[pattern], each.of) for unit, each in units.items()}
        levels = {unit: _of_like(likes[unit], each, pattern) for unit, each in units.items()}
        tests[pattern] = beside_level(counts, levels, among)
        colleagues[pattern] = beside_colleagues(table, pattern, clean)
    whole = max(sum(each.of for each in units.values()), 1)
    together = sum(each.marks.total() for each in units.values()) / whole
    return [
        *strongest(PATTERN, "unit", tests, _told, together),
        *strongest(PATTERN, "interviewer", colleagues, _told, together),
    ]


def _below_full(reading: Reading, cells: Cells) -> Table:
    full = {each for cell in cells.values() for each in cell.patterns if reading.is_full(each)}
    return {
        key: Marked(
            Counter({each: n for each, n in cell.patterns.items() if each not in full}),
            cell.patterns.total(),
        )
        for key, cell in cells.items()
    }


def _by_likes(unit: Marked) -> Counter[Hashable]:
    """Count the patterns of the same options, whichever question has which."""
    found = Counter[Hashable]()
    for pattern, times in unit.marks.items():
        found[_options(pattern)] += times
    return found


def _of_like(likes: Counter[Hashable], unit: Marked, pattern: Hashable) -> float:
    """Return the log odds of the other patterns that have the same options."""
    own = unit.marks[pattern]
    return logit(likes[_options(pattern)] - own, unit.of - own)


def _options(pattern: Hashable) -> tuple[str, ...]:
    return tuple(sorted(_told(pattern)))


def _nothing(_: Hashable) -> tuple[str, ...]:
    return ()


def _told(pattern: Hashable) -> tuple[str, ...]:
    return tuple(each or "" for each in pattern) if isinstance(pattern, tuple) else ()
