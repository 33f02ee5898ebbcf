"""Who may read a file: whoever added it, and whoever may read an entry or a claim that names it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from scoring.api.explanation.readers import Duties
from scoring.api.ledger.entries import readable_by
from scoring.queries.entries import Way
from scoring.queries.evidence import find_evidence, is_named_by_claim, is_named_by_entry
from scoring.rules.evidence.refusals import NoSuchEvidence
from scoring.rules.ledger.seats import NAMED_SOURCE, SEAT
from scoring.rules.ledger.states import REVIEWER, SECOND_BODY
from scoring.tables.evidence import EvidenceRow

_EXAMINE = frozenset({NAMED_SOURCE, REVIEWER, SECOND_BODY, SEAT})


@dataclass(frozen=True, slots=True)
class Readable:
    """A file that the caller may read; who does not examine it gets a copy of a picture."""

    row: EvidenceRow
    examines: bool

    @property
    def is_copy(self) -> bool:
        """Whether the caller is given a copy without location and device."""
        return not self.examines and self.row.copy_digest is not None


def no_such(evidence_id: UUID) -> NoSuchEvidence:
    """Return the refusal of a file that the caller may not know of."""
    return NoSuchEvidence(f"There is no evidence {evidence_id}.", f"没有佐证材料 {evidence_id}。")


async def readable_evidence(
    db: AsyncSession, cycle_id: UUID, evidence_id: UUID, permit: Permission, duties: Duties
) -> Readable:
    """Return a file that the caller may read; another is as good as unknown."""
    ways, unit = readable_by(permit, duties), permit.caller.organisation
    row = (await find_evidence(db, cycle_id, [evidence_id])).get(evidence_id)
    if row is None:
        raise no_such(evidence_id)
    if ways is None or row.author_unit in {unit} - {None}:
        return Readable(row, examines=True)
    examined = [way for word, way in ways.items() if word in _EXAMINE]
    if await _is_named(db, row, examined, duties.stands_in):
        return Readable(row, examines=True)
    own = [unit or ""] if "own_unit" in ways else []
    if await _is_named(db, row, [*ways.values()], own):
        return Readable(row, examines=False)
    raise no_such(evidence_id)


async def _is_named(
    db: AsyncSession, row: EvidenceRow, ways: Sequence[Way], units: Collection[str]
) -> bool:
    """Say whether an entry that is read so, or a claim of one of these units, names the file."""
    about = db, row.cycle_id, row.evidence_id
    return await is_named_by_entry(*about, ways) or await is_named_by_claim(*about, units)
