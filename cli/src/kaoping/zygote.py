"""The parent of the service processes: imports everything once, forks, and replaces the dead.

Run as `python -m kaoping.zygote MODULE…` with a plan as one line of JSON on standard input. It
imports the modules, builds the apps, and only then forks: what is there before is there once for
all, and a page that either side still writes into is copied. It
ends when it is told to (SIGTERM, SIGINT) or when its standard input closes, that is, when whoever
started it is gone. Nothing here opens a loop, a thread or a connection: a fork would tear them.

By SIGHUP it begins anew: its own program takes its place, with the code that is installed now, and
each of its processes is replaced by a successor that is ready before it leaves (`rolling`). A
process that somebody ends by SIGTERM leaves too, and its successor is started at once.
"""

import gc
import importlib
import json
import math
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chassis import logs
from chassis.serving import FINISHING_SECONDS, LEAVES, LEAVING_SECONDS, READY, SILENCE
from kaoping.children import Child, Process
from kaoping.launching import Launcher
from kaoping.parts import LOG, Part
from kaoping.rolling import Rolling, carried_over, left_as_it_was, taken_over

STEADY = 5.0  # seconds of life after which a death is an accident, not a failure to start
ATTEMPTS = 3  # deaths in a row, before it was ever steady, after which a part is given up
RESTART = 0.1  # pause before replacing a process that was killed, in seconds
SLOWEST = 5.0  # longest pause before a restart, in seconds
PATIENCE = 15.0  # seconds that a part has to finish its requests
LEAVING = LEAVING_SECONDS + FINISHING_SECONDS + PATIENCE
"""Seconds after which a process that leaves is killed."""

AS_IT_STARTS = (
    "uvicorn.loops.uvloop", "uvicorn.lifespan.on", "fastapi.telemetry._runtime",
    "certifi", "encodings.idna",
)  # fmt: skip
"""What libraries import only when a service starts: each process would have a copy of its own, and
of whatever was written to meanwhile. A test says whether it is all."""

GOES_ON = "KAOPING_GOES_ON"
"""Names the descriptor at which a supervisor that begins anew finds what it was doing."""


class GivenUp(Exception):
    """A part cannot be brought up; the message says which."""


