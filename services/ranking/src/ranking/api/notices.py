"""Notices of proposed results (公示): opened by the office, read by everybody."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Exact, Incoming, OneOf, Outgoing, Text
from ranking.api.noticed import (
    find_notice,
    newest_of_category,
    standing,
    upheld_against_equals,
)
from ranking.api.office import require_office
from ranking.api.rankings import WHERE_GIVEN
from ranking.api.shown import Called, called
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import (
    NoSuchRanking,
    Number,
    after_number,
    approvals_of,
    find_ranking,
    hold_cycle,
    last_held,
    next_number,
    now,
)
from ranking.rules.grade_lists import GradeList, grade_lists
from ranking.rules.interest import DeciderBarred
from ranking.rules.notices import (
    NoNoticeHere,
    NoSuchNotice,
    NothingUpheldBefore,
    NoticePolicy,
    NoticeThere,
    Shows,
    UpheldWithoutChange,
    end_of,
    is_due,
    last_day,
    refuse_unexplained,
)
from ranking.rules.scheme import Scheme
from ranking.tables import NoticeRow, RankingRow

router = Router(prefix="/cycles/{cycle_id}/rankings/{edition}/notice", tags=["notices"])
public = Router(prefix="/public/cycles/{cycle_id}/notices", tags=["notices"])


class NewNotice(Incoming):
    """What is said with a notice, such as where objections are heard besides; `unchanged_because`
    where an objection was upheld against another edition, and this one says the same."""

    text: Text | None = None
    unchanged_because: Text | None = None


class NoticedUnit(Outgoing):
    """A unit in a notice; its rank and its total only where the scheme shows them."""

    unit: str
    name: str
    rank: Annotated[int | None, WHERE_GIVEN] = None
    final_total: Annotated[Exact | None, WHERE_GIVEN] = None


class NoticedGrade(Outgoing):
    """The units that are to have one grade; null where they are not rated."""

    grade: str | None
    grade_name: str | None
    units: list[NoticedUnit]


class NoticeNames(Outgoing):
    """The year that is assessed, and what people call the category."""

    assessment_year: int
    category: Called


class NoticeContent(Outgoing):
    """What a notice says, and of what its digest is taken.

    Objections are taken until the day `closes_on`, and with it.
    """

    cycle_id: UUID
    notice: int
    edition: int
    category: str
    opened_on: dt.date
    closes_on: dt.date
    shows: Shows
    text: str | None
    unchanged_because: Annotated[str | None, WHERE_GIVEN] = None
    names: Annotated[NoticeNames | None, WHERE_GIVEN] = None
    lists: list[NoticedGrade]


NoticeState = Annotated[str, OneOf("running", "ended", "replaced")]


class Notice(NoticeContent):
    """A notice of proposed results, which nobody changes.

    `state` is running while objections are taken, ended from then on, and replaced once a later
    notice of its category was opened. `digest` is the SHA-256 of the canonical JSON of this
    document without `state` and `digest` itself.
    """

    state: NoticeState
    digest: str


class NoticeSummary(Outgoing):
    """A notice without its lists."""

    notice: int
    category: str
    opened_on: dt.date
    closes_on: dt.date
    digest: str


class NoticeOpened(Outgoing):
    """A notice that has just been opened."""

    notice: Notice
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        *(DeciderBarred, NoNoticeHere, NoSuchRanking, NothingUpheldBefore, NoticeThere),
        UpheldWithoutChange,
        *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    ),
)
async def open_notice(
    cycle_id: UUID,
    edition: Number,
    new: NewNotice,
    reading: Snapshot,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> NoticeOpened:
    """Show everybody what is proposed for a category, for the working days that the scheme says;
    the day of the opening is not counted.

    The next step of the approval chain waits until it has ended and each objection is answered. An
    edition that was sent back, and a new one, is shown again. One that says the same as another
    against which an objection was upheld is shown with the reason.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    opened_on = local_day(await now(reading), scheme.time_zone)
    await reading.close()  # no connection waits for other services
    calendar = await ask.working_days(opened_on.year, opened_on.year + 1)

    await hold_cycle(db, cycle_id)
    await journal.require_whole(db, str(cycle_id))
    row = await find_ranking(db, cycle_id, edition)
    check_noticing(scheme, row, permit)
    approvals = (await approvals_of(db, cycle_id, [edition]))[edition]
    policy = scheme.notice
    step, said = last_held(row, approvals)
    if policy is None or not is_due(policy, step):
        raise NoNoticeHere("It is not shown now.", "现不公示。")
    shown = (await standing(db, cycle_id, [edition])).get(edition)
    if shown is not None and shown.holds(said):
        raise NoticeThere(
            f"It is notice {shown.notice}.", f"见第{shown.notice}号公示。", notice=shown.notice
        )
    upheld = (await upheld_against_equals(db, cycle_id, [edition])).get(edition, {})
    refuse_unexplained(upheld, new.unchanged_because)
    content = NoticeContent(
        cycle_id=cycle_id,
        notice=await next_number(db, NoticeRow.notice, cycle_id),
        edition=edition,
        category=row.category,
        opened_on=opened_on,
        closes_on=last_day(calendar, opened_on, policy.working_days),
        shows=policy.shows,
        text=new.text,
        unchanged_because=new.unchanged_because,
        names=NoticeNames(
            assessment_year=scheme.assessment_year, category=called(scheme.category(row.category))
        ),
        lists=_lists(scheme, row, policy),
    )
    return await _keep(db, content, scheme.time_zone, said, permit)


