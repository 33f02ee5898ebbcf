"""Duties (报送任务): who owes what by when, how it stands at a moment, and how much is in."""

import asyncio
import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.deadlines import Light, local_day
from chassis.pages import Day, Moment, PageQuery, PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, OneOf, Outgoing
from scoring.api.ledger.entries import Word
from scoring.api.ledger.progress import reach_of
from scoring.peers import ALWAYS, AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.duties import handed_in
from scoring.queries.duty_persons import assignments
from scoring.queries.ledger import now
from scoring.rules.duties.counts import DutyCounts, counts_of
from scoring.rules.duties.in_charge import Persons, in_charge_on, of_duty
from scoring.rules.duties.moments import MomentAhead, moment_of
from scoring.rules.duties.owed import (
    Owed,
    Standing,
    cells_in,
    duties_of,
    standings,
    years_of,
)
from scoring.rules.ledger.progress import ALL, EVERY_CELL, Reach, Sought, cells_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.scheme.document import Scheme

router = Router("/cycles/{cycle_id}/duties", tags=["duties"])

MOST_SHOWN = 100
"""How many of the units that are missing a duty names; it counts all."""

REFUSALS = (MomentAhead, PeerDown, PeerMissing, PeerRefused)

LightWord = Annotated[str, OneOf(*map(str, Light))]

At = Annotated[
    Moment | None,
    Query(description="As it stood at this moment; now where it is left out."),
]


class OwedDuty(Outgoing):
    """What a unit owes for an indicator and a period: the entries about the `expected` units.

    Of these `missing` have nothing yet that counts; the first of them are named. It is warned of
    from `warned_from` on, is in time until `due`, and is shown a red card after `red_after`.
    `handed_in_on` is the day on which the last unit's entry came, null while one is missing;
    `late_by` are working days after `due`. What came and was returned or reversed is due again some
    working days later: of what is due again first, or else was last, it was `returned_on` a day and
    is `due_again` on another; `late_by` goes by that. It is `provisional` while the holidays of a
    year that it reaches into (`unannounced`) are not announced. `lead` and `deputy` are in charge
    of it on the day; null where nobody was named. `key` stands for it where a page begins.
    """

    key: str
    unit: str
    unit_name: str | None
    indicator: str
    indicator_name: str
    period: str
    due: dt.date
    warned_from: dt.date
    red_after: dt.date
    light: LightWord
    expected: int
    missing: int
    missing_units: list[str]
    handed_in_on: dt.date | None
    late_by: int
    returned_on: dt.date | None
    due_again: dt.date | None
    provisional: bool
    unannounced: list[int]
    lead: str | None
    deputy: str | None


class OwedDuties(Outgoing):
    """The duties that the caller may know of, as they stood at the moment `at`, which is the day
    `as_of` in the scheme's time zone.

    They come in the order in which they are due. `next` is the `after` of the following page, or
    null.
    """

    cycle_id: UUID
    at: dt.datetime
    as_of: dt.date
    items: list[OwedDuty]
    next: str | None


class DutyNumbers(Outgoing):
    """Duties counted, and the entries about single units that they are made of.

    Of the `duties`, `done` are those of which nothing is missing, the others stand by their light:
    `lights` counts all by it, whether done or not. Of the `expected` entries `handed_in` count, of
    these `on_time` came by the deadline.
    """

    duties: int
    done: int
    lights: dict[str, int]
    expected: int
    handed_in: int
    on_time: int


class DutyPart(DutyNumbers):
    """The duties that have a unit, an indicator, a period, a day or a light in common; `name` is
    what that is called, if it has a name."""

    key: str
    name: str | None


