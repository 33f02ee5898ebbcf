"""Which coding a caller takes, and what is worth one."""

import pytest

from gateway.rules.encodings import (
    Accepted,
    CodingNotAcceptable,
    accepted,
    can_change,
    is_worth_it,
    tag,
    untagged,
    varying,
)


@pytest.mark.parametrize(
    ("value", "gzip", "plain"),
    [
        (b"", False, True),
        (b"gzip", True, True),
        (b"GZip, deflate, br, zstd", True, True),
        (b"x-gzip", True, True),
        (b"br", False, True),
        (b"*", True, True),
        (b"gzip;q=0", False, True),
        (b"gzip; q=0.001", True, True),
        (b"gzip;q=0, *", False, True),
        (b"identity", False, True),
        (b"identity, gzip;q=0.5", False, True),
        (b"identity;q=0.5, gzip;q=0.5", True, True),
        (b"gzip;q=rubbish", False, True),
        (b"identity;q=0, gzip", True, False),
        (b"*;q=0, gzip", True, False),
        (b"gzip;q=0.5, *;q=0", True, False),
    ],
)
def test_a_caller_gets_what_he_takes(value, gzip, plain):
    """Planted bug: look for the word `gzip` and not at its weight."""
    assert accepted(value) == Accepted(gzip, plain)


@pytest.mark.parametrize("value", [b"identity;q=0", b"*;q=0", b"br, identity;q=0, gzip;q=0"])
def test_who_takes_nothing_that_there_is_learns_so(value):
    with pytest.raises(CodingNotAcceptable):
        accepted(value)


@pytest.mark.parametrize(
    ("status", "name", "value", "expected"),
    [
        (200, b"etag", b'"a"', True),
        (422, b"etag", b'"a"', True),
        (206, b"etag", b'"a"', False),
        (304, b"etag", b'"a"', False),
        (200, b"content-encoding", b"br", False),
        (200, b"content-range", b"bytes 0-9/10", False),
        (200, b"cache-control", b"private, no-cache", True),
        (200, b"cache-control", b"No-Store", False),
        (200, b"cache-control", b"no-transform", False),
    ],
)
def test_what_is_only_right_as_it_is_stays_so(status, name, value, expected):
    """Planted bug: compress a token, whose answer says no-store."""
    assert can_change(status, {name: value}) is expected


@pytest.mark.parametrize(
    ("kind", "length", "expected"),
    [
        (b"application/json", 2048, True),
        (b"application/json", 2047, False),
        (b"application/problem+json; charset=utf-8", 9999, True),
        (b"text/html; charset=utf-8", float("inf"), True),
        (b"application/jsonp", 9999, False),
        (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 9999, False),
        (b"image/png", 9999, False),
        (b"", 9999, False),
    ],
)
def test_text_of_some_length_is_worth_it(kind, length, expected):
    assert is_worth_it({b"content-type": kind}, length) is expected


def test_both_forms_of_a_document_have_tags_of_their_own():
    assert tag(b'"a"') == b'"a-gzip"'
    assert untagged(tag(b'"a"')) == b'"a"'
    assert untagged(b'W/"b", "a-gzip"') == b'W/"b", "a"'
    assert tag(b'W/"a"') == b'W/"a"'


def test_what_an_answer_depends_on_stands_in_one_header():
    given = [(b"vary", b"Accept-Language"), (b"etag", b'"a"')]
    assert varying(given) == [(b"etag", b'"a"'), (b"vary", b"Accept-Language, Accept-Encoding")]
