"""How the supervisor starts a process: forked from itself, or as a program of its own."""

import ctypes
import gc
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn

from chassis import logs
from kaoping.parts import Part
from kaoping.serving import ACTIONS, LINE, PART, built, serve

PR_SET_PDEATHSIG = 1


@dataclass
class Launcher:
    """Starts processes of some parts."""

    parts: Sequence[Part]
    fork: bool
    _apps: dict[str, Any] = field(default_factory=dict)
    """The apps by service, built and not running."""

    def build(self) -> None:
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

    def launch(self, action: str, part: Part, closed: Iterable[int], *, line: int = -1) -> int:
        """Start a process for a part and return its id. Of the supervisor's descriptors it has none
        of those that are to be `closed`; what it says of itself it writes into `line`."""
        if not self.fork:
            return self._spawned(action, part, line)
        pid = os.fork()
        if pid == 0:
            self._become(action, part, closed, line)
        return pid

    def _spawned(self, action: str, part: Part, line: int) -> int:
        environment = {**os.environ, PART: json.dumps(asdict(part)), LINE: str(line)}
        if line >= 0:
            os.set_inheritable(line, True)
        command = [sys.executable, "-m", "kaoping.serving", action]
        others = [(os.POSIX_SPAWN_CLOSE, each) for each in self._foreign(action, part)]
        return os.posix_spawn(sys.executable, command, environment, file_actions=others)

    def _foreign(self, action: str, part: Part) -> list[int]:
        """Return the listening sockets that are not the process's own to have.

        Whoever broke into one service could otherwise answer in the name of all.
        """
        own = {part.listener, part.metrics} if action == "serve" else set()
        all_of_them = {n for each in self.parts for n in (each.listener, each.metrics)}
        return [each for each in all_of_them - own if each is not None]

    def _become(self, action: str, part: Part, closed: Iterable[int], line: int) -> NoReturn:
        """Go on as a child: forget the supervisor's signals, do the action, leave."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            for descriptor in [*closed, *self._foreign(action, part)]:
                os.close(descriptor)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            gc.enable()
            _die_with_parent()
            if action == "serve":
                serve(part, self._apps.get(part.service), line)
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


def _die_with_parent() -> None:
    """Ask Linux to end us when the zygote is killed; elsewhere closed sockets must do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
