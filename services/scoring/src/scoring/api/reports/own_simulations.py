"""Own simulations: what a unit's own results so far would be with other values of its own."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from scoring.api.ledger.entries import Kind, Listed
from scoring.api.reports.so_far import UnitSoFar, judged_at, units_so_far
from scoring.api.reports.unscored import Material, material_of, require_true
from scoring.api.sheet.documents import LedgerPhase
from scoring.api.sheet.evidence import gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import now
from scoring.rules.ledger.states import OPEN, SEALED
from scoring.rules.reports.simulation import (
    ChangesRejected,
    SimulatedValue,
    check_changes,
    check_own,
    with_changes,
)
from scoring.rules.reports.so_far import Now
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/own-simulations", tags=["score simulations"])

MOST_OWN_VALUES = 500
"""How many values of its own a unit may try at once; the record of one unit has some hundred."""


class NewOwnValue(Incoming):
    """An input about the caller's own unit as it would be, in place of what is entered for the
    same. Without value and word it is as though it had not been entered. The period is the year
    unless one is given. Of a place in the superior's list it tells of how many (`listed`), unless
    a place that is entered tells it."""

    indicator: Code
    kind: Kind
    key: Text | None = None
    item: Text | None = None
    period: Code | None = None
    value: Exact | None = None
    word: Text | None = None
    listed: Listed | None = None


class NewOwnSimulation(Incoming):
    """The values that a unit tries."""

    values: Annotated[list[NewOwnValue], Field(min_length=1, max_length=MOST_OWN_VALUES)]


class OwnSimulation(Outgoing):
    """The caller's own results so far as they are and as they would be; `change` is that of what is
    earned, in points. What others have a part in is withheld in both. `scheme_digest` is that of
    the scheme in force."""

    cycle_id: UUID
    unit: str
    scheme_digest: str
    as_of: dt.date
    ledger_phase: LedgerPhase
    before: UnitSoFar
    after: UnitSoFar
    change: Exact


@router.post(
    "",
    responses=documents(ChangesRejected, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def simulate_own_results(
    cycle_id: UUID, new: NewOwnSimulation, ask: AskPeers, db: Snapshot, permit: Permit
) -> OwnSimulation:
    """Say what the own unit's results so far would be with other values; nothing is kept.

    They are computed by the scheme in force from the unit's own record with these values in it, and
    from nothing of others. A value for an indicator that others have a part in is refused: what it
    comes to is not told before it is released.
    """
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    scheme, own = published.scheme, permit.caller.organisation or ""
    category = scheme.category_of().get(own)
    permit.require({"own_unit"} if category else ())
    assert category is not None  # noqa: S101 - nobody else is let in
    changes = [
        SimulatedValue(
            unit=own,
            **each.model_dump(exclude={"period"}),
            period=each.period or str(scheme.assessment_year),
        )
        for each in new.values
    ]
    check_own(changes, scheme, category)
    evidence = await gather(ask, cycle_id, [category.code], surveys=False)
    await require_true(db, cycle_id, {own})
    material = await material_of(db, cycle_id, evidence, {own}, told_only=True)
    judged = await judged_at(db, cycle_id, scheme, await now(db))
    # Nothing more is read: the arithmetic must keep neither a connection nor other requests.
    await db.close()
    before, after = await asyncio.to_thread(_both, scheme, material, judged, own, changes)
    return OwnSimulation(
        cycle_id=cycle_id,
        unit=own,
        scheme_digest=published.digest,
        as_of=judged.today,
        ledger_phase=OPEN if judged.open_ledger else SEALED,
        before=before,
        after=after,
        change=after.earned - before.earned,
    )


def _both(
    scheme: Scheme,
    material: Material,
    judged: Now,
    own: str,
    changes: Sequence[SimulatedValue],
) -> list[UnitSoFar]:
    """Return how far a unit is, and how far it would be."""
    check_changes(changes, scheme, material.entries)
    changed = replace(material, entries=with_changes(material.entries, changes, scheme))
    return [
        each
        for tried in (material, changed)
        for each in units_so_far(scheme, tried, judged, {own}, is_whole=False)
    ]
