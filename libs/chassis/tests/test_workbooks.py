"""Workbooks that people filled in: a cell is what is seen there, or it is refused by name."""

import datetime as dt
import io
import re
import tracemalloc
import zipfile

import openpyxl
import pytest
import xlsxwriter

from chassis.row_files import Column, pieces_of
from chassis.workbooks import ABOUT, NotWorkbook, workbook_reader

COLUMNS = [
    Column("unit", "单位代码", "Unit"),
    Column("value", "数值", "Value", is_number=True),
    Column("day", "日期", "Day"),
]
KNOWN = frozenset(each.name for each in COLUMNS)
HEAD = ["单位代码", "Value", "day"]
read = workbook_reader(COLUMNS)


def book(*rows, head=HEAD, sheets=(), formats=None, about=None) -> bytes:
    """Return a workbook with cells as a person would fill them in."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet("数据")
        shapes = {name: made.add_format({"num_format": f}) for name, f in (formats or {}).items()}
        for line, row in enumerate([head, *rows]):
            for at, cell in enumerate(row):
                shape = None
                if isinstance(cell, tuple):
                    cell, shape = cell[0], shapes[cell[1]]
                sheet.write(line, at, cell, shape)
        for name, hidden, cells in sheets:
            other = made.add_worksheet(name)
            _write(other, cells)
            if hidden:
                other.hide()
        if about:
            other = made.add_worksheet(ABOUT)
            other.very_hidden()
            _write(other, about.items())
    return file.getvalue()


def _write(sheet, rows) -> None:
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)


def took(body: bytes):
    found = read(body, "rows", KNOWN)
    broken = {row: [(f.pointer, f.code) for f in of] for row, of in found.broken.items()}
    return found.rows, broken


def refused(body: bytes) -> str:
    with pytest.raises(NotWorkbook) as refusal:
        read(body, "rows", KNOWN)
    return refusal.value.detail_en


def test_cells_are_read_as_they_are_seen():
    """Planted bugs: a day with a time; zeros before a code lost."""
    day = (dt.datetime(2025, 3, 31), "day")  # noqa: DTZ001 - Excel knows no zones
    rows, broken = took(
        book(
            ["XQ01", 0.3, day],
            ["0012", 1234567890.12345, "2025-04-01"],
            [7, 1e-7, None],
            ["XQ02", "123456789012345.123456789012", None],
            ["XQ03", (12000, "thousands"), None],
            formats={"day": "yyyy/m/d", "thousands": "#,##0"},
        )
    )
    assert broken == {}
    assert rows == [
        {"unit": "XQ01", "value": "0.3", "day": "2025-03-31"},
        {"unit": "0012", "value": "1234567890.12345", "day": "2025-04-01"},
        {"unit": "7", "value": "0.0000001"},
        {"unit": "XQ02", "value": "123456789012345.123456789012"},
        {"unit": "XQ03", "value": "12000"},
    ]


def test_digits_that_only_the_computer_sees_are_left_out():
    """Excel writes seventeen digits of a sum, and shows fifteen. Planted bug: take them all."""
    body = _changed(
        book(["XQ01", 0.5]),
        SHEET,
        lambda data: data.replace(b"<v>0.5</v>", b"<v>0.30000000000000004</v>"),
    )
    assert took(body) == ([{"unit": "XQ01", "value": "0.3"}], {})


@pytest.mark.parametrize(
    ("cell", "shape", "code"),
    [
        ("=1+1", None, "formula"),
        ('=HYPERLINK("http://x.cn")', None, "formula"),
        (1234567890123456, None, "rounded-number"),
        (-1.5e18, None, "rounded-number"),
        (0.95, "0.00%", "scaled-number"),
        (12_000, "#,##0,", "scaled-number"),
        (12_000_000, '0.0,,"M"', "scaled-number"),
        (True, None, "truth-value"),
        (dt.datetime(2025, 3, 1, 8, 30), "yyyy-mm-dd hh:mm", "not-a-day"),  # noqa: DTZ001
        (dt.time(8, 30), "hh:mm", "not-a-day"),
    ],
)
def test_what_is_another_than_it_looks_like_is_refused_where_it_stands(cell, shape, code):
    """Planted bugs: the formula's last result is taken; 95 % becomes 0.95."""
    told = (cell, "it") if shape else cell
    rows, broken = took(book(["XQ01", told, None], ["XQ02", 1, None], formats={"it": shape or "0"}))
    assert (rows[0], broken) == (None, {0: [("/rows/0/value", code)]})
    assert rows[1] == {"unit": "XQ02", "value": "1"}


