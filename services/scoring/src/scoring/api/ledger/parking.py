"""How rows with codes that mean nothing are kept, and wait no longer once they are entered."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.refusals import Fault
from scoring.api.ledger.keeping import Batch
from scoring.queries.parked import known_rows, park_rows, settle_rows
from scoring.rules.ledger.parked import (
    ENTERED,
    REPLACED,
    KnownRow,
    Sender,
    WaitingRow,
    parked,
)
from scoring.rules.ledger.shapes import Draft
from scoring.rules.ledger.source_refs import repeated


class Parked(NamedTuple):
    """The rows that wait, by their positions, those that did so before, how many are new, how many
    others wait no longer, and the faults of those that are not kept."""

    ids: Mapping[int, UUID]
    waiting: Mapping[int, UUID]
    new: int
    settled: int
    faults: Mapping[int, list[Fault]]

    @property
    def told(self) -> dict[str, int]:
        """What the journal is told of them."""
        numbers = {"parked": self.new, "settled": self.settled}
        return {name: number for name, number in numbers.items() if number}


async def park(
    db: AsyncSession,
    batch: Batch,
    id_scheme: str,
    day: dt.date,
    unknown: Mapping[int, list[Fault]],
    entered: Mapping[int, UUID],
) -> Parked:
    """Keep the rows of a batch whose codes are unknown; those that waited under the name of a row
    that is `entered` wait no longer."""
    refs = batch.refs
    known = await known_rows(db, batch.cycle_id, batch.unit, refs) if refs else {}
    found = parked(batch.unknown, unknown, known, id_scheme, batch.state)
    again, twice = repeated(found.new)
    new = {row: each for row, each in found.new.items() if row not in {**again, **twice}}
    settled = await _settled(db, batch, known, new, entered)
    ids = found.waiting | await _added(db, batch, id_scheme, day, known, new, unknown)
    ids |= {row: ids[before] for row, before in again.items()}
    return Parked(ids, found.waiting, len(new), settled, found.faults | twice)


async def _settled(
    db: AsyncSession,
    batch: Batch,
    known: Mapping[str, KnownRow],
    new: Mapping[int, Draft],
    entered: Mapping[int, UUID],
) -> int:
    """Say of rows that another took the place of, or that are entries now, that they wait no
    longer; count them."""
    waiting = {ref: row.waiting for ref, row in known.items() if row.waiting is not None}
    replaced = {waiting[ref]: None for _, ref in _named(new) if ref in waiting}
    became = {
        waiting[ref]: entered[row]
        for row, ref in _named(batch.drafts)
        if ref in waiting and row in entered and waiting[ref] not in replaced
    }
    await settle_rows(db, batch.cycle_id, replaced, REPLACED, batch.caller)
    await settle_rows(db, batch.cycle_id, became, ENTERED, batch.caller)
    return len(replaced) + len(became)


async def _added(
    db: AsyncSession,
    batch: Batch,
    id_scheme: str,
    day: dt.date,
    known: Mapping[str, KnownRow],
    new: Mapping[int, Draft],
    unknown: Mapping[int, list[Fault]],
) -> dict[int, UUID]:
    """Park rows that did not wait before; return their ids."""
    sender = Sender(batch.caller.subject, batch.unit, batch.caller.person)
    rows = {
        row: WaitingRow(uuid.uuid4(), draft, id_scheme, day, batch.state, sender)
        for row, draft in new.items()
    }
    if rows:
        versions = {ref: known[ref].version + 1 if ref in known else 1 for _, ref in _named(new)}
        await park_rows(db, batch.cycle_id, rows, versions, unknown)
    return {row: each.parked_row_id for row, each in rows.items()}


def _named(rows: Mapping[int, Draft]) -> Sequence[tuple[int, str]]:
    """Return the names of the records of rows that have any."""
    return [(row, each.source_ref) for row, each in rows.items() if each.source_ref is not None]
