"""Releases as each reader is shown them: to the public without signing in, and in part."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from chassis.authorisation import Permit
from chassis.kept import document, kept_document
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Outgoing
from ranking.api.rankings import WHERE_GIVEN, RankedUnit
from ranking.api.releases import find_release, policy_in
from ranking.api.shown import (
    PublishedRelease,
    corrections_of,
    digest_of,
    part_of,
)
from ranking.api.visibility import RELEASES_NOW
from ranking.queries import (
    NoSuchRelease,
    Number,
    after_number,
    corrected_by,
    is_held,
    public_from,
    require_releases,
)
from ranking.rules.publication import (
    Audience,
    NothingPublic,
    Shown,
    audience_of,
    own_line,
    reads_as,
)
from ranking.tables import ReleaseRow

router = Router(prefix="/cycles/{cycle_id}/releases/{release}", tags=["releases"])
door = Router(prefix="/public/cycles/{cycle_id}/releases", tags=["releases"])


class PublicSummary(Outgoing):
    """A release that everybody reads; `digest` is that of what is shown to the public."""

    release: int
    predecessor: int | None
    category: str
    published_at: dt.datetime
    digest: str
    public_from: Annotated[dt.datetime | None, WHERE_GIVEN] = None
    corrected_by: Annotated[int | None, WHERE_GIVEN] = None


@router.get(
    "/published",
    response_model=PublishedRelease,
    responses=documents(NoSuchRelease, StoredDataAltered),
)
async def read_published(
    cycle_id: UUID, release: Number, request: Request, permit: Permit
) -> Response:
    """Give what the caller is shown of a release by the scheme's policy, with the whole line of the
    caller's own unit, and what it corrected.

    Whoever reads the release whole is shown everything.
    """
    caller = permit.caller

    async def build(db: AsyncSession) -> PublishedRelease:
        row = await find_release(db, cycle_id, release)
        audience = audience_of(policy_in(row), caller.roles)
        return await _published(db, row, audience, caller.organisation)

    key = (cycle_id, release, reads_as(caller.roles), caller.organisation)
    return await kept_document(request, permit, key, RELEASES_NOW, cycle_id, build)


@door.get("", response_model=Page[PublicSummary], responses=documents(StoredDataAltered))
async def list_public_releases(
    cycle_id: UUID,
    page: PageQuery,
    request: Request,
    category: Annotated[Code | None, Query(description="Of this category.")] = None,
) -> Response:
    """List the releases of a cycle that are shown to everybody, without signing in."""
    async with request.app.state.public_readings() as db:
        of = ReleaseRow.cycle_id == cycle_id, ReleaseRow.release > after_number(page), ~is_held()
        named = ReleaseRow.manifest["publication"]["public"].astext.is_not(None)
        columns = ReleaseRow, public_from().label("instant"), corrected_by().label("by")
        query = select(*columns).where(*of, named).order_by(ReleaseRow.release)
        query = query.where(true() if category is None else ReleaseRow.category == category)
        query = query.options(defer(ReleaseRow.document, raiseload=True)).limit(page.limit + 1)
        rows = (await db.execute(query)).all()
        await require_releases(db, cycle_id, [each.ReleaseRow for each in rows])
    found = [
        PublicSummary(
            release=row.release,
            predecessor=row.predecessor,
            category=row.category,
            published_at=row.published_at,
            digest=row.manifest["publication"]["digests"]["public"],
            public_from=instant,
            corrected_by=by,
        )
        for row, instant, by in rows
    ]
    listed = Page.of(found, page.limit, lambda one: str(one.release))
    return _to_public(document(listed, request))


@door.get(
    "/{release}",
    response_model=PublishedRelease,
    responses=documents(NothingPublic, StoredDataAltered),
)
async def read_public_release(cycle_id: UUID, release: Number, request: Request) -> Response:
    """Give what is shown of a release to everybody, without signing in."""
    async with request.app.state.public_readings() as db:
        row = await find_public(db, cycle_id, release)
        found = await _published(db, row, "public", None)
    return _to_public(document(found, request))


async def find_public(db: AsyncSession, cycle_id: UUID, release: int) -> ReleaseRow:
    """Return a release of which something is shown to everybody; any other is as good as none."""
    try:
        row = await find_release(db, cycle_id, release)
    except NoSuchRelease:
        row = None
    if row is None or policy_in(row).public is None:
        raise NothingPublic("Nothing is shown to everybody.", "没有向社会公布的内容。")
    return row


async def _published(
    db: AsyncSession, row: ReleaseRow, audience: Audience, unit: str | None
) -> PublishedRelease:
    """Return a release as one audience is shown it, with the line of one unit whole."""
    shown = policy_in(row).shown(audience) or Shown()
    content = part_of(row.manifest, row.document, shown)
    of = ReleaseRow.cycle_id == row.cycle_id, ReleaseRow.release == row.release
    found = await db.execute(
        select(public_from().label("at"), corrected_by().label("by")).where(*of)
    )
    more = found.one()
    own = own_line(row.document["units"], unit, shown) if audience != "public" else None
    return PublishedRelease(
        **dict(content),
        digest=digest_of(content),
        public_from=more.at,
        corrected_by=more.by,
        corrections=await _corrections(db, row, audience, shown),
        own=own and RankedUnit.model_validate(own),
    )


async def _corrections(db: AsyncSession, row: ReleaseRow, audience: Audience, shown: Shown) -> Any:  # noqa: ANN401 - as the document takes it
    """Return what a release corrected, as far as the audience was and is shown it."""
    if row.predecessor is None:
        return None
    before = await find_release(db, row.cycle_id, row.predecessor)
    was = policy_in(before).shown(audience)
    return None if was is None else corrections_of(before.document, row.document, shown.also(was))


def _to_public(answer: Response) -> Response:
    """Return an answer that may be kept for everybody."""
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer
