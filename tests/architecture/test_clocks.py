"""No service asks its own machine for the hour: what is due, open or public, the database decides.

Two processes of a service may differ by minutes; what one shows the other would not show yet.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "services").glob("*/src/**/*.py"))
CLOCKS = re.compile(r"\b(datetime|date)\.(now|utcnow|today)$|\btime\.(time|time_ns|localtime)$")
OF_FILES = {"scoring/api/evidence/cleaning.py", "scoring/api/evidence/objects.py"}
"""How long a file has lain there that nobody refers to."""


def clocks_in(source: str) -> list[str]:
    """Return where a clock of the machine is asked: `func.now()` is the database's."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = ast.unparse(node.func)
            if CLOCKS.search(asked):
                found.append(f"{node.lineno}: {asked}()")
    return found


def test_no_service_decides_by_a_clock_of_its_own():
    """Planted bug: a release is public by the clock of the process that is asked."""
    assert len(SOURCES) > 300
    found = {
        str(path.relative_to(ROOT / "services")).partition("src/")[2]: clocks
        for path in SOURCES
        if (clocks := clocks_in(path.read_text("utf-8")))
    }
    assert set(found) <= OF_FILES, found


def test_what_is_looked_for_is_found():
    assert clocks_in("import datetime as dt\nx = dt.datetime.now(dt.UTC)") == [
        "2: dt.datetime.now()"
    ]
    assert clocks_in("x = time.time(), func.now(), row.now()") == ["1: time.time()"]
