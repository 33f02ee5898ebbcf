"""What surveys expect of those who vote, keep the key of an urn, or count forms (待办)."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.refusals import Refusal
from chassis.tasks import Kind, Task
from survey.api.wave_tasks import Waves, task_of
from survey.peers import Scheme
from survey.queries.counts import (
    CastInWave,
    InCycle,
    MeetingsInWave,
    ballots_of_cycle,
    meetings_of_cycle,
)
from survey.queries.surveys import units_by_survey
from survey.rules.ballots import BALLOTS
from survey.rules.counts import MEETING_COUNT
from survey.rules.decisions import check_interest
from survey.rules.states import WaveState

_WAVE = "/api/v1/surveys/{survey_id}/waves/{wave}"

NAME_SEATS = Kind(
    "name-seats",
    f"POST {_WAVE}/seats",
    "列出“{survey_name}”第{wave}轮的投票席位",
    "Name the seats of wave {wave} of the survey {survey}",
    f"{_WAVE}/seats",
)
SET_UP_URN = Kind(
    "set-up-urn",
    f"POST {_WAVE}/urn",
    "为“{survey_name}”第{wave}轮设立票箱，并自行保管私钥",
    "Set up the urn of wave {wave} of the survey {survey}, and keep its private key",
)
OPEN_URN = Kind(
    "open-urn",
    f"POST {_WAVE}/urn/opening",
    "提交私钥，开启“{survey_name}”第{wave}轮的票箱",
    "Hand in the key of the urn of wave {wave} of the survey {survey}",
)
CAST_BALLOT = Kind(
    "cast-ballot",
    f"POST {_WAVE}/ballot",
    "在“{survey_name}”第{wave}轮投票",
    "Cast your ballot in wave {wave} of the survey {survey}",
    f"{_WAVE}/ballot",
)
POST_COUNT = Kind(
    "post-meeting-count",
    f"POST {_WAVE}/meeting-counts",
    "上报“{survey_name}”第{wave}轮的会议计票结果",
    "Post the count of a meeting of wave {wave} of the survey {survey}",
    f"{_WAVE}/meeting-counts",
)
CONFIRM_COUNT = Kind(
    "confirm-meeting-count",
    f"POST {_WAVE}/meeting-counts/{{count_no}}/confirmation",
    "独立复计“{survey_name}”第{wave}轮第 {count_no} 号会议计票结果",
    "Count the forms of {count_no} in wave {wave} of the survey {survey} once more",
    f"{_WAVE}/meeting-counts",
)


async def meetings_and_ballots(
    db: AsyncSession, cycle_id: UUID, waves: Waves, account: str
) -> tuple[Mapping[InCycle, MeetingsInWave], Mapping[InCycle, CastInWave]]:
    """Return how far counts and ballots are; nothing is asked where no survey has them."""
    modes = {survey.definition.mode for survey, _ in waves}
    counts = await meetings_of_cycle(db, cycle_id) if MEETING_COUNT in modes else {}
    return counts, await ballots_of_cycle(db, cycle_id, account) if modes & BALLOTS else {}


async def to_vote(
    db: AsyncSession,
    waves: Waves,
    cast: Mapping[InCycle, CastInWave],
    scheme: Scheme,
    permit: Permission,
) -> list[Task]:
    """Return which seats the caller is to name, which urn to set up or to open, and whether a
    ballot is to be cast."""
    tasks = list[Task]()
    voted = [each for each in waves if each[0].definition.mode in BALLOTS]
    if not voted:
        return tasks
    units = await units_by_survey(db, voted[0][0].cycle_id)
    for survey, wave in voted:
        so_far = cast.get((wave.survey_id, wave.wave), CastInWave(0, 0, None, False, None))
        kind = _expected(WaveState(wave.state), so_far, permit)
        supervises = kind in {SET_UP_URN, OPEN_URN}
        competing = scheme.competing_with(units[wave.survey_id]) if supervises else ()
        if kind is not None and _is_free(competing, permit):
            tasks.append(task_of(kind, survey, wave.wave))
    return tasks


def _expected(state: WaveState, so_far: CastInWave, permit: Permission) -> Kind | None:
    """Return what a wave with seats expects of the caller now."""
    steps = {
        NAME_SEATS: not so_far.seats,
        SET_UP_URN: so_far.urn_by is None and bool(so_far.seats),
        OPEN_URN: so_far.urn_by == permit.caller.subject and not so_far.is_opened,
        CAST_BALLOT: so_far.own is False and so_far.urn_by is not None and not so_far.is_opened,
    }
    relations = set[str]() if so_far.own is None else {"seat"}
    for kind, is_due in steps.items():
        if is_due and kind.allowed(permit, relations, state):
            return kind
    return None


def _is_free(competing: Collection[str], permit: Permission) -> bool:
    try:
        check_interest(permit.caller.organisation, competing)
    except Refusal:
        return False
    return True


def to_count(
    waves: Waves, counts: Mapping[InCycle, MeetingsInWave], permit: Permission
) -> Iterator[Task]:
    """Yield the open waves whose meetings lack forms, and the counts that somebody else posted."""
    for survey, wave in waves:
        relations = survey.definition.relations_of(permit.caller.organisation)
        if survey.definition.mode != MEETING_COUNT:
            continue
        so_far = counts.get((wave.survey_id, wave.wave), MeetingsInWave(0, 0, ()))
        lacks = so_far.valid < survey.definition.required and not so_far.waiting
        if lacks and POST_COUNT.allowed(permit, relations, wave.state):
            yield task_of(POST_COUNT, survey, wave.wave)
        for number, first in so_far.waiting:
            second = not persons.is_same(first, permit.caller.person)
            if second and CONFIRM_COUNT.allowed(permit, relations, wave.state):
                yield task_of(CONFIRM_COUNT, survey, wave.wave, count_no=number)
