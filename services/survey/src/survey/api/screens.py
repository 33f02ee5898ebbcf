"""Signs that answers of a wave were rehearsed, and what is decided about them (疑点筛查)."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.findings import (
    decided_findings,
    screen_decisions_of,
    screening_of,
    void_answers,
)
from survey.api.sample_decisions import Confirmation, DecisionNo
from survey.api.voidings import asked_about, check_proposer
from survey.api.waves import WaveNo, hidden_from
from survey.peers import AskIndicators, Indicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.surveys import Lock, NoSuchWave, find_wave, surveyed_units
from survey.rules.abstention import SECOND_BODY
from survey.rules.decisions import (
    DeciderBarred,
    DecisionConfirmed,
    SamePersonConfirms,
    check_interest,
    refuse_same,
)
from survey.rules.screens.counts import About
from survey.rules.screens.decisions import (
    ScreenDecisionRejected,
    ScreenVerdict,
    check_screen_decision,
    found,
    undecided,
)
from survey.rules.screens.findings import Sign
from survey.rules.states import WaveNotStopped, WaveState, require
from survey.tables.responses import ScreenConfirmationRow, ScreenDecisionRow
from survey.tables.surveys import SurveyRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])


class NoSuchScreenDecision(Missing):
    """The wave has no such decision on findings."""

    zh = "本轮调查没有这一线索处理决定。"
    remedy = (
        "Look the number up in the list of decisions on the findings of this wave.",
        "请在本轮线索处理决定清单中查对编号。",
    )


class NamedFinding(Incoming):
    """A finding by its screen and by the unit or interviewer that it is about."""

    screen: Code
    about: About
    subject: Code


class NewScreenDecision(Incoming):
    """What findings of a stopped wave lead to, why, and by which document.

    `keep` leaves all answers as they are; `void_interviewer` has those count nowhere that
    `interviewer` brought in about `units`, or about all where none is named.
    """

    verdict: ScreenVerdict
    findings: Annotated[list[NamedFinding], Field(min_length=1, max_length=200)]
    interviewer: Code | None = None
    units: Annotated[list[Code], Field(max_length=1000)] = Field(default_factory=list)
    reason: Text
    document_no: Text


class TestedScreen(Outgoing):
    """How many units or interviewers a screen could hold against others."""

    __test__ = False

    screen: str
    about: About
    subjects: int


class ScreenFinding(Outgoing):
    """A sign that somebody should look at; it is no proof, and changes no score.

    `observed` of `of` stand against the `expected`; `chance` is how likely an honest subject shows
    as much, at most the `threshold`. `is_decided` once a decision about it is in force.
    """

    screen: str
    about: About
    subject: str
    observed: str
    of: int
    expected: str | None
    chance: str | None
    threshold: str | None
    sentence: str
    sentence_zh: str
    is_decided: bool


class WaveScreens(Outgoing):
    """What the screens found in a stopped or closed wave, compared with an earlier wave if any."""

    survey_id: UUID
    wave: int
    state: WaveState
    earlier_wave: int | None
    tested: list[TestedScreen]
    findings: list[ScreenFinding]


class DecidedFinding(Outgoing):
    """A finding as it was when it was decided about."""

    screen: str
    about: About
    subject: str
    observed: str
    of: int
    sentence: str
    sentence_zh: str


class ScreenDecision(Outgoing):
    """A decision on findings; without confirmation it changes nothing."""

    decision_no: int
    verdict: ScreenVerdict
    findings: list[DecidedFinding]
    interviewer: str | None
    units: list[str]
    reason: str
    document_no: str
    proposed_by: str
    proposed_at: dt.datetime
    confirmation: Confirmation | None


class RecordedScreenDecision(ScreenDecision):
    """A decision that has just been proposed or confirmed, with the receipt of the journal."""

    receipt: Receipt | None


class ScreenDecisions(Outgoing):
    """All decisions on the findings of a wave, in the order in which they were proposed."""

    survey_id: UUID
    wave: int
    decisions: list[ScreenDecision]


@router.get(
    "/screens",
    responses=documents(
        NoSuchWave, WaveNotStopped, DeciderBarred, PeerDown, PeerMissing, PeerRefused
    ),
)
async def read_screens(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit, ask: AskIndicators
) -> WaveScreens:
    """Tell the signs in a stopped or closed wave that answers were rehearsed or made up.

    Supervising bodies whose unit is assessed in a category that the survey asks about abstain.
    What anybody said is not repeated.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    require((WaveState.STOPPED, WaveState.CLOSED), WaveState(row.state), wave)
    await _refuse_competing(db, survey, permit, ask)
    screened = await screening_of(db, survey, row)
    open_ones = undecided(screened.screening.findings, await decided_findings(db, row))
    return WaveScreens(
        survey_id=survey_id,
        wave=wave,
        state=WaveState(row.state),
        earlier_wave=screened.earlier_wave,
        tested=[
            TestedScreen(screen=screen, about=about, subjects=subjects)
            for (about, screen), subjects in screened.screening.tested.items()
        ],
        findings=[
            _shown(each, is_decided=each not in open_ones) for each in screened.screening.findings
        ],
    )


