"""Files of the log: turned over by size and age, compressed, and kept for as long as they must."""

import errno
import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kaoping.faults import KaopingFault
from kaoping.log_files import Kept, LogFiles

START = datetime(2025, 1, 1, 8, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def line(at: datetime, size: int = 10) -> str:
    return json.dumps({"timestamp": at.isoformat(), "more": "x" * size}) + "\n"


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_the_log_is_turned_over_by_size_or_age_and_what_is_turned_over_is_kept(
    tmp_path: Path,
) -> None:
    """Planted bugs: by size alone; compress the newest as well; remove by the number of files."""
    clock, log, server = Clock(), tmp_path / "kaoping.log", tmp_path / "postgres.log"
    files = LogFiles(log, server, Kept(size=1000), clock)
    server.write_text("as it comes\n")
    held = server.open("a")
    log.write_text(line(START))
    files.turn(at_once=True)
    assert names(tmp_path) == ["kaoping.log", "postgres.log"]
    log.write_text(line(START, 1000))
    files.turn(at_once=True)
    assert names(tmp_path) == ["kaoping-20250101T080000Z.log", "kaoping.log", "postgres.log"]
    assert log.read_text() == ""
    clock.now += timedelta(days=1, seconds=1)
    log.write_text(line(START + timedelta(hours=1)))
    files.turn(at_once=True)
    assert log.read_text() != ""  # not a day old by its first line
    clock.now += timedelta(hours=1)
    files.turn(at_once=True)
    assert names(tmp_path) == [
        "kaoping-20250101T080000Z.log.gz",
        "kaoping-20250102T090001Z.log",
        "kaoping.log",
        "postgres-20250102T080001Z.log",
        "postgres.log",
    ]
    copied = tmp_path / "postgres-20250102T080001Z.log"
    assert copied.read_text() == "as it comes\n"
    assert copied.stat().st_mode & 0o077 == 0
    with gzip.open(tmp_path / "kaoping-20250101T080000Z.log.gz", "rt") as kept:
        assert kept.read() == line(START, 1000)
    held.write("the next\n")  # the server goes on in the one file that it has
    held.close()
    assert server.read_text() == "the next\n"


def test_a_full_disk_ends_nothing_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bugs: whoever turns the log over ends, and all services with it; the server's file is
    emptied though the copy is not whole; half a copy stays."""
    clock, log, server = Clock(), tmp_path / "kaoping.log", tmp_path / "postgres.log"
    files = LogFiles(log, server, Kept(size=1000), clock)
    for _ in range(2):
        log.write_text(line(clock.now, 1000))
        server.write_text("x" * 1000)
        files.turn(at_once=True)
        clock.now += timedelta(hours=1)
    before = names(tmp_path)
    log.write_text(line(clock.now, 1000))
    server.write_text("y" * 1000)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("shutil.copyfileobj", full)
        patched.setattr("shutil.copyfile", full)
        files.turn(at_once=True)
    assert server.read_text() == "y" * 1000
    assert set(names(tmp_path)) - {*before} == {"kaoping-20250101T100000Z.log"}
    clock.now += timedelta(hours=1)
    files.turn(at_once=True)
    assert server.read_text() == ""
    assert (tmp_path / "postgres-20250101T110000Z.log").read_text() == "y" * 1000


def test_a_log_that_is_turned_over_often_keeps_no_other_from_it(tmp_path: Path) -> None:
    """Planted bug: to turn over one file forgets since when the other is there."""
    clock, log, server = Clock(), tmp_path / "kaoping.log", tmp_path / "postgres.log"
    files = LogFiles(log, server, Kept(size=1000), clock)
    server.write_text("as it comes\n")
    for _ in range(5):
        log.write_text(line(clock.now, 1000))
        files.turn(at_once=True)
        clock.now += timedelta(hours=7)
    assert "postgres-20250102T120000Z.log" in names(tmp_path)


def test_logs_are_kept_for_as_long_as_they_must_and_no_longer(tmp_path: Path) -> None:
    """Planted bug: a day too few."""
    clock, log = Clock(), tmp_path / "kaoping.log"
    files = LogFiles(log, tmp_path / "postgres.log", Kept(size=1, days=180), clock)
    for _ in range(182):
        log.write_text(line(clock.now))
        files.turn(at_once=True)
        clock.now += timedelta(days=1)
    kept = [name for name in names(tmp_path) if name.endswith(".gz")]
    assert kept[0] == "kaoping-20250102T080000Z.log.gz"
    assert len(kept) == 180  # besides the newest, which somebody may be writing to


def test_fewer_days_than_must_be_are_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(KaopingFault, match="180 days at least, not for 179"):
        Kept(days=179)
    program, var = "from kaoping.app import main; main()", str(tmp_path / "var")
    command = [sys.executable, "-c", program, "up", "--log-days", "90", "--var", var]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "日志至少保存 180 日" in done.stderr
    assert not (tmp_path / "var").exists()
