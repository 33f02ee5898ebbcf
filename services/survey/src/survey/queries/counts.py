"""What a wave comes to, by unit, whichever way its answers came in."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    column,
    func,
    null,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from survey.queries.responses import OF_WAVE, counted
from survey.queries.surveys import in_wave
from survey.rules.ballots import BALLOTS, Seat, UrnUnopened
from survey.rules.batch import Outcome
from survey.rules.counts import MEETING_COUNT
from survey.rules.definition import ANSWER, BETWEEN_ANSWERS, SurveyDefinition
from survey.rules.satisfaction import Tally
from survey.tables.counts import (
    BallotRow,
    MeetingCountRow,
    MeetingCountStepRow,
    SeatReplacementRow,
    SeatRow,
    UrnOpeningRow,
    UrnRow,
)
from survey.tables.responses import (
    ResponseRow,
)
from survey.tables.waves import (
    WaveRow,
)


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
    for count, steps in await meeting_counts(db, wave):
        if is_in(steps) and not count.void:
            for each in count.votes:
                for option, number in each.options.items():
                    tallies[each.unit, each.question, count.respondent_group, option] += number
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


InCycle = tuple[UUID, int]
"""Which wave of a cycle: the survey, and the number of the wave."""


@dataclass(frozen=True, slots=True)
class MeetingsInWave:
    """The forms that were issued at the meetings of a wave and those that count, and the counts
    that wait for a second person, each with who counted first."""

    issued: int
    valid: int
    waiting: Sequence[tuple[str, str]]


async def meetings_of_cycle(db: AsyncSession, cycle_id: UUID) -> Mapping[InCycle, MeetingsInWave]:
    """Return how far the counts of meetings are in the waves of a cycle; nothing of the votes."""
    of, step = MeetingCountRow, MeetingCountStepRow
    taken = defaultdict[tuple[UUID, int, str], set[str]](set)
    columns = step.survey_id, step.wave, step.count_no, step.step
    for survey_id, wave, number, name in await db.execute(
        select(*columns).where(step.cycle_id == cycle_id)
    ):
        taken[survey_id, wave, number].add(name)
    found = dict[InCycle, MeetingsInWave]()
    told = of.survey_id, of.wave, of.count_no, of.forms, of.void, of.counted_person
    rows = await db.execute(select(*told).where(of.cycle_id == cycle_id).order_by(of.count_no))
    for survey_id, wave, number, forms, void, person in rows:
        steps = taken[survey_id, wave, number]
        so_far = found.get((survey_id, wave), MeetingsInWave(0, 0, ()))
        counts = is_in(steps) and not void
        found[survey_id, wave] = MeetingsInWave(
            so_far.issued + (forms.issued if counts else 0),
            so_far.valid + (forms.returned - forms.spoiled if counts else 0),
            so_far.waiting if steps else (*so_far.waiting, (number, person)),
        )
    return found


SEATS = ("seat", "seat_replacement")


async def seats_of(db: AsyncSession, wave: WaveRow) -> list[Seat]:
    """Return the seats of a wave by their numbers, each with the account that holds it now."""
    of = SeatRow
    rows = await db.execute(
        select(of.seat, _holder(), of.unit, of.respondent_group)
        .where(*in_wave(wave, of))
        .order_by(of.seat)
    )
    return [Seat(*each) for each in rows]


def _holder() -> ColumnElement[str]:
    """Return the account that holds a seat, as a part of a statement."""
    of, newest = SeatRow, SeatReplacementRow
    same = (getattr(newest, name) == getattr(of, name) for name in (*OF_WAVE, "seat"))
    replaced = select(newest.account).where(*same).order_by(newest.replacement_no.desc()).limit(1)
    return func.coalesce(replaced.correlate(of).scalar_subquery(), of.account)


@dataclass(frozen=True, slots=True)
class CastInWave:
    """How many seats a wave has and how many ballots were cast from them, and who set its urn up;
    `own` says of the seat of one account whether it has cast its ballot, None where it has none."""

    seats: int
    cast: int
    urn_by: str | None
    is_opened: bool
    own: bool | None


async def ballots_of_cycle(
    db: AsyncSession, cycle_id: UUID, account: str
) -> Mapping[InCycle, CastInWave]:
    """Return how far the voting is in the waves of a cycle that have seats or an urn."""
    of, cast, urn, opened = SeatRow, BallotRow, UrnRow, UrnOpeningRow
    own = _holder() == account
    seats = await db.execute(
        select(
            of.survey_id,
            of.wave,
            func.count(),
            func.count(cast.seat),
            func.bool_or(own),
            func.bool_or(and_(own, cast.seat.is_not(None))),
        )
        .outerjoin(cast)
        .where(of.cycle_id == cycle_id)
        .group_by(of.survey_id, of.wave)
    )
    urns = await db.execute(
        select(urn.survey_id, urn.wave, urn.set_up_by, opened.wave)
        .outerjoin(opened)
        .where(urn.cycle_id == cycle_id)
    )
    set_up = {(survey_id, wave): (by, at is not None) for survey_id, wave, by, at in urns}
    found = {key: CastInWave(0, 0, *urn, own=None) for key, urn in set_up.items()}
    for survey_id, wave, number, ballots, held, done in seats:
        by, is_opened = set_up.get((survey_id, wave), (None, False))
        has_cast = bool(done) if held else None
        found[survey_id, wave] = CastInWave(number, ballots, by, is_opened, has_cast)
    return found


async def forms_in_cycle(
    db: AsyncSession, cycle_id: UUID, modes: Collection[str]
) -> Mapping[InCycle, tuple[int, int]]:
    """Return of the waves of a cycle that take no interviews, of surveys of these modes, how many
    forms count, or ballots were cast, and how many there can be."""
    found = dict[InCycle, tuple[int, int]]()
    if MEETING_COUNT in modes:
        for key, each in (await meetings_of_cycle(db, cycle_id)).items():
            found[key] = each.valid, each.issued
    if not BALLOTS.isdisjoint(modes):
        for key, cast in (await ballots_of_cycle(db, cycle_id, "")).items():
            found[key] = cast.cast, cast.seats
    return found
