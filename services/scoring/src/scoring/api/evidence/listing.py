"""The list of evidence: what a unit has added, found again by its name, its content or its day."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permission, Permit
from chassis.db import Snapshot
from chassis.pages import Day, Page, PageQuery, SoughtText
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Code, OneOf
from scoring.api.evidence.files import Evidence
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.evidence import Sought, evidence_on_page
from scoring.rules.evidence.kinds import MEDIA_TYPES
from scoring.rules.ledger.seats import NAMED_SOURCE
from scoring.rules.ledger.states import SECOND_BODY

router = Router("/cycles/{cycle_id}/evidence", tags=["evidence"])

EvidenceKind = Annotated[str, OneOf(*MEDIA_TYPES)]
Digest = Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="With this SHA-256.")]


class ListedEvidence(Evidence):
    """A file, and whether an entry, a claim or a highlight names it."""

    is_used: bool


@router.get("", responses=documents(PeerDown, PeerMissing, PeerRefused, StoredDataAltered))
async def list_evidence(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    ask: AskPeers,
    unit: Annotated[Code | None, Query(description="Added by this unit.")] = None,
    name: Annotated[SoughtText | None, Query(description="With this in its name.")] = None,
    kind: Annotated[EvidenceKind | None, Query(description="Of this kind.")] = None,
    digest: Digest | None = None,
    day: Annotated[Day | None, Query(description="Added on this day.")] = None,
    is_used: Annotated[
        bool | None, Query(description="Named by an entry, a claim or a highlight, or by none.")
    ] = None,
) -> Page[ListedEvidence]:
    """List the files that were added as evidence, as they came; a unit gets those of its own.

    So a file whose id was lost is found by its name or its SHA-256, and need not be added again.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    own = _own(permit)
    sought = Sought(own, unit, name, kind, digest, day, is_used)
    found = await evidence_on_page(db, cycle_id, page, sought, scheme.time_zone)
    names = [each for each in Evidence.model_fields if each != "served"]
    shown = [
        ListedEvidence(
            **{name: getattr(row, name) for name in names}, served="original", is_used=used
        )
        for row, used in found
    ]
    return Page[ListedEvidence].of(shown, page.limit, lambda each: str(each.evidence_id))


def _own(permit: Permission) -> str | None:
    """Return the unit whose files the caller reads, None for those of all."""
    if permit.allows():
        return None
    own = permit.caller.organisation
    permit.require({NAMED_SOURCE, SECOND_BODY, "own_unit"} if own else ())
    return own
