"""What objections expect of a caller now: to decide about those that are at their level, and to
carry out those that are upheld."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import Calendar
from chassis.tasks import Task
from scoring.api.appeals.documents import PUT_TO
from scoring.api.appeals.keeping import beside_of
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.appeals import StoredObjection, objections_in, require_true_objections
from scoring.rules.appeals.moving import carrying_faults, deciding_faults
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
    """Return the objections about which the caller could decide now, each by its day, and those
    that they could carry out."""
    caller = permit.caller
    stands_in = caller.organisation in {each.body for each in scheme.recusals}
    related = {SECOND_BODY, PUT_TO} if stands_in else {PUT_TO}
    if scheme.objections is None or not kinds.DECIDE_OBJECTION.allowed(permit, related):
        return []
    await require_true_objections(db, cycle_id)
    actor = ObjectionActor(caller.person, caller.organisation, caller.roles)
    beside = Beside(scheme.objections, scheme.assessment_year, day, calendar)
    tasks = list[Task]()
    for each in await objections_in(db, cycle_id, scheme.category_of().keys()):
        judged, now = await beside_of(db, scheme, beside, each), each.now(scheme.time_zone)
        if now.is_to_carry_out and not any(carrying_faults(now, actor, judged)):
            about, place = _told(each, cycle_id)
            tasks.append(kinds.CARRY_OUT_OBJECTION.task(place, about))
        if now.last.state == PENDING and not any(deciding_faults(now, actor, judged)):
            tasks.append(_task(each, cycle_id, day, calendar))
    return tasks


def _task(found: StoredObjection, cycle_id: UUID, day: dt.date, calendar: Calendar) -> Task:
    due = found.moves[-1].due
    light = Clock(due).light(day, calendar)
    about, place = _told(found, cycle_id)
    about |= {"light": light}
    place |= {"light_zh": _LIGHTS_ZH[light]}
    return kinds.DECIDE_OBJECTION.task(place, about, deadline=due)


def _told(found: StoredObjection, cycle_id: UUID) -> tuple[dict[str, str], dict[str, str]]:
    row = found.row
    about = {"objection_id": str(row.objection_id), "unit": row.unit}
    return about | {"objection_no": str(row.objection_no)}, {"cycle_id": str(cycle_id)}
