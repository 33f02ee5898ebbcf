"""Streams that only a key opens: compressed, in pieces of AES-256-GCM, bound to their name.

A sealed file begins with a line and 32 random bytes; from these, the key and the name of the part
its own key is derived (HKDF-SHA-256), so that no nonce is ever used twice. Each piece is sealed by
its number and by whether it is the last: none can be changed, left out, exchanged or put elsewhere,
and an end that was cut off is no end.
"""

import base64
import hashlib
import hmac
import io
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kaoping.backups.faults import BackupFault

_MAGIC = b"kaoping-sealed/1\n"
_SALT, _PIECE, _TAG = 32, 1 << 20, 16
_KEY = 32


class Key:
    """What opens backups: 32 random bytes, kept in a file that is kept away from them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    @classmethod
    def draw(cls, file: Path) -> "Key":
        """Draw a key and write it into a file that there is not yet."""
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
                kept.write(base64.b64encode(os.urandom(_KEY)).decode() + "\n")
                kept.flush()
                os.fsync(kept.fileno())
        except FileExistsError:
            raise BackupFault(f"{file} is there already", f"{file} 已存在") from None
        except OSError as error:
            raise _unusable(file, error.strerror or "") from None
        return cls.read(file)

    @classmethod
    def read(cls, file: Path) -> "Key":
        """Read a key that was drawn; a file that others can read is refused."""
        try:
            if file.stat().st_mode & 0o077:
                raise BackupFault(
                    f"{file} can be read by others than its owner: chmod 600",
                    f"{file} 可被其他账户读取，请先 chmod 600",
                )
            secret = base64.b64decode(file.read_text("ascii"), validate=False)
        except OSError as error:
            raise _unusable(file, error.strerror or "") from None
        except ValueError:
            secret = b""
        if len(secret) != _KEY:
            raise _unusable(file, "no key of 32 bytes")
        return cls(secret)

    @property
    def name(self) -> str:
        """By what a backup says which key opens it; tells nothing of the key."""
        return hashlib.sha256(b"kaoping-backup-key" + self._secret).hexdigest()[:16]

    def seal_of(self, text: bytes) -> str:
        """Return what only a holder of the key can say of a text (HMAC-SHA-256)."""
        return hmac.new(self._derived(b"", "manifest"), text, "sha256").hexdigest()

    def cipher(self, salt: bytes, part: str) -> AESGCM:
        """Return the cipher of one sealed file."""
        return AESGCM(self._derived(salt, part))

    def _derived(self, salt: bytes, purpose: str) -> bytes:
        return HKDF(SHA256(), _KEY, salt, b"kaoping-backup/" + purpose.encode()).derive(
            self._secret
        )


def require_apart(file: Path, folders: Iterable[Path]) -> None:
    """Refuse a key that lies within what it opens, or beside what it was made for."""
    for folder in folders:
        if file.resolve().is_relative_to(folder.resolve()):
            raise BackupFault(
                f"{file}: keep the key elsewhere than in {folder}",
                f"{file}：密钥不得存放在 {folder} 中",
            )


class Sealer(io.RawIOBase):
    """Writes one sealed file; what it is made of is written to this."""

    def __init__(self, file: IO[bytes], key: Key, part: str) -> None:
        salt = os.urandom(_SALT)
        self._file, self._cipher = file, key.cipher(salt, part)
        self._packed, self._ready, self._number = zlib.compressobj(1), bytearray(), 0
        self._digest, self.size = hashlib.sha256(), 0
        self._put(_MAGIC + salt)

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written to the file, in hexadecimal."""
        return self._digest.hexdigest()

    def writable(self) -> bool:
        """Say that it is written to."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Seal what is written, piece by piece."""
        self._ready += self._packed.compress(data)
        while len(self._ready) > _PIECE:  # the last one is kept until it is known to be that
            self._seal(bytes(self._ready[:_PIECE]), last=False)
            del self._ready[:_PIECE]
        return len(data)

    def finish(self) -> None:
        """Seal the end; nothing is written after it."""
        self._ready += self._packed.flush()
        while len(self._ready) > _PIECE:
            self._seal(bytes(self._ready[:_PIECE]), last=False)
            del self._ready[:_PIECE]
        self._seal(bytes(self._ready), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(_nonce(self._number, last=last), piece, None))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)


class Opener(io.RawIOBase):
    """Reads what was sealed; what is not as it was sealed is refused by the name of its part."""

    def __init__(self, file: IO[bytes], key: Key, part: str) -> None:
        self._file, self._part, self._number = file, part, 0
        head = file.read(len(_MAGIC) + _SALT)
        if not head.startswith(_MAGIC) or len(head) != len(_MAGIC) + _SALT:
            raise self._altered()
        self._cipher = key.cipher(head[len(_MAGIC) :], part)
        self._unpacked, self._ready = zlib.decompressobj(), bytearray()
        self._next = file.read(_PIECE + _TAG)
        if not self._next:
            raise self._altered()

    def readable(self) -> bool:
        """Say that it is read from."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer only at the end."""
        while (size < 0 or len(self._ready) < size) and self._next:
            self._ready += self._opened()
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def readall(self) -> bytes:
        """Return all that is left."""
        return self.read()

    def _opened(self) -> bytes:
        piece, self._next = self._next, self._file.read(_PIECE + _TAG)
        try:
            plain = self._cipher.decrypt(_nonce(self._number, last=not self._next), piece, None)
            self._number += 1
            data = self._unpacked.decompress(plain)
        except (InvalidTag, ValueError, zlib.error):
            raise self._altered() from None
        if not self._next and not self._unpacked.eof:
            raise self._altered()
        return data

    def _altered(self) -> BackupFault:
        return BackupFault(
            f"{self._part}: it is not as it was sealed, or another key sealed it",
            f"{self._part}：与封存时不一致，或由其他密钥封存",
        )


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _unusable(file: Path, why: str) -> BackupFault:
    return BackupFault(
        f"{file}: no key can be used ({why}); `--new-key` draws one where there is none",
        f"{file}：没有可用的密钥（{why}）；尚无密钥时以 --new-key 生成",
    )
