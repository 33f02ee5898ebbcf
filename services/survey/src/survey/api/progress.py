"""How far the surveys of a cycle are: wave by wave, how many interviews have been completed."""

from collections.abc import Collection
from uuid import UUID

from fastapi import Request, Response

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Outgoing
from survey.api.waves import hidden_from
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.responses import completed_in_waves
from survey.queries.surveys import surveys_of, units_by_survey
from survey.rules.states import WaveState
from survey.tables.surveys import SurveyRow

router = Router("/cycles/{cycle_id}/survey-progress", tags=["surveys"])


class SurveyWaveProgress(Outgoing):
    """How far a wave is: of the `units` that the survey asks about, `reached` have as many
    completed interviews as are `required` of valid answers; `completed` are all."""

    survey_id: UUID
    code: str
    name: str
    wave: int
    state: WaveState
    required: int
    units: int
    reached: int
    completed: int


class SurveyProgress(Outgoing):
    """How far the surveys of a cycle are that the caller may know of, wave by wave."""

    cycle_id: UUID
    waves: list[SurveyWaveProgress]


@router.get(
    "", response_model=SurveyProgress, responses=documents(PeerDown, PeerMissing, PeerRefused)
)
async def read_survey_progress(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit, ask: AskIndicators
) -> Response:
    """Count the interviews that have been completed in each wave of the surveys of a cycle.

    A collector gets its own surveys. What was answered is told by nobody before a wave is closed;
    whoever takes part in decisions does not get the units of the own category.
    """
    hidden = await hidden_from(ask, cycle_id, permit.caller)
    waves = await surveys_of(db, cycle_id)
    readable = _readable(permit, {survey.survey_id: survey for survey, _ in waves}.values())
    completed = await completed_in_waves(db, cycle_id) if readable else {}
    units = await units_by_survey(db, cycle_id) if readable else {}
    told = list[SurveyWaveProgress]()
    for survey, wave in waves:
        if survey.survey_id in readable:
            came = completed.get((survey.survey_id, wave.wave), {})
            required = survey.definition.required
            counts = [came.get(u, 0) for u in units[survey.survey_id] if u not in hidden]
            told.append(
                SurveyWaveProgress(
                    survey_id=survey.survey_id,
                    code=survey.code,
                    name=survey.definition.name,
                    wave=wave.wave,
                    state=WaveState(wave.state),
                    required=required,
                    units=len(counts),
                    reached=sum(count >= required for count in counts),
                    completed=sum(counts),
                )
            )
    return document(SurveyProgress(cycle_id=cycle_id, waves=told), request)


def _readable(permit: Permission, surveys: Collection[SurveyRow]) -> set[UUID]:
    """Return the surveys that the caller may know of; refuse who may know of none."""
    if permit.allows():
        return {survey.survey_id for survey in surveys}
    unit = permit.caller.organisation
    own = {s.survey_id for s in surveys if permit.allows(s.definition.relations_of(unit))}
    permit.require({"collector"} if own else ())
    return own
