"""What the year asks of each unit (基层负担), for who wants to ask for less."""

from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Outgoing
from indicators.api.inspections import inspections_read
from indicators.api.readers import reader_of
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    VersionNotCompiled,
    find_compiled,
    find_cycle,
    scheme_in_force,
    today,
)
from indicators.rules.burden import asked_by, burdens

router = Router("/cycles/{cycle_id}/burden", tags=["inspections"])

Count = Annotated[int, Field(ge=0)]


class UnitBurden(Outgoing):
    """What the year asks of a unit: fields to fill in and files to add for the indicators that it
    reports, and how often, on how many days, it is inspected."""

    unit: str
    fields: Count
    uploads: Count
    indicators: Count
    inspections: Count
    days: Count


class IndicatorBurden(Outgoing):
    """What an indicator asks of a unit that reports it: about how many units, how many times a
    year (0 where it is by events), and how many fields and uploads that comes to."""

    unit: str
    indicator: str
    about: Count
    times: Count
    fields: Count
    uploads: Count


class BurdenReport(Outgoing):
    """What the scheme in force asks of units; who bears most is first of `units`."""

    cycle_id: UUID
    version: int
    units: list[UnitBurden]
    indicators: list[IndicatorBurden]


@router.get(
    "",
    response_model=BurdenReport,
    responses=documents(NoSuchCycle, SchemeNotPublished, VersionNotCompiled, StoredDataAltered),
)
async def read_burden(cycle_id: UUID, request: Request, db: Snapshot, permit: Permit) -> Response:
    """Give what the scheme asks of each unit before anything has happened: fields, uploads, and
    inspections that it may know of; a unit reads its own."""
    await find_cycle(db, cycle_id)
    row = await scheme_in_force(db, cycle_id)
    own = reader_of(permit)
    asked = asked_by(row.scheme, (await find_compiled(db, row)).compiled)
    known = await inspections_read(db, cycle_id, own, await today(db))
    asked = [each for each in asked if own in (None, each.unit)]
    told = [each for each in burdens(asked, known) if own in (None, each.unit)]
    return document(
        BurdenReport(
            cycle_id=cycle_id,
            version=row.version,
            units=[UnitBurden.model_validate(each) for each in told],
            indicators=[IndicatorBurden.model_validate(each) for each in asked],
        ),
        request,
    )
