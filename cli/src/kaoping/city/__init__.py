"""A city's year as files describe it, turned into the documents that the API takes.

Pure functions of the two files of a city: `scheme.yaml` (what is measured) and
`county-year.yaml` (what happened in one category). Nothing of any particular city is known here.
"""

from pathlib import Path

from kaoping.city.files import YEAR, City, CityFault, read_files
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
    "entries",
    "plan_of",
    "read_city",
    "scheme_document",
    "surveyed",
    "targets",
    "units",
    "vetoes",
    "waves",
]
