"""The arrival of claims that the year before has carried over (顺延)."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Outgoing
from scoring.api.claims.records import StoredClaim, context_of, read_claims
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries import hold
from scoring.queries.ledger import open_ledger, phase_of_ledger, seen_phase
from scoring.rules.claims.carrying import (
    CarriedClaimsToCome,
    arriving,
    carries_over,
    is_carried,
    may_be_carried,
)
from scoring.rules.claims.checks import HANDED_IN_WITH, Claim, ClaimContext
from scoring.rules.claims.states import HANDED_IN
from scoring.rules.ledger.states import SEALED, LedgerSealed, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.claims import ClaimRow, ClaimStateRow

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])


class ArrivedClaim(Outgoing):
    """A claim that arrived, and where it came from."""

    claim_id: UUID
    claim_no: str
    unit: str
    from_cycle_id: UUID
    from_claim_id: UUID


class WaitingClaim(Outgoing):
    """A carried claim that has not arrived in this cycle."""

    from_cycle_id: UUID
    from_claim_id: UUID
    claim_no: str
    unit: str


class Arrivals(Outgoing):
    """The claims that arrived by this command, none when all were there, and those that wait,
    because the scheme does not assess their unit."""

    arrived: list[ArrivedClaim]
    waiting: list[WaitingClaim]
    receipt: Receipt | None


class ToCome(NamedTuple):
    """The carried claims that have not arrived, as they are told, and the cycles before that are
    open and may yet carry some over; and whether there are others in years that the scope of the
    caller's token does not reach."""

    told: list[WaitingClaim]
    open_before: list[UUID]
    has_others: bool


