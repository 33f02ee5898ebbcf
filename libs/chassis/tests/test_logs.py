"""Log lines: what they may say, and that none is lost."""

import json
import os
import subprocess
import sys

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
