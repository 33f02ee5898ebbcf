"""Which surveys, waves and questionnaires there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    any_,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis.db import driver_of
from chassis.pages import PageRequest
from chassis.refusals import Missing
from survey.rules.states import WaveState
from survey.tables.links import FormLinkRow
from survey.tables.responses import ResponseRow
from survey.tables.surveys import QuestionnaireRow, SurveyRow, SurveyUnitRow
from survey.tables.waves import WaveRow

SURVEYS = (
    "survey",
    "survey_unit",
    "wave",
    "wave_result",
    "sample_decision",
    "sample_confirmation",
)
"""The tables that the satisfaction of a cycle is told from; responses are counted once."""


class NoSuchWave(Missing):
    """There is no such survey, or it has no such wave."""

    zh = "没有这项调查，或该调查没有这一轮。"
    remedy = (
        "Look survey and wave up in the list of surveys.",
        "请在调查清单中查对调查和轮次。",
    )


class NoSuchSurvey(Missing):
    """There is no such survey."""

    zh = "没有这项调查。"
    remedy = (
        "Look the survey up in the list of surveys.",
        "请在调查清单中查对。",
    )


class Lock(Enum):
    """How a wave is held until the commit: writers share it, a change of state has it alone."""

    NONE = "none"
    SHARED = "shared"
    ALONE = "alone"


async def find_survey(db: AsyncSession, survey_id: UUID) -> SurveyRow:
    """Return a survey; refuse an unknown one."""
    survey = await db.scalar(select(SurveyRow).where(SurveyRow.survey_id == survey_id))
    if survey is None:
        raise NoSuchSurvey(f"There is no survey {survey_id}.", f"没有调查 {survey_id}。")
    return survey


async def find_wave(
    db: AsyncSession, survey_id: UUID, number: int, lock: Lock = Lock.NONE
) -> tuple[SurveyRow, WaveRow]:
    """Return a survey and one wave of it, the wave locked as asked; refuse an unknown one."""
    query = select(SurveyRow, WaveRow).where(
        SurveyRow.survey_id == survey_id,
        WaveRow.cycle_id == SurveyRow.cycle_id,
        WaveRow.survey_id == SurveyRow.survey_id,
        WaveRow.wave == number,
    )
    if lock is not Lock.NONE:
        query = query.with_for_update(read=lock is Lock.SHARED, of=WaveRow)
        query = query.where(await where_it_lies(db, SurveyRow, SurveyRow.survey_id == survey_id))
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise NoSuchWave(
            f"Survey {survey_id} has no wave {number}.", f"调查 {survey_id} 没有第{number}轮。"
        )
    survey, wave = found
    return survey, wave


async def where_it_lies(
    db: AsyncSession, of: type[SurveyRow] | type[FormLinkRow], which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return the condition that says of which cycle a row is, as a lock has to where rows lie on
    several machines; there it is asked for first, and never changes."""
    if not (await driver_of(db, flush=False)).is_spread:
        return true()
    cycle_id = await db.scalar(select(of.cycle_id).where(which))
    return of.cycle_id == (cycle_id or UUID(int=0))


async def questionnaires_of(
    db: AsyncSession, survey: SurveyRow, page: PageRequest
) -> Sequence[QuestionnaireRow]:
    """Return the versions of the questionnaire of a survey, one more than the page has."""
    of = QuestionnaireRow
    later = *in_survey(of, survey), of.version > page.after_number
    rows = await db.scalars(select(of).where(*later).order_by(of.version).limit(page.limit + 1))
    return rows.all()


async def questionnaire_of(
    db: AsyncSession, survey: SurveyRow, version: int
) -> QuestionnaireRow | None:
    """Return a version of the questionnaire of a survey, if there is one."""
    of = QuestionnaireRow
    query = select(of).where(*in_survey(of, survey), of.version == version)
    return (await db.scalars(query)).one_or_none()


async def questionnaires_asked(
    db: AsyncSession, survey: SurveyRow, *states: WaveState
) -> set[int | None]:
    """Return with which versions of the questionnaire the waves in these states were asked, of the
    closed ones where none is named."""
    asked = in_survey(WaveRow, survey)
    query = select(WaveRow.questionnaire_version).where(
        *asked, WaveRow.state.in_(states or (WaveState.CLOSED,))
    )
    return {*await db.scalars(query)}


async def newest_questionnaire(db: AsyncSession, survey: SurveyRow) -> int | None:
    """Return the newest version of the questionnaire of a survey, if it has one."""
    of = QuestionnaireRow
    return (await db.scalars(select(func.max(of.version)).where(*in_survey(of, survey)))).one()


async def hold_survey(db: AsyncSession, survey: SurveyRow) -> None:
    """Hold a survey until the commit, for who numbers something in it."""
    key = f"{survey.cycle_id} {survey.survey_id}"
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def last_wave(db: AsyncSession, survey: SurveyRow) -> int:
    """Return the highest number of a wave of a survey."""
    query = select(func.max(WaveRow.wave)).where(*in_survey(WaveRow, survey))
    return (await db.scalars(query)).one()


async def surveyed_units(
    db: AsyncSession, survey: SurveyRow, among: Collection[str] | None = None
) -> Sequence[str]:
    """Return the units that a survey asks about, all or those among the given ones, by code."""
    query = select(SurveyUnitRow.unit).where(*in_survey(SurveyUnitRow, survey))
    if among is not None:
        query = query.where(is_one_of(SurveyUnitRow.unit, among))
    return (await db.scalars(query.order_by(SurveyUnitRow.unit))).all()


async def units_by_survey(db: AsyncSession, cycle_id: UUID) -> Mapping[UUID, list[str]]:
    """Return the units that each survey of a cycle asks about, by code."""
    of, found = SurveyUnitRow, defaultdict[UUID, list[str]](list)
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id).order_by(of.unit))
    for row in rows:
        found[row.survey_id].append(row.unit)
    return found


async def surveys_of(db: AsyncSession, cycle_id: UUID) -> list[tuple[SurveyRow, WaveRow]]:
    """Return the surveys of a cycle with each of their waves, in order."""
    rows = await db.execute(
        select(SurveyRow, WaveRow)
        .join(
            WaveRow,
            (WaveRow.cycle_id == SurveyRow.cycle_id) & (WaveRow.survey_id == SurveyRow.survey_id),
        )
        .where(SurveyRow.cycle_id == cycle_id)
        .order_by(SurveyRow.code, WaveRow.wave)
    )
    return [(survey, wave) for survey, wave in rows]


def is_one_of(column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """Return a condition with one parameter, whereas IN has one for each of 20,000 values."""
    return column == any_(literal(list(values), ARRAY(Text())))


def in_survey(table: Any, survey: SurveyRow | WaveRow) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any table with these two columns
    """Return the conditions that a row of a table is of a survey."""
    return table.cycle_id == survey.cycle_id, table.survey_id == survey.survey_id


def in_wave(wave: WaveRow, table: Any = ResponseRow) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any table with these three columns
    """Return the conditions that a row of a table is of a wave."""
    return (
        table.cycle_id == wave.cycle_id,
        table.survey_id == wave.survey_id,
        table.wave == wave.wave,
    )
