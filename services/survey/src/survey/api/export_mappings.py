"""Export mappings: which column of a survey centre's own file is what, said once and kept."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Path, Query
from pydantic import Field, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Conflict, Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing
from survey.queries.surveys import NoSuchSurvey, find_survey
from survey.rules.export_mapping import (
    AnswersOtherwise,
    Charset,
    ExportMapping,
    MappedColumn,
    MappingRefused,
    TimeFormat,
    check_mapping,
)
from survey.tables.surveys import ExportMappingRow

router = Router(prefix="/surveys/{survey_id}/mappings", tags=["batches"])

MOST_VERSIONS = 1_000
"""How many versions of all mappings of a survey there may be."""

Header = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MappingName = Annotated[
    str, Path(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="Name of the mapping.")
]


class NoSuchMapping(Missing):
    """The survey has no mapping of this name, or not this version of it."""

    zh = "本次调查没有该名称的对照，或没有这一版本。"
    remedy = (
        "Look names and versions up in the list of mappings of the survey.",
        "请在本次调查的对照清单中查对名称和版本。",
    )


class TooManyMappings(Conflict):
    """The survey has as many versions of mappings as it may have."""

    zh = "本次调查的对照版本数已达上限。"
    remedy = (
        "Use one of the versions that there are.",
        "请使用已有的版本。",
    )


class NewMappedColumn(Incoming):
    """A column of the file by its name, and what each word in it means; without `words` it is read
    as it is."""

    column: Header
    words: Annotated[dict[Word, Code], Field(min_length=1, max_length=2_000)] | None = None


class NewExportMapping(Incoming):
    """What each column of a file is.

    `outcome` is the column of the disposition code: its words mean outcomes, and with `aapor` its
    numbers are read as AAPOR has them (1.1, 2.11, 3.1, 4.7). `questions` has each question of the
    survey, `answer` where it names none. Columns that mean nothing here are `ignored` by name;
    `blank` are the words that stand where there is nothing. `time_format` is dashes (2026-06-01
    09:30:00, also with an offset), slashes (2026/6/1 9:30) or digits (20260601093000); times
    without an offset are of `time_zone`. Answers of a contact that was not completed refuse its
    row, or are `left_out`.
    """

    respondent_token: NewMappedColumn
    unit: NewMappedColumn
    outcome: NewMappedColumn
    aapor: bool = False
    group: NewMappedColumn | None = None
    stratum: NewMappedColumn | None = None
    cluster: NewMappedColumn | None = None
    interviewer: NewMappedColumn | None = None
    attempt: NewMappedColumn | None = None
    started_at: NewMappedColumn | None = None
    ended_at: NewMappedColumn | None = None
    opinion: NewMappedColumn | None = None
    questions: Annotated[dict[Code, NewMappedColumn], Field(min_length=1, max_length=200)]
    ignored: Annotated[tuple[Header, ...], Field(max_length=500)] = ()
    blank: Annotated[tuple[Word, ...], Field(max_length=50)] = ()
    id_scheme: Code = "code"
    charset: Charset = "utf-8"
    time_format: TimeFormat = "dashes"
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    answers_otherwise: AnswersOtherwise = "refused"


class ColumnMeaning(Outgoing):
    """A column of the file, and what its words mean; null where it is read as it is."""

    column: str
    words: dict[str, str] | None


class MappingVersion(Outgoing):
    """One version of a mapping: who saved it, and when by the database's clock."""

    name: str
    version: int
    saved_by: str
    saved_at: dt.datetime


class ExportMappings(Outgoing):
    """All versions of the mappings of a survey, by name, the newest of each first."""

    survey_id: UUID
    mappings: list[MappingVersion]


class SavedMapping(MappingVersion):
    """A mapping of a survey as it was saved: `fields` by field of a response."""

    survey_id: UUID
    fields: dict[str, ColumnMeaning]
    questions: dict[str, ColumnMeaning]
    ignored: list[str]
    blank: list[str]
    aapor: bool
    id_scheme: str
    charset: Charset
    time_format: TimeFormat
    time_zone: str | None
    answers_otherwise: AnswersOtherwise


