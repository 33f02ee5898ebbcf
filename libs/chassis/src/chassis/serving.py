"""Serving a service over TCP: how uvicorn is set up, what it refuses itself, and what ends it.

One place for every way in which a service is started: from the command line, and in a container.
By SIGTERM a process leaves: whoever has a connection to it is answered for a while, and told with
each answer that it was the last one there. By SIGINT it ends without that, in order too.
"""

import asyncio
import faulthandler
import gc
import os
import signal
import socket
import ssl
import sys
import uuid
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from types import FrameType
from wsgiref.simple_server import WSGIServer

import uvicorn
from starlette.types import ASGIApp, Message
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from chassis import environment, logs, problems, watching
from chassis.leaving import LEAVING
from chassis.tls import Tls

LONGEST_HEAD = 65_536
"""The most bytes of a request's line and headers together."""

HEAD_SECONDS = 30.0
"""Within so many seconds from its first byte, or from when the connection was opened, a head has to
be whole: whoever says one byte at a time would hold a connection for ever."""

KEPT_SECONDS = 75
"""For so many seconds a connection on which nothing is asked stays open. Libraries give one up
after five and proxies after sixty: were it closed at the same moment, what they send on it then
would be lost, and whoever sent a command could not know whether it was done."""

SILENCE = 20.0
"""After so many seconds in which its event loop did nothing, a process ends itself."""

LEAVING_SECONDS = 4.0
"""For so many seconds a process that leaves answers on the connections that there are: neighbours
keep one on which nothing is asked for three, and so no command meets one that is being closed."""

READY, LEAVES = b"r", b"l"
"""What a process tells its supervisor: that it can do its work, and that it takes no connections
any more, so that another is to take them."""

FINISHING_SECONDS = 60.0
"""For so many seconds more a process whose place another has taken gives their answers to those who
asked before: a large file takes its time."""

_LAST_SECONDS = 0.5
"""So long before the end no connection is taken any more: who was let in last has asked by then."""

TURN = 0.001
"""After so many seconds a thread that computes lets the event loop go on.

Python's own five milliseconds are waited for again after each system call of a request: beside a
computation one in twenty small requests took nine milliseconds, and takes four.
"""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 whose own refusals are problem documents, and whose heads have a limit.

    Parser and server keep what has come of a head until it is whole, however much that is.
    """

    head_seconds = HEAD_SECONDS

    _clock: asyncio.TimerHandle | None = None  # runs while a head is waited for
    _is_late = False
    _unread = 0  # bytes since the parser last made something of them
    _head = 0
    _too_long = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._heard()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless it is fed more and more and makes nothing of it."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > LONGEST_HEAD and not self.transport.is_closing():
            self._too_long = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin to count the head of another request, and to wait for its end."""
        self._head = 0
        if self._clock is None:
            self._wait()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count a piece of the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header, or a trailer after the body."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Note that the head is whole."""
        self._unread = 0
        self._heard()
        super().on_headers_complete()

        if getattr(self.server_state, "is_leaving", False):
            self.leave()

    def leave(self) -> None:
        """Have the answer that comes next say that it is the last one on this connection."""
        answering: RequestResponseCycle | None = self.cycle
        if answering is not None and not answering.response_started:
            answering.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Note that a piece of the body has come; others count how much it is."""
        self._unread = 0
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP with a problem document, unless an answer is under way."""
        answering: RequestResponseCycle | None = self.cycle
        if answering is None or answering.response_complete:
            self.transport.write(self._refusal())
        elif not (answering.response_started or self.pipeline):
            self.transport.write(self._refusal())
            answering.disconnected = True
        self.transport.close()

    def _wait(self) -> None:
        self._heard()
        self._clock = self.loop.call_later(self.head_seconds, self._give_up)

    def _heard(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _give_up(self) -> None:
        """End a connection whose head never came; an answer that is under way goes on."""
        answering: RequestResponseCycle | None = self.cycle
        if answering is not None and not answering.response_complete:
            self._wait()
        elif not self.transport.is_closing():
            self._is_late = True
            self.send_400_response("")

    def _count(self, length: int) -> None:
        self._unread = 0
        self._head += length
        if self._head > LONGEST_HEAD:
            self._too_long = True
            raise ValueError("head too long")  # the parser stops, and the server refuses

    def _refusal(self) -> bytes:
        status = HTTPStatus.REQUEST_TIMEOUT if self._is_late else HTTPStatus.BAD_REQUEST
        if self._too_long:
            status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        known = dict(getattr(self, "headers", None) or ())
        language = problems.language_of(known.get(b"accept-language", b"").decode("latin-1"))
        name = uuid.uuid4().hex
        body = problems.encoded(problems.blank(status, language, request_id=name))
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            f"content-type: {problems.MEDIA_TYPE}\r\ncontent-language: {language}\r\n"
            f"content-length: {len(body)}\r\nx-request-id: {name}\r\nconnection: close\r\n\r\n"
        )
        return head.encode("ascii") + body


class _State(ServerState):
    """What connections share: also whether the process is about to end."""

    is_leaving = False


