"""A city's year as files describe it, turned into the documents that the API takes.

Pure functions of the two files of a city: `scheme.yaml` (what is measured) and
`county-year.yaml` (what happened in one category). Nothing of any particular city is known here.
"""

from pathlib import Path

from kaoping.city.files import City, CityFault, read_files
from kaoping.city.happenings import claims, counted_before, entries, targets, vetoes
from kaoping.city.opinions import Wave, surveyed, waves
from kaoping.city.scheme import cycle, scheme_document, units


def read_city(directory: Path) -> City:
    """Read a city and make sure that every document can be made of it."""
    try:
        city = read_files(directory)
        for make in (cycle, units, scheme_document, targets, entries, claims, vetoes):
            make(city)
        waves(city, "")
    except KeyError as error:
        raise CityFault(f"{directory}: {error} is missing or is not named anywhere") from error
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise CityFault(f"{directory} is not in the form of the example: {error}") from error
    return city


__all__ = [
    "City",
    "CityFault",
    "Wave",
    "claims",
    "counted_before",
    "cycle",
    "entries",
    "read_city",
    "scheme_document",
    "surveyed",
    "targets",
    "units",
    "vetoes",
    "waves",
]
