"""Which claims of a sealed year arrive in the next one (顺延), and as what.

What is carried was confirmed and took nothing, because its document came after the window. It
arrives once, as a claim that nobody has confirmed there: who examines it decides by that year's
rules. There its work is of the year before, so that it is not carried again.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from uuid import UUID

from chassis.refusals import Conflict
from scoring.rules.claims.checks import CARRIED_FORWARD, Claim, ClaimContext, verdict
from scoring.rules.claims.states import CONFIRMED, HANDED_IN
from scoring.rules.scheme.document import Scheme


class CarriedClaimsToCome(Conflict):
    """The ledger cannot be sealed: claims that the year before carries over have not arrived, or
    may still come."""

    zh = "上年度顺延的申报尚未转入，或仍可能转入，台账不能封存。"
    remedy = (
        "Seal the ledger of the year before, have them arrive with `POST …/claims/arrivals`, and "
        "decide about them.",
        "请先封存上年度台账，转入顺延的申报（`POST …/claims/arrivals`）并予以认定。",
    )


def is_carried(claim: Claim, context: ClaimContext) -> bool:
    """Say whether a claim of a sealed cycle counts in the next."""
    standing = claim.standing
    if standing.state != CONFIRMED or standing.share is not None or standing.counted_earlier:
        return False
    return not standing.gave_way(claim.claim_id) and verdict(claim, context)[0] == CARRIED_FORWARD


def may_be_carried(claim: Claim, context: ClaimContext) -> bool:
    """Say whether an open cycle would carry a claim over once it is confirmed."""
    return claim.standing.state == HANDED_IN and verdict(claim, context)[0] == CARRIED_FORWARD


def carries_over(scheme: Scheme) -> bool:
    """Say whether a cycle may carry claims over by the rules of any of its categories."""
    return any(scheme.adjustments_of(each).carry_over == "once" for each in scheme.categories)


def arriving(claim: Claim, year: int, claim_id: UUID, taken: Collection[tuple[str, str]]) -> Claim:
    """Return a claim of `year` as it arrives in the next, under a number that is not `taken`."""
    number = next(no for no in _numbers(claim.claim_no, year) if (claim.unit, no) not in taken)
    return replace(claim, claim_id=claim_id, claim_no=number, work_year=claim.work_year or year)


def _numbers(claim_no: str, year: int) -> Iterator[str]:
    """Yield the numbers under which a claim may arrive: with its year, and counted on."""
    first, n = f"{year}-{claim_no}", 2
    yield first
    while True:
        yield f"{first}-{n}"
        n += 1
