"""The shape of the system, as far as no single part can test it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from radon.complexity import cc_visit
from radon.visitors import Class
from tests.contracts.publish import PARTS, ROOT, SERVICES

from chassis.refusals import Refusal

DOMAIN = {
    "unit", "scheme", "indicator", "survey", "score", "scoring", "ranking", "cycle", "veto",
    "ledger", "satisfaction", "wave", "evaluation", "assessment", "category", "grade", "bonus",
    "deduction", "appeal", "claimant", "quota", "respondent", "election", "kaoping",
}  # fmt: skip
"""Words of the domain, and the names of the system and of its four services."""
FOREIGN = {
    "unicodedata.category", "url.scheme",
    "RequestResponseCycle", "self.cycle",
}  # fmt: skip
"""Names that Python and its libraries gave, and that mean something else."""


def _names(node: ast.AST) -> Iterator[str]:
    """Every name that a node declares or uses."""
    match node:
        case ast.Attribute(attr=name) if ast.unparse(node) not in FOREIGN:
            yield name
        case ast.Name(id=name) if name in FOREIGN:
            return
        case ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from {each.asname or each.name for each in names} - FOREIGN


def domain_words(source: str) -> set[str]:
    """Words of the domain among the names of a module, and in its docstrings."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {name for node in nodes for name in _names(node)}
    told = {
        node.value.value
        for node in nodes
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }
    spaced = (re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text) for text in names | told)
    words = {word.lower() for text in spaced for word in re.findall(r"[A-Za-z]+", text)}
    plurals = {f"{word}s": word for word in DOMAIN} | {"categories": "category"}
    return {plurals.get(word, word) for word in words} & DOMAIN


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "libs/chassis/src").rglob("*.py")),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_the_chassis_carries_no_cargo(path):
    """Planted bugs: a field `unit` of `Caller`, "the survey's wave" in a docstring."""
    assert domain_words(path.read_text("utf-8")) == set()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def read_scheme(cycle_id): ...", {"scheme", "cycle"}),
        ("class WaveClosed: ...", {"wave"}),
        ("ask(caller.unit)", {"unit"}),
        ("ask(units=3)", {"unit"}),
        ("from scoring import rules", set()),  # import-linter's to refuse
        ('def read(): """Read the categories of a year."""', {"category"}),
        ("unicodedata.category(sign)", set()),
    ],
)
def test_cargo_in_the_chassis_would_be_found(source, found):
    """A test of the test."""
    assert domain_words(source) == found


def branching(source: str) -> dict[str, int]:
    """Functions that branch more often than a reader can follow, with how often."""
    found = cc_visit(source)
    inside = [each for one in found if isinstance(one, Class) for each in one.methods]
    return {each.name: each.complexity for each in [*found, *inside] if each.complexity > 10}


def test_no_function_branches_more_than_ten_times():
    """Planted bug: a function of eleven `if`."""
    sources = [path for part in ("services", "libs", "gateway", "cli") for path in _sources(part)]
    assert len(sources) > 200
    assert {path: found for path in sources if (found := branching(path.read_text("utf-8")))} == {}
    assert branching("def many(x):\n" + "  if x: x -= 1\n" * 10) == {"many": 11}


def _sources(part: str) -> list[Path]:
    return [path for path in (ROOT / part).rglob("*.py") if "src" in path.parts]


def every_refusal(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind}.union(*(every_refusal(sub) for sub in kind.__subclasses__()))


def test_every_refusal_has_a_title_in_two_languages():
    from importlib import import_module

    for part in PARTS:
        import_module(f"{part}.app")
    own = [r for r in every_refusal() if r.__module__.partition(".")[0] in {*PARTS, "chassis"}]
    assert len(own) > 30
    lacking = [
        r.__name__
        for r in own
        if not r.__doc__ or "zh" not in vars(r) or not any("\u4e00" <= c <= "\u9fff" for c in r.zh)
    ]
    assert lacking == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_environment_of_a_service_holds_no_other_service(service):
    """Planted bug: name `scoring` among the dependencies of survey."""
    done = subprocess.run(
        ["uv", "export", "--locked", "--quiet", "--no-dev", "--no-hashes", "--package", service],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": f"{ROOT / '.venv/bin'}:/usr/bin:/bin", "HOME": str(Path.home())},
    )
    local = {line.split("/")[-1].strip() for line in done.stdout.splitlines() if "./" in line}
    assert local == {service, "chassis"}


def test_no_route_is_declared_without_the_chassis_router():
    """A plain APIRouter would take NaN, and would repeat a repeated command."""
    for service in SERVICES:
        for path in (ROOT / "services" / service / "src").rglob("*.py"):
            assert "APIRouter" not in path.read_text("utf-8"), path