@router.post(
    "/screen-decisions",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotStopped,
        ScreenDecisionRejected,
        DeciderBarred,
        PeerMissing,
        PeerRefused,
        PeerDown,
    ),
)
async def propose_screen_decision(
    survey_id: UUID,
    wave: WaveNo,
    new: NewScreenDecision,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedScreenDecision:
    """Propose what findings of a stopped wave lead to.

    Where the performance office is barred from a category that is asked about, the body that the
    scheme names does. Void answers count nowhere once it is confirmed; the wave itself is voided by
    a proposal of its own.
    """
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    require((WaveState.STOPPED,), WaveState(row.state), wave)
    is_body = permit.caller.organisation in scheme.second_bodies(units)
    permit.require({SECOND_BODY} if is_body else (), row.state)
    check_proposer(scheme, units, permit.caller)
    screened = await screening_of(db, survey, row)
    findings = {found(each).name: each for each in screened.screening.findings}
    named = list(dict.fromkeys((each.screen, each.about, each.subject) for each in new.findings))
    void = new.interviewer, new.units
    check_screen_decision(new.verdict, named, findings, void, screened.asked)
    decision = ScreenDecisionRow(
        **row.key,
        decision_no=1 + len(await screen_decisions_of(db, row)),
        verdict=new.verdict,
        findings=[_decided(findings[name]) for name in named],
        interviewer=new.interviewer,
        units=sorted(set(new.units)),
        reason=new.reason,
        document_no=new.document_no,
        proposed_by=permit.caller.subject,
        proposed_person=permit.caller.person,
    )
    db.add(decision)
    await db.flush()
    await db.refresh(decision)
    return await _record(db, permit, survey, "proposed", decision, None)


@router.post(
    "/screen-decisions/{decision_no}/confirmation",
    status_code=201,
    responses=documents(
        NoSuchWave,
        NoSuchScreenDecision,
        WaveNotStopped,
        DecisionConfirmed,
        DeciderBarred,
        SamePersonConfirms,
        PeerMissing,
        PeerRefused,
        PeerDown,
    ),
)
async def confirm_screen_decision(
    survey_id: UUID,
    wave: WaveNo,
    decision_no: DecisionNo,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> RecordedScreenDecision:
    """Put a decision on findings that somebody else proposed into force.

    Nobody decides whose unit is assessed in a category that the survey asks about. Attestations of
    the wave lapse where answers become void.
    """
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    known = {each.decision_no: (each, sure) for each, sure in await screen_decisions_of(db, row)}
    if decision_no not in known:
        raise NoSuchScreenDecision(
            f"There is no decision {decision_no}.", f"没有第{decision_no}号决定。"
        )
    decision, confirmed = known[decision_no]
    require((WaveState.STOPPED,), WaveState(row.state), wave)
    permit.require(phase=row.state)
    check_interest(permit.caller.organisation, scheme.competing_with(units))
    if confirmed is not None:
        raise DecisionConfirmed(
            f"Decision {decision_no} is in force.", f"第{decision_no}号决定已经生效。"
        )
    refuse_same([decision.proposed_person], permit.caller.person)
    confirmation = ScreenConfirmationRow(
        **row.key,
        decision_no=decision_no,
        confirmed_by=permit.caller.subject,
        confirmed_person=permit.caller.person,
    )
    db.add(confirmation)
    if decision.interviewer is not None:
        await void_answers(db, row, decision.interviewer, decision.units, decision_no)
    await db.flush()
    await db.refresh(confirmation)
    return await _record(db, permit, survey, "confirmed", decision, confirmation)


@router.get(
    "/screen-decisions",
    responses=documents(NoSuchWave, DeciderBarred, PeerDown, PeerMissing, PeerRefused),
)
async def list_screen_decisions(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit, ask: AskIndicators
) -> ScreenDecisions:
    """List the decisions on the findings of a wave, proposed and confirmed.

    Whoever takes part in decisions, or supervises, abstains where the own unit is assessed in a
    category that the survey asks about.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    await _refuse_competing(db, survey, permit, ask)
    decisions = [_listed(*each) for each in await screen_decisions_of(db, row)]
    return ScreenDecisions(survey_id=survey_id, wave=wave, decisions=decisions)


async def _refuse_competing(
    db: AsyncSession, survey: SurveyRow, permit: Permission, ask: Indicators
) -> None:
    """Refuse whose own category the survey asks about: each finding compares all units."""
    hidden = await hidden_from(ask, survey.cycle_id, permit.caller)
    if hidden & set(await surveyed_units(db, survey)):
        check_interest(permit.caller.organisation, hidden)


def _shown(finding: Sign, *, is_decided: bool) -> ScreenFinding:
    return ScreenFinding(
        screen=finding.screen,
        about=finding.about,
        subject=finding.subject,
        observed=finding.observed,
        of=finding.of,
        expected=finding.expected,
        chance=finding.chance,
        threshold=finding.threshold,
        sentence=finding.en,
        sentence_zh=finding.zh,
        is_decided=is_decided,
    )


def _decided(finding: Sign) -> dict[str, Any]:
    """Return a finding as it is kept with a decision."""
    return {**found(finding)._asdict(), "sentence": finding.en, "sentence_zh": finding.zh}


def _listed(
    decision: ScreenDecisionRow, confirmation: ScreenConfirmationRow | None
) -> ScreenDecision:
    return ScreenDecision(
        decision_no=decision.decision_no,
        verdict=ScreenVerdict(decision.verdict),
        findings=[DecidedFinding(**each) for each in decision.findings],
        interviewer=decision.interviewer,
        units=decision.units,
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
    decision: ScreenDecisionRow,
    confirmation: ScreenConfirmationRow | None,
) -> RecordedScreenDecision:
    receipt = await journal.record(
        db,
        chain=str(decision.cycle_id),
        caller=permit.caller,
        event=f"survey.screen-decision-{step}",
        body={
            "survey_id": str(decision.survey_id),
            "code": survey.code,
            "wave": decision.wave,
            "decision_no": decision.decision_no,
            "verdict": decision.verdict,
            "findings": decision.findings,
            "interviewer": decision.interviewer,
            "units": decision.units,
            "reason": decision.reason,
            "document_no": decision.document_no,
        },
    )
    return RecordedScreenDecision(**dict(_listed(decision, confirmation)), receipt=receipt)
