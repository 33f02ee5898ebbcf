"""Temporary directories that are claimed while their maker lives, however it ends."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "postgres-"
_CLAIM = "claim"
"""A file that is locked as long as the maker lives: the kernel lets go of it when that ends, and a
process id could be somebody else's by then."""


@contextmanager
def claimed(within: Path | None) -> Iterator[Path]:
    """Give a new temporary directory, which nobody takes for an abandoned one meanwhile."""
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
    directory.chmod(0o711)
    made = directory / "claim.new"
    with made.open("w") as claim:
        fcntl.flock(claim, fcntl.LOCK_EX)
        made.rename(directory / _CLAIM)  # there only once it is locked
        yield directory


def abandoned(within: Path | None) -> Iterator[Path]:
    """Yield our own temporary directories whose makers have ended without removing them.

    Of two who look at the same moment one is given a directory, and has it until it asks on.
    """
    for directory in (within or Path(tempfile.gettempdir())).glob(f"{_PREFIX}*"):
        try:
            is_ours = not directory.is_symlink() and directory.stat().st_uid == os.geteuid()
            if not is_ours:
                continue
            with (directory / _CLAIM).open("r+") as claim:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield directory
        except OSError:  # without a claim, still held, or gone meanwhile
            continue
