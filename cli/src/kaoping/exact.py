"""Documents with decimals that stay exact: YAML and JSON without a binary float in between."""

import json
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from kaoping.faults import KaopingFault

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # C is ten times as fast


class _ExactLoader(_Loader):  # type: ignore[misc]  # the base is chosen at run time
    """YAML whose decimals are Decimal and whose dates stay as they are written."""


def _decimal(loader: Any, node: Any) -> Decimal:  # noqa: ANN401 - PyYAML has no types here
    text = loader.construct_scalar(node)
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation as error:  # .nan, .inf, and 1:30.5, which is a number in base 60
        problem = f"{text} is no decimal"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from error


def _as_written(loader: Any, node: Any) -> str:  # noqa: ANN401
    return str(loader.construct_scalar(node))


def _mapping(loader: Any, node: Any) -> Any:  # noqa: ANN401
    seen = set[str]()
    for key, _ in node.value:
        if not isinstance(key.value, str):
            continue  # a list as a key is refused when the mapping is made
        if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
            problem = f"{key.value} stands there twice"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        seen.add(key.value)
    return loader.construct_yaml_map(node)


_ExactLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - a document is anything
    """Read a YAML file; 1.50 is Decimal("1.50"), 2025-01-01 is text."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KaopingFault(f"{path} is not UTF-8: save it as UTF-8") from error
    try:
        return yaml.load(text, Loader=_ExactLoader)  # noqa: S506 - derived from the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line = "" if mark is None else "".join(text.splitlines()[max(mark.line - 1, 0) :][:2])
        wide = " (a full-width ： or ，?)" if set(line) & set("：，") else ""
        raise KaopingFault(f"{path} is not YAML{wide}: {error}") from error


def read_json(text: str | bytes) -> Any:  # noqa: ANN401
    """Decode JSON with every decimal as Decimal."""
    return json.loads(text, parse_float=Decimal)


def write_json(value: Any, indent: str = "") -> str:  # noqa: ANN401
    """Encode JSON with every Decimal as a number literal, digit for digit.

    An `indent` of spaces spreads the outer levels over lines; what is short stays on one line.
    """
    match value:
        case dict():
            items = [f"{_text(str(k))}: {write_json(v, indent)}" for k, v in value.items()]
            return _bracketed("{}", items, indent)
        case list() | tuple():
            return _bracketed("[]", [write_json(item, indent) for item in value], indent)
        case Decimal():
            return format(value, "f")
        case _:
            return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _bracketed(brackets: str, items: list[str], indent: str) -> str:
    line = ", ".join(items)
    if not indent or (len(line) < 100 and "\n" not in line):
        return f"{brackets[0]}{line}{brackets[1]}"
    inner = re.sub(r"^", indent, ",\n".join(items), flags=re.MULTILINE)
    return f"{brackets[0]}\n{inner}\n{brackets[1]}"
