"""Drafts of the scheme that units are asked about (征求意见), until a last day."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.conditions import Precondition
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Day, Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Incoming, Outgoing, Text
from indicators.api.readers import reader_of
from indicators.api.schemes import Version, version_as_read
from indicators.queries import (
    NoSuchCycle,
    NoSuchVersion,
    comments_on,
    find_cycle,
    find_version,
    today,
    version_in_force,
)
from indicators.rules.consultation import (
    ConsultationFaulty,
    ConsultationStands,
    check_heard,
    check_term,
)
from indicators.rules.publication import VersionOvertaken, check_turn
from indicators.tables import CommentAnswerRow, ConsultationRow, SchemeCommentRow

router = Router("/cycles/{cycle_id}", tags=["schemes"])

_LARGEST = 1_000_000_000

Count = Annotated[int, Field(ge=0)]


class NewConsultation(Incoming):
    """What units are asked about a draft, and the last day for their comments."""

    about: Text
    closes_on: Day


class Consultation(Outgoing):
    """A draft that units are asked about; it is `open` up to the last day `closes_on`.

    `comments` and `unanswered` count what the caller may read: a unit's own while it is open, all
    afterwards.
    """

    cycle_id: UUID
    version: int
    about: str
    closes_on: dt.date
    open: bool
    comments: Count
    unanswered: Count
    opened_by: str
    opened_at: dt.datetime


class OpenedConsultation(Consultation):
    """A draft that units are asked about from now on, with the receipt of the journal."""

    receipt: Receipt | None


@router.post(
    "/scheme-versions/{version}/consultation",
    status_code=201,
    responses=documents(
        ConsultationFaulty, ConsultationStands, VersionOvertaken, NoSuchVersion, NoSuchCycle
    ),
)
async def open_consultation(
    cycle_id: UUID,
    version: Version,
    new: NewConsultation,
    db: Transaction,
    permit: Permit,
    same: Precondition,
) -> OpenedConsultation:
    """Ask the units about a draft: from now on they read it, and comment on it up to the last day.

    It is not published before that day is over and every comment is answered, and nothing takes the
    question back.
    """
    await find_cycle(db, cycle_id, alone=True)
    scheme, _ = await find_version(db, cycle_id, version)
    await same.require(lambda: version_as_read(db, cycle_id, version), version=version)
    check_turn(version, await version_in_force(db, cycle_id))
    day = await today(db)
    check_term(day, new.closes_on)
    if await db.get(ConsultationRow, (cycle_id, version)) is not None:
        raise ConsultationStands(f"Version {version} is.", f"第 {version} 版。", version=version)
    row = ConsultationRow(
        cycle_id=cycle_id,
        version=version,
        **new.model_dump(),
        opened_by=permit.caller.subject,
        opened_person=permit.caller.person,
    )
    db.add(row)
    await db.flush()
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scheme.consulted",
        body={
            "version": version,
            "digest": scheme.digest,
            "about": new.about,
            "closes_on": str(new.closes_on),
        },
    )
    return OpenedConsultation(**dict(_shown(row, day, 0, 0)), receipt=receipt)


@router.get("/consultations", responses=documents(NoSuchCycle, StoredDataAltered))
async def list_consultations(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[Consultation]:
    """Give the drafts that units are or were asked about, first to last."""
    await find_cycle(db, cycle_id)
    chain, day = str(cycle_id), await today(db)
    await require_intact(db, chain, "consultation", "scheme_comment", "comment_answer")
    asked, said, answered = ConsultationRow, SchemeCommentRow, CommentAnswerRow
    counted = (said.cycle_id == asked.cycle_id) & (said.version == asked.version)
    same = (answered.cycle_id == said.cycle_id) & (answered.comment_id == said.comment_id)
    if (unit := reader_of(permit)) is not None:
        counted &= (said.unit == unit) | (asked.closes_on < day)
    found = await db.execute(
        select(asked, func.count(said.comment_id), func.count(answered.comment_id))
        .outerjoin(said, counted)
        .outerjoin(answered, same)
        .where(asked.cycle_id == cycle_id, asked.version > min(page.after_number, _LARGEST))
        .group_by(asked.cycle_id, asked.version)
        .order_by(asked.version)
        .limit(page.limit + 1)
    )
    shown = [_shown(row, day, number, number - heard) for row, number, heard in found]
    return Page[Consultation].of(shown, page.limit, lambda each: str(each.version))


async def check_all_heard(
    db: AsyncSession, cycle_id: UUID, version: int, in_force: int | None
) -> None:
    """Refuse to publish a version while units are asked about it, or about a draft of it that came
    after the one in force, or before they are all answered."""
    asked, day = ConsultationRow, await today(db)
    drafts = (asked.version > (in_force or 0)) & (asked.version <= version)
    await require_intact(db, str(cycle_id), "consultation", "scheme_comment", "comment_answer")
    for row in await db.scalars(select(asked).where(asked.cycle_id == cycle_id, drafts)):
        said = await db.execute(comments_on(cycle_id, row.version, None))
        check_heard(day, row.closes_on, sum(answer is None for _, answer in said))


def _shown(row: ConsultationRow, day: dt.date, comments: int, unanswered: int) -> Consultation:
    return Consultation(
        cycle_id=row.cycle_id,
        version=row.version,
        about=row.about,
        closes_on=row.closes_on,
        open=day <= row.closes_on,
        comments=comments,
        unanswered=unanswered,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
    )
