"""Voiding waves and repeating them (作废与重做): the office proposes, the committee decides."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Incoming, Outgoing, Text
from survey.api.waves import WaveNo, take_step
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.links import empty_box
from survey.queries.surveys import (
    Lock,
    NoSuchWave,
    find_wave,
    hold_survey,
    last_wave,
    surveyed_units,
)
from survey.queries.waves import voidings_of, waves_for
from survey.rules.abstention import SECOND_BODY
from survey.rules.decisions import (
    DeciderBarred,
    SamePersonConfirms,
    check_interest,
    check_office,
    refuse_same,
)
from survey.rules.states import (
    STEPS,
    WaveNotRunning,
    WaveNotVoided,
    WaveState,
    WaveStep,
    require,
)
from survey.rules.voiding import (
    VoidingDecided,
    VoidingDecision,
    VoidingRejected,
    VoidingUndecided,
    WaveRepeated,
    check_decision,
    check_repetition,
    refuse_undecided,
)
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow, WaveVoidingDecisionRow, WaveVoidingRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])

VoidingNo = Annotated[int, Path(ge=1, le=1_000_000, description="Number within the wave.")]


class NoSuchVoiding(Missing):
    """It was not proposed to void the wave under this number."""

    zh = "本轮调查没有这一作废建议。"
    remedy = (
        "Look the number up in the list of proposals to void this wave.",
        "请在本轮作废建议清单中查对编号。",
    )


class NewVoiding(Incoming):
    """Why a wave is to be void, and by which document: it counts nowhere and is repeated."""

    reason: Text
    document_no: Text


class NewVoidingDecision(Incoming):
    """A second person's word on a proposal to void a wave; refusing it needs a reason."""

    decision: VoidingDecision
    reason: Text | None = None


class DecidedVoiding(Outgoing):
    """Who decided on a proposal, and how."""

    decision: VoidingDecision
    reason: str | None
    decided_by: str
    decided_at: dt.datetime


class Voiding(Outgoing):
    """A proposal to void a wave; `decided` is null while nobody has decided on it."""

    voiding_no: int
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: dt.datetime
    decided: DecidedVoiding | None


class RecordedVoiding(Voiding):
    """A proposal that has just been made or decided on, with the receipt of the journal."""

    receipt: Receipt | None


class WaveVoidings(Outgoing):
    """All proposals to void a wave, and the waves that repeat it."""

    survey_id: UUID
    wave: int
    state: WaveState
    stands_for: int | None
    voidings: list[Voiding]
    repeated_by: list[int]


class WaveRepetition(Outgoing):
    """The planned wave that repeats a voided one and `stands_for` a wave of the scheme."""

    survey_id: UUID
    wave: int
    stands_for: int
    state: WaveState
    receipt: Receipt | None


