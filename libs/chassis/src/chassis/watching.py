"""What others ask a process about itself: its metrics, on a door of its own.

Metrics are given at a socket apart from the one that requests come to, which nothing leads to from
outside: no route, no token. A thread answers there, so that a process whose event loop hangs can
still be asked. What has to be looked up for that, in a database or on a disk, is looked at when
somebody asks, and not again within some seconds: a process that nobody watches does none of it.
"""

import asyncio
import math
import shutil
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler

from prometheus_client import make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer

from chassis import logs, metrics

Look = Callable[[], Awaitable[None]]

_KEPT_SECONDS = 5.0
_LOOK_SECONDS = 4.0
"""How long one look may take."""
_PATIENCE = 6.0
"""How long whoever asks waits for all of them; less than the ten seconds that Prometheus waits."""

LOOKED = metrics.gauge("look_ok", "Whether the last look at something came to an end.", "what")
LOOKED_AT = metrics.gauge("looked_timestamp_seconds", "When all looks were over the last time.")
LOOP_WAIT = metrics.gauge(
    "loop_wait_seconds", "Seconds until the event loop took the last look up."
)
DISK_FREE = metrics.gauge(
    "disk_free_bytes", "Bytes that are free where something is kept.", "place"
)
DISK_SIZE = metrics.gauge("disk_size_bytes", "Bytes of the disk where something is kept.", "place")


class Watch:
    """What is looked at when somebody asks, while a service runs."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._looks: dict[str, Look] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looked_at = -math.inf
        self._lock = threading.Lock()

    def begin(self, looks: Mapping[str, Look]) -> None:
        """Look at these from now on, in the event loop that runs."""
        self._looks, self._loop = dict(looks), asyncio.get_running_loop()
        self._looked_at = -math.inf

    def add(self, name: str, look: Look) -> None:
        """Look at something more, until the end."""
        self._looks[name] = look

    def end(self) -> None:
        """Look at nothing any more."""
        self._looks, self._loop = {}, None

    def ask(self) -> None:
        """Have everything looked at, unless that was a moment ago; called in no event loop."""
        loop = self._loop
        with self._lock:
            if loop is None or self._clock() - self._looked_at < _KEPT_SECONDS:
                return
            asked, done = self._clock(), threading.Event()

            async def look() -> None:
                LOOP_WAIT.set(self._clock() - asked)
                try:
                    await self.look()
                finally:
                    done.set()

            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(lambda: loop.create_task(look()))
            if not done.wait(_PATIENCE):
                LOOP_WAIT.set(self._clock() - asked)

    async def look(self) -> None:
        """Look at everything now; what fails is said by name and keeps nobody from the rest."""
        await asyncio.gather(*(self._one(name, look) for name, look in self._looks.items()))
        self._looked_at = self._clock()
        LOOKED_AT.set_to_current_time()

    async def _one(self, name: str, look: Look) -> None:
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                await look()
        except Exception as error:  # whatever it is, that is what whoever watches is told
            logs.say("not-looked", peer=name, reason=type(error).__name__)
            LOOKED.labels(name).set(0)
        else:
            LOOKED.labels(name).set(1)


WATCH = Watch()
"""The one of this process."""


def disks(places: Mapping[str, Path]) -> Look:
    """Return the look at how much is free where things are kept."""

    async def look() -> None:
        for name, path in places.items():
            found = await asyncio.to_thread(shutil.disk_usage, path)
            DISK_FREE.labels(name).set(found.free)
            DISK_SIZE.labels(name).set(found.total)

    return look


class _Quiet(WSGIRequestHandler):
    """One who asks; he has some seconds, and nothing is written of him."""

    timeout = 5

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing: whoever watches asks every few seconds."""


def door(host: str, port: int) -> socket.socket:
    """Open the socket at which metrics are told."""
    return socket.create_server((host, port))


def serve(listener: socket.socket, watch: Watch = WATCH) -> ThreadingWSGIServer:
    """Answer what is asked at a socket, in a thread, until the process ends: `/metrics` and nothing
    else."""
    rendered = make_wsgi_app(metrics.REGISTRY)

    def answer(environ: Mapping[str, str], start: Callable[..., object]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] != "GET":
            start("404 Not Found", [("Content-Length", "0")])
            return [b""]
        watch.ask()
        found: Iterable[bytes] = rendered(environ, start)
        return found

    host, port = listener.getsockname()[:2]
    server = ThreadingWSGIServer((host, port), _Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = host, port
    server.setup_environ()
    server.set_app(answer)
    threading.Thread(target=server.serve_forever, name="watching", daemon=True).start()
    return server
