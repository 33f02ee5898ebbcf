"""Results so far (阶段评估): computed from the record as it stands whenever they are asked for."""

import asyncio
import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.deadlines import local_day
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Outgoing
from scoring.api.duties.duties import At
from scoring.api.duties.readers import unit_that_reads
from scoring.api.reports.deadlines import Deadline
from scoring.api.reports.unscored import Material, material_of, require_true
from scoring.api.sheet import computing
from scoring.api.sheet.documents import LedgerPhase
from scoring.api.sheet.evidence import gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import now
from scoring.queries.periods import periods_at
from scoring.rules.duties.moments import MomentAhead, moment_of
from scoring.rules.ledger.completeness import NoSuchCategory, category_of
from scoring.rules.ledger.entries import PANEL_MARK
from scoring.rules.ledger.periods import NO_PERIODS
from scoring.rules.ledger.states import OPEN, SEALED
from scoring.rules.reports import outlook
from scoring.rules.reports.so_far import Now, SoFar, of_total, ranks, so_far, told_after_release
from scoring.rules.scheme.document import Scheme
from scoring.rules.sheet.category import CategoryScores
from scoring.rules.sheet.totals import UnitScores
from scoring.rules.sheet.year import Computation
from scoring.tables.ledger import LedgerRow

router = Router("/cycles/{cycle_id}/stage-results", tags=["score sheets"])

OfCategory = Annotated[Code | None, Query(description="Of this category.")]
OfUnit = Annotated[Code | None, Query(description="Of this unit.")]


class IndicatorSoFar(Outgoing):
    """How far an indicator is: of its `points` what is `earned`, still `open`, and `unreachable`.

    What is decided part by part, such as quarter by quarter, is earned by the weight of each part
    that has a score. `open` is the most that can still be won: all that is not earned until the
    last period is over and what is due of it is in; part by part, of the parts that are not. Where
    others have a part in the score (other units, those who were asked, a panel) it is `withheld`
    from the unit until it is released. `data_source_unit` is who enters it.
    """

    indicator: str
    name: str
    block: str
    data_source_unit: str | None
    points: Exact
    score: Exact | None
    earned: Exact | None
    open: Exact | None
    unreachable: Exact | None
    open_periods: list[str]
    withheld: bool


class MissingSoFar(Outgoing):
    """What a score still lacks."""

    indicator: str
    reason: str
    reason_zh: str


class UnitSoFar(Outgoing):
    """How far a unit is; `earned`, `open` and `unreachable` are the sums of its indicators, where
    the scheme converts or weighs blocks in points of the total.

    `rank` is that of what is earned among the units of its category, for the office and auditors
    alone, as is the `adjustment` by claims.
    """

    unit: str
    category: str
    rank: int | None
    earned: Exact
    open: Exact
    unreachable: Exact
    adjustment: Exact | None
    indicators: list[IndicatorSoFar]
    missing: list[MissingSoFar]


class StageResults(Outgoing):
    """Results so far as of a day, of the units that the caller may read; `deadlines` are the days
    of the scheme's calendar that lie ahead."""

    cycle_id: UUID
    as_of: dt.date
    ledger_phase: LedgerPhase
    deadlines: list[Deadline]
    units: list[UnitSoFar]


