"""What items have earned that counts (督办事项计分): the event that it becomes, of the indicator
that the scheme names, or why none.

It is counted by the percents of the unit's share, and belongs to the month of the day that earned
it; what is earned outside the year, to the year's month that is nearest.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal

from scoring.rules.duties.card_events import KEPT_ALONE, CardEvent, Origin, by_the_scheme
from scoring.rules.items.earned import COUNTED, OVERDUE, REDONE, RETURNED, UPHELD, Earned
from scoring.rules.ledger.entries import EVENT
from scoring.rules.ledger.shapes import Draft, EntryForms
from scoring.rules.scheme.document import ItemPolicy, Scheme

COSTS_NOTHING, AFTER_SEAL = "costs-nothing", "ledger-sealed"
ITEMS_KEPT_ALONE = (*KEPT_ALONE, COSTS_NOTHING, AFTER_SEAL)
"""Why what an item has earned is no event: as of a card, the scheme names none for it, or nothing
can be entered any more."""

WORDS = {
    OVERDUE: ("was overdue", "逾期"),
    REDONE: ("had to be done again", "退回重办"),
    RETURNED: ("was returned without ground", "退回不当"),
    UPHELD: ("was upheld", "属实"),
}


def item_events(found: Iterable[Earned], scheme: Scheme, today: dt.date) -> list[CardEvent[Earned]]:
    """Return what becomes of what items have earned, by the scheme alone; nothing where it has no
    item count."""
    return counted_events(found, scheme.items, scheme, today, note_of)


def counted_events(
    found: Iterable[Earned],
    policy: ItemPolicy | None,
    scheme: Scheme,
    today: dt.date,
    note: Callable[[Earned], str],
) -> list[CardEvent[Earned]]:
    """Return what becomes of what may cost points, by what the scheme says of it; `note` is what
    each event says to people."""
    forms = EntryForms(scheme, today)
    if policy is None:
        return []
    events = list[CardEvent[Earned]]()
    for each in (one for one in found if one.what in (*COUNTED, UPHELD)):
        key = getattr(policy, each.what)
        if key is None:
            events.append(CardEvent(each, None, COSTS_NOTHING))
        else:
            draft = _draft(each, policy, key, scheme.assessment_year, note)
            events.append(by_the_scheme(each, draft, forms))
    return events


def after_the_seal(events: Iterable[CardEvent[Origin]]) -> list[CardEvent[Origin]]:
    """Return what becomes of what would have counted once nothing can be entered: it is written as
    what it is, and counts nowhere."""
    return [
        each if each.draft is None else CardEvent(each.card, None, AFTER_SEAL) for each in events
    ]


def _draft(
    each: Earned, policy: ItemPolicy, key: str, year: int, note: Callable[[Earned], str]
) -> Draft:
    on = each.shown_on
    month = on.month if on.year == year else 1 if on.year < year else 12
    return Draft(
        each.unit,
        policy.indicator,
        EVENT,
        key,
        None,
        f"{year}-{month:02}",
        Decimal(each.share),
        None,
        note(each),
        on if on.year == year else None,
        source_ref=each.key,
    )


def note_of(each: Earned) -> str:
    """Return what the event says to people: which item it is, and nothing of what that says."""
    _, word = WORDS[each.what]
    due = f"，应于 {each.due} 办结" if each.due else ""
    which = f"督办事项 {each.item_id} 第{each.step}步{word}"
    return f"{which}（份额{each.share}%）{due}，{each.shown_on} 起"


def told_of_item(sort: str, each: Earned) -> str:
    """Return what an explanation says of it."""
    word, _ = WORDS[each.what]
    due = f", due {each.due}" if each.due else ""
    return f"{sort} {each.item_id} {word}, share {each.share} percent{due}"
