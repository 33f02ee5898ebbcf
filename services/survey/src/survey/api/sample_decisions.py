"""Decisions on short samples: what counts where too few answered in a wave, and by whose word."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.waves import WaveNo, hidden_by, hidden_from
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.samples import samples_of_wave
from survey.queries.surveys import Lock, NoSuchWave, find_wave, questionnaires_asked, surveyed_units
from survey.queries.waves import waves_for
from survey.rules.abstention import SECOND_BODY
from survey.rules.decisions import (
    DeciderBarred,
    DecisionConfirmed,
    DecisionRejected,
    SamePersonConfirms,
    WaveStillOpen,
    check_decision,
    check_interest,
    check_office,
    check_without,
    refuse_same,
)
from survey.rules.minimum import Treatment
from survey.rules.states import WaveState
from survey.rules.voiding import WaveRepeated, refuse_repeated
from survey.tables.samples import SampleConfirmationRow, SampleDecisionRow
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/sample-decisions", tags=["waves"])

DecisionNo = Annotated[int, Path(ge=1, le=1_000_000, description="Number within the wave.")]


class NoSuchDecision(Missing):
    """The wave has no such decision."""

    zh = "本轮调查没有这一决定。"
    remedy = (
        "Look the number up in the list of decisions about this wave.",
        "请在本轮样本处理决定清单中查对编号。",
    )


class NewSampleDecision(Incoming):
    """What shall count for units with too few answers in a closed wave, why, and by which document.

    Of a voided wave it is other_waves or not_rated, and counts until a wave that repeats it closes.

    `treatment` is counted (the answers there are), other_waves (those of them that count),
    pooled (the answers of all waves together), category_mean (of the units of its category whose
    own answers count) or not_rated (its points go to the siblings).
    """

    units: Annotated[list[Code], Field(min_length=1, max_length=1000)]
    treatment: Treatment
    reason: Text
    document_no: Text


class Confirmation(Outgoing):
    """Who put a decision in force, and when by the database's clock."""

    confirmed_by: str
    confirmed_at: dt.datetime


class SampleDecision(Outgoing):
    """A decision on a wave in which too few answered; without confirmation it changes nothing."""

    decision_no: int
    units: list[str]
    treatment: Treatment
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: dt.datetime
    confirmation: Confirmation | None


class RecordedDecision(SampleDecision):
    """A decision that has just been proposed or confirmed, with the receipt of the journal."""

    receipt: Receipt | None


class SampleDecisions(Outgoing):
    """All decisions on a wave, in the order in which they were proposed."""

    survey_id: UUID
    wave: int
    decisions: list[SampleDecision]


@router.post(
    "",
    status_code=201,
    responses=documents(
        NoSuchWave,
        DecisionRejected,
        WaveStillOpen,
        WaveRepeated,
        DeciderBarred,
        PeerMissing,
        PeerRefused,
        PeerDown,
    ),
)
async def propose_sample_decision(
    survey_id: UUID,
    wave: WaveNo,
    new: NewSampleDecision,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    indicators: AskIndicators,
) -> RecordedDecision:
    """Propose what shall count for units of a closed wave in which too few answered, or without a
    voided wave.

    Where the performance office is barred from a category, the body that the scheme names does.
    """
    scheme = await _scheme(reading, survey_id, wave, indicators)
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    acts_for = scheme.acts_for(permit.caller.organisation, new.units)
    permit.require({SECOND_BODY} if acts_for else (), row.state)
    check_interest(permit.caller.organisation, scheme.competing_with(new.units))
    is_body = acts_for and SECOND_BODY in permit.caller.roles
    check_office(scheme.second_bodies(new.units), acts_for=is_body)
    if row.state == WaveState.VOIDED:
        await _refuse_repeated(db, row)
        known = await surveyed_units(db, survey, among=new.units)
        check_without(survey.definition, known, new.units, new.treatment)
    else:
        samples, state = await samples_of_wave(db, row), WaveState(row.state)
        alike = len(await questionnaires_asked(db, survey)) <= 1
        check_decision(survey.definition, state, samples, new.units, new.treatment, alike=alike)
    earlier = await _all(db, row)
    decision = SampleDecisionRow(
        **row.key,
        decision_no=1 + len(earlier),
        **new.model_dump(),
        proposed_by=permit.caller.subject,
        proposed_person=permit.caller.person,
    )
    db.add(decision)
    await db.flush()
    await db.refresh(decision)
    return await _record(db, permit, survey, "proposed", decision, None)


