"""What corrections of a sealed ledger expect of a caller: that the committee decides."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.tasks import Task
from scoring.api.corrections.documents import proposed_on
from scoring.api.corrections.interests import interests_in, scorers_of
from scoring.api.corrections.keeping import charged_by
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.corrections import corrections_of, hands_of
from scoring.rules.corrections.correcting import PROPOSED, bar_of
from scoring.rules.ledger.states import SEALED
from scoring.rules.scheme.document import Scheme


async def correction_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return the corrections on which the caller may decide now; of many the last one that is told
    counts besides itself all that nobody has decided about."""
    if not kinds.DECIDE_CORRECTION.allowed(permit, (), SEALED):
        return []
    own, tasks = permit.caller.organisation, list[Task]()
    stored = await corrections_of(db, cycle_id)
    waiting = [each for each in stored if each.state == PROPOSED]
    for number, each in enumerate(waiting):
        if len(tasks) == _MOST:
            left = len(waiting) - number
            tasks[-1] = tasks[-1].model_copy(update={"count": 1 + left})
            break
        counted = each.counted
        charged = await charged_by(db, cycle_id, each.row.origin, counted, scheme)
        if (await interests_in(db, cycle_id, counted, charged)).bars(scheme, own):
            continue
        if own is not None and own in await scorers_of(db, cycle_id, counted, scheme):
            continue
        hands = await hands_of(db, cycle_id, each, stored)
        if bar_of(hands, permit.caller.person) is None:
            since = proposed_on(each, scheme.time_zone).isoformat()
            about = {"correction_id": str(each.row.correction_id), "unit": each.row.unit}
            about |= {"proposed_on": since}
            tasks.append(kinds.DECIDE_CORRECTION.task({"cycle_id": str(cycle_id)}, about))
    return tasks


_MOST = 20
"""How many corrections are told one by one: who may decide about each is asked of each."""
