"""Claims (加减分申报): awards and criticisms that change a unit's total, as they are handed in."""

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from scoring.api.ledger_entries import Word
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries import following, open_ledger, phase_of_ledger
from scoring.rules.claim_checks import Claim as RuledClaim
from scoring.rules.claim_intake import (
    ClaimNumberTaken,
    ClaimsRejected,
    check_claims,
    refuse_taken,
)
from scoring.rules.states import LedgerSealed, require_open
from scoring.tables import ClaimRow

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])

Kind = Literal["bonus", "deduction"]


class NewClaim(Incoming):
    """An award or criticism of a unit, with its document; `claim_no` is unique in the cycle.

    A deduction names the `rule` it falls under, a bonus its level, authority and holder.
    `work_year` is the year of the work, the assessment year unless given; `event_key` is equal
    for all claims on one event.
    """

    claim_no: Word
    unit: Code
    kind: Kind
    level: Word | None = None
    authority: Text | None = None
    holder_name: Text | None = None
    document_no: Text | None = None
    document_date: dt.date | None = None
    work_year: Annotated[int, Field(ge=1949, le=2999)] | None = None
    event_key: Word
    linked_indicator: Code | None = None
    rule: Code | None = None
    counted_before: bool = False


class NewClaims(Incoming):
    """Claims that are kept together or not at all."""

    claims: Annotated[list[NewClaim], Field(min_length=1, max_length=500)]


class PostedClaim(Outgoing):
    """The id of a claim that was kept."""

    claim_id: UUID
    claim_no: str


class PostedClaims(Outgoing):
    """The claims that were kept, with the receipt of the journal."""

    claims: list[PostedClaim]
    receipt: Receipt


class Claim(Outgoing):
    """A claim as it was handed in; what became of it stands in the score sheet."""

    claim_id: UUID
    claim_no: str
    unit: str
    kind: str
    level: str | None
    authority: str | None
    holder_name: str | None
    document_no: str | None
    document_date: dt.date | None
    work_year: int | None
    event_key: str
    linked_indicator: str | None
    rule: str | None
    counted_before: bool
    author: str
    handed_in_at: dt.datetime


@router.post(
    "",
    status_code=201,
    responses=documents(
        ClaimsRejected, ClaimNumberTaken, LedgerSealed, PeerDown, PeerMissing, PeerRefused
    ),
)
async def post_claims(
    cycle_id: UUID, new: NewClaims, db: Transaction, permit: Permit, ask: AskPeers
) -> PostedClaims:
    """Hand in claims while the ledger is open: a unit its own, the performance office any."""
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    claims = [RuledClaim(claim_id=uuid.uuid4(), **claim.model_dump()) for claim in new.claims]
    check_claims(claims, scheme)

    await open_ledger(db, cycle_id)
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    own = all(claim.unit == permit.caller.unit for claim in claims)
    permit.require({"own_unit"} if own else (), phase)

    kept = {"cycle_id": cycle_id, "author": permit.caller.subject}
    numbers = await db.scalars(
        insert(ClaimRow)
        .values([{**kept, **asdict(claim)} for claim in claims])
        .on_conflict_do_nothing()
        .returning(ClaimRow.claim_no)
    )
    refuse_taken(claims, kept=set(numbers))
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.claims-posted",
        body={"claims": [claim.model_dump(mode="json") for claim in new.claims]},
    )
    return PostedClaims(
        claims=[PostedClaim(claim_id=c.claim_id, claim_no=c.claim_no) for c in claims],
        receipt=receipt,
    )


@router.get("", responses=documents(StoredDataAltered))
async def list_claims(cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit) -> Page[Claim]:
    """Give the claims in the order in which they were handed in: a unit gets its own."""
    readable = [ClaimRow.cycle_id == cycle_id]
    if not permit.allows():
        unit = permit.caller.unit
        permit.require({"own_unit"} if unit else ())
        readable.append(ClaimRow.unit == unit)
    rows = await db.scalars(
        select(ClaimRow)
        .where(*readable, *following(ClaimRow, ClaimRow.claim_id, page, readable))
        .order_by(ClaimRow.number)
        .limit(page.limit + 1)
    )
    kept = rows.all()
    await require_intact(db, str(cycle_id), "claim", records={row.record for row in kept})
    found = [Claim.model_validate(row) for row in kept]
    return Page.of(found, page.limit, lambda claim: str(claim.claim_id))
