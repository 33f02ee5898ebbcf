"""Corrections of bonus and deduction claims: which can be proposed and approved, and whom they
concern."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from chassis.refusals import Fault
from scoring.api.claims.brought import years_after
from scoring.api.claims.earlier import in_later_years
from scoring.api.claims.records import (
    StoredClaim,
    hold_documents,
    on_documents,
    read_claims,
)
from scoring.api.corrections.documents import NewCorrection
from scoring.api.ledger.stand_ins import may_know_of
from scoring.peers import Cycle, Peers
from scoring.queries.corrections import StoredCorrection, approved_corrections
from scoring.queries.counted import ledger_state
from scoring.rules.claims.checks import Claim, ClaimContext
from scoring.rules.claims.sharing import CompetingClaim, rivals
from scoring.rules.claims.states import ClaimCorrection
from scoring.rules.corrections.claims import (
    CLAIM,
    ClaimBesides,
    claim_corrections,
    claim_faults,
    shared_with,
    sharing,
)
from scoring.rules.corrections.correcting import (
    ADDS,
    APPROVED,
    PROPOSED,
    REPLACES,
    Correction,
    refused,
)
from scoring.rules.corrections.surveyed import Found
from scoring.rules.ledger.states import SEALED
from scoring.rules.scheme.document import Target
from scoring.tables.claims import ClaimRow
from scoring.tables.corrections import CorrectionRow


class Rules:
    """What corrections are held against: the scheme's rules, the targets, the other years, and what
    surveys `found`."""

    def __init__(
        self,
        context: ClaimContext,
        cycles: Sequence[Cycle],
        targets: Sequence[Target],
        found: Found,
    ) -> None:
        self.context, self.cycles, self.targets, self.found = context, cycles, targets, found


async def rules_of(ask: Peers, cycle_id: UUID) -> Rules:
    """Read from the other services what corrections are held against."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    names = [name for unit in await ask.indicators.units() for name in unit.over_time()]
    targets = (await ask.indicators.targets(cycle_id=cycle_id)).targets
    found = (await ask.survey.satisfaction(cycle_id=cycle_id)).by_unit()
    return Rules(ClaimContext(scheme, names), await ask.indicators.cycles(), targets, found)


async def known_claim(
    db: AsyncSession, cycle_id: UUID, claim_id: UUID, rules: Rules, permit: Permission
) -> StoredClaim:
    """Return a claim that is to be corrected; refuse one of which who proposes may not know as one
    that there is not."""
    of = (ClaimRow.cycle_id == cycle_id) & (ClaimRow.claim_id == claim_id)
    found = await read_claims(db, of)
    if not found or not may_know_of(found[0].row.unit, rules.context.scheme, permit, SEALED):
        fault = Fault("/claim_id", "not-counted", "It does not count.", "该项申报未计入得分。")
        raise refused([fault])
    return found[0]


_SAID = ("value", "item")
_UNWANTED = ("corrects", "unit", "indicator", "kind", "key", "period", "word", "occurred_on")


def proposed_for(
    new: NewCorrection, claim: StoredClaim, stored: Sequence[StoredCorrection], year: int
) -> Correction:
    """Return the correction of a claim that is asked for; refuse one that says too much: a claim
    that had counted before the seal goes on to count for the award that it was confirmed for."""
    names = [*_UNWANTED, *_unwanted_of(new.what, claim)]
    said = [name for name in names if getattr(new, name) is not None]
    if said:
        en, zh = "It says nothing here.", "此处不得填写。"
        raise refused([Fault(f"/{name}", "not-wanted", en, zh) for name in said])
    row, last = claim.row, _last_of(claim.row.claim_id, stored)
    item = claim.standing.item if new.what == ADDS and claim.counts else new.item
    about = (row.unit, None, CLAIM, row.claim_no, item, str(year))
    return Correction(uuid4(), new.what, last, *about, new.value, None, None, row.claim_id)


def _unwanted_of(what: str, claim: StoredClaim) -> Sequence[str]:
    if what == ADDS:
        return ("item",) if claim.counts else ()
    return ("item",) if what == REPLACES else _SAID


def _last_of(claim_id: UUID, stored: Sequence[StoredCorrection]) -> UUID:
    """Return what a correction of a claim has to take the place of: the last one, or the claim."""
    found = claim_corrections([each.counted for each in stored if each.state == APPROVED])
    return found[claim_id].correction_id if claim_id in found else claim_id


