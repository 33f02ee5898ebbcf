"""Bodies as the published documents have them, with a field at its limit or one past it.

A field is known by the operation and by where it stands: `GET /api/v1/events?limit`, or
`POST /api/v1/units#/units/0/name`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Json = Any
Steps = tuple[str | int, ...]

DEEPEST = 3
"""So often one kind of object may stand within itself."""
_CODE = r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$"
_TEXTS: dict[str, Callable[[int, int], str]] = {
    _CODE: lambda n, size: f"c{n}".ljust(size, "a"),
    _CODE.replace("\\-", "-"): lambda n, size: f"c{n}".ljust(size, "a"),
    r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$": lambda n, size: _digits(n, size),
    r"^[0-9a-f]{64}$": lambda n, size: f"{n:x}".rjust(size, "0")[:size],
    r"^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$": lambda _, size: "AAAA-BBBB-CCCC".ljust(size, "A")[
        :size
    ],
    r"^[0-9]{4}-(0[1-9]|1[0-2])$": lambda _, size: "2025-01".ljust(size, "1")[:size],
    r"^[A-Za-z0-9_-]{43}$": lambda n, size: f"k{n}".ljust(size, "a")[:size],
    r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}:-?[0-9]{1,18}(\.[0-9]{1,12})?$": lambda n, _: f"c{n}:1",
}
"""How a text of a pattern is made: the number that tells it from others, and how long it is."""


def _digits(number: int, size: int) -> str:
    """Return a number of so many signs, with minus and point where it has to have them."""
    if size <= 18:
        return str(number + 1).ljust(size, "1")[:size]
    return "-" + "1" * 18 + "." + "1" * (size - 20)


_BOUNDED = {_CODE: 64, _CODE.replace("\\-", "-"): 64}
"""Patterns that say themselves how long a text may be."""
_FORMATS = {
    "uuid": lambda n: f"00000000-0000-4000-8000-{n:012d}",
    "date": lambda n: f"2025-{n % 12 + 1:02d}-{n // 12 % 28 + 1:02d}",
    "date-time": lambda n: f"2025-01-{n % 28 + 1:02d}T00:00:00Z",
}


@dataclass(frozen=True)
class Bound:
    """A field with a limit: where it stands, what limits it, and how a value is made."""

    at: Steps
    keyword: str
    limit: int
    make: Callable[[int], Json]
    """Return a value of such a size: a number, a text of so many signs, a list of so many."""

    @property
    def pointer(self) -> str:
        """Return the place as a fault names it (RFC 6901)."""
        return "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in self.at)

    @property
    def name(self) -> str:
        """Return the place as it is known whichever row of a list is tried."""
        return "".join(f"/{each}" for each in self.at)

    @property
    def is_upper(self) -> bool:
        """Say whether it bounds from above."""
        return self.keyword in {"maxLength", "maxItems", "maximum", "maxProperties"}

    def value(self, over: int) -> Json:
        """Return the value at the limit, or `over` past it, to whichever side it bounds."""
        return self.make(self.limit + over if self.is_upper else self.limit - over)

    def within(self, place: Steps) -> "Bound":
        """Return the same limit of what stands further within."""
        return replace(self, at=(*place, *self.at))


@dataclass
class Shape:
    """One body of a kind, every field in it, and the limits that it has."""

    body: Json = None
    bounds: list[Bound] = field(default_factory=list)


@dataclass
class Reader:
    """Makes bodies of what a document publishes; `choice` says which of several forms each field
    has that may have several."""

    schemas: Mapping[str, Json]
    choice: int = 0
    most: int = 1
    """Of so many forms the field with the most has."""
    around: list[str] = field(default_factory=list)

    def shape(self, schema: Json) -> Shape:
        """Return the whole body that a schema describes."""
        found = Shape()
        found.body = self._made(schema, (), found.bounds, 0)
        return found

    def _made(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            self.around.append(name)
            try:
                return self._made(self.schemas[name], at, bounds, number)
            finally:
                self.around.pop()
        forms = [
            each
            for each in schema.get("anyOf", schema.get("oneOf", schema.get("allOf", ())))
            if each.get("type") != "null"
        ]
        if any(each.get("type") == "number" for each in forms):
            # A number that may be written as a text, too: the text has no length of its own.
            forms = [each for each in forms if each.get("type") == "number" or "pattern" in each]
        if forms:
            self.most = max(self.most, len(forms))
            chosen = forms[self.choice % len(forms)]
            return self._made(chosen, at, bounds, number)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][number % len(schema["enum"])]
        kind = schema.get("type")
        made = getattr(self, f"_{kind}", None)
        return made(schema, at, bounds, number) if made else {}

    def _object(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        told = {}
        for name, each in schema.get("properties", {}).items():
            if self._goes_on(each) and name not in schema.get("required", ()):
                continue
            told[name] = self._made(each, (*at, name), bounds, number)
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and not told and not self._goes_on(more):
            told["k1"] = self._made(more, (*at, "k1"), bounds, number)
            if "maxProperties" in schema:
                bounds.append(Bound(at, "maxProperties", schema["maxProperties"], self._keys(more)))
        return told

    def _keys(self, schema: Json) -> Callable[[int], Json]:
        def make(size: int) -> Json:
            return {f"k{n}": self._small(schema, n) for n in range(size)}

        return make

    def _goes_on(self, schema: Json) -> bool:
        """Say whether an object of this kind stands in itself too often already."""
        inside = re.findall(r"#/components/schemas/([^']+)", str(schema))
        return any(self.around.count(each) >= DEEPEST for each in inside)

    def _small(self, schema: Json, number: int) -> Json:
        """Return the smallest that a schema takes: no field that may be left out."""
        reader = _Least(self.schemas, self.choice, around=[*self.around])
        return reader._made(schema, (), [], number)

    def _resolved(self, schema: Json) -> Json:
        name = schema.get("$ref", "").rpartition("/")[2]
        return self.schemas.get(name, schema)

    def _array(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        items = schema.get("items", {})

        def make(size: int) -> Json:
            return [self._small(items, n) for n in range(size)]

        there = len(self._resolved(items).get("enum", ())) or 10**9  # each stands there once
        for keyword in ("maxItems", "minItems"):
            if schema.get(keyword) and schema[keyword] < there:
                bounds.append(Bound(at, keyword, schema[keyword], make))
        least = max(1, schema.get("minItems", 1))
        if self._goes_on(items) and not schema.get("minItems"):
            return []
        return [self._made(items, (*at, n), bounds if n == 0 else [], n) for n in range(least)]

    def _string(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        pattern, known = schema.get("pattern", ""), schema.get("format")
        if known in _FORMATS:
            return _FORMATS[known](number)
        text = _TEXTS.get(pattern, lambda n, size: f"w{n}".ljust(size, "a")[:size])

        def make(size: int) -> str:
            return text(number, size)

        for keyword in ("maxLength", "minLength"):
            if keyword in schema:
                bounds.append(Bound(at, keyword, schema[keyword], make))
        if pattern in _BOUNDED and "maxLength" not in schema:
            bounds.append(Bound(at, "maxLength", _BOUNDED[pattern], make))
        least = max(schema.get("minLength", 1), len(f"w{number}"))
        return text(number, min(least, schema.get("maxLength", least)))

    def _integer(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        low, high = schema.get("minimum"), schema.get("maximum")
        for keyword in ("maximum", "minimum"):
            if keyword in schema:
                bounds.append(Bound(at, keyword, int(schema[keyword]), int))
        usual = int(number + 1 if low is None else low + number)
        return usual if high is None else min(usual, int(high))

    _number = _integer

    def _boolean(self, *_: object) -> Json:
        return True

    def _null(self, *_: object) -> Json:
        return None


class _Least(Reader):
    """Makes bodies of which nothing could be left out."""

    def _object(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        wanted, of = schema.get("required", ()), schema.get("properties", {})
        told = {name: self._made(of[name], (*at, name), [], number) for name in wanted}
        more = schema.get("additionalProperties")
        # Who sends an object of any keys says something.
        return told or ({"k1": self._made(more, at, [], 0)} if isinstance(more, dict) else {})

    def _array(self, schema: Json, at: Steps, bounds: list[Bound], number: int) -> Json:
        least = schema.get("minItems", 0)
        return [self._made(schema.get("items", {}), at, [], n) for n in range(least)]


def shapes(schema: Json, schemas: Mapping[str, Json]) -> Iterator[Shape]:
    """Yield bodies of a kind until each field was there in each of its forms."""
    choice = most = 0
    while choice <= most:
        reader = Reader(schemas, choice)
        yield reader.shape(schema)
        most = max(most, reader.most - 1)
        choice += 1


def replaced(body: Json, at: Steps, value: Json) -> Json:
    """Return a body with another value in one place."""
    if not at:
        return value
    if isinstance(body, list):
        copy: Json = [*body]
    else:
        copy = {**body}
    copy[at[0]] = replaced(copy[at[0]], at[1:], value)
    return copy
