"""How a released ranking compares with those of earlier years (历年比较): whose places can be held
against one another, and whose cannot.

A unit goes on from itself, or from the one unit that it succeeded and that became nothing else.
What several units became, or one unit in part, has no place of its own in the earlier year; what is
not comparable is told as unknown, with the reason, and never as a change.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from ranking.rules.lineage import Succession

Comparable = Literal["same", "goes_on", "merged", "split", "other_category", "not_there"]
"""Whether a unit's place in an earlier year is its own: it was there, or the one that it goes on
from; or why there is none: it was made of several, or of a part of one, or it was ranked among
others, or not at all."""

_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ReleasedYear:
    """What was released of a category in a year: its units as their reader sees them, by their
    codes, the categories of all units that were released, what each block was worth in points, and
    whether the reader sees all ranks. Of some units of the category a reader may see nothing."""

    year: int
    category: str
    units: Mapping[str, Mapping[str, Any]]
    category_of: Mapping[str, str]
    points: Mapping[str, Decimal | None]
    ranks: bool = True

    @property
    def ranked(self) -> int | None:
        """How many units have a rank; None where their reader sees no ranks."""
        count = sum(each.get("rank") is not None for each in self.units.values())
        return count if self.ranks else None


@dataclass(frozen=True, slots=True)
class BlockOverYears:
    """A block's share of its points in a year (0 to 1, four places), and what it is more than it
    was in the earlier one; None where either is not known."""

    block: str
    share: Decimal | None
    earlier_share: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True)
class EarlierPlace:
    """Where a unit was in an earlier year, or the units that it goes on from (`of_units`).

    `rank_change` is in places, above 0 for a rise. What is not comparable is None.
    """

    assessment_year: int
    comparable: Comparable
    of_units: tuple[str, ...]
    rank: int | None = None
    ranked: int | None = None
    grade: str | None = None
    grade_name: str | None = None
    rank_change: int | None = None
    blocks: tuple[BlockOverYears, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitOverYears:
    """A unit of a release beside its places in earlier years, the latest first."""

    unit: str
    name: str
    rank: int | None
    grade: str | None
    earlier: tuple[EarlierPlace, ...]


def over_the_years(
    now: ReleasedYear, earlier: Sequence[ReleasedYear], successions: Iterable[Succession]
) -> list[UnitOverYears]:
    """Return the units of a release, in its order, each beside its places in earlier years."""
    known = tuple(successions)
    return [
        UnitOverYears(
            unit,
            said["name"],
            said.get("rank"),
            said.get("grade"),
            tuple(_place(said, unit, now, then, known) for then in earlier),
        )
        for unit, said in now.units.items()
    ]


def _place(
    said: Mapping[str, Any],
    unit: str,
    now: ReleasedYear,
    then: ReleasedYear,
    successions: Sequence[Succession],
) -> EarlierPlace:
    sources, comparable = _origin(unit, now, then, successions)
    if comparable not in ("same", "goes_on"):
        return EarlierPlace(then.year, comparable, sources, ranked=then.ranked)
    [source] = sources
    was = then.units.get(source, {})
    rank, rank_then = said.get("rank"), was.get("rank")
    return EarlierPlace(
        then.year,
        comparable,
        sources,
        was.get("rank"),
        then.ranked,
        was.get("grade"),
        was.get("grade_name"),
        None if rank is None or rank_then is None else rank_then - rank,
        tuple(_block(code, said, was, now, then) for code in said.get("blocks") or ()),
    )


def _origin(
    unit: str, now: ReleasedYear, then: ReleasedYear, successions: Sequence[Succession]
) -> tuple[tuple[str, ...], Comparable]:
    """Return the units of an earlier year that a unit goes on from, and whether one of them alone
    is what it was."""
    begin, end = dt.date(then.year, 12, 31), dt.date(now.year, 12, 31)
    taken = [each for each in successions if begin < each.effective_on <= end]
    line = _line(unit, taken)
    # What began with that was nothing before: only what it goes on from was there.
    sources = line - ({each.unit for each in taken} - then.category_of.keys())
    if len(sources) > 1:
        return tuple(sorted(sources)), "merged"
    heirs = {each.unit for each in taken if each.predecessor in line} - line
    if heirs or (line - {unit}) & now.category_of.keys():
        return (*sources,), "split"
    return (*sources,), _found(next(iter(sources), unit), unit, then)


def _found(source: str, unit: str, then: ReleasedYear) -> Comparable:
    """Say where the one unit was that a unit goes on from."""
    if source not in then.category_of:
        return "not_there"
    if then.category_of[source] != then.category:
        return "other_category"
    return "same" if source == unit else "goes_on"


def _line(unit: str, successions: Sequence[Succession]) -> set[str]:
    """Return a unit and all that became it."""
    found, waiting = {unit}, [unit]
    while waiting:
        after = waiting.pop()
        for each in successions:
            if each.unit == after and each.predecessor not in found:
                found.add(each.predecessor)
                waiting.append(each.predecessor)
    return found


def _block(
    code: str,
    said: Mapping[str, Any],
    was: Mapping[str, Any],
    now: ReleasedYear,
    then: ReleasedYear,
) -> BlockOverYears:
    share = _share(said, code, now)
    before = _share(was, code, then)
    change = None if share is None or before is None else share - before
    return BlockOverYears(code, share, before, change)


def _share(unit: Mapping[str, Any], code: str, of: ReleasedYear) -> Decimal | None:
    """Return what a unit has of a block's points; None where either is unknown."""
    points, score = of.points.get(code), (unit.get("blocks") or {}).get(code)
    if not points or score is None:
        return None
    return (Decimal(score) / points).quantize(_SHARE, ROUND_HALF_UP)
