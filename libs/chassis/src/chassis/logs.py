"""JSON logs of allow-listed fields, and the request id that ties them together.

A log line carries only the fields named in `ALLOWED`. Bodies, messages of exceptions and
values of rows never get in: the database driver repeats whole rows in its messages.

Lines go to standard output. Where that is a file that somebody turns over, by giving its name to a
new one, each process goes on in the new one with its next line, of its own or of a library, and
loses none.
"""

import json
import logging
import os
import re
import sys
import traceback
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import takewhile
from typing import TextIO

import orjson

REQUEST_ID = "X-Request-ID"
request_id: ContextVar[str] = ContextVar("request_id", default="-")
trace_id: ContextVar[str | None] = ContextVar("trace_id", default=None)
"""The trace that a request belongs to, where there are any (`chassis.traces`)."""

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "service", "request_id", "method", "route", "status",
        "milliseconds", "subject", "error", "place", "journal", "chain", "seq", "peer", "address",
        "pid", "reason", "bytes",
    }
)  # fmt: skip

_FORM = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z

_service = ["-"]
_file: list[tuple[str, int]] = []
"""The name of the file that standard output goes to, and which file that was."""


def configure(service: str) -> None:
    """Have this process's log lines name `service`."""
    _service[0] = service


def follow(path: str | None) -> None:
    """Write to the file of this name from now on, whichever file has it at the time; standard
    output and standard error go there already."""
    _file[:] = [(path, os.fstat(1).st_ino)] if path else []


def turn_over() -> None:
    """Go on in the file that has the name by now; each line does so by itself."""
    with suppress(OSError):  # a full disk has no room for another: this one does until then
        for path, known in _file:
            if _is_held(path, known):
                return
            held = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.dup2(held, 1)
            os.dup2(held, 2)
            os.close(held)
            follow(path)


def _is_held(path: str, known: int) -> bool:
    try:
        return os.stat(path).st_ino == known  # noqa: PTH116 - once for each line
    except FileNotFoundError:
        return False  # it is being turned over just now


def say(event: str, **fields: object) -> None:
    """Write one line. Fields that are not in `ALLOWED` are dropped."""
    _write(event, "info", fields)


def crash(error: BaseException) -> None:
    """Write what kind of error it was that nobody foresaw, and where it happened; never what it
    said."""
    _write("crashed", "error", _of(error))


def failed(error: BaseException) -> None:
    """Write the same of an error that will pass, and that the caller was told of by name."""
    _write("unavailable", "warning", _of(error))


def _of(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)
    place = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames[-6:]))
    return {"error": type(error).__name__, "place": place}


def _write(event: str, level: str, fields: dict[str, object]) -> None:
    line = {
        "service": _service[0],
        "request_id": request_id.get(),
        **{name: value for name, value in fields.items() if name in ALLOWED},
        "event": event,
        "level": level,
        "timestamp": datetime.now(UTC),
    }
    if trace := trace_id.get():
        line["trace_id"] = trace
    told = orjson.dumps(line, default=str, option=_FORM)
    turn_over()
    with suppress(OSError):  # a full disk: whoever asked is answered all the same
        # At once: a line that waits in a buffer is lost when the process is killed.
        sys.stdout.buffer.write(told)
        sys.stdout.buffer.flush()


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines of libraries to where our own go."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write to the file that has the name by now."""
        turn_over()
        super().emit(record)


# In the text of an error; after the colon, and in lines after that, may be what is somebody's, and
# what looks like another error. So it is read no further than the first, which is the cause.
_KIND = re.compile(r"([A-Za-z_][\w.]*)(?=:|$)")
_PLACE = re.compile(r' +File ".*", line (\d+), in (\S+)$')


class _OnlyWhatHappened(logging.Formatter):
    """Log lines of libraries as JSON: templates and kinds of errors, never the values in them."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Leave out arguments and messages of exceptions: they may repeat somebody's data."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        event, _, rest = str(record.msg).partition("\n")
        told = rest.split("\n") if event.startswith("Traceback") else []
        frames = [*takewhile(lambda each: each.startswith(" "), told)]
        places = [each for each in map(_PLACE.match, frames) if each]
        kind = _KIND.match("".join(told[len(frames) : len(frames) + 1])) if places else None
        line = {
            "service": self._service,
            "request_id": request_id.get(),
            "event": event,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "error": kind[1] if kind else error,
        }
        if places:
            line["place"] = " < ".join(f"{each[2]}:{each[1]}" for each in places[:-7:-1])
        return json.dumps(line, ensure_ascii=False)


def listen_to_libraries(service: str) -> None:
    """Write what libraries warn of in the same form, to the same place, as our own lines."""
    handler = _Handler(sys.stdout)
    handler.setFormatter(_OnlyWhatHappened(service))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
