"""Moving targets: proposed by the unit; issued, revised and withdrawn by the office.

What is or was in force moves only when another person confirms, and not after the deadline.
"""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Transaction
from chassis.problems import documents
from chassis.refusals import Fault, pointer
from chassis.routes import Router
from chassis.wire import Incoming, Text
from indicators.api.id_schemes import IdSchemeQuery, Meant, meant_today
from indicators.api.target_versions import (
    MISSING,
    REFUSALS,
    BaselineSource,
    Ground,
    Moves,
    Named,
    NewValues,
    TargetsMoved,
    add,
    check_callers,
    check_way,
    gathered,
    recorded,
    settled,
    values_of,
)
from indicators.api.targets import targets_as_read
from indicators.rules.id_schemes import OWN_CODES, CodesUnknown, NoSuchIdScheme, check_codes
from indicators.rules.matters import TargetsInConflict, check_conflicts
from indicators.rules.target_deadline import RevisionTooLate, check_deadline
from indicators.rules.target_moves import (
    TargetsRefused,
    check_issuers,
    check_moves,
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


class NewTargets(Incoming):
    """A batch of targets; all are issued, or none. Changing one set before needs a reason."""

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text | None = None


class NewProposals(Incoming):
    """What a unit offers to reach; the performance office decides on it."""

    targets: list[NewTarget] = Field(min_length=1, max_length=1_000)


class NewRevisions(Incoming):
    """New values of targets in force, with why, by which document, and who approved it."""

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text
    document_no: Text
    approved_by: Text


class NewWithdrawals(Incoming):
    """Targets in force that count no longer, with why and by which document."""

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
    id_scheme: IdSchemeQuery = OWN_CODES,
) -> TargetsMoved:
    """Set targets for units and leaf indicators of the published scheme.

    Where a target is or was in force, or after the deadline, another person has to confirm. With an
    `id_scheme` units and indicators are named by the codes of that system, as they are mapped
    today.
    """
    new = await _in_our_codes(db, cycle_id, id_scheme, new)
    found = await gathered(db, cycle_id, permit, [target.unit for target in new.targets])
    await same.require(lambda: targets_as_read(db, cycle_id))
    wanted = [target.exact() for target in new.targets]
    moves = [
        (each, on_issue(each.key, found.standings, found.scheme, found.passed)) for each in wanted
    ]

    check_callers(permit, found, new.targets)
    check_sources(new.targets)
    lacking = () if new.reason else needing_reason(wanted, found.standings, found.passed)
    check_targets(wanted, found.scheme, found.standings, lacking)
    check_way(found, moves)
    check_issuers(wanted, found.standings, permit.caller.person)
    check_conflicts(moves, found.standings, found.scheme, await settled(db, cycle_id, found, moves))

    grounds = [{"reason": new.reason, **target.source()} for target in new.targets]
    await add(db, cycle_id, permit, found, moves, grounds)
    return await recorded(db, cycle_id, permit, "targets.set", new, moves)


async def _in_our_codes(
    db: AsyncSession, cycle_id: UUID, id_scheme: str, new: NewTargets
) -> NewTargets:
    """Return targets in our codes, as they go on record too; refuse codes that mean nothing."""
    if id_scheme == OWN_CODES:
        return new
    units, indicators = await meant_today(db, cycle_id, id_scheme)

    check_codes([(e.unit, e.indicator) for e in new.targets], units, indicators, id_scheme)

    def ours(known: Meant | None, code: str) -> str:
        return code if known is None else known[code]

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
    cycle_id: UUID, new: NewProposals, db: Transaction, permit: Permit
) -> TargetsMoved:
    """Propose targets for the caller's own unit; they count once the office has set them."""
    units = {target.unit for target in new.targets}
    own = {"own_unit"} if units == {permit.caller.organisation} else set[str]()
    found = await gathered(db, cycle_id, permit, units, own)
    moves: Moves = [(target.exact(), "proposed") for target in new.targets]

    check_sources(new.targets)
    check_targets([target for target, _ in moves], found.scheme, found.standings)
    check_way(found, moves)

    await add(db, cycle_id, permit, found, moves, [target.source() for target in new.targets])
    return await recorded(db, cycle_id, permit, "targets.proposed", new, moves)


@router.post("/target-revisions", status_code=201, responses=documents(*_ISSUING))
async def revise_targets(
    cycle_id: UUID,
    new: NewRevisions,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> TargetsMoved:
    """Ask for other values of targets in force, until the deadline; they count once another person
    has confirmed.
    """
    found = await gathered(db, cycle_id, permit, [target.unit for target in new.targets])
    await same.require(lambda: targets_as_read(db, cycle_id))
    moves: Moves = [(target.exact(), "revision_pending") for target in new.targets]

    check_callers(permit, found, new.targets)
    check_sources(new.targets)
    check_targets([target for target, _ in moves], found.scheme, found.standings)
    check_way(found, moves)
    check_conflicts(moves, found.standings, found.scheme, await settled(db, cycle_id, found, moves))

    told = {name: getattr(new, name) for name in ("reason", "document_no", "approved_by")}
    await add(db, cycle_id, permit, found, moves, [told | {**t.source()} for t in new.targets])
    return await recorded(db, cycle_id, permit, "targets.revised", new, moves)


@router.post("/target-withdrawals", status_code=201, responses=documents(*REFUSALS))
async def withdraw_targets(
    cycle_id: UUID,
    new: NewWithdrawals,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> TargetsMoved:
    """Ask to take targets in force back, until the deadline; they are gone once another person has
    confirmed.

    What rests on them has no score until others are set.
    """
    found = await gathered(db, cycle_id, permit, [target.unit for target in new.targets])
    await same.require(lambda: targets_as_read(db, cycle_id))

    check_callers(permit, found, new.targets)
    keys = [target.key for target in new.targets]
    check_moves([(key, "withdrawal_pending") for key in keys], found.standings, "targets")
    check_deadline(keys, found.standings, found.scheme, found.passed, found.today)

    moves: Moves = [(values_of(found, key), "withdrawal_pending") for key in keys]
    told = {name: getattr(new, name) for name in ("reason", "document_no")}
    await add(db, cycle_id, permit, found, moves, [told] * len(moves))
    return await recorded(db, cycle_id, permit, "targets.withdrawn", new, moves)
