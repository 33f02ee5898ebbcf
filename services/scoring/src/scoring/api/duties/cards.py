"""Cards of duties (预警、黄牌、红牌): written once each, equal to what reading computes."""

import asyncio
import datetime as dt
from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import journal
from chassis.authorisation import Permit
from chassis.db import Snapshot, Transaction
from chassis.deadlines import Calendar, Light, local_day
from chassis.identity import Caller
from chassis.journal import Receipt
from chassis.pages import Page, PageQuery
from chassis.problems import documents
from chassis.routes import Router
from chassis.stored import StoredDataAltered, require_intact
from chassis.wire import Code, OneOf, Outgoing
from scoring.api.duties.card_events import card_events, enter_events
from scoring.api.duties.readers import units_read
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.card_events import CardEventLink, add_links
from scoring.queries.duties import add_cards, cards_on_page, handed_in, known_cards
from scoring.queries.ledger import now, open_ledger
from scoring.queries.periods import hold_periods
from scoring.rules.duties.card_events import KEPT_ALONE, CardEvent, counted_by_reason
from scoring.rules.duties.cards import LIGHTS, Card, cards_of
from scoring.rules.duties.owed import duties_of, standings, years_of
from scoring.rules.duties.terms import HandedIn
from scoring.rules.ledger.periods import Periods
from scoring.rules.ledger.progress import cells_of
from scoring.rules.ledger.signing import Signing
from scoring.rules.ledger.states import LedgerSealed, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.duties import DutyCardEventRow, DutyCardRow

router = Router("/cycles/{cycle_id}/duty-cards", tags=["duties"])

CardWord = Annotated[str, OneOf(*LIGHTS)]
KeptAlone = Annotated[str, OneOf(*KEPT_ALONE)]

_EVENTS = {
    Light.WARNING: "scoring.duty-warned",
    Light.YELLOW: "scoring.yellow-card",
    Light.RED: "scoring.red-card",
}

_PART = 500
"""How many cards an entry of the journal tells of."""


class DutyCard(Outgoing):
    """A warning or a card of a duty. `shown_on` is the first day that earned it, by the record as
    it was known when it was written. `key` stands for it where a page begins.

    Where the scheme has cards count, `entry_id` is the event that the card was entered as, whose
    `source_ref` is this `key`; or `kept_alone` says why it is none.
    """

    key: str
    unit: str
    indicator: str
    period: str
    light: CardWord
    due: dt.date
    shown_on: dt.date
    written_at: dt.datetime
    entry_id: UUID | None
    kept_alone: KeptAlone | None


class WrittenCards(Outgoing):
    """How many warnings and cards were written, by light: those that duties have earned by the
    moment `at`, and that were not there yet.

    Where the scheme has cards count, `entered` counts those that were entered as events, for
    another person to verify; `kept_alone`, by why, those that were not.
    """

    at: dt.datetime
    as_of: dt.date
    written: dict[str, int]
    entered: int
    kept_alone: dict[str, int]
    receipt: Receipt | None


@router.post(
    "",
    status_code=201,
    responses=documents(LedgerSealed, PeerDown, PeerMissing, PeerRefused, StoredDataAltered),
)
async def write_duty_cards(
    cycle_id: UUID, db: Transaction, permit: Permit, ask: AskPeers
) -> WrittenCards:
    """Write the warnings and cards that duties have earned by now and that are not there yet.

    Each is written once, with the day that first earned it: a day on which nobody gave the command
    changes nothing. A card that is there stays, whatever is learned of the calendar.

    Where the scheme has cards count, each yellow and red card is entered once as an event about the
    unit that owed, by the caller; it counts once another person of the office has verified it.
    """
    scheme = (await ask.indicators.published_scheme(cycle_id=cycle_id)).scheme
    # Calendar and record are those of one moment, however long the ledger has to be waited for.
    moment = await now(db)
    calendar = await ask.working_days(years_of(scheme.assessment_year), moment)
    await open_ledger(db, cycle_id)
    # Alone: whoever hands something in has done so, or does it later.
    held = await hold_periods(db, cycle_id, alone=True)
    require_open(held.phase)
    permit.require(phase=held.phase)
    await require_intact(db, str(cycle_id), "duty_card", "duty_card_event")
    new, events = await unwritten_cards(db, cycle_id, scheme, calendar, held.periods, moment)
    links = await enter_events(db, cycle_id, permit.caller, events)
    receipt = await _write(db, cycle_id, permit.caller, new, links)
    counts = Counter(str(card.light) for card in new)
    written = {str(light): counts[light] for light in LIGHTS}
    return WrittenCards(
        at=moment,
        as_of=local_day(moment, scheme.time_zone),
        written=written,
        entered=sum(each.entry_id is not None for each in links),
        kept_alone=dict(counted_by_reason(events)),
        receipt=receipt,
    )