@dataclass
class Zygote:
    """Supervises one process per part and writes their ids down where others can read them."""

    parts: list[Part]
    pids: Path
    fork: bool = True
    _launcher: Launcher = field(init=False)
    _rolling: Rolling = field(init=False)
    _children: list[Child] = field(default_factory=list)
    _preparing: dict[int, str] = field(default_factory=dict)
    """Process ids of what prepares a database, and of which service it is."""
    _ending: bool = False
    _called: bool = False
    _wake: tuple[int, int] = (-1, -1)

    def run(self, before: dict[str, Any] | None = None) -> None:
        """Prepare, start, and keep everything running until told to end; or go on with what was
        `before` the program was exchanged."""
        self._catch_signals()
        self._launcher = Launcher(self.parts, self.fork)
        self._rolling = Rolling(self.pids.with_name("supervisor.json"), self.parts)
        try:
            if before is None:
                self._children = [Child(part) for part in self.parts]
                self._prepare()
                self._rolling.stand_by()
            else:
                self._children = taken_over(before, self.parts)
                self._rolling.go_on(before, self._children)
            self._launcher.build()
            while not self._ending:
                self._begin_anew()
                self._rolling.step(self._children, self._succeed)
                self._start_due()
                self._wait()
                self._reap()
                self._end_stopped()
        finally:
            self._end_all()

    def _catch_signals(self) -> None:
        self._wake = os.pipe()
        for end in self._wake:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake[1])
        caught = signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD
        for number in caught:
            signal.signal(number, self._on_signal)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, caught)  # held back while the program changed

    def _on_signal(self, number: int, _: object) -> None:
        if number == signal.SIGHUP:
            self._called = True
        elif number != signal.SIGCHLD:
            self._ending = True

    def _begin_anew(self) -> None:
        """Exchange the program by the one that is installed now, if that was asked for."""
        if not self._called:
            return
        self._called = False
        if self._preparing or not self._rolling.begins():
            return
        held_back = signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD
        signal.pthread_sigmask(signal.SIG_BLOCK, held_back)
        plan: dict[str, Any] = {"pids": str(self.pids), "fork": self.fork}
        plan["parts"] = [asdict(part) for part in self.parts]
        plan["before"] = self._rolling.told(self._children)
        try:
            os.environ[GOES_ON] = str(carried_over(plan, self._children))
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, "-m", "kaoping.zygote", *sys.argv[1:]])  # noqa: S606 - our own interpreter
        except OSError as error:  # no space, no descriptor, no program: all goes on as it is
            left_as_it_was(os.environ.pop(GOES_ON, None), self._children)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, held_back)
            self._rolling.fails(f"the program was not exchanged: {error.strerror}")

    def _prepare(self) -> None:
        """Bring all databases up to date at once: they know nothing of one another.

        Nobody waits for another's: a service is started once its own is prepared.
        """
        if self.fork and any(part.migrations for part in self.parts):
            importlib.import_module("chassis.migrations")  # once, for all of them
            gc.freeze()
        for part in self.parts:
            if part.migrations or part.bootstrap:
                self._preparing[self._launcher.launch("prepare", part, self._wake)] = part.service

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.now is None and child.due <= now and not self._awaits(child):
                child.now = self._begun(child.part)
                if child.now is None:
                    child.due = now + SLOWEST
                self._write_pids()

    def _begun(self, part: Part) -> Process | None:
        """Start a process that serves a part, and says at a line of its own how it is; None where
        the machine has no memory or descriptor for one now: what there is goes on."""
        lines = list[int]()
        try:
            lines += os.pipe()
            os.set_blocking(lines[0], False)
            heard = [each.line for _, each in self._processes() if each.line is not None]
            closed = [*self._wake, lines[0], *heard]
            pid = self._launcher.launch("serve", part, closed, line=lines[1])
        except OSError as error:
            logs.say("not-started", peer=part.name, reason=error.strerror)
            for each in lines:
                os.close(each)
            return None
        os.close(lines[1])
        return Process(pid, lines[0], time.monotonic())

    def _succeed(self, child: Child) -> None:
        """Start the successor of a process, which takes its place when it is ready."""
        child.successor = self._begun(child.part)
        if child.successor is None:
            self._rolling.fails(f"{child.part.name} cannot be started now")

    def _awaits(self, child: Child) -> bool:
        """Say whether a part must wait for its database to be prepared."""
        return child.part.service in self._preparing.values()

    def _wait(self) -> None:
        """Sleep until a signal, the end of standard input, a word of a process, or the next
        restart."""
        first = self._next()
        pause = None if first == math.inf else max(0.0, first - time.monotonic())
        lines = [each.line for _, each in self._processes() if each.line is not None]
        readable, _, _ = select.select([0, self._wake[0], *lines], [], [], pause)
        if self._wake[0] in readable:
            os.read(self._wake[0], 4096)
        if 0 in readable and not os.read(0, 4096):
            self._ending = True
        self._hear(readable)

    def _next(self) -> float:
        """Return when there is something to do, whoever says nothing until then."""
        idle = [child for child in self._children if child.now is None]
        due = [child.due for child in idle if not self._awaits(child)]
        return min([*due, *(each.killed_at for _, each in self._processes())], default=math.inf)

    def _processes(self) -> Iterator[tuple[Child, Process]]:
        return ((child, each) for child in self._children for each in child.all())

    def _hear(self, readable: list[int]) -> None:
        """Take up what processes say of themselves."""
        for child, process in list(self._processes()):
            if process.line not in readable or process.line is None:
                continue
            said = os.read(process.line, 64)
            if not said:
                process.hang_up()
            if READY in said:
                process.is_ready = True
                if process is child.successor:
                    self._take_over(child)
            if LEAVES in said and process is child.now:
                self._leaves(child, process)

    def _take_over(self, child: Child) -> None:
        """Have the successor of a process take its place, and that one leave."""
        former, child.now, child.successor = child.now, child.successor, None
        if child.now is not None:
            child.now.killed_at = math.inf
        if former is not None:
            os.kill(former.pid, signal.SIGTERM)
            self._leaves(child, former)
        self._write_pids()

    def _leaves(self, child: Child, process: Process) -> None:
        """Let a process go; where it was the one that serves, another is due at once."""
        child.leaving.append(process)
        process.killed_at = time.monotonic() + LEAVING
        if process is child.now:
            child.now, child.due = None, 0.0
            if child.successor is not None:
                self._take_over(child)

    def _reap(self) -> None:
        self._reap_prepared()
        for child, process in list(self._processes()):
            pid, status = os.waitpid(process.pid, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            if pid == 0:
                continue
            if os.WIFSTOPPED(status):
                process.killed_at = time.monotonic() + (child.part.silence or SILENCE)
                logs.say("stopped", peer=child.part.name, pid=pid)
            elif os.WIFCONTINUED(status):
                process.killed_at = math.inf
                logs.say("goes-on", peer=child.part.name, pid=pid)
            else:
                logs.say("ended", peer=child.part.name, pid=pid, reason=_how(status))
                self._ended(child, process, status)

    def _ended(self, child: Child, process: Process, status: int) -> None:
        process.hang_up()
        if process in child.leaving:
            child.leaving.remove(process)
        elif process is child.successor:
            child.successor = None
            self._rolling.fails(f"{child.part.name} does not start")
        else:
            child.now = None
            self._replace(child, process, status)

    def _replace(self, child: Child, process: Process, status: int) -> None:
        """Say when the next process of a part is due, whose last one has ended."""
        if child.successor is not None:  # it is on its way, and takes what waits when it is ready
            self._take_over(child)
            return
        lived = time.monotonic() - process.started
        child.was_steady = child.was_steady or lived > STEADY
        if os.WIFSIGNALED(status):  # somebody's hand: it says nothing of whether it can start
            child.due = time.monotonic() + RESTART
            return
        child.deaths = 1 if lived > STEADY else child.deaths + 1
        if not (child.was_steady or self._ending) and child.deaths >= ATTEMPTS:
            raise GivenUp(f"{child.part.name} does not start")
        child.due = time.monotonic() + min(SLOWEST, 0.05 * 2**child.deaths)

    def _end_stopped(self) -> None:
        """Kill what has been stopped for as long as a process may do nothing, to be replaced: it
        cannot end itself, and takes connections that it never answers. So is what does not leave,
        or is not ready, in time."""
        for _, process in self._processes():
            if process.killed_at <= time.monotonic():
                process.killed_at = math.inf
                os.kill(process.pid, signal.SIGKILL)

    def _reap_prepared(self) -> None:
        for pid, service in list(self._preparing.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del self._preparing[pid]
                if status and not self._ending:
                    raise GivenUp(f"the database of {service} was not prepared")

    def _end_all(self) -> None:
        deadline = time.monotonic() + PATIENCE
        alive = {each.pid for _, each in self._processes()} | set(self._preparing)
        for pid in alive:
            os.kill(pid, signal.SIGINT)  # in order, and without leaving first: all of them go
        while alive:
            if time.monotonic() > deadline:
                for pid in alive:
                    os.kill(pid, signal.SIGKILL)
            alive = {pid for pid in alive if os.waitpid(pid, os.WNOHANG)[0] == 0}
            time.sleep(0.01)
        self.pids.unlink(missing_ok=True)
        self._rolling.file.unlink(missing_ok=True)

    def _write_pids(self) -> None:
        serving = ((child.part.name, child.now) for child in self._children)
        pids = {name: process.pid for name, process in serving if process is not None}
        partial = self.pids.with_suffix(".partial")
        with suppress(OSError):  # a full disk ends nobody; the next time it is told
            partial.write_text(json.dumps(pids))
            partial.rename(self.pids)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"status {code}"


def _plan() -> Any:  # noqa: ANN401 - JSON
    """Return what is to be run, as whoever started us says it, or we ourselves before we began
    anew."""
    if (told := os.environ.pop(GOES_ON, None)) is not None:
        with os.fdopen(int(told), "rb") as file:
            return json.load(file)
    line = sys.stdin.buffer.readline()
    return json.loads(line) if line else None


def main() -> None:
    """Import the modules that are named as arguments, and carry out the plan."""
    gc.disable()  # nothing that is imported ever becomes garbage, and it would look each time
    for module in [*AS_IT_STARTS, *sys.argv[1:]] if sys.argv[1:] else []:
        with suppress(ImportError):  # a process that cannot do without it will say so
            importlib.import_module(module)
    plan = _plan()
    if plan is None:
        return  # whoever started us is gone already
    logs.configure("zygote")
    logs.follow(os.environ.get(LOG))
    parts = [Part(**part) for part in plan["parts"]]
    try:
        Zygote(parts, Path(plan["pids"]), plan["fork"]).run(plan.get("before"))
    except GivenUp as failure:
        logs.say("given-up", reason=str(failure))
        sys.exit(1)


if __name__ == "__main__":
    main()
