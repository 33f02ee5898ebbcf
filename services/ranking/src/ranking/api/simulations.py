"""Simulations: what a changed scheme or value would do to a category's ranking. Nothing is kept."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Exact, Incoming, Outgoing, Text
from ranking.api.rankings import WHERE_GIVEN, RankedReason
from ranking.peers import (
    AskPeers,
    NewSchemeCheck,
    NewScoreSimulation,
    PeerDown,
    PeerMissing,
    PeerRefused,
    PeerRejected,
    SimulatedValue,
    successions_of,
)
from ranking.queries import PreviousRankingMissing, earlier_ranks, earlier_vetoes, reports_of
from ranking.rules.marks import VetoedTotalMissing
from ranking.rules.moves import RankingContext, moves
from ranking.rules.scheme import UnknownCategory
from ranking.rules.sheet import ClaimedPoints, SheetIncomplete, UnitSheet, with_claims
from ranking.rules.vetoes import TooManyVetoedBlocks
from ranking.tables import DemotionRow, VetoRow

router = Router(prefix="/cycles/{cycle_id}/simulations", tags=["simulations"])

_MOST_VALUES = 10_000
_LONGEST_LIST = 100_000
"""How many a list of the superior ranks at most."""


class NewSimulatedValue(Incoming):
    """An input as it would be; without value and word, as though it had not been entered. Of a
    place in the superior's list it tells of how many (`listed`), unless what is entered does."""

    unit: Code
    indicator: Code
    kind: Code
    key: Text | None = None
    item: Text | None = None
    period: Code | None = None
    value: Exact | None = None
    word: Text | None = None
    listed: Annotated[int, Field(ge=1, le=_LONGEST_LIST)] | None = None


class NewSimulation(Incoming):
    """The category to rank, and what is changed: the whole scheme, single values, or both.

    The scheme is checked and completed as when it is saved; only its points need not sum.
    """

    category: Code
    scheme: dict[str, Any] | None = None
    values: Annotated[list[NewSimulatedValue], Field(max_length=_MOST_VALUES, default_factory=list)]


class SimulatedPlace(Outgoing):
    """A unit's result; null total, rank and grade where marks are missing."""

    final_total: Exact | None
    rank: int | None
    grade: str | None
    reasons: list[RankedReason]
    subcategory: Annotated[str | None, WHERE_GIVEN] = None
    rank_in_subcategory: Annotated[int | None, WHERE_GIVEN] = None


class SimulatedMove(Outgoing):
    """What would become of a unit; `before` or `after` is null where the category lacks it.

    `total_change` is in points, `rank_change` in places: above 0 for a gain. `before` is null too
    where the category cannot be ranked as it is, because marks are missing.
    """

    unit: str
    name: str
    before: SimulatedPlace | None
    after: SimulatedPlace | None
    total_change: Exact | None
    rank_change: int | None
    grade_changed: bool


class Simulation(Outgoing):
    """The category as it would be ranked, best unit first, beside what it is."""

    cycle_id: UUID
    category: str
    scheme_digest: str
    units: list[SimulatedMove]


@router.post(
    "",
    responses=documents(
        PeerDown,
        PeerMissing,
        PeerRefused,
        PeerRejected,
        PreviousRankingMissing,
        SheetIncomplete,
        StoredDataAltered,
        TooManyVetoedBlocks,
        UnknownCategory,
        VetoedTotalMissing,
    ),
)
async def simulate_ranking(
    cycle_id: UUID, new: NewSimulation, ask: AskPeers, db: Snapshot, permit: Permit
) -> Simulation:
    """Rank a category with a changed scheme or changed values; nothing is kept."""
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    changed = published.scheme
    if new.scheme is not None:
        # Scoring is sent the same and asks the same: both read what comes back.
        check = NewSchemeCheck(scheme=new.scheme)
        changed = (await ask.indicators.check_scheme(check, cycle_id=cycle_id)).scheme
    category = changed.category(new.category)
    scores = await ask.scoring.simulate_scores(_asked(new), cycle_id=cycle_id)
    known = await ask.indicators.units()
    names, successions = {unit.code: unit.name for unit in known}, successions_of(known)

    members = {*published.scheme.units_of(category.code), *category.units}
    context = RankingContext(
        names,
        vetoes=await reports_of(db, VetoRow, cycle_id, members),
        demotions=await reports_of(db, DemotionRow, cycle_id, members),
    )
    code = category.code
    last = await earlier_ranks(db, published.scheme.earlier_of(code), code)
    vetoed = await earlier_vetoes(db, published.scheme, successions)
    sheets = _sides((u.before, u.claims_before) for u in scores.units)
    before = context.ranked_if_complete(published.scheme, code, sheets, last.ranks, vetoed.of)
    last = await earlier_ranks(db, changed.earlier_of(code), code)
    vetoed = await earlier_vetoes(db, changed, successions)
    sheets = _sides((u.after, u.claims_after) for u in scores.units)
    after = context.ranked(changed, code, sheets, last.ranks, vetoed.of)
    return Simulation(
        cycle_id=cycle_id,
        category=code,
        scheme_digest=published.digest,
        units=[SimulatedMove.model_validate(move) for move in moves(before, after)],
    )


def _asked(new: NewSimulation) -> NewScoreSimulation:
    values = [SimulatedValue(**value.model_dump()) for value in new.values]
    return NewScoreSimulation(categories=[new.category], scheme=new.scheme, values=values)


def _sides(
    sheets: Iterable[tuple[UnitSheet | None, Sequence[ClaimedPoints]]],
) -> list[UnitSheet]:
    found = [(sheet, claims) for sheet, claims in sheets if sheet is not None]
    return with_claims(
        (sheet for sheet, _ in found), (each for _, claims in found for each in claims)
    )
