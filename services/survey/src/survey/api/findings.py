"""What the screens find in a wave, and what was decided about it, from the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from survey.queries.responses import counted_in, standing_in, withdrawn
from survey.queries.surveys import in_wave
from survey.rules.definition import BETWEEN_ANSWERS, SurveyDefinition
from survey.rules.screens.decisions import Found, refuse_undecided_findings, undecided
from survey.rules.screens.evidence import Cell, Evidence, Scale
from survey.rules.screens.screening import Screening, screened
from survey.rules.states import WaveState
from survey.rules.wordings import wording
from survey.tables.opinions import OpinionRow
from survey.tables.responses import (
    AnswerVoidRow,
    ResponseRow,
    ScreenConfirmationRow,
    ScreenDecisionRow,
)
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow


@dataclass(frozen=True, slots=True)
class ScreenedWave:
    """What the screens found in a wave, the earlier one it was compared with, and who asked about
    which unit."""

    screening: Screening
    earlier_wave: int | None
    asked: Collection[tuple[str, str | None]]


async def screening_of(db: AsyncSession, survey: SurveyRow, wave: WaveRow) -> ScreenedWave:
    """Screen a wave, void answers included: what was found stays found once it was decided on."""
    definition = survey.definition
    scales = [
        Scale(each.code, {option.code: option.score for option in each.options}, each.weight)
        for each in definition.asked
    ]
    cells = await _cells(db, definition, standing_in(wave))
    await _add_lengths(db, wave, cells)
    await _add_wordings(db, wave, cells)
    before = await _wave_before(db, wave)
    earlier = None
    if before is not None:
        earlier = Evidence(await _cells(db, definition, counted_in(before)), {})
    evidence = Evidence(cells, await _repeated_tokens(db, wave))
    return ScreenedWave(
        screened(scales, evidence, earlier), before.wave if before else None, set(cells)
    )


async def _cells(
    db: AsyncSession, definition: SurveyDefinition, which: Sequence[ColumnElement[bool]]
) -> dict[tuple[str, str | None], Cell]:
    of = ResponseRow
    rows = await db.execute(
        select(of.unit, of.interviewer, of.answer, func.count())
        .where(*which, of.occasion == 0, of.answer.is_not(None))
        .group_by(of.unit, of.interviewer, of.answer)
    )
    cells = dict[tuple[str, str | None], Cell]()
    for unit, interviewer, answer, times in rows:
        given = str(answer).split(BETWEEN_ANSWERS) if definition.questions else [answer]
        pattern = tuple(each or None for each in given)
        cells.setdefault((unit, interviewer), Cell()).patterns[pattern] += times
    return cells


async def _add_lengths(
    db: AsyncSession, wave: WaveRow, cells: Mapping[tuple[str, str | None], Cell]
) -> None:
    of = ResponseRow
    seconds = cast(func.extract("epoch", of.ended_at - of.started_at), Integer)
    rows = await db.execute(
        select(of.unit, of.interviewer, seconds, func.count())
        .where(
            *standing_in(wave),
            of.occasion == 0,
            of.answer.is_not(None),
            of.ended_at.is_not(None),
        )
        .group_by(of.unit, of.interviewer, seconds)
    )
    for unit, interviewer, length, times in rows:
        cells[unit, interviewer].seconds[length] += times


async def _add_wordings(
    db: AsyncSession, wave: WaveRow, cells: Mapping[tuple[str, str | None], Cell]
) -> None:
    """Count in which words people said what they think, of interviews: who wrote in alone has
    brought in no answers that could be rehearsed."""
    of = OpinionRow
    rows = await db.stream(
        select(of.unit, of.interviewer, of.text, func.count())
        .where(*in_wave(wave, of), ~withdrawn(of), of.respondent_token.is_not(None))
        .group_by(of.unit, of.interviewer, of.text)
    )
    async for unit, interviewer, text, times in rows:
        cells[unit, interviewer].wordings[wording(text)] += times


async def _repeated_tokens(db: AsyncSession, wave: WaveRow) -> dict[str, int]:
    of = ResponseRow
    again = (
        select(of.unit, (func.count() - 1).label("times"))
        .where(*standing_in(wave), of.occasion == 0, of.answer.is_not(None))
        .group_by(of.unit, of.respondent_token)
        .having(func.count() > 1)
        .subquery()
    )
    rows = await db.execute(
        select(again.c.unit, func.sum(again.c.times)).group_by(again.c.unit).order_by(again.c.unit)
    )
    return {unit: int(times) for unit, times in rows}


async def _wave_before(db: AsyncSession, wave: WaveRow) -> WaveRow | None:
    """Return the closed wave of the survey that comes last before this one in the scheme."""
    rows = await db.scalars(
        select(WaveRow).where(
            WaveRow.cycle_id == wave.cycle_id,
            WaveRow.survey_id == wave.survey_id,
            WaveRow.state == WaveState.CLOSED,
        )
    )
    before = [each for each in rows if each.planned < wave.planned]
    return max(before, key=lambda each: each.planned, default=None)


async def screen_decisions_of(
    db: AsyncSession, wave: WaveRow
) -> list[tuple[ScreenDecisionRow, ScreenConfirmationRow | None]]:
    """Return the decisions on findings of a wave with their confirmations, in order."""
    of = ScreenDecisionRow
    rows = await db.execute(
        select(of, ScreenConfirmationRow)
        .outerjoin(ScreenConfirmationRow)
        .where(*in_wave(wave, of))
        .order_by(of.decision_no)
    )
    return [(decision, confirmation) for decision, confirmation in rows]


async def open_screen_decisions(db: AsyncSession, cycle_id: UUID) -> Sequence[ScreenDecisionRow]:
    """Return the decisions on findings of a cycle that nobody has confirmed."""
    of, confirmed = ScreenDecisionRow, ScreenConfirmationRow
    rows = await db.scalars(
        select(of)
        .outerjoin(confirmed)
        .where(of.cycle_id == cycle_id, confirmed.confirmed_by.is_(None))
        .order_by(of.survey_id, of.wave, of.decision_no)
    )
    return rows.all()


async def decided_findings(
    db: AsyncSession, wave: WaveRow, *, proposed: bool = False
) -> set[Found]:
    """Return the findings of a wave about which a decision is in force, as they were; on request
    also those about which one is proposed."""
    return {
        Found(*(each[name] for name in Found._fields))
        for decision, confirmation in await screen_decisions_of(db, wave)
        if confirmation is not None or proposed
        for each in decision.findings
    }


async def require_decided(
    db: AsyncSession, survey: SurveyRow, wave: WaveRow, because: str | None
) -> None:
    """Refuse to close a wave with findings that nobody decided on, unless it is said why."""
    screened = await screening_of(db, survey, wave)
    decided = await decided_findings(db, wave)
    refuse_undecided_findings(undecided(screened.screening.findings, decided), because)


async def void_answers(
    db: AsyncSession, wave: WaveRow, interviewer: str, units: Collection[str], decision_no: int
) -> None:
    """Have what an interviewer brought in about these units, or about all, count nowhere."""
    of = AnswerVoidRow
    known = await db.scalars(
        select(of.unit).where(*in_wave(wave, of), of.interviewer == interviewer)
    )
    new = sorted({*(units or [""])} - {*known})
    key = wave.key
    named = {"interviewer": interviewer, "decision_no": decision_no}
    db.add_all(of(**key, **named, unit=unit) for unit in new)
