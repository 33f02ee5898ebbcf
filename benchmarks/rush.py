"""What comes in before a deadline, and when: what a city owes for one period of the reference year,
and how many of those who owe it are how late. Pure: no clock, no network.

**What is due** is told by the year itself, day by day (`kaoping.city.daily_plan`): a data source
owes its entries for an indicator and a period together, and one of so many names a file. The day is
the one that the duties of a scheme have, by plain weeks.

**When it comes** no year tells, because it is drawn by days. People's pressure to act is inversely
proportional to the time that is left (Alfi, Parisi, Pietronero, Conference registration: how people
react to a deadline, Nature Physics 3, 746, 2007, doi.org/10.1038/nphys761), by working time here,
and until a minute is left (`PRESSED`): nobody acts in less. Of what may be handed in for `window`
minutes there comes between `earliest` and `latest` minutes before the deadline

    (ln(1 + earliest) - ln(1 + latest)) / ln(1 + window)

Nothing is left out because it came in before or will be late: a plan for machines counts all of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import expm1, log1p
from random import Random

from chassis.deadlines import PLAIN_WEEKS
from kaoping.plan import Act, Document, Does, walk
from scoring.rules.duties.owed import deadline_of
from scoring.rules.ledger.entries import span_of
from scoring.rules.scheme.document import USUAL_DUTIES

PRESSED = 1.0
"""Minutes before a deadline from which on the pressure grows no more."""

WORKED = 8 * 60
"""Minutes of a working day."""

HOUR = 60.0

TYPED = 10
"""So many entries at most are typed one by one, kept as drafts and handed in by one command; more
are sent in one batch, which is checked first."""

NOT_OWED = frozenset({"panel_mark", "inspection_finding"})
"""What comes when it comes: marks from seats, and what inspections find."""

BEFORE = ("me", "cycles", "my tasks", "names", "progress", "desk", "entry form")
"""What whoever hands in reads before: the screens 1 and 2 of `docs/screens.md`, in their order."""
AFTER = ("own evidence", "own entries")
OFFICE = ("events", "tasks of the office", "entries that wait")
"""What the performance office reads for each that was handed in, before it verifies it."""
READS = frozenset({*BEFORE, *AFTER, *OFFICE})


@dataclass(frozen=True, slots=True)
class Owed:
    """What one data source hands in at once; `files` back it. With `reviewed` another unit has to
    look at it before the office may verify it, and does so another day."""

    who: str
    indicator: str
    period: str
    entries: tuple[Document, ...]
    files: int
    reviewed: bool

    @property
    def is_typed(self) -> bool:
        """Whether it is typed entry by entry."""
        return len(self.entries) <= TYPED

    def steps(self) -> Iterator[str]:
        """Yield each request by its kind, in the order in which they are begun."""
        yield from BEFORE
        yield from ["evidence"] * self.files
        if self.is_typed:
            yield from ["entry"] * len(self.entries)
            yield "submission"
        else:
            yield from ("check", "batch")
        yield from (*AFTER, *OFFICE)
        if not self.reviewed:
            yield "verification"


@dataclass(frozen=True)
class Due:
    """What a city owes for a period, by when, and for how many minutes it may be handed in."""

    period: str
    day: date
    window: float
    owed: tuple[Owed, ...]

    @property
    def entries(self) -> int:
        """How many entries are due."""
        return sum(len(each.entries) for each in self.owed)

    def requests(self) -> Counter[str]:
        """Return how many requests all of it takes, by kind."""
        return Counter(step for each in self.owed for step in each.steps())

    def coming(self, earliest: float, latest: float = 0.0) -> float:
        """Return which share of it comes between so many minutes before the deadline and so
        many."""
        return (_weight(earliest) - _weight(latest)) / _weight(self.window)

    def by_minute(self, minutes: int) -> list[float]:
        """Return the shares of the last minutes, the earliest first."""
        return [self.coming(left, left - 1) for left in range(minutes, 0, -1)]


def _weight(minutes: float) -> float:
    return log1p(minutes / PRESSED)


def dues(acts: Sequence[Act], scheme: Document) -> dict[str, Due]:
    """Return what is due for each period of a year."""
    reviewed = {each["code"] for each in _indicators(scheme) if each.get("reviewed_by")}
    year = str(scheme["assessment_year"])
    told = defaultdict[str, defaultdict[tuple[str, str], list[Document]]](
        lambda: defaultdict[tuple[str, str], list[Document]](list)
    )
    for who, entry in _entered(acts):
        told[entry.get("period") or year][who, entry["indicator"]].append(entry)
    return {
        period: _due(
            period,
            (
                Owed(who, code, period, tuple(entries), _files(entries), code in reviewed)
                for (who, code), entries in sorted(of.items())
            ),
        )
        for period, of in sorted(told.items())
    }


def _due(period: str, owed: Iterable[Owed]) -> Due:
    day = deadline_of(USUAL_DUTIES, period, PLAIN_WEEKS).due
    days = PLAIN_WEEKS.between(span_of(period)[1], day)
    return Due(period, day, float(days * WORKED), tuple(owed))


def heaviest(found: Mapping[str, Due]) -> Due:
    """Return the deadline before which most is asked in the last hour."""
    return max(found.values(), key=lambda each: each.requests().total() * each.coming(HOUR))


def fullest(found: Mapping[str, Due]) -> Due:
    """Return the deadline by which most entries are due."""
    return max(found.values(), key=lambda each: each.entries)


def _entered(acts: Iterable[Act]) -> Iterator[tuple[str, Document]]:
    """Yield what is entered for the first time, and by whom: what was taken back and entered anew
    is no more than one entry at the deadline."""
    seen = set[tuple[object, ...]]()
    for act in acts:
        for entry in act.entries if act.does in (Does.POST, Does.DRAFT) else ():
            of = ("unit", "indicator", "kind", "key", "item", "period")
            slot = tuple(entry.get(name) for name in of)
            if entry["kind"] in NOT_OWED or (entry["kind"] != "event" and slot in seen):
                continue
            seen.add(slot)
            yield act.who, entry


def _files(entries: Iterable[Document]) -> int:
    return len({name for each in entries for name in each.get("evidence_ids", ())})


def _indicators(scheme: Document) -> Iterator[Mapping[str, object]]:
    for category in scheme["categories"]:
        for block in category["blocks"]:
            yield from walk(block["indicators"])


def drawn(number: int, earliest: float, random: Random) -> list[float]:
    """Return how many minutes before the deadline each of so many comes who come in the last
    `earliest` ones, the first first: one of each part of an equal weight, anywhere in it."""
    weights = (_weight(earliest) * (n + random.random()) / number for n in range(number))
    return sorted((PRESSED * expm1(each) for each in weights), reverse=True)


@dataclass(frozen=True)
class Offered:
    """What so many cities offer in a stretch before the deadline, a second."""

    requests: float
    writes: float
    entries: float


def offered(due: Due, cities: float, earliest: float, latest: float = 0.0) -> Offered:
    """Return what is offered in the mean between so many minutes before the deadline and so many,
    each errand taken to come all at once."""
    requests = due.requests()
    writes = sum(number for kind, number in requests.items() if kind not in READS)
    a_second = due.coming(earliest, latest) * cities / ((earliest - latest) * 60)
    return Offered(requests.total() * a_second, writes * a_second, due.entries * a_second)
