"""Log lines: what they may say, and that none is lost."""

import json
import logging
import os
import re
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from chassis import logs

TOLD = """
import os, signal
from chassis import logs
logs.configure("lending")
logs.say("request", status=200)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_line_says_only_what_may_be_said(capfd):
    """Planted bug: write every field that is handed over."""
    bound = logs.request_id.set("r-7")
    logs.say("request", status=200, route="/还书", note="nobody may know", password="x")
    logs.request_id.reset(bound)
    [line] = capfd.readouterr().out.splitlines()
    said = json.loads(line)
    assert list(said)[:2] == ["service", "request_id"]
    assert said["timestamp"].endswith("Z")
    assert {name: said[name] for name in set(said) - {"timestamp", "service"}} == {
        "request_id": "r-7", "status": 200, "route": "/还书", "event": "request", "level": "info",
    }  # fmt: skip


def test_a_crash_says_what_kind_and_where_but_not_what_about(capfd):
    try:
        raise ValueError("nobody may know")
    except ValueError as error:
        logs.crash(error)
    out = capfd.readouterr().out
    said = json.loads(out)
    assert (said["event"], said["level"], said["error"]) == ("crashed", "error", "ValueError")
    assert said["place"].startswith("test_a_crash_says")
    assert "nobody may know" not in out


def test_no_line_is_lost_when_a_process_is_killed():
    """Planted bug: leave a line in the buffer until there are more."""
    command = [sys.executable, "-c", TOLD]
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
    killed = subprocess.run(command, stdout=subprocess.PIPE, env=buffered, check=False)
    assert killed.returncode < 0
    assert json.loads(killed.stdout)["service"] == "lending"


WRITER = """
import os, sys
from chassis import logs
logs.configure(sys.argv[1])
logs.follow(sys.argv[2])
sys.stdin.readline()
for number in range(3000):
    logs.say("request", seq=number)
os.write(1, b"on standard output\\n")
os.write(2, b"on standard error\\n")
"""


def test_no_line_is_lost_nor_torn_when_the_file_is_turned_over(tmp_path):
    """Planted bugs: go on in the old file for ever; follow the file that standard output alone
    goes to; empty the file instead of giving its name to a new one."""
    log, turns = tmp_path / "the.log", 0
    with log.open("ab") as file:
        writing = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, name, str(log)],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
            )
            for name in ("one", "two", "three")
        ]
    for each in writing:
        each.stdin.write(b"\n")
        each.stdin.flush()
    while any(each.poll() is None for each in writing):
        if log.exists() and log.stat().st_size > 20_000:
            log.rename(tmp_path / f"turned-{turns}.log")
            turns += 1
    assert [each.wait() for each in writing] == [0, 0, 0]
    for each in writing:
        each.stdin.close()
    lines = [line for file in tmp_path.iterdir() for line in file.read_text().splitlines()]
    plain = [line for line in lines if not line.startswith("{")]
    said = [json.loads(line) for line in lines if line.startswith("{")]
    assert sorted(plain) == ["on standard error"] * 3 + ["on standard output"] * 3
    assert turns >= 3
    for name in ("one", "two", "three"):
        assert sorted(each["seq"] for each in said if each["service"] == name) == [*range(3000)]
    assert (tmp_path / "turned-1.log").stat().st_mode & 0o777 == 0o600


FULL = """
import os
from chassis import logs
for number in range(200):
    logs.say("request", seq=number, route="x" * 100)
os.write(2, b"goes on")
os._exit(0)
"""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has such a device")
def test_a_line_that_a_full_disk_does_not_take_keeps_nobody_from_his_answer():
    """Planted bug: whoever is answered meets the error of the line that tells of it."""
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-c", FULL]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"goes on")


LISTENER = """
import logging, os, sys
from chassis import logs
logs.follow(sys.argv[1])
logs.listen_to_libraries("lending")
os.rename(sys.argv[1], sys.argv[1] + ".turned")
logging.getLogger("library").warning("told by a library")
"""


def test_what_libraries_say_goes_to_the_new_file_as_well(tmp_path):
    """The file that was turned over may be compressed by then, and gone. Planted bug: only our own
    lines look whether the file still has its name."""
    log = tmp_path / "the.log"
    with log.open("ab") as file:
        command = [sys.executable, "-c", LISTENER, str(log)]
        subprocess.run(command, stdout=file, stderr=file, check=True)
    assert json.loads(log.read_text())["event"] == "told by a library"
    assert (tmp_path / "the.log.turned").read_text() == ""


def test_why_a_start_failed_is_told_by_kind_and_place_and_no_value(capfd):
    """Planted bugs: the first line of a text alone, which says that something went wrong; or all of
    it, with the row that the database repeats; or what looks there like another error."""

    def beginning():
        raise ValueError("row (13812345678)\nZhangSan\n" + '  File "a", line 3, in 138\nZhangSan')

    try:
        beginning()
    except ValueError:
        told = logging.LogRecord("x", logging.ERROR, "", 0, traceback.format_exc(), (), None)
    line = json.loads(logs._OnlyWhatHappened("lending").format(told))
    assert (line["event"], line["error"]) == ("Traceback (most recent call last):", "ValueError")
    assert re.fullmatch(r"beginning:\d+ < test_why_a_start_failed\w+:\d+", line["place"])
    assert not re.search("138|Zhang", json.dumps(line))


def test_a_line_names_its_trace_where_there_is_one(capfd):
    bound = logs.trace_id.set("4bf92f3577b34da6a3ce929d0e0e4736")
    logs.say("request")
    logs.trace_id.reset(bound)
    logs.say("request")
    first, second = (json.loads(line) for line in capfd.readouterr().out.splitlines())
    assert first["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert "trace_id" not in second
