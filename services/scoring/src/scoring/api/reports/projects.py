"""How far projects (重点项目) are, told with them: the indicators service keeps the projects, the
ledger says what became of their nodes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import NotAllowed, Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Outgoing
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.adoptions import READ_ENTRY
from scoring.api.ledger.entries import State, readable
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Project
from scoring.queries.entries import ShownEntry, Wanted, Way, pages_of_entries
from scoring.queries.ledger import today
from scoring.rules.ledger.entries import MILESTONE
from scoring.rules.ledger.states import COUNTED, HELD
from scoring.rules.ledger.writing import plain_event
from scoring.rules.reports.projects import (
    NodeEntry,
    NodeState,
    ProjectState,
    node_state,
    project_state,
)
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/project-states", tags=["targets"])

_AT_ONCE = 2_000
"""How many entries about milestones are read at a time."""


class NodeStanding(Outgoing):
    """A node of a project and what the ledger says of it: the entry that counts, else the latest
    one that waits, with its status (`word`) or the day on which it was reached. `state` is null
    where the caller does not read the leading unit's entries."""

    item: str
    due: dt.date
    state: NodeState | None
    entry_id: UUID | None
    entry_state: State | None
    word: str | None
    occurred_on: dt.date | None


class ProjectStanding(Outgoing):
    """A project and how far it is; `reached` of its nodes are. `state` is null where the caller
    does not read the leading unit's entries."""

    project: str
    version: int
    name: str
    leader: str
    lead_unit: str
    units: list[str]
    indicator: str
    starts_on: dt.date
    completes_on: dt.date
    state: ProjectState | None
    reached: int | None
    nodes: list[NodeStanding]


class ProjectStandings(Outgoing):
    """Projects and how far they are on the day `as_of` of the scheme's time zone."""

    cycle_id: UUID
    as_of: dt.date
    projects: list[ProjectStanding]


class _Cell(NamedTuple):
    unit: str
    indicator: str


_Entries = Mapping[str, Sequence[ShownEntry]]
"""The entries about the milestones of one cell by their items, the latest last. An item is the same
however it is written, as it is among a project's nodes."""


@router.get(
    "", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    response_model=ProjectStandings,
)  # fmt: skip
async def list_project_states(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="That it leads or takes part in.")] = None,
) -> Response:
    """List the projects that the caller may know of, each with how far its nodes are.

    A unit gets those that it leads or takes part in; how far they are is told to whoever reads the
    ledger's entries about the leading unit.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = permit.caller.organisation
    permit.require({"own_unit"} if own in scheme.category_of() else ())
    found = (await ask.indicators.projects(cycle_id=cycle_id)).projects
    shown = [each for each in found if unit is None or unit in (each.lead_unit, *each.units)]
    ways = await _ways(ask, permit, cycle_id)
    day, told = await today(db, scheme.time_zone), list[ProjectStanding]()
    cells = {_Cell(each.lead_unit, each.indicator) for each in shown}
    entries = await _entries(db, cycle_id, ways, {c for c in cells if _reads(ways, c.unit)})
    for each in shown:
        cell = _Cell(each.lead_unit, each.indicator)
        told.append(_standing(each, entries.get(cell), day, _ratios(scheme, cell)))
    return document(ProjectStandings(cycle_id=cycle_id, as_of=day, projects=told), request)


async def _ways(ask: AskPeers, permit: Permission, cycle_id: UUID) -> Sequence[Way] | None:
    """Return which entries the caller may read: all (None), or by which ways."""
    reading = permit.of(READ_ENTRY)
    try:
        return readable(reading, await duties_of(ask, reading, cycle_id))
    except NotAllowed:
        return []


def _reads(ways: Sequence[Way] | None, unit: str) -> bool:
    """Say whether all entries about a unit are read, but for marks from seats."""
    return ways is None or any(way.column == "unit" and unit in way.values for way in ways)


async def _entries(
    db: AsyncSession, cycle_id: UUID, ways: Sequence[Way] | None, cells: Collection[_Cell]
) -> Mapping[_Cell, _Entries]:
    """Return the entries about the milestones of all these cells, as they are read together."""
    found: dict[_Cell, dict[str, list[ShownEntry]]] = {cell: {} for cell in cells}
    if not cells:
        return found
    of_units = defaultdict[str, list[str]](list)
    for cell in sorted(cells):
        of_units[cell.unit].append(cell.indicator)
    groups = [([unit], codes) for unit, codes in of_units.items()]
    wanted = Wanted(tagged=groups, kind=(MILESTONE,), state=HELD)
    async for page in pages_of_entries(db, cycle_id, ways, wanted, _AT_ONCE):
        for each in page:
            of_cell = found[_Cell(each.unit, each.indicator)]
            of_cell.setdefault(plain_event(each.item or ""), []).append(each)
    return found


def _ratios(scheme: Scheme, cell: _Cell) -> Mapping[str, Decimal]:
    """Return what the statuses of an indicator's milestones are worth."""
    category = scheme.category_of().get(cell.unit)
    found = category.indicators().get(cell.indicator) if category else None
    told = found.params.get("status_ratio") if found else None
    return {word: Decimal(str(each)) for word, each in told.items()} if told else {}


def _standing(
    project: Project, entries: _Entries | None, day: dt.date, ratios: Mapping[str, Decimal]
) -> ProjectStanding:
    nodes = [_node(each.item, each.due, entries, day, ratios) for each in project.nodes]
    states = [each.state for each in nodes if each.state is not None]
    is_told = entries is not None
    about = project.model_dump(exclude={"nodes"})
    return ProjectStanding(
        **about,
        state=project_state(states, project.starts_on, day) if is_told else None,
        reached=states.count("reached") if is_told else None,
        nodes=nodes,
    )


def _node(
    item: str,
    due: dt.date,
    entries: _Entries | None,
    day: dt.date,
    ratios: Mapping[str, Decimal],
) -> NodeStanding:
    if entries is None:
        none = dict.fromkeys(("state", "entry_id", "entry_state", "word", "occurred_on"))
        return NodeStanding(item=item, due=due, **none)
    of_node = entries.get(plain_event(item), ())
    counting = [each for each in of_node if each.state in COUNTED]
    shown = next(iter((counting or of_node)[-1:]), None)
    told = [NodeEntry(each.state, each.word) for each in of_node]
    return NodeStanding(
        item=item,
        due=due,
        state=node_state(told, due, day, ratios),
        entry_id=shown and shown.entry_id,
        entry_state=shown and shown.state,
        word=shown and shown.word,
        occurred_on=shown and shown.occurred_on,
    )
