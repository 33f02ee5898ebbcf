"""Naming evidence: entries and claims say which files support them, once they have been posted."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permission, Permit
from chassis.db import Transaction
from chassis.journal import Receipt
from chassis.problems import documents
from chassis.refusals import Missing
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing
from scoring.api.claims.transitions import hold_claims
from scoring.api.claims.turns import OwnTurn
from scoring.api.evidence.named import (
    MOST_NAMED,
    Names,
    name_files,
    names_of,
    require_readable,
    too_many,
)
from scoring.api.ledger.reversals import NoSuchEntry, own_entry
from scoring.api.ledger.verification import hold_ledger
from scoring.events import about_rows
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused, Peers
from scoring.rules.claims.states import ClaimsBusy
from scoring.rules.evidence.refusals import EvidenceNotNamed
from scoring.rules.ledger.seats import AUTHORS
from scoring.rules.ledger.states import DRAFT, LedgerSealed
from scoring.tables.evidence import ClaimEvidenceRow, EntryEvidenceRow

entries = Router("/cycles/{cycle_id}/ledger-entries", tags=["evidence"])
claims = Router("/cycles/{cycle_id}/claims", tags=["evidence"])


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
    about = {"entry_id": str(entry_id)} | about_rows([row], [DRAFT])
    return await _name(db, cycle_id, permit, ask, new, EntryEvidenceRow, entry_id, about)


@claims.post("/{claim_id}/evidence", responses=documents(NoSuchClaim, ClaimsBusy, *_REFUSALS))
async def name_evidence_of_claim(
    cycle_id: UUID,
    claim_id: UUID,
    new: NewNaming,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    turn: OwnTurn,
) -> NamedEvidence:
    """Say which files support a claim, while the ledger is open: a unit of its own claim, the
    performance office of any.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    found, _ = await hold_claims(db, cycle_id, permit, scheme, [claim_id], turn)
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
    names: Names,
    of: UUID,
    about: Mapping[str, object],
) -> NamedEvidence:
    await require_readable(db, cycle_id, permit, ask, new.evidence_ids, "")
    added = await name_files(db, cycle_id, names, permit.caller, {of: new.evidence_ids})
    total = len((await names_of(db, cycle_id, names, [of]))[of])
    if total > MOST_NAMED:
        raise too_many(total)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.evidence-named",
        body={**about, "evidence_ids": [str(each) for each in added]},
    )
    return NamedEvidence(added=len(added), total=total, receipt=receipt)
