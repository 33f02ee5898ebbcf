"""What warnings look at: all entries that count or wait to, read part by part."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from sqlalchemy import Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from scoring.queries.ledger import one_of
from scoring.rules.ledger.entries import PANEL_MARK, REVERSAL
from scoring.rules.ledger.states import HELD
from scoring.rules.reports.entered import Entered
from scoring.tables.items import ItemEventRow
from scoring.tables.ledger import LedgerEntryRow

_PART = 5_000
"""How many entries are read from the database at a time."""


async def read_entered(
    db: AsyncSession,
    cycle_id: UUID,
    time_zone: str,
    units: Collection[str] | None,
    take: Callable[[Sequence[Entered]], None],
) -> None:
    """Give `take` the entries about some units, or about all, in order of arrival, without marks
    from seats; the days on which they were written are those of a time zone."""
    of = LedgerEntryRow.__table__.c
    day = cast(func.timezone(time_zone, of.entered_at), Date).label("entered_on")
    columns = [of[name] for name in Entered._fields if name in of]
    earned = ItemEventRow.__table__.c
    of_item = select(earned.step).where(earned.entry_id == of.entry_id).exists().label("of_item")
    wanted = select(*columns, day, of_item).where(
        of.cycle_id == cycle_id,
        of.state.in_(HELD),
        of.kind.not_in((REVERSAL, PANEL_MARK)),
        *(() if units is None else (one_of(of.unit, units),)),
    )
    in_parts = wanted.order_by(of.number).execution_options(yield_per=_PART)
    rows = await (await db.connection()).stream(in_parts)
    async for part in rows.partitions():
        take([Entered._make(row) for row in part])
