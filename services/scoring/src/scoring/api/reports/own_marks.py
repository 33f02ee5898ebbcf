"""How a panel member's own marks are distributed (评分分布)."""

from uuid import UUID

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.clashes import marks_given
from scoring.rules.ledger.seats import SEAT
from scoring.rules.reports.own_marks import own_marks, seats_of

router = Router("/cycles/{cycle_id}/panel-marks", tags=["ledger"])


class MarkedStep(Outgoing):
    """How many marks lie from `low` to `high`, and what the rubric says of them.

    Without a rubric the scale is in ten equal parts, and a mark on the bound of two is in the
    higher one.
    """

    low: Exact
    high: Exact
    text: str | None
    marks: int


class SeatMarks(Outgoing):
    """The marks that the caller has given from a seat for an indicator, and handed in.

    `unknown` said not to know; `open` are the units that still wait for a mark, whether or not the
    indicator applies to them. `spread` is the standard deviation over the units. `beside` are marks
    in no step of the rubric; `lowest_marks` and `highest_marks` those that need a comment, null
    where none do.
    """

    category: str
    indicator: str
    name: str
    panel: str
    seat: str
    marks: int
    unknown: int
    open: list[str]
    mean: Exact | None
    spread: Exact | None
    lowest: Exact | None
    highest: Exact | None
    steps: list[MarkedStep]
    beside: int
    lowest_marks: int | None
    highest_marks: int | None


class OwnMarks(Outgoing):
    """What the caller's own marks look like, for each indicator that its seats mark."""

    cycle_id: UUID
    indicators: list[SeatMarks]


@router.get("/own", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def read_own_marks(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> OwnMarks:
    """Give how the caller's own marks are distributed; the marks of others have no part in it."""
    caller = permit.caller
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    seats = seats_of(scheme, caller.subject, caller.organisation)
    permit.require({SEAT} if seats else ())
    given, records = await marks_given(db, cycle_id, seats, caller.subject)
    await require_intact(db, str(cycle_id), "ledger_entry", records=records)
    found = [SeatMarks.model_validate(each) for each in own_marks(scheme, seats, given)]
    return OwnMarks(cycle_id=cycle_id, indicators=found)
