"""What a browser sends by itself, and what it sends only because a page of ours wanted it to.

A browser sends a cookie with whatever leads to us, whichever page it comes from (CSRF). It counts
only beside what a page elsewhere cannot have it send: the origin of the page, which no page can
choose, and a header that a page of another origin may send only after it was permitted. The
header is no secret, so that there is none to keep, to leak or to renew: it is the second of two
proofs, for the browser or proxy that spoils the first.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

PROOF = b"x-csrf-protection"
"""The header that a page of ours sends with whatever changes something; its value is `1`."""

_SAFE = frozenset({"GET", "HEAD"})
_SESSION, _ANSWER = "kaoping", "kaoping-openid"


class Cookie(NamedTuple):
    """A cookie: how it is called, and with what it is set.

    `__Host-` is refused by browsers for any but a cookie of this very host, set by itself over TLS
    for all its paths: no other host of the same domain can put one of its own in its place.
    """

    name: str
    attributes: str

    def set(self, value: str, seconds: int) -> str:
        """Return the value of `Set-Cookie` that sets it for so many seconds."""
        return f"{self.name}={value}; Max-Age={seconds}; {self.attributes}"

    def gone(self) -> str:
        """Return the value of `Set-Cookie` that takes it away."""
        return self.set("", 0)

    def found(self, headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
        """Return its values among the headers of a request: none, one, or more than we set."""
        return [
            value
            for header, line in headers
            if header == b"cookie"
            for name, _, value in (
                pair.strip().partition("=") for pair in line.decode("latin-1").split(";")
            )
            if name == self.name
        ]


def session_cookie(origin: str) -> Cookie:
    """Return the cookie of a session at `origin`; no other site leads a browser to send it."""
    return _cookie(origin, _SESSION, "Strict")


def answer_cookie(origin: str) -> Cookie:
    """Return the cookie by which an answer of a provider is known again; his page leads to us."""
    return _cookie(origin, _ANSWER, "Lax")


def _cookie(origin: str, name: str, same_site: str) -> Cookie:
    attributes = f"Path=/; HttpOnly; SameSite={same_site}"
    # Without TLS, which only the machine itself may do, browsers refuse the prefix.
    if origin.startswith("http:"):
        return Cookie(name, attributes)
    return Cookie(f"__Host-{name}", f"{attributes}; Secure")


def doubts(method: str, named: Mapping[bytes, bytes], origin: bytes) -> tuple[str, str] | None:
    """Say in English and Chinese why a request may not come from a page of `origin`, else None.

    `named` are the headers of the request. What only reads needs no proof that it was wanted; it
    is refused where the browser says that a page elsewhere asks.
    """
    site = named.get(b"sec-fetch-site", b"same-origin")
    if method in _SAFE:
        wanted = site in (b"same-origin", b"none")
        return None if wanted else _elsewhere("Sec-Fetch-Site", origin)
    if site != b"same-origin":
        return _elsewhere("Sec-Fetch-Site", origin)
    if named.get(b"origin") != origin:
        return _elsewhere("Origin", origin)
    if named.get(PROOF) != b"1":
        return "The header X-CSRF-Protection: 1 is missing.", "缺少请求头 `X-CSRF-Protection: 1`。"
    return None


def _elsewhere(header: str, origin: bytes) -> tuple[str, str]:
    ours = origin.decode()
    return (
        f"By its header {header} it does not come from a page of {ours}.",
        f"据请求头 `{header}`，请求并非来自 `{ours}` 的网页。",
    )


def private(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer to somebody who is known by a cookie.

    What may be kept on the way between is otherwise decided by `Authorization`, which such a
    request does not have. And what it is, it is by its type alone: a browser guesses at nothing.
    """
    kept = [pair for pair in headers if pair[0].lower() != b"x-content-type-options"]
    if not any(name.lower() == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", b"private, no-cache"))
    return [*kept, (b"vary", b"Cookie"), (b"x-content-type-options", b"nosniff")]
