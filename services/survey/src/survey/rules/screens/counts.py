"""Counts of marks in interviews, each unit's beside the others', each interviewer's likewise.

A unit is held against the other units of the wave. An interviewer is held against the other
interviewers of the same units, so that it is nobody's sign to have called about a good unit.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import fsum
from statistics import median
from typing import Final, Literal

from survey.rules.screens.chances import Count, logit, scatter, share_of, upper_tail

About = Literal["unit", "interviewer"]

FEWEST: Final = 5
"""No screen speaks of fewer interviews than these that are alike."""
EXCESS: Final = 0.05
"""Nor of an excess over the expected number below this share of the interviews."""
OTHERS: Final = 7
"""The fewest other units or interviewers that let expect something."""
INTERVIEWS: Final = 20
"""The fewest interviews of a subject that are held against others."""
LENT: Final = 5.0
"""So many interviews of the whole wave are added to those of colleagues, who may be few."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One screen of one unit or interviewer: what was found, expected, and its chance.

    `expected` is None where nothing is estimated; `detail` is what the screen is about in this
    subject: a pattern, a span of seconds, a length of words.
    """

    screen: str
    about: About
    subject: str
    observed: float
    of: int
    expected: float | None
    chance: float
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """How many interviews of a cell have which mark, of how many that could have it."""

    marks: Counter[Hashable]
    of: int


Table = Mapping[tuple[str, str | None], Marked]
Detail = Callable[[Hashable], tuple[str, ...]]


def by_unit(table: Table) -> dict[str, Marked]:
    """Add the cells of each unit."""
    found = dict[str, Marked]()
    for (unit, _), cell in sorted_cells(table):
        known = found.get(unit, Marked(Counter(), 0))
        found[unit] = Marked(known.marks + cell.marks, known.of + cell.of)
    return found


def sorted_cells(table: Table) -> list[tuple[tuple[str, str | None], Marked]]:
    """Return the cells in an order that the order of interviews does not touch."""
    return sorted(table.items(), key=lambda each: (each[0][0], each[0][1] or ""))


def often(table: Table) -> list[Hashable]:
    """Return the marks that enough interviews about one unit, or of one interviewer, have."""
    found = set[Hashable]()
    for place in (0, 1):
        marks = defaultdict[str | None, Counter[Hashable]](Counter)
        for key, cell in table.items():
            marks[key[place]].update(cell.marks)
        found |= {m for each in marks.values() for m, times in each.items() if times >= FEWEST}
    return sorted(found, key=repr)


def is_worth_telling(observed: float, of: int, rate: float) -> bool:
    """Say whether so many interviews are concerned that anybody should be troubled with it."""
    return observed >= FEWEST and observed - of * rate >= EXCESS * of


@dataclass(frozen=True, slots=True)
class Tested:
    """A count, and the chance of so many or more; one where too few are concerned."""

    count: Count
    chance: float


def _tested(count: Count, alike: Callable[[], float]) -> Tested:
    if not is_worth_telling(count.observed, count.of, count.rate):
        return Tested(count, 1.0)
    return Tested(count, upper_tail(count.observed, count.of, count.rate, alike()))


def beside_others(
    counts: Mapping[str, tuple[int, int]], clean: Collection[str]
) -> dict[str, Tested]:
    """Hold each unit's count against the rate and the scatter of the other, clean units."""
    found = {}
    for name, (observed, of) in counts.items():
        others = [counts[each] for each in clean if each != name and counts[each][1]]
        if len(others) >= OTHERS and of >= INTERVIEWS:
            rate = (sum(x for x, _ in others) + 0.5) / (sum(n for _, n in others) + 1)
            beside = partial(_scatter_around, rate, others)
            found[name] = _tested(Count(observed, of, rate), beside)
    return found


def _scatter_around(rate: float, others: Sequence[tuple[int, int]]) -> float:
    return scatter([Count(x, n, rate) for x, n in others])


def beside_median(
    counts: Mapping[str, tuple[int, int]], clean: Collection[str], least: float, alike: float
) -> dict[str, Tested]:
    """Hold each unit's count against the median of the others' rates, or a least rate."""
    rates = {name: observed / of for name, (observed, of) in counts.items() if of}
    found = {}
    for name in rates:
        others = [rates[each] for each in clean if each != name and each in rates]
        if len(others) >= OTHERS:
            count = Count(*counts[name], max(least, median(others)))
            found[name] = _tested(count, lambda: alike)
    return found


def beside_level(
    counts: Mapping[str, tuple[int, int]], levels: Mapping[str, float], clean: Collection[str]
) -> dict[str, Tested]:
    """Hold each unit's count against the rate that the others have at the unit's own level.

    The level is a figure of the unit's remaining interviews, those without the mark, so that a
    good unit is expected to have much of what good units have. A line is laid through the log
    odds of the others by least squares.
    """
    found = {}
    usable = [each for each in clean if counts[each][1] >= INTERVIEWS]
    for name, (observed, of) in counts.items():
        others = [each for each in usable if each != name]
        if len(others) < OTHERS or of < INTERVIEWS:
            continue
        if not is_worth_telling(observed, of, 0.0):
            found[name] = Tested(Count(observed, of, (observed + 0.5) / (of + 1)), 1.0)
        else:
            points = [(levels[each], *counts[each]) for each in others]
            found[name] = _beside_line(points, levels[name], observed, of)
    return found


