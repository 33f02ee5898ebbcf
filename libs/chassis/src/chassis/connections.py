"""Connections to services: as much of an HTTP/1.1 client as neighbours need, and no more.

A client for everything makes objects of addresses, headers, cookies and bodies that nobody here
looks at; that took half of what a small request cost. The parser is the one of the server in front
(llhttp).
"""

import asyncio
import math
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from typing import cast
from urllib.parse import urlsplit

import httptools

from chassis.silence import Silence, is_ours

Pairs = list[tuple[bytes, bytes]]
Body = bytes | AsyncIterator[bytes] | None

_CONNECT_SECONDS = 2.0
# Shorter than the time after which any server closes an idle connection: otherwise a POST, which is
# never sent twice, would now and then meet a connection that is just being closed.
_KEEP_SECONDS = 3.0
# How long a name's addresses are believed.
_ADDRESSES_SECONDS = 10.0
# What may be sent again when its connection ended before anything was answered.
_READS = frozenset({"GET", "HEAD"})
# Unless it had been worked at for so many seconds: it may be what the service died of.
_AGAIN_SECONDS = 5.0
# So much of a body may lie here before the service is asked to wait.
_AHEAD = 262_144
_LONGEST_HEAD = 262_144
# What every service answers at once (`chassis.health`).
_ALIVE = b"/health/live"
# Who does not answer that within this part of the time may be one of several at the address.
_EARLY = 0.25
_BESIDES = 15


class Broken(Exception):
    """The connection ended, or something else than HTTP came, before the answer was whole.

    An answer that tells no length and ends with its connection is taken for one that broke off.
    """


async def at_most(longest: int, pieces: AsyncIterator[bytes]) -> bytes:
    """Return a body that comes in pieces; raises `Broken` once it has more than `longest` bytes."""
    content = bytearray()
    async for piece in pieces:
        content += piece
        if len(content) > longest:
            raise Broken("too long")
    return bytes(content)


