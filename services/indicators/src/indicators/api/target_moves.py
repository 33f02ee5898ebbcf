"""Moving targets: proposed by the unit; approved, issued, revised and withdrawn by the office."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    scheme_in_force,
    target_standings,
)
from indicators.rules.numbers import tidy
from indicators.rules.scheme import Scheme
from indicators.rules.target_moves import (
    Decision,
    RevisionTooLate,
    Standings,
    State,
    TargetsRefused,
    check_deadline,
    check_decisions,
    check_moves,
    needing_reason,
    on_issue,
)
from indicators.rules.targets import Key, Target, TargetsFaulty, check_targets, is_lowered
from indicators.tables import NO_ITEM, TargetRow

router = Router("/cycles/{cycle_id}", tags=["targets"])

Item = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""The item of an indicator that has items, the key of a component, or of a formula's input."""

Moves = Sequence[tuple[Target, State]]
"""The values of targets, each with the state it comes into."""


class Named(Incoming):
    """The target of a unit for an indicator, or for one item of it."""

    unit: Code
    indicator: Code
    item: Item | None = None

    @property
    def key(self) -> Key:
        """What the target is of."""
        return self.unit, self.indicator, self.item


class NewTarget(Named):
    """What a unit is to reach, where it started and what it pledged, in the indicator's measure."""

    target: Exact | None = None
    baseline: Exact | None = None
    pledge: Exact | None = None

    def exact(self) -> Target:
        """Return the values without trailing zeros."""
        values = (self.target, self.baseline, self.pledge)
        return Target(*self.key, *(None if value is None else tidy(value) for value in values))


class NewTargets(Incoming):
    """A batch of targets; all are issued, or none. Changing one set before needs a reason."""

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text | None = None


class NewProposals(Incoming):
    """What a unit offers to reach; the performance office decides on it."""

    targets: list[NewTarget] = Field(min_length=1, max_length=1_000)


class NewDecision(Named):
    """A decision on the proposal that is the `version` of a target; a return needs a reason."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000)]
    decision: Literal["approve", "return"]
    reason: Text | None = None


class NewDecisions(Incoming):
    """A batch of decisions; all are taken, or none."""

    decisions: list[NewDecision] = Field(min_length=1, max_length=10_000)


class NewRevisions(Incoming):
    """New values of targets in force, with why, by which document, and who approved it."""

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text
    document_no: Text
    approved_by: Text


class NewWithdrawals(Incoming):
    """Targets in force that count no longer, with why and by which document."""

    targets: list[Named] = Field(min_length=1, max_length=10_000)
    reason: Text
    document_no: Text


class TargetsMoved(Outgoing):
    """How many targets were moved, with the receipt of the journal."""

    count: int
    receipt: Receipt


MISSING = (SchemeNotPublished, NoSuchCycle)


@router.post(
    "/targets",
    status_code=201,
    responses=documents(TargetsFaulty, TargetsRefused, RevisionTooLate, *MISSING),
)
async def set_targets(
    cycle_id: UUID, new: NewTargets, db: Transaction, permit: Permit
) -> TargetsMoved:
    """Issue targets for units and leaf indicators of the published scheme.

    One that is in force already is revised, until the deadline for that.
    """
    scheme, standings = await _gathered(db, cycle_id, permit)
    wanted = [target.exact() for target in new.targets]
    moves = [(target, on_issue(target.key, standings)) for target in wanted]

    check_targets(wanted, scheme, () if new.reason else needing_reason(wanted, standings))
    check_moves([(target.key, to) for target, to in moves], standings, "targets")
    if any(to == "revised" for _, to in moves):
        check_deadline(scheme, await _today(db))

    await _add(db, cycle_id, permit, scheme, standings, moves, reason=new.reason)
    return await _recorded(db, cycle_id, permit, "targets.set", new, len(moves))


@router.post(
    "/target-proposals",
    status_code=201,
    responses=documents(TargetsFaulty, TargetsRefused, *MISSING),
)
async def propose_targets(
    cycle_id: UUID, new: NewProposals, db: Transaction, permit: Permit
) -> TargetsMoved:
    """Propose targets for the caller's own unit; they count once they have been issued."""
    own = {target.unit for target in new.targets} == {permit.caller.unit}
    scheme, standings = await _gathered(db, cycle_id, permit, {"own_unit"} if own else ())
    moves: Moves = [(target.exact(), "proposed") for target in new.targets]

    check_targets([target for target, _ in moves], scheme)
    check_moves([(target.key, to) for target, to in moves], standings, "targets")

    await _add(db, cycle_id, permit, scheme, standings, moves)
    return await _recorded(db, cycle_id, permit, "targets.proposed", new, len(moves))


