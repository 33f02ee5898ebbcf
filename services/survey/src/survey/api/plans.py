"""Sample plans: how many are to be asked about each unit, and how sure that makes an estimate."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.wire import Code, Exact, Incoming, Outgoing
from survey.api.waves import WaveNo, hidden_from
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.links import drawn_from
from survey.queries.samples import plan_of
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.links import beside_plan
from survey.rules.plans import (
    NoSuchPlan,
    PlannedCell,
    PlanRejected,
    WaveHasBegun,
    check_plan,
    strata_by_unit,
    unit_plans,
)
from survey.rules.sampling import CONFIDENCE
from survey.rules.states import WaveState
from survey.tables.samples import SamplePlanRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])

_PLACES = Decimal("0.000001")


class NewPlannedCell(Incoming):
    """How many interviews are wanted about a unit; without stratum or group, of all of them
    together. `population` is how many people there are, of which weights are made; `clusters` how
    many villages, classes or the like, where respondents are drawn in such."""

    unit: Code
    quota: Annotated[int, Field(ge=0, le=10_000_000)]
    stratum: Code | None = None
    group: Code | None = None
    population: Annotated[int, Field(ge=0, le=2_000_000_000)] | None = None
    attempts: Annotated[int, Field(ge=1, le=99)] | None = None
    clusters: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None


class NewPlan(Incoming):
    """The whole sample plan of a wave; `aim` is the margin of error that is aimed at, as a share.

    Rows that name a stratum, a group, both or neither each tell of all people of their unit.
    """

    rows: Annotated[list[NewPlannedCell], Field(min_length=1, max_length=5000)]
    aim: Annotated[Exact, Field(gt=0, lt=1)] | None = None


class PlannedRow(Outgoing):
    """A row of a sample plan, as it was sent."""

    unit: str
    stratum: str | None
    group: str | None
    quota: int
    population: int | None
    attempts: int | None
    clusters: int | None


class PlannedUnit(Outgoing):
    """What a plan comes to for a unit: the interviews wanted, of how many people, and how far a
    share of one half may be off; `needed` is the sample that the aim needs."""

    unit: str
    quota: int
    population: int | None
    margin_of_error: Exact | None
    needed: int | None


class Plan(Outgoing):
    """A version of the sample plan of a wave; margins are as shares, at this `confidence`, for
    respondents drawn one by one with equal chances."""

    survey_id: UUID
    wave: int
    version: int
    aim: Exact | None
    confidence: Exact
    rows: list[PlannedRow]
    units: list[PlannedUnit]
    entered_by: str
    entered_at: dt.datetime


class EnteredPlan(Plan):
    """A plan that has just been entered, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "/plans",
    status_code=201,
    responses=documents(NoSuchWave, PlanRejected, WaveHasBegun),
)
async def enter_plan(
    survey_id: UUID, wave: WaveNo, new: NewPlan, db: Transaction, permit: Permit
) -> EnteredPlan:
    """Enter the sample plan of a wave that has not opened; it takes the place of the one before."""
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    if row.state != WaveState.PLANNED:
        raise WaveHasBegun(f"Wave {wave} is {row.state}.", f"第{wave}轮已经开放。")
    permit.require(phase=row.state)
    cells = [PlannedCell(**dict(each)) for each in new.rows]
    beside = beside_plan(await drawn_from(db, row), strata_by_unit(cells))
    check_plan(survey.definition, await surveyed_units(db, survey), cells, beside)
    before = await plan_of(db, row)
    plan = SamplePlanRow(
        cycle_id=row.cycle_id,
        survey_id=row.survey_id,
        wave=row.wave,
        version=1 + (before.version if before else 0),
        aim=new.aim,
        cells=cells,
        entered_by=permit.caller.subject,
    )
    db.add(plan)
    await db.flush()
    await db.refresh(plan)
    shown = _shown(plan, frozenset())
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="survey.sample-planned",
        body={
            "survey_id": str(survey_id),
            "code": survey.code,
            "wave": wave,
            "version": plan.version,
            "aim": None if new.aim is None else str(new.aim),
            "rows": [each.model_dump(mode="json") for each in shown.rows],
        },
    )
    return EnteredPlan(**dict(shown), receipt=receipt)


@router.get(
    "/plan", responses=documents(NoSuchWave, NoSuchPlan, PeerDown, PeerMissing, PeerRefused)
)
async def read_plan(
    survey_id: UUID,
    wave: WaveNo,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="A version; the newest one without.")
    ] = None,
) -> Plan:
    """Give the sample plan of a wave, with the margins of error that it comes to.

    Whoever takes part in decisions does not get the units of the own category.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    plan = await plan_of(db, row, version)
    if plan is None:
        raise NoSuchPlan(f"Wave {wave} has no such plan.", f"第{wave}轮没有该版抽样方案。")
    return _shown(plan, await hidden_from(ask, row.cycle_id, permit.caller))


def _shown(plan: SamplePlanRow, hidden: frozenset[str]) -> Plan:
    cells = [cell for cell in plan.cells if cell.unit not in hidden]
    return Plan(
        survey_id=plan.survey_id,
        wave=plan.wave,
        version=plan.version,
        aim=plan.aim,
        confidence=CONFIDENCE,
        rows=[PlannedRow.model_validate(cell) for cell in cells],
        units=_units(cells, plan.aim),
        entered_by=plan.entered_by,
        entered_at=plan.entered_at,
    )


def _units(cells: Sequence[PlannedCell], aim: Decimal | None) -> list[PlannedUnit]:
    return [
        PlannedUnit(
            unit=each.unit,
            quota=each.quota,
            population=each.population,
            margin_of_error=None if each.margin is None else each.margin.quantize(_PLACES),
            needed=each.needed,
        )
        for each in unit_plans(cells, aim, CONFIDENCE)
    ]
