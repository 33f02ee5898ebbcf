"""Awards that were revoked after their year was sealed, and what is taken back of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.refusals import Fault, pointer
from scoring.api.claims.brought import Sheets, sheets_of
from scoring.api.claims.records import ClaimTransition, StoredClaim, read_claims
from scoring.queries.corrections import approved_corrections
from scoring.queries.counted import ledger_state
from scoring.queries.ledger import seen_phase
from scoring.rules.claims.checks import BONUS, NOTHING, Claim, ClaimContext
from scoring.rules.claims.decisions import decide_in, lost_without
from scoring.rules.claims.intake import not_revocable, revoked_with_others
from scoring.rules.claims.sharing import TakenBack
from scoring.rules.claims.states import HANDED_IN, ClaimCorrection, refuse_if, rested_on
from scoring.rules.corrections.claims import claim_corrections
from scoring.rules.ledger.states import SEALED
from scoring.tables.claims import ClaimRow


class Revoking(Protocol):
    """The fields of a claim by which an earlier one is revoked."""

    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def revokes(self) -> UUID | None: ...  # noqa: D102


Brought = Mapping[tuple[str, UUID], Decimal | None]
"""What claims brought their units, by unit and claim; None where that hangs on another award that
may be revoked too."""


async def revoked_points(
    db: AsyncSession,
    before: Mapping[UUID, ClaimContext],
    permit: Permission,
    phase: str,
    claims: Sequence[Revoking],
) -> Brought:
    """Return what their units would not have had in cycles before without the claims that the
    office revokes: what each brought, less what other claims then bring in its place."""
    named = [each.revokes for each in claims if each.revokes]
    reached = [*filter(permit.reached(), before)]
    if not (named and permit.allows((), phase)):
        return {}
    row = ClaimRow
    there = row.claim_id.in_(named) & (row.kind == BONUS) & row.cycle_id.in_(reached)
    rows = list(await db.scalars(select(row).where(there)))
    sheets = await sheets_of(db, rows)
    worth = {
        (each.unit, each.claim_id): await _brought_alone(db, each, rows, sheets, before)
        for each in rows
    }
    return {of: came for of, came in worth.items() if came is None or came > 0}


async def _brought_alone(
    db: AsyncSession,
    row: ClaimRow,
    besides: Collection[ClaimRow],
    sheets: Sheets,
    before: Mapping[UUID, ClaimContext],
) -> Decimal | None:
    """Return what a unit has by one of its claims alone, beside those whose awards are revoked;
    None where it would be something else if others were, that are to be."""
    sheet, context = sheets[row.cycle_id].get(row.unit), before[row.cycle_id]
    if not sheet:
        return NOTHING
    members = context.members(context.category_of(row.unit) or "")
    stored = (await ledger_state(db, row.cycle_id, sorted(members))).claims
    came = abs(sheet.get(row.claim_id, NOTHING))
    if not _is_as_fed_back(context, stored, sheet):
        return came  # the rules are others by now: what was fed back is what it brought
    gone, to_be = _revoked_or_to_be(await taken_back(db, await _of_its_year(db, row)))
    to_be |= {one.claim_id for one in besides if one.unit == row.unit}
    lost = lost_without(context, stored, gone, row.claim_id)
    then = lost_without(context, stored, (gone | to_be) - {row.claim_id}, row.claim_id)
    return lost if lost == then else None


def _revoked_or_to_be(back: Mapping[UUID, TakenBack]) -> tuple[set[UUID], set[UUID]]:
    """Return the claims whose awards are revoked, and those of which a revocation waits."""
    gone = {claim_id for claim_id, one in back.items() if one.points}
    return gone, {claim_id for claim_id, one in back.items() if one.waiting}


def _is_as_fed_back(
    context: ClaimContext, stored: Sequence[Claim], sheet: Mapping[UUID, Decimal]
) -> bool:
    """Say whether the rules decide the claims of a sheet as they did when it was fed back."""
    by_rules = {one.claim.claim_id: one.points for one in decide_in(context, stored)}
    return sheet.items() <= by_rules.items()


async def _of_its_year(db: AsyncSession, row: ClaimRow) -> list[ClaimRow]:
    """Return the claims for bonus of a claim's unit and year."""
    of = (ClaimRow.cycle_id == row.cycle_id) & (ClaimRow.unit == row.unit)
    return list(await db.scalars(select(ClaimRow).where(of & (ClaimRow.kind == BONUS))))


