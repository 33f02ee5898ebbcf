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
    complaint_of,
    complaints_on_page,
    require_true_complaints,
)
from scoring.queries.ledger import now
from scoring.queries.past_complaints import find_past, written_events
from scoring.rules.complaints.refusals import NoComplaintsHere, NoSuchComplaint
from scoring.rules.complaints.states import COMPLAINT_STATES
from scoring.rules.duties.owed import years_of
from scoring.rules.items.clock import NO_LIGHT

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
    written that it has earned.

    A unit that no longer handles it, but has acted in it or is charged for it, reads what was
    raised, what was done while the unit handled it, and what it has earned by that: nothing that
    came later, and no word of another unit.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = complaint_reach(permit, scheme)
    moment = await now(db)
    calendar = await ask.working_days(years_of(scheme.assessment_year), moment)
    await require_true_complaints(db, cycle_id)
    found, zone = await complaint_of(db, cycle_id, complaint_id, reach), scheme.time_zone
    setting = setting_of(scheme, local_day(moment, zone), calendar)
    is_past = found is None
    found = found or await find_past(db, cycle_id, complaint_id, reach.own, zone)
    own = reach.own if is_past or reach == ComplaintReach(own=reach.own) else None
    written = await written_events(db, cycle_id, complaint_id, own)
    told = history(found, scheme, setting, written)
    return told.model_copy(update={"light": NO_LIGHT}) if is_past else told
