"""What moving targets has in common: what is gathered, who may, and the versions that are added."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, Protocol
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.refusals import pointer
from chassis.row_by_row import RowByRow
from chassis.wire import Code, Exact, Incoming
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    published_schemes,
    scheme_in_force,
    settlements_of,
    target_settlements,
    target_standings,
)
from indicators.rules.deciders import DeciderBarred, check_deciders, relations_of
from indicators.rules.matters import Settlements, matters_of
from indicators.rules.numbers import tidy
from indicators.rules.scheme import Scheme
from indicators.rules.target_deadline import (
    RevisionTooLate,
    check_deadline,
    passed_deadline,
)
from indicators.rules.target_moves import (
    CONFIRMED,
    REQUESTED,
    UNKNOWN,
    Standings,
    State,
    TargetsRefused,
    check_moves,
)
from indicators.rules.targets import Key, Target, hides_something, is_lowered
from indicators.tables import NO_ITEM, TargetCauseRow, TargetRow


def _seen(item: str) -> str:
    if item != item.strip() or hides_something(item):
        raise ValueError("characters that show nothing are not allowed")
    return item


Item = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_seen)]
"""The item of an indicator that has items, the key of a component, or of a formula's input."""

ORGANISER, UNINVOLVED = "organiser", "uninvolved"
"""The role of accounts that read the categories that their unit leads, and the relation of it."""

Moves = Sequence[tuple[Target, State]]
"""The values of targets, each with the state it comes into."""

Ground = Mapping[str, Any]
"""What a move rests on: a reason, the number of a document, who approved it, and where its baseline
comes from."""


class OfUnit(Protocol):
    """Something that is decided about a unit."""

    @property
    def unit(self) -> str:
        """The unit."""
        ...


class Named(Incoming):
    """The target of a unit for an indicator, or for one item of it."""

    unit: Code
    indicator: Code
    item: Item | None = None

    @property
    def key(self) -> Key:
        """What the target is of."""
        return self.unit, self.indicator, self.item


class BaselineSource(Incoming):
    """The earlier cycle, and the entries of its ledger, that a baseline was taken from.

    It is kept as it is said; `GET /cycles/{cycle_id}/baselines` computes it again.
    """

    cycle_id: UUID
    entries: list[UUID] = Field(min_length=1, max_length=100)


class NewValues(Incoming):
    """What a target says, in the indicator's measure: to reach, to start from, pledged."""

    target: Exact | None = None
    baseline: Exact | None = None
    pledge: Exact | None = None

    def of(self, unit: str, indicator: str, item: str | None) -> Target:
        """Return the values without trailing zeros."""
        values = (self.target, self.baseline, self.pledge)
        exact = (None if value is None else tidy(value) for value in values)
        return Target(unit, indicator, item, *exact)


class MovedTarget(RowOutcome):
    """What became of a row about a target: the version that it added, and the state that the target
    came into; both null where it added none."""

    version: int | None
    state: State | None


class TargetsMoved(BatchOutcome):
    """What became of a batch of rows about targets, row by row in its order.

    `pending` of them change nothing until another person has confirmed.
    """

    pending: int
    rows: list[MovedTarget]


EASING: Collection[State] = (
    "issue_pending",
    "issued",
    *REQUESTED,
    "revision_pending",
    "revised",
)
"""The states in which a version says whether it asks less than was asked before."""


@dataclass(frozen=True, slots=True)
class TargetContext:
    """The scheme in force, where the targets stand, and the deadline if it has passed.

    `published` are the schemes that are or were in force.
    """

    scheme: Scheme
    published: Sequence[Scheme]
    standings: Standings
    passed: dt.date | None
    today: dt.date


MISSING = (SchemeNotPublished, NoSuchCycle)
REFUSALS = (DeciderBarred, TargetsRefused, RevisionTooLate, *MISSING)
"""What whoever decides about targets may meet."""


async def gathered(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    units: Collection[str],
    relations: Collection[str] = (),
) -> TargetContext:
    """Hold the cycle and read what decides about a move; refuse who may not make it at all."""
    cycle = await find_cycle(db, cycle_id, alone=True)
    published = await published_schemes(db, cycle_id)
    scheme = published[-1][0] if published else None
    own = permit.caller.organisation
    second = relations_of(list(units), scheme, own)
    led = {ORGANISER} if scheme is not None and {*units} <= scheme.led_by(own) else set[str]()
    permit.require(relations={*relations, *second, *led}, phase=cycle.phase)
    if scheme is None:
        raise SchemeNotPublished("Publish one first.", "请先公布方案。")
    now: dt.datetime = (await db.execute(select(func.clock_timestamp()))).scalar_one()
    return TargetContext(
        scheme,
        [each for each, _ in published],
        await target_standings(db, cycle_id, set(units)),
        passed_deadline(published, now),
        local_day(now, scheme.time_zone),
    )


def check_callers(
    permit: Permission, found: TargetContext, named: Sequence[OfUnit], family: str = "targets"
) -> None:
    """Refuse callers who decide about their own unit, or in the place of a second body."""
    units, caller = [each.unit for each in named], permit.caller
    check_deciders(units, found.scheme, caller.organisation, caller.roles, family)


def keyed(moves: Moves) -> list[tuple[Key, State]]:
    """Return moves by what they are of."""
    return [(target.key, to) for target, to in moves]


def check_way(found: TargetContext, moves: Sequence[tuple[Key, State]]) -> None:
    """Refuse moves that the states or the deadline do not let targets make."""
    check_moves(moves, found.standings, "targets")
    check_in_time(found, [key for key, _ in moves])


