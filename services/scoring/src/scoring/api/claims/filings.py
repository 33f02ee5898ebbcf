"""Claims that several units hand in together (共同申报): who is named, and what each says of it."""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.elsewhere import NOT_ASKED, Elsewhere
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from scoring.api.claims.records import ClaimTransition, Share, StoredClaim
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
from scoring.rules.claims.filings import answer_faults
from scoring.rules.claims.states import HANDED_IN, WITHDRAWN, ClaimStanding, refuse_if

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])


class NewPartner(Incoming):
    """A unit that has an award together with the unit that claims it, as the document names it.

    `share` is what it shall have, where the scheme shares a joint award.
    """

    unit: Code
    holder_name: Text
    share: Share | None = None
    linked_indicator: Code | None = None


class FiledTogether(Outgoing):
    """A unit's part of a claim that several filed together: its claim, the name and the share that
    were proposed, and what it says of that, null until it does.

    The unit that `leads` has filed it, and agrees; one that took its part back does not.
    """

    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    claim_id: UUID
    holder_name: str | None
    share: Exact | None
    leads: bool
    agrees: bool | None
    reason: str | None


class NewAnswer(Incoming):
    """Whether the own unit agrees to what another has filed for both; why, where it does not."""

    claim_id: UUID
    agrees: bool
    reason: Text | None = None


class NewAnswers(Incoming):
    """Answers that are given together or not at all."""

    answers: Annotated[list[NewAnswer], Field(min_length=1, max_length=200)]


@router.post("/answers", responses=REFUSALS)
async def answer_joint_claims(
    cycle_id: UUID, new: NewAnswers, db: Transaction, permit: Permit, ask: AskPeers, turn: OwnTurn
) -> MovedClaims:
    """Agree, for the own unit, to claims that another unit has filed for both, or object with a
    reason.

    The last answer before the claim is decided about holds. What all agree to may be decided about
    as it was filed; otherwise whoever confirms it decides, with a reason.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    ids = [each.claim_id for each in new.answers]
    found, _ = await hold_claims(db, cycle_id, permit, scheme, ids, turn)
    faults, actor = list[Fault](), actor_of(permit.caller)
    for i, answer in enumerate(new.answers):
        stored, at = found.get(answer.claim_id), pointer("answers", i)
        parties, filed = (stored.parties, stored.filed) if stored else (None, None)
        faults += answer_faults(at, parties, filed, actor)
        if not answer.agrees and answer.reason is None:
            faults.append(Fault(f"{at}/reason", "missing", "Say why.", "不同意的须写明理由。"))
        if answer.claim_id in ids[:i]:
            en, zh = "This claim stands here twice.", "同一申报重复。"
            faults.append(Fault(f"{at}/claim_id", "named-twice", en, zh))
    refuse_if(faults, len(ids))
    transitions = [
        ClaimTransition(
            found[each.claim_id], ClaimStanding(HANDED_IN, reason=each.reason), agreed=each.agrees
        )
        for each in new.answers
    ]
    await record_transitions(db, transitions, permit.caller)
    told = [each.model_dump(mode="json") for each in new.answers]
    return await moved_claims(
        db, cycle_id, permit.caller, transitions, "scoring.claims-answered", told
    )


def filed_together(stored: StoredClaim, found: Collection[StoredClaim]) -> list[FiledTogether]:
    """Return what each unit has in the filing of a claim, the one that leads first; nothing of a
    claim that a unit has handed in by itself."""
    return [_part(one) for one in stored.together(found)]


def _part(one: StoredClaim) -> FiledTogether:
    # What was confirmed is taken back with a document, and is not told before the release.
    is_out = one.standing.state == WITHDRAWN and one.document_no is None
    agrees = True if one.leads else one.agreed
    return FiledTogether(
        unit=one.row.unit,
        claim_id=one.row.claim_id,
        holder_name=one.row.holder_name,
        share=one.row.proposed_share,
        leads=one.leads,
        agrees=False if is_out else agrees,
        reason=one.standing.reason if is_out else one.last_answer,
    )
