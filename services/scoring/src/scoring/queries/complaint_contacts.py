"""Questions about desks for complaints, and about what whoever raised one is reached by."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.followers import goes_with
from scoring.queries.complaints import StoredComplaint, whole_complaints
from scoring.rules.complaints.public import KEPT_AFTER, KEPT_AT_MOST
from scoring.rules.complaints.states import CLOSED, ENDED
from scoring.tables.complaint_contacts import (
    ComplaintContactReadingRow,
    ComplaintContactRow,
    ComplaintDeskRow,
    ComplaintErasureRow,
)
from scoring.tables.complaints import ComplaintMoveRow, ComplaintRow

CONTACT_TABLES = (
    "complaint_desk",
    "complaint_contact",
    "complaint_contact_reading",
    "complaint_erasure",
)


async def desk_of(db: AsyncSession, cycle_id: UUID) -> ComplaintDeskRow | None:
    """Return the latest word on the desk of a cycle, None where it was never opened."""
    of = ComplaintDeskRow
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.step.desc()).limit(1)
    return await db.scalar(query)


async def followed(
    db: AsyncSession, cycle_id: UUID, reference: str, token: str
) -> StoredComplaint | None:
    """Return the complaint that somebody has number and token of; in the same time one that is not
    there, and one whose token is another."""
    of = ComplaintRow
    row = await db.scalar(select(of).where(of.cycle_id == cycle_id, of.reference == reference))
    if not goes_with(row.token if row else None, token) or row is None:
        return None
    return (await whole_complaints(db, cycle_id, [row]))[row.complaint_id]


async def contact_of(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID, moment: dt.datetime
) -> ComplaintContactRow | None:
    """Return the sealed contact of a complaint; None where none was given, its time is over by a
    moment, or it was erased."""
    of = ComplaintContactRow
    here = of.cycle_id == cycle_id, of.complaint_id == complaint_id
    return await db.scalar(select(of).where(*here, ~_erased(), _over_at() > moment))


async def next_reading(db: AsyncSession, cycle_id: UUID, complaint_id: UUID) -> int:
    """Return the number of the next reading of a contact."""
    of = ComplaintContactReadingRow
    here = of.cycle_id == cycle_id, of.complaint_id == complaint_id
    return (await db.scalar(select(func.count()).select_from(of).where(*here)) or 0) + 1


class Overdue(NamedTuple):
    """How many contacts are still there whose time is over, and since when the first of them."""

    number: int
    since: dt.datetime | None


async def to_be_erased(db: AsyncSession, cycle_id: UUID, moment: dt.datetime) -> list[UUID]:
    """Return the complaints whose contact is to be erased by a moment."""
    of = ComplaintContactRow
    query = select(of.complaint_id).where(*_kept_too_long(cycle_id, moment))
    return [*await db.scalars(query.order_by(of.complaint_id).limit(1_000))]


async def overdue_contacts(
    db: AsyncSession, cycle_id: UUID, since: dt.timedelta = dt.timedelta()
) -> Overdue:
    """Return what is to be erased, counted; only what has been so long where that is asked."""
    moment = func.clock_timestamp() - since
    query = select(func.count(), func.min(_over_at())).select_from(ComplaintContactRow)
    found = (await db.execute(query.where(*_kept_too_long(cycle_id, moment)))).one()
    return Overdue(*found)


def _kept_too_long(
    cycle_id: UUID, moment: dt.datetime | ColumnElement[dt.datetime]
) -> tuple[ColumnElement[bool], ...]:
    return ComplaintContactRow.cycle_id == cycle_id, ~_erased(), _over_at() <= moment


def _erased() -> ColumnElement[bool]:
    of, gone = ComplaintContactRow, ComplaintErasureRow
    here = gone.cycle_id == of.cycle_id, gone.complaint_id == of.complaint_id
    return select(gone.complaint_id).where(*here).exists()


def _over_at() -> ColumnElement[dt.datetime]:
    """Return when the time of a contact is over: a while after the complaint was closed, at once
    where it ended without an answer to ask about, and a year after it was given in any case."""
    of, move = ComplaintContactRow, ComplaintMoveRow
    here = move.cycle_id == of.cycle_id, move.complaint_id == of.complaint_id
    needed = case((move.state == CLOSED, move.entered_at + KEPT_AFTER), else_=move.entered_at)
    ended = select(func.min(needed)).where(*here, move.state.in_(ENDED)).scalar_subquery()
    return func.least(of.given_at + KEPT_AT_MOST, ended)
