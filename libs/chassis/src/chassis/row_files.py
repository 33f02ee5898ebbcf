"""Rows written as a file, piece by piece: CSV or JSON lines for programs, Excel for people.

CSV and JSON lines keep every digit and every character as they are. In Excel a text is a text,
also where it begins like a formula, and a number of more digits than Excel keeps is a text too.
"""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Literal

import orjson
from fastapi import Request
from fastapi.responses import StreamingResponse

from chassis.problems import language_of

FileFormat = Literal["csv", "ndjson", "xlsx"]

MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Row = Sequence[str | None]

_ROWS_AT_ONCE = 1_000
_PIECE = 65_536
_MOST_DIGITS = 15
"""What Excel keeps of a number: more digits become zeros without a word."""
_MOST_ROWS = 1_048_576


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its field's name, what a person reads above it, and whether it holds numbers."""

    name: str
    zh: str
    en: str
    is_number: bool = False


def answer(
    request: Request, name: str, columns: Sequence[Column], rows: Iterable[Row], form: FileFormat
) -> StreamingResponse:
    """Return the answer that gives rows as a file, made in a thread while it is sent.

    Nothing may go wrong any more with `rows`: what has begun can only be broken off.
    """
    language = language_of(request.headers.get("accept-language", ""))
    pieces = pieces_of(columns, rows, form, language)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
    }
    if form == "xlsx":
        headers["Content-Language"] = language
    return StreamingResponse(_given(pieces), headers=headers, media_type=MEDIA_TYPES[form])


async def _given(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def pieces_of(
    columns: Sequence[Column], rows: Iterable[Row], form: FileFormat, language: str
) -> Iterator[bytes]:
    """Yield a file of rows piece by piece; `language` ("zh" or "en") is of the heads in Excel."""
    if form == "xlsx":
        return _excel(columns, rows, language)
    return _csv(columns, rows) if form == "csv" else _json_lines(columns, rows)


def _csv(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    yield _csv_lines([[column.name for column in columns]])
    for some in _batches(rows):
        yield _csv_lines(some)


def _csv_lines(rows: Iterable[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _json_lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[bytes]:
    names = [column.name for column in columns]
    for some in _batches(rows):
        yield b"".join(
            orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
            for row in some
        )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while some := list(islice(rest, _ROWS_AT_ONCE)):
        yield some


def _excel(columns: Sequence[Column], rows: Iterable[Row], language: str) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        _write_excel(file, columns, rows, language)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _write_excel(
    file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row], language: str
) -> None:
    # Here, because no service needs it to start.
    import xlsxwriter  # type: ignore[import-untyped]

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold, shapes = book.add_format({"bold": True}), _Shapes(book)
        for number, some in enumerate(_sheets(rows)):
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(columns):
                sheet.write_string(0, at, column.zh if language == "zh" else column.en, bold)
            for line, row in enumerate(some, 1):
                for at, value in enumerate(row):
                    if value is None:
                        continue
                    if columns[at].is_number and fits_in_excel(value):
                        sheet.write_number(line, at, float(value), shapes.of(value))
                    else:
                        _write_text(sheet, line, at, value)
            if not number:
                sheet.autofilter(0, 0, 0, len(columns) - 1)


def _write_text(sheet: Any, line: int, at: int, value: str) -> None:  # noqa: ANN401 - a library without types
    # The library leaves a text out that is longer than a cell may hold. None of ours is; an answer
    # that breaks off would be noticed, and a missing text not.
    if sheet.write_string(line, at, value) != 0:
        raise ValueError(f"a text of {len(value)} characters does not fit into a cell")


def _sheets(rows: Iterable[Row]) -> Iterator[Iterable[Row]]:
    """Yield the rows of each sheet: one, and others where there are more than a sheet holds."""
    rest = iter(rows)
    yield islice(rest, _MOST_ROWS - 1)
    for first in rest:
        yield _with(first, islice(rest, _MOST_ROWS - 2))


def _with(first: Row, others: Iterable[Row]) -> Iterator[Row]:
    yield first
    yield from others


def fits_in_excel(number: str) -> bool:
    """Say whether Excel keeps every digit of a number that is written in plain digits."""
    digits = number.lstrip("-").replace(".", "").lstrip("0")
    return len(digits) <= _MOST_DIGITS


class _Shapes:
    """How numbers look in Excel: with as many places as they are written with, once for each."""

    def __init__(self, book: Any) -> None:  # noqa: ANN401 - a library without types
        self._book = book
        self._known: dict[int, Any] = {}

    def of(self, number: str) -> Any:  # noqa: ANN401 - a library without types
        places = len(number.partition(".")[2])
        if places not in self._known:
            shape = "0." + "0" * places if places else "0"
            self._known[places] = self._book.add_format({"num_format": shape})
        return self._known[places]
