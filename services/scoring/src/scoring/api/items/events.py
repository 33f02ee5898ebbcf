"""What supervised items have earned (督办提醒、逾期、重办、退回不当): written once each, entered as
events where the scheme has items count."""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import Calendar, local_day
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, OneOf, Outgoing
from scoring.api.duties.card_events import beside_ledger, enter_events
from scoring.api.duties.readers import units_read
from scoring.api.items.documents import PEERS
from scoring.api.items.keeping import HELD
from scoring.peers import AskPeers
from scoring.queries import hold
from scoring.queries.item_events import (
    OF_ITEMS,
    TABLE,
    Became,
    EarnedTable,
    add_earned,
    dispatched_items,
    earned_on_page,
    key_of,
    known_keys,
)
from scoring.queries.items import StoredItem, made_of, require_true_items
from scoring.queries.ledger import now, open_ledger
from scoring.queries.periods import hold_periods
from scoring.rules.complaints.rates import RatedPeriod
from scoring.rules.duties.card_events import CardEvent
from scoring.rules.duties.owed import years_of
from scoring.rules.items.earned import DUE_SOON, EARNED, OVERDUE, Earned, earned
from scoring.rules.items.item_events import ITEMS_KEPT_ALONE, after_the_seal, item_events
from scoring.rules.ledger.periods import Periods
from scoring.rules.ledger.states import OPEN
from scoring.rules.scheme.document import Scheme
from scoring.tables.items import ItemEventRow

router = Router("/cycles/{cycle_id}/supervised-item-events", tags=["items"])

What = Annotated[str, OneOf(*EARNED)]
ItemKeptAlone = Annotated[str, OneOf(*ITEMS_KEPT_ALONE)]

_EVENTS = {
    DUE_SOON: "scoring.supervised-items-due-soon",
    OVERDUE: "scoring.supervised-items-overdue",
}
_OTHERS = "scoring.supervised-items-counted"

_PART = 500
"""Of how many things an entry of the journal tells."""


class ItemEvent(Outgoing):
    """What an item has earned for a unit by its `step`: that it is due soon, was overdue, had to be
    done again, or was returned without ground.

    `shown_on` is the first day that earned it, `due` the day that was to be kept, `share` the
    unit's part in percent. Where the scheme has items count, `entry_id` is the event that it was
    entered as, or `kept_alone` says why it is none. `key` stands for it where a page begins.
    """

    key: str
    item_id: UUID
    what: What
    step: int
    unit: str
    share: int
    due: dt.date | None
    shown_on: dt.date
    entry_id: UUID | None
    kept_alone: ItemKeptAlone | None
    written_at: dt.datetime


class WrittenItemEvents(Outgoing):
    """How much was written that items have earned by the moment `at` and that was not there yet: by
    what it is, one for each unit.

    Where the scheme has items count, `entered` counts what was entered as events, for another
    person to verify; `kept_alone`, by why, what was not.
    """

    at: dt.datetime
    as_of: dt.date
    written: dict[str, int]
    entered: int
    kept_alone: dict[str, int]
    receipt: Receipt | None


