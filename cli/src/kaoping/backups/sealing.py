"""Streams that only a key opens: compressed, in sealed pieces, bound to their name.

The pieces are of AES-256-GCM, or of SM4-GCM where `CRYPTOGRAPHY=sm` is set when they are made; the
first line of a file says which, so that each is opened as it was sealed. After it come 32 random
bytes; from these, the key and the name of the part its own key is derived (HKDF), so that no nonce
is ever used twice. Each piece is sealed by its number and by whether it is the last: none can be
changed, left out, exchanged or put elsewhere, and an end that was cut off is no end.
"""

import base64
import errno
import hashlib
import io
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag

from chassis import suites
from chassis.suites import INTERNATIONAL, SM, Aead, Suite
from kaoping.backups.faults import BackupFault

_MAGICS = {b"kaoping-sealed/1\n": INTERNATIONAL, b"kaoping-sealed/2\n": SM}
_MAGIC_OF = {suite.name: magic for magic, suite in _MAGICS.items()}
_MAGIC = 17
_SALT, _PIECE, _TAG = 32, 1 << 20, 16
_KEY = 32


class Key:
    """What opens backups: 32 random bytes, kept in a file that is kept away from them."""

    def __init__(self, secret: bytes, suite: Suite = INTERNATIONAL) -> None:
        self._secret, self.suite = secret, suite

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
            raise _unread(file, error) from None
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
            raise _unread(file, error) from None
        except ValueError:
            secret = b""
        if len(secret) != _KEY:
            raise _unusable(file, "no key of 32 bytes", "不是 32 字节的密钥")
        return cls(secret, _suite())

    @property
    def name(self) -> str:
        """By what a backup says which key opens it; tells nothing of the key."""
        return hashlib.sha256(b"kaoping-backup-key" + self._secret).hexdigest()[:16]

    def seal_of(self, text: bytes) -> str:
        """Return what only a holder of the key can say of a text: by SM3 with `sm3:` before it."""
        return _seal(self.suite, self._derived(self.suite, b"", "manifest"), text)

    def has_sealed(self, text: bytes, seal: object) -> bool:
        """Say whether a seal is that of a text, under whichever suite it was made."""
        suite = SM if isinstance(seal, str) and seal.startswith("sm3:") else INTERNATIONAL
        return seal == _seal(suite, self._derived(suite, b"", "manifest"), text)

    def cipher(self, salt: bytes, part: str, suite: Suite) -> Aead:
        """Return the cipher of one sealed file."""
        return suite.aead(self._derived(suite, salt, part))

    def _derived(self, suite: Suite, salt: bytes, purpose: str) -> bytes:
        return suite.derived(self._secret, _KEY, salt, b"kaoping-backup/" + purpose.encode())


def _suite() -> Suite:
    try:
        return suites.of_environment()
    except suites.SuiteUnavailable as error:
        raise BackupFault(error.detail_en, error.detail_zh) from None


def _seal(suite: Suite, secret: bytes, text: bytes) -> str:
    return ("sm3:" if suite is SM else "") + suite.vouched(secret, text).hex()


def require_apart(file: Path, folders: Iterable[Path]) -> None:
    """Refuse a key that lies within what it opens, or beside what it was made for."""
    for folder in folders:
        if file.resolve().is_relative_to(folder.resolve()):
            raise BackupFault(
                f"{file}: keep the key elsewhere than in {folder}",
                f"{file}：密钥不得存放在 {folder} 中",
            )


def require_outside(folder: Path, var: Path) -> None:
    """Refuse backups within the system that they are of: they would go with it."""
    if folder.resolve().is_relative_to(var.resolve()):
        raise BackupFault(
            f"{folder}: keep backups elsewhere than in {var}, with which they would be lost",
            f"{folder}：备份不得存放在 {var} 中，否则随系统一并丢失",
        )


class Sealer(io.RawIOBase):
    """Writes one sealed file; what it is made of is written to this."""

    def __init__(self, file: IO[bytes], key: Key, part: str) -> None:
        salt = os.urandom(_SALT)
        self._file, self._cipher = file, key.cipher(salt, part, key.suite)
        self._packed, self._ready, self._number = zlib.compressobj(1), bytearray(), 0
        self._digest, self.size = hashlib.sha256(), 0
        self._put(_MAGIC_OF[key.suite.name] + salt)

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
        head = file.read(_MAGIC + _SALT)
        suite = _MAGICS.get(head[:_MAGIC])
        if suite is None or len(head) != _MAGIC + _SALT:
            raise self._altered()
        self._cipher = key.cipher(head[_MAGIC:], part, suite)
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


def _unread(file: Path, error: OSError) -> BackupFault:
    """Return that the system keeps us from a key, in Chinese too, which it does not speak."""
    code = error.errno or 0
    zh = _UNREAD_ZH.get(code, f"系统错误 {code}")
    return _unusable(file, error.strerror or f"error {code}", zh)


_UNREAD_ZH = {
    errno.ENOENT: "文件不存在",
    errno.EACCES: "没有权限",
    errno.EISDIR: "是文件夹",
    errno.ENOTDIR: "路径中有的不是文件夹",
    errno.EROFS: "只读",
    errno.ENOSPC: "磁盘已满",
}


def _unusable(file: Path, en: str, zh: str) -> BackupFault:
    return BackupFault(
        f"{file}: no key can be used ({en}); `--new-key` draws one where there is none",
        f"{file}：没有可用的密钥（{zh}）；尚无密钥时以 --new-key 生成",
    )
