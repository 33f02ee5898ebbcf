"""Limits of the chassis at their last value, and one past it, where no other file tries them."""

import asyncio
import io
import zipfile
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, ClassVar, get_type_hints

import lending
import openpyxl
import pytest
import sqlalchemy as sa
from pydantic import Field, TypeAdapter, ValidationError

from chassis import (
    decoding,
    feed,
    form_books,
    kept,
    looks,
    personal,
    persons,
    problems,
    reads,
    row_by_row,
    row_files,
    scopes,
    stored,
    uploads,
    workbooks,
)
from chassis.connections import _LONGEST_HEAD, Broken, Connection
from chassis.deadlines import LONGEST, Calendar, NoWorkingDay
from chassis.faults import errors_in, faults_of
from chassis.identity import Freshness, NotSignedIn, Verifier
from chassis.kept import BoundedBytes
from chassis.papers import excel
from chassis.row_by_row import RowByRow
from chassis.row_files import Column, pieces_of
from chassis.row_readers import NotCsv
from chassis.scopes import Scope
from chassis.settings import Settings
from chassis.stored import RowDifference, StoredDataAltered
from chassis.uploads import AT_ONCE, UploadsBusy
from chassis.wire import _MOST_MARKS, Incoming, Text
from chassis.workbooks import NotWorkbook


def test_a_name_a_scope_and_a_number_are_as_long_as_they_may_be():
    """Planted bugs: each of the three is compared with `<` for `<=`, or not at all."""
    assert persons.is_name("a" * persons.LONGEST)
    assert not persons.is_name("a" * (persons.LONGEST + 1))
    assert Scope.of("a" * scopes.LONGEST)
    with pytest.raises(ValueError, match="no scope"):
        Scope.of("a" * (scopes.LONGEST + 1))
    assert decoding.decode(b"[" + b"1" * decoding.MAX_DIGITS + b"]")
    with pytest.raises(decoding.NotJson):
        decoding.decode(b"[" + b"1" * (decoding.MAX_DIGITS + 1) + b"]")
    assert decoding.decode(b"[1e40]")
    with pytest.raises(decoding.NotJson):
        decoding.decode(b"[1e41]")


def test_no_day_is_counted_beyond_ten_years():
    """Planted bug: the last day of the ten years is looked at or left out one too early."""
    day, rest = date(2020, 1, 1), range(1, LONGEST + 2)
    for works, found in ((LONGEST - 1, True), (LONGEST, False)):
        only = day + timedelta(days=works)
        resting = frozenset(day + timedelta(days=n) for n in rest) - {only}
        calendar = Calendar(working=frozenset({only}), resting=resting)
        if found:
            assert calendar.after(day, 1) == only
        else:
            with pytest.raises(NoWorkingDay):
                calendar.after(day, 1)