def test_a_percent_sign_that_is_only_written_scales_nothing():
    rows, broken = took(book(["XQ01", (95, "it"), None], formats={"it": '0"%"'}))
    assert (rows, broken) == ([{"unit": "XQ01", "value": "95"}], {})


def test_an_empty_row_between_others_is_named_and_those_after_the_last_are_none():
    """Planted bug: leave it out, so that positions no longer tell the row of the sheet."""
    rows, broken = took(book(["XQ01", 1], [], ["XQ02", 2], [], ["", None]))
    assert rows == [{"unit": "XQ01", "value": "1"}, None, {"unit": "XQ02", "value": "2"}]
    assert broken == {1: [("/rows/1", "blank-row")]}


def test_titles_are_those_of_either_language_or_fields_and_others_are_refused():
    refused(book(["x"], head=["单位"]))
    refused(book(["x", "y"], head=["单位代码", "Unit"]))
    refused(book(["x"], head=[]))
    rows, broken = took(book(["XQ01", 1, None, "extra"]))
    assert (rows, broken) == ([None], {0: [("/rows/0", "untitled-column")]})


def test_rows_are_on_the_one_sheet_that_is_seen():
    """Planted bug: read the first sheet, whatever stands on the others."""
    other = ("二月", False, [["单位代码"], ["XQ02"]])
    assert "2 hold" in refused(book(["XQ01", 1], sheets=[other]))
    rows, _ = took(book(["XQ01", 1], sheets=[("列表", True, [["a"]]), ("空", False, [])]))
    assert rows == [{"unit": "XQ01", "value": "1"}]


def test_what_a_template_was_made_for_stands_beside_the_rows():
    told = read(book(["XQ01", 1], about={"scheme_digest": "ab"}), "rows", KNOWN)
    assert told.beside == {"scheme_digest": "ab"}


def test_what_we_write_is_read_as_it_was():
    rows = [
        ["XQ01", "0.1000", "2025-01-31"],
        ["=1+1", "123456789012345678.5", None],
        ["A", None, None],
    ]
    body = b"".join(pieces_of(COLUMNS, rows, "xlsx", "zh"))
    found, broken = took(body)
    assert broken == {}
    names = [each.name for each in COLUMNS]
    wanted = [{n: v for n, v in zip(names, row, strict=True) if v} for row in rows]
    wanted[0]["value"] = "0.1"
    assert found == wanted


@pytest.mark.parametrize(
    "text", ["一行\r\n又一行\n", "a\rb", "a_x000D_b", "_x0041_", "_xZZZZ_", " a ", "\x0b", "\u2028"]
)
def test_what_xml_cannot_hold_is_read_as_it_was_written(text):
    """Lines end in one way. Planted bug: line ends of Windows as the letters by which workbooks
    write them."""
    found, _ = took(b"".join(pieces_of(COLUMNS, [[text, "1", None]], "xlsx", "zh")))
    seen = text.replace("\r\n", "\n").replace("\r", "\n")
    assert found == [{"unit": seen, "value": "1"}]


def test_half_a_character_stays_as_it_is_written():
    """Planted bug: make a text of it that nothing can store."""
    body = _changed(
        book(["mark", 1]),
        "xl/sharedStrings.xml",
        lambda data: data.replace(b"mark", b"_xD83D_"),
    )
    assert took(body)[0] == [{"unit": "_xD83D_", "value": "1"}]


def test_a_picture_on_the_sheet_is_none_of_our_business():
    """Planted bug: look for comments in pictures."""
    picture = b"\x89PNG" + bytes(1 << 20) + b"<!-- <?"
    body = _with_part("xl/media/image1.png", picture)
    assert took(body)[0] == [{"unit": "XQ01", "value": "1"}]


