"""Satisfaction: what the closed waves of a cycle say about each unit."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import select

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.identity import Caller
from chassis.problems import documents
from chassis.routes import Router
from chassis.service import document
from chassis.wire import Exact, Outgoing
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries import surveyed_units
from survey.rules import satisfaction as rules
from survey.rules.abstention import is_hidden, is_limited
from survey.tables import SurveyRow, WaveResultRow

router = Router(tags=["satisfaction"])


class WaveScore(Outgoing):
    """What one closed wave says about a unit; `score` of 100, null without a valid answer.

    `insufficient` reports that `valid_sample` is below the minimum of the scheme.
    """

    wave: int
    valid_sample: int
    score: Exact | None
    insufficient: bool


class UnitSatisfaction(Outgoing):
    """The satisfaction with one unit, of 100: null until every wave is closed and has a score."""

    unit: str
    waves: list[WaveScore]
    satisfaction: Exact | None


class SurveySatisfaction(Outgoing):
    """What one survey says about its units."""

    code: str
    units: list[UnitSatisfaction]


class CycleSatisfaction(Outgoing):
    """What people say about the units of a cycle; `digest` is the SHA-256 of `surveys`, of all
    units also where some are left out: to whoever decides, those of the own unit's category."""

    cycle_id: UUID
    digest: str
    surveys: list[SurveySatisfaction]


@router.get(
    "/cycles/{cycle_id}/satisfaction",
    response_model=CycleSatisfaction,
    responses=documents(PeerDown, PeerMissing, PeerRefused),
)
async def read_satisfaction(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit, ask: AskIndicators
) -> Response:
    """Give the wave scores of all closed waves of a cycle, and the mean where all are closed."""
    limited = is_limited(permit.caller.unit, permit.caller.roles)
    scheme = (await ask.published_scheme(cycle_id=cycle_id)).scheme if limited else None
    surveys = await db.scalars(
        select(SurveyRow).where(SurveyRow.cycle_id == cycle_id).order_by(SurveyRow.code)
    )
    results = await db.scalars(
        select(WaveResultRow).where(WaveResultRow.cycle_id == cycle_id).order_by(WaveResultRow.wave)
    )
    waves: dict[tuple[UUID, str], list[WaveScore]] = defaultdict(list)
    for result in results:
        waves[(result.survey_id, result.unit)].append(WaveScore.model_validate(result))
    told = [
        SurveySatisfaction(
            code=survey.code,
            units=[
                _unit(survey, unit, waves[(survey.survey_id, unit)])
                for unit in await surveyed_units(db, survey)
            ],
        )
        for survey in surveys
    ]
    digest = journal.sha256([survey.model_dump(mode="json") for survey in told])
    if scheme is not None:
        told = [_seen(survey, permit.caller, scheme) for survey in told]
    return document(CycleSatisfaction(cycle_id=cycle_id, digest=digest, surveys=told), request)


def _seen(survey: SurveySatisfaction, caller: Caller, scheme: Scheme) -> SurveySatisfaction:
    categories = [category.units for category in scheme.categories]
    units = [
        each
        for each in survey.units
        if not is_hidden(each.unit, caller.unit, caller.roles, categories)
    ]
    return SurveySatisfaction(code=survey.code, units=units)


def _unit(survey: SurveyRow, unit: str, waves: Sequence[WaveScore]) -> UnitSatisfaction:
    whole = len(waves) == survey.definition.waves
    scores = [wave.score for wave in waves] if whole else []
    mean = rules.satisfaction(scores, survey.definition.places)
    return UnitSatisfaction(unit=unit, waves=list(waves), satisfaction=mean)