async def check_claim(
    db: AsyncSession,
    cycle_id: UUID,
    correction: Correction,
    rules: Rules,
    stored: Sequence[StoredCorrection],
) -> None:
    """Refuse a correction of a claim that does not count so, whose award counts elsewhere, or on
    which a later year rests; let nobody else decide about its document until the commit."""
    claim = await _laid_over(db, cycle_id, correction)
    others = await _on_its_document(db, claim)
    mine = [each for each in others if each.row.claim_id == claim.claim_id]
    waiting = {each.row.corrects for each in stored if each.state == PROPOSED}
    besides = ClaimBesides(
        await _counting(db, [each for each in others if each not in mine]),
        await _resting(db, cycle_id, mine, rules),
        waiting,
    )
    faults = [*claim_faults(claim, correction, besides, rules.context)]
    if not faults and correction.corrects != _last_of(claim.claim_id, stored):
        en, zh = "It was corrected meanwhile.", "该项申报已另行更正。"
        faults = [Fault("/claim_id", "not-counted", en, zh)]
    if faults:
        raise refused(faults)


async def _laid_over(db: AsyncSession, cycle_id: UUID, correction: Correction) -> Claim:
    state = await ledger_state(db, cycle_id, [correction.unit])
    return next(each for each in state.claims if each.claim_id == correction.claim_id)


async def _on_its_document(db: AsyncSession, claim: Claim) -> list[StoredClaim]:
    mine = await read_claims(db, ClaimRow.claim_id == claim.claim_id)
    await hold_documents(db, {each.row.fingerprint for each in mine})
    return await read_claims(db, on_documents(mine))


async def _counting(db: AsyncSession, others: Sequence[StoredClaim]) -> list[CompetingClaim]:
    """Return the claims that take something of an award, with what corrections say of them."""
    said = dict[UUID, ClaimCorrection]()
    for year in sorted({each.row.cycle_id for each in others}):
        said |= claim_corrections(await approved_corrections(db, year))
    gone = {claim_id for claim_id, each in said.items() if each.points is None}
    found = [each.other for each in others if each.row.claim_id not in gone]
    return [each for each in found if each.share is not None]


async def _resting(
    db: AsyncSession, cycle_id: UUID, mine: Sequence[StoredClaim], rules: Rules
) -> list[str]:
    """Return the claims of later years that count beside what a claim brought, arrived from it, or
    revoke it."""
    ids = [each.row.claim_id for each in mine]
    later = [no for found in (await in_later_years(db, rules.cycles, cycle_id, mine)).values()
             for no in found]  # fmt: skip
    of = ClaimRow.carried_from.in_(ids) | ClaimRow.revokes.in_(ids)
    after = years_after(rules.cycles, cycle_id)
    resting = await read_claims(db, of & ClaimRow.cycle_id.in_(after)) if after else []
    open_ = [each for each in resting if each.standing.state not in ("rejected", "withdrawn")]
    return sorted({*later, *(each.row.claim_no for each in open_)})


async def claim_concerns(
    db: AsyncSession, cycle_id: UUID, correction: Correction
) -> tuple[set[str], set[str]]:
    """Return the units whose scores a correction of a claim is about beside its own, because they
    have shares of the award; and all that have claims on its document."""
    [mine] = await read_claims(db, ClaimRow.claim_id == correction.claim_id)
    others = await read_claims(db, on_documents([mine]))
    beside = [each.other for each in others if each.row.claim_id != mine.row.claim_id]
    same = [each.claim for each in others if each.row.cycle_id == cycle_id]
    shares = sharing(mine.claim, same) if correction.what == REPLACES else []
    return {each.unit for each in shares}, rivals(beside)


async def shares_with(
    db: AsyncSession, row: CorrectionRow, stored: Sequence[StoredCorrection]
) -> list[Correction]:
    """Return, where the points of a joint award are corrected, the same of every other share of
    this year."""
    if row.what != REPLACES or row.claim_id is None:
        return []
    [mine] = await read_claims(db, ClaimRow.claim_id == row.claim_id)
    there = on_documents([mine]) & (ClaimRow.cycle_id == row.cycle_id)
    on_it = {each.row.claim_id: each.row.unit for each in await read_claims(db, there)}
    state = await ledger_state(db, row.cycle_id, sorted({*on_it.values()}))
    claims = {each.claim_id: each for each in state.claims if each.claim_id in on_it}
    of = StoredCorrection(row, None).counted
    shares = sharing(claims[row.claim_id], [*claims.values()])
    return [shared_with(of, each, uuid4(), _last_of(each.claim_id, stored)) for each in shares]
