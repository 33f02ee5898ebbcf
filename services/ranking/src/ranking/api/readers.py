"""What a caller may read of categories that have not been released."""

from uuid import UUID

from chassis.authorisation import Permission
from ranking.peers import Peers
from ranking.rules import interest
from ranking.rules.interest import HiddenResults


async def sight_of(ask: Peers, permit: Permission, cycle_id: UUID) -> HiddenResults:
    """Return what is hidden from the caller; the scheme is asked for only where it matters."""
    caller = permit.caller
    if not interest.is_limited(caller.organisation, caller.roles):
        return HiddenResults()
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    return interest.sight_of(scheme, caller.organisation, caller.roles)
