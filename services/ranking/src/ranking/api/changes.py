"""What moved from one edition of a ranking to another, and from one release to the next."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, Outgoing
from ranking.api.readers import find_readable, sight_of
from ranking.api.releases import find_release, require_whole
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import (
    LARGEST,
    NoSuchRanking,
    NoSuchRelease,
    Number,
    find_ranking,
)
from ranking.rules.changes import AnotherCategory, count_same, moved, refuse_another_category
from ranking.rules.interest import ReadAfterRelease
from ranking.rules.publication import ReleaseInPart
from ranking.tables import RankingRow

router = Router(prefix="/cycles/{cycle_id}", tags=["rankings"])

Against = Annotated[int, Query(ge=1, le=LARGEST)]
"""The number of what something is compared with, mostly the one before."""


class RankedStanding(Outgoing):
    """Where a unit stands: its total in points, its rank and its grade."""

    final_total: Exact | None
    rank: int | None
    grade: str | None


class MovedUnit(Outgoing):
    """A unit whose total, rank or grade is another; null on a side where it is not ranked."""

    unit: str
    before: RankedStanding | None
    after: RankedStanding | None


class RankingDifferences(Outgoing):
    """What moved from `against` to the other; `same` units stand where they did."""

    category: str
    against: int
    same: int
    units: list[MovedUnit]


@router.get(
    "/rankings/{edition}/differences",
    response_model=RankingDifferences,
    responses=documents(
        *(AnotherCategory, NoSuchRanking, ReadAfterRelease),
        *(PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
    ),
)
async def compare_rankings(
    cycle_id: UUID,
    edition: Number,
    against: Against,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
) -> Response:
    """Say exactly whose total, rank or grade is not what it was in an earlier edition."""
    sight = await sight_of(ask, permit, cycle_id)
    editions = (against, edition)
    rows = [(await find_readable(db, cycle_id, each, sight))[0] for each in editions]
    return document(_compared(rows, against), request)


@router.get(
    "/releases/{release}/differences",
    response_model=RankingDifferences,
    responses=documents(
        AnotherCategory, NoSuchRanking, NoSuchRelease, ReleaseInPart, StoredDataAltered
    ),
)
async def compare_releases(
    cycle_id: UUID,
    release: Number,
    against: Against,
    request: Request,
    db: Snapshot,
    permit: Permit,
) -> Response:
    """Say exactly whose total, rank or grade is not what an earlier release said of it."""
    released = [await find_release(db, cycle_id, each) for each in (against, release)]
    for each in released:
        require_whole(each, permit.caller)
    rows = [await find_ranking(db, cycle_id, each.edition) for each in released]
    return document(_compared(rows, against), request)


def _compared(rows: Sequence[RankingRow], against: int) -> RankingDifferences:
    before, after = rows
    refuse_another_category(after.category, before.category)
    found = moved(before.units, after.units)
    return RankingDifferences(
        category=after.category,
        against=against,
        same=count_same(before.units, after.units, len(found)),
        units=[MovedUnit.model_validate(each) for each in found],
    )
