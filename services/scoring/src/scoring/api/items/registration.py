"""Registration of supervised items (督办事项登记): one, or many of one meeting at once."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.batches import IncomingBatch
from chassis.db import Transaction
from chassis.deadlines import local_day
from chassis.journal import Receipt
from chassis.outcomes import BatchOutcome, RowOutcome
from chassis.problems import documents
from chassis.routes import Router
from chassis.row_by_row import Rows
from chassis.stored import StoredDataAltered
from chassis.wire import Code, Incoming, Text
from scoring.api.items.by_ref import known_by_ref
from scoring.api.items.documents import (
    MOST_UNITS,
    PEERS,
    ItemKind,
    ItemUnits,
    ReportEvery,
    Within,
    around_of,
)
from scoring.api.items.keeping import HELD, store_item
from scoring.api.ledger.entries import Word
from scoring.api.ledger.holding import hold_open
from scoring.peers import AskPeers
from scoring.queries.items import StoredItem, items_by_ref, require_true_items
from scoring.queries.ledger import now, open_ledger
from scoring.rules.duties.owed import years_of
from scoring.rules.items.by_ref import Told, same_as_before
from scoring.rules.items.given import Share, Term, handlers, with_readers
from scoring.rules.items.intake import NewlyGiven, intake_faults
from scoring.rules.items.refusals import SupervisedItemsRejected, reject_if
from scoring.rules.items.states import READER
from scoring.rules.ledger.states import LedgerSealed

router = Router("/cycles/{cycle_id}/supervised-items", tags=["items"])


class NewSupervisedItem(Incoming):
    """An item that is to be supervised: what was instructed, by which document or at which meeting.

    It is given to `units`, of which one leads, with shares that sum to 100; due `until` a day, or
    `within` so many working days of its dispatch. A `confidential` one is read by its units, its
    `readers` and the office alone. With `report_every` a word about how far it is comes due by the
    end of each month or quarter. `source_ref` is how the system that sends it names it.
    """

    source_ref: Word | None = None
    kind: ItemKind
    title: Word
    text: Text
    document_no: Word | None = None
    document_date: dt.date | None = None
    meeting: Word | None = None
    confidential: bool = False
    units: ItemUnits
    readers: Annotated[list[Code], Field(max_length=MOST_UNITS)] = Field(default_factory=list)
    until: dt.date | None = None
    within: Within | None = None
    report_every: ReportEvery | None = None

    def ruled(self) -> NewlyGiven:
        """Return it as the rules know it."""
        shares = [each.told() for each in self.units]
        term = Term(self.until, self.within)
        said = {name: getattr(self, name) for name in _TOLD}
        tells = (said, sorted(with_readers(shares, self.readers)))
        return NewlyGiven(self.source_ref, shares, self.readers, term, tells)


_TOLD = (
    "kind", "title", "text", "document_no", "document_date", "meeting", "confidential", "until",
    "within", "report_every",
)  # fmt: skip


class NewSupervisedItems(IncomingBatch):
    """Items that are registered together."""

    ROWS: ClassVar = "items"

    items: Annotated[list[NewSupervisedItem], Field(min_length=1, max_length=500)]


class RegisteredItem(RowOutcome):
    """What became of an item of the batch; `unchanged` where it was registered just so before."""

    item_id: UUID | None
    source_ref: str | None


class RegisteredItems(BatchOutcome):
    """What became of a batch of items, item by item in its order."""

    rows: list[RegisteredItem]


@router.post(
    "",
    status_code=201,
    responses=documents(SupervisedItemsRejected, LedgerSealed, StoredDataAltered, *PEERS),
)
async def register_supervised_items(
    cycle_id: UUID,
    new: NewSupervisedItems,
    db: Transaction,
    permit: Permit,
    ask: AskPeers,
    rows: Rows,
) -> RegisteredItems:
    """Register items while the ledger is open; their units are told once another person of the
    office has dispatched them.

    An item whose `source_ref` was registered just so before is `unchanged`, whatever has become of
    it since; one that says something else is refused.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), await now(db))
    rows.tell({"source_ref": item.source_ref} for item in new.items)
    await open_ledger(db, cycle_id)
    await hold_open(db, cycle_id, permit, HELD)
    moment = await now(db)
    around = around_of(scheme, local_day(moment, scheme.time_zone), calendar)
    tells, ids = await _known(db, cycle_id, [(e.source_ref, e.ruled().tells) for e in new.items])
    rows.tell({"item_id": ids.get(n)} for n in range(len(new.items)))

    async def keep(batch: NewSupervisedItems) -> tuple[list[UUID], Receipt | None]:
        reject_if([*intake_faults([item.ruled() for item in batch.items], tells, around)])
        stored = [
            await store_item(db, cycle_id, permit.caller, moment, *_said(item))
            for item in batch.items
        ]
        body = {"item_ids": [str(each) for each in stored], "count": len(stored)}
        event = "scoring.supervised-items-registered"
        chain = str(cycle_id)
        receipt = await journal.record(
            db, chain=chain, caller=permit.caller, event=event, body=body
        )
        return stored, receipt

    stored, receipt = await rows.keep(rows.besides(new, ids), keep) or ([], None)
    if stored and rows.mode != "check":
        rows.tell({"item_id": each} for each in stored)
    return RegisteredItems(receipt=receipt, **rows.told(RegisteredItem))


async def _known(
    db: AsyncSession, cycle_id: UUID, told: Sequence[Told]
) -> tuple[dict[str, object], dict[int, UUID]]:
    """Return what known items say, and the ids of those that are sent just so, by their places."""
    refs = [ref for ref, _ in told]
    known = await known_by_ref(db, cycle_id, refs, require_true_items, items_by_ref)
    tells = {ref: _tells(item) for ref, item in known.items()}
    return tells, {n: known[refs[n] or ""].row.item_id for n in same_as_before(told, tells)}


def _tells(item: StoredItem) -> object:
    first = item.given[1]
    readers = [each.unit for each in first if each.role == READER]
    said = {name: getattr(item.row, name) for name in _TOLD}
    return said, sorted(with_readers(handlers(first), readers))


def _said(new: NewSupervisedItem) -> tuple[dict[str, object], list[Share]]:
    shares = with_readers([each.told() for each in new.units], new.readers)
    return {name: getattr(new, name) for name in ("source_ref", *_TOLD)}, shares
