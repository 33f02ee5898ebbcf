"""The desk of a scorer (评分工作台): what its unit owes, its criteria, and its own marks."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from uuid import UUID

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from scoring.api.duties.duties import (
    REFUSALS,
    Asked,
    OwedDuty,
    duties_at,
    names_of_indicators,
    shown_duty,
)
from scoring.api.reports.own_marks import SeatMarks
from scoring.peers import AskPeers
from scoring.queries.clashes import marks_given
from scoring.rules.ledger.progress import ALL, NONE, Sought, cells_of
from scoring.rules.ledger.seats import NAMED_SOURCE, SEAT
from scoring.rules.reports.own_marks import own_marks, seats_of
from scoring.rules.scheme.document import Scheme, Seat

router = Router("/cycles/{cycle_id}/duties", tags=["duties"])

MOST_OPEN = 100


class Criterion(Outgoing):
    """An indicator for which the caller's unit owes what is entered, or that the caller marks from
    a seat, as the scheme says.

    `clause` is the sentence of the rule book; `units` counts those that it is owed or marked for.
    """

    category: str
    indicator: str
    name: str
    clause: str | None
    points: Exact
    method: str
    frequency: str
    units: int


class ScorersDesk(Outgoing):
    """What a unit that scores others has before it: what it owes and has not handed in, what is due
    first, of which `open` counts all; its `criteria`; and how the caller's own marks are
    distributed. Nobody else's marks have a part in it.
    """

    cycle_id: UUID
    at: dt.datetime
    as_of: dt.date
    unit: str
    owed: list[OwedDuty]
    open: int
    criteria: list[Criterion]
    marks: list[SeatMarks]


@router.get("/desk", responses=documents(*REFUSALS, StoredDataAltered))
async def read_desk(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> ScorersDesk:
    """Give what the caller's unit owes, by which published criteria it scores, and how the
    caller's own marks are distributed."""
    caller = permit.caller
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    names = await ask.names_of_units(cycle_id)
    seats = seats_of(scheme, caller.subject, caller.organisation)
    held = {NAMED_SOURCE: caller.organisation, SEAT: seats}
    permit.require({word for word, holds in held.items() if holds})
    unit, may_enter = caller.organisation or "", permit.allows({NAMED_SOURCE})
    reach = ALL if may_enter else NONE
    read = await duties_at(db, ask, permit, cycle_id, scheme, reach, Asked(unit))
    entered = _entered(scheme, unit) if may_enter else {}
    given, records = await marks_given(db, cycle_id, seats, caller.subject)
    await require_intact(db, str(cycle_id), "ledger_entry", records=records)
    left, called = [each for each in read.found if each.missing], names_of_indicators(scheme)
    return ScorersDesk(
        cycle_id=cycle_id,
        at=read.at,
        as_of=read.day,
        unit=unit,
        owed=[shown_duty(each, names, called, read.persons) for each in left[:MOST_OPEN]],
        open=len(left),
        criteria=[*_criteria(scheme, entered, seats)],
        marks=[SeatMarks.model_validate(each) for each in own_marks(scheme, seats, given)],
    )


def _entered(scheme: Scheme, unit: str) -> dict[tuple[str, str], int]:
    """Return by category and indicator for how many units a unit owes what is entered."""
    cells = cells_of(scheme, sought=Sought(data_source_unit=unit))
    about = {(c.category, c.indicator, c.unit) for c in cells if not c.is_marked}
    return Counter((category, indicator) for category, indicator, _ in about)


def _criteria(
    scheme: Scheme, entered: Mapping[tuple[str, str], int], seats: Mapping[str, Seat]
) -> Iterator[Criterion]:
    for category in scheme.categories:
        compiled = scheme.compiled_of[category.code]
        for code, each in category.indicators().items():
            form = compiled[code].takes
            is_marked = form is not None and form.panel in seats
            units = len(category.units) if is_marked else entered.get((category.code, code), 0)
            if units:
                yield Criterion(
                    category=category.code,
                    indicator=code,
                    name=each.name,
                    clause=each.clause,
                    points=each.points,
                    method=each.method,
                    frequency=each.frequency,
                    units=units,
                )
