"""The files of the log: turned over when they are large or a day old, and kept for half a year.

The file that is written to has one name for ever. To turn it over is to give that name to a new
one: each process goes on there with its next line (`chassis.logs`), so that none is lost. What was
turned over is named by that moment, and compressed when nobody can be writing to it any more.
"""

import gzip
import json
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kaoping.faults import KaopingFault

LEAST_DAYS = 180
"""Logs of a network are kept for six months at least (Cybersecurity Law, article 21)."""
_STAMP = "%Y%m%dT%H%M%SZ"
_LOOK_SECONDS, _DAY = 10.0, timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """How large and how old a file of the log gets, and for how many days it is kept then."""

    size: int = 64_000_000
    age: timedelta = _DAY
    days: int = 183

    def __post_init__(self) -> None:
        if self.days < LEAST_DAYS:
            raise KaopingFault(
                f"logs are kept for {LEAST_DAYS} days at least, not for {self.days} "
                f"日志至少保存 {LEAST_DAYS} 日"
            )


class LogFiles:
    """The log of the services, which follow its name, and that of the database server, which does
    not: of that what is written is copied away."""

    def __init__(
        self,
        log: Path,
        copied: Path,
        kept: Kept,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._log, self._copied, self._kept, self._clock = log, copied, kept, clock
        self._looked = float("-inf")
        self._begun: dict[int, datetime] = {}

    def turn(self, *, at_once: bool = False) -> None:
        """Turn over what is large or old enough; it is looked at every ten seconds.

        What a full disk does not allow is left for the next time: nobody stops work for a log.
        """
        if not at_once and time.monotonic() < self._looked + _LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        for turned_over in (self._turn_own, self._turn_copied):
            with suppress(OSError):
                turned_over()

    def _turn_own(self) -> None:
        turned = self._turned(self._log)
        if self._is_due(self._log) and not turned.exists():
            self._log.rename(turned)
            os.close(os.open(self._log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600))
            self._forget(self._log, turned)

    def _turn_copied(self) -> None:
        turned = self._turned(self._copied)
        if self._is_due(self._copied) and not turned.exists():
            _copy(self._copied, turned)
            os.truncate(self._copied, 0)
            self._forget(self._copied, turned)

    def _is_due(self, file: Path) -> bool:
        if not file.exists() or not (now := file.stat()).st_size:
            return False
        begun = self._begun.setdefault(now.st_ino, self._first(file))
        return now.st_size >= self._kept.size or self._clock() - begun >= self._kept.age

    def _first(self, file: Path) -> datetime:
        """Return when the first line of a file was written, or when we saw it first."""
        with file.open("rb") as lines:
            try:
                return datetime.fromisoformat(json.loads(lines.readline(65_536))["timestamp"])
            except (ValueError, KeyError, TypeError):
                return self._clock()

    def _turned(self, file: Path) -> Path:
        return file.with_name(f"{file.stem}-{self._clock().strftime(_STAMP)}{file.suffix}")

    def _forget(self, file: Path, newest: Path) -> None:
        """Compress all that were turned over but the newest, to which somebody may just be writing,
        and remove what has been kept for long enough."""
        # Numbers of files come again; of the other file nothing is forgotten.
        self._begun.pop((newest if file == self._log else file).stat().st_ino, None)
        for each in sorted(file.parent.glob(f"{file.stem}-*Z{file.suffix}")):
            if each != newest:
                _compress(each)
        oldest = self._clock() - timedelta(days=self._kept.days)
        limit = f"{file.stem}-{oldest.strftime(_STAMP)}"
        for each in file.parent.glob(f"{file.stem}-*Z{file.suffix}.gz"):
            if each.name < limit:
                each.unlink()


def _copy(file: Path, to: Path) -> None:
    """Copy a file for its owner alone, from the first byte on: the server repeats rows in it."""
    held = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with file.open("rb") as read, os.fdopen(held, "wb") as written:
            shutil.copyfileobj(read, written, 1 << 20)
    except OSError:
        to.unlink()
        raise


def _compress(file: Path) -> None:
    half = file.with_name(f"{file.name}.half")
    try:
        with file.open("rb") as read, gzip.open(half, "wb") as written:
            shutil.copyfileobj(read, written, 1 << 20)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    half.chmod(0o600)
    half.rename(file.with_name(f"{file.name}.gz"))
    file.unlink()
