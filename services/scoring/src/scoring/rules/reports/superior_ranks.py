"""Places in the superior's lists (上级通报的位次): of a unit over the periods of a year."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from scoring.rules.columns.exact import half_up
from scoring.rules.ledger.entries import PERIODS, SUPERIOR_RANK, YEAR
from scoring.rules.scheme.document import Indicator, Scheme

MEAN, LAST = "mean", "last"

PLACES = 4
"""To how many decimals the mean of places is rounded, half up."""


class Cell(NamedTuple):
    """An indicator that is scored by the superior's lists, and a unit that it measures."""

    indicator: str
    unit: str


class Place(NamedTuple):
    """The place that a list of a period gives a unit, as it was verified."""

    entry_id: UUID
    unit: str
    indicator: str
    period: str
    rank: Decimal
    listed: int
    published_value: Decimal | None
    document_no: str
    document_date: dt.date
    published_on: dt.date
    note: str | None


@dataclass(frozen=True, slots=True)
class Since:
    """An earlier place, and what has changed since: places won, and how much the value grew."""

    period: str
    rank: Decimal
    listed: int
    published_value: Decimal | None
    places_won: Decimal
    value_change: Decimal | None


@dataclass(frozen=True, slots=True)
class Step:
    """A place, beside that of the period before and that of the same period a year before."""

    place: Place
    before: Since | None
    year_before: Since | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The places of a unit over the periods of a year, and what they come to.

    `rank` is the mean of those that count or the last one, as the scheme `combines` them; None
    while there is none. `missing` are the periods that count and have no list yet.
    """

    cell: Cell
    combines: str
    rank: Decimal | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...]


def cells_with_lists(scheme: Scheme) -> Iterator[tuple[Cell, Indicator]]:
    """Yield the indicators that are scored by the superior's lists, each with every unit that it
    measures, in the order of their codes."""
    found = {
        Cell(code, unit): indicator
        for category in scheme.categories
        for code, indicator in category.indicators().items()
        if indicator.method == SUPERIOR_RANK
        for unit in category.units
        if scheme.compiled_of[category.code][code].form_for(unit) is not None
    }
    for cell in sorted(found):
        yield cell, found[cell]


def trend_of(
    cell: Cell,
    indicator: Indicator,
    year: int,
    places: Collection[Place],
    year_before: Mapping[str, Place],
    *,
    applies: bool = True,
) -> Trend:
    """Return what the places of a unit come to; `year_before` are those of the year before by how
    their periods end. Of a unit to which the indicator does not apply nothing is missing."""
    params = indicator.parameters
    combines = params.word("period_combine", MEAN)
    endings = PERIODS.get(params.word("period", "year"), YEAR)
    held = {each.period.removeprefix(str(year)): each for each in places}
    wanted = (endings[-1:] if combines == LAST else endings) if applies else ()
    there = [held[ending].rank for ending in wanted if ending in held]
    return Trend(
        cell,
        combines,
        there[0] if len(there) == 1 else _mean(there),
        tuple(_steps(endings, held, year_before)),
        tuple(f"{year}{ending}" for ending in wanted if ending not in held),
    )


def _mean(ranks: Sequence[Decimal]) -> Decimal | None:
    return half_up(sum(map(Fraction, ranks), Fraction(0)) / len(ranks), PLACES) if ranks else None


def _steps(
    endings: Sequence[str], held: Mapping[str, Place], year_before: Mapping[str, Place]
) -> Iterator[Step]:
    # What comes before the first period of a year is the last one of the year before.
    former = year_before.get(endings[-1]) if len(endings) > 1 else None
    for ending in endings:
        place = held.get(ending)
        if place is not None:
            yield Step(place, _since(place, former), _since(place, year_before.get(ending)))
        former = place


def _since(place: Place, former: Place | None) -> Since | None:
    if former is None:
        return None
    value, earlier = place.published_value, former.published_value
    return Since(
        former.period,
        former.rank,
        former.listed,
        earlier,
        former.rank - place.rank,
        None if value is None or earlier is None else value - earlier,
    )
