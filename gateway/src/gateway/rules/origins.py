"""Origins: which page of a browser a request comes from, and what pages of others may do.

An origin is scheme, host and port of a page, in the one spelling that browsers send
(RFC 6454, 6.2). It is compared as a whole and never by its end or beginning.
"""

import re

_HOST = r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f.]*:[0-9a-f:.]*\]"
_ORIGIN = re.compile(rf"(https?)://({_HOST})(?::([1-9][0-9]{{0,4}}))?")
_LOOPBACK = re.compile(r"(?:[a-z0-9.-]+\.)?localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
_USUAL = {"http": "80", "https": "443"}

METHODS = b"GET, POST, PUT, PATCH, DELETE"
"""What a page of another origin may ask with: which of them a path knows, its answer says."""

ASKED_WITH = (
    b"accept-language, authorization, complaint-token, content-type, form-link, idempotency-key, "
    b"if-match, if-none-match, last-event-id, objection-token, x-request-id"
)
"""The headers that the system knows and browsers send to others only after they have asked."""

SHOWN = (
    b"allow, content-disposition, content-encoding, content-length, etag, idempotent-replay, "
    b"location, ratelimit, ratelimit-policy, retry-after, www-authenticate, x-request-id"
)
"""The headers of an answer that a page may read beside those that each may."""

_SECONDS = b"600"
_VARIES = b"origin, access-control-request-method, access-control-request-headers"


def exact(given: str) -> str:
    """Return an origin as it is given; raise `ValueError` for what no browser would ever send."""
    found = _ORIGIN.fullmatch(given)
    if found is None:
        raise ValueError(
            f"{given!r} is no origin: write scheme, host in small letters, and port unless it is "
            "the usual one, such as https://kaoping.example.gov.cn; nothing after it, and no *"
        )
    scheme, _, port = found.groups()
    if port == _USUAL[scheme] or int(port or 1) > 65_535:
        raise ValueError(f"{given!r} has a port that browsers leave out, or that there is not")
    return given


def is_loopback(origin: str) -> bool:
    """Say whether pages of `origin` come from the very machine that the browser runs on."""
    found = _ORIGIN.fullmatch(origin)
    return found is not None and bool(_LOOPBACK.fullmatch(found[2]))


def is_preflight(method: str, headers: dict[bytes, bytes]) -> bool:
    """Say whether a browser asks beforehand what a page may ask (CORS)."""
    asks = b"access-control-request-method" in headers
    return method == "OPTIONS" and asks and b"origin" in headers


def permission(origin: bytes) -> list[tuple[bytes, bytes]]:
    """Return the headers that answer what a browser asks beforehand for a page of `origin`."""
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-methods", METHODS),
        (b"access-control-allow-headers", ASKED_WITH),
        (b"access-control-max-age", _SECONDS),
        (b"vary", _VARIES),
    ]


def readable(origin: bytes | None) -> list[tuple[bytes, bytes]]:
    """Return the headers that let a page of `origin` read an answer, or none (None) do so.

    Whoever keeps answers is told in both cases that they differ by origin.
    """
    varies = [(b"vary", b"Origin")]
    if origin is None:
        return varies
    allowed = (b"access-control-allow-origin", origin)
    return [allowed, (b"access-control-expose-headers", SHOWN), *varies]
