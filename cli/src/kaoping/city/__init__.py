"""A city's year as files describe it, turned into the documents that the API takes.

Pure functions of the two files of a city: `scheme.yaml` (what is measured) and
`county-year.yaml` (what happened in one category). Nothing of any particular city is known here.
"""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from kaoping.city.agreements import with_agreements
from kaoping.city.awards import with_awards
from kaoping.city.daily import DAILY_MAKERS, ENTRIES_PER_FILE, day_by_day
from kaoping.city.files import YEAR, City, CityFault, read_files
from kaoping.city.generated import (
    MAKERS,
    SEED,
    Makers,
    generated,
    of_categories,
    whole_scheme,
)
from kaoping.city.happenings import claims, counted_before, entries, targets, vetoes
from kaoping.city.opinions import surveyed, waves
from kaoping.city.scheme import cycle, scheme_document, units
from kaoping.plan import Plan


def read_city(directory: Path) -> City:
    """Read a city and make sure that every document can be made of it."""
    try:
        city = read_files(directory)
        plan_of(city)
    except KeyError as error:
        raise CityFault(f"{directory}: {error} is missing or is not named anywhere") from error
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise CityFault(f"{directory} is not in the form of the example: {error}") from error
    return city


def whole_plan(city: City, makers: Makers = MAKERS, *, is_full: bool = False) -> Plan:
    """Return a year of all categories of a city: what its file tells of one, and what follows from
    a fixed seed of the others; of their claims that are hard to decide about all, or a part."""
    told, scheme = plan_of(city), whole_scheme(city)
    others = [each["code"] for each in scheme["categories"] if each["code"] != city.category]
    rest = of_categories(generated(city, scheme, makers=makers), others)
    posters = [*told.entries, *(each for each in rest.entries if each not in told.entries)]
    whole = replace(
        rest,
        categories=[each["code"] for each in scheme["categories"]],
        targets=told.targets + rest.targets,
        entries={
            poster: [*told.entries.get(poster, ()), *rest.entries.get(poster, ())]
            for poster in posters
        },
        waves=told.waves + rest.waves,
        claims=told.claims + rest.claims,
        counted_before={**told.counted_before, **rest.counted_before},
        vetoes=told.vetoes + rest.vetoes,
    )
    agreed = with_agreements(whole, others, is_full=is_full)
    return with_awards(agreed, others, is_full=is_full)


def daily_plan(
    city: City, categories: Collection[str] = (), per_file: int = ENTRIES_PER_FILE
) -> Plan:
    """Return the full year of a city day by day, with every event and its evidence; of some of its
    categories alone where asked."""
    whole = whole_plan(city, DAILY_MAKERS, is_full=True)
    return day_by_day(of_categories(whole, categories or whole.categories), SEED, per_file)


def plan_of(city: City, seed: str = "kaoping") -> Plan:
    """Return all that a city's year tells the API; the answers' tokens follow from the seed."""
    return Plan(
        cycle(city),
        scheme_document(city),
        units(city),
        [city.category],
        targets(city),
        entries(city),
        waves(city, seed),
        claims(city),
        counted_before(city),
        vetoes(city),
    )


__all__ = [
    "YEAR",
    "City",
    "CityFault",
    "claims",
    "counted_before",
    "cycle",
    "daily_plan",
    "entries",
    "of_categories",
    "plan_of",
    "read_city",
    "scheme_document",
    "surveyed",
    "targets",
    "units",
    "vetoes",
    "waves",
    "whole_plan",
]
