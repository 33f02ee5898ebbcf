"""Opinions in quarantine (意见审核): who may read them, and what two people decide about them."""

import datetime as dt
from collections import Counter, defaultdict
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from survey.api.voidings import asked_about, check_proposer
from survey.api.waves import WaveNo
from survey.peers import AskIndicators, PeerDown, PeerMissing, PeerRefused, Scheme
from survey.queries.opinions import (
    ReviewedOpinion,
    opinion_tallies,
    opinions_by_id,
    opinions_of,
    published_opinions,
    published_waves,
    standing_of,
)
from survey.queries.rectification import AssignedItem, items_of
from survey.queries.surveys import Lock, NoSuchWave, find_wave
from survey.rules.abstention import SECOND_BODY
from survey.rules.decisions import DeciderBarred, check_interest
from survey.rules.opinion_reviews import (
    OpinionsPublished,
    OpinionState,
    OpinionsUnreviewed,
    OpinionVerdict,
    ReviewsRejected,
    check_confirmations,
    check_publication,
    check_reviews,
)
from survey.rules.rectification import ItemState
from survey.rules.states import WaveNotClosed, WaveState, require
from survey.tables.opinions import (
    OpinionPublicationRow,
    OpinionReviewConfirmationRow,
    OpinionReviewRow,
)
from survey.tables.surveys import SurveyRow
from survey.tables.waves import WaveRow

router = Router(prefix="/surveys/{survey_id}/waves/{wave}/opinions", tags=["opinions"])
published_router = Router(prefix="/cycles/{cycle_id}/opinions", tags=["opinions"])

_REFUSED = documents(NoSuchWave, WaveNotClosed, DeciderBarred, PeerDown, PeerMissing, PeerRefused)
OPINIONS = ("opinion", "opinion_review", "opinion_review_confirmation", "opinion_publication")

OfUnit = Annotated[Code | None, Query(description="Those about the unit of this code.")]


class OpinionReview(Outgoing):
    """What somebody proposed to become of an opinion, and who confirmed it; null while nobody has.

    The `wording` is the text as it may be read; what is merged stands for nothing of its own.
    """

    review_no: int
    verdict: OpinionVerdict
    wording: str | None
    reason: str | None
    into: UUID | None
    proposed_by: str
    proposed_at: dt.datetime
    confirmed_by: str | None
    confirmed_at: dt.datetime | None


class QuarantinedOpinion(Outgoing):
    """An opinion as it was said, with the newest review of it."""

    opinion_id: UUID
    unit: str
    text: str
    group: str | None
    channel: str | None
    state: OpinionState
    review: OpinionReview | None


class NewReview(Incoming):
    """What is to become of an opinion.

    An accepted one is read in its `wording`, and as it was said where there is none: names, places
    and whatever else tells who said it are taken out. Rejecting one needs a reason, merging one the
    opinion that says the same.
    """

    opinion_id: UUID
    verdict: OpinionVerdict
    wording: Text | None = None
    reason: Text | None = None
    into: UUID | None = None


class NewReviews(IncomingBatch):
    """Reviews of opinions of one wave."""

    ROWS: ClassVar = "rows"

    rows: Annotated[list[NewReview], Field(min_length=1, max_length=500)]


class NewReviewConfirmation(Incoming):
    """The newest review of an opinion, which somebody else proposed."""

    opinion_id: UUID
    review_no: Annotated[int, Field(ge=1, le=1_000_000)]


class NewReviewConfirmations(IncomingBatch):
    """Reviews that come into force."""

    ROWS: ClassVar = "rows"

    rows: Annotated[list[NewReviewConfirmation], Field(min_length=1, max_length=500)]


class ProposedReviews(BatchOutcome):
    """What became of reviews, one by one in their order."""

    rows: list[RowOutcome]


class ConfirmedReviews(BatchOutcome):
    """What became of confirmations, one by one in their order."""

    rows: list[RowOutcome]


class OpinionPublication(Outgoing):
    """That the accepted opinions of a wave were published: so many, what was merged not counted."""

    survey_id: UUID
    wave: int
    published: int
    receipt: Receipt | None


class PublishedItem(Outgoing):
    """What a unit was asked to mend, and its `reply`, once that has been accepted."""

    unit: str
    state: ItemState
    reply: str | None


class PublishedOpinion(Outgoing):
    """An opinion about a unit in the wording that was accepted, and how many it stands for.

    The wording of one that is void is told no more, unless others count that were merged into it:
    they say the same. `rectification` says which units were asked to
    mend it, and what they replied.
    """

    opinion_id: UUID
    survey: str
    wave: int
    unit: str
    wording: str | None
    stands_for: int
    is_void: bool
    rectification: list[PublishedItem]


