"""Writes what the clients know of the API: types and one method for each operation.

The document says everything but how to ask again, sign in and turn pages; that is by hand, in
`client.py` and `client.ts`. `make contracts` runs this, and `make check` compares.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from keyword import iskeyword
from typing import Any, Protocol, cast

Json = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")
JSON_LINES = "application/x-ndjson"
SIGNS_IN = "issue_token"
"""The one operation whose body is a form: the by-hand part asks it."""


def pascal(name: str) -> str:
    """Return the name of a class: ``Block-Input`` -> ``BlockInput``."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def camel(name: str) -> str:
    """Return the name of a method in TypeScript: ``list_units`` -> ``listUnits``."""
    made = pascal(name.replace("_", " "))
    return made[:1].lower() + made[1:]


class Language(Protocol):
    """How a language writes types."""

    any: str
    null: str
    plain: dict[str, str]

    def named(self, name: str) -> str:
        """Write a type of the document."""
        ...

    def values(self, values: list[Any]) -> str:
        """Write a closed set of values."""
        ...

    def listed(self, item: str) -> str:
        """Write a list."""
        ...

    def keyed(self, value: str) -> str:
        """Write an object with free keys."""
        ...


class Python:
    """Types of Python; a decimal is text, digit for digit."""

    any = "Any"
    null = "None"
    plain = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}  # noqa: RUF012

    def named(self, name: str) -> str:
        return name

    def values(self, values: list[Any]) -> str:
        return f"Literal[{', '.join(map(repr, values))}]"

    def listed(self, item: str) -> str:
        return f"list[{item}]"

    def keyed(self, value: str) -> str:
        return f"dict[str, {value}]"


class TypeScript:
    """Types of TypeScript; a decimal is text, digit for digit."""

    any = "unknown"
    null = "null"
    plain = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}  # noqa: RUF012

    def named(self, name: str) -> str:
        return name

    def values(self, values: list[Any]) -> str:
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in values)

    def listed(self, item: str) -> str:
        return f"Array<{item}>"

    def keyed(self, value: str) -> str:
        return f"Record<string, {value}>"


def type_of(schema: Json, language: Language) -> str:
    """Return the type of a schema."""
    if "$ref" in schema:
        return language.named(pascal(schema["$ref"].rpartition("/")[2]))
    if "const" in schema or "enum" in schema:
        return language.values(schema.get("enum", [schema.get("const")]))
    if several := schema.get("anyOf") or schema.get("oneOf"):
        return _one_of(several, language)
    kinds = schema.get("type", [])
    if isinstance(kinds, list):
        return _one_of([{**schema, "type": kind} for kind in kinds], language)
    if kinds == "array":
        return language.listed(type_of(schema.get("items", {}), language))
    if kinds == "object":
        inner = schema.get("additionalProperties")
        is_told = isinstance(inner, dict) and inner != {}
        return language.keyed(type_of(cast(Json, inner), language) if is_told else language.any)
    return language.null if kinds == "null" else language.plain[kinds]


def _one_of(several: list[Json], language: Language) -> str:
    if not several:
        return language.any
    kinds = {each.get("type") for each in several}
    # A number that may be written as text is written as text: no binary float comes near it.
    kept = [each for each in several if not (each.get("type") == "number" and "string" in kinds)]
    return " | ".join(dict.fromkeys(type_of(each, language) for each in kept))


@dataclass(frozen=True)
class Operation:
    """One route, as a method sees it."""

    id: str
    method: str
    path: str
    summary: str
    in_path: dict[str, Json]
    query: dict[str, Json]
    required: frozenset[str]
    body: Json | None
    needs_body: bool
    answer: Json | None
    """The shape of what comes back, None where it is a file."""
    item: Json | None
    """The shape of an item, where what comes back is a page."""
    has_key: bool
    has_condition: bool
    row: Json | None
    """The shape of a row, where what is sent may be rows alone, in other forms than JSON."""
    takes_file: bool
    """Whether what is sent is a file of any kind."""
    tokens: dict[str, str]
    """What is sent besides in headers of the operation's own, by the name of the parameter."""

    @property
    def of_rows(self) -> "Operation":
        """The operation as it takes rows alone: what a batch says beside them is in the query."""
        return replace(self, body=None, id=f"{self.id}_from")

    @property
    def of_a_document(self) -> "Operation":
        """The operation as it takes a JSON body, which says what stands beside the rows."""
        left = {name: told for name, told in self.query.items() if not _beside_rows(told)}
        return replace(self, query=left)

    @property
    def pages(self) -> str:
        """The name of the iterator over all pages."""
        return "iter_" + re.sub(r"^(list|read)_", "", self.id)

    @property
    def downloads(self) -> str:
        """The name of what writes the answer, which is a file, into a file."""
        return "download_" + re.sub(r"^(export|read)_", "", self.id)


