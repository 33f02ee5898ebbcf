"""What supervised items expect of a caller now: to sign, handle, report, decide, rule."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import Calendar
from chassis.identity import Caller
from chassis.tasks import Kind, Task
from scoring.api.items.documents import reach_of, relations_of
from scoring.api.items.keeping import actor_of, reading_of
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.items import StoredItem, items_in
from scoring.rules.items.moving import who_faults
from scoring.rules.items.states import (
    BY_LEAD,
    BY_LEADER,
    BY_OFFICE,
    BY_UNIT,
    DISPATCH,
    DISPATCHED,
    DISPUTED,
    EXTENSION_ASKED,
    HANDLING,
    INSIST,
    LEAD,
    REDO,
    REFUSE_EXTENSION,
    REGISTERED,
    REPLIED,
    REPORT,
    RETURNED,
    SIGN,
    STATES_ZH,
    STEPS,
)
from scoring.rules.scheme.document import Scheme

MOST = 200
"""How many tasks are told one by one; of what is more, each kind says how many there are."""

_NEXT = {
    DISPATCHED: (SIGN, kinds.SIGN_ITEM, BY_LEAD),
    HANDLING: (REPORT, kinds.HANDLE_ITEM, BY_UNIT),
    RETURNED: (INSIST, kinds.DECIDE_ITEM, BY_OFFICE),
    EXTENSION_ASKED: (REFUSE_EXTENSION, kinds.DECIDE_ITEM, BY_OFFICE),
    REPLIED: (REDO, kinds.DECIDE_ITEM, BY_OFFICE),
    DISPUTED: (INSIST, kinds.RULE_ITEM, BY_LEADER),
}
"""By the state of an item the move that waits for somebody, what that is called, and whose it is.
Of several moves of one person about one thing any will do."""


_DISPATCHING = DISPATCH, kinds.DISPATCH_ITEMS, BY_OFFICE


async def item_tasks(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    permit: Permission,
    day: dt.date,
    calendar: Calendar,
    phase: str,
) -> list[Task]:
    """Return the items that the caller is expected to do something about now, each by its day; none
    is dispatched once the ledger is sealed."""
    reading = reading_of(permit)
    if not reading.allows(relations_of(reading, scheme)):
        return []
    tasks, place, count = list[Task](), {"cycle_id": str(cycle_id)}, 0
    reach, states = reach_of(reading, scheme), _states(permit, scheme, phase)
    async for item in items_in(db, cycle_id, reach, states):
        if _is_the_callers(item, scheme, permit.caller):
            tasks += _tasks(item, scheme, permit.caller, place, day, calendar)
            count += item.moves[-1].state == REGISTERED
    tasks = bounded(tasks)
    return tasks + ([kinds.DISPATCH_ITEMS.task(place, count=count)] if count else [])


def bounded(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks that are due first, one by one; the last of each kind counts besides itself
    those of its kind that are left out."""
    if len(tasks) <= MOST:
        return [*tasks]
    by_day = sorted(tasks, key=lambda each: (each.deadline is None, each.deadline or dt.date.min))
    told, more = by_day[:MOST], by_day[MOST:]
    for kind, count in Counter(each.kind for each in more).items():
        of_kind = [n for n, each in enumerate(told) if each.kind == kind]
        if of_kind:
            told[of_kind[-1]] = told[of_kind[-1]].model_copy(update={"count": 1 + count})
        else:
            first = next(each for each in more if each.kind == kind)
            told.append(first.model_copy(update={"count": count}))
    return told


def _states(permit: Permission, scheme: Scheme, phase: str) -> list[str]:
    """Return the states of items in which the caller may be expected to do something."""
    kinds_of = {state: kind for state, (_, kind, _) in _NEXT.items()}
    kinds_of[REGISTERED] = kinds.DISPATCH_ITEMS
    return [state for state, kind in kinds_of.items() if _allowed(kind, permit, scheme, phase)]


def _is_the_callers(item: StoredItem, scheme: Scheme, caller: Caller) -> bool:
    state = item.moves[-1].state
    move, _, by = _NEXT.get(state, _DISPATCHING)
    actor = actor_of(item.shares, scheme, caller, {by})
    return not any(who_faults("", item.now(scheme.time_zone), STEPS[state, move], actor))


def _tasks(
    item: StoredItem,
    scheme: Scheme,
    caller: Caller,
    place: Mapping[str, str],
    day: dt.date,
    calendar: Calendar,
) -> list[Task]:
    now, state = item.now(scheme.time_zone), item.moves[-1].state
    if state not in _NEXT:
        return []
    light = now.clock.light(day, calendar)
    about = {"item_id": str(item.row.item_id), "title": item.row.title, "light": light}
    more = {**place, "state": state, "state_zh": STATES_ZH[state]}
    leads = now.role_of(caller.organisation) == LEAD
    kind = _NEXT[state][1]
    return [each.task(more, about, 1, due) for each, due in _of(item, kind, leads=leads)]


def _of(item: StoredItem, kind: Kind, *, leads: bool) -> Iterator[tuple[Kind, dt.date | None]]:
    """Yield what an item asks for, with its day: the lead replies, and all report."""
    last = item.moves[-1]
    yield kind, last.due
    if kind == kinds.HANDLE_ITEM and leads and last.report_due is not None:
        yield kinds.REPORT_ITEM, last.report_due


def _allowed(kind: Kind, permit: Permission, scheme: Scheme, phase: str) -> bool:
    return kind.allowed(permit, relations_of(permit, scheme), phase)