def check_noticing(scheme: Scheme, row: RankingRow, permit: Permission) -> None:
    """Refuse whoever may not act for the office about an edition: who competes in it, and the
    office itself where another body takes its place."""
    units = {*scheme.units_of(row.category), *(each.unit for each in row.units)}
    require_office(scheme, units, permit)


def _lists(scheme: Scheme, row: RankingRow, policy: NoticePolicy) -> list[NoticedGrade]:
    ranked = policy.shows != "grades"
    category = scheme.category(row.category)
    order = scheme.grades_of(category).order
    found = grade_lists(row.units, order, category.units, ranked=ranked)
    return [_told(each, ranked=ranked, totals=policy.shows == _TOTALS) for each in found]


_TOTALS: Shows = "grades_ranks_and_totals"


def _told(line: GradeList, *, ranked: bool, totals: bool) -> NoticedGrade:
    return NoticedGrade(
        grade=line.grade,
        grade_name=line.grade_name,
        units=[
            NoticedUnit(
                unit=each.unit,
                name=each.name,
                rank=each.rank if ranked else None,
                final_total=each.final_total if totals else None,
            )
            for each in line.units
        ],
    )


async def _keep(
    db: AsyncSession, content: NoticeContent, time_zone: str, steps: int, permit: Permit
) -> NoticeOpened:
    document: dict[str, Any] = content.model_dump(mode="json")
    row = NoticeRow(
        cycle_id=content.cycle_id,
        notice=content.notice,
        edition=content.edition,
        category=content.category,
        steps=steps,
        closes_on=content.closes_on,
        closes_at=end_of(content.closes_on, time_zone),
        document=document,
        digest=journal.sha256(document),
        subject=permit.caller.subject,
        person=permit.caller.person,
        opened_at=await now(db),
    )
    db.add(row)
    await db.flush()
    told = {"notice": row.notice, "category": row.category, "digest": row.digest}
    receipt = await journal.record(
        db,
        chain=str(row.cycle_id),
        caller=permit.caller,
        event="ranking.notice-opened",
        body={**told, "closes_on": row.closes_on.isoformat()},
    )
    return NoticeOpened(notice=notice_of(row, "running"), receipt=receipt)


def notice_of(row: NoticeRow, state: str) -> Notice:
    """Return the document of a notice that is in this state."""
    return Notice(**row.document, state=state, digest=row.digest)


@public.get("", responses=documents(StoredDataAltered))
async def list_notices(
    cycle_id: UUID,
    page: PageQuery,
    request: Request,
    category: Annotated[Code | None, Query(description="Of this category.")] = None,
) -> Page[NoticeSummary]:
    """List the notices of a cycle in the order in which they were opened; no account is needed."""
    of = NoticeRow
    async with request.app.state.public_readings() as db:
        rows = (
            await db.scalars(
                select(of)
                .where(of.cycle_id == cycle_id, of.notice > after_number(page))
                .where(true() if category is None else of.category == category)
                .order_by(of.notice)
                .limit(page.limit + 1)
            )
        ).all()
        await require_intact(db, str(cycle_id), "notice", records=[row.record for row in rows])
    names = NoticeSummary.model_fields.keys() - {"digest"}
    found = [
        NoticeSummary(**{name: row.document[name] for name in names}, digest=row.digest)
        for row in rows
    ]
    return Page.of(found, page.limit, lambda one: str(one.notice))


@public.get("/{notice}", responses=documents(NoSuchNotice, StoredDataAltered))
async def read_notice(cycle_id: UUID, notice: Number, request: Request) -> Notice:
    """Give a notice of proposed results; no account is needed."""
    async with request.app.state.public_readings() as db:
        row = await find_notice(db, cycle_id, notice)
        replaced = await newest_of_category(db, cycle_id, row.category) != notice
        running = await now(db) < row.closes_at
    return notice_of(row, "replaced" if replaced else "running" if running else "ended")