@router.post(
    "/voidings",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotRunning,
        VoidingUndecided,
        DeciderBarred,
        PeerMissing,
        PeerRefused,
        PeerDown,
    ),
)
async def propose_voiding(
    survey_id: UUID,
    wave: WaveNo,
    new: NewVoiding,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedVoiding:
    """Propose to void a wave that is open or stopped, while nobody has seen a score of it.

    Where the performance office is barred from a category that is asked about, the body that the
    scheme names does.
    """
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    require(STEPS[WaveStep.VOIDING][0], WaveState(row.state), wave)
    bodies = scheme.second_bodies(units)
    is_body = permit.caller.organisation in bodies
    permit.require({SECOND_BODY} if is_body else (), row.state)
    check_proposer(scheme, units, permit.caller)
    known = await voidings_of(db, row)
    refuse_undecided(each.voiding_no for each, decided in known if decided is None)
    proposed = WaveVoidingRow(
        **row.key,
        voiding_no=1 + len(known),
        **new.model_dump(),
        proposed_by=permit.caller.subject,
        proposed_person=permit.caller.person,
    )
    db.add(proposed)
    await db.flush()
    await db.refresh(proposed)
    told = {"reason": new.reason, "document_no": new.document_no}
    receipt = await _record(db, permit, survey, proposed, "survey.voiding-proposed", told)
    return RecordedVoiding(**dict(_shown(proposed, None)), receipt=receipt)


@router.post(
    "/voidings/{voiding_no}/confirmation",
    status_code=201,
    responses=documents(
        NoSuchWave,
        NoSuchVoiding,
        VoidingDecided,
        VoidingRejected,
        WaveNotRunning,
        DeciderBarred,
        SamePersonConfirms,
        PeerMissing,
        PeerRefused,
        PeerDown,
    ),
)
async def confirm_voiding(
    survey_id: UUID,
    wave: WaveNo,
    voiding_no: VoidingNo,
    new: NewVoidingDecision,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedVoiding:
    """Void a wave as somebody else proposed, or refuse it.

    Nobody decides whose unit is assessed in a category that the survey asks about.
    """
    check_decision(new.decision, new.reason)
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    known = {each.voiding_no: (each, decided) for each, decided in await voidings_of(db, row)}
    if voiding_no not in known:
        raise NoSuchVoiding(f"There is no proposal {voiding_no}.", f"没有第{voiding_no}号建议。")
    proposed, decided = known[voiding_no]
    if decided is not None:
        raise VoidingDecided(
            f"Proposal {voiding_no} has been decided on.", f"第{voiding_no}号建议已有决定。"
        )
    require(STEPS[WaveStep.VOIDING][0], WaveState(row.state), wave)
    permit.require(phase=row.state)
    check_interest(permit.caller.organisation, scheme.competing_with(units))
    refuse_same([proposed.proposed_person], permit.caller.person)
    decided = WaveVoidingDecisionRow(
        **row.key,
        voiding_no=voiding_no,
        **new.model_dump(),
        decided_by=permit.caller.subject,
        decided_person=permit.caller.person,
    )
    db.add(decided)
    event = "survey.voiding-refused"
    if new.decision is VoidingDecision.CONFIRM:
        take_step(row, WaveStep.VOIDING, permit)
        await empty_box(db, row)
        event = "survey.wave-voided"
    await db.flush()
    await db.refresh(decided)
    told = {"reason": new.reason, "document_no": proposed.document_no}
    receipt = await _record(db, permit, survey, proposed, event, told)
    return RecordedVoiding(**dict(_shown(proposed, decided)), receipt=receipt)


@router.get("/voidings", responses=documents(NoSuchWave))
async def list_voidings(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit
) -> WaveVoidings:
    """List the proposals to void a wave with what was decided on them, and the waves that repeat
    it."""
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    return WaveVoidings(
        survey_id=survey_id,
        wave=wave,
        state=WaveState(row.state),
        stands_for=row.stands_for,
        voidings=[_shown(*each) for each in await voidings_of(db, row)],
        repeated_by=[each.wave for each in await waves_for(db, row) if each.wave > wave],
    )


@router.post(
    "/repetition",
    status_code=201,
    responses=documents(NoSuchWave, WaveNotVoided, WaveRepeated),
)
async def repeat_wave(
    survey_id: UUID, wave: WaveNo, db: Transaction, permit: Permit
) -> WaveRepetition:
    """Plan a wave under the next number that is instead of a voided one."""
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    require((WaveState.VOIDED,), WaveState(row.state), wave)
    permit.require(phase=row.state)
    # Two voided waves of one survey may be repeated at once; their numbers come one by one.
    await hold_survey(db, survey)
    check_repetition(wave, [each.wave for each in await waves_for(db, row)])
    number = 1 + await last_wave(db, survey)
    new = {**row.key, "wave": number, "stands_for": row.planned, "state": WaveState.PLANNED}
    await db.execute(insert(WaveRow), [new])
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="survey.wave-repeated",
        body={
            "survey_id": str(row.survey_id),
            "code": survey.code,
            "wave": number,
            "stands_for": row.planned,
        },
    )
    return WaveRepetition(
        survey_id=survey_id,
        wave=number,
        stands_for=row.planned,
        state=WaveState.PLANNED,
        receipt=receipt,
    )


def check_proposer(scheme: Scheme, units: list[str], caller: Caller) -> None:
    """Refuse who has an interest in a unit that is asked about, and the office where it is
    barred."""
    check_interest(caller.organisation, scheme.competing_with(units))
    bodies = scheme.second_bodies(units)
    is_body = caller.organisation in bodies and SECOND_BODY in caller.roles
    check_office(bodies, acts_for=is_body)


async def asked_about(
    reading: AsyncSession, survey_id: UUID, wave: int, ask: Indicators
) -> tuple[Scheme, list[str]]:
    """Return the published scheme and the units that a survey asks about."""
    survey, _ = await find_wave(reading, survey_id, wave)
    units = list(await surveyed_units(reading, survey))
    cycle_id = survey.cycle_id
    await reading.close()  # no connection waits for other services
    return (await ask.published_scheme(cycle_id=cycle_id)).scheme, units


def _shown(proposed: WaveVoidingRow, decided: WaveVoidingDecisionRow | None) -> Voiding:
    return Voiding(
        voiding_no=proposed.voiding_no,
        reason=proposed.reason,
        document_no=proposed.document_no,
        proposed_by=proposed.proposed_by,
        proposed_at=proposed.proposed_at,
        decided=decided and DecidedVoiding.model_validate(decided),
    )


async def _record(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    proposed: WaveVoidingRow,
    event: str,
    more: Mapping[str, Any],
) -> Receipt | None:
    return await journal.record(
        db,
        chain=str(proposed.cycle_id),
        caller=permit.caller,
        event=event,
        body={
            "survey_id": str(proposed.survey_id),
            "code": survey.code,
            "wave": proposed.wave,
            "voiding_no": proposed.voiding_no,
            **more,
        },
    )
