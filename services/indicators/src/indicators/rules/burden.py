"""What a year asks of each unit (基层负担): values to report, files to add, days to be inspected.

It is counted from the scheme, not from what came in: what is asked is known before anybody works.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indicators.rules.compiled import CompiledCategory, CompiledScheme
from indicators.rules.inspections import Inspection
from indicators.rules.scheme import OWN_UNIT, Category, Frequency, Indicator, Scheme

TIMES: Mapping[Frequency, int] = {
    "monthly": 12,
    "quarterly": 4,
    "half_yearly": 2,
    "twice_a_year": 2,
    "yearly": 1,
    "per_event": 0,
}
"""How often a year a value of an indicator is due; of events nobody knows before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an indicator asks of a unit that reports it: about how many units, how many times a
    year, and how many fields and uploads that comes to."""

    unit: str
    indicator: str
    about: int
    times: int
    fields: int
    uploads: int


@dataclass(frozen=True, slots=True)
class Burden:
    """What a year asks of a unit: fields to fill in, files to add, indicators that it reports; and
    how often, and on how many days, it is inspected."""

    unit: str
    fields: int
    uploads: int
    indicators: int
    inspections: int
    days: int


def asked_by(scheme: Scheme, compiled: CompiledScheme) -> list[Asked]:
    """Return what each indicator asks of each unit that reports it, by unit and indicator."""
    found = dict[tuple[str, str], list[int]]()
    pairs = zip(scheme.categories, compiled.categories, strict=True)
    rates = scheme.complaints.rates if scheme.complaints else None
    by_itself = {*rates.named().values()} if rates else set[str]()
    for unit, indicator, numbers in (each for pair in pairs for each in _of_category(*pair)):
        if indicator in by_itself:
            continue
        sums = found.setdefault((unit, indicator), [0, numbers[1], 0, 0])
        for n in (0, 2, 3):
            sums[n] += numbers[n]
    return [Asked(*key, *numbers) for key, numbers in sorted(found.items())]


def _of_category(
    category: Category, compiled: CompiledCategory
) -> Iterator[tuple[str, str, tuple[int, int, int, int]]]:
    """Yield who reports an indicator of a category, with what it asks of them."""
    known = {each.code: each for each in category.walk()}
    for each in compiled.indicators:
        indicator = known[each.indicator]
        if each.takes is None or each.takes.panel is not None:
            continue
        own = indicator.data_source_unit == OWN_UNIT
        about = 1 if own else len(category.units)
        keys = max(len(each.takes.keys), 1) * max(len(each.takes.items), 1)
        times = TIMES[indicator.frequency]
        fields = about * times * keys
        numbers = (about, times, fields, fields if _wants_files(indicator) else 0)
        for unit in category.units if own else [indicator.data_source_unit]:
            yield unit, each.indicator, numbers


def _wants_files(indicator: Indicator) -> bool:
    return bool(indicator.evidence_for)


def burdens(asked: Sequence[Asked], inspections: Iterable[Inspection]) -> list[Burden]:
    """Return what is asked of each unit, who bears most first; an inspection that is cancelled
    burdens nobody."""
    sums = Counter[tuple[str, str]]()
    units = {each.unit for each in asked}
    for each in asked:
        sums[each.unit, "fields"] += each.fields
        sums[each.unit, "uploads"] += each.uploads
        sums[each.unit, "indicators"] += 1
    for one in inspections:
        for unit in () if one.is_cancelled else one.units:
            units.add(unit)
            sums[unit, "inspections"] += 1
            sums[unit, "days"] += (one.ends_on - one.starts_on).days + 1
    names = ("fields", "uploads", "indicators", "inspections", "days")
    found = [Burden(unit, *(sums[unit, name] for name in names)) for unit in units]
    return sorted(found, key=lambda e: (-e.fields, -e.days, e.unit))
