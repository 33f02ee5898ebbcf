"""What stands on a paper, from its title to how it is checked, without a word of how it looks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Side = Literal["left", "center", "right"]

Language = Literal["zh", "en"]
"""What a paper's own words are in. Names and texts that were entered stay as they are."""

NOTHING = "—"
"""What stands where there is no value."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: what stands above it, how wide it is compared with others, where its
    texts stand, and whether they are numbers."""

    head: str
    width: int = 2
    side: Side = "left"
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; None where there is no value. `title` is unique among those of a paper:
    it names the sheet of a workbook."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Sequence[str | None], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` to `end`, in what its chart counts in; `said` stands beside it."""

    name: str
    start: Decimal
    end: Decimal
    said: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars that lie below one another on one scale; `measure` is what they count."""

    title: str
    measure: str
    bars: tuple[Bar, ...]

    @property
    def scale(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest number that is drawn: 0 is always among them."""
        ends = [Decimal(0), *(end for each in self.bars for end in (each.start, each.end))]
        return min(ends), max(ends)


Part = Heading | Paragraph | Table | Bars


@dataclass(frozen=True, slots=True)
class Paper:
    """A document for people, made `at` a moment; `checks` say in names and values how it is
    checked, and `attached` is the JSON text that their digest is of.

    Where it is `issued_by` somebody it is laid out as an official document (公文): the issuer's
    name in red, the number of the document, whom it is for, and at its end issuer and day.
    """

    name: str
    title: str
    parts: tuple[Part, ...]
    checks: tuple[tuple[str, str], ...]
    at: dt.datetime
    attached: str
    issued_by: str | None = None
    document_no: str | None = None
    addressed_to: str | None = None
    dated: str | None = None
    language: Language = "zh"

    def put(self, zh: str, en: str) -> str:
        """Return one of two texts, by the language of the paper."""
        return zh if self.language == "zh" else en

    def headed(self, chart: Bars) -> str:
        """Return what stands above a chart."""
        return self.put(f"{chart.title}（{chart.measure}）", f"{chart.title} ({chart.measure})")
