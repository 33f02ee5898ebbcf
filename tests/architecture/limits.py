"""Every limit of the system: the constant or setting that it is, and the test that tries it.

`limits.toml` names them; values are read from the code, and so docs/limits.md cannot say others.
What is found in the code by its name and is not in the file is a limit that nobody listed.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CATALOGUE = Path(__file__).with_name("limits.toml")
PAGE = ROOT / "docs" / "limits.md"
SOURCES = ("libs/chassis/src", "gateway/src", "services/*/src")
_NAME = re.compile(r"(^|_)(MOST|LONGEST|LARGEST|DEEPEST|MAX)(_|$)")
_SPACES = {"timedelta": timedelta, "dt": __import__("datetime")}
_HEAD = """# Limits 各项限制

Each is one named constant, or a setting of that name, in one place of its part; the value is read
from there, and the test that is named tries it: its last value is taken, and one past it refused
or cut. Those of fields of a request (length of a text, rows of a list) stand in the published
document of each route (`maxLength`, `maxItems`, `maximum`); each of them is tried at its value and
past it, and where a constant below is one of these, its field is named. Bodies by route stand in
`gateway/authorisation.yaml` (`body_limits`).
每项限制为一个命名常量或设置，数值取自代码；所列测试逐一验证：达到上限时受理，超出时退回或截断。
字段的长度和行数上限见接口文档，每一项均按上限和超出上限各试一次；下表中由字段承载的，注明该字段。
各路由的请求体上限见 `gateway/authorisation.yaml`。

"""
_UNTRIED = """
## Without a test of their own 尚无专门测试

No test tries these at the last value and past it, for the reason that is given. A new one has to
name its test.
以下各项未经测试，原因如所列。新增的限制须写明测试。

"""


def found() -> dict[str, Any]:
    """Return every number in the code that is named like a limit, by `path:NAME`."""
    return {
        f"{path.relative_to(ROOT)}:{name}": value
        for path in _files()
        for name, value in constants(path)
        if _NAME.search(name)
    }


def _files() -> list[Path]:
    return sorted(path for each in SOURCES for path in ROOT.glob(f"{each}/**/*.py"))


@cache
def constants(path: Path) -> list[tuple[str, Any]]:
    """Return the numbers that are given names in a module or in a class of it."""
    tree = ast.parse(path.read_text("utf-8"))
    body = [
        *tree.body,
        *(one for each in tree.body if isinstance(each, ast.ClassDef) for one in each.body),
    ]
    return [pair for each in body for pair in _named(each)]


def _named(statement: ast.stmt) -> Iterator[tuple[str, Any]]:
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    else:
        return
    value = _value(statement.value)
    for target in targets:
        if isinstance(target, ast.Name) and _is_number(value):
            yield target.id, value
        elif isinstance(target, ast.Tuple) and isinstance(value, tuple):
            yield from (
                (n.id, v)
                for n, v in zip(target.elts, value, strict=True)
                if isinstance(n, ast.Name) and _is_number(v)
            )


def _value(node: ast.expr | None) -> Any:
    if node is None:
        return None
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Field" and node.args:
        node = node.args[0]  # a setting with bounds
    try:
        code = compile(ast.Expression(node), "limits", "eval")
        return eval(code, {"__builtins__": {}, **_SPACES})  # noqa: S307 - our own source
    except Exception:
        return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | timedelta) and not isinstance(value, bool)


def catalogue() -> dict[str, dict[str, Any]]:
    """Return what is listed, by `path:NAME`."""
    told: dict[str, dict[str, Any]] = tomllib.loads(CATALOGUE.read_text("utf-8"))
    return told


def untried() -> dict[str, dict[str, Any]]:
    """Return what no test tries."""
    return {limit: each for limit, each in catalogue().items() if "untried" in each}


def value_of(limit: str) -> Any:
    """Return the value of a constant or setting; refuse one that there is not."""
    path, _, name = limit.partition(":")
    return dict(constants(ROOT / path))[name]


@cache
def tests_of(path: str) -> frozenset[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(each.name for each in ast.walk(tree) if isinstance(each, kinds))


def page() -> str:
    """Return docs/limits.md."""
    listed = catalogue()
    rows = [_row(limit, each) for limit, each in listed.items() if "test" in each]
    left = [_reason(limit, each) for limit, each in untried().items()]
    head = "| 限制 limit | | constant | test |\n|---|---|---|---|\n"
    return _HEAD + head + "\n".join(rows) + "\n" + _UNTRIED + "\n".join(left) + "\n"


def _row(limit: str, each: dict[str, str]) -> str:
    what, test = f"{each['zh']} {each['en']}", f"`{each['test'].rpartition('::')[2]}`"
    if "field" in each:
        test = f"`{each['field']}`"
    return f"| {what} | {_written(value_of(limit))} | `{_short(limit)}` | {test} |"


def _reason(limit: str, each: dict[str, Any]) -> str:
    what, why = f"{each['zh']} {each['en']}", each["untried"]
    value = _written(value_of(limit))
    return f"* {what}: {value}, `{_short(limit)}`. {why['zh']}。{why['en'].capitalize()}."


def _short(limit: str) -> str:
    return limit.rpartition("/src/")[2]


def _written(value: Any) -> str:
    if isinstance(value, timedelta):
        return f"{value.days} days" if value.days else f"{value.seconds} s"
    return f"{value:,}"
