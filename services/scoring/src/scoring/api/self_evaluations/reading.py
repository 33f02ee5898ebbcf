"""What is told of self-evaluations (自我评估): how far units are, and the gaps to the record."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, OneOf, Outgoing
from scoring.api.duties.readers import unit_that_reads
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.self_evaluations import HeldRound, held_rounds
from scoring.rules.scheme.document import Scheme, SelfEvaluationRound
from scoring.rules.self_evaluations.rounds import (
    ANSWERED,
    COMPARED,
    HANDED_IN,
    SELF_EVALUATION_STATES,
    TO_DO,
    Compared,
    NoSuchRound,
    marked_in,
    round_of,
)
from scoring.tables.self_evaluations import SelfEvaluationGapRow

router = Router("/cycles/{cycle_id}/self-evaluations", tags=["self-evaluations"])

_PEERS = (PeerDown, PeerMissing, PeerRefused, StoredDataAltered)

State = Annotated[str, OneOf(*SELF_EVALUATION_STATES)]


class UnitSelfEvaluation(Outgoing):
    """How far a unit's self-evaluation is.

    `answered` of the indicators that are `asked` have a self mark; once it is compared, one that
    was handed in. Then `over` counts the gaps above the tolerance, and `gap` is the sum of how much
    the unit marks itself higher than the record, or lower, in what it marked; both, to the office
    too, without what is withheld from the unit, in whose scores others have a part.
    """

    unit: str
    state: State
    handed_in_at: dt.datetime | None
    late: bool
    answered: int
    asked: int
    over: int | None
    gap: Exact | None


class SelfEvaluationRoundShown(Outgoing):
    """A round of self-evaluation and how far the units are that the caller may read of."""

    round_code: str
    name: str
    until: dt.date
    compared_at: dt.datetime | None
    units: list[UnitSelfEvaluation]


class SelfEvaluations(Outgoing):
    """The rounds of the scheme, in its order."""

    rounds: list[SelfEvaluationRoundShown]


class SelfMarkShown(Outgoing):
    """An indicator of a self-evaluation: its `points`, the self `mark` and its words, and once the
    round is compared what the record had `earned`, and the `gap` between.

    In what is `withheld` others have a part in the score: what is earned and the gap are told to
    the office and the auditor alone.
    """

    indicator: str
    name: str
    points: Exact
    mark: Exact | None
    text: str | None
    evidence_ids: list[UUID]
    entered_at: dt.datetime | None
    earned: Exact | None
    gap: Exact | None
    over: bool | None
    withheld: bool


class SelfEvaluation(Outgoing):
    """A unit's self-evaluation of a round, indicator by indicator; the record is compared with as
    it stood at `compared_at`, and `tolerance` is the share of the points that a gap may have."""

    round_code: str
    name: str
    until: dt.date
    unit: str
    state: State
    handed_in_at: dt.datetime | None
    late: bool
    compared_at: dt.datetime | None
    tolerance: Exact | None
    marks: list[SelfMarkShown]


@router.get("", responses=documents(*_PEERS))
async def list_self_evaluations(
    cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers
) -> SelfEvaluations:
    """List the rounds of self-evaluation, and of each unit how far it is, whether it is late, and
    once compared how far its self marks are from the record; a unit gets its own."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = unit_that_reads(permit, scheme)
    held = await held_rounds(db, cycle_id, own)
    policy = scheme.self_evaluations
    units = scheme.category_of() if own is None else [own]
    shown = [
        _round(each, held.get(each.code, HeldRound()), scheme, list(units))
        for each in (policy.rounds if policy else ())
    ]
    return SelfEvaluations(rounds=shown)


