"""Documents as PDF: texts are data, and the process that sets them is bounded."""

import asyncio
import datetime as dt

import pytest

from chassis import printer, printing
from chassis.printing import DocumentTooLong, PrintingFailed, PrintingNotInstalled, printed
from service_testing.pdf import streams

AT = dt.datetime(2025, 1, 5, tzinfo=dt.UTC)
TEMPLATE = """
#let said = json(bytes(sys.inputs.data))
#set page(footer: context assert(
  counter(page).final().first() <= int(sys.inputs.most_pages), message: "too many pages"
))
#set text(font: "Noto Serif SC")
#for each in said.texts { par(each) }
"""
HOSTILE = [
    '#read("/etc/passwd")',
    "#panic()",
    "$ x #sys $ *bold* _it_ `raw` @ref <label> \\u{41} // /* = heading",
    '"#', '"\n#panic()\n"', "]#panic()[", "{{}}", "\\", "#{", "]" * 50,
    "W" * 2000, "很" * 2000, "\u202e倒\u2066", "\x00\x07\x1b", "\ud800", "\ufffe", "𠮷 🀄",
]  # fmt: skip


async def test_texts_are_shown_and_never_run():
    """Planted bug: have the template read each text as markup."""
    whole = await printed(TEMPLATE, {"texts": HOSTILE}, AT, "")
    assert whole.startswith(b"%PDF-")
    for text in HOSTILE:
        assert (await printed(TEMPLATE, {"texts": [text]}, AT, "")).startswith(b"%PDF-"), text


async def test_the_same_is_the_same_bytes_and_says_no_other_time():
    """Planted bug: leave the moment to the library."""
    one = await printed(TEMPLATE, {"texts": ["一"]}, AT, "")
    assert one == await printed(TEMPLATE, {"texts": ["一"]}, AT, "")
    assert b"20250105" in one or b"2025-01-05" in b"".join(streams(one))
    assert one != await printed(TEMPLATE, {"texts": ["二"]}, AT, "")


@pytest.mark.parametrize("sign", ["\u202e", "\x07", "\u2066", "\u200b", "\ud800", "\u2028"])
def test_what_cannot_be_seen_is_a_box(sign):
    """Planted bug: look at control characters alone."""
    assert printing.shown({"a": [f"甲{sign}乙"]}) == {"a": ["甲□乙"]}


async def test_a_template_reads_nothing_of_the_machine():
    """Planted bug: have the root of files be that of the machine."""
    for file in ("/etc/passwd", "/../../../../../../etc/passwd"):
        with pytest.raises(PrintingFailed):
            await printed(f'#read("{file}")', {}, AT, "")


async def test_a_document_of_too_many_pages_is_refused_by_name(monkeypatch):
    """Planted bug: count pages only when the document is there."""
    monkeypatch.setattr(printing, "MOST_PAGES", 2)
    with pytest.raises(DocumentTooLong) as refused:
        await printed(TEMPLATE, {"texts": ["长" * 2000] * 5}, AT, "")
    assert refused.value.facts == {"most_pages": 2}


async def test_what_takes_too_long_is_killed(monkeypatch):
    """Planted bug: leave the process behind."""
    monkeypatch.setattr(printing, "SECONDS", 0.5)
    started, real = [], asyncio.create_subprocess_exec

    async def noted(*given, **how):
        started.append(await real(*given, **how))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noted)
    endless = "#for a in range(100000) { for b in range(100000) { let c = a * b } }"
    with pytest.raises(PrintingFailed):
        await printed(endless, {}, AT, "")
    assert [each.returncode for each in started] == [-9]


async def test_a_process_that_lacks_the_library_says_so(monkeypatch, tmp_path):
    """Planted bug: take any end of the process for a failure."""
    lacking = tmp_path / "printer.py"
    source = printer.__loader__.get_source("chassis.printer")
    lacking.write_text(source.replace("import typst", "import typst_that_is_not_there"))
    monkeypatch.setattr(printer, "__file__", str(lacking))
    with pytest.raises(PrintingNotInstalled):
        await printed(TEMPLATE, {"texts": []}, AT, "")
