"""Waves: opened, stopped (`api.stops`), closed once, and counted when they close."""

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
from survey.api.findings import require_decided
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.counts import ballots_of_cycle, forms_in_cycle, tallies_by_unit
from survey.queries.estimates import completed_by_kind
from survey.queries.responses import completed_by_unit, require_true_responses
from survey.queries.samples import plan_of
from survey.queries.surveys import (
    SURVEYS,
    Lock,
    NoSuchWave,
    find_wave,
    hold_survey,
    newest_questionnaire,
    surveyed_units,
)
from survey.queries.waves import EXAMINED, examined_in, said_of, voidings_of
from survey.rules.abstention import abstains
from survey.rules.attestation import Examined, NotAttested, require_attested, speakers
from survey.rules.ballots import (
    BALLOTS,
    SeatsMissing,
    UrnMissing,
    UrnUnopened,
    require_votable,
    takes_responses,
)
from survey.rules.decisions import BelowMinimum, SamePersonConfirms, refuse_same, refuse_short
from survey.rules.plans import cells_by_unit, quota_of
from survey.rules.satisfaction import answers_of, wave_result
from survey.rules.screens.decisions import FindingsUndecided
from survey.rules.states import WaveNotPlanned, WaveNotStopped, WaveState, WaveStep, after
from survey.rules.voiding import VoidingUndecided, refuse_undecided
from survey.rules.weights import unit_weights
from survey.tables.samples import WaveResultRow, WaveWeightsRow
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])

WaveNo = Annotated[int, Path(ge=1, le=10_000, description="Number of the wave, from 1.")]


class UnitResponses(Outgoing):
    """How many interviews about one unit have been completed, and how many the plan wants; null
    where forms are counted at meetings, or ballots cast from seats, of which none is of a unit."""

    unit: str
    completed: int | None
    quota: int | None


class WaveProgress(Outgoing):
    """How far a wave is. What was answered is told by nobody before the wave is closed.

    One that repeats a voided wave `stands_for` the wave of the scheme of that number. `completed`
    are the interviews about all units that are told, or the forms that count, or the ballots that
    were cast, of the `expected` ones that were issued, or seats that were named.
    """

    survey_id: UUID
    cycle_id: UUID
    code: str
    wave: int
    stands_for: int | None
    questionnaire_version: int | None
    state: WaveState
    completed: int
    expected: int | None
    units: list[UnitResponses]


class NewClosing(Incoming):
    """Why a wave closes although units are below the minimum, or although nobody has decided what
    its findings lead to; left out where there are none."""

    below_minimum_because: Text | None = None
    undecided_findings_because: Text | None = None


class WaveChanged(Outgoing):
    """The state that a wave has reached, with the receipt of the journal."""

    survey_id: UUID
    wave: int
    state: WaveState
    receipt: Receipt | None


@router.post(
    "/opening",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotPlanned,
        SeatsMissing,
        UrnMissing,
        PeerDown,
        PeerMissing,
        PeerRefused,
    ),
)
async def open_wave(
    survey_id: UUID,
    wave: WaveNo,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    same: Precondition,
) -> WaveChanged:
    """Open a planned wave for responses, under the newest questionnaire of the survey.

    One in which ballots are cast has its seats and its urn before.
    """
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    await same.require(lambda: as_read(db, survey, row, permit.caller, ask))
    await hold_survey(db, survey)  # no questionnaire is entered meanwhile
    version = await newest_questionnaire(db, survey)
    take_step(row, WaveStep.OPENING, permit)
    if survey.definition.mode in BALLOTS:
        so_far = (await ballots_of_cycle(db, row.cycle_id, "")).get((survey_id, wave))
        seats, urn = so_far and so_far.seats, so_far and so_far.urn_by
        require_votable(seats=bool(seats), urn=bool(urn))
    row.questionnaire_version = version
    told = {} if version is None else {"questionnaire_version": version}
    return await record_step(db, permit, survey, row, "survey.wave-open", told)


