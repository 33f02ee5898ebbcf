"""The alerts and their sections, and a Prometheus that asks a running system for them."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import yaml
from tests.contracts.publish import ROOT

from kaoping.system import NAMES, System
from service_testing import trials

RULES = {
    rule["alert"]: rule
    for group in yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text("utf-8"))["groups"]
    for rule in group["rules"]
}
PAGE = (ROOT / "docs/watching.md").read_text("utf-8").partition("\n## Alerts")[2]
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", PAGE, re.DOTALL | re.MULTILINE))
PROMETHEUS = os.environ.get("PROMETHEUS") or shutil.which("prometheus")
SEEN_SINCE = 30
"""After so many seconds a Prometheus that asks every seven knows how things stand."""


class Alerts:
    """Says whether the expression of an alert holds, by the Prometheus that watches a system."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def __call__(self, alert: str) -> bool:
        return bool(self.ask(RULES[alert]["expr"]))

    def ask(self, expression: str, ahead: float = 0) -> list[dict]:
        """Return what an expression finds, now or so many seconds ahead."""
        asked = {"query": expression, "time": str(time.time() + ahead)}
        with suppress(httpx.TransportError):
            answer = self._http.get("/query", params=asked)
            return list(answer.json()["data"]["result"]) if answer.is_success else []
        return []

    def is_over(self, alert: str) -> bool:
        """Say whether the alert has ended when all that its expression still looks back on is what
        was seen in the last seconds: nobody waits here for ten minutes."""
        [*windows] = re.findall(r"\[(\d+)m\]", RULES[alert]["expr"])
        ahead = 60 * int(max(windows, key=int)) - SEEN_SINCE
        return not self.ask(RULES[alert]["expr"], ahead)


@contextmanager
def watched(system: System, folder: Path, every: str = "2s") -> Iterator[Alerts]:
    """Have a Prometheus watch a system, with the rules and the settings that are shipped, but that
    it asks more often."""
    if not PROMETHEUS:
        pytest.skip("no Prometheus is installed here")
    if not trials(0, 1):
        pytest.skip("brings alerts about for minutes: `make prove`")
    shutil.copy(ROOT / "deploy/alerts.yaml", folder)
    text = (ROOT / "deploy/prometheus.yaml").read_text("utf-8").replace("15s", every)
    text = text.replace("../var/metrics.json", str(system.targets))
    (folder / "prometheus.yaml").write_text(text)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [PROMETHEUS, f"--config.file={folder}/prometheus.yaml"]
    command += [f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    http = httpx.Client(base_url=f"http://{address}/api/v1", trust_env=False, timeout=20)
    alerts = Alerts(http)
    try:
        everybody = "kaoping_loop_wait_seconds"
        assert eventually(lambda: len(alerts.ask(everybody)) == len(NAMES), 30), (
            folder / "log"
        ).read_text()
        rules = http.get("/rules").json()["data"]["groups"]
        assert {r["name"] for g in rules for r in g["rules"]} == set(RULES)
        yield alerts
    finally:
        http.close()
        process.terminate()
        process.wait(20)


def eventually(what: Callable[[], bool], seconds: float = 40) -> bool:
    """Say whether something holds within so many seconds."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.3)
    return True


def commands(alert: str, **other: str) -> list[str]:
    """Return the blocks of commands of a section, with other paths."""
    blocks = re.findall(r"```\n(.*?)```", SECTIONS[alert], re.DOTALL)
    for path, instead in other.items():
        blocks = [block.replace(f"/{path}/", f"{instead}/") for block in blocks]
    return blocks


def run(system: System, command: str) -> str:
    """Run a command of the page where its system is."""
    path = f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/bash", "-c", command],
        cwd=system.directory.parent,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Stop processes, and have them go on afterwards."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
