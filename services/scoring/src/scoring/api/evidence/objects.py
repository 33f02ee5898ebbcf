"""The folder, or the S3-compatible store, that holds contents of evidence: imported with its first
use, because no service needs it to start."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from scoring.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

PIECE = 1 << 20
WHOLE = 8 << 20
"""What has more bytes is written in parts, so that it is never whole in memory."""
_PARTS_AT_ONCE = 2
"""How many parts of one file are under way, each in memory."""
LEFT = 3 * 3600
"""After so many seconds without a change a part is left by a process that was killed: a file has
half an hour to come and to be written, in whichever process."""


class NotReached(OSError):
    """The store could not be asked, or said no."""


class Misconfigured(Exception):
    """The store says that it will never answer as it is configured; the text says why."""


class StoredObject(NamedTuple):
    """An object of the store."""

    place: str
    size: int
    written_at: datetime


class Objects:
    """What lies in the store by its place; every failure of it is a `NotReached`."""

    def __init__(self, settings: Settings) -> None:
        self._where = settings.evidence_store
        self._folder = None if self._where.startswith("s3://") else Path(self._where)
        self._store = _bucket(settings) if self._folder is None else _folder(self._folder)

    async def has(self, place: str, size: int) -> bool:
        """Say whether an object of this size lies there."""
        try:
            return (await obstore.head_async(self._store, place))["size"] == size
        except (FileNotFoundError, NotFoundError):
            return False
        except (BaseError, OSError) as error:
            raise NotReached from error

    async def put(self, place: str, file: IO[bytes], size: int) -> bool:
        """Write a file, in parts unless it is small, and say so; a small one that has come to lie
        there meanwhile stays as it is."""
        try:
            file.seek(0)
            if size <= WHOLE:
                content = await asyncio.to_thread(file.read)
                await obstore.put_async(self._store, place, content, mode="create")
                return True
            async with obstore.open_writer_async(
                self._store, place, buffer_size=WHOLE, max_concurrency=_PARTS_AT_ONCE
            ) as writer:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    await writer.write(piece)
            return True
        except AlreadyExistsError:
            return False
        except (BaseError, OSError) as error:
            raise NotReached from error

    async def pieces(self, place: str) -> AsyncIterator[bytes]:
        """Yield an object as it is read."""
        try:
            found = await obstore.get_async(self._store, place)
            async for piece in found.stream(min_chunk_size=PIECE):
                yield bytes(piece)
        except (BaseError, OSError) as error:
            raise NotReached from error

    async def listed(self) -> AsyncIterator[list[StoredObject]]:
        """Yield all objects, some at once."""
        try:
            async for some in obstore.list(self._store, chunk_size=1000):
                yield [StoredObject(x["path"], x["size"], x["last_modified"]) for x in some]
        except (BaseError, OSError) as error:
            raise NotReached from error

    async def remove(self, places: list[str]) -> None:
        """Remove objects; of what is gone already nothing is said."""
        for place in places:
            try:
                await obstore.delete_async(self._store, place)
            except (FileNotFoundError, NotFoundError):
                continue
            except (BaseError, OSError) as error:
                raise NotReached from error

    def remove_parts(self) -> int:
        """Remove what processes left in the folder that were killed while they wrote, and only
        that: another process may be writing at this moment. Return how much it was."""
        past, removed = time.time() - LEFT, 0
        for part in self._folder.glob("??/??/*#*") if self._folder else ():
            try:
                if part.stat().st_mtime < past:
                    part.unlink()
                    removed += 1
            except FileNotFoundError:  # it was written, or somebody else removed it
                continue
        return removed

    async def require_usable(self) -> None:
        """Refuse a bucket that there is not, or that does not take the key; that it does not answer
        now may pass."""
        if self._folder is not None:
            return
        try:
            await obstore.list_with_delimiter_async(self._store, "00/00")
        except (BaseError, OSError) as error:
            answered = _STATUS.search(str(error))  # of a list it is told by the text alone
            if answered and (why := _NEVER.get(answered[1])):
                raise Misconfigured(f"EVIDENCE_STORE {self._where}: {why}.") from None


_STATUS = re.compile(r"status code: ([0-9]{3})")
_KEY = "it refuses EVIDENCE_S3_ACCESS_KEY_ID and its secret, or does not let them list the bucket"
_NEVER = {
    "400": "it takes neither such a bucket nor EVIDENCE_S3_REGION",
    "401": _KEY,
    "403": _KEY,
    "404": "there is no such bucket",
}


def _folder(folder: Path) -> LocalStore:
    return LocalStore(folder, mkdir=True)


def _bucket(given: Settings) -> S3Store:
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
        client_options={
            "allow_http": endpoint.startswith("http:"),
            "connect_timeout": timedelta(seconds=5),
            "timeout": timedelta(minutes=20),
        },
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )
