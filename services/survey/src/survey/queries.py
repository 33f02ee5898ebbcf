"""The questions to the database that more than one resource asks, or that deserve a name."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    ScalarSelect,
    Text,
    and_,
    any_,
    case,
    column,
    exists,
    func,
    insert,
    literal,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from chassis import journal
from chassis.pages import PageRequest
from chassis.refusals import Missing
from chassis.stored import require_intact
from survey.rules.attestation import Examined, Said, Verdict
from survey.rules.ballots import BALLOTS, UrnUnopened
from survey.rules.batch import Outcome
from survey.rules.counts import MEETING_COUNT
from survey.rules.definition import ANSWER, BETWEEN_ANSWERS, SurveyDefinition
from survey.rules.dispositions import DISPOSITIONS, PRECEDENCE, Disposition
from survey.rules.estimates.units import Answered
from survey.rules.minimum import ConfirmedDecision, Treatment, WaveSample
from survey.rules.reconciliation import Fates, UnitAndOutcome
from survey.rules.satisfaction import Tally, answers_of
from survey.rules.states import WaveState
from survey.rules.weights import Kind, UnitWeights, unit_weights
from survey.tables import (
    AnswerVoidRow,
    BallotRow,
    BatchLeftOutRow,
    BatchRow,
    BatchWithdrawalRow,
    MeetingCountRow,
    MeetingCountStepRow,
    QuestionnaireRow,
    RefusedRowRow,
    ResponseRow,
    SampleConfirmationRow,
    SampleDecisionRow,
    SamplePlanRow,
    SurveyRow,
    SurveyUnitRow,
    UrnOpeningRow,
    WaveAttestationRow,
    WaveReopeningRow,
    WaveResultRow,
    WaveRow,
    WaveVoidingDecisionRow,
    WaveVoidingRow,
    WaveWeightsRow,
)

SURVEYS = (
    "survey",
    "survey_unit",
    "wave",
    "wave_result",
    "sample_decision",
    "sample_confirmation",
)
"""The tables that the satisfaction of a cycle is told from; responses are counted once."""

EXAMINED = (
    *("wave_reopening", "wave_attestation", "wave_voiding", "wave_voiding_decision"),
    *("screen_decision", "screen_confirmation"),
    *("meeting_count", "meeting_count_step"),
    *("seat", "urn", "ballot", "urn_opening"),
)
"""The tables by which a wave may close besides."""


class NoSuchWave(Missing):
    """There is no such survey, or it has no such wave."""

    zh = "没有这项调查，或该调查没有这一轮。"
    remedy = (
        "Look survey and wave up in the list of surveys.",
        "请在调查清单中查对调查和轮次。",
    )


class NoSuchSurvey(Missing):
    """There is no such survey."""

    zh = "没有这项调查。"
    remedy = (
        "Look the survey up in the list of surveys.",
        "请在调查清单中查对。",
    )


class Lock(Enum):
    """How a wave is held until the commit: writers share it, a change of state has it alone."""

    NONE = "none"
    SHARED = "shared"
    ALONE = "alone"


async def find_survey(db: AsyncSession, survey_id: UUID) -> SurveyRow:
    """Return a survey; refuse an unknown one."""
    survey = await db.scalar(select(SurveyRow).where(SurveyRow.survey_id == survey_id))
    if survey is None:
        raise NoSuchSurvey(f"There is no survey {survey_id}.", f"没有调查 {survey_id}。")
    return survey


async def find_wave(
    db: AsyncSession, survey_id: UUID, number: int, lock: Lock = Lock.NONE
) -> tuple[SurveyRow, WaveRow]:
    """Return a survey and one wave of it, the wave locked as asked; refuse an unknown one."""
    query = select(SurveyRow, WaveRow).where(
        SurveyRow.survey_id == survey_id,
        WaveRow.cycle_id == SurveyRow.cycle_id,
        WaveRow.survey_id == SurveyRow.survey_id,
        WaveRow.wave == number,
    )
    if lock is not Lock.NONE:
        query = query.with_for_update(read=lock is Lock.SHARED, of=WaveRow)
    found = (await db.execute(query)).one_or_none()
    if found is None:
        raise NoSuchWave(
            f"Survey {survey_id} has no wave {number}.", f"调查 {survey_id} 没有第{number}轮。"
        )
    survey, wave = found
    return survey, wave


async def reopenings_of(db: AsyncSession, wave: WaveRow) -> Sequence[WaveReopeningRow]:
    """Return how often and why a wave was opened again."""
    of = WaveReopeningRow
    return (await db.scalars(select(of).where(*in_wave(wave, of)).order_by(of.stop_no))).all()


async def examined_in(db: AsyncSession, wave: WaveRow) -> Examined:
    """Return what there is to examine in a wave: which stop it is, and what the wave holds."""
    stop_no = 1 + len(await reopenings_of(db, wave))
    of, void = BatchRow, AnswerVoidRow
    standing = select(of.batch_no, of.digest).where(*in_wave(wave, of), ~_withdrawn(of))
    voided = select(void.interviewer, void.unit).where(*in_wave(wave, void))
    ballots = select(func.count()).where(*in_wave(wave, BallotRow))
    content = {
        "batches": sorted([list(each) for each in await db.execute(standing)]),
        "voided_answers": sorted([list(each) for each in await db.execute(voided)]),
        "counts": [each.count_no for each, steps in await meeting_counts(db, wave) if is_in(steps)],
        "ballots": await db.scalar(ballots),
    }
    return Examined(stop_no, journal.sha256(content))


async def batches_of(
    db: AsyncSession, wave: WaveRow, page: PageRequest
) -> Sequence[tuple[BatchRow, BatchWithdrawalRow | None]]:
    """Return the batches of a wave by number, each with its withdrawal, one more than the page
    has."""
    of = BatchRow
    rows = await db.execute(
        select(of, BatchWithdrawalRow)
        .outerjoin(BatchWithdrawalRow)
        .where(*in_wave(wave, of), of.batch_no > page.after_code)
        .order_by(of.batch_no)
        .limit(page.limit + 1)
    )
    return [(batch, withdrawn) for batch, withdrawn in rows]


async def find_batch(
    db: AsyncSession, wave: WaveRow, number: str
) -> tuple[BatchRow, BatchWithdrawalRow | None] | None:
    """Return a batch of a wave with its withdrawal, if there is one of this number."""
    of = BatchRow
    row = (
        await db.execute(
            select(of, BatchWithdrawalRow)
            .outerjoin(BatchWithdrawalRow)
            .where(*in_wave(wave, of), of.batch_no == number)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


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
        Said(row.body, Verdict(row.verdict), Examined(row.stop_no, row.content_digest))
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
        select(of).where(*_in_survey(of, wave), of.stands_for == wave.planned).order_by(of.wave)
    )
    return rows.all()


async def voided_in_cycle(db: AsyncSession, cycle_id: UUID) -> Mapping[UUID, list[WaveRow]]:
    """Return the voided waves of a cycle, by survey."""
    of, found = WaveRow, defaultdict[UUID, list[WaveRow]](list)
    voided = of.cycle_id == cycle_id, of.state == WaveState.VOIDED
    for wave in await db.scalars(select(of).where(*voided).order_by(of.wave)):
        found[wave.survey_id].append(wave)
    return found


async def questionnaires_of(
    db: AsyncSession, survey: SurveyRow, page: PageRequest
) -> Sequence[QuestionnaireRow]:
    """Return the versions of the questionnaire of a survey, one more than the page has."""
    of = QuestionnaireRow
    later = *_in_survey(of, survey), of.version > page.after_number
    rows = await db.scalars(select(of).where(*later).order_by(of.version).limit(page.limit + 1))
    return rows.all()


async def questionnaire_of(
    db: AsyncSession, survey: SurveyRow, version: int
) -> QuestionnaireRow | None:
    """Return a version of the questionnaire of a survey, if there is one."""
    of = QuestionnaireRow
    query = select(of).where(*_in_survey(of, survey), of.version == version)
    return (await db.scalars(query)).one_or_none()


async def questionnaires_asked(
    db: AsyncSession, survey: SurveyRow, *states: WaveState
) -> set[int | None]:
    """Return with which versions of the questionnaire the waves in these states were asked, of the
    closed ones where none is named."""
    asked = _in_survey(WaveRow, survey)
    query = select(WaveRow.questionnaire_version).where(
        *asked, WaveRow.state.in_(states or (WaveState.CLOSED,))
    )
    return {*await db.scalars(query)}


async def newest_questionnaire(db: AsyncSession, survey: SurveyRow) -> int | None:
    """Return the newest version of the questionnaire of a survey, if it has one."""
    of = QuestionnaireRow
    return (await db.scalars(select(func.max(of.version)).where(*_in_survey(of, survey)))).one()


async def hold_survey(db: AsyncSession, survey: SurveyRow) -> None:
    """Hold a survey until the commit, for who numbers something in it."""
    key = f"{survey.cycle_id} {survey.survey_id}"
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


async def last_wave(db: AsyncSession, survey: SurveyRow) -> int:
    """Return the highest number of a wave of a survey."""
    query = select(func.max(WaveRow.wave)).where(*_in_survey(WaveRow, survey))
    return (await db.scalars(query)).one()


async def require_true_responses(db: AsyncSession, wave: WaveRow) -> None:
    """Refuse to count a wave whose responses are not what was posted."""
    batches = select(BatchRow.record).where(*in_wave(wave, BatchRow))
    responses = select(ResponseRow.record).where(*in_wave(wave))
    records = set(await db.scalars(batches.union(responses)))
    await require_intact(db, str(wave.cycle_id), "batch", "response", records=records)


async def surveyed_units(
    db: AsyncSession, survey: SurveyRow, among: Collection[str] | None = None
) -> Sequence[str]:
    """Return the units that a survey asks about, all or those among the given ones, by code."""
    query = select(SurveyUnitRow.unit).where(*_in_survey(SurveyUnitRow, survey))
    if among is not None:
        query = query.where(_is_one_of(SurveyUnitRow.unit, among))
    return (await db.scalars(query.order_by(SurveyUnitRow.unit))).all()


async def units_by_survey(db: AsyncSession, cycle_id: UUID) -> Mapping[UUID, list[str]]:
    """Return the units that each survey of a cycle asks about, by code."""
    of, found = SurveyUnitRow, defaultdict[UUID, list[str]](list)
    rows = await db.scalars(select(of).where(of.cycle_id == cycle_id).order_by(of.unit))
    for row in rows:
        found[row.survey_id].append(row.unit)
    return found


Contact = tuple[str, str, int]
"""What tells a response apart within a wave: the unit, the token, and the occasion."""


async def known_contacts(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str], *, outside: str
) -> set[Contact]:
    """Return which contacts with these respondents stand in batches other than `outside`."""
    of = ResponseRow
    rows = await db.execute(
        select(of.unit, of.respondent_token, of.occasion).where(
            *in_wave(wave),
            _is_one_of(of.respondent_token, tokens),
            of.batch_no != outside,
            ~_withdrawn(),
        )
    )
    return {(unit, token, occasion) for unit, token, occasion in rows}


RESPONSE = (
    "unit",
    "respondent_token",
    "occasion",
    "outcome",
    "attempt",
    "answer",
    "respondent_group",
    "stratum",
    "cluster",
    "interviewer",
    "started_at",
    "ended_at",
)
"""The columns of a response that say what was sent."""


async def responses_of(
    db: AsyncSession, wave: WaveRow, tokens: Collection[str]
) -> set[tuple[Any, ...]]:
    """Return all responses of a wave under these tokens, as `RESPONSE` has their columns."""
    columns = (getattr(ResponseRow, name) for name in RESPONSE)
    found = await db.execute(
        select(*columns).where(
            *in_wave(wave), _is_one_of(ResponseRow.respondent_token, tokens), ~_withdrawn()
        )
    )
    return {tuple(each) for each in found}


def withdrawals_in(wave: WaveRow) -> ScalarSelect[int]:
    """Return the number of batches of a wave that have been withdrawn, as a part of a statement."""
    number = select(func.count()).where(*in_wave(wave, BatchWithdrawalRow))
    return number.scalar_subquery()


async def add_left_out(
    db: AsyncSession, wave: WaveRow, batch_no: str, left_out: Mapping[UnitAndOutcome, Counter[str]]
) -> None:
    """Note how many rows of a batch were not stored."""
    await db.execute(
        insert(BatchLeftOutRow),
        [
            {
                **wave.key,
                "batch_no": batch_no,
                "unit": unit,
                "outcome": outcome,
                "unchanged": number["unchanged"],
                "refused": number["refused"],
            }
            for (unit, outcome), number in left_out.items()
        ],
    )


async def standing_of_batches(
    db: AsyncSession, wave: WaveRow, batch_no: str | None
) -> list[tuple[str, str, bool]]:
    """Return the batches of a wave, or one of them: the number, the digest, and whether it was
    withdrawn."""
    of = BatchRow
    query = select(of.batch_no, of.digest, _withdrawn(of)).where(*in_wave(wave, of))
    if batch_no is not None:
        query = query.where(of.batch_no == batch_no)
    rows = await db.execute(query.order_by(of.batch_no))
    return [(number, digest, bool(withdrawn)) for number, digest, withdrawn in rows]


async def fates_of(db: AsyncSession, wave: WaveRow, batch_no: str | None) -> list[Fates]:
    """Count how many rows that were sent for a wave, or in one batch of it, were stored, withdrawn,
    unchanged or refused."""
    found = list[Fates]()
    of, left = ResponseRow, BatchLeftOutRow
    withdrawn = _withdrawn()
    stored = select(of.batch_no, of.unit, of.outcome, func.count(), withdrawn)
    rows = select(left.batch_no, left.unit, left.outcome, left.unchanged, left.refused)
    if batch_no is not None:
        stored, rows = stored.where(of.batch_no == batch_no), rows.where(left.batch_no == batch_no)
    each = (of.cycle_id, of.survey_id, of.wave, of.batch_no, of.unit, of.outcome)
    for number, unit, outcome, count, gone in await db.execute(
        stored.where(*in_wave(wave)).group_by(*each)
    ):
        found.append(Fates(number, unit, outcome, stored=count, withdrawn=count if gone else 0))
    for number, unit, outcome, unchanged, refused in await db.execute(
        rows.where(*in_wave(wave, left))
    ):
        found.append(Fates(number, unit, outcome, unchanged=unchanged, refused=refused))
    return found


async def refused_rows(
    db: AsyncSession, wave: WaveRow, batch_no: str
) -> AsyncIterator[Sequence[tuple[int, list[list[str]]]]]:
    """Yield the rows of a file that were refused, some at a time: their positions and faults."""
    of, after = RefusedRowRow, -1
    while True:
        rows = (
            await db.execute(
                select(of.position, of.faults)
                .where(*in_wave(wave, of), of.batch_no == batch_no, of.position > after)
                .order_by(of.position)
                .limit(_AT_ONCE)
            )
        ).all()
        if not rows:
            return
        yield [(position, faults) for position, faults in rows]
        after = rows[-1].position


_AT_ONCE = 5_000


def counted() -> ColumnElement[bool]:
    """Return the condition that a response counts: its batch stands, and nobody has voided what
    its interviewer brought in."""
    of, void = ResponseRow, AnswerVoidRow
    voided = exists().where(
        *(getattr(void, name) == getattr(of, name) for name in _OF_WAVE),
        void.interviewer == of.interviewer,
        void.unit.in_(["", of.unit]),
    )
    return and_(~_withdrawn(), ~voided)


def standing_in(wave: WaveRow) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a response is of a wave, and its batch was not withdrawn."""
    return *in_wave(wave), ~_withdrawn()


