"""Marks of what went well, and when: a file for each, whose time is that moment.

The gateway tells them to whoever watches (`MARKS`), so that what is never done any more is noticed.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

BACKUP, ARCHIVE = "backup", "archive"


def expect(folder: Path, names: Iterable[str]) -> None:
    """Say of what is done here that it never was yet, where nothing else is said."""
    folder.mkdir(mode=0o755, exist_ok=True)
    for name in names:
        if not (file := folder / name).exists():
            file.touch()
            os.utime(file, (0, 0))


def leave(folder: Path, name: str) -> None:
    """Say that it went well just now; where that cannot be said, somebody is told that it did
    not."""
    with suppress(OSError):
        folder.mkdir(mode=0o755, exist_ok=True)
        (folder / name).touch()
