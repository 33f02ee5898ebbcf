"""A paper given in the format that is asked for."""

import asyncio
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from fastapi.responses import Response

from chassis.papers.excel import workbook
from chassis.papers.paper import Bars, Heading, Paper, Paragraph, Part, Table
from chassis.papers.word import word_document
from chassis.printing import (
    PDF,
    DocumentTooLong,
    at_once,
    attachment,
    printed,
    printed_picture,
    shown,
)
from chassis.problems import Responses
from chassis.row_files import MEDIA_TYPES

PaperFormat = Literal["pdf", "docx", "xlsx"]

FORMATS: dict[PaperFormat, str] = {
    "pdf": PDF,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": MEDIA_TYPES["xlsx"],
}
"""What each format is called on the wire."""

PAPER_ANSWER: Responses = {
    200: {
        "description": "The document, as an attachment.",
        "content": {
            each: {"schema": {"type": "string", "format": "binary"}} for each in FORMATS.values()
        },
    }
}
"""How an answer is published that is a paper."""

_PAPER = Path(__file__).with_name("paper.typ").read_text("utf-8")
_CHART = Path(__file__).with_name("chart.typ").read_text("utf-8")
_PICTURE = _CHART + Path(__file__).with_name("picture.typ").read_text("utf-8")
_SHARE = Decimal("0.000001")

MOST_CELLS: dict[PaperFormat, int] = {"docx": 6_000, "xlsx": 1_000_000}
"""The most cells of a paper's tables that are written in the process itself: a document of Word is
built cell by cell, about ten thousand in ten seconds in which nothing else is answered. For PDF the
pages are counted, by the process that lays them out."""


async def paper_answer(paper: Paper, form: PaperFormat) -> Response:
    """Return the answer that gives a paper as an attachment: `PrintingNotInstalled` where what it
    takes is not installed, `DocumentTooLong` past what is printed."""
    content = await _made(shown(paper), paper.attached, form)
    return attachment(content, f"{paper.name}.{form}", FORMATS[form])


async def _made(paper: Paper, attached: str, form: PaperFormat) -> bytes:
    _refuse_long(paper, form)
    if form == "xlsx":
        async with at_once:
            return await asyncio.to_thread(workbook, paper)
    if form == "docx":
        charts = [await _picture(each, paper) for each in paper.parts if isinstance(each, Bars)]
        async with at_once:
            return await asyncio.to_thread(word_document, paper, charts)
    return await printed(_CHART + _PAPER, _said(paper), paper.at, attached)


def _refuse_long(paper: Paper, form: PaperFormat) -> None:
    """Refuse a paper whose tables have more cells than are written in a format."""
    tables = [each for each in paper.parts if isinstance(each, Table)]
    cells = sum(len(each.columns) * len(each.rows) for each in tables)
    if form in MOST_CELLS and cells > MOST_CELLS[form]:
        raise DocumentTooLong(
            f"Its tables have {cells} cells; {MOST_CELLS[form]} are written.",
            f"表格共 {cells} 格，上限为 {MOST_CELLS[form]} 格。",
        )


async def _picture(chart: Bars, paper: Paper) -> bytes:
    return await printed_picture(_PICTURE, _drawn(chart, paper), paper.at)


def _said(paper: Paper) -> dict[str, Any]:
    names = ("title", "issued_by", "document_no", "addressed_to", "dated", "checks", "language")
    said = {name: getattr(paper, name) for name in names}
    return said | {"parts": [_part(each, paper) for each in paper.parts]}


def _part(part: Part, paper: Paper) -> dict[str, Any]:
    match part:
        case Heading(text):
            return {"kind": "heading", "text": text}
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Bars():
            return {"kind": "chart", "chart": _drawn(part, paper)}
        case Table(title, columns, rows):
            return {
                "kind": "table",
                "title": title,
                "heads": [each.head for each in columns],
                "widths": [each.width for each in columns],
                "sides": [each.side for each in columns],
                "rows": rows,
            }


def _drawn(chart: Bars, paper: Paper) -> dict[str, Any]:
    """Return a chart whose bars are shares of the width, which is all that a picture needs."""
    low, high = chart.scale
    width = high - low or Decimal(1)

    def share(points: Decimal) -> str:
        return str((points / width).quantize(_SHARE))

    return {
        "title": paper.headed(chart),
        "zero": share(-low),
        "bars": [
            {
                "name": bar.name,
                "said": bar.said,
                "from": share(min(bar.start, bar.end) - low),
                "wide": share(abs(bar.end - bar.start)),
                "down": bar.end < bar.start,
            }
            for bar in chart.bars
        ],
    }
