"""Simulations: what a changed scheme or changed values would score. Nothing of it is kept."""

import asyncio
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from scoring.api.ledger.entries import Kind, Listed
from scoring.api.sheet.computing import computed
from scoring.api.sheet.documents import DecidedClaim, UnitScoreSheet, claim_of, sheet_of
from scoring.api.sheet.evidence import UnknownCategories, chosen, gather
from scoring.peers import (
    AskPeers,
    NewSchemeCheck,
    PeerDown,
    PeerMissing,
    PeerRefused,
    PeerRejected,
)
from scoring.queries.counted import counted_entries, ledger_state
from scoring.queries.ledger import require_true_ledger
from scoring.rules.reports.simulation import (
    ChangesRejected,
    SimulatedValue,
    check_changes,
    with_changes,
)
from scoring.rules.sheet.normalising import together
from scoring.rules.sheet.year import Computation

router = Router("/cycles/{cycle_id}/score-simulations", tags=["score simulations"])

_MOST_VALUES = 10_000


class NewSimulatedValue(Incoming):
    """An input as it would be, in place of what is entered for the same.

    Without value and word it is as though it had not been entered. The period is the year unless
    one is given. Of a place in the superior's list it tells of how many (`listed`), unless a place
    that is entered tells it.
    """

    unit: Code
    indicator: Code
    kind: Kind
    key: Text | None = None
    item: Text | None = None
    period: Code | None = None
    value: Exact | None = None
    word: Text | None = None
    listed: Listed | None = None


class NewScoreSimulation(Incoming):
    """What is changed: the whole scheme, single values, or both; for some categories or all.

    The scheme is checked and completed as when it is saved; only its points need not sum.
    """

    categories: Annotated[list[Code], Field(min_length=1)] | None = None
    scheme: dict[str, Any] | None = None
    values: Annotated[list[NewSimulatedValue], Field(max_length=_MOST_VALUES, default_factory=list)]


class SimulatedUnit(Outgoing):
    """One unit's sheet as it is and as it would be; null where the scheme lacks or would lack it.

    `change` is that of the total in points; null where either total is missing. The claims are
    those that were decided on, as the scheme decides and as it would.
    """

    unit: str
    category: str
    before: UnitScoreSheet | None
    after: UnitScoreSheet | None
    change: Exact | None
    claims_before: list[DecidedClaim]
    claims_after: list[DecidedClaim]


class ScoreSimulation(Outgoing):
    """What would be scored; `scheme_digest` is that of the scheme in force."""

    cycle_id: UUID
    categories: list[str]
    scheme_digest: str
    units: list[SimulatedUnit]


@router.post(
    "",
    responses=documents(
        ChangesRejected,
        PeerDown,
        PeerMissing,
        PeerRefused,
        PeerRejected,
        StoredDataAltered,
        UnknownCategories,
    ),
)
async def simulate_scores(
    cycle_id: UUID,
    new: NewScoreSimulation,
    ask: AskPeers,
    db: Snapshot,
    permit: Permit,
) -> ScoreSimulation:
    """Score stored data with a changed scheme or changed values; nothing is kept."""
    evidence = await gather(ask, cycle_id, None)
    changed = evidence.published.scheme
    if new.scheme is not None:
        asked = NewSchemeCheck(scheme=new.scheme)
        changed = (await ask.indicators.check_scheme(asked, cycle_id=cycle_id)).scheme
    categories = chosen(changed, new.categories)

    schemes = (evidence.published.scheme, changed)
    units = sorted(
        {unit for scheme in schemes for unit in scheme.units_of(together(scheme, categories))}
    )
    await require_true_ledger(db, cycle_id)
    entries = await counted_entries(db, cycle_id, units)
    state = await ledger_state(db, cycle_id, units)
    # Nothing more is read: the arithmetic must keep neither a connection nor other requests.
    await db.close()

    fixed = state.corrections

    def simulated() -> list[SimulatedUnit]:
        changes = [_change(value, changed.assessment_year) for value in new.values]
        check_changes(changes, changed, entries)
        others = with_changes(entries, changes, changed)
        whole = partial(computed, evidence, corrections=fixed, normalised=True)
        before = _by_unit(whole(entries, state.claims, categories))
        after = _by_unit(whole(others, state.claims, categories, changed))
        told = dict.fromkeys([*after, *before])
        return [_beside(before.get(unit, _ABSENT), after.get(unit, _ABSENT)) for unit in told]

    return ScoreSimulation(
        cycle_id=cycle_id,
        categories=categories,
        scheme_digest=evidence.published.digest,
        units=await asyncio.to_thread(simulated),
    )


_Side = tuple[UnitScoreSheet | None, list[DecidedClaim]]

_ABSENT: _Side = (None, [])


def _by_unit(computation: Computation) -> dict[str, _Side]:
    sheet, claims = computation.sheet, dict[str, list[DecidedClaim]]()
    for each in sheet.claims:
        claims.setdefault(each.claim.unit, []).append(claim_of(each))
    return {unit.unit: (sheet_of(unit), claims.get(unit.unit, [])) for unit in sheet.units}


def _beside(before: _Side, after: _Side) -> SimulatedUnit:
    side = after[0] or before[0]
    assert side is not None  # noqa: S101 - a unit is told of because one side has it
    old, new = (each.total if each else None for each, _ in (before, after))
    return SimulatedUnit(
        unit=side.unit,
        category=side.category,
        before=before[0],
        after=after[0],
        change=None if old is None or new is None else new - old,
        claims_before=before[1],
        claims_after=after[1],
    )


def _change(value: NewSimulatedValue, year: int) -> SimulatedValue:
    return SimulatedValue(**value.model_dump(exclude={"period"}), period=value.period or str(year))
