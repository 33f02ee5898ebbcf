"""Seals personal data by keys that can be destroyed: one file for each, outside the database.

Who destroys the file has destroyed what it seals, in every copy of the database that there is.
"""

import asyncio
import os
import secrets
from pathlib import Path
from uuid import UUID

from chassis import suites
from chassis.suites import Suite

_BYTES, _NONCE, _PADDED = 32, 12, 1_024


class SealingKeys:
    """Seals a short text about a person, opens it, and makes it unreadable for good."""

    def __init__(self, folder: str, suite: Suite = suites.INTERNATIONAL) -> None:
        self._folder, self._suite = Path(folder), suite

    async def seal(self, of: UUID, text: str) -> bytes:
        """Return a text, a thousand bytes at most, sealed with a key that is drawn for it and kept;
        `of` names both."""
        key = await asyncio.to_thread(self._draw, of)
        nonce = secrets.token_bytes(_NONCE)
        plain = text.encode().ljust(_PADDED, b"\0")  # of any length it is as long
        return self._suite.mark + nonce + self._suite.aead(key).encrypt(nonce, plain, of.bytes)

    async def opened(self, of: UUID, sealed: bytes) -> str | None:
        """Return what was sealed; None where its key was destroyed, or is not here."""
        key = await asyncio.to_thread(self._read, of)
        if key is None:
            return None

        def plain(suite: Suite, rest: bytes) -> bytes:
            return suite.aead(key).decrypt(rest[:_NONCE], rest[_NONCE:], of.bytes)

        found = suites.first_opened(sealed, plain)
        return None if found is None else found.rstrip(b"\0").decode()

    async def destroy(self, of: UUID) -> None:
        """Destroy the key of a text, whether it is still there or not."""
        await asyncio.to_thread(self._destroy, of)

    def _path(self, of: UUID) -> Path:
        return self._folder / f"{of.hex}.key"

    def _draw(self, of: UUID) -> bytes:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, flags = secrets.token_bytes(_BYTES), os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(self._path(of), flags, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        self._settle()
        return key

    def _read(self, of: UUID) -> bytes | None:
        try:
            key = self._path(of).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == _BYTES else None

    def _destroy(self, of: UUID) -> None:
        path = self._path(of)
        try:
            with path.open("r+b") as file:
                file.write(bytes(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
        except FileNotFoundError:
            return
        self._settle()

    def _settle(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
