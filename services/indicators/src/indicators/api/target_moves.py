"""Moving targets: proposed by the unit; issued, revised and withdrawn by the office.

What is or was in force moves only when another person confirms, and not after the deadline.
"""

from collections.abc import Sequence
from itertools import chain
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.problems import documents
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.row_by_row import RowByRow, Rows
from chassis.wire import Text
from indicators.api.id_schemes import IdSchemeQuery, Meant, meant_today
from indicators.api.target_versions import (
    MISSING,
    REFUSALS,
    Added,
    BaselineSource,
    Ground,
    Moves,
    Named,
    NewValues,
    TargetContext,
    TargetsMoved,
    add,
    add_cause,
    answered,
    check_callers,
    check_way,
    gathered,
    keyed,
    reached,
    recorded,
    settled,
    values_of,
)
from indicators.api.targets import targets_as_read
from indicators.rules.id_schemes import OWN_CODES, CodesUnknown, NoSuchIdScheme, check_codes
from indicators.rules.matters import TargetsInConflict, check_conflicts
from indicators.rules.target_deadline import RevisionTooLate
from indicators.rules.target_moves import (
    IN_FORCE,
    UNKNOWN,
    State,
    TargetsRefused,
    check_issuers,
    needing_reason,
    on_issue,
)
from indicators.rules.targets import Target, TargetsFaulty, check_targets

router = Router("/cycles/{cycle_id}", tags=["targets"])


class NewTarget(Named, NewValues):
    """What a unit is to reach, where it started and what it pledged, in the indicator's measure.

    `baseline_from` says which earlier values the baseline was taken from.
    """

    baseline_from: BaselineSource | None = None

    def exact(self) -> Target:
        """Return the values without trailing zeros."""
        return self.of(*self.key)

    def source(self) -> Ground:
        """Return where the baseline comes from."""
        return {"baseline_from": self.baseline_from and self.baseline_from.model_dump(mode="json")}


def check_sources(targets: Sequence[NewTarget]) -> None:
    """Refuse to say where a baseline comes from that is not there."""
    faults = [
        Fault(
            pointer("targets", i, "baseline_from"),
            "no-baseline",
            "There is no baseline here that could come from anywhere.",
            "此处没有基数，不得填写基数来源。",
        )
        for i, each in enumerate(targets)
        if each.baseline_from is not None and each.baseline is None
    ]
    if faults:
        n = len(faults)
        raise TargetsFaulty(f"{n} fault(s).", f"共 {n} 处错误。", faults=faults)


class NewTargets(IncomingBatch):
    """A batch of targets. Changing one set before needs a reason."""

    ROWS: ClassVar = "targets"

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text | None = None


class NewProposals(IncomingBatch):
    """What a unit offers to reach; the performance office decides on it."""

    ROWS: ClassVar = "targets"

    targets: list[NewTarget] = Field(min_length=1, max_length=1_000)


class NewRevisions(IncomingBatch):
    """New values of targets in force, with why, by which document, and who approved it.

    `caused_by` says that the document is the superior's, who changed its own target.
    """

    ROWS: ClassVar = "targets"

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text
    document_no: Text
    approved_by: Text
    caused_by: Literal["superior"] | None = None


class NewWithdrawals(IncomingBatch):
    """Targets in force that count no longer, with why and by which document."""

    ROWS: ClassVar = "targets"

    targets: list[Named] = Field(min_length=1, max_length=10_000)
    reason: Text
    document_no: Text


_ISSUING = (TargetsFaulty, TargetsInConflict, *REFUSALS)


