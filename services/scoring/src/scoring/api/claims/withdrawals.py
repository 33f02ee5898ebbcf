"""Withdrawal of claims (加减分撤回): by the claimant before confirmation, by the office after."""

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.wire import Incoming, Text
from scoring.api.claims.brought import years_before
from scoring.api.claims.confirmed_again import confirm_again
from scoring.api.claims.earlier import hold_their_events
from scoring.api.claims.records import ClaimTransition, StoredClaim
from scoring.api.claims.revocations import refuse_undoing
from scoring.api.claims.transitions import (
    REFUSALS,
    MovedClaims,
    actor_of,
    hold_claims,
    moved_claims,
    record_transitions,
)
from scoring.api.claims.turns import OwnTurn
from scoring.peers import AskPeers
from scoring.rules.claims.states import (
    HANDED_IN,
    WITHDRAWN,
    ClaimStanding,
    check_withdrawing,
    refuse_if,
)

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])


class NewClaimWithdrawal(Incoming):
    """Claims to be taken back, and why; for confirmed ones the document that it rests on."""

    claim_ids: Annotated[list[UUID], Field(min_length=1, max_length=200)]
    reason: Text
    document_no: Text | None = None


@router.post("/withdrawal", responses=REFUSALS)
async def withdraw_claims(
    cycle_id: UUID,
    new: NewClaimWithdrawal,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    turn: OwnTurn,
) -> MovedClaims:
    """Take claims back: a unit its own until they are confirmed, the performance office others
    too.

    With the claim of a unit that filed it for others too those of the others go that nobody has
    decided about.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    cycles = await ask.indicators.cycles()
    found, others = await hold_claims(db, cycle_id, permit, scheme, new.claim_ids, turn)
    await hold_their_events(db, cycles, cycle_id, found.values())
    faults, actor = list[Fault](), actor_of(permit.caller)
    for i, claim_id in enumerate(new.claim_ids):
        stored = found.get(claim_id)
        body = scheme.second_body_of(stored.row.unit) if stored else None
        parties, at = stored.parties if stored else None, pointer("claim_ids", i)
        faults += check_withdrawing(at, parties, actor, new.document_no, body)
    refuse_if(faults, len(new.claim_ids))

    standing = ClaimStanding(WITHDRAWN, reason=new.reason)
    gone = [found[claim_id] for claim_id in dict.fromkeys(new.claim_ids)]
    gone += _filed_with(gone, others)
    transitions = [ClaimTransition(one, standing) for one in gone]
    before = years_before(cycles, cycle_id)
    await refuse_undoing(db, before, transitions, pointer("claim_ids"))
    await confirm_again(db, cycles, cycle_id, transitions, others)
    await record_transitions(db, transitions, permit.caller, new.document_no)
    told = new.model_dump(mode="json")
    return await moved_claims(
        db, cycle_id, permit.caller, transitions, "scoring.claims-withdrawn", told
    )


def _filed_with(gone: Sequence[StoredClaim], others: Iterable[StoredClaim]) -> list[StoredClaim]:
    """Return the claims of other units that go with those of the units that filed them."""
    leaders = {one.row.claim_id for one in gone if one.standing.state == HANDED_IN}
    named = {one.row.claim_id for one in gone}
    return [
        one
        for one in others
        if one.row.filed_with in leaders
        and one.row.claim_id not in named
        and one.standing.state == HANDED_IN
    ]
