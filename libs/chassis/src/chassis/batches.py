"""Batches: bodies of many rows, as JSON, JSON lines or CSV, of which a faulty row refuses itself.

A model of a batch names its field of rows. What a batch says besides its rows stands, where it
comes otherwise than as JSON, in query parameters of the same name. Where rows are taken one by one
(`mode=partial` or `check`), those without the published shape are left out, and told by their
positions with the faults that would refuse the whole batch otherwise.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, cast, get_args, get_origin
from uuid import UUID

from annotated_types import MaxLen, MinLen
from fastapi import Request
from pydantic import AfterValidator, BaseModel, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticKnownError

from chassis.decoding import decode
from chassis.faults import errors_in, faults_of
from chassis.modes import ALL
from chassis.problems import MOST_FAULTS, MalformedRequest, malformed_by
from chassis.refusals import Fault, pointer
from chassis.row_readers import CSV, JSON_LINES, Reader, csv_records, json_lines
from chassis.wire import ByColumn, Columns, Incoming, adapter_of, by_column, look_of, people_in

JSON = "application/json"

MOST_OF_A_ROW = 20
"""The most faults that are named of one row."""
MOST_OF_A_BATCH = 1_000
"""Once so many faults of a batch are named, only the first one is of each further row."""


class IncomingBatch(Incoming):
    """A body whose field `ROWS` is a list of rows, each of which may be refused by itself.

    `READERS` are the forms beside JSON in which the rows may come, by media type.
    """

    ROWS: ClassVar[str]
    READERS: ClassVar[Mapping[str, Reader]] = {JSON_LINES: json_lines, CSV: csv_records}


@dataclass(frozen=True, slots=True)
class TakenBatch:
    """A batch as it was taken in: the rows that have the published shape, their positions, and by
    its position what is wrong with each other row."""

    body: IncomingBatch
    positions: Sequence[int]
    malformed: Mapping[int, list[Fault]] = field(default_factory=dict)


def taken_batch(request: Request) -> TakenBatch:
    """Return the batch that a request brought, in an endpoint that takes one."""
    taken: TakenBatch = request.state.batch
    return taken


def beside_rows(model: type[IncomingBatch]) -> dict[str, Any]:
    """Return the annotations of what a batch says besides its rows, which other forms have in the
    query; those of an object within it one by one, such as `totals.count`, but for what is an
    object again: it is said in JSON alone."""
    found = dict[str, Any]()
    for name, each in model.model_fields.items():
        kind = each.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            inside = kind.model_fields.items()
            found |= {
                f"{name}.{inner}": _annotated(field)
                for inner, field in inside
                if not _is_nested(field.annotation)
            }
        elif name != model.ROWS:
            found[name] = _annotated(each)
    return found


def _annotated(field: FieldInfo) -> Any:  # noqa: ANN401 - an annotation
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def media_types(model: type[IncomingBatch]) -> tuple[str, ...]:
    """Return in which forms a batch may come."""
    return JSON, *model.READERS


def other_forms(model: type[IncomingBatch]) -> dict[str, Any]:
    """Return how the forms of a batch beside JSON are published: as what is read from a text."""
    return {
        "requestBody": {"content": {kind: {"schema": {"type": "string"}} for kind in model.READERS}}
    }


def read_batch(
    body: bytes,
    media_type: str,
    query: Mapping[str, str],
    model: type[IncomingBatch],
    mode: str,
) -> TakenBatch:
    """Return the batch in a body; refuse what is none, and with `mode=all` any faulty row."""
    sent, broken = _sent(body, media_type, query, model)
    raw = sent.get(model.ROWS)
    head, others = _head(model, sent)
    rows = _Rows(model, MOST_FAULTS if mode == ALL or head is None else None)
    rows.take(raw if isinstance(raw, list) else [], broken)
    if head is None or (mode == ALL and rows.number):
        said_in_query = () if media_type == JSON else beside_rows(model)
        raise _malformed(faults_of(others, sent), said_in_query, len(others), rows)
    taken = head.model_copy(update={model.ROWS: rows.made()})
    return TakenBatch(taken, rows.positions, rows.faults)


def _head(
    model: type[IncomingBatch], sent: Mapping[str, Any]
) -> tuple[IncomingBatch | None, Sequence[Any]]:
    """Return a batch of as many rows as were sent, whatever they are, or what pydantic finds wrong
    with it."""
    raw = sent.get(model.ROWS)
    number = {model.ROWS: _Number(len(raw))} if isinstance(raw, list) else {}
    try:
        return _of_any_rows(model).model_validate({**sent, **number}), ()
    except ValidationError as error:
        return None, errors_in(error)


class _Number(int):
    """How many rows there are, in the place of these."""


@cache
def _of_any_rows(model: type[IncomingBatch]) -> type[IncomingBatch]:
    """Return the model as it is without its rows; it still says how many there may be."""
    least, most = bounds(model)

    def within(rows: object) -> object:
        if not isinstance(rows, _Number):
            raise PydanticKnownError("list_type")
        told = {"field_type": "List", "actual_length": int(rows)}
        if rows < least:
            raise PydanticKnownError("too_short", {**told, "min_length": least})
        if most is not None and rows > most:
            raise PydanticKnownError("too_long", {**told, "max_length": most})
        return rows

    found: dict[str, Any] = {model.ROWS: (Annotated[Any, AfterValidator(within)], ...)}
    return create_model(model.__name__, __base__=model, **found)


def bounds(model: type[IncomingBatch]) -> tuple[int, int | None]:
    """Return how many rows a batch has at least and at most."""
    least, most = 0, None
    for each in model.model_fields[model.ROWS].metadata:
        match each:
            case ByColumn():
                return 1, each.most
            case MinLen():
                least = each.min_length
            case MaxLen():
                most = each.max_length
    return least, most


def row_of(model: type[IncomingBatch]) -> type[Any]:
    """Return what a row of a batch is."""
    [row] = get_args(model.model_fields[model.ROWS].annotation)
    kind: type[Any] = row
    return kind


def cells_of(model: type[IncomingBatch]) -> frozenset[str]:
    """Return which fields of a row a single cell can hold: no objects, and no lists but of ids,
    which stand there with a space between.

    An object of texts has a cell for each of its own; it stands there as the beginning of their
    names, `answers.`.
    """
    row = row_of(model)
    if is_dataclass(row):
        return frozenset(f"{f.name}." if _is_nested(f.type) else f.name for f in fields(row))
    return frozenset(n for n, f in row.model_fields.items() if not _is_nested(f.annotation))


def _is_nested(annotation: Any) -> bool:  # noqa: ANN401 - an annotation
    if get_origin(annotation) in (Union, UnionType):
        return any(map(_is_nested, get_args(annotation)))
    if get_origin(annotation) is Annotated:
        return _is_nested(get_args(annotation)[0])
    if annotation == list[UUID]:
        return False  # with a space between
    kind = get_origin(annotation) or annotation
    return isinstance(kind, type) and issubclass(kind, BaseModel | list | Mapping | tuple)


@cache
def _alone(kind: Any) -> type[Incoming]:  # noqa: ANN401 - a class, which mypy finds unhashable
    """Return a model of one row that is a dataclass: it is as strict as any other."""
    found: dict[str, Any] = {_ROW: (kind, ...)}
    return create_model(kind.__name__, __base__=Incoming, **found)


_ROW = "row"


class _Rows:
    """The rows of a batch as they are taken in one by one: what is wrong is found once, and named
    within bounds."""

    def __init__(self, model: type[IncomingBatch], most: int | None) -> None:
        self._model, self._kind, self._most = model, row_of(model), most
        self._by_column = get_origin(model.model_fields[model.ROWS].annotation) is Columns
        self._good: list[Any] | Columns[Any] = []
        self.positions: Sequence[int] = []
        self.faults = dict[int, list[Fault]]()
        self.number, self._named = 0, 0

    def take(self, raw: list[Any], broken: Mapping[int, list[Fault]]) -> None:
        """Take rows in; those that are `broken` could not be read."""
        if self._by_column and raw and not broken:
            columns = by_column(self._kind, raw)
            if columns is not None and not people_in(columns, look=look_of(self._kind)):
                self._good, self.positions = columns, range(len(raw))
                return
        self._one_by_one(raw, broken)

    def _one_by_one(self, raw: list[Any], broken: Mapping[int, list[Fault]]) -> None:
        good, positions = list[Any](), list[int]()
        for row, each in enumerate(raw):
            if row in broken:
                self.number += len(broken[row])
                self._name(row, broken[row])
                continue
            try:
                good.append(self._made(each))
                positions.append(row)
            except ValidationError as error:
                self.number += error.error_count()
                if self._most is None or self._named < self._most:
                    where = self._model.ROWS, row
                    self._name(row, [*_below(*where, error, each, by_column=self._by_column)])
        self._good = Columns.of(self._kind, good) if self._by_column else good
        self.positions = positions

    def _made(self, raw: object) -> Any:  # noqa: ANN401 - a row
        if self._by_column:
            return getattr(_alone(cast(Any, self._kind)).model_validate({_ROW: raw}), _ROW)
        return adapter_of(self._kind).validate_python(raw)

    def _name(self, row: int, faults: Sequence[Fault]) -> None:
        """Keep the first faults of a row: of a batch that has many, the first one of each."""
        most = MOST_OF_A_ROW if self._named < MOST_OF_A_BATCH else 1
        if self._most is not None:
            most = self._most - self._named
        named = list(faults[:most])
        self._named += len(named)
        if named:
            self.faults[row] = named

    def made(self) -> Sequence[Any]:
        """Return the rows that were taken in."""
        return self._good


def _below(
    rows: str, row: int, error: ValidationError, raw: object, *, by_column: bool
) -> Iterator[Fault]:
    outer = 1 if by_column else 0
    errors = [{**each, "loc": (rows, row, *each["loc"][outer:])} for each in errors_in(error)]
    yield from faults_of(errors, {rows: {row: raw}})


def _malformed(
    beside: Sequence[Fault], said_in_query: Iterable[str], number: int, rows: _Rows
) -> MalformedRequest:
    """Return the refusal of a whole batch; what came in the query is pointed to there."""
    there = dict[str, str]()
    for name in said_in_query:
        outer, _, inner = name.partition(".")
        there[pointer(outer, inner) if inner else pointer(outer)] = pointer("query", name)
        there.setdefault(pointer(outer), pointer("query", name))
    named = [
        replace(each, pointer=there.get(each.pointer, each.pointer))
        for each in beside[:MOST_FAULTS]
    ]
    faults = [*named, *(fault for each in rows.faults.values() for fault in each)]
    return malformed_by(faults[:MOST_FAULTS], number + rows.number)


def _sent(
    body: bytes, media_type: str, query: Mapping[str, str], model: type[IncomingBatch]
) -> tuple[dict[str, Any], Mapping[int, list[Fault]]]:
    """Return what was sent as the value of a JSON body, and the faults of rows that are none."""
    if media_type == JSON:
        value = decode(body)
        if not isinstance(value, dict):
            raise malformed_by([Fault("", "model-type", "An object is wanted.", "应为对象。")], 1)
        return value, {}
    read = model.READERS[media_type]
    found = read(body, model.ROWS, cells_of(model))
    rows = found.rows
    if read is not json_lines:
        kinds = {name: f for name in cells_of(model) if (f := _written_as(_kind_of(model, name)))}
        rows = [_with_values(row, kinds) for row in rows] if kinds else rows
    return {**found.beside, **_said_beside(query, model), model.ROWS: rows}, found.broken


def _said_beside(query: Mapping[str, str], model: type[IncomingBatch]) -> dict[str, Any]:
    """Return what the query says besides the rows, as a JSON body would have it."""
    found = dict[str, Any]()
    for name, annotation in beside_rows(model).items():
        if name in query:
            outer, _, inner = name.partition(".")
            make = _written_as(annotation) or str
            if inner:
                found.setdefault(outer, {})[inner] = make(query[name])
            else:
                found[outer] = make(query[name])
    return found


def _kind_of(model: type[IncomingBatch], name: str) -> Any:  # noqa: ANN401 - an annotation
    row = row_of(model)
    if is_dataclass(row):
        return next((each.type for each in fields(row) if each.name == name), str)
    return row.model_fields[name].annotation


def _written_as(annotation: Any) -> Callable[[str], Any] | None:  # noqa: ANN401 - an annotation
    """Return what makes a value of a text where none but text can come; None where it is one."""
    # Also one with limits of its own, beside null.
    kinds = {getattr(each, "__origin__", each) for each in (annotation, *get_args(annotation))}
    if annotation == list[UUID]:
        return str.split
    if bool in kinds:
        return lambda text: {"true": True, "false": False}.get(text, text)
    if int in kinds:
        return lambda text: int(text) if _WHOLE.fullmatch(text) else text
    return None


_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")


def _with_values(row: Any, kinds: Mapping[str, Callable[[str], Any]]) -> Any:  # noqa: ANN401 - a row
    if not isinstance(row, dict):
        return row
    return row | {name: make(row[name]) for name, make in kinds.items() if name in row}
