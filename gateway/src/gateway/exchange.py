"""One request and its answer, as far as they have come: identity, size and state of both."""

import os
import time
from collections.abc import AsyncIterator, Callable

from starlette.types import Message, Receive, Scope, Send

from chassis import logs, metrics
from chassis.identity import Caller
from chassis.intake import BodyTooLarge, check_declared, too_large
from gateway.rules import browsers, headers


class ClientGone(Exception):
    """The caller hung up; there is nobody to answer."""


class Exchange:
    """One request and its answer, as far as they have come."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.status: int | None = None
        self.caller: Caller | None = None
        self.bearer: str | None = None
        """The token that stands for the cookie by which the caller is known."""
        self.route = "-"
        self.is_logged = False
        self.named = headers.first_of(scope["headers"])
        given = headers.well_formed_id(self.named.get(headers.REQUEST_ID, b""))
        self.request_id = given or os.urandom(16).hex().encode()
        self.failure: Exception | None = None
        self._began = time.perf_counter()
        self._received = 0
        self._receive = receive
        self._send = send
        self.is_signed = False
        self.told: list[tuple[bytes, bytes]] = []
        """Headers that every answer has besides, a refusal too."""

    def header(self, name: bytes) -> str:
        """Return the first header of that (lower case) name, or an empty string."""
        return self.named.get(name, b"").decode("latin-1")

    async def whole(self, limit: int) -> bytes:
        """Read the whole body of the request now; it can be read once more after that."""
        came = await self.body(limit)
        body = came if isinstance(came, bytes) else b""
        if came is not None and not isinstance(came, bytes):
            body = b"".join([piece async for piece in came])
        rest, self._received = self._receive, 0
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return waiting.pop() if waiting else await rest()

        self._receive = again
        return body

    def signed_by(self, signing: Callable[[Send], Send]) -> None:
        """Have the answer signed: it is held back until it is whole."""
        sent = self._send

        async def send(message: Message) -> None:
            await sent(self._begun(message))

        self._send, self.is_signed = signing(send), True

    async def send(self, message: Message) -> None:
        """Send part of the answer on."""
        if self.is_signed:
            await self._send(message)
            return
        message = self._begun(message)
        if self.bearer is not None and message["type"] == "http.response.start":
            message = {**message, "headers": browsers.private(message["headers"])}
        await self._send(message)

    def _begun(self, message: Message) -> Message:
        """Note that the answer begins, and return its beginning with what every one has besides."""
        if message["type"] != "http.response.start":
            return message
        self.status = message["status"]
        return {**message, "headers": [*message.get("headers", ()), *self.told]}

    def log(self) -> None:
        """Write the line of this exchange, unless somebody else does."""
        if not self.is_logged:
            spent = time.perf_counter() - self._began
            metrics.passed(self.route, self.status or metrics.GONE, spent)
            logs.say(
                "passed",
                method=self.method,
                route=self.route,
                status=self.status,
                milliseconds=round(spent * 1000, 1),
                subject=self.caller.subject if self.caller else None,
            )

    def check_declared(self, limit: int) -> None:
        """Refuse a body that says of itself that it is larger than `limit` bytes."""
        check_declared(self.header(b"content-length") or "0", limit)

    def counted(self, limit: int) -> Receive:
        """Return the channel that the request's body comes through, closed at `limit` bytes."""

        async def receive() -> Message:
            message = await self._receive()
            self._count(message, limit)
            return message

        return receive

    async def body(self, limit: int) -> bytes | AsyncIterator[bytes] | None:
        """Return the request's body: whole when it came in one piece, else as it comes."""
        if b"content-length" not in self.named and b"transfer-encoding" not in self.named:
            return None
        self.check_declared(limit)
        first, more = await self._piece(limit)
        return self._pieces(first, limit) if more else first

    async def _pieces(self, first: bytes, limit: int) -> AsyncIterator[bytes]:
        yield first
        more = True
        while more:
            try:
                piece, more = await self._piece(limit)
            except (BodyTooLarge, ClientGone) as failure:
                # The HTTP client takes this for trouble of its own; we remember what it was.
                self.failure = failure
                raise
            yield piece

    async def _piece(self, limit: int) -> tuple[bytes, bool]:
        message = await self._receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._count(message, limit)
        return message.get("body", b""), message.get("more_body", False)

    def _count(self, message: Message, limit: int) -> None:
        self._received += len(message.get("body", b""))
        if self._received > limit:
            raise too_large(limit)
