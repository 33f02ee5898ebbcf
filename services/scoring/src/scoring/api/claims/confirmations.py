"""Confirmation of claims (加减分认定) by another person, who says which award each is about."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.identity import Caller
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.wire import Exact, Incoming, Text
from scoring.api.claims.brought import years_before
from scoring.api.claims.confirmed_again import confirm_again
from scoring.api.claims.earlier import (
    hold_their_events,
    in_later_years,
    of_their_events,
)
from scoring.api.claims.records import ClaimTransition, Share, StoredClaim, context_of
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
from scoring.peers import AskPeers, Cycle
from scoring.queries.evidence import evidence_of_claims
from scoring.rules.claims.checks import BONUS, ClaimContext, propose, wants_evidence
from scoring.rules.claims.confirmation import (
    ConfirmationOutcome,
    confirmed,
    faults_of,
    shares_of_others,
    unambiguous,
    unused,
)
from scoring.rules.claims.filings import as_filed, not_as_filed
from scoring.rules.claims.sharing import ClaimCase, EarlierYears, Ruling, rivals
from scoring.rules.claims.states import (
    AS_FILED,
    CONFIRMED,
    HANDED_IN,
    JOINT,
    SAME,
    RuledAs,
    check_confirming,
    evidence_missing,
    refuse_if,
)
from scoring.rules.ledger.writing import plain_item
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])


class NewShare(Incoming):
    """What a claim takes of a joint award: above 0, and 1 at most for all of them together."""

    claim_id: UUID
    share: Share


class NewAward(Incoming):
    """Which award a claim is about, where its document was claimed elsewhere too.

    `joint`: the award of several, with the share of each in `shares`. `another_award`: another one
    in the same document, told apart by `item`. `same`: it counts once, in the claim `counts`.
    `listed`: the list of the document names this holder beside others, and it counts for each.
    `as_filed`: what the units that filed it together propose and all agree to, for each of their
    claims that the caller decides about.
    """

    kind: RuledAs
    item: Text | None = None
    shares: Annotated[tuple[NewShare, ...], Field(max_length=200)] = ()
    counts: UUID | None = None


class CountedEarlier(Incoming):
    """Whether the award counted in the year before, which is not in the system, and why so."""

    counted: bool
    reason: Text


class NewPoints(Incoming):
    """Points that a claim is worth against what the rules propose, before its share and caps."""

    points: Annotated[Exact, Field(gt=0, le=1000)]


class NewDecision(Incoming):
    """A decision on a claim; a rejection needs a reason, and so does deciding anew.

    Without `against` it is worth what the rules propose; with it what is given there, which needs a
    reason and is no more than what the dearest rule gives.
    """

    claim_id: UUID
    decision: Literal["confirmed", "rejected"]
    reason: Text | None = None
    award: NewAward | None = None
    counted_earlier: CountedEarlier | None = None
    against: NewPoints | None = None

    def ruling(self) -> Ruling:
        """Return the decision as the rules know it."""
        award, earlier = self.award, self.counted_earlier
        return Ruling(
            self.decision,
            self.reason,
            award.kind if award else None,
            award.item if award else None,
            {each.claim_id: each.share for each in award.shares} if award else {},
            award.counts if award else None,
            earlier.counted if earlier else None,
            earlier.reason if earlier else None,
            self.against.points if self.against else None,
        )

    def sharers(self) -> list[UUID]:
        """Return the claims that are given shares, as they stand."""
        return [each.claim_id for each in self.award.shares] if self.award else []


class NewConfirmation(Incoming):
    """Decisions on claims that are made together or not at all."""

    decisions: Annotated[list[NewDecision], Field(min_length=1, max_length=200)]


@router.post("/confirmation", responses=REFUSALS)
async def confirm_claims(
    cycle_id: UUID,
    new: NewConfirmation,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    turn: OwnTurn,
) -> MovedClaims:
    """Confirm or reject claims that somebody else handed in about another unit than the caller's
    own.

    Where the document was claimed elsewhere, in any unit, category or cycle, say which award it is.
    A bonus of which the scheme wants evidence is confirmed once it names some.
    """
    context = await context_of(ask, cycle_id)
    scheme = context.scheme
    cycles = await ask.indicators.cycles()
    earlier_known = _year_before_is_known(cycles, cycle_id)

    ids = [decision.claim_id for decision in new.decisions]
    found, others = await hold_claims(db, cycle_id, permit, scheme, ids, turn)
    decided = list(_decided(new, found, others, permit.caller, context))
    about = {each.claim_id for each in decided}
    found |= {one.row.claim_id: one for one in others if one.row.claim_id in about}
    years = await _other_years(db, cycles, cycle_id, found.values(), context)
    cases = {each: _case(one, others, context, earlier_known, years) for each, one in found.items()}
    faults = list(_repeated(decided, cases))
    for each in decided:
        stored, case = found.get(each.claim_id), cases.get(each.claim_id)
        faults += _faults(each, stored, case, permit.caller, scheme)
    faults += await _unsupported(db, cycle_id, decided, found, context)
    refuse_if(faults, len(decided))

    transitions, beside = list[ClaimTransition](), {one.row.claim_id: one for one in others}
    for each in decided:
        outcome = confirmed(cases[each.claim_id], each.ruling)
        transitions += _transitions(found[each.claim_id], each.ruling, outcome, beside)
    before = years_before(cycles, cycle_id)
    await refuse_undoing(db, before, transitions, pointer("decisions"))
    await confirm_again(db, cycles, cycle_id, transitions, others)
    await record_transitions(db, transitions, permit.caller)
    told = [decision.model_dump(mode="json") for decision in new.decisions]
    return await moved_claims(
        db, cycle_id, permit.caller, transitions, "scoring.claims-confirmed", told
    )


class OtherYears(NamedTuple):
    """By claims, what their events brought in earlier years, and the claims of later years in
    which they count."""

    earlier: Mapping[UUID, EarlierYears]
    later: Mapping[UUID, Sequence[str]]


async def _other_years(
    db: AsyncSession,
    cycles: Sequence[Cycle],
    cycle_id: UUID,
    claims: Collection[StoredClaim],
    context: ClaimContext,
) -> OtherYears:
    """Return how the events of claims stand in other years, where nobody else decides about them
    until the commit."""
    await hold_their_events(db, cycles, cycle_id, claims)
    earlier = await of_their_events(db, cycles, cycle_id, claims, context)
    return OtherYears(earlier, await in_later_years(db, cycles, cycle_id, claims))


class Decided(NamedTuple):
    """What is decided about one claim, where that stands in the list, and the claims that were
    given shares as they stood."""

    at: str
    claim_id: UUID
    ruling: Ruling
    shares: Sequence[UUID]


def _decided(
    new: NewConfirmation,
    found: Mapping[UUID, StoredClaim],
    others: Sequence[StoredClaim],
    caller: Caller,
    context: ClaimContext,
) -> Iterator[Decided]:
    """Yield what is decided about each claim; of one that is as it was filed, and all agree to,
    also about those filed with it that wait and that the caller decides about."""
    for i, decision in enumerate(new.decisions):
        at, ruling = pointer("decisions", i), decision.ruling()
        stored = found.get(decision.claim_id)
        together = stored.together(others) if stored else ()
        filed = [one.filed for one in together if one.filed]
        if stored is None or ruling.award != AS_FILED or any(not_as_filed(at, filed)):
            yield Decided(at, decision.claim_id, ruling, decision.sharers())
        else:
            said = as_filed(ruling, filed, context.rules(stored.row.unit).bonus.joint)
            for claim_id in _waiting(stored, together, caller, context.scheme):
                yield Decided(at, claim_id, said, ())


def _waiting(
    stored: StoredClaim, together: Iterable[StoredClaim], caller: Caller, scheme: Scheme
) -> Iterator[UUID]:
    """Yield the claims of a filing that wait and that the caller decides about, with the one that
    was named."""
    actor = actor_of(caller)
    for one in together:
        waits = one.standing.state == HANDED_IN
        if one is stored or (waits and actor.decides(scheme.second_body_of(one.row.unit))):
            yield one.row.claim_id


def _case(
    stored: StoredClaim,
    others: Sequence[StoredClaim],
    context: ClaimContext,
    earlier_known: bool,
    years: OtherYears,
) -> ClaimCase:
    row, found = stored.row, propose(stored.claim, context)
    return ClaimCase(
        row.cycle_id,
        row.claim_id,
        row.unit,
        stored.standing.state,
        found.decision,
        [
            one.other
            for one in others
            if one.row.fingerprint == row.fingerprint and one.row.claim_id != row.claim_id
        ],
        earlier_known,
        found.points,
        context.most(stored.claim),
        plain_item(row.holder_name or ""),
        context.rules(row.unit).bonus.joint if row.kind == BONUS else "split",
        years.earlier.get(row.claim_id),
        row.revokes is not None,
        years.later.get(row.claim_id, ()),
        [one.filed for one in stored.together(others) if one.filed],
    )


async def _unsupported(
    db: AsyncSession,
    cycle_id: UUID,
    decided: Sequence[Decided],
    found: Mapping[UUID, StoredClaim],
    context: ClaimContext,
) -> list[Fault]:
    """Return which bonuses cannot be confirmed because the scheme wants evidence of them."""
    wanting = {
        each.claim_id: f"{each.at}/claim_id"
        for each in decided
        if each.claim_id in found and each.ruling.decision == CONFIRMED
    }
    wanting = {
        each: at for each, at in wanting.items() if wants_evidence(found[each].claim, context)
    }
    backed = await _backed(db, cycle_id, [found[each] for each in wanting])
    return [evidence_missing(at) for each, at in wanting.items() if each not in backed]


async def _backed(db: AsyncSession, cycle_id: UUID, claims: Sequence[StoredClaim]) -> set[UUID]:
    """Return which claims name evidence here, or where they were carried over from."""
    rows = {one.row.claim_id: one.row for one in claims}
    backed = set(await evidence_of_claims(db, cycle_id, rows) if rows else ())
    for each in rows.keys() - backed:
        year, origin = rows[each].carried_from_cycle, rows[each].carried_from
        if year and origin and await evidence_of_claims(db, year, [origin]):
            backed.add(each)
    return backed


def _repeated(decided: Sequence[Decided], cases: Mapping[UUID, ClaimCase]) -> Iterator[Fault]:
    known = [(cases.get(each.claim_id), each.ruling) for each in decided]
    ruled = [(case, ruling) if case else None for case, ruling in known]
    for i, each in enumerate(decided):
        yield from unambiguous(i, ruled, f"{each.at}/claim_id")


def _faults(
    decided: Decided,
    stored: StoredClaim | None,
    case: ClaimCase | None,
    caller: Caller,
    scheme: Scheme,
) -> list[Fault]:
    """Return what keeps the caller from this decision; what it comes to only if they may decide."""
    at, _, ruling, shares = decided
    actor, where = actor_of(caller), f"{at}/claim_id"
    if stored is None or case is None:
        return list(check_confirming(where, None, ruling.decision, actor, (), None))
    body = scheme.second_body_of(stored.row.unit)
    who = check_confirming(where, stored.parties, ruling.decision, actor, rivals(case.others), body)
    barred = {one.unit for one in case.others if not actor.decides(scheme.second_body_of(one.unit))}
    return (
        list(who)
        or list(unused(at, ruling, shares))
        or list(faults_of(at, case, ruling))
        or list(shares_of_others(at, case, ruling, caller.person, barred))
    )


def _transitions(
    stored: StoredClaim,
    ruling: Ruling,
    outcome: ConfirmationOutcome,
    others: Mapping[UUID, StoredClaim],
) -> list[ClaimTransition]:
    transitions = [ClaimTransition(stored, outcome.standing)]
    for claim_id, share in outcome.changed.items():
        award = SAME if share is None else JOINT
        standing = replace(
            others[claim_id].standing,
            state=CONFIRMED,
            award=award,
            item=ruling.item,
            share=share,
            counted_earlier=False,
            reason=ruling.reason,
            counts=stored.row.claim_id if share is None else None,
        )
        transitions.append(ClaimTransition(others[claim_id], standing))
    return transitions


def _year_before_is_known(cycles: Sequence[Cycle], cycle_id: UUID) -> bool:
    """Say whether the cycle of the year before, of the same division, is in the system."""
    own = next((each for each in cycles if each.cycle_id == cycle_id), None)
    return own is not None and any(own.follows(each) for each in cycles)
