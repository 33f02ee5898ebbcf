"""The service processes seen from outside: their sockets, their supervisor, their state."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from itertools import count, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaoping.faults import KaopingFault
from kaoping.parts import LOG, Part

if TYPE_CHECKING:
    import ssl

BACKLOG = 2048


class SystemDown(KaopingFault):
    """The system cannot be started or has ended; the message says why."""


class Processes:
    """The processes of all services under a supervisor, which imports while its plan is made.

    The sockets are opened here, before there is any process, and live as long as the supervisor:
    callers of a process that died wait in line until it is back.
    """

    def __init__(
        self, log: Path, pids: Path, fork: bool, secure: "ssl.SSLContext | None" = None
    ) -> None:
        self.log = log
        self.urls: dict[str, str] = {}
        self.watched: list[dict[str, Any]] = []
        """Where each process tells its metrics, as Prometheus reads it (`file_sd_configs`)."""
        self._pids = pids
        self._fork = fork
        self._secure = secure
        self._sockets: dict[str, list[socket.socket]] = {}
        self._metrics: dict[str, list[socket.socket]] = {}
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name of process; they change when one was replaced."""
        with suppress(FileNotFoundError):
            pids: dict[str, int] = json.loads(self._pids.read_text())
            return pids
        return {}

    @property
    def running(self) -> bool:
        """Whether the supervisor lives."""
        return self._supervisor is not None and self._supervisor.poll() is None

    def open(
        self,
        ports: dict[str, int],
        modules: Sequence[str],
        instances: int = 1,
        *,
        metrics_port: int = 0,
    ) -> None:
        """Open the sockets of each service on 127.0.0.1 and start the supervisor.

        Port 0 is a free one. Each of several `instances` has a socket of its own on the same port,
        and at a port of its own one for its metrics: from `metrics_port` on, if that is not 0.
        """
        following = count(metrics_port) if metrics_port else repeat(0)
        for name, port in ports.items():
            self._sockets[name] = _listeners(port, instances)
            scheme = "https" if self._secure else "http"
            self.urls[name] = f"{scheme}://127.0.0.1:{self._sockets[name][0].getsockname()[1]}"
            self._metrics[name] = [_listener(next(following)) for _ in range(instances)]
        self.watched = [
            {
                "targets": [f"127.0.0.1:{each.getsockname()[1]}"],
                "labels": {"job": name, "process": process_name(name, n)},
            }
            for name, many in self._metrics.items()
            for n, each in enumerate(many)
        ]
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self._supervisor = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-m", "kaoping.zygote", *(modules if self._fork else ())],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds={each.fileno() for each in self._all_sockets()},
                env={**os.environ, LOG: str(self.log)},
                start_new_session=True,  # Ctrl-C is for us, who then end it in order
            )

    def descriptor(self, name: str, instance: int = 0) -> int:
        """Number under which the supervisor has the socket of a service's process."""
        return self._sockets[name][instance].fileno()

    def metrics_descriptor(self, name: str, instance: int = 0) -> int:
        """Number of the socket at which that process tells its metrics."""
        return self._metrics[name][instance].fileno()

    def begin(self, parts: Sequence[Part]) -> None:
        """Tell the supervisor what to run."""
        plan = {
            "parts": [asdict(part) for part in parts],
            "pids": str(self._pids),
            "fork": self._fork,
        }
        if self._supervisor is None or self._supervisor.stdin is None:
            raise SystemDown("the supervisor was not started")
        with suppress(BrokenPipeError):  # it has ended, and its log says why
            self._supervisor.stdin.write(json.dumps(plan).encode() + b"\n")
            self._supervisor.stdin.flush()
        self._close_sockets()

    def await_ready(self, seconds: float) -> None:
        """Wait until every service says that it can work."""
        deadline = time.monotonic() + seconds
        for name, url in self.urls.items():
            while not _ready(url, self._secure):
                if not self.running:
                    raise SystemDown(f"the services ended:\n{self._last_words()}")
                if time.monotonic() > deadline:
                    raise SystemDown(f"{name} is not ready in time:\n{self._last_words()}")
                time.sleep(0.02)

    def close(self) -> None:
        """End everything in order; idempotent."""
        self._close_sockets()
        if self._supervisor is not None:
            if self._supervisor.stdin:
                self._supervisor.stdin.close()  # its sign to end
            self._supervisor.wait(60)
            self._supervisor = None

    def _close_sockets(self) -> None:
        for listener in self._all_sockets():
            listener.close()
        self._sockets.clear()
        self._metrics.clear()

    def _all_sockets(self) -> list[socket.socket]:
        kinds = self._sockets, self._metrics
        return [each for kind in kinds for many in kind.values() for each in many]

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def process_name(service: str, instance: int) -> str:
    """Return the name of a process: the second one of a service has `-2` behind it, and so on."""
    return service if instance == 0 else f"{service}-{instance + 1}"


def _listeners(port: int, number: int) -> list[socket.socket]:
    """Open so many sockets on one port, among which the kernel spreads connections evenly.

    Processes that accept on one socket do not share evenly: of connections opened at once, one took
    seven in eight. Only Linux spreads them; elsewhere all accept on one.
    """
    first = _listener(port)  # alone at first: with the option nobody would tell that it is taken
    if number == 1 or sys.platform != "linux":
        return [first] * number
    port = first.getsockname()[1]
    first.close()
    return [_listener(port, shared=True) for _ in range(number)]


def _listener(port: int, *, shared: bool = False) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    # Inherited by every connection. Without it an answer in two pieces waits 40 ms for its second.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        raise SystemDown(
            f"port {port} cannot be opened: {error.strerror}; choose another with --port (or "
            "--metrics-port)"
        ) from error
    listener.listen(BACKLOG)
    return listener


def _ready(url: str, secure: "ssl.SSLContext | None") -> bool:
    import http.client  # here: the services are starting meanwhile

    address = url.partition("://")[2]
    connection = (
        http.client.HTTPSConnection(address, timeout=5, context=secure)
        if secure
        else http.client.HTTPConnection(address, timeout=5)
    )
    with suppress(OSError, http.client.HTTPException), closing(connection):
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.client.NO_CONTENT
    return False
