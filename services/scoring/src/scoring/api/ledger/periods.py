"""Periods of a cycle (期间): closing them (关账), and permissions to enter about closed ones."""

import asyncio
import datetime as dt
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Path
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from scoring.api.ledger.entries import Word
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, PublishedScheme
from scoring.queries.duties import handed_in
from scoring.queries.ledger import looked_up, now, open_ledger
from scoring.queries.moves import entries_in
from scoring.queries.periods import HeldPeriods, hold_periods
from scoring.rules.duties.lacking import Lacking, lacking
from scoring.rules.duties.owed import cells_in, duties_of
from scoring.rules.ledger.entering import enterers
from scoring.rules.ledger.periods import (
    NO_PERIODS,
    Entering,
    Leave,
    NoSuchPeriod,
    PeriodClosed,
    PeriodNotOver,
    PeriodOpen,
    Periods,
    PermissionUseless,
    cells_within,
    check_over,
    check_period,
    periods_of,
    useless,
)
from scoring.rules.ledger.progress import cells_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.ledger.states import UNDECIDED, LedgerSealed, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.ledger import LedgerRow
from scoring.tables.periods import LateEntryRow, PeriodClosingRow, PeriodPermissionRow

router = Router("/cycles/{cycle_id}", tags=["ledger"])

MOST_SHOWN = 100
"""How many duties that lack something a closing names, and how many units of each."""

PeriodName = Annotated[Word, Path(description="A month, a quarter or a half-year.")]


class Period(Outgoing):
    """A month, a quarter or a half-year of the assessment year, and whether it is closed.

    One is closed by itself, or by one around it (`by`).
    """

    period: str
    state: Literal["open", "closed"]
    by: str | None
    closed_at: dt.datetime | None


class CyclePeriods(Outgoing):
    """The periods of a cycle: the months, the quarters, the half-years."""

    periods: list[Period]


class MissingEntries(Outgoing):
    """What a unit owes for an indicator and a period and has not handed in: the entries about
    `missing` of the `expected` units, of which the first are named."""

    unit: str
    indicator: str
    period: str
    expected: int
    missing: int
    missing_units: list[str]


class ClosedPeriod(Outgoing):
    """A period that was closed; `undecided` counts the entries about it that nobody has decided
    on, by state: those that are handed in can still be verified.

    `missing` counts the entries that are owed for it and the periods within it and were not handed
    in, which need a permission from now on; `owed` are the first duties that lack them, and
    `owed_more` how many others do. Marks from seats are owed by nobody.
    """

    period: str
    closed_at: dt.datetime
    undecided: dict[str, int]
    missing: int
    owed: list[MissingEntries]
    owed_more: int
    receipt: Receipt | None


class NewPeriodPermission(Incoming):
    """Leave for a unit to enter about a closed period, all or one `indicator`, `until` the end of a
    day in the scheme's time zone."""

    period: Word
    unit: Code
    indicator: Code | None = None
    until: dt.date
    reason: Text
    document_no: Text


class PeriodPermission(Outgoing):
    """A permission to enter about a closed period, and the entries that came in by it."""

    permission_no: int
    period: str
    unit: str
    indicator: str | None
    until: dt.date
    reason: str
    document_no: str
    granted_by: str
    granted_at: dt.datetime
    late_entries: list[UUID]


class PeriodPermissions(Outgoing):
    """The permissions that were given in a cycle, by number."""

    items: list[PeriodPermission]


class GrantedPermission(Outgoing):
    """A permission that was given."""

    permission_no: int
    valid_until: dt.datetime
    receipt: Receipt | None


