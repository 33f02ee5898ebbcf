"""The questions to the database that more than one resource asks, or that deserve a name."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, any_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis.refusals import Missing
from chassis.stored import require_intact
from survey.rules.minimum import ConfirmedDecision, Treatment, WaveSample
from survey.rules.satisfaction import Tally, counts_of
from survey.tables import (
    BatchRow,
    ResponseRow,
    SampleConfirmationRow,
    SampleDecisionRow,
    SurveyRow,
    SurveyUnitRow,
    WaveResultRow,
    WaveRow,
)

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
        query = query.where(_is_one_of(SurveyUnitRow.unit, among))
    return (await db.scalars(query.order_by(SurveyUnitRow.unit))).all()


async def units_by_survey(db: AsyncSession, cycle_id: UUID) -> Mapping[UUID, list[str]]:
    """Return the units that each survey of a cycle asks about, by code."""
    of, found = SurveyUnitRow, defaultdict[UUID, list[str]](list)
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id).order_by(of.unit))
    for row in rows:
        found[row.survey_id].append(row.unit)
    return found


async def known_respondents(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str], *, outside: str
) -> set[tuple[str, str]]:
    """Return which (unit, token) pairs of these tokens stand in batches other than `outside`."""
    rows = await db.execute(
        select(ResponseRow.unit, ResponseRow.respondent_token).where(
            *_in_wave(wave),
            _is_one_of(ResponseRow.respondent_token, tokens),
            ResponseRow.batch_no != outside,
        )
    )
    return {(unit, token) for unit, token in rows}


async def responses_of(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str]
) -> set[tuple[str, str, str, str | None, str | None]]:
    """Return all responses of a wave under these tokens: unit, token, outcome, answer, group."""
    row = ResponseRow
    named = row.unit, row.respondent_token, row.outcome, row.answer, row.respondent_group
    found = await db.execute(
        select(*named).where(*_in_wave(wave), _is_one_of(row.respondent_token, tokens))
    )
    return {(unit, token, outcome, answer, group) for unit, token, outcome, answer, group in found}


async def contacts_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, int]:
    """Return how many responses each unit of a wave has so far."""
    rows = await db.execute(
        select(ResponseRow.unit, func.count()).where(*_in_wave(wave)).group_by(ResponseRow.unit)
    )
    return {unit: contacts for unit, contacts in rows}  # noqa: C416 - dict() takes no typed Row


async def contacts_in_waves(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, int], Mapping[str, int]]:
    """Return how many responses each unit has so far in the waves of a cycle, by survey and
    wave."""
    of, found = ResponseRow, defaultdict[tuple[UUID, int], dict[str, int]](dict)
    rows = await db.execute(
        select(of.survey_id, of.wave, of.unit, func.count())
        .where(of.cycle_id == cycle_id)
        .group_by(of.survey_id, of.wave, of.unit)
    )
    for survey_id, wave, unit, contacts in rows:
        found[survey_id, wave][unit] = contacts
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


async def open_decisions(db: AsyncSession, cycle_id: UUID) -> Sequence[SampleDecisionRow]:
    """Return the decisions on short samples of a cycle that nobody has confirmed."""
    of, confirmed = SampleDecisionRow, SampleConfirmationRow
    rows = await db.scalars(
        select(of)
        .outerjoin(confirmed)
        .where(of.cycle_id == cycle_id, confirmed.position.is_(None))
        .order_by(of.survey_id, of.wave, of.decision_no)
    )
    return rows.all()


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


async def samples_of_wave(db: AsyncSession, wave: WaveRow) -> Mapping[str, WaveSample]:
    """Return what a closed wave has of each unit; of one that is not closed, nothing."""
    results = await db.scalars(
        select(WaveResultRow).where(
            WaveResultRow.cycle_id == wave.cycle_id,
            WaveResultRow.survey_id == wave.survey_id,
            WaveResultRow.wave == wave.wave,
        )
    )
    return {result.unit: _sample(result) for result in results}


async def samples_of_cycle(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, str], list[WaveSample]]:
    """Return what the closed waves of a cycle have, by survey and unit, in the order of waves."""
    results = await db.scalars(
        select(WaveResultRow).where(WaveResultRow.cycle_id == cycle_id).order_by(WaveResultRow.wave)
    )
    found: dict[tuple[UUID, str], list[WaveSample]] = defaultdict(list)
    for result in results:
        found[result.survey_id, result.unit].append(_sample(result))
    return found


async def decided_in_cycle(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, str], Mapping[int, ConfirmedDecision]]:
    """Return the decisions in force on short samples, by survey and unit, and by wave.

    Of several about one unit in one wave the last one confirmed is in force.
    """
    rows = await db.scalars(
        select(SampleDecisionRow)
        .join(SampleConfirmationRow)
        .where(SampleDecisionRow.cycle_id == cycle_id)
        .order_by(SampleConfirmationRow.position)
    )
    found: dict[tuple[UUID, str], dict[int, ConfirmedDecision]] = defaultdict(dict)
    for row in rows:
        decided = ConfirmedDecision(row.decision_no, Treatment(row.treatment), row.document_no)
        for unit in row.units:
            found[row.survey_id, unit][row.wave] = decided
    return found


def _sample(result: WaveResultRow) -> WaveSample:
    return WaveSample(result.wave, result.valid_sample, result.score, counts_of(result.tallies))


def _is_one_of(column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """Return a condition with one parameter, whereas IN has one for each of 20,000 values."""
    return column == any_(literal(list(values), ARRAY(Text())))


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
