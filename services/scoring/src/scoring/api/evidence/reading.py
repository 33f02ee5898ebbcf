"""Who may read a file: whoever added it, and whoever may read an entry, a claim or a finding that
names it."""

from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.authorisation import Permission
from scoring.api.explanation.readers import Duties
from scoring.api.ledger.entries import readable_by
from scoring.queries.check_findings import named_by_findings
from scoring.queries.checks import units_checked_by
from scoring.queries.entries import Way
from scoring.queries.evidence import find_evidence, named_by_claims, named_by_entries
from scoring.rules.checks.teams import TEAM
from scoring.rules.evidence.refusals import NoSuchEvidence
from scoring.rules.ledger.seats import NAMED_SOURCE, SEAT
from scoring.rules.ledger.states import REVIEWER, SECOND_BODY
from scoring.tables.evidence import EvidenceRow

_EXAMINE = frozenset({NAMED_SOURCE, REVIEWER, SECOND_BODY, SEAT, TEAM})


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
    found = await all_readable(db, cycle_id, [evidence_id], permit, duties)
    if evidence_id not in found:
        raise no_such(evidence_id)
    return found[evidence_id]


async def all_readable(
    db: AsyncSession,
    cycle_id: UUID,
    ids: Collection[UUID],
    permit: Permission,
    duties: Duties,
) -> dict[UUID, Readable]:
    """Return those of some files that the caller may read, in as many questions whatever their
    number."""
    unit, rows = permit.caller.organisation, await find_evidence(db, cycle_id, ids)
    examined = {each for each, row in rows.items() if row.author_unit in {unit} - {None}}
    duties = await _checking(db, cycle_id, permit, duties, {*ids} - examined)
    ways = readable_by(permit, duties)
    if ways is None:
        return {each: Readable(row, examines=True) for each, row in rows.items()}
    of_scorers = [way for word, way in ways.items() if word in _EXAMINE]
    asked = rows.keys() - examined, of_scorers, duties.stands_in, duties.checks
    examined |= await _named(db, cycle_id, *asked)
    own = [unit or ""] if "own_unit" in ways else []
    others = await _named(db, cycle_id, rows.keys() - examined, [*ways.values()], own)
    return {each: Readable(rows[each], each in examined) for each in examined | others}


async def _checking(
    db: AsyncSession, cycle_id: UUID, permit: Permission, duties: Duties, others: Collection[UUID]
) -> Duties:
    """Return the duties with the units that the caller checks, where his roles ask for that and
    some files are others', or unknown: most often a unit names what it has added itself."""
    if not others or permit.allows() or all(each.relation != TEAM for each in permit.rows):
        return duties
    return replace(duties, checks=await units_checked_by(db, cycle_id, permit.caller))


async def _named(
    db: AsyncSession,
    cycle_id: UUID,
    ids: Set[UUID],
    ways: Sequence[Way],
    units: Collection[str],
    checked: Collection[str] = (),
) -> set[UUID]:
    """Return those of some files that are named by an entry that is read so, by a claim of one of
    these units, or by a finding about one of them, or of those that are `checked`.

    A unit answers what was found about it before that counts, so that it reads the files at once.
    """
    named = await named_by_entries(db, cycle_id, ids, ways)
    named |= await named_by_claims(db, cycle_id, ids - named, units)
    return named | await named_by_findings(db, cycle_id, ids - named, {*units, *checked})
