"""What targets and codes of other systems expect of a caller now (待办)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.tasks import Kind, Task, Tasks
from indicators.api.decompositions import decomposed_cycle, said_in
from indicators.api.letter_contents import standing_letters
from indicators.api.scheme_comments import heard_as
from indicators.api.target_versions import ORGANISER
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    awaiting_targets,
    comments_on,
    decomposition_version,
    find_cycle,
    jurisdiction_of,
    owned,
    scheme_in_force,
    settlements_of,
    target_settlements,
    today,
)
from indicators.rules.calendars import year_wanting
from indicators.rules.consultation import Heard, may_be_answered
from indicators.rules.deciders import may_decide, relations_of
from indicators.rules.letters import Letter, Side, Signer, may_be_signed
from indicators.rules.matters import may_be_settled
from indicators.rules.revision_requests import Decider, may_answer
from indicators.rules.scheme import Scheme
from indicators.rules.target_deadline import deadline_of
from indicators.rules.target_moves import (
    CONFIRMED,
    REQUESTED,
    Standing,
    Standings,
    may_be_decided,
    may_be_issued,
)
from indicators.rules.targets import Key
from indicators.tables import (
    CalendarRevisionRow,
    ConsultationRow,
    IndicatorMappingRow,
    UnitMappingRow,
)

router = Router("", tags=["tasks"])

_CYCLE = "/api/v1/cycles/{cycle_id}"
_HISTORY = f"{_CYCLE}/targets/history"

DECIDE = Kind(
    "decide-on-targets",
    f"POST {_CYCLE}/target-decisions",
    "审核单位申报的目标",
    "Decide on targets that units propose",
    _HISTORY,
)
CONFIRM = Kind(
    "confirm-targets",
    f"POST {_CYCLE}/target-confirmations",
    "复核目标的下达、调整或撤回",
    "Confirm targets that another person issued, revised or withdrew",
    _HISTORY,
)
ISSUE = Kind(
    "issue-targets",
    f"POST {_CYCLE}/targets",
    "下达已审核的目标",
    "Issue targets that were approved",
    _HISTORY,
)
PROPOSE = Kind(
    "propose-targets-again",
    f"POST {_CYCLE}/target-proposals",
    "重新申报被退回的目标",
    "Propose again the targets that were sent back",
    _HISTORY,
)
ANSWER = Kind(
    "decide-on-revision-requests",
    f"POST {_CYCLE}/target-revision-request-decisions",
    "答复单位的目标调整申请",
    "Decide on what units ask to revise of their targets",
    f"{_HISTORY}?state=revision_requested&state=revision_supported",
)
SETTLE = Kind(
    "confirm-settlements",
    f"POST {_CYCLE}/target-settlement-confirmations",
    "复核目标不一致的协调结果",
    "Confirm settlements of targets that differ",
    f"{_CYCLE}/target-conflicts",
)
ANNOUNCE = Kind(
    "announce-calendar",
    "POST /api/v1/calendars/{year}/announcement",
    "登记 {year} 年的节假日安排",
    "Record the holidays of {year} as they were announced",
    "/api/v1/calendars/{year}",
)
DRAW_UP = Kind(
    "draw-up-letters",
    f"POST {_CYCLE}/letters",
    "重新拟定已有变动的目标责任书",
    "Draw up again the responsibility letters that hold no longer",
    f"{_CYCLE}/letters?outdated=true",
)
SIGN = Kind(
    "sign-letters",
    f"POST {_CYCLE}/letter-signatures",
    "签署目标责任书",
    "Sign responsibility letters",
    f"{_CYCLE}/letters?outdated=false",
)
_MAPPINGS = "id-schemes/{id_scheme}"
OF_INDICATORS = Kind(
    "confirm-indicator-mappings",
    f"POST {_CYCLE}/{_MAPPINGS}/indicator-mappings/confirmation",
    "确认代码体系`{id_scheme}`的指标代码对照",
    "Confirm mappings of indicator codes of {id_scheme}",
    f"{_CYCLE}/{_MAPPINGS}/indicator-mappings?state=proposed",
)
OF_UNITS = Kind(
    "confirm-unit-mappings",
    f"POST /api/v1/{_MAPPINGS}/unit-mappings/confirmation",
    "确认代码体系`{id_scheme}`的单位代码对照",
    "Confirm mappings of unit codes of {id_scheme}",
    f"/api/v1/{_MAPPINGS}/unit-mappings?state=proposed",
)


FOLLOW = Kind(
    "follow-superior-scheme",
    f"POST {_CYCLE}/decomposition",
    "按上级方案的变动重新分解",
    "Decompose anew what the superior changed in its scheme",
    f"{_CYCLE}/decomposition",
)

_DRAFT = f"{_CYCLE}/scheme-versions/{{version}}"
COMMENT = Kind(
    "comment-on-draft",
    f"POST {_DRAFT}/comments",
    "对方案第 {version} 版草案提出意见",
    "Comment on draft {version} of the scheme",
    _DRAFT,
)
ANSWER_COMMENTS = Kind(
    "answer-comments",
    f"POST {_DRAFT}/comment-answers",
    "答复对方案第 {version} 版草案的意见",
    "Answer the comments on draft {version} of the scheme",
    f"{_DRAFT}/comments?answered=false",
)


@router.get(
    "/cycles/{cycle_id}/tasks/indicators",
    responses=documents(NoSuchCycle, StoredDataAltered),
)
async def list_target_tasks(cycle_id: UUID, db: Snapshot, permit: Permit) -> Tasks:
    """List what the caller is expected to decide, confirm, issue or propose of the targets of a
    cycle and of its mapped codes, what to say or answer of drafts of its scheme, what to decompose
    anew, and could now."""
    cycle = await find_cycle(db, cycle_id)
    place = {"cycle_id": str(cycle_id)}
    drafts = [*await _drafts(db, cycle_id, permit), *await _follow(db, cycle_id, permit)]
    try:
        scheme = (await scheme_in_force(db, cycle_id)).scheme
    except SchemeNotPublished:
        return Tasks(tasks=drafts)
    standings = await awaiting_targets(db, cycle_id, _awaited(permit))
    counts = Counter(_of_targets(standings, scheme, permit, cycle.phase))
    deadline = deadline_of(scheme)
    tasks = [
        kind.task(place, count=counts[kind.code], deadline=deadline)
        for kind in (DECIDE, ANSWER, CONFIRM, ISSUE, PROPOSE)
        if counts[kind.code]
    ]
    tasks += await _settlements(db, cycle_id, scheme, permit, cycle.phase)
    tasks += await _letters(db, cycle_id, scheme, permit, cycle.phase)
    return Tasks(tasks=drafts + tasks + await _mappings(db, permit, OF_INDICATORS, place))


@router.get("/tasks/indicators", responses=documents(StoredDataAltered))
async def list_unit_tasks(db: Snapshot, permit: Permit) -> Tasks:
    """List what the caller is expected to do outside any cycle and could now: confirm what codes of
    units mean, and from November on record the next year's holidays."""
    return Tasks(tasks=[*await _mappings(db, permit, OF_UNITS, {}), *await _calendar(db, permit)])


