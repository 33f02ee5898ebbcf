"""What consequences expect of a caller: that those which wait are decided on."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.tasks import Kind, Task
from ranking.api.consequences_stored import lacks_item, stored
from ranking.queries import today
from ranking.rules.consequences import HEARD_FIRST, is_decidable
from ranking.rules.scheme import Scheme
from ranking.tables import ConsequenceRow

_CYCLE = "/api/v1/cycles/{cycle_id}"
_DECISION = f"POST {_CYCLE}/consequences/{{number}}/decision"

DECIDE = Kind(
    "decide-consequence",
    _DECISION,
    "决定单位`{unit}`的结果运用事项`{kind}`",
    "Decide on {kind} of {unit}",
    f"{_CYCLE}/consequences",
)

HEAR = Kind(
    "speak-on-negative-case",
    f"POST {_CYCLE}/consequences/{{number}}/hearing",
    "对拟公布的反面典型陈述意见",
    "Say what there is to say about a negative case of the own unit",
    f"{_CYCLE}/consequences",
)

FOLLOW = Kind(
    "follow-reports",
    f"POST {_CYCLE}/consequences/reports",
    "{count}项已决定的整改报告（{units}）尚无督办事项，请先转入（`supervised-items/reports`），"
    "并查看未转入的原因，尚无下一年度的请先建立",
    "Have the items of {count} decided rectification reports ({units}) opened "
    "(`supervised-items/reports`), see why some wait, such as for a next year that is not there, "
    "and follow them",
    f"{_CYCLE}/consequences",
)

_MOST = 100
_NAMED = 10
"""How many units a task names at most."""


async def report_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return that decided reports have no supervised item yet, though they hold by now."""
    if not FOLLOW.allowed(permit):
        return []
    of, day = ConsequenceRow, await today(db, scheme.time_zone)
    mine = of.cycle_id == cycle_id, of.kind == "rectification_report", of.from_on <= day
    waiting = [each.row for each in await stored(db, *mine) if lacks_item(each)]
    if not waiting:
        return []
    units = sorted({each.unit for each in waiting})
    named = ", ".join(units[:_NAMED]) + (" …" if len(units) > _NAMED else "")
    place = {"cycle_id": str(cycle_id), "count": str(len(waiting))}
    return [FOLLOW.task(place, {"units": named}, count=len(waiting))]


async def hearing_tasks(db: AsyncSession, cycle_id: UUID, permit: Permission) -> list[Task]:
    """Return the negative cases that the caller's unit is to be heard about, a hundred at most."""
    unit, of = permit.caller.organisation, ConsequenceRow
    if unit is None or not HEAR.allowed(permit, {"own_unit"}):
        return []
    found = await stored(db, of.cycle_id == cycle_id, of.unit == unit, of.kind.in_(HEARD_FIRST))
    place = {"cycle_id": str(cycle_id)}
    waiting = [each.row for each in found if each.state == "proposed"]
    return [HEAR.task(place, {"unit": r.unit, "number": str(r.number)}) for r in waiting[:_MOST]]


async def consequence_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return the consequences that the caller may decide on, a hundred of them at most."""
    if not permit.of(_DECISION).rows:
        return []
    caller = permit.caller
    own = scheme.category_of(caller.organisation) if caller.organisation else None
    barred = {caller.organisation, *(own.units if own else ())}
    waiting = [
        each.row
        for each in await stored(db, ConsequenceRow.cycle_id == cycle_id)
        if is_decidable(each.row.kind, each.state)
        and each.row.unit not in barred
        and not persons.is_same(each.asked_by, caller.person)
    ]
    place = {"cycle_id": str(cycle_id)}
    return [
        DECIDE.task(place, {"unit": r.unit, "kind": r.kind, "number": str(r.number)})
        for r in waiting[:_MOST]
    ]
