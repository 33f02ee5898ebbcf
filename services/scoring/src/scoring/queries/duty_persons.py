"""Who has been named to be in charge of duties, by a moment."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.pages import PageRequest
from scoring.rules.duties.in_charge import Assignment, InCharge
from scoring.tables.duties import DutyPersonRow


async def assignments(db: AsyncSession, cycle_id: UUID, at: dt.datetime) -> list[Assignment]:
    """Return who had been named by a moment, as they came."""
    of = DutyPersonRow
    query = select(of.unit, of.indicator, of.from_day, of.lead, of.deputy).order_by(of.number)
    rows = await db.execute(query.where(of.cycle_id == cycle_id, of.assigned_at <= at))
    return [Assignment(*row[:3], InCharge(*row[3:])) for row in rows]


async def assignments_on_page(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, units: Collection[str] | None
) -> Sequence[DutyPersonRow]:
    """Return the assignments of a page and one more, as they came, of some units or of all."""
    of = DutyPersonRow
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.number).limit(page.limit + 1)
    if units is not None:
        query = query.where(of.unit.in_(units))
    if page.after is not None:
        before = select(of.number).where(of.cycle_id == cycle_id, of.assignment_id == page.after_id)
        if units is not None:
            before = before.where(of.unit.in_(units))
        number = await db.scalar(before)
        if number is None:
            raise page.no_such_place()
        query = query.where(of.number > number)
    return (await db.scalars(query)).all()
