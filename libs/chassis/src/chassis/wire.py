"""Base models and field types of bodies: strict in requests, complete and exact in answers."""

import datetime as dt
import re
import unicodedata
import warnings
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from dataclasses import Field as DataclassField
from decimal import Decimal
from functools import cache, partial
from itertools import chain
from operator import itemgetter
from typing import Annotated, Any, ClassVar, Self, TypeVar, cast, get_args, overload
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ModelWrapValidatorHandler,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic.types import StringConstraints
from pydantic.warnings import UnsupportedFieldAttributeWarning
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

from chassis import personal
from chassis.persons import is_unseen

T = TypeVar("T")
Row = TypeVar("Row")

# FastAPI ignores this one where it makes models; ours are made later, at the first question.
warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)

# ASCII digits only: \d would also match full-width digits, which Decimal() accepts.
_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$"
_is_number = re.compile(_NUMBER[1:-1]).fullmatch
_PLAIN_DIGITS = PydanticCustomError(
    "plain_digits",
    "A number is wanted, in plain digits: at most 18 before the point and 12 after it.",
)
_NOT_EXACT = PydanticCustomError("binary_float", "A binary float is not exact; write digits.")


class Incoming(BaseModel):
    """What a caller sends. Unknown fields are refused, so nothing can be assigned by stealth.

    A number that leads to a person is refused wherever it stands: in every text below, of whatever
    type its field is, and in the keys of objects. A new field need not think of it.

    What is taken is what was written: `1` is no truth value, `"2"` no whole number, and a number of
    seconds no day, although pydantic would read them so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    LOOK: ClassVar[personal.Look | None] = None
    """What its texts are looked through for; None for what those of its package are."""

    @model_validator(mode="wrap")
    @classmethod
    def _is_as_written(cls, raw: Any, read: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401 - what came
        made = read(raw)
        if made is raw:  # has been looked at when it was made
            return made
        look = cls.LOOK or look_of(cls)
        rest = _rest(made.__dict__, look)
        found = list(_fields_otherwise(cls, raw, rest)) if isinstance(raw, Mapping) else []
        found = found or [
            e for name, value in rest.items() for e in people_in(value, name, look=look)
        ]
        if found:
            raise ValidationError.from_exception_data(cls.__name__, found)
        return made


_AT_HOME = set[str]()


def refuse_landlines(package: str) -> None:
    """Have the bodies of a package take no landline numbers either: what they say comes from people
    at home, and not from offices."""
    _AT_HOME.add(package.partition(".")[0])


def look_of(kind: type) -> personal.Look:
    """Return what texts of a body, or of its rows, are looked through for."""
    at_home = _AT_HOME and not _AT_HOME.isdisjoint(_packages_of(kind))
    return personal.EVERYTHING if at_home else personal.PEOPLE


@cache
def _packages_of(kind: type) -> frozenset[str]:
    """Return the packages of a class and of all that it is made from."""
    return frozenset(each.__module__.partition(".")[0] for each in kind.__mro__)


def _rest(made: Mapping[str, object], look: personal.Look) -> dict[str, object]:
    """Return the fields that have to be looked at: nearly all are texts, which are read as they are
    written, and hold no number."""
    return {
        name: value
        for name, value in made.items()
        if value is not None and (type(value) is not str or look.may_hold(value))
    }


class Columns(Sequence[Row]):
    """A list of many objects of one kind, by column: a dataclass whose fields are texts, or texts,
    whole numbers or objects of texts that may be left out.

    Twenty thousand objects are a few lists; one is made where somebody asks for it.
    """

    def __init__(self, kind: type[Row], columns: Mapping[str, list[Any]]) -> None:
        self.kind, self.columns = kind, columns
        self._suspects = dict[str, set[str]]()

    @classmethod
    def of(cls, kind: type[Row], rows: Sequence[Row]) -> Self:
        """Return rows by column."""
        names = _fields_of(cast(Any, kind))
        return cls(kind, {name: [getattr(row, name) for row in rows] for name in names})

    def suspects(self, name: str) -> set[str]:
        """Return the texts of a column that may hold a number that leads to a person."""
        if name not in self._suspects:
            texts = _texts_of(self.columns[name])
            self._suspects[name] = look_of(self.kind).suspects(list(texts))
        return self._suspects[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        """Return the row at a place."""
        if isinstance(at, slice):
            return Columns(self.kind, {name: each[at] for name, each in self.columns.items()})
        return self.kind(**{name: each[at] for name, each in self.columns.items()})


@dataclass(frozen=True, slots=True)
class ByColumn:
    """Says of a field of `Columns` how many rows it takes at most; it takes one at least.

    `words` are, by field, the closed sets that the document names; the rules refuse others. What
    comes is read as a list of the rows would be, which says of each fault where it stands;
    a list that has none is taken column by column.
    """

    most: int
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 - an annotation
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Return the schema of a list of the rows, behind the way of columns."""
        (kind,) = get_args(source)
        assert all(map(_kinds_of, fields(kind))), "another kind of field"  # noqa: S101 - a mistake of ours
        rows = Annotated[list[kind], Field(min_length=1, max_length=self.most)]  # type: ignore[valid-type]
        return core_schema.no_info_wrap_validator_function(
            partial(self._read, kind), handler.generate_schema(rows)
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the schema of the list, with the words that its texts may be."""
        told = handler(schema)
        properties = handler.resolve_ref_schema(told["items"])["properties"]
        for name, words in self.words.items():
            properties[name]["enum"] = [*words]
        return told

    def _read(self, kind: type[Any], raw: Any, read: Callable[[Any], list[Any]]) -> Columns[Any]:  # noqa: ANN401 - what came
        if type(raw) is list and 0 < len(raw) <= self.most:
            columns = by_column(kind, raw)
            if columns is not None:
                return columns
        return Columns.of(kind, read(raw))


_KINDS: Mapping[Any, frozenset[type]] = {
    str: frozenset({str}),
    str | None: frozenset({str, type(None)}),
    int | None: frozenset({int, type(None)}),
    Mapping[str, str] | None: frozenset({dict, type(None)}),
}
"""What may stand in a field of a row that is taken by column, by its annotation."""


def _kinds_of(field: DataclassField[Any]) -> frozenset[type]:
    """Return of which types the values of a field are; none where it cannot stand in a column."""
    kinds = _KINDS.get(field.type, frozenset())
    optional = type(None) in kinds
    return kinds if field.default is (None if optional else MISSING) else frozenset()


def _texts_of(column: Iterable[Any]) -> set[str]:
    """Return all texts in a column, keys of objects too."""
    column = list(column)
    if dict not in set(map(type, column)):
        return {each for each in set(column) if type(each) is str}
    objects = {tuple(each.items()) for each in column if each is not None}
    return {text for each in objects for pair in each for text in pair}


def by_column(kind: type[Any], raw: list[Any]) -> Columns[Any] | None:
    """Return what came by column, or None where a row may be no object of the kind."""
    if set(map(type, raw)) != {dict}:
        return None
    columns, given, names = dict[str, list[Any]](), 0, set[str]().union(*raw)
    for each in fields(kind):
        found = _column(each, raw) if each.name in names else ([None] * len(raw), 0)
        if found is None or not _fits(found[0], _kinds_of(each)):
            return None
        columns[each.name] = found[0]
        given += found[1]
    # Only where there is no key beside those that have been taken.
    return Columns(kind, columns) if given == sum(map(len, raw)) else None


def _column(field: DataclassField[Any], raw: list[Any]) -> tuple[list[Any], int] | None:
    """Return the values of a field that some rows have, and how many do; None where all must."""
    name = field.name
    try:
        return list(map(itemgetter(name), raw)), len(raw)
    except KeyError:
        if field.default is MISSING:
            return None
    return [row.get(name) for row in raw], sum([name in row for row in raw])


def _fits(column: list[Any], kinds: frozenset[type]) -> bool:
    types = set(map(type, column))
    return types <= kinds and (dict not in types or _are_of_texts(column))


def _are_of_texts(column: Iterable[dict[str, Any] | None]) -> bool:
    values = chain.from_iterable(each.values() for each in column if each)
    return set(map(type, values)) <= {str}


class Outgoing(BaseModel):
    """What a caller gets. Fields have no defaults, so that `required` means something."""

    model_config = ConfigDict(frozen=True, from_attributes=True, defer_build=True)


class OneOf:
    """Says of a text that it is one of a closed set of words, which the rules name once:
    ``Annotated[str, OneOf(*STATES)]``."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401 - an annotation
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Return the schema of a text that is one of the words."""
        assert source is str, "words are texts"  # noqa: S101 - a mistake of ours
        return core_schema.literal_schema(list(self.words))


def adapter_of(shape: type[T]) -> TypeAdapter[T]:
    """Return what reads and writes values of a type, made at the first question and kept.

    Like the models above: all together take longer to make than all libraries to import, and a
    process uses few of them.
    """
    known: TypeAdapter[T] | None = _ADAPTERS.get(shape)
    if known is None:
        known = _ADAPTERS[shape] = TypeAdapter(shape)
    return known


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


_LEADS_TO_A_PERSON: Mapping[personal.Kind, PydanticCustomError] = {
    "phone-number": PydanticCustomError(
        "phone_number",
        "This looks like a mobile number, and none is taken in; write an amount with its unit.",
    ),
    "landline-number": PydanticCustomError(
        "phone_number",
        "This looks like a phone number, and none is taken in; write an amount with its unit.",
    ),
    "mail-address": PydanticCustomError(
        "mail_address", "This looks like an address of electronic mail, and none is taken in."
    ),
    "card-number": PydanticCustomError(
        "card_number", "This looks like the number of a bank card, and none is taken in."
    ),
    "identity-number": PydanticCustomError(
        "identity_number", "This looks like an identity number of a person, and none is taken in."
    ),
}


_Place = tuple[str | int, ...]


def people_in(
    value: object, *where: str | int, look: personal.Look = personal.PEOPLE
) -> list[InitErrorDetails]:
    """Return where a text below a value, which stands `where`, holds a number of a person."""
    return [
        InitErrorDetails(type=_LEADS_TO_A_PERSON[kind], loc=place, input="***")
        for place, kind in _numbers_of_people(value, where, look)
    ]


_WITHOUT_TEXT = (Decimal, int, dt.date, UUID, BaseModel)
"""What has no text of its own; a model has looked at itself when it was made."""


def _numbers_of_people(
    value: object, where: _Place, look: personal.Look
) -> Iterator[tuple[_Place, personal.Kind]]:
    """Yield where a text below a value holds a number that leads to a person, and of which kind."""
    if isinstance(value, _WITHOUT_TEXT):
        return
    if isinstance(value, str):
        if (found := look.find(value)) is not None:
            yield where, found.kind
        return
    if isinstance(value, Columns):
        yield from _numbers_in_columns(value, where)
        return
    for step, item in _below(value):
        if isinstance(item, str) and look.find(item) is None:
            continue  # nearly all of them: a search of its own for each takes twice as long
        if isinstance(item, _WITHOUT_TEXT):
            continue
        yield from _numbers_of_people(item, where if step is None else (*where, step), look)


def _numbers_in_columns(
    value: Columns[Any], where: _Place
) -> Iterator[tuple[_Place, personal.Kind]]:
    look = look_of(value.kind)
    found = {
        (name, text): number.kind
        for name in value.columns
        for text in value.suspects(name)
        if (number := look.find(text)) is not None
    }
    for n in range(len(value)) if found else ():
        for name, column in value.columns.items():
            for step, sent in _texts_in(column[n]):
                if (name, sent) in found:
                    yield (*where, n, name, *step), found[name, sent]


def _texts_in(cell: Any) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - a value
    """Yield the texts of one cell with their places below it; a key has none of its own."""
    if isinstance(cell, dict):
        for key, item in cell.items():
            yield (), key
            yield (key,), item
    else:
        yield (), cell


def _below(value: object) -> Iterator[tuple[str | int | None, object]]:
    """Yield what lies directly below a value, keys too, which have no place of their own."""
    if isinstance(value, list | tuple | set | frozenset):
        yield from enumerate(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield None, key
            # A number may be written as a string: whoever reads it as a text looks again.
            if not (isinstance(item, str) and _is_number(item)):
                yield str(key), item
    elif is_dataclass(value):
        for name in _fields_of(cast(Any, type(value))):
            yield name, getattr(value, name)


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_TWICE = PydanticCustomError("given_twice", "The list has this already.")


def _fields_otherwise(
    model: type[BaseModel], raw: Mapping[str, Any], made: Mapping[str, object]
) -> Iterator[InitErrorDetails]:
    for name, value in made.items():
        given = model.__pydantic_fields__[name].alias or name
        if given in raw:
            yield from _read_otherwise(raw[given], value, (given,))


def _read_otherwise(raw: object, made: object, where: _Place) -> Iterator[InitErrorDetails]:
    """Yield where a value was made of something that is written otherwise.

    Models below the first one have looked at themselves when they were made.
    """
    kind = _unlike(raw, made)
    if kind is not None:
        yield InitErrorDetails(type=kind, loc=where, input="***")
    elif isinstance(raw, list) and isinstance(made, list | tuple | set | frozenset):
        yield from _items_otherwise(raw, made, where)
    elif isinstance(raw, Mapping) and not isinstance(made, Incoming):
        for name, item in _named(made):
            if name in raw:
                yield from _read_otherwise(raw[name], item, (*where, name))


def _items_otherwise(
    raw: list[Any], made: Collection[object], where: _Place
) -> Iterator[InitErrorDetails]:
    for n in _repeated(raw, made, top=len(where) == 1):
        yield InitErrorDetails(type=_TWICE, loc=(*where, n), input="***")
    if isinstance(made, list | tuple):
        for n, (before, item) in enumerate(zip(raw, made, strict=False)):
            if isinstance(item, str | Incoming):
                continue
            yield from _read_otherwise(before, item, (*where, n))


def _repeated(raw: list[Any], made: Collection[object], *, top: bool) -> Iterator[int]:
    """Yield which items of a list have been in it before, where that can have no meaning.

    So it is in a set, and among the names of what a command is about: it is done once, and would
    be counted twice.
    """
    names = top and all(isinstance(item, str | UUID) for item in made)
    items = raw if isinstance(made, set | frozenset) else [*made] if names else []
    seen = set[object]()
    for n, item in enumerate(items):
        key = item if isinstance(item, Hashable) else repr(item)
        if key in seen:
            yield n
        seen.add(key)


def _named(made: object) -> Iterator[tuple[str, object]]:
    if isinstance(made, BaseModel):
        for name, field in type(made).model_fields.items():
            yield field.alias or name, getattr(made, name)
    elif isinstance(made, Mapping):
        yield from made.items()
    elif is_dataclass(made):
        yield from ((name, getattr(made, name)) for name in _fields_of(cast(Any, type(made))))


@cache
def _fields_of(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a class, which mypy finds unhashable
    """Return the names of a dataclass's fields; a large document has a hundred thousand parts."""
    return tuple(field.name for field in fields(kind))


def _is_whole_number(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool)


def _is_decimal(raw: object) -> bool:
    if isinstance(raw, str):
        return bool(_DECIMAL.fullmatch(raw))
    return isinstance(raw, Decimal) or _is_whole_number(raw)


def _is_day(raw: object) -> bool:
    return isinstance(raw, dt.date) or (isinstance(raw, str) and bool(_DAY.fullmatch(raw)))


_WRITTEN_AS: tuple[tuple[type, Callable[[object], bool], str], ...] = (
    (bool, lambda raw: isinstance(raw, bool), "bool_type"),
    (int, _is_whole_number, "int_type"),
    (Decimal, _is_decimal, "decimal_type"),
    (dt.datetime, lambda raw: isinstance(raw, str | dt.datetime), "datetime_type"),
    (dt.date, _is_day, "date_type"),
)
"""What was read, how it must have been written, and the fault otherwise; the narrower type first:
a truth value is a whole number in Python, and a moment is a day."""


def _unlike(raw: object, made: object) -> str | None:
    """Return the kind of fault where pydantic has read one thing as another; None where not."""
    if isinstance(made, str):  # most values are texts
        return None
    for kind, is_written_so, fault in _WRITTEN_AS:
        if isinstance(made, kind):
            return None if is_written_so(raw) else fault
    return None


def plain(value: Decimal) -> str:
    """Return a decimal as digits, never with an exponent: ``Decimal("1E+2")`` -> ``"100"``."""
    return format(value, "f")


def _written_plainly(value: Any) -> Any:  # noqa: ANN401 - a validator sees anything
    if isinstance(value, Decimal):  # first: an answer holds a hundred thousand of them
        # The exponent first: written out, 1e999999999 would be a gigabyte of zeros.
        if not (value.is_finite() and abs(value.adjusted()) < 40 and _is_number(plain(value))):
            raise _PLAIN_DIGITS
        return value
    if isinstance(value, bool):
        raise _PLAIN_DIGITS
    if isinstance(value, str | int):
        if not _is_number(str(value)):
            raise _PLAIN_DIGITS
        return Decimal(value)
    if isinstance(value, float):
        raise _NOT_EXACT
    return value


Exact = Annotated[
    Decimal,
    BeforeValidator(_written_plainly),
    WithJsonSchema(
        {"anyOf": [{"type": "number"}, {"type": "string", "pattern": _NUMBER, "maxLength": 32}]},
        mode="validation",
    ),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
"""A decimal, digit for digit: a JSON string or number going in, a string coming out."""


# As in the stream-safe text of Unicode (UAX 15, 13): no script needs more marks on one letter, and
# putting n of them in order takes n² steps.
_MOST_MARKS = 30
# Letters of ASCII, ideographs, and the signs between them: no marks, nothing that is no character.
_USUAL = re.compile(
    r"[\n\t -~\xa1-\xac\xae-\xff\u2010-\u2027\u2030-\u205e\u2460-\u24ff\u3000-\u3029\u3030-\u303f"
    r"\u4e00-\u9fff\uff01-\uff5e]*+"
)


# Separators of lines and paragraphs are control characters by another name.
_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# What stands after one of these is shown in another order than it is stored: 98.5 as 5.89.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():  # most are; the rest is looked at one by one
        return text
    if _USUAL.fullmatch(text):
        return unicodedata.normalize("NFC", text)
    if _is_overloaded(text):
        raise ValueError(f"at most {_MOST_MARKS} combining marks may follow one another")
    if any(unicodedata.category(c) in _NO_TEXT and c not in "\n\t" for c in text):
        raise ValueError("control characters are not allowed")
    if not _TURNING.isdisjoint(text):
        raise ValueError("characters that turn the direction of writing are not allowed")
    if _is_blank(text):
        raise ValueError("nothing of it can be seen")
    return unicodedata.normalize("NFC", text)


def _is_blank(text: str) -> bool:
    return all(c.isspace() or is_unseen(c) for c in text)


def _is_overloaded(text: str) -> bool:
    if text.isascii():
        return False
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks > _MOST_MARKS:
            return True
    return False


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(_clean),
]
"""A line or paragraph for people: 1 to 2,000 characters, NFC, something of which can be seen, and
no control characters, nor any that turn the direction of writing."""

_CODE = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}"
is_code = re.compile(_CODE).fullmatch

Code = Annotated[str, StringConstraints(pattern=f"^{_CODE}$")]
"""A short name for programs: letters, digits, `_`, `.` and `-`, 1 to 64 of them."""
