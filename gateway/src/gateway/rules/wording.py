"""The words of the API document, put into it in one language.

A property, a parameter and a value of a closed set have words by their name alone; where one means
something else, the schema or the operation has words of its own for it. What stands in a docstring
(of an operation, of a schema) is the English description; the catalogue has the Chinese one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

Json = dict[str, Any]
Said = Mapping[str, str]
"""The same in every language."""

LANGUAGES = ("zh", "en")
_METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_JSON = "application/json"
_EXAMPLE_TYPES = frozenset({_JSON, "application/x-www-form-urlencoded"})
_TERM = re.compile(r" \([^()]*[\u4e00-\u9fff][^()]*\)")
_PARTED = re.compile(r"-(Input|Output)$")


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of the parts of the document.

    `asked` is filled as words are looked up: what stays out of it is not used by any document.
    """

    SECTIONS: ClassVar = (
        "info", "tags", "operations", "descriptions", "schemas", "properties", "parameters",
        "values", "answers", "examples",
    )  # fmt: skip
    info: Mapping[str, Said]
    tags: Mapping[str, Any]
    operations: Mapping[str, Any]
    descriptions: Mapping[str, str]
    schemas: Mapping[str, Any]
    properties: Mapping[str, Any]
    parameters: Mapping[str, Any]
    values: Mapping[str, Said]
    answers: Mapping[str, Said]
    examples: Mapping[str, Any] = field(default_factory=dict)
    """By operation: the `body` that is sent, the `answer` with its `status`, and what it is where
    the command is only `checked`, unless that is the same."""
    asked: set[tuple[str, ...]] = field(default_factory=set)

    def find(self, *path: str) -> Any:  # noqa: ANN401 - what stands there
        """Return what stands at a place of the catalogue, or None."""
        found: Any = getattr(self, path[0])
        for step in path[1:]:
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is not None:
            self.asked.add(path)
        return found

    def first(self, *paths: tuple[str, ...]) -> Any:  # noqa: ANN401 - what stands there
        """Return what stands at the first of some places where anything does."""
        for path in paths:
            if (found := self.find(*path)) is not None:
                return found
        return None


def worded(document: Json, words: Words, language: str) -> Json:
    """Return the document with its words in one language.

    What has none keeps what it had: a service may be of another version than the catalogue.
    """
    return _Wording(words, language).of(document)


def base_name(schema: str) -> str:
    """Return the name under which a schema has words: what goes in and what comes out share it."""
    return _PARTED.sub("", schema)


def operations(document: Json) -> Iterator[Json]:
    """Yield the operations of a document."""
    for item in document["paths"].values():
        yield from (operation for method, operation in item.items() if method in _METHODS)


