"""Screens of how long interviews took: shorter than anybody can ask, or all of one length."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from math import fsum
from typing import Final

from survey.rules.screens.chances import upper_tail
from survey.rules.screens.counts import (
    INTERVIEWS,
    LENT,
    About,
    Marked,
    Trial,
    beside_colleagues,
    beside_others,
    by_unit,
    is_worth_telling,
    strongest,
)
from survey.rules.screens.evidence import Cells

SHORT = "short_durations"
EQUAL = "equal_durations"
PART_OF_MEDIAN: Final = (1, 3)
"""An interview is short that took less than this part of the wave's median."""
WIDTHS: Final = (1, 3, 7, 21)
"""The spans, in seconds, in which lengths are looked for that are all alike."""
_ALIKE = 0.003
_ABOUT: Final[tuple[About, ...]] = ("unit", "interviewer")
_MARGIN = 1.25


def screen_lengths(cells: Cells, clean: Collection[str]) -> list[Trial]:
    """Return the trials of calls that took less than a part of the wave's median."""
    everything = _together(cells)
    return _short(cells, clean, everything) if everything else []


def screen_equal_lengths(cells: Cells, clean: Collection[str]) -> list[Trial]:
    """Return the trials of calls of equal length, of units and of interviewers."""
    sound = {key: cell for key, cell in cells.items() if not {*key} - {*clean, None}}
    everything = _together(sound)
    found = list[Trial]()
    for place, about in enumerate(_ABOUT):
        within = _seconds(sound, place)
        for name, seconds in _seconds(cells, place).items():
            others = _Lengths(everything - within.get(name, Counter()))
            if min(seconds.total(), others.all) >= INTERVIEWS:
                among = _colleagues(name, cells, others) if place else others.share
                found.append(_densest(about, name, _Lengths(seconds), others, among))
    return found


def _together(cells: Cells) -> Counter[int]:
    everything = Counter[int]()
    for cell in cells.values():
        everything.update(cell.seconds)
    return everything


def _short(cells: Cells, clean: Collection[str], everything: Counter[int]) -> list[Trial]:
    part, whole = PART_OF_MEDIAN
    limit = -(-_median(everything) * part // whole)
    table = {
        key: Marked(
            Counter({SHORT: sum(n for each, n in cell.seconds.items() if each < limit)}),
            cell.seconds.total(),
        )
        for key, cell in cells.items()
    }
    units = by_unit(table)
    counts = {unit: (each.marks[SHORT], each.of) for unit, each in units.items()}
    tests = beside_others(counts, [unit for unit in counts if unit in clean])
    colleagues = beside_colleagues(table, SHORT, clean)
    told = (str(limit),)
    return [
        *strongest(SHORT, "unit", {SHORT: tests}, lambda _: told),
        *strongest(SHORT, "interviewer", {SHORT: colleagues}, lambda _: told),
    ]


def _median(seconds: Counter[int]) -> int:
    middle, passed = seconds.total() // 2, 0
    for each in sorted(seconds):
        passed += seconds[each]
        if passed > middle:
            return each
    raise AssertionError("there are some")


def _seconds(cells: Cells, place: int) -> dict[str, Counter[int]]:
    found = defaultdict[str, Counter[int]](Counter)
    for key, cell in cells.items():
        name = key[place]
        if name is not None:
            found[name].update(cell.seconds)
    return dict(sorted(found.items()))


class _Lengths:
    """Lengths in order, to be counted between two bounds."""

    def __init__(self, seconds: Mapping[int, int]) -> None:
        self.values = sorted(seconds)
        self.until = [0]
        for each in self.values:
            self.until.append(self.until[-1] + seconds[each])

    @property
    def all(self) -> int:
        return self.until[-1]

    def between(self, first: int, end: int) -> int:
        """Return how many took from `first` seconds to less than `end`."""
        values = self.values
        return self.until[bisect_left(values, end)] - self.until[bisect_left(values, first)]

    def share(self, first: int, end: int) -> float:
        """Return the share of them, never quite none."""
        return (self.between(first, end) + 0.5) / (self.all + 1)


Share = Callable[[int, int], float]
"""The share of lengths from so many seconds to less than so many."""


def _colleagues(name: str, cells: Cells, others: _Lengths) -> Share:
    """Return the share among those who asked about the same units, as often as this one did."""
    units, own = _seconds(cells, 0), Counter[str]()
    rest = dict[str, _Lengths]()
    for (unit, interviewer), cell in sorted(cells.items(), key=lambda each: each[0][0]):
        if interviewer == name and cell.seconds:
            own[unit] = cell.seconds.total()
            rest[unit] = _Lengths(units[unit] - cell.seconds)

    def share(first: int, end: int) -> float:
        lent = others.share(first, end) * LENT
        return (
            fsum(
                own[unit] * (each.between(first, end) + lent) / (each.all + LENT)
                for unit, each in rest.items()
            )
            / own.total()
        )

    return share


def _densest(about: About, name: str, own: _Lengths, others: _Lengths, among: Share) -> Trial:
    """Return the span of seconds in which a subject has most beyond what is to be expected."""
    best = (1.0, 0, 0, 0, 0.0)
    for width in WIDTHS:
        for first in own.values:
            seen = own.between(first, first + width)
            if is_worth_telling(seen, own.all, 0.0):
                rate = _rate(own, others, among, first, width)
                if is_worth_telling(seen, own.all, rate):
                    chance = upper_tail(seen, own.all, rate, _ALIKE)
                    best = min(best, (chance, width, first, seen, rate))
    chance, width, first, seen, rate = best
    tried = len(WIDTHS) * len(own.values)
    return Trial(
        EQUAL,
        about,
        name,
        seen,
        own.all,
        own.all * rate,
        min(chance * tried, 1.0),
        (str(first), str(first + width - 1)),
    )


def _rate(own: _Lengths, others: _Lengths, among: Share, first: int, width: int) -> float:
    """Return the share to be expected in a span: the most of three, and a margin.

    It is what those have there who are comparable, what the others have around it, and what the
    subject itself has around it: whoever asks fast has more short calls than others, but not all
    in one second.
    """
    pad = max(3 * width, first // 10)
    around = others.share(first - pad, first + width + pad) * width / (width + 2 * pad)
    beside = own.between(first - pad, first + width + pad) - own.between(first, first + width)
    near = beside / own.all * width / (2 * pad)
    return min(_MARGIN * max(among(first, first + width), around, near), 0.99)
