"""Estimates over waves: what a survey whose waves are closed says, and how sure that is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from survey.api.estimated import (
    Ended,
    EndedByGroup,
    Estimated,
    ResponseRates,
    ToldOfUnit,
    mean_told,
    response_of,
    together,
    withheld,
)
from survey.api.estimates import estimates_of
from survey.api.waves import hidden_from
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.samples import decided_in_cycle, samples_of_cycle
from survey.queries.surveys import SURVEYS, surveyed_units
from survey.queries.waves import waves_in_cycle
from survey.rules.definition import Combine, SurveyDefinition
from survey.rules.disclosure import Estimable
from survey.rules.estimates.estimators import Estimate
from survey.rules.estimates.waves import OfWave, over_waves, pooled
from survey.rules.minimum import ConfirmedDecision, Treatment, WaveSample, is_short
from survey.rules.plans import attempts_of
from survey.rules.sampling import CONFIDENCE
from survey.rules.states import WaveState
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/cycles/{cycle_id}", tags=["estimates"])


class WaveIndex(Outgoing):
    """What one wave says about a unit: its index, and how contacts ended. It has `counted` where
    enough answered, or it was decided that they do."""

    wave: int
    completed: int
    counted: bool
    index: Estimated | None
    response: ResponseRates


class GroupResponse(Outgoing):
    """How the contacts with a respondent group ended in all waves; who was called in two counts
    twice."""

    code: str
    response: ResponseRates


class UnitOverWaves(Outgoing):
    """What the waves that count say about a unit together, combined as the scheme combines them,
    and how contacts ended.

    `index` is null where no wave counts, and withheld where that of one of them is: it would be
    the rest. It is of the answers alone; what is decided in place of a wave is not in it.
    """

    unit: str
    index: Estimated | None
    waves: list[WaveIndex]
    groups: list[GroupResponse]
    response: ResponseRates


class SurveyOverWaves(Outgoing):
    """A survey over its waves; without units until all of them are closed."""

    survey_id: UUID
    code: str
    combine: Literal["mean", "weighted", "pooled"]
    waves: list[int]
    units: list[UnitOverWaves]


class CycleEstimates(Outgoing):
    """What the surveys of a cycle say over their waves, with errors at this `confidence`.

    They describe the satisfaction and decide none. `digest` is the SHA-256 of `surveys`.
    """

    cycle_id: UUID
    digest: str
    confidence: Exact
    surveys: list[SurveyOverWaves]


Samples = Mapping[tuple[UUID, str], Sequence[WaveSample]]
Decided = Mapping[tuple[UUID, str], Mapping[int, ConfirmedDecision]]


@router.get(
    "/estimates",
    response_model=CycleEstimates,
    responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def read_estimates_over_waves(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit, ask: AskIndicators
) -> Response:
    """Give the index of each unit over all waves of a survey with its error, and response rates by
    wave, by respondent group and in all.

    Whoever takes part in decisions does not get the units of the own category.
    """
    permit.within(cycle_id)
    permit.require()
    hidden = await hidden_from(ask, cycle_id, permit.caller)
    await require_intact(db, str(cycle_id), *SURVEYS, "sample_plan", "wave_weights")
    of = SurveyRow
    surveys = await db.scalars(select(of).where(of.cycle_id == cycle_id).order_by(of.code))
    samples, decided = await samples_of_cycle(db, cycle_id), await decided_in_cycle(db, cycle_id)
    closed = await waves_in_cycle(db, cycle_id, WaveState.CLOSED)
    told = []
    for survey in surveys:
        waves = sorted(closed.get(survey.survey_id, []), key=lambda wave: wave.planned)
        units: list[UnitOverWaves] = []
        if len(waves) == survey.definition.waves:
            asked = [each for each in await surveyed_units(db, survey) if each not in hidden]
            units = await _units(db, survey, waves, asked, samples, decided)
        told.append(
            SurveyOverWaves(
                survey_id=survey.survey_id,
                code=survey.code,
                combine=survey.definition.combine,
                waves=[wave.wave for wave in waves],
                units=units,
            )
        )
    digest = journal.sha256([each.model_dump(mode="json") for each in told])
    whole = CycleEstimates(cycle_id=cycle_id, digest=digest, confidence=CONFIDENCE, surveys=told)
    return document(whole, request)


@dataclass(frozen=True, slots=True)
class _OfWave:
    """What a wave says of a unit, and how contacts ended: those that the plan has called
    `attempts` times."""

    wave: WaveRow
    told: ToldOfUnit
    counts: bool
    ended: EndedByGroup
    attempts: int | None


async def _units(
    db: AsyncSession,
    survey: SurveyRow,
    waves: Sequence[WaveRow],
    units: Sequence[str],
    samples: Samples,
    decided: Decided,
) -> list[UnitOverWaves]:
    of_units: dict[str, list[_OfWave]] = {unit: [] for unit in units}
    for wave in waves:
        told, planned, ended = await estimates_of(db, survey, wave, units, samples)
        for unit in units:
            key = survey.survey_id, unit
            said = decided.get(key, {}).get(wave.planned)
            counts = _counts(survey.definition, wave.planned, samples.get(key, ()), said)
            attempts = attempts_of(planned.get(unit, ()))
            found = _OfWave(wave, told[unit], counts, ended.get(unit, {}), attempts)
            of_units[unit].append(found)
    return await asyncio.to_thread(_shown, survey.definition, of_units)


def _counts(
    definition: SurveyDefinition,
    planned: int,
    samples: Sequence[WaveSample],
    decision: ConfirmedDecision | None,
) -> bool:
    """Say whether a wave counts for a unit: enough answered, or it was decided that it does."""
    sample = next((each for each in samples if each.wave == planned), None)
    if sample is None or sample.score is None:
        return False
    counted = decision is not None and decision.treatment is Treatment.COUNTED
    return counted or not is_short(definition, sample)


def _shown(
    definition: SurveyDefinition, of_units: Mapping[str, Sequence[_OfWave]]
) -> list[UnitOverWaves]:
    return [
        UnitOverWaves(
            unit=unit,
            index=_combined(definition, [each for each in waves if each.counts]),
            waves=[
                WaveIndex(
                    wave=each.wave.wave,
                    completed=each.told.answers.completed,
                    counted=each.counts,
                    index=each.told.shown_index(),
                    response=response_of(together(each.ended.values()), each.attempts),
                )
                for each in waves
            ],
            groups=[
                GroupResponse(code=group.code, response=_response(waves, group.code))
                for group in definition.groups
            ],
            response=_response(waves, None),
        )
        for unit, waves in of_units.items()
    ]


def _response(waves: Sequence[_OfWave], group: str | None) -> ResponseRates:
    """Return how contacts ended in all waves, with one group or with all."""
    ended = list[Ended]()
    for each in waves:
        ended += [each.ended.get(group, {})] if group else each.ended.values()
    attempts = [each.attempts for each in waves if each.attempts is not None]
    return response_of(together(ended), min(attempts, default=None))


def _combined(definition: SurveyDefinition, waves: Sequence[_OfWave]) -> Estimated | None:
    if not any(each.told.answers.completed for each in waves):
        return None
    may = Estimable()
    for each in waves:
        may &= each.told.may_be_indexed
    index = _index(definition, definition.combine, waves, may) if may.mean else None
    if index is None:
        return withheld(sum(each.told.answers.completed for each in waves), "leads_to_few")
    return mean_told(index, may)


def _index(
    definition: SurveyDefinition, combine: Combine, waves: Sequence[_OfWave], may: Estimable
) -> Estimate | None:
    """Return the index over waves: of all answers together where the scheme pools them, as far as
    these are of equal weight; else of the waves."""
    weighted = any(each.told.answers.is_weighted for each in waves)
    if combine == "pooled" and not weighted:
        answers = pooled({each.wave.planned: each.told.answers for each in waves})
        return answers.estimated_index() if may.error else answers.index_at_most()
    parts = [
        OfWave(each.wave.planned, index) for each in waves if (index := each.told.index) is not None
    ]
    return over_waves(definition, parts)
