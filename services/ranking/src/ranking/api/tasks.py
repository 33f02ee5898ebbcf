"""What rankings and reports of a cycle expect of a caller now (待办)."""

from collections.abc import Collection, Sequence
from typing import Literal, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.refusals import Refusal
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.tasks import Kind, Task, Tasks
from ranking.api.consequence_tasks import (
    DECIDE,
    FOLLOW,
    HEAR,
    consequence_tasks,
    hearing_tasks,
    report_tasks,
)
from ranking.api.evidence import FED_BACK
from ranking.api.linked_tasks import ERASE, TYPE_AGAIN, linked_tasks
from ranking.api.notice_tasks import (
    ANSWER_OBJECTIONS,
    ERASE_CONTACTS,
    OPEN_NOTICE,
    contact_tasks,
    notice_tasks,
)
from ranking.api.rankings import all_reports, digests_of
from ranking.api.signing import (
    OWN_STEP,
    STEPS,
    asks_anew,
    delegated_to,
    kind_of_step,
    newest_editions,
    next_of,
    units_of,
)
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers, SheetSummary
from ranking.queries import (
    came,
    kind_of,
    state_of_report,
    steps_of_reports,
)
from ranking.rules.approval import refuse_outdated, refuse_unsettled, refuse_untold
from ranking.rules.interest import (
    category_units,
    check_interest,
    check_office,
    relations_of,
    second_bodies,
)
from ranking.rules.reports import OPEN, Report, check_second_person, refuse_undecided
from ranking.rules.scheme import Scheme
from ranking.tables import DemotionRow, RankingRow, VetoRow

router = Router("/cycles/{cycle_id}/tasks/ranking", tags=["tasks"])

_CYCLE = "/api/v1/cycles/{cycle_id}"


def _report(name: str, things: str, zh: str, part: str, of: str) -> Kind:
    route = f"POST {_CYCLE}/{things}/{{number}}/confirmation"
    en = f"Confirm {part} {name} {{code}} of {{unit}}"
    return Kind(f"confirm-{of}", route, zh, en, f"{_CYCLE}/{things}")


Reported = Literal["veto", "demotion"]

REPORTS: dict[tuple[Reported, str], Kind] = {
    ("veto", "reported"): _report(
        "veto", "vetoes", "确认单位`{unit}`的一票否决`{code}`", "the", "veto"
    ),
    ("veto", "lifting"): _report(
        "veto", "vetoes", "确认解除单位`{unit}`的一票否决`{code}`", "the lifting of", "veto-lifting"
    ),
    ("demotion", "reported"): _report(
        "demotion", "demotions", "确认单位`{unit}`的降等`{code}`", "the", "demotion"
    ),
    ("demotion", "lifting"): _report(
        "demotion",
        "demotions",
        "确认解除单位`{unit}`的降等`{code}`",
        "the lifting of",
        "demotion-lifting",
    ),
}