class DutyCompleteness(DutyNumbers):
    """How complete what is owed is, in all and by what the parts have in common."""

    cycle_id: UUID
    at: dt.datetime
    as_of: dt.date
    by: Literal["unit", "indicator", "period", "day", "light"]
    items: list[DutyPart]
    next: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """Which duties are asked for; who is in charge is known of the unit `lead_of`, or of all."""

    unit: str | None = None
    about: str | None = None
    indicator: str | None = None
    period: str | None = None
    day: dt.date | None = None
    light: tuple[str, ...] = ()
    without_lead: bool = False
    lead_of: str | None = None

    @property
    def cells(self) -> Sought:
        """The cells of which duties are asked for."""
        return Sought(None, self.about, self.indicator, self.period, self.unit)

    def has(self, standing: Standing, persons: Persons) -> bool:
        """Say whether a duty with such cells is asked for."""
        duty = standing.duty
        is_known = self.lead_of in (None, duty.unit)
        if self.without_lead and (not is_known or of_duty(persons, duty.unit, duty.indicator)):
            return False
        again = standing.returned
        days = None, standing.deadline.due, again and not again.done_on and again.days.due
        return self.day in days and (not self.light or standing.light in self.light)


async def _asked(
    unit: Annotated[Code | None, Query(description="What this unit owes.")] = None,
    about: Annotated[
        Code | None, Query(description="Of what is owed, the part about this unit alone.")
    ] = None,
    indicator: Annotated[Code | None, Query(description="For this indicator.")] = None,
    period: Annotated[Word | None, Query(description="For this period.")] = None,
    day: Annotated[Day | None, Query(description="Due on this day.")] = None,
    light: Annotated[
        list[LightWord] | None,
        Query(max_length=len(Light), description="Showing one of these lights."),
    ] = None,
    without_lead: Annotated[
        bool, Query(description="Of which nobody was named to be in charge.")
    ] = False,
) -> Asked:
    return Asked(unit, about, indicator, period, day, tuple(light or ()), without_lead)


AskedDuties = Annotated[Asked, Depends(_asked)]


@dataclass(frozen=True, slots=True)
class Read:
    """The duties of a cycle that somebody may know of, as they stood at a moment."""

    at: dt.datetime
    day: dt.date
    found: list[Standing]
    persons: Persons
    owed: Owed


@router.get("", responses=documents(*REFUSALS))
async def list_duties(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    asked: AskedDuties,
    at: At = None,
) -> OwedDuties:
    """List who owes what by when, and which light it shows: what is due first comes first.

    A unit gets what it owes, and what is owed about it; an organiser what is about the units of its
    categories; the performance office and auditors get everything. What a moment in the past shows
    is the same whenever it is read: what was recorded by then, by the calendar as it was known.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = reach_of(permit, scheme)
    read = await duties_at(db, ask, permit, cycle_id, scheme, reach, asked, at)
    names = await ask.names_of_units(cycle_id)
    called = names_of_indicators(scheme)
    shown, more = _on_page(page, read)
    return OwedDuties(
        cycle_id=cycle_id,
        at=read.at,
        as_of=read.day,
        items=[shown_duty(each, names, called, read.persons) for each in shown],
        next=more,
    )


@router.get("/completeness", responses=documents(*REFUSALS))
async def read_duty_completeness(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    asked: AskedDuties,
    at: At = None,
    by: Annotated[
        Literal["unit", "indicator", "period", "day", "light"],
        Query(description="What the parts have in common: who owes, for what, or due when."),
    ] = "unit",
) -> DutyCompleteness:
    """Count what is owed against what has come, by unit, indicator, period, day or light: of the
    duties that the caller may list."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    reach = reach_of(permit, scheme)
    read = await duties_at(db, ask, permit, cycle_id, scheme, reach, asked, at)
    parts = counts_of(read.found, by)
    names = await _names(ask, cycle_id, scheme, by)
    keys = list(parts)
    if page.after is not None and page.after not in parts:
        raise page.no_such_place()
    begin = 0 if page.after is None else 1 + keys.index(page.after)
    shown = keys[begin : begin + page.limit]
    return DutyCompleteness(
        cycle_id=cycle_id,
        at=read.at,
        as_of=read.day,
        by=by,
        items=[DutyPart(key=k, name=names.get(k), **_numbers(parts[k])) for k in shown],
        next=shown[-1] if keys[begin + page.limit :] else None,
        **_numbers(counts_of(read.found, None).get("", DutyCounts())),
    )