@router.post(
    "/closing",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotStopped,
        NotAttested,
        SamePersonConfirms,
        VoidingUndecided,
        FindingsUndecided,
        UrnUnopened,
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
    """Close a stopped wave and keep what it says about each unit, for good.

    It is refused to whoever attested the wave for a supervising body of the scheme, while one of
    them has not attested it, or objects, while a proposal to void it waits, and, unless a reason
    is given, while nobody has decided what the findings of its screens lead to, or units have too
    few valid answers.
    """
    # Alone: what is counted is what was examined, and nothing changes it until the commit.
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    await same.require(lambda: as_read(db, survey, row, permit.caller, ask))
    take_step(row, WaveStep.CLOSING, permit)
    with db.no_autoflush:  # the wave that is stored is still stopped, as the journal recorded it
        await journal.require_whole(db, str(row.cycle_id))
        about = *SURVEYS, *EXAMINED, "batch_withdrawal", "answer_void"
        await require_intact(db, str(row.cycle_id), *about)
        examined = await _require_examined(db, survey, row, permit.caller)
        await require_true_responses(db, row)
    await require_decided(db, survey, row, new.undecided_findings_because)

    tallies = await tallies_by_unit(db, survey.definition, row)
    results = {
        unit: wave_result(survey.definition, unit, answers_of(tallies.get(unit, ())))
        for unit in await surveyed_units(db, survey)
    }
    refuse_short(survey.definition, results, new.below_minimum_because)
    key = row.key
    await db.execute(
        insert(WaveResultRow),
        [
            {**key, "unit": unit, "tallies": tallies.get(unit, []), **asdict(result)}
            for unit, result in results.items()
        ],
    )
    await _keep_weights(db, row)
    told: dict[str, Any] = {
        "attested_by": survey.definition.attested_by,
        "content_digest": examined.content_digest,
    }
    told |= new.model_dump(exclude_none=True)
    return await record_step(db, permit, survey, row, "survey.wave-closed", told)


async def _require_examined(
    db: AsyncSession, survey: SurveyRow, row: WaveRow, caller: Caller
) -> Examined:
    """Refuse to close a wave that is not attested by others, or is perhaps to be voided; return
    what was attested."""
    examined, said = await examined_in(db, row), await said_of(db, row)
    require_attested(survey.definition.attested_by, said, examined)
    refuse_same(speakers(said, examined), caller.person)
    refuse_undecided(
        proposed.voiding_no for proposed, decided in await voidings_of(db, row) if decided is None
    )
    return examined


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

    Whoever takes part in decisions, or supervises, does not get the units of the own category.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    relations = survey.definition.relations_of(permit.caller.organisation)
    permit.require(relations, row.state)
    return document(await as_read(db, survey, row, permit.caller, ask), request)


async def as_read(
    db: AsyncSession, survey: SurveyRow, row: WaveRow, caller: Caller, ask: Indicators
) -> WaveProgress:
    """Return a wave as a caller reads it."""
    hidden = await hidden_from(ask, survey.cycle_id, caller)
    units = [unit for unit in await surveyed_units(db, survey) if unit not in hidden]
    plan = await plan_of(db, row)
    planned = cells_by_unit(plan.cells) if plan else {}
    completed = None
    if takes_responses(survey.definition):
        completed = await completed_by_unit(db, row)
        done, expected = sum(completed.get(unit, 0) for unit in units), None
    else:
        done, expected = await _forms(db, survey, row) if units else (0, 0)
    return WaveProgress(
        survey_id=row.survey_id,
        cycle_id=survey.cycle_id,
        code=survey.code,
        wave=row.wave,
        stands_for=row.stands_for,
        questionnaire_version=row.questionnaire_version,
        state=WaveState(row.state),
        completed=done,
        expected=expected,
        units=[
            UnitResponses(
                unit=unit,
                completed=None if completed is None else completed.get(unit, 0),
                quota=quota_of(planned[unit]) if unit in planned else None,
            )
            for unit in units
        ],
    )


async def _forms(db: AsyncSession, survey: SurveyRow, row: WaveRow) -> tuple[int, int]:
    """Return how many forms of a wave count, or ballots were cast, and how many there can be."""
    found = await forms_in_cycle(db, row.cycle_id, {survey.definition.mode})
    return found.get((row.survey_id, row.wave), (0, 0))


async def hidden_from(ask: Indicators, cycle_id: UUID, caller: Caller) -> frozenset[str]:
    """Return the units of which a caller who decides or supervises reads nothing before their
    release."""
    if not abstains(caller.organisation, caller.roles):  # most do not: nothing is asked for them
        return frozenset()
    return hidden_by((await ask.published_scheme(cycle_id=cycle_id)).scheme, caller)


def hidden_by(scheme: Scheme, caller: Caller) -> frozenset[str]:
    """Return the units that a scheme hides from a caller: the own category of one who decides or
    supervises."""
    if not abstains(caller.organisation, caller.roles):
        return frozenset()
    own = (set(each.units) for each in scheme.categories if caller.organisation in each.units)
    return frozenset[str]().union(*own)


def take_step(row: WaveRow, step: WaveStep, permit: Permit) -> None:
    """Move a wave, or refuse a step that does not start from its state or is not the caller's."""
    state = WaveState(row.state)
    reached = after(step, state, row.wave)
    permit.require(phase=state)
    row.state = reached


async def record_step(
    db: AsyncSession,
    permit: Permit,
    survey: SurveyRow,
    row: WaveRow,
    event: str,
    more: Mapping[str, Any],
) -> WaveChanged:
    """Write a step of a wave in the journal."""
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=event,
        body={"survey_id": str(row.survey_id), "code": survey.code, "wave": row.wave, **more},
    )
    return WaveChanged(
        survey_id=row.survey_id, wave=row.wave, state=WaveState(row.state), receipt=receipt
    )
