"""Which headers pass."""

import pytest

from gateway.rules.headers import back, onward, well_formed_id

ID = (b"x-request-id", b"abc")


@pytest.mark.parametrize(
    "name",
    [
        "connection", "keep-alive", "proxy-authorization", "te", "trailer", "transfer-encoding",
        "upgrade", "host", "expect", "x-user", "x-user-id", "x-username", "x-unit", "x-unit-code",
        "x-role", "x-roles", "x-forwarded-for", "x-forwarded-user", "x-forwarded-host", "forwarded",
        "x-real-ip", "x-request-id",
    ],
)  # fmt: skip
def test_what_ends_at_the_gateway_does_not_go_on(name):
    """Fails when a name is lost from `HOP_BY_HOP` or `_IDENTITY`."""
    assert onward([(name.encode(), b"close")], b"abc") == [ID]


@pytest.mark.parametrize(
    "name", ["accept", "authorization", "content-length", "idempotency-key", "x-unrelated"]
)
def test_what_is_meant_for_the_service_goes_on(name):
    assert onward([(name.encode(), b"v")], b"abc") == [(name.encode(), b"v"), ID]


def test_a_header_that_connection_names_ends_here_too():
    given = [(b"connection", b"close, X-Hop"), (b"x-hop", b"1"), (b"x-stays", b"2")]
    assert onward(given, b"abc") == [(b"x-stays", b"2"), ID]


def test_an_answer_keeps_its_own_headers_and_every_cookie():
    given = [(b"ETag", b"1"), (b"Set-Cookie", b"a"), (b"Set-Cookie", b"b"), (b"Server", b"x")]
    expected = [(b"etag", b"1"), (b"set-cookie", b"a"), (b"set-cookie", b"b"), ID]
    assert back([*given, (b"Transfer-Encoding", b"chunked"), (b"X-Request-ID", b"z")], b"abc") == (
        expected
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (b"abc-1.2_3", b"abc-1.2_3"),
        (b"", None),
        (b"a b", None),
        (b'a"\n{"event":"forged"}', None),
        (b"x" * 65, None),
    ],
)
def test_a_request_id_is_kept_only_when_it_is_harmless_in_a_log(given, kept):
    assert well_formed_id(given) == kept
