"""What of a cycle is not closed when its ledger is sealed."""

import datetime as dt
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from scoring.queries.items import ItemAsked, latest_move
from scoring.rules.items.states import LEAD, OVER, UNTOLD
from scoring.rules.reports.left_open import OpenItem
from scoring.rules.reports.matters import ItemInHand
from scoring.tables.items import ItemRow, ItemUnitRow


async def open_items(db: AsyncSession, cycle_id: UUID) -> list[OpenItem]:
    """Return the supervised items that are not over, as they came."""
    of, at = ItemRow, latest_move()
    query = select(of.item_id, of.title, at.state, at.due).join(at, true())
    mine = of.cycle_id == cycle_id, at.state.not_in(OVER)
    return [OpenItem(*row) for row in await db.execute(query.where(*mine).order_by(of.number))]


async def items_in_hand(db: AsyncSession, cycle_id: UUID, unit: str) -> list[ItemInHand]:
    """Return the supervised items that are given to a unit and not closed, once it is told."""
    of, at, lead = ItemRow, latest_move(), aliased(ItemUnitRow)
    given = ItemAsked(unit=unit).conditions(at, dt.date.min, dt.date.min)
    query = (
        select(lead.unit, at.due, at.days_left)
        .select_from(of)
        .join(at, true())
        .join(lead, (lead.cycle_id == of.cycle_id) & (lead.item_id == of.item_id))
        .where(of.cycle_id == cycle_id, lead.step == at.assigned, lead.role == LEAD, *given)
        .where(at.state.not_in((*OVER, *UNTOLD)))
    )
    return [ItemInHand(*row) for row in await db.execute(query)]