@router.get("/periods", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def read_periods(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> CyclePeriods:
    """Give the months, quarters and half-years of a cycle, and which of them are closed."""
    permit.require()
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await require_intact(db, str(cycle_id), "period_closing", "ledger")
    row = await db.get(LedgerRow, cycle_id)
    periods = (row.periods if row else None) or NO_PERIODS
    shown = [_shown(each, periods) for each in periods_of(scheme.assessment_year)]
    return CyclePeriods(periods=shown)


def _shown(period: str, periods: Periods) -> Period:
    closing = periods.closing_of(Entering("", period, None, ""))
    return Period(
        period=period,
        state="open" if closing is None else "closed",
        by=closing and closing.period,
        closed_at=closing and closing.closed_at,
    )


@router.post(
    "/periods/{period}/closing",
    status_code=201,
    responses=documents(
        NoSuchPeriod,
        PeriodNotOver,
        PeriodClosed,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def close_period(
    cycle_id: UUID, period: PeriodName, db: Transaction, permit: Permit, ask: AskPeers
) -> ClosedPeriod:
    """Close a month, a quarter or a half-year that is over.

    From then on nothing about it is entered, handed in, restated or reversed, and nothing that
    happened in it, without a permission; no closing is taken back. What was handed in before is
    still verified or returned. With `mode=check` the answer names what is owed for it and not
    handed in, and nothing is closed.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    check_period(period, scheme.assessment_year)
    held = await _alone(db, cycle_id, permit)
    check_over(period, local_day(held.moment, scheme.time_zone))
    if held.periods.is_closed(period):
        raise PeriodClosed(f"{period} is closed already.", f"期间 {period} 已经关账。")
    closed_at = await now(db)
    db.add(
        PeriodClosingRow(
            cycle_id=cycle_id,
            period=period,
            closed_by=permit.caller.subject,
            closed_person=permit.caller.person,
            closed_at=closed_at,
        )
    )
    await _keep(db, cycle_id, held.periods.with_closed(period, closed_at))
    undecided = await _undecided(db, cycle_id, Periods().with_closed(period, closed_at))
    owed = await _owed(db, cycle_id, scheme, period, closed_at)
    missing = sum(len(each.missing) for each in owed)
    told = {"undecided": undecided, "missing": missing}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.period-closed",
        body={"period": period, "closed_at": closed_at.isoformat(), **told},
    )
    return ClosedPeriod(
        period=period,
        closed_at=closed_at,
        undecided=undecided,
        missing=missing,
        owed=[_missing(each) for each in owed[:MOST_SHOWN]],
        owed_more=max(0, len(owed) - MOST_SHOWN),
        receipt=receipt,
    )


async def _owed(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, period: str, moment: dt.datetime
) -> list[Lacking]:
    """Return what is owed for a period and those within it and had not come by a moment."""
    # In a thread: a year of many units has some hundred thousand cells.
    cells = await asyncio.to_thread(lambda: cells_within(cells_of(scheme), period))
    owed = duties_of(cells)
    signed = Signing(scheme).indicators
    came = await handed_in(db, cycle_id, moment, scheme.time_zone, cells_in(owed), signed=signed)
    return await asyncio.to_thread(lambda: list(lacking(owed, came)))


def _missing(each: Lacking) -> MissingEntries:
    return MissingEntries(
        **each.duty._asdict(),
        expected=each.expected,
        missing=len(each.missing),
        missing_units=list(each.missing[:MOST_SHOWN]),
    )


async def _alone(db: AsyncSession, cycle_id: UUID, permit: Permit) -> HeldPeriods:
    """Hold the ledger alone until the commit: who enters has done so, or finds it closed."""
    fresh = await open_ledger(db, cycle_id)
    held = await hold_periods(db, cycle_id, alone=True)
    require_open(held.phase)
    permit.require(phase=held.phase)
    if not fresh:  # else it has no past to compare
        await require_intact(db, str(cycle_id), "ledger", "period_closing", "period_permission")
    return held


async def _keep(db: AsyncSession, cycle_id: UUID, periods: Periods) -> None:
    await db.flush()
    row = update(LedgerRow).where(LedgerRow.cycle_id == cycle_id)
    await db.execute(row.values(periods=periods))


async def _undecided(db: AsyncSession, cycle_id: UUID, closed: Periods) -> dict[str, int]:
    """Count the entries about a period that nobody has decided on, by state."""
    ids = [entry_id for _, entry_id in await entries_in(db, cycle_id, UNDECIDED)]
    of = looked_up(cycle_id, ids)
    counts = dict[str, int]()
    for row in await db.execute(select(of.state, of.period, of.occurred_on)):
        if closed.closing_of(Entering("", row.period, row.occurred_on, "")) is not None:
            counts[row.state] = counts.get(row.state, 0) + 1
    return counts


@router.post(
    "/period-permissions",
    status_code=201,
    responses=documents(
        NoSuchPeriod,
        PeriodOpen,
        PermissionUseless,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def permit_entering(
    cycle_id: UUID, new: NewPeriodPermission, db: Transaction, permit: Permit, ask: AskPeers
) -> GrantedPermission:
    """Let a unit enter about a closed period until a day, for a reason.

    What it enters by that is marked as late for good. Where an `indicator` is named the unit is one
    that enters for it; what units say of their own progress is let in by one for all.
    """
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    zone = ZoneInfo(published.scheme.time_zone)
    check_period(new.period, published.scheme.assessment_year)
    units = {each.code for each in await ask.indicators.units()}
    held = await _alone(db, cycle_id, permit)
    _require_useful(new, published, units, held.moment.astimezone(zone).date())
    if not held.periods.is_closed(new.period):
        raise PeriodOpen(f"{new.period} is not closed.", f"期间 {new.period} 没有关账。")
    number = 1 + len(held.periods.leaves)
    midnight = dt.datetime.combine(new.until + dt.timedelta(days=1), dt.time(), zone)
    db.add(
        PeriodPermissionRow(
            cycle_id=cycle_id,
            permission_no=number,
            **new.model_dump(),
            valid_until=midnight,
            granted_by=permit.caller.subject,
            granted_person=permit.caller.person,
        )
    )
    leave = Leave(number, new.period, new.unit, new.indicator, midnight)
    await _keep(db, cycle_id, held.periods.with_leave(leave))
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.period-permitted",
        body={"permission_no": number, **new.model_dump(mode="json"), "sources": {new.unit: 1}},
    )
    return GrantedPermission(permission_no=number, valid_until=midnight, receipt=receipt)


def _require_useful(
    new: NewPeriodPermission, published: PublishedScheme, units: set[str], today: dt.date
) -> None:
    scheme = published.scheme
    codes = {code for each in scheme.categories for code in each.indicators()}
    faults = [
        *useless(
            new.until,
            today,
            has_unit=new.unit in units,
            has_indicator=new.indicator is None or new.indicator in codes,
            enters=new.unit in enterers(scheme, new.indicator),
        )
    ]
    if faults:
        en, zh = f"There are {len(faults)} fault(s).", f"有 {len(faults)} 处错误。"
        raise PermissionUseless(en, zh, faults=faults)


@router.get("/period-permissions", responses=documents(StoredDataAltered))
async def list_period_permissions(
    cycle_id: UUID, db: Snapshot, permit: Permit
) -> PeriodPermissions:
    """Give the permissions to enter about closed periods, and what came in late by each.

    A unit is given its own.
    """
    own = permit.caller.organisation
    is_all = permit.allows()
    permit.require(("own_unit",) if own else ())
    of, late = PeriodPermissionRow, LateEntryRow
    await require_intact(db, str(cycle_id), "period_permission", "late_entry")
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id).order_by(of.permission_no))
    entries = dict[int, list[UUID]]()
    for row in await db.scalars(select(late).where(late.cycle_id == cycle_id)):
        entries.setdefault(row.permission_no, []).append(row.entry_id)
    named = PeriodPermission.model_fields.keys() - {"late_entries"}
    return PeriodPermissions(
        items=[
            PeriodPermission(
                **{name: getattr(row, name) for name in named},
                late_entries=sorted(entries.get(row.permission_no, [])),
            )
            for row in rows
            if is_all or row.unit == own
        ]
    )
