"""What the documents say is so: methods and their examples, paths, routes."""

import re
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
import yaml
from tests.contracts.publish import ROOT

from indicators.rules.methods.catalogue import METHODS, method_params
from scoring.rules.cells import scored_from
from scoring.rules.entries import Entry
from scoring.rules.forms import form_of
from scoring.rules.inputs import Facts, Inputs
from scoring.rules.methods.children import mean_children
from scoring.rules.methods.composed import sum_children
from scoring.rules.params import Params
from scoring.rules.scheme import Indicator, Target

METHODS_PAGE = (ROOT / "docs/methods.md").read_text("utf-8")
SECTIONS = {
    name: body
    for name, body in re.findall(
        r"^### `(\w+)`[^\n]*\n(.*?)(?=^##|\Z)", METHODS_PAGE, re.MULTILINE | re.DOTALL
    )
}
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
MATRIX = yaml.safe_load((ROOT / "gateway/authorisation.yaml").read_text("utf-8"))["routes"]
TOP = {path.name for path in ROOT.iterdir()}


def name_of(path):
    return str(path.relative_to(ROOT))


def test_every_method_has_a_section_and_every_section_a_method():
    assert set(SECTIONS) == set(METHODS)


def exact(value):
    """Return what was read from YAML with decimals as they were written."""
    if isinstance(value, dict):
        return {str(key): exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    return Decimal(str(value)) if isinstance(value, float) else value


def example_of(method):
    (block,) = re.findall(r"```yaml\n(.*?)```", SECTIONS[method], re.DOTALL)
    return exact(yaml.safe_load(block))


def entries_of(example):
    numbers = count(1)
    blank = {"unit": "U", "key": None, "item": None, "period": "2025", "value": None, "word": None}
    for row in example.get("entries", ()):
        given = blank | row
        note = given.pop("note", None)
        value = given.pop("value")
        number = None if value is None else Decimal(value)
        yield Entry(UUID(int=next(numbers)), indicator="X", value=number, **given), note


def targets_of(example):
    for row in example.get("targets", ()):
        given = {"unit": "U", "item": None, "target": None, "baseline": None} | row
        numbers = {k: v if v is None or isinstance(v, str) else Decimal(v) for k, v in given.items()}
        yield Target(indicator="X", **numbers)


def scores_of(indicator, example):
    """Return the score of every unit the example names, and the excess of the last."""
    if children := example.get("children"):
        scores = {code: Decimal(each["score"]) for code, each in children.items()}
        shares = {c: s / Decimal(children[c]["points"]) for c, s in scores.items()}
        if indicator.method == "sum_children":
            return {"U": sum_children(4, scores)}
        ratios = {code: share.as_integer_ratio() for code, share in shares.items()}
        from fractions import Fraction

        ratios = {code: Fraction(*ratio) for code, ratio in ratios.items()}
        return {"U": mean_children(indicator.points, indicator.parameters, 4, ratios=ratios)}
    entered = [entry for entry, _ in entries_of(example)]
    facts = Facts(
        2025,
        zero_report_required=True,
        entries=entered,
        targets=list(targets_of(example)),
        satisfaction={("phone", "U"): example.get("satisfaction")},
    )
    group = tuple(sorted({entry.unit for entry in entered} | {"U"}))
    return {
        unit: scored_from(
            indicator,
            Inputs(
                facts, group, unit, "X",
                points=indicator.points, params=indicator.parameters, places=4,
            ),
        ).scored
        for unit in example.get("scores", {"U": None})
    }  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_the_example_of_a_method_is_accepted_and_scored_as_it_says(method):
    """Planted bug: another digit in any example."""
    example, faults = example_of(method), []
    params = method_params(method, example["params"], "", faults)
    assert faults == []
    indicator = Indicator(
        code="X",
        name="X",
        points=Decimal(example["points"]),
        method=method,
        params=params,
        data_source_unit="D",
        allow_exceed=example.get("allow_exceed", False),
        children=(),
    )

    found = scores_of(indicator, example)

    expected = example.get("scores") or {"U": example["score"]}
    assert {unit: scored.score for unit, scored in found.items()} == {
        unit: Decimal(score) for unit, score in expected.items()
    }
    assert {scored.excess for scored in found.values()} == {Decimal(example.get("excess", 0))}
    form = form_of(indicator)
    for entry, note in entries_of(example):
        assert entry.kind == form.kind
        assert not form.keys or entry.key in form.keys
        assert not form.items or entry.item in form.items
        assert not form.words or entry.word in form.words
        assert not form.endings or entry.period.removeprefix("2025") in form.endings
        assert not form.wants_note(entry.value) or note


@pytest.mark.parametrize("method", METHODS)
def test_every_parameter_is_named_in_the_section_of_its_method(method):
    named = set(re.findall(r"`(\w+)", SECTIONS[method]))
    if method == "efficacy_exp":
        named |= set(re.findall(r"`(\w+)", SECTIONS["efficacy_linear"]))
    params = {name.rstrip("_") for name in METHODS[method].__dataclass_fields__}

    assert params <= named


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_links_to_is_there(page):
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md"])
def test_every_path_that_is_named_exists(page):
    """Only what begins like a path of this directory and has no part to be filled in."""
    text = (ROOT / page).read_text("utf-8")
    words = re.findall(r"`([\w.-]+/[\w./-]*)`", text)
    paths = [word for word in words if word.partition("/")[0] in TOP - {"var"}]
    made = {"deploy/secrets/", "deploy/secrets/administrator_secret"}  # by deploy/make_secrets.py

    assert [path for path in paths if path not in made and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_test_that_is_named_exists(page):
    """What the table of guarantees points to."""
    text = (ROOT / page).read_text("utf-8")
    sources = "".join(
        path.read_text("utf-8")
        for top in ("tests", "services", "libs", "gateway", "cli")
        for path in (ROOT / top).rglob("test_*.py")
    )

    named = set(re.findall(r"`(test_\w+)`", text))
    assert {name for name in named if f"def {name}(" not in sources} == set()


def routes_named(text):
    """Return the routes a page names, each part in braces or of a shell variable as `*`."""
    for method, path in re.findall(r"\b(GET|POST) (/[\w{}$./-]+)", text):
        yield method, path
    for path in re.findall(r"^get '?(/[^\s'#]+)", text, re.MULTILINE):
        yield "GET", path
    for path in re.findall(r"^post '?(/[^\s'#]+)", text, re.MULTILINE):
        yield "POST", path


def pattern(path):
    path = path.partition("?")[0]
    path = path if path.startswith(("/api/", "/oauth", "/.well")) else f"/api/v1{path}"
    return re.compile(re.sub(r"\\\{\w+\\\}|\\\$\w+", r"[^/]+", re.escape(path)))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_route_that_is_named_is_in_the_matrix(page):
    known = [route.split(" ") for route in MATRIX]
    for method, path in routes_named(page.read_text("utf-8")):
        wanted = pattern(path)
        assert any(
            of == method and (wanted.fullmatch(route) or filled(route).fullmatch(path_of(path)))
            for of, route in known
        ), f"{method} {path}"


def filled(route):
    return re.compile(re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(route)))


def path_of(path):
    path = path.partition("?")[0]
    return path if path.startswith(("/api/", "/oauth", "/.well")) else f"/api/v1{path}"


def test_a_route_that_is_not_there_would_be_found():
    """A test of the test."""
    assert list(routes_named("GET /cycles/{cycle_id}/wishes")) == [
        ("GET", "/cycles/{cycle_id}/wishes")
    ]
    wanted = pattern("/cycles/{cycle_id}/wishes")
    assert not any(wanted.fullmatch(route.split(" ")[1]) for route in MATRIX)
