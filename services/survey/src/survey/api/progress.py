"""How far the surveys of a cycle are: wave by wave, how many have answered."""

from collections.abc import Collection, Mapping
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
from survey.queries.counts import forms_in_cycle
from survey.queries.responses import completed_in_waves
from survey.queries.surveys import surveys_of, units_by_survey
from survey.rules.ballots import takes_responses
from survey.rules.states import WaveState
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router("/cycles/{cycle_id}/survey-progress", tags=["surveys"])


class SurveyWaveProgress(Outgoing):
    """How far a wave is: of the `units` that the survey asks about, `reached` have as many
    completed interviews as are `required` of valid answers; `completed` are all.

    Where forms are counted at meetings, or ballots cast from seats, `completed` are these, of the
    `expected` ones that were issued, or seats that were named; about units nothing is told.
    """

    survey_id: UUID
    code: str
    name: str
    wave: int
    state: WaveState
    required: int
    units: int
    reached: int | None
    completed: int
    expected: int | None


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
    """Count the interviews that have been completed in each wave of the surveys of a cycle, and the
    forms and ballots.

    A collector gets its own surveys. What was answered is told by nobody before a wave is closed;
    whoever takes part in decisions does not get the units of the own category.
    """
    hidden = await hidden_from(ask, cycle_id, permit.caller)
    waves = await surveys_of(db, cycle_id)
    readable = _readable(permit, {survey.survey_id: survey for survey, _ in waves}.values())
    completed = await completed_in_waves(db, cycle_id) if readable else {}
    units = await units_by_survey(db, cycle_id) if readable else {}
    modes = {survey.definition.mode for survey, _ in waves if survey.survey_id in readable}
    forms = await forms_in_cycle(db, cycle_id, modes)
    told = [
        _told(
            survey,
            wave,
            [u for u in units[survey.survey_id] if u not in hidden],
            completed.get((survey.survey_id, wave.wave), {}),
            forms.get((survey.survey_id, wave.wave), (0, 0)),
        )
        for survey, wave in waves
        if survey.survey_id in readable
    ]
    return document(SurveyProgress(cycle_id=cycle_id, waves=told), request)


def _told(
    survey: SurveyRow,
    wave: WaveRow,
    units: Collection[str],
    completed: Mapping[str, int],
    forms: tuple[int, int],
) -> SurveyWaveProgress:
    """Return how far a wave is for who may know of these units."""
    definition, counts = survey.definition, [completed.get(unit, 0) for unit in units]
    by_unit = takes_responses(definition)
    done, expected = forms if units else (0, 0)
    return SurveyWaveProgress(
        survey_id=survey.survey_id,
        code=survey.code,
        name=definition.name,
        wave=wave.wave,
        state=WaveState(wave.state),
        required=definition.required,
        units=len(counts),
        reached=sum(count >= definition.required for count in counts) if by_unit else None,
        completed=sum(counts) if by_unit else done,
        expected=None if by_unit else expected,
    )


def _readable(permit: Permission, surveys: Collection[SurveyRow]) -> set[UUID]:
    """Return the surveys that the caller may know of; refuse who may know of none."""
    if permit.allows():
        return {survey.survey_id for survey in surveys}
    unit = permit.caller.organisation
    own = {s.survey_id for s in surveys if permit.allows(s.definition.relations_of(unit))}
    permit.require({"collector"} if own else ())
    return own
