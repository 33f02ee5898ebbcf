"""What re-checks and spot checks expect of a caller now: to fix lists, draw, name teams, check,
answer and decide."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import persons
from chassis.authorisation import Permission
from chassis.tasks import Task
from scoring.api.checks.blind import to_mark_again, waits
from scoring.api.checks.frauds import before_committee
from scoring.api.checks.keeping import scorers_of
from scoring.api.checks.second import OFFICE_ROLE
from scoring.api.checks.sheets import entries_checked
from scoring.api.ledger import task_kinds as kinds
from scoring.queries.check_findings import StoredFinding, findings_of, parts_in
from scoring.queries.checks import HeldCheck, held_checks
from scoring.queries.ledger import entry_rows
from scoring.rules.checks.findings import DISMISSED, UNDECIDED, may_decide
from scoring.rules.checks.fraud import ALLEGED, may_decide_fraud
from scoring.rules.checks.teams import TEAM, may_name
from scoring.rules.ledger.states import COUNTED, OPEN, SECOND_BODY
from scoring.rules.scheme.document import Scheme


async def check_tasks(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, permit: Permission, day: dt.date
) -> list[Task]:
    """Return what the caller is expected to do about the checks of an open ledger."""
    if not scheme.checks:
        return []
    held = await held_checks(db, cycle_id)
    drawn = {code: each for code, each in held.items() if each.draw is not None}
    found = await findings_of(db, cycle_id, None, None) if drawn else []
    place = {"cycle_id": str(cycle_id)}
    of_teams = await _to_check(db, drawn, found, permit, place)
    about = scheme, permit, day, place
    of_teams += _to_mark_again(drawn, found, scheme, permit, place)
    deciding = [each for each in found if decides(each.row.unit, scheme, permit)]
    entries = [each.row.entry_id for each in deciding if each.state in UNDECIDED]
    parts = await _barred(db, cycle_id, entries, scheme, permit) if entries else {}
    frauds = _of_frauds(held, found, *about)
    return [*_of_office(held, *about), *of_teams, *_to_move(held, found, parts, *about), *frauds]


async def _barred(
    db: AsyncSession,
    cycle_id: UUID,
    entries: Sequence[UUID],
    scheme: Scheme,
    permit: Permission,
) -> Mapping[UUID, Collection[str]]:
    """Return whom a part in each of these entries bars from deciding: the caller too where his unit
    scores by it."""
    parts, caller = await parts_in(db, cycle_id, entries), permit.caller
    rows = await entry_rows(db, cycle_id, entries) if caller.organisation else {}
    own = {each for each, row in rows.items() if caller.organisation in scorers_of(row, scheme)}
    return {each: {*had, caller.person} if each in own else had for each, had in parts.items()}


def _of_office(
    held: Mapping[str, HeldCheck],
    scheme: Scheme,
    permit: Permission,
    day: dt.date,
    place: Mapping[str, str],
) -> Iterator[Task]:
    """Yield what the office does: fix lists, name teams, draw."""
    if not kinds.FIX_LISTS.allowed(permit, (), OPEN):
        return
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
    yield from (*to_fix, *_to_name(held, scheme, permit, place), *to_draw)


def _to_mark_again(
    drawn: Mapping[str, HeldCheck],
    found: Sequence[StoredFinding],
    scheme: Scheme,
    permit: Permission,
    place: Mapping[str, str],
) -> Iterator[Task]:
    """Yield the units of which the caller marks entries a second time, and how many."""
    caller = permit.caller
    if OFFICE_ROLE in caller.roles or not kinds.MARK_AGAIN.allowed(permit, {TEAM}, OPEN):
        return
    for each in drawn.values():
        for unit, team in each.teams().items():
            known = [
                one
                for one in found
                if one.row.check_code == each.row.check_code and one.row.unit == unit
            ]
            again = to_mark_again(known, each, scheme, caller.person)
            if again and team.has(caller):
                about = _about(each) | {"unit": unit, "entries": str(len(again))}
                yield kinds.MARK_AGAIN.task(place, about)


async def _to_check(
    db: AsyncSession,
    drawn: Mapping[str, HeldCheck],
    found: Sequence[StoredFinding],
    permit: Permission,
    place: Mapping[str, str],
) -> list[Task]:
    """Return the units that the caller checks, and about which not all is found yet."""
    done = {each.row.entry_id for each in found if each.state != DISMISSED}
    tasks = list[Task]()
    for each in drawn.values() if kinds.CHECK_UNIT.allowed(permit, {TEAM}, OPEN) else ():
        for unit, team in each.teams().items():
            if not team.has(permit.caller):
                continue
            rows = await entry_rows(db, each.row.cycle_id, await entries_checked(db, each, unit))
            if any(id_ not in done and row.state in COUNTED for id_, row in rows.items()):
                tasks.append(kinds.CHECK_UNIT.task(place, {**_about(each), "unit": unit}))
    return tasks


def _to_move(
    held: Mapping[str, HeldCheck],
    found: Sequence[StoredFinding],
    parts: Mapping[UUID, Collection[str]],
    scheme: Scheme,
    permit: Permission,
    day: dt.date,
    place: Mapping[str, str],
) -> Iterator[Task]:
    """Yield the findings that the caller's unit may answer, and those that the caller decides."""
    own, person = permit.caller.organisation, permit.caller.person
    answers = own is not None and kinds.ANSWER_FINDING.allowed(permit, {"own_unit"}, OPEN)
    for each in found:
        row, about = each.row, _named(held, each)
        open_ = answers and each.standing.is_open_to(person, day)
        if open_ and row.unit == own:
            by = row.answer_by.isoformat()
            yield kinds.ANSWER_FINDING.task(place, about | {"answer_by": by})
        ready = not waits(each, found, held[row.check_code], scheme)
        had = parts.get(row.entry_id, ())
        if (
            ready
            and decides(row.unit, scheme, permit)
            and may_decide(each.standing, had, person, day)
        ):
            yield kinds.DECIDE_FINDING.task(place, about)


