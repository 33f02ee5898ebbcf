"""Claims that are to be confirmed again, because what that rested on stands no longer.

It follows from what somebody does with another claim, and is nobody's own decision.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.identity import Caller
from scoring.api.claims.brought import years_after, years_before
from scoring.api.claims.earlier import looking_back
from scoring.api.claims.records import ClaimTransition, StoredClaim, event_of
from scoring.api.claims.revocations import revoked_by
from scoring.api.claims.transitions import record_transitions
from scoring.peers import Cycle
from scoring.queries.ledger import phase_of_ledger
from scoring.rules.claims.sharing import left_alone
from scoring.rules.claims.states import HANDED_IN, SAME, ClaimStanding
from scoring.rules.ledger.states import SEALED

BY_RULE = Caller("claims", frozenset(), None, "claims")
"""Who moves a claim because another one moved: no unit learns who and which."""


async def confirm_again(
    db: AsyncSession,
    cycles: Sequence[Cycle],
    cycle_id: UUID,
    made: Sequence[ClaimTransition],
    on_documents: Sequence[StoredClaim],
) -> None:
    """Have claims confirmed again, of this and other cycles, whose confirmation rested on what
    these transitions change; those of sealed ledgers stay as they are.

    It comes before what they do: an entry of the journal vouches for what was written before it in
    its cycle alone.
    """
    by_cycle = defaultdict[UUID, list[ClaimTransition]](list)
    again = _gave_way_in_vain(made, on_documents)
    again += await _events_look_otherwise(db, cycles, cycle_id, made)
    left = {each.claim.row.claim_id: each for each in again}
    for claim_id in left.keys() - {each.claim.row.claim_id for each in made}:
        by_cycle[left[claim_id].claim.row.cycle_id].append(left[claim_id])
    for of, moved in sorted(by_cycle.items()):
        if of != cycle_id and await phase_of_ledger(db, of) == SEALED:
            continue
        await record_transitions(db, moved, BY_RULE)
        claims = [{"claim_id": str(each.claim.row.claim_id)} for each in moved]
        units = Counter(each.claim.row.unit for each in moved)
        await journal.record(
            db,
            chain=str(of),
            caller=BY_RULE,
            event="scoring.claims-to-confirm-again",
            body={"claims": claims, "units": dict(units)},
            last=False,
        )


def _gave_way_in_vain(
    made: Sequence[ClaimTransition], on_documents: Sequence[StoredClaim]
) -> list[ClaimTransition]:
    """Return what has to be confirmed again after some transitions: what gave way to a claim on its
    document in which their award does not count."""
    after = {one.row.claim_id: one.standing for one in on_documents}
    after |= {each.claim.row.claim_id: each.standing for each in made}
    left = left_alone(after)
    standing = ClaimStanding(HANDED_IN, SAME)
    return [ClaimTransition(one, standing) for one in on_documents if one.row.claim_id in left]


async def _events_look_otherwise(
    db: AsyncSession, cycles: Sequence[Cycle], cycle_id: UUID, made: Sequence[ClaimTransition]
) -> list[ClaimTransition]:
    """Return what has to be confirmed again after some transitions: claims of later years on the
    event of an award that was revoked, or is not any more."""
    changed = [each.claim for each in made if each.changes_what_is_revoked]
    again = dict[UUID, ClaimTransition]()
    for row in await revoked_by(db, years_before(cycles, cycle_id), changed):
        for one in await looking_back(db, years_after(cycles, row.cycle_id), {event_of(row)}):
            standing = ClaimStanding(HANDED_IN, earlier_points=one.standing.earlier_points)
            again[one.row.claim_id] = ClaimTransition(one, standing)
    return [*again.values()]
