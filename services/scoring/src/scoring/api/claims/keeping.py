"""Claims are stored as they were handed in: each, and those of the units that it names beside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.identity import Caller
from chassis.realms import realm_of
from scoring.rules.claims.awards import award_of, matter_of
from scoring.rules.claims.checks import HANDED_IN_WITH, Claim
from scoring.rules.claims.filings import Filing
from scoring.rules.claims.intake import Numbered
from scoring.rules.claims.states import HANDED_IN
from scoring.tables.claims import ClaimRow, ClaimStateRow

Beside = tuple[str, str | None, Decimal | None, str | None]
"""A unit that a claim names beside its own, with its name there, its share and its indicator."""


class _Kept(NamedTuple):
    """A claim to be stored, the claim that it is filed with, and the share proposed for it."""

    claim: Claim
    filed_with: UUID | None
    share: Decimal | None

    @property
    def numbered(self) -> Numbered:
        return self.claim.unit, self.claim.claim_no


async def partners_of(
    db: AsyncSession, cycle_id: UUID, filings: Sequence[Filing]
) -> Mapping[UUID, list[Claim]]:
    """Return the claims of the units that filings name, by the claim that names them, each under
    an id and a number of its own."""
    named = {each.unit for filing in filings for each in filing.partners}
    if not named:
        return {}
    row = ClaimRow
    asked = select(row.unit, row.claim_no).where(row.cycle_id == cycle_id, row.unit.in_(named))
    taken = {(unit, number) for unit, number in await db.execute(asked)}
    found = dict[UUID, list[Claim]]()
    for filing in filings:
        for partner in filing.partners:
            number = filing.number(partner.unit, taken)
            taken.add((partner.unit, number))
            claim = replace(filing.claim_of(partner), claim_id=uuid4(), claim_no=number)
            found.setdefault(filing.claim.claim_id, []).append(claim)
    return found


async def named_beside(
    db: AsyncSession, cycle_id: UUID, rows: Collection[ClaimRow]
) -> dict[UUID, set[Beside]]:
    """Return the units that each claim was filed for beside its own."""
    leaders = [row.claim_id for row in rows if row.filed_with == row.claim_id]
    found = {each: set[Beside]() for each in leaders}
    if leaders:
        row = ClaimRow
        columns = (row.unit, row.holder_name, row.proposed_share, row.linked_indicator)
        beside = row.filed_with.in_(leaders) & (row.claim_id != row.filed_with)
        asked = select(row.filed_with, *columns).where(row.cycle_id == cycle_id, beside)
        for leads, unit, holder, share, indicator in await db.execute(asked):
            if leads is not None:
                found[leads].add((unit, holder, share, indicator))
    return found


async def keep(
    db: AsyncSession,
    cycle_id: UUID,
    caller: Caller,
    claims: Sequence[Claim],
    filings: Sequence[Filing],
    partners: Mapping[UUID, Sequence[Claim]],
) -> set[Numbered]:
    """Store claims with those of the units that they name beside; return the units and numbers of
    those that were free, and of all that they name."""
    leads = {each.claim.claim_id: each for each in filings}
    own = [_own(claim, leads.get(claim.claim_id)) for claim in claims]
    kept = await _stored(db, cycle_id, caller, own)
    beside = [
        _Kept(claim, of, partner.share)
        for of, filing in leads.items()
        if (filing.claim.unit, filing.claim.claim_no) in kept
        for claim, partner in zip(partners[of], filing.partners, strict=True)
    ]
    also = await _stored(db, cycle_id, caller, beside)
    lost = {each.filed_with for each in beside if each.numbered not in also}
    return kept - {each.numbered for each in own if each.claim.claim_id in lost}


def _own(claim: Claim, filing: Filing | None) -> _Kept:
    leads = (None, None) if filing is None else (claim.claim_id, filing.share)
    return _Kept(claim, *leads)


async def _stored(
    db: AsyncSession, cycle_id: UUID, caller: Caller, kept: Sequence[_Kept]
) -> set[Numbered]:
    """Store claims as handed in; return the units and numbers of those that were free."""
    if not kept:
        return set()
    by = {
        "cycle_id": cycle_id,
        "author": caller.subject,
        "author_person": caller.person,
        "author_unit": caller.organisation,
    }
    numbers = await db.execute(
        insert(ClaimRow)
        .values([by | _columns(each, realm_of(cycle_id)) for each in kept])
        .on_conflict_do_nothing()
        .returning(ClaimRow.unit, ClaimRow.claim_no)
    )
    free = {(row.unit, row.claim_no) for row in numbers}
    state = {"state": HANDED_IN, "counted_earlier": False}
    state |= {"actor": caller.subject, "person": caller.person}
    db.add_all(
        ClaimStateRow(cycle_id=cycle_id, claim_id=each.claim.claim_id, step=1, **state)
        for each in kept
        if each.numbered in free
    )
    return free


def _columns(kept: _Kept, whose: str | None) -> dict[str, object]:
    told = {name: getattr(kept.claim, name) for name in HANDED_IN_WITH}
    award = award_of(kept.claim, whose)
    keys = {"number_key": award.number, "authority_key": award.authority}
    filed = {"filed_with": kept.filed_with, "proposed_share": kept.share}
    keys |= {"matter_key": matter_of(kept.claim), "fingerprint": award.fingerprint}
    return told | keys | filed
