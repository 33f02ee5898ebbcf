"""Where the content of evidence lies: by its digest, in a folder or an S3-compatible store."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from functools import cached_property
from typing import IO, TYPE_CHECKING, NamedTuple

from fastapi import Request

from scoring.rules.evidence.refusals import EvidenceStoreDown
from scoring.settings import Settings

if TYPE_CHECKING:
    from scoring.api.evidence.objects import Objects

_SMALL = 8 << 20
"""What has more bytes is given while it is read, and compared with its digest at the end."""


class Content(NamedTuple):
    """A file that is to be kept, by the digest of its content and its size."""

    file: IO[bytes]
    digest: str
    size: int


class EvidenceStore:
    """Keeps contents by their SHA-256: what lies there is never overwritten with anything else."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def objects(self) -> "Objects":
        """What the contents lie in."""
        from scoring.api.evidence.objects import Objects  # here: a start does without its library

        found = Objects(self._settings)
        found.remove_parts()
        return found

    async def require_usable(self) -> None:
        """Refuse to start with a bucket that there is not, or that does not take the key."""
        if self._settings.evidence_store.startswith("s3://"):
            await self.objects.require_usable()

    async def keep(self, file: IO[bytes], digest: str, size: int) -> bool:
        """Keep a content under its digest, unless it is there; say whether it was written now."""
        try:
            if await self.objects.has(place_of(digest), size):
                return False
            return await self.objects.put(place_of(digest), file, size)
        except OSError as error:
            raise _down() from error

    async def require(self, digest: str, size: int) -> None:
        """Refuse a content that is not there, or is of another size."""
        try:
            if not await self.objects.has(place_of(digest), size):
                raise _down()
        except OSError as error:
            raise _down() from error

    async def opened(self, digest: str, size: int) -> AsyncIterator[bytes]:
        """Return a content as it is read piece by piece; refuse what is not there, or of another
        size. What is small is compared with its digest before anything of it is given."""
        await self.require(digest, size)
        pieces = self._pieces(digest)
        return _again([each async for each in pieces]) if size <= _SMALL else pieces

    async def _pieces(self, digest: str) -> AsyncIterator[bytes]:
        """Yield a content; the last piece only where all of it is what was stored."""
        hashed, last = hashlib.sha256(), b""
        try:
            async for piece in self.objects.pieces(place_of(digest)):
                if last:
                    yield last
                last = piece
                hashed.update(last)
        except OSError as error:
            raise _down() from error
        if hashed.hexdigest() != digest:
            raise _down()
        yield last


async def _again(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for each in pieces:
        yield each


def place_of(digest: str) -> str:
    """Return where a content lies by its digest."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _down() -> EvidenceStoreDown:
    return EvidenceStoreDown("Its content cannot be read.", "材料内容无法读取。")


def store_of(request: Request) -> EvidenceStore:
    """Return the store of the service that answers."""
    store: EvidenceStore = request.app.state.evidence
    return store


def spool() -> IO[bytes]:
    """Return a nameless file, of which nothing stays whatever happens."""
    return tempfile.TemporaryFile()
