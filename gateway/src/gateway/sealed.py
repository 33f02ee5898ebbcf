"""What the database must not be able to read, and what callers must not: sealed with a key file.

The key lies beside those that tokens are signed with, as `sealing.key`, and never in the database:
who reads a backup reads nothing that was sealed. For each purpose a key of its own is derived from
it, so that what was sealed for one opens nothing for another.
"""

import base64
import fcntl
import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis import suites
from chassis.suites import Suite

_FILE = "sealing.key"
_BYTES = 32


def ensured(directory: Path) -> bytes:
    """Return the key of a directory, made if there is none yet; of several processes one makes it.

    A key that was made has to be kept: with another, whatever was sealed with it is lost.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        path = directory / _FILE
        if not path.exists():
            half = path.with_suffix(".half")
            half.unlink(missing_ok=True)  # of somebody who was killed while writing it
            with open(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - the mode must hold from the first byte
                file.write(secrets.token_bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            half.rename(path)
            os.fsync(held)
        key = path.read_bytes()
    finally:
        os.close(held)
    if len(key) != _BYTES:
        raise ValueError(f"{path} does not hold {_BYTES} bytes")
    return key


class Key(NamedTuple):
    """The key of a directory, and the suite under which something new is sealed with it."""

    secret: bytes
    suite: Suite


SealingKey = bytes | Key
"""A secret alone seals under the international suite."""


class Sealer:
    """Seals bytes for one purpose, opens them again, and gives names that tell nothing."""

    def __init__(self, key: SealingKey, purpose: str) -> None:
        key, suite = key if isinstance(key, Key) else (key, suites.INTERNATIONAL)
        derived = HKDF(SHA256(), 3 * _BYTES, None, f"kaoping {purpose}".encode()).derive(key)
        self._secret, self._suite = derived[: 2 * _BYTES], suite
        # It needs no random number, and gives the same text for the same thing (RFC 5297).
        self._cipher = suite.steady(self._secret)
        self._naming = derived[2 * _BYTES :]

    def seal(self, plain: bytes, about: bytes = b"") -> str:
        """Return `plain` encrypted and vouched for, as text that may stand in a URL; the same text
        for the same bytes.

        It opens only where `about` is the same: the account or row that it belongs to.
        """
        return _text(self._suite.mark + self._cipher.encrypt(plain, [about]))

    def open(self, sealed: str, about: bytes = b"") -> bytes | None:
        """Return what was sealed; None where it was not sealed here, or not for this."""
        try:
            raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            if _text(raw) != sealed:  # one text for one thing: base64 knows several
                return None
        except ValueError:
            return None
        return suites.first_opened(raw, lambda suite, rest: self._by(suite).decrypt(rest, [about]))

    def _by(self, suite: Suite) -> suites.Steady:
        return self._cipher if suite is self._suite else suite.steady(self._secret)

    def name(self, thing: bytes) -> str:
        """Return 32 hexadecimal digits that are always the same for a thing and do not tell it."""
        return hmac.new(self._naming, thing, sha256).hexdigest()[:32]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
