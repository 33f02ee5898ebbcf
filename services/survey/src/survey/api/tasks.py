"""What the surveys of a cycle expect of a caller now (待办)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.refusals import Refusal
from chassis.routes import Router
from chassis.tasks import Kind, Task, Tasks
from survey.api.findings import decided_findings, open_screen_decisions, screening_of
from survey.api.opinion_tasks import opinion_tasks, rectification_tasks
from survey.api.voting_tasks import meetings_and_ballots, to_count, to_vote
from survey.api.wave_tasks import Waves, proposes, task_of
from survey.api.waves import hidden_by
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.counts import CastInWave, InCycle, MeetingsInWave
from survey.queries.responses import completed_in_waves
from survey.queries.samples import decided_in_cycle, open_decisions, samples_of_cycle
from survey.queries.surveys import surveys_of, units_by_survey
from survey.queries.waves import examined_in, open_voidings, said_of, voidings_of
from survey.rules.abstention import SECOND_BODY
from survey.rules.attestation import Verdict, missing, objecting, speakers, standing
from survey.rules.ballots import BALLOTS, takes_responses
from survey.rules.decisions import check_interest, check_office, refuse_same
from survey.rules.definition import DECISION, SurveyDefinition
from survey.rules.minimum import WaveSample, is_short
from survey.rules.screens.decisions import undecided
from survey.rules.states import WaveState
from survey.tables.responses import ScreenDecisionRow
from survey.tables.samples import SampleDecisionRow
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow, WaveVoidingRow

router = Router("/cycles/{cycle_id}/tasks/survey", tags=["tasks"])

_SURVEYS = "/api/v1/cycles/{cycle_id}/surveys"
_WAVE = "/api/v1/surveys/{survey_id}/waves/{wave}"

CREATE = Kind(
    "create-survey",
    f"POST {_SURVEYS}",
    "设立调查“{survey_name}”",
    "Create the survey {survey}",
    "/api/v1/cycles/{cycle_id}/scheme",
)
OPEN = Kind(
    "open-wave",
    f"POST {_WAVE}/opening",
    "开放调查“{survey_name}”第{wave}轮",
    "Open wave {wave} of the survey {survey}",
    _SURVEYS,
)
COLLECT = Kind(
    "post-responses",
    f"POST {_WAVE}/batches",
    "上报调查“{survey_name}”第{wave}轮的应答，部分单位份数不足",
    "Send more answers to wave {wave} of the survey {survey}",
    _WAVE,
)
STOP = Kind(
    "stop-wave",
    f"POST {_WAVE}/stopping",
    "停止接收调查“{survey_name}”第{wave}轮的应答",
    "Stop wave {wave} of the survey {survey}",
    _WAVE,
)
ATTEST = Kind(
    "attest-wave",
    f"POST {_WAVE}/attestations",
    "审查见证调查“{survey_name}”第{wave}轮",
    "Attest wave {wave} of the survey {survey}",
    f"{_WAVE}/attestations",
)
CLOSE = Kind(
    "close-wave",
    f"POST {_WAVE}/closing",
    "关闭调查“{survey_name}”第{wave}轮",
    "Close wave {wave} of the survey {survey}",
    _WAVE,
)
CONFIRM_VOIDING = Kind(
    "confirm-voiding",
    f"POST {_WAVE}/voidings/{{voiding_no}}/confirmation",
    "决定调查“{survey_name}”第{wave}轮是否作废",
    "Decide whether wave {wave} of the survey {survey} is void",
    f"{_WAVE}/voidings",
)
CONFIRM_FINDINGS = Kind(
    "confirm-screen-decision",
    f"POST {_WAVE}/screen-decisions/{{decision_no}}/confirmation",
    "确认调查“{survey_name}”第{wave}轮疑点筛查线索的处理决定",
    "Confirm what the findings in wave {wave} of the survey {survey} lead to",
    f"{_WAVE}/screen-decisions",
)
DECIDE_FINDINGS = Kind(
    "decide-on-findings",
    f"POST {_WAVE}/screen-decisions",
    "提出调查“{survey_name}”第{wave}轮疑点筛查线索的处理决定",
    "Propose what the findings in wave {wave} of the survey {survey} lead to",
    f"{_WAVE}/screens",
)
REPEAT = Kind(
    "repeat-wave",
    f"POST {_WAVE}/repetition",
    "重做调查“{survey_name}”已作废的第{wave}轮",
    "Repeat wave {wave} of the survey {survey}, which was voided",
    _SURVEYS,
)
DECIDE = Kind(
    "decide-on-samples",
    f"POST {_WAVE}/sample-decisions",
    "提出调查“{survey_name}”第{wave}轮样本不足单位的处理决定",
    "Propose what counts where too few answered in wave {wave} of the survey {survey}",
    f"{_WAVE}/sample-decisions",
)
CONFIRM = Kind(
    "confirm-sample-decision",
    f"POST {_WAVE}/sample-decisions/{{decision_no}}/confirmation",
    "确认调查“{survey_name}”第{wave}轮的样本处理决定",
    "Confirm what counts where too few answered in wave {wave} of the survey {survey}",
    f"{_WAVE}/sample-decisions",
)


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused))
async def list_survey_tasks(
    cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskIndicators
) -> Tasks:
    """List what the caller is expected to create, open, collect, stop, attest, close, repeat,
    decide, confirm or publish of the surveys of a cycle, and could now."""
    scheme = (await ask.published_scheme(cycle_id=cycle_id)).scheme
    waves = await surveys_of(db, cycle_id)
    counts, cast = await meetings_and_ballots(db, cycle_id, waves, permit.caller.subject)
    return Tasks(
        tasks=[
            *_to_create(cycle_id, scheme, waves, permit),
            *_to_move(waves, await _gone_without(db, cycle_id, waves), counts, cast, permit),
            *await to_vote(db, waves, cast, scheme, permit),
            *to_count(waves, counts, permit),
            *await _to_examine(db, waves, cast, permit),
            *await _to_decide_on_findings(db, cycle_id, waves, scheme, permit),
            *await _to_void(db, cycle_id, waves, scheme, permit),
            *await _to_collect(db, cycle_id, waves, permit),
            *await _to_decide(db, cycle_id, waves, scheme, permit),
            *await _to_confirm(db, cycle_id, waves, scheme, permit),
            *await _to_hear(db, cycle_id, waves, scheme, permit),
        ]
    )


async def _to_hear(
    db: AsyncSession, cycle_id: UUID, waves: Waves, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return what opinions expect of the caller; of a wave that is not closed nobody reads any."""
    if not any(wave.state == WaveState.CLOSED for _, wave in waves):
        return []
    found = await opinion_tasks(db, cycle_id, waves, scheme, permit)
    return found + await rectification_tasks(db, cycle_id, scheme, permit)