@router.post(
    "/{decision_no}/confirmation",
    status_code=201,
    responses=documents(
        NoSuchWave,
        NoSuchDecision,
        DecisionConfirmed,
        DeciderBarred,
        SamePersonConfirms,
        WaveRepeated,
        PeerMissing,
        PeerRefused,
        PeerDown,
    ),
)
async def confirm_sample_decision(
    survey_id: UUID,
    wave: WaveNo,
    decision_no: DecisionNo,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedDecision:
    """Put a decision that somebody else proposed into force; it replaces an earlier one about the
    same units.

    To the caller, decisions about other units of the own category do not exist.
    """
    scheme = await _scheme(reading, survey_id, wave, ask)
    hidden = hidden_by(scheme, permit.caller)
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    permit.require(phase=row.state)
    known = await _all(db, row)
    found = next((each for each in known if each[0].decision_no == decision_no), None)
    own = permit.caller.organisation
    if found is None or (hidden & set(found[0].units) and own not in found[0].units):
        raise NoSuchDecision(f"There is no decision {decision_no}.", f"没有第{decision_no}号决定。")
    decision, confirmed = found
    check_interest(permit.caller.organisation, scheme.competing_with(decision.units))
    if confirmed is not None:
        raise DecisionConfirmed(
            f"Decision {decision_no} is in force.", f"第{decision_no}号决定已经生效。"
        )
    refuse_same([decision.proposed_person], permit.caller.person)
    await _refuse_repeated(db, row)
    confirmation = SampleConfirmationRow(
        **row.key,
        decision_no=decision_no,
        position=1 + sum(confirmed is not None for _, confirmed in known),
        confirmed_by=permit.caller.subject,
        confirmed_person=permit.caller.person,
    )
    db.add(confirmation)
    await db.flush()
    await db.refresh(confirmation)
    return await _record(db, permit, survey, "confirmed", decision, confirmation)


@router.get("", responses=documents(NoSuchWave, PeerDown, PeerMissing, PeerRefused))
async def list_sample_decisions(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit, ask: AskIndicators
) -> SampleDecisions:
    """List the decisions about samples of a wave, proposed and confirmed.

    Whoever takes part in decisions does not get those about units of the own category.
    """
    _, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    hidden = await hidden_from(ask, row.cycle_id, permit.caller)
    return SampleDecisions(
        survey_id=survey_id,
        wave=wave,
        decisions=[
            _shown(*each) for each in await _all(db, row) if not hidden & set(each[0].units)
        ],
    )


async def _scheme(
    reading: AsyncSession, survey_id: UUID, wave: int, indicators: Indicators
) -> Scheme:
    survey, _ = await find_wave(reading, survey_id, wave)
    cycle_id = survey.cycle_id
    await reading.close()  # no connection waits for other services
    return (await indicators.published_scheme(cycle_id=cycle_id)).scheme


async def _refuse_repeated(db: AsyncSession, row: WaveRow) -> None:
    """Refuse a decision about a voided wave that has been repeated."""
    if row.state == WaveState.VOIDED:
        others = await waves_for(db, row)
        refuse_repeated(row.wave, [o.wave for o in others if o.state == WaveState.CLOSED])


async def _all(
    db: AsyncSession, wave: WaveRow
) -> Sequence[tuple[SampleDecisionRow, SampleConfirmationRow | None]]:
    rows = await db.execute(
        select(SampleDecisionRow, SampleConfirmationRow)
        .outerjoin(SampleConfirmationRow)
        .where(
            SampleDecisionRow.cycle_id == wave.cycle_id,
            SampleDecisionRow.survey_id == wave.survey_id,
            SampleDecisionRow.wave == wave.wave,
        )
        .order_by(SampleDecisionRow.decision_no)
    )
    return [(decision, confirmation) for decision, confirmation in rows]


def _shown(
    decision: SampleDecisionRow, confirmation: SampleConfirmationRow | None
) -> SampleDecision:
    return SampleDecision(
        decision_no=decision.decision_no,
        units=decision.units,
        treatment=Treatment(decision.treatment),
        reason=decision.reason,
        document_no=decision.document_no,
        proposed_by=decision.proposed_by,
        proposed_at=decision.proposed_at,
        confirmation=confirmation and Confirmation.model_validate(confirmation),
    )


async def _record(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    step: str,
    decision: SampleDecisionRow,
    confirmation: SampleConfirmationRow | None,
) -> RecordedDecision:
    receipt = await journal.record(
        db,
        chain=str(decision.cycle_id),
        caller=permit.caller,
        event=f"survey.sample-decision-{step}",
        body={
            "survey_id": str(decision.survey_id),
            "code": survey.code,
            "wave": decision.wave,
            "decision_no": decision.decision_no,
            "units": decision.units,
            "treatment": decision.treatment,
            "reason": decision.reason,
            "document_no": decision.document_no,
        },
    )
    return RecordedDecision(**dict(_shown(decision, confirmation)), receipt=receipt)
