"""How an entry is put in the place of another by what a check found, and when it may not be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.identity import Caller
from chassis.refusals import Fault
from scoring.api.evidence.named import name_files
from scoring.api.ledger.keeping import store_entries
from scoring.api.ledger.verification import draft_of, take_out
from scoring.queries.check_frauds import what_holds
from scoring.queries.evidence import evidence_of_entry
from scoring.queries.ledger import (
    entry_rows,
    is_being_taken_out,
    require_true_entries,
    standing_of,
)
from scoring.queries.moves import move_entries
from scoring.rules.checks.findings import BeingChecked, FindingRefused
from scoring.rules.checks.fraud import PartOfFraud
from scoring.rules.ledger.batch import check_restated
from scoring.rules.ledger.entries import BY_OFFICE
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.source_refs import Link
from scoring.rules.ledger.states import SUBMITTED, VERIFIED, check_restatement
from scoring.rules.scheme.document import Scheme
from scoring.tables.evidence import EntryEvidenceRow
from scoring.tables.ledger import LedgerEntryRow


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry is to say instead, by whose account and person, and why."""

    draft: Draft
    actor: str
    person: str
    text: str


async def require_no_fraud(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> None:
    """Refuse to find about an entry that was found to be fraud, or is put forward as such."""
    if (await what_holds(db, cycle_id, entry_id)).by_fraud:
        raise PartOfFraud("It stands as it is.", "该记录须保留原状。")


async def require_not_held(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> None:
    """Refuse to take out an entry that was found to be fraud, is put forward as such, or differs by
    a finding that waits for its decision."""
    held = await what_holds(db, cycle_id, entry_id)
    if held.by_fraud:
        raise PartOfFraud("It stands as it is.", "该记录须保留原状。")
    if held.by_finding:
        raise BeingChecked("A finding about it is not decided.", "该记录有检查结论尚未决定。")


async def replaceable(db: AsyncSession, cycle_id: UUID, entry_id: UUID) -> LedgerEntryRow:
    """Return an entry in the place of which another may be put; refuse one that does not count."""
    row = (await entry_rows(db, cycle_id, [entry_id]))[entry_id]
    await require_true_entries(db, cycle_id, [row])
    standing = (await standing_of(db, cycle_id, [row]))[entry_id]
    check_restatement(standing, await is_being_taken_out(db, cycle_id, entry_id))
    return row


async def put_in_place(
    db: AsyncSession, row: LedgerEntryRow, told: Told, caller: Caller, evidence: Sequence[UUID]
) -> UUID:
    """Put an entry in the place of another, written by who told it and verified by the caller; it
    names the files of the former one and these."""
    cycle_id, added = row.cycle_id, uuid4()
    writer = replace(caller, subject=told.actor, person=told.person, organisation=None)
    link = Link(None, row.entry_id, told.text)
    about = db, cycle_id, [told.draft], writer, SUBMITTED, [link], [added]
    await store_entries(*about, author_unit=BY_OFFICE)
    before = [each.evidence_id for each in await evidence_of_entry(db, cycle_id, row.entry_id)]
    files = {added: [*dict.fromkeys([*before, *evidence])]}
    await name_files(db, cycle_id, EntryEvidenceRow, caller, files)
    await take_out(db, cycle_id, [added], caller.subject)
    await move_entries(db, cycle_id, [added], VERIFIED, caller.subject, None, caller.person)
    return added


def refused(*faults: Fault) -> FindingRefused:
    """Return the refusal of what cannot be recorded so."""
    return FindingRefused(faults[0].en, faults[0].zh, faults=faults)


def as_found(row: LedgerEntryRow, value: Decimal | None, word: str | None, scheme: Scheme) -> Draft:
    """Return the entry as it tells what was found; refuse what no score would read."""
    former = draft_of(row)
    draft = replace(former, value=value, word=word, source_ref=None)
    check_restated(replace(former, source_ref=None), draft)
    if faults := [*EntryForms(scheme).faults(draft, "")]:
        raise refused(*faults)
    return draft
