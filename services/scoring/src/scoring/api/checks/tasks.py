"""What re-checks and spot checks expect of a caller now: to fix lists, draw, and name teams."""

import datetime as dt
from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.tasks import Task
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.checks import HeldCheck, held_checks
from scoring.rules.checks.teams import may_name
from scoring.rules.ledger.states import OPEN
from scoring.rules.scheme.document import Scheme


async def check_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, day: dt.date
) -> list[Task]:
    """Return what the caller is expected to do about the checks of an open ledger."""
    if not (scheme.checks and kinds.FIX_LISTS.allowed(permit, (), OPEN)):
        return []
    held = await held_checks(db, cycle_id)
    place = {"cycle_id": str(cycle_id)}
    to_fix = [
        kinds.FIX_LISTS.task(place, {"check": each.code, "name": each.name})
        for each in scheme.checks
        if each.code not in held
    ]
    to_draw = [
        kinds.DRAW_CHECK.task(place, _about(each))
        for each in held.values()
        if each.draw is None
        and each.row.seed_on <= day
        and not persons.is_same(each.row.person, permit.caller.person)
    ]
    return [*to_fix, *_to_name(held, scheme, permit, place), *to_draw]


def _to_name(
    held: Mapping[str, HeldCheck], scheme: Scheme, permit: Permission, place: Mapping[str, str]
) -> Iterator[Task]:
    """Yield the drawn units that nobody checks, and whose team the caller may name."""
    for each in held.values():
        for unit, team in each.teams().items():
            if not team.members and may_name([unit], scheme, permit.caller.organisation):
                yield kinds.NAME_TEAM.task(place, {**_about(each), "unit": unit})


def _about(held: HeldCheck) -> dict[str, str]:
    return {"check": held.row.check_code, "name": held.row.name}