def _to_create(cycle_id: UUID, scheme: Scheme, waves: Waves, permit: Permission) -> Iterator[Task]:
    """Yield the surveys of the scheme that an indicator rests on and that there are not yet."""
    known = {survey.code for survey, _ in waves}
    for each in scheme.surveys if CREATE.allowed(permit) else ():
        if each.code not in known and scheme.surveyed_units(each.code):
            about = {"survey": each.code, "survey_name": each.name}
            yield CREATE.task({"cycle_id": str(cycle_id)}, about)


async def _gone_without(db: AsyncSession, cycle_id: UUID, waves: Waves) -> set[tuple[UUID, int]]:
    """Return the voided waves, by survey and number in the scheme, for which it was decided of some
    units to go without."""
    if not any(wave.state == WaveState.VOIDED for _, wave in waves):
        return set()
    decided = await decided_in_cycle(db, cycle_id)
    return {(survey_id, wave) for (survey_id, _), by_wave in decided.items() for wave in by_wave}


def _to_move(
    waves: Waves,
    without: Collection[tuple[UUID, int]],
    counts: Mapping[InCycle, MeetingsInWave],
    cast: Mapping[InCycle, CastInWave],
    permit: Permission,
) -> Iterator[Task]:
    """Yield the first wave of each survey that is planned, all that are open, and those voided ones
    that no other is instead of."""
    planned = set[UUID]()
    for survey, wave in waves:
        if wave.state == WaveState.PLANNED and survey.survey_id not in planned:
            planned.add(survey.survey_id)
            if _can_open(survey, wave, cast, permit):
                yield task_of(OPEN, survey, wave.wave)
        counted = counts.get((wave.survey_id, wave.wave))
        if _can_stop(wave, counted) and STOP.allowed(permit, (), wave.state):
            yield task_of(STOP, survey, wave.wave)
        is_missed = _is_last(wave, waves) and (wave.survey_id, wave.planned) not in without
        if is_missed and REPEAT.allowed(permit, (), wave.state):
            yield task_of(REPEAT, survey, wave.wave)


def _can_open(
    survey: SurveyRow, wave: WaveRow, cast: Mapping[InCycle, CastInWave], permit: Permission
) -> bool:
    """Say whether the caller can open a wave; one with ballots has its seats and its urn."""
    so_far = cast.get((wave.survey_id, wave.wave))
    is_ready = so_far is not None and bool(so_far.seats) and so_far.urn_by is not None
    is_ready = is_ready or survey.definition.mode not in BALLOTS
    return is_ready and OPEN.allowed(permit, (), wave.state)


