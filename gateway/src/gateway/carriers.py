"""How a request gets to a service and its answer back: over TCP, or inside one process.

`Carrier` is the whole interface; the front knows nothing else of HTTP clients.
"""

import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import httpx

from chassis.connections import Broken, Connection, Connections, Resolve, addresses_of

Headers = Sequence[tuple[bytes, bytes]]


class UpstreamDown(Exception):
    """The service could not be reached, or broke off before it had answered."""


@dataclass(frozen=True, slots=True)
class ForwardedRequest:
    """A request on its way to a service. `target` is the raw path with its query."""

    service: str
    method: str
    target: str
    headers: Headers
    body: bytes | AsyncIterator[bytes] | None


class ForwardedAnswer(Protocol):
    """What a service answers. Its body is read whole or piece by piece, and closed in any case.

    Both raise `UpstreamDown` when the service breaks off before its end.
    """

    status: int
    headers: Headers

    async def read(self) -> bytes:
        """Return the whole body."""
        ...

    def pieces(self) -> AsyncIterator[bytes]:
        """Return the body as it comes."""
        ...

    async def close(self) -> None:
        """Let go of the connection: for other requests when the body was read to its end."""
        ...


class Carrier(Protocol):
    """Carries requests: follows no redirect, keeps no cookie, and sends no command twice.

    A read is sent again, once, when its connection ended before anything was answered: whoever asks
    learns nothing of a process that was killed or replaced (RFC 9110, 9.2.2).
    """

    async def carry(self, order: ForwardedRequest) -> ForwardedAnswer:
        """Send `order`; raise `UpstreamDown` when no answer comes back."""
        ...

    async def __aenter__(self) -> Self:
        """Get ready to carry."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of every connection."""
        ...


class _TcpAnswer:
    """An answer that comes over a connection."""

    def __init__(self, connection: Connection, connections: Connections) -> None:
        self.status = connection.status
        self.headers: Headers = connection.headers
        self._connection = connection
        self._connections = connections

    async def read(self) -> bytes:
        """Return the whole body."""
        try:
            return await self._connection.read()
        except Broken as error:
            raise UpstreamDown(str(error)) from error

    async def pieces(self) -> AsyncIterator[bytes]:
        """Return the body as it comes."""
        try:
            async for piece in self._connection.pieces():
                yield piece
        except Broken as error:
            raise UpstreamDown(str(error)) from error

    async def close(self) -> None:
        """Give the connection back, or close it when something is still to come."""
        self._connections.give_back(self._connection)


class TcpCarrier:
    """Carries over TCP to `upstreams`, base URLs by name of service.

    Connections are not limited here: how many requests may be at a service stands in `capacity.py`.
    """

    def __init__(
        self,
        upstreams: Mapping[str, str],
        resolve: Resolve = addresses_of,
        secure: ssl.SSLContext | None = None,
        silence: float | None = None,
    ) -> None:
        self._upstreams = {
            name: Connections(url, resolve, secure, silence) for name, url in upstreams.items()
        }

    async def __aenter__(self) -> Self:
        """Be ready; connections are made when there is something to carry."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is idle."""
        for connections in self._upstreams.values():
            connections.close()

    async def carry(self, order: ForwardedRequest) -> ForwardedAnswer:
        """Send `order` to its service."""
        connections = self._upstreams[order.service]
        head, is_chunked = _head(order, connections)
        try:
            connection = await connections.asked(
                order.method, head, order.body, is_chunked=is_chunked
            )
        except Broken as error:
            raise UpstreamDown(str(error)) from error
        except OSError as error:
            raise UpstreamDown(type(error).__name__) from error
        return _TcpAnswer(connection, connections)


def _head(order: ForwardedRequest, connections: Connections) -> tuple[bytes, bool]:
    """Return the head of a request, and whether its body is sent in chunks.

    The address goes as it came: decoding and encoding again could change what it means.
    """
    line = f"{order.method} {connections.prefix}{order.target} HTTP/1.1\r\nhost: ".encode("ascii")
    parts = [line, connections.host, b"\r\n"]
    has_length = False
    for name, value in order.headers:
        parts += (name, b": ", value, b"\r\n")
        has_length = has_length or name == b"content-length"
    is_chunked = False
    if order.body is not None and not has_length:
        if isinstance(order.body, bytes):
            parts.append(b"content-length: %d\r\n" % len(order.body))
        else:
            is_chunked = True
            parts.append(b"transfer-encoding: chunked\r\n")
    parts.append(b"\r\n")
    return b"".join(parts), is_chunked


class _InProcessAnswer:
    """An answer of an httpx transport."""

    def __init__(self, answer: httpx.Response) -> None:
        self.status = answer.status_code
        self.headers: Headers = answer.headers.raw
        self._answer = answer

    async def read(self) -> bytes:
        """Return the whole body."""
        return b"".join([piece async for piece in self.pieces()])

    def pieces(self) -> AsyncIterator[bytes]:
        """Return the body as it comes."""
        assert isinstance(self._answer.stream, httpx.AsyncByteStream)  # noqa: S101 - narrows for mypy
        return aiter(self._answer.stream)

    async def close(self) -> None:
        """Let go of it."""
        await self._answer.aclose()


class InProcessCarrier:
    """Carries to services that run in this very process, for tests: no sockets, same interface."""

    def __init__(self, transports: Mapping[str, httpx.AsyncBaseTransport]) -> None:
        self._transports = transports

    async def __aenter__(self) -> Self:
        """Be ready; transports are opened by whoever made them."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the transports to whoever made them."""

    async def carry(self, order: ForwardedRequest) -> ForwardedAnswer:
        """Hand `order` to the transport of its service."""
        request = httpx.Request(
            order.method,
            httpx.URL(f"http://{order.service}", raw_path=order.target.encode("ascii")),
            headers=[*order.headers, (b"host", order.service.encode())],
            content=b"" if order.body is None else order.body,
        )
        try:
            answer = await self._transports[order.service].handle_async_request(request)
        except (httpx.TransportError, KeyError) as error:
            raise UpstreamDown(type(error).__name__) from error
        return _InProcessAnswer(answer)
