"""JSON logs of allow-listed fields, and the request id that ties them together.

A log line carries only the fields named in `ALLOWED`. Bodies, messages of exceptions and
values of rows never get in: the database driver repeats whole rows in its messages.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

import structlog

REQUEST_ID = "X-Request-ID"
request_id: ContextVar[str] = ContextVar("request_id", default="-")

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "service", "request_id", "method", "route", "status",
        "milliseconds", "subject", "error", "place", "journal", "chain", "seq", "peer", "address",
        "pid", "reason", "bytes",
    }
)  # fmt: skip

Event = MutableMapping[str, Any]


def configure(service: str) -> None:
    """Send this process's log lines to standard output as JSON, each naming `service`."""

    def only_allowed(_: Any, __: str, event: Event) -> Event:  # noqa: ANN401 - structlog's signature
        kept = {key: value for key, value in event.items() if key in ALLOWED}
        return {"service": service, "request_id": request_id.get(), **kept}

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )


def say(event: str, **fields: object) -> None:
    """Write one line. Fields that are not in `ALLOWED` are dropped."""
    structlog.get_logger().info(event, **fields)


def crash(error: BaseException) -> None:
    """Write what kind of error it was and where it happened; never what it said."""
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames[-6:]))
    structlog.get_logger().error("crashed", error=type(error).__name__, place=place)
