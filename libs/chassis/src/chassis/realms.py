"""To whom a part of the whole belongs, where one installation serves many: its id says so.

A realm is named by a number of six, nine or twelve digits, and belongs to nobody else. The id of a
part that is of a realm is a UUID of version 8 (RFC 9562, 5.8): its first 40 bits are the number,
written with twelve digits, and all others but version and variant are random. Any other UUID is of
no realm. So everybody knows without asking whose a part is, of the past too; an id that somebody
makes up gives nothing, because there is no such part.

What is of another realm is answered as what does not exist. It is not refused: the request goes on
with an id in its place that nobody has (`unknown`), so that no answer, and no time that it takes,
can tell the two apart.
"""

import hashlib
import re
import secrets
from uuid import UUID, uuid4

CLOSED = "X-Closed-Realms"
"""Where the door names the realms of which nothing is changed any more, to whoever is asked by
somebody without an account for what no id in the address tells."""

EVERY = "*"
"""The realm of whoever reads for all, which is the system itself and no account."""

_is_realm = re.compile(r"[1-9][0-9]{5}|[1-9][0-9]{8}|[1-9][0-9]{11}").fullmatch
_AT = 88
_VERSION, _VARIANT = 8 << 76, 2 << 62
_FIXED = (0xF << 76) | (3 << 62)
_RANDOM = (1 << _AT) - 1 & ~_FIXED
_SHORT, _GROUP = 6, 3


def is_realm(text: object) -> bool:
    """Say whether a text names a realm: one number is written in one way, without a last group of
    three noughts beyond the first six digits."""
    return isinstance(text, str) and bool(_is_realm(text)) and _short(text) == text


def _short(digits: str) -> str:
    while len(digits) > _SHORT and digits.endswith("0" * _GROUP):
        digits = digits[:-_GROUP]
    return digits


def new_part(realm: str | None) -> UUID:
    """Return the id of a new part of a realm, or of none."""
    if realm is None:
        return uuid4()
    return _made(realm, secrets.randbits(_AT))


def ends_of(realm: str) -> tuple[UUID, UUID]:
    """Return between which ids those of the parts of a realm lie; others may lie there, too."""
    low = int(realm.ljust(12, "0")) << _AT
    return UUID(int=low), UUID(int=low | (1 << _AT) - 1)


def ids_begin(realm: str) -> str:
    """Return how every id of a part of a realm begins; ids of no realm may begin so, too."""
    return str(ends_of(realm)[0])[:11]


_PAIR = 2


def _begins(realm: str) -> str:
    """Return the digits with which the numbers of all realms below one begin: its own without the
    pairs of noughts at the end of the first six."""
    while len(realm) <= _SHORT and realm.endswith("0" * _PAIR):
        realm = realm[:-_PAIR]
    return realm


def is_above(realm: str | None, other: str | None) -> bool:
    """Say whether a realm is above another one, which its number tells."""
    if realm in (None, EVERY) or other in (None, EVERY, realm):
        return False
    return str(other).startswith(_begins(str(realm)))


def ends_below(realm: str) -> tuple[UUID, UUID]:
    """Return between which ids those of the parts of a realm and of all below it lie."""
    low, high = (int(_begins(realm).ljust(12, each)) for each in "09")
    return UUID(int=low << _AT), UUID(int=(high << _AT) | (1 << _AT) - 1)


def _made(realm: str, bits: int) -> UUID:
    return UUID(int=int(realm.ljust(12, "0")) << _AT | bits & _RANDOM | _VERSION | _VARIANT)


def realm_of(part: object) -> str | None:
    """Return the realm that a part is of, None where it is of none or no part at all."""
    try:
        known = part if isinstance(part, UUID) else UUID(str(part))
    except ValueError:
        return None
    if known.version != 8:
        return None
    return _short(f"{known.int >> _AT:012}")


def unknown(part: UUID, realm: str | None) -> UUID:
    """Return the id, of a realm, that stands for a part which is of another: always the same one,
    and no part's."""
    bits = int.from_bytes(hashlib.sha256(b"of another realm\0" + part.bytes).digest()[:16])
    if realm is None:
        return UUID(int=bits, version=4)
    return _made(realm, bits)


def is_closed(part: object, told: str | None) -> bool:
    """Say whether a part is of one of the realms that the header `CLOSED` names."""
    return realm_of(part) in (told or "").split()


SEPARATOR = ":"
"""What stands in the name of a chain between the name and the realm."""


def chain_of(name: str, realm: str | None) -> str:
    """Return the chain of the journal in which what is of no part is recorded of a realm: each has
    one of its own."""
    return name if realm in (None, EVERY) else f"{name}{SEPARATOR}{realm}"


def named_in(chain: str) -> tuple[str, str | None]:
    """Return name and realm of a chain that is of no part."""
    name, _, realm = chain.partition(SEPARATOR)
    return name, realm or None
