"""Who reads linked results, why, and what they come to: each reading is on record before it is
answered."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import idempotency, journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, commit, once
from chassis.journal import Receipt
from chassis.modes import CHECK, Mode
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.sealing import SealingKeys
from chassis.stored import require_intact
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from ranking.api.linked import PEERS
from ranking.api.linked_stored import (
    Sealed,
    StoredResult,
    as_result,
    linked_policy,
    opened,
    results_of,
)
from ranking.peers import AskPeers
from ranking.queries import after_number, hold_cycle, newest_release, next_number, today
from ranking.rules import linked as rules
from ranking.rules.interest import category_units
from ranking.rules.linked import Assessment, LinkedState, NothingLinked
from ranking.rules.scheme import Scheme
from ranking.tables import LinkedReadingRow, ReleaseRow

router = Router(prefix="/cycles/{cycle_id}", tags=["linked results"])

PERSONNEL = "personnel_system"
"""The role that reads what results come to together."""


class NewLinkedReading(Incoming):
    """Of which unit somebody reads the results of team and people, and why."""

    unit: Code
    reason: Text


class ReadResult(Outgoing):
    """A result with its document; of one that waits to be typed again nothing else is told, and of
    a person whose time is over neither name nor grade. `corrected_by` is what took its place."""

    result_id: UUID
    kind: Assessment
    state: LinkedState
    person_code: str | None
    name: str | None
    score: Exact | None
    grade: str | None
    issuer: str | None
    document_no: str | None
    document_day: dt.date | None
    document_digest: str | None
    corrects: UUID | None
    corrected_by: UUID | None
    reason: str | None


class LinkedTeam(Outgoing):
    """What a team comes to: `capped_by` is what took the grade below what its mean reaches,
    `missing` the parts without which there is no mean."""

    mean: Exact | None
    grade: str | None
    capped_by: list[str]
    missing: list[str]


class LinkedPerson(Outgoing):
    """What a person comes to: the worst grade that an assessment gave; `missing` gave none."""

    person_code: str
    name: str | None
    grade: str | None
    missing: list[str]


class LinkedTogether(Outgoing):
    """What results come to together, beside the unit's grade in its newest public release.

    `most_first` is how many people may have the first grade, `first` how many have it: who gives it
    back is decided by people.
    """

    release: int | None
    unit_grade: str | None
    team: LinkedTeam
    people: list[LinkedPerson]
    first: int
    most_first: int | None


class LinkedReading(Outgoing):
    """The results of a unit's team and people, and what they come to where the caller reads all of
    them. They are shown this once: a repeated request is answered with nulls."""

    unit: str
    number: int
    results: list[ReadResult] | None
    together: LinkedTogether | None
    receipt: Receipt | None


class LoggedReading(Outgoing):
    """Who read which results of a unit, when and why; `combined` where it was what they come to
    together."""

    number: int
    unit: str
    kinds: list[Assessment]
    combined: bool
    results: list[UUID]
    reason: str
    subject: str
    organisation: str | None
    read_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Found:
    """What one reading shows."""

    scheme: Scheme
    kinds: Sequence[Assessment]
    results: Sequence[StoredResult]
    sealed: Mapping[UUID, Sealed]
    release: ReleaseRow | None


@router.post(
    "/linked-readings",
    status_code=201,
    response_model=LinkedReading,
    responses=documents(NothingLinked, *PEERS),
)
async def read_linked_results(
    cycle_id: UUID,
    new: NewLinkedReading,
    request: Request,
    permit: Permit,
    ask: AskPeers,
    _: idempotency.DeclaredKey = None,
    mode: Mode = "all",
) -> Response:
    """Read the linked results of a unit: the personnel system what they come to together, a body
    those that it enters.

    Nothing is answered unless the reading is on record. A reading that is only checked shows
    nothing.
    """
    key = None if mode == CHECK else await idempotency.key_of(request, permit.caller)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    kinds, combined = _readable(scheme, new.unit, permit)
    async with once(request.app.state.sessions, key) as db:
        await hold_cycle(db, cycle_id)
        found = await _find(db, cycle_id, new.unit, scheme, kinds, request.app.state.linked_keys)
        row = await _log(db, cycle_id, new, found, permit, combined=combined)
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=permit.caller,
            event="ranking.linked-results-read",
            body={"number": row.number},
        )
        named = {"unit": new.unit, "number": row.number, "receipt": receipt}
        made = LinkedReading(**named, results=None, together=None)
        answer = _given(made)
        await commit(db, key, answer)
    if key is None:
        return answer
    told = {
        "results": [_told(each, found.sealed) for each in found.results],
        "together": _together(found, new.unit) if combined else None,
    }
    return _given(made.model_copy(update=told))


def _readable(scheme: Scheme, unit: str, permit: Permission) -> tuple[list[Assessment], bool]:
    """Return which assessments of a unit the caller reads, and whether what they come to; refuse
    whoever reads none."""
    policy, caller = linked_policy(scheme), permit.caller
    own = policy.kinds_of(caller.organisation, category_units(scheme, unit))
    permit.require({"responsible"} if own else ())
    if PERSONNEL in caller.roles:
        return [each.kind for each in policy.assessments], True
    return own, False


async def _find(
    db: AsyncSession,
    cycle_id: UUID,
    unit: str,
    scheme: Scheme,
    kinds: Sequence[Assessment],
    keys: SealingKeys,
) -> _Found:
    policy, day = linked_policy(scheme), await today(db, scheme.time_zone)
    results = [e for e in await results_of(db, cycle_id, unit) if e.row.kind in kinds]
    sealed = dict[UUID, Sealed]()
    for each in results:
        if (open_ := await opened(keys, each, policy, scheme, day)) is not None:
            sealed[each.row.result_id] = open_
    category = scheme.category_of(unit)
    release = await newest_release(db, cycle_id, category.code) if category else None
    return _Found(scheme, kinds, results, sealed, release)


async def _log(
    db: AsyncSession,
    cycle_id: UUID,
    new: NewLinkedReading,
    found: _Found,
    permit: Permission,
    *,
    combined: bool,
) -> LinkedReadingRow:
    """Note who reads what; that it was read is committed before it is answered."""
    row = LinkedReadingRow(
        cycle_id=cycle_id,
        number=await next_number(db, LinkedReadingRow.number, cycle_id),
        unit=new.unit,
        kinds=[*found.kinds],
        combined=combined,
        results=[str(each.row.result_id) for each in found.results],
        reason=new.reason,
        subject=permit.caller.subject,
        person=permit.caller.person,
        organisation=permit.caller.organisation,
    )
    db.add(row)
    await db.flush()
    return row


def _told(each: StoredResult, sealed: Mapping[UUID, Sealed]) -> ReadResult:
    row, is_typed = each.row, each.state == "confirmed"
    own = sealed.get(row.result_id) if is_typed else None
    document = ("issuer", "document_no", "document_day", "document_digest", "reason", "score")
    return ReadResult(
        result_id=row.result_id,
        kind=row.kind,
        state=each.state,
        person_code=row.person_code,
        name=own and own.name,
        grade=own and own.grade,
        corrects=row.corrects,
        corrected_by=each.corrected_by,
        **{name: getattr(row, name) if is_typed else None for name in document},
    )


def _together(found: _Found, unit: str) -> LinkedTogether:
    """Return what results come to beside what was released of the unit."""
    line = _released(found.release, unit)
    vetoes = {each["code"] for each in line.get("vetoes") or () if each["scope"] != "title"}
    held = [as_result(each, found.sealed.get(each.row.result_id)) for each in found.results]
    results = [each for each in held if each is not None]
    grade = line.get("grade")
    made = rules.linked(linked_policy(found.scheme), grade, vetoes, results)
    names = _names(found)
    return LinkedTogether(
        release=found.release and found.release.release,
        unit_grade=grade,
        team=LinkedTeam.model_validate(made.team),
        people=[_person(each, names.get(each.person)) for each in made.people],
        first=made.first,
        most_first=made.most_first,
    )


def _released(release: ReleaseRow | None, unit: str) -> Mapping[str, Any]:
    """Return the line of a unit in a release; nothing where there is none."""
    units = release.document["units"] if release else ()
    return next((each for each in units if each["unit"] == unit), {})


def _names(found: _Found) -> dict[str | None, str]:
    kept = [each.row for each in found.results if each.holds]
    sealed = found.sealed
    return {r.person_code: sealed[r.result_id].name for r in kept if r.result_id in sealed}


def _person(each: rules.PersonResult, name: str | None) -> LinkedPerson:
    missing = [*each.missing]
    return LinkedPerson(person_code=each.person, name=name, grade=each.grade, missing=missing)


def _given(made: LinkedReading) -> Response:
    """Return an answer with what it shows, or the one without: nobody on the way keeps it."""
    body = made.model_dump_json().encode()
    headers = {"Cache-Control": "no-store"}
    return Response(body, 201, headers, media_type="application/json")


@router.get("/linked-readings", responses=documents(*PEERS))
async def list_linked_readings(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
) -> Page[LoggedReading]:
    """Give who read linked results of a cycle, in the order in which they did."""
    of = LinkedReadingRow
    query = select(of).where(of.cycle_id == cycle_id, of.number > after_number(page))
    query = query if unit is None else query.where(of.unit == unit)
    rows = (await db.scalars(query.order_by(of.number).limit(page.limit + 1))).all()
    await require_intact(db, str(cycle_id), "linked_reading")
    found = [LoggedReading.model_validate(each) for each in rows]
    return Page.of(found, page.limit, lambda one: str(one.number))