def refuse_reader(scheme: Scheme, units: list[str], permit: Permission) -> None:
    """Refuse who has an interest in a unit that the survey asks about, and, but for auditors, the
    office where another body decides in its place."""
    if "auditor" in permit.caller.roles:
        check_interest(permit.caller.organisation, scheme.competing_with(units))
    else:
        check_proposer(scheme, units, permit.caller)


def require_reviewer(
    scheme: Scheme, units: list[str], permit: Permission, phase: str | None
) -> None:
    """Refuse who does not review the opinions of a survey: the office does, or the body that the
    scheme names where the office is barred from a category that is asked about."""
    is_body = permit.caller.organisation in scheme.second_bodies(units)
    permit.require({SECOND_BODY} if is_body else (), phase)
    refuse_reader(scheme, units, permit)


@router.get("", responses=_REFUSED)
async def list_opinions(
    survey_id: UUID,
    wave: WaveNo,
    page: PageQuery,
    reading: Snapshot,
    db: Snapshot,
    permit: Permit,
    ask: AskIndicators,
    unit: OfUnit = None,
    state: Annotated[OpinionState | None, Query(description="Those that are so far.")] = None,
) -> Page[QuarantinedOpinion]:
    """Give the opinions of a closed wave as they were said, to those who review them, and to
    auditors.

    They stand in an order drawn at random. Who said what is not told.
    """
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    _, row = await find_wave(db, survey_id, wave)
    permit.within(row.cycle_id)
    require_reviewer(scheme, units, permit, row.state)
    require((WaveState.CLOSED,), WaveState(row.state), wave)
    found = [_shown(each) for each in await opinions_of(db, row, page, unit, state)]
    return Page[QuarantinedOpinion].of(found, page.limit, lambda each: str(each.opinion_id))


@router.post("/reviews", status_code=201, responses={**_REFUSED, **documents(ReviewsRejected)})
async def propose_reviews(
    survey_id: UUID,
    wave: WaveNo,
    new: NewReviews,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    rows: Rows,
) -> ProposedReviews:
    """Propose what is to become of opinions of a closed wave; nothing does before somebody else
    confirms it.

    The newest review of an opinion is the one that may be confirmed, whoever proposed an earlier
    one.
    """
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await _held(db, survey_id, wave, scheme, units, permit)
    named = {key for each in new.rows for key in (each.opinion_id, each.into) if key}
    known = await opinions_by_id(db, survey, named)
    standing = {key: each.standing for key, each in known.items()}

    async def take(batch: NewReviews) -> Receipt | None:
        check_reviews(wave, batch.rows, standing)
        await db.execute(
            insert(OpinionReviewRow),
            [_stored(each, known[each.opinion_id], permit) for each in batch.rows],
        )
        verdicts = Counter(each.verdict.value for each in batch.rows)
        return await _record(db, permit, survey, row, "opinions-reviewed", **verdicts)

    receipt = await rows.keep(new, take)
    return ProposedReviews(receipt=receipt, **rows.told(RowOutcome))


@router.post(
    "/confirmations", status_code=201, responses={**_REFUSED, **documents(ReviewsRejected)}
)
async def confirm_reviews(
    survey_id: UUID,
    wave: WaveNo,
    new: NewReviewConfirmations,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
    rows: Rows,
) -> ConfirmedReviews:
    """Put reviews that somebody else proposed into force, for good."""
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await _held(db, survey_id, wave, scheme, units, permit)
    known = dict(await standing_of(db, survey, {each.opinion_id for each in new.rows}))
    targets = {each.merged_into for each in known.values() if each.merged_into} - known.keys()
    known |= await standing_of(db, survey, targets)

    async def take(batch: NewReviewConfirmations) -> Receipt | None:
        check_confirmations(wave, batch.rows, known, permit.caller.person)
        by = {
            "cycle_id": row.cycle_id,
            "confirmed_by": permit.caller.subject,
            "confirmed_person": permit.caller.person,
        }
        await db.execute(
            insert(OpinionReviewConfirmationRow), [{**by, **dict(each)} for each in batch.rows]
        )
        number = len(batch.rows)
        return await _record(db, permit, survey, row, "opinion-reviews-confirmed", number=number)

    receipt = await rows.keep(new, take)
    return ConfirmedReviews(receipt=receipt, **rows.told(RowOutcome))


