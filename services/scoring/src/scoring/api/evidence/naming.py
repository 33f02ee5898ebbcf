"""Naming evidence: entries and claims say which files support them, once they have been posted."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Fault, Missing, pointer
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing
from scoring.api.claims.transitions import hold_claims
from scoring.api.evidence.reading import all_readable, no_such
from scoring.api.explanation.readers import duties_of
from scoring.api.ledger.reversals import NoSuchEntry, own_entry
from scoring.api.ledger.verification import hold_ledger
from scoring.events import about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.seats import AUTHORS
from scoring.rules.ledger.states import LedgerSealed
from scoring.tables.evidence import ClaimEvidenceRow, EntryEvidenceRow

entries = Router("/cycles/{cycle_id}/ledger-entries", tags=["evidence"])
claims = Router("/cycles/{cycle_id}/claims", tags=["evidence"])

MOST_NAMED = 50
"""How many files one entry or claim may name."""

READS = "GET /api/v1/cycles/{cycle_id}/evidence/{evidence_id}"


class NewNaming(Incoming):
    """Files that support an entry or a claim."""

    evidence_ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST_NAMED)]


class NamedEvidence(Outgoing):
    """How many files were named now, how many are named in all, and the receipt of the journal."""

    added: int
    total: int
    receipt: Receipt | None


class NoSuchClaim(Missing):
    """The caller may not know of such a claim in this cycle."""

    zh = "本年度没有调用者可以查阅的这份申报。"
    remedy = "Look the id up in the list of claims.", "请在申报清单中查对标识。"


_REFUSALS = (
    EvidenceNotNamed,
    LedgerSealed,
    PeerDown,
    PeerMissing,
    PeerRefused,
    StoredDataAltered,
)


@entries.post("/{entry_id}/evidence", responses=documents(NoSuchEntry, *_REFUSALS))
async def name_evidence_of_entry(
    cycle_id: UUID,
    entry_id: UUID,
    new: NewNaming,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> NamedEvidence:
    """Say which files support an entry of the caller's own unit, while the ledger is open.

    A file may support many entries, of several indicators. What is named stays named.
    """
    await ask.indicators.published_scheme(cycle_id=cycle_id)
    await hold_ledger(db, cycle_id, permit, AUTHORS)
    row = await own_entry(db, cycle_id, entry_id, permit)
    about = {"entry_id": str(entry_id)} | about_rows([row])
    return await _name(db, cycle_id, permit, ask, new, EntryEvidenceRow, entry_id, about)


@claims.post("/{claim_id}/evidence", responses=documents(NoSuchClaim, *_REFUSALS))
async def name_evidence_of_claim(
    cycle_id: UUID,
    claim_id: UUID,
    new: NewNaming,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
) -> NamedEvidence:
    """Say which files support a claim, while the ledger is open: a unit of its own claim, the
    performance office of any.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    found, _ = await hold_claims(db, cycle_id, permit, scheme, [claim_id])
    if claim_id not in found:
        raise NoSuchClaim(f"There is no claim {claim_id}.", f"没有申报 {claim_id}。")
    about = {"claim_id": str(claim_id), "units": {found[claim_id].row.unit: 1}}
    return await _name(db, cycle_id, permit, ask, new, ClaimEvidenceRow, claim_id, about)


async def _name(
    db: AsyncSession,
    cycle_id: UUID,
    permit: Permission,
    ask: Peers,
    new: NewNaming,
    names: type[EntryEvidenceRow] | type[ClaimEvidenceRow],
    of: UUID,
    about: Mapping[str, object],
) -> NamedEvidence:
    await _check_readable(db, cycle_id, permit, ask, new)
    key = names.entry_id if names is EntryEvidenceRow else names.claim_id  # type: ignore[union-attr]
    caller = permit.caller
    by = {
        "author": caller.subject,
        "author_person": caller.person,
        "author_unit": caller.organisation,
    }
    rows = [
        {"cycle_id": cycle_id, key.key: of, "evidence_id": each, **by}
        for each in dict.fromkeys(new.evidence_ids)
    ]
    kept = insert(names).values(rows).on_conflict_do_nothing().returning(names.evidence_id)
    added = [str(each) for each in await db.scalars(kept)]
    counted = select(func.count()).where(names.cycle_id == cycle_id, key == of)
    total = await db.scalar(counted) or 0
    if total > MOST_NAMED:
        raise EvidenceNotNamed(f"It would name {total}.", f"将引用 {total} 份。")
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=caller,
        event="scoring.evidence-named",
        body={**about, "evidence_ids": added},
    )
    return NamedEvidence(added=len(added), total=total, receipt=receipt)


async def _check_readable(
    db: AsyncSession, cycle_id: UUID, permit: Permission, ask: Peers, new: NewNaming
) -> None:
    """Refuse to name what the caller may not read: that would open it to others."""
    may = permit.of(READS)
    duties = await duties_of(ask, may, cycle_id)
    found = await all_readable(db, cycle_id, new.evidence_ids, may, duties)
    faults = [
        Fault(pointer("evidence_ids", place), "no-such-evidence", told.detail_en, told.detail_zh)
        for place, told in ((n, no_such(id_)) for n, id_ in enumerate(new.evidence_ids))
        if new.evidence_ids[place] not in found
    ]
    if faults:
        raise EvidenceNotNamed(
            f"{len(faults)} fault(s).", f"共 {len(faults)} 处错误。", faults=faults
        )
