"""Questions about desks for complaints, and about what whoever raised one is reached by."""

import datetime as dt
import hmac
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.complaints import StoredComplaint, whole_complaints
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
    db: AsyncSession, cycle_id: UUID, reference: str, digest: str
) -> StoredComplaint | None:
    """Return the complaint that somebody has number and token of; in the same time one that is not
    there, and one whose token is another."""
    of = ComplaintRow
    row = await db.scalar(select(of).where(of.cycle_id == cycle_id, of.reference == reference))
    known = (row.token if row else None) or "0" * 64
    if not hmac.compare_digest(known, digest) or row is None:
        return None
    return (await whole_complaints(db, cycle_id, [row]))[row.complaint_id]


async def contact_of(
    db: AsyncSession, cycle_id: UUID, complaint_id: UUID
) -> ComplaintContactRow | None:
    """Return the sealed contact of a complaint; None where none was given, or it was erased."""
    of, gone = ComplaintContactRow, ComplaintErasureRow
    erased = select(gone.complaint_id).where(
        gone.cycle_id == of.cycle_id, gone.complaint_id == of.complaint_id
    )
    here = of.cycle_id == cycle_id, of.complaint_id == complaint_id
    return await db.scalar(select(of).where(*here, ~erased.exists()))


async def next_reading(db: AsyncSession, cycle_id: UUID, complaint_id: UUID) -> int:
    """Return the number of the next reading of a contact."""
    of = ComplaintContactReadingRow
    here = of.cycle_id == cycle_id, of.complaint_id == complaint_id
    return (await db.scalar(select(func.count()).select_from(of).where(*here)) or 0) + 1


async def to_be_erased(
    db: AsyncSession, cycle_id: UUID, ended_by: dt.datetime, given_by: dt.datetime
) -> list[UUID]:
    """Return the complaints whose contact is to be erased: those that ended without an answer to
    ask about, those that were closed by a moment, and those whose contact was given by another."""
    of, move, gone = ComplaintContactRow, ComplaintMoveRow, ComplaintErasureRow
    erased = select(gone.complaint_id).where(
        gone.cycle_id == of.cycle_id, gone.complaint_id == of.complaint_id
    )
    ended = select(move.step).where(
        move.cycle_id == of.cycle_id,
        move.complaint_id == of.complaint_id,
        move.state.in_(ENDED),
        (move.state != CLOSED) | (move.entered_at <= ended_by),
    )
    over = (of.given_at <= given_by) | ended.exists()
    query = select(of.complaint_id).where(of.cycle_id == cycle_id, ~erased.exists(), over)
    return [*await db.scalars(query.order_by(of.complaint_id).limit(1_000))]
