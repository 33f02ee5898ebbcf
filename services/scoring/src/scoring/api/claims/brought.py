"""What claims brought in earlier cycles, by the score sheets that were fed back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.stored import require_intact
from scoring.api.sheet.editions import scores_of
from scoring.peers import Cycle
from scoring.queries.ledger import seen_phase
from scoring.queries.sheet import find_sheet
from scoring.rules.claims.checks import NOTHING
from scoring.rules.ledger.states import SEALED
from scoring.tables.claims import ClaimRow
from scoring.tables.sheet import FeedbackRow, ScoreSheetRow, UnitScoreRow


def years_before(cycles: Sequence[Cycle], cycle_id: UUID) -> list[UUID]:
    """Return the cycles of earlier years, of the same division."""
    own = next((each for each in cycles if each.cycle_id == cycle_id), None)
    return [each.cycle_id for each in cycles if own is not None and own.comes_after(each)]


def years_after(cycles: Sequence[Cycle], cycle_id: UUID) -> list[UUID]:
    """Return the cycles of later years, of the same division."""
    own = next((each for each in cycles if each.cycle_id == cycle_id), None)
    return [each.cycle_id for each in cycles if own is not None and each.comes_after(own)]


async def brought(
    db: AsyncSession, cycle_id: UUID, units: Collection[str]
) -> dict[str, dict[UUID, Decimal]]:
    """Return what the claims of units came to, by the latest sheet of each that was computed of a
    sealed ledger and fed back; a unit without one is not in it.

    What was fed back the unit knows already, so that it learns nothing of an earlier year here.
    """
    if await seen_phase(db, cycle_id) != SEALED:
        return {}
    sheet, part, told = ScoreSheetRow, UnitScoreRow, FeedbackRow
    latest = await db.execute(
        select(part.unit, func.max(part.edition))
        .join(sheet, (sheet.cycle_id == part.cycle_id) & (sheet.edition == part.edition))
        .join(told, (told.cycle_id == part.cycle_id) & (told.edition == part.edition))
        .where(part.cycle_id == cycle_id, part.unit.in_(units), sheet.ledger_phase == SEALED)
        .group_by(part.unit)
    )
    editions = defaultdict[int, list[str]](list)
    for unit, edition in latest:
        editions[edition].append(unit)
    found = dict[str, dict[UUID, Decimal]]()
    for edition, scored in editions.items():
        kept = await scores_of(db, await find_sheet(db, cycle_id, edition), scored)
        found |= {unit: _points(text) for unit, text in kept.items()}
    return found


def _points(kept: bytes) -> dict[UUID, Decimal]:
    claims = orjson.loads(kept)["claims"]
    return {UUID(each["claim_id"]): Decimal(each["points"]) for each in claims}


Sheets = Mapping[UUID, Mapping[str, Mapping[UUID, Decimal]]]
"""What claims came to, by cycle and unit."""


async def sheets_of(db: AsyncSession, rows: Collection[ClaimRow]) -> Sheets:
    """Return what is settled of the years of claims and their units."""
    found = dict[UUID, dict[str, dict[UUID, Decimal]]]()
    for year in {each.cycle_id for each in rows}:
        mine = [each for each in rows if each.cycle_id == year]
        await require_intact(db, str(year), "claim", records={each.record for each in mine})
        found[year] = await brought(db, year, {each.unit for each in mine})
    return found


def came_to(row: ClaimRow, sheets: Sheets) -> Decimal | None:
    """Return what a claim came to, whether it gave or cost that; None where nobody knows yet."""
    sheet = sheets[row.cycle_id].get(row.unit)
    return None if sheet is None else abs(sheet.get(row.claim_id, NOTHING))
