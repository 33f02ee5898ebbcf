"""What events that counted in earlier years, or count in later ones, have to do with a claim."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from scoring.api.claims.brought import came_to, sheets_of, years_after, years_before
from scoring.api.claims.records import (
    Event,
    StoredClaim,
    event_of,
    hold_events,
    read_claims,
)
from scoring.api.claims.revocations import revoked_by, taken_back
from scoring.peers import Cycle
from scoring.rules.claims.checks import ClaimContext
from scoring.rules.claims.sharing import NO_EARLIER_YEAR, EarlierYears
from scoring.rules.claims.states import CONFIRMED
from scoring.tables.claims import ClaimRow


async def hold_their_events(
    db: AsyncSession, cycles: Sequence[Cycle], cycle_id: UUID, claims: Collection[StoredClaim]
) -> None:
    """Let nobody else decide, in another year, about claims on the events that these are about, or
    the awards that they revoke."""
    if years_before(cycles, cycle_id) or years_after(cycles, cycle_id):
        revoked = await revoked_by(db, years_before(cycles, cycle_id), claims)
        await hold_events(db, {event_of(each.row) for each in claims} | {*map(event_of, revoked)})


async def of_their_events(
    db: AsyncSession,
    cycles: Sequence[Cycle],
    cycle_id: UUID,
    claims: Collection[StoredClaim],
    context: ClaimContext,
) -> dict[UUID, EarlierYears]:
    """Return what the events of claims brought their units in cycles before, where the scheme looks
    at that. What was taken back since is not brought, and taking back is no penalty for an event.
    """
    asking = {each.row.claim_id: each.row for each in claims if context.looks_back(each.claim)}
    if not asking:
        return {}
    before, events = years_before(cycles, cycle_id), {*map(event_of, asking.values())}
    there = (ClaimRow.cycle_id.in_(before)) & ClaimRow.unit.in_({of[0] for of in events})
    earlier = [
        each.row
        for each in await read_claims(db, there & ClaimRow.revokes.is_(None))
        if each.may_bring and event_of(each.row) in events
    ]
    sheets = await sheets_of(db, earlier)
    back = await taken_back(db, earlier)
    found = dict.fromkeys(events, NO_EARLIER_YEAR)
    for row in earlier:
        of = event_of(row)
        found[of] = found[of].beside(row.claim_no, came_to(row, sheets), back[row.claim_id])
    return {claim_id: found[event_of(row)] for claim_id, row in asking.items()}


async def in_later_years(
    db: AsyncSession, cycles: Sequence[Cycle], cycle_id: UUID, claims: Collection[StoredClaim]
) -> dict[UUID, list[str]]:
    """Return the claims of later years that count beside what their events brought until then, by
    the claims on the same events; none whose award was revoked since."""
    after, mine = years_after(cycles, cycle_id), [each.row for each in claims]
    events = {event_of(row) for row in mine if row.revokes is None}
    found = defaultdict[Event, list[str]](list)
    for row in await _counting(db, after, events) if after and events else ():
        found[event_of(row)].append(row.claim_no)
    return {row.claim_id: found[event_of(row)] for row in mine if row.revokes is None}


async def _counting(
    db: AsyncSession, years: Collection[UUID], events: Collection[Event]
) -> list[ClaimRow]:
    """Return the claims of years that count beside what their events brought before."""
    rows = [each.row for each in await looking_back(db, years, events) if each.counts]
    back = await taken_back(db, rows)
    return [row for row in rows if not back[row.claim_id].points]


async def looking_back(
    db: AsyncSession, years: Collection[UUID], events: Collection[Event]
) -> list[StoredClaim]:
    """Return the confirmed claims on events for which it was put down what these brought before."""
    there = (ClaimRow.cycle_id.in_(years)) & ClaimRow.unit.in_({unit for unit, _, _ in events})
    return [
        one
        for one in await read_claims(db, there)
        if one.standing.state == CONFIRMED
        and one.standing.earlier_points is not None
        and event_of(one.row) in events
    ]
