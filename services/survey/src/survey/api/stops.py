"""Stopped waves: nothing more comes in while supervising bodies examine what did (停止与见证)."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.boxed_forms import take_forms
from survey.api.waves import WaveChanged, WaveNo, as_read, record_step, take_step
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.counts import meeting_counts
from survey.queries.links import has_emptied_box
from survey.queries.surveys import Lock, NoSuchWave, find_wave
from survey.queries.waves import attestations_of, examined_in, reopenings_of, said_of
from survey.rules.attestation import (
    AttestedBefore,
    ContentChanged,
    Verdict,
    check_verdict,
    missing,
    objecting,
    speakers,
    standing,
)
from survey.rules.counts import CountsUnconfirmed, refuse_waiting
from survey.rules.decisions import SamePersonConfirms, refuse_same
from survey.rules.links import FormsCounted
from survey.rules.states import WaveNotOpen, WaveNotStopped, WaveState, WaveStep, require
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveAttestationRow, WaveReopeningRow, WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}", tags=["waves"])


class NewReopening(Incoming):
    """Why a stopped wave is opened again: too few answered, a batch is to be corrected."""

    reason: Text


class NewAttestation(Incoming):
    """What a supervising body says of a stopped wave.

    `content_digest` is that of what it examined, as the list of attestations gives it; an objection
    says why in `reason`.
    """

    verdict: Verdict
    content_digest: Code
    reason: Text


class Attestation(Outgoing):
    """What a supervising body said of a wave; it `holds` while the wave is what was examined."""

    body: str
    stop_no: int
    content_digest: str
    verdict: Verdict
    reason: str
    given_by: str
    given_at: dt.datetime
    holds: bool


class RecordedAttestation(Attestation):
    """What a body has just said, with the receipt of the journal."""

    receipt: Receipt | None


class Reopening(Outgoing):
    """That a stopped wave was opened again; what was said of that stop has lapsed."""

    stop_no: int
    reason: str
    reopened_by: str
    reopened_at: dt.datetime


class WaveAttestations(Outgoing):
    """How far a wave has been examined.

    `bodies` are those that the scheme has attest it; it closes once none is `missing` and none
    `objecting`. `stop_no` and `content_digest` are null unless it is stopped or closed: the SHA-256
    of the numbers and digests of its batches, and of what was voided of them.
    """

    survey_id: UUID
    wave: int
    state: WaveState
    stop_no: int | None
    content_digest: str | None
    bodies: list[str]
    missing: list[str]
    objecting: list[str]
    attestations: list[Attestation]
    reopenings: list[Reopening]


@router.post(
    "/stopping",
    status_code=201,
    responses=documents(
        NoSuchWave,
        WaveNotOpen,
        CountsUnconfirmed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def stop_wave(
    survey_id: UUID,
    wave: WaveNo,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    same: Precondition,
) -> WaveChanged:
    """Stop an open wave: it takes no more responses while it is examined and attested.

    Forms that were answered by links become a batch of responses of their own, in no order.
    """
    # Alone, as every step: a batch that was accepted has committed, every later one is refused.
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    await same.require(lambda: as_read(db, survey, row, permit.caller, ask))
    take_step(row, WaveStep.STOPPING, permit)
    refuse_waiting([each.count_no for each, steps in await meeting_counts(db, row) if not steps])
    await take_forms(db, permit, survey, row)
    return await record_step(db, permit, survey, row, "survey.wave-stopped", {})


@router.post(
    "/reopening",
    status_code=201,
    responses=documents(
        NoSuchWave, WaveNotStopped, FormsCounted, PeerDown, PeerMissing, PeerRefused
    ),
)
async def reopen_wave(
    survey_id: UUID,
    wave: WaveNo,
    new: NewReopening,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    same: Precondition,
) -> WaveChanged:
    """Open a stopped wave again, for more responses; what was said of it lapses.

    One whose online forms have been counted is not: the next stop would part later ones from them.
    """
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    await same.require(lambda: as_read(db, survey, row, permit.caller, ask))
    examined = await examined_in(db, row)
    take_step(row, WaveStep.REOPENING, permit)
    with db.no_autoflush:
        if await has_emptied_box(db, row):
            raise FormsCounted("Forms have become responses.", "在线问卷已经计入应答。")
    db.add(
        WaveReopeningRow(
            cycle_id=row.cycle_id,
            survey_id=row.survey_id,
            wave=row.wave,
            stop_no=examined.stop_no,
            reason=new.reason,
            reopened_by=permit.caller.subject,
            reopened_person=permit.caller.person,
        )
    )
    told = {"stop_no": examined.stop_no, "reason": new.reason}
    return await record_step(db, permit, survey, row, "survey.wave-reopened", told)


@router.post(
    "/attestations",
    status_code=201,
    responses=documents(
        NoSuchWave, WaveNotStopped, ContentChanged, AttestedBefore, SamePersonConfirms
    ),
)
async def attest_wave(
    survey_id: UUID, wave: WaveNo, new: NewAttestation, db: Transaction, permit: Permit
) -> RecordedAttestation:
    """Attest a stopped wave as a supervising body of the scheme, or object to it.

    A body says it once of what it examined, and again when the wave was reopened or holds something
    else; nobody speaks for two of them.
    """
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    require((WaveState.STOPPED,), WaveState(row.state), wave)
    body = permit.caller.organisation
    permit.require(survey.definition.relations_of(body), row.state)
    examined = await examined_in(db, row)
    before = await said_of(db, row)
    check_verdict(body or "", new.content_digest, before, examined, wave)
    refuse_same(speakers(before, examined), permit.caller.person)
    said = WaveAttestationRow(
        cycle_id=row.cycle_id,
        survey_id=row.survey_id,
        wave=row.wave,
        stop_no=examined.stop_no,
        body=body,
        **new.model_dump(),
        given_by=permit.caller.subject,
        given_person=permit.caller.person,
    )
    db.add(said)
    await db.flush()
    await db.refresh(said)
    receipt = await _record(db, permit, survey, row, said)
    return RecordedAttestation(**dict(_shown(said, holds=True)), receipt=receipt)


@router.get("/attestations", responses=documents(NoSuchWave))
async def list_attestations(
    survey_id: UUID, wave: WaveNo, db: Snapshot, permit: Permit
) -> WaveAttestations:
    """List what supervising bodies said of a wave, who is still to say something, and why it was
    reopened."""
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    permit.require(survey.definition.relations_of(permit.caller.organisation), row.state)
    is_examined = row.state in {WaveState.STOPPED, WaveState.CLOSED}
    examined = await examined_in(db, row) if is_examined else None
    said = await said_of(db, row)
    verdicts = standing(said, examined) if examined else {}
    bodies = survey.definition.attested_by
    return WaveAttestations(
        survey_id=survey_id,
        wave=wave,
        state=WaveState(row.state),
        stop_no=examined and examined.stop_no,
        content_digest=examined and examined.content_digest,
        bodies=list(bodies),
        missing=missing(bodies, verdicts) if examined else [],
        objecting=objecting(bodies, verdicts),
        attestations=[
            _shown(each, holds=one.examined == examined)
            for each, one in zip(await attestations_of(db, row), said, strict=True)
        ],
        reopenings=[Reopening.model_validate(each) for each in await reopenings_of(db, row)],
    )


def _shown(row: WaveAttestationRow, *, holds: bool) -> Attestation:
    return Attestation(
        body=row.body,
        stop_no=row.stop_no,
        content_digest=row.content_digest,
        verdict=Verdict(row.verdict),
        reason=row.reason,
        given_by=row.given_by,
        given_at=row.given_at,
        holds=holds,
    )


async def _record(
    db: AsyncSession, permit: Permit, survey: SurveyRow, row: WaveRow, said: WaveAttestationRow
) -> Receipt | None:
    body: dict[str, Any] = {
        "survey_id": str(row.survey_id),
        "code": survey.code,
        "wave": row.wave,
        "stop_no": said.stop_no,
        "content_digest": said.content_digest,
        "body": said.body,
        "reason": said.reason,
    }
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"survey.wave-{said.verdict}",
        body=body,
    )
