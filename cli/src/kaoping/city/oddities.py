"""What is odd in a year that is kept day by day: values that are guessed, one that jumps, a source
that enters a year's events in its last days; and which values grow while the year goes on.

Which of it is to be seen nothing here knows.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from kaoping.city.generated import leaves
from kaoping.plan import Document, Plan

GROWING = "actual"
"""The key of values that are held against a target."""


def with_odd_values(plan: Plan) -> Plan:
    """Return a year in which who measures most to a fraction gives the middle of each tenth, and
    the first value of each source for the third quarter has its decimal point in the wrong place.
    """
    measured = Counter(
        {poster: sum(map(_has_fraction, told)) for poster, told in plan.entries.items()}
    )
    [(guesser, _)] = measured.most_common(1) or [("", 0)]
    entries = {
        poster: [_guessed(each) for each in told] if poster == guesser else told
        for poster, told in plan.entries.items()
    }
    return replace(plan, entries={who: _with_a_slip(told) for who, told in entries.items()})


def _has_fraction(entry: Document) -> bool:
    return entry["kind"] == "measured_value" and Decimal(str(entry["value"])) % 1 != 0


def _guessed(entry: Document) -> Document:
    if not _has_fraction(entry):
        return entry
    tenths = Decimal(str(entry["value"])).quantize(Decimal("0.1"), ROUND_FLOOR)
    return {**entry, "value": f"{tenths + Decimal('0.05'):f}"}


def _with_a_slip(told: list[Document]) -> list[Document]:
    """Return entries with the first value of a third quarter ten times what it is."""
    for place, entry in enumerate(told):
        if entry["kind"] == "measured_value" and str(entry.get("period", "")).endswith("Q3"):
            tenfold = {**entry, "value": f"{Decimal(str(entry['value'])) * 10:f}"}
            return [*told[:place], tenfold, *told[place + 1 :]]
    return told


def hoarder_of(plan: Plan) -> str | None:
    """Return who enters the events of all months in the last days of the year: whose events are
    the fewest, of those who have as many as fifty."""
    events = Counter(
        {
            poster: sum(each["kind"] == "event" for each in told)
            for poster, told in plan.entries.items()
        }
    )
    many = [(number, poster) for poster, number in events.items() if number >= 50]
    return min(many, default=(0, None))[1]


def growing_in(plan: Plan) -> set[tuple[str, str]]:
    """Return of which units and indicators values grow: those that have a plan of progress."""
    planned = defaultdict[str, set[str]](set)
    for category in plan.scheme["categories"]:
        if category["code"] in plan.categories:
            for unit in category["units"]:
                planned[unit] |= _planned(category)
    return {(unit, code) for unit, codes in planned.items() for code in codes}


def _planned(category: Mapping[str, object]) -> set[str]:
    return {leaf["code"] for leaf in leaves(category) if leaf.get("progress_plan")}
