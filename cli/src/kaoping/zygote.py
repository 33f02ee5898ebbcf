"""The parent of the service processes: imports everything once, forks, and replaces the dead.

Run as `python -m kaoping.zygote MODULE…` with a plan as one line of JSON on standard input. It
imports the modules, builds the apps, and only then forks: what is there before is there once for
all, and a page that either side still writes into is copied. It
ends when it is told to (SIGTERM, SIGINT) or when its standard input closes, that is, when whoever
started it is gone. Nothing here opens a loop, a thread or a connection: a fork would tear them.
"""

import ctypes
import gc
import importlib
import json
import math
import os
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from chassis import logs
from chassis.serving import SILENCE
from kaoping.parts import LOG, Part
from kaoping.serving import ACTIONS, PART, built, serve

STEADY = 5.0  # seconds of life after which a death is an accident, not a failure to start
ATTEMPTS = 3  # deaths in a row, before it was ever steady, after which a part is given up
RESTART = 0.1  # pause before replacing a process that was killed, in seconds
SLOWEST = 5.0  # longest pause before a restart, in seconds
PATIENCE = 15.0  # seconds that a part has to finish its requests

AS_IT_STARTS = (
    "uvicorn.loops.uvloop", "uvicorn.lifespan.on", "fastapi.telemetry._runtime",
    "certifi", "encodings.idna",
)  # fmt: skip
"""What libraries import only when a service starts: each process would have a copy of its own, and
of whatever was written to meanwhile. A test says whether it is all."""

PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A part and its present process, if any."""

    part: Part
    pid: int | None = None
    started: float = 0.0
    due: float = 0.0
    deaths: int = 0
    was_steady: bool = False
    killed_at: float = math.inf
    """When it is killed if it is still stopped then."""


class GivenUp(Exception):
    """A part cannot be brought up; the message says which."""


@dataclass
class Zygote:
    """Supervises one process per part and writes their ids down where others can read them."""

    parts: list[Part]
    pids: Path
    fork: bool = True
    _apps: dict[str, Any] = field(default_factory=dict)
    """The apps by service, built and not running."""
    _children: list[Child] = field(default_factory=list)
    _preparing: dict[int, str] = field(default_factory=dict)
    """Process ids of what prepares a database, and of which service it is."""
    _ending: bool = False
    _wake: tuple[int, int] = (-1, -1)

    def run(self) -> None:
        """Prepare, start, and keep everything running until told to end."""
        self._catch_signals()
        try:
            self._children = [Child(part) for part in self.parts]
            self._prepare()
            self._build()
            while not self._ending:
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
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _: object) -> None:
        if number != signal.SIGCHLD:
            self._ending = True

    def _prepare(self) -> None:
        """Bring all databases up to date at once: they know nothing of one another.

        Nobody waits for another's: a service is started once its own is prepared.
        """
        if self.fork and any(part.migrations for part in self.parts):
            importlib.import_module("chassis.migrations")  # once, for all of them
            gc.freeze()
        for part in self.parts:
            if part.migrations or part.bootstrap:
                self._preparing[self._launch("prepare", part)] = part.service

    def _build(self) -> None:
        """Build the app of every service, once for all its processes."""
        for part in self.parts if self.fork else ():
            if part.service in self._apps:
                continue
            before = dict(os.environ)
            try:
                self._apps[part.service] = built(part)
            except Exception:  # its own process will meet it as well, and say so
                self._apps[part.service] = None
            os.environ.clear()
            os.environ.update(before)
        gc.freeze()  # the collector would otherwise touch, and so copy, the pages shared by all

    def _start_due(self) -> None:
        now = time.monotonic()
        for child in self._children:
            if child.pid is None and child.due <= now and not self._awaits(child):
                child.pid, child.started = self._launch("serve", child.part), now
                self._write_pids()

    def _awaits(self, child: Child) -> bool:
        """Say whether a part must wait for its database to be prepared."""
        return child.part.service in self._preparing.values()

    def _wait(self) -> None:
        """Sleep until a signal, the end of standard input, or the next restart."""
        idle = [child for child in self._children if child.pid is None]
        due = [child.due for child in idle if not self._awaits(child)]
        due += [child.killed_at for child in self._children]
        first = min(due, default=math.inf)
        pause = None if first == math.inf else max(0.0, first - time.monotonic())
        readable, _, _ = select.select([0, self._wake[0]], [], [], pause)
        if self._wake[0] in readable:
            os.read(self._wake[0], 4096)
        if 0 in readable and not os.read(0, 4096):
            self._ending = True

    def _reap(self) -> None:
        self._reap_prepared()
        for child in self._children:
            if child.pid is None:
                continue
            pid, status = os.waitpid(child.pid, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            if pid == 0:
                continue
            if os.WIFSTOPPED(status):
                child.killed_at = time.monotonic() + (child.part.silence or SILENCE)
                logs.say("stopped", peer=child.part.name, pid=pid)
            elif os.WIFCONTINUED(status):
                child.killed_at = math.inf
                logs.say("goes-on", peer=child.part.name, pid=pid)
            else:
                self._replace(child, status)

    def _replace(self, child: Child, status: int) -> None:
        """Say when the next process of a part is due, whose last one has ended."""
        logs.say("ended", peer=child.part.name, pid=child.pid, reason=_how(status))
        lived = time.monotonic() - child.started
        child.pid, child.was_steady = None, child.was_steady or lived > STEADY
        child.killed_at = math.inf
        if os.WIFSIGNALED(status):  # somebody's hand: it says nothing of whether it can start
            child.due = time.monotonic() + RESTART
            return
        child.deaths = 1 if lived > STEADY else child.deaths + 1
        if not (child.was_steady or self._ending) and child.deaths >= ATTEMPTS:
            raise GivenUp(f"{child.part.name} does not start")
        child.due = time.monotonic() + min(SLOWEST, 0.05 * 2**child.deaths)

    def _end_stopped(self) -> None:
        """Kill what has been stopped for as long as a process may do nothing, to be replaced: it
        cannot end itself, and takes connections that it never answers."""
        for child in self._children:
            if child.pid is not None and child.killed_at <= time.monotonic():
                child.killed_at = math.inf
                os.kill(child.pid, signal.SIGKILL)

    def _reap_prepared(self) -> None:
        for pid, service in list(self._preparing.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del self._preparing[pid]
                if status and not self._ending:
                    raise GivenUp(f"the database of {service} was not prepared")

    def _end_all(self) -> None:
        deadline = time.monotonic() + PATIENCE
        alive = {child.pid for child in self._children if child.pid is not None}
        alive |= set(self._preparing)
        for pid in alive:
            os.kill(pid, signal.SIGTERM)
        while alive:
            if time.monotonic() > deadline:
                for pid in alive:
                    os.kill(pid, signal.SIGKILL)
            alive = {pid for pid in alive if os.waitpid(pid, os.WNOHANG)[0] == 0}
            time.sleep(0.01)
        self.pids.unlink(missing_ok=True)

    def _launch(self, action: str, part: Part) -> int:
        """Start a process for the part and return its id."""
        if not self.fork:
            environment = {**os.environ, PART: json.dumps(asdict(part))}
            command = [sys.executable, "-m", "kaoping.serving", action]
            others = [(os.POSIX_SPAWN_CLOSE, each) for each in self._foreign(action, part)]
            return os.posix_spawn(sys.executable, command, environment, file_actions=others)
        pid = os.fork()
        if pid == 0:
            self._become(action, part)
        return pid

    def _foreign(self, action: str, part: Part) -> list[int]:
        """Return the listening sockets that are not the process's own to have.

        Whoever broke into one service could otherwise answer in the name of all.
        """
        own = {part.listener, part.metrics} if action == "serve" else set()
        all_of_them = {n for each in self.parts for n in (each.listener, each.metrics)}
        return [each for each in all_of_them - own if each is not None]

    def _become(self, action: str, part: Part) -> NoReturn:
        """Go on as a child: forget the supervisor's signals, do the action, leave."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            for descriptor in self._wake:
                os.close(descriptor)
            for descriptor in self._foreign(action, part):
                os.close(descriptor)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            gc.enable()
            _die_with_parent()
            if action == "serve":
                serve(part, self._apps.get(part.service))
            else:
                ACTIONS[action](part)
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except BaseException as error:  # the process ends here, and its log must say why
            logs.configure(part.name)
            logs.crash(error)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _write_pids(self) -> None:
        pids = {child.part.name: child.pid for child in self._children if child.pid is not None}
        partial = self.pids.with_suffix(".partial")
        partial.write_text(json.dumps(pids))
        partial.rename(self.pids)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"status {code}"


def _die_with_parent() -> None:
    """Ask Linux to end us when the zygote is killed; elsewhere closed sockets must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def main() -> None:
    """Import the modules that are named as arguments, and carry out the plan."""
    gc.disable()  # nothing that is imported ever becomes garbage, and it would look each time
    for module in [*AS_IT_STARTS, *sys.argv[1:]] if sys.argv[1:] else []:
        with suppress(ImportError):  # a process that cannot do without it will say so
            importlib.import_module(module)
    line = sys.stdin.buffer.readline()
    if not line:
        return  # whoever started us is gone already
    logs.configure("zygote")
    logs.follow(os.environ.get(LOG))
    plan = json.loads(line)
    parts = [Part(**part) for part in plan["parts"]]
    try:
        Zygote(parts, Path(plan["pids"]), plan["fork"]).run()
    except GivenUp as failure:
        logs.say("given-up", reason=str(failure))
        sys.exit(1)


if __name__ == "__main__":
    main()