class Server(uvicorn.Server):
    """A server whose process ends itself when its event loop does nothing for a while.

    Whoever started it starts it again; a process that only spins would be believed to be alive.
    The clock runs in a thread that needs neither Python nor its lock, so that nothing can stop it,
    and it says on standard error what the process was at.

    It leaves for `leaving` seconds before it ends. At the other end of `line`, a descriptor, its
    supervisor reads that it is `READY` and that it `LEAVES`; `metrics` are told until then. Where
    there is one, another process takes its place, and what is at work is given more time.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        silence: float,
        *,
        leaving: float = 0.0,
        line: int | None = None,
        metrics: WSGIServer | None = None,
    ) -> None:
        super().__init__(config)
        self.server_state: _State = _State()
        self._silence = silence
        self._leaving = leaving
        self._line = line
        self._metrics = metrics
        self._is_hurried = False
        self._working: asyncio.Task[None] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave by SIGTERM; by SIGINT end without that, and at once by the second one alone."""
        is_again, self._is_hurried = self._is_hurried, sig == signal.SIGINT
        if self.should_exit and self._is_hurried and not is_again:
            self._captured_signals.append(sig)  # in order still: no answer is given up for it
            return
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and tell the supervisor once the app says that it can do its work."""
        await super().startup(sockets)
        if self._line is not None and self.started:
            self._working = asyncio.create_task(self._tell_ready())

    async def on_tick(self, counter: int) -> bool:
        """Wind the clock up again, about once a second or four times within the silence."""
        if counter % max(1, int(min(10, self._silence * 2.5))) == 0:
            logs.turn_over()  # what a process that only spins says at its end is kept as well
            self._wind()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Leave, if there is time for that, and end."""
        if self._working is not None:
            self._working.cancel()
        if self._leaving and not self._is_hurried:
            await self._leave()
        await super().shutdown(sockets)

    async def _leave(self) -> None:
        LEAVING.tell()
        self.server_state.is_leaving = True
        for connection in self.server_state.connections:
            if isinstance(connection, Protocol):
                connection.leave()
        if self._line is None:  # nobody takes the connections that come until it is heard of
            await self._for(self._leaving - _LAST_SECONDS)
        self._take_none()
        await self._for(self._leaving if self._line is not None else _LAST_SECONDS)
        if self._line is not None:
            await self._for(FINISHING_SECONDS, self._is_at_work)

    def _take_none(self) -> None:
        for server in self.servers:
            server.close()
        if self._line is not None:
            if self._metrics is not None:  # it ends between two questions, in its own thread
                asyncio.get_running_loop().run_in_executor(None, self._metrics.shutdown)
            self._tell(LEAVES)

    def _is_at_work(self) -> bool:
        return bool(self.server_state.tasks)

    async def _for(self, seconds: float, wanted: Callable[[], bool] = lambda: True) -> None:
        """Let some seconds go by as long as that is wanted, unless it must be quick."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until and wanted() and not self._is_hurried:
            self._wind()
            await asyncio.sleep(0.05)

    def _wind(self) -> None:
        faulthandler.dump_traceback_later(self._silence, exit=True)

    async def _tell_ready(self) -> None:
        while not await _is_ready(self.config.loaded_app):  # noqa: ASYNC110 - it asks each time
            await asyncio.sleep(0.25)
        self._tell(READY)

    def _tell(self, what: bytes) -> None:
        if self._line is not None:
            with suppress(OSError):  # the supervisor is gone, and so are we soon
                os.write(self._line, what)


_READINESS = {
    "type": "http",
    "asgi": {"version": "3.0", "spec_version": "2.3"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/health/ready",
    "raw_path": b"/health/ready",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"itself")],
    "client": ("itself", 0),
    "server": ("itself", 0),
}


async def _is_ready(app: ASGIApp) -> bool:
    """Ask an app of this process whether it can do its work."""
    status = 0

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)

    try:
        await app({**_READINESS, "state": {}}, receive, send)
    except Exception as error:  # whatever it is, it cannot do its work
        logs.say("not-ready", reason=type(error).__name__)
        return False
    return 200 <= status < 300


def collect_garbage_rarely() -> None:
    """Run Python's garbage collection rarely in this process, and never over what exists now.

    A large document is a hundred thousand objects that never refer back to one another. With
    Python's own thresholds the collector goes through them dozens of times while they grow, which
    takes as long again as the work. Of what exists now next to nothing is garbage, and to find it
    would take as long as to import a large library.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def configuration(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 8000) -> uvicorn.Config:
    """Return how uvicorn is set up to serve an app.

    With TLS_CERTIFICATE and TLS_KEY it is served over TLS. TRUSTED_PROXIES names the addresses or
    networks, separated by commas, whose X-Forwarded-For is believed. There are none unless they are
    named: each caller could say that he is another.
    """
    trusted = (environment.told("TRUSTED_PROXIES") or "").strip()
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http=Protocol,
        # Nobody serves one here; a library that answers by itself would do so in its own words.
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted,
        ssl_context_factory=_secure if Tls.of_environment().certificate else None,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=10,
    )


def _secure(*_: object) -> ssl.SSLContext:
    found = Tls.of_environment().serving()
    if found is None:
        raise ValueError("there is no certificate any more")
    return found


def run(
    config: uvicorn.Config,
    sockets: list[socket.socket] | None = None,
    *,
    silence: float = SILENCE,
    metrics: socket.socket | None = None,
    leaving: float = 0.0,
    line: int | None = None,
) -> None:
    """Serve until SIGTERM, on open sockets or the address in `config`; metrics at a socket apart,
    where there is one. Before it ends it leaves, as `Server` says."""
    sys.setswitchinterval(TURN)
    told = None if metrics is None else watching.serve(metrics)
    Server(config, silence, leaving=leaving, line=line, metrics=told).run(sockets)
