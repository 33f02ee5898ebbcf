"""Changes of the state of claims: locks while it is decided, new rows, and the answer about them.

Nothing is overwritten: a state is a row of its own, and an award that no longer counts is ended.
"""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.wire import Exact, Outgoing
from scoring.api.claims.records import (
    ClaimTransition,
    State,
    StoredClaim,
    hold_documents,
    on_documents,
    read_claims,
)
from scoring.api.claims.turns import Turn
from scoring.peers import PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import phase_of_ledger
from scoring.rules.claims.states import (
    LISTED,
    AwardKind,
    ClaimActor,
    ClaimsBusy,
    ClaimsRefused,
    ClaimStanding,
)
from scoring.rules.ledger.states import SECOND_BODY, LedgerSealed, require_open
from scoring.rules.ledger.writing import plain_item
from scoring.rules.scheme.document import Scheme
from scoring.tables.claims import ClaimRow, ClaimStateRow, CountedAwardRow

REFUSALS = documents(ClaimsBusy, ClaimsRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused)


class MovedClaim(Outgoing):
    """Where a claim stands now; `share` is what it takes of its award, null for nothing."""

    claim_id: UUID
    claim_no: str
    state: State
    award: AwardKind | None
    share: Exact | None


class MovedClaims(Outgoing):
    """The claims that were moved, with the receipt of the journal."""

    claims: list[MovedClaim]
    receipt: Receipt | None


async def hold_claims(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    scheme: Scheme,
    ids: Sequence[UUID],
    turn: Turn,
) -> tuple[dict[UUID, StoredClaim], list[StoredClaim]]:
    """Return the claims and all others on their documents, locked against others until the commit.

    It waits for the turn of the request before it asks the database anything. Of a claim that the
    caller may not know of nothing is returned.
    """
    await turn.take()
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    named = (ClaimRow.cycle_id == cycle_id) & ClaimRow.claim_id.in_(ids)
    first = await read_claims(db, named)
    permit.require(_relations(permit.caller, scheme), phase)
    # A unit is not told that there is a claim of another.
    office = permit.allows((), phase)
    mine = [one for one in first if office or _concerns(one, permit.caller, scheme)]
    await hold_documents(db, {one.row.fingerprint for one in mine})
    others = await read_claims(db, on_documents(mine)) if mine else []
    wanted = {one.row.claim_id for one in mine}
    return {one.row.claim_id: one for one in others if one.row.claim_id in wanted}, others


def _concerns(stored: StoredClaim, caller: Caller, scheme: Scheme) -> bool:
    return caller.organisation in {stored.row.unit, scheme.second_body_of(stored.row.unit)}


def _relations(caller: Caller, scheme: Scheme) -> set[str]:
    if caller.organisation is None:
        return set()
    bodies = {each.body for each in scheme.recusals}
    return {"own_unit"} | ({"second_body"} if caller.organisation in bodies else set())


def actor_of(caller: Caller) -> ClaimActor:
    """Return the caller as the person who changes the state of claims."""
    roles = caller.roles
    return ClaimActor(
        caller.person, caller.organisation, "assessed_unit" in roles, SECOND_BODY in roles
    )


async def record_transitions(
    db: AsyncSession,
    transitions: Sequence[ClaimTransition],
    caller: Caller,
    document_no: str | None = None,
) -> None:
    """Add the states; end what the claims took so far, and let count what they take now."""
    row = CountedAwardRow
    await db.execute(
        update(row)
        .where(
            row.claim_id.in_([each.claim.row.claim_id for each in transitions]),
            row.ended_at.is_(None),
        )
        .values(ended_at=func.statement_timestamp())
    )
    for transition in transitions:
        claim, standing = transition.claim.row, transition.standing
        key = {
            "cycle_id": claim.cycle_id,
            "claim_id": claim.claim_id,
            "step": transition.claim.step + 1,
        }
        db.add(
            ClaimStateRow(
                **key,
                state=standing.state,
                award=standing.award,
                item=standing.item,
                counts=standing.counts,
                counted_earlier=standing.counted_earlier,
                proposed=standing.proposed,
                proposed_points=standing.proposed_points,
                against=standing.against,
                earlier_points=standing.earlier_points,
                agreed=transition.claim.agreed if transition.agreed is None else transition.agreed,
                actor=caller.subject,
                person=caller.person,
                reason=standing.reason,
                document_no=document_no,
            )
        )
        if standing.share is not None:
            db.add(CountedAwardRow(**key, **_taken(claim, standing), share=standing.share))
    await db.flush()


def _taken(claim: ClaimRow, standing: ClaimStanding) -> dict[str, object]:
    """Return what of its document a claim takes: which award, for which unit and named holder."""
    return {
        "fingerprint": claim.fingerprint,
        "item": plain_item(standing.item or ""),
        "unit": claim.unit,
        "holder": plain_item(claim.holder_name or ""),
        "listed": standing.award == LISTED,
    }


async def moved_claims(
    db: AsyncSession,
    cycle_id: UUID,
    caller: Caller,
    transitions: Sequence[ClaimTransition],
    event: str,
    told: object,
) -> MovedClaims:
    """Enter what was done into the journal, and return where the claims stand."""
    claims = [
        MovedClaim(
            claim_id=transition.claim.row.claim_id,
            claim_no=transition.claim.row.claim_no,
            state=transition.standing.state,
            award=transition.standing.award,
            share=transition.standing.share,
        )
        for transition in transitions
    ]
    units = Counter(transition.claim.row.unit for transition in transitions)
    shown = [claim.model_dump(mode="json") for claim in claims]
    body = {"asked": told, "claims": shown, "units": dict(units)}
    receipt = await journal.record(db, chain=str(cycle_id), caller=caller, event=event, body=body)
    return MovedClaims(claims=claims, receipt=receipt)