@router.post(
    "/targets",
    status_code=201,
    responses=documents(CodesUnknown, NoSuchIdScheme, *_ISSUING),
)
async def set_targets(
    cycle_id: UUID,
    new: NewTargets,
    db: Transaction,
    permit: Permit,
    same: Precondition,
    rows: Rows,
    id_scheme: IdSchemeQuery = OWN_CODES,
) -> TargetsMoved:
    """Set targets for units and leaf indicators of the published scheme.

    Where a target is or was in force, or after the deadline, another person has to confirm. With an
    `id_scheme` units and indicators are named by the codes of that system, as they are mapped
    today. A target that is in force, or waits to be, with the values that are sent is `unchanged`;
    of two rows about one target the first counts, and where targets of one matter would differ all
    of them are refused.
    """
    new = await _in_our_codes(db, cycle_id, id_scheme, new, rows)
    found = await gathered(db, cycle_id, permit, [target.unit for target in new.targets])
    await same.require(lambda: targets_as_read(db, cycle_id))

    def moves_of(batch: NewTargets) -> list[tuple[Target, State]]:
        wanted = [target.exact() for target in batch.targets]
        way = found.standings, found.scheme, found.passed
        return [(each, on_issue(each.key, *way)) for each in wanted]

    async def issue(batch: NewTargets) -> Added:
        moves = moves_of(batch)
        _check_issuing(permit, found, batch, moves)
        settlements = await settled(db, cycle_id, found, moves)
        check_conflicts(moves, found.standings, found.scheme, settlements)
        grounds = [{"reason": batch.reason, **target.source()} for target in batch.targets]
        await add(db, cycle_id, permit, found, moves, grounds)
        return await recorded(db, cycle_id, permit, "targets.set", batch, moves)

    # Where one is in force, to set it is to revise it: it stands where that would bring it.
    there = {*reached(found, moves_of(new), _sources(new)), *_in_force(found, new)}
    return answered(rows, found, await rows.keep(rows.besides(new, there), issue))


def _in_force(found: TargetContext, new: NewTargets) -> list[int]:
    """Return the places of targets that are in force with the values that are sent."""
    by_state = [
        reached(found, [(t.exact(), to) for t in new.targets], _sources(new)) for to in IN_FORCE
    ]
    return [*chain.from_iterable(by_state)]


def _sources(new: NewTargets | NewProposals | NewRevisions) -> list[Ground]:
    return [target.source() for target in new.targets]


def _check_issuing(permit: Permission, found: TargetContext, new: NewTargets, moves: Moves) -> None:
    wanted = [target for target, _ in moves]
    check_callers(permit, found, new.targets)
    check_sources(new.targets)
    lacking = () if new.reason else needing_reason(wanted, found.standings, found.passed)
    check_targets(wanted, found.scheme, found.standings, lacking)
    check_way(found, keyed(moves))
    check_issuers(wanted, found.standings, permit.caller.person)


async def _in_our_codes(
    db: AsyncSession, cycle_id: UUID, id_scheme: str, new: NewTargets, rows: RowByRow
) -> NewTargets:
    """Return targets in our codes, as they go on record too, without those whose codes mean
    nothing."""
    if id_scheme == OWN_CODES:
        return new
    units, indicators = await meant_today(db, cycle_id, id_scheme)

    def check(batch: NewTargets) -> None:
        named = [(each.unit, each.indicator) for each in batch.targets]
        check_codes(named, units, indicators, id_scheme)

    def ours(known: Meant | None, code: str) -> str:
        return code if known is None else known[code]

    new = rows.sift(new, check)
    named = [
        each.model_copy(
            update={"unit": ours(units, each.unit), "indicator": ours(indicators, each.indicator)}
        )
        for each in new.targets
    ]
    return new.model_copy(update={"targets": named})


@router.post(
    "/target-proposals",
    status_code=201,
    responses=documents(TargetsFaulty, TargetsRefused, RevisionTooLate, *MISSING),
)
async def propose_targets(
    cycle_id: UUID, new: NewProposals, db: Transaction, permit: Permit, rows: Rows
) -> TargetsMoved:
    """Propose targets for the caller's own unit; they count once the office has set them.

    A target that is proposed with the values that are sent is `unchanged`.
    """
    unit, units = permit.caller.organisation, {target.unit for target in new.targets}
    if rows.one_by_one and unit in units:
        new, units = rows.refuse(new, not_own(new.targets, unit)), {unit}
    own = {"own_unit"} if units <= {unit} else set[str]()
    found = await gathered(db, cycle_id, permit, units, own)

    async def propose(batch: NewProposals) -> Added:
        moves: Moves = [(target.exact(), "proposed") for target in batch.targets]
        check_sources(batch.targets)
        check_targets([target for target, _ in moves], found.scheme, found.standings)
        check_way(found, keyed(moves))
        await add(db, cycle_id, permit, found, moves, _sources(batch))
        return await recorded(db, cycle_id, permit, "targets.proposed", batch, moves)

    there = reached(found, [(each.exact(), "proposed") for each in new.targets], _sources(new))
    return answered(rows, found, await rows.keep(rows.besides(new, there), propose))


