"""One service in one process: preparing its database, or serving on an open socket."""

import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from chassis import logs
from chassis.serving import LEAVING_SECONDS, SILENCE, collect_garbage_rarely, configuration, run
from kaoping.parts import LOG, Part

PART = "KAOPING_PART"
LINE = "KAOPING_LINE"
"""Names the descriptor at which a process tells its supervisor how it is."""


def prepare(part: Part) -> None:
    """Bring the part's database up to its newest migration, and do what must follow."""
    if part.migrations:
        _migrate(part.migrations, part.owner_url)
    os.environ.update(part.environment)
    if part.bootstrap:
        _function(part.bootstrap)()


def built(part: Part) -> Any:  # noqa: ANN401 - an ASGI app, whatever its class
    """Return the part's app; nothing of it runs yet."""
    os.environ.update(part.environment)
    return _function(part.app)()


def serve(part: Part, app: Any = None, line: int = -1) -> None:  # noqa: ANN401
    """Run the part's app until SIGTERM, answering what waits on its socket.

    The app may have been built already, by the process that this one was forked from, which hears
    at the other end of `line` how it is.
    """
    app = app or built(part)
    os.environ.update(part.environment)
    logs.listen_to_libraries(part.name)
    collect_garbage_rarely()
    run(
        configuration(app),
        [socket.socket(fileno=part.listener)],
        silence=part.silence or SILENCE,
        metrics=None if part.metrics is None else socket.socket(fileno=part.metrics),
        leaving=LEAVING_SECONDS,
        line=line if line >= 0 else None,
    )


def _serve(part: Part) -> None:
    serve(part, line=int(os.environ.pop(LINE, "-1")))


ACTIONS: dict[str, Callable[..., None]] = {"prepare": prepare, "serve": _serve}


def _migrate(configuration_file: str, owner_url: str) -> None:
    from alembic.command import upgrade  # here: a process that only serves starts without it
    from alembic.config import Config

    os.environ["DATABASE_URL"] = owner_url
    upgrade(Config(configuration_file), "head")


def _function(path: str) -> Callable[[], Any]:
    module, _, name = path.partition(":")
    function: Callable[[], Any] = getattr(importlib.import_module(module), name)
    return function


def _end_with(parent: int) -> None:
    """Ask ourselves to end once the parent is gone, however it went."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)


def main() -> None:
    """Do the action named on the command line for the part described in the environment."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # by it the supervisor ends us in order
    threading.Thread(target=_end_with, args=[os.getppid()], daemon=True).start()
    logs.follow(os.environ.get(LOG))
    ACTIONS[sys.argv[1]](Part(**json.loads(os.environ.pop(PART))))


if __name__ == "__main__":
    main()
