"""Files that were added twice, and pictures that look the same, with where they are used."""

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from chassis.authorisation import Permit
from chassis.db import Snapshot
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered
from chassis.wire import Outgoing
from scoring.queries.evidence import Use, all_evidence, uses_of
from scoring.rules.evidence.likeness import MOST_APART, USUALLY_APART, alike
from scoring.tables.evidence import EvidenceRow

router = Router("/cycles/{cycle_id}/evidence-duplicates", tags=["evidence"])

MOST_PAIRS = 500
MOST_USES = 20


class EvidenceUse(Outgoing):
    """An entry, a claim or a highlight that names a file: about which unit, and for which
    indicator."""

    entry_id: UUID | None
    claim_id: UUID | None
    highlight_id: UUID | None
    unit: str
    indicator: str | None


class EvidencePlace(Outgoing):
    """One of two files: who added it when, and where it is used; `uses_more` are not listed."""

    evidence_id: UUID
    name: str
    author: str
    author_unit: str | None
    added_at: dt.datetime
    used_by: list[EvidenceUse]
    uses_more: int


class EvidencePair(Outgoing):
    """Two files that are equal, or pictures of which `apart` of 64 places differ."""

    likeness: Literal["same_file", "same_picture"]
    apart: int
    is_of_two_units: bool
    earlier: EvidencePlace
    later: EvidencePlace


class EvidenceDuplicates(Outgoing):
    """Pairs of files, equal ones first; `pairs_more` are not listed. It is for somebody to look
    at, and no finding: one photo may rightly support two matters."""

    pairs: list[EvidencePair]
    pairs_more: int


@router.get("", responses=documents(StoredDataAltered))
async def read_evidence_duplicates(
    cycle_id: UUID,
    db: Snapshot,
    permit: Permit,
    apart: Annotated[
        int,
        Query(ge=0, le=MOST_APART, description="In how many of 64 places pictures may differ."),
    ] = USUALLY_APART,
) -> EvidenceDuplicates:
    """Tell which files were added twice, by two units or by one, and which pictures look the same
    although they were made smaller, stamped or saved anew, each with both places.

    Of three equal files each later one stands beside the first. Pictures of one colour are left
    out.
    """
    rows = await all_evidence(db, cycle_id)
    told = [each.digest for each in rows], [each.picture_hash for each in rows]
    found = await asyncio.to_thread(alike, *told, apart)
    shown = found[:MOST_PAIRS]
    ids = {rows[at].evidence_id for pair in shown for at in pair[:2]}
    uses = await uses_of(db, cycle_id, ids)
    pairs = [
        EvidencePair(
            likeness="same_file" if each.is_same_file else "same_picture",
            apart=each.apart,
            is_of_two_units=rows[each.first].author_unit != rows[each.second].author_unit,
            earlier=_place(rows[each.first], uses),
            later=_place(rows[each.second], uses),
        )
        for each in shown
    ]
    return EvidenceDuplicates(pairs=pairs, pairs_more=len(found) - len(shown))


def _place(row: EvidenceRow, uses: Mapping[UUID, Sequence[Use]]) -> EvidencePlace:
    used = uses.get(row.evidence_id, ())
    return EvidencePlace(
        evidence_id=row.evidence_id,
        name=row.name,
        author=row.author,
        author_unit=row.author_unit,
        added_at=row.added_at,
        used_by=[EvidenceUse.model_validate(each._asdict()) for each in used[:MOST_USES]],
        uses_more=max(0, len(used) - MOST_USES),
    )