def test_only_so_many_files_are_taken_at_one_time_and_of_one_account_half():
    """Planted bug: a place that was refused is counted."""
    held = [uploads._place(who) for who in ("a",) * (AT_ONCE // 2)]
    with pytest.raises(UploadsBusy):
        uploads._place("a")
    held += [uploads._place(who) for who in ("b",) * (AT_ONCE - len(held))]
    with pytest.raises(UploadsBusy):
        uploads._place("c")
    for give_back in held:
        give_back()
    uploads._place("c")()
    assert uploads._taking.total() == 0


class _Pipe:
    def write(self, data):
        pass

    def abort(self):
        pass


@pytest.mark.parametrize("more", [0, 1])
async def test_a_head_of_an_answer_is_as_long_as_it_may_be(more):
    """Planted bug: names are not counted."""
    connection = Connection()
    connection.connection_made(_Pipe())
    connection._begin("GET")
    name = b"x-long"
    value = b"a" * (_LONGEST_HEAD - len(name) + more)
    head = b"HTTP/1.1 200 OK\r\n" + name + b": " + value + b"\r\n\r\n"
    if more:
        with pytest.raises(Exception) as refused:  # noqa: PT011 - the parser wraps it
            connection._parser.feed_data(head)
        assert isinstance(refused.value.__context__ or refused.value, Broken)
    else:
        connection._parser.feed_data(head)
        assert connection.status == 200


def test_what_is_repeated_of_a_request_is_cut_at_its_limit():
    """Planted bug: a pointer is repeated whole."""
    whole = "/" + "a" * (problems._LONGEST_POINTER - 1)
    assert problems._repeated(whole, problems._LONGEST_POINTER) == whole
    assert problems._repeated(whole + "a", problems._LONGEST_POINTER) == whole + "…"
    assert problems._repeated("a" * problems._LONGEST_TEXT) == "a" * problems._LONGEST_TEXT
    assert problems._repeated("a" * 5_000) == "a" * problems._LONGEST_TEXT + "…"


def test_marks_a_letter_bears_and_no_more():
    adapter = TypeAdapter(Text)
    assert adapter.validate_python("a" + "\u0301" * _MOST_MARKS)
    with pytest.raises(ValidationError):
        adapter.validate_python("a" + "\u0301" * (_MOST_MARKS + 1))


class Said(Incoming):
    text: Annotated[Text, Field(min_length=2, max_length=3)]
    rows: list[int] = Field(max_length=3, default_factory=list)


@pytest.mark.parametrize("given", ["input", "sent"])
@pytest.mark.parametrize(
    ("told", "code", "en", "zh"),
    [
        ({"text": "a" * 4}, "string-too-long", "at most 3 characters", "至多 3 个字符"),
        ({"text": "a"}, "string-too-short", "at least 2 characters", "至少 2 个字符"),
        ({"text": "aa", "rows": [1] * 4}, "too-long", "at most 3 items", "至多 3 项"),
    ],
)
def test_the_length_of_a_text_is_told_in_its_characters(told, code, en, zh, given):
    """Planted bug, found by trying every published limit: a text that is looked at before it is
    measured is told to have too many items."""
    with pytest.raises(ValidationError) as error:
        Said.model_validate(told)
    found = error.value.errors() if given == "input" else errors_in(error.value)
    [fault] = faults_of(found, told)
    assert fault.code == code
    assert en in fault.en
    assert zh in fault.zh


def test_a_text_too_long_to_be_masked_piece_by_piece_is_masked_whole():
    """Planted bug: what is too long to be looked at is repeated as it came."""
    number = "13812345678"
    short = " " * (personal.LONGEST - len(number)) + number
    assert personal.masked(short).endswith("***")
    assert personal.masked(short) != "***"
    assert personal.masked(" " + short) == "***"


def test_of_a_question_that_is_logged_so_much_is_kept():
    class Asked:
        path_params: ClassVar[dict[str, str]] = {}

        class query_params:  # noqa: N801 - as a request has it
            @staticmethod
            def multi_items():
                return [(f"n{n}", "v" * 300) for n in range(reads._MOST + 1)]

    told = reads._told(Asked, "/x", "p")["query"]
    assert len(told) == reads._MOST
    assert {len(value) for _, value in told} == {reads._LONGEST}


def test_one_answer_tells_so_many_events():
    adapter = TypeAdapter(get_type_hints(feed.read_events, include_extras=True)["limit"])
    assert adapter.validate_python(feed.MOST_EVENTS) == feed.MOST_EVENTS
    with pytest.raises(ValidationError):
        adapter.validate_python(feed.MOST_EVENTS + 1)


@pytest.mark.parametrize("most", [100, kept.MOST_BYTES])
def test_documents_are_kept_up_to_so_many_bytes(most):
    """Planted bug: `>=` for `>`; one that takes another's place is counted twice."""
    cache = BoundedBytes(most)
    cache.keep("a", 1, most - 40)
    cache.keep("b", 2, 30)
    cache.keep("b", 3, 40)
    assert (cache.get("a"), cache.get("b")) == (1, 3)
    cache.keep("c", 4, 1)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (None, 3, 4)
    cache.keep("d", 5, most + 1)
    assert cache.get("d") is None


def test_a_cell_takes_so_many_signs_and_a_number_so_many_digits():
    """Planted bug: a text that is just as long as a cell has an empty one behind it."""
    rows = []
    sheet = SimpleNamespace(write_string=lambda row, at, said, _: rows.append((row, at, len(said))))
    book = SimpleNamespace(_bold=None, _plain=None)
    for over, lengths in ((0, [excel._MOST_SIGNS]), (1, [excel._MOST_SIGNS, 1])):
        rows.clear()
        assert (
            excel._Writer._line(book, sheet, 3, "n", "a" * (excel._MOST_SIGNS + over)) == 4 + over
        )
        assert [length for _, at, length in rows if at == 1] == lengths
    digits = "1" * excel._MOST_DIGITS
    assert excel._number(f"-0{digits[:-2]}.{digits[-2:]}") is not None
    assert excel._number(f"{digits}.1") is None


@pytest.mark.parametrize("over", [0, 1])
def test_a_hint_is_as_long_as_excel_shows_it(over):
    room = form_books._LONGEST_PROMPT - len("range:  … 1") + over
    bounds = form_books.Bounds("1" * room, "1", False)
    told = form_books._Form._told(SimpleNamespace(_is_zh=False), bounds)
    assert len(told) == form_books._LONGEST_PROMPT
    assert told.endswith("1") == (not over)


async def test_rows_that_come_back_are_judged_again_so_often(monkeypatch):
    """Planted bug: without end, where two rows keep each other out in turns."""
    seen = []

    async def late(_, __, batch, ___, *, returns):
        seen.append(returns)
        return row_by_row._Tried(None, None, row_by_row._Faults(), late=returns)

    monkeypatch.setattr(RowByRow, "_tried", late)
    monkeypatch.setattr(row_by_row, "work_of", lambda _: SimpleNamespace(command=1))
    rows = object.__new__(RowByRow)
    rows.positions, rows._faults, rows._request = [0], {}, None
    rows.mode = "check"
    monkeypatch.setattr(RowByRow, "one_by_one", True)
    monkeypatch.setattr(RowByRow, "_without", lambda _, batch, __: batch)
    monkeypatch.setattr(RowByRow, "_set_aside", lambda *_: None)
    await rows.keep("batch", None)
    assert seen == [True] * row_by_row._MOST_RETURNS + [False]


@pytest.mark.parametrize("over", [0, 1])
def test_a_sheet_has_as_many_rows_as_it_may_and_then_another_begins(over, monkeypatch):
    monkeypatch.setattr(row_files, "_MOST_ROWS", 4)  # with the titles
    rows = [(f"r{n}",) for n in range(3 + over)]
    columns = [Column("text", "文字", "Text")]
    made = b"".join(pieces_of(columns, rows, "xlsx", "en"))
    book = openpyxl.load_workbook(io.BytesIO(made))
    told = [[cell.value for cell in sheet["A"]] for sheet in book.worksheets]
    assert told == [["Text", "r0", "r1", "r2"], *[["Text", "r3"]] * over]


async def test_rows_and_a_chain_that_others_change_are_read_so_often(monkeypatch):
    looked = []

    async def compared(*_):
        looked.append(1)
        return ["differs"], SimpleNamespace(uncovered=0)

    async def goes_on(*_):
        return len(looked)

    monkeypatch.setattr(stored, "_compared", compared)
    monkeypatch.setattr(stored, "_last_entry", goes_on)
    assert await stored.differences(None, "c", ["t"]) == (["differs"], 0)
    assert len(looked) == 1 + stored._MOST_LOOKS


@pytest.mark.parametrize("over", [0, 1])
async def test_of_altered_rows_so_many_are_named_and_the_others_counted(over, monkeypatch):
    number = stored._MOST_TOLD + over
    row = RowDifference.model_construct(position=None, table="t", key=None, en="One.", zh="一。")

    async def altered(*_):
        return True

    async def differ(*_):
        return [row] * number, 0

    monkeypatch.setattr(stored, "differences", differ)
    with pytest.raises(StoredDataAltered) as refused:
        await stored.require_intact(SimpleNamespace(scalar=altered), "c", "t", records=[1])
    assert len(refused.value.facts["rows"]) == stored._MOST_TOLD
    assert refused.value.facts["differing"] == number
    assert ("And 1 more." in refused.value.detail_en) == ("另有1处" in refused.value.detail_zh)
    assert ("And 1 more." in refused.value.detail_en) == bool(over)


@pytest.mark.parametrize("over", [0, 1])
def test_a_row_of_a_file_has_as_many_signs_as_it_may(over):
    """In however many lines. Planted bug: each line is measured by itself."""
    text = "a" * (uploads.LONGEST_RECORD - 3 + over) + "\nb\n"
    lines = uploads._Bounded(io.TextIOWrapper(io.BytesIO(text.encode())))
    if over:
        with pytest.raises(NotCsv, match=f"{uploads.LONGEST_RECORD:,}"):
            list(lines)
    else:
        assert len("".join(lines)) == uploads.LONGEST_RECORD


def archive(parts):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            packed.writestr(name, content)
    return held.getvalue()


BOOKS = {
    "parts": lambda over: [(f"p{n}", b"") for n in range(workbooks._MOST_PARTS + over)],
    "bytes": lambda over: [("p", b"\x89" * (workbooks._MOST_BYTES + over))],
    "tags": lambda over: [("p", b"<" * (workbooks._MOST_TAGS + over))],
    "a stretch": lambda over: [("p", b"<" + b"a" * (workbooks._MOST_AT_A_STRETCH + over) + b"<")],
    "brackets": lambda over: [("xl/styles.xml", b"<" + b"[" * (workbooks._MOST_BRACKETS + over))],
}
"""By their names: just as much as is taken, and `over` more."""


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_holds_as_much_as_it_may(name):
    workbooks._require_bounded(archive(BOOKS[name](0)))
    with pytest.raises(NotWorkbook):
        workbooks._require_bounded(archive(BOOKS[name](1)))


def test_a_workbook_has_as_many_columns_as_it_may():
    names = [f"n{n}" for n in range(workbooks._MOST_COLUMNS + 1)]
    cells = [SimpleNamespace(value=each) for each in names]
    assert workbooks._names(cells[:-1], {}, frozenset(names)) == names[:-1]
    with pytest.raises(NotWorkbook, match=str(len(names))):
        workbooks._names(cells, {}, frozenset(names))
    sheet = SimpleNamespace(reset_dimensions=lambda: None, iter_rows=lambda: [cells])
    with pytest.raises(NotWorkbook):
        list(workbooks._lines(sheet))
    sheet.iter_rows = lambda: [cells[:-1]]
    assert list(workbooks._lines(sheet)) == [cells[:-1]]


@pytest.mark.parametrize("over", [0, 1])
def test_so_many_marks_of_what_was_done_are_told(over, tmp_path):
    for n in range(looks._MOST_MARKS + over):
        (tmp_path / f"job-{chr(97 + n)}").touch()
    assert len(looks._marked(tmp_path)) == looks._MOST_MARKS


def test_a_token_lives_as_long_as_it_may_and_a_share_is_one():
    longest = Settings.model_fields["longest_token_seconds"].default
    verifier = Verifier(None, None, "", Freshness(longest_token=longest))
    verifier._check_issue({"iat": 1_000}, 1_000 + longest, 1_000)
    with pytest.raises(NotSignedIn):
        verifier._check_issue({"iat": 1_000}, 1_001 + longest, 1_000)
    share = TypeAdapter(get_type_hints(Settings, include_extras=True)["traces_share"])
    for told in (0, 1):
        assert share.validate_python(told) == told
    for told in (-0.01, 1.01):
        with pytest.raises(ValidationError):
            share.validate_python(told)


async def test_a_service_keeps_so_many_connections_and_no_more(run_service, tmp_path_factory):
    """Planted bug: more are opened where more ask."""
    most = Settings.model_fields["pool_size"].default
    about = {
        "home": Path(lending.__file__).parent,
        "authorisation_file": lending.matrix_in(tmp_path_factory.mktemp("matrix")),
    }
    service = await run_service("lending", lending.create_app, **about)
    pool = service.app.state.sessions.kw["bind"].pool
    assert (pool.size(), pool._max_overflow) == (most, 0)
    async with AsyncExitStack() as stack:
        for _ in range(most):
            db = await stack.enter_async_context(service.app.state.sessions())
            await db.execute(sa.text("SELECT 1"))
        assert pool.checkedout() == most
        async with service.app.state.sessions() as one_more:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await one_more.execute(sa.text("SELECT 1"))
