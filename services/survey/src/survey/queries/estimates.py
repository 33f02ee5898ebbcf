"""What the statistics of a closed wave are made of."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import (
    case,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.ext.asyncio import AsyncSession

from survey.queries.responses import completed_in, counted
from survey.queries.surveys import in_wave, is_one_of
from survey.rules.definition import BETWEEN_ANSWERS
from survey.rules.dispositions import DISPOSITIONS, PRECEDENCE, Disposition
from survey.rules.estimates.units import Answered
from survey.rules.weights import Kind, UnitWeights, unit_weights
from survey.tables.responses import (
    ResponseRow,
)
from survey.tables.samples import WaveWeightsRow
from survey.tables.waves import (
    WaveRow,
)


async def completed_by_kind(db: AsyncSession, wave: WaveRow) -> Mapping[str, Mapping[Kind, int]]:
    """Return how many interviews of a wave were completed, by unit, and stratum and group."""
    of, found = ResponseRow, defaultdict[str, dict[Kind, int]](dict)
    kinds = (of.unit, of.stratum, of.respondent_group)
    rows = await db.execute(
        select(*kinds, func.count()).where(*completed_in(wave)).group_by(*kinds)
    )
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
        .where(*completed_in(wave), is_one_of(of.unit, units))
        .group_by(*kinds)
        .order_by(*kinds)
    )
    for unit, stratum, cluster, group, answer, number in rows:
        found[unit].append(Answered(stratum, cluster, group, answer or "", number))
    return found


async def dispositions_by_unit(
    db: AsyncSession, wave: WaveRow, units: Collection[str]
) -> Mapping[str, Mapping[str | None, Mapping[tuple[Disposition, int], int]]]:
    """Return how the contacts with the respondents of a wave ended at last, and after how many
    attempts, by unit and respondent group: that of the contact that decided it."""
    of = ResponseRow
    found = defaultdict[str, dict[str | None, dict[tuple[Disposition, int], int]]](dict)
    ranks = {outcome: PRECEDENCE.index(told) for outcome, told in DISPOSITIONS.items()}
    rank = case(ranks, value=of.outcome)
    last = func.array_agg(aggregate_order_by(of.respondent_group, rank, of.occasion))
    each = (
        select(
            of.unit,
            func.min(rank).label("rank"),
            func.max(of.attempt).label("attempts"),
            last[1].label("respondent_group"),
        )
        .where(*in_wave(wave), counted(), is_one_of(of.unit, units))
        .group_by(of.unit, of.respondent_token)
        .subquery()
    )
    kinds = (each.c.unit, each.c.respondent_group, each.c.rank, each.c.attempts)
    for unit, group, place, attempts, number in await db.execute(
        select(*kinds, func.count()).group_by(*kinds)
    ):
        found[unit].setdefault(group, {})[PRECEDENCE[place], attempts] = number
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
        .where(*completed_in(wave), is_one_of(of.unit, units))
        .group_by(of.respondent_token)
        .having(func.count() > 1)
        .subquery()
    )
    ratings = each.c.ratings
    rows = await db.execute(select(ratings, func.count()).group_by(ratings).order_by(ratings))
    return [(told, number) for told, number in rows]
