"""Questions about what teams found, and what became of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.stored import require_intact
from scoring.queries.ledger import entry_rows, one_of, require_true_entries, standing_of
from scoring.rules.checks.findings import REPORTED, Standing
from scoring.rules.checks.fraud import FraudStanding
from scoring.rules.ledger.states import VERIFIED
from scoring.tables.checks import (
    CheckFindingEvidenceRow,
    CheckFindingRow,
    CheckFindingStepRow,
    CheckFraudStepRow,
    CheckSecondMarkRow,
)
from scoring.tables.ledger import LedgerEntryStateRow

_TABLES = (
    "check_finding",
    "check_finding_step",
    "check_finding_evidence",
    "check_fraud_step",
    "check_second_mark",
)


class StoredFinding(NamedTuple):
    """A finding with its steps, the latest last, the files that it names, what became of it
    where it was put forward as fraud, and its second mark."""

    row: CheckFindingRow
    steps: Sequence[CheckFindingStepRow]
    evidence: Sequence[UUID]
    frauds: Sequence[CheckFraudStepRow] = ()
    second: CheckSecondMarkRow | None = None

    @property
    def state(self) -> str:
        """The state in which it is."""
        return self.steps[-1].state if self.steps else REPORTED

    @property
    def standing(self) -> Standing:
        """How it stands, as the rules look at it."""
        spoke = frozenset(each.person for each in self.steps)
        return Standing(self.state, self.row.person, self.row.answer_by, spoke)

    def fraud_standing(self, hands: Collection[str] = ()) -> FraudStanding:
        """Return how it stands as fraud; `hands` are the persons behind the entry."""
        last = self.frauds[-1]
        had = {self.row.person, *(each.person for each in self.steps)}
        had |= {each.person for each in self.frauds}
        return FraudStanding(last.state, last.heard_by, had | {*hands})


async def findings_of(
    db: AsyncSession, cycle_id: UUID, check: str | None, units: Collection[str] | None
) -> list[StoredFinding]:
    """Return the findings of a check, or of all, about some units, or all, in the order of their
    ids; refuse altered ones."""
    await require_intact(db, str(cycle_id), *_TABLES)
    of = CheckFindingRow
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.finding_id)
    if check is not None:
        query = query.where(of.check_code == check)
    if units is not None:
        query = query.where(one_of(of.unit, units))
    rows = (await db.scalars(query)).all()
    steps = await _steps(db, cycle_id, CheckFindingStepRow)
    frauds = await _steps(db, cycle_id, CheckFraudStepRow)
    marks = select(CheckSecondMarkRow).where(CheckSecondMarkRow.cycle_id == cycle_id)
    second = {each.finding_id: each for each in await db.scalars(marks)}
    named = CheckFindingEvidenceRow
    files = dict[UUID, list[UUID]]()
    asked = select(named).where(named.cycle_id == cycle_id).order_by(named.evidence_id)
    for each in await db.scalars(asked):
        files.setdefault(each.finding_id, []).append(each.evidence_id)
    return [
        StoredFinding(
            each,
            steps.get(each.finding_id, []),
            files.get(each.finding_id, []),
            frauds.get(each.finding_id, []),
            second.get(each.finding_id),
        )
        for each in rows
    ]


_Step = TypeVar("_Step", CheckFindingStepRow, CheckFraudStepRow)


async def _steps(db: AsyncSession, cycle_id: UUID, of: type[_Step]) -> Mapping[UUID, list[_Step]]:
    found = dict[UUID, list[_Step]]()
    query = select(of).where(of.cycle_id == cycle_id).order_by(of.finding_id, of.step)
    for each in await db.scalars(query):
        found.setdefault(each.finding_id, []).append(each)
    return found


async def named_by_findings(
    db: AsyncSession, cycle_id: UUID, ids: Collection[UUID], units: Collection[str]
) -> set[UUID]:
    """Return those of the files that a finding about one of these units names."""
    if not units or not ids:
        return set()
    of, named = CheckFindingRow, CheckFindingEvidenceRow
    about = (
        select(named.evidence_id)
        .join(of, (of.cycle_id == named.cycle_id) & (of.finding_id == named.finding_id))
        .where(named.cycle_id == cycle_id, named.evidence_id.in_(ids), of.unit.in_(units))
    )
    return {*await db.scalars(about.distinct())}


async def part_of(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> frozenset[str]:
    """Return who had a part in one entry, as `parts_in` does; nobody where there is no such."""
    return (await parts_in(db, cycle_id, [entry_id])).get(entry_id, frozenset())


async def parts_in(
    db: AsyncSession, cycle_id: UUID, ids: Iterable[UUID]
) -> dict[UUID, frozenset[str]]:
    """Return who had a part in some entries: wrote, reviewed, signed off or verified each, or
    decided what it rests on."""
    rows = await entry_rows(db, cycle_id, [*dict.fromkeys(ids)])
    await require_true_entries(db, cycle_id, rows.values())
    of, verifiers = LedgerEntryStateRow, dict[UUID, set[str]]()
    query = select(of.entry_id, of.person).where(of.cycle_id == cycle_id, of.state == VERIFIED)
    for entry_id, person in await db.execute(query.where(of.entry_id.in_([*rows]))):
        if person is not None:
            verifiers.setdefault(entry_id, set()).add(person)
    return {
        each.entry_id: each.persons.union(
            each.checkers, each.signers, each.deciders, verifiers.get(each.entry_id, ())
        )
        for each in (await standing_of(db, cycle_id, rows.values())).values()
    }
