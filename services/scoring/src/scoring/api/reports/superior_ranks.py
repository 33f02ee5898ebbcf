"""The superior's lists (上级通报的位次): places of units over the periods, and how they moved."""

import datetime as dt
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery, PageRequest
from chassis.problems import documents, language_of
from chassis.routes import Router
from chassis.row_files import FILE_ANSWER, Column, FileFormat, SpooledFile
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Outgoing
from scoring.api.ledger.exports import cell_text
from scoring.api.reports.lineage import earlier_cycles, successions_of
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.superior_ranks import not_applicable_to, places_of
from scoring.rules.reports.lineage import OverTheYears
from scoring.rules.reports.superior_ranks import (
    Cell,
    Place,
    Since,
    Step,
    Trend,
    cells_with_lists,
    trend_of,
)
from scoring.rules.scheme.document import Indicator, Scheme
from scoring.rules.scheme.succession import Succession

router = Router("/cycles/{cycle_id}/superior-ranks", tags=["superior ranks"])

_REFUSED = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)
_CELLS_AT_ONCE = 200

OfUnit = Annotated[Code | None, Query(description="Of this unit.")]
OfIndicator = Annotated[Code | None, Query(description="Of this indicator.")]

COLUMNS = (
    Column("indicator", "指标代码", "Indicator"),
    Column("indicator_name", "指标", "Name of the indicator"),
    Column("unit", "单位代码", "Unit"),
    Column("unit_name", "单位", "Name of the unit"),
    Column("period", "期间", "Period"),
    Column("rank", "名次", "Rank", is_number=True),
    Column("listed", "参加排名的数量", "Ranked in all", is_number=True),
    Column("published_value", "公布的数值", "Published value", is_number=True),
    Column("document_no", "文号", "Document"),
    Column("document_date", "发文日期", "Date of the document"),
    Column("published_on", "公布日期", "Published on"),
    Column("rank_before", "上期名次", "Rank in the period before", is_number=True),
    Column("places_won", "较上期上升位次", "Places won", is_number=True),
    Column("value_change", "较上期数值变化", "Change of the value", is_number=True),
    Column("rank_year_before", "上年同期名次", "Rank a year before", is_number=True),
    Column("places_won_in_a_year", "较上年同期上升位次", "Places won in a year", is_number=True),
    Column("value_change_in_a_year", "较上年同期数值变化", "Change in a year", is_number=True),
    Column("note", "说明", "Note"),
)


class EarlierPlace(Outgoing):
    """An earlier place of the same unit: `places_won` since, less than 0 where it lost some, and
    by how much the published value has changed."""

    period: str
    rank: Exact
    listed: int
    published_value: Exact | None
    places_won: Exact
    value_change: Exact | None


class SuperiorPlace(Outgoing):
    """The place that a list of the superior gives a unit for a period, of how many, with the
    document; `before` is that of the period before, `year_before` that of the same period of the
    last year."""

    entry_id: UUID
    period: str
    rank: Exact
    listed: int
    published_value: Exact | None
    document_no: str
    document_date: dt.date
    published_on: dt.date
    note: str | None
    before: EarlierPlace | None
    year_before: EarlierPlace | None


class ListedPlace(Outgoing):
    """The place that a list of the superior gives a unit for an indicator and a period."""

    indicator: str
    indicator_name: str
    entry_id: UUID
    period: str
    rank: Exact
    listed: int
    published_value: Exact | None
    document_no: str
    document_date: dt.date
    published_on: dt.date


def listed_place(found: Place, name: str) -> ListedPlace:
    """Return a place by itself, without those before it."""
    names = ("indicator", "entry_id", "period", "rank", "listed", "published_value")
    told = {each: getattr(found, each) for each in (*names, "document_no", "document_date")}
    return ListedPlace(indicator_name=name, published_on=found.published_on, **told)


