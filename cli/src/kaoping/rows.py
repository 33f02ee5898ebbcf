"""Tables as Excel saves them, line by line, and what is wrong with them, told all at once."""

import csv
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from kaoping.faults import KaopingFault

_CHINESE = {
    "编码": "code",
    "代码": "code",
    "名称": "name",
    "类别": "category",
    "统一社会信用代码": "uscc",
    "单位": "unit",
    "指标": "indicator",
    "种类": "kind",
    "录入项": "key",
    "分项": "item",
    "期间": "period",
    "数值": "value",
    "选项": "word",
    "说明": "note",
    "发生日期": "occurred_on",
    "目标值": "target",
    "基数": "baseline",
    "自报数": "pledge",
    "调查": "survey",
    "轮次": "wave",
    "评议主体": "group",
    "结果": "outcome",
    "答案": "answer",
    "份数": "count",
    "意见": "opinion",
    "来源": "channel",
    "采纳表述": "wording",
    "不采纳理由": "reason",
}
"""What a heading may be called in Chinese."""

_FOLDED = frozenset(
    {"code", "category", "unit", "indicator", "period", "kind", "survey", "wave", "group", "count"}
)
"""Columns of codes, in which full-width letters and digits are the same as others."""

_MOST_TOLD = 20


class TableFault(KaopingFault):
    """Tables do not hold together; the message names file and line of each fault."""


class Row(NamedTuple):
    """One line of a table: where it stands, and its cells that are not empty, by heading."""

    table: str
    line: int
    cells: dict[str, str]


@dataclass
class Faults:
    """Collects what is wrong, in one of the two languages, so that all of it is told at once."""

    chinese: bool
    found: list[str] = field(default_factory=list)

    def add(self, at: Row | str, en: str, zh: str) -> None:
        """Add a fault of a line, or of a whole table."""
        if isinstance(at, str):
            place = at
        else:
            place = f"{at.table} 第{at.line}行" if self.chinese else f"{at.table} line {at.line}"
        self.found.append(f"{place}：{zh}" if self.chinese else f"{place}: {en}")

    def unknown(self, at: Row, what: str, known: Collection[str], en: str, zh: str) -> None:
        """Add that a code is none of those known, with the one that it looks like."""
        folded = {each.casefold(): each for each in known}
        like = get_close_matches(what.casefold(), folded, 1, 0.6)
        if like:
            en, zh = f"{en}; is it {folded[like[0]]}?", f"{zh}，是否为 {folded[like[0]]}？"
        self.add(at, en, zh)

    def refuse_any(self) -> None:
        """Refuse what has faults: the first of them in words, the others by their number."""
        if self.found:
            more = len(self.found) - _MOST_TOLD
            rest = f"…… 另有 {more} 处" if self.chinese else f"… and {more} more"
            raise TableFault("\n".join(["", *self.found[:_MOST_TOLD], *[rest] * (more > 0)]))


def folded(text: str) -> str:
    """Return a text with full-width letters, digits and signs as the usual ones."""
    return unicodedata.normalize("NFKC", text)


def rows(path: Path, known: frozenset[str], faults: Faults, *, wide: bool = False) -> list[Row]:
    """Return the lines of a table; a file that is not there has none.

    `known` are its columns; a `wide` table without a column `indicator` has one per indicator.
    """
    if not path.is_file():
        return []
    lines = text_of(path).splitlines()
    if not lines or not lines[0].strip():
        faults.add(path.name, "there are no headings in the first line", "第一行没有列标题")
        return []
    separator = max(",;\t", key=lines[0].count)
    reader = csv.reader(lines, delimiter=separator)
    headings = [_CHINESE.get(name, name) for name in (folded(h).strip() for h in next(reader))]
    _check_headings(path.name, headings, known, faults, wide=wide)
    found = []
    for number, line in _numbered(path, reader):
        row = Row(path.name, number, _cells(headings, line))
        if any(cell.strip() for cell in line[len(headings) :]):
            faults.add(row, "there are more cells than headings", "单元格比列标题多")
        found += [row] * bool(row.cells)
    return found


def _numbered(path: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines behind the headings with their numbers; a monstrous cell is refused."""
    try:
        yield from enumerate(reader, 2)
    except csv.Error as error:
        raise TableFault(f"{path}: {error}") from error


def _cells(headings: list[str], line: list[str]) -> dict[str, str]:
    cells = {h: c.strip() for h, c in zip(headings, line, strict=False) if h and c.strip()}
    return {h: folded(c) if h in _FOLDED else c for h, c in cells.items()}


def _check_headings(
    table: str, headings: list[str], known: frozenset[str], faults: Faults, *, wide: bool
) -> None:
    named = list(filter(None, headings))
    strange = [] if wide and "indicator" not in named else [n for n in named if n not in known]
    if strange:
        listed, columns = ", ".join(strange), ", ".join(sorted(known))
        faults.add(
            table,
            f"there is no column {listed}; there are: {columns}",
            f"没有“{'、'.join(strange)}”这一列；可用的列：{'、'.join(sorted(_CHINESE))}",
        )
    for name in sorted({name for name in named if named.count(name) > 1}):
        faults.add(table, f"the column {name} stands there twice", f"列“{name}”重复")


def text_of(path: Path) -> str:
    """Return a file's text: UTF-8, UTF-16 with its mark, or GB 18030 as Excel saves in China."""
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") and len(raw) % 2 == 0:
        return raw.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableFault(f"{path} is no text in UTF-8 or GB 18030: save it as CSV UTF-8")
