"""What complaints have earned (投诉逾期、重办、退回不当): written once each, entered as events
where the scheme has complaints count."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Transaction
from chassis.deadlines import local_day
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from scoring.api.complaints.documents import PEERS, policy_of
from scoring.api.complaints.keeping import HELD_COMPLAINTS
from scoring.api.complaints.rates import unwritten_rates
from scoring.api.duties.card_events import beside_ledger, enter_events
from scoring.api.items.events import WrittenItemEvents, write_earned, written
from scoring.peers import AskPeers
from scoring.queries import hold
from scoring.queries.complaints import ComplaintReach, complaints_in, require_true_complaints
from scoring.queries.item_events import OF_COMPLAINTS, Became, known_keys
from scoring.queries.ledger import now, open_ledger
from scoring.queries.periods import hold_periods
from scoring.rules.complaints.earned import (
    EARNED_BY_COMPLAINTS,
    complaint_events,
    earned_of_complaint,
)
from scoring.rules.complaints.rates import RatedPeriod, rates_that_count
from scoring.rules.complaints.refusals import NoComplaintsHere
from scoring.rules.complaints.states import COMPLAINT_STATES
from scoring.rules.duties.card_events import CardEvent
from scoring.rules.items.earned import Earned
from scoring.rules.items.item_events import after_the_seal
from scoring.rules.ledger.periods import Periods
from scoring.rules.ledger.states import OPEN
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/complaint-events", tags=["complaints"])


@router.post("", status_code=201, responses=documents(NoComplaintsHere, StoredDataAltered, *PEERS))
async def write_complaint_events(
    cycle_id: UUID, db: Transaction, permit: Permit, ask: AskPeers
) -> WrittenItemEvents:
    """Write what complaints have earned by now and what is not there yet: overdue, done again,
    returned without ground, and upheld.

    Each is written once, with the day that first earned it. Where the scheme has complaints count,
    each is entered once as an event about the unit, for another person to verify. Of complaints
    about the office itself nothing is written. Once the ledger is sealed nothing is entered: what
    would have counted is written as `ledger-sealed`.

    Where the scheme has rates of units count, each is entered once as the value of its indicator,
    for each period that is over, for another person to verify; `written` counts these as well.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    policy_of(scheme)
    await open_ledger(db, cycle_id)
    held = await hold_periods(db, cycle_id, alone=True)
    permit.require(phase=held.phase)
    await hold(db, HELD_COMPLAINTS, cycle_id)
    moment = await now(db)
    new, events = await unwritten_complaint_events(db, cycle_id, scheme, held.periods, moment)
    rates = await unwritten_rates(db, cycle_id, scheme, held.periods, moment)
    if held.phase != OPEN:
        events, rates = after_the_seal(events), after_the_seal(rates)
    await enter_events(db, cycle_id, permit.caller, rates)
    links = await enter_events(db, cycle_id, permit.caller, events)
    became = {each.card: Became(each.entry_id, each.kept_alone) for each in links}
    by_event = {"scoring.complaints-counted": new}
    receipt = await write_earned(db, cycle_id, permit.caller, by_event, became, OF_COMPLAINTS)
    told: list[Earned | RatedPeriod] = [*new]
    told += [each.card for each in rates if each.draft is not None]
    sorts = [*EARNED_BY_COMPLAINTS, *(f"{rate}_rate" for rate in rates_that_count(scheme))]
    return written(moment, scheme, sorts, told, [*events, *rates], receipt)


async def unwritten_complaint_events(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, periods: Periods, moment: dt.datetime
) -> tuple[list[Earned], list[CardEvent[Earned]]]:
    """Return what complaints have earned by a moment and nobody has written, and what becomes of
    what counts."""
    await require_true_complaints(db, cycle_id)
    day, zone = local_day(moment, scheme.time_zone), scheme.time_zone
    known = await known_keys(db, cycle_id, OF_COMPLAINTS)
    new = [
        each
        async for found in complaints_in(db, cycle_id, _REACH, COMPLAINT_STATES)
        for each in earned_of_complaint(
            found.row.complaint_id, found.now(zone).moves, found.named, day
        )
        if each[:4] not in known
    ]
    drafted = complaint_events(new, scheme, day)
    return new, await beside_ledger(db, cycle_id, drafted, scheme, periods, moment)


_REACH = ComplaintReach(office=True)
"""All but those about the office itself: an event of one would tell the office that it is there."""