class _Wording:
    def __init__(self, words: Words, language: str) -> None:
        self._words, self._language = words, language

    def of(self, document: Json) -> Json:
        made: Json = _copied(document)
        for name, text in self._words.info.items():
            made["info"][name] = text[self._language]
        self._problems(made)
        for operation in operations(made):
            self._operation(operation, made["x-problems"])
        self._tags(made)
        for name, schema in made["components"]["schemas"].items():
            self._schema(base_name(name), schema)
        return made

    def _said(self, found: Any) -> str | None:  # noqa: ANN401 - of the catalogue
        return None if found is None else found.get(self._language)

    def _problems(self, made: Json) -> None:
        for kind, told in made.setdefault("x-problems", {}).items():
            title, remedy = told[self._language], told["remedy"][self._language]
            made["x-problems"][kind] = {"status": told["status"], "title": title, "remedy": remedy}

    def _tags(self, made: Json) -> None:
        used = dict.fromkeys(tag for each in operations(made) for tag in each.get("tags", ()))
        made["tags"] = [self._tag(name) for name in used]

    def _tag(self, name: str) -> Json:
        found = self._words.find("tags", name)
        if found is None:
            return {"name": name}
        about = found["about"][self._language]
        return {"name": name, "x-displayName": found[self._language], "description": about}

    def _operation(self, operation: Json, problems: Json) -> None:
        name = operation["operationId"]
        found = self._words.find("operations", name)
        if found is not None:
            operation["summary"] = found["summary"][self._language]
        if self._language == "zh" and (text := self._words.find("descriptions", name)):
            operation["description"] = text
        for parameter in operation.get("parameters", ()):
            own = ("operations", name, "parameters", parameter["name"])
            told = self._words.first(own, ("parameters", parameter["name"]))
            self._describe(parameter, told, parameter["schema"])
        for answer in operation["responses"].values():
            kinds = answer.pop("x-problems", None)
            if kinds is None:
                told = self._said(self._words.find("answers", answer["description"]))
                answer["description"] = told or answer["description"]
            else:
                lines = (f"`{kind}`: {problems[kind]['title']}" for kind in kinds)
                answer["description"] = "\n".join(lines)
        self._examples(operation)

    def _examples(self, operation: Json) -> None:
        told = self._words.find("examples", operation["operationId"]) or {}
        sent = operation.get("requestBody", {}).get("content", {})
        for kind in _EXAMPLE_TYPES & sent.keys() if "body" in told else ():
            sent[kind]["example"] = told["body"]
        for status, example in _answers(operation, told).items():
            operation["responses"][status]["content"][_JSON]["example"] = example

    def _schema(self, name: str, schema: Json) -> None:
        found = self._words.find("schemas", name) or {}
        text = found.get(self._language) or schema.get("description", "")
        # Docstrings name the term in brackets for who reads the code.
        schema["description"] = text if self._language == "zh" else _TERM.sub("", text)
        if "enum" in schema:
            self._list_values(schema, schema, found)
        for each, node in schema.get("properties", {}).items():
            own = ("schemas", name, "properties", each)
            self._describe(node, self._words.first(own, ("properties", each)), node)

    def _describe(self, place: Json, told: Any, node: Json) -> None:  # noqa: ANN401 - of the catalogue
        if text := self._said(told):
            place["description"] = text
            node.pop("description", None) if node is not place else None
            for inner in node.get("anyOf", ()):  # which says the same in one language alone
                inner.pop("description", None)
        for closed in _closed_sets(node):
            self._list_values(place, closed, told or {})

    def _list_values(self, place: Json, closed: Json, told: Mapping[str, Any]) -> None:
        """Say what each value of a closed set means, for people and for programs."""
        own = told.get("values", {})
        meanings = [self._said(self._meaning(str(v), own)) for v in closed["enum"]]
        if None in meanings:
            return
        closed["x-enum-descriptions"] = meanings
        pairs = zip(closed["enum"], meanings, strict=True)
        between = "；" if self._language == "zh" else "; "
        lines = between.join(f"`{value}` {meaning}" for value, meaning in pairs)
        place["description"] = "\n".join(filter(None, [place.get("description"), lines]))

    def _meaning(self, value: str, own: Mapping[str, Said]) -> Said | None:
        return own[value] if value in own else self._words.find("values", value)


def _closed_sets(node: Json) -> Iterator[Json]:
    """Yield the closed sets of values that stand in a property itself, not behind a pointer."""
    if "enum" in node:
        yield node
    inner = [*node.get("anyOf", ()), node.get("items"), node.get("additionalProperties")]
    for each in inner:
        if isinstance(each, dict):
            yield from _closed_sets(each)


