"""Files inside a PDF: what the product prints is taken as evidence, and nothing but data."""

import datetime as dt
import tempfile
import zlib

import pytest

from chassis.printing import printed
from scoring.rules.evidence.kinds import judge
from scoring.rules.evidence.refusals import (
    EvidenceExpands,
    EvidenceIsMarkup,
    EvidencePdfActs,
)

from .test_evidence import add

LETTER = """
#pdf.attach("letter.json", bytes(sys.inputs.attached), relationship: "source",
  mime-type: "application/json", description: json(bytes(sys.inputs.data)).title)
责任书
"""
CONTENT = '{"targets": ["云湖区"]}'.encode()
NAMES = b"/F(letter.json)/UF(letter.json)"
KEPT = b"<</Type/EmbeddedFile/Subtype/application#2Fjson/Length %d>>"


def with_file(
    content=CONTENT,
    *,
    names=NAMES,
    head=KEPT,
    files=b"/EF<</F 4 0 R/UF 4 0 R>>",
    tree=b"<</Names[(letter.json)3 0 R]>>",
    length=None,
    more=b"",
):
    told = head % (len(content) if length is None else length) if b"%d" in head else head
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Names<</EmbeddedFiles" + tree + b">>>>\nendobj\n"
        b"3 0 obj\n<</Type/Filespec" + names + files + b">>\nendobj\n"
        b"4 0 obj\n" + told + b"\nstream\n" + content + b"\nendstream\nendobj\n"
        + more
        + b"trailer <<>>\n%%EOF\n"
    )  # fmt: skip


def judged(content):
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.flush()
        return judge(file, len(content), "a.pdf").kind


PACKED = zlib.compress(CONTENT)
FLATE = b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>"


@pytest.mark.parametrize("title", ["短", "责任书" * 20])
@pytest.mark.parametrize("times", [1, 3_000])
async def test_what_the_product_prints_with_its_content_attached_is_taken(cycle, title, times):
    """Planted bug: no file inside a PDF is taken."""
    at = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
    attached = '["' + "云湖区数值" * times + '"]'
    letter = await printed(LETTER, {"title": title}, at=at, attached=attached)
    assert b"/EmbeddedFile" in letter
    answer = await add(cycle, cycle.source(), letter, "责任书.pdf")
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("content", [with_file(), with_file(PACKED, head=FLATE)])
def test_data_is_taken_as_it_is_and_packed(content):
    """Planted bug: what is packed is not unpacked."""
    assert judged(content) == "pdf"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (with_file(b"MZ\x90\0 program"), EvidencePdfActs),
        (with_file(b"plain words"), EvidencePdfActs),
        (with_file(b"3"), EvidencePdfActs),
        (with_file(b"[" * 100_000), EvidencePdfActs),
        (with_file(b'["<script>x</script>"]'), EvidenceIsMarkup),
        (with_file(zlib.compress(b"MZ program"), head=FLATE), EvidencePdfActs),
        (with_file(PACKED[:-2], head=FLATE), EvidencePdfActs),
        (with_file(PACKED + b"MZ program", head=FLATE), EvidencePdfActs),
        (with_file(zlib.compress(b" " * 20_000_000), head=FLATE), EvidenceExpands),
        (with_file(names=b"/F(run.exe)"), EvidencePdfActs),
        (with_file(names=b"/F(a.json)/UF(run.exe)"), EvidencePdfActs),
        (with_file(names=b"/F(a.json)/UF<FEFF0061>"), EvidencePdfActs),
        (with_file(names=b"/F(a.json)/Unix(run.sh)"), EvidencePdfActs),
        (with_file(names=b"/F(a.json\\000.exe)"), EvidencePdfActs),
        (with_file(names=b""), EvidencePdfActs),
        (with_file(tree=b"<</Names[(run.exe)3 0 R]>>"), EvidencePdfActs),
        (with_file(tree=b" 7 0 R"), EvidencePdfActs),
        (with_file(files=b"/EF 5 0 R"), EvidencePdfActs),
        (with_file(files=b"/EF<</F 4 0 R/DOS 9 0 R>>"), EvidencePdfActs),
        (with_file(files=b"/E#46<</F 4 0 R>>"), EvidencePdfActs),
        (with_file(files=b"/EF<</F 9 0 R>>"), EvidencePdfActs),
        (with_file(files=b""), EvidencePdfActs),
        (with_file(head=b"<</Length %d>>"), EvidencePdfActs),
        (with_file(head=b"<</Type/EmbeddedFile/Length 9 0 R>>"), EvidencePdfActs),
        (with_file(head=b"<</Type/EmbeddedFile/F(http)/Length %d>>"), EvidencePdfActs),
        (with_file(head=b"<</Type/EmbeddedFile/DecodeParms<<>>/Length %d>>"), EvidencePdfActs),
        (with_file(head=b"<</Type/EmbeddedFile/Filter/LZWDecode/Length %d>>"), EvidencePdfActs),
        (with_file(CONTENT + b"MZ", length=len(CONTENT)), EvidencePdfActs),
        (with_file(more=b"4 0 obj\n<</Length 2>>\nstream\nMZ\nendstream\n"), EvidencePdfActs),
        (
            with_file(more=b"000000000004 1 obj\n<</Length 2>>\nstream\nMZ\nendstream\n"),
            EvidencePdfActs,
        ),
        (with_file(more=b"9 0 obj <</FS <</F(a.json) /EF <</F 8 0 R>>>>>>"), EvidencePdfActs),
    ],
)
def test_any_other_file_inside_a_pdf_is_refused(content, refusal):
    """Planted bugs, one a row: the content is not looked at, or its beginning alone; one of its
    names; an object that takes its place; a file that no list of files names."""
    with pytest.raises(refusal):
        judged(content)


def test_a_file_that_packed_objects_name_is_refused():
    """Planted bug: look for the words of lists of files alone in what is unpacked."""
    packed = zlib.compress(b"5 0 <</Type/Filespec/F(a.json)/EF<</F 4 0 R>>>>")
    head = b"8 0 obj\n<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d>>" % len(packed)
    with pytest.raises(EvidencePdfActs):
        judged(with_file(more=head + b"stream\n" + packed + b"\nendstream\nendobj\n"))


def test_many_files_are_refused_at_once():
    """Planted bug: look for the object of each of very many."""
    with pytest.raises(EvidencePdfActs):
        judged(with_file(more=b"/EF<</F 4 0 R>>" * 200_000))