async def _drafts(db: AsyncSession, cycle_id: UUID, permit: Permission) -> list[Task]:
    """Return the drafts that the caller's unit is asked about and has said nothing of, or whose
    comments the caller could answer."""
    rows = select(ConsultationRow).filter_by(cycle_id=cycle_id).order_by(ConsultationRow.version)
    asked = [*await db.scalars(rows)]
    if not asked:
        return []
    said = dict[int, list[Heard]]()
    for comment, answer in await db.execute(comments_on(cycle_id, None, None)):
        said.setdefault(comment.version, []).append(heard_as(comment, answer))
    day = await today(db)
    tasks = (_of_draft(row, said.get(row.version, ()), permit, day) for row in asked)
    return [task for of_draft in tasks for task in of_draft]


async def _follow(db: AsyncSession, cycle_id: UUID, permit: Permission) -> list[Task]:
    """Return how many indicators of the superior's are others by now than were decomposed."""
    if jurisdiction_of(cycle_id) is None or not FOLLOW.allowed(permit):
        return []
    row = await decomposition_version(db, cycle_id)
    said = None if row is None else said_in(row)
    link = None if said is None else await decomposed_cycle(db, cycle_id, said, permit)
    count = len(link.drift) if link is not None and link.drift else 0
    return [FOLLOW.task({"cycle_id": str(cycle_id)}, count=count)] if count else []


