"""What a seal closes besides entries, gathered from duties, cards, supervised items,
objections, checks and self-evaluations."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.deadlines import Calendar
from chassis.stored import require_intact
from chassis.wire import OneOf, Outgoing
from scoring.api.complaints.events import unwritten_complaint_events
from scoring.api.complaints.rates import unwritten_rates
from scoring.api.duties.cards import unwritten_cards
from scoring.api.items.events import unwritten_events
from scoring.api.sheet.documents import MissingScore
from scoring.peers import ALWAYS, Peers
from scoring.queries.appeals import open_objections, require_true_objections
from scoring.queries.check_findings import findings_of
from scoring.queries.checks import HeldCheck, held_checks
from scoring.queries.drawn_entries import standing_for
from scoring.queries.duties import handed_in
from scoring.queries.item_events import TABLE
from scoring.queries.items import require_true_items
from scoring.queries.ledger import entry_rows, now
from scoring.queries.left_open import open_items
from scoring.queries.self_evaluations import compared_rounds
from scoring.rules.appeals.states import PENDING, TO_CARRY_OUT
from scoring.rules.checks.findings import UNDECIDED
from scoring.rules.checks.fraud import FRAUD_UNDECIDED
from scoring.rules.duties.lacking import Unentered, by_the_latest, combined, unentered
from scoring.rules.duties.owed import cells_in, years_of
from scoring.rules.items.states import ITEM_STATES, OVER
from scoring.rules.ledger.periods import NO_PERIODS, Periods
from scoring.rules.ledger.signing import Signing
from scoring.rules.reports.left_open import (
    LEFT_OPEN,
    GoneEntry,
    LeftOpen,
    OpenFinding,
    OpenObjection,
)
from scoring.rules.scheme.document import Category, Scheme
from scoring.rules.sheet.year import Computation
from scoring.tables.ledger import LedgerRow

LeftOpenWord = Annotated[str, OneOf(*LEFT_OPEN)]
OPEN_STATES = tuple(each for each in ITEM_STATES if each not in OVER)


class MissingOfUnit(Outgoing):
    """An indicator without a score for a unit, and why; or one that is scored without the
    `periods`, of values that are put together, which nobody entered."""

    unit: str
    indicator: str
    periods: list[str]
    reason: str
    reason_zh: str


class OpenItemLeft(Outgoing):
    """A supervised item that is not closed; what it would cost after the seal counts nowhere in
    this year."""

    item_id: UUID
    title: str
    state: Annotated[str, OneOf(*OPEN_STATES)]
    due: dt.date | None


class OpenObjectionLeft(Outgoing):
    """An objection that is not decided, or upheld and not carried out; once the ledger is sealed
    what it asks for counts nowhere in it."""

    objection_id: UUID
    unit: str
    objection_no: int
    state: Annotated[str, OneOf(PENDING, *TO_CARRY_OUT)]


class UndecidedFinding(Outgoing):
    """A finding of a check, or that it is fraud, that nobody decided; after the seal it changes
    nothing. The unit answers, or is heard, until `answer_by`."""

    finding_id: UUID
    check: str
    unit: str
    state: Annotated[str, OneOf(*UNDECIDED, *FRAUD_UNDECIDED)]
    answer_by: dt.date


class GoneDrawnEntry(Outgoing):
    """A drawn entry that counts no longer, in whose cell nothing took its place, and about which
    nobody found anything."""

    check: str
    unit: str
    entry_id: UUID


async def calendar_of(ask: Peers, scheme: Scheme) -> Calendar | None:
    """Return the working days by which cards and items are counted; None where none count."""
    if scheme.duties.cards is None and scheme.items is None:
        return None
    return await ask.working_days(years_of(scheme.assessment_year), ALWAYS)


async def left_open(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, calendar: Calendar | None
) -> LeftOpen:
    """Return what of a cycle is not entered, not closed, or not written, as it stands."""
    moment = await now(db)
    missing = await unentered_by(db, cycle_id, scheme, moment)
    await require_true_items(db, cycle_id)
    items = await open_items(db, cycle_id)
    cards = events = 0
    row = await db.get(LedgerRow, cycle_id)
    periods = (row.periods if row else None) or NO_PERIODS
    complaints = await _of_complaints(db, cycle_id, scheme, periods, moment)
    if calendar is not None:
        about = db, cycle_id, scheme, calendar, periods, moment
        if scheme.duties.cards is not None:
            await require_intact(db, str(cycle_id), "duty_card", "duty_card_event")
            cards = sum(each.draft is not None for each in (await unwritten_cards(*about))[1])
        if scheme.items is not None:
            await require_intact(db, str(cycle_id), TABLE)
            events = sum(each.draft is not None for each in (await unwritten_events(*about))[1])
    findings = await _undecided(db, cycle_id)
    rounds = await _uncompared(db, cycle_id, scheme)
    objections = await _unsettled(db, cycle_id, scheme)
    checks = await held_checks(db, cycle_id)
    undrawn = sorted(code for code, each in checks.items() if not each.draw)
    gone = await _gone(db, cycle_id, checks)
    found = missing, items, cards, events, findings, rounds, complaints, objections, undrawn, gone
    return LeftOpen(*found)


async def _of_complaints(
    db: AsyncSession, cycle_id: UUID, scheme: Scheme, periods: Periods, moment: dt.datetime
) -> int:
    """Return how many events of complaints and rates count and are not entered."""
    about, count = (db, cycle_id, scheme, periods, moment), 0
    if scheme.complaints is not None and scheme.complaints.events is not None:
        found = (await unwritten_complaint_events(*about))[1]
        count = sum(each.draft is not None for each in found)
    return count + sum(each.draft is not None for each in await unwritten_rates(*about))


async def _unsettled(db: AsyncSession, cycle_id: UUID, scheme: Scheme) -> list[OpenObjection]:
    """Return the objections that are not decided, or upheld and not carried out."""
    if scheme.objections is None:
        return []
    await require_true_objections(db, cycle_id)
    return await open_objections(db, cycle_id)


async def _undecided(db: AsyncSession, cycle_id: UUID) -> list[OpenFinding]:
    """Return the findings that nobody decided, or that are put forward as fraud and not decided, of
    checks that the scheme names no more too."""
    found = [(each, each.row) for each in await findings_of(db, cycle_id, None, None)]
    left = [
        OpenFinding(row.finding_id, row.check_code, row.unit, each.state, row.answer_by)
        for each, row in found
        if each.state in UNDECIDED
    ]
    latest = [(row, each.frauds[-1]) for each, row in found if each.frauds]
    return left + [
        OpenFinding(row.finding_id, row.check_code, row.unit, last.state, last.heard_by)
        for row, last in latest
        if last.state in FRAUD_UNDECIDED
    ]


async def _gone(
    db: AsyncSession, cycle_id: UUID, checks: Mapping[str, HeldCheck]
) -> list[GoneEntry]:
    """Return the drawn entries that count no longer, in whose cell nothing took their place, and
    about which nothing was found: of each check in the order of their ids."""
    drawn = {code: each for code, each in sorted(checks.items()) if each.all_drawn}
    found = await findings_of(db, cycle_id, None, None) if drawn else []
    about, lost = {each.row.entry_id for each in found}, list[GoneEntry]()
    for code, check in drawn.items():
        stands = await standing_for(db, cycle_id, check.all_drawn, check.listed_entries)
        ids = sorted(each.entry_id for each in stands if each.is_lost(about))
        rows = await entry_rows(db, cycle_id, ids) if ids else {}
        lost += [GoneEntry(code, rows[each].unit, each) for each in ids]
    return lost


async def _uncompared(db: AsyncSession, cycle_id: UUID, scheme: Scheme) -> list[str]:
    """Return the rounds of self-evaluation that nobody compared, in the scheme's order."""
    rounds = (
        [each.code for each in scheme.self_evaluations.rounds] if scheme.self_evaluations else []
    )
    done = await compared_rounds(db, cycle_id) if rounds else ()
    return [each for each in rounds if each not in done]


