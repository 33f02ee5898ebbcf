"""How many vetoes there are: of each kind, and of how many, for everybody who is signed in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Outgoing
from ranking.api.rankings import WHERE_GIVEN
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from ranking.queries import newest_releases
from ranking.rules.scheme import Scheme, VetoItem

router = Router(prefix="/cycles/{cycle_id}", tags=["vetoes and demotions"])


class CountedVeto(Outgoing):
    """A kind of veto, what it rests on, whether it is `hidden` under another name, and of how many
    units a release tells it."""

    code: str
    basis: str | None
    scope: Literal["all", "block", "title"]
    block: Annotated[str | None, WHERE_GIVEN] = None
    hidden: bool
    units: int


class VetoCounts(Outgoing):
    """How many kinds of veto the scheme has and may have at most, and how many units it befell.

    Units are counted from the newest release of each of the `categories`, and from nothing else:
    what was not released is not counted. A unit is counted once, by kind and in all.
    """

    limit: int | None
    kinds: int
    hidden_kinds: int
    units: int
    categories: list[str]
    vetoes: list[CountedVeto]


@router.get(
    "/veto-counts", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered)
)
async def count_vetoes(cycle_id: UUID, db: Snapshot, permit: Permit, ask: AskPeers) -> VetoCounts:
    """Count the kinds of veto of a cycle, hidden ones too, and the units of which its releases tell
    that they were vetoed in its year.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    found = await _released(db, cycle_id)
    by_unit = [_of_this_year(line, scheme) for lines in found.values() for line in lines]
    units = Counter(code for codes in by_unit for code in codes)
    items = scheme.vetoes.items
    gone = sorted(units.keys() - {each.code for each in items})
    return VetoCounts(
        limit=scheme.vetoes.limit,
        kinds=len(items),
        hidden_kinds=sum(each.hidden for each in items),
        units=sum(bool(codes) for codes in by_unit),
        categories=list(found),
        vetoes=[_counted(each, units) for each in (*items, *(VetoItem(c, ()) for c in gone))],
    )


async def _released(db: AsyncSession, cycle_id: UUID) -> Mapping[str, Iterable[dict[str, Any]]]:
    rows = await newest_releases(db, cycle_id)
    return {row.category: row.document["units"] for row in rows}


def _of_this_year(line: Mapping[str, Any], scheme: Scheme) -> set[str]:
    """Return by which kinds a unit was vetoed this year; last year's were counted then."""
    year = scheme.assessment_year
    return {each["code"] for each in line.get("vetoes") or () if each["year"] == year}


def _counted(item: VetoItem, units: Mapping[str, int]) -> CountedVeto:
    return CountedVeto(
        code=item.code,
        basis=item.basis,
        scope=item.scope,
        block=item.block,
        hidden=item.hidden,
        units=units.get(item.code, 0),
    )