def counted_in(wave: WaveRow) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a response is of a wave, and counts."""
    return *in_wave(wave), counted()


def _withdrawn(
    of: type[ResponseRow] | type[BatchRow] = ResponseRow,
) -> ColumnElement[bool]:
    """Return the condition that the batch of a row was withdrawn."""
    gone = BatchWithdrawalRow
    same = (getattr(gone, name) == getattr(of, name) for name in (*_OF_WAVE, "batch_no"))
    return exists().where(*same)


_OF_WAVE = ("cycle_id", "survey_id", "wave")


async def completed_by_unit(db: AsyncSession, wave: WaveRow) -> Mapping[str, int]:
    """Return how many interviews about each unit of a wave have been completed so far."""
    of = ResponseRow
    query = select(of.unit, func.count()).where(*_completed(wave)).group_by(of.unit)
    rows = await db.execute(query)
    return {unit: number for unit, number in rows}  # noqa: C416 - dict() takes no typed Row


async def completed_in_waves(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, int], Mapping[str, int]]:
    """Return how many interviews about each unit have been completed so far in the waves of a
    cycle, by survey and wave."""
    of, found = ResponseRow, defaultdict[tuple[UUID, int], dict[str, int]](dict)
    rows = await db.execute(
        select(of.survey_id, of.wave, of.unit, func.count())
        .where(of.cycle_id == cycle_id, counted(), of.outcome == Outcome.COMPLETED)
        .group_by(of.survey_id, of.wave, of.unit)
    )
    for survey_id, wave, unit, number in rows:
        found[survey_id, wave][unit] = number
    return found


async def surveys_of(db: AsyncSession, cycle_id: UUID) -> list[tuple[SurveyRow, WaveRow]]:
    """Return the surveys of a cycle with each of their waves, in order."""
    rows = await db.execute(
        select(SurveyRow, WaveRow)
        .join(
            WaveRow,
            (WaveRow.cycle_id == SurveyRow.cycle_id) & (WaveRow.survey_id == SurveyRow.survey_id),
        )
        .where(SurveyRow.cycle_id == cycle_id)
        .order_by(SurveyRow.code, WaveRow.wave)
    )
    return [(survey, wave) for survey, wave in rows]


async def open_decisions(db: AsyncSession, cycle_id: UUID) -> Sequence[SampleDecisionRow]:
    """Return the decisions on short samples of a cycle that nobody has confirmed."""
    of, confirmed = SampleDecisionRow, SampleConfirmationRow
    rows = await db.scalars(
        select(of)
        .outerjoin(confirmed)
        .where(of.cycle_id == cycle_id, confirmed.position.is_(None))
        .order_by(of.survey_id, of.wave, of.decision_no)
    )
    return rows.all()


async def tallies_by_unit(
    db: AsyncSession, definition: SurveyDefinition, wave: WaveRow
) -> Mapping[str, list[Tally]]:
    """Return, for each unit with responses in a wave, how many ended in which way, and of a survey
    with several questions how often each answer was given; or what was counted at meetings, or in
    the urn."""
    if definition.mode == MEETING_COUNT:
        return await _counted_at_meetings(db, wave)
    if definition.mode in BALLOTS:
        return await _counted_in_the_urn(db, wave)
    of = ResponseRow
    answer = null() if definition.questions else of.answer
    question = None if definition.questions else ANSWER
    kinds = (of.outcome, of.respondent_group)
    each = (of.unit, *kinds) if definition.questions else (of.unit, *kinds, of.answer)
    rows = await db.execute(
        select(of.unit, *kinds, answer, func.count())
        .where(*in_wave(wave), counted())
        .group_by(*each)
        .order_by(*each)
    )
    tallies = defaultdict[str, list[Tally]](list)
    for unit, outcome, group, option, contacts in rows:
        tallies[unit].append(Tally(outcome, group, option, contacts, question))
    if definition.questions:
        await _tally_questions(db, definition, wave, tallies)
    return tallies


async def _tally_questions(
    db: AsyncSession,
    definition: SurveyDefinition,
    wave: WaveRow,
    tallies: Mapping[str, list[Tally]],
) -> None:
    of = ResponseRow
    given = (
        func.unnest(func.string_to_array(of.answer, BETWEEN_ANSWERS))
        .table_valued(column("option", Text), with_ordinality="place", name="given")
        .render_derived()
    )
    kinds = (of.unit, of.respondent_group, given.c.place, given.c.option)
    rows = await db.execute(
        select(*kinds, func.count())
        .select_from(of)
        .join(given, true())
        .where(*in_wave(wave), counted(), given.c.option != "")
        .group_by(*kinds)
        .order_by(*kinds)
    )
    codes = [each.code for each in definition.questions]
    for unit, group, place, option, contacts in rows:
        told = Tally(Outcome.COMPLETED, group, option, contacts, codes[place - 1])
        tallies[unit].append(told)


async def _counted_at_meetings(db: AsyncSession, wave: WaveRow) -> Mapping[str, list[Tally]]:
    """Return the votes of the counts that are confirmed, not withdrawn and not void."""
    tallies = Counter[tuple[str, str, str | None, str]]()
    for counted, steps in await meeting_counts(db, wave):
        if is_in(steps) and not counted.void:
            for each in counted.votes:
                for option, number in each.options.items():
                    tallies[each.unit, each.question, counted.respondent_group, option] += number
    found = defaultdict[str, list[Tally]](list)
    for (unit, question, group, option), number in sorted(tallies.items(), key=str):
        found[unit].append(Tally(Outcome.COMPLETED, group, option, number, question))
    return found


def is_in(steps: Collection[str]) -> bool:
    """Say whether a count with these steps is one that was confirmed and stands."""
    return set(steps) == {"confirmed"}


async def meeting_counts(
    db: AsyncSession, wave: WaveRow
) -> list[tuple[MeetingCountRow, Mapping[str, MeetingCountStepRow]]]:
    """Return the counts of a wave by their numbers, each with the steps that were taken."""
    of, step = MeetingCountRow, MeetingCountStepRow
    taken = defaultdict[str, dict[str, MeetingCountStepRow]](dict)
    for row in await db.scalars(select(step).where(*in_wave(wave, step))):
        taken[row.count_no][row.step] = row
    counts = await db.scalars(select(of).where(*in_wave(wave, of)).order_by(of.count_no))
    return [(each, taken[each.count_no]) for each in counts]


async def _counted_in_the_urn(db: AsyncSession, wave: WaveRow) -> Mapping[str, list[Tally]]:
    found = await db.scalar(select(UrnOpeningRow.tallies).where(*in_wave(wave, UrnOpeningRow)))
    if found is None:
        raise UrnUnopened("The urn has not been opened.", "票箱尚未开启。")
    return found


async def samples_of_wave(db: AsyncSession, wave: WaveRow) -> Mapping[str, WaveSample]:
    """Return what a closed wave has of each unit; of one that is not closed, nothing."""
    results = await db.scalars(
        select(WaveResultRow).where(
            WaveResultRow.cycle_id == wave.cycle_id,
            WaveResultRow.survey_id == wave.survey_id,
            WaveResultRow.wave == wave.wave,
        )
    )
    return {result.unit: _sample(result, wave) for result in results}


async def samples_of_cycle(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, str], list[WaveSample]]:
    """Return what the closed waves of a cycle have, by survey and unit, in the order of the waves
    of the scheme; one that repeats a voided wave has its number."""
    planned = func.coalesce(WaveRow.stands_for, WaveRow.wave)
    results = await db.execute(
        select(WaveResultRow, WaveRow)
        .join(WaveRow)
        .where(WaveResultRow.cycle_id == cycle_id)
        .order_by(planned)
    )
    found: dict[tuple[UUID, str], list[WaveSample]] = defaultdict(list)
    for result, wave in results:
        found[result.survey_id, result.unit].append(_sample(result, wave))
    return found


async def decided_in_cycle(
    db: AsyncSession, cycle_id: UUID
) -> Mapping[tuple[UUID, str], Mapping[int, ConfirmedDecision]]:
    """Return the decisions in force on short samples, by survey and unit, and by the number of the
    wave in the scheme.

    Of several about one unit in one wave the last one confirmed is in force; those on a voided wave
    are, until one that repeats it has closed.
    """
    waves = await db.scalars(select(WaveRow).where(WaveRow.cycle_id == cycle_id))
    planned = {(each.survey_id, each.wave): each for each in waves}
    closed = {
        (each.survey_id, each.planned)
        for each in planned.values()
        if each.state == WaveState.CLOSED
    }
    rows = await db.scalars(
        select(SampleDecisionRow)
        .join(SampleConfirmationRow)
        .where(SampleDecisionRow.cycle_id == cycle_id)
        .order_by(SampleDecisionRow.wave, SampleConfirmationRow.position)
    )
    found: dict[tuple[UUID, str], dict[int, ConfirmedDecision]] = defaultdict(dict)
    for row in rows:
        wave = planned[row.survey_id, row.wave]
        if wave.state == WaveState.VOIDED and (row.survey_id, wave.planned) in closed:
            continue
        decided = ConfirmedDecision(row.decision_no, Treatment(row.treatment), row.document_no)
        for unit in row.units:
            found[row.survey_id, unit][wave.planned] = decided
    return found


async def plan_of(
    db: AsyncSession, wave: WaveRow, version: int | None = None
) -> SamplePlanRow | None:
    """Return a version of the sample plan of a wave, or the newest one."""
    of = SamplePlanRow
    query = select(of).where(*in_wave(wave, of)).order_by(of.version.desc()).limit(1)
    if version is not None:
        query = query.where(of.version == version)
    return (await db.scalars(query)).one_or_none()


async def completed_by_kind(db: AsyncSession, wave: WaveRow) -> Mapping[str, Mapping[Kind, int]]:
    """Return how many interviews of a wave were completed, by unit, and stratum and group."""
    of, found = ResponseRow, defaultdict[str, dict[Kind, int]](dict)
    kinds = (of.unit, of.stratum, of.respondent_group)
    rows = await db.execute(select(*kinds, func.count()).where(*_completed(wave)).group_by(*kinds))
    for unit, stratum, group, number in rows:
        found[unit][stratum, group] = number
    return found


async def weights_of(db: AsyncSession, wave: WaveRow) -> tuple[int | None, Sequence[UnitWeights]]:
    """Return the weights of a closed wave and the version of the plan that they come from; of one
    that closed before there were any, that all are equal."""
    kept = await db.get(WaveWeightsRow, (wave.cycle_id, wave.survey_id, wave.wave))
    if kept is not None:
        return kept.plan_version, kept.units
    completed = await completed_by_kind(db, wave)
    return None, [unit_weights(unit, (), kinds) for unit, kinds in sorted(completed.items())]


async def answers_by_unit(
    db: AsyncSession, wave: WaveRow, units: Collection[str]
) -> Mapping[str, list[Answered]]:
    """Return how many respondents answered alike about each of these units."""
    of, found = ResponseRow, defaultdict[str, list[Answered]](list)
    kinds = (of.unit, of.stratum, of.cluster, of.respondent_group, of.answer)
    rows = await db.execute(
        select(*kinds, func.count())
        .where(*_completed(wave), _is_one_of(of.unit, units))
        .group_by(*kinds)
        .order_by(*kinds)
    )
    for unit, stratum, cluster, group, answer, number in rows:
        found[unit].append(Answered(stratum, cluster, group, answer or "", number))
    return found


async def dispositions_by_unit(
    db: AsyncSession, wave: WaveRow, units: Collection[str]
) -> Mapping[str, Mapping[tuple[Disposition, int], int]]:
    """Return how the contacts with the respondents of a wave ended at last, and after how many
    attempts, by unit."""
    of = ResponseRow
    found = defaultdict[str, dict[tuple[Disposition, int], int]](dict)
    ranks = {outcome: PRECEDENCE.index(told) for outcome, told in DISPOSITIONS.items()}
    rank = func.min(case(ranks, value=of.outcome)).label("rank")
    each = (
        select(of.unit, rank, func.max(of.attempt).label("attempts"))
        .where(*in_wave(wave), counted(), _is_one_of(of.unit, units))
        .group_by(of.unit, of.respondent_token)
        .subquery()
    )
    kinds = (each.c.unit, each.c.rank, each.c.attempts)
    for unit, place, attempts, number in await db.execute(
        select(*kinds, func.count()).group_by(*kinds)
    ):
        found[unit][PRECEDENCE[place], attempts] = number
    return found


async def rated_together(
    db: AsyncSession, wave: WaveRow, units: Collection[str]
) -> Sequence[tuple[list[list[str]], int]]:
    """Return what respondents who rated several of these units said of them, and how many said the
    same: for each unit its code, the stratum, and the kind of answer (`kind_of`).

    One pass over the answers, without a join of the table with itself, which the database plans
    badly while it does not know yet how many they are.
    """
    of = ResponseRow
    kind = func.coalesce(of.respondent_group, "") + BETWEEN_ANSWERS + of.answer
    rating = array([of.unit, func.coalesce(of.stratum, ""), kind])
    each = (
        select(func.array_agg(aggregate_order_by(rating, of.unit)).label("ratings"))
        .where(*_completed(wave), _is_one_of(of.unit, units))
        .group_by(of.respondent_token)
        .having(func.count() > 1)
        .subquery()
    )
    ratings = each.c.ratings
    rows = await db.execute(select(ratings, func.count()).group_by(ratings).order_by(ratings))
    return [(told, number) for told, number in rows]


def _completed(wave: WaveRow) -> tuple[ColumnElement[bool], ...]:
    return *in_wave(wave), counted(), ResponseRow.outcome == Outcome.COMPLETED


def _sample(result: WaveResultRow, wave: WaveRow) -> WaveSample:
    answers, version = answers_of(result.tallies), wave.questionnaire_version
    return WaveSample(wave.planned, result.valid_sample, result.score, answers, version)


def _is_one_of(column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """Return a condition with one parameter, whereas IN has one for each of 20,000 values."""
    return column == any_(literal(list(values), ARRAY(Text())))


def _in_survey(table: Any, survey: SurveyRow | WaveRow) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any table with these two columns
    return table.cycle_id == survey.cycle_id, table.survey_id == survey.survey_id


def in_wave(wave: WaveRow, table: Any = ResponseRow) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any table with these three columns
    """Return the conditions that a row of a table is of a wave."""
    return (
        table.cycle_id == wave.cycle_id,
        table.survey_id == wave.survey_id,
        table.wave == wave.wave,
    )