def _can_stop(wave: WaveRow, counted: MeetingsInWave | None) -> bool:
    """Say whether a wave is open, and no count of a meeting waits to be confirmed."""
    return wave.state == WaveState.OPEN and not (counted and counted.waiting)


def _is_last(voided: WaveRow, waves: Waves) -> bool:
    """Say whether a wave was voided, and none after it is instead of it."""
    return voided.state == WaveState.VOIDED and not any(
        (each.survey_id, each.planned) == (voided.survey_id, voided.planned)
        and each.wave > voided.wave
        for _, each in waves
    )


async def _to_examine(
    db: AsyncSession, waves: Waves, cast: Mapping[InCycle, CastInWave], permit: Permission
) -> list[Task]:
    """Return the stopped waves on which the caller's body has no verdict yet, and those that can be
    closed."""
    tasks = list[Task]()
    for survey, wave in waves:
        own = permit.caller.organisation
        attests = ATTEST.allowed(permit, survey.definition.relations_of(own), wave.state)
        if wave.state != WaveState.STOPPED or not (
            attests or CLOSE.allowed(permit, (), wave.state)
        ):
            continue
        said, examined = await said_of(db, wave), await examined_in(db, wave)
        verdicts = standing(said, examined)
        if persons.is_among(permit.caller.person, speakers(said, examined)):
            continue
        if attests and own not in verdicts:
            tasks.append(task_of(ATTEST, survey, wave.wave))
        voted = cast.get((wave.survey_id, wave.wave))
        if not attests and await _can_close(db, survey, wave, verdicts, voted):
            tasks.append(task_of(CLOSE, survey, wave.wave))
    return tasks


async def _can_close(
    db: AsyncSession,
    survey: SurveyRow,
    wave: WaveRow,
    verdicts: Mapping[str, Verdict],
    voted: CastInWave | None,
) -> bool:
    """Say whether all bodies have attested a stopped wave, its urn if it has one is opened, and no
    proposal to void it waits."""
    bodies = survey.definition.attested_by
    if survey.definition.mode in BALLOTS and not (voted and voted.is_opened):
        return False
    if missing(bodies, verdicts) or objecting(bodies, verdicts):
        return False
    return all(decided is not None for _, decided in await voidings_of(db, wave))