def check_in_time(
    found: TargetContext, moved: Sequence[Key | None], family: str = "targets"
) -> None:
    """Refuse to move what the deadline lets nobody move any more; None moves nothing."""
    named = [(pointer(family, n), key) for n, key in enumerate(moved) if key is not None]
    check_deadline(named, found.standings, found.scheme, found.passed, found.today)


def reached(found: TargetContext, moves: Moves, told: Sequence[Ground] = ()) -> list[int]:
    """Return the places of targets that stand already where a move would bring them, by the same
    values and grounds."""
    places = list[int]()
    for place, (target, to) in enumerate(moves):
        at = found.standings.get(target.key, UNKNOWN).at
        if at is None or at.target != target or at.state not in (to, CONFIRMED.get(to)):
            continue
        ground = told[place] if told else {}
        if all(at.told.get(name) == said for name, said in ground.items() if said is not None):
            places.append(place)
    return places


async def settled(
    db: AsyncSession, cycle_id: UUID, found: TargetContext, moves: Moves
) -> Settlements:
    """Read the settlements that targets of the same matter may rest on, if there are such."""
    matters = matters_of(found.scheme)
    units = {t.unit for t, _ in moves if matters.matter_of(t.unit, t.indicator) is not None}
    return settlements_of(await target_settlements(db, cycle_id, units)) if units else {}


async def whose(
    db: AsyncSession, cycle_id: UUID, permit: Permission, wanted: str | None
) -> frozenset[str] | None:
    """Return the units whose targets are read; None for those of all."""
    if permit.allows():
        return None if wanted is None else frozenset({wanted})
    readable = await _related(db, cycle_id, permit)
    if wanted is not None:
        readable = {word: units & {wanted} for word, units in readable.items()}
    permit.require({word for word, units in readable.items() if units})
    return frozenset().union(*(readable[word] for word in readable if permit.allows({word})))


async def _related(
    db: AsyncSession, cycle_id: UUID, permit: Permission
) -> dict[str, frozenset[str]]:
    """Return by relation the units that are the caller's own, of categories that it leads, or of
    those in which it is not assessed."""
    own = permit.caller.organisation
    related = {} if own is None else {"own_unit": frozenset({own})}
    if not {row.relation for row in permit.rows} & {ORGANISER, UNINVOLVED}:
        return related
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    led = {} if own is None else {ORGANISER: scheme.led_by(own)}
    return related | led | {UNINVOLVED: scheme.without(own)}


def values_of(found: TargetContext, key: Key) -> Target:
    """Return the values of a target that has a version."""
    at = found.standings[key].at
    assert at is not None  # noqa: S101 - only what is in force passed the table of moves
    return at.target


async def add(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    found: TargetContext,
    moves: Moves,
    grounds: Sequence[Ground],
) -> None:
    """Add a version for each move, with what it rests on."""
    rows = [
        {
            "cycle_id": cycle_id,
            "unit": target.unit,
            "indicator": target.indicator,
            "item": target.item or NO_ITEM,
            "version": found.standings.get(target.key, UNKNOWN).number + 1,
            "target": target.target,
            "baseline": target.baseline,
            "pledge": target.pledge,
            "state": to,
            "lowered": _lowered(found, target, to),
            "set_by": permit.caller.subject,
            "set_by_person": permit.caller.person,
            **{name: ground.get(name) for name in ("reason", "document_no", "approved_by")},
            "baseline_from": ground.get("baseline_from") or _kept_source(found, target),
        }
        for (target, to), ground in zip(moves, grounds, strict=True)
    ]
    await db.execute(insert(TargetRow), rows)


async def add_cause(
    db: AsyncSession,
    cycle_id: UUID,
    found: TargetContext,
    moves: Moves,
    caused_by: str,
    document_no: str,
) -> None:
    """Say what caused the versions that moves have added."""
    rows = [
        {
            "cycle_id": cycle_id,
            "unit": target.unit,
            "indicator": target.indicator,
            "item": target.item or NO_ITEM,
            "version": found.standings[target.key].number + 1,
            "caused_by": caused_by,
            "document_no": document_no,
        }
        for target, _ in moves
    ]
    await db.execute(insert(TargetCauseRow), rows)


def _kept_source(found: TargetContext, target: Target) -> dict[str, Any] | None:
    """Return where the baseline comes from that a target keeps."""
    before = found.standings.get(target.key, UNKNOWN).at
    if before is None or target.baseline is None or before.target.baseline != target.baseline:
        return None
    source: dict[str, Any] | None = before.told.get("baseline_from")
    return source


def _lowered(found: TargetContext, target: Target, to: State) -> bool:
    # By each of them: who turns the direction round, lowers, and turns it back has lowered too.
    former = found.standings.get(target.key, UNKNOWN).former
    return to in EASING and any(is_lowered(former, target, each) for each in found.published)


class Added(NamedTuple):
    """What a command added: its moves, and the receipt of the journal."""

    moves: Moves
    receipt: Receipt | None


async def recorded(
    db: AsyncSession, cycle_id: UUID, permit: Permission, event: str, new: Incoming, moves: Moves
) -> Added:
    """Put the move on record in the journal."""
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event=event,
        body=new.model_dump(mode="json"),
    )
    return Added(moves, receipt)


def answered(rows: RowByRow, found: TargetContext, added: Added | None) -> TargetsMoved:
    """Return what became of the rows, and how many await another person."""
    moves, receipt = added or Added((), None)
    rows.tell(
        {"version": found.standings.get(target.key, UNKNOWN).number + 1, "state": to}
        for target, to in moves
    )
    pending = sum(to in CONFIRMED for _, to in moves)
    return TargetsMoved(pending=pending, receipt=receipt, **rows.told(MovedTarget))
