"""Limits of the chassis at their last value, and one past it, where no other file tries them."""

from datetime import date, timedelta
from typing import ClassVar

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis import decoding, personal, persons, problems, reads, scopes, uploads
from chassis.connections import _LONGEST_HEAD, Broken, Connection
from chassis.deadlines import LONGEST, Calendar, NoWorkingDay
from chassis.scopes import Scope
from chassis.uploads import AT_ONCE, UploadsBusy
from chassis.wire import _MOST_MARKS, Text


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
