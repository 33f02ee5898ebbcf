"""Steps of a scheme's own chain: taken, sent back, decided by a meeting, signed for somebody."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Outgoing, Text
from ranking.api.approvals import (
    Approval,
    StepTaken,
    approval_of,
    held_edition,
    refusals,
    refuse_untrue,
    require_same,
    step_taken,
    unsettled,
)
from ranking.api.evidence import Before, gather_before
from ranking.api.noticed import require_noticed
from ranking.api.rankings import ChainPosition, position_of
from ranking.api.readers import sight_of
from ranking.api.signing import require_to_sign
from ranking.peers import AskPeers, CategoryCompleteness, PeerDown, PeerMissing, PeerRefused
from ranking.queries import (
    NoSuchRanking,
    Number,
    approvals_of,
    chain_of,
    delegations_of,
    find_ranking,
    states_of,
    steps_of,
    today,
)
from ranking.rules import delegations
from ranking.rules.approval import (
    NotHandedIn,
    check_order,
    check_person,
    refuse_not_handed_in,
    refuse_outdated,
    refuse_publication,
    step_of,
)
from ranking.rules.chain import (
    ChainStep,
    Instead,
    Needs,
    Role,
    Share,
    State,
    StepKind,
    TakenStep,
    Word,
    rounds,
    state_after,
    typed_before,
)
from ranking.rules.delegations import Delegation, DelegationDoesNotHold
from ranking.rules.interest import (
    SECOND_BODY,
    HiddenResults,
    ReadAfterRelease,
    check_interest,
    relations_of,
    second_bodies,
)
from ranking.rules.meetings import EntriesDiffer, Meeting, Recused, StepFaulty
from ranking.rules.scheme import Scheme
from ranking.rules.turns import (
    Saying,
    Turn,
    Typed,
    check_who,
    compared,
    judge,
    whose,
    word_of,
)
from ranking.tables import ApprovalRow, RankingRow

router = Router(prefix="/cycles/{cycle_id}/rankings/{edition}/steps", tags=["approvals"])

Several = Annotated[list[Text], Field(max_length=20)]
Votes = Annotated[int, Field(ge=0, le=100)]


class NewRecusal(Incoming):
    """A member who has no part in the decision, and why."""

    member: Code
    reason: Text


Recusals = Annotated[list[NewRecusal], Field(max_length=100)]


class NewMeeting(Incoming):
    """What the minutes say: who was there and may vote, who was recused, and how was voted."""

    held_on: dt.date
    present: Annotated[list[Code], Field(min_length=1, max_length=100)]
    recused: Recusals = Field(default_factory=list)
    votes_for: Votes
    votes_against: Votes
    votes_abstained: Votes


class NewChainStep(Incoming):
    """What is said in a step: that it is taken, or goes back to an earlier one for a reason.

    `meeting` says what the minutes of a meeting say; two persons enter it, and `anew` makes an
    entry the first again. `recused` names the members for whom too few are left to decide, where
    another body decides instead. Under a `delegation` it is signed in its giver's place.
    """

    step: Code
    word: Literal["approved", "sent_back"] = "approved"
    sent_back_to: Code | None = None
    reason: Text | None = None
    minutes_no: Text | None = None
    document_nos: Several = Field(default_factory=list)
    meeting: NewMeeting | None = None
    recused: Recusals = Field(default_factory=list)
    delegation: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    anew: bool = False
    note: Text | None = None


class ShownMember(Outgoing):
    """A seat of a meeting, and the unit that who sits there belongs to."""

    code: str
    name: str | None
    unit: str | None


class ShownStep(Outgoing):
    """A step of a chain as its scheme asks for it."""

    code: str
    name: str | None
    role: Role
    kind: StepKind
    members: list[ShownMember]
    quorum: Share
    at_least: int | None
    majority: Share
    send_back_to: list[str]
    needs: Needs
    delegates: bool
    instead: Instead | None


class ChainOfEdition(Outgoing):
    """The chain of an edition, how far it has come, and all that was said, first to last."""

    edition: int
    category: str
    state: State
    position: ChainPosition
    chain: list[ShownStep]
    said: list[Approval]


@router.get(
    "",
    responses=documents(
        NoSuchRanking, ReadAfterRelease, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_ranking_steps(
    cycle_id: UUID, edition: Number, db: Snapshot, permit: Permit, ask: AskPeers
) -> ChainOfEdition:
    """Give the chain of an edition with all that was said in it, also before it was sent back."""
    signs = await require_to_sign(db, ask, permit, cycle_id, edition)
    sight = HiddenResults() if signs else await sight_of(ask, permit, cycle_id)
    row = await find_ranking(db, cycle_id, edition)
    approvals = (await approvals_of(db, cycle_id, [edition]))[edition]
    state = (await states_of(db, cycle_id, [row]))[edition]
    sight.check(row.category, [each.unit for each in row.units])
    return ChainOfEdition(
        edition=edition,
        category=row.category,
        state=state,
        position=position_of(row, approvals),
        chain=[ShownStep.model_validate(each) for each in chain_of(row)],
        said=[approval_of(each) for each in approvals],
    )


@router.post(
    "",
    status_code=201,
    responses=documents(
        *(*refusals, *unsettled, DelegationDoesNotHold, EntriesDiffer, NotHandedIn, StepFaulty)
    ),
)
async def take_ranking_step(
    cycle_id: UUID,
    edition: Number,
    new: NewChainStep,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    same: Precondition,
) -> StepTaken:
    """Take the step that is next in the chain of an edition, or send it back to an earlier one.

    What a meeting decided is entered by two persons and counts when both say the same. Sent back,
    an edition needs the step that it goes to and every later one again. Nobody has a part in two
    steps of an edition.
    """
    await _require_part(reading, permit, cycle_id, new.delegation)
    known = await _known(reading, ask, cycle_id, edition, new, permit)
    handed_in = await _handed_in(ask, known, cycle_id, new)
    row, approvals = await held_edition(db, cycle_id, edition)
    step, said = step_of(chain_of(row), new.step), _saying(new)
    refuse_publication(step.code)
    signed = await _signed(db, permit, known.scheme, row, step, new.delegation)
    turn = _check_who(permit, row, known, step, said, signed)
    await require_same(same, row, approvals)
    taken, caller = steps_of(approvals), permit.caller
    check_order(taken, step.code, chain_of(row))
    check_person(taken, step.code, caller.person, *([signed.giver] if signed else []))
    scheme = known.scheme
    days = dt.date(max(scheme.assessment_year, 1), 1, 1), await today(db, scheme.time_zone)
    judge(step, _competing(row, known)[1], said, turn, days)
    word = word_of(turn, said, caller.person, _typed(approvals, taken))
    refuse_not_handed_in(handed_in=handed_in, explained=said.reason is not None)
    if said.word != "sent_back":  # what is true no longer may still be sent back
        await require_noticed(db, row, scheme.notice, approvals)
        await _refuse_untrue(db, row, known)
    behind = signed.giver if signed else None
    made = TakenStep(step.code, caller.person, word, said.to, behind)
    added = ApprovalRow(
        cycle_id=cycle_id,
        edition=edition,
        step=step.code,
        number=len(approvals) + 1,
        word=word,
        state=state_after([*taken, made], chain_of(row)),
        sent_back_to=said.to,
        reason=said.reason,
        basis=said.basis() or None,
        delegation=new.delegation,
        behind=behind,
        subject=caller.subject,
        person=caller.person,
        note=new.note,
    )
    db.add(added)
    await db.flush()
    told = {"edition": edition, "digest": row.digest, "step": step.code, "round": rounds(taken)}
    said_of = {"note": new.note, "reason": said.reason, "sent_back_to": said.to}
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event=EVENT_OF[word],
        body=told | said_of | {"delegation": new.delegation},
    )
    return step_taken(row, [*approvals, added], receipt)


async def _known(
    reading: AsyncSession,
    ask: AskPeers,
    cycle_id: UUID,
    edition: int,
    new: NewChainStep,
    permit: Permission,
) -> Before:
    row = await find_ranking(reading, cycle_id, edition)
    await reading.close()  # no connection waits for other services
    # Before anything is read: whoever competes is shown no marks of the category, and would be told
    # that they are missing.
    check_interest({each.unit for each in row.units}, permit.caller.organisation)
    told = row.category, row.score_sheet_edition
    return await gather_before(ask, cycle_id, *told, delegated=new.delegation is not None)


def _competing(row: RankingRow, known: Before) -> tuple[frozenset[str], set[str]]:
    """Return who takes the office's place, and the units that compete: then and now."""
    units = {each.unit for each in row.units} | {*known.category.units}
    return second_bodies(known.scheme, units), units


