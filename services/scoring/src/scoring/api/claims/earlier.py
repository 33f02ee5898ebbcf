"""What claims of other years have to do with one: awards that were revoked since, and events that
counted in earlier years, or count in later ones."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.refusals import Fault, pointer
from chassis.stored import require_intact
from scoring.api.claims.records import Event, StoredClaim, event_of, read_claims
from scoring.api.sheet.editions import scores_of
from scoring.peers import Cycle
from scoring.queries.ledger import seen_phase
from scoring.queries.sheet import find_sheet
from scoring.rules.claims.checks import BONUS, NOTHING, ClaimContext
from scoring.rules.claims.intake import not_revocable
from scoring.rules.claims.sharing import NO_EARLIER_YEAR, EarlierYears
from scoring.rules.claims.states import CONFIRMED, HANDED_IN
from scoring.rules.ledger.states import SEALED
from scoring.tables.claims import ClaimRow
from scoring.tables.sheet import FeedbackRow, ScoreSheetRow, UnitScoreRow


class Revoking(Protocol):
    """The fields of a claim by which an earlier one is revoked."""

    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def revokes(self) -> UUID | None: ...  # noqa: D102


Brought = Mapping[tuple[str, UUID], Decimal]
"""What claims brought their units, by unit and claim."""


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


async def revoked_points(
    db: AsyncSession,
    before: Collection[UUID],
    permit: Permission,
    phase: str,
    claims: Sequence[Revoking],
) -> Brought:
    """Return what the claims that the office revokes brought to their units in cycles before."""
    named = [each.revokes for each in claims if each.revokes]
    reached = [*filter(permit.reached(), before)]
    if not (named and permit.allows((), phase)):
        return {}
    row = ClaimRow
    there = row.claim_id.in_(named) & (row.kind == BONUS) & row.cycle_id.in_(reached)
    rows = list(await db.scalars(select(row).where(there)))
    sheets = await _sheets(db, rows)
    worth = {(each.unit, each.claim_id): _came_to(each, sheets) for each in rows}
    return {of: came for of, came in worth.items() if came}


Sheets = Mapping[UUID, Mapping[str, Mapping[UUID, Decimal]]]
"""What claims came to, by cycle and unit."""


async def _sheets(db: AsyncSession, rows: Collection[ClaimRow]) -> Sheets:
    """Return what is settled of the years of claims and their units."""
    found = dict[UUID, dict[str, dict[UUID, Decimal]]]()
    for year in {each.cycle_id for each in rows}:
        mine = [each for each in rows if each.cycle_id == year]
        await require_intact(db, str(year), "claim", records={each.record for each in mine})
        found[year] = await brought(db, year, {each.unit for each in mine})
    return found


def _came_to(row: ClaimRow, sheets: Sheets) -> Decimal | None:
    """Return what a claim came to, whether it gave or cost that; None where nobody knows yet."""
    sheet = sheets[row.cycle_id].get(row.unit)
    return None if sheet is None else abs(sheet.get(row.claim_id, NOTHING))


def not_brought(claims: Sequence[Revoking], found: Brought) -> dict[int, list[Fault]]:
    """Return the claims that revoke nothing that can be revoked, by their places."""
    return {
        n: [not_revocable(pointer("claims", n))]
        for n, claim in enumerate(claims)
        if claim.revokes is not None and (claim.unit, claim.revokes) not in found
    }


async def of_their_events(
    db: AsyncSession,
    before: Collection[UUID],
    claims: Collection[StoredClaim],
    context: ClaimContext,
) -> dict[UUID, EarlierYears]:
    """Return what the events of claims brought their units in cycles before, where the scheme looks
    at that."""
    asking = [each for each in claims if context.looks_back(each.claim)]
    if not asking:
        return {}
    row, standing = ClaimRow, (HANDED_IN, CONFIRMED)
    there = (row.cycle_id.in_(before)) & row.unit.in_({each.row.unit for each in asking})
    read = await read_claims(db, there)
    earlier = [each.row for each in read if each.standing.state in standing]
    sheets = await _sheets(db, earlier)
    return {each.row.claim_id: _of_event(each.row, earlier, sheets) for each in asking}


def _of_event(row: ClaimRow, earlier: Collection[ClaimRow], sheets: Sheets) -> EarlierYears:
    found = NO_EARLIER_YEAR
    for other in earlier:
        if event_of(other) == event_of(row):
            worth = _came_to(other, sheets)
            found = found.beside(other.claim_no, worth)
    return found


async def in_later_years(
    db: AsyncSession, after: Collection[UUID], claims: Collection[StoredClaim]
) -> dict[UUID, list[str]]:
    """Return the claims of later years that count beside what their events brought until then, by
    the claims on the same events."""
    if not (after and claims):
        return {}
    there = (ClaimRow.cycle_id.in_(after)) & ClaimRow.unit.in_({each.row.unit for each in claims})
    found = defaultdict[Event, list[str]](list)
    for one in await read_claims(db, there):
        looked_back = one.standing.earlier_points is not None
        if looked_back and one.standing.share is not None:
            found[event_of(one.row)].append(one.row.claim_no)
    return {
        each.row.claim_id: found[event_of(each.row)]
        for each in claims
        if each.row.revokes is None and event_of(each.row) in found
    }
