"""No field of any body takes a number that leads to a person: every field of every one is tried."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from tests.contracts.publish import PARTS, committed_document

from chassis.row_readers import CSV, JSON_LINES
from chassis.wire import Incoming
from chassis.workbooks import WORKBOOK

NUMBERS = ("138-0013-8000", "tel_13800138000", "张三 13800138000", "11010519491231002X")
FILE = "application/octet-stream"
NO_MODEL = {"application/x-www-form-urlencoded", FILE, JSON_LINES, CSV, WORKBOOK}
LANDLINES = ("0571-87654321", "李四 (0773)2345678")
CITIZENS = ("wang@example.com", "6222 0212 3456 7890 128", *LANDLINES)
FOUND = {"phone_number", "identity_number", "mail_address", "card_number"}
CLOSED = {
    "literal_error", "enum", "uuid_parsing", "uuid_type", "date_from_datetime_parsing",
    "date_parsing", "datetime_parsing", "datetime_from_date_parsing", "int_parsing", "int_type",
    "bool_parsing", "bool_type", "decimal_parsing", "value_error", "string_pattern_mismatch",
    "model_type", "dataclass_type", "dict_type", "list_type", "tuple_type",
    "string_too_short", "model_attributes_type", "date_type", "mapping_type", "none_required",
}  # fmt: skip
"""How a field refuses what is no number, day, code or word of a list: it can hold nothing else."""

SEALED = {"NewPublicObjection": {("contact",)}, "NewPublicComplaint": {("contact",)}}
"""The fields that take such a number: it is sealed by a key of its own, and never shown."""

Step = str | int
Schema = dict[str, Any]


def bodies(kind: type[Incoming] = Incoming) -> Iterator[type[Incoming]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from bodies(sub)


for part in PARTS:
    import_module(f"{part}.app")
BODIES = sorted(
    {kind for kind in bodies() if kind.__module__.partition(".")[0] in PARTS},
    key=lambda kind: (kind.__module__, kind.__name__),
)


class Example:
    """An instance of a JSON schema with everything in it, and the places where a text may stand."""

    def __init__(self, schema: Schema) -> None:
        self._defs = schema.get("$defs", {})
        self.texts: list[tuple[Step, ...]] = []
        self.keys: list[tuple[Step, ...]] = []
        self._inside: list[str] = []
        self.value = self._of(schema, ())

    def _of(self, schema: Schema, at: tuple[Step, ...]) -> Any:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            self._inside.append(name)
            found = self._of(self._defs[name], at)
            self._inside.pop()
            return found
        if "const" in schema or "enum" in schema:
            self.texts.append(at)
            return schema.get("const", (schema.get("enum") or [None])[0])
        for word in ("anyOf", "oneOf", "allOf"):
            if word in schema:
                kinds = [kind for kind in schema[word] if kind.get("type") != "null"]
                numbers = [kind for kind in kinds if kind.get("type") in {"number", "integer"}]
                return self._of((numbers or kinds)[0], at)
        return self._typed(schema, at)

    def _typed(self, schema: Schema, at: tuple[Step, ...]) -> Any:
        kind = schema.get("type")
        if kind == "object":
            found = {
                name: self._of(each, (*at, name))
                for name, each in schema.get("properties", {}).items()
            }
            by_pattern = next(iter(schema.get("patternProperties", {}).values()), None)
            more = by_pattern or schema.get("additionalProperties")
            if more is True or isinstance(more, dict):
                found["A"] = self._of(more if isinstance(more, dict) else {}, (*at, "A"))
                self.keys.append(at)
            return found
        if kind == "array":
            inside = schema.get("items", {})
            again = inside.get("$ref", "").rpartition("/")[2] in self._inside
            return [] if again else [self._of(inside, (*at, 0))]
        if kind in {"integer", "number"}:
            return schema.get("minimum", 1)
        if kind == "boolean":
            return False
        self.texts.append(at)
        formats = {"uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12, "date": "2025-01-31"}
        formats["date-time"] = "2025-01-31T00:00:00Z"
        if schema.get("format") in formats:
            return formats[schema["format"]]
        return next(each for each in ("A1", *LONG) if _fits(each, schema))


LONG = ("a" * 64, "A" * 43, "A" * 22)
"""Texts of which at least one is a digest, a key, or random text that is long enough."""


def _fits(text: str, schema: Schema) -> bool:
    long_enough = len(text) >= schema.get("minLength", 0)
    return long_enough and re.search(schema.get("pattern", ""), text) is not None


def put(document: Any, at: tuple[Step, ...], text: str, *, key: bool = False) -> Any:
    """Return the document with the text in one place, or as the key of an object there."""
    if not at:
        return {**document, text: document["A"]} if key else text
    step, rest = at[0], at[1:]
    if isinstance(document, list):
        return [put(each, rest, text, key=key) for each in document]
    return {**document, step: put(document[step], rest, text, key=key)}


def refused(kind: type[Incoming], document: Any, at: tuple[Step, ...]) -> set[str]:
    """Return how the text at a place is refused, or a key below it."""
    try:
        kind.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        return {each["type"] for each in found if each["loc"][: len(at)] == at}
    return set()


def test_there_are_bodies_and_texts_to_try():
    assert len(BODIES) > 30
    assert sum(len(Example(kind.model_json_schema()).texts) for kind in BODIES) > 100


@pytest.mark.parametrize("kind", BODIES, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_text_of_every_body_refuses_a_number_that_leads_to_a_person(kind):
    """Those of the survey refuse landline numbers too: what they hold was said by people at home.

    Planted bug: derive a body from BaseModel, or look at the fields of type Text only.
    """
    example = Example(kind.model_json_schema())
    numbers = NUMBERS + LANDLINES * kind.__module__.startswith("survey.")
    numbers += CITIZENS * (kind.LOOK is not None)
    tries = [(at, put(example.value, at, text)) for at in example.texts for text in numbers]
    tries += [(at, put(example.value, at, NUMBERS[0], key=True)) for at in example.keys]
    taken = {at for at, document in tries if not refused(kind, document, at) & (FOUND | CLOSED)}
    assert taken == SEALED.get(kind.__name__, set())


def test_a_text_of_another_body_would_be_found():
    """A test of the test."""

    class Careless(BaseModel):
        notes: list[str]
        more: dict[str, str]

    example = Example(Careless.model_json_schema())
    assert (example.texts, example.keys) == ([("notes", 0), ("more", "A")], [("more",)])
    document = put(example.value, ("notes", 0), NUMBERS[0])
    assert refused(Careless, document, ("notes", 0)) == set()


def bodies_named(schema: Schema) -> set[str]:
    """Return the names of what a request's body may be; that it may be left out is none."""
    kinds = [kind for kind in schema.get("anyOf", [schema]) if kind.get("type") != "null"]
    return {kind.get("$ref", "").rpartition("/")[2].removesuffix("-Input") for kind in kinds}


@pytest.mark.parametrize("part", PARTS)
def test_every_body_of_every_route_is_looked_at(part):
    """Forms are those of signing in, of which nothing is stored; rows in another form are read as
    those of the JSON body; a file of any kind is kept as it is."""
    known = {kind.__name__ for kind in BODIES}
    asked = [
        (path, bodies_named(content["schema"]))
        for path, methods in committed_document(part)["paths"].items()
        for operation in methods.values()
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if kind not in NO_MODEL
    ]
    assert asked
    assert [path for path, names in asked if not names or names - known] == []