def _beside_rows(told: Json) -> bool:
    return bool(told.get("x-beside-rows"))


def operations(document: Json) -> Iterator[Operation]:
    """Yield every operation that has a method, in the order of the document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and item[method]["operationId"] != SIGNS_IN:
                yield _operation(document, method, path, item[method])


def _operation(document: Json, method: str, path: str, told: Json) -> Operation:
    shared = document["components"].get("parameters", {})
    parameters = [
        shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
        for each in told.get("parameters", ())
    ]
    of = {
        place: {each["name"]: each["schema"] for each in parameters if each["in"] == place}
        for place in ("path", "query", "header")
    }
    body = told.get("requestBody", {})
    answers = [a for status, a in told["responses"].items() if status[0] == "2"]
    answer = answers[0].get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=str(told.get("summary", told["operationId"])),
        in_path=of["path"],
        query=of["query"],
        required=frozenset(each["name"] for each in parameters if each.get("required")),
        body=body.get("content", {}).get("application/json", {}).get("schema"),
        needs_body=body.get("required", False),
        answer=answer,
        item=_item(document, answer) if "after" in of["query"] else None,
        has_key="Idempotency-Key" in of["header"],
        has_condition="If-Match" in of["header"],
        row=_row(document, body.get("content", {})),
        takes_file="application/octet-stream" in body.get("content", {}),
        tokens={
            each.lower().replace("-", "_"): each for each in of["header"] if each not in _BY_HAND
        },
    )


_BY_HAND = ("Accept-Language", "Idempotency-Key", "If-Match")
"""Headers that the by-hand part writes."""


def _row(document: Json, content: Json) -> Json | None:
    """Return the shape of a row of a body that may come as JSON lines."""
    if JSON_LINES not in content:
        return None
    if "application/json" not in content:  # a file, whose columns the document does not know
        return {"type": "object", "additionalProperties": {"type": "string"}}
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    body = document["components"]["schemas"][name]["properties"]
    [rows] = [each["items"] for each in body.values() if each.get("type") == "array"]
    return cast(Json, rows)


def _item(document: Json, answer: Json | None) -> Json | None:
    if answer is None or "$ref" not in answer:
        return None
    page = document["components"]["schemas"][answer["$ref"].rpartition("/")[2]]
    items: Json | None = page["properties"].get("items", {}).get("items")
    return items if "next" in page["properties"] else None


MARK = "Written by `make contracts` (tests/contracts/clients.py) from the API document."


def python_models(document: Json) -> str:
    """Return the types of all documents that are sent and answered."""
    python = Python()
    lines = [f'"""What is sent and answered. {MARK}"""', "", "from __future__ import annotations"]
    lines += ["", "from typing import Any, Literal, NotRequired, TypedDict", ""]
    for name, schema in _sorted_schemas(document):
        if "properties" not in schema:
            lines += [f"{name} = {type_of(schema, python)}"]
            continue
        fields = {
            field: type_of(told, python)
            if field in schema.get("required", ())
            else f"NotRequired[{type_of(told, python)}]"
            for field, told in schema["properties"].items()
        }
        if all(field.isidentifier() and not iskeyword(field) for field in fields):
            lines += [
                "",
                f"class {name}(TypedDict):",
                *(f"    {f}: {t}" for f, t in fields.items()),
            ]
            lines += [] if fields else ["    pass"]
        else:
            told = ", ".join(f"{json.dumps(f)}: {_quoted(t)}" for f, t in fields.items())
            lines += [f'{name} = TypedDict("{name}", {{{told}}})']
    return _formatted("\n".join(lines))


def _quoted(kind: str) -> str:
    """Return a type that may name what is defined later, for where it is evaluated."""
    found = re.fullmatch(r"NotRequired\[(.*)\]", kind)
    return f"NotRequired[{found[1]!r}]" if found else repr(kind)


def _sorted_schemas(document: Json) -> list[tuple[str, Json]]:
    """Return the schemas by name, those first that stand for closed sets of values."""
    known = {pascal(name): schema for name, schema in document["components"]["schemas"].items()}
    if len(known) < len(document["components"]["schemas"]):
        raise ValueError("two schemas would have one name")
    return sorted(known.items(), key=lambda each: ("properties" in each[1], each[0]))


def python_operations(document: Json) -> str:
    """Return one method for each operation, for those who wait and for those who await."""
    lines = [
        f'"""One method for each operation. {MARK}"""',
        "",
        "from __future__ import annotations",
    ]
    lines += ["", "from collections.abc import AsyncIterator, Iterable, Iterator"]
    lines += ["from pathlib import Path", "from typing import Any, Literal, cast", ""]
    lines += ["from kaoping_client import models as m"]
    lines += ["from kaoping_client.calls import AsyncCalls, Calls", ""]
    for name, base, is_async in (
        ("Operations", "Calls", False),
        ("AsyncOperations", "AsyncCalls", True),
    ):
        waits = "await" if is_async else "wait"
        lines += [f"class {name}({base}):", f'    """Every operation, for callers that {waits}."""']
        for each in operations(document):
            lines += _python_method(each.of_a_document, is_async)
            if each.row is not None and each.body is not None:
                lines += _python_method(each.of_rows, is_async)
            if each.item is not None:
                lines += _python_pages(each, each.item, is_async)
            if each.answer is None:
                lines += _python_downloads(each, is_async)
    return _formatted("\n".join(lines))


def _models_of(schema: Json | None) -> str:
    """Return a type as the file of operations writes it."""
    python = Python()
    python.named = lambda name: f"m.{name}"  # type: ignore[method-assign]
    return "bytes" if schema is None else type_of(schema, python)


def _python_arguments(each: Operation, without: str = "") -> tuple[str, str, str]:
    """Return the parameters, the path and the query as they are written."""
    first = ["self", *(f"{_safe(name)}: {_models_of(told)}" for name, told in each.in_path.items())]
    if each.body is not None:
        first.append(
            f"body: {_models_of(each.body)}" + ("" if each.needs_body else " | None = None")
        )
    elif each.row is not None:
        first.append(f"rows: Iterable[{_models_of(each.row)}] | Path")
    elif each.takes_file:
        first.append("content: bytes | Path")
    query = {name: told for name, told in each.query.items() if name != without}
    named = [
        f"{_safe(name)}: {_models_of(told)}"
        if name in each.required
        else f"{_safe(name)}: {_optional(_models_of(told))} = None"
        for name, told in query.items()
    ]
    named += [f"{name}: str | None = None" for name in each.tokens]
    if each.has_key:
        named.append("idempotency_key: str | None = None")
    if each.has_condition:
        named.append("if_match: str | None = None")
    path = re.sub(r"\{(\w+)\}", lambda found: f"{{self.part({_safe(found[1])})}}", each.path)
    asked = ", ".join(f'"{name}": {_safe(name)}' for name in query)
    return ", ".join(first + (["*", *named] if named else [])), f'f"{path}"', f"{{{asked}}}"


def _safe(name: str) -> str:
    name = name.replace(".", "_")
    return f"{name}_" if iskeyword(name) or name in {"self", "body", "rows", "content"} else name


def _optional(kind: str) -> str:
    return kind if kind.endswith("None") else f"{kind} | None"


def _python_method(each: Operation, is_async: bool) -> list[str]:
    parameters, path, query = _python_arguments(each)
    answer = _models_of(each.answer)
    more = [f'"{each.method}"', path]
    more += [f"query={query}"] if query != "{}" else []
    more += ["body=body"] if each.body is not None else []
    more += ["rows=rows"] if each.body is None and each.row is not None else []
    more += ["content=content"] if each.takes_file else []
    if each.tokens:
        told = ", ".join(f'"{header}": {name}' for name, header in each.tokens.items())
        more += [f"headers={{{told}}}"]
    more += ["key=self.key(idempotency_key)"] if each.has_key else []
    more += ["if_match=if_match"] if each.has_condition else []
    more += ["raw=True"] if each.answer is None else []
    define, wait = ("async def", "await ") if is_async else ("def", "")
    return [
        f"    {define} {each.id}({parameters}) -> {answer}:",
        f"        {json.dumps(each.summary + _from_what(each) + '.', ensure_ascii=False)}",
        f"        return cast({json.dumps(answer)}, {wait}self.call({', '.join(more)}))",
        "",
    ]


def _from_what(each: Operation) -> str:
    is_of_rows = each.body is None and each.row is not None
    return ", from rows or a file of them" if is_of_rows else ""


def _python_pages(each: Operation, shape: Json, is_async: bool) -> list[str]:
    parameters, path, query = _python_arguments(each, without="after")
    item = _models_of(shape)
    define, kind = ("def", "AsyncIterator") if is_async else ("def", "Iterator")
    return [
        f"    {define} {each.pages}({parameters}) -> {kind}[{item}]:",
        f"        {json.dumps(each.summary + ': every item of every page.', ensure_ascii=False)}",
        f'        return cast("{kind}[{item}]", self.pages({path}, {query}))',
        "",
    ]


def _python_downloads(each: Operation, is_async: bool) -> list[str]:
    parameters, path, query = _python_arguments(each)
    # The ending of the file's name says what it is to be.
    query = query.replace('"format": format', '"format": format or file.suffix[1:]')
    first, star, named = parameters.partition(", *")
    define, wait = ("async def", "await ") if is_async else ("def", "")
    return [
        f"    {define} {each.downloads}({first}, file: Path{star}{named}) -> None:",
        f"        {json.dumps(each.summary + ': into a file.', ensure_ascii=False)}",
        f'        {wait}self.call("{each.method}", {path}, query={query}, file=file)',
        "",
    ]


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "100", "-"]
    return subprocess.run(command, input=text, text=True, check=True, capture_output=True).stdout


def typescript(document: Json) -> str:
    """Return types and one method for each operation, in one file."""
    script = TypeScript()
    lines = [f"// {MARK}", "", 'import { Calls, type Options, type Rows } from "./calls.js";', ""]
    for name, schema in _sorted_schemas(document):
        if "properties" not in schema:
            lines.append(f"export type {name} = {type_of(schema, script)};")
            continue
        lines.append(f"export interface {name} {{")
        for field, told in schema["properties"].items():
            mark = "" if field in schema.get("required", ()) else "?"
            lines.append(f"  {_key(field)}{mark}: {type_of(told, script)};")
        lines.append("}")
    lines += ["", "export class Operations extends Calls {"]
    for each in operations(document):
        lines += _script_method(each.of_a_document)
        if each.row is not None and each.body is not None:
            lines += _script_method(each.of_rows)
    return "\n".join([*lines, "}", ""])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_$][\w$]*", name) else json.dumps(name)


def _script_method(each: Operation) -> list[str]:
    script = partial(type_of, language=TypeScript())
    told = [f"{_key(name)}: {script(schema)}" for name, schema in each.in_path.items()]
    told += [
        f"{_key(name)}{'' if name in each.required else '?'}: {script(schema)}"
        for name, schema in each.query.items()
    ]
    told += [f"{name}?: string | null" for name in each.tokens]
    if each.body is not None:
        told.append(f"body{'' if each.needs_body else '?'}: {script(each.body)}")
    elif each.row is not None:
        told.append(f"rows: Rows<{script(each.row)}>")
    elif each.takes_file:
        told.append("content: Blob")
    is_optional = not (each.in_path or each.required & each.query.keys() or each.needs_body)
    asked = f"asked: {{ {'; '.join(told)} }}{' = {}' if is_optional else ''}, " if told else ""
    answer = "Blob" if each.answer is None else script(each.answer)
    path = re.sub(r"\{(\w+)\}", lambda found: f"${{this.part(asked.{found[1]})}}", each.path)
    given = [f"`{path}`", f"[{', '.join(json.dumps(name) for name in each.query)}]"]
    given += ["asked" if told else "{}"]
    flags = f"keyed: {str(each.has_key).lower()}, raw: {str(each.answer is None).lower()}"
    if each.tokens:
        named = [f'"{header}": asked.{name}' for name, header in each.tokens.items()]
        flags += f", headers: {{ {', '.join(named)} }}"
    flags = f"{{ {flags} }}"
    lines = [
        f"  /** {each.summary}{_from_what(each)}. */",
        f"  {camel(each.id)}({asked}options: Options = {{}}): Promise<{answer}> {{",
        f'    return this.call("{each.method}", {", ".join(given)}, {flags}, options);',
        "  }",
    ]
    if each.item is not None:
        lines += [
            f"  /** {each.summary}: every item of every page. */",
            f"  {camel(each.pages)}({asked}options: Options = {{}}): "
            f"AsyncGenerator<{script(each.item)}> {{",
            f"    return this.pages({', '.join(given)}, options);",
            "  }",
        ]
    return lines
