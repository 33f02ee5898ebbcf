"""What opinions expect of a caller now: to review them, to confirm it, and to publish them."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.refusals import Refusal
from chassis.tasks import Kind, Task
from survey.api.voidings import check_proposer
from survey.api.voting_tasks import Waves, task_of
from survey.peers import Scheme
from survey.queries.opinions import OpinionTally, opinion_tallies, published_waves
from survey.queries.surveys import units_by_survey
from survey.rules.abstention import SECOND_BODY
from survey.rules.opinion_reviews import WAITING, OpinionState
from survey.rules.states import WaveState

_OPINIONS = "/api/v1/surveys/{survey_id}/waves/{wave}/opinions"

REVIEW = Kind(
    "review-opinions",
    f"POST {_OPINIONS}/reviews",
    "审核调查“{survey_name}”第{wave}轮的意见建议",
    "Review the opinions of wave {wave} of the survey {survey}",
    _OPINIONS,
)
CONFIRM_REVIEWS = Kind(
    "confirm-opinion-reviews",
    f"POST {_OPINIONS}/confirmations",
    "确认调查“{survey_name}”第{wave}轮意见建议的审核",
    "Confirm the reviews of opinions of wave {wave} of the survey {survey}",
    _OPINIONS,
)
PUBLISH = Kind(
    "publish-opinions",
    f"POST {_OPINIONS}/publication",
    "公布调查“{survey_name}”第{wave}轮的意见建议",
    "Publish the opinions of wave {wave} of the survey {survey}",
    _OPINIONS,
)


async def opinion_tasks(
    db: AsyncSession,
    cycle_id: UUID,
    waves: Waves,
    scheme: Scheme,
    permit: Permission,
) -> list[Task]:
    """Return which opinions of closed waves the caller is to review, to confirm, to publish."""
    if not permit.of(REVIEW.route).rows or not (tallies := await opinion_tallies(db, cycle_id)):
        return []
    units, published = await units_by_survey(db, cycle_id), await published_waves(db, cycle_id)
    return [
        task_of(kind, survey, wave.wave, count)
        for survey, wave in waves
        if (place := (survey.survey_id, wave.wave)) in tallies
        and _reviews(scheme, units[survey.survey_id], permit)
        for kind, count in _expected(tallies[place], place in published, permit)
        if count
    ]


def _expected(
    tallies: Sequence[OpinionTally], published: bool, permit: Permission
) -> list[tuple[Kind, int]]:
    """Return of how many opinions of a wave what is expected."""
    number, others = Counter[OpinionState](), 0
    for each in tallies:
        number[each.state] += each.number
        is_own = persons.is_same(each.proposed_person or "", permit.caller.person)
        others += 0 if is_own or each.state is not OpinionState.PROPOSED else each.number
    waits = published or any(number[each] for each in WAITING)
    ready = 0 if waits else number[OpinionState.ACCEPTED]
    return [(REVIEW, number[OpinionState.QUARANTINED]), (CONFIRM_REVIEWS, others), (PUBLISH, ready)]


def _reviews(scheme: Scheme, units: list[str], permit: Permission) -> bool:
    """Say whether the caller reviews the opinions of a survey, by the rules of the commands."""
    is_body = permit.caller.organisation in scheme.second_bodies(units)
    if not REVIEW.allowed(permit, {SECOND_BODY} if is_body else (), WaveState.CLOSED):
        return False
    try:
        check_proposer(scheme, units, permit.caller)
    except Refusal:
        return False
    return True
