"""Claims (加减分申报): awards and criticisms that change a unit's total, as they are handed in."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Annotated, ClassVar, NamedTuple, get_args
from uuid import UUID

from fastapi import Query, Response
from pydantic import Field
from sqlalchemy import tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.batches import IncomingBatch
from chassis.db import Snapshot, Transaction
from chassis.elsewhere import NOT_ASKED, Elsewhere, page_of
from chassis.journal import Receipt
from chassis.modes import CHECK
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.pages import UNASKED, Change, ChangedAt, ChangedSince, Page, PageQuery, at
from chassis.problems import documents
from chassis.refusals import Fault
from chassis.routes import Router
from chassis.row_by_row import RowByRow, Rows, StoredMeanwhile
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, Incoming, Outgoing, Text
from scoring.api.claims.brought import years_before
from scoring.api.claims.filings import FiledTogether, NewPartner, filed_together
from scoring.api.claims.keeping import Beside, keep, named_beside, partners_of
from scoring.api.claims.near import ClaimsBeside, claims_beside
from scoring.api.claims.records import (
    CarriedFrom,
    ClaimBeside,
    ClaimProposal,
    Confirmation,
    Share,
    State,
    StoredClaim,
    context_of,
    read_claims,
    shown_proposal,
    units_read,
)
from scoring.api.claims.revocations import Brought, not_brought, revoked_points
from scoring.api.evidence.named import (
    EvidenceIds,
    name_files,
    names_of,
    reading_duties,
    unreadable,
)
from scoring.api.explanation.readers import Duties, duties_of
from scoring.api.ledger.codes import ReadInScheme, beside_of
from scoring.api.ledger.documents import NamedFile
from scoring.api.ledger.entries import Word
from scoring.api.sheet.documents import ClaimReason
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.queries.claims import asked_for, in_order_of_arrival, in_order_of_changes
from scoring.queries.evidence import Named, evidence_of_claims
from scoring.queries.ledger import open_ledger, phase_of_ledger
from scoring.rules.claims.checks import Claim as RuledClaim
from scoring.rules.claims.checks import ClaimContext, HolderKind, Kind, propose
from scoring.rules.claims.filings import Filing, Partner, filing_faults
from scoring.rules.claims.intake import (
    ClaimNumberTaken,
    ClaimsRejected,
    Numbered,
    check_claims,
    foreign,
    refuse_taken,
)
from scoring.rules.claims.states import CONFIRMED, HANDED_IN
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.codes import OWN_CODES, IdSchemeUnknown
from scoring.rules.ledger.states import LedgerSealed, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.claims import ClaimRow
from scoring.tables.evidence import ClaimEvidenceRow

router = Router("/cycles/{cycle_id}/claims", tags=["claims"])


class NewClaim(Incoming):
    """An award or criticism of a unit, with its document; `claim_no` is the unit's own.

    A deduction names the `rule` it falls under, a bonus its level, authority and holder.
    `work_year` is the year of the work, the assessment year unless given; `event_key` is equal
    for all claims on one event. Whether it counted before is not the claimant's to say.
    `place` is its rank or tier in the document, where its rules list places; `holder_kind` says
    whether the unit holds the award, a body below it, or a person. A deduction that `revokes` a
    claim of an earlier year, whose award was revoked since, takes back what it brought there, and
    names no rule. `evidence_ids` are files that support it.
    A bonus that other units have too is claimed for each of them that is named under
    `jointly_with`, with the `share` of the own unit where the scheme shares a joint award.
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
    place: Word | None = None
    holder_kind: HolderKind = "unit"
    revokes: UUID | None = None
    evidence_ids: EvidenceIds = Field(default_factory=list)
    jointly_with: Annotated[list[NewPartner], Field(max_length=30)] = Field(default_factory=list)
    share: Share | None = None


class NewClaims(IncomingBatch):
    """A batch of claims."""

    ROWS: ClassVar = "claims"

    claims: Annotated[list[NewClaim], Field(min_length=1, max_length=500)]


class PostedClaim(RowOutcome):
    """What became of a claim of the batch; `unchanged` where it was handed in just so before and
    stands. `claim_id` is null where there is none."""

    claim_id: UUID | None
    claim_no: str | None


class PostedClaims(BatchOutcome):
    """What became of a batch of claims, claim by claim in its order."""

    rows: list[PostedClaim]


