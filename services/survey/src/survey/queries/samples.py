"""What closed waves hold, and what was decided where that is too little."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import (
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from survey.queries.surveys import in_wave
from survey.rules.minimum import ConfirmedDecision, Treatment, WaveSample
from survey.rules.plans import strata_by_unit
from survey.rules.satisfaction import answers_of
from survey.rules.states import WaveState
from survey.tables.samples import (
    SampleConfirmationRow,
    SampleDecisionRow,
    SamplePlanRow,
    WaveResultRow,
)
from survey.tables.waves import (
    WaveRow,
)


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


async def samples_of_wave(db: AsyncSession, wave: WaveRow) -> Mapping[str, WaveSample]:
    """Return what a closed wave has of each unit; of one that is not closed, nothing."""
    results = await db.scalars(
        select(WaveResultRow).where(
            WaveResultRow.cycle_id == wave.cycle_id,
            WaveResultRow.survey_id == wave.survey_id,
            WaveResultRow.wave == wave.wave,
        )
    )
    return {result.unit: _sample(result, wave) for result in results}


async def samples_of_cycle(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, str], list[WaveSample]]:
    """Return what the closed waves of a cycle have, by survey and unit, in the order of the waves
    of the scheme; one that repeats a voided wave has its number."""
    planned = func.coalesce(WaveRow.stands_for, WaveRow.wave)
    results = await db.execute(
        select(WaveResultRow, WaveRow)
        .join(WaveRow)
        .where(WaveResultRow.cycle_id == cycle_id)
        .order_by(planned)
    )
    found: dict[tuple[UUID, str], list[WaveSample]] = defaultdict(list)
    for result, wave in results:
        found[result.survey_id, result.unit].append(_sample(result, wave))
    return found


async def decided_in_cycle(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, str], Mapping[int, ConfirmedDecision]]:
    """Return the decisions in force on short samples, by survey and unit, and by the number of the
    wave in the scheme.

    Of several about one unit in one wave the last one confirmed is in force; those on a voided wave
    are, until one that repeats it has closed.
    """
    waves = await db.scalars(select(WaveRow).where(WaveRow.cycle_id == cycle_id))
    planned = {(each.survey_id, each.wave): each for each in waves}
    closed = {
        (each.survey_id, each.planned)
        for each in planned.values()
        if each.state == WaveState.CLOSED
    }
    rows = await db.scalars(
        select(SampleDecisionRow)
        .join(SampleConfirmationRow)
        .where(SampleDecisionRow.cycle_id == cycle_id)
        .order_by(SampleDecisionRow.wave, SampleConfirmationRow.position)
    )
    found: dict[tuple[UUID, str], dict[int, ConfirmedDecision]] = defaultdict(dict)
    for row in rows:
        wave = planned[row.survey_id, row.wave]
        if wave.state == WaveState.VOIDED and (row.survey_id, wave.planned) in closed:
            continue
        decided = ConfirmedDecision(row.decision_no, Treatment(row.treatment), row.document_no)
        for unit in row.units:
            found[row.survey_id, unit][wave.planned] = decided
    return found


async def plan_of(
    db: AsyncSession, wave: WaveRow, version: int | None = None
) -> SamplePlanRow | None:
    """Return a version of the sample plan of a wave, or the newest one."""
    of = SamplePlanRow
    query = select(of).where(*in_wave(wave, of)).order_by(of.version.desc()).limit(1)
    if version is not None:
        query = query.where(of.version == version)
    return (await db.scalars(query)).one_or_none()


async def planned_strata(db: AsyncSession, wave: WaveRow) -> Mapping[str, set[str]]:
    """Return the strata that the sample plan of a wave has, by unit."""
    plan = await plan_of(db, wave)
    return strata_by_unit(plan.cells) if plan else {}


def _sample(result: WaveResultRow, wave: WaveRow) -> WaveSample:
    answers, version = answers_of(result.tallies), wave.questionnaire_version
    return WaveSample(wave.planned, result.valid_sample, result.score, answers, version)
