"""Self-evaluation (自我评估): units say what they hold to have earned; the office compares."""

import asyncio
import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import chain
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing, Text
from scoring.api.duties.card_events import beside_ledger, enter_events
from scoring.api.evidence.named import EvidenceIds, reading_duties, unreadable
from scoring.api.ledger.holding import hold_open
from scoring.api.reports.so_far import judged_at
from scoring.api.reports.unscored import Material, material_of, require_true
from scoring.api.self_evaluations.reading import is_late
from scoring.api.sheet import computing
from scoring.api.sheet.evidence import gather
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.ledger import now, open_ledger
from scoring.queries.periods import hold_periods
from scoring.queries.self_evaluations import HeldRound, held_rounds
from scoring.rules.duties.card_events import counted_by_reason
from scoring.rules.ledger.states import LedgerSealed
from scoring.rules.reports.so_far import Now, so_far, told_after_release
from scoring.rules.scheme.document import Scheme, SelfEvaluationRound
from scoring.rules.self_evaluations.rounds import (
    COSTS,
    SELF_EVALUATION_STATES,
    Compared,
    Earned,
    HandedInBefore,
    NoSuchRound,
    NothingToHandIn,
    OwnSelfMarks,
    RoundCompared,
    RoundNotOver,
    SelfMark,
    SelfMarksRefused,
    Shortcoming,
    check_hand_in,
    compared,
    costs,
    counted_by_sort,
    is_signed,
    mark_faults,
    marked_in,
    refuse_faults,
    round_of,
    shortcomings,
)
from scoring.rules.sheet.totals import UnitScores
from scoring.tables.self_evaluations import (
    SelfEvaluationComparisonRow,
    SelfEvaluationGapRow,
    SelfEvaluationRow,
    SelfMarkRow,
)

router = Router("/cycles/{cycle_id}/self-evaluations", tags=["self-evaluations"])

_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)

State = Annotated[str, OneOf(*SELF_EVALUATION_STATES)]
What = Annotated[str, OneOf(*COSTS)]

_MOST = 500
"""How many indicators a unit marks itself in at once."""


class NewSelfMark(Incoming):
    """The points that the unit holds to have earned in an indicator, why, and the files that show
    it, which may be named elsewhere too."""

    indicator: Code
    mark: Annotated[Exact, Field(ge=0, le=10_000)]
    text: Text
    evidence_ids: EvidenceIds = Field(default_factory=list)


class NewSelfMarks(Incoming):
    """Self marks of the caller's unit; of an indicator that it marked before, this one stands."""

    marks: Annotated[list[NewSelfMark], Field(min_length=1, max_length=_MOST)]


class StoredSelfMarks(Outgoing):
    """How many self marks were stored, the indicators of the round that have none yet, and the
    receipt of the journal."""

    count: int
    unanswered: list[str]
    receipt: Receipt | None


class HandedInSelfEvaluation(Outgoing):
    """That a unit has handed in: until when it was to, whether it is late, what it left out, and
    the receipt of the journal."""

    until: dt.date
    late: bool
    unanswered: list[str]
    receipt: Receipt | None


class SelfEvaluationCosts(Outgoing):
    """What a comparison came to: how many units had handed in, what is short by sort, and how much
    of that was `entered` as events, for another person to verify; `kept_alone`, by why, was not."""

    compared_at: dt.datetime
    units: int
    handed_in: int
    short: dict[str, int]
    entered: int
    kept_alone: dict[str, int]
    receipt: Receipt | None


