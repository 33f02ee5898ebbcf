"""What stands beside the claims of a page: the rest of a filing, and claims on documents alike."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Reached
from chassis.realms import realm_of
from scoring.api.claims.records import StoredClaim, on_documents, read_claims, told_of
from scoring.queries.claims import claims_near
from scoring.rules.claims.near import HeldClaims, NearClaim, NearClaims
from scoring.tables.claims import ClaimRow


class ClaimsBeside(NamedTuple):
    """What stands beside the claims of a page: those filed together with some of them, the others
    on documents like theirs that the reader is told of, and which wait for others."""

    filed: Sequence[StoredClaim]
    near: NearClaims
    near_own: NearClaims
    seen_by: str | None
    held: HeldClaims

    def told_of(self, stored: StoredClaim) -> Mapping[str, object]:
        """Return what the reader is told of a claim; of a unit's own one, of its own others."""
        near = self.near_own if stored.row.unit == self.seen_by else self.near
        return told_of(stored, near, self.held)


async def claims_beside(
    db: AsyncSession, listed: Sequence[StoredClaim], seen_by: str | None, reached: Reached
) -> ClaimsBeside:
    """Return what stands beside the claims of a page. Nobody is told of other cycles than those
    that are reached; the office, and who decides in its place, of all units, a unit of itself."""
    found = list[NearClaim]()
    if listed:
        whose = realm_of(listed[0].row.cycle_id)
        found = await claims_near(db, {one.award for one in listed}, whose)
    told = [each for each in found if each.stands and reached(each.cycle_id)]
    own = [each for each in told if each.unit == seen_by]
    filed = await _filed(db, [one for one in listed if one.row.filed_with])
    return ClaimsBeside(filed, NearClaims(told), NearClaims(own), seen_by, HeldClaims(found))


async def _filed(db: AsyncSession, named: Sequence[StoredClaim]) -> list[StoredClaim]:
    """Return all claims of the filings of these."""
    if not named:
        return []
    of = ClaimRow.filed_with.in_({one.row.filed_with for one in named})
    return await read_claims(db, on_documents(named) & of)