async def _refuse_untrue(db: AsyncSession, row: RankingRow, known: Before) -> None:
    """Refuse an edition that says no longer what is known; to whom the newest sheet is not known,
    one of another scheme than the one in force."""
    await refuse_untrue(db, row, known.newest)
    if known.newest is None:
        refuse_outdated(row.digests, {"scheme": known.published.digest})


async def _handed_in(ask: AskPeers, known: Before, cycle_id: UUID, new: NewChainStep) -> bool:
    """Say whether the organiser handed in what is to be signed; true where that needs no hand-in,
    or where nobody may hand in, because the organiser competes or there is none. Whoever may not
    read it does not know, and says a reason."""
    policy, category = known.scheme.approval, known.category
    steps = policy.steps if policy else ()
    if new.word == "sent_back" or not any(
        each.code == new.step and each.needs == "hand_in" for each in steps
    ):
        return True
    found = await _completeness(ask, cycle_id, category.code, new)
    if found is None:
        return False
    if found.organiser is None or found.organiser in category.units:
        return True
    return found.hand_in is not None and found.hand_in.state == "handed_in"


async def _completeness(
    ask: AskPeers, cycle_id: UUID, category: str, new: NewChainStep
) -> CategoryCompleteness | None:
    """Return how complete a category is; None to who signs in another's place and may not read
    it."""
    try:
        return await ask.scoring.completeness(cycle_id=cycle_id, category=category)
    except PeerRefused:
        if new.delegation is None:
            raise
        return None


