"""Work plans (工作计划) of units: a target divided among months and persons, and the measures."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.kept import document
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from indicators.api.target_versions import MISSING, Named, whose
from indicators.queries import (
    NoSuchCycle,
    SchemeNotPublished,
    find_cycle,
    scheme_in_force,
    settled_targets,
    target_of,
    work_plans,
)
from indicators.rules.numbers import plain, tidy
from indicators.rules.target_moves import IN_FORCE
from indicators.rules.targets import Key, Target
from indicators.rules.work_plans import (
    Combine,
    Measure,
    Share,
    WorkPlan,
    WorkPlansFaulty,
    agrees,
    check_plans,
)
from indicators.tables import NO_ITEM, WorkPlanRow

router = Router("/cycles/{cycle_id}/work-plans", tags=["targets"])


class NewMonth(Incoming):
    """The part of a target that is to be reached in a month, or by its end."""

    month: Code
    value: Exact


class NewPerson(Incoming):
    """The part of a target that a person answers for."""

    person: Text
    value: Exact


class NewMeasure(Incoming):
    """Something to be done, by whom and until when."""

    action: Text
    person: Text
    due: dt.date


class NewWorkPlan(Named):
    """How a unit means to reach its target: month by month, as `combine` says what these come to,
    person by person, and by which measures."""

    combine: Combine = "sum"
    months: list[NewMonth] = Field(default=[], max_length=12)
    persons: list[NewPerson] = Field(default=[], max_length=200)
    measures: list[NewMeasure] = Field(default=[], max_length=200)

    def exact(self) -> WorkPlan:
        """Return the plan with values without trailing zeros."""
        return WorkPlan(
            self.key,
            self.combine,
            [Share(each.month, tidy(each.value)) for each in self.months],
            [Share(each.person, tidy(each.value)) for each in self.persons],
            [Measure(each.action, each.person, each.due) for each in self.measures],
        )


class NewWorkPlans(IncomingBatch):
    """A batch of work plans."""

    ROWS: ClassVar = "plans"

    plans: list[NewWorkPlan] = Field(min_length=1, max_length=200)


class MovedWorkPlan(RowOutcome):
    """What became of a plan: the version that it added, null where it added none."""

    version: int | None


class WorkPlansMoved(BatchOutcome):
    """What became of a batch of work plans, row by row in its order."""

    rows: list[MovedWorkPlan]


class PlannedShare(Outgoing):
    """A part of a target: of a month, or of a person."""

    whose: str
    value: Exact


class PlannedMeasure(Outgoing):
    """Something to be done, by whom and until when."""

    action: str
    person: str
    due: dt.date


class WorkPlanVersion(Outgoing):
    """One version of a work plan; the one with the highest number is the plan.

    `agrees` says whether what is divided comes to the target in force now, which is `target`.
    """

    unit: str
    indicator: str
    item: str | None
    version: int
    combine: Combine
    months: list[PlannedShare]
    persons: list[PlannedShare]
    measures: list[PlannedMeasure]
    target: Exact | None
    agrees: bool
    set_by: str
    set_at: dt.datetime


class WorkPlans(Outgoing):
    """Work plans, unit by unit."""

    cycle_id: UUID
    plans: list[WorkPlanVersion]


class Added(NamedTuple):
    """The versions that a command added, and the receipt of the journal."""

    versions: Sequence[int]
    receipt: Receipt | None


@router.post("", status_code=201, responses=documents(WorkPlansFaulty, *MISSING))
async def set_work_plans(
    cycle_id: UUID, new: NewWorkPlans, db: Transaction, permit: Permit, rows: Rows
) -> WorkPlansMoved:
    """Keep how the caller's own unit means to reach its targets, as further versions.

    The months come to the target together, or the last of them does, as each plan says; the persons
    do together. What stands just so is `unchanged`.
    """
    cycle = await find_cycle(db, cycle_id, alone=True)
    units = {each.unit for each in new.plans}
    own = {"own_unit"} if units == {permit.caller.organisation} else set[str]()
    permit.require(relations=own, phase=cycle.phase)
    scheme = (await scheme_in_force(db, cycle_id)).scheme
    in_force = await _in_force(db, cycle_id, units)
    latest = {key_of(row): row for row in await work_plans(db, cycle_id, units)}

    async def keep(batch: NewWorkPlans) -> Added:
        plans = [each.exact() for each in batch.plans]
        check_plans(plans, scheme, in_force)
        by = {"set_by": permit.caller.subject, "set_by_person": permit.caller.person}
        added = [{"cycle_id": cycle_id, **_stored(plan, latest), **by} for plan in plans]
        await db.execute(insert(WorkPlanRow), added)
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=permit.caller,
            event="work-plans.set",
            body=batch.model_dump(mode="json"),
        )
        return Added([each["version"] for each in added], receipt)

    there = [n for n, each in enumerate(new.plans) if _stands(each.exact(), latest)]
    versions, receipt = await rows.keep(rows.besides(new, there), keep) or Added((), None)
    rows.tell({"version": each} for each in versions)
    return WorkPlansMoved(receipt=receipt, **rows.told(MovedWorkPlan))


@router.get(
    "",
    response_model=WorkPlans,
    responses=documents(NoSuchCycle, SchemeNotPublished, StoredDataAltered),
)
async def list_work_plans(
    cycle_id: UUID,
    request: Request,
    db: Snapshot,
    permit: Permit,
    unit: Code | None = None,
    indicator: Code | None = None,
    former: Annotated[bool, Query(description="Also the versions before the latest.")] = False,
) -> Response:
    """List the work plans of units, each with whether it still comes to the target in force.

    An assessed unit gets its own.
    """
    await find_cycle(db, cycle_id)
    units = await whose(db, cycle_id, permit, unit)
    in_force = await _in_force(db, cycle_id, units)
    rows = await work_plans(db, cycle_id, units, indicator)
    latest = {key_of(row): row for row in rows}
    asked = rows if former else [*latest.values()]
    told = [_shown(row, in_force.get(key_of(row))) for row in asked]
    return document(WorkPlans(cycle_id=cycle_id, plans=told), request)


async def _in_force(
    db: AsyncSession, cycle_id: UUID, units: Iterable[str] | None
) -> dict[Key, Target]:
    named = None if units is None else {*units}
    rows = await settled_targets(db, cycle_id, units=named)
    targets = (target_of(row) for row in rows if row.state in IN_FORCE)
    return {target.key: target for target in targets}


def key_of(row: WorkPlanRow) -> Key:
    """Return which target a plan is of."""
    return row.unit, row.indicator, row.item or None


def _written(plan: WorkPlan) -> dict[str, Any]:
    return {
        "combine": plan.combine,
        "months": [[each.whose, plain(each.value)] for each in plan.months],
        "persons": [[each.whose, plain(each.value)] for each in plan.persons],
        "measures": [[each.action, each.person, each.due.isoformat()] for each in plan.measures],
    }


def read(row: WorkPlanRow) -> WorkPlan:
    """Return a stored version of a plan as the rules know it."""
    said = row.plan
    return WorkPlan(
        key_of(row),
        said["combine"],
        [Share(whose, Decimal(value)) for whose, value in said["months"]],
        [Share(whose, Decimal(value)) for whose, value in said["persons"]],
        [Measure(action, by, dt.date.fromisoformat(due)) for action, by, due in said["measures"]],
    )


def _stored(plan: WorkPlan, latest: Mapping[Key, WorkPlanRow]) -> dict[str, Any]:
    unit, indicator, item = plan.key
    before = latest.get(plan.key)
    return {
        "unit": unit,
        "indicator": indicator,
        "item": item or NO_ITEM,
        "version": 1 if before is None else before.version + 1,
        "plan": _written(plan),
    }


def _stands(plan: WorkPlan, latest: Mapping[Key, WorkPlanRow]) -> bool:
    before = latest.get(plan.key)
    return before is not None and before.plan == _written(plan)


def _shown(row: WorkPlanRow, target: Target | None) -> WorkPlanVersion:
    plan = read(row)
    return WorkPlanVersion(
        unit=row.unit,
        indicator=row.indicator,
        item=row.item or None,
        version=row.version,
        combine=plan.combine,
        months=[PlannedShare(whose=each.whose, value=each.value) for each in plan.months],
        persons=[PlannedShare(whose=each.whose, value=each.value) for each in plan.persons],
        measures=[
            PlannedMeasure(action=each.action, person=each.person, due=each.due)
            for each in plan.measures
        ],
        target=None if target is None else target.target,
        agrees=agrees(plan, target),
        set_by=row.set_by,
        set_at=row.set_at,
    )
