"""Rows written as a file, piece by piece: CSV or JSON lines for programs, Excel for people.

CSV and JSON lines keep every digit and every character as they are. In Excel a text is a text,
also where it begins like a formula, and a number of more digits than Excel keeps is a text too.
"""

import asyncio
import csv
import datetime as dt
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Literal, Self

import orjson
from fastapi import Request
from fastapi.responses import StreamingResponse

from chassis.problems import Responses, language_of

FileFormat = Literal["csv", "ndjson", "xlsx"]

MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

FILE_ANSWER: Responses = {
    200: {
        "description": "",
        "content": {each: {"schema": {"type": "string"}} for each in MEDIA_TYPES.values()},
    }
}
"""How an answer that is a file is published; its operation says in words which columns it has."""

WORKBOOK_ANSWER: Responses = {
    200: {"description": "", "content": {MEDIA_TYPES["xlsx"]: {"schema": {"type": "string"}}}}
}
"""How an answer is published that is a workbook."""

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
    return _answered(pieces_of(columns, rows, form, language), name, form, language)


class SpooledFile:
    """A file of rows that is written to the disk, so many at a time as there are, and then given.

    For rows that are read page by page: all of them are there before the answer begins, so that
    what goes wrong is still told, nothing is held in memory, and a slow reader holds no snapshot.
    A context: where it is left by an exception, the file is gone.
    """

    def __init__(self, columns: Sequence[Column], form: FileFormat, language: str) -> None:
        # Nameless: gone with the process, whatever happens to it.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was given, or let go
        self._excel = _Excel(self._file, columns, language) if form == "xlsx" else None
        self._columns, self._form = columns, form
        self._language = language
        if form == "csv":
            self._file.write(_csv_lines([[column.name for column in columns]]))

    def __enter__(self) -> Self:
        """Return the file, to be written."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let go of a file that will not be given."""
        if kind is not None:
            if self._excel is not None:
                self._excel.close()
            self._file.close()

    async def add(self, rows: Sequence[Row]) -> None:
        """Write some more rows."""
        await asyncio.to_thread(self._add, rows)

    def _add(self, rows: Sequence[Row]) -> None:
        if self._excel is not None:
            self._excel.add(rows)
        elif self._form == "csv":
            self._file.write(_csv_lines(rows))
        else:
            self._file.write(_json_lines_of([column.name for column in self._columns], rows))

    async def answer(self, name: str) -> StreamingResponse:
        """Return the answer that gives the file, whole, and what its length is."""
        if self._excel is not None:
            await asyncio.to_thread(self._excel.close)
        return file_answer(self._file, name, self._form, self._language)


def file_answer(file: IO[bytes], name: str, form: FileFormat, language: str) -> StreamingResponse:
    """Return the answer that gives a file that is there, whole, and closes it then."""
    length = file.seek(0, io.SEEK_END)
    file.seek(0)
    return _answered(_read(file), name, form, language, length)


def _answered(
    pieces: Iterator[bytes], name: str, form: FileFormat, language: str, length: int | None = None
) -> StreamingResponse:
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
    }
    if length is not None:
        headers["Content-Length"] = str(length)
    if form == "xlsx":
        headers["Content-Language"] = language
    return StreamingResponse(_given(pieces), headers=headers, media_type=MEDIA_TYPES[form])


async def _given(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
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
        yield _json_lines_of(names, some)


def _json_lines_of(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    return b"".join(
        orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE)
        for row in rows
    )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while some := list(islice(rest, _ROWS_AT_ONCE)):
        yield some


def _excel(columns: Sequence[Column], rows: Iterable[Row], language: str) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        book = _Excel(file, columns, language)
        try:
            book.add(rows)
        finally:
            book.close()
        file.seek(0)
        yield from _read(file)


def made_at(book: Any) -> None:  # noqa: ANN401 - a library without types
    """Have a workbook say no moment of its making, so that the same rows are the same file."""
    book.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})


class _Excel:
    """A workbook that is written row by row, with another sheet where one is full."""

    def __init__(self, file: IO[bytes], columns: Sequence[Column], language: str) -> None:
        # Here, because no service needs it to start.
        import xlsxwriter  # type: ignore[import-untyped]

        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(file, options)
        made_at(self._book)
        self._columns, self._language = columns, language
        self._bold, self._shapes = self._book.add_format({"bold": True}), _Shapes(self._book)
        self._begin()
        self._sheet.autofilter(0, 0, 0, len(columns) - 1)

    def add(self, rows: Iterable[Row]) -> None:
        """Write some more rows."""
        for row in rows:
            if self._line == _MOST_ROWS:
                self._begin()
            for at, value in enumerate(row):
                if value is None:
                    continue
                if self._columns[at].is_number and fits_in_excel(value):
                    self._sheet.write_number(self._line, at, float(value), self._shapes.of(value))
                else:
                    _write_text(self._sheet, self._line, at, value)
            self._line += 1

    def close(self) -> None:
        """Write what the workbook still lacks."""
        self._book.close()

    def _begin(self) -> None:
        self._sheet, self._line = self._book.add_worksheet(), 1
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(self._columns):
            head = column.zh if self._language == "zh" else column.en
            self._sheet.write_string(0, at, head, self._bold)


def _write_text(sheet: Any, line: int, at: int, value: str) -> None:  # noqa: ANN401 - a library without types
    # The library leaves a text out that is longer than a cell may hold. None of ours is; an answer
    # that breaks off would be noticed, and a missing text not.
    if sheet.write_string(line, at, value) != 0:
        raise ValueError(f"a text of {len(value)} characters does not fit into a cell")


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