@router.get(
    "/current",
    response_model=StageResults,
    responses=documents(
        MomentAhead, NoSuchCategory, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_stage_results(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    category: OfCategory = None,
    unit: OfUnit = None,
    at: At = None,
) -> Response:
    """Say of every unit and indicator what is earned so far, still open, and no longer reachable.

    An assessed unit gets its own, computed from what is about itself and nothing else: what others
    have a part in is withheld until it is released, and so are ranks, which are the office's. At a
    moment in the past that is what the ledger and the claims said then, by the scheme, the targets
    and the surveys of today.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = unit_that_reads(permit, scheme)
    asked = _asked(scheme, category, own)
    evidence = await gather(ask, cycle_id, asked, surveys=own is None)
    moment = moment_of(at, await now(db))
    only = None if own is None else frozenset({own})
    await require_true(db, cycle_id, only)
    units = only or frozenset(evidence.units)
    material = await material_of(db, cycle_id, evidence, units, at, told_only=own is not None)
    judged = await judged_at(db, cycle_id, scheme, moment)
    # Nothing more is read: the arithmetic must keep neither a connection nor other requests.
    await db.close()
    wanted = {*evidence.units} if unit is None else {unit}
    wanted &= {*evidence.units} if own is None else {own}
    told = await asyncio.to_thread(
        units_so_far, scheme, material, judged, wanted, is_whole=own is None
    )
    return document(StageResults(cycle_id=cycle_id, units=told, **frame(scheme, judged)), request)


def frame(scheme: Scheme, judged: Now) -> dict[str, Any]:
    """Return what is said of all units together."""
    days = outlook.deadlines(scheme.calendar, judged.today)
    return {
        "as_of": judged.today,
        "ledger_phase": OPEN if judged.open_ledger else SEALED,
        "deadlines": [Deadline.model_validate(each) for each in days],
    }


def _asked(scheme: Scheme, category: str | None, own: str | None) -> list[str]:
    """Return the categories that are asked for and read."""
    named = None if category is None else category_of(scheme, category).code
    codes = [each.code for each in scheme.categories if named in (None, each.code)]
    return codes if own is None else [c for c in codes if c == scheme.category_of()[own].code]


async def judged_at(db: AsyncSession, cycle_id: UUID, scheme: Scheme, moment: dt.datetime) -> Now:
    """Return by what was judged at a moment what could still change: day, seal, closed periods."""
    row, day = await db.get(LedgerRow, cycle_id), local_day(moment, scheme.time_zone)
    if row is None:
        return Now(scheme.assessment_year, day, open_ledger=True, periods=NO_PERIODS)
    is_open = row.sealed_at is None or moment < row.sealed_at
    periods = await periods_at(db, cycle_id, row.periods, moment)
    return Now(scheme.assessment_year, day, is_open, periods)


def units_so_far(
    scheme: Scheme, material: Material, judged: Now, wanted: Collection[str], *, is_whole: bool
) -> list[UnitSoFar]:
    """Return how far units are: as the office reads it, or as each of them reads it of itself,
    without what is withheld from it."""
    found = _computed(material, is_whole=is_whole)
    told = list[UnitSoFar]()
    for category in found.categories:
        # Ranks are of all.
        members = [e for e in _members(found, category) if is_whole or e.unit in wanted]
        told += _told(scheme, category, members, judged, is_whole=is_whole)
    return [each for each in told if each.unit in wanted]


def _members(found: Computation, category: CategoryScores) -> list[UnitScores]:
    code = category.plan.category.code
    return [each for each in found.sheet.units if each.category == code]


def _told(
    scheme: Scheme,
    category: CategoryScores,
    units: Sequence[UnitScores],
    judged: Now,
    *,
    is_whole: bool,
) -> list[UnitSoFar]:
    hidden = frozenset[str]() if is_whole else told_after_release(scheme, category.plan)
    parts = [so_far(scheme, each, judged, hidden) for each in units]
    earned = [of_total(each, part, "earned") for each, part in zip(units, parts, strict=True)]
    places = [*ranks(earned)] if is_whole else [None] * len(units)
    return [
        _unit(each, part, place, hidden, is_whole=is_whole)
        for each, part, place in zip(units, parts, places, strict=True)
    ]


def _computed(material: Material, *, is_whole: bool) -> Computation:
    """Return what the record comes to; for units without all that is withheld from them."""
    evidence, entries, claims = material.evidence, material.entries, material.claims
    if not is_whole:
        unasked = evidence.satisfaction.model_copy(update={"surveys": []})
        evidence = replace(evidence, satisfaction=unasked)
        entries, claims = [each for each in entries if each.kind != PANEL_MARK], []
    return computing.computed(
        evidence, entries, claims, evidence.categories, corrections=material.corrections
    )


def _unit(
    unit: UnitScores,
    parts: Sequence[SoFar],
    rank: int | None,
    hidden: Collection[str],
    *,
    is_whole: bool,
) -> UnitSoFar:
    return UnitSoFar(
        unit=unit.unit,
        category=unit.category,
        rank=rank,
        earned=of_total(unit, parts, "earned"),
        open=of_total(unit, parts, "open"),
        unreachable=of_total(unit, parts, "unreachable"),
        adjustment=unit.adjustment if is_whole else None,
        indicators=[_indicator(each) for each in parts],
        missing=[
            MissingSoFar.model_validate(each)
            for each in unit.missing
            if each.indicator not in hidden
        ],
    )


def _indicator(part: SoFar) -> IndicatorSoFar:
    indicator = part.indicator
    return IndicatorSoFar(
        indicator=indicator.code,
        name=indicator.name,
        block=part.block,
        data_source_unit=indicator.data_source_unit,
        points=part.points,
        score=part.score,
        earned=part.earned,
        open=part.open,
        unreachable=part.unreachable,
        open_periods=list(part.open_periods),
        withheld=part.withheld,
    )
