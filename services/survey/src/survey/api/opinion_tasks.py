"""What opinions expect of a caller now: to review, confirm and publish them, and to mend what they
say."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.tasks import Kind, Task
from survey.api.wave_tasks import Waves, proposes, task_of
from survey.peers import Scheme
from survey.queries.opinions import OpinionTally, opinion_tallies, published_waves
from survey.queries.rectification import AssignedItem, items_of
from survey.queries.surveys import units_by_survey
from survey.rules.opinion_reviews import WAITING, OpinionState
from survey.rules.rectification import ItemState, waits_for_unit
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

_ITEMS = "/api/v1/cycles/{cycle_id}/rectification-items"
REPLY = Kind(
    "reply-to-rectification",
    f"POST {_ITEMS}/{{item_id}}/replies",
    "答复整改事项",
    "Reply to a rectification item",
    _ITEMS,
)
DECIDE_ON_REPLY = Kind(
    "decide-on-rectification",
    f"POST {_ITEMS}/{{item_id}}/decisions",
    "审查单位 {unit} 的整改答复",
    "Decide on the reply of {unit} to a rectification item",
    _ITEMS,
)


async def rectification_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return which items the caller's unit is to reply to, and which replies he is to decide on."""
    own = permit.caller.organisation if REPLY.allowed(permit, {"own_unit"}) else None
    decides = bool(permit.of(DECIDE_ON_REPLY.route).rows)
    if own is None and not decides:
        return []
    items = await items_of(db, cycle_id, None if decides else [own or ""])
    asked = await units_by_survey(db, cycle_id) if items and decides else {}
    return [
        kind.task({"cycle_id": str(cycle_id)}, _about(each), deadline=deadline)
        for each in items
        for kind, deadline in _expected_of(each, own, asked, scheme, permit)
    ]


def _about(each: AssignedItem) -> dict[str, str]:
    return {"item_id": str(each.item.item_id), "unit": each.item.unit}


def _expected_of(
    each: AssignedItem,
    own: str | None,
    asked: Mapping[UUID, list[str]],
    scheme: Scheme,
    permit: Permission,
) -> Iterator[tuple[Kind, dt.date | None]]:
    """Yield what is expected of a caller about an item, and by when."""
    if each.is_void:
        return
    if each.item.unit == own and waits_for_unit(each.state):
        yield REPLY, each.item.deadline
    replied = persons.is_among(permit.caller.person, each.replied_by)
    if each.state is ItemState.REPLIED and asked and not replied:
        units = [each.item.unit, *asked[each.origin.opinion.survey_id]]
        if proposes(DECIDE_ON_REPLY, scheme, units, WaveState.CLOSED, permit):
            yield DECIDE_ON_REPLY, None


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
        and proposes(REVIEW, scheme, units[survey.survey_id], WaveState.CLOSED, permit)
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
