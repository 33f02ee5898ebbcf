"""What a unit handed in for a cell over time, and the terms that it had for that (报送与退回).

What counts does so from the day on which it was handed in until that on which it was returned or
reversed. From then on the unit owes again, and has a term of its own for that.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Slot = tuple[str | None, str | None]
"""A key and an item: which of several values of a cell it is."""


class HandedIn(NamedTuple):
    """That something of a unit for an indicator and a period counted from a day on, until another
    day, or still does. Without a `slot` it answers for all values of a cell."""

    unit: str
    indicator: str
    period: str
    on: dt.date
    until: dt.date | None = None
    slot: Slot | None = None
    for_all: bool = False


class Span(NamedTuple):
    """The days from which on, and until which, something counted; None is until now."""

    since: dt.date
    until: dt.date | None


class Term(NamedTuple):
    """A time in which a cell was owed: from the start, or since what counted was `returned_on` a
    day; and when it was done."""

    returned_on: dt.date | None
    done_on: dt.date | None


def terms_of(came: Sequence[HandedIn], wants: Sequence[Slot]) -> list[Term]:
    """Return the terms that a cell has had: by what was handed in, of all values that it wants.

    What is mended on the day of its return was not returned.
    """
    if not wants:
        covered = _joined(_spans(came))
    else:
        each = [_joined(_spans(e for e in came if e.slot in (None, slot))) for slot in wants]
        covered = each[0]
        for other in each[1:]:
            covered = _both(covered, other)
    returned: list[dt.date | None] = [None]
    returned += [span.until for span in covered if span.until is not None]
    done: list[dt.date | None] = [*(span.since for span in covered), None]
    return [Term(*each) for each in zip(returned, done, strict=False)]


def _spans(came: Iterable[HandedIn]) -> list[Span]:
    return sorted((Span(each.on, each.until) for each in came), key=lambda span: span.since)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Return spans in their order, those that meet as one."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last is None or (last.until is not None and span.since > last.until):
            found.append(span)
        elif last.until is not None and (span.until is None or span.until > last.until):
            found[-1] = Span(last.since, span.until)
    return found


def _both(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """Return when both of two things counted."""
    found = []
    for a in one:
        for b in other:
            since = max(a.since, b.since)
            ends = [span.until for span in (a, b) if span.until is not None]
            until = min(ends, default=None)
            if until is None or since <= until:
                found.append(Span(since, until))
    return _joined(sorted(found, key=lambda span: span.since))
