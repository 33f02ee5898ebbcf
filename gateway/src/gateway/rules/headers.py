"""Which headers pass through the gateway.

Headers between two neighbours end here (RFC 9110, 7.6.1), in both directions. So do all by which
a caller might claim to be somebody: who asks is what a verified token says.
"""

import math
import re
from collections.abc import Iterable

from chassis import personal, realms

Headers = Iterable[tuple[bytes, bytes]]

REQUEST_ID = b"x-request-id"
DOOR_PASS = b"x-door-pass"
CLOSED = realms.CLOSED.lower().encode()

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)

# `Host` is the upstream's own, and what `Expect` asks for is answered by our own server.
_NOT_ONWARD = HOP_BY_HOP | {b"host", b"expect", b"x-real-ip", REQUEST_ID, DOOR_PASS, CLOSED}
# Whoever is outside has traces of his own: by ours he would be told what belongs together here.
_TRACES = frozenset({b"traceparent", b"tracestate", b"baggage"})
# `Date` and `Server` are set by the server in front of us, once.
_NOT_BACK = HOP_BY_HOP | {b"date", b"server", REQUEST_ID}
_IDENTITY = (b"x-user", b"x-unit", b"x-role", b"x-forwarded", b"forwarded")

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
"""What an answer with a token is sent with (RFC 6749, 5.1): nobody on the way keeps it."""

_WELL_FORMED_ID = re.compile(rb"[A-Za-z0-9._\-]{1,64}")


def first_of(headers: Headers) -> dict[bytes, bytes]:
    """Return the first value of each header."""
    first: dict[bytes, bytes] = {}
    for name, value in headers:
        first.setdefault(name, value)
    return first


def onward(headers: Headers, request_id: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers (names in lower case) that go on to a service, with the request id."""
    given = list(headers)
    ended = _ended(given, _NOT_ONWARD | _TRACES)
    kept = [(n, v) for n, v in given if n not in ended and not n.startswith(_IDENTITY)]
    kept.append((REQUEST_ID, request_id))
    return kept


def back(headers: Headers, request_id: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers that go back to the caller, names in lower case, with the request id."""
    given = [(name.lower(), value) for name, value in headers]
    ended = _ended(given, _NOT_BACK)
    kept = [(n, v) for n, v in given if n not in ended]
    kept.append((REQUEST_ID, request_id))
    return kept


def length_of(headers: Headers) -> float:
    """Return how many bytes the body has; infinity when no header says so."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return math.inf


def well_formed_id(given: bytes) -> bytes | None:
    """Return a caller's own request id when it is well formed and no number that leads to a person:
    it goes into logs and answers as it is."""
    if not _WELL_FORMED_ID.fullmatch(given) or personal.find_any(given.decode()):
        return None
    return given


def _ended(headers: Headers, always: frozenset[bytes]) -> frozenset[bytes]:
    """Return the names that end here: those that always do, and those `Connection` declares."""
    named = [v.lower().split(b",") for n, v in headers if n == b"connection"]
    if not named:
        return always
    return always.union(word.strip() for words in named for word in words)
