"""Lists of complaints by unit, kind and state, and each with its moves."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code
from scoring.api.complaints.documents import (
    PEERS,
    Complaint,
    ComplaintHistory,
    ComplaintKind,
    ComplaintState,
    complaint_reach,
    history,
    setting_of,
    shown,
)
from scoring.peers import AskPeers
from scoring.queries.complaints import (
    ComplaintReach,
    ComplaintsAsked,
    complaints_on_page,
    find_complaint,
    require_true_complaints,
    written_events,
)
from scoring.queries.ledger import now
from scoring.rules.complaints.refusals import NoComplaintsHere, NoSuchComplaint
from scoring.rules.complaints.states import COMPLAINT_STATES
from scoring.rules.duties.owed import years_of

router = Router("/cycles/{cycle_id}/complaints", tags=["complaints"])


@router.get("", responses=documents(NoComplaintsHere, StoredDataAltered, *PEERS))
async def list_complaints(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Given to this unit.")] = None,
    kind: Annotated[ComplaintKind | None, Query(description="Of this kind.")] = None,
    state: Annotated[
        list[ComplaintState] | None,
        Query(max_length=len(COMPLAINT_STATES), description="In one of these states."),
    ] = None,
) -> Page[Complaint]:
    """List complaints as they stand, in the order in which they were raised.

    A unit gets those that are given to it. Those about the office itself only the body gets that
    the scheme names for them, and the auditor.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = complaint_reach(permit, scheme)
    moment = await now(db)
    calendar = await ask.working_days(years_of(scheme.assessment_year), moment)
    await require_true_complaints(db, cycle_id)
    setting = setting_of(scheme, local_day(moment, scheme.time_zone), calendar)
    asked = ComplaintsAsked(unit, kind, state or ())
    found = await complaints_on_page(db, cycle_id, page, reach, asked)
    told = [shown(each, scheme, setting) for each in found]
    return Page[Complaint].of(told, page.limit, lambda each: str(each.complaint_id))


@router.get(
    "/{complaint_id}",
    responses=documents(NoComplaintsHere, NoSuchComplaint, StoredDataAltered, *PEERS),
)
async def read_complaint(
    cycle_id: UUID, complaint_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers
) -> ComplaintHistory:
    """Read a complaint with all its moves: who made each, when, and with which words; and what was
    written that it has earned."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = complaint_reach(permit, scheme)
    moment = await now(db)
    calendar = await ask.working_days(years_of(scheme.assessment_year), moment)
    await require_true_complaints(db, cycle_id)
    found = await find_complaint(db, cycle_id, complaint_id, reach)
    setting = setting_of(scheme, local_day(moment, scheme.time_zone), calendar)
    own = reach.own if reach == ComplaintReach(own=reach.own) else None
    return history(found, scheme, setting, await written_events(db, cycle_id, complaint_id, own))
