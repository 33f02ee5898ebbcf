"""What import-linter cannot see: a rule does not wait, look at the clock, or roll dice."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = [
    *sorted((ROOT / "services").glob("*/src/*/rules/**/*.py")),
    *sorted((ROOT / "gateway/src/gateway/rules").rglob("*.py")),
]
BANNED = {
    "now", "today", "utcnow", "time", "monotonic", "perf_counter", "sleep", "uuid1", "uuid4",
    "random", "choice", "shuffle", "urandom", "open", "print", "input", "getenv", "environ",
    "float",
}  # fmt: skip
MODULES = {"time", "random", "secrets", "os", "io", "pathlib", "socket", "subprocess", "asyncio"}

DESCRIBING = {
    ROOT / "services/survey/src/survey/rules/estimates",
    ROOT / "services/ranking/src/ranking/rules/uncertainty.py",
    ROOT / "services/scoring/src/scoring/rules/columns/powers.py",
}
"""Floating numbers are made here alone: they describe a score, and decide none (0053, 0109), or
round one where a bound proves that its exact value rounds so (0114)."""

OF_FILES = ROOT / "services/scoring/src/scoring/rules/evidence"
"""What is judged here is a file that was handed in (0063): the parts of one are opened in it."""


def faults_in(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.Global):
            found.append(f"{node.lineno}: {type(node).__name__}")
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name in BANNED:
                found.append(f"{node.lineno}: {name}()")
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(a.name for a in node.names)]
            if MODULES & {name.partition(".")[0] for name in names}:
                found.append(f"{node.lineno}: import of {names}")
    return found


def test_there_are_rules_to_look_at():
    assert len({path.parts[path.parts.index("src") + 1] for path in RULES}) == 5


@pytest.mark.parametrize("path", RULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rules_take_the_world_as_arguments(path):
    found = faults_in(path.read_text("utf-8"))
    if DESCRIBING & {path, *path.parents}:
        found = [each for each in found if not each.endswith(" float()")]
    if OF_FILES in path.parents:
        found = [each for each in found if not each.endswith((" open()", "['', 'io']"))]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date\nx = date.today()",
        "import random",
        "async def rule(): ...",
        "score = float(points)",
        "text = open('x').read()",
    ],
)
def test_an_impure_rule_is_found(source):
    """A test of the test."""
    assert faults_in(source)
