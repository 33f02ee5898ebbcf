"""A city's year as files describe it, turned into the documents that the API takes.

Pure functions of the two files of a city: `scheme.yaml` (what is measured) and
`county-year.yaml` (what happened in one category). Nothing of any particular city is known here.
"""

from kaoping.city.files import City, CityFault, read_city
from kaoping.city.happenings import claims, entries, targets, vetoes
from kaoping.city.opinions import Wave, surveyed, waves
from kaoping.city.scheme import cycle, scheme_document, units

__all__ = [
    "City",
    "CityFault",
    "Wave",
    "claims",
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
