"""How cards become events of the ledger, where the scheme has them count (黄牌、红牌计分)."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.deadlines import local_day
from chassis.identity import Caller
from scoring.api.ledger.keeping import store_entries
from scoring.events import about_drafts
from scoring.queries.card_events import CardEventLink
from scoring.queries.clashes import entries_beside
from scoring.rules.duties.card_events import CardEvent, Origin, beside, drafted
from scoring.rules.duties.cards import Card
from scoring.rules.ledger.entries import BY_OFFICE
from scoring.rules.ledger.periods import Periods
from scoring.rules.ledger.source_refs import Link
from scoring.rules.ledger.states import SUBMITTED
from scoring.rules.scheme.document import Scheme

_PART = 500
"""How many events are entered at once, each time with an entry of the journal."""

_FIRST = Link(version=1)
"""There is one entry under the key of a card, says the table."""


async def card_events(
    db: AsyncSession,
    cycle_id: UUID,
    new: Sequence[Card],
    scheme: Scheme,
    periods: Periods,
    moment: dt.datetime,
) -> list[CardEvent[Card]]:
    """Return which events new cards become, while the ledger is held, and which become none."""
    found = drafted(new, scheme, local_day(moment, scheme.time_zone))
    return await beside_ledger(db, cycle_id, found, scheme, periods, moment)


async def beside_ledger(
    db: AsyncSession,
    cycle_id: UUID,
    found: Sequence[CardEvent[Origin]],
    scheme: Scheme,
    periods: Periods,
    moment: dt.datetime,
) -> list[CardEvent[Origin]]:
    """Return which of some events can be entered beside what is in the ledger."""
    drafts = [each.draft for each in found if each.draft is not None]
    stored = await entries_beside(db, cycle_id, drafts, scheme) if drafts else []
    return beside(found, scheme, stored, periods, moment)


async def enter_events(
    db: AsyncSession, cycle_id: UUID, caller: Caller, events: Sequence[CardEvent[Origin]]
) -> list[CardEventLink[Origin]]:
    """Enter the events, handed in and to be verified by somebody else; return what cards became."""
    ids = dict[Origin, UUID]()
    entered = [(each.card, each.draft) for each in events if each.draft is not None]
    for at in range(0, len(entered), _PART):
        cards, drafts = zip(*entered[at : at + _PART], strict=True)
        links = [_FIRST] * len(drafts)
        about = db, cycle_id, drafts, caller, SUBMITTED, links
        stored = await store_entries(*about, author_unit=BY_OFFICE)
        ids |= dict(zip(cards, stored, strict=True))
        await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event="scoring.entries-posted",
            body={"count": len(drafts), "state": SUBMITTED} | about_drafts(drafts, None),
            last=False,
        )
    return [CardEventLink(each.card, ids.get(each.card), each.kept_alone) for each in events]
