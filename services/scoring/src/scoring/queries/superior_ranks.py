"""Questions about places in the superior's lists: those that count, and to whom none apply."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.stored import require_intact
from scoring.queries.planning import AS_ALWAYS, BY_INDEX
from scoring.rules.ledger.entries import NOT_APPLICABLE, SUPERIOR_RANK
from scoring.rules.ledger.states import COUNTED
from scoring.rules.reports.superior_ranks import Cell, Place


async def places_of(db: AsyncSession, cycle_id: UUID, cells: Sequence[Cell]) -> list[Place]:
    """Return the verified places of some units and indicators; refuse them if they are not what
    the journal recorded."""
    if not cells:
        return []
    driver, asked = await driver_of(db), list(zip(*cells, strict=True))
    await driver.execute(BY_INDEX)
    rows = await driver.fetch(_PLACES, cycle_id, *asked, SUPERIOR_RANK, COUNTED)
    await driver.execute(AS_ALWAYS)
    records = {row["record"] for row in rows}
    tables = "ledger_entry", "ledger_entry_state"
    await require_intact(db, str(cycle_id), *tables, records=records)
    return [Place(*tuple(row)[: len(Place._fields)]) for row in rows]


async def not_applicable_to(db: AsyncSession, cycle_id: UUID, cells: Sequence[Cell]) -> set[Cell]:
    """Return those of some units and indicators of which it is verified that they do not apply."""
    if not cells:
        return set()
    driver, asked = await driver_of(db), list(zip(*cells, strict=True))
    await driver.execute(BY_INDEX)
    rows = await driver.fetch(_NOT_APPLICABLE, cycle_id, *asked, NOT_APPLICABLE, COUNTED)
    await driver.execute(AS_ALWAYS)
    return {Cell(*row) for row in rows}


# Cell by cell, whatever is guessed of their number.
_NOT_APPLICABLE = """
    SELECT cell.indicator, cell.unit
    FROM unnest($2::text[], $3::text[]) AS cell (indicator, unit) CROSS JOIN LATERAL (
      SELECT FROM ledger_entry l
      WHERE l.cycle_id = $1 AND l.unit = cell.unit AND l.indicator = cell.indicator
        AND l.kind = $4 AND l.state = ANY ($5) LIMIT 1) e
    """


_PLACES = """
    SELECT e.entry_id, e.unit, e.indicator, e.period, e.value, e.listed, e.published_value,
      e.document_no, e.document_date, e.occurred_on, e.note, e.record
    FROM unnest($2::text[], $3::text[]) AS cell (indicator, unit) CROSS JOIN LATERAL (
      SELECT * FROM ledger_entry l
      WHERE l.cycle_id = $1 AND l.unit = cell.unit AND l.indicator = cell.indicator
        AND l.kind = $4 AND l.state = ANY ($5) OFFSET 0) e
    ORDER BY e.indicator, e.unit, e.number
    """
