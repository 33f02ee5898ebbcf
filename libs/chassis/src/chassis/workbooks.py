"""A reader of Excel workbooks (.xlsx) in which rows come that people filled in.

The first record of the sheet has the titles of the columns; each further one is a row, so that the
row at position 0 stands in row 2 of the sheet. A cell is what a person sees there: a text, a number
of up to fifteen digits, a day. What would be something else than it looks like is refused by name:
formulas, percentages, numbers that Excel has rounded, merged cells. Nothing is ever computed.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from chassis.decoding import MAX_ITEMS
from chassis.refusals import Fault, Invalid, pointer
from chassis.row_files import MEDIA_TYPES, Column
from chassis.row_readers import Reader, ReadRows, unknown_names

WORKBOOK = MEDIA_TYPES["xlsx"]

ABOUT = "kaoping"
"""The hidden sheet in which a template says what it was made for, a name and a value in each row;
they stand beside the rows, as query parameters do."""

_MOST_PARTS = 200
_MOST_BYTES = 32 << 20
_MOST_TAGS = 800_000
"""How much a workbook may be, unpacked; five thousand rows of fifteen cells, no text of which is
there twice, are three quarters of it."""
_MOST_COLUMNS = 200
_PIECE = 1 << 20
_DIGITS = 15
"""What Excel keeps of a number, and shows."""
_MOST_AT_A_STRETCH = 1 << 18
"""How many bytes there may be from one angle bracket to the next: the longest text of a cell takes
less. Of longer tags the parser begins again and again, and takes minutes for a body of 30 kB."""
_STYLES, _MOST_BRACKETS = "xl/styles.xml", 64
"""How many square brackets a number's format may have: from each one that is not closed the library
looks through all that follow."""
_ARCHIVE = b"PK\x03\x04"
_ENCRYPTED = b"\xd0\xcf\x11\xe0"  # an OLE container: also a workbook of before 2007
# What is neither data nor the declaration at the beginning: entities, comments, instructions.
_BESIDE_DATA = re.compile(rb"<!|<\?(?!xml[ \t\r\n])")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b")
# What scales a number where it is shown: a percent sign, or commas after the last digit.
_SCALED = re.compile(r"%|[0#?],+(?![0#?,])")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[[^\[\]]*\]')


class NotWorkbook(Invalid):
    """The body cannot be read as an Excel workbook."""

    zh = "请求体无法按 `.xlsx` 工作簿读取。"
    remedy = (
        "Send an .xlsx workbook without password, macros or merged cells, one sheet of which has "
        "the titles of the columns in its first row.",
        "请提交不带密码、宏和合并单元格的 `.xlsx` 工作簿，其中一张工作表首行为列名。",
    )
    status = 400


def workbook_reader(columns: Sequence[Column]) -> Reader:
    """Return what reads workbooks, whose columns are named as their fields, or by a title of
    theirs in Chinese or English."""
    names = {each.name: each.name for each in columns}
    titles = {title: each.name for each in columns for title in (each.zh, each.en)} | names

    def read(body: bytes, rows: str, known: frozenset[str]) -> ReadRows:
        _require_bounded(body)
        book = _opened(body)
        try:
            return _read(book, rows, titles, known)
        except NotWorkbook:
            raise
        except Exception as error:  # the library has no error of its own for what it cannot read
            raise _unreadable(error) from error
        finally:
            book.close()

    return read


def _opened(body: bytes) -> Any:  # noqa: ANN401 - a library without types
    # Here, because no service needs it to start.
    import openpyxl  # type: ignore[import-untyped]

    try:
        return openpyxl.load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
    except Exception as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> NotWorkbook:
    name = type(error).__name__
    en, zh = f"It is damaged, or no workbook ({name}).", f"文件损坏或不是工作簿（`{name}`）。"
    return NotWorkbook(en, zh)


def _require_bounded(body: bytes) -> None:
    """Refuse a file that is no archive, or that unpacks to more than a table of rows needs.

    What the archive says of its sizes is not believed: its parts are unpacked, and counted.
    """
    if not body.startswith(_ARCHIVE):
        raise _no_archive(body)
    size = tags = 0
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise NotWorkbook(f"It has {len(parts)} parts.", f"文件含有 {len(parts)} 个部分。")
            for part in parts:
                for piece in _pieces(archive, part):
                    size, tags = size + len(piece), tags + piece.count(b"<")
                    if size > _MOST_BYTES or tags > _MOST_TAGS:
                        raise NotWorkbook("It is too large unpacked.", "解压后过大。")
    except NotWorkbook:
        raise
    except Exception as error:  # an archive can be broken in ways that have no name in common
        raise _unreadable(error) from error


def _no_archive(body: bytes) -> NotWorkbook:
    if body.startswith(_ENCRYPTED):
        return NotWorkbook("It has a password, or is an .xls.", "文件有密码，或为 `.xls` 格式。")
    return NotWorkbook("It is no workbook.", "文件不是工作簿。")


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a part holds; refuse what makes more of it than is there, or does something."""
    if part.filename.lower().endswith("vbaproject.bin"):
        raise NotWorkbook("It has macros.", "文件含有宏。")
    with archive.open(part) as file:
        first = file.read(_PIECE)
        # What does not begin so is no XML to anybody, and may be a picture.
        is_text = first.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"")
        if _is_wide(first):
            raise NotWorkbook("It is in UTF-16.", "文件内部编码为 `UTF-16`。")
        before, stretch, piece = b"", 0, first
        while piece:
            if part.filename == _STYLES:
                _require_few_brackets(piece)
            if is_text:
                stretch = _looked_through(before, piece, stretch)
            before = piece[-64:]
            yield piece
            piece = file.read(_PIECE)


