"""The outlook of one unit: what it lost and why, what is still open to it; to the office also
where it stands."""

import asyncio
import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.explanation.documents import ExplainedReason, PartKind
from scoring.api.explanation.explanations import NoSuchExplanation, readable_sheet
from scoring.api.explanation.trees import read_trees
from scoring.api.sheet.documents import SheetPhase
from scoring.api.sheet.editions import input_documents, read_scheme, tags_in, units_of
from scoring.peers import (
    ALWAYS,
    AskPeers,
    PeerDown,
    PeerMissing,
    PeerRefused,
    Peers,
    RectificationItem,
)
from scoring.queries.counted import ledger_state
from scoring.queries.duties import handed_in
from scoring.queries.duty_persons import assignments
from scoring.queries.ledger import now
from scoring.queries.ledger import today as day_of
from scoring.queries.sheet import Edition, NoSuchScoreSheet
from scoring.queries.tasks import entries_waiting_about
from scoring.rules.duties.in_charge import in_charge_on
from scoring.rules.duties.owed import years_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.ledger.states import OPEN
from scoring.rules.reports import outlook as rules
from scoring.rules.reports.matters import WHAT, Found, Matter, OpenReply, matters
from scoring.rules.reports.tags import touching
from scoring.rules.scheme.tags import UnknownTag
from scoring.tables.ledger import LedgerRow
from scoring.tables.sheet import ScoreSheetRow

router = Router("/cycles/{cycle_id}/score-sheets", tags=["score sheets"])

MOST_MATTERS = 200
"""How many of the matters on which points depend are told; they are counted all."""


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
    """Points of an indicator that can still be won or lost, in the periods that are not over.

    `missing` says what has not been entered. What only deducts gives nothing back.
    """

    indicator: str
    name: str
    points: Exact
    score: Exact | None
    open_periods: list[str]
    to_win: Exact
    to_lose: Exact
    missing: list[ExplainedReason]


class Deadline(Outgoing):
    """A day of the scheme's calendar that lies ahead; `days` from today."""

    step: str
    name: str
    what: Literal["date", "opens", "closes", "due"]
    on: dt.date
    days: int


class OpenMatter(Outgoing):
    """Something on which points still depend: `count` inputs that are owed, entries that wait to be
    signed off or verified, lack evidence or were sent back, replies that are due, or an award by a
    bonus `rule` of which the unit has claimed nothing (worth `points`).

    `unit` is to act, the performance office where it is null, by `due`; `working_days_left` from
    today, below 0 once it is late, null without a day or more than 400 days ahead. `lead` and
    `deputy` are in charge of it; of another unit they are told to the office alone.
    """

    what: Annotated[str, OneOf(*WHAT)]
    indicator: str | None
    period: str | None
    unit: str | None
    count: int
    due: dt.date | None
    working_days_left: int | None
    rule: str | None
    points: Exact | None
    lead: str | None
    deputy: str | None


class Outlook(Outgoing):
    """One unit's outlook in one edition, as of a day; nothing in it names another unit.

    `lost`, `to_win` and `to_lose` are the sums of what is listed below, all in points. `standing`
    is for the office alone; the unit gets null, because with its own total the distance to the
    next is the exact total of another. `matters` are what points still depend on by the record of
    now, what is due first; `open_matters` counts all, of which the first 200 are told.
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
    readable = await readable_sheet(db, permit, cycle_id, edition, unit)
    sheet, tree = readable.sheet, read_trees({unit: readable.tree})[unit]
    category = units_of(sheet)[unit].category
    plan = sheet.timetable or rules.UNKNOWN
    today, still_open = await day_of(db, plan.time_zone), await _is_open(db, cycle_id)
    only = None if tag is None else touching(tree, tags_in(sheet).indicators(tag).get(category, ()))
    losses = rules.losses(tree, only)
    chances = rules.chances(tree, plan, category, today, open_ledger=still_open, only=only)
    days = rules.deadlines(plan.calendar, today)
    about = _About(cycle_id, unit, category, today, still_open, is_whole=readable.whole)
    open_ones = _of(await _matters(db, ask, sheet, about), only)
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
        lost=sum((each.lost for each in losses), Decimal(0)),
        to_win=sum((each.to_win for each in chances), Decimal(0)),
        to_lose=sum((each.to_lose for each in chances), Decimal(0)),
        losses=[*map(Loss.model_validate, losses)],
        chances=[*map(Chance.model_validate, chances)],
        matters=[*map(_told, open_ones[:MOST_MATTERS])],
        open_matters=len(open_ones),
        deadlines=[*map(Deadline.model_validate, days)],
    )
    return document(answer, request)


@dataclass(frozen=True, slots=True)
class _About:
    """Whose matters are asked for, on which day, and whether the ledger `is_open`; to who reads the
    whole (`is_whole`) all is told."""

    cycle_id: UUID
    unit: str
    category: str
    today: dt.date
    is_open: bool
    is_whole: bool


async def _matters(
    db: AsyncSession,
    ask: Peers,
    sheet: ScoreSheetRow,
    about: _About,
) -> list[Matter]:
    """Return what points of a unit still depend on, by the scheme that the edition was computed by
    and the record of now; nothing once the ledger is sealed, or of an edition that did not keep its
    scheme."""
    kept = (sheet.basis or {}).get("scheme")
    if kept is None or not about.is_open:
        return []
    cycle_id, unit = about.cycle_id, about.unit
    scheme = read_scheme((await input_documents(db, cycle_id, [kept]))[kept])
    category = scheme.category_of()[unit]
    moment = await now(db)
    signed = Signing(scheme).indicators
    came = await handed_in(db, cycle_id, moment, scheme.time_zone, signed=signed, units=[unit])
    waiting = await entries_waiting_about(db, cycle_id, unit, scheme.time_zone)
    claims = (await ledger_state(db, cycle_id, [unit])).claims
    named = await assignments(db, cycle_id, moment)
    # Nothing more is read: no connection waits for other services.
    await db.close()
    calendar = await ask.working_days(years_of(scheme.assessment_year), ALWAYS)
    replies = [*_owed_replies(await ask.survey.items(cycle_id=cycle_id, unit=unit))]
    shown = (each for each in named if about.is_whole or each.unit == unit)
    persons = in_charge_on(shown, about.today)
    found = Found(came, waiting, claims, replies, persons, calendar, about.today)
    return await asyncio.to_thread(matters, scheme, category, unit, found)


def _of(found: list[Matter], only: Collection[str] | None) -> list[Matter]:
    """Return the matters of some indicators, or all."""
    return found if only is None else [each for each in found if each.indicator in only]


def _owed_replies(items: Iterable[RectificationItem]) -> Iterator[OpenReply]:
    for each in items:
        if each.state in ("open", "returned") and not each.is_void:
            yield OpenReply(each.deadline)


def _told(one: Matter) -> OpenMatter:
    named = ("what", "indicator", "period", "unit", "count", "due", "rule", "points")
    return OpenMatter(
        **{name: getattr(one, name) for name in named},
        working_days_left=one.working_days,
        lead=one.people and one.people.lead,
        deputy=one.people and one.people.deputy,
    )


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


async def _is_open(db: AsyncSession, cycle_id: UUID) -> bool:
    phase = await db.scalar(select(LedgerRow.phase).where(LedgerRow.cycle_id == cycle_id))
    return phase in (None, OPEN)