class UnitInSuperiorLists(Outgoing):
    """A unit in the superior's lists of an indicator over a year.

    `rank` is the mean of the places that count, rounded to four decimals, or the one of the last
    period, as the scheme says (`combines`); null while there is none. `missing` are the periods
    that count and of which there is no list: none where the indicator does not apply to the unit.
    `latest` is the newest of the `places`.
    """

    indicator: str
    indicator_name: str
    unit: str
    unit_name: str | None
    combines: Literal["mean", "last"]
    rank: Exact | None
    missing: list[str]
    latest: SuperiorPlace | None
    places: list[SuperiorPlace]


@router.get("", responses=documents(*_REFUSED))
async def list_superior_ranks(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: OfUnit = None,
    indicator: OfIndicator = None,
) -> Page[UnitInSuperiorLists]:
    """List which places the superior's lists give the units, by indicator and unit.

    They are what the superior has published, as it was entered and verified by two persons;
    whoever works in the cycle may read them. What a place is worth is told by the score alone.
    """
    permit.require()
    year = await _year_of(ask, permit, cycle_id)
    shown, more = _on_page(page, year.cells(unit, indicator))
    trends = await year.trends(db, shown)
    items = [_shown(each, year) for each in trends]
    return Page(items=items, next=_BETWEEN.join(shown[-1][0]) if more else None)


@router.get(
    "/export", response_class=StreamingResponse, responses=FILE_ANSWER | documents(*_REFUSED)
)
async def export_superior_ranks(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: OfUnit = None,
    indicator: OfIndicator = None,
    form: Annotated[FileFormat, Query(alias="format")] = "csv",
) -> StreamingResponse:
    """Give the places that the superior's lists give the units as a file, a row for each list and
    unit, by indicator, unit and period."""
    permit.require()
    year = await _year_of(ask, permit, cycle_id)
    language = language_of(request.headers.get("accept-language", ""))
    with SpooledFile(COLUMNS, form, language) as file:
        async for trends in _by_parts(year, db, year.cells(unit, indicator)):
            await file.add([row for each in trends for row in _rows(each, year)])
        return await file.answer("superior-ranks")


@dataclass(frozen=True, slots=True)
class _Before:
    """The year before: its cycle and scheme, and which units became which since."""

    cycle_id: UUID
    scheme: Scheme
    successions: Sequence[Succession]


@dataclass(frozen=True, slots=True)
class _Year:
    """A cycle by its scheme, with what units are called, and the year before if it is known."""

    cycle_id: UUID
    scheme: Scheme
    names: Mapping[str, str | None]
    before: _Before | None

    def cells(self, unit: str | None, indicator: str | None) -> list[tuple[Cell, Indicator]]:
        """Return the cells that are asked for."""
        return [
            (cell, found)
            for cell, found in cells_with_lists(self.scheme)
            if unit in (None, cell.unit) and indicator in (None, cell.indicator)
        ]

    async def trends(
        self, db: AsyncSession, cells: Sequence[tuple[Cell, Indicator]]
    ) -> list[Trend]:
        """Return how the places of some units have moved."""
        of = [cell for cell, _ in cells]
        held = _by_cell(await places_of(db, self.cycle_id, of))
        none = await not_applicable_to(db, self.cycle_id, of)
        former = {cell: self._former(cell) for cell, _ in cells}
        earlier = dict[Cell, list[Place]]()
        if self.before is not None:
            known = sorted({each for each in former.values() if each is not None})
            earlier = _by_cell(await places_of(db, self.before.cycle_id, known))
        return [
            trend_of(
                cell,
                indicator,
                self.scheme.assessment_year,
                held.get(cell, []),
                {each.period[4:]: each for each in earlier.get(former[cell] or cell, [])},
                applies=cell not in none,
            )
            for cell, indicator in cells
        ]

    def _former(self, cell: Cell) -> Cell | None:
        """Return what a unit and an indicator were in the year before; None where that was not
        just one of each."""
        if self.before is None:
            return None
        line = OverTheYears(self.scheme, cell.unit, cell.indicator, self.before.successions)
        found = line.back(self.before.scheme)
        if found is None or (len(found.indicators), len(found.units)) != (1, 1):
            return None
        return Cell(found.indicators[0].indicator.code, found.units[0])


