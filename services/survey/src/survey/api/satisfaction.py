"""Satisfaction: what the closed waves of a cycle say about each unit."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import select

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.service import document
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from survey.queries import SURVEYS, surveyed_units
from survey.rules import satisfaction as rules
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
    """What people say about the units of a cycle; `digest` is the SHA-256 of `surveys`."""

    cycle_id: UUID
    digest: str
    surveys: list[SurveySatisfaction]


@router.get(
    "/cycles/{cycle_id}/satisfaction",
    response_model=CycleSatisfaction,
    responses=documents(StoredDataAltered),
)
async def read_satisfaction(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give the wave scores of all closed waves of a cycle, and the mean where all are closed."""
    await require_intact(db, str(cycle_id), *SURVEYS)
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
    return document(CycleSatisfaction(cycle_id=cycle_id, digest=digest, surveys=told), request)


def _unit(survey: SurveyRow, unit: str, waves: Sequence[WaveScore]) -> UnitSatisfaction:
    whole = len(waves) == survey.definition.waves
    scores = [wave.score for wave in waves] if whole else []
    mean = rules.satisfaction(scores, survey.definition.places)
    return UnitSatisfaction(unit=unit, waves=list(waves), satisfaction=mean)
