"""The console's sources: words in both languages, nothing that its policy forbids."""

import re

import pytest
from tests.contracts.publish import ROOT

SOURCES = ROOT / "console" / "src"
BOTH = re.compile(r'\[\s*"((?:[^"\\\\]|\\\\.)*)",\s*"((?:[^"\\\\]|\\\\.)*)"')
PLACES = re.compile(r"\{\w+\}")
HALF = re.compile(r"[\u3400-\u9fff][,:;?!(]|[),:;?!][\u3400-\u9fff]")
CHINESE = re.compile(r"[\u3400-\u9fff]")
MARKS = re.compile(r"[\u3001-\u3011\uff01-\uff5e]")
NAMES = {"AAPOR", "CSV", "Esc", "Excel", "JSON", "PDF", "SHA", "Tab", "YAML"} | {"en", "zh"}
"""What is called so in Chinese as well."""
WORDS = sorted(path for path in SOURCES.rglob("*.ts") if BOTH.search(path.read_text("utf-8")))
PAGES = sorted(SOURCES.rglob("*.vue"))


@pytest.mark.parametrize("path", WORDS, ids=lambda each: each.relative_to(SOURCES).as_posix())
def test_each_word_is_there_in_both_languages(path):
    """Planted bugs: leave a word in English; a place that only one of both has; a comma of the
    other language."""
    pairs = BOTH.findall(path.read_text("utf-8"))
    for zh, en in pairs:
        if (zh, en) == ("English", "中文"):  # leads to the other language, in its own words
            continue
        if path.name != "words.ts" and not CHINESE.search(zh + en):
            continue  # two codes, one beside the other
        left = re.sub(r"`[^`]*`", "", PLACES.sub("", zh))
        assert set(re.findall(r"[A-Za-z]{2,}", left)) <= NAMES, zh
        assert not HALF.search(zh), zh
        assert not CHINESE.search(en), en
        assert sorted(PLACES.findall(zh)) == sorted(PLACES.findall(en)), (zh, en)


def test_no_page_has_words_of_its_own():
    """What stands in a page itself is there in one language alone. Planted bugs: write a heading; a
    full-width colon after a name."""
    assert len(PAGES) > 5
    for page in PAGES:
        text = re.sub(r"<!--.*?-->|//[^\n]*", "", page.read_text("utf-8"), flags=re.DOTALL)
        found = CHINESE.search(text) or MARKS.search(text)
        assert found is None, (page.name, text[max(0, found.start() - 40) : found.end() + 40])


def test_nothing_is_drawn_as_html():
    """Planted bug: show a note of the API with `v-html`."""
    for path in (*PAGES, *SOURCES.rglob("*.ts")):
        text = path.read_text("utf-8")
        assert not re.search(r"v-html|innerHTML|insertAdjacentHTML|document\.write", text), path
        assert not re.search(r'renderMode:\s*"html"', text), path
