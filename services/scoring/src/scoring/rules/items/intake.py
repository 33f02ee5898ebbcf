"""Checks of supervised items (督办事项) as they are registered, one or many of one meeting."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chassis.refusals import Fault, pointer
from scoring.rules.items.by_ref import ref_faults
from scoring.rules.items.given import (
    Share,
    Term,
    reader_faults,
    share_faults,
    term_faults,
    term_missing,
    undecided_faults,
)
from scoring.rules.items.standing import Around

LONGEST = 731
"""For how many days an item may be given at most: two years."""


@dataclass(frozen=True, slots=True)
class NewlyGiven:
    """An item as it is registered, as far as it is judged; `tells` is all that it says."""

    source_ref: str | None
    shares: Sequence[Share]
    readers: Sequence[str]
    term: Term
    tells: object


def intake_faults(
    items: Sequence[NewlyGiven], known: Mapping[str, object], around: Around
) -> Iterator[Fault]:
    """Yield what is wrong with items; `known` says what was registered under a `source_ref`."""
    for n, item in enumerate(items):
        at = pointer("items", n)
        yield from share_faults(f"{at}/units", item.shares, around.assessed)
        yield from undecided_faults(f"{at}/units", item.shares, around.bodies)
        yield from reader_faults(f"{at}/readers", item.readers, item.shares, around.assessed)
        if not item.term.is_given:
            yield term_missing(at)
        yield from term_faults(at, item.term, around.day, around.last, around.calendar, None)
    told = [(item.source_ref, item.tells) for item in items]
    yield from ref_faults(told, known, "items", ("item", "事项"))


def last_day(day: dt.date) -> dt.date:
    """Return the last day on which what is given on a day may be due."""
    return day + dt.timedelta(days=LONGEST)
