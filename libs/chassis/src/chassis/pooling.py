"""How a service opens its connections: to a server of its own, or to PgBouncer in front of one.

PgBouncer lends a connection of the server for one transaction (`pool_mode = transaction`); the next
transaction may get another one. What a service does holds there, because nothing of it outlives a
transaction: locks are those of transactions (`pg_advisory_xact_lock`), what is set is set locally,
nothing is listened to, no temporary table is made, cursors and COPY stay within their transaction.
Three things are left, and differ: statements have no names, since the connection that knows a name
may be somebody else's by then; bounds on waiting begin with each transaction, because PgBouncer
passes no settings on; and where there is no transaction, the statement is sent whole each time.
"""

from collections.abc import Mapping
from typing import Any

from chassis.db import Driver

BOUNDS: Mapping[str, str] = {
    "statement_timeout": "30000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "15000",
}
"""After how many milliseconds the server gives up what a service asked, or waits for."""

_BOUNDED = "".join(f" SET LOCAL {name} = {value};" for name, value in BOUNDS.items())


class LentDriver(Driver):
    """A connection whose server may be another one with each transaction.

    The bounds go with the message that begins a transaction: they cost no round trip.
    """

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ANN401, ASYNC109 - asyncpg's own signature
        """Execute a statement; what begins a transaction bounds it."""
        if query.startswith("BEGIN"):
            self.opening = _BOUNDED + self.opening
        return await super().execute(query, *args, timeout=timeout)


OWN: Mapping[str, Any] = {"connection_class": Driver, "server_settings": dict(BOUNDS)}
"""What asyncpg is told where it speaks to the server itself."""

LENT: Mapping[str, Any] = {
    "connection_class": LentDriver,
    "statement_cache_size": 0,
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": str,  # no name: the server forgets it with the next one
}
"""What it is told where it speaks to PgBouncer."""
