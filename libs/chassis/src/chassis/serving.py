"""Serving a service over TCP: how uvicorn is set up, what it refuses itself, and what ends it.

One place for every way in which a service is started: from the command line, and in a container.
"""

import faulthandler
import gc
import os
import socket
import sys
import uuid
from http import HTTPStatus

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from chassis import problems

LONGEST_HEAD = 65_536
"""The most bytes of a request's line and headers together."""

SILENCE = 20.0
"""After so many seconds in which its event loop did nothing, a process ends itself."""


TURN = 0.001
"""After so many seconds a thread that computes lets the event loop go on.

Python's own five milliseconds are waited for again after each system call of a request: beside a
computation one in twenty small requests took nine milliseconds, and takes four.
"""


class Protocol(HttpToolsProtocol):
    """HTTP/1.1 whose own refusals are problem documents, and whose heads have a limit.

    Parser and server keep what has come of a head until it is whole, however much that is.
    """

    _unread = 0  # bytes since the parser last made something of them
    _head = 0
    _too_long = False

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless it is fed more and more and makes nothing of it."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > LONGEST_HEAD and not self.transport.is_closing():
            self._too_long = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin to count the head of another request."""
        self._head = 0
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
        super().on_headers_complete()

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

    def _count(self, length: int) -> None:
        self._unread = 0
        self._head += length
        if self._head > LONGEST_HEAD:
            self._too_long = True
            raise ValueError("head too long")  # the parser stops, and the server refuses

    def _refusal(self) -> bytes:
        status = (
            HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE if self._too_long else HTTPStatus.BAD_REQUEST
        )
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


class Server(uvicorn.Server):
    """A server whose process ends itself when its event loop does nothing for a while.

    Whoever started it starts it again; a process that only spins would be believed to be alive.
    The clock runs in a thread that needs neither Python nor its lock, so that nothing can stop it,
    and it says on standard error what the process was at.
    """

    def __init__(self, config: uvicorn.Config, silence: float) -> None:
        super().__init__(config)
        self._silence = silence

    async def on_tick(self, counter: int) -> bool:
        """Wind the clock up again, about once a second or four times within the silence."""
        if counter % max(1, int(min(10, self._silence * 2.5))) == 0:
            faulthandler.dump_traceback_later(self._silence, exit=True)
        return await super().on_tick(counter)


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

    TRUSTED_PROXIES names the addresses or networks, separated by commas, whose X-Forwarded-For is
    believed. There are none unless they are named: each caller could say that he is another.
    """
    trusted = os.environ.get("TRUSTED_PROXIES", "").strip()
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
        timeout_graceful_shutdown=10,
    )


def run(
    config: uvicorn.Config,
    sockets: list[socket.socket] | None = None,
    *,
    silence: float = SILENCE,
) -> None:
    """Serve until SIGTERM, on open sockets or the address in `config`."""
    sys.setswitchinterval(TURN)
    Server(config, silence).run(sockets)
