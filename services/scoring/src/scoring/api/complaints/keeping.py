"""Complaints and their moves as they are stored: new rows, and nothing changed."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.followers import drawn_reference
from chassis.identity import Caller
from chassis.journal import Receipt
from scoring.queries.complaints import StoredComplaint
from scoring.rules.complaints.after import ThenStands
from scoring.rules.complaints.standing import ComplaintActor, Spoken
from scoring.rules.complaints.states import ABOUT, ACCEPT, ASSIGN, RAISE, RAISED, RETURN
from scoring.rules.ledger.states import SECOND_BODY
from scoring.rules.scheme.document import Scheme
from scoring.tables.complaints import ComplaintMoveRow, ComplaintRow, ComplaintUnitRow

HELD_COMPLAINTS = "complaints"
"""The word by which commands about complaints wait for one another."""


def acting(
    found: StoredComplaint, scheme: Scheme, caller: Caller, by: Collection[str]
) -> ComplaintActor:
    """Return a caller as who makes a move of a complaint; another body decides about the office,
    and about units that it is barred from."""
    units = {*found.about, *(each.unit for each in found.handlers)}
    bodies = {scheme.second_body_of(each) for each in units} - {None}
    if found.row.about_office and scheme.complaints is not None:
        bodies = {scheme.complaints.body}
    stands_in = SECOND_BODY in caller.roles
    decides = caller.organisation in bodies if stands_in else not bodies
    return ComplaintActor(caller.person, caller.organisation, by, decides)


async def add_complaint(
    db: AsyncSession, cycle_id: UUID, caller: Caller, moment: dt.datetime, **said: object
) -> ComplaintRow:
    """Add a complaint as it is raised."""
    row = ComplaintRow(
        cycle_id=cycle_id,
        complaint_id=uuid4(),
        reference=drawn_reference(),
        author=caller.subject,
        author_person=caller.person,
        raised_at=moment,
        **said,
    )
    db.add(row)
    await db.flush()
    db.add(
        ComplaintMoveRow(
            cycle_id=cycle_id,
            complaint_id=row.complaint_id,
            step=1,
            move=RAISE,
            state=RAISED,
            kind=row.kind,
            late=False,
            assigned=0,
            classified=0,
            actor=caller.subject,
            person=caller.person,
            unit=caller.organisation,
            entered_at=moment,
        )
    )
    await db.flush()
    return row


async def add_complaint_move(
    db: AsyncSession,
    found: StoredComplaint,
    said: Spoken,
    then: ThenStands,
    caller: Caller,
    moment: dt.datetime,
) -> ComplaintMoveRow:
    """Add a move of a complaint, and how it stands after it."""
    last = found.moves[-1]
    key = {"cycle_id": last.cycle_id, "complaint_id": last.complaint_id, "step": last.step + 1}
    step = last.step + 1
    assigned = {ASSIGN: step, RETURN: 0}.get(said.move, last.assigned)
    row = ComplaintMoveRow(
        **key,
        move=said.move,
        state=then.state,
        kind=then.kind,
        due=then.due,
        late=then.late,
        assigned=assigned,
        classified=step if said.move == ACCEPT else last.classified,
        word=said.word,
        first=said.first,
        text=said.text,
        actor=caller.subject,
        person=caller.person,
        unit=caller.organisation,
        entered_at=moment,
    )
    db.add(row)
    await db.flush()
    named = [(each, ABOUT) for each in said.about] + [(e.unit, e.role) for e in said.units]
    db.add_all(ComplaintUnitRow(**key, unit=unit, role=role) for unit, role in named)
    await db.flush()
    return row


async def record_move(
    db: AsyncSession,
    found: StoredComplaint,
    row: ComplaintMoveRow,
    units: Collection[str],
    by: Caller,
) -> Receipt | None:
    """Record that a complaint was moved: what it says the journal does not hold, and of one that is
    about the office only who audits is told."""
    apart = found.row.about_office
    body = {"complaint_id": str(row.complaint_id), "move": row.move, "state": row.state}
    event = "scoring.complaint-about-office" if apart else "scoring.complaint-moved"
    told = body if apart else body | {"units": dict.fromkeys(units, 1)}
    return await journal.record(db, chain=str(row.cycle_id), caller=by, event=event, body=told)
