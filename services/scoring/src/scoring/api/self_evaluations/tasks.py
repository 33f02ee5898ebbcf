"""What rounds of self-evaluation expect of a caller now: self marks, hand-ins, and comparisons."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.tasks import Task
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.self_evaluations import HeldRound, held_rounds
from scoring.rules.ledger.states import OPEN
from scoring.rules.scheme.document import OWN_UNIT, Scheme, SelfEvaluationRound
from scoring.rules.self_evaluations.rounds import is_signed, marked_in


async def self_evaluation_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, day: dt.date
) -> list[Task]:
    """Return the rounds in which the caller's unit has self marks to give or to hand in, or those
    that are over and that the caller may compare."""
    policy, own = scheme.self_evaluations, permit.caller.organisation or ""
    gives = kinds.GIVE_SELF_MARKS.allowed(
        permit, {OWN_UNIT} if own in scheme.category_of() else (), OPEN
    )
    if policy is None or not (gives or kinds.COMPARE_SELF_MARKS.allowed(permit, (), OPEN)):
        return []
    held = await held_rounds(db, cycle_id, own if gives else None)
    place = {"cycle_id": str(cycle_id), "own_unit": own}
    found = list[Task]()
    for each in policy.rounds:
        there = held.get(each.code, HeldRound())
        if there.comparison is None:
            found += (
                _to_self_mark(place, scheme, permit, there, each)
                if gives
                else _to_compare(place, each, day)
            )
    return found


def _to_compare(place: dict[str, str], each: SelfEvaluationRound, day: dt.date) -> list[Task]:
    over = each.until < day
    return [kinds.COMPARE_SELF_MARKS.task(place, _about(each))] if over else []


def _to_self_mark(
    place: dict[str, str],
    scheme: Scheme,
    permit: Permission,
    there: HeldRound,
    each: SelfEvaluationRound,
) -> list[Task]:
    unit = place["own_unit"]
    if unit in there.handed_in:
        return []
    marks, about = there.marks.get(unit, {}), _about(each)
    left = len({*marked_in(each, unit, scheme)} - {*marks})
    told = about | {"left": str(left)}
    given = [kinds.GIVE_SELF_MARKS.task(place, told, deadline=each.until)] if left else []
    person, writers = permit.caller.person, there.writers.get(unit, ())
    wrote = any(persons.is_same(who, person) for who in writers)
    if not marks or (wrote and is_signed(marks, scheme)):
        return given
    return [*given, kinds.HAND_IN_SELF_MARKS.task(place, about, deadline=each.until)]


def _about(each: SelfEvaluationRound) -> dict[str, str]:
    return {"round_code": each.code, "name": each.name, "until": each.until.isoformat()}
