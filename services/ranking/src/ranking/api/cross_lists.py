"""Lists across categories (跨类别名单): made on request from the rankings of their categories."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Outgoing
from ranking.api.rankings import WHERE_GIVEN, RankedReason
from ranking.api.readers import find_readable, sight_of
from ranking.api.releases import policy_in
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import find_ranking, newest_releases
from ranking.rules.cross_lists import (
    CrossCategoryList,
    Listed,
    ListedTotal,
    ListNotRanked,
    ListNotShown,
    ListOfSeveralScales,
    NoSuchCrossCategoryList,
    RankedFrom,
    UnitListedTwice,
    declared_list,
    listed,
    refuse_several_scales,
    refuse_unranked,
    show_to,
)
from ranking.rules.interest import ReadAfterRelease
from ranking.rules.publication import Shown, audience_of
from ranking.rules.scheme import Normalisation, Scheme
from ranking.tables import RankingRow

router = Router(prefix="/cycles/{cycle_id}/cross-category-lists/{list_code}", tags=["rankings"])

NOTE = (
    "Not a ranking of record: it gives no grade, and is for the use that the scheme declares.",
    "本名单不是正式排名，不确定等次，只用于方案公布的用途。",
)
"""What every list across categories says of itself, in both languages."""


class ListNote(Outgoing):
    """What the list is not, in words."""

    en: str
    zh: str


class ListScale(Outgoing):
    """How the judged marks in the totals were put on one scale, as the scheme says."""

    method: Literal["none", "second_mean", "grand_mean_ratio", "z_score", "rank_percentile"]
    by: Literal["organiser", "scorer"]
    of: list[str]
    clamp: list[Exact]
    smallest_group: int
    mean: Exact | None
    deviation: Exact | None


class ListedGroup(Outgoing):
    """Marks of one group for an indicator in a category: how many, their mean in points, and the
    coefficient that they were multiplied by; too few are `kept` as they were."""

    indicator: str
    category: str
    group: str
    marks: int
    mean: Exact
    coefficient: Exact | None
    kept: bool


class ListedRanking(Outgoing):
    """The edition of a category's ranking that its totals are taken from, and its release, where
    that is what was asked for."""

    category: str
    edition: int
    digest: str
    scheme: str
    score_sheet_edition: int
    release: Annotated[int | None, WHERE_GIVEN] = None


class ListedUnit(Outgoing):
    """A unit's place among the units of all these categories, and its rank in its own.

    One that was not ranked has neither, and no totals. `reasons` say what told it from equal
    totals in this list, for whoever is shown reasons.
    """

    place: int | None
    unit: str
    name: str
    category: str
    base_total: Exact | None
    adjustment: Exact
    final_total: Exact | None
    rank_in_category: int | None
    reasons: Annotated[list[RankedReason] | None, WHERE_GIVEN] = None


class CrossCategoryDocument(Outgoing):
    """A list across categories, best unit first, units without a place last.

    `use` is what the scheme declared that it may be used for. `groups` are the marks that were put
    on one scale in its categories, for whoever is shown reasons. `digest` is the SHA-256 of the
    canonical JSON of the rest.
    """

    cycle_id: UUID
    code: str
    name: str
    use: str
    ranking_of_record: Literal[False]
    note: ListNote
    scale: ListScale
    groups: Annotated[list[ListedGroup] | None, WHERE_GIVEN] = None
    ties: Literal["same_rank_skip", "dense", "ordinal"]
    tie_break: list[str]
    rankings: list[ListedRanking]
    units: list[ListedUnit]
    digest: str


@dataclass(frozen=True, slots=True)
class Source:
    """An edition that a list is made from, and the release that it was read from, if any."""

    row: RankingRow
    release: int | None = None


_REFUSED = documents(
    ListNotRanked,
    ListOfSeveralScales,
    NoSuchCrossCategoryList,
    PeerDown,
    PeerMissing,
    PeerRefused,
    ReadAfterRelease,
    StoredDataAltered,
    UnitListedTwice,
)


@router.get("", responses=_REFUSED)
async def read_cross_category_list(
    cycle_id: UUID, list_code: Code, db: Snapshot, permit: Permit, ask: AskPeers
) -> CrossCategoryDocument:
    """Give the units of the categories of a list in one order, by the newest editions of their
    rankings.

    Whoever takes part in decisions does not get it while one of its categories that has the own
    unit is not released.
    """
    sight = await sight_of(ask, permit, cycle_id)
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    declared = declared_list(scheme.cross_category_lists, list_code)
    sources = [
        Source((await find_readable(db, cycle_id, edition, sight))[0])
        for edition in await _newest_editions(db, cycle_id, declared)
    ]
    return _document(cycle_id, scheme, declared, sources, reasons=True)


@router.get("/published", responses=_REFUSED | documents(ListNotShown))
async def read_published_list(
    cycle_id: UUID, list_code: Code, db: Snapshot, permit: Permit, ask: AskPeers
) -> CrossCategoryDocument:
    """Give a list across categories by the newest releases of its categories, to whoever is shown
    scores and ranks of all of them.

    Reasons and coefficients are told to whoever is shown reasons of all of them.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    declared = declared_list(scheme.cross_category_lists, list_code)
    releases = {
        each.category: each
        for each in await newest_releases(db, cycle_id)
        if each.category in declared.categories
    }
    refuse_unranked(declared, releases)
    parts = {}
    for category, row in releases.items():
        policy = policy_in(row)
        parts[category] = policy.shown(audience_of(policy, permit.caller.roles)) or Shown()
    show_to((category, each.scores and each.ranks) for category, each in parts.items())
    sources = [
        Source(await find_ranking(db, cycle_id, releases[c].edition), releases[c].release)
        for c in declared.categories
    ]
    reasons = all(each.reasons for each in parts.values())
    return _document(cycle_id, scheme, declared, sources, reasons=reasons)


