"""Estimates: how sure what a closed wave says is, and which units it cannot tell apart."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Outgoing
from survey.api.estimated import LEVEL, EndedByGroup, ToldOfUnit, UnitEstimates, known, rounded
from survey.api.waves import WaveNo, hidden_from
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.estimates import (
    answers_by_unit,
    dispositions_by_unit,
    rated_together,
    weights_of,
)
from survey.queries.responses import require_true_responses
from survey.queries.samples import plan_of, samples_of_cycle
from survey.queries.surveys import SURVEYS, NoSuchWave, find_wave, surveyed_units
from survey.rules.definition import SurveyDefinition
from survey.rules.disclosure import apart_of
from survey.rules.estimates.comparisons import Pair, compared, with_bounds
from survey.rules.estimates.units import Answered, UnitAnswers, covariances
from survey.rules.minimum import WaveSample
from survey.rules.plans import PlannedCell, attempts_of, cells_by_unit
from survey.rules.sampling import CONFIDENCE
from survey.rules.states import WaveNotClosed, WaveState, require
from survey.rules.weights import UnitWeights, unit_weights
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["estimates"])

Planned = Mapping[str, Sequence[PlannedCell]]
"""The rows of a plan, by unit."""


class CloseUnits(Outgoing):
    """Two units whose indices are not distinguishable: their difference, its standard error, and
    how likely it would be by chance, adjusted for all pairs that are compared; with the greatest
    error where that of one of them is told as `at_most`."""

    first: str
    second: str
    difference: Exact
    error: Literal["estimated", "at_most"] | None
    se: Exact | None
    adjusted_p: Exact


class Comparison(Outgoing):
    """The units of one category compared in `pairs` pairs; `not_distinguishable` are those that
    differ by no more than their errors."""

    category: str
    pairs: int
    not_distinguishable: list[CloseUnits]


class Methods(Outgoing):
    """By which methods errors, intervals and comparisons are made."""

    errors: Literal["taylor_linearisation"]
    means: Literal["student_t"]
    rates: Literal["wilson_on_effective_number"]
    comparisons: Literal["student_t_with_covariance_holm"]


_METHODS = Methods(
    errors="taylor_linearisation",
    means="student_t",
    rates="wilson_on_effective_number",
    comparisons="student_t_with_covariance_holm",
)


class WaveEstimates(Outgoing):
    """What a closed wave says about each unit, with errors at this `confidence`.

    They describe the scores and decide none. Units are compared within their category where all of
    it is read; with a filter they are not compared.
    """

    survey_id: UUID
    cycle_id: UUID
    code: str
    wave: int
    confidence: Exact
    methods: Methods
    units: list[UnitEstimates]
    comparisons: list[Comparison]


class CellWeights(Outgoing):
    """What each respondent of a stratum and group stands for, and how many there are."""

    stratum: str | None
    group: str | None
    completed: int
    weight: Exact


class UnitWeighting(Outgoing):
    """The weights of the answers about a unit: equal, or so that they meet `margins` of the plan.

    Where no weights meet them all are equal, and `refused` is margins-disagree or raking-diverges.
    """

    unit: str
    method: Literal["equal", "post_stratified", "raked"]
    margins: list[str]
    rounds: int
    refused: str | None
    population: int | None
    cells: list[CellWeights]


class WaveWeighting(Outgoing):
    """The weights of a closed wave, as they were kept when it closed, by a version of its plan."""

    survey_id: UUID
    wave: int
    plan_version: int | None
    units: list[UnitWeighting]


@router.get(
    "/estimates",
    response_model=WaveEstimates,
    responses=documents(
        NoSuchWave, WaveNotClosed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_estimates(
    survey_id: UUID,
    wave: WaveNo,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
    unit: Annotated[
        list[Code] | None, Query(max_length=100, description="Units of these codes.")
    ] = None,
) -> Response:
    """Give means, rates and indices of a closed wave with their errors, and response rates.

    Whoever takes part in decisions does not get the units of the own category.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require()
    require((WaveState.CLOSED,), WaveState(row.state), wave)
    hidden = await hidden_from(ask, row.cycle_id, permit.caller)
    await require_intact(db, str(row.cycle_id), *SURVEYS, "sample_plan", "wave_weights")
    asked = await surveyed_units(db, survey)
    units = [each for each in asked if each not in hidden and (not unit or each in unit)]
    samples = await samples_of_cycle(db, row.cycle_id)
    told_of, planned, ended = await estimates_of(db, survey, row, units, samples)
    # Whoever asks something small in the meantime is answered: there may be hundreds of units.
    estimated = await asyncio.to_thread(_units, told_of, planned, ended)
    compares = [] if unit else await _comparisons(db, survey.definition, row, told_of, hidden)
    told = WaveEstimates(
        survey_id=survey_id,
        cycle_id=row.cycle_id,
        code=survey.code,
        wave=wave,
        confidence=CONFIDENCE,
        methods=_METHODS,
        units=estimated,
        comparisons=compares,
    )
    return document(told, request)


