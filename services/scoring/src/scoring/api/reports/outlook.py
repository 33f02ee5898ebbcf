"""The outlook of one unit: what it lost and why, what is still open to it; to the office also
where it stands."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Outgoing
from scoring.api.explanation.documents import ExplainedReason, PartKind
from scoring.api.explanation.explanations import NoSuchExplanation, readable_sheet
from scoring.api.explanation.trees import read_trees, scores_as_kept
from scoring.api.reports.deadlines import Deadline
from scoring.api.reports.matters import MOST_MATTERS, OpenMatter, is_open, open_matters, told
from scoring.api.reports.so_far import judged_at
from scoring.api.sheet.documents import SheetPhase
from scoring.api.sheet.editions import tags_in, units_of
from scoring.peers import (
    AskPeers,
    PeerDown,
    PeerMissing,
    PeerRefused,
)
from scoring.queries.ledger import now
from scoring.queries.ledger import today as day_of
from scoring.queries.sheet import Edition, NoSuchScoreSheet
from scoring.rules.reports import outlook as rules
from scoring.rules.reports.so_far import SoFar, still_open, told_after_release
from scoring.rules.reports.tags import touching
from scoring.rules.scheme.plan import plan_of
from scoring.rules.scheme.tags import UnknownTag
from scoring.tables.sheet import ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])


class Standing(Outgoing):
    """The place among the `compared` units of the category that have a total; null without one.

    `above` and `equal` count other units. `to_next_above` are the points to the next higher total,
    null for the best.
    """

    compared: int
    place: int | None
    above: int
    equal: int
    to_next_above: Exact | None


class Loss(Outgoing):
    """Points that an indicator, a deduction or an excess cost, and why."""

    kind: PartKind
    code: str
    name: str
    points: Exact | None
    score: Exact
    lost: Exact
    formula: str | None
    reason: ExplainedReason


class Chance(Outgoing):
    """Points of an indicator that can still be won or lost, in the periods that are not settled.

    `to_win` is what is `open` in the results so far, computed alike; where others have a part in
    the score, the unit is told all that it lacks as long as any period is open. `missing` says what
    has not been entered.
    """

    indicator: str
    name: str
    points: Exact
    score: Exact | None
    open_periods: list[str]
    to_win: Exact
    to_lose: Exact
    missing: list[ExplainedReason]


class Outlook(Outgoing):
    """One unit's outlook in one edition, as of a day; nothing in it names another unit.

    `lost`, `to_win` and `to_lose` are the sums of what is listed below, all in points; where the
    scheme converts or weighs blocks, in points of the total, before any cap. `standing`
    is for the office alone; the unit gets null, because with its own total the distance to the
    next is the exact total of another. `matters` are what points still depend on by the published
    scheme and the record of now, what is due first; `open_matters` counts all, of which the first
    200 are told.
    """

    cycle_id: UUID
    edition: int
    phase: SheetPhase
    unit: str
    category: str
    as_of: dt.date
    points: Exact | None
    total: Exact | None
    standing: Standing | None
    lost: Exact
    to_win: Exact
    to_lose: Exact
    losses: list[Loss]
    chances: list[Chance]
    matters: list[OpenMatter]
    open_matters: int
    deadlines: list[Deadline]


@router.get(
    "/{edition}/units/{unit}/outlook",
    response_model=Outlook,
    responses=documents(
        NoSuchScoreSheet,
        NoSuchExplanation,
        UnknownTag,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def read_outlook(
    cycle_id: UUID,
    edition: Edition,
    unit: str,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    tag: Annotated[Code | None, Query()] = None,
) -> Response:
    """Say where a unit lost points, what it can still win or lose, what that depends on and who is
    in charge of it, and which days are ahead.

    A unit gets its own once the edition was fed back. With a `tag`, only indicators that have it.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    readable = await readable_sheet(db, permit, cycle_id, edition, unit)
    sheet, tree = readable.sheet, read_trees({unit: readable.tree})[unit]
    category = units_of(sheet)[unit].category
    plan = sheet.timetable or rules.UNKNOWN
    today = await day_of(db, plan.time_zone)
    only = None if tag is None else touching(tree, tags_in(sheet).indicators(tag).get(category, ()))
    losses = rules.losses(tree, only)
    still = await _still_open(db, sheet, unit, is_whole=readable.whole)
    chances = rules.chances(tree, still, only)
    days = rules.deadlines(plan.calendar, today)
    open_ones = [
        each
        for each in await open_matters(db, ask, cycle_id, scheme, unit, is_whole=readable.whole)
        if only is None or each.indicator in only
    ]
    answer = Outlook(
        cycle_id=cycle_id,
        edition=sheet.edition,
        phase=readable.phase,
        unit=unit,
        category=category,
        as_of=today,
        points=tree.points,
        total=tree.score,
        standing=_standing(sheet, unit) if readable.whole else None,
        lost=rules.of_total(((e.lost, e.worth) for e in losses), tree.score),
        to_win=rules.of_total(((e.to_win, e.worth) for e in chances), tree.score),
        to_lose=rules.of_total(((e.to_lose, e.worth) for e in chances), tree.score),
        losses=[*map(Loss.model_validate, losses)],
        chances=[*map(Chance.model_validate, chances)],
        matters=[*map(told, open_ones[:MOST_MATTERS])],
        open_matters=len(open_ones),
        deadlines=[*map(Deadline.model_validate, days)],
    )
    return document(answer, request)


def _standing(sheet: ScoreSheetRow, unit: str) -> Standing:
    scored = units_of(sheet)
    totals = {
        each.unit: None if each.total is None else Decimal(each.total)
        for each in scored.values()
        if each.category == scored[unit].category
    }
    mine = totals.pop(unit)
    rank = rules.rank_among(mine, totals.values())
    return Standing(
        compared=rank.compared,
        place=rank.rank,
        above=rank.above,
        equal=rank.equal,
        to_next_above=rank.to_next_above,
    )


async def _still_open(
    db: AsyncSession, sheet: ScoreSheetRow, unit: str, *, is_whole: bool
) -> Mapping[str, SoFar]:
    """Return how far the unit's indicators are in an edition, judged by the record's periods of
    now; nothing once the ledger is sealed, or of an edition that did not keep what it was computed
    from."""
    is_taken = await is_open(db, sheet.cycle_id)
    found = await scores_as_kept(db, sheet, unit) if is_taken else None
    if found is None:
        return {}
    scheme, scores = found
    judged = await judged_at(db, sheet.cycle_id, scheme, await now(db))
    plan = plan_of(scheme, scheme.category_of()[unit])
    of_others = () if is_whole else told_after_release(scheme, plan)
    return still_open(scheme, scores, judged, of_others)