async def _to_void(
    db: AsyncSession, cycle_id: UUID, waves: Waves, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return the proposals to void a wave, or about its findings, that the caller may decide on."""
    if not permit.of(CONFIRM_VOIDING.route).rows and not permit.of(CONFIRM_FINDINGS.route).rows:
        return []
    units = await units_by_survey(db, cycle_id)
    found = {(wave.survey_id, wave.wave): (survey, wave) for survey, wave in waves}
    proposed: list[tuple[Kind, WaveVoidingRow | ScreenDecisionRow, dict[str, str]]] = [
        (CONFIRM_VOIDING, each, {"voiding_no": str(each.voiding_no)})
        for each in await open_voidings(db, cycle_id)
    ]
    proposed += [
        (CONFIRM_FINDINGS, decision, {"decision_no": str(decision.decision_no)})
        for decision in await open_screen_decisions(db, cycle_id)
    ]
    tasks = list[Task]()
    for kind, row, number in proposed:
        survey, wave = found[row.survey_id, row.wave]
        competing = scheme.competing_with(units[row.survey_id])
        if kind.allowed(permit, (), wave.state) and _may_confirm(
            competing, row.proposed_person, permit
        ):
            tasks.append(task_of(kind, survey, row.wave, 1, **number))
    return tasks


async def _to_collect(
    db: AsyncSession, cycle_id: UUID, waves: Waves, permit: Permission
) -> list[Task]:
    """Return the open waves of the caller's surveys, with how many units lack interviews."""
    unit = permit.caller.organisation
    own = [
        (survey, wave)
        for survey, wave in waves
        if wave.state == WaveState.OPEN
        and takes_responses(survey.definition)
        and COLLECT.allowed(permit, survey.definition.relations_of(unit), wave.state)
    ]
    if not own:
        return []
    completed = await completed_in_waves(db, cycle_id)
    units = await units_by_survey(db, cycle_id)
    tasks = list[Task]()
    for survey, wave in own:
        came = completed.get((survey.survey_id, wave.wave), {})
        required = survey.definition.required
        count = sum(came.get(each, 0) < required for each in units[survey.survey_id])
        tasks += [task_of(COLLECT, survey, wave.wave, count)] if count else []
    return tasks


async def _to_decide_on_findings(
    db: AsyncSession, cycle_id: UUID, waves: Waves, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return the stopped waves with findings about which nothing was decided or proposed, and the
    caller may propose it."""
    stopped = [
        (survey, wave)
        for survey, wave in waves
        if wave.state == WaveState.STOPPED and takes_responses(survey.definition)
    ]
    if not stopped or not permit.of(DECIDE_FINDINGS.route).rows:
        return []
    tasks, units = list[Task](), await units_by_survey(db, cycle_id)
    for survey, wave in stopped:
        if proposes(DECIDE_FINDINGS, scheme, units[survey.survey_id], wave.state, permit):
            found = (await screening_of(db, survey, wave)).screening.findings
            said = await decided_findings(db, wave, proposed=True)
            count = len(undecided(found, said))
            tasks += [task_of(DECIDE_FINDINGS, survey, wave.wave, count)] if count else []
    return tasks


async def _to_decide(
    db: AsyncSession, cycle_id: UUID, waves: Waves, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return in which closed waves too few answered about units on which nobody has decided, and
    the caller may."""
    if not permit.of(DECIDE.route).rows:
        return []
    surveys, counts = {survey.survey_id: survey for survey, _ in waves}, Counter[tuple[UUID, int]]()
    closed = _closed(waves)
    said = await _said(db, cycle_id, waves)
    for (survey_id, unit), samples in (await samples_of_cycle(db, cycle_id)).items():
        short = {
            (survey_id, sample.wave)
            for sample in _undecided(surveys[survey_id].definition, samples)
            if (survey_id, sample.wave, unit) not in said
        }
        if short and _decides(scheme, unit, permit):
            counts.update(short)
    return [
        task_of(DECIDE, surveys[survey_id], closed[survey_id, wave], count)
        for (survey_id, wave), count in sorted(counts.items(), key=str)
    ]


def _closed(waves: Waves) -> dict[tuple[UUID, int], int]:
    """Return the closed waves by survey and their number in the scheme."""
    closed = (wave for _, wave in waves if wave.state == WaveState.CLOSED)
    return {(wave.survey_id, wave.planned): wave.wave for wave in closed}


async def _said(db: AsyncSession, cycle_id: UUID, waves: Waves) -> set[tuple[UUID, int, str]]:
    """Return the surveys, waves of the scheme and units about which something has been decided or
    proposed."""
    planned = {(wave.survey_id, wave.wave): wave.planned for _, wave in waves}
    decided = {
        (survey_id, wave, unit)
        for (survey_id, unit), by_wave in (await decided_in_cycle(db, cycle_id)).items()
        for wave in by_wave
    }
    proposed = await open_decisions(db, cycle_id)
    return decided | {
        (row.survey_id, planned[row.survey_id, row.wave], unit)
        for row in proposed
        for unit in row.units
    }


def _undecided(definition: SurveyDefinition, samples: Sequence[WaveSample]) -> Iterator[WaveSample]:
    """Yield the short samples for which the scheme has somebody decide."""
    if definition.below_min == DECISION:
        yield from (each for each in samples if is_short(definition, each))


def _decides(scheme: Scheme, unit: str, permit: Permission) -> bool:
    """Say whether the caller may decide on the sample of a unit, by the rules of the command."""
    caller = permit.caller
    acts_for = scheme.acts_for(caller.organisation, [unit])
    if not DECIDE.allowed(permit, {SECOND_BODY} if acts_for else (), WaveState.CLOSED):
        return False
    try:
        check_interest(caller.organisation, scheme.competing_with([unit]))
        is_body = acts_for and SECOND_BODY in caller.roles
        check_office(scheme.second_bodies([unit]), acts_for=is_body)
    except Refusal:
        return False
    return True


async def _to_confirm(
    db: AsyncSession, cycle_id: UUID, waves: Waves, scheme: Scheme, permit: Permission
) -> list[Task]:
    if not CONFIRM.allowed(permit, (), WaveState.CLOSED):
        return []
    surveys = {survey.survey_id: survey for survey, _ in waves}
    return [
        task_of(CONFIRM, surveys[row.survey_id], row.wave, decision_no=str(row.decision_no))
        for row in await open_decisions(db, cycle_id)
        if _confirms(scheme, row, permit)
    ]


def _confirms(scheme: Scheme, row: SampleDecisionRow, permit: Permission) -> bool:
    """Say whether the caller may confirm a decision, by the rules of the command."""
    if hidden_by(scheme, permit.caller) & set(row.units):
        return False
    return _may_confirm(scheme.competing_with(row.units), row.proposed_person, permit)


def _may_confirm(competing: Collection[str], proposer: str, permit: Permission) -> bool:
    """Say whether the caller is somebody else than who proposed, without an interest."""
    try:
        check_interest(permit.caller.organisation, competing)
        refuse_same([proposer], permit.caller.person)
    except Refusal:
        return False
    return True