@router.post(
    "/{round_code}/marks",
    status_code=201,
    responses=documents(
        *(NoSuchRound, SelfMarksRefused, HandedInBefore, RoundCompared, LedgerSealed), *_PEERS
    ),
)
async def give_self_marks(
    cycle_id: UUID,
    round_code: Code,
    new: NewSelfMarks,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> StoredSelfMarks:
    """Store what the caller's unit holds to have earned, indicator by indicator.

    It can be given anew until it is handed in. A self mark never enters a score.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    asked, unit = round_of(scheme, round_code), _own(permit, scheme)
    points = marked_in(asked, unit, scheme)
    named = {n: each.evidence_ids for n, each in enumerate(new.marks) if each.evidence_ids}
    duties = await reading_duties(ask, permit, cycle_id, named)
    await open_ledger(db, cycle_id)
    held = await _hold(db, cycle_id, permit, round_code, unit)
    if unit in held.handed_in:
        raise HandedInBefore("It was handed in before.", "此前已提交。")
    given = [SelfMark(each.indicator, each.mark, each.text) for each in new.marks]
    files = await unreadable(db, cycle_id, permit, duties, named, at="marks")
    refuse_faults(chain(mark_faults(given, points), *files.values()))
    before = held.marks.get(unit, {})
    versions = {code: row.version for code, row in before.items()}
    about = _of(cycle_id, round_code, unit) | _by(permit)
    db.add_all(_row(each, versions.get(each.indicator, 0) + 1, about) for each in new.marks)
    body = {"round_code": round_code, "count": len(given), "units": {unit: len(given)}}
    receipt = await _recorded(db, permit, cycle_id, "scoring.self-marks-given", body)
    known = {*before, *(each.indicator for each in given)}
    left = [code for code in points if code not in known]
    return StoredSelfMarks(count=len(given), unanswered=left, receipt=receipt)


@router.post(
    "/{round_code}/hand-in",
    status_code=201,
    responses=documents(
        *(NoSuchRound, HandedInBefore, NothingToHandIn, OwnSelfMarks, RoundCompared),
        LedgerSealed,
        *_PEERS,
    ),
)
async def hand_in_self_evaluation(
    cycle_id: UUID, round_code: Code, db: Transaction, permit: Permit, ask: AskPeers
) -> HandedInSelfEvaluation:
    """Hand in the self marks of the caller's unit, once and for good; where the scheme has what a
    unit hands in signed off, as a second person of it."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    asked, unit = round_of(scheme, round_code), _own(permit, scheme)
    held = await _hold(db, cycle_id, permit, round_code, unit)
    marks = held.marks.get(unit, {})
    check_hand_in(
        held.writers.get(unit, set()),
        permit.caller.person,
        handed_in=unit in held.handed_in,
        signed=is_signed(marks, scheme),
    )
    late = local_day(await now(db), scheme.time_zone) > asked.until
    where = _of(cycle_id, round_code, unit)
    db.add(SelfEvaluationRow(**where, until=asked.until, late=late, **_by(permit)))
    body = {"round_code": round_code, "units": {unit: len(marks)}}
    receipt = await _recorded(db, permit, cycle_id, "scoring.self-evaluation-handed-in", body)
    left = [code for code in marked_in(asked, unit, scheme) if code not in marks]
    return HandedInSelfEvaluation(until=asked.until, late=late, unanswered=left, receipt=receipt)


@router.post(
    "/{round_code}/comparison",
    status_code=201,
    responses=documents(NoSuchRound, RoundNotOver, RoundCompared, LedgerSealed, *_PEERS),
)
async def compare_self_evaluations(
    cycle_id: UUID, round_code: Code, db: Transaction, permit: Permit, ask: AskPeers
) -> SelfEvaluationCosts:
    """Compare the self marks of a round with what the record has earned by now, after its last day
    and once: the round takes nothing any more.

    Where the scheme has it cost points, what was late or not handed in, what was left out, and gaps
    above the tolerance are entered as events by the caller; they count once another person has
    verified them.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    asked = round_of(scheme, round_code)
    evidence = await gather(ask, cycle_id, None)
    fresh = await open_ledger(db, cycle_id)
    periods = await hold_periods(db, cycle_id, alone=True)
    held = await _hold(db, cycle_id, permit, round_code)
    moment = await now(db)
    today = local_day(moment, scheme.time_zone)
    if today <= asked.until:
        raise RoundNotOver(f"It ends on {asked.until}.", f"截止日为 {asked.until}。")
    if not fresh:  # what was opened just now is on no record yet
        await require_true(db, cycle_id, None)
    material = await material_of(db, cycle_id, evidence)
    judged = await judged_at(db, cycle_id, scheme, moment)
    earned = await asyncio.to_thread(_earned, scheme, material, judged, asked)
    tolerance = scheme.self_evaluations.tolerance if scheme.self_evaluations else Decimal(0)
    found = {unit: compared(of, held.given(unit), tolerance) for unit, of in earned.items()}
    head = {"cycle_id": cycle_id, "round_code": round_code}
    row = SelfEvaluationComparisonRow(
        **head, tolerance=tolerance, compared_at=moment, **_by(permit)
    )
    db.add(row)
    await db.flush()
    each_gap = ((unit, each) for unit, those in found.items() for each in those)
    db.add_all(SelfEvaluationGapRow(**head, unit=unit, **asdict(each)) for unit, each in each_gap)
    await db.flush()
    held.comparison = row
    short = [*_short(round_code, held, found)]
    events = await beside_ledger(
        db, cycle_id, costs(short, scheme, today), scheme, periods.periods, moment
    )
    links = await enter_events(db, cycle_id, permit.caller, events)
    body = {"round_code": round_code, "count": len(found)}
    receipt = await _recorded(db, permit, cycle_id, "scoring.self-evaluations-compared", body)
    return SelfEvaluationCosts(
        compared_at=moment,
        units=len(found),
        handed_in=sum(unit in held.handed_in for unit in found),
        short=counted_by_sort(short),
        entered=sum(each.entry_id is not None for each in links),
        kept_alone=dict(counted_by_reason(events)),
        receipt=receipt,
    )


def _row(new: NewSelfMark, version: int, about: Mapping[str, object]) -> SelfMarkRow:
    files = [str(each) for each in dict.fromkeys(new.evidence_ids)]
    told = {"indicator": new.indicator, "mark": new.mark, "text": new.text, "evidence": files}
    return SelfMarkRow(**about, **told, version=version)


def _own(permit: Permission, scheme: Scheme) -> str:
    """Return the caller's unit; one that is not assessed is none."""
    own = permit.caller.organisation
    return own if own is not None and own in scheme.category_of() else ""


async def _hold(
    db: AsyncSession, cycle_id: UUID, permit: Permission, round_code: str, own: str = ""
) -> HeldRound:
    """Keep the ledger open, and other commands from the rounds, until the commit; refuse a round
    that was compared, and whoever is none of the office and has no unit of his own."""
    await hold_open(db, cycle_id, permit, "self-evaluations", {"own_unit"} if own else ())
    held = (await held_rounds(db, cycle_id, own or None)).get(round_code, HeldRound())
    if held.comparison is not None:
        raise RoundCompared(f"{round_code} was compared.", f"{round_code} 已比对。")
    return held


def _short(
    round_code: str, held: HeldRound, found: Mapping[str, Sequence[Compared]]
) -> Iterator[Shortcoming]:
    for unit, those in found.items():
        yield from shortcomings(round_code, unit, those, late=is_late(held, unit))


def _earned(
    scheme: Scheme, material: Material, judged: Now, asked: SelfEvaluationRound
) -> Mapping[str, list[Earned]]:
    """Return what the record has earned by unit, of the indicators that a round asks about and
    that apply to the unit."""
    evidence = material.evidence
    found = computing.computed(
        evidence,
        material.entries,
        material.claims,
        evidence.categories,
        corrections=material.corrections,
    )
    hidden = {
        each.plan.category.code: told_after_release(scheme, each.plan) for each in found.categories
    }
    return {
        unit.unit: [
            each
            for each in _of_unit(scheme, unit, judged, hidden[unit.category])
            if each.indicator in marked_in(asked, unit.unit, scheme)
        ]
        for unit in found.sheet.units
    }


def _of_unit(
    scheme: Scheme, unit: UnitScores, judged: Now, hidden: Collection[str]
) -> Iterator[Earned]:
    """Yield what is earned of each indicator: as the unit reads it by itself, where no points move
    because of what is withheld from it; of what is withheld, as the office reads it."""
    whole = {each.indicator.code: each for each in so_far(scheme, unit, judged)}
    for part in so_far(scheme, unit, judged, hidden):
        code = part.indicator.code
        # One whose points have gone to others stays, without any: that it is gone would tell.
        told = whole.get(code, part) if part.withheld else part
        yield Earned(code, part.points, told.earned or Decimal(0), part.withheld)


def _of(cycle_id: UUID, round_code: str, unit: str) -> dict[str, object]:
    return {"cycle_id": cycle_id, "round_code": round_code, "unit": unit}


def _by(permit: Permission) -> dict[str, str]:
    return {"actor": permit.caller.subject, "person": permit.caller.person}


async def _recorded(
    db: AsyncSession, permit: Permission, cycle_id: UUID, event: str, body: Mapping[str, object]
) -> Receipt | None:
    await db.flush()
    chain, caller = str(cycle_id), permit.caller
    return await journal.record(db, chain=chain, caller=caller, event=event, body=dict(body))