class Claim(Outgoing):
    """A claim as it was handed in, and where it stands; what it is worth tells the score sheet.

    A claim is `held` while it is not told how it stands to others on its document. Of those a
    unit sees only its own; who decides sees all, similar documents too, and how many are
    `not_shown`. `proposal` is what the rules in force say of it. `filed_together` is what each unit
    has in a claim that several filed together, empty where one did by itself.
    """

    claim_id: UUID
    claim_no: str
    unit: str
    unit_in_scheme: Elsewhere = NOT_ASKED
    kind: Kind
    level: str | None
    authority: str | None
    holder_name: str | None
    document_no: str | None
    document_date: dt.date | None
    work_year: int | None
    event_key: str
    linked_indicator: str | None
    rule: str | None
    place: str | None
    holder_kind: HolderKind
    revokes: UUID | None
    author: str
    handed_in_at: dt.datetime
    state: State
    confirmation: Confirmation | None
    held: bool
    held_reason: ClaimReason | None
    same_document: list[ClaimBeside]
    similar: list[ClaimBeside]
    not_shown: int
    evidence: list[NamedFile]
    carried_from: CarriedFrom | None
    filed_together: list[FiledTogether]
    proposal: ClaimProposal
    changed_at: ChangedAt = UNASKED


_AS_HANDED_IN = [
    name
    for name in Claim.model_fields
    if name in ClaimRow.__table__.columns and name != "carried_from"
]


