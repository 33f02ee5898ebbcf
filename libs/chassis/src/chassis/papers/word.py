"""A paper for Word, its page laid out as GB/T 9704 asks: 22 lines of 28 characters, named fonts.

The fonts are those that offices have; where one is lacking, its entry in the table of fonts names
what is taken instead. A chart is a picture, with its numbers as the text that is read aloud.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from chassis.papers.paper import NOTHING, Bars, Column, Heading, Paper, Paragraph, Part, Table
from chassis.printing import NOT_INSTALLED, PrintingNotInstalled

_TITLE_FONT, _BODY, _HEAD, _DIGITS = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
_INSTEAD = {
    _TITLE_FONT: (("小标宋体", "华文中宋", "宋体", "Noto Serif CJK SC"), "roman"),
    _BODY: (("仿宋", "华文仿宋", "Noto Serif CJK SC"), "modern"),
    _HEAD: (("SimHei", "Noto Sans CJK SC"), "swiss"),
}
_RED = "D0021B"
_SIDES = {"left": 0, "center": 1, "right": 2}


def word_document(paper: Paper, charts: Iterable[bytes]) -> bytes:
    """Return a paper as a document of Word (.docx); `charts` are the pictures of its charts (PNG)
    in their order."""
    try:
        # Here, because it need not be installed.
        import docx
    except ImportError as error:
        raise PrintingNotInstalled(*NOT_INSTALLED) from error
    document = docx.Document()
    _Writer(document, paper).write(iter(charts))
    file = io.BytesIO()
    document.save(file)
    return _dated(file)


class _Writer:
    """What writes one document."""

    def __init__(self, document: Any, paper: Paper) -> None:  # noqa: ANN401 - a library without types
        self._document, self._paper = document, paper
        self._official = paper.issued_by is not None
        self._size = 16 if self._official else 12

    def write(self, charts: Iterator[bytes]) -> None:
        """Write all of it."""
        self._properties()
        self._page()
        self._fonts()
        if self._official:
            self._red_head()
        self._line(self._paper.title, font=_TITLE_FONT, size=22, side="center", after=16)
        if self._paper.addressed_to:
            self._line(self._paper.put("{}：", "{}:").format(self._paper.addressed_to))
        for part in self._paper.parts:
            self._part(part, charts)
        self._signed()
        for name, said in self._paper.checks:
            self._line(f"{name}　{said}", size=8)

    def _part(self, part: Part, charts: Iterator[bytes]) -> None:
        match part:
            case Heading(text):
                self._line(text, font=_HEAD, indent=2 if self._official else 0, kept=True)
            case Paragraph(text):
                self._line(text, indent=2)
            case Table():
                self._table(part)
            case Bars():
                self._chart(part, next(charts))

    def _properties(self) -> None:
        core = self._document.core_properties
        core.title, core.author, core.comments = self._paper.title, "", ""
        core.created = core.modified = self._paper.at.astimezone(dt.UTC).replace(tzinfo=None)

    def _page(self) -> None:
        from docx.enum.section import WD_ORIENT
        from docx.shared import Mm

        [section] = self._document.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(25)
        widest = max((len(t.columns) for t in self._paper.parts if isinstance(t, Table)), default=0)
        if widest > 8 and not self._official:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
        grid = section._sectPr.find(_name("docGrid"))
        if grid is None:
            grid = _element("docGrid")
            section._sectPr.append(grid)
        grid.set(_name("type"), "lines")
        grid.set(_name("linePitch"), "580")  # 225 mm in 22 lines, in twentieths of a point
        # Odd pages have their number on the right, even ones on the left.
        self._document.settings.odd_and_even_pages_header_footer = self._official
        self._footer(section.footer.paragraphs[0], "right" if self._official else "center")
        self._footer(section.even_page_footer.paragraphs[0], "left")

    def _footer(self, at: Any, side: str) -> None:  # noqa: ANN401
        at.alignment = _SIDES[side]
        for kind, said in (("", "— "), ("begin", ""), ("", " PAGE "), ("end", ""), ("", " —")):
            run = at.add_run() if kind or said.strip() == "PAGE" else at.add_run(said)
            self._looks(run, "宋体", 14)
            if kind:
                field = _element("fldChar")
                field.set(_name("fldCharType"), kind)
                run._r.append(field)
            elif said.strip() == "PAGE":
                told = _element("instrText")
                told.text = said
                run._r.append(told)

    def _fonts(self) -> None:
        """Name what stands in for each font, where it is lacking."""
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = _DIGITS, None
        style.element.rPr.rFonts.set(_name("eastAsia"), _BODY)
        package = self._document.part.package
        [table] = [p for p in package.iter_parts() if str(p.partname) == "/word/fontTable.xml"]
        told = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{",".join(instead)}"/>'
            f'<w:charset w:val="86"/><w:family w:val="{family}"/>'
            '<w:pitch w:val="variable"/></w:font>'
            for name, (instead, family) in _INSTEAD.items()
        )
        end = b"</w:fonts>"
        table._blob = table.blob.replace(end, told.encode() + end)

    def _red_head(self) -> None:
        name = self._paper.issued_by or ""
        size = min(48, int(420 / max(len(name), 1)))
        self._line(name, font=_TITLE_FONT, size=size, side="center", before=66, after=30, red=True)
        line = self._line(self._paper.document_no or " ", side="center", after=20)
        borders, bottom = _element("pBdr"), _element("bottom")
        for key, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", _RED)):
            bottom.set(_name(key), value)
        borders.append(bottom)
        line._p.get_or_add_pPr().append(borders)

    def _line(
        self,
        text: str,
        *,
        font: str = _BODY,
        size: int | None = None,
        side: str = "left",
        indent: int = 0,
        before: int = 0,
        after: int = 0,
        kept: bool = False,
        red: bool = False,
    ) -> Any:  # noqa: ANN401
        from docx.shared import Pt, RGBColor

        size = size or self._size
        line = self._document.add_paragraph()
        line.alignment = _SIDES[side]
        form = line.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.first_line_indent = Pt(indent * size)
        form.keep_with_next = kept
        if size == self._size and self._official:
            form.line_spacing = Pt(29)
        run = line.add_run(text)
        self._looks(run, font, size)
        if red:
            run.font.color.rgb = RGBColor.from_string(_RED)
        return line

    def _looks(self, run: Any, font: str, size: int) -> None:  # noqa: ANN401
        from docx.shared import Pt

        run.font.size, run.font.name = Pt(size), _DIGITS
        run._r.get_or_add_rPr().get_or_add_rFonts().set(_name("eastAsia"), font)

    def _table(self, table: Table) -> None:
        size = 8 if len(table.columns) > 10 else 9 if len(table.columns) > 6 else 11
        self._line(table.title, font=_HEAD, size=12, side="center", before=12, after=4, kept=True)
        made = self._document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
        made.alignment, made.autofit = 1, False
        margins = _element("tblCellMar")
        for side in ("left", "right"):
            margin = _element(side)
            margin.set(_name("w"), "40")  # twentieths of a point
            margin.set(_name("type"), "dxa")
            margins.append(margin)
        made._tbl.tblPr.append(margins)
        for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
            self._cell(cell, column.head, "center", _HEAD, size)
        repeated = _element("tblHeader")
        repeated.set(_name("val"), "true")
        made.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in table.rows:
            # Cells are asked for row by row: a column asks for all of the table again.
            for cell, column, said in zip(made.add_row().cells, table.columns, row, strict=True):
                self._cell(cell, NOTHING if said is None else said, column.side, _BODY, size)
        self._widths(made, table.columns)

    def _cell(self, cell: Any, said: str, side: str, font: str, size: int) -> None:  # noqa: ANN401
        [line] = cell.paragraphs
        line.alignment = _SIDES[side]
        loose = _element("snapToGrid")  # a table's lines are closer than those of the text
        loose.set(_name("val"), "0")
        line._p.get_or_add_pPr().append(loose)
        self._looks(line.add_run(said), font, size)

    def _widths(self, made: Any, columns: Sequence[Column]) -> None:  # noqa: ANN401
        [section] = self._document.sections
        room = section.page_width - section.left_margin - section.right_margin
        whole = sum(each.width for each in columns)
        widths = [room * each.width // whole for each in columns]
        for column, width in zip(made.columns, widths, strict=True):
            column._gridCol.w = width
        for row in made._tbl.tr_lst:
            whole_row = _element("cantSplit")
            row.get_or_add_trPr().append(whole_row)
            for cell, width in zip(row.tc_lst, widths, strict=True):
                cell.width = width

    def _chart(self, chart: Bars, picture: bytes) -> None:
        from docx.shared import Mm

        line = self._document.add_paragraph()
        line.alignment = 1
        drawn = line.add_run().add_picture(io.BytesIO(picture), width=Mm(150))
        said = self._paper.put("；", "; ").join(f"{bar.name} {bar.said}" for bar in chart.bars)
        drawn._inline.docPr.set(
            "descr", self._paper.put("{}：{}", "{}: {}").format(self._paper.headed(chart), said)
        )

    def _signed(self) -> None:
        if not self._official:
            return
        from docx.shared import Pt

        for text in (self._paper.issued_by or "", self._paper.dated or ""):
            line = self._line(text, side="right", before=0 if text == self._paper.dated else 24)
            line.paragraph_format.right_indent = Pt(4 * self._size)


def _name(local: str) -> str:
    from docx.oxml.ns import qn

    found: str = qn(f"w:{local}")
    return found


def _element(local: str) -> Any:  # noqa: ANN401
    from docx.oxml import OxmlElement

    return OxmlElement(f"w:{local}")


def _dated(file: io.BytesIO) -> bytes:
    """Return an archive whose parts bear no time of writing: the same paper is the same bytes."""
    told = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(told, "w", zipfile.ZIP_DEFLATED) as made:
        for part in source.infolist():
            bare = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            bare.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(bare, source.read(part))
    return told.getvalue()
