"""Monthly ratings of how units handle complaints (投诉办理月度评价), with their lists."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, Outgoing
from scoring.api.complaints.documents import (
    PEERS,
    complaint_reach,
    complaint_relations,
    policy_of,
)
from scoring.api.complaints.rates import rated_complaints
from scoring.peers import AskPeers
from scoring.queries.complaints import ComplaintReach
from scoring.queries.ledger import now
from scoring.rules.complaints.ratings import (
    COUNTED,
    Lists,
    answers_of,
    lists_of,
    rates_of,
    shown_rate,
    tallies,
)
from scoring.rules.complaints.refusals import NoComplaintsHere

router = Router("/cycles/{cycle_id}/complaint-ratings", tags=["complaints"])

Month = Annotated[
    str,
    Query(
        pattern="^[0-9]{4}-(0[1-9]|1[0-2])$", max_length=7, description="Of this month, 2025-03."
    ),
]


class UnitRating(Outgoing):
    """How a unit handled complaints in a month.

    `given` is how many were given to it; it is shown and part of no rate. `timely` and `overdue`
    count each term once, for the unit that led. The rates are of one, to four places; null where
    there are fewer than the scheme's `least`: of the answers that were spoken about those that
    satisfied, of the terms that ended those in time and those done again, of those given those
    returned. `mean` is that of the four, where what is returned or redone takes away.
    """

    unit: str
    given: int
    returned: int
    timely: int
    overdue: int
    redone: int
    satisfied: int
    dissatisfied: int
    not_reached: int
    satisfaction_rate: Exact | None
    timely_rate: Exact | None
    returned_rate: Exact | None
    redone_rate: Exact | None
    mean: Exact | None


class RaisedInMonth(Outgoing):
    """What has become by now of the complaints that were raised in a month: whether they can be
    raised (`accepted`), somebody handles them (`given`), an answer comes back (`answered`).
    `put_aside` are those that were refused, linked or found malicious."""

    raised: int
    accepted: int
    given: int
    answered: int
    put_aside: int


class ComplaintRatings(Outgoing):
    """The ratings of a month by unit, with a red list of the best and a black list of the worst.

    Each list is of groups: the units of one are equal, and have no order. A unit gets its own
    rating alone: no list, and null for what was `raised`.
    """

    month: str
    least: int
    units: list[UnitRating]
    red: list[list[str]]
    black: list[list[str]]
    raised: RaisedInMonth | None


@router.get("", responses=documents(NoComplaintsHere, StoredDataAltered, *PEERS))
async def read_complaint_ratings(
    cycle_id: UUID, month: Month, db: Snapshot, permit: Permit, ask: AskPeers
) -> ComplaintRatings:
    """Rate how units handled complaints in a month, as it is known now.

    Complaints about the office itself are in no rating. Nothing here is a score: what counts are
    events of complaints, and rates as they were known at the end of a period where the scheme names
    indicators for them.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    policy = policy_of(scheme)
    permit.require(complaint_relations(permit, scheme))
    reach = complaint_reach(permit, scheme)
    whole = await rated_complaints(db, cycle_id, scheme.time_zone)
    tally = tallies(whole, month, local_day(await now(db), scheme.time_zone))
    if reach == ComplaintReach(own=reach.own):
        of_own = [unit for unit in tally if unit == reach.own]
        own = [_rated(unit, tally[unit], policy.least) for unit in of_own]
        return ComplaintRatings(
            month=month, least=policy.least, units=own, red=[], black=[], raised=None
        )
    lists = _lists(tally, policy.least)
    return ComplaintRatings(
        month=month,
        least=policy.least,
        units=[_rated(unit, tally[unit], policy.least) for unit in sorted(tally)],
        red=[[*each] for each in lists.red],
        black=[[*each] for each in lists.black],
        raised=RaisedInMonth(**answers_of(whole, month)._asdict()),
    )


def _lists(tally: Mapping[str, Mapping[str, int]], least: int) -> Lists:
    means = {unit: rates_of(counts, least).mean for unit, counts in tally.items()}
    return lists_of({unit: mean for unit, mean in means.items() if mean is not None})


def _rated(unit: str, tally: Mapping[str, int], least: int) -> UnitRating:
    rates = rates_of(tally, least)
    return UnitRating(
        unit=unit,
        **{what: tally.get(what, 0) for what in COUNTED},
        satisfaction_rate=shown_rate(rates.satisfaction),
        timely_rate=shown_rate(rates.timely),
        returned_rate=shown_rate(rates.returned),
        redone_rate=shown_rate(rates.redone),
        mean=shown_rate(rates.mean),
    )