class RecordedMapping(SavedMapping):
    """A mapping that has just been saved, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "/{name}",
    status_code=201,
    responses=documents(NoSuchSurvey, MappingRefused, TooManyMappings),
)
async def save_mapping(
    survey_id: UUID, name: MappingName, new: NewExportMapping, db: Transaction, permit: Permit
) -> RecordedMapping:
    """Save what the columns of the collector's own files are, as the next version of a mapping.

    Files that are sent from then on are read by it. Earlier versions stay, and each batch names
    the one that it was read by.
    """
    survey = await find_survey(db, survey_id)
    permit.within(survey.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation))
    mapping = _as_rules(new)
    check_mapping(survey.definition, mapping, zone=_is_zone(mapping.time_zone))
    key = func.hashtext("export_mapping"), func.hashtext(str(survey_id))
    await db.execute(select(func.pg_advisory_xact_lock(*key)))
    of = ExportMappingRow
    all_there = await db.scalar(select(func.count()).where(of.survey_id == survey_id))
    if (all_there or 0) >= MOST_VERSIONS:
        raise TooManyMappings(f"It has {MOST_VERSIONS:,}.", f"已有 {MOST_VERSIONS:,} 个版本。")
    there = select(func.max(of.version)).where(of.survey_id == survey_id, of.name == name)
    row = ExportMappingRow(
        cycle_id=survey.cycle_id,
        survey_id=survey_id,
        name=name,
        version=(await db.scalar(there) or 0) + 1,
        document=mapping,
        saved_by=permit.caller.subject,
    )
    db.add(row)
    await db.flush()
    await db.refresh(row)
    receipt = await journal.record(
        db,
        chain=str(survey.cycle_id),
        caller=permit.caller,
        event="survey.mapping-saved",
        body={
            "survey_id": str(survey_id),
            "code": survey.code,
            "name": name,
            "version": row.version,
            "mapping": new.model_dump(mode="json"),
        },
    )
    return RecordedMapping(**_told(row), receipt=receipt)


@router.get("", responses=documents(NoSuchSurvey))
async def list_mappings(survey_id: UUID, db: Snapshot, permit: Permit) -> ExportMappings:
    """List the versions of the mappings of a survey, by name, the newest of each first."""
    survey = await find_survey(db, survey_id)
    permit.within(survey.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation))
    of = ExportMappingRow
    rows = await db.execute(
        select(of.name, of.version, of.saved_by, of.saved_at)
        .where(of.cycle_id == survey.cycle_id, of.survey_id == survey_id)
        .order_by(of.name, of.version.desc())
    )
    versions = [MappingVersion.model_validate(row) for row in rows]
    return ExportMappings(survey_id=survey_id, mappings=versions)


@router.get("/{name}", responses=documents(NoSuchSurvey, NoSuchMapping))
async def read_mapping(
    survey_id: UUID,
    name: MappingName,
    db: Snapshot,
    permit: Permit,
    version: Annotated[
        int | None,
        Query(ge=1, le=MOST_VERSIONS, description="The newest otherwise."),
    ] = None,
) -> SavedMapping:
    """Read a version of a mapping, the newest unless another is named."""
    survey = await find_survey(db, survey_id)
    permit.within(survey.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation))
    return SavedMapping(**_told(await find_mapping(db, survey_id, name, version)))


async def find_mapping(
    db: AsyncSession, survey_id: UUID, name: str, version: int | None = None
) -> ExportMappingRow:
    """Return a version of a mapping, the newest where none is named; refuse an unknown one."""
    of = ExportMappingRow
    query = select(of).where(of.survey_id == survey_id, of.name == name)
    if version is not None:
        query = query.where(of.version == version)
    row = await db.scalar(query.order_by(of.version.desc()).limit(1))
    if row is None:
        raise NoSuchMapping("There is none.", "没有这一对照。")
    return row


def _told(row: ExportMappingRow) -> dict[str, object]:
    told = {name: getattr(row, name) for name in ("survey_id", *MappingVersion.model_fields)}
    document = row.document
    beside = SavedMapping.model_fields.keys() - told.keys() - {"fields", "questions"}
    return {
        **told,
        **{name: getattr(document, name) for name in beside},
        "fields": _columns(document.fields),
        "questions": _columns(document.questions),
    }


def _columns(of: Mapping[str, MappedColumn]) -> dict[str, ColumnMeaning]:
    return {name: ColumnMeaning.model_validate(each) for name, each in of.items()}


_BESIDE = (
    "aapor",
    "id_scheme",
    "charset",
    "time_format",
    "time_zone",
    "answers_otherwise",
)


def _as_rules(new: NewExportMapping) -> ExportMapping:
    columns = {
        name: MappedColumn(each.column, each.words)
        for name, each in new.__dict__.items()
        if isinstance(each, NewMappedColumn)
    }
    questions = {code: MappedColumn(c.column, c.words) for code, c in new.questions.items()}
    beside = {name: getattr(new, name) for name in _BESIDE}
    return ExportMapping(
        fields=columns,
        questions=questions,
        ignored=new.ignored,
        blank=new.blank,
        **beside,
    )


def _is_zone(name: str | None) -> bool:
    try:
        return name is None or bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