@router.get(
    "/weighting",
    response_model=WaveWeighting,
    responses=documents(
        NoSuchWave, WaveNotClosed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_weighting(
    survey_id: UUID,
    wave: WaveNo,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
) -> Response:
    """Give the weights of the answers of a closed wave, as they are used.

    Whoever takes part in decisions does not get the units of the own category.
    """
    _, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require()
    require((WaveState.CLOSED,), WaveState(row.state), wave)
    hidden = await hidden_from(ask, row.cycle_id, permit.caller)
    await require_intact(db, str(row.cycle_id), "sample_plan", "wave_weights")
    version, weights = await weights_of(db, row)
    units = [UnitWeighting.model_validate(each) for each in weights if each.unit not in hidden]
    told = WaveWeighting(survey_id=survey_id, wave=wave, plan_version=version, units=units)
    return document(told, request)


async def estimates_of(
    db: AsyncSession,
    survey: SurveyRow,
    wave: WaveRow,
    units: Sequence[str],
    samples: Mapping[tuple[UUID, str], Sequence[WaveSample]],
) -> tuple[Mapping[str, ToldOfUnit], Planned, Mapping[str, EndedByGroup]]:
    """Return what a closed wave says of units, by its plan, and how contacts ended."""
    await require_true_responses(db, wave)
    version, kept = await weights_of(db, wave)
    plan = None if version is None else await plan_of(db, wave, version)
    planned = cells_by_unit(plan.cells) if plan else {}
    rows = await answers_by_unit(db, wave, units)
    answers = _answers(survey.definition, units, rows, kept, planned)
    told_of = {
        unit: ToldOfUnit(
            each, apart_of(survey.definition, samples.get((survey.survey_id, unit), ()))
        )
        for unit, each in answers.items()
    }
    return told_of, planned, await dispositions_by_unit(db, wave, units)


def _answers(
    definition: SurveyDefinition,
    units: Sequence[str],
    rows: Mapping[str, Sequence[Answered]],
    kept: Sequence[UnitWeights],
    planned: Planned,
) -> Mapping[str, UnitAnswers]:
    weights = {each.unit: each for each in kept}
    return {
        unit: UnitAnswers(
            definition,
            rows.get(unit, []),
            weights.get(unit) or unit_weights(unit, (), {}),
            planned.get(unit, ()),
        )
        for unit in units
    }


def _units(
    told: Mapping[str, ToldOfUnit],
    planned: Planned,
    ended: Mapping[str, EndedByGroup],
) -> list[UnitEstimates]:
    return [
        each.shown(ended.get(unit, {}), attempts_of(planned.get(unit, ())))
        for unit, each in told.items()
    ]


async def _comparisons(
    db: AsyncSession,
    definition: SurveyDefinition,
    wave: WaveRow,
    told: Mapping[str, ToldOfUnit],
    hidden: frozenset[str],
) -> list[Comparison]:
    """Compare the units of each category of which all are read.

    Those of a category that is read in part are not: how far two of them are apart in view of all
    pairs would tell of the others.
    """
    several = _read_whole(definition, told, hidden)
    asked = sorted({unit for units in several.values() for unit in units})
    together = await rated_together(db, wave, asked)
    return [
        await asyncio.to_thread(_comparison, category, units, together)
        for category, units in several.items()
    ]


def _read_whole(
    definition: SurveyDefinition, told: Mapping[str, ToldOfUnit], hidden: frozenset[str]
) -> dict[str, dict[str, ToldOfUnit]]:
    """Return the answers of the categories of several units of which none is hidden."""
    members = defaultdict[str, list[str]](list)
    for unit in told:
        members[definition.categories.get(unit, "")].append(unit)
    partly = {definition.categories.get(unit, "") for unit in hidden}
    return {
        category: {unit: told[unit] for unit in sorted(units)}
        for category, units in sorted(members.items())
        if category not in partly and len(units) > 1
    }


def _comparison(
    category: str,
    units: Mapping[str, ToldOfUnit],
    together: Sequence[tuple[list[list[str]], int]],
) -> Comparison:
    """Compare the units whose index is told, by the errors that are told."""
    found = {unit: each.index for unit, each in units.items() if each.index is not None}
    exact = {unit for unit in found if units[unit].may_be_indexed.error}
    common = covariances({unit: units[unit].answers for unit in found}, together)
    if len(exact) < len(found):
        common = with_bounds(common, found, exact)
    pairs = compared(found, common)
    close = [pair for pair in pairs if not pair.is_distinguished(LEVEL)]
    return Comparison(
        category=category,
        pairs=len(pairs),
        not_distinguishable=[_close(pair, {pair.first, pair.second} <= exact) for pair in close],
    )


def _close(pair: Pair, is_exact: bool) -> CloseUnits:
    error: Literal["estimated", "at_most"] = "estimated" if is_exact else "at_most"
    return CloseUnits(
        first=pair.first,
        second=pair.second,
        difference=rounded(pair.difference),
        error=None if pair.se is None else error,
        se=known(pair.se),
        adjusted_p=rounded(pair.adjusted),
    )