def _beside_line(
    points: Sequence[tuple[float, int, int]], level: float, observed: int, of: int
) -> Tested:
    """Hold a count against the line through others, laid again without those far from it."""
    line = _line(points)
    near = sorted(points, key=lambda each: (line.from_count(*each).surprise, each))
    line = _line(near[: len(near) - len(near) // 5])
    count = Count(observed, of, share_of(line.at(level)))
    beside = [line.from_count(*each) for each in points]
    return _tested(count, partial(_scatter_beyond, beside, 1 + line.leverage(level)))


def _scatter_beyond(beside: Sequence[Count], times: float) -> float:
    return min(scatter(beside) * times, 0.5)


@dataclass(frozen=True, slots=True)
class _Line:
    centre: float
    height: float
    slope: float
    weight: float
    spread: float

    def at(self, level: float) -> float:
        return self.height + self.slope * (level - self.centre)

    def from_count(self, level: float, observed: int, of: int) -> Count:
        return Count(observed, of, share_of(self.at(level)))

    def leverage(self, level: float) -> float:
        """Return how unsure the line is at a level, as a share of one unit's variance."""
        far = (level - self.centre) ** 2 / self.spread if self.spread else 0.0
        return 1 / self.weight + far


def _line(points: Sequence[tuple[float, int, int]]) -> _Line:
    weights = [of / (of + 100) for _, _, of in points]
    whole = fsum(weights)
    centre = fsum(w * level for w, (level, _, _) in zip(weights, points, strict=True)) / whole
    odds = [logit(observed, of) for _, observed, of in points]
    height = fsum(w * each for w, each in zip(weights, odds, strict=True)) / whole
    spread = fsum(w * (p[0] - centre) ** 2 for w, p in zip(weights, points, strict=True))
    along = fsum(
        w * (p[0] - centre) * (each - height)
        for w, p, each in zip(weights, points, odds, strict=True)
    )
    return _Line(centre, height, along / spread if spread else 0.0, whole, spread)


def beside_colleagues(
    table: Table, mark: Hashable, clean: Collection[str], least: float = 0.0
) -> dict[str, Tested]:
    """Hold each interviewer's count against that of the others who asked about the same units."""
    sums = _asked(table, mark, clean)
    counts = {
        name: Count(each.seen, each.of, max(each.sure / each.of, least))
        for name, each in sums.items()
        if each.of >= INTERVIEWS
    }
    found = {}
    for name, count in counts.items():
        others = [counts[each] for each in counts if each != name and each in clean]
        if len(others) >= OTHERS:
            found[name] = _tested(count, partial(scatter, others))
    return found


@dataclass(slots=True)
class _Sum:
    """What an interviewer heard, of how many, and what was to be expected."""

    seen: int = 0
    of: int = 0
    sure: float = 0.0


def _asked(table: Table, mark: Hashable, clean: Collection[str]) -> dict[str, _Sum]:
    sound = _by_clean(table, mark, clean)
    rate = (sum(x for x, _ in sound.values()) + 0.5) / (sum(n for _, n in sound.values()) + 1)
    found = dict[str, _Sum]()
    for (unit, interviewer), cell in sorted_cells(table):
        if interviewer is None or not cell.of:
            continue
        marked, whole = sound.get(unit, (0, 0))
        if interviewer in clean:
            marked, whole = marked - cell.marks[mark], whole - cell.of
        own = found.setdefault(interviewer, _Sum())
        own.seen += cell.marks[mark]
        own.of += cell.of
        own.sure += cell.of * (marked + LENT * rate) / (whole + LENT)
    return found


def _by_clean(table: Table, mark: Hashable, clean: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return by unit what all interviewers heard who do not stand out, and of how many."""
    found = dict[str, tuple[int, int]]()
    for (unit, interviewer), cell in table.items():
        if interviewer in clean:
            marked, whole = found.get(unit, (0, 0))
            found[unit] = (marked + cell.marks[mark], whole + cell.of)
    return found


def strongest(
    screen: str,
    about: About,
    tests: Mapping[Hashable, Mapping[str, Tested]],
    detail: Detail,
    together: float = 0.0,
) -> list[Trial]:
    """Keep of the tests of several marks the strongest of each subject.

    Each mark has a part of the level, as large as its part of the rate that all marks have
    `together`: what nobody else has is not what chance was looked for in.
    """
    best = dict[str, tuple[float, tuple[str, ...], Tested]]()
    for mark, subjects in tests.items():
        for name, tested in subjects.items():
            share = max(together / tested.count.rate, 1.0)
            found = (min(tested.chance * share, 1.0), detail(mark), tested)
            if name not in best or found[:2] < best[name][:2]:
                best[name] = found
    return [
        Trial(
            screen,
            about,
            name,
            tested.count.observed,
            tested.count.of,
            tested.count.of * tested.count.rate,
            chance,
            told,
        )
        for name, (chance, told, tested) in sorted(best.items())
    ]