async def _newest_editions(
    db: AsyncSession, cycle_id: UUID, declared: CrossCategoryList
) -> list[int]:
    """Return the newest edition of each category of a list, in its order; refuse where one has
    none."""
    row = RankingRow
    of = row.cycle_id == cycle_id, row.category.in_(declared.categories)
    found = await db.execute(select(row.category, row.edition).where(*of).order_by(row.edition))
    newest = {each.category: each.edition for each in found}
    refuse_unranked(declared, newest)
    return [newest[category] for category in declared.categories]


def _document(
    cycle_id: UUID,
    scheme: Scheme,
    declared: CrossCategoryList,
    sources: Sequence[Source],
    *,
    reasons: bool,
) -> CrossCategoryDocument:
    scale = scheme.normalisation or Normalisation("none", "organiser", ())
    refuse_several_scales(scale.method, [_from(each.row) for each in sources])
    names = {
        code: name
        for each in scheme.categories
        if each.code in declared.categories
        for code, name in each.block_names.items()
    }
    told = listed(declared, _totals(sources), names)
    said: dict[str, Any] = {
        "cycle_id": cycle_id,
        "code": declared.code,
        "name": declared.name,
        "use": declared.use,
        "ranking_of_record": False,
        "note": {"en": NOTE[0], "zh": NOTE[1]},
        "scale": ListScale.model_validate(scale),
        "groups": _groups(declared, sources) if reasons else None,
        "ties": declared.ties,
        "tie_break": list(declared.tie_break),
        "rankings": [_ranking(each) for each in sources],
        "units": [_unit(each, reasons=reasons) for each in told],
        "digest": "",
    }
    document = CrossCategoryDocument.model_validate(said)
    content = document.model_dump(mode="json", exclude={"digest"})
    return document.model_copy(update={"digest": journal.sha256(content)})


def _from(row: RankingRow) -> RankedFrom:
    return RankedFrom(row.category, row.score_sheet_edition, row.digests.get("normalised"))


def _totals(sources: Iterable[Source]) -> list[ListedTotal]:
    return [
        ListedTotal(
            unit=each.unit,
            name=each.name,
            category=source.row.category,
            blocks=each.blocks,
            base_total=each.base_total,
            adjustment=each.adjustment,
            final_total=each.final_total,
            rank=each.rank,
        )
        for source in sources
        for each in source.row.units
    ]


def _groups(declared: CrossCategoryList, sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Return the groups of marks in the categories of a list: all sources tell the same."""
    return [e for e in sources[0].row.normalised or () if e["category"] in declared.categories]


def _ranking(source: Source) -> ListedRanking:
    row = source.row
    return ListedRanking(
        category=row.category,
        edition=row.edition,
        digest=row.digest,
        scheme=row.digests["scheme"],
        score_sheet_edition=row.score_sheet_edition,
        release=source.release,
    )


def _unit(one: Listed, *, reasons: bool) -> ListedUnit:
    of, place = one.total, one.place
    told = () if place is None else place.told
    return ListedUnit(
        place=None if place is None else place.rank,
        unit=of.unit,
        name=of.name,
        category=of.category,
        base_total=of.base_total,
        adjustment=of.adjustment,
        final_total=of.final_total,
        rank_in_category=of.rank,
        reasons=[RankedReason.model_validate(each) for each in told] if reasons else None,
    )
