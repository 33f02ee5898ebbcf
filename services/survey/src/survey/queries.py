"""The questions to the database that more than one resource asks, or that deserve a name."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.refusals import Missing
from chassis.stored import require_intact
from survey.rules.satisfaction import Tally
from survey.tables import BatchRow, ResponseRow, SurveyRow, SurveyUnitRow, WaveRow

SURVEYS = ("survey", "survey_unit", "wave", "wave_result")
"""The tables that the satisfaction of a cycle is told from; responses are counted once."""


class NoSuchWave(Missing):
    """There is no such survey, or it has no such wave."""

    zh = "没有这项调查，或该调查没有这一轮。"


class Lock(Enum):
    """How a wave is held until the commit: writers share it, a change of state has it alone."""

    NONE = "none"
    SHARED = "shared"
    ALONE = "alone"


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
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise NoSuchWave(
            f"Survey {survey_id} has no wave {number}.", f"调查 {survey_id} 没有第{number}轮。"
        )
    survey, wave = found
    return survey, wave


async def require_true_responses(db: AsyncSession, wave: WaveRow) -> None:
    """Refuse to count a wave whose responses are not what was posted."""
    batches = select(BatchRow.record).where(*_in_wave(wave, BatchRow))
    responses = select(ResponseRow.record).where(*_in_wave(wave))
    records = set(await db.scalars(batches.union(responses)))
    await require_intact(db, str(wave.cycle_id), "batch", "response", records=records)


async def surveyed_units(
    db: AsyncSession, survey: SurveyRow, among: Collection[str] | None = None
) -> Sequence[str]:
    """Return the units that a survey asks about, all or those among the given ones, by code."""
    query = select(SurveyUnitRow.unit).where(*_in_survey(SurveyUnitRow, survey))
    if among is not None:
        query = query.where(SurveyUnitRow.unit.in_(among))
    return (await db.scalars(query.order_by(SurveyUnitRow.unit))).all()


async def known_respondents(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str], *, outside: str
) -> set[tuple[str, str]]:
    """Return which (unit, token) pairs of these tokens stand in batches other than `outside`."""
    rows = await db.execute(
        select(ResponseRow.unit, ResponseRow.respondent_token).where(
            *_in_wave(wave),
            ResponseRow.respondent_token.in_(tokens),
            ResponseRow.batch_no != outside,
        )
    )
    return {(unit, token) for unit, token in rows}


async def contacts_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, int]:
    """Return how many responses each unit of a wave has so far."""
    rows = await db.execute(
        select(ResponseRow.unit, func.count()).where(*_in_wave(wave)).group_by(ResponseRow.unit)
    )
    return {unit: contacts for unit, contacts in rows}  # noqa: C416 - dict() takes no typed Row


async def tallies_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, list[Tally]]:
    """Return, for each unit with responses in a wave, how many ended in which way."""
    kinds = (ResponseRow.outcome, ResponseRow.respondent_group, ResponseRow.answer)
    rows = await db.execute(
        select(ResponseRow.unit, *kinds, func.count())
        .where(*_in_wave(wave))
        .group_by(ResponseRow.unit, *kinds)
        .order_by(ResponseRow.unit, *kinds)
    )
    tallies = defaultdict(list)
    for unit, outcome, group, answer, contacts in rows:
        tallies[unit].append(Tally(outcome, group, answer, contacts))
    return tallies


def _in_survey(table: Any, survey: SurveyRow) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any table with these two columns
    return table.cycle_id == survey.cycle_id, table.survey_id == survey.survey_id


def _in_wave(
    wave: WaveRow, table: type[ResponseRow] | type[BatchRow] = ResponseRow
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.cycle_id == wave.cycle_id,
        table.survey_id == wave.survey_id,
        table.wave == wave.wave,
    )
