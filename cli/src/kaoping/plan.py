"""What a year tells the API: every document of it, made before anything is started."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

OFFICE = "performance-office"
COLLEAGUE = "performance-office-colleague"
"""Who acts for the performance office, and who decides what one person may not alone."""

Document = dict[str, Any]


@dataclass(frozen=True)
class Wave:
    """One wave of one survey: a row per call, as the survey centre posts it, and opinions that came
    alone, each with what becomes of it (`wording`, or the `reason` why it is rejected)."""

    survey: str
    number: int
    rows: list[Document]
    opinions: list[Document] = field(default_factory=list)


class Does(IntEnum):
    """What is done to the ledger, in the order in which a day has it."""

    POST = 1
    DRAFT = 2
    SUBMIT = 3
    RETURN = 4
    RESTATE = 5
    REVERSE = 6
    VERIFY = 7


class Act(NamedTuple):
    """What somebody does to the ledger on a day: a data source unit, or the office.

    `entries` are what is posted; `about` the entries that it is done to, by their numbers: they are
    counted as they come to be, restatements and reversals too.
    """

    day: dt.date
    does: Does
    who: str
    entries: tuple[Document, ...] = ()
    about: tuple[int, ...] = ()


class EvidenceFile(NamedTuple):
    """A file that supports entries: of a kind, drawn from a number; pictures of one number are the
    same one, saved in another way if the `saving` differs."""

    name: str
    kind: str
    drawn: int
    saving: int = 0


class Ruling(NamedTuple):
    """What is decided about a claim, in the words of the API, where other claims go by their
    numbers; of claims on one document one is decided about after the other, in their turns."""

    turn: int
    said: Document


class Move(NamedTuple):
    """What somebody does about what is agreed or reported beside the ledger: about a target, a
    project, a highlight or a supervised item of a unit, `about` says which of them. `told` is in
    the words of the API.

    `role` is what a unit does it as. What is to be `refused` says how. Where days matter, it is
    done on a `day`, and what comes of it nobody knows before.
    """

    part: str
    does: str
    who: str
    role: str
    about: tuple[str, ...]
    told: Document
    refused: str = ""
    day: dt.date | None = None


@dataclass(frozen=True)
class Plan:
    """A cycle with all that happens in it, each part as the API takes it.

    `entries` are by the unit that posts them. `counted_before` says by the number of a claim on
    earlier work whether its award counted then. A veto is a unit, a code, and who may report it.
    `categories` are those that are scored, ranked and published. A year that is played day by day
    has `acts`, in the order of the days; their entries name `evidence` by the names of its files,
    and so do claims: who adds the files that no entry names stands in `added_by`. `rulings` are
    what is said of claims that are not just confirmed, by their numbers. `renamed` units get
    another name on a day. `moves` are what is done about targets, projects, highlights and
    supervised items, in its order. `grown` are the values, by unit and indicator, of which a part
    was entered during the year and which are restated when it is over. `earlier` is a year of which
    claims are told alone: those on which claims of this one look back, and which these name by
    their numbers.
    """

    cycle: Document
    scheme: Document
    units: list[Document]
    categories: list[str]
    targets: list[Document] = field(default_factory=list)
    entries: Mapping[str, list[Document]] = field(default_factory=dict)
    waves: list[Wave] = field(default_factory=list)
    claims: list[Document] = field(default_factory=list)
    counted_before: Mapping[str, bool] = field(default_factory=dict)
    vetoes: list[tuple[str, str, list[str]]] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    evidence: Mapping[str, EvidenceFile] = field(default_factory=dict)
    added_by: Mapping[str, str] = field(default_factory=dict)
    rulings: Mapping[str, Ruling] = field(default_factory=dict)
    renamed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    grown: Mapping[tuple[str, str], str] = field(default_factory=dict)
    earlier: "Plan | None" = None

    @property
    def assessment_year(self) -> int:
        """The calendar year that is assessed."""
        return int(self.cycle["assessment_year"])

    @property
    def seats(self) -> dict[str, str]:
        """The accounts that have a seat of a panel, each with its unit."""
        panels = self.scheme.get("panels", [])
        return {seat["account"]: seat["unit"] for panel in panels for seat in panel["seats"]}

    def survey(self, code: str) -> Document:
        """A survey as the scheme has it."""
        surveys: list[Document] = self.scheme["surveys"]
        return next(each for each in surveys if each["code"] == code)

    def attested_by(self, survey: str) -> list[str]:
        """The units that attest each wave of a survey before it closes."""
        surveys = {each["code"]: each for each in self.scheme.get("surveys", [])}
        return list(surveys.get(survey, {}).get("attested_by", []))

    @property
    def reviewers(self) -> list[str]:
        """The units that review first (初审) what is entered in these categories."""
        tops = (
            indicator
            for category in self.scheme["categories"]
            if category["code"] in self.categories
            for block in category["blocks"]
            for indicator in block["indicators"]
        )
        return sorted({each["reviewed_by"] for each in walk(tops) if each.get("reviewed_by")})


def walk(indicators: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield indicators as documents, and everything below them, parents before their children."""
    for each in indicators:
        yield each
        yield from walk(each.get("children", ()))


def in_parts(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield things in lists of so many, which one request takes."""
    source = iter(items)
    while part := list(islice(source, size)):
        yield part
