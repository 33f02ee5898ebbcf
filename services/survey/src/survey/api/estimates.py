"""Estimates: how sure what a closed wave says is, and which units it cannot tell apart."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
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
from survey.api.waves import WaveNo, hidden_from
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.estimates import (
    answers_by_unit,
    dispositions_by_unit,
    rated_together,
    weights_of,
)
from survey.queries.responses import require_true_responses
from survey.queries.samples import plan_of
from survey.queries.surveys import SURVEYS, NoSuchWave, find_wave, surveyed_units
from survey.rules.definition import SurveyDefinition
from survey.rules.dispositions import PRECEDENCE, Disposition, eligible_share, given_up, rates
from survey.rules.estimates.comparisons import Pair, compared
from survey.rules.estimates.estimators import Estimate
from survey.rules.estimates.intervals import symmetric, wilson
from survey.rules.estimates.samples import Mask
from survey.rules.estimates.units import Answered, Asked, UnitAnswers, covariances
from survey.rules.plans import PlannedCell, attempts_of, cells_by_unit
from survey.rules.sampling import CONFIDENCE
from survey.rules.states import WaveNotClosed, WaveState, require
from survey.rules.weights import UnitWeights, populations, unit_weights
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["estimates"])

_LEVEL = float(CONFIDENCE)

Planned = Mapping[str, Sequence[PlannedCell]]
"""The rows of a plan, by unit."""

Ended = Mapping[tuple[Disposition, int], int]
"""How many respondents ended in which way after how many attempts."""


class Estimated(Outgoing):
    """An estimate from `sample` respondents, its standard error, and the interval around it.

    `deff` is the design effect and `effective` the number of respondents who, drawn one by one,
    would be as sure. They are null where the sample does not tell them, as where of many people
    one was drawn.
    """

    value: Exact
    sample: int
    se: Exact | None
    low: Exact | None
    high: Exact | None
    deff: Exact | None
    effective: Exact | None


class QuestionEstimates(Outgoing):
    """What was said to a question: the `mean` of its options' scores, of 100, and the `rate` of
    satisfied ones, as a share; null where nobody answered, or the scheme names no satisfied
    options."""

    question: str
    mean: Estimated | None
    rate: Estimated | None


class PartEstimates(Outgoing):
    """What a part of the respondents said: a respondent group, or a stratum."""

    code: str
    questions: list[QuestionEstimates]


class ResponseRates(Outgoing):
    """How contacts ended, by AAPOR's letters, and the rates by AAPOR's names, as shares.

    `eligible_share` is e, estimated from the contacts whose eligibility is known. A rate that
    divides by nothing is null. `given_up` are those not reached who were called less often than
    the plan has it.
    """

    dispositions: dict[str, int]
    given_up: int | None
    eligible_share: Exact | None
    rates: dict[str, Exact | None]


class UnitEstimates(Outgoing):
    """What a wave says about a unit, and how sure that is.

    `index` is made as the score is, of questions by weight and groups by share, but of weighted
    answers and not rounded between. `weighting` says by which weights; see the wave's weighting.
    """

    unit: str
    completed: int
    weighting: Literal["equal", "post_stratified", "raked"]
    clustered: bool
    index: Estimated | None
    questions: list[QuestionEstimates]
    groups: list[PartEstimates]
    strata: list[PartEstimates]
    response: ResponseRates


class CloseUnits(Outgoing):
    """Two units whose indices are not distinguishable: their difference, its standard error, and
    how likely it would be by chance, adjusted for all pairs that are compared."""

    first: str
    second: str
    difference: Exact
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
    await require_true_responses(db, row)
    asked = await surveyed_units(db, survey)
    units = [each for each in asked if each not in hidden and (not unit or each in unit)]
    version, kept = await weights_of(db, row)
    plan = None if version is None else await plan_of(db, row, version)
    planned = cells_by_unit(plan.cells) if plan else {}
    rows = await answers_by_unit(db, row, units)
    ended = await dispositions_by_unit(db, row, units)
    answers = _answers(survey.definition, units, rows, kept, planned)
    # Whoever asks something small in the meantime is answered: there may be hundreds of units.
    estimated = await asyncio.to_thread(_units, answers, planned, ended)
    compares = [] if unit else await _comparisons(db, survey.definition, row, answers, hidden)
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
            populations(planned.get(unit, ())),
        )
        for unit in units
    }


def _units(
    answers: Mapping[str, UnitAnswers], planned: Planned, ended: Mapping[str, Ended]
) -> list[UnitEstimates]:
    return [
        UnitEstimates(
            unit=unit,
            completed=each.completed,
            weighting=each.weighting,
            clustered=each.is_clustered,
            index=_mean(each.estimated_index()),
            questions=_questions(each.said()),
            groups=_parts(each, each.groups()),
            strata=_parts(each, each.strata()),
            response=_response(ended.get(unit, {}), attempts_of(planned.get(unit, ()))),
        )
        for unit, each in answers.items()
    ]


def _parts(answers: UnitAnswers, parts: Mapping[str, Mask]) -> list[PartEstimates]:
    return [
        PartEstimates(code=code, questions=_questions(answers.said(among)))
        for code, among in parts.items()
    ]


def _questions(asked: Sequence[Asked]) -> list[QuestionEstimates]:
    return [
        QuestionEstimates(question=each.question, mean=_mean(each.mean), rate=_rate(each.rate))
        for each in asked
    ]


def _mean(found: Estimate | None) -> Estimated | None:
    if found is None:
        return None
    bounds = None
    if found.se is not None:
        bounds = symmetric(found.value, found.se, found.freedom, _LEVEL)
    return _estimated(found, bounds)


def _rate(found: Estimate | None) -> Estimated | None:
    if found is None:
        return None
    bounds = None
    if found.effective is not None:
        bounds = wilson(min(max(found.value, 0.0), 1.0), found.effective, _LEVEL)
    elif found.se is not None:
        bounds = found.value, found.value  # all were asked
    return _estimated(found, bounds)


def _estimated(found: Estimate, bounds: tuple[float, float] | None) -> Estimated:
    low, high = bounds or (None, None)
    return Estimated(
        value=_rounded(found.value),
        sample=found.sample,
        se=_known(found.se),
        low=_known(low),
        high=_known(high),
        deff=_known(found.deff),
        effective=_known(found.effective),
    )


def _known(number: float | None) -> Decimal | None:
    return None if number is None else _rounded(number)


def _rounded(number: float) -> Decimal:
    """Return a number that describes, rounded to six places."""
    return Decimal(f"{number:.6f}") + 0


def _response(ended: Ended, wanted: int | None) -> ResponseRates:
    counts = Counter[Disposition]()
    for (disposition, _), number in ended.items():
        counts[disposition] += number
    share = eligible_share(counts)
    return ResponseRates(
        dispositions={each.value: counts[each] for each in PRECEDENCE},
        given_up=None if wanted is None else given_up(ended, wanted),
        eligible_share=_exactly(share),
        rates={name: _exactly(rate) for name, rate in rates(counts, share).items()},
    )


def _exactly(share: Fraction | None) -> Decimal | None:
    if share is None:
        return None
    return (Decimal(share.numerator) / share.denominator).quantize(Decimal("0.000001"))


async def _comparisons(
    db: AsyncSession,
    definition: SurveyDefinition,
    wave: WaveRow,
    answers: Mapping[str, UnitAnswers],
    hidden: frozenset[str],
) -> list[Comparison]:
    """Compare the units of each category of which all are read.

    Those of a category that is read in part are not: how far two of them are apart in view of all
    pairs would tell of the others.
    """
    several = _read_whole(definition, answers, hidden)
    asked = sorted({unit for units in several.values() for unit in units})
    together = await rated_together(db, wave, asked)
    return [
        await asyncio.to_thread(_comparison, category, units, together)
        for category, units in several.items()
    ]


def _read_whole(
    definition: SurveyDefinition, answers: Mapping[str, UnitAnswers], hidden: frozenset[str]
) -> dict[str, dict[str, UnitAnswers]]:
    """Return the answers of the categories of several units of which none is hidden."""
    members = defaultdict[str, list[str]](list)
    for unit in answers:
        members[definition.categories.get(unit, "")].append(unit)
    partly = {definition.categories.get(unit, "") for unit in hidden}
    return {
        category: {unit: answers[unit] for unit in sorted(units)}
        for category, units in sorted(members.items())
        if category not in partly and len(units) > 1
    }


def _comparison(
    category: str,
    units: Mapping[str, UnitAnswers],
    together: Sequence[tuple[list[list[str]], int]],
) -> Comparison:
    indices = {unit: each.estimated_index() for unit, each in units.items()}
    found = {unit: index for unit, index in indices.items() if index is not None}
    pairs = compared(found, covariances(units, together))
    close = [pair for pair in pairs if not pair.is_distinguished(_LEVEL)]
    return Comparison(
        category=category, pairs=len(pairs), not_distinguishable=[_close(pair) for pair in close]
    )


def _close(pair: Pair) -> CloseUnits:
    return CloseUnits(
        first=pair.first,
        second=pair.second,
        difference=_rounded(pair.difference),
        se=_known(pair.se),
        adjusted_p=_rounded(pair.adjusted),
    )
