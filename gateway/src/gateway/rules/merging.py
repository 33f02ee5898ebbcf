"""One OpenAPI document made of the documents of all parts.

What several parts define alike stays one component; what they define differently under one
name is named for its part (`Unit` of scoring -> `ScoringUnit`). Operation ids are treated alike.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Key = tuple[str, str]  # a component: its kind ("schemas") and its name

ANYONE = "anyone"
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


class DocumentsDisagree(ValueError):
    """Two parts publish the same path, or a name that cannot be made unique."""


def merge(
    documents: Mapping[str, Json],
    *,
    info: Json,
    roles: Callable[[str, str], Sequence[str]],
    security_schemes: Mapping[str, Json],
) -> Json:
    """Return one OpenAPI 3.1 document of `documents`, which are keyed by the name of their part.

    `roles(method, path)` are the roles that may ask: they become `x-roles` of the operation, and
    decide whether it wants one of the `security_schemes`.
    """
    names = _component_names(documents)
    ids = _operation_ids(documents)
    merged: Json = {"openapi": "3.1.0", "info": info, "paths": {}}
    merged["servers"] = [{"url": "/", "x-internal": False}]
    merged["x-problems"] = {
        k: t for d in documents.values() for k, t in d.get("x-problems", {}).items()
    }
    components: dict[str, Json] = {}
    for part, document in documents.items():
        for (kind, name), component in _components(document):
            new = names[part][kind, name]
            components.setdefault(kind, {})[new] = _retitled(_pointed(component, names[part]), new)
        for path, item in document["paths"].items():
            if path in merged["paths"]:
                raise DocumentsDisagree(f"{path} is published twice")
            merged["paths"][path] = _pointed(item, names[part])
            for method, operation in _operations(merged["paths"][path]):
                allowed = list(roles(method.upper(), path))
                operation["operationId"] = ids[part, operation["operationId"]]
                operation["x-roles"] = allowed
                operation["security"] = (
                    [] if ANYONE in allowed else [{scheme: []} for scheme in security_schemes]
                )
                operation.setdefault("tags", [part])
    merged["components"] = {**components, "securitySchemes": dict(security_schemes)}
    return merged


def pascal(*words: str) -> str:
    """Join names as PascalCase: ``("scoring", "Page_Unit_")`` -> ``"ScoringPageUnit"``."""
    parts = re.split(r"[^A-Za-z0-9]+", " ".join(words))
    return "".join(part[:1].upper() + part[1:] for part in parts)


def _components(document: Json) -> Iterator[tuple[Key, Any]]:
    for kind, named in document.get("components", {}).items():
        if kind != "securitySchemes":
            for name, component in named.items():
                yield (kind, name), component


def _operations(item: Json) -> Iterator[tuple[str, Json]]:
    return ((method, op) for method, op in item.items() if method in METHODS)


def _component_names(documents: Mapping[str, Json]) -> dict[str, dict[Key, str]]:
    """Return, for each part, the new name of each of its components."""
    meanings: dict[Key, set[str]] = {}
    for document in documents.values():
        for key, _ in _components(document):
            meanings.setdefault(key, set()).add(_meaning(document, key))
    names = {
        part: {
            key: key[1] if len(meanings[key]) == 1 else pascal(part, key[1])
            for key, _ in _components(document)
        }
        for part, document in documents.items()
    }
    _refuse_collisions(names)
    return names


def _refuse_collisions(names: Mapping[str, Mapping[Key, str]]) -> None:
    sources: dict[Key, set[Key | tuple[str, str, str]]] = {}
    for part, renamed in names.items():
        for (kind, old), new in renamed.items():
            source = (kind, old) if new == old else (part, kind, old)
            sources.setdefault((kind, new), set()).add(source)
    for (_, new), origins in sources.items():
        if len(origins) > 1:
            raise DocumentsDisagree(f"the name {new} would stand for {len(origins)} components")


def _meaning(document: Json, key: Key) -> str:
    """Return a component with all that it points to, as text that can be compared."""
    known = dict(_components(document))
    reached: dict[Key, Any] = {}
    waiting = [key]
    while waiting:
        at = waiting.pop()
        if at not in reached and at in known:
            reached[at] = known[at]
            waiting.extend(_targets(known[at]))
    return json.dumps(sorted((list(k), v) for k, v in reached.items()), sort_keys=True)


def _targets(node: Any) -> Iterator[Key]:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        for value in node.values():
            yield from _targets(value)
    elif isinstance(node, list):
        for value in node:
            yield from _targets(value)
    elif (key := _key_of(node)) is not None:
        yield key


def _key_of(node: object) -> Key | None:
    """Read a pointer such as ``#/components/schemas/Unit``, in `$ref` or in a discriminator."""
    if not isinstance(node, str) or not node.startswith("#/components/"):
        return None
    _, _, kind, name = node.split("/", 3)
    return kind, name


def _pointed(node: Any, names: Mapping[Key, str]) -> Any:  # noqa: ANN401 - any JSON
    """Return a copy of `node` whose pointers lead to the new names."""
    if isinstance(node, dict):
        return {key: _pointed(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [_pointed(value, names) for value in node]
    key = _key_of(node)
    return node if key is None else f"#/components/{key[0]}/{names[key]}"


def _retitled(component: Any, name: str) -> Any:  # noqa: ANN401 - any JSON
    # Generators of clients name classes by `title`, and drop one of two that are equal. The title
    # of a property only repeats its name.
    if isinstance(component, dict) and "title" in component:
        known = component.get("properties", {})
        properties = {each: _untitled(node) for each, node in known.items()}
        return {**component, "title": name} | ({"properties": properties} if known else {})
    return component


def _untitled(node: Json) -> Json:
    return {key: value for key, value in node.items() if key != "title"}


def _operation_ids(documents: Mapping[str, Json]) -> dict[tuple[str, str], str]:
    """Return the new operation id for each part and old id."""
    own = [
        (part, operation["operationId"])
        for part, document in documents.items()
        for item in document["paths"].values()
        for _, operation in _operations(item)
    ]
    uses = Counter(old for _, old in own)
    new = {(part, old): old if uses[old] == 1 else f"{part}_{old}" for part, old in own}
    if len(set(new.values())) < len(own):
        raise DocumentsDisagree("an operation id cannot be made unique")
    return new
