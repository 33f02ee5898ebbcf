"""A release beside those of earlier years (历年比较), where units and blocks can be compared."""

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Annotated, get_args
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.kept import document
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, OneOf, Outgoing
from ranking.api.releases import find_release, policy_in
from ranking.peers import AskPeers, Cycle, PeerDown, PeerMissing, PeerRefused, Peers
from ranking.queries import NoSuchRelease, Number, newest_releases
from ranking.rules.comparison import Comparable as Word
from ranking.rules.comparison import ReleasedYear, over_the_years
from ranking.rules.publication import Shown, audience_of, lines
from ranking.tables import ReleaseRow

router = Router(prefix="/cycles/{cycle_id}", tags=["releases"])

MOST_YEARS = 10

Released = tuple[Cycle, Mapping[str, ReleaseRow]]
"""A cycle with its newest public releases by their categories."""

Comparable = Annotated[str, OneOf(*get_args(Word))]


class ComparedBlock(Outgoing):
    """A block: its share of its points this year and the earlier one, 0 to 1, and the change; null
    where either is not known, as where the earlier scheme had no such block."""

    block: str
    share: Exact | None
    earlier_share: Exact | None
    change: Exact | None


class PlaceOfYear(Outgoing):
    """Where a unit was in an earlier year; null wherever that is not comparable, of which
    `comparable` says why.

    `of_units` are the units that it was or goes on from. Of `ranked` units this is the `rank`;
    `rank_change` is above 0 for a rise.
    """

    assessment_year: int
    comparable: Comparable
    of_units: list[str]
    rank: int | None
    ranked: int | None
    grade: str | None
    grade_name: str | None
    rank_change: int | None
    blocks: list[ComparedBlock]


class ComparedUnit(Outgoing):
    """A unit of the release, beside its places in earlier years, the latest first."""

    unit: str
    name: str
    rank: int | None
    grade: str | None
    earlier: list[PlaceOfYear]


class ComparedYear(Outgoing):
    """An earlier year of the jurisdiction, and its newest release of the category; null without."""

    cycle_id: UUID
    assessment_year: int
    release: int | None


class YearsCompared(Outgoing):
    """A release beside the newest releases of its category in earlier years."""

    cycle_id: UUID
    release: int
    category: str
    assessment_year: int
    years: list[ComparedYear]
    units: list[ComparedUnit]


@router.get(
    "/releases/{release}/comparison",
    response_model=YearsCompared,
    responses=documents(NoSuchRelease, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def compare_years(
    cycle_id: UUID,
    release: Number,
    request: Request,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    years: Annotated[
        int, Query(ge=1, le=MOST_YEARS, description="How many earlier years, at most.")
    ] = 3,
) -> Response:
    """Hold a release against those of earlier years: places, grades, and shares of the points of
    blocks, of units that went on.

    Units go by who succeeded whom. What several units became, or one in part, who was ranked in
    another category, and who was not ranked at all, has no earlier place: that is told, and no
    change is.
    """
    row = await find_release(db, cycle_id, release)
    cycle = await ask.indicators.cycle(cycle_id=cycle_id)
    known = await ask.indicators.cycles(jurisdiction=cycle.jurisdiction)
    released = [(e, await _newest(db, e.cycle_id)) for e in _before(cycle, known, years)]
    before = _one_each(released, row.category)
    there = await _newest(db, cycle_id) | {row.category: row}
    await db.close()  # no connection waits for other services
    roles = permit.caller.roles
    now = await _year(ask, cycle, there, row.category, roles)
    then = [
        await _year(ask, each, rows, row.category, roles)
        for each, rows in before
        if row.category in rows
    ]
    found = over_the_years(now, then, await ask.successions())
    said = YearsCompared(
        cycle_id=cycle_id,
        release=release,
        category=row.category,
        assessment_year=cycle.assessment_year,
        years=[_compared(each, rows.get(row.category)) for each, rows in before],
        units=[ComparedUnit.model_validate(each) for each in found],
    )
    return document(said, request)


def _compared(cycle: Cycle, row: ReleaseRow | None) -> ComparedYear:
    return ComparedYear(
        cycle_id=cycle.cycle_id,
        assessment_year=cycle.assessment_year,
        release=None if row is None else row.release,
    )


def _before(cycle: Cycle, cycles: Iterable[Cycle], years: int) -> list[Cycle]:
    """Return those of so many earlier years, the latest first."""
    found = [each for each in cycles if each.assessment_year < cycle.assessment_year]
    latest = sorted({each.assessment_year for each in found}, reverse=True)[:years]
    wanted = [each for each in found if each.assessment_year in latest]
    return sorted(wanted, key=lambda each: (-each.assessment_year, str(each.cycle_id)))


def _one_each(released: Iterable[Released], category: str) -> list[Released]:
    """Return of each year what has released the category; where nothing has, one cycle: another
    that was given up, or played twice, stands in the place of no year."""
    found = list[Released]()
    for _, same in groupby(released, key=lambda each: each[0].assessment_year):
        of_year = [*same]
        found += [each for each in of_year if category in each[1]] or of_year[:1]
    return found


async def _newest(db: AsyncSession, cycle_id: UUID) -> dict[str, ReleaseRow]:
    """Return the newest public releases of a cycle by their categories."""
    return {each.category: each for each in await newest_releases(db, cycle_id)}


async def _year(
    ask: Peers,
    cycle: Cycle,
    rows: Mapping[str, ReleaseRow],
    category: str,
    roles: Collection[str],
) -> ReleasedYear:
    """Return what a caller is shown of a year's releases, and what blocks are worth by the year's
    scheme."""
    policy = policy_in(rows[category])
    shown = policy.shown(audience_of(policy, roles)) or Shown()
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle.cycle_id)).scheme
    worth = next((each for each in scheme.categories if each.code == category), None)
    return ReleasedYear(
        year=cycle.assessment_year,
        category=category,
        units={each["unit"]: each for each in lines(rows[category].document["units"], shown)},
        category_of={
            each["unit"]: code for code, row in rows.items() for each in row.document["units"]
        },
        ranks=shown.ranks,
        points={} if worth is None else {each.code: each.points for each in worth.blocks},
    )
