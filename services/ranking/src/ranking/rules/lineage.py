"""Whose vetoes and bans a unit carries on: those of the units that it goes on from (沿革).

Renamed, merged or split off, a unit does not leave behind what stands against it. Who goes on from
whom, and from which day on, is what the register of units says.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Succession:
    """That a unit goes on from another from a day on."""

    unit: str
    predecessor: str
    effective_on: dt.date

    @property
    def told(self) -> list[str]:
        """What a digest of successions is of."""
        return [self.unit, self.predecessor, self.effective_on.isoformat()]


def concerning(
    units: Iterable[str], successions: Iterable[Succession], year: int
) -> tuple[Succession, ...]:
    """Return by which successions of a year and the one before units go on from others, in one
    order: what took effect earlier or later decides nothing about last year's vetoes."""
    first, last = dt.date(year - 1, 1, 1), dt.date(year, 12, 31)
    taken = [each for each in successions if first <= each.effective_on <= last]
    line = {*units}
    while more := {each.predecessor for each in taken if each.unit in line} - line:
        line |= more
    found = {each for each in taken if each.unit in line}
    return tuple(sorted(found, key=lambda each: each.told))


@dataclass(frozen=True, slots=True)
class Lineage:
    """Who goes on from whom into a year, seen from last year's releases.

    `released` are the units that those tell of, `present` the units of this year's scheme.
    """

    year: int
    released: Collection[str]
    present: Collection[str]
    successions: Sequence[Succession] = ()

    def sources(self, unit: str) -> list[str]:
        """Return the units of last year that a unit goes on from, whole or in part: itself where it
        was there. None of them is known where it has come from nowhere."""
        found, waiting = {unit}, [unit]
        while waiting:
            after = waiting.pop()
            for each in self.successions:
                if each.unit == after and self._hands_on(each) and each.predecessor not in found:
                    found.add(each.predecessor)
                    waiting.append(each.predecessor)
        return sorted(found & {*self.released})

    def _hands_on(self, each: Succession) -> bool:
        """Say whether what last year's releases tell of the predecessor became the unit's.

        Of last year itself that is so where the unit was not released by itself, or where nothing
        is left of the predecessor; else both were told of, each for itself.
        """
        if each.effective_on.year == self.year:
            return True
        apart = each.unit in self.released and each.predecessor in self.present
        return each.effective_on.year == self.year - 1 and not apart


@dataclass(frozen=True, slots=True)
class Forebear:
    """A unit that another goes on from, and the last day on which something became of it."""

    unit: str
    left_on: dt.date


def forebears(unit: str, successions: Iterable[Succession], until: dt.date) -> Iterator[Forebear]:
    """Yield all units that a unit goes on from by a day, through however many successions."""
    taken = [each for each in successions if each.effective_on <= until]
    line, waiting = {unit}, [unit]
    left = dict[str, dt.date]()
    while waiting:
        after = waiting.pop()
        for each in taken:
            if each.unit != after:
                continue
            before = left.get(each.predecessor, each.effective_on)
            left[each.predecessor] = max(before, each.effective_on)
            if each.predecessor not in line:
                line.add(each.predecessor)
                waiting.append(each.predecessor)
    yield from (Forebear(code, day) for code, day in left.items() if code != unit)
