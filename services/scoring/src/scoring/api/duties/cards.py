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
from scoring.peers import AskPeers, PeerDown, PeerMissing, PeerRefused
from scoring.queries.duties import add_cards, cards_on_page, handed_in, known_cards
from scoring.queries.ledger import now, open_ledger
from scoring.queries.periods import hold_periods
from scoring.rules.duties.cards import LIGHTS, Card, cards_of
from scoring.rules.duties.owed import HandedIn, duties_of, standings, years_of
from scoring.rules.ledger.progress import cells_of
from scoring.rules.ledger.states import LedgerSealed, require_open
from scoring.rules.scheme.document import Scheme
from scoring.tables.duties import DutyCardRow

router = Router("/cycles/{cycle_id}/duty-cards", tags=["duties"])

CardWord = Annotated[str, OneOf(*LIGHTS)]

_EVENTS = {
    Light.WARNING: "scoring.duty-warned",
    Light.YELLOW: "scoring.yellow-card",
    Light.RED: "scoring.red-card",
}

_PART = 500
"""How many cards an entry of the journal tells of."""


class DutyCard(Outgoing):
    """A warning or a card of a duty. `shown_on` is the first day that earned it, by the record as
    it was known when it was written. `key` stands for it where a page begins."""

    key: str
    unit: str
    indicator: str
    period: str
    light: CardWord
    due: dt.date
    shown_on: dt.date
    written_at: dt.datetime


class WrittenCards(Outgoing):
    """How many warnings and cards were written, by light: those that duties have earned by the
    moment `at`, and that were not there yet."""

    at: dt.datetime
    as_of: dt.date
    written: dict[str, int]
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
    await require_intact(db, str(cycle_id), "duty_card")
    day = local_day(moment, scheme.time_zone)
    came = await handed_in(db, cycle_id, moment, scheme.time_zone)
    found = await asyncio.to_thread(_earned, scheme, came, calendar, day)
    known = await known_cards(db, cycle_id)
    new = [card for card in found if (card.duty, card.light) not in known]
    receipt = await _write(db, cycle_id, permit.caller, new)
    counts = Counter(str(card.light) for card in new)
    written = {str(light): counts[light] for light in LIGHTS}
    return WrittenCards(at=moment, as_of=day, written=written, receipt=receipt)


def _earned(scheme: Scheme, came: list[HandedIn], calendar: Calendar, day: dt.date) -> list[Card]:
    return [*cards_of(standings(duties_of(cells_of(scheme)), came, calendar, day), day)]


async def _write(
    db: AsyncSession, cycle_id: UUID, caller: Caller, new: list[Card]
) -> Receipt | None:
    """Add cards part by part, each with an entry of the journal that tells of it."""
    parts = [
        (light, part)
        for light in LIGHTS
        for part in _parts([card for card in new if card.light is light])
    ]
    receipt = None
    for n, (light, part) in enumerate(parts, 1):
        await add_cards(db, cycle_id, part)
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
    own = permit.caller.organisation
    sees_all = permit.allows()
    permit.require(("own_unit",) if own else ())
    await require_intact(db, str(cycle_id), "duty_card")
    units = None if sees_all else {own or ""}
    if unit is not None:
        units = {unit} if sees_all or unit == own else set()
    rows = await cards_on_page(db, cycle_id, page, units, light)
    return Page[DutyCard].of([*map(_shown, rows)], page.limit, lambda each: each.key)


def _shown(row: DutyCardRow) -> DutyCard:
    told = {name: getattr(row, name) for name in DutyCard.model_fields if name != "key"}
    key = ",".join((row.unit, row.indicator, row.period, row.light))
    return DutyCard.model_validate(told | {"key": key})
