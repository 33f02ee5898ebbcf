"""The bounds that every body has by how it is read, written into the document.

A list that says no length of its own is refused above `MAX_ITEMS` all the same, and an object with
free keys above `MAX_KEYS`: linters and generators of forms ask for it, and so do those who send.
"""

from collections.abc import Iterator
from typing import Any

from chassis.decoding import MAX_ITEMS, MAX_KEYS

Json = dict[str, Any]


def bound(document: Json) -> None:
    """Write the bounds of what is sent into the document."""
    for schema in _sent(document):
        for node in _inside(schema):
            if node.get("type") == "array":
                node.setdefault("maxItems", MAX_ITEMS)
            if isinstance(node.get("additionalProperties"), dict):
                node.setdefault("maxProperties", MAX_KEYS)


def sent_schemas(document: Json) -> frozenset[str]:
    """Return the names of the schemas that a body can be made of."""
    known, found = document["components"]["schemas"], set[str]()
    waiting = [
        name
        for item in document["paths"].values()
        for operation in item.values()
        for name in _targets(operation.get("requestBody", {}))
    ]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting.extend(_targets(known[name]))
    return frozenset(found)


def _sent(document: Json) -> Iterator[Json]:
    known = document["components"]["schemas"]
    yield from (known[name] for name in sent_schemas(document))
    for item in document["paths"].values():
        yield from (each.get("requestBody", {}) for each in item.values())


def _inside(node: Any) -> Iterator[Json]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        yield node
        for name, each in node.items():
            if name not in {"examples", "example", "default", "const", "enum"}:
                yield from _inside(each)
    elif isinstance(node, list):
        for each in node:
            yield from _inside(each)


def _targets(node: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    return (
        each["$ref"].rpartition("/")[2]
        for each in _inside(node)
        if isinstance(each.get("$ref"), str) and "/schemas/" in each["$ref"]
    )
