"""Cards that count (黄牌、红牌计分): the event that a card becomes of the indicator that scores who
enters, or why it stays a card alone.

The event is about the unit that owed. It belongs to the month of the day on which the card was
earned; what is earned after the year, to the year's last month.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from chassis.deadlines import Light
from scoring.rules.duties.cards import Card
from scoring.rules.ledger.entries import BY_OFFICE, EVENT
from scoring.rules.ledger.periods import Periods, admitted, entering_of
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.ledger.slots import EnteredSlots, StoredEntry, counting
from scoring.rules.scheme.document import CardPolicy, Scheme

NOT_ASSESSED, NOT_TAKEN, PERIOD_CLOSED = "not-assessed", "not-taken", "period-closed"
CONTRADICTED, NOT_APPLICABLE = "zero-report-contradicted", "not-applicable"

KEPT_ALONE = (NOT_ASSESSED, NOT_TAKEN, PERIOD_CLOSED, CONTRADICTED, NOT_APPLICABLE)
"""Why a card is no event: the unit that owed is not assessed by the indicator, or takes no such
events; the period is closed; a zero report covers it; the unit has no such business."""

_NAMES = {Light.YELLOW: ("yellow card", "黄牌"), Light.RED: ("red card", "红牌")}

COUNTED_LIGHTS = tuple(_NAMES)
"""What may cost points; a warning does not."""


Origin = TypeVar("Origin")
"""What becomes an event: a card, or what a supervised item has earned."""


class CardEvent(NamedTuple, Generic[Origin]):
    """A card, or what else costs points by itself, and the event that it becomes, or why it becomes
    none."""

    card: Origin
    draft: Draft | None
    kept_alone: str | None = None


def drafted(cards: Iterable[Card], scheme: Scheme, today: dt.date) -> list[CardEvent[Card]]:
    """Return what cards become by the scheme alone; nothing where it has none count."""
    policy, forms = scheme.duties.cards, EntryForms(scheme, today)
    if policy is None:
        return []
    year = scheme.assessment_year
    counted = (card for card in cards if card.light in COUNTED_LIGHTS)
    return [by_the_scheme(card, _draft(card, policy, year), forms) for card in counted]


def by_the_scheme(card: Origin, draft: Draft, forms: EntryForms) -> CardEvent[Origin]:
    """Return the event that something becomes, unless its unit takes no such event."""
    if forms.indicator_of(draft) is None:
        return CardEvent(card, None, NOT_ASSESSED)
    return CardEvent(card, None, NOT_TAKEN) if forms.faults(draft, "") else CardEvent(card, draft)


def _draft(card: Card, policy: CardPolicy, year: int) -> Draft:
    day = card.shown_on if card.shown_on.year == year else None
    return Draft(
        card.duty.unit,
        policy.indicator,
        EVENT,
        policy.yellow if card.light is Light.YELLOW else policy.red,
        None,
        f"{year}-{day.month if day else 12:02}",
        Decimal(1),
        None,
        note_of(card),
        day,
        source_ref=card.key,
    )


def beside(
    events: Iterable[CardEvent[Origin]],
    scheme: Scheme,
    stored: Iterable[StoredEntry],
    periods: Periods,
    moment: dt.datetime,
) -> list[CardEvent[Origin]]:
    """Return what cards become beside what is in the ledger, and the periods that are closed."""
    found, slots = [*events], EnteredSlots(scheme)
    for each in counting(stored):
        slots.add(each, ("", ""))
    drafts = {n: each.draft for n, each in enumerate(found) if each.draft is not None}
    entering = {n: [entering_of(draft, BY_OFFICE)] for n, draft in drafts.items()}
    closed = admitted(periods, entering, moment).faults
    why = dict.fromkeys(closed, PERIOD_CLOSED) | {
        n: clash[0].code
        for n, draft in drafts.items()
        if n not in closed and (clash := slots.clash(draft)) is not None
    }
    return [
        CardEvent(each.card, None, why[n]) if n in why else each for n, each in enumerate(found)
    ]


def note_of(card: Card) -> str:
    """Return what the event says of the card, to people."""
    _, name = _NAMES[card.light]
    came = card.handed_in_on
    done = f"至 {card.shown_on} 未报送" if came is None else f"{came} 报送"
    return f"{card.duty.period} 期间指标 {card.duty.indicator} {name}：应于 {card.due} 报送，{done}"


def told_of(card: Card) -> str:
    """Return what an explanation says of the card."""
    name, _ = _NAMES[card.light]
    came = card.handed_in_on
    done = f"not handed in by {card.shown_on}" if came is None else f"handed in {came}"
    return f"{name} of {card.duty.period} for {card.duty.indicator}, due {card.due}, {done}"


def counted_by_reason(events: Iterable[CardEvent[Origin]]) -> Mapping[str, int]:
    """Count the cards that stay cards alone, by why."""
    numbers = dict.fromkeys(KEPT_ALONE, 0)
    for each in events:
        if each.kept_alone is not None:
            numbers[each.kept_alone] += 1
    return {reason: number for reason, number in numbers.items() if number}
