"""A unit's own request to revise a target (申请调整): asked for, taken up, taken back."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Transaction
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.wire import Text
from indicators.api.target_moves import NewTarget, check_sources, not_own
from indicators.api.target_versions import (
    MISSING,
    Added,
    Ground,
    Moves,
    Named,
    TargetContext,
    TargetsMoved,
    add,
    answered,
    check_in_time,
    check_way,
    gathered,
    keyed,
    reached,
    recorded,
    settled,
    values_of,
)
from indicators.rules.matters import TargetsInConflict, check_conflicts
from indicators.rules.revision_requests import (
    BECOMES,
    Decider,
    RequestDecision,
    check_asked,
    check_request_decisions,
    check_taken_back,
)
from indicators.rules.target_deadline import RevisionTooLate
from indicators.rules.target_moves import TargetsRefused
from indicators.rules.targets import TargetsFaulty, check_targets

router = Router("/cycles/{cycle_id}", tags=["targets"])


class NewRevisionRequests(IncomingBatch):
    """Other values that a unit asks for in the place of its targets in force, with why and by which
    document."""

    ROWS: ClassVar = "targets"

    targets: list[NewTarget] = Field(min_length=1, max_length=1_000)
    reason: Text
    document_no: Text


class NewRequestDecision(Named):
    """A word on the request that is the `version` of a target: the organiser agrees (`support`),
    the office takes it up (`accept`, with who approved it), either refuses with a reason."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    decision: Literal["support", "accept", "refuse"]
    reason: Text | None = None
    approved_by: Text | None = None


class NewRequestDecisions(IncomingBatch):
    """A batch of words on requests to revise."""

    ROWS: ClassVar = "decisions"

    decisions: list[NewRequestDecision] = Field(min_length=1, max_length=10_000)


class TakenBack(Named):
    """The request, the `version` of a target, that its unit takes back."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000)]


class NewRequestWithdrawals(IncomingBatch):
    """Requests to revise that their unit takes back, and why."""

    ROWS: ClassVar = "targets"

    targets: list[TakenBack] = Field(min_length=1, max_length=1_000)
    reason: Text | None = None


_OWN = (TargetsFaulty, TargetsRefused, RevisionTooLate, *MISSING)


@router.post(
    "/target-revision-requests", status_code=201, responses=documents(TargetsInConflict, *_OWN)
)
async def request_revisions(
    cycle_id: UUID, new: NewRevisionRequests, db: Transaction, permit: Permit, rows: Rows
) -> TargetsMoved:
    """Ask for other values of the own unit's targets in force, until the deadline; they stay as
    they are until the organiser, the office and another person of it have agreed.

    What was asked for in the same words is `unchanged`.
    """
    unit, units = permit.caller.organisation, {target.unit for target in new.targets}
    if rows.one_by_one and unit in units:
        new, units = rows.refuse(new, not_own(new.targets, unit)), {unit}
    own = {"own_unit"} if units <= {unit} else set[str]()
    found = await gathered(db, cycle_id, permit, units, own)
    told = {name: getattr(new, name) for name in ("reason", "document_no")}

    async def ask(batch: NewRevisionRequests) -> Added:
        moves: Moves = [(target.exact(), "revision_requested") for target in batch.targets]
        check_sources(batch.targets)
        check_targets([target for target, _ in moves], found.scheme, found.standings)
        check_way(found, keyed(moves))
        check_asked([each.exact() for each in batch.targets], found.standings)
        # What could never be taken up is refused now: beside it another target would differ.
        then: Moves = [(target, "revision_pending") for target, _ in moves]
        settlements = await settled(db, cycle_id, found, then)
        check_conflicts(then, found.standings, found.scheme, settlements)
        await add(
            db, cycle_id, permit, found, moves, [told | {**t.source()} for t in batch.targets]
        )
        return await recorded(db, cycle_id, permit, "targets.revision-requested", batch, moves)

    asked: Moves = [(each.exact(), "revision_requested") for each in new.targets]
    there = reached(found, asked, [told | {**each.source()} for each in new.targets])
    return answered(rows, found, await rows.keep(rows.besides(new, there), ask))


@router.post(
    "/target-revision-request-decisions",
    status_code=201,
    responses=documents(TargetsInConflict, TargetsRefused, RevisionTooLate, *MISSING),
)
async def decide_on_revision_requests(
    cycle_id: UUID, new: NewRequestDecisions, db: Transaction, permit: Permit, rows: Rows
) -> TargetsMoved:
    """Agree to what units ask for, take it up, or refuse it with a reason.

    What is taken up counts once another person has confirmed it, as every revision. Nobody decides
    who asked for it, who belongs to the unit, or who took the step before.
    """
    found = await gathered(db, cycle_id, permit, {each.unit for each in new.decisions})
    caller = permit.caller
    decider = Decider(caller.person, caller.organisation, caller.roles)

    async def decide(batch: NewRequestDecisions) -> Added:
        decided = [
            RequestDecision(each.key, each.version, each.decision, each.reason, each.approved_by)
            for each in batch.decisions
        ]
        check_request_decisions(decided, found.standings, found.scheme, decider)
        moved = [each.key if each.word != "refuse" else None for each in decided]
        check_in_time(found, moved, "decisions")
        moves: Moves = [(values_of(found, each.key), BECOMES[each.word]) for each in decided]
        settlements = await settled(db, cycle_id, found, moves)
        check_conflicts(moves, found.standings, found.scheme, settlements, "decisions")
        await add(db, cycle_id, permit, found, moves, [_ground(e, found) for e in decided])
        return await recorded(db, cycle_id, permit, "targets.request-decided", batch, moves)

    return answered(rows, found, await rows.keep(new, decide))


def _ground(decision: RequestDecision, found: TargetContext) -> Ground:
    """Return what it was asked on, with who approved it, and the decider's own reason if there is
    one."""
    at = found.standings[decision.key].at
    kept = {} if at is None else at.told
    reason = decision.reason or kept.get("reason")
    return {**kept, "approved_by": decision.approved_by, "reason": reason}


@router.post(
    "/target-revision-request-withdrawals",
    status_code=201,
    responses=documents(TargetsRefused, *MISSING),
)
async def take_back_revision_requests(
    cycle_id: UUID, new: NewRequestWithdrawals, db: Transaction, permit: Permit, rows: Rows
) -> TargetsMoved:
    """Take back what the own unit has asked for and the office has not taken up; the targets stay
    as they were."""
    unit, units = permit.caller.organisation, {target.unit for target in new.targets}
    if rows.one_by_one and unit in units:
        new, units = rows.refuse(new, not_own(new.targets, unit)), {unit}
    own = {"own_unit"} if units <= {unit} else set[str]()
    found = await gathered(db, cycle_id, permit, units, own)

    async def take_back(batch: NewRequestWithdrawals) -> Added:
        check_taken_back([(each.key, each.version) for each in batch.targets], found.standings)
        moves: Moves = [(values_of(found, t.key), "request_withdrawn") for t in batch.targets]
        grounds: list[Ground] = [
            {**_told(found, each), "reason": batch.reason or _told(found, each).get("reason")}
            for each in batch.targets
        ]
        await add(db, cycle_id, permit, found, moves, grounds)
        return await recorded(db, cycle_id, permit, "targets.request-withdrawn", batch, moves)

    return answered(rows, found, await rows.keep(new, take_back))


def _told(found: TargetContext, named: Named) -> Ground:
    at = found.standings[named.key].at
    return {} if at is None else at.told
