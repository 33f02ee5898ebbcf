"""Files (文件报送): a survey centre's own export, of any number of rows, taken as one batch."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction, work_of
from chassis.intake import WrongMediaType
from chassis.journal import Receipt
from chassis.modes import BatchMode
from chassis.outcomes import REFUSED, UNCHANGED, RowFault, told
from chassis.problems import documents, joined, language_of
from chassis.routes import Router
from chassis.row_files import FILE_ANSWER, Column, FileFormat, SpooledFile
from chassis.uploads import Sent, Upload
from chassis.wire import Code, Outgoing
from survey.api.batches import BatchExists, Sha256
from survey.api.codes import meant_at
from survey.api.export_mappings import NoSuchMapping, find_mapping
from survey.api.file_intake import FileIntake
from survey.api.waves import WaveNo
from survey.api.withdrawals import NoSuchBatch
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.responses import find_batch, refused_rows
from survey.queries.samples import planned_strata
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.ballots import refuse_responses
from survey.rules.batch import BatchRejected, IdSchemeUnknown
from survey.rules.counts import CountedAtMeetings
from survey.rules.export_mapping import own_columns
from survey.rules.files import FileReading, FileUnderWay
from survey.rules.questionnaires import AnotherQuestionnaire, check_version
from survey.rules.states import WaveNotOpen, WaveState, require
from survey.rules.totals import Announced
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/files", tags=["batches"])
batch_router = Router(
    prefix="/surveys/{survey_id}/waves/{wave}/batches/{batch_no}", tags=["batches"]
)

BatchNo = Annotated[
    str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="Number of the batch.")
]


SumTold = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}:-?[0-9]{1,18}(\.[0-9]{1,12})?$"),
]


class RefusedRow(Outgoing):
    """A row that was not stored, counted from 0 without the header, and what is wrong with it."""

    position: int
    errors: list[RowFault]


class PostedFile(Outgoing):
    """What became of a file: how many rows were sent, stored, unchanged and refused.

    `refused_rows` names the first thousand; all of them are a file of their own. `content_digest`
    is the SHA-256 of the file, unpacked. `answers_left_out` are those of contacts that were not
    completed, where the mapping leaves them out. There is no receipt where nothing was kept.
    """

    batch_no: str
    mapping: str | None
    mapping_version: int | None
    content_digest: str
    mode: Literal["all", "partial", "check"]
    sent: int
    stored: int
    unchanged: int
    refused: int
    answers_left_out: int
    refused_rows: list[RefusedRow]
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        NoSuchWave,
        NoSuchMapping,
        WaveNotOpen,
        AnotherQuestionnaire,
        BatchRejected,
        BatchExists,
        CountedAtMeetings,
        FileUnderWay,
        IdSchemeUnknown,
        PeerDown,
        PeerMissing,
        PeerRefused,
    ),
)
async def post_file(
    survey_id: UUID,
    wave: WaveNo,
    sent: Sent,
    request: Request,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    batch_no: Annotated[Code, Query(description="The number of the batch, given once.")],
    mapping: Annotated[
        Code | None, Query(description="By which saved mapping its columns are read.")
    ] = None,
    mode: BatchMode = "all",
    questionnaire_version: Annotated[
        int | None,
        Query(ge=1, le=1_000_000, description="The version of the questionnaire that was asked."),
    ] = None,
    count: Annotated[
        int | None,
        Query(
            alias="control_totals.count",
            ge=0,
            le=1_000_000_000,
            description="How many rows it has.",
        ),
    ] = None,
    sums: Annotated[
        list[SumTold] | None,
        Query(
            alias="control_totals.sums",
            max_length=200,
            description="question:sum of the scores of answers.",
        ),
    ] = None,
    digest: Annotated[
        Sha256 | None,
        Query(alias="control_totals.digest", description="SHA-256 of the file, unpacked."),
    ] = None,
) -> PostedFile:
    """Take a file of responses as one batch, whatever its size.

    It is CSV or JSON lines, also gzipped, in UTF-8 or GB18030. With a `mapping` it is taken as the
    centre's software writes it, otherwise its columns are called as the fields of a batch,
    `answers.q1` for a question. It is spooled, verified over its bytes, and read in pieces; nothing
    of it is visible before all of it is stored.
    """
    survey, row = await find_wave(reading, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    read, version = await _reading(reading, ask, survey, row, sent, mapping)
    await reading.close()  # nobody waits for its connection while the file is read
    survey, row = await find_wave(db, survey_id, wave, Lock.SHARED)
    refuse_responses(survey.definition)
    require((WaveState.OPEN,), WaveState(row.state), wave)
    check_version(wave, row.questionnaire_version, questionnaire_version)
    intake = FileIntake(db, row, read, batch_no, mode)
    announced = Announced(count, _sums(sums or ()), digest)
    await intake.take(sent, announced)
    receipt = None
    if intake.stored:
        await intake.keep(sent.content, mapping, version)
        receipt = await journal.record(
            db,
            chain=str(row.cycle_id),
            caller=permit.caller,
            event="survey.batch-posted",
            body={
                "survey_id": str(survey_id),
                "wave": wave,
                "batch_no": batch_no,
                "rows_digest": sent.content,
                "mapping": mapping,
                "mapping_version": version,
            },
        )
    else:
        work_of(request).keeps_nothing = True
    refused = told(intake.refused, request)
    return PostedFile(
        batch_no=batch_no,
        mapping=mapping,
        mapping_version=version,
        content_digest=sent.content,
        mode=mode,
        sent=intake.sent,
        stored=intake.stored,
        unchanged=intake.fate(UNCHANGED),
        refused=intake.fate(REFUSED),
        answers_left_out=intake.answers_left_out,
        refused_rows=[RefusedRow(position=n, errors=each) for n, each in refused.items()],
        receipt=receipt,
    )


async def _reading(
    db: AsyncSession,
    ask: Indicators,
    survey: SurveyRow,
    wave: WaveRow,
    sent: Upload,
    name: str | None,
) -> tuple[FileReading, int | None]:
    """Return by what a file is read, and the version of its mapping."""
    mapping, version, zone = own_columns(survey.definition), None, None
    if name is not None:
        saved = await find_mapping(db, survey.survey_id, name)
        mapping, version = saved.document, saved.version
        if sent.charset not in (None, mapping.charset):
            en = f"Content-Type says {sent.charset}, the mapping {mapping.charset}."
            zh = f"`Content-Type` 为 `{sent.charset}`，对照所定为 `{mapping.charset}`。"
            raise WrongMediaType(en, zh)
    elif sent.charset == "gb18030":
        mapping = replace(mapping, charset="gb18030")
    zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else None
    units = frozenset(await surveyed_units(db, survey))
    now = await db.scalar(select(func.clock_timestamp()))
    assert now is not None  # noqa: S101 - narrows for mypy
    meant = await meant_at(ask, survey.cycle_id, mapping.id_scheme, now)
    strata = await planned_strata(db, wave)
    return FileReading(survey.definition, units, strata, mapping, zone, meant), version


def _sums(told: Sequence[str]) -> dict[str, Decimal]:
    pairs = (each.rpartition(":") for each in told)
    return {question: Decimal(number) for question, _, number in pairs}


REFUSED_ROWS = (
    Column("position", "行序号", "Row", is_number=True),
    Column("column", "列", "Column"),
    Column("code", "差错代码", "Code of the fault"),
)


@batch_router.get(
    "/refused-rows",
    response_class=StreamingResponse,
    responses=joined(documents(NoSuchBatch), FILE_ANSWER),
)
async def export_refused_rows(
    survey_id: UUID,
    wave: WaveNo,
    batch_no: BatchNo,
    request: Request,
    db: Snapshot,
    permit: Permit,
    format: FileFormat = "csv",
) -> Response:
    """Give the rows of a file that were refused, each fault with its row, column and code.

    Rows are counted from 0, without the header. What stood in a row is not kept.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    if not await find_batch(db, row, batch_no):
        raise NoSuchBatch("There is none.", "没有这一批次。")
    language = language_of(request.headers.get("accept-language", ""))
    with SpooledFile(REFUSED_ROWS, format, language) as file:
        async for some in refused_rows(db, row, batch_no):
            rows = [[str(n), *fault] for n, faults in some for fault in faults]
            await file.add(rows)
        return await file.answer(f"refused-rows-{batch_no}")
