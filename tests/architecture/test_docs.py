"""What the documents say is so: methods and their examples, paths, routes."""

import re
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import SimpleNamespace
from uuid import UUID

import pytest
import yaml
from compiling import compute, form_of
from small_years import Year, scheme_of
from small_years import indicator as small_indicator
from tests.contracts.publish import ROOT

from indicators.rules import scheme as schemes
from indicators.rules.methods.catalogue import METHODS, method_of, method_params
from indicators.rules.overrides import overridden
from scoring.rules.columns.quotients import Quotients
from scoring.rules.ledger.entries import OF_A_DOCUMENT, Entry, ResultDocument, SuperiorList
from scoring.rules.methods.of_children import Child, mean_children, sum_children
from scoring.rules.scheme.document import Indicator, Subcategory, Target

METHODS_PAGE = (ROOT / "docs/methods.md").read_text("utf-8")
SECTIONS = dict(
    re.findall(r"^### `(\w+)`[^\n]*\n(.*?)(?=^##|\Z)", METHODS_PAGE, re.MULTILINE | re.DOTALL)
)
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh-CN.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
MATRIX = yaml.load((ROOT / "gateway/authorisation.yaml").read_text("utf-8"), yaml.CSafeLoader)[
    "routes"
]
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


EXAMPLES = [
    pytest.param(method, exact(yaml.load(block, yaml.CSafeLoader)), id=f"{method}-{n}")
    for method, section in SECTIONS.items()
    for n, block in enumerate(re.findall(r"```yaml\n(.*?)```", section, re.DOTALL), 1)
]


def test_every_method_has_an_example():
    assert {example.values[0] for example in EXAMPLES} == set(METHODS)


def entries_of(example):
    """Yield the entries that an example enters, each with its note."""
    numbers = count(1)
    blank = {"unit": "U", "key": None, "item": None, "period": "2025", "value": None, "word": None}
    for row in example.get("entries", ()):
        given = blank | row
        note, value = given.pop("note", None), given.pop("value")
        number = None if value is None else Decimal(value)
        told = {name: given.pop(name, None) for name in OF_A_DOCUMENT}
        if told["authority"]:
            given["result_document"] = _of(ResultDocument, told)
        elif any(told.values()):
            given["superior_list"] = _of(SuperiorList, told)
        yield Entry(UUID(int=next(numbers)), indicator="X", value=number, **given), note


def _of(shape, told):
    return shape(*(told[name] for name in shape._fields))


def target_of(row):
    numbers = {name: row.get(name) for name in ("target", "baseline", "pledge")}
    exactly = {name: None if n is None else Decimal(n) for name, n in numbers.items()}
    return Target(row.get("unit", "U"), "X", row.get("item"), **exactly)


def of_children(indicator, children):
    found = [
        Child(code, Quotients.of([Decimal(each["score"])]), Fraction(each["points"]))
        for code, each in children.items()
    ]
    params = indicator.parameters
    if indicator.method == "sum_children":
        scored = sum_children(found, extra_cap=params.optional("extra_cap"))
    else:
        scored = mean_children(indicator.points, params, found)
    rounded = scored.rounded(4)
    return SimpleNamespace(score=rounded.score(0), excess=rounded.excess(0))


def scores_of(indicator, example):
    """Return what the units of an example score, by the rules that score a year."""
    if "children" in example:
        return {"U": of_children(indicator, example["children"])}
    entered = [entry for entry, _ in entries_of(example)]
    units = dict.fromkeys(example.get("scores", ["U"]))
    year = Year(units | dict.fromkeys(entry.unit for entry in entered))
    year.entries = entered
    year.targets = [target_of(row) for row in example.get("targets", ())]
    found = example.get("satisfaction")
    year.satisfaction["phone", "U"] = None if found is None else Decimal(found)
    outcomes = year.outcomes(indicator)["X"]
    return {unit: outcomes[unit] for unit in units}


(COMPUTED,) = re.findall(
    r"^## Computed values.*?```yaml\n(.*?)```", METHODS_PAGE, re.MULTILINE | re.DOTALL
)
WORKED = {row["code"]: row for row in exact(yaml.load(COMPUTED, yaml.CSafeLoader))}