def _of_draft(
    row: ConsultationRow, said: Sequence[Heard], permit: Permission, day: dt.date
) -> Iterator[Task]:
    place, about = {"cycle_id": str(row.cycle_id)}, {"version": str(row.version)}
    person, unit = permit.caller.person, permit.caller.organisation
    asked = unit is not None and day <= row.closes_on and COMMENT.allowed(permit, {"own_unit"})
    if asked and all(each.unit != unit for each in said):
        yield COMMENT.task(place, about, deadline=row.closes_on)
    count = sum(may_be_answered(each, person, unit) for each in said)
    if count and ANSWER_COMMENTS.allowed(permit):
        yield ANSWER_COMMENTS.task(place, about, count=count)


async def _calendar(db: AsyncSession, permit: Permission) -> list[Task]:
    """Return the calendar that is missing by the day on which holidays are announced."""
    if permit.caller.realm is not None or not ANNOUNCE.allowed(permit):
        return []
    day, row = await today(db), CalendarRevisionRow
    near = select(row.year).where(row.year.in_([day.year, day.year + 1])).distinct()
    year = year_wanting(day, frozenset(await db.scalars(near)))
    if year is None:
        return []
    told = {"year": str(year)}
    return [ANNOUNCE.task(told, told, deadline=dt.date(year - 1, 12, 31))]


def _awaited(permit: Permission) -> list[str] | None:
    """Return of which units targets can await the caller: of all, or of the own unit, which
    proposes them."""
    proposes = permit.of(PROPOSE.route).rows
    decides = any(permit.of(kind.route).rows for kind in (DECIDE, ANSWER, CONFIRM, ISSUE))
    if decides or any(row.relation != "own_unit" for row in proposes):
        return None
    own = permit.caller.organisation
    return [own] if own is not None and proposes else []


def _of_targets(
    standings: Standings, scheme: Scheme, permit: Permission, phase: str
) -> Iterator[str]:
    """Yield, for each target that awaits the caller, the kind of task."""
    caller = permit.caller
    for key, standing in standings.items():
        kind = _KINDS[standing.state]
        if kind is PROPOSE:
            is_own = key[0] == caller.organisation
            if PROPOSE.allowed(permit, {"own_unit"} if is_own else (), phase):
                yield PROPOSE.code
        elif kind is ANSWER:
            if _answers(key[0], standing, scheme, permit, phase):
                yield ANSWER.code
        elif _is_another(kind, key, standing, caller.person) and _decides(
            kind, key[0], scheme, permit, phase
        ):
            yield kind.code


_KINDS: Mapping[str, Kind] = {
    "returned": PROPOSE,
    "approved": ISSUE,
    "proposed": DECIDE,
    **dict.fromkeys(REQUESTED, ANSWER),
    **dict.fromkeys(CONFIRMED, CONFIRM),
}
"""What is to be done about a target that is in a state."""