@router.post("", status_code=201, responses=documents(StoredDataAltered, *PEERS))
async def write_supervised_item_events(
    cycle_id: UUID, db: Transaction, permit: Permit, ask: AskPeers
) -> WrittenItemEvents:
    """Write what items have earned by now and what is not there yet: reminders, and what costs.

    Each is written once, with the day that first earned it: a day on which nobody gave the command
    changes nothing. Where the scheme has items count, each is entered once as an event about the
    unit, by the caller; it counts once another person of the office has verified it. Once the
    ledger is sealed nothing is entered: what would have counted is written as `ledger-sealed`.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    calendar = await ask.working_days(years_of(scheme.assessment_year), await now(db))
    await open_ledger(db, cycle_id)
    held = await hold_periods(db, cycle_id, alone=True)
    permit.require(phase=held.phase)
    await hold(db, HELD, cycle_id)
    await require_true_items(db, cycle_id)
    await require_intact(db, str(cycle_id), TABLE)
    moment = await now(db)
    new, events = await unwritten_events(db, cycle_id, scheme, calendar, held.periods, moment)
    events = events if held.phase == OPEN else after_the_seal(events)
    links = await enter_events(db, cycle_id, permit.caller, events)
    became = {each.card: Became(each.entry_id, each.kept_alone) for each in links}
    by_event = dict[str, list[Earned]]()
    for each in new:
        by_event.setdefault(_EVENTS.get(each.what, _OTHERS), []).append(each)
    receipt = await write_earned(db, cycle_id, permit.caller, by_event, became)
    return written(moment, scheme, EARNED, new, events, receipt)


def written(
    moment: dt.datetime,
    scheme: Scheme,
    sorts: Sequence[str],
    new: Sequence[Earned | RatedPeriod],
    events: Sequence[CardEvent[Earned] | CardEvent[RatedPeriod]],
    receipt: Receipt | None,
) -> WrittenItemEvents:
    """Return what is answered to who wrote what items or complaints have earned, of some sorts."""
    counts = Counter(each.what for each in new)
    alone = Counter(each.kept_alone for each in events if each.kept_alone is not None)
    return WrittenItemEvents(
        at=moment,
        as_of=local_day(moment, scheme.time_zone),
        written={what: counts[what] for what in sorts},
        entered=sum(each.draft is not None for each in events),
        kept_alone=dict(alone),
        receipt=receipt,
    )


async def unwritten_events(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    calendar: Calendar,
    periods: Periods,
    moment: dt.datetime,
) -> tuple[list[Earned], list[CardEvent[Earned]]]:
    """Return what items have earned by a moment and nobody has written, and what becomes of what
    counts."""
    day = local_day(moment, scheme.time_zone)
    items = await dispatched_items(db, cycle_id)
    known = await known_keys(db, cycle_id)
    found = await asyncio.to_thread(_earned, items, scheme.time_zone, day, calendar)
    new = [each for each in found if each[:4] not in known]
    drafted = item_events(new, scheme, day)
    return new, await beside_ledger(db, cycle_id, drafted, scheme, periods, moment)


def _earned(
    items: Sequence[StoredItem], time_zone: str, day: dt.date, calendar: Calendar
) -> list[Earned]:
    return [
        each
        for item in items
        for each in earned(
            item.row.item_id,
            [made_of(move, time_zone) for move in item.moves],
            item.given,
            day,
            calendar,
        )
    ]


async def write_earned(
    db: AsyncSession,
    cycle_id: UUID,
    caller: Caller,
    by_event: Mapping[str, Sequence[Earned]],
    became: Mapping[Earned, Became],
    of: EarnedTable = OF_ITEMS,
) -> Receipt | None:
    """Add what items or complaints have earned part by part, each with an entry of the journal,
    of the event that it stands under, that tells whose it is."""
    parts = [
        (event, found[at : at + _PART])
        for event, found in sorted(by_event.items())
        for at in range(0, len(found), _PART)
    ]
    receipt = None
    for n, (event, part) in enumerate(parts, 1):
        await add_earned(db, cycle_id, part, became, of)
        body = {
            f"{of.thing}s": [str(each.item_id) for each in part],
            "units": dict(Counter(each.unit for each in part)),
        }
        receipt = await journal.record(
            db, chain=str(cycle_id), caller=caller, event=event, body=body, last=n == len(parts)
        )
    return receipt


@router.get("", responses=documents(StoredDataAltered))
async def list_supervised_item_events(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query(description="For this unit.")] = None,
    what: Annotated[
        list[What] | None,
        Query(max_length=len(EARNED), description="Of one of these sorts."),
    ] = None,
    item_id: Annotated[UUID | None, Query(description="Of this item.")] = None,
) -> Page[ItemEvent]:
    """List what was written that items have earned, by unit, item and step; a unit gets its own."""
    units = units_read(permit, unit)
    await require_intact(db, str(cycle_id), TABLE)
    rows = await earned_on_page(db, cycle_id, page, units, what or (), item_id)
    shown = [_shown(row) for row in rows]
    return Page[ItemEvent].of(shown, page.limit, lambda each: each.key)


def _shown(row: ItemEventRow) -> ItemEvent:
    names = (name for name in ItemEvent.model_fields if name != "key")
    key = key_of(row.unit, row.item_id, row.step, row.what)
    return ItemEvent(key=key, **{name: getattr(row, name) for name in names})
