"""Persons in charge of duties (报送责任人): named by the unit itself, or by the office."""

import datetime as dt
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from scoring.api.duties.readers import units_read
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.duty_persons import assignments_on_page
from scoring.queries.ledger import open_ledger
from scoring.queries.periods import hold_periods
from scoring.rules.duties.in_charge import (
    Assignment,
    InCharge,
    PersonsRefused,
    check_assignment,
)
from scoring.rules.duties.owed import duties_of
from scoring.rules.ledger.progress import cells_of
from scoring.rules.ledger.states import LedgerSealed, require_open
from scoring.tables.duties import DutyPersonRow

router = Router("/cycles/{cycle_id}/duty-persons", tags=["duties"])


class NewDutyPerson(Incoming):
    """Who is in charge from a day on of what a unit owes for an `indicator`; without one, for all
    that it owes. Persons are named as people know them."""

    unit: Code
    indicator: Code | None = None
    lead: Text
    deputy: Text
    from_day: dt.date


class DutyPerson(Outgoing):
    """Who was named to be in charge, by whom and when; of two from one day on the later counts."""

    assignment_id: UUID
    unit: str
    indicator: str | None
    lead: str
    deputy: str
    from_day: dt.date
    assigned_by: str
    assigned_at: dt.datetime


class NamedDutyPerson(Outgoing):
    """That somebody was named."""

    assignment_id: UUID
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(PersonsRefused, LedgerSealed, PeerDown, PeerMissing, PeerRefused),
)
async def name_duty_person(
    cycle_id: UUID, new: NewDutyPerson, db: Transaction, permit: Permit, ask: AskPeers
) -> NamedDutyPerson:
    """Name the person in charge of what a unit owes, and a deputy, from a day on.

    The unit itself does so, or the performance office. Nothing is overwritten: who was in charge
    before stays to be read.
    """
    caller = permit.caller
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    await open_ledger(db, cycle_id)
    held = await hold_periods(db, cycle_id)
    require_open(held.phase)
    permit.require(("own_unit",) if new.unit == caller.organisation else (), held.phase)
    today = local_day(held.moment, scheme.time_zone)
    owed = {(duty.unit, duty.indicator) for duty in duties_of(cells_of(scheme), scheme.duties)}
    people, last = InCharge(new.lead, new.deputy), dt.date(scheme.assessment_year + 1, 12, 31)
    named = Assignment(new.unit, new.indicator, new.from_day, people)
    check_assignment(named, owed, today, max(today, last))
    row = DutyPersonRow(
        cycle_id=cycle_id,
        assignment_id=uuid4(),
        **new.model_dump(),
        assigned_by=caller.subject,
        assigned_person=caller.person,
    )
    db.add(row)
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.duty-person-named",
        body={"assignment_id": str(row.assignment_id), **new.model_dump(mode="json")},
    )
    return NamedDutyPerson(assignment_id=row.assignment_id, receipt=receipt)


@router.get("", responses=documents(StoredDataAltered))
async def list_duty_persons(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query(description="Those of this unit.")] = None,
) -> Page[DutyPerson]:
    """List who was named to be in charge of what, as they came; a unit gets its own."""
    units = units_read(permit, unit)
    await require_intact(db, str(cycle_id), "duty_person")
    rows = await assignments_on_page(db, cycle_id, page, units)
    shown = [DutyPerson.model_validate(row, from_attributes=True) for row in rows]
    return Page[DutyPerson].of(shown, page.limit, lambda each: str(each.assignment_id))
