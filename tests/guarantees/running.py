"""Runs the tests of a guarantee, as they are and on a copy of the tree with a bug planted."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.guarantees.catalogue import ROOT, Bug, Guarantee
from tests.guarantees.watching import TOLD_IN

from service_testing.figures import FIGURES_FILE


@dataclass(frozen=True)
class Run:
    """What came of one run of tests: an outcome for each, and the figures that they reported."""

    outcomes: list[dict[str, Any]] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    seconds: float = 0
    broken: str = ""

    def those(self, outcome: str) -> list[dict[str, Any]]:
        """Return the tests of one outcome."""
        return [each for each in self.outcomes if each["outcome"] == outcome]

    @property
    def fault(self) -> str:
        """Say what keeps the run from having shown that the tests hold; empty if nothing does."""
        if self.broken or self.elsewhere:
            return self.broken or f"other code ran: {self.elsewhere[0]}"
        if failed := self.those("failed"):
            return f"{failed[0]['test']}: {failed[0]['error']}"
        if not self.those("passed"):
            return "skipped: " + (self.outcomes[0]["error"] or "" if self.outcomes else "no test")
        return ""

    @property
    def unseen(self) -> str:
        """Say why the run does not show that a planted bug was seen; empty if it does."""
        if self.broken or self.elsewhere:
            return self.broken or f"other code ran: {self.elsewhere[0]}"
        failed = self.those("failed")
        if not failed:
            return "passed with the bug" if self.those("passed") else "nothing ran"
        if not any(each["asserted"] for each in failed):
            return f"failed by something else: {failed[0]['error']}"
        return ""


@contextmanager
def copied(root: Path = ROOT) -> Iterator[Path]:
    """Copy the sources, without what was installed or generated; gone afterwards."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)
    with tempfile.TemporaryDirectory(prefix="kaoping-guarantee-") as folder:
        copy = Path(folder).resolve()
        names = [each for each in listed.stdout.split("\0") if (root / each).is_file()]
        for name in names:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
        # What was compiled is good for sources of the same time and size: not for one that changes.
        for folder in {str(Path(name).parent) for name in names if name.endswith(".py")}:
            if (compiled := root / folder / "__pycache__").is_dir():
                shutil.copytree(compiled, copy / folder / "__pycache__")
        # Programs that tests call stand there; what Python imports comes from the copy.
        (copy / ".venv").symlink_to(root / ".venv")
        yield copy


def _sources(root: Path) -> str:
    """Return the folders of our packages as the path that is looked through first."""
    found = sorted({*root.glob("libs/*/src"), *root.glob("services/*/src"), *root.glob("*/src")})
    return os.pathsep.join(map(str, found))


def run(tests: Sequence[str], root: Path = ROOT, *, thorough: bool, seconds: int) -> Run:
    """Run tests of a tree by themselves, with that tree's code, and return what came of them.

    Installed packages point to the tree they were installed from, and what stands in PYTHONPATH
    comes before them: also in whatever process a test starts.
    """
    with tempfile.TemporaryDirectory(prefix="kaoping-told-") as folder:
        told, figures = Path(folder) / "told.json", Path(folder) / "figures.jsonl"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
            "PYTHONPATH": _sources(root),
            TOLD_IN: str(told),
            FIGURES_FILE: str(figures),
            "PROVE": "1" if thorough else "",
        }
        plugins = ["-p", "tests.guarantees.watching", "-p", "no:cacheprovider", "-p", "no:xdist"]
        command = [sys.executable, "-m", "pytest", "-q", "-x", *plugins, *tests]
        began = time.monotonic()
        output, ended = _finish(command, root, environment, seconds)
        took = round(time.monotonic() - began, 1)
        if not ended:
            return Run(seconds=took, broken=f"not done in {seconds} s")
        if not told.exists():
            return Run(seconds=took, broken=f"pytest ended: {output[-300:]}")
        return Run(**json.loads(told.read_text("utf-8")), figures=_sums(figures), seconds=took)


def _finish(command: list[str], root: Path, environment: dict[str, str], seconds: int) -> Any:
    """Run a command to its end or its time, with all that it started, and return what it said."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=said, stderr=said, start_new_session=True
        )
        try:
            process.wait(seconds)
            ended = True
        except subprocess.TimeoutExpired:
            ended = False
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        return said.read(), ended


def _sums(path: Path) -> dict[str, int]:
    """Add up what the tests reported under each key."""
    sums = dict[str, int]()
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        key, value = json.loads(line)
        sums[key] = sums.get(key, 0) + value
    return sums


def control(bug: Bug, guarantee: Guarantee, root: Path = ROOT) -> Run:
    """Run the tests that a planted bug must make fail, on a copy that has it."""
    with copied(root) as copy:
        bug.plant(copy)
        return run(bug.fails, copy, thorough=bug.thorough, seconds=guarantee.seconds)
