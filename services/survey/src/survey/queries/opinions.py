"""Opinions with what was decided about them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, any_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.pages import PageRequest
from survey.queries.responses import OF_WAVE, counted
from survey.queries.surveys import in_survey, in_wave
from survey.rules.opinion_reviews import DECIDED, OpinionState, OpinionVerdict, Standing
from survey.rules.states import WaveState
from survey.tables.opinions import (
    OpinionPublicationRow,
    OpinionReviewConfirmationRow,
    OpinionReviewRow,
    OpinionRow,
)
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

_ID = ("cycle_id", "opinion_id")


@dataclass(frozen=True, slots=True)
class ReviewedOpinion:
    """An opinion with the newest review of it, the confirmation of that, and whether it counts."""

    opinion: OpinionRow
    review: OpinionReviewRow | None
    confirmation: OpinionReviewConfirmationRow | None
    counts: bool

    @property
    def standing(self) -> Standing:
        """The opinion as the rules take it."""
        review = self.review
        if review is None:
            return Standing(self.opinion.wave, self.counts)
        return Standing(
            self.opinion.wave,
            self.counts,
            review.review_no,
            OpinionVerdict(review.verdict),
            review.proposed_person,
            review.merged_into,
            self.confirmation is not None,
        )


def reviewed() -> Select[OpinionRow, OpinionReviewRow, OpinionReviewConfirmationRow, bool]:
    """Return the question for opinions with their newest reviews; those of a closed wave count,
    whose batch and interviewer do."""
    of, review, sure, wave = OpinionRow, OpinionReviewRow, OpinionReviewConfirmationRow, WaveRow
    later = aliased(review)
    newest = (
        select(func.max(later.review_no))
        .where(later.cycle_id == of.cycle_id, later.opinion_id == of.opinion_id)
        .correlate(of)
        .scalar_subquery()
    )
    counts = and_(counted(of), wave.state == WaveState.CLOSED).label("counts")
    return (
        select(of, review, sure, counts)
        .select_from(of)
        .join(wave, and_(*(getattr(wave, name) == getattr(of, name) for name in OF_WAVE)))
        .outerjoin(
            review,
            and_(
                *(getattr(review, name) == getattr(of, name) for name in _ID),
                review.review_no == newest,
            ),
        )
        .outerjoin(sure, and_(*(getattr(sure, name) == getattr(of, name) for name in _ID)))
    )


def made(row: Sequence[Any]) -> ReviewedOpinion:
    """Return what a row of `reviewed` says."""
    opinion, review, sure, counts = row[:4]
    return ReviewedOpinion(opinion, review, sure, counts)


def _is(state: OpinionState) -> ColumnElement[bool]:
    """Return the condition that an opinion is so far."""
    review, sure = OpinionReviewRow, OpinionReviewConfirmationRow.review_no.is_not(None)
    if state is OpinionState.VOID:
        return ~counted(OpinionRow)
    if state is OpinionState.QUARANTINED:
        return and_(counted(OpinionRow), review.review_no.is_(None))
    if state is OpinionState.PROPOSED:
        return and_(counted(OpinionRow), review.review_no.is_not(None), ~sure)
    verdict = next(each for each, led_to in DECIDED.items() if led_to is state)
    return and_(counted(OpinionRow), review.verdict == verdict, sure)


async def opinions_of(
    db: AsyncSession,
    wave: WaveRow,
    page: PageRequest,
    unit: str | None,
    state: OpinionState | None,
) -> Sequence[ReviewedOpinion]:
    """Return the opinions of a wave that count, or have been reviewed, by their ids, all or those
    about a unit or so far; one more than the page has."""
    of, query = OpinionRow, reviewed().where(*in_wave(wave, OpinionRow))
    query = query.where(or_(counted(of), OpinionReviewRow.review_no.is_not(None)))
    if unit is not None:
        query = query.where(of.unit == unit)
    if state is not None:
        query = query.where(_is(state))
    if page.after_id is not None:
        query = query.where(of.opinion_id > page.after_id)
    rows = await db.execute(query.order_by(of.opinion_id).limit(page.limit + 1))
    return [made(each) for each in rows]


async def standing_of(
    db: AsyncSession, survey: SurveyRow, ids: Collection[UUID]
) -> Mapping[UUID, Standing]:
    """Return how these opinions of a survey stand; what is none of it is left out."""
    return {key: each.standing for key, each in (await opinions_by_id(db, survey, ids)).items()}


async def opinions_by_id(
    db: AsyncSession, survey: SurveyRow | WaveRow, ids: Collection[UUID]
) -> Mapping[UUID, ReviewedOpinion]:
    """Return these opinions of a survey."""
    of = OpinionRow
    among = of.opinion_id == any_(literal(list(ids), ARRAY(Uuid())))
    rows = await db.execute(reviewed().where(*in_survey(of, survey), among))
    return {each.opinion.opinion_id: each for each in map(made, rows)}


async def opinion_in(db: AsyncSession, cycle_id: UUID, opinion_id: UUID) -> ReviewedOpinion | None:
    """Return an opinion of a cycle, if there is one of this id."""
    of = OpinionRow
    rows = await db.execute(reviewed().where(of.cycle_id == cycle_id, of.opinion_id == opinion_id))
    return next(map(made, rows), None)


class OpinionTally(NamedTuple):
    """How many opinions are so far, and whose review of them is the newest."""

    state: OpinionState
    proposed_person: str | None
    number: int


async def opinion_tallies(
    db: AsyncSession, cycle_id: UUID, wave: WaveRow | None = None
) -> Mapping[tuple[UUID, int], list[OpinionTally]]:
    """Count the opinions that count of the closed waves of a cycle, or of one of them, by survey
    and wave."""
    of, review = OpinionRow, OpinionReviewRow
    sure = OpinionReviewConfirmationRow.review_no.is_not(None)
    kinds = (of.survey_id, of.wave, review.verdict, review.proposed_person, sure)
    query = (
        reviewed()
        .with_only_columns(*kinds, func.count())
        .where(of.cycle_id == cycle_id, WaveRow.state == WaveState.CLOSED, counted(of))
        .group_by(*kinds)
    )
    if wave is not None:
        query = query.where(*in_wave(wave, of))
    found = defaultdict[tuple[UUID, int], list[OpinionTally]](list)
    for survey_id, number, verdict, person, decided, count in await db.execute(query):
        told = OpinionVerdict(verdict) if verdict else None
        state = Standing(number, counts=True, verdict=told, confirmed=decided).state
        found[survey_id, number].append(OpinionTally(state, person, count))
    return found


async def published_waves(db: AsyncSession, cycle_id: UUID) -> set[tuple[UUID, int]]:
    """Return the waves of a cycle whose opinions have been published."""
    of = OpinionPublicationRow
    rows = await db.execute(select(of.survey_id, of.wave).where(of.cycle_id == cycle_id))
    return {(survey_id, wave) for survey_id, wave in rows}


async def published_opinions(
    db: AsyncSession, cycle_id: UUID, page: PageRequest, unit: str | None
) -> Sequence[tuple[ReviewedOpinion, str, int]]:
    """Return the published opinions of a cycle, or about one unit of it, by their ids, one more
    than the page has, each with the code of its survey and with how many it stands for: itself, if
    it counts, and what was merged into it."""
    of, out, survey = OpinionRow, OpinionPublicationRow, SurveyRow
    query = (
        reviewed()
        .join(out, and_(*(getattr(out, name) == getattr(of, name) for name in OF_WAVE)))
        .join(survey, and_(survey.cycle_id == of.cycle_id, survey.survey_id == of.survey_id))
        .add_columns(survey.code)
        .where(
            of.cycle_id == cycle_id,
            OpinionReviewRow.verdict == OpinionVerdict.ACCEPT,
            OpinionReviewConfirmationRow.review_no.is_not(None),
        )
    )
    if unit is not None:
        query = query.where(of.unit == unit)
    if page.after_id is not None:
        query = query.where(of.opinion_id > page.after_id)
    rows = (await db.execute(query.order_by(of.opinion_id).limit(page.limit + 1))).all()
    found = [(made(row), row[4]) for row in rows]
    merged = await merged_into(db, cycle_id, [each.opinion.opinion_id for each, _ in found])
    return [(each, code, each.counts + merged[each.opinion.opinion_id]) for each, code in found]


async def merged_into(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> Counter[UUID]:
    """Count what was merged into these opinions, counts, and is of a wave that was published."""
    of, review, sure = OpinionRow, OpinionReviewRow, OpinionReviewConfirmationRow
    out, found = OpinionPublicationRow, Counter[UUID]()
    rows = await db.execute(
        select(review.merged_into, func.count())
        .join(sure)
        .join(of, and_(*(getattr(of, name) == getattr(review, name) for name in _ID)))
        .join(out, and_(*(getattr(out, name) == getattr(of, name) for name in OF_WAVE)))
        .where(
            review.cycle_id == cycle_id,
            review.merged_into == any_(literal(list(ids), ARRAY(Uuid()))),
            counted(of),
        )
        .group_by(review.merged_into)
    )
    for target, number in rows:
        if target is not None:
            found[target] = number
    return found
