"""Deciding on targets: proposals of units, and requests of others of the office."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.db import Transaction
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.wire import Text
from indicators.api.target_versions import (
    REFUSALS,
    Added,
    Ground,
    Moves,
    Named,
    TargetContext,
    TargetsMoved,
    add,
    answered,
    check_callers,
    check_in_time,
    gathered,
    recorded,
    settled,
    values_of,
)
from indicators.rules.matters import TargetsInConflict, check_conflicts
from indicators.rules.target_moves import (
    CONFIRMED,
    UNKNOWN,
    Decision,
    Standing,
    Standings,
    State,
    check_decisions,
    check_measured,
)

router = Router("/cycles/{cycle_id}", tags=["targets"])


class NewDecision(Named):
    """A decision on the proposal that is the `version` of a target; a return needs a reason."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    decision: Literal["approve", "return"]
    reason: Text | None = None


class NewDecisions(IncomingBatch):
    """A batch of decisions."""

    ROWS: ClassVar = "decisions"

    decisions: list[NewDecision] = Field(min_length=1, max_length=10_000)


class NewConfirmation(Named):
    """A second person's word on the request that is the `version` of a target; to refuse it
    needs a reason."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    decision: Literal["confirm", "refuse"]
    reason: Text | None = None


class NewConfirmations(IncomingBatch):
    """A batch of confirmations."""

    ROWS: ClassVar = "decisions"

    decisions: list[NewConfirmation] = Field(min_length=1, max_length=10_000)


@router.post("/target-decisions", status_code=201, responses=documents(*REFUSALS))
async def decide_on_targets(
    cycle_id: UUID, new: NewDecisions, db: Transaction, permit: Permit, rows: Rows
) -> TargetsMoved:
    """Approve proposed targets, or return them with a reason; nobody decides on a proposal of their
    own.
    """
    found = await gathered(db, cycle_id, permit, [each.unit for each in new.decisions])

    async def decide(batch: NewDecisions) -> Added:
        decided = [_decision(each) for each in batch.decisions]
        check_callers(permit, found, batch.decisions, "decisions")
        check_decisions(decided, found.standings, permit.caller.person)
        moved = [each.key if each.to == "approved" else None for each in decided]
        check_in_time(found, moved, "decisions")
        moves = await _decide(db, cycle_id, permit, found, decided)
        return await recorded(db, cycle_id, permit, "targets.decided", batch, moves)

    return answered(rows, found, await rows.keep(new, decide))


@router.post(
    "/target-confirmations", status_code=201, responses=documents(TargetsInConflict, *REFUSALS)
)
async def confirm_targets(
    cycle_id: UUID, new: NewConfirmations, db: Transaction, permit: Permit, rows: Rows
) -> TargetsMoved:
    """Confirm what another person asked for, so that it counts, or refuse it with a reason.

    Where targets of one matter would differ, all of them that the batch confirms are refused.
    """
    found = await gathered(db, cycle_id, permit, [each.unit for each in new.decisions])

    async def confirm(batch: NewConfirmations) -> Added:
        decided = [_confirmation(each, found.standings) for each in batch.decisions]
        check_callers(permit, found, batch.decisions, "decisions")
        check_decisions(decided, found.standings, permit.caller.person)
        check_measured(decided, found.standings, found.scheme)
        moved = [each.key if each.to != "refused" else None for each in decided]
        check_in_time(found, moved, "decisions")
        then: Moves = [(values_of(found, each.key), each.to) for each in decided]
        settlements = await settled(db, cycle_id, found, then)
        check_conflicts(then, found.standings, found.scheme, settlements, "decisions")
        moves = await _decide(db, cycle_id, permit, found, decided)
        return await recorded(db, cycle_id, permit, "targets.confirmed", batch, moves)

    return answered(rows, found, await rows.keep(new, confirm))


def _decision(each: NewDecision) -> Decision:
    to: State = "approved" if each.decision == "approve" else "returned"
    return Decision(each.key, each.version, to, each.reason)


def _confirmation(each: NewConfirmation, standings: Standings) -> Decision:
    state = standings.get(each.key, UNKNOWN).state
    # What nobody asked for can only be refused, and there is no such move.
    to: State = "refused"
    if each.decision == "confirm":
        to = next((then for asked, then in CONFIRMED.items() if asked == state), to)
    return Decision(each.key, each.version, to, each.reason)


async def _decide(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    found: TargetContext,
    decided: Sequence[Decision],
) -> Moves:
    """Add a version for each decision; what is confirmed keeps the ground it was asked for on."""
    moves: Moves = [(values_of(found, each.key), each.to) for each in decided]
    grounds = [_ground(each, found.standings[each.key]) for each in decided]
    await add(db, cycle_id, permit, found, moves, grounds)
    return moves


def _ground(decision: Decision, standing: Standing) -> Ground:
    kept = standing.at.told if standing.at and standing.state in CONFIRMED else {}
    return {**kept, "reason": decision.reason or kept.get("reason")}
