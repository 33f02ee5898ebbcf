"""Targets (目标值): what each unit is to reach, version by version, never overwritten."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, StringConstraints
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.service import document
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from indicators.queries import NoSuchCycle, SchemeNotPublished, find_cycle, scheme_in_force
from indicators.rules.numbers import tidy
from indicators.rules.targets import Key, TargetsFaulty, check_targets
from indicators.rules.targets import Target as Wanted
from indicators.tables import NO_ITEM, TargetRow

router = Router("/cycles/{cycle_id}/targets", tags=["targets"])

Item = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class NewTarget(Incoming):
    """What a unit is to reach, where it started and what it pledged, in the indicator's measure.

    `item` is the item of an indicator that has items, or the key of a blended component.
    """

    unit: Code
    indicator: Code
    item: Item | None = None
    target: Exact | None = None
    baseline: Exact | None = None
    pledge: Exact | None = None


class NewTargets(Incoming):
    """A batch of targets; all are set, or none. Changing one set before needs a reason."""

    targets: list[NewTarget] = Field(min_length=1, max_length=10_000)
    reason: Text | None = None


class TargetsSet(Outgoing):
    """How many targets were set, with the receipt of the journal."""

    count: int
    receipt: Receipt


class Target(Outgoing):
    """A target in force; version 1 is the first that was set."""

    unit: str
    indicator: str
    item: str | None
    target: Exact | None
    baseline: Exact | None
    pledge: Exact | None
    version: int


class CycleTargets(Outgoing):
    """The targets in force that the caller may see; `digest` is the SHA-256 of just these."""

    cycle_id: UUID
    digest: str
    targets: list[Target]


@router.post(
    "", status_code=201, responses=documents(TargetsFaulty, SchemeNotPublished, NoSuchCycle)
)
async def set_targets(
    cycle_id: UUID, new: NewTargets, db: Transaction, permit: Permit
) -> TargetsSet:
    """Set targets for units and leaf indicators of the published scheme."""
    cycle = await find_cycle(db, cycle_id, alone=True)
    permit.require(phase=cycle.phase)
    published, _ = await scheme_in_force(db, cycle_id)
    versions = {_key(row): row.version for row in await _in_force(db, cycle_id)}

    wanted = [_exact(target) for target in new.targets]
    check_targets(wanted, published.scheme, versions.keys(), new.reason)

    rows = [
        {
            "cycle_id": cycle_id,
            "unit": target.unit,
            "indicator": target.indicator,
            "item": target.item or NO_ITEM,
            "version": versions.get(target.key, 0) + 1,
            "target": target.target,
            "baseline": target.baseline,
            "pledge": target.pledge,
            "reason": new.reason,
            "set_by": permit.caller.subject,
        }
        for target in wanted
    ]
    await db.execute(insert(TargetRow), rows)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="targets.set",
        body=new.model_dump(mode="json"),
    )
    return TargetsSet(count=len(rows), receipt=receipt)


@router.get("", response_model=CycleTargets, responses=documents(NoSuchCycle))
async def read_targets(cycle_id: UUID, request: Request, db: Snapshot, permit: Permit) -> Response:
    """Give the targets in force; an assessed unit sees its own."""
    await find_cycle(db, cycle_id)
    own = None
    if not permit.allows():
        own = permit.caller.unit
        permit.require(relations={"own_unit"} if own else ())
    targets = [_shown(row) for row in await _in_force(db, cycle_id, own)]
    digest = journal.sha256([target.model_dump(mode="json") for target in targets])
    return document(CycleTargets(cycle_id=cycle_id, digest=digest, targets=targets), request)


async def _in_force(
    db: AsyncSession, cycle_id: UUID, unit: str | None = None
) -> Sequence[TargetRow]:
    key = (TargetRow.unit, TargetRow.indicator, TargetRow.item)
    latest = (
        select(*key, func.max(TargetRow.version).label("version"))
        .where(TargetRow.cycle_id == cycle_id)
        .group_by(*key)
        .subquery()
    )
    query = (
        select(TargetRow)
        .join(
            latest,
            (TargetRow.unit == latest.c.unit)
            & (TargetRow.indicator == latest.c.indicator)
            & (TargetRow.item == latest.c.item)
            & (TargetRow.version == latest.c.version),
        )
        .where(TargetRow.cycle_id == cycle_id)
        .order_by(*key)
    )
    if unit is not None:
        query = query.where(TargetRow.unit == unit)
    return (await db.scalars(query)).all()


def _exact(new: NewTarget) -> Wanted:
    values = {
        name: None if value is None else tidy(value)
        for name, value in (
            ("target", new.target),
            ("baseline", new.baseline),
            ("pledge", new.pledge),
        )
    }
    return Wanted(new.unit, new.indicator, new.item, **values)


def _key(row: TargetRow) -> Key:
    return row.unit, row.indicator, row.item or None


def _shown(row: TargetRow) -> Target:
    return Target(
        unit=row.unit,
        indicator=row.indicator,
        item=row.item or None,
        target=row.target,
        baseline=row.baseline,
        pledge=row.pledge,
        version=row.version,
    )
