"""What a caller may read of categories that have not been released."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from ranking.peers import Peers
from ranking.queries import find_ranking, states_of
from ranking.rules import interest
from ranking.rules.chain import State
from ranking.rules.interest import HiddenResults
from ranking.tables import RankingRow


async def sight_of(ask: Peers, permit: Permission, cycle_id: UUID) -> HiddenResults:
    """Return what is hidden from the caller; the scheme is asked for only where it matters."""
    caller = permit.caller
    if not interest.is_limited(caller.organisation, caller.roles):
        return HiddenResults()
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return interest.sight_of(scheme, caller.organisation, caller.roles)


async def find_readable(
    db: AsyncSession, cycle_id: UUID, edition: int, sight: HiddenResults
) -> tuple[RankingRow, State]:
    """Return an edition and its state; refuse one that is hidden from the caller and not public."""
    row = await find_ranking(db, cycle_id, edition)
    state = (await states_of(db, cycle_id, [row]))[edition]
    if state != "published":
        sight.check(row.category, [each.unit for each in row.units])
    return row, state
