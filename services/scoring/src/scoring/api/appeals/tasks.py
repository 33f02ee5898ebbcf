"""What objections expect of a caller now: to decide about those that are at their level."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import Calendar
from chassis.tasks import Task
from scoring.api.appeals.keeping import beside_of
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.appeals import StoredObjection, objections_in, require_true_objections
from scoring.rules.appeals.moving import deciding_faults
from scoring.rules.appeals.standing import Beside, ObjectionActor
from scoring.rules.appeals.states import PENDING
from scoring.rules.items.clock import Clock
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme

_LIGHTS_ZH = {"none": "期限内", "yellow": "临近期限", "red": "已逾期"}


async def objection_tasks(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    permit: Permission,
    day: dt.date,
    calendar: Calendar,
) -> list[Task]:
    """Return the objections about which the caller could decide now, each by its day."""
    caller = permit.caller
    stands_in = caller.organisation in {each.body for each in scheme.recusals}
    related = {SECOND_BODY} if stands_in else set[str]()
    if scheme.objections is None or not kinds.DECIDE_OBJECTION.allowed(permit, related):
        return []
    await require_true_objections(db, cycle_id)
    actor = ObjectionActor(caller.person, caller.organisation, caller.roles)
    beside = Beside(scheme.objections, scheme.assessment_year, day, calendar)
    tasks = list[Task]()
    for each in await objections_in(db, cycle_id, PENDING, scheme.category_of().keys()):
        judged = await beside_of(db, scheme, beside, each)
        if not any(deciding_faults(each.now(scheme.time_zone), actor, judged)):
            tasks.append(_task(each, cycle_id, day, calendar))
    return tasks


def _task(found: StoredObjection, cycle_id: UUID, day: dt.date, calendar: Calendar) -> Task:
    row, due = found.row, found.moves[-1].due
    light = Clock(due).light(day, calendar)
    about = {"objection_id": str(row.objection_id), "unit": row.unit, "light": light}
    about |= {"objection_no": str(row.objection_no)}
    place = {"cycle_id": str(cycle_id), "light_zh": _LIGHTS_ZH[light]}
    return kinds.DECIDE_OBJECTION.task(place, about, deadline=due)
