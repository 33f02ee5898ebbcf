"""Waves: opened once, closed once, and counted when they close."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Request, Response
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, Outgoing, Text
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries import (
    SURVEYS,
    Lock,
    NoSuchWave,
    completed_by_kind,
    completed_by_unit,
    find_wave,
    plan_of,
    require_true_responses,
    surveyed_units,
    tallies_by_unit,
)
from survey.rules.abstention import DECIDERS, is_limited
from survey.rules.decisions import BelowMinimum, refuse_short
from survey.rules.plans import cells_by_unit, quota_of
from survey.rules.satisfaction import WaveResult, answers_of, wave_result
from survey.rules.states import WaveNotOpen, WaveNotPlanned, WaveState, WaveStep, after
from survey.rules.weights import unit_weights
from survey.tables import SurveyRow, WaveResultRow, WaveRow, WaveWeightsRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])

WaveNo = Annotated[int, Path(ge=1, le=366, description="Number of the wave, from 1.")]


class UnitResponses(Outgoing):
    """How many interviews about one unit have been completed, and how many the plan wants."""

    unit: str
    completed: int
    quota: int | None


class WaveProgress(Outgoing):
    """How far a wave is. What was answered is told by nobody before the wave is closed."""

    survey_id: UUID
    cycle_id: UUID
    code: str
    wave: int
    state: WaveState
    units: list[UnitResponses]


class NewClosing(Incoming):
    """Why a wave closes although units are below the minimum; left out where none is."""

    below_minimum_because: Text | None = None


class WaveChanged(Outgoing):
    """The state that a wave has reached, with the receipt of the journal."""

    survey_id: UUID
    wave: int
    state: WaveState
    receipt: Receipt | None


@router.post(
    "/opening",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotPlanned, PeerDown, PeerMissing, PeerRefused),
)
async def open_wave(
    survey_id: UUID,
    wave: WaveNo,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    same: Precondition,
) -> WaveChanged:
    """Open a planned wave for responses."""
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    await same.require(lambda: _as_read(db, survey, row, permit.caller, ask))
    _step(row, WaveStep.OPENING, permit)
    return await _record(db, permit, survey, row, {})


@router.post(
    "/closing",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotOpen,
        BelowMinimum,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def close_wave(
    survey_id: UUID,
    wave: WaveNo,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    same: Precondition,
    new: NewClosing = NewClosing(),  # noqa: B008 - frozen, and equal to an empty body
) -> WaveChanged:
    """Close an open wave and keep what it says about each unit, for good.

    While units have too few valid answers it is refused unless a reason is given.
    """
    # Alone: every batch that was accepted has committed and is counted; every later one finds
    # the wave closed.
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    await same.require(lambda: _as_read(db, survey, row, permit.caller, ask))
    _step(row, WaveStep.CLOSING, permit)
    with db.no_autoflush:  # the wave that is stored is still open, as the journal recorded it
        await journal.require_whole(db, str(row.cycle_id))
        await require_intact(db, str(row.cycle_id), *SURVEYS, "batch_withdrawal", "answer_void")
        await require_true_responses(db, row)

    tallies = await tallies_by_unit(db, survey.definition, row)
    results = {
        unit: wave_result(survey.definition, unit, answers_of(tallies.get(unit, ())))
        for unit in await surveyed_units(db, survey)
    }
    refuse_short(survey.definition, results, new.below_minimum_because)
    key = {"cycle_id": row.cycle_id, "survey_id": row.survey_id, "wave": row.wave}
    await db.execute(
        insert(WaveResultRow),
        [
            {**key, "unit": unit, "tallies": tallies.get(unit, []), **asdict(result)}
            for unit, result in results.items()
        ],
    )
    await _keep_weights(db, row)
    told: dict[str, Any] = {"results": _plain(results)}
    if new.below_minimum_because is not None:
        told["below_minimum_because"] = new.below_minimum_because
    return await _record(db, permit, survey, row, told)


async def _keep_weights(db: AsyncSession, wave: WaveRow) -> None:
    """Keep the weights of the answers of a wave that closes, by its newest plan."""
    plan, completed = await plan_of(db, wave), await completed_by_kind(db, wave)
    planned = cells_by_unit(plan.cells) if plan else {}
    db.add(
        WaveWeightsRow(
            cycle_id=wave.cycle_id,
            survey_id=wave.survey_id,
            wave=wave.wave,
            plan_version=plan.version if plan else None,
            units=[
                await asyncio.to_thread(unit_weights, unit, planned.get(unit, ()), kinds)
                for unit, kinds in sorted(completed.items())
            ],
        )
    )


@router.get(
    "",
    response_model=WaveProgress,
    responses=documents(NoSuchWave, PeerDown, PeerMissing, PeerRefused),
)
async def read_wave(
    survey_id: UUID,
    wave: WaveNo,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
) -> Response:
    """Give the state of a wave and how many interviews about each unit have been completed.

    Whoever takes part in decisions does not get the units of the own category.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    relations = survey.definition.relations_of(permit.caller.organisation)
    permit.require(relations, row.state)
    return document(await _as_read(db, survey, row, permit.caller, ask), request)


async def _as_read(
    db: AsyncSession, survey: SurveyRow, row: WaveRow, caller: Caller, ask: Indicators
) -> WaveProgress:
    hidden = await hidden_from(ask, survey.cycle_id, caller)
    completed, plan = await completed_by_unit(db, row), await plan_of(db, row)
    planned = cells_by_unit(plan.cells) if plan else {}
    return WaveProgress(
        survey_id=row.survey_id,
        cycle_id=survey.cycle_id,
        code=survey.code,
        wave=row.wave,
        state=WaveState(row.state),
        units=[
            UnitResponses(
                unit=unit,
                completed=completed.get(unit, 0),
                quota=quota_of(planned[unit]) if unit in planned else None,
            )
            for unit in await surveyed_units(db, survey)
            if unit not in hidden
        ],
    )


async def hidden_from(ask: Indicators, cycle_id: UUID, caller: Caller) -> frozenset[str]:
    """Return the units of which a caller who decides reads nothing before their release."""
    if not _abstains(caller):  # most callers do not: nothing is asked for them
        return frozenset()
    return hidden_by((await ask.published_scheme(cycle_id=cycle_id)).scheme, caller)


def hidden_by(scheme: Scheme, caller: Caller) -> frozenset[str]:
    """Return the units that a scheme hides from a caller: the own category of one who decides."""
    if not _abstains(caller):
        return frozenset()
    own = (set(each.units) for each in scheme.categories if caller.organisation in each.units)
    return frozenset[str]().union(*own)


def _abstains(caller: Caller) -> bool:
    return bool(DECIDERS & caller.roles) and is_limited(caller.organisation, caller.roles)


def _step(row: WaveRow, step: WaveStep, permit: Permit) -> None:
    state = WaveState(row.state)
    reached = after(step, state, row.wave)
    permit.require(phase=state)
    row.state = reached


def _plain(results: Mapping[str, WaveResult]) -> dict[str, Any]:
    return {
        unit: [result.valid_sample, None if result.score is None else str(result.score)]
        for unit, result in results.items()
    }


async def _record(
    db: AsyncSession, permit: Permit, survey: SurveyRow, row: WaveRow, more: dict[str, Any]
) -> WaveChanged:
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"survey.wave-{row.state}",
        body={"survey_id": str(row.survey_id), "code": survey.code, "wave": row.wave, **more},
    )
    return WaveChanged(
        survey_id=row.survey_id, wave=row.wave, state=WaveState(row.state), receipt=receipt
    )
