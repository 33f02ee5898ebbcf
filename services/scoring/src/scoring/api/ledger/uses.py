"""In which cycles an entry is used, and what it comes to in each: side by side, never set off."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import NotAllowed, Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, Outgoing
from scoring.api.explanation.explanations import NoSuchExplanation, readable_sheet
from scoring.api.explanation.readers import Duties, duties_of
from scoring.api.ledger.adoptions import read_as
from scoring.api.ledger.entries import AnyKind, State
from scoring.api.ledger.reversals import NoSuchEntry
from scoring.api.sheet.documents import SheetPhase
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.adoptions import source_of, uses_of_source
from scoring.queries.entries import ShownEntry, entry_read_by
from scoring.queries.sheet import NoSuchScoreSheet
from scoring.rules.explanation.abstention import ReadAfterRelease
from scoring.rules.explanation.steps import INDICATOR
from scoring.rules.ledger.states import HELD
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/ledger-entries/{entry_id}/uses", tags=["ledger"])

_EXPLAINED = "GET /api/v1/cycles/{cycle_id}/score-sheets/{edition}/units/{unit}/explanation"


class UseEffect(Outgoing):
    """What the indicator of the unit came to, of how many points, in the latest edition that the
    caller reads of that cycle."""

    edition: int
    phase: SheetPhase
    points: Exact | None
    score: Exact | None
    formula: str | None


class EntryUse(Outgoing):
    """An entry in one cycle: where it was entered (`is_source`), or taken over.

    `outdated` says that what it was taken from stands no longer. `effect` is null where no edition
    is computed yet of which the caller reads the unit's score.
    """

    cycle_id: UUID
    entry_id: UUID
    is_source: bool
    outdated: bool
    unit: str
    indicator: str
    indicator_name: str | None
    kind: AnyKind
    key: str | None
    item: str | None
    period: str
    state: State
    effect: UseEffect | None


class EntryUses(Outgoing):
    """The cycles in which an entry is used, of those that the caller may read: first the one in
    which it was entered."""

    uses: list[EntryUse]


class _Cycle(NamedTuple):
    """A cycle as the caller reads it: its scheme, and what it names the caller's unit for."""

    scheme: Scheme
    entries: Duties
    sheets: Duties


class _Place(NamedTuple):
    cycle_id: UUID
    entry_id: UUID


@router.get(
    "",
    response_model=EntryUses,
    responses=documents(NoSuchEntry, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_entry_uses(
    cycle_id: UUID, entry_id: UUID, request: Request, db: Snapshot, permit: Permit, ask: AskPeers
) -> Response:
    """Tell in which cycles an entry is used, how it stands in each, and what the score there is.

    What happened once may count in several cycles: each effect is shown, none is set off. Nothing
    is told of a cycle whose entry the caller does not read there.
    """
    own = await _cycle(ask, permit, cycle_id)
    if own is None or await read_as(db, permit, own.entries, cycle_id, entry_id) is None:
        raise NoSuchEntry(f"There is no entry {entry_id}.", f"没有记录 {entry_id}。")
    places = await _places(db, _Place(cycle_id, entry_id))
    others = {each.cycle_id for each in places} - {cycle_id}
    known = {cycle_id: own} | await _others(ask, permit, others)
    stands = await _stands(db, places[0])
    uses = list[EntryUse]()
    for place in places:
        about = {"is_source": place is places[0]}
        about["outdated"] = not (stands or about["is_source"])
        if (cycle := known.get(place.cycle_id)) is not None:
            uses += await _use(db, permit, place, cycle, about)
    return document(EntryUses(uses=uses), request)


async def _others(ask: Peers, permit: Permission, cycles: Collection[UUID]) -> dict[UUID, _Cycle]:
    """Return those of some cycles that the scope of the caller's token reaches."""
    reached = permit.reached()
    found = {each: await _cycle(ask, permit, each) for each in cycles if reached(each)}
    return {each: cycle for each, cycle in found.items() if cycle is not None}


async def _cycle(ask: Peers, permit: Permission, cycle_id: UUID) -> _Cycle | None:
    try:
        scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
        entries = await duties_of(ask, permit, cycle_id)
        sheets = await duties_of(ask, permit.of(_EXPLAINED), cycle_id)
    except PeerMissing:
        return None
    return _Cycle(scheme, entries, sheets)


async def _places(db: AsyncSession, asked: _Place) -> list[_Place]:
    """Return where an entry is used, that in which it was entered first."""
    origin = await source_of(db, *asked)
    first = asked if origin is None else _Place(origin.from_cycle_id, origin.from_entry_id)
    others = [_Place(each.cycle_id, each.entry_id) for each in await uses_of_source(db, *first)]
    # Of each cycle the latest is told, and the one that is asked for in any case.
    others = [
        asked if asked != first and each.cycle_id == asked.cycle_id else each for each in others
    ]
    return [first, *others]


async def _stands(db: AsyncSession, source: _Place) -> bool:
    found = await entry_read_by(db, *source, None)
    return found is None or found.state in HELD  # it is not here where a cycle was restored alone


async def _effect(
    db: AsyncSession, permit: Permission, cycle_id: UUID, cycle: _Cycle, entry: ShownEntry
) -> UseEffect | None:
    """Return what the indicator of an entry's unit came to, as far as the caller reads it."""
    reading = permit.of(_EXPLAINED)
    if not reading.rows:
        return None
    try:
        sheet = await readable_sheet(db, reading, cycle_id, "latest", entry.unit, cycle.sheets)
    except (NoSuchScoreSheet, NoSuchExplanation, ReadAfterRelease, NotAllowed):
        return None
    step = _step_of(sheet.tree.tree, entry.indicator)
    if step is None:
        return None
    told = {name: step[name] for name in ("points", "score", "formula")}
    return UseEffect(edition=sheet.sheet.edition, phase=sheet.phase, **told)


def _step_of(step: Mapping[str, Any], indicator: str) -> Mapping[str, Any] | None:
    """Return the step of an explanation that is an indicator's."""
    if step["kind"] == INDICATOR and step["code"] == indicator:
        return step
    below = (_step_of(each, indicator) for each in step["children"])
    return next((each for each in below if each is not None), None)


async def _use(
    db: AsyncSession, permit: Permission, place: _Place, cycle: _Cycle, about: Mapping[str, bool]
) -> list[EntryUse]:
    """Return an entry in one cycle; nothing where the caller does not read it there."""
    shown = await read_as(db, permit, cycle.entries, *place)
    if shown is None:
        return []
    category = cycle.scheme.category_of().get(shown.unit)
    named = category.indicators().get(shown.indicator) if category else None
    names = ("unit", "indicator", "kind", "key", "item", "period", "state")
    return [
        EntryUse(
            **place._asdict(),
            **about,
            **{name: getattr(shown, name) for name in names},
            indicator_name=None if named is None else named.name,
            effect=await _effect(db, permit, place.cycle_id, cycle, shown),
        )
    ]