def worked_indicator(row):
    """Return an indicator of the worked example as it is stored, and then as it is scored."""
    faults = []
    names = ("code", "points", "method", "params", "per_unit_params")
    sent = schemes.Indicator(
        name="X",
        data_source_unit="D",
        frequency="yearly",
        **{name: row[name] for name in names if name in row},
    )
    params = method_params(sent.method, sent.params, "", faults)
    overrides = overridden(replace(sent, params=params), "", faults)
    assert faults == []
    return Indicator(
        code=sent.code,
        name="X",
        points=Decimal(sent.points),
        method=sent.method,
        params=params,
        data_source_unit="D",
        allow_exceed=False,
        children=(),
        **overrides,
    )


def test_the_worked_example_is_accepted_and_scored_as_it_says():
    """Planted bug: another digit in it, or the composites of all by one unit's difficulty."""
    indicators = tuple(worked_indicator(row) for row in WORKED.values())
    units, numbers = tuple(WORKED["INVESTMENT"]["scores"]), count(1)
    blank = {"kind": "measured_value", "item": None, "period": "2025", "word": None}
    year = Year(units)
    year.entries = [
        Entry(UUID(int=next(numbers)), u, code, key=key, value=Decimal(value), **blank)
        for code, row in WORKED.items()
        for u, values in row.get("entries", {}).items()
        for key, value in values.items()
    ]
    year.targets = [
        Target(unit, code, item, Decimal(value), None)
        for code, row in WORKED.items()
        for unit, values in row.get("targets", {}).items()
        for item, value in values.items()
    ]
    found = year.outcomes(*indicators)

    for code, row in WORKED.items():
        scores = {unit: each.score for unit, each in found[code].items()}
        assert scores == {u: s if s is None else Decimal(s) for u, s in row["scores"].items()}
    composites = {
        unit: part.score
        for unit, each in found["INVESTMENT"].items()
        if each.narration
        for _, part in each.narration.parts
    }
    assert composites == WORKED["INVESTMENT"]["composites"]
    takes = {each.code: form_of(each) for each in indicators}
    assert takes["AWARD"] is None
    assert {entry.key for entry in year.entries} == set(takes["INVESTMENT"].keys)


