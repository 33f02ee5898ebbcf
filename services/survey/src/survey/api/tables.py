"""Tables: what a closed wave tells of the answers, so that none of it leads to those of few."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID

from fastapi import Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Exact, Outgoing
from survey.api.satisfaction import is_seen, led_by
from survey.api.waves import WaveNo
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused
from survey.queries.samples import samples_of_cycle
from survey.queries.surveys import SURVEYS, NoSuchWave, find_wave, surveyed_units
from survey.rules.abstention import ORGANISER, is_limited
from survey.rules.definition import SurveyDefinition
from survey.rules.disclosure import (
    LEAST_COUNT,
    LEAST_SAMPLE,
    Told,
    apart_of,
    rows_of,
    told_of,
)
from survey.rules.minimum import WaveSample
from survey.rules.states import WaveNotClosed, WaveState, require

router = Router("/surveys/{survey_id}/waves/{wave}/tables", tags=["waves"])


class OptionAnswers(Outgoing):
    """How many gave an answer; null is not told, and may be any number from 0 on."""

    option: str
    answers: int | None


class QuestionTable(Outgoing):
    """The answers to a question about a unit, of one respondent group where there are groups.

    `answers` are all that were given. `mean` is that of what the options count for (of 100), and
    `satisfaction_rate` how many of 100 scored answers are satisfied ones. Null is not told.
    """

    question: str
    group: str | None
    answers: int | None
    options: list[OptionAnswers]
    mean: Exact | None
    satisfaction_rate: Exact | None


class UnitTables(Outgoing):
    """The answers about one unit, question by question and group by group."""

    unit: str
    tables: list[QuestionTable]


class WaveTables(Outgoing):
    """What a closed wave tells of its answers: the same to all who read of a unit.

    Of fewer than `least_count` people it is not told that they gave an answer, nor of any others
    as long as these could be found by it; means and rates need `least_sample` answers.
    """

    survey_id: UUID
    cycle_id: UUID
    code: str
    wave: int
    least_count: int
    least_sample: int
    units: list[UnitTables]


@router.get(
    "",
    response_model=WaveTables,
    responses=documents(
        NoSuchWave, WaveNotClosed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered
    ),
)
async def read_wave_tables(
    survey_id: UUID,
    wave: WaveNo,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
) -> Response:
    """Give the answers of a closed wave by unit, question and respondent group.

    What could lead to the answers of few is left out, with all other figures that are told taken
    into account. Whoever takes part in decisions does not get the units of the own category, and
    an organiser those of the categories that it leads alone.
    """
    survey, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    caller = permit.caller
    limited = is_limited(caller.organisation, caller.roles)
    scheme = (await ask.published_scheme(cycle_id=row.cycle_id)).scheme if limited else None
    permit.require({ORGANISER} if scheme and led_by(caller, scheme) else ())
    require((WaveState.CLOSED,), WaveState(row.state), wave)
    await require_intact(db, str(row.cycle_id), *SURVEYS)
    samples = await samples_of_cycle(db, row.cycle_id)
    units = [
        UnitTables(unit=unit, tables=_tables(survey.definition, unit, row.planned, of_unit))
        for unit in await surveyed_units(db, survey)
        if scheme is None or is_seen(unit, caller, scheme)
        for of_unit in [samples.get((survey_id, unit), ())]
    ]
    told = WaveTables(
        survey_id=survey_id,
        cycle_id=row.cycle_id,
        code=survey.code,
        wave=wave,
        least_count=LEAST_COUNT,
        least_sample=LEAST_SAMPLE,
        units=units,
    )
    return document(told, request)


def _tables(
    definition: SurveyDefinition, unit: str, planned: int, samples: Sequence[WaveSample]
) -> list[QuestionTable]:
    here = next((each for each in samples if each.wave == planned), None)
    if here is None:
        return []
    rows = list(rows_of(definition, unit, here.answers))
    told = told_of(rows, apart=apart_of(definition, samples))
    return [_shown(definition, each) for each in told]


def _shown(definition: SurveyDefinition, told: Told) -> QuestionTable:
    places = definition.places
    return QuestionTable(
        question=told.question,
        group=told.group,
        answers=told.answers,
        options=[
            OptionAnswers(option=option, answers=count) for option, count in told.counts.items()
        ],
        mean=None if told.mean is None else _rounded(told.mean, places),
        satisfaction_rate=None if told.rate is None else _rounded(told.rate, places),
    )


def _rounded(value: Fraction, places: int) -> Decimal:
    """Return a share or a mean rounded half up; neither is below nothing."""
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)
