"""Progress lights of a cycle: what was reached so far beside what was planned by then."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.pages import Moment, PageQuery, PageRequest
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.duties.readers import unit_that_reads
from scoring.api.ledger.entries import State
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import now
from scoring.queries.progress import standing_values
from scoring.rules.duties.moments import MomentAhead, moment_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.reports.lights import (
    Milestone,
    Progressing,
    ProgressLight,
    Unlit,
    cut,
    planned,
    progressing,
)

router = Router("/cycles/{cycle_id}/progress-lights", tags=["ledger"])

LightWord = Annotated[str, OneOf(*map(str, ProgressLight))]
UnlitWord = Annotated[str, OneOf(*map(str, Unlit))]


class UnitProgress(Outgoing):
    """How far a unit is with an indicator by the end of `period`, the last one of its plan that is
    over: `planned` is the `share` of the `target` that was to be reached by then, `value` what has
    been, in the state `state`.

    `part` is the value by the plan, or the plan by the value where less is better, cut after four
    decimals: from 0.95 on the light is green, from 0.85 on yellow, else red. Without a light
    `unlit` says why.
    """

    key: str
    category: str
    unit: str
    unit_name: str | None
    indicator: str
    indicator_name: str
    measure: str | None
    period: str | None
    share: Exact | None
    target: Exact | None
    planned: Exact | None
    value: Exact | None
    state: State | None
    part: Exact | None
    light: LightWord | None
    unlit: UnlitWord | None


class LightCounts(Outgoing):
    """How many show a light, and how many none."""

    green: int
    yellow: int
    red: int
    unlit: int


class ProgressLights(Outgoing):
    """The lights that the caller may know of, as they stood at the moment `at`, which is the day
    `as_of` in the scheme's time zone: counted in all, and a page of them.

    `next` is the `after` of the following page, or null.
    """

    cycle_id: UUID
    at: dt.datetime
    as_of: dt.date
    counts: LightCounts
    items: list[UnitProgress]
    next: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lights are asked for."""

    category: str | None
    unit: str | None
    indicator: str | None
    light: str | None

    def has(self, one: Progressing) -> bool:
        """Say whether one is asked for."""
        found = one.category, one.unit, one.indicator.code, one.light
        wanted = self.category, self.unit, self.indicator, self.light
        return all(want in (None, has) for want, has in zip(wanted, found, strict=True))


async def _wanted(
    category: Annotated[Code | None, Query(description="Of units of this category.")] = None,
    unit: Annotated[Code | None, Query(description="Of this unit.")] = None,
    indicator: Annotated[Code | None, Query(description="For this indicator.")] = None,
    light: Annotated[LightWord | None, Query(description="Showing this light.")] = None,
) -> Wanted:
    return Wanted(category, unit, indicator, light)


@router.get("", responses=documents(MomentAhead, PeerDown, PeerMissing, PeerRefused))
async def list_progress_lights(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    wanted: Annotated[Wanted, Depends(_wanted)],
    at: Annotated[
        Moment | None,
        Query(description="As it stood at this moment; now where it is left out."),
    ] = None,
) -> ProgressLights:
    """List how far units are against what was planned by now, and which light that is.

    An assessed unit gets its own; the performance office and auditors get all. It goes by the
    indicators that have a `progress_plan`, by that plan and the target in force, and by the values
    that stood at the moment.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = unit_that_reads(permit, scheme)
    targets = await ask.indicators.targets(cycle_id=cycle_id)
    names = await ask.names_of_units(cycle_id)
    moment = moment_of(at, await now(db))
    day = local_day(moment, scheme.time_zone)
    units = [own] if own is not None else [*scheme.category_of()]
    codes = {each.code for category in scheme.categories for each in planned(category)}
    year = str(scheme.assessment_year)
    signed_for = Signing(scheme).indicators
    values = await standing_values(db, cycle_id, moment, year, units, codes, signed_for)
    known = set(units)
    found = [
        each
        for each in progressing(scheme, targets.targets, values, day)
        if each.unit in known and wanted.has(each)
    ]
    shown, more = _on_page(page, found)
    return ProgressLights(
        cycle_id=cycle_id,
        at=moment,
        as_of=day,
        counts=_counts(found),
        items=[_shown(each, names) for each in shown],
        next=more,
    )


def _counts(found: list[Progressing]) -> LightCounts:
    lights = [each.light for each in found]
    return LightCounts(
        green=lights.count(ProgressLight.GREEN),
        yellow=lights.count(ProgressLight.YELLOW),
        red=lights.count(ProgressLight.RED),
        unlit=lights.count(None),
    )


def _key(one: Progressing) -> str:
    return f"{one.unit},{one.indicator.code}"


def _on_page(page: PageRequest, found: list[Progressing]) -> tuple[list[Progressing], str | None]:
    begin = 0
    if page.after is not None:
        keys = [_key(each) for each in found]
        if page.after not in keys:
            raise page.no_such_place()
        begin = 1 + keys.index(page.after)
    shown = found[begin : begin + page.limit]
    return shown, _key(shown[-1]) if found[begin + page.limit :] else None


def _shown(one: Progressing, names: Mapping[str, str | None]) -> UnitProgress:
    step: Milestone | None = one.milestone
    return UnitProgress(
        key=_key(one),
        category=one.category,
        unit=one.unit,
        unit_name=names.get(one.unit),
        indicator=one.indicator.code,
        indicator_name=one.indicator.name,
        measure=one.indicator.measure,
        period=step and step.period,
        share=step and step.share,
        target=one.target,
        planned=one.planned,
        value=one.value,
        state=one.state,
        part=None if one.part is None else cut(one.part),
        light=one.light,
        unlit=one.unlit,
    )
