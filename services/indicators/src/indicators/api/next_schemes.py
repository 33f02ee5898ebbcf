"""Next year's scheme begun from the one in force: a document, and what people decide about it."""

import asyncio
import datetime as dt
from uuid import UUID

from fastapi import Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Outgoing
from indicators.api.calendars import CHAIN, RECORDED, working_days
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    jurisdiction_of,
    scheme_in_force,
    successors_of,
)
from indicators.rules.next_year import ToDecide, next_year, to_decide
from indicators.rules.scheme import Scheme

router = Router("/cycles/{cycle_id}/next-scheme", tags=["schemes"])

MOST_SHOWN = 500
"""How much of what is to be decided is named one by one."""


class NextScheme(Outgoing):
    """The scheme of the year after as it is begun from that of a cycle; nothing of it is stored.

    `version` and `digest` are of the scheme in force that it was begun from. `to_decide` names, at
    most the first five hundred of `to_decide_count`, what people decide before it is published.
    """

    cycle_id: UUID
    version: int
    digest: str
    scheme: Scheme
    to_decide: list[ToDecide]
    to_decide_count: int


@router.get(
    "",
    response_model=NextScheme,
    responses=documents(NoSuchCycle, SchemeNotPublished, StoredDataAltered),
)
async def begin_next_scheme(
    cycle_id: UUID, request: Request, db: Snapshot, permit: Permit
) -> Response:
    """Give the scheme in force a year on, to be changed and saved in the cycle of that year.

    Every day in it is a year later, indicators go on from those with their codes, and what is read
    of the year before is read of this cycle. What no program can know is named.
    """
    await find_cycle(db, cycle_id)
    await require_intact(db, CHAIN, *RECORDED)
    row = await scheme_in_force(db, cycle_id)
    scheme, year = row.scheme, row.scheme.assessment_year
    after = await asyncio.to_thread(next_year, scheme, cycle_id)
    calendar = await working_days(db, range(year, year + 3))
    since, until = dt.date(year, 1, 1), dt.date(year + 1, 12, 31)
    successors = await successors_of(db, jurisdiction_of(cycle_id), since, until)
    # Nothing more is read: looking the scheme over must keep no connection.
    await db.close()
    found = await asyncio.to_thread(lambda: list(to_decide(scheme, after, calendar, successors)))
    answer = NextScheme(
        cycle_id=cycle_id,
        version=row.version,
        digest=row.digest,
        scheme=after,
        to_decide=found[:MOST_SHOWN],
        to_decide_count=len(found),
    )
    return document(answer, request)