class Connection(asyncio.Protocol):
    """One connection to a service, which carries one request at a time and its answer."""

    _transport: asyncio.Transport
    address = ""
    """Of whom it leads to."""
    heard_at = 0.0
    """When something came last, or since when an answer is waited for."""

    def __init__(self) -> None:
        self.is_lost = False
        self.was_cut = False
        self.idle_since = 0.0
        self._loop = asyncio.get_running_loop()
        self._can_write: asyncio.Future[None] | None = None
        self._sender: asyncio.Task[None] | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._is_asked = False
        self._begin("")
        self._is_complete = True

    def _begin(self, method: str) -> None:
        self.status = 0
        self.headers: Pairs = []
        self.has_heard = False
        self._method = method
        self._parser = httptools.HttpResponseParser(self)
        self._pieces: list[bytes] = []
        self._ahead = self._head = 0
        self._has_head = self._is_complete = self._can_stay = False
        self._error: str | None = None

    async def ask(self, method: str, head: bytes, body: Body, *, is_chunked: bool) -> None:
        """Send a request and wait for the head of its answer: `status` and `headers`."""
        self._begin(method)
        self._is_asked = True
        self.heard_at = time.monotonic()
        if body is None or isinstance(body, bytes):
            self._transport.write(head + body if body else head)
        else:
            self._transport.write(head)
            self._sender = self._loop.create_task(self._send(body, is_chunked=is_chunked))
        while not self._has_head:
            await self._news()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Return the body of the answer as it comes."""
        while True:
            piece = b"".join(self._pieces)
            self._pieces.clear()
            if self._ahead > _AHEAD and not self.is_lost:
                self._transport.resume_reading()
            self._ahead = 0
            if piece:
                yield piece
            elif self._is_complete:
                return
            else:
                await self._news()

    async def read(self) -> bytes:
        """Return the whole body of the answer."""
        if self._is_complete:
            return b"".join(self._pieces)
        return b"".join([piece async for piece in self.pieces()])

    def end(self) -> bool:
        """End the request; say whether the connection can carry another."""
        sent = self._sender is None or (self._sender.done() and not self._sender.cancelled())
        if self._sender is not None:
            self._sender.cancel()
            self._sender = None
        self._is_asked = False
        if self._is_complete and self._can_stay and sent and not self.is_lost:
            if self._ahead > _AHEAD:
                self._transport.resume_reading()
            self.idle_since = time.monotonic()
            return True
        self.close()
        return False

    def close(self) -> None:
        """Close the connection, whatever is still under way."""
        self.is_lost = True
        self._transport.abort()

    async def _send(self, body: AsyncIterator[bytes], *, is_chunked: bool) -> None:
        try:
            async for piece in body:
                if self.is_lost:
                    return
                if piece:
                    self._transport.write(
                        b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece
                    )
                if self._can_write is not None:
                    await self._can_write
            if is_chunked:
                self._transport.write(b"0\r\n\r\n")
        except Exception as error:
            # Whoever sends the body to us has failed: what was sent so far must not look whole.
            self.fail(type(error).__name__)

    async def _news(self) -> None:
        if self._error is not None:
            raise Broken(self._error)
        self._waiter = self._loop.create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def fail(self, why: str) -> None:
        """End the connection, and tell whoever waits for an answer that it will not come."""
        if not self._is_complete and self._error is None:
            self._error = why
        self._can_stay = False
        self.close()
        self._wake()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class

    def data_received(self, data: bytes) -> None:
        """Feed the parser; what nobody asked for ends the connection."""
        if not self._is_asked or self._is_complete:
            self.fail("unasked")
            return
        self.has_heard = True
        self.heard_at = time.monotonic()
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.fail("no HTTP")

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits for something that it will not come."""
        self.was_cut = not self.is_lost
        self.is_lost = True
        if not self._is_complete and self._error is None:
            self._error = type(exc).__name__ if exc else "closed"
        self.resume_writing()
        self._wake()

    def pause_writing(self) -> None:
        """Have the sender of a body wait."""
        self._can_write = self._loop.create_future()

    def resume_writing(self) -> None:
        """Let the sender of a body go on."""
        if self._can_write is not None and not self._can_write.done():
            self._can_write.set_result(None)
        self._can_write = None

    # What the parser calls.

    def on_message_begin(self) -> None:
        """Refuse a second answer to one request."""
        if self._is_complete:
            raise Broken("two answers")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, its name in lower case; what follows the body is passed over."""
        self._head += len(name) + len(value)
        if self._head > _LONGEST_HEAD:
            raise Broken("head too long")
        if not self._has_head:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Give the head to whoever waits for it, unless it only says that more will come."""
        status = self._parser.get_status_code()
        if status < 200:
            self.headers = []
            return
        self.status = status
        self._has_head = True
        if self._method == "HEAD":
            self._is_complete = True
        self._wake()

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._pieces.append(body)
        before, self._ahead = self._ahead, self._ahead + len(body)
        if before <= _AHEAD < self._ahead:
            self._transport.pause_reading()
        self._wake()

    def on_message_complete(self) -> None:
        """Note that the answer is whole."""
        if not self._has_head:
            return
        self._is_complete = True
        self._can_stay = self._method != "HEAD" and self._parser.should_keep_alive()
        self._wake()


def is_secure(url: str) -> bool:
    """Say whether an address is asked with TLS."""
    return url.lower().startswith("https:")


Resolve = Callable[[str, int], Awaitable[list[str]]]


