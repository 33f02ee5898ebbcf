"""Vetoes and demotions: what responsible bodies report of a unit, kept for good."""

import datetime as dt
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery, Wanted
from chassis.problems import documents
from chassis.refusals import Conflict
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import after_number, hold_cycle, next_number
from ranking.rules.reports import (
    Report,
    ReportRejected,
    VetoLimitReached,
    check_report,
    check_veto_limit,
    relations_of,
    reporters_of_demotions,
    reporters_of_vetoes,
)
from ranking.tables import DemotionRow, VetoRow

router = Router(prefix="/cycles/{cycle_id}", tags=["vetoes and demotions"])

Row = TypeVar("Row", VetoRow, DemotionRow)


class AlreadyReported(Conflict):
    """This was reported of the unit before, by the same document."""

    zh = "该单位的同一事项已依据同一文件报送。"


class NewReport(Incoming):
    """A veto or demotion of a unit: its code in the scheme, and the document that decided it."""

    unit: Code
    code: Code
    document_no: Text
    decided_on: dt.date
    note: Text | None = None

    def report(self) -> Report:
        """Return the report as the rules see it."""
        return Report(self.unit, self.code, self.document_no, self.decided_on, self.note)


class Reported(Outgoing):
    """A veto or demotion on record; `number` counts the reports of its kind in the cycle."""

    number: int
    unit: str
    code: str
    document_no: str
    decided_on: dt.date
    note: str | None
    reported_by: str
    reported_at: dt.datetime


class VetoReported(Outgoing):
    """A veto that is now on record."""

    veto: Reported
    receipt: Receipt


class DemotionReported(Outgoing):
    """A demotion that is now on record."""

    demotion: Reported
    receipt: Receipt


@router.post(
    "/vetoes",
    status_code=201,
    responses=documents(
        AlreadyReported, PeerDown, PeerMissing, PeerRefused, ReportRejected, VetoLimitReached
    ),
)
async def report_veto(
    cycle_id: UUID, new: NewReport, db: Transaction, permit: Permit, ask: AskPeers
) -> VetoReported:
    """Put on record that a unit is vetoed; its grade is capped in every ranking from now on."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reporters, report = reporters_of_vetoes(scheme), new.report()
    check_report(scheme, reporters, report)
    permit.require(relations_of(reporters, report, permit.caller.unit))

    await hold_cycle(db, cycle_id)
    used = await db.scalars(select(VetoRow.code).where(VetoRow.cycle_id == cycle_id).distinct())
    check_veto_limit(scheme, frozenset(used), report.code)
    veto = await _keep(db, VetoRow, cycle_id, new, permit)
    receipt = await _record(db, "ranking.veto-reported", cycle_id, veto, permit)
    return VetoReported(veto=veto, receipt=receipt)


@router.get("/vetoes", responses=documents(StoredDataAltered))
async def list_vetoes(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[Reported]:
    """Give the vetoes of a cycle in the order in which they were reported."""
    return await _page(db, VetoRow, cycle_id, page)


@router.post(
    "/demotions",
    status_code=201,
    responses=documents(AlreadyReported, PeerDown, PeerMissing, PeerRefused, ReportRejected),
)
async def report_demotion(
    cycle_id: UUID, new: NewReport, db: Transaction, permit: Permit, ask: AskPeers
) -> DemotionReported:
    """Put on record an event that demotes a unit in every ranking from now on."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reporters, report = reporters_of_demotions(scheme), new.report()
    check_report(scheme, reporters, report)
    permit.require(relations_of(reporters, report, permit.caller.unit))

    await hold_cycle(db, cycle_id)
    demotion = await _keep(db, DemotionRow, cycle_id, new, permit)
    receipt = await _record(db, "ranking.demotion-reported", cycle_id, demotion, permit)
    return DemotionReported(demotion=demotion, receipt=receipt)


@router.get("/demotions", responses=documents(StoredDataAltered))
async def list_demotions(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[Reported]:
    """Give the reported demotions of a cycle in the order in which they were reported."""
    return await _page(db, DemotionRow, cycle_id, page)


async def _keep(
    db: AsyncSession, table: type[Row], cycle_id: UUID, new: NewReport, permit: Permit
) -> Reported:
    """Add a report under the next number of its kind, unless the same document made it before."""
    known = await db.scalar(
        select(table.number).where(
            table.cycle_id == cycle_id,
            table.unit == new.unit,
            table.code == new.code,
            table.document_no == new.document_no,
        )
    )
    if known is not None:
        raise AlreadyReported(f"It is number {known}.", f"已登记为第{known}号。", number=known)
    row = table(
        cycle_id=cycle_id,
        number=await next_number(db, table.number, cycle_id),
        reported_by=permit.caller.subject,
        **new.model_dump(),
    )
    db.add(row)
    await db.flush()
    return Reported.model_validate(row)


async def _record(
    db: AsyncSession, event: str, cycle_id: UUID, reported: Reported, permit: Permit
) -> Receipt:
    return await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=event,
        body=reported.model_dump(mode="json"),
    )


async def _page(db: AsyncSession, table: type[Row], cycle_id: UUID, page: Wanted) -> Page[Reported]:
    rows = await db.scalars(
        select(table)
        .where(table.cycle_id == cycle_id, table.number > after_number(page))
        .order_by(table.number)
        .limit(page.limit + 1)
    )
    await require_intact(db, str(cycle_id), table.__tablename__)
    found = [Reported.model_validate(row) for row in rows]
    return Page.of(found, page.limit, lambda report: str(report.number))
