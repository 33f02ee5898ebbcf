"""Cycles (评估年度): one assessment year of one jurisdiction; all else belongs to one."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal, realms
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import kept_document, versions_of
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realm_rows import is_of
from chassis.refusals import Fault, Invalid
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Outgoing, Text
from indicators.api.jurisdictions import require_own_code
from indicators.queries import NoSuchCycle, find_cycle
from indicators.rules.codes import is_jurisdiction
from indicators.rules.jurisdictions import JurisdictionSucceeded
from indicators.rules.publication import CyclePhase
from indicators.tables import CycleRow, SchemePublicationRow

router = Router("/cycles", tags=["cycles"])


class NoSuchJurisdiction(Invalid):
    """The jurisdiction is no division code of GB/T 2260."""

    zh = "辖区不是 GB/T 2260 行政区划代码。"
    remedy = (
        "Send the six digits of the division, as GB/T 2260 lists it.",
        "请填写 GB/T 2260 中该行政区划的六位代码。",
    )


class OfAnotherJurisdiction(Invalid):
    """Cycles are begun for one's own jurisdiction alone."""

    zh = "只能为本辖区建立评估年度。"
    remedy = (
        "Send the code of the jurisdiction that the account is of.",
        "请填写账户所属辖区的代码。",
    )


AssessmentYear = Annotated[int, Field(ge=1949, le=2199)]


class NewCycle(Incoming):
    """An assessment year to begin, for the division with this six-digit code (GB/T 2260)."""

    name: Text
    jurisdiction: Annotated[str, Field(max_length=64)]
    assessment_year: AssessmentYear


class Cycle(Outgoing):
    """A cycle: open once a scheme is published; `scheme_version` is the one in force."""

    cycle_id: UUID
    name: str
    jurisdiction: str
    assessment_year: int
    phase: CyclePhase
    scheme_version: int | None
    created_at: dt.datetime


class BegunCycle(Cycle):
    """A cycle that has just been begun, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        NoSuchJurisdiction, OfAnotherJurisdiction, JurisdictionSucceeded, StoredDataAltered
    ),
)
async def begin_cycle(new: NewCycle, db: Transaction, permit: Permit) -> BegunCycle:
    """Begin a cycle. It is a draft without a scheme, and opens when the first one is published.

    An account of a jurisdiction begins cycles of that one alone, and nobody else reads them; where
    its code has changed, an account of the new one does.
    """
    own = permit.caller.realm
    if own is not None:
        await require_own_code(db, own)
    if own is not None and new.jurisdiction != own:
        raise OfAnotherJurisdiction(
            f"The account is of {own}.",
            f"账户属于 {own}。",
            faults=[Fault("/jurisdiction", "of-another", f"Send {own}.", f"应为 {own}。")],
        )
    if own is None and not is_jurisdiction(new.jurisdiction):
        raise NoSuchJurisdiction(
            f"{new.jurisdiction} is none.",
            f"{new.jurisdiction} 不是行政区划代码。",
            faults=[
                Fault(
                    "/jurisdiction",
                    "not-a-division",
                    "The six digits of a division are wanted, such as 430000, 430100 or 430102.",
                    "应为六位行政区划代码，如 430000、430100、430102。",
                )
            ],
        )

    row = CycleRow(cycle_id=realms.new_part(own), **new.model_dump())
    db.add(row)
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="cycle.begun",
        body={"cycle_id": str(row.cycle_id), **new.model_dump(mode="json")},
    )
    return BegunCycle(**dict(_shown(row, None)), receipt=receipt)


@router.get("")
async def list_cycles(
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    year: Annotated[
        list[AssessmentYear] | None,
        Query(max_length=20, description="Of one of these assessment years."),
    ] = None,
    jurisdiction: Annotated[Code | None, Query(description="Of this division.")] = None,
    phase: Annotated[CyclePhase | None, Query(description="In this phase.")] = None,
) -> Page[Cycle]:
    """Give the cycles, the latest assessment year first, of one year the latest begun first."""
    order = (CycleRow.assessment_year, CycleRow.created_at, CycleRow.cycle_id)
    query = select(CycleRow).order_by(*(each.desc() for each in order)).limit(page.limit + 1)
    query = query.where(is_of(CycleRow.cycle_id, permit.caller.realm))
    if (reached := permit.parts()) is not None:
        query = query.where(CycleRow.cycle_id.in_(reached))
    if year:
        query = query.where(CycleRow.assessment_year.in_(year))
    if jurisdiction is not None:
        query = query.where(CycleRow.jurisdiction == jurisdiction)
    if phase is not None:
        query = query.where(CycleRow.phase == phase)
    if page.after is not None:
        mine = is_of(CycleRow.cycle_id, permit.caller.realm)
        of_last = select(*order).where(mine, CycleRow.cycle_id == page.after_id)
        last = (await db.execute(of_last)).first()
        if last is None:
            raise page.no_such_place()
        query = query.where(tuple_(*order) < tuple_(*map(literal, last)))
    rows = (await db.scalars(query)).all()
    in_force = await _versions(db, [row.cycle_id for row in rows])
    return Page[Cycle].of(
        [_shown(row, in_force.get(row.cycle_id)) for row in rows],
        page.limit,
        lambda cycle: str(cycle.cycle_id),
    )


_OF_CYCLE = versions_of("cycle", "scheme_publication")


@router.get("/{cycle_id}", response_model=Cycle, responses=documents(NoSuchCycle))
async def read_cycle(cycle_id: UUID, request: Request, permit: Permit) -> Response:
    """Give one cycle."""

    async def build(db: AsyncSession) -> Cycle:
        row = await find_cycle(db, cycle_id)
        return _shown(row, (await _versions(db, [cycle_id])).get(cycle_id))

    return await kept_document(request, permit, cycle_id, _OF_CYCLE, cycle_id, build)


async def _versions(db: AsyncSession, cycles: list[UUID]) -> dict[UUID, int]:
    rows = await db.execute(
        select(SchemePublicationRow.cycle_id, func.max(SchemePublicationRow.version))
        .where(SchemePublicationRow.cycle_id.in_(cycles))
        .group_by(SchemePublicationRow.cycle_id)
    )
    return {cycle_id: version for cycle_id, version in rows}  # noqa: C416 - dict() takes no typed Row


def _shown(row: CycleRow, scheme_version: int | None) -> Cycle:
    return Cycle(
        cycle_id=row.cycle_id,
        name=row.name,
        jurisdiction=row.jurisdiction,
        assessment_year=row.assessment_year,
        phase=CyclePhase(row.phase),
        scheme_version=scheme_version,
        created_at=row.created_at,
    )