def not_brought(claims: Sequence[Revoking], found: Brought) -> dict[int, list[Fault]]:
    """Return the claims that revoke nothing that can be revoked, or not yet, by their places."""
    told = {
        n: found.get((claim.unit, claim.revokes), NOTHING)
        for n, claim in enumerate(claims)
        if claim.revokes is not None
    }
    return {
        n: [(revoked_with_others if brought is None else not_revocable)(pointer("claims", n))]
        for n, brought in told.items()
        if not brought
    }


async def refuse_undoing(
    db: AsyncSession, before: Collection[UUID], made: Sequence[ClaimTransition], at: str
) -> None:
    """Refuse transitions by which an award is revoked no more on which a later revocation rests: of
    another award of that unit and year, handed in since."""
    moved, resting = {each.claim.row.claim_id for each in made}, set[str]()
    undone = {each.row.revokes: each for each in _undone(made)}
    for row in await revoked_by(db, before, [*undone.values()]):
        later = await _revoked_since(db, row, undone[row.claim_id].entered_at)
        resting |= {one.row.claim_no for one in later if one.row.claim_id not in moved}
    refuse_if([rested_on(at, claim_no) for claim_no in sorted(resting)], len(made))


def _undone(made: Sequence[ClaimTransition]) -> list[StoredClaim]:
    """Return the claims by which awards were revoked that are not any more."""
    kept = {each.claim.row.revokes for each in made if each.standing.share is not None}
    changed = [each.claim for each in made if each.changes_what_is_revoked]
    return [one for one in changed if one.row.revokes not in kept]


async def _revoked_since(db: AsyncSession, row: ClaimRow, since: dt.datetime) -> list[StoredClaim]:
    """Return the claims that stand, were handed in since a moment, and revoke another award of a
    claim's unit and year."""
    others = {each.claim_id for each in await _of_its_year(db, row)} - {row.claim_id}
    read = await read_claims(db, ClaimRow.revokes.in_(others))
    stand = [one for one in read if one.counts or one.standing.state == HANDED_IN]
    return [one for one in stand if one.row.handed_in_at > since]


async def revoked_by(
    db: AsyncSession, before: Collection[UUID], claims: Collection[StoredClaim]
) -> list[ClaimRow]:
    """Return the claims of cycles before whose awards some claims revoke."""
    named = [each.row.revokes for each in claims if each.row.revokes]
    there = ClaimRow.cycle_id.in_(before) & ClaimRow.claim_id.in_(named)
    return list(await db.scalars(select(ClaimRow).where(there))) if named else []


async def taken_back(db: AsyncSession, rows: Collection[ClaimRow]) -> dict[UUID, TakenBack]:
    """Return what is taken back of awards, in whichever year, or would be; in a sealed ledger
    nothing waits any more."""
    found = defaultdict[UUID, TakenBack](TakenBack)
    named = {each.claim_id for each in rows}
    if not named:
        return found
    there = ClaimRow.revokes.in_(named)
    read = await read_claims(db, there)
    corrected = await _corrected(db, {one.row.cycle_id for one in read})
    for one in read:
        row, correction = one.row, corrected.get(one.row.claim_id)
        standing = correction.over(one.standing) if correction else one.standing
        waits = standing.state == HANDED_IN
        if row.revokes and not (waits and await seen_phase(db, row.cycle_id) == SEALED):
            worth = row.revoked_points or NOTHING
            found[row.revokes] = found[row.revokes].by(row.claim_no, standing, worth)
    return found


async def _corrected(db: AsyncSession, years: Collection[UUID]) -> dict[UUID, ClaimCorrection]:
    """Return what corrections of sealed years say of claims."""
    found = dict[UUID, ClaimCorrection]()
    for each in years:
        found |= claim_corrections(await approved_corrections(db, each))
    return found