async def unwritten_cards(
    db: AsyncSession,
    cycle_id: UUID,
    scheme: Scheme,
    calendar: Calendar,
    periods: Periods,
    moment: dt.datetime,
) -> tuple[list[Card], list[CardEvent[Card]]]:
    """Return the cards that duties have earned by a moment and nobody has written, and what becomes
    of those that count."""
    day, signed = local_day(moment, scheme.time_zone), Signing(scheme).indicators
    came = await handed_in(db, cycle_id, moment, scheme.time_zone, signed=signed)
    found = await asyncio.to_thread(_earned, scheme, came, calendar, day)
    known = await known_cards(db, cycle_id)
    new = [card for card in found if (card.duty, card.light) not in known]
    return new, await card_events(db, cycle_id, new, scheme, periods, moment)


def _earned(scheme: Scheme, came: list[HandedIn], calendar: Calendar, day: dt.date) -> list[Card]:
    policy = scheme.duties
    found = standings(duties_of(cells_of(scheme), policy), came, calendar, day, policy)
    return [*cards_of(found, day)]


async def _write(
    db: AsyncSession,
    cycle_id: UUID,
    caller: Caller,
    new: list[Card],
    links: list[CardEventLink[Card]],
) -> Receipt | None:
    """Add cards part by part, each with an entry of the journal that tells of it and of what has
    become of its cards."""
    entered = {each.card: each for each in links}
    parts = [
        (light, part)
        for light in LIGHTS
        for part in _parts([card for card in new if card.light is light])
    ]
    receipt = None
    for n, (light, part) in enumerate(parts, 1):
        await add_cards(db, cycle_id, part)
        await add_links(db, cycle_id, [entered[card] for card in part if card in entered])
        receipt = await journal.record(
            db,
            chain=str(cycle_id),
            caller=caller,
            event=_EVENTS[light],
            body=_told(part),
            last=n == len(parts),
        )
    return receipt


def _parts(cards: list[Card]) -> list[list[Card]]:
    return [cards[n : n + _PART] for n in range(0, len(cards), _PART)]


def _told(cards: list[Card]) -> dict[str, Any]:
    """Return what the journal is told of some cards, and whom they concern."""
    return {
        "units": dict(Counter(card.duty.unit for card in cards)),
        "cards": [card.duty._asdict() | {"due": card.due.isoformat()} for card in cards],
    }


@router.get("", responses=documents(StoredDataAltered))
async def list_duty_cards(
    cycle_id: UUID,
    page: PageQuery,
    db: Snapshot,
    permit: Permit,
    unit: Annotated[Code | None, Query(description="Cards of this unit.")] = None,
    light: Annotated[CardWord | None, Query(description="Of this kind.")] = None,
) -> Page[DutyCard]:
    """List the warnings and cards that were written, by unit, indicator and period; a unit gets its
    own."""
    units = units_read(permit, unit)
    await require_intact(db, str(cycle_id), "duty_card", "duty_card_event")
    rows = await cards_on_page(db, cycle_id, page, units, light)
    shown = [_shown(card, event) for card, event in rows]
    return Page[DutyCard].of(shown, page.limit, lambda each: each.key)


def _shown(card: DutyCardRow, event: DutyCardEventRow | None) -> DutyCard:
    key = ",".join((card.unit, card.indicator, card.period, card.light))
    became = {name: getattr(event, name, None) for name in ("entry_id", "kept_alone")}
    told = (name for name in DutyCard.model_fields if name not in {"key", *became})
    return DutyCard(key=key, **became, **{name: getattr(card, name) for name in told})
