"""Batches: responses as the collector hands them in, stored whole or not at all."""

from collections.abc import Sequence
from typing import Annotated, cast
from uuid import UUID

from pydantic import Field
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Transaction, copy_rows
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Conflict
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing
from survey.api.waves import WaveNo
from survey.queries import Lock, NoSuchWave, find_wave, known_respondents, surveyed_units
from survey.rules.batch import (
    DUPLICATE_RESPONDENT,
    BatchRejected,
    Response,
    check_batch,
    rejection,
)
from survey.rules.states import WaveNotOpen, WaveState, require
from survey.tables import BatchRow, ResponseRow, WaveRow

router = Router(tags=["batches"])

_RESPONSES = cast(Table, ResponseRow.__table__)
_COLUMNS = [
    "cycle_id",
    "survey_id",
    "wave",
    "batch_no",
    "unit",
    "respondent_token",
    "outcome",
    "answer",
    "respondent_group",
]


class BatchExists(Conflict):
    """The wave already has a batch of this number."""

    zh = "本轮调查已有同一编号的批次。"


class ControlTotals(Incoming):
    """What the collector counted before sending."""

    count: int


class NewBatch(Incoming):
    """Responses of one wave under a number that the collector gives once; no phone numbers."""

    batch_no: Code
    control_totals: ControlTotals
    rows: Annotated[list[Response], Field(min_length=1, max_length=20_000)]


class PostedBatch(Outgoing):
    """A batch that was stored, with the receipt of the journal."""

    batch_no: str
    accepted: int
    receipt: Receipt


@router.post(
    "/surveys/{survey_id}/waves/{wave}/batches",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotOpen, BatchRejected, BatchExists),
)
async def post_batch(
    survey_id: UUID, wave: WaveNo, new: NewBatch, db: Transaction, permit: Permit
) -> PostedBatch:
    """Store a batch of responses, or refuse all of it and name every fault."""
    # Shared with other batches, and held until the commit: the wave cannot close in between.
    survey, row = await find_wave(db, survey_id, wave, Lock.SHARED)
    require(WaveState.OPEN, WaveState(row.state), wave)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    units = await surveyed_units(db, survey, among={response.unit for response in new.rows})
    check_batch(survey.definition, set(units), new.batch_no, new.control_totals.count, new.rows)

    digest = journal.sha256(new.model_dump()["rows"])
    await _store(db, row, new, digest)
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="survey.batch-posted",
        body={
            "survey_id": str(survey_id),
            "wave": wave,
            "batch_no": new.batch_no,
            "accepted": len(new.rows),
            "rows_digest": digest,
        },
    )
    return PostedBatch(batch_no=new.batch_no, accepted=len(new.rows), receipt=receipt)


async def _store(db: AsyncSession, wave: WaveRow, new: NewBatch, digest: str) -> None:
    key = {"cycle_id": wave.cycle_id, "survey_id": wave.survey_id, "wave": wave.wave}
    kept = await db.scalar(
        insert(BatchRow)
        .values(**key, batch_no=new.batch_no, accepted=len(new.rows), digest=digest)
        .on_conflict_do_nothing()
        .returning(BatchRow.batch_no)
    )
    if kept is None:
        raise BatchExists(
            f"Batch {new.batch_no} was posted before.", f"批次 {new.batch_no} 已经提交过。"
        )
    # In the order of their key, so that two batches with common respondents wait for one another
    # instead of deadlocking.
    rows = sorted(
        (*key.values(), new.batch_no, r.unit, r.respondent_token, r.outcome, r.answer, r.group)
        for r in new.rows
    )
    if await copy_rows(db, _RESPONSES, _COLUMNS, rows) < len(rows):
        await _refuse_known(db, wave, new.batch_no, new.rows)


async def _refuse_known(
    db: AsyncSession, wave: WaveRow, batch_no: str, responses: Sequence[Response]
) -> None:
    """Name the rows whose respondent an earlier batch holds already."""
    tokens = {response.respondent_token for response in responses}
    known = await known_respondents(db, wave, tokens, outside=batch_no)
    raise rejection(
        [
            DUPLICATE_RESPONDENT.at("rows", n, "respondent_token")
            for n, response in enumerate(responses)
            if (response.unit, response.respondent_token) in known
        ]
    )
