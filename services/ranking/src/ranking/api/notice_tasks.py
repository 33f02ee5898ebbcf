"""What notices expect of a caller: that a result is shown, and that objections are answered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.refusals import Refusal
from chassis.tasks import Kind, Task
from ranking.api.notice_contacts import overdue_contacts
from ranking.api.noticed import standing
from ranking.api.notices import check_noticing
from ranking.queries import last_held, now
from ranking.rules.notices import NoticeMissing, StandingNotice, is_due, refuse_unnoticed
from ranking.rules.scheme import Scheme
from ranking.tables import ApprovalRow, RankingRow

_CYCLE = "/api/v1/cycles/{cycle_id}"

OPEN_NOTICE = Kind(
    "open-notice",
    f"POST {_CYCLE}/rankings/{{edition}}/notice",
    "公示类别`{category}`第{edition}版排名",
    "Open the notice of edition {edition} of {category}",
    f"{_CYCLE}/rankings/{{edition}}",
)
ANSWER_OBJECTIONS = Kind(
    "answer-notice-objections",
    f"POST {_CYCLE}/notices/{{notice}}/answers",
    "答复对第{notice}号公示的异议",
    "Answer objections to notice {notice}",
    f"{_CYCLE}/notices/{{notice}}/objections",
)

ERASE_CONTACTS = Kind(
    "erase-notice-contacts",
    f"POST {_CYCLE}/notice-erasures",
    "销毁到期的公示异议人联系方式",
    "Erase contacts of those who objected, whose time is over",
    f"{_CYCLE}/notice-erasures",
)


async def contact_tasks(db: AsyncSession, cycle_id: UUID, permit: Permission) -> list[Task]:
    """Return that there are contacts to erase."""
    if not ERASE_CONTACTS.allowed(permit):
        return []
    due = await overdue_contacts(db, cycle_id, await now(db))
    return [ERASE_CONTACTS.task({"cycle_id": str(cycle_id)}, None, len(due))] if due else []


async def notice_tasks(
    db: AsyncSession,
    scheme: Scheme,
    permit: Permission,
    rows: Sequence[RankingRow],
    approvals: Mapping[int, Sequence[ApprovalRow]],
) -> tuple[list[Task], set[int]]:
    """Return what is expected about editions that are to be shown after their last step, and which
    of them take no further step yet."""
    due = [row for row in rows if is_due(scheme.notice, last_held(row, approvals[row.edition])[0])]
    if not due:
        return [], set()
    cycle_id, moment = due[0].cycle_id, await now(db)
    found = await standing(db, cycle_id, [row.edition for row in due])
    tasks, waiting = list[Task](), set[int]()
    for row in due:
        said = last_held(row, approvals[row.edition])[1]
        wanted = _wanted(row, found.get(row.edition), said, moment)
        if wanted is None:
            continue
        waiting.add(row.edition)
        if wanted.number and _may(wanted.kind, scheme, row, permit):
            place = {"cycle_id": str(cycle_id)}
            tasks.append(wanted.kind.task(place, wanted.about, wanted.number))
    return tasks, waiting


class _Wanted(NamedTuple):
    kind: Kind
    about: dict[str, str]
    number: int


def _wanted(
    row: RankingRow, notice: StandingNotice | None, steps: int, moment: dt.datetime
) -> _Wanted | None:
    """Return what an edition waits for, None where it waits for nothing more."""
    try:
        refuse_unnoticed(notice, steps, moment)
    except NoticeMissing:
        return _Wanted(OPEN_NOTICE, {"category": row.category, "edition": str(row.edition)}, 1)
    except Refusal:
        number, waiting = (notice and notice.unanswered) or (0, [])
        return _Wanted(ANSWER_OBJECTIONS, {"notice": str(number)}, len(waiting))
    return None


def _may(kind: Kind, scheme: Scheme, row: RankingRow, permit: Permission) -> bool:
    try:
        check_noticing(scheme, row, permit.of(kind.route))
    except Refusal:
        return False
    return True
