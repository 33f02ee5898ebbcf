"""Surveys: what the published scheme has people asked, and how far each wave is."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.problems import documents
from chassis.realms import new_part, realm_of
from chassis.refusals import Conflict, Fault, Invalid
from chassis.routes import Router
from chassis.wire import Code, Exact, Incoming, Outgoing
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused, PublishedScheme, Scheme
from survey.queries.surveys import units_by_survey
from survey.rules.definition import (
    Abstain,
    BelowMinimum,
    Combine,
    EmptyGroup,
    Measure,
    Mode,
    SurveyDefinition,
)
from survey.rules.states import WaveState
from survey.tables.surveys import SurveyRow, SurveyUnitRow
from survey.tables.waves import WaveRow

router = Router(tags=["surveys"])


class SurveyNotInScheme(Invalid):
    """The published scheme has no such survey, or no indicator that rests on it."""

    zh = "已公布的方案中没有这项调查，或没有指标使用它。"
    remedy = (
        "Use the code of a survey of the published scheme on which an indicator rests.",
        "请使用已公布方案中有指标依据的调查编码。",
    )


class SurveyExists(Conflict):
    """The cycle already has this survey."""

    zh = "本评估年度已有这项调查。"
    remedy = (
        "Use the survey that there is; the list of surveys names its id.",
        "请使用已有的调查，其标识见调查清单。",
    )


class NewSurvey(Incoming):
    """Which survey of the published scheme to prepare."""

    code: Code


class Option(Outgoing):
    """A word that may answer the question; `score` (of 100) is null when it carries none."""

    code: str
    name: str
    score: Exact | None


OptionCode = Annotated[str, Field(min_length=1, max_length=200)]
"""An option of a question, as the scheme has it: often a word, of any script."""


class QuestionSkip(Outgoing):
    """A question is asked only where an earlier one was answered with one of these options."""

    question: str
    options: list[str]


class AskedQuestion(Outgoing):
    """A question of a survey, and its share of the score; one of weight 0 is only reported.

    `satisfied` are the options that a satisfaction rate counts; who answers with one of `screens`
    is not asked the rest.
    """

    code: str
    name: str
    weight: Exact
    options: list[Option]
    satisfied: list[str]
    asked_if: QuestionSkip | None
    screens: list[str]


class RespondentGroup(Outgoing):
    """A group of respondents and its share of the wave score."""

    code: str
    weight: Exact


class GroupWeights(Outgoing):
    """What the respondent groups weigh for units of a category where that differs."""

    category: str
    groups: list[RespondentGroup]


class Wave(Outgoing):
    """One round of a survey and its state.

    One that repeats a voided wave `stands_for` the wave of the scheme of that number.
    """

    wave: int
    state: WaveState
    stands_for: int | None


class Survey(Outgoing):
    """A survey as the scheme of `scheme_digest` defines it.

    A survey that names no questions has one, `answer`. `min_valid` is the smallest valid sample of
    a unit in a wave, in answers; `below_min` says what counts where it is not reached. The units
    `attested_by` attest each wave before it closes.
    """

    survey_id: UUID
    cycle_id: UUID
    code: str
    name: str
    mode: Mode
    collector: str
    scheme_version: int
    scheme_digest: str
    questions: list[AskedQuestion]
    measure: Measure
    groups: list[RespondentGroup]
    group_weights: list[GroupWeights]
    empty_group: EmptyGroup
    combine: Combine
    wave_weights: list[Exact]
    min_valid: int | None
    below_min: BelowMinimum
    attested_by: list[str]
    quorum: Exact | None
    abstain: Abstain
    units: list[str]
    waves: list[Wave]


class CreatedSurvey(Survey):
    """A survey that has just been prepared, with the receipt of the journal."""

    receipt: Receipt | None


class CycleSurveys(Outgoing):
    """All surveys of a cycle."""

    cycle_id: UUID
    surveys: list[Survey]


@router.post(
    "/cycles/{cycle_id}/surveys",
    status_code=201,
    responses=documents(SurveyNotInScheme, SurveyExists, PeerMissing, PeerRefused, PeerDown),
)
async def create_survey(
    cycle_id: UUID, new: NewSurvey, db: Transaction, permit: Permit, indicators: AskIndicators
) -> CreatedSurvey:
    """Create a survey of the published scheme, with its units and its waves, all of them
    planned.
    """
    published = await indicators.published_scheme(cycle_id=cycle_id)
    definition, units = _planned(published.scheme, new.code)

    survey = await _store(db, cycle_id, published, definition)
    key = {"cycle_id": cycle_id, "survey_id": survey.survey_id}
    waves = [
        Wave(wave=n, state=WaveState.PLANNED, stands_for=None)
        for n in range(1, definition.waves + 1)
    ]
    await db.execute(insert(SurveyUnitRow), [{**key, "unit": unit} for unit in units])
    await db.execute(insert(WaveRow), [{**key, **dict(wave)} for wave in waves])
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="survey.created",
        body={
            "survey_id": str(survey.survey_id),
            "code": survey.code,
            "scheme_digest": survey.scheme_digest,
            "units": units,
        },
    )
    return CreatedSurvey(**dict(_shown(survey, units, waves)), receipt=receipt)


@router.get("/cycles/{cycle_id}/surveys", response_model=CycleSurveys)
async def list_surveys(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    code: Annotated[
        list[Code] | None, Query(max_length=100, description="The surveys of these codes.")
    ] = None,
    state: Annotated[
        list[WaveState] | None,
        Query(max_length=len(WaveState), description="With a wave in one of these states."),
    ] = None,
) -> Response:
    """Give the surveys of a cycle, each with its definition, its units and all of its waves."""
    query = select(SurveyRow).where(SurveyRow.cycle_id == cycle_id).order_by(SurveyRow.code)
    if code:
        query = query.where(SurveyRow.code.in_(code))
    if state:
        of = WaveRow.cycle_id == SurveyRow.cycle_id, WaveRow.survey_id == SurveyRow.survey_id
        query = query.where(exists().where(*of, WaveRow.state.in_(state)))
    surveys = await db.scalars(query)
    units_of = await units_by_survey(db, cycle_id)
    waves = await db.scalars(
        select(WaveRow).where(WaveRow.cycle_id == cycle_id).order_by(WaveRow.wave)
    )
    waves_of = defaultdict(list)
    for wave in waves:
        waves_of[wave.survey_id].append(Wave.model_validate(wave))
    shown = [
        _shown(row, units_of.get(row.survey_id, []), waves_of[row.survey_id]) for row in surveys
    ]
    return document(CycleSurveys(cycle_id=cycle_id, surveys=shown), request)


def _planned(scheme: Scheme, code: str) -> tuple[SurveyDefinition, list[str]]:
    definition, units = scheme.survey(code), scheme.surveyed_units(code)
    if definition is None or not units:
        raise SurveyNotInScheme(
            f"The scheme plans no survey {code} that an indicator rests on.",
            f"方案中没有被指标使用的调查“{code}”。",
            faults=[Fault("/code", "not-in-scheme", "Not in the scheme.", "方案中没有。")],
        )
    return definition, units


async def _store(
    db: AsyncSession, cycle_id: UUID, published: PublishedScheme, definition: SurveyDefinition
) -> SurveyRow:
    stored = await db.scalars(
        insert(SurveyRow)
        .values(
            cycle_id=cycle_id,
            survey_id=new_part(realm_of(cycle_id)),
            code=definition.code,
            scheme_version=published.version,
            scheme_digest=published.digest,
            definition=definition,
        )
        .on_conflict_do_nothing()
        .returning(SurveyRow)
    )
    survey = stored.one_or_none()
    if survey is None:
        code = definition.code
        raise SurveyExists(f"{code} is there already.", f"调查“{code}”已存在。", code=code)
    return survey


def _shown(survey: SurveyRow, units: list[str], waves: list[Wave]) -> Survey:
    definition = survey.definition
    return Survey(
        survey_id=survey.survey_id,
        cycle_id=survey.cycle_id,
        code=survey.code,
        name=definition.name,
        mode=definition.mode,
        collector=definition.collector,
        scheme_version=survey.scheme_version,
        scheme_digest=survey.scheme_digest,
        questions=[AskedQuestion.model_validate(question) for question in definition.asked],
        measure=definition.measure,
        groups=[RespondentGroup.model_validate(group) for group in definition.groups],
        group_weights=_own_weights(definition),
        empty_group=definition.empty_group,
        combine=definition.combine,
        wave_weights=list(definition.wave_weights),
        min_valid=definition.min_valid,
        below_min=definition.below_min,
        attested_by=list(definition.attested_by),
        quorum=definition.quorum,
        abstain=definition.abstain,
        units=units,
        waves=waves,
    )


def _own_weights(definition: SurveyDefinition) -> list[GroupWeights]:
    return [
        GroupWeights(
            category=category,
            groups=[
                RespondentGroup(code=group.code, weight=weights[group.code])
                for group in definition.groups
                if group.code in weights
            ],
        )
        for category, weights in sorted(definition.group_weights.items())
    ]
