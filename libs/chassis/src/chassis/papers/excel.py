"""A paper as a workbook: each table a sheet of typed cells, each chart one of Excel's own.

Texts are texts, also where they begin like a formula; a number of more digits than Excel keeps is a
text too, since it would be shown as another one.
"""

import datetime as dt
import io
import re
from decimal import Decimal
from typing import Any

from chassis.papers.paper import NOTHING, Bar, Bars, Column, Heading, Paper, Paragraph, Table

_MOST_DIGITS = 15
_MOST_SIGNS = 32_000
_TITLE = 31
"""How long the name of a sheet may be."""


def workbook(paper: Paper) -> bytes:
    """Return the workbook of a paper: first what it says in words, then its tables and charts."""
    # Here, because no service needs it to start.
    import xlsxwriter  # type: ignore[import-untyped]

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options | {"strings_to_numbers": False}) as book:
        made = paper.at.astimezone(dt.UTC).replace(tzinfo=None)
        book.set_properties({"title": paper.title, "created": made})
        writer = _Writer(book, paper)
        writer.words()
        for part in paper.parts:
            if isinstance(part, Table):
                writer.table(part)
            elif isinstance(part, Bars):
                writer.chart(part)
    return file.getvalue()


_OF_BARS = (("起点", "From"), ("终点", "To"), ("低点", "Lower end"), ("长度", "Length"))
"""What stands above the columns that a chart is drawn from."""


