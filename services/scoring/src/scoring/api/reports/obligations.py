"""Obligations (应办事项): what one unit owes in all the cycles that it is in, side by side."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import NotAllowed, Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.pages import PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Outgoing
from scoring.api.duties.duties import (
    Asked,
    OwedDuty,
    duties_at,
    names_of_indicators,
    shown_duty,
)
from scoring.api.explanation.readers import Duties, duties_of
from scoring.api.ledger.adoptions import READ_ENTRY, EntryAdoption, shown_adoption
from scoring.api.ledger.entries import readable
from scoring.api.reports.superior_ranks import ListedPlace, listed_place
from scoring.peers import AskPeers, Cycle, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.adoptions import Adopted, adoptions_on_page
from scoring.queries.ledger import seen_phase
from scoring.queries.superior_ranks import places_of
from scoring.rules.ledger.progress import ALL, Sought, cells_of
from scoring.rules.ledger.states import OPEN
from scoring.rules.reports.superior_ranks import Cell
from scoring.rules.scheme.document import Category, Scheme

router = Router("/units/{unit}/obligations", tags=["duties"])

MOST_CYCLES = 10
"""Of how many open cycles that a unit is in its obligations are put together."""
MOST_SHOWN = 100
"""How many duties, and how many entries that were taken over, are shown of a cycle."""


class MeasuringIndicator(Outgoing):
    """An indicator by which a unit is assessed in a cycle, and who enters it."""

    indicator: str
    name: str
    points: Exact
    method: str
    frequency: str
    data_source_unit: str


class ObligationsInCycle(Outgoing):
    """What a unit has before it in one open cycle.

    `category` is the one in which it is assessed, null where it only enters about others. Of what
    it owes and has not handed in, what is due first first, `open` counts all. `listed` are its
    places in the lists of the superior that count by now, `shared` the entries about it that were
    taken over from other cycles, of those that the caller may read; `shared_more` says that there
    are others.
    """

    cycle_id: UUID
    jurisdiction: str
    assessment_year: int
    category: str | None
    category_name: str | None
    indicators: list[MeasuringIndicator]
    owed: list[OwedDuty]
    open: int
    listed: list[ListedPlace]
    shared: list[EntryAdoption]
    shared_more: bool


class UnitObligations(Outgoing):
    """What a unit owes over all open cycles that it is in, the newest first.

    `cycles_left` counts those of them that are not told, because they are older.
    """

    unit: str
    cycles: list[ObligationsInCycle]
    cycles_left: int


class _Known(NamedTuple):
    """An open cycle that a unit is in: its scheme, and what it names the caller's unit for."""

    cycle: Cycle
    scheme: Scheme
    category: Category | None
    duties: Duties


@router.get(
    "",
    response_model=UnitObligations,
    responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_obligations(
    unit: Code, request: Request, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Tell what one unit owes by when in each open cycle that it is in: its duties, the indicators
    by which it is assessed, its places in the superior's lists, and what was taken over.

    A unit reads its own. A token that is limited to cycles reads of these alone.
    """
    permit.require({"own_unit"} if unit == permit.caller.organisation else ())
    told, left = list[ObligationsInCycle](), 0
    for cycle in await _open_cycles(db, ask, permit):
        known = await _known(ask, permit, cycle, unit)
        if known is not None and len(told) < MOST_CYCLES:
            told.append(await _in_cycle(db, ask, permit, known, unit))
        elif known is not None:
            left += 1
    return document(UnitObligations(unit=unit, cycles=told, cycles_left=left), request)


async def _open_cycles(db: AsyncSession, ask: Peers, permit: Permission) -> list[Cycle]:
    """Return the open cycles that the caller's token reaches, the newest first."""
    reached, found = permit.reached(), list[Cycle]()
    for each in await ask.indicators.cycles():
        if each.scheme_version is None or not reached(each.cycle_id):
            continue
        if await seen_phase(db, each.cycle_id) == OPEN:
            found.append(each)
    return sorted(found, key=lambda each: -each.assessment_year)


async def _known(ask: Peers, permit: Permission, cycle: Cycle, unit: str) -> _Known | None:
    """Return a cycle that a unit is in: it is assessed there, or enters about others."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle.cycle_id)).scheme
    category = scheme.category_of().get(unit)
    if category is None and not _enters(scheme, unit):
        return None
    duties = await duties_of(ask, permit.of(READ_ENTRY), cycle.cycle_id)
    return _Known(cycle, scheme, category, duties)


def _enters(scheme: Scheme, unit: str) -> bool:
    return any(cells_of(scheme, sought=Sought(data_source_unit=unit)))


async def _in_cycle(
    db: AsyncSession, ask: Peers, permit: Permission, known: _Known, unit: str
) -> ObligationsInCycle:
    cycle_id, scheme = known.cycle.cycle_id, known.scheme
    names = await ask.names_of_units(cycle_id)
    asked = Asked(unit)
    read = await duties_at(db, ask, permit, cycle_id, scheme, ALL, asked)
    codes = known.category.indicators() if known.category else {}
    places = await places_of(db, cycle_id, [Cell(code, unit) for code in codes])
    shared = await _shared(db, permit, known, unit)
    owed = [each for each in read.found if each.missing]
    called = names_of_indicators(scheme)
    return ObligationsInCycle(
        cycle_id=cycle_id,
        jurisdiction=known.cycle.jurisdiction,
        assessment_year=scheme.assessment_year,
        category=known.category and known.category.code,
        category_name=known.category and known.category.name,
        indicators=[*_indicators(known.category)],
        owed=[shown_duty(each, names, called, read.persons) for each in owed[:MOST_SHOWN]],
        open=len(owed),
        listed=[listed_place(each, codes[each.indicator].name) for each in places],
        shared=[shown_adoption(each) for each in shared[:MOST_SHOWN]],
        shared_more=len(shared) > MOST_SHOWN,
    )


def _indicators(category: Category | None) -> Iterator[MeasuringIndicator]:
    for code, each in category.indicators().items() if category else ():
        names = ("name", "points", "method", "frequency", "data_source_unit")
        yield MeasuringIndicator(indicator=code, **{name: getattr(each, name) for name in names})


async def _shared(
    db: AsyncSession, permit: Permission, known: _Known, unit: str
) -> Sequence[Adopted]:
    """Return what was taken over about a unit, of what the caller may read in that cycle."""
    try:
        ways = readable(permit.of(READ_ENTRY), known.duties)
    except NotAllowed:
        return []
    page = PageRequest(MOST_SHOWN, None)
    return await adoptions_on_page(db, known.cycle.cycle_id, page, ways, unit=unit)