def _answers(unit: str, standing: Standing, scheme: Scheme, permit: Permission, phase: str) -> bool:
    """Say whether the caller could take a unit's own request to revise a step further."""
    caller = permit.caller
    led = {ORGANISER} if unit in scheme.led_by(caller.organisation) else set[str]()
    relations = led | relations_of([unit], scheme, caller.organisation)
    decider = Decider(caller.person, caller.organisation, caller.roles)
    return ANSWER.allowed(permit, relations, phase) and may_answer(unit, standing, scheme, decider)


def _is_another(kind: Kind, key: Key, standing: Standing, person: str) -> bool:
    """Say whether a person is another than whose word awaits one."""
    if kind is ISSUE:
        return may_be_issued(standing, person)
    return may_be_decided(key, standing, person)


def _decides(kind: Kind, unit: str, scheme: Scheme, permit: Permission, phase: str) -> bool:
    """Say whether the caller decides about a unit, as the office or in its place."""
    caller = permit.caller
    relations = relations_of([unit], scheme, caller.organisation)
    return kind.allowed(permit, relations, phase) and may_decide(
        unit, scheme, caller.organisation, caller.roles
    )


async def _settlements(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, phase: str
) -> list[Task]:
    if not permit.of(SETTLE.route).rows:
        return []
    units = {unit for category in scheme.categories for unit in category.units}
    settlements = settlements_of(await target_settlements(db, cycle_id, units))
    count = sum(
        may_be_settled(matter, settlements, permit.caller.person)
        and _decides(SETTLE, matter[0], scheme, permit, phase)
        for matter in settlements
    )
    return [SETTLE.task({"cycle_id": str(cycle_id)}, count=count)] if count else []


async def _letters(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, phase: str
) -> list[Task]:
    """Return the letters that the caller could sign for a side, or draw up anew."""
    if not permit.of(SIGN.route).rows:
        return []
    units = {unit for category in scheme.categories for unit in category.units}
    if not permit.of(DRAW_UP.route).rows:
        units &= {permit.caller.organisation or ""}
    letters = await standing_letters(db, cycle_id, units)
    counts = Counter[str]()
    for unit, letter in letters.items():
        counts[SIGN.code] += _signs(unit, letter, scheme, permit, phase)
        counts[DRAW_UP.code] += letter.outdated and _decides(DRAW_UP, unit, scheme, permit, phase)
    place = {"cycle_id": str(cycle_id)}
    return [
        kind.task(place, count=counts[kind.code]) for kind in (DRAW_UP, SIGN) if counts[kind.code]
    ]


def _signs(unit: str, letter: Letter, scheme: Scheme, permit: Permission, phase: str) -> bool:
    """Say whether the caller could sign a letter for either side."""
    caller = permit.caller
    own = {"own_unit"} if unit == caller.organisation else set[str]()
    relations = own | relations_of([unit], scheme, caller.organisation)
    signer = Signer(caller.person, caller.organisation, caller.roles)
    return SIGN.allowed(permit, relations, phase) and any(
        may_be_signed(unit, side, letter, scheme, signer) for side in get_args(Side)
    )


async def _mappings(
    db: AsyncSession, permit: Permission, kind: Kind, place: Mapping[str, str]
) -> list[Task]:
    """Return the mappings that another person has proposed, by the id scheme of their codes."""
    if not kind.allowed(permit):
        return []
    row = IndicatorMappingRow if kind is OF_INDICATORS else UnitMappingRow
    proposed = select(row.id_scheme, row.proposed_person, func.count()).filter_by(
        state="proposed", **place
    )
    if kind is OF_UNITS:
        proposed = proposed.where(owned(UnitMappingRow, permit.caller.realm))
    grouped = proposed.group_by(row.id_scheme, row.proposed_person).order_by(row.id_scheme)
    counts = Counter[str]()
    for id_scheme, person, number in await db.execute(grouped):
        if not persons.is_same(person, permit.caller.person):
            counts[id_scheme] += number
    return [kind.task(place, {"id_scheme": each}, counts[each]) for each in counts]