def _changed(body: bytes, part: str, change) -> bytes:
    """Return a workbook with one part of the archive changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for each in old.infolist():
            data = old.read(each)
            new.writestr(each, change(data) if each.filename == part else data)
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _merged() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.merge_range(1, 0, 2, 0, "XQ01")
    return file.getvalue()


def _with_part(name: str, data: bytes) -> bytes:
    file = io.BytesIO(book(["XQ01", 1]))
    with zipfile.ZipFile(file, "a", 8) as archive:
        archive.writestr(name, data)
    return file.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'


def _wide(data: bytes) -> bytes:
    return data.decode().replace("UTF-8", "UTF-16").encode("utf-16")


LONG = b"x" * 30_000_000
"""The parser begins a tag again with each piece of it: a minute for a body of 34 kB."""

BRACKETS = (
    b'<numFmts count="1"><numFmt numFmtId="170" formatCode="' + b"&#91;" * 50_000 + b'"/></numFmts>'
)

HOSTILE = {
    "nothing": b"",
    "text": b"unit,value\n",
    "cut": book(["XQ01", 1])[:-40],
    "password": b"\xd0\xcf\x11\xe0" + bytes(100),
    "merged": _merged(),
    "macros": _with_part("xl/vbaProject.bin", b"x"),
    "entities": _changed(book(["XQ01", 1]), SHEET, lambda data: BOMB + data[55:]),
    "wide": _changed(book(["XQ01", 1]), SHEET, _wide),
    "bomb": _with_part("xl/media/zeros", bytes(64 << 20)),
    "tags": _with_part("xl/extra.xml", b"<a>" * 1_600_000),
    "parts": None,
    "no workbook": _changed(book(["XQ01", 1]), "[Content_Types].xml", lambda _: b"x"),
    "another archive": None,
    "broken sheet": _changed(book(["XQ01", 1]), SHEET, lambda data: data[:-30]),
    "odd reference": _changed(
        book(["XQ01", 1]), SHEET, lambda data: re.sub(rb'r="A2"', b'r="!!"', data)
    ),
    "a junk byte before it": b"x" + book(["XQ01", 1]),
    "a tag of 30 MB": _changed(
        book(["XQ01", 1]), SHEET, lambda data: data.replace(b'r="A2"', b'r="A2" a="' + LONG + b'"')
    ),
    "a comment of 30 MB": _changed(
        book(["XQ01", 1]),
        SHEET,
        lambda data: data.replace(b"<sheetData>", b"<!--" + b"<" * 9 + LONG + b"--><sheetData>"),
    ),
    "an instruction": _changed(
        book(["XQ01", 1]), SHEET, lambda data: data.replace(b"<sheetData>", b"<?a <b?><sheetData>")
    ),
    "a format of brackets": _changed(
        book(["XQ01", 1]),
        "xl/styles.xml",
        lambda data: data.replace(b'numFmtId="0"', b'numFmtId="170"').replace(
            b"<fonts", BRACKETS + b"<fonts"
        ),
    ),
    "wide rows": book(*[[*["x"] * 300] for _ in range(3)]),
    "no strings": _changed(book(["XQ01", 1]), "xl/sharedStrings.xml", lambda _: b"<sst/>"),
}


def _archive(names) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


HOSTILE["parts"] = _archive(f"part{n}" for n in range(300))
HOSTILE["another archive"] = _archive(["a.txt"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_damaged_file_is_refused_and_takes_little(name):
    """Planted bugs: believe the sizes that the archive gives; let an error of the library out."""
    body = HOSTILE[name]
    tracemalloc.start()
    try:
        refused(body)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_a_cell_at_the_end_of_the_sheet_makes_no_million_rows():
    """Planted bug: rows in between are made, one after the other."""
    far = _changed(
        book(["XQ01", 1]),
        SHEET,
        lambda data: data.replace(
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
        ),
    )
    tracemalloc.start()
    try:
        refused(far)
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()


def test_openpyxl_reads_what_was_made_here():
    """The workbooks of these tests are such that an independent reader finds the same."""
    sheet = openpyxl.load_workbook(io.BytesIO(book(["XQ01", 1]))).active
    assert [cell.value for cell in sheet[2]][:2] == ["XQ01", 1]
