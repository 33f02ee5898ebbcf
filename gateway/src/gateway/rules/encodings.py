"""Content codings: which one a caller takes, what is worth one, and the tags that go with it.

RFC 9110, sections 8.4, 8.8.3 and 12.5.3. Only gzip is known.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from chassis.refusals import Invalid
from gateway.rules.headers import Headers

LEAST = 2_048
"""What has fewer bytes is hardly smaller compressed."""

_LONGEST = 1_000
_TEXTS = re.compile(
    rb"(text/[^;]*|application/(.*\+)?(json|xml)|application/javascript|image/svg\+xml)\s*(;.*)?"
)
_WITHOUT_BODY = frozenset({204, 206, 304})
# What is encoded already, or is only correct as it is.
_AS_IT_IS = (b"content-encoding", b"content-range", b"content-digest")
# Secrets (RFC 6749, 5.1) are not stored, and not compressed beside what a caller sent.
_LEFT_ALONE = re.compile(rb"no-store|no-transform")
_MARK = b'-gzip"'


class CodingNotAcceptable(Invalid):
    """The caller accepts no coding that an answer can have."""

    zh = "请求头 `Accept-Encoding` 不接受任何可用的编码。"
    remedy = (
        "Leave out `Accept-Encoding`, or allow `gzip` or `identity`.",
        "请去掉 `Accept-Encoding`，或允许 `gzip` 或 `identity`。",
    )
    status = 406


@dataclass(frozen=True, slots=True)
class Accepted:
    """Which codings a caller takes. `gzip` means that it is welcome, `plain` that none is too."""

    gzip: bool
    plain: bool


PLAIN = Accepted(gzip=False, plain=True)


def accepted(accept_encoding: bytes) -> Accepted:
    """Return what an Accept-Encoding says; without one an answer comes as it is.

    Refuse who takes neither gzip nor what is not encoded: before anything has been done for him.
    """
    found = _read(accept_encoding[:_LONGEST]) if accept_encoding else PLAIN
    if not (found.gzip or found.plain):
        raise CodingNotAcceptable("Known here: gzip, identity.", "可用的编码：`gzip`、`identity`。")
    return found


_WEIGHT = re.compile(rb"q=([01](?:\.[0-9]{0,3})?)")  # RFC 9110, 12.4.2


@lru_cache(maxsize=256)
def _read(accept_encoding: bytes) -> Accepted:
    weights: dict[bytes, Decimal] = {}
    for part in accept_encoding.lower().split(b","):
        name, _, weight = part.partition(b";")
        q = _WEIGHT.fullmatch(weight.strip() or b"q=1")
        weights[name.strip()] = Decimal(q.group(1).decode()) if q else Decimal(0)
    others = weights.get(b"*", Decimal(0))
    gzip = weights.get(b"gzip", weights.get(b"x-gzip", others))
    plain = weights.get(b"identity")
    if plain is None:
        return Accepted(gzip > 0, b"*" not in weights or others > 0)
    return Accepted(gzip > 0 and gzip >= plain, plain > 0)


def can_change(status: int, named: Mapping[bytes, bytes]) -> bool:
    """Say whether an answer may be compressed at all."""
    if status in _WITHOUT_BODY or any(name in named for name in _AS_IT_IS):
        return False
    return not _LEFT_ALONE.search(named.get(b"cache-control", b"").lower())


def is_worth_it(named: Mapping[bytes, bytes], length: float) -> bool:
    """Say whether an answer is text of some length, which compressing makes much smaller."""
    return length >= LEAST and bool(_TEXTS.fullmatch(named.get(b"content-type", b"").lower()))


def tag(etag: bytes) -> bytes:
    """Return the tag of the compressed form; a weak one holds for both."""
    if etag.startswith(b"W/") or not etag.endswith(b'"'):
        return etag
    return etag[:-1] + _MARK


def untagged(if_none_match: bytes) -> bytes:
    """Return the tags under which a service knows what a caller has in its compressed form."""
    return if_none_match.replace(_MARK, b'"')


def varying(headers: Headers) -> list[tuple[bytes, bytes]]:
    """Return the headers with Accept-Encoding among what the answer depends on."""
    others = [value for name, value in headers if name == b"vary"]
    kept = [(name, value) for name, value in headers if name != b"vary"]
    return [*kept, (b"vary", b", ".join([*others, b"Accept-Encoding"]))]
