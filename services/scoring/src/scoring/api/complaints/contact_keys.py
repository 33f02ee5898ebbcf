"""Keys of contacts (联系方式密钥): one file for each complaint, in a folder outside the database.

Who destroys the file has destroyed the contact, in every copy of the database that there is.
"""

import asyncio
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_BYTES, _NONCE, _PADDED = 32, 12, 1_024


class ContactKeys:
    """Seals what somebody is reached by, opens it, and makes it unreadable for good."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    async def seal(self, complaint_id: UUID, contact: str) -> bytes:
        """Return a contact sealed with a key that is drawn for it and kept."""
        key = await asyncio.to_thread(self._draw, complaint_id)
        nonce = secrets.token_bytes(_NONCE)
        plain = contact.encode().ljust(_PADDED, b"\0")  # of any length it is as long
        return nonce + AESGCM(key).encrypt(nonce, plain, complaint_id.bytes)

    async def opened(self, complaint_id: UUID, sealed: bytes) -> str | None:
        """Return what was sealed; None where its key was destroyed, or is not here."""
        key = await asyncio.to_thread(self._read, complaint_id)
        if key is None:
            return None
        try:
            plain = AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], complaint_id.bytes)
        except InvalidTag:
            return None
        return plain.rstrip(b"\0").decode()

    async def destroy(self, complaint_id: UUID) -> None:
        """Destroy the key of a contact, whether it is still there or not."""
        await asyncio.to_thread(self._destroy, complaint_id)

    def _path(self, complaint_id: UUID) -> Path:
        return self._folder / f"{complaint_id.hex}.key"

    def _draw(self, complaint_id: UUID) -> bytes:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key, flags = secrets.token_bytes(_BYTES), os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(self._path(complaint_id), flags, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        self._settle()
        return key

    def _read(self, complaint_id: UUID) -> bytes | None:
        try:
            key = self._path(complaint_id).read_bytes()
        except FileNotFoundError:
            return None
        return key if len(key) == _BYTES else None

    def _destroy(self, complaint_id: UUID) -> None:
        path = self._path(complaint_id)
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
