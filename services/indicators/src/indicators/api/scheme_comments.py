"""What units say of a draft of the scheme, node by node, and what is answered (意见及采纳情况)."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, ClassVar
from uuid import UUID, uuid4

from fastapi import Query
from pydantic import Field
from sqlalchemy import insert

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, OneOf, Outgoing, Text
from indicators.api.readers import reader_of
from indicators.api.schemes import Version
from indicators.queries import (
    NoSuchCycle,
    comments_on,
    find_consultation,
    find_cycle,
    find_version,
    today,
)
from indicators.rules.consultation import (
    ADOPTED,
    NOT_ADOPTED,
    PARTLY_ADOPTED,
    AnswersFaulty,
    CommentsFaulty,
    ConsultationOver,
    Heard,
    Node,
    NotConsulted,
    check_answers,
    check_comments,
    check_open,
)
from indicators.tables import CommentAnswerRow, SchemeCommentRow

router = Router("/cycles/{cycle_id}/scheme-versions/{version}", tags=["schemes"])

Outcome = Annotated[str, OneOf(ADOPTED, PARTLY_ADOPTED, NOT_ADOPTED)]

_REFUSED = (NotConsulted, NoSuchCycle, StoredDataAltered)


class NewSchemeComment(Incoming):
    """What a unit says of a draft: of an indicator in a category, of a category, of an indicator
    wherever it stands, or, where neither is named, of the whole."""

    category: Code | None = None
    indicator: Code | None = None
    text: Text

    @property
    def node(self) -> Node:
        """What of the scheme it is about."""
        return Node(self.category, self.indicator)


class NewSchemeComments(IncomingBatch):
    """A batch of comments on a draft."""

    ROWS: ClassVar = "comments"

    comments: list[NewSchemeComment] = Field(min_length=1, max_length=500)


class CommentOutcome(RowOutcome):
    """What became of a comment, and under which id it is kept; null where it is not kept anew."""

    comment_id: UUID | None


class CommentsSaid(BatchOutcome):
    """What became of a batch of comments, row by row in its order."""

    rows: list[CommentOutcome]


class NewCommentAnswer(Incoming):
    """Whether the scheme follows a comment, and why."""

    comment_id: UUID
    outcome: Annotated[str, OneOf(ADOPTED, PARTLY_ADOPTED, NOT_ADOPTED)]
    reason: Text


class NewCommentAnswers(IncomingBatch):
    """A batch of answers to comments on a draft."""

    ROWS: ClassVar = "answers"

    answers: list[NewCommentAnswer] = Field(min_length=1, max_length=500)


class AnswerOutcome(RowOutcome):
    """What became of an answer."""


class CommentsAnswered(BatchOutcome):
    """What became of a batch of answers, row by row in its order."""

    rows: list[AnswerOutcome]


class SchemeComment(Outgoing):
    """A comment on a draft; `outcome`, `reason` and the rest of its answer are null before there is
    one."""

    comment_id: UUID
    unit: str
    category: str | None
    indicator: str | None
    text: str
    said_by: str
    said_at: dt.datetime
    outcome: Outcome | None
    reason: str | None
    answered_by: str | None
    answered_at: dt.datetime | None


@router.post(
    "/comments",
    status_code=201,
    responses=documents(CommentsFaulty, ConsultationOver, *_REFUSED),
)
async def comment_on_scheme(
    cycle_id: UUID,
    version: Version,
    new: NewSchemeComments,
    db: Transaction,
    permit: Permit,
    rows: Rows,
) -> CommentsSaid:
    """Comment on a draft that units are asked about, for the own unit, up to its last day.

    What the unit has said of it before in the same words is `unchanged`. A comment is not taken
    back; the office answers it. A unit makes at most 200 of them on a draft.
    """
    await find_cycle(db, cycle_id, alone=True)
    asked = await find_consultation(db, cycle_id, version)
    unit = permit.caller.organisation
    permit.require({"own_unit"} if unit else set())
    check_open(await today(db), asked.closes_on)
    scheme = (await find_version(db, cycle_id, version))[0].scheme
    said = [each for each, _ in await db.execute(comments_on(cycle_id, version, unit))]
    known = {(each.category, each.indicator, each.text) for each in said}

    async def keep(batch: NewSchemeComments) -> Receipt | None:
        check_comments([(each.node, each.text) for each in batch.comments], scheme, len(said))
        ids = [uuid4() for _ in batch.comments]
        about = {"cycle_id": cycle_id, "version": version, "unit": unit}
        about |= {"said_by": permit.caller.subject, "said_person": permit.caller.person}
        given = zip(ids, batch.comments, strict=True)
        stored = [{"comment_id": each, **row.model_dump(), **about} for each, row in given]
        await db.execute(insert(SchemeCommentRow), stored)
        rows.tell({"comment_id": each} for each in ids)
        return await journal.record(
            db,
            chain=str(cycle_id),
            caller=permit.caller,
            event="scheme.commented",
            body={"version": version, "unit": unit, "comments": [str(each) for each in ids]},
        )

    there = [n for n, e in enumerate(new.comments) if (e.category, e.indicator, e.text) in known]
    receipt = await rows.keep(rows.besides(new, there), keep)
    return CommentsSaid(receipt=receipt, **rows.told(CommentOutcome))


@router.get("/comments", responses=documents(*_REFUSED))
async def list_scheme_comments(
    cycle_id: UUID,
    version: Version,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    answered: Annotated[bool | None, Query(description="With an answer, or without.")] = None,
    indicator: Annotated[Code | None, Query(description="On this indicator.")] = None,
) -> Page[SchemeComment]:
    """Give the comments on a draft with their answers, in no order that tells who spoke first.

    A unit reads its own while units are asked, and all of them once the last day is over.
    """
    await find_cycle(db, cycle_id)
    asked = await find_consultation(db, cycle_id, version)
    await require_intact(db, str(cycle_id), "scheme_comment", "comment_answer")
    unit = reader_of(permit)
    open_to_all = await today(db) > asked.closes_on
    said = SchemeCommentRow
    query = comments_on(cycle_id, version, None if open_to_all else unit).order_by(said.comment_id)
    if page.after_id is not None:
        query = query.where(said.comment_id > page.after_id)
    if answered is not None:
        query = query.where(CommentAnswerRow.comment_id.is_not(None) == answered)
    if indicator is not None:
        query = query.where(said.indicator == indicator)
    found = await db.execute(query.limit(page.limit + 1))
    shown = [_shown(*each) for each in found]
    return Page[SchemeComment].of(shown, page.limit, lambda each: str(each.comment_id))


@router.post("/comment-answers", status_code=201, responses=documents(AnswersFaulty, *_REFUSED))
async def answer_scheme_comments(
    cycle_id: UUID,
    version: Version,
    new: NewCommentAnswers,
    db: Transaction,
    permit: Permit,
    rows: Rows,
) -> CommentsAnswered:
    """Answer comments on a draft: whether the scheme follows them, and why; an answer stays.

    Nobody answers what the own unit has said. The same answer again is `unchanged`.
    """
    await find_cycle(db, cycle_id, alone=True)
    await find_consultation(db, cycle_id, version)
    await require_intact(db, str(cycle_id), "scheme_comment", "comment_answer")
    found = [(*each,) for each in await db.execute(comments_on(cycle_id, version, None))]
    heard = {said.comment_id: heard_as(said, answer) for said, answer in found}
    caller = permit.caller

    async def keep(batch: NewCommentAnswers) -> Receipt | None:
        named = [each.comment_id for each in batch.answers]
        check_answers(named, heard, caller.person, caller.organisation)
        by = {"answered_by": caller.subject, "answered_person": caller.person}
        stored = [{**each.model_dump(), "cycle_id": cycle_id, **by} for each in batch.answers]
        await db.execute(insert(CommentAnswerRow), stored)
        answers = [{"comment_id": str(e.comment_id), "outcome": e.outcome} for e in batch.answers]
        return await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event="scheme.comments-answered",
            body={"version": version, "answers": answers},
        )

    known = {(e.comment_id, e.outcome, e.reason) for e in _answers(found)}
    there = [n for n, e in enumerate(new.answers) if (e.comment_id, e.outcome, e.reason) in known]
    receipt = await rows.keep(rows.besides(new, there), keep)
    return CommentsAnswered(receipt=receipt, **rows.told(AnswerOutcome))


def heard_as(said: SchemeCommentRow, answer: CommentAnswerRow | None) -> Heard:
    """Return a comment as its answer is judged."""
    return Heard(said.unit, said.said_person, answer is not None)


def _answers(
    found: Iterable[tuple[SchemeCommentRow, CommentAnswerRow | None]],
) -> list[CommentAnswerRow]:
    return [answer for _, answer in found if answer is not None]


def _shown(said: SchemeCommentRow, answer: CommentAnswerRow | None) -> SchemeComment:
    told = {name: getattr(said, name, None) for name in SchemeComment.model_fields}
    if answer is not None:
        told |= {name: getattr(answer, name) for name in _OF_ANSWER}
    return SchemeComment.model_validate(told)


_OF_ANSWER = ("outcome", "reason", "answered_by", "answered_at")
