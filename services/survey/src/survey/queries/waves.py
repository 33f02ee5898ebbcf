"""What was said and decided of a wave between its opening and its end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import (
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from survey.queries.counts import is_in, meeting_counts
from survey.queries.responses import withdrawn
from survey.queries.surveys import in_survey, in_wave
from survey.rules.attestation import Examined, Said, Verdict
from survey.rules.states import WaveState
from survey.tables.counts import BallotRow
from survey.tables.responses import AnswerVoidRow, BatchRow
from survey.tables.waves import (
    WaveAttestationRow,
    WaveReopeningRow,
    WaveRow,
    WaveVoidingDecisionRow,
    WaveVoidingRow,
)

EXAMINED = (
    *("wave_reopening", "wave_attestation", "wave_voiding", "wave_voiding_decision"),
    *("screen_decision", "screen_confirmation"),
    *("meeting_count", "meeting_count_step"),
    *("seat", "urn", "ballot", "voter", "urn_opening"),
    *("form_link", "form_link_use", "form_link_withdrawal", "boxed_form", "seat_replacement"),
)
"""The tables by which a wave may close besides."""


async def reopenings_of(db: AsyncSession, wave: WaveRow) -> Sequence[WaveReopeningRow]:
    """Return how often and why a wave was opened again."""
    of = WaveReopeningRow
    return (await db.scalars(select(of).where(*in_wave(wave, of)).order_by(of.stop_no))).all()


async def examined_in(db: AsyncSession, wave: WaveRow) -> Examined:
    """Return what there is to examine in a wave: which stop it is, and what the wave holds."""
    stop_no = 1 + len(await reopenings_of(db, wave))
    of, void = BatchRow, AnswerVoidRow
    standing = select(of.batch_no, of.digest).where(*in_wave(wave, of), ~withdrawn(of))
    voided = select(void.interviewer, void.unit).where(*in_wave(wave, void))
    ballots = select(func.count()).where(*in_wave(wave, BallotRow))
    content = {
        "batches": sorted([list(each) for each in await db.execute(standing)]),
        "voided_answers": sorted([list(each) for each in await db.execute(voided)]),
        "counts": [each.count_no for each, steps in await meeting_counts(db, wave) if is_in(steps)],
        "ballots": await db.scalar(ballots),
    }
    return Examined(stop_no, journal.sha256(content))


async def attestations_of(db: AsyncSession, wave: WaveRow) -> Sequence[WaveAttestationRow]:
    """Return what supervising bodies said of a wave, in the order in which they did."""
    of = WaveAttestationRow
    rows = await db.scalars(
        select(of).where(*in_wave(wave, of)).order_by(of.stop_no, of.given_at, of.body)
    )
    return rows.all()


async def said_of(db: AsyncSession, wave: WaveRow) -> list[Said]:
    """Return what supervising bodies said of a wave, in the form that the rules take."""
    return [
        Said(
            row.body,
            Verdict(row.verdict),
            Examined(row.stop_no, row.content_digest),
            row.given_person,
        )
        for row in await attestations_of(db, wave)
    ]


async def voidings_of(
    db: AsyncSession, wave: WaveRow
) -> Sequence[tuple[WaveVoidingRow, WaveVoidingDecisionRow | None]]:
    """Return the proposals to void a wave, each with what was decided on it."""
    of = WaveVoidingRow
    rows = await db.execute(
        select(of, WaveVoidingDecisionRow)
        .outerjoin(WaveVoidingDecisionRow)
        .where(*in_wave(wave, of))
        .order_by(of.voiding_no)
    )
    return [(proposed, decided) for proposed, decided in rows]


async def open_voidings(db: AsyncSession, cycle_id: UUID) -> Sequence[WaveVoidingRow]:
    """Return the proposals to void waves of a cycle on which nobody has decided."""
    of, decided = WaveVoidingRow, WaveVoidingDecisionRow
    rows = await db.scalars(
        select(of)
        .outerjoin(decided)
        .where(of.cycle_id == cycle_id, decided.decision.is_(None))
        .order_by(of.survey_id, of.wave, of.voiding_no)
    )
    return rows.all()


async def waves_for(db: AsyncSession, wave: WaveRow) -> Sequence[WaveRow]:
    """Return the waves that repeat a wave, or repeat the same one as it does, by number."""
    of = WaveRow
    rows = await db.scalars(
        select(of).where(*in_survey(of, wave), of.stands_for == wave.planned).order_by(of.wave)
    )
    return rows.all()


async def waves_in_cycle(
    db: AsyncSession, cycle_id: UUID, state: WaveState
) -> Mapping[UUID, list[WaveRow]]:
    """Return the waves of a cycle that are in a state, by survey and in the order of numbers."""
    of, found = WaveRow, defaultdict[UUID, list[WaveRow]](list)
    in_state = of.cycle_id == cycle_id, of.state == state
    for wave in await db.scalars(select(of).where(*in_state).order_by(of.wave)):
        found[wave.survey_id].append(wave)
    return found