def _require_few_brackets(styles: bytes) -> None:
    """Refuse formats that take the library the square of their length; `&#91;` is a bracket too."""
    if max(each.count(b"[") + each.count(b"&#") for each in styles.split(b"<")) > _MOST_BRACKETS:
        raise NotWorkbook("A number's format is damaged.", "数字格式损坏。")


def _looked_through(before: bytes, piece: bytes, stretch: int) -> int:
    """Refuse what a piece of a part may not hold; return how far back its last bracket is."""
    seen = before + piece
    if _BESIDE_DATA.search(seen):
        raise NotWorkbook("It declares entities, or has comments.", "文件含有实体声明或注释。")
    if _MERGED.search(seen):
        raise NotWorkbook(
            "It has merged cells: each row needs its own values.",
            "含有合并单元格，每行须各自填写。",
        )
    *ended, last = piece.split(b"<")
    longest = max([stretch + len(ended[0]), *map(len, ended)]) if ended else 0
    stretch = len(last) + (0 if ended else stretch)
    if max(longest, stretch) > _MOST_AT_A_STRETCH:
        raise NotWorkbook("It has a text that no cell holds.", "含有超出单元格长度的文字。")
    return stretch


def _is_wide(first: bytes) -> bool:
    """Say whether a part begins as UTF-16 does, in which nothing would be found."""
    return first[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def _read(book: Any, rows: str, titles: dict[str, str], known: frozenset[str]) -> ReadRows:  # noqa: ANN401 - a library without types
    lines = _lines(_sheet_of(book))
    names = _names(next(lines, []), titles, known)
    found = ReadRows([], {}, _about(book))
    blank = 0
    for row, cells in enumerate(lines):
        if row >= MAX_ITEMS:
            raise NotWorkbook(f"More than {MAX_ITEMS:,} rows.", f"超过 {MAX_ITEMS:,} 行。")
        if all(cell.value in (None, "") for cell in cells):
            blank += 1
            continue
        for gap in range(row - blank, row):
            at = pointer(rows, gap)
            found.rows.append(None)
            found.broken[gap] = [Fault(at, "blank-row", "The row is empty.", "该行为空。")]
        blank = 0
        values, faults = _row(cells, names, pointer(rows, row))
        found.rows.append(None if faults else values)
        if faults:
            found.broken[row] = faults
    return found


def _sheet_of(book: Any) -> Any:  # noqa: ANN401 - a library without types
    """Return the sheet that holds the rows: the only one that is seen and holds anything."""
    seen = [each for each in book.worksheets if each.sheet_state == "visible"]
    filled = [each for each in seen if any(_lines(each))]
    if len(filled) != 1:
        raise NotWorkbook(
            f"Rows are wanted on one sheet that is seen; here {len(filled)} hold something.",
            f"数据应在一张可见的工作表上；现有 {len(filled)} 张有内容。",
        )
    return filled[0]


def _lines(sheet: Any) -> Iterator[Sequence[Any]]:  # noqa: ANN401 - a library without types
    # Sheets say how large they are, and are not believed: a cell in the last row is a million rows.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows()):
        if number > MAX_ITEMS:
            raise NotWorkbook(f"More than {MAX_ITEMS:,} rows.", f"超过 {MAX_ITEMS:,} 行。")
        if len(cells) > _MOST_COLUMNS:
            en, zh = f"{len(cells)} columns.", f"有 {len(cells)} 列。"
            raise NotWorkbook(f"Row {number + 1} has {en}", f"第 {number + 1} 行{zh}")
        yield cells


def _names(cells: Sequence[Any], titles: dict[str, str], known: frozenset[str]) -> list[str]:
    """Return the fields that the titles of the columns name, empty where a column has no title."""
    said = ["" if cell.value is None else str(cell.value).strip() for cell in cells]
    names = [titles.get(each, each) for each in said]
    named = [name for name in names if name]
    if not named or len(named) > _MOST_COLUMNS:
        raise NotWorkbook(f"It has {len(named)} titles.", f"首行有 {len(named)} 个列名。")
    faults, number = unknown_names(named, known)
    if number:
        en, zh = f"{number} fault(s) in the titles.", f"首行列名有 {number} 处错误。"
        raise NotWorkbook(en, zh, faults=faults, more=number - len(faults))
    return names


def _about(book: Any) -> dict[str, str]:  # noqa: ANN401 - a library without types
    """Return what the workbook says of itself on its hidden sheet."""
    if ABOUT not in book.sheetnames:
        return {}
    pairs = ([cell.value for cell in cells[:2]] for cells in _lines(book[ABOUT]))
    return {str(pair[0]): str(pair[1]) for pair in pairs if len(pair) == 2 and all(pair)}


def _row(cells: Sequence[Any], names: Sequence[str], at: str) -> tuple[dict[str, str], list[Fault]]:
    values, faults = dict[str, str](), list[Fault]()
    for column, cell in enumerate(cells):
        if cell.value in (None, ""):
            continue
        name = names[column] if column < len(names) else ""
        if not name:
            en, zh = "There is a value in a column without a title.", "没有列名的列中有内容。"
            faults.append(Fault(at, "untitled-column", en, zh))
        elif (told := _UNLIKE.get(cell.data_type)) is not None:
            faults.append(Fault(f"{at}/{name}", *told))
        else:
            text, fault = _text(cell)
            values[name] = text
            faults += [Fault(f"{at}/{name}", *fault)] if fault else []
    return values, faults


_Told = tuple[str, str, str]

_UNLIKE: dict[str, _Told] = {
    "f": (
        "formula",
        "The cell holds a formula; enter its result as a value.",
        "单元格为公式，请改为填写其结果。",
    ),
    "e": ("error-value", "The cell holds an error of Excel.", "单元格为错误值。"),
    "b": ("truth-value", "The cell holds TRUE or FALSE.", "单元格为逻辑值。"),
}
_ROUNDED: _Told = (
    "rounded-number",
    "Excel keeps fifteen digits of a number; enter longer ones as text.",
    "电子表格的数只保留十五位，更长的请以文本格式填写。",
)
_PERCENT: _Told = (
    "scaled-number",
    "The cell shows a percentage, or thousands: its number is another than the one that is seen. "
    "Enter the plain number in a plain format.",
    "单元格以百分比或千位缩放显示，实际数值与所见不同，请改用常规格式填写所要的数。",
)
_NO_DAY: _Told = ("not-a-day", "The cell holds a time, not a day.", "单元格为时间，应为日期。")


def _text(cell: Any) -> tuple[str, _Told | None]:  # noqa: ANN401 - a library without types
    """Return what stands in a cell as a person reads it, and what is wrong with it, if anything."""
    value = cell.value
    if isinstance(value, str):
        # A line break is one to whoever looks at it, in whatever way the system ends lines.
        return "\n".join(re.split("\r\n?", _ESCAPED.sub(_character, value))), None
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time()
        return (value.date() if whole else value).isoformat(), None if whole else _NO_DAY
    if isinstance(value, dt.date):
        return value.isoformat(), None
    if not isinstance(value, int | float):
        return str(value), _NO_DAY
    if _is_scaled(cell.number_format):
        return "", _PERCENT
    # Digits beyond are of binary fractions, and shown by nothing: 0.1 + 0.2 is 0.3 in a cell.
    number = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    whole_digits = len(str(abs(int(value))))
    return f"{number:f}", _ROUNDED if whole_digits > _DIGITS else None


@lru_cache(maxsize=512)
def _is_scaled(number_format: str) -> bool:
    """Say whether a number is shown as another one; whole columns have one format."""
    return _SCALED.search(_LITERAL.sub("", number_format)) is not None


def _character(escaped: re.Match[str]) -> str:
    """Return the character that XML cannot hold, and workbooks write by its number; half of one
    stays as it is written."""
    number = int(escaped[1], 16)
    return escaped[0] if 0xD800 <= number < 0xE000 else chr(number)
