"""Carries one message to a receiver: to a number that was judged, and reads hardly any answer.

The name is resolved once, every number that it has is judged, and the connection goes to one of
them: whoever answers otherwise when asked again changes nothing. There is no redirect, no proxy,
no cookie and no second try.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from chassis.connections import Broken, Connection, Resolve
from gateway.rules.destinations import Destination, Network, may_be_called

MOST_BYTES = 16_384
"""The most bytes of an answer that are read, its head with them."""
_MOST_TRIED = 3
_LINGER_SECONDS = 1.0
_LOOKUPS = 32

Reason = Literal[
    "host-unknown", "address-not-allowed", "not-connected", "certificate-refused",
    "no-answer-in-time", "answer-not-understood", "redirected", "refused",
    "host-not-approved", "secret-lost",
]  # fmt: skip
"""Why a receiver did not take a message."""


class _Failed(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try: the status where one was answered, and why it was not taken, if so.

    `wait` are the seconds that the receiver asked to be left alone for.
    """

    milliseconds: int
    status: int | None = None
    reason: Reason | None = None
    wait: int = 0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.reason is None


class _Bounded(Connection):
    """A connection that is over when more has come than anybody wants to read.

    Counted as it comes: a header without an end would be kept by the parser until the end.
    """

    _taken = 0

    def data_received(self, data: bytes) -> None:
        """Read on, up to the bound."""
        room = max(0, MOST_BYTES - self._taken)
        self._taken += len(data)
        super().data_received(data[:room])
        if len(data) > room:
            self.fail("too long")


class Courier:
    """Sends messages, each over a connection of its own, each within `seconds`."""

    def __init__(
        self,
        networks: tuple[Network, ...],
        seconds: float,
        authorities: Path | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self._networks = networks
        self._seconds = seconds
        self._authorities = authorities
        self.resolve: Resolve = resolve or self._addresses
        # Not the threads of the event loop: who waits for a name in vain holds up nobody else.
        self._lookups = ThreadPoolExecutor(_LOOKUPS, "webhook-names")
        self._looking = dict[str, asyncio.Future[list[str]]]()

    @cached_property
    def _secure(self) -> ssl.SSLContext:
        """Who is believed to be whom; made for the first message, because it takes long."""
        context = ssl.create_default_context()
        if self._authorities is not None:
            context.load_verify_locations(self._authorities)
        return context

    async def send(self, to: Destination, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send a message and say what came of it."""
        started = time.monotonic()
        status, reason, wait = await self._asked(to, headers, body)
        milliseconds = round((time.monotonic() - started) * 1000)
        return Answer(milliseconds, status, reason, wait)

    def close(self) -> None:
        """Let go of what looks names up."""
        self._lookups.shutdown(wait=False, cancel_futures=True)

    async def _asked(
        self, to: Destination, headers: Mapping[str, str], body: bytes
    ) -> tuple[int | None, Reason | None, int]:
        connection: _Bounded | None = None
        try:
            async with asyncio.timeout(self._seconds):
                connection = await self._connected(to)
                await connection.ask("POST", _head(to, headers, body), body, is_chunked=False)
            # The rest is not looked at; a receiver that is still writing may come to its end.
            with suppress(Broken, TimeoutError):
                async with asyncio.timeout(_LINGER_SECONDS):
                    await connection.read()
            return connection.status, _judged(connection.status), _wait(connection)
        except _Failed as failed:
            return None, failed.reason, 0
        except TimeoutError:
            return None, "no-answer-in-time", 0
        except Broken:
            return None, "answer-not-understood", 0
        finally:
            if connection is not None:
                connection.close()

    async def _connected(self, to: Destination) -> _Bounded:
        try:
            addresses = list(dict.fromkeys(await self.resolve(to.host, to.port)))
        except (OSError, UnicodeError):
            raise _Failed("host-unknown") from None
        if not addresses:
            raise _Failed("host-unknown")
        if not all(may_be_called(each, self._networks) for each in addresses):
            raise _Failed("address-not-allowed")
        for address in addresses[:_MOST_TRIED]:
            try:
                async with asyncio.timeout(self._seconds / 2):
                    return await self._opened(to, address)
            except (ssl.SSLError, ssl.CertificateError):
                raise _Failed("certificate-refused") from None
            except OSError:
                continue
        raise _Failed("not-connected")

    async def _opened(self, to: Destination, address: str) -> _Bounded:
        """Connect to a number; what the receiver shows must be for the name."""
        _, made = await asyncio.get_running_loop().create_connection(
            _Bounded,
            address,
            to.port,
            ssl=self._secure if to.is_secure else None,
            server_hostname=to.host if to.is_secure else None,
        )
        return made

    async def _addresses(self, name: str, port: int) -> list[str]:
        """Look a name up; those who want the same one at the same moment share the question.

        A thread waits for a name server for longer than anybody here: one name that hangs must not
        take all of them.
        """

        def looked_up() -> list[str]:
            found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
            return [str(each[4][0]) for each in found]

        with suppress(ValueError):
            return [str(ip_address(name))]
        looking = self._looking.get(name)
        if looking is None:
            looking = asyncio.get_running_loop().run_in_executor(self._lookups, looked_up)
            self._looking[name] = looking
            looking.add_done_callback(partial(self._found, name))
        return await asyncio.shield(looking)

    def _found(self, name: str, looking: "asyncio.Future[list[str]]") -> None:
        del self._looking[name]
        if not looking.cancelled():
            looking.exception()  # of a name that nobody waits for any more


def _head(to: Destination, headers: Mapping[str, str], body: bytes) -> bytes:
    told = {
        "host": to.named,
        "user-agent": "kaoping",
        "accept": "*/*",
        "connection": "close",
        "content-length": str(len(body)),
        **headers,
    }
    lines = [f"POST {to.target} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def _judged(status: int) -> Reason | None:
    if 200 <= status < 300:
        return None
    return "redirected" if 300 <= status < 400 else "refused"


def _wait(connection: Connection) -> int:
    """Return the seconds that `Retry-After` asks for; a date in it is not read."""
    value = dict(connection.headers).get(b"retry-after", b"")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 6 else 0
