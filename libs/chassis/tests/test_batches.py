"""Batches as JSON, JSON lines and CSV: the same rows are the same batch, fault for fault."""

import csv
import datetime as dt
import io
import json
import tracemalloc
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, Field

from chassis.batches import JSON, MOST_OF_A_BATCH, MOST_OF_A_ROW, IncomingBatch, read_batch
from chassis.decoding import NotJson
from chassis.problems import MOST_FAULTS, MalformedRequest
from chassis.row_readers import CSV, JSON_LINES, NotCsv
from chassis.wire import ByColumn, Code, Columns, Exact, Incoming, Text


class Row(Incoming):
    unit: Code
    value: Exact | None = None
    note: Text | None = None
    day: dt.date | None = None


class Rows(IncomingBatch):
    ROWS: ClassVar = "rows"

    rows: Annotated[list[Row], Field(min_length=1, max_length=50)]
    state: Literal["draft", "submitted"] = "submitted"


def as_json(rows, **beside) -> bytes:
    return json.dumps({**beside, "rows": rows}).encode()


def as_lines(rows) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def as_csv(rows) -> bytes:
    names = ["unit", "value", "note", "day"]
    text = io.StringIO()
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def took(body: bytes, kind: str, mode: str = "partial", **query):
    """Return state, rows and positions, and by position where which fault is."""
    taken = read_batch(body, kind, query, Rows, mode)
    told = {row: [(f.pointer, f.code) for f in found] for row, found in taken.malformed.items()}
    return taken.body.state, taken.body.rows, [*taken.positions], told