Row = TypeVar("Row", VetoRow, DemotionRow)


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_ranking_tasks(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> Tasks:
    """List what the caller is expected to confirm, merge, review, show, answer, decide, publish,
    type again or erase of the reports, rankings and linked results of a cycle, and could now.

    Of the rankings it is the newest edition of each category. Whether the newest score sheet still
    gives every unit the same result is asked when the step is taken.
    """
    kinds = (
        *(*STEPS.values(), OWN_STEP, *REPORTS.values()),
        *(OPEN_NOTICE, ANSWER_OBJECTIONS, DECIDE, FOLLOW, HEAR, TYPE_AGAIN, ERASE, ERASE_CONTACTS),
    )
    if not any(permit.of(kind.route).rows for kind in kinds):
        return Tasks(tasks=[])
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return Tasks(
        tasks=[
            *await _reports(db, VetoRow, cycle_id, scheme, permit),
            *await _reports(db, DemotionRow, cycle_id, scheme, permit),
            *await _steps(db, cycle_id, scheme, permit, ask),
            *await consequence_tasks(db, cycle_id, scheme, permit),
            *await hearing_tasks(db, cycle_id, permit),
            *await report_tasks(db, cycle_id, scheme, permit),
            *await linked_tasks(db, cycle_id, scheme, permit),
            *await contact_tasks(db, cycle_id, permit),
        ]
    )


async def _reports(
    db: AsyncSession, table: type[Row], cycle_id: UUID, scheme: Scheme, permit: Permission
) -> list[Task]:
    """Return the vetoes or demotions, and what lifts them, that another person has asked for."""
    of = kind_of(table)
    if not permit.of(REPORTS[of, "reported"].route).rows:
        return []
    rows = (
        await db.scalars(select(table).where(table.cycle_id == cycle_id).order_by(*came(table)))
    ).all()
    steps = await steps_of_reports(db, of, cycle_id)
    found = list[Task]()
    for row in rows:
        taken = steps.get(row.number, [])
        state = state_of_report(taken)
        asked_by = taken[-1].person if taken else row.reported_by_person or row.reported_by
        if state in OPEN and _confirms(REPORTS[of, state], row.unit, asked_by, scheme, permit):
            about = {"unit": row.unit, "code": row.code, "number": str(row.number)}
            found.append(REPORTS[of, state].task({"cycle_id": str(cycle_id)}, about))
    return found


def _confirms(kind: Kind, unit: str, asked_by: str, scheme: Scheme, permit: Permission) -> bool:
    """Say whether the caller may confirm a report about a unit, by the rules of the command."""
    caller, units = permit.caller, category_units(scheme, unit) or (unit,)
    bodies = second_bodies(scheme, units)
    if not kind.allowed(permit, relations_of(bodies, caller.organisation)):
        return False
    try:
        check_interest(units, caller.organisation)
        check_office(bodies, caller.organisation, caller.roles)
        check_second_person(asked_by, caller.person, confirmed=True, reason=None)
    except Refusal:
        return False
    return True


async def _steps(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, ask: Peers
) -> list[Task]:
    """Return the notices and the steps of the approval chain that the caller may see to."""
    kinds = (*STEPS.values(), OWN_STEP, OPEN_NOTICE, ANSWER_OBJECTIONS)
    if not any(permit.of(kind.route).rows for kind in kinds):
        return []
    rows, approvals = await newest_editions(db, cycle_id)
    tasks, waiting = await notice_tasks(db, scheme, permit, rows, approvals)
    given = await delegated_to(db, cycle_id, scheme, rows, permit)
    steps = ((r, next_of(r, approvals[r.edition], scheme, permit, given)) for r in rows)
    ready = [(r, step) for r, step in steps if step is not None and r.edition not in waiting]
    return tasks + await _to_take(db, cycle_id, ask, ready)


async def _to_take(
    db: AsyncSession, cycle_id: UUID, ask: Peers, ready: Sequence[tuple[RankingRow, str]]
) -> list[Task]:
    """Return the steps that can be taken now of those that are the caller's."""
    if not ready:
        return []
    reports = await all_reports(db, cycle_id, {unit for row, _ in ready for unit in units_of(row)})
    asks = any(asks_anew(row, step) for row, step in ready)
    sheets = await _sheets(ask, cycle_id) if asks else []
    place = {"cycle_id": str(cycle_id)}
    return [
        kind_of_step(row, step).task(place, _about(row, step))
        for row, step in ready
        if _is_true(row, step, reports, sheets)
    ]


async def _sheets(ask: Peers, cycle_id: UUID) -> list[SheetSummary] | None:
    """Return the editions of the score sheet; None to who signs in another's place and may not
    read them, of whom the step does not ask them either."""
    try:
        return await ask.scoring.score_sheets(cycle_id=cycle_id)
    except PeerRefused:
        return None


def _is_true(
    row: RankingRow,
    step: str,
    reports: tuple[Sequence[Report], Sequence[Report]],
    sheets: Collection[SheetSummary] | None,
) -> bool:
    """Say whether an edition is still what a step may be taken on, as far as can be said at once:
    nothing was reported since; for the office's steps, the units were told, and the ledger was
    sealed."""
    units = units_of(row)
    vetoes, demotions = ([one for one in each if one.unit in units] for each in reports)
    try:
        refuse_undecided({"veto": vetoes, "demotion": demotions})
        refuse_outdated(row.digests, digests_of(vetoes, demotions))
        if sheets is not None and asks_anew(row, step):
            _refuse_early(row, sheets)
    except Refusal:
        return False
    return True


def _refuse_early(row: RankingRow, sheets: Collection[SheetSummary]) -> None:
    """Refuse an edition of which the units were not told, or that more entries could change."""
    told = any(s.edition == row.score_sheet_edition and s.phase == FED_BACK for s in sheets)
    refuse_untold(row.score_sheet_edition, fed_back=told)
    covering = [s.edition for s in sheets if row.category in s.categories]
    named = {row.score_sheet_edition, max(covering, default=row.score_sheet_edition)}
    refuse_unsettled({s.edition: s.ledger_phase for s in sheets if s.edition in named})


def _about(row: RankingRow, step: str) -> dict[str, str]:
    named = {"category": row.category, "edition": str(row.edition)}
    return named | ({"step": step} if kind_of_step(row, step) is OWN_STEP else {})
