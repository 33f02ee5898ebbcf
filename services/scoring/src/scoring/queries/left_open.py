"""What of a cycle is not closed when its ledger is sealed."""

from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.items import latest_move
from scoring.rules.items.states import CALLED_OFF, CLOSED
from scoring.rules.reports.left_open import OpenItem
from scoring.tables.items import ItemRow

OVER = (CLOSED, CALLED_OFF)
"""The states of supervised items in which nobody has to do anything."""


async def open_items(db: AsyncSession, cycle_id: UUID) -> list[OpenItem]:
    """Return the supervised items that are neither closed nor called off, as they came."""
    of, at = ItemRow, latest_move()
    query = select(of.item_id, of.title, at.state, at.due).join(at, true())
    mine = of.cycle_id == cycle_id, at.state.not_in(OVER)
    return [OpenItem(*row) for row in await db.execute(query.where(*mine).order_by(of.number))]
