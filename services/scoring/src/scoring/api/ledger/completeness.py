"""What a category still lacks, and its organiser's word that it is complete (汇总上报)."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, OneOf, Outgoing, Text
from scoring.api.ledger.left_open import MissingOfUnit, missing_of, unentered_by
from scoring.api.ledger.sealing import MOST_SHOWN, LeftEntry, entries_left, shown_left
from scoring.api.sheet import computing
from scoring.api.sheet.evidence import Evidence, gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.counted import counted_entries, digests_by_unit
from scoring.queries.hand_ins import StandingHandIn, digest_of, hand_ins
from scoring.queries.ledger import (
    count_entries,
    hold_entries,
    now,
    open_ledger,
    phase_of_ledger,
    require_true_units,
)
from scoring.queries.parked import count_waiting
from scoring.rules.duties.lacking import Unentered
from scoring.rules.explanation.abstention import (
    ORGANISER,
    ReadAfterRelease,
    is_limited,
    led_by,
)
from scoring.rules.ledger.completeness import (
    HANDED_IN,
    WITHDRAWN,
    AlreadyHandedIn,
    CategoryNotComplete,
    Lacking,
    MovedMeanwhile,
    NoSuchCategory,
    WaitingEntry,
    category_of,
    check_complete,
)
from scoring.rules.ledger.entries import Entry
from scoring.rules.ledger.states import OPEN, STATES, LedgerSealed, require_open
from scoring.rules.scheme.document import Category
from scoring.tables.ledger import HandInRow, LedgerRow

router = Router("/cycles/{cycle_id}/categories/{category}", tags=["ledger"])

_PARKED_ROWS = "GET /api/v1/cycles/{cycle_id}/parked-rows"

CategoryCode = Annotated[Code, Path()]

HandInState = Annotated[str, OneOf(HANDED_IN, WITHDRAWN)]
"""It is withdrawn since an entry about one of the units was made or moved."""


class NewHandIn(Incoming):
    """That the category is complete; with a `reason` although something is missing or waits."""

    reason: Text | None = None


class HandIn(Outgoing):
    """What an organiser handed in, with `missing` scores and `waiting` entries as they were then.

    It is withdrawn since an entry about one of the units was made or moved.
    """

    state: HandInState
    unit: str
    handed_in_by: str
    handed_in_at: dt.datetime
    reason: str | None
    missing: int
    waiting: int


class Completeness(Outgoing):
    """How far a category is: its entries by state, those that wait, and the scores that lack
    something or count without periods that nobody entered. Of each list the first are given, and
    how many more there are.

    `parked` counts the rows of the whole cycle whose codes mean nothing yet: any may be about a
    unit of the category. It is null for who may not read them.
    """

    cycle_id: UUID
    category: str
    organiser: str | None
    entries: dict[str, int]
    waiting: list[LeftEntry]
    waiting_more: int
    missing: list[MissingOfUnit]
    missing_more: int
    parked: int | None
    hand_in: HandIn | None


class HandedIn(Outgoing):
    """A category that was handed in, with what was missing and waiting."""

    category: str
    state: HandInState
    missing: int
    waiting: int
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Looked:
    """A category as one reading of the database shows it; `digest` is of how its entries stand."""

    category: Category
    missing: list[MissingOfUnit]
    waiting: list[Row[Any]]
    digest: str


_REFUSALS = (NoSuchCategory, PeerDown, PeerMissing, PeerRefused, StoredDataAltered)


@router.get("/completeness", responses=documents(*_REFUSALS, ReadAfterRelease))
async def read_completeness(
    cycle_id: UUID, category: CategoryCode, db: Snapshot, permit: Permit, ask: AskPeers
) -> Completeness:
    """Say what a category still lacks, by indicator and unit, and whether it was handed in."""
    found, evidence = await _gathered(ask, permit, cycle_id, category)
    counts = await count_entries(db, cycle_id, found.units)
    handed = (await hand_ins(db, cycle_id, [found])).get(category)
    looked = await _looked_at(db, cycle_id, found, evidence)
    return Completeness(
        cycle_id=cycle_id,
        category=category,
        organiser=found.organiser,
        entries={state: counts.get(state, 0) for state in STATES},
        waiting=[shown_left(row, row.state) for row in looked.waiting[:MOST_SHOWN]],
        waiting_more=max(0, len(looked.waiting) - MOST_SHOWN),
        missing=looked.missing[:MOST_SHOWN],
        missing_more=max(0, len(looked.missing) - MOST_SHOWN),
        parked=await count_waiting(db, cycle_id) if permit.of(_PARKED_ROWS).allows() else None,
        hand_in=None if handed is None else _shown(handed),
    )


@router.post(
    "/hand-in",
    status_code=201,
    responses=documents(
        *(*_REFUSALS, LedgerSealed, CategoryNotComplete, AlreadyHandedIn, MovedMeanwhile),
        ReadAfterRelease,
    ),
)
async def hand_in_category(
    cycle_id: UUID,
    category: CategoryCode,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    new: NewHandIn | None = None,
) -> HandedIn:
    """Declare that everything of a category has been entered, as its organiser.

    It lapses as soon as an entry of the category moves. The ledger can be sealed without it; the
    seal then names the categories that were not handed in.
    """
    found, evidence = await _gathered(ask, permit, cycle_id, category)
    looked = await _looked_at(reading, cycle_id, found, evidence)
    await reading.close()

    await open_ledger(db, cycle_id)
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    permit.require({ORGANISER}, phase)
    await hold_entries(db, cycle_id)
    before = (await hand_ins(db, cycle_id, [found])).get(category)
    if before is not None and before.state == HANDED_IN:
        raise AlreadyHandedIn("It stands as it was.", "原报送仍然有效。", category=category)
    if digest_of(found.units, await digests_by_unit(db, cycle_id, found.units)) != looked.digest:
        raise MovedMeanwhile("Look at it again.", "请重新核对。", category=category)
    reason = new.reason if new else None
    check_complete(*_named(looked), reason)
    return await _record(db, cycle_id, permit.caller, looked, before, reason)


async def _gathered(
    ask: Peers, permit: Permission, cycle_id: UUID, code: str
) -> tuple[Category, Evidence]:
    """Read what a category is scored by, of other services, for who may read it."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    category = category_of(scheme, code)
    leads = ORGANISER in permit.caller.roles and code in led_by(scheme, permit.caller.organisation)
    permit.require({ORGANISER} if leads else (), OPEN)
    if is_limited(permit.caller.organisation, permit.caller.roles) and _competes(permit, category):
        raise ReadAfterRelease("Wait for its release.", "请待公布后查阅。")
    return category, await gather(ask, cycle_id, [code])


