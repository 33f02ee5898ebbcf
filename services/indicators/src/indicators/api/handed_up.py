"""What is handed up (上报): who answers for the points by which the superior assesses us."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.kept import document
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realms import realm_of
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing
from indicators.api.decompositions import (
    DecomposedIndicator,
    Name,
    NewDecomposition,
    NoDecomposition,
    VersionNumber,
    said_in,
)
from indicators.api.superior_cycles import SuperiorScheme, superior_scheme
from indicators.queries import (
    NoSuchCycle,
    decomposition_version,
    find_cycle,
    handing_up,
    jurisdiction_of,
    legal_names,
)
from indicators.rules.decomposition import LEAD, SUPPORT
from indicators.rules.scheme import TIME_ZONE
from indicators.rules.superior_schemes import NotHandedUp, check_handing_up, drift_of
from indicators.tables import DecompositionRow, HandingUpRow

router = Router("/cycles/{cycle_id}", tags=["decomposition"])


class NothingHandedUp(Missing):
    """This unit has handed nothing up."""

    zh = "该单位没有上报内容。"
    remedy = (
        "Look the unit up in the list of what was handed up.",
        "请在上报清单中查对单位代码。",
    )


class NewHandingUp(Incoming):
    """The version of the decomposition to hand up, and the document by which it is."""

    version: VersionNumber
    document_no: Name
    document_date: dt.date


class DecompositionHandedUp(Outgoing):
    """The version that was handed up, as which unit of the superior's, and the receipt of the
    journal."""

    version: int
    superior_cycle: UUID
    unit: str
    receipt: Receipt | None


class HandedUp(Outgoing):
    """What one of the superior's units handed up last: of which jurisdiction's cycle, and by which
    document; the `scheme_version` is that of the superior's which was in force then."""

    unit: str
    jurisdiction: str
    inferior_cycle: UUID
    version: int
    scheme_version: int
    document_no: str
    document_date: dt.date
    handed_up_at: dt.datetime


class HandedUpShare(Outgoing):
    """The points of an indicator that a unit below answers for, by its name on the day on which it
    was handed up."""

    indicator: str
    unit: str
    unit_name: str
    role: Annotated[str, OneOf(LEAD, SUPPORT)]
    points: Exact


class HandedUpDecomposition(HandedUp):
    """Who answers below for which of the superior's points; no contacts are handed up."""

    points: Exact
    indicators: list[DecomposedIndicator]
    shares: list[HandedUpShare]


@router.post(
    "/decomposition/handing-up",
    status_code=201,
    responses=documents(NotHandedUp, NoDecomposition, NoSuchCycle, StoredDataAltered),
)
async def hand_up_decomposition(
    cycle_id: UUID, new: NewHandingUp, db: Transaction, permit: Permit
) -> DecompositionHandedUp:
    """Hand the latest version of the decomposition up to the superior whose cycle it is of.

    From then on the superior's roles read who answers for its points. It is not taken back: another
    version that is handed up stands in its place.
    """
    await find_cycle(db, cycle_id, alone=True)
    row = await decomposition_version(db, cycle_id)
    if row is None:
        raise NoDecomposition("There is none.", "没有。")
    said = said_in(row)
    theirs = await _superiors(db, cycle_id, said)
    drift = drift_of(said.exact(), theirs.asked) if theirs else ()
    check_handing_up(
        new.version,
        row.version,
        is_linked=said.superior_cycle is not None,
        stands=theirs is not None and not drift,
        is_handed_up=await handing_up(db, cycle_id, row.version) is not None,
    )
    assert theirs is not None  # noqa: S101 - else it does not stand
    db.add(
        HandingUpRow(
            cycle_id=cycle_id,
            handed_up_by=permit.caller.subject,
            handed_up_person=permit.caller.person,
            scheme_version=theirs.version,
            superior_cycle=theirs.cycle.cycle_id,
            unit=theirs.unit,
            **new.model_dump(),
        )
    )
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="decomposition.handed-up",
        body={
            **new.model_dump(mode="json"),
            "superior_cycle": str(theirs.cycle.cycle_id),
            "unit": theirs.unit,
            "digest": journal.sha256(row.content),
        },
    )
    return DecompositionHandedUp(
        version=row.version,
        superior_cycle=theirs.cycle.cycle_id,
        unit=theirs.unit,
        receipt=receipt,
    )


async def _superiors(
    db: AsyncSession, cycle_id: UUID, said: NewDecomposition
) -> SuperiorScheme | None:
    link = said.superior_cycle
    if link is None:
        return None
    return await superior_scheme(db, jurisdiction_of(cycle_id), link.cycle_id)


@router.get("/handed-up", responses=documents(NoSuchCycle, StoredDataAltered))
async def list_handed_up(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[HandedUp]:
    """Give what units of the cycle that are jurisdictions below have handed up, of each the last,
    in the order of their codes."""
    await find_cycle(db, cycle_id)
    query = _last_of_each(cycle_id).where(HandingUpRow.unit > page.after_code)
    rows = (await db.scalars(query.limit(page.limit + 1))).all()
    for row in rows:
        await _require_intact(db, row)
    return Page[HandedUp].of([_shown(row) for row in rows], page.limit, lambda each: each.unit)


@router.get(
    "/handed-up/{unit}",
    response_model=HandedUpDecomposition,
    responses=documents(NothingHandedUp, NoSuchCycle, StoredDataAltered),
)
async def read_handed_up(
    cycle_id: UUID, unit: Code, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give who answers for the points of a unit in the jurisdiction below that it is, as that
    handed it up last."""
    await find_cycle(db, cycle_id)
    row = await db.scalar(_last_of_each(cycle_id).where(HandingUpRow.unit == unit))
    found = None if row is None else await decomposition_version(db, row.cycle_id, row.version)
    if row is None or found is None:
        raise NothingHandedUp(f"{unit} has handed nothing up.", f"{unit} 没有上报内容。")
    await _require_intact(db, row)
    return document(await _as_handed_up(db, row, found), request)


def _last_of_each(cycle_id: UUID) -> Select[HandingUpRow]:
    """Ask for what each unit handed up last to a cycle."""
    row = HandingUpRow
    query = select(row).where(row.superior_cycle == cycle_id).ext(distinct_on(row.unit))
    return query.order_by(row.unit, row.handed_up_at.desc(), row.cycle_id)


async def _require_intact(db: AsyncSession, row: HandingUpRow) -> None:
    await require_intact(db, str(row.cycle_id), "handing_up", records=[row.record])


def _shown(row: HandingUpRow) -> HandedUp:
    return HandedUp(
        unit=row.unit,
        jurisdiction=realm_of(row.cycle_id) or "",
        inferior_cycle=row.cycle_id,
        version=row.version,
        scheme_version=row.scheme_version,
        document_no=row.document_no,
        document_date=row.document_date,
        handed_up_at=row.handed_up_at,
    )


async def _as_handed_up(
    db: AsyncSession, row: HandingUpRow, version: DecompositionRow
) -> HandedUpDecomposition:
    given = said_in(version).exact()
    units = {each.unit for each in given.shares}
    day = local_day(row.handed_up_at, TIME_ZONE)
    names = await legal_names(db, jurisdiction_of(row.cycle_id), units, day)
    return HandedUpDecomposition(
        **dict(_shown(row)),
        points=given.points,
        indicators=[DecomposedIndicator.model_validate(each) for each in given.indicators],
        shares=[
            HandedUpShare(
                indicator=each.indicator,
                unit=each.unit,
                unit_name=names[each.unit],
                role=each.role,
                points=each.points,
            )
            for each in given.shares
        ],
    )