(IMPUTED,) = re.findall(
    r"^\*\*Missing data.*?```yaml\n(.*?)```", METHODS_PAGE, re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("missing", ["refuse", "zero", "skip", "category_mean", "subcategory_mean"])
def test_a_parent_whose_children_lack_something_is_scored_as_the_page_says(missing):
    """Planted bug: another digit in it."""
    page = exact(yaml.load(IMPUTED, yaml.CSafeLoader))
    posts = {"bounds": "goalposts", "low": 0, "high": 10}
    x, y, z = (
        small_indicator("min_max", posts, code, points=page["points"][code]) for code in "XYZ"
    )
    branch = small_indicator("sum_children", {}, "P", children=(x, y), missing=missing)
    units = tuple(page["values"]["Z"])
    scheme = scheme_of((branch, z), units=units)
    (category,) = scheme.categories
    parts = tuple(Subcategory(n, n, tuple(of)) for n, of in page["subcategories"].items())
    scheme = replace(scheme, categories=(replace(category, subcategories=parts),))
    year = Year(units)
    for code, values in page["values"].items():
        year.values(code=code, **values)
    given = {"targets": [], "satisfaction": {}, "claims": [], "names": []}
    sheet = compute(scheme, {"CAT"}, entries=year.entries, **given).sheet

    for unit in sheet.units:
        branch_score = unit.outcomes["P"].score
        shown = Decimal(0) if unit.outcomes["P"].out else branch_score
        told = (page["P"][missing][unit.unit], page["total"][missing][unit.unit])
        assert (shown, unit.total) == tuple(n if n is None else Decimal(n) for n in told)


UNSHOWN = [
    pytest.param(
        "rank_points", {"params": {"step_ratio": "0.1", "minimum_volume": 9}}, id="volume"
    ),
    pytest.param("external_result", {"params": {"kind": "grade", "grades": {"A": 1}}}, id="grade"),
]


@pytest.mark.parametrize(("method", "example"), [*EXAMPLES, *UNSHOWN])
@pytest.mark.parametrize("computed", [False, True])
def test_both_services_say_alike_what_is_entered(method, example, computed):
    """Caught: a formula that may read what nobody can enter, or may not read what is entered.

    Only values without items are lent. What is lent for other periods than the method itself reads
    is entered for those that somebody else reads.
    """
    example, faults = dict(example["params"]), []
    if computed and "composite" not in METHODS[method].__dataclass_fields__:
        return
    if computed:
        example |= {"composite": {"inputs": {"x": {"from": "measured"}}, "formula": "x"}}
        example.pop("input", None)
    params = method_params(method, example, "", faults)
    assert faults == []
    lent = method_of(SimpleNamespace(method=method, params=params)).lends()
    indicator = Indicator(
        "X", "X", Decimal(1), method, params, "D", allow_exceed=False, children=()
    )
    form = form_of(indicator)
    measured = form is not None and form.kind == "measured_value"
    keys = form.keys if measured and not (form.items or form.any_item) else ()

    assert set(lent) == set(keys)
    for key, endings in lent.items():
        assert set(form.endings_for(key)) <= set(endings)
        borrowed = form_of(indicator, None, {key: tuple(endings)})
        assert set(borrowed.endings_for(key)) == set(endings)


def fits(form, entry, note):
    """Say whether the ledger would take an entry like this."""
    words = (*form.words, None) if form.by_day else form.words or (None, form.instead)
    allowed = [(form.keys, entry.key), (form.items, entry.item), (words, entry.word)]
    allowed += [(form.endings_for(entry.key), entry.period.removeprefix("2025"))]
    return (
        entry.kind == form.kind
        and all(not of or one in of for of, one in allowed)
        and (note is not None or not form.wants_note(entry.value))
        and (note is not None or not (form.nodes and form.node_of(entry.item).noted))
    )


@pytest.mark.parametrize(("method", "example"), EXAMPLES)
def test_the_example_of_a_method_is_accepted_and_scored_as_it_says(method, example):
    """Planted bug: another digit in any example."""
    faults = []
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
    assert {unit: each.score for unit, each in found.items()} == {
        unit: Decimal(score) for unit, score in expected.items()
    }
    assert {scored.excess for scored in found.values()} == {Decimal(example.get("excess", 0))}
    form = form_of(indicator)
    assert [entry for entry, note in entries_of(example) if not fits(form, entry, note)] == []


@pytest.mark.parametrize("method", METHODS)
def test_every_parameter_is_named_in_the_section_of_its_method(method):
    named = set(re.findall(r"`(\w+)", SECTIONS[method]))
    if method == "efficacy_exp":
        named |= set(re.findall(r"`(\w+)", SECTIONS["efficacy_linear"]))
    params = {each.name.rstrip("_") for each in fields(METHODS[method])}

    assert params <= named


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_what_a_page_links_to_is_there(page):
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


EVIDENCE = ["docs/guarantees.md", "docs/compliance.md"]
"""The pages that name the test of each promise."""


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", *EVIDENCE])
def test_every_path_that_is_named_exists(page):
    """Only what begins like a path of this directory and has no part to be filled in."""
    text = (ROOT / page).read_text("utf-8")
    words = re.findall(r"`([\w.-]+/[\w./-]*)`", text)
    paths = [word for word in words if word.partition("/")[0] in TOP - {"var"}]
    made = {"deploy/secrets/", "deploy/secrets/administrator_secret"}  # by deploy/make_secrets.py

    assert [path for path in paths if path not in made and not (ROOT / path).exists()] == []


PROGRAM = {
    str(path.relative_to(ROOT)): path
    for top in ("tests", "services", "libs", "gateway", "cli", "deploy", "clients/python")
    for path in (ROOT / top).rglob("*.py")
}
DECISIONS = [
    name_of(path)
    for path in sorted((ROOT / "docs/decisions").glob("*.md"))
    if "Status: accepted ·" in path.read_text("utf-8")
]


def test_a_decision_stands_or_says_which_one_replaces_it():
    numbers = {
        path.name[:4]: path.read_text("utf-8") for path in (ROOT / "docs/decisions").iterdir()
    }
    replaced = {
        number: re.findall(r"^Status: replaced by \[(\d{4})\]", text, re.MULTILINE)
        for number, text in numbers.items()
        if f"docs/decisions/{number}" not in {name[:19] for name in DECISIONS}
    }
    assert replaced.pop("0000") == []
    assert all(len(by) == 1 and by[0] > number for number, by in replaced.items())
    assert all(f"({number}-" in numbers[by] for number, (by,) in replaced.items())


@pytest.mark.parametrize("page", DECISIONS)
def test_a_decision_that_stands_names_files_that_exist(page):
    """One that was replaced names what was there then. Planted: rules/own_reading.py moved."""
    named = re.findall(r"`([\w./-]+\.py)`", (ROOT / page).read_text("utf-8"))

    assert [
        each for each in named if not any(f"/{name}".endswith(f"/{each}") for name in PROGRAM)
    ] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", *EVIDENCE, *DECISIONS])
def test_every_test_that_is_named_exists(page):
    """What the table of guarantees and the decisions that stand point to."""
    text = (ROOT / page).read_text("utf-8")
    tests = (path for name, path in PROGRAM.items() if name.rpartition("/")[2].startswith("test_"))
    sources = "".join(path.read_text("utf-8") for path in tests)

    named = set(re.findall(r"`(test_\w+)`", text))
    assert {name for name in named if f"def {name}(" not in sources} == set()


WALK = re.findall(
    r"^(\d+)\. \[([\w/.]+)\]\(([^)]+)\)\s+((?:`\w+`(?:,\s+)?)+):\s",
    (ROOT / "docs/architecture.md").read_text("utf-8"),
    re.MULTILINE,
)
"""The steps of the way of an entry: number, the file as it is called, where it is, what in it."""


def test_the_way_of_an_entry_leads_through_twelve_files_at_most():
    """Planted: a thirteenth step, a function renamed."""
    steps = re.findall(
        r"^(\d+)\. ", (ROOT / "docs/architecture.md").read_text("utf-8"), re.MULTILINE
    )
    assert [number for number, *_ in WALK] == steps == [str(n) for n in range(1, len(WALK) + 1)]
    assert 10 < len({link for _, _, link, _ in WALK}) == len(WALK) <= 12
    for _, shown, link, names in WALK:
        file = (ROOT / "docs" / link).resolve()
        assert file == ROOT / "services/scoring/src/scoring" / shown
        defined = set(
            re.findall(r"^(?:async )?(?:def|class) (\w+)", file.read_text(), re.MULTILINE)
        )
        assert set(re.findall(r"`(\w+)`", names)) <= defined


def test_the_entry_on_that_way_is_scored_and_explained_as_it_says():
    """Planted bug: another digit on the page."""
    page = " ".join((ROOT / "docs/architecture.md").read_text("utf-8").split())
    params = method_params("ratio_to_target", {"direction": "higher"}, "", [])
    indicator = Indicator(
        "X", "X", Decimal(5), "ratio_to_target", params, "D", allow_exceed=False, children=()
    )
    year = Year(["U"]).values("actual", U="28.85")
    year.targets = [Target("U", "X", None, Decimal(30), None)]
    told = year.outcomes(indicator)["X"]["U"].narration

    exact = told.rounding.value
    assert (
        f"28.85 of a target of 30. Its indicator has 5 points, method `{indicator.method}`" in page
    )
    assert f"its score is {told.score}." in page
    assert f"`{told.formula}`, exactly {exact.numerator}/{exact.denominator}" in page


def routes_named(text):
    """Yield the routes that a page names, in prose or in an example for the shell."""
    for line in re.findall(r"\b(?:GET|POST) /[\w{}/.-]+[\w}]", text):
        yield tuple(line.split(" "))
    for line in re.findall(r"^(?:get|post) \"?/[\w$/-]+", text, re.MULTILINE):
        method, path = line.split(" ")
        yield method.upper(), path.strip('"')
    for path in re.findall(r"^send \$\w+ (/[\w$/-]+)", text, re.MULTILINE):
        yield "POST", path


def is_route(method, path):
    """Say whether a route is in the matrix; whatever stands for a part of its path will do."""
    whole = path if path.startswith(("/api/", "/oauth/", "/.well")) else f"/api/v1{path}"
    parts = whole.split("/")
    known = (route.split(" ") for route in MATRIX)
    return any(
        of == method
        and len(parts) == len(there := route.split("/"))
        and all(a == b or "{" in (a[:1], b[:1]) for a, b in zip(parts, there, strict=True))
        for of, route in known
    )


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_route_that_is_named_is_in_the_matrix(page):
    named = routes_named(page.read_text("utf-8"))

    assert [each for each in named if not is_route(*each)] == []


def test_a_route_that_is_not_there_would_be_found():
    """A test of the test."""
    text = '`GET /cycles/{cycle_id}/wishes`\nget /cycles/$cycle/scheme\npost "/cycles/$cycle/x?y=1"'
    named = list(routes_named(text))

    assert named == [
        ("GET", "/cycles/{cycle_id}/wishes"),
        ("GET", "/cycles/$cycle/scheme"),
        ("POST", "/cycles/$cycle/x"),
    ]
    assert [is_route(*each) for each in named] == [False, True, False]