def _copied(node: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(node, dict):
        return {key: _copied(value) for key, value in node.items()}
    return [_copied(value) for value in node] if isinstance(node, list) else node


def lacking(document: Json, words: Words) -> list[str]:
    """Name what has no words in some language: tags, operations, parameters, answers, schemas,
    properties, values of closed sets, and bodies and answers without an example."""
    places = {*_places(document), *_schema_places(document)}
    names = [each["operationId"] for each in operations(document)]
    untold = [f"descriptions {each}" for each in names if each not in words.descriptions]
    untold += [
        f"schemas {base_name(name)}"
        for name, schema in document["components"]["schemas"].items()
        if not _is_said({"en": schema.get("description")} | words.schemas.get(base_name(name), {}))
    ]
    untold += [*_bodies_not_shown(document, words), *_answers_not_shown(document, words)]
    meaningless = _meaningless(document, words)
    return sorted(
        {*untold, *meaningless, *(" ".join(p[0]) for p in places if not _is_said(words.first(*p)))}
    )


def _answers(operation: Json, told: Mapping[str, Any]) -> Json:
    """Return the examples of an operation's answers, by status."""
    if "answer" not in told:
        return {}
    shown, known = {told["status"]: told["answer"]}, operation["responses"]
    if told["status"] == "201" and _shape(known, "200") == _shape(known, "201"):
        # What a command would answer that is only checked: the same, and nothing was kept.
        shown["200"] = told.get("checked", told["answer"] | {"receipt": None})
    return shown


def _shape(answers: Json, status: str) -> Any:  # noqa: ANN401 - a schema
    return answers.get(status, {}).get("content", {}).get(_JSON, {}).get("schema")


def _answers_not_shown(document: Json, words: Words) -> Iterator[str]:
    """Name the operations that have an answer of JSON without an example."""
    for each in operations(document):
        name, answers = each["operationId"], each["responses"]
        shown = _answers(each, words.examples.get(name, {}))
        if any(s[0] == "2" and _shape(answers, s) and s not in shown for s in answers):
            yield f"examples {name} answer"


def _bodies_not_shown(document: Json, words: Words) -> list[str]:
    return [
        f"examples {each['operationId']}"
        for each in operations(document)
        if "requestBody" in each and "body" not in words.examples.get(each["operationId"], {})
    ]


def _is_said(found: Any) -> bool:  # noqa: ANN401 - of the catalogue
    return found is not None and all(found.get(language) for language in LANGUAGES)


def _schema_places(document: Json) -> Iterator[tuple[tuple[str, ...], ...]]:
    for name, schema in document["components"]["schemas"].items():
        for each in schema.get("properties", {}):
            own = ("schemas", base_name(name), "properties", each)
            yield own, ("properties", each)


def _meaningless(document: Json, words: Words) -> Iterator[str]:
    """Name the values of closed sets that are not said to mean anything in some language."""
    for path, node, told in _worded_nodes(document, words):
        own = told.get("values", {})
        values = [str(value) for closed in _closed_sets(node) for value in closed["enum"]]
        for value in values:
            if not _is_said(own.get(value) or words.find("values", value)):
                yield f"values {path} {value}"


def _worded_nodes(document: Json, words: Words) -> Iterator[tuple[str, Json, Any]]:
    """Yield each schema and property with its place and what is said of it."""
    for name, schema in document["components"]["schemas"].items():
        base = base_name(name)
        if "enum" in schema:
            yield base, schema, words.find("schemas", base) or {}
        for each, node in schema.get("properties", {}).items():
            own = ("schemas", base, "properties", each)
            yield f"{base} {each}", node, words.first(own, ("properties", each)) or {}


def _places(document: Json) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield for each thing the places where its words may stand, its own first."""
    for operation in operations(document):
        name = operation["operationId"]
        yield (("operations", name, "summary"),)
        for tag in operation["tags"]:
            yield (("tags", tag),)
            yield (("tags", tag, "about"),)
        for each in operation.get("parameters", ()):
            own = ("operations", name, "parameters", each["name"])
            yield own, ("parameters", each["name"])
        for answer in operation["responses"].values():
            if "x-problems" not in answer:
                yield (("answers", answer["description"]),)


def unused(words: Words) -> list[str]:
    """Name the words that no document asked for, of those that were looked up until now."""
    places = [(s, name) for s in Words.SECTIONS if s != "info" for name in getattr(words, s)]
    own = [
        (section, name, inner, each)
        for section, inner in (("schemas", "properties"), ("operations", "parameters"))
        for name, told in getattr(words, section).items()
        for each in told.get(inner, {})
    ]
    return [" ".join(place) for place in [*places, *own] if place not in words.asked]


def shared(document: Json, others: Sequence[Json] = ()) -> Json:
    """Return the document with parameters and refusals that stand at several operations once.

    `others` are the same document in other languages: only what is said alike in each of them is
    shared, so that a client that is generated from one has the names of those from the others.
    """
    made: Json = _copied(document)
    for kind, places_of in (("parameters", _parameters), ("responses", _refusals)):
        said = [
            [(name, repr(holder[key])) for holder, key, name in places_of(each)]
            for each in (made, *others)
        ]
        alike = [*zip(*said, strict=True)]
        _share(made["components"], kind, [*zip(places_of(made), alike, strict=True)])
    return made


def _parameters(made: Json) -> Iterator[tuple[Any, Any, str]]:
    for operation in operations(made):
        for at, each in enumerate(operation.get("parameters", ())):
            yield operation["parameters"], at, _pascal(each["name"])


def _refusals(made: Json) -> Iterator[tuple[Any, Any, str]]:
    for operation in operations(made):
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                kinds = re.findall(r"(?m)^`([a-z0-9-]+)`", answer["description"])
                yield operation["responses"], status, "Or".join(map(_pascal, kinds)) or status


def _share(components: Json, kind: str, places: list[tuple[tuple[Any, Any, str], Any]]) -> None:
    """Move what is said alike in two places and more to the components.

    Of several that would have one name, the one that stands there most often gets it.
    """
    uses: dict[str, dict[Any, list[tuple[Any, Any]]]] = {}
    for (holder, key, name), said in places:
        uses.setdefault(name, {}).setdefault(said, []).append((holder, key))
    for name, alike in sorted(uses.items()):
        most = max(alike.values(), key=len)
        if len(most) > 1:
            holder, key = most[0]
            components.setdefault(kind, {})[name] = holder[key]
            for holder, key in most:
                holder[key] = {"$ref": f"#/components/{kind}/{name}"}


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]", name))
