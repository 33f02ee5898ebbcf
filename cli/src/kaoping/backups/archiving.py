"""The log of changes and new files, sealed beside the backups as they come: for any point in time.

Of a system that runs with an archive at most a minute is lost. Files go before the changes that
name them: whatever instant the databases are brought to, the files are there that they name.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from kaoping import marks
from kaoping.backups.faults import BackupFault
from kaoping.backups.making import CHECKPOINTS, EVIDENCE, SECRETS, settle
from kaoping.backups.manifest import ARCHIVE, FILES, LOG
from kaoping.backups.sealing import Key, Opener, Sealer
from postgres_supervisor import Postgres

_PIECE = 1 << 20
_LOOK_SECONDS, _FILES_SECONDS, _MARK_SECONDS = 0.5, 60.0, 5.0


class Archive:
    """The archive of one system in a folder of backups."""

    def __init__(self, place: Path, var: Path, key: Key) -> None:
        self._folder, self._var, self._key = place / ARCHIVE, var, key
        self._looked = self._marked = float("-inf")

    def carry(self, postgres: Postgres, *, everything: bool = False) -> int:
        """Seal what is new: files, now and then and before changes, and then the changes that the
        server has put out; return how many pieces of those. What is sealed the server forgets."""
        ready = sorted(each for each in _listed(postgres.spool) if each.suffix != ".half")
        if ready or everything or time.monotonic() > self._looked + _FILES_SECONDS:
            self._mirror()
            self._looked = time.monotonic()
        for each in ready:
            self._keep(each, self._folder / LOG / each.name, f"{LOG}/{each.name}")
            each.unlink()
        return len(ready)

    def mark(self) -> None:
        """Say, to whoever watches, that all there was is archived."""
        if time.monotonic() > self._marked + _MARK_SECONDS:
            marks.leave(self._var / "marks", marks.ARCHIVE)
            self._marked = time.monotonic()

    def _mirror(self) -> None:
        """Keep every file there is, and none that there is no longer: a key that was destroyed is
        destroyed here as well."""
        kept = self._folder / FILES
        there = set(_below(self._var, (*CHECKPOINTS, *EVIDENCE, *SECRETS)))
        for each in there:
            target = kept / each
            try:
                since = (self._var / each).stat().st_mtime
                if not target.exists() or target.stat().st_mtime <= since:
                    self._seal(self._var / each, target, f"{FILES}/{each}")
            except FileNotFoundError:  # it was destroyed meanwhile; the next time here as well
                continue
        for path in _files(kept):
            if path.relative_to(kept) not in there:
                path.unlink()

    def _keep(self, source: Path, target: Path, name: str) -> None:
        """Seal a piece of the log; refuse to put another in the place of one that is there."""
        if target.exists():
            with target.open("rb") as file:
                if Opener(file, self._key, name).read() == source.read_bytes():
                    return
            raise BackupFault(
                f"{target} is of another system: archive into a folder of its own",
                f"{target} 属于另一系统，请使用单独的归档文件夹",
            )
        self._seal(source, target, name)

    def _seal(self, source: Path, target: Path, name: str) -> None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.half")
        with source.open("rb") as read, half.open("wb") as written:
            sealer = Sealer(written, self._key, name)
            while piece := read.read(_PIECE):
                sealer.write(piece)
            sealer.finish()
            written.flush()
            os.fsync(written.fileno())
        half.rename(target)
        settle(target.parent)


class Archiving:
    """Carries in a thread of its own until it is left; what cannot be kept is told once, stays
    where it is, and is tried again."""

    def __init__(self, archive: Archive, postgres: Postgres, tell: Callable[[str], None]) -> None:
        self._archive, self._postgres, self._tell = archive, postgres, tell
        self._ended, self._told = threading.Event(), ""
        self._thread = threading.Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        """Carry from now on."""
        self._thread.start()

    def end(self) -> None:
        """Carry what is left, once the server has put out all that it had."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()
            self._carried(everything=True)

    def _run(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._carried()

    def _carried(self, *, everything: bool = False) -> None:
        try:
            self._archive.carry(self._postgres, everything=everything)
            self._archive.mark()
            self._told = ""
        except (OSError, BackupFault) as error:
            if str(error) != self._told:
                self._told = str(error)
                self._tell(f"not archived: {error}")


class Kept:
    """What was archived beside backups, to restore from."""

    def __init__(self, place: Path, key: Key) -> None:
        self._folder, self._key = place / ARCHIVE, key

    @property
    def there(self) -> bool:
        """Whether anything was ever archived."""
        return self._folder.is_dir()

    def fetch(self, name: str, target: Path) -> bool:
        """Open a piece of the log of changes into a file, if there is one of that name."""
        path = self._folder / LOG / name
        if not path.is_file():
            return False
        _open(path, self._key, f"{LOG}/{name}", target)
        return True

    def lay_over(self, var: Path) -> None:
        """Write the archived files into a system that is being restored, with the rights of those
        that are there, and take away keys that were destroyed since."""
        kept = self._folder / FILES
        there = {path.relative_to(kept) for path in _files(kept)}
        for name in sorted(there):
            target = var / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
            target.unlink(missing_ok=True)
            _open(kept / name, self._key, f"{FILES}/{name}", target)
            target.chmod(0o644 if name.parts[0] in CHECKPOINTS else mode)
        for path in _files(var / "complaint-keys"), _files(var / "linked-keys"):
            for each in path:
                if there and each.relative_to(var) not in there:
                    each.unlink()


def _open(path: Path, key: Key, name: str, target: Path) -> None:
    with path.open("rb") as file, target.open("wb") as written:
        shutil.copyfileobj(Opener(file, key, name), written, _PIECE)


def _below(root: Path, names: Iterable[str]) -> Iterator[Path]:
    """Yield the files of some folders, as seen from their root."""
    for name in names:
        for path in (root / name, *(root / name).rglob("*")):
            if path.is_file():
                yield path.relative_to(root)


def _files(root: Path) -> Iterator[Path]:
    return (each for each in root.rglob("*") if each.is_file() and each.suffix != ".half")


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []
