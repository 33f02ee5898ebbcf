"""Proposals to restore an archive (提请恢复归档): nothing counts by the word of one person."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from pydantic import Field

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Incoming, Outgoing, Text
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries import hold
from scoring.queries.restoration import proposal_of, proposals, propose
from scoring.queries.stages import has_stages
from scoring.rules.evidence.archives import ArchiveNotRestorable, not_empty
from scoring.rules.evidence.restoring import (
    RestorationBarred,
    RestorationProposedAlready,
    check_interest,
)
from scoring.rules.ledger.states import OPEN
from scoring.tables.ledger import LedgerRow

router = Router("/cycles/{cycle_id}/archive/restoration-proposals", tags=["evidence"])


class NewRestorationProposal(Incoming):
    """The archive that is to be restored, by the SHA-256 of its manifest, and why."""

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    reason: Text


class RestorationProposal(Outgoing):
    """An archive that somebody proposed to restore into a cycle, by the SHA-256 of its manifest."""

    proposal_no: int
    digest: str
    reason: str
    proposed_by: str
    proposed_at: dt.datetime


class ProposedRestoration(RestorationProposal):
    """A proposal that was just recorded."""

    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(
        ArchiveNotRestorable,
        RestorationBarred,
        RestorationProposedAlready,
        PeerDown,
        PeerMissing,
        PeerRefused,
        StoredDataAltered,
    ),
)
async def propose_restoration(
    cycle_id: UUID, new: NewRestorationProposal, db: Transaction, permit: Permit, ask: AskPeers
) -> ProposedRestoration:
    """Propose to restore an archive, by the digest that was told when it was made, into a cycle in
    which nothing has been recorded. Nothing is restored before another person sends the archive."""
    published = await ask.indicators.published_scheme(cycle_id=cycle_id)
    ledger = await db.get(LedgerRow, cycle_id)
    permit.require(phase=ledger.phase if ledger else OPEN)
    check_interest(permit.caller.organisation, published.scheme.category_of())
    if ledger is not None or await has_stages(db, cycle_id):
        raise not_empty()
    await hold(db, "restoration", cycle_id)
    if await proposal_of(db, cycle_id, new.digest) is not None:
        raise RestorationProposedAlready("The digest is the same.", "清单摘要相同。")
    row = await propose(db, cycle_id, new.model_dump(), permit.caller)
    receipt = await journal.record(
        db,
        chain=str(cycle_id),
        caller=permit.caller,
        event="scoring.restoration-proposed",
        body={"proposal_no": row.proposal_no, "archive": new.digest, "reason": new.reason},
    )
    told = RestorationProposal.model_validate(row)
    return ProposedRestoration(**dict(told), receipt=receipt)


@router.get("", responses=documents(StoredDataAltered))
async def list_restoration_proposals(
    cycle_id: UUID, page: PageQuery, db: Snapshot, permit: Permit
) -> Page[RestorationProposal]:
    """List the archives that were proposed for a cycle, in the order in which they were."""
    permit.require()
    rows = await proposals(db, cycle_id, page)
    shown = [RestorationProposal.model_validate(each) for each in rows]
    return Page[RestorationProposal].of(shown, page.limit, lambda each: str(each.proposal_no))
