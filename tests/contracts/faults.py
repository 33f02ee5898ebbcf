"""The kinds of faults that `errors` names, read from the code that finds them."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tests.contracts.publish import PARTS, ROOT, home_of

from chassis.faults import _FAULTS_ZH

HAN = re.compile(r"[\u4e00-\u9fff]")
KIND = re.compile(r"[a-z]+(?:-[a-z]+)*")
CARRIERS = {"Fault": 1, "unless": 2, "Finding": 0, "Clash": 0, "_misplaced": 0}
"""What makes a fault, and where in what it is given the kind stands, before two sentences."""

COMPUTED = {
    "f'unknown-{name}'": ("unknown-category", "unknown-indicator", "unknown-tag", "unknown-unit"),
    "f'unknown-{field}-code'": ("unknown-unit-code", "unknown-indicator-code"),
    "f'unknown-{field}'": ("unknown-unit", "unknown-indicator"),
    "f\"other-{field.replace('_', '-')}\"": ("other-name", "other-name-en", "other-measure"),
    "f'unknown-{family.split()[0]}'": (
        *("unknown-assessed", "unknown-category", "unknown-grade"),
        *("unknown-indicator", "unknown-tag", "unknown-veto"),
    ),
    "found.kind": ("phone-number", "identity-number", "mail-address", "card-number"),
}
"""Kinds that are put together, and what they can come to."""

HANDED_ON = frozenset(
    {
        *("fault.code", "one.code", "code", "clash.code", "self.code"),
        *("kind.replace('_', '-')", "standing"),
        *("Standing.UNFINISHED", "Standing.NOT_RATED"),
    }
)
"""Kinds that are those of another fault, which stands elsewhere, or no fault's."""


class Found(NamedTuple):
    """A kind of fault with its sentence, where something is put in `…`, and the part it is in."""

    code: str
    part: str
    en: str
    zh: str


def text(node: ast.expr) -> str | None:
    """Return a sentence as it stands in the code, or None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values)
        return "".join(parts)
    return None


def found_in(part: str, tree: ast.Module) -> Iterator[Found]:
    """Yield the faults that a module finds; refuse a kind that cannot be told from the code."""
    inside = {
        id(below): function
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for below in ast.walk(function)
    }
    for node in ast.walk(tree):
        for code, en, zh in _places(node):
            named = _named(inside.get(id(node)), node)
            for kind in _kinds(code):
                yield Found(kind, part, _said(en, named), _said(zh, named))


def _named(function: ast.AST | None, use: ast.AST) -> dict[str, str | None]:
    """Return the sentences that a function has given names to where one is used."""
    named = dict[str, str | None]()
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Assign) and node.lineno <= getattr(use, "lineno", 0):
            for target in node.targets:
                both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                pairs = (
                    zip(target.elts, node.value.elts, strict=False)
                    if both
                    else [(target, node.value)]
                )  # type: ignore[attr-defined]
                named |= {n.id: text(value) for n, value in pairs if isinstance(n, ast.Name)}
    return named


def _said(node: ast.expr, named: dict[str, str | None]) -> str:
    told = named.get(node.id) if isinstance(node, ast.Name) else text(node)
    return re.sub(r"\{\w*\}", "…", " ".join((told or "…").split()))


def _places(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr, ast.expr]]:
    """Yield the kind and the two sentences of a fault, or of what one is made of."""
    if isinstance(node, ast.Tuple) and len(node.elts) == 3:
        kind, en, zh = node.elts
        word, chinese = text(kind), text(zh)
        if word and chinese and KIND.fullmatch(word) and HAN.search(chinese) and text(en):
            yield kind, en, zh
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = CARRIERS.get(name)
        given = [] if first is None else node.args[first : first + 3]
        if len(given) == 3:
            yield given[0], given[1], given[2]


def _kinds(code: ast.expr) -> tuple[str, ...]:
    if isinstance(code, ast.Constant) and isinstance(code.value, str):
        return (code.value,)
    if isinstance(code, ast.IfExp):
        return (*_kinds(code.body), *_kinds(code.orelse))
    written = ast.unparse(code)
    if written in HANDED_ON:
        return ()
    assert written in COMPUTED, f"{written}: say in COMPUTED what kinds of faults this comes to"
    return COMPUTED[written]


@cache
def faults() -> dict[str, list[Found]]:
    """Return every kind of fault that is found somewhere, with what is said of it."""
    told = dict[str, list[Found]]()
    for type_, zh in _FAULTS_ZH.items():
        code = type_.replace("_", "-")
        told[code] = [Found(code, "chassis", "The value has not the published shape.", zh)]
    sources = [("chassis", ROOT / "libs/chassis/src")]
    sources += [(part, home_of(part) / "src") for part in PARTS]
    for part, home in sources:
        for file in sorted(home.rglob("*.py")):
            for one in found_in(part, ast.parse(file.read_text("utf-8"))):
                told.setdefault(one.code, []).append(one)
    return dict(sorted(told.items()))


HEAD = """
# Faults 差错

The `code` of each fault under `errors`, with a sentence that it is told in and the services that
find it (`chassis`: every one of them). Where something is put in there stands `…`; the same kind
may be told in other words elsewhere.

`errors` 中各差错的 `code`、其说明之一及发现它的服务（`chassis` 即全部服务）；`…` 处填入具体内容，
同一种差错在别处可能另有说法。

| code | English | 中文 | found by 发现者 |
|---|---|---|---|
"""


def table() -> str:
    """Return the part of the page that lists them."""
    lines = []
    for code, found in faults().items():
        told = next((one for one in found if one.en != "…"), found[0])
        en, zh = (each.replace("|", "\\|") for each in (told.en, told.zh))
        parts = " ".join(sorted({f"`{one.part}`" for one in found}))
        lines.append(f"| `{code}` | {en} | {zh} | {parts} |\n")
    return HEAD + "".join(lines)
