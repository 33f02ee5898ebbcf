"""What points still depend on by the record of now: who is to act, until when, who is in charge."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.claims.records import read_claims
from scoring.api.duties.readers import unit_that_reads
from scoring.api.reports.lineage import NotInScheme
from scoring.peers import (
    ALWAYS,
    AskPeers,
    PeerDown,
    PeerMissing,
    PeerRefused,
    Peers,
    RectificationItem,
)
from scoring.queries.counted import ledger_state
from scoring.queries.duties import handed_in
from scoring.queries.duty_persons import assignments
from scoring.queries.ledger import now
from scoring.queries.ledger import today as day_of
from scoring.queries.left_open import items_in_hand
from scoring.queries.periods import periods_at
from scoring.queries.tasks import entries_waiting_about
from scoring.rules.claims.states import HANDED_IN
from scoring.rules.duties.in_charge import in_charge_on
from scoring.rules.duties.owed import years_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.ledger.states import OPEN
from scoring.rules.reports.matters import WHAT, Found, Matter, OpenReply, known_to, matters
from scoring.rules.scheme.document import Scheme
from scoring.tables.claims import ClaimRow
from scoring.tables.ledger import LedgerRow

router = Router("/cycles/{cycle_id}/stage-results", tags=["score sheets"])

MOST_MATTERS = 200
"""How many of the matters on which points depend are told; they are counted all."""

WhatMatters = Annotated[str, OneOf(*WHAT)]


class OpenMatter(Outgoing):
    """Something on which points still depend: `count` inputs that are owed, entries that wait to be
    signed off or verified, lack evidence or were sent back, replies that are due, claims by a
    `rule` (worth `points`) that wait for a unit's answer or to be decided, an award by a bonus
    `rule` of which the unit has claimed nothing, or supervised items in hand.

    `unit` is to act, the performance office where it is null, by `due`; `working_days_left` from
    today, below 0 once it is late, null without a day or more than 400 days ahead; of an item whose
    clock stands still those that are left. About a closed period a matter is open by a permission
    alone, until its last day. `lead` and `deputy` are in charge of it; of another unit they are
    told to the office alone: null is not that nobody was named.
    """

    what: WhatMatters
    indicator: str | None
    period: str | None
    unit: str | None
    count: int
    due: dt.date | None
    working_days_left: int | None
    rule: str | None
    points: Exact | None
    lead: str | None
    deputy: str | None


class Matters(Outgoing):
    """What points of a unit still depend on, what is due first; `open_matters` counts all that were
    asked for, of which the first 200 are told."""

    cycle_id: UUID
    unit: str
    as_of: dt.date
    matters: list[OpenMatter]
    open_matters: int


@router.get(
    "/current/units/{unit}/matters",
    response_model=Matters,
    responses=documents(NotInScheme, PeerDown, PeerMissing, PeerRefused),
)
async def read_matters(
    cycle_id: UUID,
    unit: Code,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    what: Annotated[
        list[WhatMatters] | None, Query(description="Of one of these kinds.", max_length=len(WHAT))
    ] = None,
    indicator: Annotated[Code | None, Query(description="About this indicator.")] = None,
) -> Response:
    """Say what points of a unit still depend on: inputs that are owed, entries that wait or lack
    something, replies that are due, claims that wait, bonuses of which nothing was claimed,
    supervised items in hand; who is to act, by when.

    By the published scheme and the record of now; no score sheet is needed. An assessed unit reads
    its own, the office that of any. Once the ledger is sealed there is nothing.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = unit_that_reads(permit, scheme)
    if own is not None and own != unit:
        permit.require(())
    if unit not in scheme.category_of():
        en, zh = f"The scheme assesses no unit {unit}.", f"方案不评估单位 {unit}。"
        raise NotInScheme(en, zh, faults=[Fault("/unit", "unknown-unit", en, zh)])
    today = await day_of(db, scheme.time_zone)
    found = [
        each
        for each in await open_matters(db, ask, cycle_id, scheme, unit, is_whole=own is None)
        if (not what or each.what in what) and indicator in (None, each.indicator)
    ]
    answer = Matters(
        cycle_id=cycle_id,
        unit=unit,
        as_of=today,
        matters=[*map(told, found[:MOST_MATTERS])],
        open_matters=len(found),
    )
    return document(answer, request)


