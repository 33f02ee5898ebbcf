"""How firm a ranking is: ranges of ranks, and orders under other weights. Nothing is kept."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Exact, Outgoing
from ranking.api.readers import find_readable, sight_of
from ranking.api.shown import PublishedRange, PublishedUncertainty
from ranking.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, PublishedScheme
from ranking.queries import NoSuchRanking, Number
from ranking.rules.fields import (
    BlocksNotComparable,
    TooManyRanks,
    TotalsOtherwiseMade,
    by_indicator,
    earlier_points,
    fields_of,
    published_draw,
    refuse_too_many,
)
from ranking.rules.interest import ReadAfterRelease
from ranking.rules.scheme import Category, Scheme, UnknownCategory
from ranking.rules.sheet import SheetOfAnotherScheme, refuse_another_scheme
from ranking.rules.uncertainty import GENERATOR, LEVEL, Draw, Field, Reordered
from ranking.tables import RankingRow

router = Router(prefix="/cycles/{cycle_id}/rankings/{edition}/uncertainty", tags=["rankings"])


Vary = Literal["blocks", "indicators"]
"""What a replication draws other points for."""


class UnitRange(Outgoing):
    """Where a unit stood in the replications: `best` to `worst` in nine of ten of them.

    `same` is the share of them in which it had the rank that it has. `se` is what its surveys leave
    open in its total, in points, null where they tell nothing: then only weights varied for it.
    `not_distinguishable` are the units up to ten places from it that were before it in more than
    a twentieth of them and after it in more than a twentieth.
    """

    unit: str
    rank: int
    best: int
    worst: int
    same: Exact
    se: Exact | None
    not_distinguishable: list[str]


class OtherOrder(Outgoing):
    """The ranks under another rule: how many units have another, and by how many places at most."""

    moved: int
    most: int
    ranks: dict[str, int]


class EarlierWeights(OtherOrder):
    """The ranks if blocks were worth to one another what an earlier year's scheme gave them.

    `points` are what it gave each block that there still is; `blocks_unknown` are those that it did
    not have, which count for nothing here.
    """

    cycle_id: UUID
    scheme_digest: str
    points: dict[str, Exact]
    blocks_unknown: list[str]


class Uncertainty(Outgoing):
    """How firm a ranking is; it describes the ranking and decides nothing of it.

    Everything follows from the ranking of `ranking_digest`, `survey_errors` (its digest, null
    where there are none), `seed`, `replications`, `weights_by` and what it is of that may `vary`:
    the same question has the same answer, and the same `digest`, the SHA-256 of the canonical JSON
    of the rest. `without` are the ranks if one block counted for nothing, by its code; `earlier`
    those under an earlier year's weights, null where none was asked for.
    """

    cycle_id: UUID
    edition: int
    ranking_digest: str
    survey_errors: str | None
    generator: str
    seed: int
    replications: int
    weights_by: int
    vary: Vary
    confidence: Exact
    units: list[UnitRange]
    without: dict[str, OtherOrder]
    earlier: EarlierWeights | None
    digest: str


@router.get(
    "",
    responses=documents(
        BlocksNotComparable,
        NoSuchRanking,
        ReadAfterRelease,
        PeerDown,
        PeerMissing,
        PeerRefused,
        SheetOfAnotherScheme,
        StoredDataAltered,
        TooManyRanks,
        TotalsOtherwiseMade,
        UnknownCategory,
    ),
)
async def read_uncertainty(
    cycle_id: UUID,
    edition: Number,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    seed: Annotated[int, Query(ge=0, le=2**53 - 1, description="What chance begins with.")] = 1,
    replications: Annotated[int, Query(ge=100, le=5000, description="How many there are.")] = 1000,
    weights_by: Annotated[
        int, Query(ge=0, le=50, description="By how many percent the points of a block vary.")
    ] = 10,
    vary: Annotated[
        Vary, Query(description="Whether points of blocks vary, or of the indicators in them.")
    ] = "blocks",
    earlier_cycle: Annotated[
        UUID | None, Query(description="The year whose weights are tried.")
    ] = None,
) -> Uncertainty:
    """Tell where each unit would stand if its surveys and the weights of the blocks were a little
    otherwise, and what the order would be without each block or by an earlier year's weights.

    It is computed anew from the edition; of the own unit's category it is read after its release.
    """
    sight = await sight_of(ask, permit, cycle_id)
    row, _ = await find_readable(db, cycle_id, edition, sight)
    await db.close()  # nobody's snapshot waits for arithmetic
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    refuse_another_scheme(row.score_sheet_edition, row.digests["scheme"], published.digest)
    category = published.scheme.category(row.category)
    refuse_too_many(len(row.units), replications)
    fields = fields_of(published.scheme, category, row.units, _errors(row))
    earlier = None
    if earlier_cycle is not None:
        before = await ask.indicators.published_scheme(cycle_id=earlier_cycle)
        earlier = _earlier(fields, earlier_cycle, before, row.category)
    draw = Draw(seed, replications, weights_by)
    varied = fields
    if vary == "indicators":
        sheet = await ask.scoring.score_sheet(cycle_id=cycle_id, edition=row.score_sheet_edition)
        varied = by_indicator(published.scheme, category, fields, sheet.units)
    told = await asyncio.to_thread(_told, fields, varied, draw)
    said = {
        "cycle_id": cycle_id,
        "edition": edition,
        "ranking_digest": row.digest,
        "survey_errors": row.digests.get("survey_errors"),
        "generator": GENERATOR,
        "seed": seed,
        "replications": replications,
        "weights_by": weights_by,
        "vary": vary,
        "confidence": LEVEL,
        "earlier": earlier,
        **told,
        "digest": "",
    }
    document = Uncertainty.model_validate(said)
    content = document.model_dump(mode="json", exclude={"digest"})
    return document.model_copy(update={"digest": journal.sha256(content)})


async def published_ranges(
    scheme: Scheme, category: Category, row: RankingRow
) -> PublishedUncertainty | None:
    """Return what a release keeps of how firm its order is, the same for any edition of the same
    totals; None where its scheme shows that to nobody."""
    if scheme.publication is None or not scheme.publication.tells("uncertainty"):
        return None
    fields = fields_of(scheme, category, row.units, _errors(row))
    draw = published_draw(len(row.units))
    found = await asyncio.to_thread(lambda: [one for f in fields for one in f.ranges(draw)])
    return PublishedUncertainty(
        generator=GENERATOR,
        seed=draw.seed,
        replications=draw.replications,
        weights_by=draw.weights_by,
        confidence=LEVEL,
        survey_errors=row.digests.get("survey_errors"),
        units=[
            PublishedRange(unit=each.unit, rank=each.rank, best=each.best, worst=each.worst)
            for each in found
        ],
    )


def _errors(row: RankingRow) -> dict[str, Decimal | None]:
    """Return what its surveys leave open in each unit's total, as the edition keeps it."""
    found = (row.survey_errors or {}).get("units", ())
    return {e["unit"]: None if e["se"] is None else Decimal(e["se"]) for e in found}


def _told(fields: Sequence[Field], varied: Sequence[Field], draw: Draw) -> dict[str, Any]:
    """Return the ranges of all units where weights vary, and the order without each block."""
    units = [each for field in varied for each in field.ranges(draw)]
    blocks = fields[0].points if fields else ()
    without = {code: _together([f.without(code) for f in fields]) for code in blocks}
    return {"units": units, "without": without}


def _together(found: Sequence[Reordered]) -> dict[str, Any]:
    """Return one order of several that stand beside one another."""
    return {
        "moved": sum(each.moved for each in found),
        "most": max((each.most for each in found), default=0),
        "ranks": {unit: rank for each in found for unit, rank in each.ranks.items()},
    }


def _earlier(
    fields: Sequence[Field], cycle_id: UUID, published: PublishedScheme, category: str
) -> dict[str, Any]:
    now = list(fields[0].points) if fields else []
    points = earlier_points(published.scheme, category, now)
    return {
        **_together([each.weighed(points) for each in fields]),
        "cycle_id": cycle_id,
        "scheme_digest": published.digest,
        "points": points,
        "blocks_unknown": [each for each in now if each not in points],
    }
