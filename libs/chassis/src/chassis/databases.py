"""A database that takes connections and says nothing: its server is stopped, or the way is cut.

A statement may take long, and no limit of ours would tell a long one from one that nobody works
at. So the server is asked for something else, as `chassis.silence` asks a service: whether it
speaks TLS, which it answers without knowing who asks, whatever it is busy with. Where that is not
answered either, those who wait are told, and nobody waits there before it answers again.
"""

import asyncio
import struct
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from chassis.silence import Silence, is_ours

_ASKED = struct.pack("!II", 8, 80877103)
"""SSLRequest (PostgreSQL, "Message Formats"): any byte answers it."""
_LATE = 1.0
"""By so many seconds a question is late whose process was at something else itself."""


class DatabaseSilent(ConnectionError):
    """The server takes connections and does not answer."""


class Lent:
    """A connection to the database that somebody has in hand; `driver` is asyncpg's."""

    def __init__(self, driver: Any, address: str) -> None:  # noqa: ANN401 - whatever SQLAlchemy has
        self._driver = driver
        self.address = address
        self.heard_at = time.monotonic()

    def fail(self, why: str) -> None:
        """End it, and tell whoever waits for an answer."""
        self._driver.terminate()


class Databases:
    """Which servers of one engine are silent; looked at only while somebody has a connection."""

    def __init__(self, url: URL, seconds: float) -> None:
        self._silence = Silence(self._answers, seconds)
        self._seconds = seconds
        # Of several servers another may be there.
        self._is_one = "host" not in url.query or isinstance(url.query["host"], str)

    @property
    def waiting(self) -> int:
        """How many connections somebody has in hand."""
        return self._silence.waiting

    def require_heard(self) -> None:
        """Refuse to wait for a server that is known to be silent."""
        if self._is_one and self._silence.addresses:
            raise DatabaseSilent("the database does not answer")

    def watch(self, engine: AsyncEngine) -> None:
        """Watch each connection of an engine from when it is taken until it is given back."""

        def taken(_: object, record: ConnectionPoolEntry, *__: object) -> None:
            given_back(_, record)  # a new one is made, and then taken
            lent = record.info["lent"] = Lent(
                record.driver_connection, _address(record.driver_connection)
            )
            self._silence.began(lent)

        def given_back(_: object, record: ConnectionPoolEntry, *__: object) -> None:
            if lent := record.info.pop("lent", None):
                self._silence.ended(lent)

        def connecting(*_: object) -> None:
            self.require_heard()

        sync = engine.sync_engine
        event.listen(sync, "do_connect", connecting)
        # First of all: what others ask when it is made or taken is waited for as well.
        event.listen(sync, "connect", taken, insert=True)
        event.listen(sync, "checkout", taken, insert=True)
        for ending in ("checkin", "close", "invalidate"):
            event.listen(sync, ending, given_back)
        event.listen(sync, "engine_disposed", lambda _: self._silence.close())

    async def _answers(self, address: str) -> bool:
        """Ask a server whether it is there; what fails because of ourselves tells nothing."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._seconds):
                return await _answered(address)
        except TimeoutError:
            return time.monotonic() - begun > self._seconds + _LATE
        except OSError as error:
            return is_ours(error)


def _address(driver: Any) -> str:  # noqa: ANN401 - see above
    """Return where a connection leads to: a path, or host and port."""
    where = driver._addr
    return where if isinstance(where, str) else f"{where[0]} {where[1]}"


async def _answered(address: str) -> bool:
    host, _, port = address.partition(" ")
    opening = asyncio.open_connection(host, port) if port else asyncio.open_unix_connection(host)
    reader, writer = await opening
    try:
        writer.write(_ASKED)
        await reader.read(1)  # to close it is an answer as well
    finally:
        writer.transport.abort()
    return True
