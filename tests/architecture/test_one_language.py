"""What is said to people is said in one language: Chinese has no English words, and the reverse.

Names of fields, parameters and values, which are the same in both, stand in backticks.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contracts.publish import PARTS, ROOT, home_of

HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
NAMED = re.compile(r"`[^`]*`")
KNOWN = {
    *{"ASCII", "IANA", "ISO", "JSON", "NFC", "NUL", "UTF", "UUID"},
    *{"GB", "YYYY", "MM", "DD"},
}
"""Names of norms and encodings, which Chinese writes as everybody does."""

OTHERWISE = {
    "personal.py": "recognises numbers of people by words of both languages, and says none of them",
    "chinese.py": "translates formulas, whose functions are called `min` and `max` in both",
}

SOURCES = [ROOT / "libs/chassis/src", *(home_of(part) / "src" for part in PARTS)]
FILES = [file for source in SOURCES for file in sorted(source.rglob("*.py"))]


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module as they stand there, with `{}` where something is put in; what a
    text alone on its line says is said to who reads the code."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    skipped = alone | {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "{}" for p in node.values)
            yield node.lineno, "".join(map(str, parts))
        elif isinstance(node, ast.Constant) and id(node) not in skipped:
            yield node.lineno, str(node.value)


def english(text: str) -> list[str]:
    """Return the English words of a text."""
    words = re.findall(r"[A-Za-z]{2,}", NAMED.sub("", re.sub(r"\{\w+\}", "", text)))
    return [word for word in words if word not in KNOWN]


def mixed(file: Path) -> list[str]:
    """Return what a file says in Chinese with English words in it."""
    tree = ast.parse(file.read_text("utf-8"))
    return [f"{n}: {text}" for n, text in said(tree) if HAN.search(text) and english(text)]


def test_what_is_said_in_chinese_has_no_english_words():
    """Planted bugs: a field without backticks, an English word in a title."""
    found = {
        str(file.relative_to(ROOT)): mixed(file) for file in FILES if file.name not in OTHERWISE
    }
    assert len(found) > 100
    assert {file: texts for file, texts in found.items() if texts} == {}


@pytest.mark.parametrize("text", ["f'该 {kind} mark 有误。'", "'缺少 reason。'", "'{zh} 有 no'"])
def test_a_mixed_sentence_is_found(tmp_path, text):
    """A test of the test."""
    (tmp_path / "mixed.py").write_text(f"zh = {text}\n", "utf-8")
    assert len(mixed(tmp_path / "mixed.py")) == 1
