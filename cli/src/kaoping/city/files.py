"""Reading a city's two files, and naming every body in them by a code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kaoping.exact import read_yaml
from kaoping.faults import KaopingFault
from kaoping.plan import walk

Document = dict[str, Any]

YEAR = "county-year.yaml"
"""What happened in one category, as people wrote it down."""

OWN_UNIT = "own_unit"
OWN_UNIT_ZH = "本单位"
REVIEWED_ZH = "审核"


class CityFault(KaopingFault):
    """The files of a city do not hold together; the message names the place."""


@dataclass(frozen=True)
class Source:
    """Who reports on an indicator, and who looks over the report: codes of units."""

    unit: str
    reviewed_by: str | None


@dataclass(frozen=True)
class City:
    """The two files as they are, with names resolved to codes."""

    scheme: Mapping[str, Any]
    year: Mapping[str, Any]

    @property
    def category(self) -> str:
        """Code of the category whose year the second file tells."""
        return str(self.year["category"])

    @property
    def assessment_year(self) -> int:
        """The calendar year that is assessed."""
        return int(self.scheme["meta"]["assessment_year"])

    @property
    def order(self) -> list[str]:
        """The assessed units in the order in which the year's columns list them."""
        return [str(code) for code in self.year["inputs"]["order"]]

    @property
    def values(self) -> Mapping[str, Any]:
        """What was reported: per indicator, one value per unit in `order`."""
        return self.year["inputs"]["values"]  # type: ignore[no-any-return]

    @cached_property
    def bodies(self) -> dict[str, str]:
        """Code by name of every body that is named but not assessed, in order of appearance."""
        assessed = {unit["name_zh"] for unit in self.scheme["units"]}
        named = dict.fromkeys(name for name in self._named() if name not in assessed)
        taken = {unit["code"] for unit in self.scheme["units"]}
        prefix = "B"
        while any(f"{prefix}{n:03}" in taken for n in range(1, len(named) + 1)):
            prefix += "B"
        return {name: f"{prefix}{n:03}" for n, name in enumerate(named, 1)}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Code by name of every unit and body."""
        return {**self.bodies, **{unit["name_zh"]: unit["code"] for unit in self.scheme["units"]}}

    def indicators(self, category: str) -> Iterator[Mapping[str, Any]]:
        """Every indicator of a category, parents before children."""
        for block in self.blocks(category).values():
            yield from walk(block)

    def blocks(self, category: str) -> Mapping[str, list[Mapping[str, Any]]]:
        """The blocks of a category with their top indicators."""
        return self.scheme["indicators"][category]  # type: ignore[no-any-return]

    def source(self, text: str) -> Source:
        """Read a data source such as 本单位申报/市政府办公室审核: who reports / who reviews."""
        reporter, reviewer = _parts(text)
        unit = OWN_UNIT if reporter.startswith(OWN_UNIT_ZH) else self.codes[reporter]
        return Source(unit, self.codes[reviewer] if reviewer else None)

    def _named(self) -> Iterator[str]:
        for organiser in self.scheme["organisers"]:
            yield organiser["unit"]
        for category in self.scheme["indicators"]:
            for indicator in self.indicators(category):
                reporter, reviewer = _parts(indicator["data_source_unit"])
                if not reporter.startswith(OWN_UNIT_ZH):
                    yield reporter
                if reviewer:
                    yield reviewer
        for mode in ("phone", "questionnaire"):
            review = self.scheme["public_review"].get(mode, {})
            yield from [review["collector"]] if review else []
            yield from review.get("supervisors", [])


def read_files(directory: Path) -> City:
    """Read scheme.yaml and county-year.yaml of a directory."""
    missing = [n for n in ("scheme.yaml", YEAR) if not (directory / n).is_file()]
    if missing:
        raise CityFault(f"{directory} has no {' and no '.join(missing)}")
    scheme, year = read_yaml(directory / "scheme.yaml"), read_yaml(directory / YEAR)
    city = City(scheme, {**year, **_as_text(scheme["units"], year)})
    known = {unit["code"] for unit in scheme["units"]}
    category = {unit["code"] for unit in scheme["units"] if unit["category"] == city.category}
    _check_units("inputs.order", city.order, category, city.category)
    _check_units("claims", [claim["unit"] for claim in city.year["claims"]], known, "the scheme")
    _check_units("vetoes", list(city.year["vetoes"]), known, "the scheme")
    return city


def _as_text(units: list[Document], year: Document) -> Document:
    """Make every unit's code a text: that of a division, without quotes, is a number in YAML."""
    claims, vetoes = year.get("claims") or [], year.get("vetoes") or {}
    for coded, key in [*((unit, "code") for unit in units), *((claim, "unit") for claim in claims)]:
        coded[key] = str(coded[key])
    return {"claims": claims, "vetoes": {str(unit): told for unit, told in vetoes.items()}}


def _check_units(place: str, named: list[str], known: set[str], whose: str) -> None:
    if strangers := [code for code in dict.fromkeys(named) if code not in known]:
        raise CityFault(f"{place}: {', '.join(strangers)} are no units of {whose}")


def _parts(text: str) -> tuple[str, str]:
    reporter, _, reviewer = text.partition("/")
    return reporter.strip(), reviewer.strip().removesuffix(REVIEWED_ZH)
