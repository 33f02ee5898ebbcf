"""What objections expect of a caller now: to decide about those that are at their level, and to
carry out those that are upheld."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import Calendar
from chassis.tasks import Task
from scoring.api.appeals.documents import PUT_TO
from scoring.api.appeals.involved import involved_in
from scoring.api.appeals.keeping import beside_row
from scoring.api.items.tasks import MOST, bounded
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.appeals import StoredObjection, objections_in, require_true_objections
from scoring.rules.appeals.moving import carrying_faults, deciding_faults
from scoring.rules.appeals.standing import Beside, ObjectionActor, ObjectionNow
from scoring.rules.appeals.states import PENDING, STATES_ZH
from scoring.rules.items.clock import Clock
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme

_LIGHTS = {
    "none": ("期限内", "in time"),
    "yellow": ("临近期限", "due soon"),
    "red": ("已逾期", "overdue"),
}


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
    stored = await objections_in(db, cycle_id, scheme.category_of().keys())
    seen = [
        (each, each.now(scheme.time_zone), beside_row(scheme, beside, each.row)) for each in stored
    ]
    upheld = [_told(each, cycle_id) for each in _to_carry_out(seen, actor)]
    deciding = await _to_decide(db, scheme, beside, actor, _at_level(seen, actor))
    tasks = [kinds.CARRY_OUT_OBJECTION.task(place, about) for about, place in upheld]
    return bounded([*tasks, *(_task(each, cycle_id, day, calendar) for each in deciding)])


Seen = tuple[StoredObjection, ObjectionNow, Beside]
"""An objection, how it stands, and what it is judged by without who brought it about."""


def _to_carry_out(seen: Iterable[Seen], actor: ObjectionActor) -> list[StoredObjection]:
    return [
        each
        for each, now, judged in seen
        if now.is_to_carry_out and not any(carrying_faults(now, actor, judged))
    ]


def _at_level(seen: Iterable[Seen], actor: ObjectionActor) -> list[StoredObjection]:
    return [
        each
        for each, now, judged in seen
        if now.last.state == PENDING and not any(deciding_faults(now, actor, judged))
    ]


async def _to_decide(
    db: AsyncSession,
    scheme: Scheme,
    beside: Beside,
    actor: ObjectionActor,
    waiting: Sequence[StoredObjection],
) -> list[StoredObjection]:
    """Return the objections about which somebody may decide, by their days, of those that are at
    their level; who brought about what they are about is asked of many at once.

    Those beyond what is listed one by one are not asked about: they are counted.
    """
    by_day = sorted(waiting, key=lambda each: each.moves[-1].due or dt.date.max)
    found, left = list[StoredObjection](), by_day
    while left and len(found) < MOST:
        part, left = left[:_AT_ONCE], left[_AT_ONCE:]
        involved = await involved_in(db, scheme, [each.row for each in part])
        for each in part:
            judged = beside_row(scheme, beside, each.row, involved[each.row.objection_id])
            if not any(deciding_faults(each.now(scheme.time_zone), actor, judged)):
                found.append(each)
    return [*found, *left]


_AT_ONCE = 250
"""Of how many objections it is asked at once who brought about what they are about."""


def _task(found: StoredObjection, cycle_id: UUID, day: dt.date, calendar: Calendar) -> Task:
    due = found.moves[-1].due
    light = Clock(due).light(day, calendar)
    about, place = _told(found, cycle_id)
    about |= {"light": light}
    place |= dict(zip(("light_zh", "light_en"), _LIGHTS[light], strict=True))
    return kinds.DECIDE_OBJECTION.task(place, about, deadline=due)


def _told(found: StoredObjection, cycle_id: UUID) -> tuple[dict[str, str], dict[str, str]]:
    row, state = found.row, found.moves[-1].state
    about = {"objection_id": str(row.objection_id), "unit": row.unit}
    words = {"form_zh": "意见", "form_en": "remark"}
    if row.edition is not None:
        words = {"form_zh": "异议", "form_en": "objection"}
    words |= {"state_zh": STATES_ZH[state], "state_en": state.replace("_", " ")}
    return about | {"objection_no": str(row.objection_no)}, {"cycle_id": str(cycle_id)} | words