def _competes(permit: Permission, category: Category) -> bool:
    return permit.caller.organisation in category.units


async def _looked_at(
    db: AsyncSession, cycle_id: UUID, category: Category, evidence: Evidence
) -> Looked:
    if await db.get(LedgerRow, cycle_id) is not None:
        await require_true_units(db, cycle_id, category.units)
    waiting = await entries_left(db, cycle_id, category.units)
    entries = await counted_entries(db, cycle_id, category.units)
    digest = digest_of(category.units, await digests_by_unit(db, cycle_id, category.units))
    scheme = evidence.published.scheme
    unentered = await unentered_by(db, cycle_id, scheme, await now(db), [category])
    # A thread keeps the event loop free; claims have no part in what is missing.
    missing = await asyncio.to_thread(_missing, evidence, entries, unentered)
    return Looked(category, missing, waiting, digest)


def _missing(
    evidence: Evidence, entries: Sequence[Entry], unentered: Unentered
) -> list[MissingOfUnit]:
    found = computing.computed(evidence, entries, (), evidence.categories)
    return missing_of(found, unentered)


def _named(looked: Looked) -> tuple[list[Lacking], list[WaitingEntry]]:
    missing = [Lacking(e.unit, e.indicator, e.reason, e.reason_zh) for e in looked.missing]
    waiting = [WaitingEntry(str(e.entry_id), e.unit, e.indicator, e.state) for e in looked.waiting]
    return missing, waiting


async def _record(
    db: AsyncSession,
    cycle_id: UUID,
    caller: Caller,
    looked: Looked,
    before: StandingHandIn | None,
    reason: str | None,
) -> HandedIn:
    code, missing, waiting = looked.category.code, len(looked.missing), len(looked.waiting)
    row = HandInRow(
        cycle_id=cycle_id,
        category=code,
        number=before.row.number + 1 if before else 1,
        unit=caller.organisation,
        actor=caller.subject,
        person=caller.person,
        reason=reason,
        missing=missing,
        waiting=waiting,
        digest=looked.digest,
    )
    db.add(row)
    await db.flush()
    told = {"category": code, "missing": missing, "waiting": waiting, "reason": reason}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.category-handed-in",
        body=told | {"number": row.number, "digest": looked.digest},
    )
    return HandedIn(
        category=code, state=HANDED_IN, missing=missing, waiting=waiting, receipt=receipt
    )


def _shown(handed: StandingHandIn) -> HandIn:
    row = handed.row
    return HandIn(
        state=handed.state,
        unit=row.unit,
        handed_in_by=row.actor,
        handed_in_at=row.handed_in_at,
        reason=row.reason,
        missing=row.missing,
        waiting=row.waiting,
    )