texts = st.one_of(
    st.sampled_from(["A", "=1+1", "-1", "x" * 70, "0.1000", "1e400", "2025-02-30", "2025-01-31"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8),
)  # fmt: skip
rows_drawn = st.lists(
    st.dictionaries(st.sampled_from(["unit", "value", "note", "day"]), texts),
    min_size=1,
    max_size=6,
)


@given(rows_drawn, st.sampled_from(["draft", "submitted"]))
def test_the_same_rows_are_the_same_batch_in_every_form(rows, state):
    """Planted bug: count positions among the rows that are left, or strip cells."""
    whole = took(as_json(rows, state=state), JSON)
    assert took(as_lines(rows), JSON_LINES, state=state) == whole
    assert took(as_csv(rows), CSV, state=state) == whole
    assert sorted([*whole[2], *whole[3]]) == [*range(len(rows))]


def test_a_row_without_the_published_shape_refuses_itself_only():
    rows = [{"unit": "A", "value": 1}, {"unit": ""}, {"unit": "B", "vlaue": "2"}, 7, {"unit": "C"}]
    _, kept, positions, told = took(as_json(rows), JSON)
    assert [row.unit for row in kept] == ["A", "C"]
    assert positions == [0, 4]
    assert told == {
        1: [("/rows/1/unit", "string-pattern-mismatch")],
        2: [("/rows/2/vlaue", "extra-forbidden")],
        3: [("/rows/3", "model-type")],
    }


def test_all_of_them_may_be_faulty():
    assert took(as_json([{}, {}]), JSON)[2] == []


@pytest.mark.parametrize("kind", [JSON, JSON_LINES])
def test_kept_whole_or_not_at_all_every_fault_is_named_where_it_stands(kind):
    rows = [{"unit": "A"}, {"unit": "B", "value": "x"}, {}]
    body = as_json(rows) if kind == JSON else as_lines(rows)
    with pytest.raises(MalformedRequest) as refused:
        read_batch(body, kind, {}, Rows, "all")
    assert {fault.pointer.partition("/value/")[0] for fault in refused.value.faults} == {
        "/rows/1/value",
        "/rows/2/unit",
    }


@pytest.mark.parametrize("mode", ["all", "partial"])
def test_what_is_wrong_besides_the_rows_refuses_the_whole(mode):
    for kind, body, pointer in (
        (JSON, as_json([{"unit": "A"}], state="x"), "/state"),
        (JSON_LINES, as_lines([{"unit": "A"}]), "/query/state"),
        (CSV, as_csv([{"unit": "A"}]), "/query/state"),
    ):
        with pytest.raises(MalformedRequest) as refused:
            read_batch(body, kind, {"state": "x"}, Rows, mode)
        assert [fault.pointer for fault in refused.value.faults] == [pointer]
    many = [{"unit": "A"}] * 51
    for kind, body in (
        (JSON, as_json([])),
        (JSON, as_json(many)),
        (JSON_LINES, as_lines(many)),
        (CSV, as_csv(many)),
    ):
        with pytest.raises(MalformedRequest) as refused:
            read_batch(body, kind, {}, Rows, mode)
        assert [fault.pointer for fault in refused.value.faults] == ["/rows"]


def test_a_line_is_one_row_whatever_it_says():
    """Planted bug: join the lines to an array: a line could end the array and go on."""
    lines = [
        b'{"unit":"A"}',
        b'{"unit":"B"}],"state":"draft","rows":[{"unit":"C"}',
        b"",
        b'{"unit":"D"}\r',
        b'{"unit":"E","unit":"F"}',
        b'{"unit":"\\u0000"}',
        b"\xff",
    ]
    state, kept, positions, told = took(b"\n".join(lines), JSON_LINES)
    assert (state, [row.unit for row in kept], positions) == ("submitted", ["A", "D"], [0, 3])
    assert {row: [(f"/rows/{row}", "not-json")] for row in (1, 2, 4, 5, 6)} == told


def test_a_record_of_csv_has_as_many_cells_as_there_are_fields():
    body = '\ufeffunit,note\r\nA,"x, ""y"""\r\nB\r\nC,,\r\n,\r\nD,\r\n'.encode()
    _, kept, positions, told = took(body, CSV)
    assert [(row.unit, row.note) for row in kept] == [("A", 'x, "y"'), ("D", None)]
    assert positions == [0, 4]
    assert told == {
        1: [("/rows/1", "ragged-row")],
        2: [("/rows/2", "ragged-row")],
        3: [("/rows/3/unit", "missing")],
    }


@pytest.mark.parametrize(
    "body",
    [
        b"unit,vlaue\r\nA,1\r\n",
        b"unit,unit\r\nA,B\r\n",
        b"unit,\r\nA,\r\n",
        b'unit\r\n"A\r\n',
        b'unit\r\n"A"B\r\n',
        b"unit\r\nA\x00\r\n",
        "unit\r\n甲\r\n".encode("gbk"),
        b"unit,note\r\nA," + b"x" * 200_000 + b"\r\n",
        b"\r\n",
        b"unit\r\n" + b"A\r\n" * 20_001,
    ],
)
def test_what_is_no_csv_is_refused_as_a_whole(body):
    with pytest.raises(NotCsv):
        read_batch(body, CSV, {}, Rows, "partial")


def test_all_lines_together_have_no_more_values_than_one_body():
    """Planted bug: count the values of each line by itself."""
    line = json.dumps({f"k{n}": [n] for n in range(60)}).encode() + b"\n"
    with pytest.raises(NotJson):
        read_batch(line * 4_000, JSON_LINES, {}, Rows, "partial")


def test_more_lines_than_any_list_may_have_are_not_read():
    with pytest.raises(NotJson):
        read_batch(b"{}\n" * 20_001, JSON_LINES, {}, Rows, "partial")


class ManyRows(Rows):
    rows: Annotated[list[Row], Field(min_length=1, max_length=5_000)]


def test_of_very_many_faults_the_first_are_named_in_flat_memory_and_the_others_counted():
    """Planted bugs: have pydantic name all faults of all rows at once; name twenty of each row."""
    rows = [{"unit": "A", **{f"unknown{n}": 1 for n in range(20)}}] * 4_000
    body = as_lines(rows)
    tracemalloc.start()
    with pytest.raises(MalformedRequest) as refused:
        read_batch(body, JSON_LINES, {}, ManyRows, "all")
    taken = read_batch(body, JSON_LINES, {}, ManyRows, "partial")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert (len(refused.value.faults), refused.value.more) == (MOST_FAULTS, 80_000 - MOST_FAULTS)
    named = [len(faults) for faults in taken.malformed.values()]
    assert len(named) == 4_000
    assert (named[0], named[-1]) == (MOST_OF_A_ROW, 1)
    assert sum(named) < MOST_OF_A_BATCH + MOST_OF_A_ROW + 4_000


def test_a_row_is_looked_at_once():
    """Planted bug: look for the faults of the whole, and at the rows that are left again."""
    looked = Counter[str]()

    class Looked(Incoming):
        unit: Annotated[str, AfterValidator(lambda unit: looked.update([unit]) or unit)]
        value: Exact

    class Batch(Rows):
        rows: list[Looked]

    rows = [{"unit": "A", "value": "1"}, {"unit": "B", "value": "x"}, {"unit": "C", "value": "2"}]
    for mode in ("partial", "all"):
        with suppress(MalformedRequest):
            read_batch(as_json(rows), JSON, {}, Batch, mode)
        assert looked == {"A": 1, "B": 1, "C": 1}, mode
        looked.clear()


def test_a_body_that_is_no_object_is_malformed():
    """Planted bug: say of an array that it is no JSON."""
    for body in (b"[]", b'[{"unit":"A"}]', b"7"):
        with pytest.raises(MalformedRequest) as refused:
            read_batch(body, JSON, {}, Rows, "partial")
        assert [(f.pointer, f.code) for f in refused.value.faults] == [("", "model-type")]


def test_a_byte_order_mark_is_no_part_of_a_cell():
    """Files that were joined have one each. Planted bug: keep it in the text of a note."""
    body = "\ufeffunit,note\r\nA,x\r\n\ufeffB,y\r\nC,\ufeffz\r\nD,\r\n".encode()
    _, kept, positions, told = took(body, CSV)
    assert ([row.unit for row in kept], positions) == (["A", "D"], [0, 3])
    assert told == {n: [(f"/rows/{n}", "byte-order-mark")] for n in (1, 2)}


def test_all_unknown_names_of_a_header_are_counted():
    """Planted bug: count those that are named."""
    names = ["unit", *(f"x{n}" for n in range(250)), "unit"]
    with pytest.raises(NotCsv) as refused:
        took(",".join(names).encode() + b"\r\n", CSV)
    assert refused.value.detail_en.startswith("251 ")
    assert (len(refused.value.faults), refused.value.more) == (MOST_FAULTS, 251 - MOST_FAULTS)


def test_a_cell_holds_no_list_and_no_object():
    """Planted bug: take a cell for a list: each of its letters would be an item."""

    class Place(Incoming):
        unit: Code

    class Nested(Incoming):
        unit: Code
        place: Place | None = None
        codes: list[Code] | None = None

    class Batch(Rows):
        rows: list[Nested]

    assert read_batch(b"unit\r\nA\r\n", CSV, {}, Batch, "all").body.rows == [Nested(unit="A")]
    for name in ("place", "codes"):
        with pytest.raises(NotCsv):
            read_batch(f"unit,{name}\r\nA,B\r\n".encode(), CSV, {}, Batch, "all")


@dataclass(frozen=True, slots=True)
class Reply:
    unit: str
    note: str | None = None


class Replies(IncomingBatch):
    ROWS: ClassVar = "rows"

    rows: Annotated[Columns[Reply], ByColumn(most=50)]


PHONE = "138" + "12345678"


def test_rows_by_column_are_taken_like_any_others():
    """Planted bugs: look for numbers of people in no column; take too many columns."""
    rows = [{"unit": "A"}, {"unit": 1}, {"unit": "B", "note": PHONE}, {"unit": "C", "note": "n"}]
    taken = read_batch(as_json(rows), JSON, {}, Replies, "partial")
    assert ([*taken.body.rows], [*taken.positions]) == ([Reply("A"), Reply("C", "n")], [0, 3])
    assert {n: [f.code for f in each] for n, each in taken.malformed.items()} == {
        1: ["string-type"],
        2: ["phone-number"],
    }
    sound = [rows[0], rows[3]]
    for kind, body in ((JSON, as_json(sound)), (JSON_LINES, as_lines(sound))):
        taken = read_batch(body, kind, {}, Replies, "all")
        assert type(taken.body.rows) is Columns
        assert ([*taken.body.rows], [*taken.positions]) == ([Reply("A"), Reply("C", "n")], [0, 1])
    assert len(read_batch(as_json([{}]), JSON, {}, Replies, "partial").body.rows) == 0
    odd = [{"unit": "A", "colour": "red"}]
    for faulty, where in (
        (odd, "/rows/0/colour"),
        (rows, "/rows/2/note"),
        ([], "/rows"),
        (sound * 26, "/rows"),
    ):
        with pytest.raises(MalformedRequest) as refused:
            read_batch(as_json(faulty), JSON, {}, Replies, "all")
        assert where in [fault.pointer for fault in refused.value.faults]


class Totals(Incoming):
    count: int


class Counted(IncomingBatch):
    ROWS: ClassVar = "rows"

    class Row(Incoming):
        number: int
        sure: bool | None = None

    rows: list[Row]
    totals: Totals
    part: int | None = None


def test_where_only_text_can_come_a_number_is_written_as_its_digits():
    """In CSV and in the query; never in JSON. Planted bugs: take 01 and 1.0; take "2" in a line."""
    body, query = b"number,sure\r\n-2,true\r\n3,\r\n", {"totals.count": "2", "part": "7"}
    taken = read_batch(body, CSV, query, Counted, "all").body
    assert [(row.number, row.sure) for row in taken.rows] == [(-2, True), (3, None)]
    assert (taken.totals.count, taken.part) == (2, 7)
    for odd in (b"01", b"1.0", b"1_0", b"+1", "１".encode()):
        with pytest.raises(MalformedRequest) as refused:
            read_batch(b"number\r\n" + odd + b"\r\n", CSV, query, Counted, "all")
        assert [f.pointer for f in refused.value.faults] == ["/rows/0/number"], odd
    with pytest.raises(MalformedRequest) as refused:
        read_batch(b'{"number":"2"}\n', JSON_LINES, query, Counted, "all")
    assert [(f.pointer, f.code) for f in refused.value.faults] == [("/rows/0/number", "int-type")]


def test_what_is_said_in_the_query_is_wrong_in_the_query():
    for query, pointer in (
        ({}, "/query/totals.count"),
        ({"totals.count": "x"}, "/query/totals.count"),
        ({"totals.count": "1", "part": "x"}, "/query/part"),
    ):
        with pytest.raises(MalformedRequest) as refused:
            read_batch(b'{"number":2}\n', JSON_LINES, query, Counted, "partial")
        assert [f.pointer for f in refused.value.faults] == [pointer]