@router.post("/target-decisions", status_code=201, responses=documents(TargetsRefused, *MISSING))
async def decide_on_targets(
    cycle_id: UUID, new: NewDecisions, db: Transaction, permit: Permit
) -> TargetsMoved:
    """Approve proposals, or return them with a reason; nobody decides on a proposal of theirs."""
    scheme, standings = await _gathered(db, cycle_id, permit)
    decided = [
        Decision(
            each.key,
            each.version,
            "approved" if each.decision == "approve" else "returned",
            each.reason,
        )
        for each in new.decisions
    ]

    check_decisions(decided, standings, permit.caller.subject)

    for reason in dict.fromkeys(each.reason for each in decided):
        moves = [(standings[each.key].target, each.to) for each in decided if each.reason == reason]
        await _add(db, cycle_id, permit, scheme, standings, moves, reason=reason)
    return await _recorded(db, cycle_id, permit, "targets.decided", new, len(decided))


@router.post(
    "/target-revisions",
    status_code=201,
    responses=documents(TargetsFaulty, TargetsRefused, RevisionTooLate, *MISSING),
)
async def revise_targets(
    cycle_id: UUID, new: NewRevisions, db: Transaction, permit: Permit
) -> TargetsMoved:
    """Change targets in force (目标调整), until the deadline that the scheme's calendar sets."""
    scheme, standings = await _gathered(db, cycle_id, permit)
    moves: Moves = [(target.exact(), "revised") for target in new.targets]

    check_targets([target for target, _ in moves], scheme)
    check_moves([(target.key, to) for target, to in moves], standings, "targets")
    check_deadline(scheme, await _today(db))

    told = {name: getattr(new, name) for name in ("reason", "document_no", "approved_by")}
    await _add(db, cycle_id, permit, scheme, standings, moves, **told)
    return await _recorded(db, cycle_id, permit, "targets.revised", new, len(moves))


@router.post("/target-withdrawals", status_code=201, responses=documents(TargetsRefused, *MISSING))
async def withdraw_targets(
    cycle_id: UUID, new: NewWithdrawals, db: Transaction, permit: Permit
) -> TargetsMoved:
    """Take targets in force back; what rests on them has no score until others are issued."""
    scheme, standings = await _gathered(db, cycle_id, permit)

    check_moves([(target.key, "withdrawn") for target in new.targets], standings, "targets")

    moves: Moves = [(standings[target.key].target, "withdrawn") for target in new.targets]
    told = {name: getattr(new, name) for name in ("reason", "document_no")}
    await _add(db, cycle_id, permit, scheme, standings, moves, **told)
    return await _recorded(db, cycle_id, permit, "targets.withdrawn", new, len(moves))


async def _gathered(
    db: AsyncSession, cycle_id: UUID, permit: Permission, relations: Sequence[str] | set[str] = ()
) -> tuple[Scheme, Standings]:
    cycle = await find_cycle(db, cycle_id, alone=True)
    permit.require(relations=relations, phase=cycle.phase)
    published, _ = await scheme_in_force(db, cycle_id)
    return published.scheme, await target_standings(db, cycle_id)


async def _today(db: AsyncSession) -> dt.date:
    today: dt.date = (await db.execute(select(func.current_date()))).scalar_one()
    return today


async def _add(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    scheme: Scheme,
    standings: Standings,
    moves: Moves,
    **told: str | None,
) -> None:
    revised = any(to == "revised" for _, to in moves)
    issued = await target_standings(db, cycle_id, "issued") if revised else {}
    rows = [
        {
            "cycle_id": cycle_id,
            "unit": target.unit,
            "indicator": target.indicator,
            "item": target.item or NO_ITEM,
            "version": standings[target.key].version + 1 if target.key in standings else 1,
            "target": target.target,
            "baseline": target.baseline,
            "pledge": target.pledge,
            "state": to,
            "lowered": to == "revised" and is_lowered(issued[target.key].target, target, scheme),
            "set_by": permit.caller.subject,
            **told,
        }
        for target, to in moves
    ]
    await db.execute(insert(TargetRow), rows)


async def _recorded(
    db: AsyncSession, cycle_id: UUID, permit: Permission, event: str, new: Incoming, count: int
) -> TargetsMoved:
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=event,
        body=new.model_dump(mode="json"),
    )
    return TargetsMoved(count=count, receipt=receipt)
