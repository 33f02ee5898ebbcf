"""Questions about the items of rectification reports, over cycles."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.items import latest_move
from scoring.rules.items.reports import ByHand, ReportKey
from scoring.rules.items.states import CALLED_OFF, LEAD
from scoring.tables.items import ItemRow, ItemUnitRow


async def items_of_reports(db: AsyncSession, cycles: Collection[UUID]) -> dict[ReportKey, ItemRow]:
    """Return the items that were opened for the reports of some cycles, in whichever cycle."""
    of = ItemRow
    mine = of.report_cycle_id.in_(cycles), of.restored_from.is_(None)
    rows = await db.scalars(select(of).where(*mine))
    return {
        (row.report_cycle_id, row.report_number): row
        for row in rows
        if row.report_cycle_id is not None and row.report_number is not None
    }


async def items_by_hand(db: AsyncSession, cycle_id: UUID) -> list[ByHand]:
    """Return the items of a cycle that a person registered by a document and nobody called off."""
    of, at, lead = ItemRow, latest_move(), ItemUnitRow
    query = (
        select(of.item_id, lead.unit, of.document_no)
        .select_from(of)
        .join(at, true())
        .join(lead, (lead.cycle_id == of.cycle_id) & (lead.item_id == of.item_id))
        .where(of.cycle_id == cycle_id, of.report_cycle_id.is_(None), of.restored_from.is_(None))
        .where(lead.step == at.assigned, lead.role == LEAD)
        .where(of.document_no.is_not(None), at.state != CALLED_OFF)
    )
    rows = await db.execute(query.order_by(of.number))
    return [ByHand(item_id, unit, number or "") for item_id, unit, number in rows]


async def rows_of(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> Sequence[ItemRow]:
    """Return some items of a cycle."""
    of = ItemRow
    return (await db.scalars(select(of).where(of.cycle_id == cycle_id, of.item_id.in_(ids)))).all()
