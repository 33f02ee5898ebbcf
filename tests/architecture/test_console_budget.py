"""How much of the console a browser is sent: all of it, the first page after signing in, and the
largest piece, plain and as it is compressed. Whoever goes over a bound makes it smaller, or says in
`BUDGET` why more is worth it.

What the first page needs stands in `index.html`, in the chunk of the tasks, and in what these
import.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.contracts.publish import ROOT

BUILT = ROOT / "gateway" / "src" / "gateway" / "console"
ASSETS = BUILT / "assets"
FIRST = "Tasks"
"""The page that somebody who signs in comes to."""

BUDGET = {
    # bytes plain, bytes compressed
    "all of it": (2_300_000, 800_000),  # a hundred pages, of which nobody is sent more than asked
    "first page": (280_000, 85_000),
    "largest piece": (660_000, 220_000),  # the charts, which come with the first picture
    "largest piece of the first page": (110_000, 42_000),
}

_IMPORTED = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')
_LINKED = re.compile(r'(?:src|href)="/console/assets/([^"]+\.(?:js|css))"')


def first_page(assets: Path, index: str) -> set[str]:
    """Return the names of all files that the first page needs."""
    waiting = [*_LINKED.findall(index), *(each.name for each in assets.glob(f"{FIRST}-*.js"))]
    found = set[str]()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imported_by(assets, name)
    return found | {each.name for each in assets.glob(f"{FIRST}-*.css")}


def _imported_by(assets: Path, name: str) -> list[str]:
    return _IMPORTED.findall((assets / name).read_text("utf-8")) if name.endswith(".js") else []


def weight(assets: Path, names: Iterable[str]) -> tuple[int, int]:
    """Return how many bytes files have, plain and compressed."""
    paths = [assets / name for name in names]
    packed = [path.with_name(f"{path.name}.gz") for path in paths]
    return sum(each.stat().st_size for each in paths), sum(each.stat().st_size for each in packed)


def weights(built: Path) -> dict[str, tuple[int, int]]:
    """Return what the budget bounds."""
    assets = built / "assets"
    every = [each.name for each in assets.iterdir() if each.suffix in {".js", ".css"}]
    first = first_page(assets, (built / "index.html").read_text("utf-8"))

    def largest(names: Iterable[str]) -> tuple[int, int]:
        each = [weight(assets, [name]) for name in names]
        return max(plain for plain, _ in each), max(packed for _, packed in each)

    return {
        "all of it": weight(assets, every),
        "first page": weight(assets, first),
        "largest piece": largest(every),
        "largest piece of the first page": largest(first),
    }


def test_nothing_that_draws_pictures_comes_with_the_first_page():
    """To read that is a task of its own. Planted bug: import the charts with the page of the
    tasks."""
    drawing = [each for each in ASSETS.glob("*.js") if "getZr" in each.read_text("utf-8")]
    assert drawing
    first = first_page(ASSETS, (BUILT / "index.html").read_text("utf-8"))
    assert first.isdisjoint(each.name for each in drawing)


@pytest.mark.parametrize("what", BUDGET)
def test_the_console_keeps_to_its_budget(what):
    """Planted bug: write the page of the tasks with a library of components."""
    found = weights(BUILT)[what]
    over = [size for size, bound in zip(found, BUDGET[what], strict=True) if size > bound]
    assert over == [], (what, found, BUDGET[what])


def test_the_first_page_is_found_with_what_it_imports(tmp_path):
    """A test of the test: what is imported by what is imported counts; what comes later does
    not."""
    (tmp_path / "assets").mkdir()
    texts = {
        "index-1.js": 'import{a}from"./vue-1.js";const p=()=>import("./Tasks-1.js")',
        "vue-1.js": 'import"./deep-1.js"',
        "deep-1.js": "",
        "Tasks-1.js": 'import{b}from"./vue-1.js";import("./charts-1.js")',
        "charts-1.js": "",
    }
    for name, text in texts.items():
        (tmp_path / "assets" / name).write_text(text)
    index = '<script src="/console/assets/index-1.js"></script>'
    assert first_page(tmp_path / "assets", index) == {*texts} - {"charts-1.js"}
