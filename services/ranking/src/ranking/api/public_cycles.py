"""The years of which something is shown to everybody (向社会公布的年度), without signing in."""

from collections.abc import Iterable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Request
from sqlalchemy import ColumnElement, and_, select, true, union
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, defer

from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Outgoing
from ranking.api.notices import NoticeNames
from ranking.api.rankings import WHERE_GIVEN
from ranking.queries import is_held, require_releases
from ranking.tables import NoticeRow, ReleaseRow

door = Router(prefix="/public/cycles", tags=["releases"])


class PublicCategory(Outgoing):
    """A category of which everybody reads something: its newest release and its newest notice, null
    for none. `names` are not there where it was published before they were told with it."""

    category: str
    release: int | None
    notice: int | None
    names: Annotated[NoticeNames | None, WHERE_GIVEN] = None


class PublicCycle(Outgoing):
    """A year, and the categories of which everybody reads something, in the order of their codes.

    `assessment_year` is null where nothing of it tells the year.
    """

    cycle_id: UUID
    assessment_year: int | None
    categories: list[PublicCategory]


@door.get("", responses=documents(StoredDataAltered))
async def list_public_cycles(page: PageQuery, request: Request) -> Page[PublicCycle]:
    """List the years of which a release or a notice is shown to everybody, in the order of their
    ids; no account is needed.

    A year whose releases wait for their instant, or are shown to nobody without an account, is not
    among them.
    """
    async with request.app.state.public_readings() as db:
        cycles = await _cycles(db, page.after_id, page.limit + 1)
        releases = await _newest_releases(db, cycles[: page.limit])
        notices = await _newest_notices(db, cycles[: page.limit])
    found = [_cycle(each, releases, notices) for each in cycles]
    return Page.of(found, page.limit, lambda one: str(one.cycle_id))


def _is_public() -> ColumnElement[bool]:
    """Return the condition that something of a release is shown to everybody by now."""
    return and_(ReleaseRow.manifest["publication"]["public"].astext.is_not(None), ~is_held())


def _after(column: InstrumentedAttribute[UUID], after: UUID | None) -> ColumnElement[bool]:
    return true() if after is None else column > after


async def _cycles(db: AsyncSession, after: UUID | None, most: int) -> Sequence[UUID]:
    released, noticed = ReleaseRow.cycle_id, NoticeRow.cycle_id
    there = union(
        select(released).where(_is_public(), _after(released, after)),
        select(noticed).where(_after(noticed, after)),
    ).subquery()
    return (await db.scalars(select(there.c[0]).order_by(there.c[0]).limit(most))).all()


async def _newest_releases(db: AsyncSession, cycles: Sequence[UUID]) -> Sequence[ReleaseRow]:
    of = ReleaseRow
    newest = select(of).where(of.cycle_id.in_(cycles), _is_public())
    newest = newest.ext(distinct_on(of.cycle_id, of.category))
    newest = newest.order_by(of.cycle_id, of.category, of.release.desc())
    rows = (await db.scalars(newest.options(defer(of.document, raiseload=True)))).all()
    for cycle in cycles:
        await require_releases(db, cycle, [each for each in rows if each.cycle_id == cycle])
    return rows


async def _newest_notices(db: AsyncSession, cycles: Sequence[UUID]) -> Sequence[NoticeRow]:
    of = NoticeRow
    newest = select(of).where(of.cycle_id.in_(cycles))
    newest = newest.ext(distinct_on(of.cycle_id, of.category))
    rows = (await db.scalars(newest.order_by(of.cycle_id, of.category, of.notice.desc()))).all()
    for cycle in cycles:
        records = [each.record for each in rows if each.cycle_id == cycle]
        await require_intact(db, str(cycle), "notice", records=records)
    return rows


def _cycle(
    cycle_id: UUID, releases: Iterable[ReleaseRow], notices: Iterable[NoticeRow]
) -> PublicCycle:
    release = {each.category: each for each in releases if each.cycle_id == cycle_id}
    notice = {each.category: each for each in notices if each.cycle_id == cycle_id}
    codes = sorted({*release, *notice})
    told = [_category(each, release.get(each), notice.get(each)) for each in codes]
    years = [each.names.assessment_year for each in told if each.names]
    return PublicCycle(
        cycle_id=cycle_id, assessment_year=years[0] if years else None, categories=told
    )


def _category(code: str, release: ReleaseRow | None, notice: NoticeRow | None) -> PublicCategory:
    told = [each for each in (release and release.manifest, notice and notice.document) if each]
    names = next((each["names"] for each in told if each.get("names")), None)
    return PublicCategory(
        category=code,
        release=release and release.release,
        notice=notice and notice.notice,
        names=names
        and NoticeNames(assessment_year=names["assessment_year"], category=names["category"]),
    )
