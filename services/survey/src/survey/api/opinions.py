"""Opinions that come alone (意见建议): letters, calls and visits, without an interview."""

from typing import Annotated, ClassVar, cast
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Transaction, copy_rows
from chassis.journal import Receipt
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.wire import Code, Incoming, Text
from survey.api.batches import BatchExists
from survey.api.waves import WaveNo
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.opinions import OpinionsRejected, check_opinions
from survey.rules.states import WaveNotOpen, WaveState, require
from survey.tables.opinions import OpinionRow
from survey.tables.responses import BatchRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/opinions", tags=["opinions"])

_OPINIONS = cast(Table, OpinionRow.__table__)
_COLUMNS = ("opinion_id", "unit", "respondent_group", "channel", "text")


class NewOpinion(Incoming):
    """What somebody said about a unit, in up to 2,000 characters; the `channel` is how it came."""

    unit: Code
    text: Text
    group: Code | None = None
    channel: Code | None = None


class NewOpinions(IncomingBatch):
    """Opinions of one wave that came without an interview, under the number of a batch."""

    ROWS: ClassVar = "rows"

    batch_no: Code
    rows: Annotated[list[NewOpinion], Field(min_length=1, max_length=2_000)]


class PostedOpinions(BatchOutcome):
    """What became of opinions, one by one in their order."""

    batch_no: str
    rows: list[RowOutcome]


@router.post(
    "",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotOpen, OpinionsRejected, BatchExists),
)
async def post_opinions(
    survey_id: UUID, wave: WaveNo, new: NewOpinions, db: Transaction, permit: Permit, rows: Rows
) -> PostedOpinions:
    """Take opinions that came without an interview.

    They are a batch of the wave, numbered among its other batches, and withdrawn like these. What
    they say is read by nobody before the wave is closed, and then by those who review it.
    """
    survey, row = await find_wave(db, survey_id, wave, Lock.SHARED)
    permit.within(row.cycle_id)
    require((WaveState.OPEN,), WaveState(row.state), wave)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    units = set(await surveyed_units(db, survey, among={each.unit for each in new.rows}))

    async def take(batch: NewOpinions) -> Receipt | None:
        check_opinions(survey.definition, units, batch.rows)
        digest = await _store(db, row, batch)
        return await journal.record(
            db,
            chain=str(row.cycle_id),
            caller=permit.caller,
            event="survey.opinions-posted",
            body={
                "survey_id": str(survey_id),
                "wave": wave,
                "batch_no": batch.batch_no,
                "rows_digest": digest,
            },
        )

    receipt = await rows.keep(new, take)
    return PostedOpinions(batch_no=new.batch_no, receipt=receipt, **rows.told(RowOutcome))


async def _store(db: AsyncSession, wave: WaveRow, new: NewOpinions) -> str:
    """Keep opinions and return the SHA-256 of their rows with the ids that were drawn: without
    these who reads a digest before the wave is closed could find a short text by trying."""
    said = sorted((uuid4(), each.unit, each.group, each.channel, each.text) for each in new.rows)
    digest = journal.sha256([[str(cell or "") for cell in each] for each in said])
    batch = insert(BatchRow).values(
        **wave.key, batch_no=new.batch_no, accepted=len(new.rows), digest=digest
    )
    if (await db.execute(batch.on_conflict_do_nothing())).rowcount == 0:  # type: ignore[attr-defined]
        number = new.batch_no
        raise BatchExists(f"Batch {number} was posted before.", f"批次 {number} 已经提交过。")
    same = {**wave.key, "batch_no": new.batch_no}
    await copy_rows(db, _OPINIONS, [*same, *_COLUMNS], ((*same.values(), *each) for each in said))
    return digest
