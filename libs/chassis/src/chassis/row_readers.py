"""Readers of the forms in which rows come besides a JSON body: JSON lines and CSV.

In JSON lines each line is a row, in CSV each record after the first, which has the names of the
fields; an empty cell is a field that is left out. A row that cannot be read is a fault of its own,
and has no value.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from chassis.decoding import MAX_ITEMS, MAX_VALUES, NotJson, decode
from chassis.problems import MOST_FAULTS
from chassis.refusals import Fault, Invalid, pointer

JSON_LINES, CSV = "application/x-ndjson", "text/csv"


class NotCsv(Invalid):
    """The body cannot be read as CSV."""

    zh = "请求体无法按 `text/csv` 读取。"
    remedy = (
        "Send RFC 4180 CSV in UTF-8, whose first record has the names of the fields, each once.",
        "请按 `text/csv` 提交 `UTF-8` 文本，首行为字段名，各字段只出现一次。",
    )
    status = 400


class ReadRows(NamedTuple):
    """The rows of a body as a JSON array would have them, by position what is wrong with those
    that cannot be read, and what the body says beside its rows."""

    rows: list[Any]
    broken: dict[int, list[Fault]]
    beside: Mapping[str, str] = MappingProxyType({})


Reader = Callable[[bytes, str, frozenset[str]], ReadRows]
"""What reads a body of one media type. It is told the name of the list of rows, for pointers, and
which fields a row has that a single cell can hold; one that ends in a point is the beginning of the
names of several."""


def json_lines(body: bytes, rows: str, _: frozenset[str]) -> ReadRows:
    """Read JSON lines, one row a line."""
    lines = body.removesuffix(b"\n").split(b"\n", MAX_ITEMS + 1)
    if len(lines) > MAX_ITEMS:
        raise NotJson(f"More than {MAX_ITEMS:,} lines.", f"超过 {MAX_ITEMS:,} 行。")
    found, values = ReadRows([], {}), 0
    for row, line in enumerate(lines):
        try:
            found.rows.append(decode(line))
        except NotJson as refusal:
            found.rows.append(None)
            at = pointer(rows, row)
            found.broken[row] = [Fault(at, "not-json", refusal.detail_en, refusal.detail_zh)]
        values += _number_of_values(found.rows[-1])
        # Each line is small enough by itself; all of them together are one body.
        if values > MAX_VALUES:
            raise NotJson(f"More than {MAX_VALUES:,} values.", f"数据项超过 {MAX_VALUES:,} 个。")
    return found


def _number_of_values(value: object) -> int:
    number, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        number += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return number


def csv_records(body: bytes, rows: str, known: frozenset[str]) -> ReadRows:
    """Read CSV, one row a record; each is a text, and never a formula."""
    records = _records(body)
    names = next(records, [])
    check_names(names, known)
    found = ReadRows([], {})
    for row, cells in enumerate(records):
        if row >= MAX_ITEMS:
            raise NotCsv(f"More than {MAX_ITEMS:,} records.", f"超过 {MAX_ITEMS:,} 行。")
        found.rows.append(_row(names, cells, known))
        if faults := [*unlike_a_row(cells, names, pointer(rows, row))]:
            found.rows[-1], found.broken[row] = None, faults
    return found


def _row(names: Sequence[str], cells: Sequence[str], known: frozenset[str]) -> dict[str, Any]:
    row = dict[str, Any]()
    for name, cell in zip(names, cells, strict=False):
        if cell and name in known:
            row[name] = cell
        elif cell:
            outer, _, inner = name.partition(".")
            row.setdefault(outer, {})[inner] = cell
    return row


def unlike_a_row(cells: Sequence[str], names: Sequence[str], at: str) -> Iterator[Fault]:
    """Yield why the cells of a record are no row of these fields."""
    if len(cells) != len(names):
        en = f"It has {len(cells)} cells, and there are {len(names)} fields."
        yield Fault(at, "ragged-row", en, f"该行有 {len(cells)} 格，而字段有 {len(names)} 个。")
    elif any("\ufeff" in cell for cell in cells):
        en = "A cell holds a byte order mark; files that were joined have one each."
        yield Fault(at, "byte-order-mark", en, "单元格中含有字节顺序标记，可能由多个文件拼接而成。")


def _records(body: bytes) -> Iterator[list[str]]:
    try:
        text = body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise NotCsv("The body is not UTF-8.", "请求体不是 `UTF-8` 编码。") from None
    if "\x00" in text:
        raise NotCsv("The body contains NUL.", "请求体含有空字符。")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        en = f"Not CSV at line {reader.line_num}: {error}."
        raise NotCsv(en, f"第 {reader.line_num} 行不合 `text/csv` 的格式。") from None


def check_names(names: Sequence[str], known: frozenset[str]) -> None:
    """Refuse a first record that names an unknown field, or one twice."""
    faults, number = unknown_names(names, known)
    if number or not names:
        n = number or 1
        en, zh = f"{n} fault(s) in the names of the fields.", f"首行字段名有 {n} 处错误。"
        raise NotCsv(en, zh, faults=faults, more=number - len(faults))


def unknown_names(names: Sequence[str], known: frozenset[str]) -> tuple[list[Fault], int]:
    """Return the first faults of names of fields, and how many there are: unknown, or there
    twice."""
    faults, number, before = list[Fault](), 0, set[str]()
    for at, name in enumerate(names):
        is_known = name in known or (f"{name.partition('.')[0]}." in known and "." in name)
        if is_known and name not in before:
            before.add(name)
            continue
        number += 1
        if number > MOST_FAULTS:
            continue
        if is_known:
            en, zh = f"{name} stands there twice.", f"`{name}` 重复出现。"
            faults.append(Fault(pointer("header", at), "column-twice", en, zh))
        else:
            en = f"There is no field {name[:64]!r}; known here: {', '.join(sorted(known))}."
            fields = "、".join(f"`{each}`" for each in sorted(known))
            zh = f"没有字段 `{name[:64]}`；可用的字段：{fields}。"
            faults.append(Fault(pointer("header", at), "unknown-column", en, zh))
    return faults, number
