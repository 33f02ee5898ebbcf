"""Papers as PDF, for Word and for Excel: the same bytes for the same paper, texts as they are."""

import asyncio
import dataclasses
import datetime as dt
import hashlib
import io
import shutil
import subprocess
import sys
import zipfile
from decimal import Decimal
from functools import partial

import openpyxl
import pytest
from lxml import etree

from chassis.papers import printing
from chassis.papers.excel import workbook
from chassis.papers.paper import Bar, Bars, Column, Heading, Paper, Paragraph, Table
from chassis.papers.printing import FORMATS, paper_answer
from chassis.printing import DocumentTooLong, PrintingNotInstalled
from service_testing.pdf import streams

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
COLUMNS = (
    Column("名次", 1, "center", is_number=True),
    Column("单位", 4),
    Column("总分", 2, "right", is_number=True),
)
ROWS = (
    ("1", "云川市第一区\u202e人民政府", "95.1230"),
    ("2", '=HYPERLINK("http://x","点")', "-1.50"),
    (None, "*粗* #标题 <b>&amp;", "1234567890123.4567"),
)
PAPER = Paper(
    name="notice-1",
    title="关于2025年度县市区综合绩效评估结果的通报",
    parts=(
        Heading("一、评估等次"),
        Paragraph("现予通报。@SUM(1+1)"),
        Table("排名[表]:/?*", COLUMNS, ROWS),
        Bars("总分", "分", (Bar("甲", Decimal(0), Decimal("95.1"), "95.1"),)),
        Bars(
            "得分构成",
            "分",
            (
                Bar("满分", Decimal(0), Decimal(100), "100"),
                Bar("失分", Decimal(100), Decimal(96), "-4"),
            ),
        ),
    ),
    checks=(("发布摘要", "ab" * 32),),
    at=dt.datetime(2026, 1, 20, tzinfo=dt.UTC),
    attached='{"a":"b"}',
    issued_by="云川市绩效评估委员会办公室",
    document_no="云绩办〔2026〕1号",
    addressed_to="各县市区人民政府",
    dated="2026年1月20日",
)


async def made(paper, form):
    answer = await paper_answer(paper, form)
    assert answer.headers["content-type"] == FORMATS[form]
    return bytes(answer.body)


@pytest.mark.parametrize("form", FORMATS)
async def test_the_same_paper_is_the_same_bytes(form):
    """Planted bugs: parts of the archive bear the time of writing; print the time of printing."""
    first = await made(PAPER, form)
    assert first == await made(PAPER, form)
    assert first != await made(dataclasses.replace(PAPER, title="另一件"), form)


async def test_a_workbook_has_typed_cells_and_nothing_that_acts():
    """Planted bugs: write texts that begin like formulas as formulas; write numbers of twenty
    digits as numbers; take a title as it is for the name of a sheet."""
    book = openpyxl.load_workbook(io.BytesIO(await made(PAPER, "xlsx")))
    assert book.sheetnames == ["说明", "排名 表", "总分", "得分构成"]
    sheet = book["排名 表"]
    cells = [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]
    assert cells == [
        [("名次", "s"), ("单位", "s"), ("总分", "s")],
        [(1, "n"), ("云川市第一区□人民政府", "s"), (95.123, "n")],
        [(2, "n"), ('=HYPERLINK("http://x","点")', "s"), (-1.5, "n")],
        [("—", "s"), ("*粗* #标题 <b>&amp;", "s"), ("1234567890123.4567", "s")],
    ]
    assert [sheet.cell(row, 3).number_format for row in (2, 3)] == ["0.0000", "0.00"]
    said = [cell.value for row in book["说明"].iter_rows() for cell in row if cell.value]
    assert {PAPER.title, PAPER.issued_by, "现予通报。@SUM(1+1)", "ab" * 32} <= {*said}


async def test_two_tables_of_one_name_are_two_sheets():
    """Planted bug: give the second the name of the first."""
    tables = tuple(Table("表" * 40 + str(n), COLUMNS, ROWS) for n in range(3))
    content = await made(dataclasses.replace(PAPER, parts=tables), "xlsx")
    names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert len({*names}) == len(names) == 4


