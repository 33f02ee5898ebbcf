"""One entry as it is read, with all the states that it has been in."""

import datetime as dt
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.conditions import IfMatch
from chassis.wire import Outgoing
from scoring.api.ledger.clocks import Clock
from scoring.api.ledger.entries import LedgerEntry, State, written
from scoring.queries.entries import ShownEntry, entry_read_by, states_of
from scoring.queries.evidence import evidence_of_entry


class EntryState(Outgoing):
    """A state that an entry entered, when, by whom and why; `step` counts them from 1."""

    step: int
    state: State
    entered_at: dt.datetime
    actor: str
    reason: str | None


class NamedFile(Outgoing):
    """A file that an entry or a claim names as its evidence."""

    evidence_id: UUID
    kind: str
    name: str
    size: int


class EntryWithHistory(LedgerEntry):
    """One entry with the states that it has been in, the present one last, and its evidence.

    `history` is null for whom it is not told why the entry stands as it does. `late` says whether
    it was handed in after the day on which its period was due, or by leave after the period was
    closed; it is null of what is not handed in, or not owed, as a mark from a seat.
    """

    handed_in_on: dt.date | None
    due_on: dt.date | None
    late: bool | None
    late_by_working_days: int | None
    history: list[EntryState] | None
    evidence: list[NamedFile]


async def entry_as_read(
    db: AsyncSession, cycle_id: UUID, entry: ShownEntry, clock: Clock, *, is_told: bool
) -> EntryWithHistory:
    """Return an entry as it is read by whom it is told why it stands as it does, or is not."""
    rows = await states_of(db, cycle_id, entry.entry_id) if is_told else None
    history = None if rows is None else [EntryState.model_validate(row) for row in rows]
    named = await evidence_of_entry(db, cycle_id, entry.entry_id)
    evidence = [NamedFile.model_validate(each._asdict()) for each in named]
    handed = (await clock.lateness(db, cycle_id, [entry]))[entry.entry_id]
    told: dict[str, object] = {
        "handed_in_on": handed.handed_in_on,
        "due_on": handed.due_on,
        "late": handed.late,
        "late_by_working_days": handed.by,
        "history": history,
        "evidence": evidence,
    }
    return EntryWithHistory.model_validate(written(entry, is_told) | told)


async def require_same(
    same: IfMatch, db: AsyncSession, cycle_id: UUID, entry_id: UUID, clock: Clock | None
) -> None:
    """Refuse to change an entry of the caller's own, which is held, that is not as it was read."""

    async def as_read() -> EntryWithHistory:
        entry = await entry_read_by(db, cycle_id, entry_id, None)
        assert entry is not None  # noqa: S101 - it is held
        assert clock is not None  # noqa: S101 - it is asked for where the document is compared
        return await entry_as_read(db, cycle_id, entry, clock, is_told=True)

    await same.require(as_read)
