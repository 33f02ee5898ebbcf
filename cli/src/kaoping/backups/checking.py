"""A backup is held against what it says, without restoring it."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tarfile import TarError
from typing import IO, Any

from kaoping.backups import folders, manifest
from kaoping.backups.faults import BackupFault
from kaoping.backups.manifest import Manifest, Sealed
from kaoping.backups.sealing import Key, Opener

_PIECE = 1 << 20


def compared(folder: Path, key: Key | None) -> Manifest:
    """Hold every part of a backup against its manifest and return that; name the first that
    differs. With the key every part is opened as well, and read to its end."""
    said = manifest.read(folder, key)
    for part in said.parts:
        _compare(folder / part.name, part)
    if key is not None:
        about(folder, key)
        for part in said.parts[1:]:
            with opened(folder, key, part.name) as stream:
                folders.look_through(stream)
    return said


def about(folder: Path, key: Key) -> dict[str, Any]:
    """Return what a backup tells only to who has its key: how far the journals had come."""
    with opened(folder, key, "about") as stream:
        told: dict[str, Any] = json.loads(stream.read())
    return told


@contextmanager
def opened(folder: Path, key: Key, part: str) -> Iterator[IO[bytes]]:
    """Give what a part holds; what is not as it was sealed is refused by its name."""
    try:
        with (folder / part).open("rb") as file:
            yield Opener(file, key, part)  # type: ignore[misc]
    except (TarError, EOFError) as error:
        raise BackupFault(
            f"{part}: it is not whole ({type(error).__name__})",
            f"{part}：不完整（{type(error).__name__}）",
        ) from None


def _compare(path: Path, part: Sealed) -> None:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except FileNotFoundError:
        raise BackupFault(f"{path}: it is missing", f"{path}：缺失") from None
    if (size, digest.hexdigest()) != (part.size, part.sha256):
        raise BackupFault(
            f"{path}: it is not what was backed up; its SHA-256 differs",
            f"{path}：与备份时不一致，SHA-256 不符",
        )