def parts_of(document):
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


async def test_a_word_document_says_all_and_is_laid_out_as_offices_want_it():
    """Planted bugs: leave the signature away; leave the fonts' other names away; margins as the
    library has them."""
    parts = parts_of(await made(PAPER, "docx"))
    body = etree.fromstring(parts["word/document.xml"])
    text = "\n".join("".join(p.itertext(f"{W}t")) for p in body.iter(f"{W}p"))
    for said in (
        *(PAPER.title, PAPER.issued_by, PAPER.document_no, PAPER.dated, "各县市区人民政府："),
        *("一、评估等次", "云川市第一区□人民政府", "*粗* #标题 <b>&amp;", "95.1230", "—"),
    ):
        assert said in text
    margins = body.find(f".//{W}pgMar").attrib
    twips = {side: int(margins[f"{W}{side}"]) for side in ("top", "bottom", "left", "right")}
    millimetres = {side: round(each / 1440 * 25.4) for side, each in twips.items()}
    assert millimetres == {"top": 37, "bottom": 35, "left": 28, "right": 26}
    fonts = etree.fromstring(parts["word/fontTable.xml"])
    named = {each.get(f"{W}name"): each.find(f"{W}altName") for each in fonts}
    used = {each.get(f"{W}eastAsia") for each in body.iter(f"{W}rFonts")} - {None}
    assert used == {"方正小标宋简体", "仿宋_GB2312", "黑体"}
    assert all(named[font] is not None for font in used)
    pictures = [each for each in parts if each.startswith("word/media/")]
    assert len(pictures) == 2
    assert body.find(".//{*}docPr").get("descr") == "总分（分）：甲 95.1"


async def test_what_the_digest_is_of_is_attached_to_the_pdf():
    """Planted bug: attach what is shown instead."""
    attached = '{"甲":"\u202e"}'
    content = await made(dataclasses.replace(PAPER, attached=attached), "pdf")
    digest = hashlib.sha256(attached.encode()).digest()
    assert digest in {hashlib.sha256(each).digest() for each in streams(content)}


@pytest.mark.parametrize("form", ["docx", "pdf"])
async def test_what_is_not_installed_is_said(form, monkeypatch):
    """Planted bug: let the import fail."""
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.setattr("chassis.printing.sys.executable", shutil.which("false"))
    if form == "pdf":
        monkeypatch.setattr("chassis.printing.printer.NOT_INSTALLED", 1)
    with pytest.raises(PrintingNotInstalled):
        await made(dataclasses.replace(PAPER, parts=()), form)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed here")
@pytest.mark.parametrize("form", ["docx", "xlsx"])
async def test_libreoffice_opens_it(form, tmp_path):
    """Planted bug: write a part that is no XML. What would need repair does not convert."""
    file = tmp_path / f"paper.{form}"
    file.write_bytes(await made(PAPER, form))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file]
    run = partial(subprocess.run, check=True, capture_output=True, timeout=120)
    await asyncio.to_thread(run, command)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("form", "lines"), [("docx", 601), ("xlsx", 100_001)])
async def test_what_is_too_long_is_not_written_at_all(form, lines, monkeypatch):
    """Planted bug: the pages of a PDF alone are counted, and a thread writes for minutes."""

    def written(*_):
        raise AssertionError("it is written, whatever its length")

    monkeypatch.setattr(printing, "word_document", written)
    monkeypatch.setattr(printing, "workbook", written)
    columns = tuple(Column(f"列{n}", 1) for n in range(10))
    long = Table("排名表", columns, (("字",) * 10,) * lines)
    with pytest.raises(DocumentTooLong):
        await made(dataclasses.replace(PAPER, parts=(long,)), form)


def test_no_text_is_left_out_of_a_workbook():
    """Planted bug: a cell of more signs than Excel keeps is empty."""
    text = "、".join(f"某某县某某街道办事处{n}" for n in range(3000))
    written = workbook(dataclasses.replace(PAPER, parts=(Paragraph(text),)))
    first = openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]
    cells = (cell.value for row in first.iter_rows() for cell in row)
    assert text in "".join(str(each) for each in cells if each is not None)
