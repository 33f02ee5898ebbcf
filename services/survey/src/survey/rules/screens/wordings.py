"""The screen of opinions: many respondents who use the very same words."""

from collections import Counter
from collections.abc import Collection, Hashable
from typing import Final

from survey.rules.screens.counts import (
    Marked,
    Table,
    Trial,
    beside_colleagues,
    beside_median,
    by_unit,
    often,
    strongest,
)
from survey.rules.screens.evidence import Cells

WORDING = "identical_wording"
LONG: Final = 8
"""From so many signs on it is no accident that two people say the same."""
_LEAST_LONG = 0.03
_LEAST_SHORT = 0.15
_ALIKE = 0.01


def screen_wordings(cells: Cells, clean: Collection[str]) -> list[Trial]:
    """Return the trials of identical opinions, of all that were given about a unit."""
    table: Table = {
        key: Marked(Counter(cell.wordings), cell.wordings.total()) for key, cell in cells.items()
    }
    units = by_unit(table)
    tests, colleagues = {}, {}
    for words in often(table):
        least = _LEAST_LONG if len(str(words)) >= LONG else _LEAST_SHORT
        counts = {unit: (each.marks[words], each.of) for unit, each in units.items()}
        among = [unit for unit in counts if unit in clean]
        tests[words] = beside_median(counts, among, least, _ALIKE)
        colleagues[words] = beside_colleagues(table, words, clean, least)
    return [
        *strongest(WORDING, "unit", tests, _length, together=1.0),
        *strongest(WORDING, "interviewer", colleagues, _length, together=1.0),
    ]


def _length(words: Hashable) -> tuple[str, ...]:
    return (str(len(str(words))),)