@router.post(
    "/arrivals",
    status_code=201,
    responses=documents(LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def receive_carried_claims(
    cycle_id: UUID, db: Transaction, permit: Permit, ask: AskPeers
) -> Arrivals:
    """Let the claims arrive that the sealed year before, of the same division, has carried over.

    Each arrives once, whoever gives the command and how often, and is then confirmed like any
    other; who handed it in does not confirm it here either.
    """
    here, before = await context_of(ask, cycle_id), await _years_before(ask, cycle_id)
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    permit.require(phase=phase)
    for each in before:  # what it does not reach would stay behind, and nobody would be told
        permit.within(each)
    for each in sorted(before):  # a claim arrives once, whichever year it is asked from
        await hold(db, "carried-claims", each)
    found = await _to_come(db, before)
    known, others = _parted(found, here.scheme)
    arrived = await _arrive(db, cycle_id, known, before, permit.caller)
    waiting = [_waiting(one) for one in others]
    if not arrived:  # and no ledger was begun either
        return Arrivals(arrived=[], waiting=waiting, receipt=None)
    units = Counter(each.unit for each in arrived)
    told = [each.model_dump(mode="json") for each in arrived]
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.claims-arrived",
        body={"claims": told, "units": dict(units)},
    )
    return Arrivals(arrived=arrived, waiting=waiting, receipt=receipt)


async def carried_to_come(
    db: AsyncSession, cycle_id: UUID, ask: Peers, permit: Permission, here: Scheme
) -> ToCome:
    """Return the claims of the year before that have not arrived, or may still be carried over
    there, also such as nobody has handed in yet: none arrives after the seal."""
    found, still_open, reached = list[StoredClaim](), list[UUID](), permit.reached()
    for before, context in (await _years_before(ask, cycle_id)).items():
        is_over = await seen_phase(db, before) == SEALED
        found += await _carried(db, before, context, is_over=is_over)
        if not is_over and carries_over(context.scheme):
            still_open.append(before)
    to_come, _ = _parted(found, here)
    told = [_waiting(one) for one in to_come if reached(one.row.cycle_id)]
    told_open = [*filter(reached, still_open)]
    has_others = len(told) < len(to_come) or len(told_open) < len(still_open)
    return ToCome(told, told_open, has_others=has_others)


def require_arrived(to_come: ToCome) -> None:
    """Refuse to seal a ledger while claims of the year before have to arrive, also where the
    caller's token does not reach that year."""
    if to_come.has_others:
        raise CarriedClaimsToCome(
            "Claims have not arrived yet, or may still be carried over, of a year that the scope "
            "of your token does not reach.",
            "令牌授权范围以外的上年度有顺延的申报尚未转入，或仍可能顺延申报。",
        )
    if to_come.told:
        raise CarriedClaimsToCome(
            f"{len(to_come.told)} claims of the year before have not arrived yet.",
            f"上年度顺延的{len(to_come.told)}项申报尚未转入。",
        )
    if to_come.open_before:
        named = ", ".join(map(str, to_come.open_before))
        raise CarriedClaimsToCome(
            f"The ledger of the year before is open and may carry claims over: cycle {named}.",
            f"上年度台账尚未封存，仍可能顺延申报：考评周期{named}。",
        )


async def _years_before(ask: Peers, cycle_id: UUID) -> dict[UUID, ClaimContext]:
    """Return the rules of the cycles of the year before, of the same division."""
    cycles = await ask.indicators.cycles()
    own = next((each for each in cycles if each.cycle_id == cycle_id), None)
    return {
        each.cycle_id: await context_of(ask, each.cycle_id)
        for each in cycles
        if own is not None and own.follows(each)
    }


def _parted(
    found: Sequence[StoredClaim], scheme: Scheme
) -> tuple[list[StoredClaim], list[StoredClaim]]:
    """Return the claims of units that a scheme assesses, and the others."""
    known = scheme.category_of()
    return (
        [one for one in found if one.row.unit in known],
        [one for one in found if one.row.unit not in known],
    )


async def _to_come(db: AsyncSession, years: Mapping[UUID, ClaimContext]) -> list[StoredClaim]:
    """Return what the sealed ones of some cycles have carried over and that arrived nowhere yet."""
    found = list[StoredClaim]()
    for cycle_id, context in years.items():
        if await seen_phase(db, cycle_id) == SEALED:
            found += await _carried(db, cycle_id, context, is_over=True)
    return found


async def _carried(
    db: AsyncSession, cycle_id: UUID, context: ClaimContext, *, is_over: bool
) -> list[StoredClaim]:
    """Return the claims that a cycle has carried over and that have arrived nowhere yet; until it
    `is_over`, those too that it would carry over once they are confirmed."""
    arrived = select(ClaimRow.carried_from).where(ClaimRow.carried_from_cycle == cycle_id)
    await require_intact(db, str(cycle_id), "claim")
    await require_intact(db, str(cycle_id), "claim_state")
    left = (ClaimRow.cycle_id == cycle_id) & ClaimRow.claim_id.not_in(arrived)
    found = await read_claims(db, left)
    return [
        one
        for one in found
        if is_carried(one.claim, context) or (not is_over and may_be_carried(one.claim, context))
    ]


async def _arrive(
    db: AsyncSession,
    cycle_id: UUID,
    carried: Sequence[StoredClaim],
    years: Mapping[UUID, ClaimContext],
    caller: Caller,
) -> list[ArrivedClaim]:
    """Hand the claims in here as who handed them in there; return those that were not here yet."""
    taken = {
        (row.unit, row.claim_no)
        for row in await db.execute(
            select(ClaimRow.unit, ClaimRow.claim_no).where(ClaimRow.cycle_id == cycle_id)
        )
    }
    rows = list[dict[str, object]]()
    for one in carried:
        claim = arriving(one.claim, years[one.row.cycle_id].year, uuid.uuid4(), taken)
        taken.add((claim.unit, claim.claim_no))
        rows.append(_row(cycle_id, one.row, claim))
    if not rows:
        return []
    await open_ledger(db, cycle_id)
    require_open(await phase_of_ledger(db, cycle_id))
    kept = await db.execute(
        insert(ClaimRow)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(ClaimRow.claim_id, ClaimRow.claim_no, ClaimRow.unit, *_ORIGIN)
    )
    told = [ArrivedClaim.model_validate(dict(zip(_TOLD, row, strict=True))) for row in kept]
    state = {"state": HANDED_IN, "counted_earlier": False}
    state |= {"actor": caller.subject, "person": caller.person}
    db.add_all(
        ClaimStateRow(cycle_id=cycle_id, claim_id=each.claim_id, step=1, **state) for each in told
    )
    await db.flush()
    return sorted(told, key=lambda each: (each.unit, each.claim_no))


_ORIGIN = (ClaimRow.carried_from_cycle, ClaimRow.carried_from)
_TOLD = ("claim_id", "claim_no", "unit", "from_cycle_id", "from_claim_id")
_KEYS = ("fingerprint", "number_key", "authority_key", "matter_key")
_BY = ("author", "author_person", "author_unit")


def _row(cycle_id: UUID, origin: ClaimRow, claim: Claim) -> dict[str, object]:
    told = {name: getattr(claim, name) for name in HANDED_IN_WITH}
    keys = {name: getattr(origin, name) for name in (*_KEYS, *_BY)}
    came = {"carried_from_cycle": origin.cycle_id, "carried_from": origin.claim_id}
    return {"cycle_id": cycle_id, **told, **keys, **came}


def _waiting(one: StoredClaim) -> WaitingClaim:
    row = one.row
    return WaitingClaim(
        from_cycle_id=row.cycle_id,
        from_claim_id=row.claim_id,
        claim_no=row.claim_no,
        unit=row.unit,
    )
