"""What linked results expect of a caller: that those which wait are typed again, and that what is
kept about people is erased in time."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.tasks import Kind, Task
from ranking.api.linked import overdue
from ranking.api.linked_stored import linked_policy, results_of
from ranking.rules.interest import category_units
from ranking.rules.scheme import Scheme
from ranking.tables import LinkedResultRow

_CYCLE = "/api/v1/cycles/{cycle_id}"

TYPE_AGAIN = Kind(
    "decide-linked-result",
    f"POST {_CYCLE}/linked-results/{{result_id}}/decision",
    "再次录入单位`{unit}`的考核结果`{result_id}`",
    "Type the result {result_id} of {unit} again",
    f"{_CYCLE}/linked-readings",
)
ERASE = Kind(
    "erase-linked-results",
    f"POST {_CYCLE}/linked-erasures",
    "清除期满的三位一体个人结果",
    "Erase linked results of persons whose time is over",
    f"{_CYCLE}/linked-erasures",
)

_MOST = 100


async def linked_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return the results that the caller may type again, a hundred at most, and that there is
    something to erase."""
    if scheme.linked is None:
        return []
    place = {"cycle_id": str(cycle_id)}
    about = await _to_type(db, cycle_id, scheme, permit)
    tasks = [TYPE_AGAIN.task(place, each) for each in about]
    if ERASE.allowed(permit) and (due := await overdue(db, cycle_id, scheme)):
        tasks.append(ERASE.task(place, None, len(due)))
    return tasks


async def _to_type(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[dict[str, str]]:
    if not permit.of(TYPE_AGAIN.route).rows:
        return []
    waiting = [each.row for each in await results_of(db, cycle_id) if each.state == "entered"]
    own = [row for row in waiting if _types(scheme, row, permit)]
    return [{"unit": row.unit, "result_id": str(row.result_id)} for row in own[:_MOST]]


def _types(scheme: Scheme, row: LinkedResultRow, permit: Permission) -> bool:
    """Say whether the caller may type a result the second time."""
    caller, units = permit.caller, category_units(scheme, row.unit)
    own = linked_policy(scheme).kinds_of(caller.organisation, units)
    return row.kind in own and not persons.is_same(row.person, caller.person)