async def duties_at(
    db: AsyncSession,
    ask: Peers,
    permit: Permission,
    cycle_id: UUID,
    scheme: Scheme,
    reach: Reach,
    asked: Asked,
    at: dt.datetime | None = None,
) -> Read:
    """Return the duties with cells that somebody may know of, as they stood at a moment.

    Who is in charge at another unit is told to those alone who may read everything.
    """
    calendar = await ask.working_days(years_of(scheme.assessment_year), at or ALWAYS)
    moment = moment_of(at, await now(db))
    day = local_day(moment, scheme.time_zone)
    policy, sought = scheme.duties, asked.cells
    # In a thread: a year of many units has some hundred thousand cells.
    owed = await asyncio.to_thread(
        lambda: duties_of(cells_of(scheme, sought=sought, reach=reach), policy)
    )
    about = None if (sought, reach) == (EVERY_CELL, ALL) else cells_in(owed)
    signed, zone = Signing(scheme).indicators, scheme.time_zone
    came = await handed_in(db, cycle_id, moment, zone, about, signed=signed)

    own = None if permit.allows() else permit.caller.organisation or ""
    named = await assignments(db, cycle_id, moment)
    persons = in_charge_on((each for each in named if own in (None, each.unit)), day)
    asked = replace(asked, lead_of=own)

    def read() -> Read:
        standing = standings(owed, came, calendar, day, policy)
        found = [each for each in standing if asked.has(each, persons)]
        return Read(moment, day, found, persons, owed)

    return await asyncio.to_thread(read)


def _on_page(page: PageRequest, read: Read) -> tuple[list[Standing], str | None]:
    """Return the duties of a page, and where the following one begins.

    A duty after which it begins may show another light by now, and not be among them any more.
    """
    begin, found = 0, read.found
    if page.after is not None:
        place = tuple(page.after.split(_BETWEEN))
        if not _is_day(place[0]) or place[1:] not in read.owed:
            raise page.no_such_place()
        begin = bisect_right(found, place, key=_place)
    shown = found[begin : begin + page.limit]
    return shown, _BETWEEN.join(_place(shown[-1])) if found[begin + page.limit :] else None


_BETWEEN = ","
"""What no code has in it."""


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _place(standing: Standing) -> tuple[str, ...]:
    return (standing.deadline.due.isoformat(), *standing.duty)


def shown_duty(
    standing: Standing,
    names: Mapping[str, str | None],
    called: Mapping[str, str],
    persons: Persons,
) -> OwedDuty:
    """Return a duty as it is published."""
    people = of_duty(persons, standing.duty.unit, standing.duty.indicator)
    duty, days, again = standing.duty, standing.deadline, standing.returned
    return OwedDuty(
        key=_BETWEEN.join(_place(standing)),
        unit=duty.unit,
        unit_name=names.get(duty.unit),
        indicator=duty.indicator,
        indicator_name=called[duty.indicator],
        period=duty.period,
        due=days.due,
        warned_from=days.warned_from,
        red_after=days.red_after,
        light=standing.light,
        expected=len(standing.expected),
        missing=len(standing.missing),
        missing_units=list(standing.missing[:MOST_SHOWN]),
        handed_in_on=standing.done_on,
        late_by=standing.late,
        returned_on=again and again.returned_on,
        due_again=again and again.days.due,
        provisional=bool(days.unannounced),
        unannounced=list(days.unannounced),
        lead=people and people.lead,
        deputy=people and people.deputy,
    )


def names_of_indicators(scheme: Scheme) -> dict[str, str]:
    """Return what indicators are called, by their codes."""
    return {c: i.name for each in scheme.categories for c, i in each.indicators().items()}


async def _names(ask: Peers, cycle_id: UUID, scheme: Scheme, by: str) -> Mapping[str, str]:
    if by == "unit":
        return await ask.names_of_units(cycle_id)
    return names_of_indicators(scheme) if by == "indicator" else {}


def _numbers(counts: DutyCounts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in DutyNumbers.model_fields}
