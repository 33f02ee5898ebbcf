"""The release of a stage's ranks: the office proposes it, and another person confirms."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.api.reports.stages import StagePhase, StageRelease, release_of
from scoring.queries.sheet import Number
from scoring.queries.stages import FoundStage, NoSuchStage, find_stage
from scoring.rules.reports.stages import (
    FROZEN,
    PROPOSED,
    RELEASED,
    RefusalUnexplained,
    ReleaseBarred,
    ReleaseDecision,
    SamePersonReleases,
    StageNotThere,
    StageReaders,
    check_deciding,
    check_interest,
    check_step,
)
from scoring.tables.stages import StageStateRow

router = Router("/cycles/{cycle_id}/stage-results/{stage_no}/release", tags=["score sheets"])

_EVENTS = {
    PROPOSED: "scoring.stage-release-proposed",
    RELEASED: "scoring.stage-released",
    FROZEN: "scoring.stage-release-refused",
}
"""What is told of the state that a stage comes into."""


class NewStageRelease(Incoming):
    """Who is to read which ranks of a stage, by which document."""

    readers: StageReaders
    document_no: Text
    reason: Text | None = None


class NewReleaseDecision(Incoming):
    """A second person's word on a proposed release; refusing it needs a reason."""

    decision: ReleaseDecision
    reason: Text | None = None


class MovedStage(Outgoing):
    """The state that a stage has come into by this step."""

    stage_no: int
    phase: StagePhase
    release: StageRelease | None
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(NoSuchStage, StageNotThere, ReleaseBarred, StoredDataAltered),
)
async def propose_stage_release(
    cycle_id: UUID, stage_no: Number, new: NewStageRelease, db: Transaction, permit: Permit
) -> MovedStage:
    """Propose that the ranks of a stage be read: by each unit its own, by the units of a category
    theirs, or by everybody all. Nothing is read before another person confirms."""
    stage = await find_stage(db, cycle_id, stage_no, alone=True)
    check_step(stage.phase, PROPOSED)
    permit.require(phase=stage.phase)
    check_interest(permit.caller.organisation, stage.units)
    return await _move(db, permit, stage, PROPOSED, new.model_dump())


@router.post(
    "/confirmation",
    status_code=201,
    responses=documents(
        NoSuchStage,
        StageNotThere,
        SamePersonReleases,
        RefusalUnexplained,
        ReleaseBarred,
        StoredDataAltered,
    ),
)
async def confirm_stage_release(
    cycle_id: UUID, stage_no: Number, new: NewReleaseDecision, db: Transaction, permit: Permit
) -> MovedStage:
    """Release the ranks of a stage as somebody else proposed, or refuse it; what was released stays
    so."""
    stage = await find_stage(db, cycle_id, stage_no, alone=True)
    is_confirmed = new.decision is ReleaseDecision.CONFIRM
    check_step(stage.phase, RELEASED)
    permit.require(phase=stage.phase)
    check_interest(permit.caller.organisation, stage.units)
    proposed = stage.latest
    assert proposed is not None  # noqa: S101 - it is proposed, says its state
    check_deciding(new.decision, new.reason, proposed.person, permit.caller.person)
    told = {"readers": proposed.readers, "document_no": proposed.document_no, "reason": new.reason}
    if is_confirmed:
        return await _move(db, permit, stage, RELEASED, told)
    return await _move(db, permit, stage, FROZEN, told)


async def _move(
    db: AsyncSession,
    permit: Permission,
    stage: FoundStage,
    state: str,
    told: dict[str, str | None],
) -> MovedStage:
    """Add the state that a stage comes into, and tell the journal of it."""
    row, caller = stage.row, permit.caller
    moved = StageStateRow(
        cycle_id=row.cycle_id,
        stage_no=row.stage_no,
        step=1 + (stage.latest.step if stage.latest else 0),
        state=state,
        **told,
        actor=caller.subject,
        person=caller.person,
    )
    db.add(moved)
    await db.flush()
    await db.refresh(moved)
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=caller,
        event=_EVENTS[state],
        body={"stage_no": row.stage_no, **told, "digest": row.digest},
    )
    found = FoundStage(row, moved)
    release = release_of(found, at_work=True)
    return MovedStage(stage_no=row.stage_no, phase=found.phase, release=release, receipt=receipt)