@router.get("/{round_code}/units/{unit}", responses=documents(NoSuchRound, *_PEERS))
async def read_self_evaluation(
    cycle_id: UUID, round_code: Code, unit: Code, db: Snapshot, permit: Permit, ask: AskPeers
) -> SelfEvaluation:
    """Give a unit's self-evaluation of a round, beside what the record had earned once it is
    compared; a unit reads its own."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = unit_that_reads(permit, scheme)
    asked = round_of(scheme, round_code)
    if unit not in scheme.category_of() or own not in (None, unit):
        raise NoSuchRound(f"Nothing of {unit} is here to read.", f"没有可以查阅的 {unit} 的自评。")
    held = (await held_rounds(db, cycle_id, unit)).get(round_code, HeldRound())
    category = scheme.category_of()[unit]
    names = {code: each.name for code, each in category.indicators().items()}
    points = marked_in(asked, unit, scheme) | {
        code: row.points for code, row in held.gaps.get(unit, {}).items()
    }
    comparison = held.comparison
    return SelfEvaluation(
        round_code=round_code,
        name=asked.name,
        until=asked.until,
        unit=unit,
        state=_state(held, unit),
        handed_in_at=held.handed_in[unit].handed_in_at if unit in held.handed_in else None,
        late=is_late(held, unit),
        compared_at=comparison and comparison.compared_at,
        tolerance=comparison and comparison.tolerance,
        marks=[
            _mark(held, unit, code, names.get(code, code), worth, is_whole=own is None)
            for code, worth in points.items()
        ],
    )


def is_late(held: HeldRound, unit: str) -> bool:
    """Say whether a unit handed in late, or had not when the round was compared."""
    row = held.handed_in.get(unit)
    return row.late if row else held.comparison is not None


def _state(held: HeldRound, unit: str) -> str:
    if held.comparison is not None:
        return COMPARED
    if unit in held.handed_in:
        return HANDED_IN
    return ANSWERED if unit in held.marks else TO_DO


def _round(
    asked: SelfEvaluationRound, held: HeldRound, scheme: Scheme, units: Sequence[str]
) -> SelfEvaluationRoundShown:
    return SelfEvaluationRoundShown(
        round_code=asked.code,
        name=asked.name,
        until=asked.until,
        compared_at=held.comparison and held.comparison.compared_at,
        units=[_unit(asked, held, scheme, each) for each in units],
    )


def _unit(
    asked: SelfEvaluationRound, held: HeldRound, scheme: Scheme, unit: str
) -> UnitSelfEvaluation:
    gaps = held.gaps.get(unit, {})
    told = [_compared(row) for row in gaps.values() if not row.withheld]
    is_compared = held.comparison is not None
    return UnitSelfEvaluation(
        unit=unit,
        state=_state(held, unit),
        handed_in_at=held.handed_in[unit].handed_in_at if unit in held.handed_in else None,
        late=is_late(held, unit),
        answered=_answered(held, unit),
        asked=len(gaps) if is_compared else len(marked_in(asked, unit, scheme)),
        over=sum(each.over for each in told) if is_compared else None,
        gap=sum((each.gap or Decimal(0) for each in told), Decimal(0)) if is_compared else None,
    )


def _answered(held: HeldRound, unit: str) -> int:
    marks = held.marks.get(unit, {}) if held.comparison is None else held.given(unit)
    return len(marks)


def _compared(row: SelfEvaluationGapRow) -> Compared:
    return Compared(row.indicator, row.points, row.mark, row.earned, row.withheld, row.over)


def _mark(
    held: HeldRound, unit: str, code: str, name: str, points: Decimal, *, is_whole: bool
) -> SelfMarkShown:
    row, came = held.marks.get(unit, {}).get(code), held.gaps.get(unit, {}).get(code)
    hides = came is not None and came.withheld
    told = _compared(came) if came and (is_whole or not hides) else None
    return SelfMarkShown(
        indicator=code,
        name=name,
        points=points,
        **{each: getattr(row, each, None) for each in ("mark", "text", "entered_at")},
        evidence_ids=[UUID(each) for each in row.evidence] if row else [],
        **{each: getattr(told, each, None) for each in ("earned", "gap", "over")},
        withheld=hides,
    )
