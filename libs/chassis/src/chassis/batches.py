"""Batches: bodies of many rows, as JSON, JSON lines or CSV, of which a faulty row refuses itself.

A model of a batch names its field of rows. In JSON lines each line is a row, in CSV each record
after the first, which has the names of the fields; an empty cell is a field that is left out. What
a batch says besides its rows stands then in query parameters of the same name. Where rows are taken
one by one (`mode=partial` or `check`), those without the published shape are left out, and told by
their positions with the faults that would refuse the whole batch otherwise.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import GenericAlias
from typing import Any, ClassVar, get_args

from fastapi import Request
from pydantic import ValidationError, create_model

from chassis.decoding import MAX_ITEMS, MAX_VALUES, NotJson, decode
from chassis.faults import errors_in, faults_of
from chassis.modes import ALL
from chassis.problems import MOST_FAULTS, MalformedRequest, malformed_by
from chassis.refusals import Fault, Invalid, pointer
from chassis.wire import Incoming

JSON, JSON_LINES, CSV = "application/json", "application/x-ndjson", "text/csv"
MEDIA_TYPES = (JSON, JSON_LINES, CSV)


class NotCsv(Invalid):
    """The body cannot be read as CSV."""

    zh = "请求体无法按 `text/csv` 读取。"
    remedy = (
        "Send RFC 4180 CSV in UTF-8, whose first record has the names of the fields, each once.",
        "请按 `text/csv` 提交 `UTF-8` 文本，首行为字段名，各字段只出现一次。",
    )
    status = 400


class IncomingBatch(Incoming):
    """A body whose field `ROWS` is a list of rows, each of which may be refused by itself."""

    ROWS: ClassVar[str]


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
    """Return the fields of a batch besides its rows, which CSV and JSON lines have in the query."""
    return {name: each for name, each in model.model_fields.items() if name != model.ROWS}


OTHER_FORMS: dict[str, Any] = {
    "requestBody": {"content": {kind: {"schema": {"type": "string"}} for kind in (JSON_LINES, CSV)}}
}
"""How the forms of a batch beside JSON are published; the operation says in words what they are."""


def read_batch(
    body: bytes,
    media_type: str,
    query: Mapping[str, str],
    model: type[IncomingBatch],
    mode: str,
) -> TakenBatch:
    """Return the batch in a body; refuse what is none, and with `mode=all` any faulty row."""
    sent, broken = _sent(body, media_type, query, model)
    whole, found = _tried(model, sent)
    if whole is not None:
        return TakenBatch(whole, range(len(getattr(whole, model.ROWS))))
    faults = _by_row(found, sent, model.ROWS) | broken
    others = [each for each in found if _row_of(each, model.ROWS) is None]
    if mode == ALL or others:
        said_in_query = () if media_type == JSON else beside_rows(model)
        raise _malformed(others, sent, [*faults.values()], said_in_query, len(found))
    rows = sent[model.ROWS]
    positions = [row for row in range(len(rows)) if row not in faults]
    left = {**sent, model.ROWS: [rows[row] for row in positions]}
    return TakenBatch(_of_any_length(model).model_validate(left), positions, faults)


def _tried(
    model: type[IncomingBatch], sent: Mapping[str, Any]
) -> tuple[IncomingBatch | None, list[Any]]:
    """Return the batch, or what pydantic finds wrong with it."""
    try:
        return model.model_validate(sent), []
    except ValidationError as error:
        return None, errors_in(error)


def _row_of(error: Mapping[str, Any], rows: str) -> int | None:
    """Return the position of the row that an error is in, None where it is in none."""
    where = error["loc"]
    return where[1] if where[:1] == (rows,) and len(where) > 1 else None


def _by_row(found: Iterable[Any], sent: object, rows: str) -> dict[int, list[Fault]]:
    by_row: dict[int, list[Any]] = {}
    for error in found:
        if (row := _row_of(error, rows)) is not None:
            by_row.setdefault(row, []).append(error)
    return {row: faults_of(errors, sent) for row, errors in by_row.items()}


def _malformed(
    others: Sequence[Any],
    sent: object,
    rows: Sequence[Sequence[Fault]],
    said_in_query: Iterable[str],
    number: int,
) -> MalformedRequest:
    """Return the refusal of a whole batch; what came in the query is pointed to there."""
    there = {pointer(name) for name in said_in_query}
    beside = [
        _in_query(each) if each.pointer in there else each
        for each in faults_of(others[:MOST_FAULTS], sent)
    ]
    faults = [*beside, *(fault for each in rows for fault in each)]
    return malformed_by(faults[:MOST_FAULTS], max(number, len(faults)))


def _in_query(fault: Fault) -> Fault:
    return Fault(f"/query{fault.pointer}", fault.code, fault.en, fault.zh)


@cache
def _of_any_length(model: type[IncomingBatch]) -> type[IncomingBatch]:
    """Return the model without its own limits on how many rows there are: some were left out."""
    [row] = get_args(model.model_fields[model.ROWS].annotation)
    fields: dict[str, Any] = {model.ROWS: (GenericAlias(list, (row,)), ...)}
    return create_model(model.__name__, __base__=model, **fields)


_Broken = dict[int, list[Fault]]


def _sent(
    body: bytes, media_type: str, query: Mapping[str, str], model: type[IncomingBatch]
) -> tuple[dict[str, Any], _Broken]:
    """Return what was sent as the value of a JSON body, and the faults of rows that are none."""
    if media_type == JSON:
        value = decode(body)
        if not isinstance(value, dict):
            # pydantic would take a Decimal for an object whose fields have all been left out.
            raise NotJson("An object is wanted.", "应为 `JSON` 对象。")
        return value, {}
    beside = {name: query[name] for name in beside_rows(model) if name in query}
    if media_type == JSON_LINES:
        rows, broken = _json_lines(body, model.ROWS)
    else:
        [row] = get_args(model.model_fields[model.ROWS].annotation)
        rows, broken = _csv(body, model.ROWS, frozenset(row.model_fields))
    return {**beside, model.ROWS: rows}, broken


def _json_lines(body: bytes, rows: str) -> tuple[list[Any], _Broken]:
    lines = body.removesuffix(b"\n").split(b"\n", MAX_ITEMS + 1)
    if len(lines) > MAX_ITEMS:
        raise NotJson(f"More than {MAX_ITEMS:,} lines.", f"超过 {MAX_ITEMS:,} 行。")
    found, broken, values = list[Any](), _Broken(), 0
    for row, line in enumerate(lines):
        try:
            found.append(decode(line))
        except NotJson as refusal:
            found.append(None)
            broken[row] = [
                Fault(pointer(rows, row), "not-json", refusal.detail_en, refusal.detail_zh)
            ]
        values += _number_of_values(found[-1])
        # Each line is small enough by itself; all of them together are one body.
        if values > MAX_VALUES:
            raise NotJson(f"More than {MAX_VALUES:,} values.", f"数据项超过 {MAX_VALUES:,} 个。")
    return found, broken


def _number_of_values(value: object) -> int:
    number, waiting = 0, [value]
    while waiting:
        each = waiting.pop()
        number += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each
    return number


def _csv(body: bytes, rows: str, known: frozenset[str]) -> tuple[list[Any], _Broken]:
    records = _records(body)
    names = next(records, [])
    _check_names(names, known)
    found, broken = list[Any](), _Broken()
    for row, cells in enumerate(records):
        if row >= MAX_ITEMS:
            raise NotCsv(f"More than {MAX_ITEMS:,} records.", f"超过 {MAX_ITEMS:,} 行。")
        found.append({name: cell for name, cell in zip(names, cells, strict=False) if cell})
        if len(cells) != len(names):
            found[-1] = None
            en = f"It has {len(cells)} cells, and there are {len(names)} fields."
            zh = f"该行有 {len(cells)} 格，而字段有 {len(names)} 个。"
            broken[row] = [Fault(pointer(rows, row), "ragged-row", en, zh)]
    return found, broken


def _records(body: bytes) -> Iterator[list[str]]:
    try:
        text = body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise NotCsv("The body is not UTF-8.", "请求体不是 `UTF-8` 编码。") from None
    if "\x00" in text:
        raise NotCsv("The body contains NUL.", "请求体含有空字符。")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        en = f"Not CSV at line {reader.line_num}: {error}."
        raise NotCsv(en, f"第 {reader.line_num} 行不合 `text/csv` 的格式。") from None


def _check_names(names: Sequence[str], known: frozenset[str]) -> None:
    """Refuse a first record that names an unknown field, or one twice."""
    faults = []
    for at, name in enumerate(names[:MOST_FAULTS]):
        if name not in known:
            en = f"There is no field {name[:64]!r}; known here: {', '.join(sorted(known))}."
            zh = f"没有字段 {name[:64]!r}；可用的字段：{'、'.join(sorted(known))}。"
            faults.append(Fault(pointer("header", at), "unknown-column", en, zh))
        elif name in names[:at]:
            en, zh = f"{name} stands there twice.", f"{name} 重复出现。"
            faults.append(Fault(pointer("header", at), "column-twice", en, zh))
    if faults or not names:
        n = len(faults) or 1
        raise NotCsv(
            f"{n} fault(s) in the names of the fields.", f"首行字段名有 {n} 处错误。", faults=faults
        )