async def unentered_by(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    moment: dt.datetime,
    categories: Iterable[Category] | None = None,
) -> Unentered:
    """Return which periods of values that are put together nobody had entered by a moment: what is
    owed, as duties tell it, whenever it is due."""
    # In a thread: a year of many units has some hundred thousand cells.
    owed = await asyncio.to_thread(combined, scheme, categories)
    if not owed:
        return {}
    about, signed = cells_in(owed), Signing(scheme).indicators
    came = await handed_in(db, cycle_id, moment, scheme.time_zone, about, signed=signed)
    return await asyncio.to_thread(unentered, owed, came, by_the_latest(scheme))


def missing_of(found: Computation, unentered: Unentered) -> list[MissingOfUnit]:
    """Return the scores that lack something, or count without periods that nobody entered, unit by
    unit."""
    by_unit = dict[str, dict[str, tuple[str, ...]]]()
    for (unit, code), without in unentered.items():
        by_unit.setdefault(unit, {})[code] = without
    told = list[MissingOfUnit]()
    for scores in found.sheet.units:
        lacking = by_unit.get(scores.unit, {})
        for gap in scores.missing:
            periods = [*lacking.pop(gap.indicator, ())]
            why = MissingScore.model_validate(gap).model_dump()
            told.append(MissingOfUnit(unit=scores.unit, periods=periods, **why))
        told += (_without(scores.unit, code, periods) for code, periods in lacking.items())
    return told


def _without(unit: str, code: str, periods: Sequence[str]) -> MissingOfUnit:
    return MissingOfUnit(
        unit=unit,
        indicator=code,
        periods=[*periods],
        reason=f"Nobody entered {', '.join(periods)}; the score counts without.",
        reason_zh=f"{'、'.join(periods)} 未录入，得分未计入这些期间。",
    )
