"""A rolling restart: each process is replaced by a successor that is ready before it leaves.

The supervisor exchanges its own program first, and keeps its processes and sockets meanwhile. Then
one process after the other is replaced. Of a service no process is touched while another one still
leaves: its role in the database has connections for one process more than there are, and there is
always somebody who has just started or has not begun to leave. How far it has come stands in a
file, for whoever asked for it (`kaoping restart`).

What needs new migrations is not started so: the processes that still serve know nothing of them.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chassis import logs
from kaoping.children import Child, Process
from kaoping.parts import Part

READY_SECONDS = 60.0
"""A successor that is not ready after so many seconds is ended, and the rest stays as it is."""

GOES_ON, DONE, GIVEN_UP = "goes-on", "done", "given-up"


@dataclass
class Rolling:
    """The rolling restarts of a supervisor, of which there is one at a time."""

    file: Path
    parts: Sequence[Part]
    number: int = 0
    state: str = DONE
    why: str = ""
    left: list[str] = field(default_factory=list)
    """Names of the processes that are to be replaced, in their order."""
    replaced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.revisions = _revisions(self.parts)

    def stand_by(self) -> None:
        """Say where one may be asked for."""
        self._write()

    def begins(self) -> bool:
        """Begin one, unless one goes on or the installed version has other migrations."""
        if self.state == GOES_ON:
            return False
        self.number += 1
        self.state, self.why, self.left, self.replaced = GOES_ON, "", [], []
        newest = _revisions(self.parts)
        if newer := sorted(name for name, each in newest.items() if each != self.revisions[name]):
            self.fails(f"new migrations: {', '.join(newer)}")
            return False
        self._write()
        return True

    def told(self, children: Sequence[Child]) -> dict[str, Any]:
        """Return what whoever takes our place has to know."""
        known = {child.part.name: _told(child) for child in children}
        return {"children": known, "number": self.number, "revisions": self.revisions}

    def go_on(self, before: Mapping[str, Any], children: Sequence[Child]) -> None:
        """Replace everything that was there before."""
        self.number, self.revisions = before["number"], before["revisions"]
        self.state, self.left = GOES_ON, [child.part.name for child in children]
        self._write()

    def step(self, children: Sequence[Child], succeed: Callable[[Child], None]) -> None:
        """Begin with the next process where the one before is through; called again and again."""
        if self.state != GOES_ON or any(child.successor is not None for child in children):
            return
        if self.left:
            self._begin(children, succeed)
        elif not any(child.leaving or child.now is None for child in children):
            self.state = DONE
            logs.say("restarted", seq=self.number)
            self._write()

    def _begin(self, children: Sequence[Child], succeed: Callable[[Child], None]) -> None:
        [child] = [each for each in children if each.part.name == self.left[0]]
        same = [each for each in children if each.part.service == child.part.service]
        if any(each.leaving for each in same) or not all(_serves(each) for each in same):
            return
        succeed(child)
        if child.successor is None:
            return
        child.successor.killed_at = time.monotonic() + READY_SECONDS
        self.replaced.append(self.left.pop(0))
        self._write()

    def fails(self, why: str) -> None:
        """Leave everything else as it is."""
        if self.state == GOES_ON:
            self.state, self.why, self.left = GIVEN_UP, why, []
            logs.say("restart-given-up", reason=why)
            self._write()

    def _write(self) -> None:
        told = {"pid": os.getpid(), "number": self.number, "state": self.state, "why": self.why}
        told |= {"replaced": self.replaced, "left": self.left}
        partial = self.file.with_suffix(".partial")
        with suppress(OSError):  # a full disk keeps nobody from being replaced
            partial.write_text(json.dumps(told))
            partial.rename(self.file)


def _serves(child: Child) -> bool:
    return child.now is not None and child.now.is_ready


def _revisions(parts: Sequence[Part]) -> dict[str, str]:
    """Return the newest migration of each service that is installed now."""
    found = {part.service: part.environment.get("MIGRATIONS") for part in parts}
    return {name: _newest(Path(each)) for name, each in found.items() if each}


def _newest(migrations: Path) -> str:
    return max((each.name for each in (migrations / "versions").glob("*.py")), default="")


def _told(child: Child) -> dict[str, Any]:
    return {
        "now": None if child.now is None else asdict(child.now),
        "leaving": [asdict(each) for each in child.leaving],
        "due": child.due,
        "deaths": child.deaths,
        "was_steady": child.was_steady,
    }


def carried_over(plan: Mapping[str, Any], children: Sequence[Child]) -> int:
    """Return the descriptor of a file, nameless, that holds a plan for the program that comes: it
    has the descriptors of its processes as well."""
    with tempfile.TemporaryFile() as file:
        file.write(json.dumps(plan).encode())
        file.flush()
        file.seek(0)
        descriptor = os.dup(file.fileno())
    for each in [descriptor, *_lines(children)]:
        os.set_inheritable(each, True)
    return descriptor


def left_as_it_was(descriptor: str | None, children: Sequence[Child]) -> None:
    """Undo what was made ready for a program that did not come."""
    if descriptor is not None:
        os.close(int(descriptor))
    for each in _lines(children):
        os.set_inheritable(each, False)


def taken_over(before: Mapping[str, Any], parts: Sequence[Part]) -> list[Child]:
    """Return the parts with the processes that there were before."""
    children = []
    for part in parts:
        told = before["children"][part.name]
        now = None if told["now"] is None else Process(**told["now"])
        leaving = [Process(**each) for each in told["leaving"]]
        since = {name: told[name] for name in ("due", "deaths", "was_steady")}
        children.append(Child(part, now, None, leaving, **since))
    for each in _lines(children):
        os.set_inheritable(each, False)  # no process has the line of another
    return children


def _lines(children: Sequence[Child]) -> list[int]:
    return [each.line for child in children for each in child.all() if each.line is not None]
