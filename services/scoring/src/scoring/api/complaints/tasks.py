"""What complaints expect of a caller now: to accept, assign, answer, revisit, close."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.deadlines import local_day
from chassis.tasks import Kind, Task
from scoring.api.complaints.documents import (
    complaint_reach,
    complaint_relations,
    told,
)
from scoring.api.complaints.keeping import acting
from scoring.api.complaints.moves import reading_complaints
from scoring.api.items.tasks import bounded
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.complaint_contacts import overdue_contacts
from scoring.queries.complaints import StoredComplaint, complaints_in
from scoring.rules.complaints.limits import WAITS_FOR_ANSWER, WAITS_FOR_OFFICE
from scoring.rules.complaints.moving import waiting_move, who_faults
from scoring.rules.complaints.standing import Setting
from scoring.rules.complaints.states import BY_OFFICE, STATES_ZH, STEPS, WAITS_FOR
from scoring.rules.scheme.document import Scheme


async def complaint_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, setting: Setting
) -> list[Task]:
    """Return the complaints that wait for the caller, each by its day; who decided what is to be
    decided on has none of it."""
    reading, relations = reading_complaints(permit), complaint_relations(permit, scheme)
    states = [state for state in WAITS_FOR if _kind(state).allowed(permit, relations, None)]
    if not states or not reading.allows(relations):
        return []
    reach, tasks = complaint_reach(reading, scheme), list[Task]()
    async for found in complaints_in(db, cycle_id, reach, states):
        tasks += _tasks(found, scheme, permit, setting, {"cycle_id": str(cycle_id)})
    return bounded(tasks)


async def erasure_tasks(
    db: AsyncSession, cycle_id: UUID, time_zone: str, permit: Permission
) -> list[Task]:
    """Return that contacts are to be erased whose time is over, since the day of the first."""
    if not kinds.ERASE_CONTACTS.allowed(permit):
        return []
    overdue = await overdue_contacts(db, cycle_id)
    if overdue.since is None:
        return []
    day = local_day(overdue.since, time_zone)
    return [kinds.ERASE_CONTACTS.task({"cycle_id": str(cycle_id)}, None, overdue.number, day)]


def _kind(state: str) -> Kind:
    return kinds.DECIDE_COMPLAINT if WAITS_FOR[state] == BY_OFFICE else kinds.ANSWER_COMPLAINT


def _tasks(
    found: StoredComplaint,
    scheme: Scheme,
    permit: Permission,
    setting: Setting,
    place: Mapping[str, str],
) -> Iterator[Task]:
    now = found.now(scheme.time_zone)
    actor = acting(found, scheme, permit.caller, {WAITS_FOR[now.state]})
    if any(who_faults(now, STEPS[now.state, waiting_move(now)], actor)):
        return
    shown = told(found, scheme, setting)
    named = {name: str(shown[name]) for name in ("complaint_id", "reference", "light")}
    more = {**place, "state": now.state, "state_zh": STATES_ZH[now.state]}
    has_day = now.state in (*WAITS_FOR_OFFICE, *WAITS_FOR_ANSWER)
    due = cast(dt.date | None, shown["due"]) if has_day else None
    yield _kind(now.state).task(more, named, 1, due)