def _of_frauds(
    held: Mapping[str, HeldCheck],
    found: Sequence[StoredFinding],
    scheme: Scheme,
    permit: Permission,
    day: dt.date,
    place: Mapping[str, str],
) -> Iterator[Task]:
    """Yield what the caller decides as one of the committee, and what his unit may speak to."""
    put = [each for each in found if each.frauds]
    if kinds.DECIDE_ON_FRAUD.allowed(permit, (), OPEN):
        for each in before_committee(put, scheme, permit.caller):
            if may_decide_fraud(each.fraud_standing(), permit.caller.person, day):
                yield kinds.DECIDE_ON_FRAUD.task(place, _named(held, each))
    if kinds.STATE_ON_FRAUD.allowed(permit, {"own_unit"}, OPEN):
        yield from _to_state(held, put, permit.caller.organisation, day, place)


def _to_state(
    held: Mapping[str, HeldCheck],
    put: Sequence[StoredFinding],
    own: str | None,
    day: dt.date,
    place: Mapping[str, str],
) -> Iterator[Task]:
    """Yield what is put forward as fraud about a unit, and it may still make its statement to."""
    for each in put:
        last = each.fraud_standing()
        if each.row.unit == own and last.state == ALLEGED and day <= last.heard_by:
            about = _named(held, each) | {"heard_by": last.heard_by.isoformat()}
            yield kinds.STATE_ON_FRAUD.task(place, about)


def _named(held: Mapping[str, HeldCheck], each: StoredFinding) -> dict[str, str]:
    row = each.row
    told = {"finding_id": str(row.finding_id), "unit": row.unit}
    return _about(held[row.check_code]) | told


def decides(unit: str, scheme: Scheme, permit: Permission) -> bool:
    """Say whether findings about a unit are the caller's to decide: the office's, or those of the
    second body that the scheme names."""
    own, body = permit.caller.organisation, scheme.second_body_of(unit)
    relations = {SECOND_BODY} if body is not None and own == body else set[str]()
    allowed = kinds.DECIDE_FINDING.allowed(permit, relations, OPEN)
    return allowed and (body is None or own == body) and may_name([unit], scheme, own)


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
