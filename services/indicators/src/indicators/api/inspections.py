"""The calendar of inspections (督查检查考核计划): who inspects whom, when, and what for."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, OneOf, Outgoing, Text
from indicators.api.readers import reader_of
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    inspections_of,
    jurisdiction_of,
    scheme_in_force,
    today,
    unit_kinds,
)
from indicators.rules.inspections import KINDS, Inspection, InspectionsFaulty, check_inspections
from indicators.tables import InspectionRow

router = Router("/cycles/{cycle_id}/inspections", tags=["inspections"])

Kind = Annotated[str, OneOf(*KINDS)]


class NewInspection(Incoming):
    """An inspection, or what it is from now on: who inspects which units, from which day to which,
    and what for: `indicators` of theirs, a special `priority` of the scheme, or, where a law or an
    emergency asks for it, its `basis`. `cancelled_because` says why it does not take place."""

    inspection: Code
    name: Text
    kind: Kind
    body: Code
    units: list[Code] = Field(min_length=1, max_length=500)
    starts_on: dt.date
    ends_on: dt.date
    indicators: list[Code] = Field(default=[], max_length=200)
    priority: Code | None = None
    basis: Text | None = None
    cancelled_because: Text | None = None

    def exact(self) -> Inspection:
        """Return the inspection as the rules know it."""
        return Inspection(
            self.inspection,
            self.kind,
            self.body,
            self.units,
            self.starts_on,
            self.ends_on,
            self.indicators,
            self.priority,
            self.basis,
            self.cancelled_because is not None,
        )


class NewInspections(IncomingBatch):
    """A batch of inspections."""

    ROWS: ClassVar = "inspections"

    inspections: list[NewInspection] = Field(min_length=1, max_length=200)


class InspectionOutcome(RowOutcome):
    """What became of an inspection."""


class InspectionsSet(BatchOutcome):
    """What became of a batch of inspections, row by row in its order."""

    rows: list[InspectionOutcome]


class InspectionVersion(Outgoing):
    """An inspection as it was said last. A unit that is inspected reads itself alone in `units`."""

    inspection: str
    version: int
    name: str
    kind: Kind
    body: str
    units: list[str]
    starts_on: dt.date
    ends_on: dt.date
    indicators: list[str]
    priority: str | None
    basis: str | None
    cancelled_because: str | None
    set_at: dt.datetime


class Inspections(Outgoing):
    """The inspections that the caller may know of, by the day on which they begin."""

    cycle_id: UUID
    inspections: list[InspectionVersion]


@router.post(
    "",
    status_code=201,
    responses=documents(InspectionsFaulty, NoSuchCycle, SchemeNotPublished, StoredDataAltered),
)
async def set_inspections(
    cycle_id: UUID, new: NewInspections, db: Transaction, permit: Permit, rows: Rows
) -> InspectionsSet:
    """Register inspections, or change or cancel those with the same code.

    Each rests on an indicator of every unit or on a special priority, and no unit has more of them
    than the scheme allows; what a law or an emergency asks for is registered with its basis beside
    these limits. One that has begun is neither moved nor called off, nor goes to fewer units. What
    stands just so is `unchanged`.
    """
    await find_cycle(db, cycle_id, alone=True)
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    latest, caller = await inspections_of(db, cycle_id), permit.caller
    known = {code: _read(row).exact() for code, row in latest.items()}
    registered, day = await unit_kinds(db, jurisdiction_of(cycle_id)), await today(db)

    async def keep(batch: NewInspections) -> Receipt | None:
        check_inspections([e.exact() for e in batch.inspections], known, scheme, registered, day)
        by = {"set_by": caller.subject, "set_by_person": caller.person}
        stored = [{**_stored(each, latest), "cycle_id": cycle_id} for each in batch.inspections]
        await db.execute(insert(InspectionRow), [each | by for each in stored])
        return await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event="inspections.set",
            body={"inspections": [each.inspection for each in batch.inspections]},
        )

    there = [n for n, each in enumerate(new.inspections) if _stands(each, latest)]
    receipt = await rows.keep(rows.besides(new, there), keep)
    return InspectionsSet(receipt=receipt, **rows.told(InspectionOutcome))


@router.get("", response_model=Inspections, responses=documents(NoSuchCycle, StoredDataAltered))
async def list_inspections(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    kind: Annotated[Kind | None, Query(description="Of this kind.")] = None,
) -> Response:
    """Give the calendar of inspections.

    A unit reads those of itself and those that it makes; of an unannounced one it hears the day
    after it is over.
    """
    await find_cycle(db, cycle_id)
    own, day = reader_of(permit), await today(db)
    found = (_told(row, own, day) for row in (await inspections_of(db, cycle_id)).values())
    told = [
        each for each in found if each and unit in (None, *each.units) and kind in (None, each.kind)
    ]
    told.sort(key=lambda each: (each.starts_on, each.inspection))
    return document(Inspections(cycle_id=cycle_id, inspections=told), request)


async def inspections_read(
    db: AsyncSession, cycle_id: UUID, own: str | None, day: dt.date
) -> list[Inspection]:
    """Return the inspections that a unit may know of on a day, or all (None)."""
    found = (_told(row, own, day) for row in (await inspections_of(db, cycle_id)).values())
    told = (each for each in found if each is not None)
    return [NewInspection.model_validate(_said(each)).exact() for each in told]


def _said(told: InspectionVersion) -> dict[str, Any]:
    return told.model_dump(include={*NewInspection.model_fields})


def _told(row: InspectionRow, own: str | None, day: dt.date) -> InspectionVersion | None:
    """Return an inspection as a unit reads it, or as the office does (None); None where the reader
    is not to know of it."""
    said = _read(row)
    if own not in (None, said.body):
        if own not in said.units or not said.exact().is_told(day):
            return None
        said = said.model_copy(update={"units": [own]})
    return InspectionVersion(**said.model_dump(), version=row.version, set_at=row.set_at)


def _read(row: InspectionRow) -> NewInspection:
    return NewInspection.model_validate(row.content)


def _stored(new: NewInspection, latest: Mapping[str, InspectionRow]) -> dict[str, Any]:
    before = latest.get(new.inspection)
    return {
        "inspection": new.inspection,
        "version": 1 if before is None else before.version + 1,
        "content": new.model_dump(mode="json"),
    }


def _stands(new: NewInspection, latest: Mapping[str, InspectionRow]) -> bool:
    before = latest.get(new.inspection)
    return before is not None and before.content == new.model_dump(mode="json")