@router.post(
    "/publication",
    status_code=201,
    responses={
        **_REFUSED,
        **documents(OpinionsUnreviewed, OpinionsPublished, StoredDataAltered),
    },
)
async def publish_opinions(
    survey_id: UUID,
    wave: WaveNo,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskIndicators,
) -> OpinionPublication:
    """Publish the accepted opinions of a closed wave, once all of it have been reviewed."""
    scheme, units = await asked_about(reading, survey_id, wave, ask)
    survey, row = await _held(db, survey_id, wave, scheme, units, permit)
    await require_intact(db, str(row.cycle_id), *OPINIONS, "batch_withdrawal", "answer_void")
    states = Counter[OpinionState]()
    for each in (await opinion_tallies(db, row.cycle_id, row)).get((survey_id, wave), ()):
        states[each.state] += each.number
    done = (survey_id, wave) in await published_waves(db, row.cycle_id)
    check_publication(states, published=done)
    number = states.get(OpinionState.ACCEPTED, 0)
    by = {
        "published_by": permit.caller.subject,
        "published_person": permit.caller.person,
        "published": number,
    }
    await db.execute(insert(OpinionPublicationRow).values(**row.key, **by))
    receipt = await _record(db, permit, survey, row, "opinions-published", published=number)
    return OpinionPublication(survey_id=survey_id, wave=wave, published=number, receipt=receipt)


@published_router.get("")
async def list_published_opinions(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit, unit: OfUnit = None
) -> Page[PublishedOpinion]:
    """Give the opinions of a cycle that were published, in an order drawn at random."""
    permit.require()
    opinions = await published_opinions(db, cycle_id, page, unit)
    ids = [each.opinion.opinion_id for each, *_ in opinions]
    items = defaultdict[UUID, list[PublishedItem]](list)
    for item in await items_of(db, cycle_id, origins=ids):
        items[item.item.origin_id].append(_published(item))
    found = [
        PublishedOpinion(
            opinion_id=each.opinion.opinion_id,
            survey=code,
            wave=each.opinion.wave,
            unit=each.opinion.unit,
            wording=each.review.wording if each.review and number else None,
            stands_for=number,
            is_void=not number,
            rectification=items[each.opinion.opinion_id] if number else [],
        )
        for each, code, number in opinions
    ]
    return Page[PublishedOpinion].of(found, page.limit, lambda each: str(each.opinion_id))


def _published(each: AssignedItem) -> PublishedItem:
    reply = each.reply if each.state is ItemState.ACCEPTED else None
    return PublishedItem(unit=each.item.unit, state=each.state, reply=reply)


async def _held(
    db: AsyncSession,
    survey_id: UUID,
    wave: int,
    scheme: Scheme,
    units: list[str],
    permit: Permission,
) -> tuple[SurveyRow, WaveRow]:
    """Return a closed wave, held alone, whose opinions the caller reviews."""
    survey, row = await find_wave(db, survey_id, wave, Lock.ALONE)
    permit.within(row.cycle_id)
    require((WaveState.CLOSED,), WaveState(row.state), wave)
    require_reviewer(scheme, units, permit, row.state)
    return survey, row


def _stored(new: NewReview, known: ReviewedOpinion, permit: Permission) -> dict[str, object]:
    """Return a review as it is stored; an accepted opinion is read as it was said, where no other
    wording is given."""
    wording = new.wording or known.opinion.text
    return {
        "cycle_id": known.opinion.cycle_id,
        "opinion_id": new.opinion_id,
        "review_no": 1 + known.standing.review_no,
        "verdict": new.verdict,
        "wording": wording if new.verdict is OpinionVerdict.ACCEPT else None,
        "reason": new.reason,
        "merged_into": new.into,
        "proposed_by": permit.caller.subject,
        "proposed_person": permit.caller.person,
    }


def _shown(each: ReviewedOpinion) -> QuarantinedOpinion:
    review, sure = each.review, each.confirmation
    return QuarantinedOpinion(
        opinion_id=each.opinion.opinion_id,
        unit=each.opinion.unit,
        text=each.opinion.text,
        group=each.opinion.respondent_group,
        channel=each.opinion.channel,
        state=each.standing.state,
        review=review
        and OpinionReview(
            review_no=review.review_no,
            verdict=OpinionVerdict(review.verdict),
            wording=review.wording,
            reason=review.reason,
            into=review.merged_into,
            proposed_by=review.proposed_by,
            proposed_at=review.proposed_at,
            confirmed_by=sure and sure.confirmed_by,
            confirmed_at=sure and sure.confirmed_at,
        ),
    )


async def _record(
    db: AsyncSession,
    permit: Permission,
    survey: SurveyRow,
    row: WaveRow,
    event: str,
    **more: object,
) -> Receipt | None:
    """Write a step in the journal, without any words: it says how many, and vouches for the
    rows."""
    named = {"survey_id": str(row.survey_id), "code": survey.code, "wave": row.wave}
    return await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event=f"survey.{event}",
        body={**named, **more},
    )
