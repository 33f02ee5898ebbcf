"""How what was found to be overstated becomes an event of the ledger, once (虚报计分)."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.deadlines import local_day
from chassis.identity import Caller
from scoring.api.duties.card_events import beside_ledger, enter_events
from scoring.queries.periods import HeldPeriods, hold_periods
from scoring.rules.checks.findings import UPHELD
from scoring.rules.checks.overstated import cost, overstated, policy_of
from scoring.rules.ledger.shapes import Draft
from scoring.rules.scheme.document import Scheme


class Cost(NamedTuple):
    """The event that an overstatement was entered as, or why it is none; neither where nothing was
    overstated, or it costs nothing by the scheme."""

    entry_id: UUID | None = None
    kept_alone: str | None = None


NO_COST = Cost()


async def hold_for_cost(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, check: str, decision: str
) -> HeldPeriods | None:
    """Hold the ledger alone where a decision may cost points: before anything else holds it, or two
    who decide would wait for each other."""
    if decision != UPHELD or policy_of(scheme, check) is None:
        return None
    return await hold_periods(db, cycle_id, alone=True)


async def enter_cost(
    db: AsyncSession,
    finding: tuple[UUID, str],
    drafts: tuple[Draft, Draft],
    scheme: Scheme,
    held: HeldPeriods,
    caller: Caller,
    cycle_id: UUID,
) -> Cost:
    """Enter what the former of two drafts said above the other, for another person to verify."""
    each = overstated(*finding, *drafts, scheme)
    if each is None:
        return NO_COST
    events = cost(each, scheme, local_day(held.moment, scheme.time_zone))
    events = await beside_ledger(db, cycle_id, events, scheme, held.periods, held.moment)
    for link in await enter_events(db, cycle_id, caller, events):
        return Cost(link.entry_id, link.kept_alone)
    return NO_COST
