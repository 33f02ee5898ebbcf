"""Excel workbooks that are filled in and sent back: rows begun, with what may stand in each cell.

What Excel is told to allow is a help for whoever fills in, and binds nobody: pasted cells are not
looked at. What counts is what the rows are held against when they come (`chassis.workbooks`).
"""

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any, NamedTuple

from chassis.row_files import Column, made_at
from chassis.workbooks import ABOUT

Choices = tuple[str, ...]

_LISTS = "lists"
_LONGEST_PROMPT = 255
_WIDTH = 14
_LEAST = -(10**15)


class Bounds(NamedTuple):
    """Between which numbers one is taken; null is open. With `whole` only whole ones are."""

    low: Decimal | None
    high: Decimal | None
    whole: bool


class Days(NamedTuple):
    """Between which days one is taken, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row that somebody is to fill in: what stands in it already, and what may stand in a field
    besides."""

    said: Mapping[str, str] = field(default_factory=dict)
    allowed: Mapping[str, Choices | Bounds | Days] = field(default_factory=dict)


def write_form(
    columns: Sequence[Column],
    rows: Sequence[FormRow],
    about: Mapping[str, str],
    language: str,
) -> IO[bytes]:
    """Return a workbook of rows to fill in, as a file at its beginning; `about` says on a hidden
    sheet what it was made for. Titles and help are in `language` ("zh" or "en")."""
    import xlsxwriter  # type: ignore[import-untyped]

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's to close
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        made_at(book)
        form = _Form(book, columns, language)
        for line, row in enumerate(rows, 1):
            form.add(line, row)
        hidden = book.add_worksheet(ABOUT)
        hidden.very_hidden()
        for line, (name, value) in enumerate(about.items()):
            hidden.write_string(line, 0, name)
            hidden.write_string(line, 1, value)
    file.seek(0)
    return file


class _Form:
    """The sheet that is filled in, and beside it a hidden one with what may be chosen."""

    def __init__(self, book: Any, columns: Sequence[Column], language: str) -> None:  # noqa: ANN401 - a library without types
        self._sheet = book.add_worksheet()
        self._lists = book.add_worksheet(_LISTS)
        self._lists.hide()
        self._ranges = dict[Choices, str]()
        self._is_zh = language == "zh"
        self._at = {each.name: number for number, each in enumerate(columns)}
        head, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        day, said = (
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "@", "bg_color": "#EEEEEE"}),
        )
        self._text, self._day, self._said = text, day, said
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            title = column.zh if self._is_zh else column.en
            # As texts, so that Excel makes no days of periods and keeps zeros before codes; numbers
            # stay numbers, and of more than fifteen digits are refused when they come.
            self._sheet.set_column(at, at, _WIDTH, None if column.is_number else text)
            self._sheet.write_string(0, at, title, head)
        self._sheet.autofilter(0, 0, 0, len(columns) - 1)

    def add(self, line: int, row: FormRow) -> None:
        """Write a row."""
        for name, value in row.said.items():
            self._sheet.write_string(line, self._at[name], value, self._said)
        for name, allowed in row.allowed.items():
            at = self._at[name]
            if isinstance(allowed, Days) and name not in row.said:
                self._sheet.write_blank(line, at, None, self._day)
            if (rule := self._rule(allowed)) is not None:
                self._sheet.data_validation(line, at, line, at, rule)

    def _rule(self, allowed: Choices | Bounds | Days) -> dict[str, Any] | None:
        """Return how Excel is told what a cell may hold; None where anything."""
        if isinstance(allowed, Bounds):
            return self._between(allowed)
        if isinstance(allowed, Days):
            first, last = (dt.datetime.combine(day, dt.time()) for day in allowed)
            told = f"{allowed.first} – {allowed.last}"
            days = {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
            return days | {"input_message": told}
        if not allowed:
            return None
        return {"validate": "list", "source": self._range(allowed)}

    def _between(self, bounds: Bounds) -> dict[str, Any] | None:
        low, high, whole = bounds
        if (low, high, whole) == (None, None, False):
            return None
        # A text of digits is taken as well, and Excel would refuse it: it warns, and lets it stand.
        return {
            "validate": "integer" if whole else "decimal",
            "criteria": "between",
            "minimum": float(_LEAST if low is None else low),
            "maximum": float(-_LEAST if high is None else high),
            "error_type": "warning",
            "input_message": self._told(bounds),
        }

    def _told(self, bounds: Bounds) -> str:
        words = ("数值范围", "整数") if self._is_zh else ("range", "whole")
        low, high = ("" if each is None else str(each) for each in bounds[:2])
        told = f"{words[0]}: {low} … {high}" + (f" ({words[1]})" if bounds.whole else "")
        return told[:_LONGEST_PROMPT]

    def _range(self, choices: Choices) -> str:
        """Return where the choices stand; each list stands there once."""
        if choices not in self._ranges:
            at = len(self._ranges)
            for line, each in enumerate(choices):
                self._lists.write_string(line, at, each)
            from xlsxwriter.utility import xl_range_abs  # type: ignore[import-untyped]

            self._ranges[choices] = f"={_LISTS}!{xl_range_abs(0, at, len(choices) - 1, at)}"
        return self._ranges[choices]