class _Writer:
    """What writes the sheets of one workbook, with the looks that they share."""

    def __init__(self, book: Any, paper: Paper) -> None:  # noqa: ANN401 - a library without types
        self._book, self._paper = book, paper
        wrapped = {"text_wrap": True, "valign": "vcenter"}
        self._title = book.add_format({"bold": True, "font_size": 16})
        self._bold = book.add_format({"bold": True, **wrapped})
        self._plain = book.add_format(wrapped)
        self._head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "bg_color": "#DDE6EF", **wrapped}
        )
        self._looks = dict[tuple[str, int], Any]()
        self._names = set[str]()

    def words(self) -> None:
        """Write the first sheet: title, paragraphs, and how the paper is checked."""
        sheet = self._sheet(self._paper.put("说明", "About"))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, self._paper.title, self._title)
        row = 2
        for name, said in self._heads():
            row = self._line(sheet, row, name, said)
        for part in self._paper.parts:
            if isinstance(part, Heading):
                row = self._line(sheet, row, part.text, "")
            elif isinstance(part, Paragraph):
                row = self._line(sheet, row, "", part.text)
        for name, said in self._paper.checks:
            row = self._line(sheet, row, name, said)

    def _heads(self) -> list[tuple[str, str]]:
        paper = self._paper
        said = [
            (paper.put("发文机关", "Issued by"), paper.issued_by),
            (paper.put("发文字号", "Document number"), paper.document_no),
            (paper.put("主送", "Addressed to"), paper.addressed_to),
            (paper.put("成文日期", "Dated"), paper.dated),
        ]
        return [(name, each) for name, each in said if each]

    def _line(self, sheet: Any, row: int, name: str, said: str) -> int:  # noqa: ANN401
        sheet.write_string(row, 0, name, self._bold)
        # Excel keeps so many signs in a cell, and the library leaves out what has more.
        for at in range(0, max(len(said), 1), _MOST_SIGNS):
            sheet.write_string(row, 1, said[at : at + _MOST_SIGNS], self._plain)
            row += 1
        return row

    def table(self, table: Table) -> None:
        """Write a table as a sheet of its own, ready to be filtered and printed."""
        sheet = self._sheet(table.title)
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, 6 + 5 * column.width)
            sheet.write_string(0, at, column.head, self._head)
        for n, row in enumerate(table.rows, 1):
            for at, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                self._cell(sheet, n, at, column, value)
        sheet.freeze_panes(1, 0)
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()

    def _cell(self, sheet: Any, row: int, at: int, column: Column, value: str | None) -> None:  # noqa: ANN401
        number = _number(value) if column.is_number else None
        if number is None:
            said = NOTHING if value is None else value
            sheet.write_string(row, at, said, self._look(column.side, -1))
            return
        exponent = number.as_tuple().exponent
        places = max(-exponent, 0) if isinstance(exponent, int) else 0
        sheet.write_number(row, at, number, self._look("right", places))

    def _look(self, side: str, places: int) -> Any:  # noqa: ANN401
        """Return how a cell looks: a text for places below 0, else a number of such."""
        if (side, places) not in self._looks:
            form = {"num_format": "0" if places <= 0 else f"0.{'0' * places}"}
            kept = {"border": 1, "align": side, "valign": "vcenter", "text_wrap": True}
            self._looks[side, places] = self._book.add_format(kept | (form if places >= 0 else {}))
        return self._looks[side, places]

    def chart(self, chart: Bars) -> None:
        """Write what a chart is drawn from, and the chart beside it."""
        sheet = self._sheet(chart.title)
        put = self._paper.put
        heads = tuple(put(*each) for each in _OF_BARS)
        columns = (
            Column(put("名称", "Name"), 3),
            *(Column(each, 2, "right", True) for each in heads),
        )
        rows = tuple((bar.name, *(f"{each:f}" for each in _drawn_from(bar))) for bar in chart.bars)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, 6 + 5 * column.width)
            sheet.write_string(0, at, column.head, self._head)
        for n, row in enumerate(rows, 1):
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._cell(sheet, n, at, column, value)
        if rows:
            drawn = self._drawn(chart, sheet.get_name())
            sheet.insert_chart(0, len(columns) + 1, drawn)

    def _drawn(self, chart: Bars, sheet: str) -> Any:  # noqa: ANN401
        """Return bars of Excel's own; those that begin elsewhere than at 0 stand on unseen ones."""
        count = len(chart.bars)
        floating = any(min(bar.start, bar.end) != 0 for bar in chart.bars)
        kind = {"type": "bar", **({"subtype": "stacked"} if floating else {})}
        drawn, names = self._book.add_chart(kind), [sheet, 1, 0, count, 0]
        if floating:
            unseen = {"fill": {"none": True}, "border": {"none": True}}
            drawn.add_series({"categories": names, "values": [sheet, 1, 3, count, 3], **unseen})
        drawn.add_series({"categories": names, "values": [sheet, 1, 4, count, 4], "gap": 40})
        drawn.set_title({"name": self._paper.headed(chart)})
        drawn.set_legend({"none": True})
        drawn.set_y_axis({"reverse": True})
        drawn.set_size({"width": 720, "height": 120 + 22 * count})
        return drawn

    def _sheet(self, title: str) -> Any:  # noqa: ANN401
        """Add a sheet whose name Excel takes, and no other has; each page says what is checked."""
        plain = re.sub(r"[\[\]:*?/\\']", " ", title)[:_TITLE].strip() or "表"
        name, n = plain, 1
        while name.casefold() in self._names:
            n += 1
            name = f"{plain[: _TITLE - 3]}-{n}"
        self._names.add(name.casefold())
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        label, said = self._paper.checks[0] if self._paper.checks else ("", "")
        footer = f"{label} {said}".replace("&", "&&")[:200]
        sheet.set_footer(f"&C&8{footer}&R&P / &N")
        return sheet


def _drawn_from(bar: Bar) -> tuple[Decimal, ...]:
    """Return the numbers of a bar: its ends, the lower of them, and its length."""
    return bar.start, bar.end, min(bar.start, bar.end), abs(bar.end - bar.start)


def _number(value: str | None) -> Decimal | None:
    """Return a text as a number that Excel keeps as it is, None where it is none such."""
    if value is None or not re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        return None
    digits = re.sub(r"\D", "", value).lstrip("0")
    return Decimal(value) if len(digits) <= _MOST_DIGITS else None