async def _year_of(ask: Peers, permit: Permission, cycle_id: UUID) -> _Year:
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    names = await ask.names_of_units(cycle_id)
    return _Year(cycle_id, scheme, names, await _before(ask, permit, cycle_id, scheme))


async def _before(ask: Peers, permit: Permission, cycle_id: UUID, scheme: Scheme) -> _Before | None:
    """Return the year before, where there is one and the caller's token reaches it."""
    reached, year = permit.reached(), scheme.assessment_year - 1
    for each in await earlier_cycles(ask, cycle_id):
        if each.assessment_year == year and reached(each.cycle_id):
            found = (await ask.indicators.published_scheme(cycle_id=each.cycle_id)).scheme
            return _Before(each.cycle_id, found, successions_of(await ask.indicators.units()))
    return None


_BETWEEN = ","
"""What no code has in it."""


def _on_page(
    page: PageRequest, found: Sequence[tuple[Cell, Indicator]]
) -> tuple[Sequence[tuple[Cell, Indicator]], bool]:
    begin = 0
    if page.after is not None:
        place = tuple(page.after.split(_BETWEEN))
        begin = bisect_right(found, place, key=lambda each: each[0])
        if not begin or found[begin - 1][0] != place:
            raise page.no_such_place()
    return found[begin : begin + page.limit], len(found) > begin + page.limit


async def _by_parts(
    year: _Year, db: AsyncSession, cells: Sequence[tuple[Cell, Indicator]]
) -> AsyncIterator[list[Trend]]:
    for begin in range(0, len(cells), _CELLS_AT_ONCE):
        yield await year.trends(db, cells[begin : begin + _CELLS_AT_ONCE])


def _by_cell(places: Sequence[Place]) -> dict[Cell, list[Place]]:
    found = dict[Cell, list[Place]]()
    for each in places:
        found.setdefault(Cell(each.indicator, each.unit), []).append(each)
    return found


def _shown(trend: Trend, year: _Year) -> UnitInSuperiorLists:
    places = [_place(each) for each in trend.steps]
    return UnitInSuperiorLists(
        **_called(trend.cell, year),
        combines=trend.combines,
        rank=trend.rank,
        missing=list(trend.missing),
        latest=places[-1] if places else None,
        places=places,
    )


def _called(cell: Cell, year: _Year) -> dict[str, str | None]:
    indicator = year.scheme.category_of()[cell.unit].indicators()[cell.indicator]
    told = {"indicator": cell.indicator, "indicator_name": indicator.name}
    return {**told, "unit": cell.unit, "unit_name": year.names.get(cell.unit)}


def _place(step: Step) -> SuperiorPlace:
    place = step.place
    told = {name: getattr(place, name) for name in SuperiorPlace.model_fields.keys() & _OF_A_PLACE}
    return SuperiorPlace(
        **told, before=_earlier(step.before), year_before=_earlier(step.year_before)
    )


_OF_A_PLACE = frozenset(Place._fields)


def _earlier(since: Since | None) -> EarlierPlace | None:
    if since is None:
        return None
    return EarlierPlace(**{name: getattr(since, name) for name in EarlierPlace.model_fields})


def _rows(trend: Trend, year: _Year) -> Iterator[list[str | None]]:
    for step in trend.steps:
        told: dict[str, object] = {**step.place._asdict(), **_called(trend.cell, year)}
        for since, of in ((step.before, ""), (step.year_before, "_in_a_year")):
            told |= {f"places_won{of}": since and since.places_won}
            told |= {f"value_change{of}": since and since.value_change}
        told["rank_before"] = step.before and step.before.rank
        told["rank_year_before"] = step.year_before and step.year_before.rank
        yield [cell_text(told[column.name]) for column in COLUMNS]