EVENT_OF: dict[Word, str] = {
    "approved": "ranking.step",
    "sent_back": "ranking.sent-back",
    "entered": "ranking.minutes-entered",
}


def _saying(new: NewChainStep) -> Saying:
    return Saying(
        new.word,
        new.sent_back_to,
        new.reason,
        new.minutes_no,
        tuple(new.document_nos),
        _meeting(new.meeting),
        _recused(new.recused),
        new.delegation is not None,
        new.anew,
    )


def _meeting(new: NewMeeting | None) -> Meeting | None:
    if new is None:
        return None
    return Meeting(
        new.held_on.isoformat(),
        tuple(new.present),
        _recused(new.recused),
        new.votes_for,
        new.votes_against,
        new.votes_abstained,
    )


def _recused(given: list[NewRecusal]) -> tuple[Recused, ...]:
    return tuple(Recused(each.member, each.reason) for each in given)


async def _require_part(
    db: AsyncSession, permit: Permission, cycle_id: UUID, number: int | None
) -> None:
    """Refuse whoever has no part in any chain before it is looked whether there is an edition: by
    a role, or by a delegation to the caller's own account."""
    if number is None:
        permit.require({SECOND_BODY})
        return
    given = delegations.held(await delegations_of(db, cycle_id))
    if not any((each.number, each.delegate) == (number, permit.caller.subject) for each in given):
        raise delegations.not_to_caller(number)
    permit.require({SECOND_BODY, delegations.DELEGATE})


async def _signed(
    db: AsyncSession,
    permit: Permission,
    scheme: Scheme,
    row: RankingRow,
    step: ChainStep,
    number: int | None,
) -> Delegation | None:
    """Return the delegation under which the caller signs, None where there is none."""
    if number is None:
        return None
    return delegations.require(
        await delegations_of(db, row.cycle_id),
        number,
        step,
        chain_of(row),
        delegate=permit.caller.subject,
        roles=permit.caller.roles,
        today=await today(db, scheme.time_zone),
    )


def _check_who(
    permit: Permission,
    row: RankingRow,
    known: Before,
    step: ChainStep,
    said: Saying,
    signed: Delegation | None,
) -> Turn:
    """Return whose turn it is, or refuse a caller who has no part in it."""
    caller = permit.caller
    bodies, competing = _competing(row, known)
    turn = whose(step, competing, said.out, recused=bool(bodies))
    roles = caller.roles if signed is None else {turn.role}
    check_who(step, turn, competing, bodies, unit=caller.organisation, roles=roles)
    if signed is not None:
        delegations.require_own(signed, turn.role)
        check_interest(competing, signed.unit)
    if turn.role == SECOND_BODY and not bodies:
        bodies = second_bodies(known.scheme)
    relations = relations_of(bodies, caller.organisation)
    permit.require({*relations, delegations.DELEGATE} if signed else relations)
    return turn


def _typed(approvals: list[ApprovalRow], taken: list[TakenStep]) -> Typed | None:
    last = typed_before(taken)
    if last is None:
        return None
    row = approvals[last]
    said = compared(row.basis or {}, row.sent_back_to, row.reason)
    return Typed(taken[last].person, said)
