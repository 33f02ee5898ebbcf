"""What somebody without an account has sent, and follows by its number and a token of its own."""

import hashlib
import hmac
import re
import secrets
from typing import Annotated

from fastapi import Path

from chassis.identity import Caller

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

WITHOUT_ACCOUNT = Caller("citizen", frozenset(), None, "citizen")
"""Whom the journal names for what came without an account: nobody knows more."""

_FORM = "[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}"
is_reference = re.compile(_FORM).fullmatch

Reference = Annotated[str, Path(pattern=f"^{_FORM}$", max_length=14)]
"""The number, as it stands in an address."""


def drawn_reference() -> str:
    """Return a number for whoever sent something: it is drawn, and tells how many there are to
    nobody."""
    drawn = "".join(secrets.choice(_SIGNS) for _ in range(12))
    return "-".join((drawn[:4], drawn[4:8], drawn[8:]))


def drawn_token() -> str:
    """Return a token that is told once, to whoever sent something."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is kept of a token: it has 256 bits, and nobody tries them all."""
    return hashlib.sha256(token.encode()).hexdigest()


def goes_with(kept: str | None, token: str) -> bool:
    """Say whether a token is the one of which a digest is kept, in the same time where none is."""
    return hmac.compare_digest(kept or "0" * 64, digest_of(token))