@router.post(
    "",
    status_code=201,
    responses=documents(
        ClaimsRejected,
        ClaimNumberTaken,
        EvidenceNotNamed,
        LedgerSealed,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def post_claims(
    cycle_id: UUID, new: NewClaims, db: Transaction, permit: Permit, ask: AskPeers, rows: Rows
) -> PostedClaims:
    """Claim bonus points or report deductions while the ledger is open: a unit for itself, the
    performance office for any.

    A claim that was handed in just so before, and is neither rejected nor withdrawn, is
    `unchanged`; of two claims of one number in a batch the first is taken. The files that it names
    are to be such as the caller may read; they support the claims of units named beside as well.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    duties = await reading_duties(ask, permit, cycle_id, _files(new))
    before = await _rules_before(ask, cycle_id, new)
    rows.tell({"claim_no": claim.claim_no} for claim in new.claims)
    if not rows.one_by_one:
        _check(new, _ruled(new), scheme)

    await open_ledger(db, cycle_id)
    phase = await phase_of_ledger(db, cycle_id)
    require_open(phase)
    new = _own_to_claim(new, permit, phase, rows)
    new = await _readable(db, cycle_id, permit, duties, new, rows)
    brought = await revoked_points(db, before, permit, phase, new.claims)
    new = _refusing(new, rows, not_brought(new.claims, brought))
    known = await _handed_in(db, cycle_id, new) if rows.one_by_one else {}
    rows.tell({"claim_id": known.get(place)} for place in range(len(new.claims)))

    async def hand_in(batch: NewClaims) -> HandedIn:
        claims = _ruled(batch, brought)
        filings = _check(batch, claims, scheme)
        partners = await partners_of(db, cycle_id, filings)
        kept = await keep(db, cycle_id, permit.caller, claims, filings, partners)
        if rows.one_by_one and len(kept) < len(claims):
            await _check_meanwhile(db, cycle_id, batch, claims)
        refuse_taken(claims, kept=kept)
        named = {
            each.claim_id: ids
            for n, ids in _files(batch).items()
            for each in (claims[n], *partners.get(claims[n].claim_id, ()))
        }
        await name_files(db, cycle_id, ClaimEvidenceRow, permit.caller, named)
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=permit.caller,
            event="scoring.claims-posted",
            body={
                "claims": [claim.model_dump(mode="json") for claim in batch.claims],
                "units": dict(Counter(each.unit for each in chain(claims, *partners.values()))),
            },
        )
        return HandedIn(claims, receipt)

    done = await rows.keep(rows.besides(new, known), hand_in) or HandedIn((), None)
    if rows.mode != CHECK:
        rows.tell({"claim_id": claim.claim_id} for claim in done.claims)
    return PostedClaims(receipt=done.receipt, **rows.told(PostedClaim))


async def _rules_before(ask: Peers, cycle_id: UUID, new: NewClaims) -> Mapping[UUID, ClaimContext]:
    """Return the rules of the cycles before, where a claim revokes an award of one of them."""
    if all(claim.revokes is None for claim in new.claims):
        return {}
    before = years_before(await ask.indicators.cycles(), cycle_id)
    return {each: await context_of(ask, each) for each in before}


class HandedIn(NamedTuple):
    """The claims that were kept, and the receipt of the journal."""

    claims: Sequence[RuledClaim]
    receipt: Receipt | None


def _own_to_claim(new: NewClaims, permit: Permission, phase: str, rows: RowByRow) -> NewClaims:
    """Return the claims that are the caller's to make; refuse the whole where no row may be left
    out."""
    unit = permit.caller.organisation
    has_own = any(claim.unit == unit for claim in new.claims)
    if rows.one_by_one and has_own and not permit.allows((), phase):
        new = rows.refuse(new, foreign(_ruled(new), unit))
    own = all(claim.unit == unit for claim in new.claims)
    permit.require({"own_unit"} if own else (), phase)
    return new


def _ruled(new: NewClaims, brought: Brought | None = None) -> list[RuledClaim]:
    """Return claims as the rules know them, each under an id of its own, with what those that they
    revoke have `brought`."""
    found = brought or {}
    return [
        RuledClaim(
            claim_id=uuid.uuid4(),
            **claim.model_dump(exclude=_NOT_RULED),
            revoked_points=found.get((claim.unit, claim.revokes)) if claim.revokes else None,
        )
        for claim in new.claims
    ]


_NOT_RULED = {"evidence_ids", "jointly_with", "share"}
"""What is not said of the claim itself."""


def _check(new: NewClaims, claims: Sequence[RuledClaim], scheme: Scheme) -> list[Filing]:
    """Refuse claims that no rule could decide; return those that name other units, as filings."""
    filings = {
        n: Filing(claim, said.share, [Partner(**each.model_dump()) for each in said.jointly_with])
        for n, (claim, said) in enumerate(zip(claims, new.claims, strict=True))
        if said.jointly_with or said.share is not None
    }
    check_claims(claims, scheme, filing_faults(filings, scheme))
    return [each for each in filings.values() if each.partners]


def _files(new: NewClaims) -> dict[int, list[UUID]]:
    """Return which files claims name, by the places of those that name any."""
    return {n: claim.evidence_ids for n, claim in enumerate(new.claims) if claim.evidence_ids}


async def _readable(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    duties: Duties,
    new: NewClaims,
    rows: RowByRow,
) -> NewClaims:
    """Return the claims without those that name files which the caller may not read; refuse the
    whole where no row may be left out."""
    faults = await unreadable(db, cycle_id, permit, duties, _files(new), "claims")
    return _refusing(new, rows, faults)


def _refusing(new: NewClaims, rows: RowByRow, faults: Mapping[int, list[Fault]]) -> NewClaims:
    """Return the claims without those that have faults; refuse the whole where none may be left
    out."""
    if faults and not rows.one_by_one:
        told = [fault for row in faults.values() for fault in row]
        en, zh = f"{len(told)} faults in the claims.", f"申报有{len(told)}处错误。"
        raise ClaimsRejected(en, zh, faults=told)
    return rows.refuse(new, faults) if faults else new


async def _check_meanwhile(
    db: AsyncSession, cycle_id: UUID, new: NewClaims, own: Sequence[RuledClaim]
) -> None:
    """Say which claims somebody else, who sent them at the same time, has handed in just so."""
    known = await _handed_in(db, cycle_id, new, {claim.claim_id for claim in own})
    there = {place: {"claim_id": each} for place, each in known.items()}
    if there:
        raise StoredMeanwhile(there)


async def _handed_in(
    db: AsyncSession, cycle_id: UUID, new: NewClaims, ours: Collection[UUID] = ()
) -> dict[int, UUID]:
    """Return which claims were handed in just so before, and stand, by their places: none of
    `ours`, which the journal does not know yet."""
    numbers = [(claim.unit, claim.claim_no) for claim in new.claims]
    named = tuple_(ClaimRow.unit, ClaimRow.claim_no).in_(numbers)
    read = await read_claims(db, (ClaimRow.cycle_id == cycle_id) & named)
    found = [one for one in read if one.row.claim_id not in ours]
    await require_intact(db, str(cycle_id), "claim", records={one.row.record for one in found})
    standing = {
        (one.row.unit, one.row.claim_no): one.row
        for one in found
        if one.standing.state in (HANDED_IN, CONFIRMED)
    }
    partners = await named_beside(db, cycle_id, standing.values())
    same, files = _said_before(new, standing, partners), _files(new)
    there = await names_of(db, cycle_id, ClaimEvidenceRow, [*same.values()] if files else [])
    return {n: each for n, each in same.items() if {*files.get(n, ())} <= there.get(each, set())}


def _said_before(
    new: NewClaims,
    standing: Mapping[Numbered, ClaimRow],
    partners: Mapping[UUID, set[Beside]],
) -> dict[int, UUID]:
    same = dict[int, UUID]()
    for place, claim in enumerate(new.claims):
        row = standing.get((claim.unit, claim.claim_no))
        said = claim.model_dump(exclude=_NOT_RULED)
        said["proposed_share"] = claim.share
        if row is None or any(getattr(row, name) != told for name, told in said.items()):
            continue
        beside = {(p.unit, p.holder_name, p.share, p.linked_indicator) for p in claim.jointly_with}
        if beside == partners.get(row.claim_id, set()):
            same[place] = row.claim_id
    return same


@router.get(
    "",
    response_model=Page[Claim],
    responses=documents(IdSchemeUnknown, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def list_claims(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Claims of this unit.")] = None,
    kind: Annotated[Kind | None, Query(description="Claims of this kind.")] = None,
    state: Annotated[
        list[State] | None,
        Query(max_length=len(get_args(State)), description="In one of these states."),
    ] = None,
    changed_since: ChangedSince = None,
    id_scheme: ReadInScheme = OWN_CODES,
) -> Response:
    """List the claims in the order in which they were handed in; a unit gets its own.

    A claim is changed when it is handed in, and when its state changes.

    The body that decides about a unit in the place of the performance office gets those of that
    unit.
    """
    beside = await beside_of(ask, cycle_id, id_scheme)
    context = await _context_if_any(ask, cycle_id)
    readable = [ClaimRow.cycle_id == cycle_id]
    seen_by: str | None = None
    if not permit.allows():
        seen_by = permit.caller.organisation
        units = units_read(permit, await duties_of(ask, permit, cycle_id))
        readable.append(ClaimRow.unit.in_(units))
    wanted = [*readable, *asked_for(unit, kind, state)]
    if changed_since is None:
        order = await in_order_of_arrival(db, page, readable, wanted)
    else:
        order = await in_order_of_changes(db, page, cycle_id, wanted, changed_since)
    listed = await read_claims(db, ClaimRow.claim_id.in_(order))
    places = {claim_id: place for place, claim_id in enumerate(order)}
    listed.sort(key=lambda one: places[one.row.claim_id])
    near = await claims_beside(db, listed, seen_by, permit.reached())
    shown = {stored.row.record for stored in listed}
    await require_intact(db, str(cycle_id), "claim", records=shown)
    named = await evidence_of_claims(db, cycle_id, order)
    claims = [
        _claim(one, near, named, context).model_copy(
            update=at(order[one.row.claim_id], changed_since)
        )
        for one in listed
        if context is not None
    ]

    def key(claim: Claim) -> str:
        told = claim.claim_id
        return str(told if changed_since is None else Change(order[told], told))

    listed_page = Page[Claim].of(claims, page.limit, key)
    return page_of(listed_page, beside)


async def _context_if_any(ask: Peers, cycle_id: UUID) -> ClaimContext | None:
    """Return what the rules look at; None for a cycle without a scheme, which has no claims."""
    try:
        return await context_of(ask, cycle_id)
    except PeerMissing:
        return None


def _claim(
    stored: StoredClaim,
    beside: ClaimsBeside,
    named: Mapping[UUID, Sequence[Named]],
    context: ClaimContext,
) -> Claim:
    told = {name: getattr(stored.row, name) for name in _AS_HANDED_IN}
    told["filed_together"] = filed_together(stored, beside.filed)
    told["proposal"] = shown_proposal(propose(stored.claim, context))
    files = named.get(stored.row.claim_id, ())
    told["evidence"] = [NamedFile.model_validate(each._asdict()) for each in files]
    return Claim.model_validate({**told, **beside.told_of(stored)})