async def open_matters(
    db: AsyncSession, ask: Peers, cycle_id: UUID, scheme: Scheme, unit: str, *, is_whole: bool
) -> list[Matter]:
    """Return what points of a unit still depend on, by a scheme and the record of now.

    Nothing once the ledger is sealed, or of whom the scheme does not assess. The unit itself is
    told nothing that it could not read of the record (`is_whole`). The transaction is over then.
    """
    category = scheme.category_of().get(unit)
    if category is None or not await is_open(db, cycle_id):
        return []
    moment, today = await now(db), await day_of(db, scheme.time_zone)
    signed = Signing(scheme).indicators
    about = [(unit, code) for code in category.indicators()]
    came = await handed_in(db, cycle_id, moment, scheme.time_zone, about, signed=signed)
    waiting = await entries_waiting_about(db, cycle_id, unit, scheme.time_zone)
    claims = (await ledger_state(db, cycle_id, [unit])).claims
    silent = await _unanswered(db, cycle_id, unit)
    items = await items_in_hand(db, cycle_id, unit) if scheme.items is not None else []
    row = await db.get(LedgerRow, cycle_id)
    periods = await periods_at(db, cycle_id, row.periods if row else None, moment)
    named = await assignments(db, cycle_id, moment)
    # Nothing more is read: no connection waits for other services.
    await db.close()
    calendar = await ask.working_days(years_of(scheme.assessment_year), ALWAYS)
    replies = [*_owed_replies(await ask.survey.items(cycle_id=cycle_id, unit=unit))]
    if not is_whole:
        waiting = [*known_to(scheme, unit, waiting)]
        named = [each for each in named if each.unit == unit]
    persons = in_charge_on(named, today)
    found = Found(came, waiting, claims, replies, persons, calendar, today, silent, items, periods)
    return await asyncio.to_thread(matters, scheme, category, unit, found)


async def _unanswered(db: AsyncSession, cycle_id: UUID, unit: str) -> dict[UUID, list[str]]:
    """Return the units that have not said whether they agree, by the unit's own claim that was
    filed together with theirs."""
    of = ClaimRow
    mine = select(of.filed_with).where(of.cycle_id == cycle_id, of.unit == unit)
    filed = of.filed_with.in_(mine.where(of.filed_with.is_not(None)))
    together = await read_claims(db, and_(of.cycle_id == cycle_id, filed))
    own = {each.row.filed_with: each.row.claim_id for each in together if each.row.unit == unit}
    found = dict[UUID, list[str]]()
    for each in together:
        waits = each.standing.state == HANDED_IN and each.agreed is None and not each.leads
        if waits and each.row.filed_with in own:
            found.setdefault(own[each.row.filed_with], []).append(each.row.unit)
    return found


def _owed_replies(items: Iterable[RectificationItem]) -> Iterator[OpenReply]:
    for each in items:
        if each.state in ("open", "returned") and not each.is_void:
            yield OpenReply(each.deadline)


def told(one: Matter) -> OpenMatter:
    """Return a matter as it is told."""
    named = ("what", "indicator", "period", "unit", "count", "due", "rule", "points")
    return OpenMatter(
        **{name: getattr(one, name) for name in named},
        working_days_left=one.working_days,
        lead=one.people and one.people.lead,
        deputy=one.people and one.people.deputy,
    )


async def is_open(db: AsyncSession, cycle_id: UUID) -> bool:
    """Say whether a cycle's ledger takes entries still; one that was never written to does."""
    phase = await db.scalar(select(LedgerRow.phase).where(LedgerRow.cycle_id == cycle_id))
    return phase in (None, OPEN)
