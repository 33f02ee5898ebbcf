"""Batches of a wave as they stand: which were taken, and which were wrong and are withdrawn."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Path

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.refusals import Conflict, Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.waves import WaveNo
from survey.queries.responses import batches_of, find_batch
from survey.queries.surveys import Lock, NoSuchWave, find_wave
from survey.rules.reconciliation import is_told_all
from survey.rules.states import WaveNotRunning, WaveState, require
from survey.tables.responses import BatchRow, BatchWithdrawalRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/batches", tags=["batches"])

BatchNo = Annotated[Code, Path(description="Number of the batch within the wave.")]


class NoSuchBatch(Missing):
    """The wave has no batch of this number."""

    zh = "本轮调查没有这一编号的批次。"
    remedy = (
        "Look the number up in the list of batches of this wave.",
        "请在本轮批次清单中查对编号。",
    )


class BatchWithdrawn(Conflict):
    """The batch has been withdrawn before."""

    zh = "该批次已经撤回。"
    remedy = (
        "Send what corrects it under another number.",
        "请以其他编号重新上报更正后的应答。",
    )


class NewWithdrawal(Incoming):
    """Why a batch or a count is wrong: all of it counts no more, and what is right is sent anew."""

    reason: Text


class Withdrawal(Outgoing):
    """That a batch was withdrawn by the collector, and why."""

    reason: str
    withdrawn_by: str
    withdrawn_at: dt.datetime


class Batch(Outgoing):
    """A batch that was taken: so many responses were `accepted`, with the SHA-256 of its rows.

    Its responses count unless there is a `withdrawal`. Of a wave that is open its collector alone
    is told how many it has: for others they would be contacts, and not completed interviews.
    """

    batch_no: str
    accepted: int | None
    digest: str
    withdrawal: Withdrawal | None


class WithdrawnBatch(Batch):
    """A batch that has just been withdrawn, with the receipt of the journal."""

    receipt: Receipt | None


@router.get("", responses=documents(NoSuchWave))
async def list_batches(
    survey_id: UUID, wave: WaveNo, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[Batch]:
    """Give the batches of a wave in the order of their numbers, those too that were withdrawn."""
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    relations = survey.definition.relations_of(permit.caller.organisation)
    permit.require(relations, row.state)
    everything = is_told_all(WaveState(row.state), relations)
    batches = await batches_of(db, row, page)
    found = [_shown(*each, everything=everything) for each in batches]
    return Page[Batch].of(found, page.limit, lambda each: each.batch_no)


@router.post(
    "/{batch_no}/withdrawal",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotRunning, NoSuchBatch, BatchWithdrawn),
)
async def withdraw_batch(
    survey_id: UUID,
    wave: WaveNo,
    batch_no: BatchNo,
    new: NewWithdrawal,
    db: Transaction,
    permit: Permit,
) -> WithdrawnBatch:
    """Withdraw a wrong batch of a wave that has not closed; its responses stay, and count nowhere.

    What is right is sent as another batch, with the same respondents where they are the same. What
    supervising bodies said of a stopped wave lapses with it.
    """
    # Alone: who posts at the same time has done so before, or finds that it is withdrawn.
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    require((WaveState.OPEN, WaveState.STOPPED), WaveState(row.state), wave)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    found = await find_batch(db, row, batch_no)
    if found is None:
        raise NoSuchBatch(f"There is no batch {batch_no}.", f"没有批次 {batch_no}。")
    batch, withdrawn = found
    if withdrawn is not None:
        raise BatchWithdrawn(f"Batch {batch_no} was withdrawn.", f"批次 {batch_no} 已经撤回。")
    withdrawal = BatchWithdrawalRow(
        cycle_id=row.cycle_id,
        survey_id=row.survey_id,
        wave=row.wave,
        batch_no=batch_no,
        reason=new.reason,
        withdrawn_by=permit.caller.subject,
    )
    db.add(withdrawal)
    await db.flush()
    await db.refresh(withdrawal)
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="survey.batch-withdrawn",
        body={
            "survey_id": str(survey_id),
            "wave": wave,
            "batch_no": batch_no,
            "reason": new.reason,
        },
    )
    return WithdrawnBatch(**dict(_shown(batch, withdrawal, everything=True)), receipt=receipt)


def _shown(batch: BatchRow, withdrawn: BatchWithdrawalRow | None, *, everything: bool) -> Batch:
    return Batch(
        batch_no=batch.batch_no,
        accepted=batch.accepted if everything else None,
        digest=batch.digest,
        withdrawal=withdrawn and Withdrawal.model_validate(withdrawn),
    )
