"""Rates of how units handle complaints, entered as values of indicators (投诉办理评价计分)."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.deadlines import local_day
from scoring.api.duties.card_events import beside_ledger
from scoring.queries.complaints import ComplaintReach, complaints_in, require_true_complaints
from scoring.queries.source_refs import entered_by_office
from scoring.rules.complaints.rates import RatedPeriod, rate_values, rates_that_count
from scoring.rules.complaints.ratings import Whole
from scoring.rules.complaints.states import COMPLAINT_STATES
from scoring.rules.duties.card_events import CardEvent
from scoring.rules.ledger.periods import Periods
from scoring.rules.scheme.document import Scheme


async def rated_complaints(db: AsyncSession, cycle_id: UUID, time_zone: str) -> list[Whole]:
    """Return what ratings are of: all complaints but those about the office itself; refuse them if
    they are not what the journal recorded."""
    await require_true_complaints(db, cycle_id)
    reach = ComplaintReach(office=True)
    return [
        Whole(found.row.complaint_id, found.now(time_zone).moves, found.named)
        async for found in complaints_in(db, cycle_id, reach, COMPLAINT_STATES)
    ]


async def unwritten_rates(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, periods: Periods, moment: dt.datetime
) -> list[CardEvent[RatedPeriod]]:
    """Return the rates of units that are values by a moment and that nobody has entered, and what
    becomes of them."""
    if not rates_that_count(scheme):
        return []
    whole = await rated_complaints(db, cycle_id, scheme.time_zone)
    values = rate_values(whole, scheme, local_day(moment, scheme.time_zone))
    known = await entered_by_office(db, cycle_id, [each.card.key for each in values])
    new = [each for each in values if each.card.key not in known]
    return await beside_ledger(db, cycle_id, new, scheme, periods, moment)
