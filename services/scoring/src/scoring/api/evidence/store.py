"""Where the content of evidence lies: by its digest, in a folder or an S3-compatible store."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

import obstore
from fastapi import Request
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from scoring.rules.evidence.refusals import EvidenceStoreDown
from scoring.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

_PIECE = 1 << 20
_WHOLE = 8 << 20
"""What has more bytes is written in parts, so that it is never whole in memory."""
_PARTS_AT_ONCE = 2
"""How many parts of one file are under way, each in memory."""


class EvidenceStore:
    """Keeps contents by their SHA-256: what lies there is never overwritten with anything else."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _store(self) -> LocalStore | S3Store:
        given = self._settings
        if not given.evidence_store.startswith("s3://"):
            folder = Path(given.evidence_store)
            _clear(folder)
            return LocalStore(folder, mkdir=True)
        bucket, _, prefix = given.evidence_store.removeprefix("s3://").partition("/")
        endpoint = given.evidence_s3_endpoint
        config: S3Config = {
            "virtual_hosted_style_request": False,
            "region": given.evidence_s3_region,
        }
        if endpoint:
            config["endpoint"] = endpoint
        return S3Store(
            bucket,
            prefix=prefix or None,
            config=config,
            access_key_id=given.evidence_s3_access_key_id,
            secret_access_key=given.evidence_s3_secret_access_key.get_secret_value(),
            client_options={"allow_http": endpoint.startswith("http:")},
        )

    async def keep(self, file: IO[bytes], digest: str, size: int) -> None:
        """Keep a content under its digest, unless it is there."""
        try:
            if await self._has(digest, size):
                return
            file.seek(0)
            if size <= _WHOLE:
                content = await asyncio.to_thread(file.read)
                await obstore.put_async(self._store, _place(digest), content, mode="create")
                return
            async with obstore.open_writer_async(
                self._store, _place(digest), buffer_size=_WHOLE, max_concurrency=_PARTS_AT_ONCE
            ) as writer:
                while piece := await asyncio.to_thread(file.read, _PIECE):
                    await writer.write(piece)
        except AlreadyExistsError:
            return
        except (BaseError, OSError) as error:
            raise _down() from error

    async def _has(self, digest: str, size: int) -> bool:
        try:
            found = await obstore.head_async(self._store, _place(digest))
        except FileNotFoundError:
            return False
        return found["size"] == size

    async def opened(self, digest: str, size: int) -> AsyncIterator[bytes]:
        """Return a content as it is read piece by piece; refuse what is not there, or of another
        size. What is small is compared with its digest before anything of it is given."""
        try:
            if not await self._has(digest, size):
                raise _down()
        except (BaseError, OSError) as error:
            raise _down() from error
        pieces = self._pieces(digest)
        return _again([each async for each in pieces]) if size <= _WHOLE else pieces

    async def _pieces(self, digest: str) -> AsyncIterator[bytes]:
        """Yield a content; the last piece only where all of it is what was stored."""
        hashed, last = hashlib.sha256(), b""
        try:
            found = await obstore.get_async(self._store, _place(digest))
            async for piece in found.stream(min_chunk_size=_PIECE):
                if last:
                    yield last
                last = bytes(piece)
                hashed.update(last)
        except (BaseError, OSError) as error:
            raise _down() from error
        if hashed.hexdigest() != digest:
            raise _down()
        yield last


async def _again(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for each in pieces:
        yield each


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _clear(folder: Path) -> None:
    """Remove what a process left that was killed while it wrote."""
    for left in folder.glob("??/??/*#*") if folder.is_dir() else ():
        left.unlink(missing_ok=True)


def _down() -> EvidenceStoreDown:
    return EvidenceStoreDown("Its content cannot be read.", "材料内容无法读取。")


def store_of(request: Request) -> EvidenceStore:
    """Return the store of the service that answers."""
    store: EvidenceStore = request.app.state.evidence
    return store


def spool() -> IO[bytes]:
    """Return a nameless file, of which nothing stays whatever happens."""
    return tempfile.TemporaryFile()