def not_own(named: Sequence[Named], unit: str | None) -> dict[int, list[Fault]]:
    """Return which rows are about another unit than the caller's own, by their places."""
    en, zh = "It is about another unit.", "涉及其他单位。"
    return {
        n: [Fault(pointer("targets", n, "unit"), "not-the-own-unit", en, zh)]
        for n, each in enumerate(named)
        if each.unit != unit
    }


@router.post("/target-revisions", status_code=201, responses=documents(*_ISSUING))
async def revise_targets(
    cycle_id: UUID,
    new: NewRevisions,
    db: Transaction,
    permit: Permit,
    same: Precondition,
    rows: Rows,
) -> TargetsMoved:
    """Ask for other values of targets in force, until the deadline; they count once another person
    has confirmed.

    What was asked for in the same words is `unchanged`.
    """
    found = await gathered(db, cycle_id, permit, [target.unit for target in new.targets])
    await same.require(lambda: targets_as_read(db, cycle_id))
    told = {name: getattr(new, name) for name in ("reason", "document_no", "approved_by")}

    async def revise(batch: NewRevisions) -> Added:
        moves: Moves = [(target.exact(), "revision_pending") for target in batch.targets]
        check_callers(permit, found, batch.targets)
        check_sources(batch.targets)
        check_targets([target for target, _ in moves], found.scheme, found.standings)
        check_way(found, keyed(moves))
        settlements = await settled(db, cycle_id, found, moves)
        check_conflicts(moves, found.standings, found.scheme, settlements)
        await add(db, cycle_id, permit, found, moves, [told | {**t} for t in _sources(batch)])
        if batch.caused_by is not None:
            await add_cause(db, cycle_id, found, moves, batch.caused_by, batch.document_no)
        return await recorded(db, cycle_id, permit, "targets.revised", batch, moves)

    asked: Moves = [(each.exact(), "revision_pending") for each in new.targets]
    there = reached(found, asked, [told | {**each} for each in _sources(new)])
    return answered(rows, found, await rows.keep(rows.besides(new, there), revise))


@router.post("/target-withdrawals", status_code=201, responses=documents(*REFUSALS))
async def withdraw_targets(
    cycle_id: UUID,
    new: NewWithdrawals,
    db: Transaction,
    permit: Permit,
    same: Precondition,
    rows: Rows,
) -> TargetsMoved:
    """Ask to take targets in force back, until the deadline; they are gone once another person has
    confirmed.

    What rests on them has no score until others are set. What was asked for in the same words is
    `unchanged`.
    """
    found = await gathered(db, cycle_id, permit, [target.unit for target in new.targets])
    await same.require(lambda: targets_as_read(db, cycle_id))
    told = {name: getattr(new, name) for name in ("reason", "document_no")}

    async def withdraw(batch: NewWithdrawals) -> Added:
        check_callers(permit, found, batch.targets)
        check_way(found, [(each.key, "withdrawal_pending") for each in batch.targets])
        moves = _withdrawn(found, batch)
        await add(db, cycle_id, permit, found, moves, [told] * len(moves))
        return await recorded(db, cycle_id, permit, "targets.withdrawn", batch, moves)

    known = [n for n, each in enumerate(new.targets) if found.standings.get(each.key, UNKNOWN).at]
    there = reached(found, _withdrawn(found, new, known), [told] * len(known))
    at = [known[place] for place in there]
    return answered(rows, found, await rows.keep(rows.besides(new, at), withdraw))


def _withdrawn(
    found: TargetContext, new: NewWithdrawals, places: Sequence[int] | None = None
) -> Moves:
    named = new.targets if places is None else [new.targets[place] for place in places]
    return [(values_of(found, each.key), "withdrawal_pending") for each in named]
