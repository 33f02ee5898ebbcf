"""How a request gets to a service and its answer back: over TCP, or inside one process.

`Carrier` is the whole interface; the front knows nothing else of HTTP clients.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from yarl import URL

Headers = Sequence[tuple[bytes, bytes]]

# Answered by the client library itself unless told not to; the caller's own words go through as
# they are, and what the caller did not say is not said for him.
_NOT_ADDED = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
_CONNECT_SECONDS = 2.0
# Shorter than the five seconds after which uvicorn closes an idle connection: otherwise a POST,
# which is never sent twice, would now and then meet a connection that is just being closed.
_KEEP_SECONDS = 3.0


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

    A read may be sent again when it met a connection that was just being closed (RFC 9112, 9.3.1).
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
    """An answer that comes over a connection of aiohttp's."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.status = answer.status
        self.headers: Headers = answer.raw_headers
        self._answer = answer

    async def read(self) -> bytes:
        """Return the whole body."""
        try:
            return await self._answer.read()
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamDown(type(error).__name__) from error

    async def pieces(self) -> AsyncIterator[bytes]:
        """Return the body as it comes."""
        try:
            async for piece in self._answer.content.iter_any():
                yield piece
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamDown(type(error).__name__) from error

    async def close(self) -> None:
        """Give the connection back, or close it when something is still to come."""
        self._answer.close()


class TcpCarrier:
    """Carries over TCP to `upstreams`, base URLs by name of service.

    Connections are not limited here: how many requests may be at a service stands in `capacity.py`.
    """

    def __init__(
        self, upstreams: Mapping[str, str], resolver: AbstractResolver | None = None
    ) -> None:
        self._resolver = resolver
        self._upstreams = {name: url.rstrip("/") for name, url in upstreams.items()}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the pool."""
        self._session = aiohttp.ClientSession(
            # A name may have several addresses: each new connection takes the next, and one that
            # refuses is passed over. They are asked for again after ten seconds.
            connector=aiohttp.TCPConnector(
                limit=0, keepalive_timeout=_KEEP_SECONDS, resolver=self._resolver
            ),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=_NOT_ADDED,
            auto_decompress=False,
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    async def carry(self, order: ForwardedRequest) -> ForwardedAnswer:
        """Send `order` to its service."""
        assert self._session is not None, "the carrier is not open"  # noqa: S101 - a mistake of ours
        try:
            answer = await self._session.request(
                order.method,
                # As it came: decoding and encoding again could change what the path means.
                URL(self._upstreams[order.service] + order.target, encoded=True),
                headers=[
                    (name.decode("latin-1"), v.decode("latin-1")) for name, v in order.headers
                ],
                data=order.body,
                allow_redirects=False,
            )
        except (aiohttp.ClientError, OSError) as error:
            raise UpstreamDown(type(error).__name__) from error
        return _TcpAnswer(answer)


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