async def addresses_of(name: str, port: int) -> list[str]:
    """Return the addresses that a name has at this moment."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


class Connections:
    """The connections to one service: those in use are not counted, the others are kept shortly.

    A name may have several addresses: each new connection takes the next, and one that refuses is
    passed over. So is one that says nothing: with `silence`, an answer that has not come after so
    many seconds is doubted, and given up where as long again nothing else is answered there.
    """

    def __init__(
        self,
        url: str,
        resolve: Resolve = addresses_of,
        secure: ssl.SSLContext | None = None,
        silence: float | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.host = parts.netloc.rpartition("@")[2].encode()
        self.prefix = parts.path.rstrip("/")
        self._secure = secure or ssl.create_default_context() if is_secure(url) else None
        self._name = parts.hostname or ""
        self._port = parts.port or (443 if self._secure else 80)
        self._idle: list[Connection] = []
        self._resolve = resolve
        self._addresses: list[str] = []
        self._asked_at = -math.inf
        self._turn = 0
        self._patience = silence
        self._silence = Silence(self._answers, silence) if silence else None

    async def asked(
        self, method: str, head: bytes, body: Body = None, *, is_chunked: bool = False
    ) -> Connection:
        """Send a request; return the connection once it has the head of the answer.

        A read whose connection ended before anything was answered is sent again, once (RFC 9110,
        9.2.2): it was just being closed, or the process behind it was killed. A command never is.
        Raises `Broken`, or `OSError` where nobody can be reached.
        """
        connection, is_used = await self.take()
        began = time.monotonic()
        try:
            return await self._asked(connection, method, head, body, is_chunked=is_chunked)
        except Broken:
            is_cut = connection.was_cut and time.monotonic() - began < _AGAIN_SECONDS
            is_read = method in _READS and body is None
            if not is_read or connection.has_heard or not (is_used or is_cut):
                raise
        connection, _ = await self.take(new=True)
        return await self._asked(connection, method, head, body, is_chunked=is_chunked)

    async def _asked(
        self, connection: Connection, method: str, head: bytes, body: Body, *, is_chunked: bool
    ) -> Connection:
        if self._silence is not None:
            self._silence.began(connection)
        try:
            await connection.ask(method, head, body, is_chunked=is_chunked)
        except BaseException:
            self._ended(connection)
            connection.end()
            connection.close()
            raise
        return connection

    def _ended(self, connection: Connection) -> None:
        if self._silence is not None:
            self._silence.ended(connection)

    @property
    def _silent(self) -> Collection[str]:
        return self._silence.addresses if self._silence is not None else ()

    async def _answers(self, address: str) -> bool:
        """Ask at an address whether anybody is there; any answer says so.

        Several processes may serve one address, and the kernel chooses to whom somebody is led: who
        asks once may meet one that is stopped, beside others that are at work. So as many are asked
        as it takes to meet one of these, where the first does not answer at once.
        """
        patience = self._patience or 0
        asked = [asyncio.create_task(self._answered(address, patience))]
        try:
            done, _ = await asyncio.wait(asked, timeout=patience * _EARLY)
            if done:
                return asked[0].result()
            left = patience * (1 - _EARLY)
            asked += [asyncio.create_task(self._answered(address, left)) for _ in range(_BESIDES)]
            for answer in asyncio.as_completed(asked):
                if await answer:
                    return True
            return False
        finally:
            for one in asked:
                one.cancel()

    async def _answered(self, address: str, seconds: float) -> bool:
        head = b"GET " + _ALIVE + b" HTTP/1.1\r\nhost: " + self.host + b"\r\n\r\n"
        try:
            async with asyncio.timeout(seconds):
                connection = await self._opened(address, seconds)
                try:
                    await connection.ask("GET", head, None, is_chunked=False)
                finally:
                    connection.end()
                    connection.close()
        except OSError as error:
            return is_ours(error)
        except Broken:
            return False
        return True

    async def take(self, *, new: bool = False) -> tuple[Connection, bool]:
        """Return a connection, and whether it has carried a request before."""
        while self._idle and not new:
            kept = self._idle.pop()
            is_fresh = time.monotonic() - kept.idle_since < _KEEP_SECONDS
            if is_fresh and not kept.is_lost and kept.address not in self._silent:
                return kept, True
            kept.close()
        return await self._made(), False

    async def _made(self) -> Connection:
        if time.monotonic() - self._asked_at >= _ADDRESSES_SECONDS:
            async with asyncio.timeout(_CONNECT_SECONDS):
                self._addresses = await self._resolve(self._name, self._port)
            self._asked_at = time.monotonic()
        self._turn += 1
        silent, turn = self._silent, self._turn
        addresses = [each for each in self._addresses if each not in silent]
        failure: OSError = ConnectionError("no address")
        for n in range(len(addresses)):
            try:
                return await self._opened(addresses[(turn + n) % len(addresses)], self._patient)
            except OSError as error:
                failure = error
        raise failure

    @property
    def _patient(self) -> float:
        # With TLS it takes an answer of the process, and not of the kernel alone: one that is busy
        # is waited for as long as for any other answer.
        return max(_CONNECT_SECONDS, self._patience or 0) if self._secure else _CONNECT_SECONDS

    async def _opened(self, address: str, seconds: float | None) -> Connection:
        name = self._name if self._secure else None
        async with asyncio.timeout(seconds):
            _, made = await asyncio.get_running_loop().create_connection(
                Connection, address, self._port, ssl=self._secure, server_hostname=name
            )
        made.address = address
        return made

    def give_back(self, connection: Connection) -> None:
        """End the request on a connection, and keep it for another where it can be."""
        self._ended(connection)
        if connection.end():
            self._idle.append(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        if self._silence is not None:
            self._silence.close()
        while self._idle:
            self._idle.pop().close()
