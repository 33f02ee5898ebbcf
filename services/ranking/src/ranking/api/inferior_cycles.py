"""The years of the jurisdictions below one's own of which something is released (下级辖区)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.realm_rows import is_below, is_of
from chassis.realms import is_above, is_realm, realm_of
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Outgoing
from ranking.api.rankings import WHERE_GIVEN
from ranking.api.releases import digest_for
from ranking.api.shown import ReleaseNames
from ranking.queries import is_held, require_releases
from ranking.tables import ReleaseRow

router = Router("/inferior-cycles", tags=["releases"])

ROUTE = "GET /api/v1/cycles/{cycle_id}/releases"
"""What is read of them, and so by whom."""


class InferiorCategory(Outgoing):
    """A category with its newest release; `digest` is that of what the caller is shown of it.

    `names` are not there where it was published before they were told with it.
    """

    category: str
    release: int
    digest: str
    names: Annotated[ReleaseNames | None, WHERE_GIVEN] = None


class InferiorCycle(Outgoing):
    """A year of a jurisdiction below the caller's, with the categories that are released, in the
    order of their codes."""

    cycle_id: UUID
    jurisdiction: str
    categories: list[InferiorCategory]


@router.get("", responses=documents(StoredDataAltered))
async def list_inferior_cycles(
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    jurisdiction: Annotated[
        Code | None, Query(description="Of this jurisdiction alone, which is below one's own.")
    ] = None,
) -> Page[InferiorCycle]:
    """Give the years of all jurisdictions below the caller's of which something is released, in the
    order of their ids. What is released is read by its release.

    There are none for accounts of no jurisdiction, and of jurisdictions that are not below.
    """
    own, of, after = permit.caller.realm, ReleaseRow, page.after_id
    if own is None or not _may_be_below(own, jurisdiction):
        return Page[InferiorCycle].of([], page.limit, lambda one: str(one.cycle_id))
    whose = is_below if jurisdiction is None else is_of
    query = select(of.cycle_id).where(whose(of.cycle_id, jurisdiction or own), ~is_held())
    query = query if after is None else query.where(of.cycle_id > after)
    found = await db.scalars(query.distinct().order_by(of.cycle_id).limit(page.limit + 1))
    cycles = found.all()
    rows = await _newest(db, cycles[: page.limit])
    told = [_cycle(each, rows, permit) for each in cycles]
    return Page.of(told, page.limit, lambda one: str(one.cycle_id))


def _may_be_below(own: str, jurisdiction: str | None) -> bool:
    return jurisdiction is None or (is_realm(jurisdiction) and is_above(own, jurisdiction))


async def _newest(db: AsyncSession, cycles: Sequence[UUID]) -> Sequence[ReleaseRow]:
    of = ReleaseRow
    newest = select(of).where(of.cycle_id.in_(cycles), ~is_held())
    newest = newest.ext(distinct_on(of.cycle_id, of.category))
    newest = newest.order_by(of.cycle_id, of.category, of.release.desc())
    rows = (await db.scalars(newest.options(defer(of.document, raiseload=True)))).all()
    for cycle in cycles:
        await require_releases(db, cycle, [each for each in rows if each.cycle_id == cycle])
    return rows


def _cycle(cycle_id: UUID, rows: Sequence[ReleaseRow], permit: Permit) -> InferiorCycle:
    reader = permit.matrix.from_above(ROUTE, cycle_id, permit.caller)
    told = [
        InferiorCategory(
            category=row.category,
            release=row.release,
            digest=row.digest if reader is None else digest_for(row, reader),
            names=row.manifest.get("names"),
        )
        for row in rows
        if row.cycle_id == cycle_id
    ]
    return InferiorCycle(cycle_id=cycle_id, jurisdiction=realm_of(cycle_id) or "", categories=told)
