"""Rows as a file: nothing is changed by the form, and nothing runs."""

import csv
import io
import json
import tracemalloc
import zipfile

import openpyxl
import pytest

from chassis.row_files import Column, fits_in_excel, pieces_of

COLUMNS = [Column("text", "文字", "Text"), Column("number", "数", "Number", is_number=True)]
TEXTS = [
    "=1+1",
    "@SUM(A1)",
    "+1",
    "-1",
    "\ttab",
    'a "quote", b',
    "一行\n又一行",
    "http://x.cn",
    "0012",
]
NUMBERS = ["0.1000", "-3.25", "0", "97.0228", "123456789012345", "1234567890.123456", None]
ROWS = [(text, number) for text in TEXTS for number in NUMBERS]


def whole(form: str, rows=ROWS, language: str = "zh") -> bytes:
    return b"".join(pieces_of(COLUMNS, rows, form, language))


def test_programs_read_back_what_was_written():
    head, *found = csv.reader(io.StringIO(whole("csv").decode(), newline=""))
    assert head == ["text", "number"]
    assert [tuple(row) for row in found] == [(text, number or "") for text, number in ROWS]
    lines = [json.loads(line) for line in whole("ndjson").splitlines()]
    assert [(line["text"], line["number"]) for line in lines] == ROWS


@pytest.mark.parametrize(("language", "head"), [("zh", ("文字", "数")), ("en", ("Text", "Number"))])
def test_in_excel_texts_stay_texts_and_numbers_keep_their_digits(language, head):
    """Planted bug: `write` instead of `write_string`, which makes formulas and links of texts."""
    book = openpyxl.load_workbook(io.BytesIO(whole("xlsx", language=language)))
    first, *rows = book.active.iter_rows()
    assert tuple(cell.value for cell in first) == head
    for (text, number), (one, two) in zip(ROWS, rows, strict=True):
        assert (one.value, one.data_type, one.hyperlink) == (text, "s", None)
        if number is None:
            assert two.value is None
        elif fits_in_excel(number):
            places = len(number.partition(".")[2])
            assert two.data_type == "n"
            assert f"{two.value:.{places}f}" == number
            assert two.number_format == ("0." + "0" * places if places else "0")
        else:
            assert (two.value, two.data_type) == (number, "s")


def test_the_same_rows_are_the_same_file():
    """Planted bug: a workbook says when it was made."""
    book = whole("xlsx")
    assert b"2000-01-01T00:00:00Z" in zipfile.ZipFile(io.BytesIO(book)).read("docProps/core.xml")
    assert whole("xlsx") == book


def test_a_number_of_more_digits_than_excel_keeps_is_a_text():
    """Planted bug: count the zeros before the first digit, or the point."""
    assert fits_in_excel("-123456789.012345")
    assert fits_in_excel("0.000123456789012345")
    assert not fits_in_excel("1234567890.123456")


def test_a_text_that_no_cell_holds_is_not_left_out_in_silence():
    """Planted bug: cut it."""
    with pytest.raises(ValueError, match="32768"):
        whole("xlsx", [("x" * 32_768, None)])


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_long_file_is_never_held_whole(form):
    """Planted bug: join the pieces before the first is given."""

    def most(number: int) -> int:
        rows = ((str(n), "1") for n in range(number))
        tracemalloc.start()
        try:
            assert sum(map(len, pieces_of(COLUMNS, rows, form, "zh"))) > 6 * number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    most(2_000)  # what is imported and kept the first time
    assert most(40_000) < 1.5 * most(4_000)
