"""Which cards of duties have become events of the ledger, and which stay cards alone."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Generic, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.db import driver_of
from chassis.deadlines import Light
from scoring.rules.duties.card_events import Origin, told_of
from scoring.rules.duties.cards import Card
from scoring.rules.duties.owed import Duty


class CardEventLink(NamedTuple, Generic[Origin]):
    """The entry that a card, or what else costs points by itself, has become, or why there is
    none."""

    card: Origin
    entry_id: UUID | None
    kept_alone: str | None


async def add_links(db: AsyncSession, cycle_id: UUID, links: Sequence[CardEventLink[Card]]) -> None:
    """Add what has become of cards; the key refuses what is there."""
    rows = [
        (*each.card.duty, str(each.card.light), *each[1:], each.card.handed_in_on) for each in links
    ]
    if rows:
        columns = map(list, zip(*rows, strict=True))
        await (await driver_of(db)).execute(_ADD, cycle_id, *columns)


_ADD = """
    INSERT INTO duty_card_event
      (cycle_id, unit, indicator, period, light, entry_id, kept_alone, handed_in_on)
    SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[],
      $7::text[], $8::date[])
    """


async def cards_told(db: AsyncSession, cycle_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return by entry what the card is that it stands for, of those of these that stand for one."""
    rows = await (await driver_of(db)).fetch(_TOLD, list(ids), cycle_id)
    return {entry_id: told_of(_card(*card)) for entry_id, *card in rows}


def _card(
    unit: str,
    indicator: str,
    period: str,
    light: str,
    due: dt.date,
    shown_on: dt.date,
    handed_in_on: dt.date | None,
) -> Card:
    return Card(Duty(unit, indicator, period), Light(light), due, shown_on, handed_in_on)


# Looked up one by one, whatever is guessed of their number.
_TOLD = """
    SELECT found.entry_id, c.unit, c.indicator, c.period, c.light, c.due, c.shown_on,
      found.handed_in_on
    FROM unnest($1::uuid[]) each CROSS JOIN LATERAL (
      SELECT * FROM duty_card_event e
      WHERE e.cycle_id::text = $2::uuid::text AND e.entry_id = each OFFSET 0) found
    JOIN duty_card c USING (cycle_id, unit, indicator, period, light)
    WHERE c.cycle_id::text = $2::uuid::text
    """
